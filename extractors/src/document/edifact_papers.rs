//! EDIFACT papers beside the payment: INVOIC, DESADV, RECADV and the dispute notice COMDIS.

use recoup_engine::reading::{DocumentFormat, DocumentKind, Doubt, Reading};
use recoup_engine::remittance::CodeList;
use recoup_engine::supporting::{ArticleLine, DebitNote, DeliveryDocument, DeliveryLine, SupportingDocument};
use rust_decimal::Decimal;

use crate::document::references;
use crate::language::parse_date;
use crate::remittance::edifact::{Interchange, Segment};
use crate::structured;

fn words_of(interchange: &Interchange) -> String {
    interchange.segments.iter().map(Segment::words).collect::<Vec<_>>().join("\n")
}

/// DTM: the date of an element `qualifier:value:format`; the first eight digits are the day in every format that is used here.
fn date(segment: &Segment) -> Option<jiff::civil::Date> {
    let value = segment.get(1, 1);
    parse_date(value.get(..8).unwrap_or(value), None).map(|parsed| parsed.date)
}

/// The article a LIN names, or the supplier's own number in the PIA behind it.
fn article(segment: &Segment) -> Option<String> {
    let element = if segment.tag() == "LIN" { 3 } else { 2 };
    segment.text(element, 0)
}

/// The party's name: free text in C080, else the structured one.
fn party(segment: &Segment) -> Option<String> {
    segment.text(4, 0).or_else(|| segment.text(3, 0))
}

/// INVOIC: MOA 77 or 9 is the total, 79 the sum of the lines, 203 a line, 124 and 176 the tax, 260 and 259 allowances and charges.
pub fn invoice(text: &str) -> Reading {
    let interchange = Interchange::new(text);
    let mut paper = SupportingDocument::default();
    let (mut kind, mut stated_lines, mut payable) = (DocumentKind::Invoice, None, None);
    let mut summary = false;
    for segment in &interchange.segments {
        match (segment.tag(), segment.get(1, 0)) {
            ("BGM", code) => {
                paper.number = segment.text(2, 0);
                if matches!(code, "381" | "83" | "308" | "262" | "396") {
                    kind = DocumentKind::CreditMemo;
                }
            }
            ("DTM", "137") if paper.date.is_none() => paper.date = date(segment),
            ("RFF", "ON" | "DQ" | "IV" | "VN" | "AAK") => paper.references.extend(segment.text(1, 1)),
            ("NAD", "SU" | "SE") => {
                paper.issuer.name = party(segment);
                paper.issuer.identifiers.extend(segment.text(2, 0));
            }
            ("CUX", _) => paper.currency = segment.get(1, 1).parse().ok(),
            ("LIN", _) => paper.lines.push(ArticleLine { article: article(segment), ..ArticleLine::default() }),
            ("UNS", _) => summary = true,
            ("MOA", "79") => stated_lines = interchange.amount(segment.get(1, 1)),
            ("MOA", "77" | "9" | "39") if paper.amount.is_none() || segment.get(1, 0) == "77" => {
                let amount = interchange.amount(segment.get(1, 1));
                if segment.get(1, 0) == "9" {
                    payable = amount;
                }
                paper.amount = amount;
            }
            _ if !summary => {
                if let Some(line) = paper.lines.last_mut() {
                    article_line(line, segment, &interchange);
                }
            }
            _ => {}
        }
    }
    paper.amount = paper.amount.or(payable);
    let mut doubts = interchange.envelope_doubts();
    let lines: Decimal = paper.lines.iter().filter_map(|line| line.amount).sum();
    if let Some(stated) = stated_lines.filter(|stated| *stated != lines && !lines.is_zero()) {
        doubts.push(Doubt::note("unbalanced", format!("The lines make {lines}, the invoice says {stated} for them.")));
    }
    let words = words_of(&interchange);
    paper.references.extend(references::in_text(&words));
    structured::supporting(DocumentFormat::EdifactInvoic, kind, paper, doubts, words)
}

fn article_line(line: &mut ArticleLine, segment: &Segment, interchange: &Interchange) {
    match (segment.tag(), segment.get(1, 0)) {
        ("PIA", _) => line.article = line.article.take().or_else(|| article(segment)),
        ("IMD", _) => line.description = line.description.take().or_else(|| segment.text(3, 3)),
        ("QTY", "47" | "46" | "12") => {
            line.quantity = interchange.amount(segment.get(1, 1));
            line.unit = segment.text(1, 2);
        }
        ("MOA", "203") => line.amount = interchange.amount(segment.get(1, 1)),
        ("PRI", _) if line.unit_price.is_none() => line.unit_price = interchange.amount(segment.get(1, 1)),
        _ => {}
    }
}

/// DESADV: QTY 12 is what was sent.
pub fn despatch_advice(text: &str) -> Reading {
    delivery(text, DocumentFormat::EdifactDesadv, DocumentKind::DespatchAdvice)
}

/// RECADV: QTY 12 was sent, 194 accepted, 195 received, 124 damaged, 196 refused; FTX says why.
pub fn receiving_advice(text: &str) -> Reading {
    delivery(text, DocumentFormat::EdifactRecadv, DocumentKind::ReceivingAdvice)
}

fn delivery(text: &str, format: DocumentFormat, kind: DocumentKind) -> Reading {
    let interchange = Interchange::new(text);
    let mut paper = DeliveryDocument::default();
    let mut remarks = Vec::new();
    for segment in &interchange.segments {
        match (segment.tag(), segment.get(1, 0)) {
            ("BGM", _) => paper.number = segment.text(2, 0),
            ("DTM", "137" | "50" | "11") if paper.date.is_none() => paper.date = date(segment),
            ("RFF", "ON") if paper.purchase_order.is_none() => paper.purchase_order = segment.text(1, 1),
            ("RFF", "DQ" | "AAK") if paper.delivery_note.is_none() => paper.delivery_note = segment.text(1, 1),
            ("RFF", "IV") if paper.invoice_number.is_none() => paper.invoice_number = segment.text(1, 1),
            ("NAD", "DP" | "ST") => paper.delivered_to = party(segment),
            ("LIN", _) => paper.lines.push(DeliveryLine { article: article(segment), ..DeliveryLine::default() }),
            ("FTX", _) => remarks.extend(Some(segment.joined(4)).filter(|text| !text.is_empty())),
            ("PIA" | "IMD" | "QTY" | "QVR", qualifier) => {
                let Some(line) = paper.lines.last_mut() else { continue };
                let amount = interchange.amount(segment.get(1, 1));
                match (segment.tag(), qualifier) {
                    ("PIA", _) => line.article = line.article.take().or_else(|| article(segment)),
                    ("IMD", _) => line.description = segment.text(3, 3),
                    ("QTY", "12") => {
                        line.shipped = amount;
                        line.unit = segment.text(1, 2);
                    }
                    ("QTY", "194" | "195" | "48") => {
                        line.received = amount;
                        line.unit = line.unit.take().or_else(|| segment.text(1, 2));
                    }
                    ("QTY", "124") => line.damaged = amount,
                    ("QTY", "196") => line.refused = amount,
                    _ => {}
                }
            }
            _ => {}
        }
    }
    paper.remarks = (!remarks.is_empty()).then(|| remarks.join(" "));
    let (doubts, words) = (interchange.envelope_doubts(), words_of(&interchange));
    structured::delivery(format, kind, paper, doubts, words)
}

/// COMDIS: what the customer contests about an invoice, with a code of list 4465 and its words.
pub fn dispute(text: &str) -> Reading {
    let interchange = Interchange::new(text);
    let mut note = DebitNote { code_list: CodeList::Edifact, ..DebitNote::default() };
    let mut reason = Vec::new();
    for segment in &interchange.segments {
        match (segment.tag(), segment.get(1, 0)) {
            ("BGM", _) => note.number = segment.text(2, 0),
            ("DTM", "137") if note.date.is_none() => note.date = date(segment),
            ("RFF", "IV") | ("DOC", "380") if note.invoice_number.is_none() => {
                note.invoice_number = if segment.tag() == "DOC" { segment.text(2, 0) } else { segment.text(1, 1) }
            }
            ("RFF", "ON") if note.purchase_order.is_none() => note.purchase_order = segment.text(1, 1),
            ("NAD", "BY" | "IV") => note.issuer.name = party(segment),
            ("CUX", _) => note.currency = segment.get(1, 1).parse().ok(),
            ("AJT", _) if note.code.is_none() => note.code = segment.text(1, 0),
            ("MOA", _) if note.amount.is_none() => note.amount = interchange.amount(segment.get(1, 1)).map(|amount| amount.abs()),
            ("FTX", _) => reason.extend(Some(segment.joined(4)).filter(|text| !text.is_empty())),
            ("LIN", _) => note.lines.push(ArticleLine { article: article(segment), ..ArticleLine::default() }),
            ("QTY", _) => {
                if let Some(line) = note.lines.last_mut() {
                    line.quantity = interchange.amount(segment.get(1, 1));
                    line.unit = segment.text(1, 2);
                }
            }
            _ => {}
        }
    }
    note.reason = (!reason.is_empty()).then(|| reason.join(" "));
    let (doubts, words) = (interchange.envelope_doubts(), words_of(&interchange));
    let reading = structured::debit_note(DocumentFormat::EdifactComdis, note, doubts, words);
    Reading { kind: DocumentKind::DisputeNotice, ..reading }
}

#[cfg(test)]
mod tests {
    use super::*;
    use recoup_engine::reading::Content;

    fn decimal(text: &str) -> Option<Decimal> {
        text.parse().ok()
    }

    #[test]
    fn an_invoice_is_checked_against_its_lines() {
        let text = "UNA:+,? 'UNH+1+INVOIC:D:96A'BGM+380+INV7'DTM+137:20260503:102'RFF+ON:PO8'NAD+SU+871::9++North Foods BV'CUX+2:EUR:4'LIN+1++4012345:EN'QTY+47:10:CT'MOA+203:125,50'PRI+AAA:12,55'UNS+S'MOA+79:125,50'MOA+77:151,86'UNT+14+1'";
        let reading = invoice(text);
        let Content::Supporting(paper) = &reading.content else { panic!() };
        assert_eq!((paper.number.as_deref(), paper.amount, paper.issuer.name.as_deref()), (Some("INV7"), decimal("151.86"), Some("North Foods BV")));
        assert_eq!((paper.lines[0].quantity, paper.lines[0].unit_price, &reading.doubts[..]), (decimal("10"), decimal("12.55"), &[][..]));
        assert_eq!(invoice(&text.replace("79:125,50", "79:130,00")).doubts[0].code, "unbalanced");
    }

    #[test]
    fn receipts_and_disputes_are_read() {
        let text = "UNH+1+RECADV:D:96A'BGM+632+R5'DTM+50:20260504:102'RFF+ON:PO8'RFF+DQ:L7'LIN+1++4012345:EN'QTY+12:12:CT'QTY+194:10:CT'QTY+124:2'FTX+AAI+++2 cartons broken'UNT+10+1'";
        let Content::Delivery(paper) = receiving_advice(text).content else { panic!() };
        let line = &paper.lines[0];
        assert_eq!((paper.delivery_note.as_deref(), line.shipped, line.received, line.damaged), (Some("L7"), decimal("12"), decimal("10"), decimal("2")));
        assert_eq!(paper.remarks.as_deref(), Some("2 cartons broken"));
        let text = "UNH+1+COMDIS:D:96A'BGM+457+D1'DTM+137:20260504:102'RFF+IV:INV7'AJT+4'MOA+5:-20.00'FTX+AAI+++short'UNT+8+1'";
        let reading = dispute(text);
        assert_eq!(reading.kind, DocumentKind::DisputeNotice);
        let Content::DebitNote(note) = reading.content else { panic!() };
        assert_eq!((note.invoice_number.as_deref(), note.code.as_deref(), note.amount), (Some("INV7"), Some("4"), decimal("20.00")));
    }
}

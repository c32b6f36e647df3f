//! X12 papers beside the payment: 810 invoice, 856 ship notice, 861 receiving advice.

use recoup_engine::reading::{DocumentFormat, DocumentKind, Doubt, Reading};
use recoup_engine::supporting::{ArticleLine, DeliveryDocument, DeliveryLine, SupportingDocument};
use rust_decimal::Decimal;

use crate::document::references;
use crate::language::{exact_number, parse_date};
use crate::remittance::x12::{Segment, envelope_doubts, segments};
use crate::structured;

fn words_of(segments: &[Segment]) -> String {
    segments.iter().map(|segment| segment.elements()[1..].join(" ")).collect::<Vec<_>>().join("\n")
}

/// Whole numbers imply two decimals (type N2); a point says otherwise.
pub(super) fn implied(text: &str) -> Option<Decimal> {
    if text.contains('.') {
        return text.parse().ok();
    }
    text.parse::<i64>().ok().map(|cents| Decimal::new(cents, 2))
}

/// The first product number of a list of qualifier and number pairs that begins at an element.
fn article(segment: &Segment, first: usize) -> Option<String> {
    (first..segment.elements().len()).step_by(2).find_map(|index| segment.text(index + 1).filter(|_| !segment.get(index).is_empty()))
}

/// 810: BIG names the invoice, IT1 the lines, TDS the total in cents, SAC allowances and charges.
pub fn invoice(text: &str) -> Reading {
    let segments = segments(text);
    let mut paper = SupportingDocument::default();
    let (mut allowances, mut taxes) = (Decimal::ZERO, Decimal::ZERO);
    let mut credit = false;
    for segment in &segments {
        match segment.name() {
            "BIG" => {
                paper.date = parse_date(segment.get(1), None).map(|parsed| parsed.date);
                paper.number = segment.text(2);
                paper.references.extend(segment.text(4));
                credit = matches!(segment.get(7), "CR" | "CN" | "CP");
            }
            "CUR" => paper.currency = segment.get(2).parse().ok(),
            "REF" => paper.references.extend(segment.text(2)),
            "N1" if matches!(segment.get(1), "SE" | "SU" | "VN" | "RI" | "RE") => {
                paper.issuer.name = paper.issuer.name.take().or_else(|| segment.text(2));
                paper.issuer.identifiers.extend(segment.text(4));
            }
            "IT1" => {
                let (quantity, price) = (exact_number(segment.get(2)), exact_number(segment.get(4)));
                paper.lines.push(ArticleLine {
                    article: article(segment, 6),
                    quantity,
                    unit: segment.text(3),
                    unit_price: price,
                    amount: quantity.zip(price).and_then(|(quantity, price)| quantity.checked_mul(price)).map(|amount| amount.round_dp(2)),
                    ..ArticleLine::default()
                });
            }
            "PID" => {
                if let Some(line) = paper.lines.last_mut() {
                    line.description = line.description.take().or_else(|| segment.text(5));
                }
            }
            "TXI" => taxes += exact_number(segment.get(2)).unwrap_or_default(),
            "SAC" => {
                let amount = implied(segment.get(5)).unwrap_or_default();
                allowances += if segment.get(1) == "A" { -amount } else { amount };
            }
            "TDS" => paper.amount = implied(segment.get(1)),
            _ => {}
        }
    }
    let mut doubts = envelope_doubts(&segments);
    let lines: Decimal = paper.lines.iter().filter_map(|line| line.amount).sum();
    let expected = lines + allowances + taxes;
    if let Some(total) = paper.amount.filter(|total| *total != expected && !paper.lines.is_empty()) {
        doubts.push(Doubt::note("unbalanced", format!("The lines with allowances and taxes make {expected}, the invoice says {total}.")));
    }
    let words = words_of(&segments);
    paper.references.extend(references::in_text(&words));
    let kind = if credit { DocumentKind::CreditMemo } else { DocumentKind::Invoice };
    structured::supporting(DocumentFormat::X12810, kind, paper, doubts, words)
}

/// 856: BSN names the shipment, SN1 says what was shipped of the article before it.
pub fn ship_notice(text: &str) -> Reading {
    let segments = segments(text);
    let mut paper = DeliveryDocument::default();
    for segment in &segments {
        match segment.name() {
            "BSN" => {
                paper.number = segment.text(2);
                paper.date = parse_date(segment.get(3), None).map(|parsed| parsed.date);
            }
            "PRF" if paper.purchase_order.is_none() => paper.purchase_order = segment.text(1),
            "REF" => match segment.get(1) {
                "BM" | "PK" if paper.delivery_note.is_none() => paper.delivery_note = segment.text(2),
                "IV" | "IN" if paper.invoice_number.is_none() => paper.invoice_number = segment.text(2),
                _ => {}
            },
            "N1" if segment.get(1) == "ST" => paper.delivered_to = segment.text(2),
            "LIN" => paper.lines.push(DeliveryLine { article: article(segment, 2), ..DeliveryLine::default() }),
            "SN1" => {
                if let Some(line) = paper.lines.last_mut() {
                    line.shipped = segment.get(2).parse().ok();
                    line.unit = segment.text(3);
                }
            }
            "PID" => {
                if let Some(line) = paper.lines.last_mut() {
                    line.description = segment.text(5);
                }
            }
            _ => {}
        }
    }
    let (doubts, words) = (envelope_doubts(&segments), words_of(&segments));
    structured::delivery(DocumentFormat::X12856, DocumentKind::DespatchAdvice, paper, doubts, words)
}

/// 861: RCD says what was received, returned and questioned of the article behind it.
pub fn receiving_advice(text: &str) -> Reading {
    let segments = segments(text);
    let mut paper = DeliveryDocument::default();
    let mut remarks = Vec::new();
    for segment in &segments {
        match segment.name() {
            "BRA" => {
                paper.number = segment.text(1);
                paper.date = parse_date(segment.get(2), None).map(|parsed| parsed.date);
            }
            "PRF" if paper.purchase_order.is_none() => paper.purchase_order = segment.text(1),
            "REF" => match segment.get(1) {
                "PO" if paper.purchase_order.is_none() => paper.purchase_order = segment.text(2),
                "BM" | "PK" | "SI" if paper.delivery_note.is_none() => paper.delivery_note = segment.text(2),
                "IV" | "IN" if paper.invoice_number.is_none() => paper.invoice_number = segment.text(2),
                _ => {}
            },
            "RCD" => paper.lines.push(received(segment)),
            "SN1" => {
                if let Some(line) = paper.lines.last_mut() {
                    line.shipped = segment.get(2).parse().ok();
                }
            }
            "LIN" => {
                if let Some(line) = paper.lines.last_mut() {
                    line.article = line.article.take().or_else(|| article(segment, 2));
                }
            }
            "NTE" | "MSG" => remarks.extend(segment.text(if segment.name() == "NTE" { 2 } else { 1 })),
            _ => {}
        }
    }
    paper.remarks = (!remarks.is_empty()).then(|| remarks.join(" "));
    let (doubts, words) = (envelope_doubts(&segments), words_of(&segments));
    structured::delivery(DocumentFormat::X12861, DocumentKind::ReceivingAdvice, paper, doubts, words)
}

/// RCD: 02 received, 03 unit, 04 returned, 06 in question with its condition code in 08 (`01` damaged).
fn received(segment: &Segment) -> DeliveryLine {
    let number = |index: usize| exact_number(segment.get(index));
    DeliveryLine {
        received: number(2),
        unit: segment.text(3),
        refused: number(4),
        damaged: number(6).filter(|_| segment.get(8) == "01"),
        ..DeliveryLine::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use recoup_engine::reading::Content;

    const HEAD: &str =
        "ISA*00*          *00*          *ZZ*AAAAAAAAAAAAAAA*ZZ*BBBBBBBBBBBBBBB*260101*0000*U*00401*000000001*0*P*>~GS*IN*A*B*20260101*0000*1*X*004010~";

    fn decimal(text: &str) -> Option<Decimal> {
        text.parse().ok()
    }

    #[test]
    fn an_invoice_is_checked_against_its_lines() {
        let body = "ST*810*1~BIG*20260503*INV-7*20260420*PO8~N1*SE*North Foods~IT1*1*10*CA*12.5**VN*10283~PID*F****Soup~SAC*A*C310***1000~TDS*11500~SE*8*1~";
        let reading = invoice(&format!("{HEAD}{body}"));
        let Content::Supporting(paper) = &reading.content else { panic!() };
        assert_eq!((paper.number.as_deref(), paper.amount, paper.references.first().map(String::as_str)), (Some("INV-7"), decimal("115.00"), Some("PO8")));
        assert_eq!((paper.lines[0].article.as_deref(), paper.lines[0].amount, reading.doubts.len()), (Some("10283"), decimal("125.00"), 0));
        let wrong = invoice(&format!("{HEAD}{}", body.replace("TDS*11500", "TDS*12500").replace("SE*8", "SE*9")));
        assert_eq!(wrong.doubts.iter().map(|doubt| doubt.code.as_str()).collect::<Vec<_>>(), ["edi_structure", "unbalanced"]);
    }

    #[test]
    fn quantities_of_shipments_and_receipts_are_read() {
        let shipped = "ST*856*1~BSN*00*SH-1*20260503*1200~PRF*PO8~REF*BM*BL77~LIN**VN*10283~SN1**12*CA~SE*7*1~";
        let Content::Delivery(paper) = ship_notice(&format!("{HEAD}{shipped}")).content else { panic!() };
        assert_eq!((paper.number.as_deref(), paper.delivery_note.as_deref(), paper.lines[0].shipped), (Some("SH-1"), Some("BL77"), decimal("12")));
        let taken = "ST*861*1~BRA*R9*20260504*00*1~REF*PO*PO8~RCD**10*CA*1*CA*2*CA*01~LIN**VN*10283~SE*6*1~";
        let Content::Delivery(paper) = receiving_advice(&format!("{HEAD}{taken}")).content else { panic!() };
        let line = &paper.lines[0];
        assert_eq!((line.article.as_deref(), line.received, line.refused, line.damaged), (Some("10283"), decimal("10"), decimal("1"), decimal("2")));
    }
}

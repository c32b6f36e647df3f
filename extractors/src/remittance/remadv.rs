//! EDIFACT REMADV: remittance advices of retailers.
//!
//! The short payment is what was due less what was remitted; the adjustment segments give its reason, their amounts are only for information.

use recoup_engine::reading::{DocumentFormat, Doubt, Reading};
use recoup_engine::remittance::{Adjustment, AdviceLine, CodeList, LineSubject, RemittanceAdvice};
use rust_decimal::Decimal;

use super::edifact::{Interchange, Segment};
use crate::language::labels::says_corrected;
use crate::language::parse_date;
use crate::structured;

#[derive(Default)]
struct Message {
    advice: RemittanceAdvice,
    /// The number of the line's document type: 380 invoice, 381 credit note, 383 debit note.
    document_type: String,
    in_adjustment: bool,
    in_summary: bool,
    segments: u32,
}

/// Reads every REMADV of an interchange.
pub fn read(text: &str) -> Reading {
    let interchange = Interchange::new(text);
    let mut advices = Vec::new();
    let mut doubts = Vec::new();
    let mut message: Option<Message> = None;
    let mut words = String::new();
    for segment in &interchange.segments {
        words.push_str(&segment.words());
        words.push('\n');
        match segment.tag() {
            "UNB" if (1..12).any(|element| element > 9 && segment.get(element, 0) == "1") => {
                doubts.push(Doubt::blocking("test_data", "The interchange carries the test flag: nothing may be posted from it."));
            }
            "UNH" => {
                if let Some(open) = message.take() {
                    doubts.push(Doubt::note("edi_structure", "A message isn't closed by UNT."));
                    close(open, &mut advices, &mut doubts);
                }
                message = Some(Message { segments: 1, ..Message::default() });
            }
            "UNT" => {
                if let Some(open) = message.take() {
                    if segment.get(1, 0).parse::<u32>().is_ok_and(|count| count != open.segments + 1) {
                        doubts.push(Doubt::note("edi_structure", format!("UNT says {} segments, there are {}.", segment.get(1, 0), open.segments + 1)));
                    }
                    close(open, &mut advices, &mut doubts);
                }
            }
            _ => {
                if let Some(open) = &mut message {
                    open.segments += 1;
                    open.take(segment, &interchange);
                }
            }
        }
    }
    if let Some(open) = message {
        doubts.push(Doubt::note("edi_structure", "The interchange ends before its message is closed."));
        close(open, &mut advices, &mut doubts);
    }
    structured::advices(DocumentFormat::EdifactRemadv, advices, doubts, words)
}

impl Message {
    fn take(&mut self, segment: &Segment, interchange: &Interchange) {
        let in_line = !self.advice.lines.is_empty() && !self.in_summary;
        match segment.tag() {
            "BGM" => {
                self.advice.reference = segment.text(2, 0);
                // Function 5 replaces, 4 changes an earlier message.
                self.advice.corrects_earlier = matches!(segment.get(3, 0), "4" | "5");
            }
            "DTM" => self.date(segment, in_line),
            "RFF" => self.reference(segment, in_line),
            "NAD" if !in_line => self.party(segment),
            "FII" if !in_line => {
                let party = if matches!(segment.get(1, 0), "BF" | "RB") { &mut self.advice.payee } else { &mut self.advice.payer };
                party.account = party.account.take().or_else(|| segment.text(2, 0));
            }
            "CUX" => self.advice.currency = segment.get(1, 1).parse().ok().or(self.advice.currency),
            "DOC" => {
                self.document_type = segment.get(1, 0).to_owned();
                self.in_adjustment = false;
                self.in_summary = false;
                self.advice.lines.push(AdviceLine { reference: segment.text(2, 0), ..AdviceLine::default() });
            }
            "NAD" if in_line => {
                if let Some(line) = self.advice.lines.last_mut() {
                    line.store = segment.text(2, 0).or_else(|| segment.text(4, 0));
                }
            }
            "MOA" => self.money(segment, interchange, in_line),
            "AJT" => {
                self.in_adjustment = true;
                if let Some(line) = self.advice.lines.last_mut() {
                    line.adjustments.push(Adjustment { code: segment.text(1, 0), code_list: CodeList::Edifact, ..Adjustment::default() });
                }
            }
            "FTX" => self.note(&segment.joined(4), in_line),
            "UNS" => self.in_summary = true,
            _ => {}
        }
    }

    fn date(&mut self, segment: &Segment, in_line: bool) {
        let text = segment.get(1, 1);
        let day = text.get(..8).filter(|_| !matches!(segment.get(1, 2), "101")).unwrap_or(text);
        let Some(date) = parse_date(day, None).map(|parsed| parsed.date) else { return };
        match (in_line, self.advice.lines.last_mut(), segment.get(1, 0)) {
            (true, Some(line), "137" | "171" | "3") => line.date = Some(date),
            (false, _, "203" | "209" | "138" | "140") => self.advice.payment_date = Some(date),
            (false, _, "137") => {
                self.advice.payment_date.get_or_insert(date);
            }
            _ => {}
        }
    }

    fn reference(&mut self, segment: &Segment, in_line: bool) {
        let Some(value) = segment.text(1, 1) else { return };
        let Some(line) = self.advice.lines.last_mut().filter(|_| in_line) else {
            if matches!(segment.get(1, 0), "PQ" | "AEK" | "CK" | "PR") {
                self.advice.reference = Some(value);
            }
            return;
        };
        match segment.get(1, 0) {
            "ON" | "CO" => line.purchase_order = Some(value),
            "IV" | "OI" if line.reference.as_ref() != Some(&value) => line.invoice_named = Some(value),
            "DL" | "DB" | "CD" | "ADZ" | "ACE" if line.reference.as_ref() != Some(&value) => match line.adjustments.last_mut().filter(|_| self.in_adjustment) {
                Some(adjustment) => adjustment.reference = Some(value),
                None => line.debit_note = Some(value),
            },
            _ => {}
        }
    }

    fn party(&mut self, segment: &Segment) {
        let party = match segment.get(1, 0) {
            "PR" | "BY" | "PL" => &mut self.advice.payer,
            "PE" | "SU" | "SE" => &mut self.advice.payee,
            _ => return,
        };
        party.identifiers.extend(segment.text(2, 0));
        let name = Some(segment.joined(4)).filter(|name| !name.is_empty()).or_else(|| Some(segment.joined(3)).filter(|name| !name.is_empty()));
        party.name = party.name.take().or(name);
    }

    fn money(&mut self, segment: &Segment, interchange: &Interchange, in_line: bool) {
        let Some(amount) = interchange.amount(segment.get(1, 1)) else { return };
        if let Ok(currency) = segment.get(1, 2).parse() {
            self.advice.currency.get_or_insert(currency);
        }
        let qualifier = segment.get(1, 0);
        let Some(line) = self.advice.lines.last_mut().filter(|_| in_line) else {
            if matches!(qualifier, "12" | "9" | "11" | "139" | "86") && (self.advice.total.is_none() || qualifier == "12") {
                self.advice.total = Some(amount);
            }
            return;
        };
        match qualifier {
            "9" | "77" | "39" if line.gross.is_none() => line.gross = Some(amount),
            "12" | "11" => line.net = Some(amount),
            "52" | "21" => line.discount = Some(amount.abs()).filter(|discount| !discount.is_zero()),
            "5" | "165" => match line.adjustments.last_mut().filter(|_| self.in_adjustment) {
                Some(adjustment) => adjustment.amount = amount,
                None => line.adjustments.push(Adjustment { amount, code_list: CodeList::Edifact, ..Adjustment::default() }),
            },
            _ => {}
        }
    }

    fn note(&mut self, words: &str, in_line: bool) {
        if words.is_empty() {
            return;
        }
        let Some(line) = self.advice.lines.last_mut().filter(|_| in_line) else {
            self.advice.corrects_earlier |= says_corrected(words);
            return;
        };
        let text = match line.adjustments.last_mut().filter(|_| self.in_adjustment) {
            Some(adjustment) => &mut adjustment.text,
            None => &mut line.text,
        };
        *text = Some(text.take().map_or_else(|| words.to_owned(), |text| format!("{text} {words}")));
    }
}

fn close(message: Message, advices: &mut Vec<RemittanceAdvice>, doubts: &mut Vec<Doubt>) {
    let mut advice = message.advice;
    for line in &mut advice.lines {
        settle(line);
    }
    // Credits may be written without a sign: the total tells.
    let plain = advice.paid_by_lines();
    let credits: Decimal =
        advice.lines.iter().filter(|line| line.subject == LineSubject::Adjustment).filter_map(|line| line.net).filter(Decimal::is_sign_positive).sum();
    if advice.total.is_some_and(|total| plain != total && plain - credits - credits == total) && !credits.is_zero() {
        for line in advice.lines.iter_mut().filter(|line| line.subject == LineSubject::Adjustment && line.net.is_some_and(|net| net.is_sign_positive())) {
            line.net = line.net.map(|net| -net);
            line.gross = line.gross.map(|gross| -gross);
        }
        doubts.push(Doubt::note("sign_convention", "The sums hold only when debits and credits without a sign reduce the payment; the file was read so."));
    }
    super::balance::check(&advice, doubts);
    advices.push(advice);
}

/// Subject and amounts of a line; adjustments that don't explain the difference keep their words and take its amount.
fn settle(line: &mut AdviceLine) {
    let net = line.net.or(line.gross);
    line.net = net;
    let negative = net.is_some_and(|net| net.is_sign_negative() && !net.is_zero());
    if line.gross.is_none() && line.adjustments.len() <= 1 && (negative || line.gross.is_none() && !line.adjustments.is_empty()) {
        // A debit note of its own: its adjustment only says why.
        if let Some(adjustment) = line.adjustments.pop() {
            line.code = adjustment.code;
            line.code_list = CodeList::Edifact;
            line.text = line.text.take().or(adjustment.text);
            line.net = net.or(Some(adjustment.amount));
        }
        line.subject = LineSubject::Adjustment;
        line.debit_note = line.debit_note.take().or_else(|| line.reference.clone());
        return;
    }
    line.subject = if negative { LineSubject::Adjustment } else { LineSubject::Invoice };
    let (Some(gross), Some(net)) = (line.gross, net) else { return };
    let difference = net - gross + line.discount.unwrap_or_default();
    let stated: Decimal = line.adjustments.iter().map(|adjustment| adjustment.amount).sum();
    match &mut line.adjustments[..] {
        [] => {}
        [only] => only.amount = difference,
        // Without signs, what makes up a short payment reduces it.
        several if stated.is_sign_positive() != difference.is_sign_positive() => {
            several.iter_mut().for_each(|adjustment| adjustment.amount = -adjustment.amount)
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use recoup_engine::reading::Content;

    #[test]
    fn due_less_remitted_is_the_short_payment() {
        let text = "UNB+UNOC:3+A+B+260101:0900+1'UNH+1+REMADV:D:96A:UN'BGM+481+PAY7+9'DTM+137:20260528:102'NAD+PR+8700000000013::9++North Foods plc'CUX+2:GBP:11'\
            DOC+380+SI1'MOA+9:100.00:GBP'MOA+12:88.00:GBP'DTM+137:20260419:102'RFF+ON:P1'AJT+77'MOA+5:12.00:GBP'FTX+AAI+++Promo 4 cs'\
            DOC+383+DN5'MOA+12:-8.00:GBP'RFF+IV:SI0'AJT+4'MOA+5:-8.00:GBP'FTX+AAI+++Short'UNS+S'MOA+12:80.00:GBP'UNT+22+1'UNZ+1+1'";
        let reading = read(text);
        assert_eq!(reading.doubts, []);
        let Content::Advices(advices) = reading.content else { panic!() };
        let [invoice, claim] = &advices[0].lines[..] else { panic!() };
        assert_eq!((invoice.adjustments[0].amount, invoice.adjustments[0].code.as_deref()), (Decimal::from(-12).trunc(), Some("77")));
        assert_eq!(
            (claim.subject, claim.debit_note.as_deref(), claim.invoice_named.as_deref(), claim.code.as_deref(), claim.text.as_deref()),
            (LineSubject::Adjustment, Some("DN5"), Some("SI0"), Some("4"), Some("Short"))
        );
        assert_eq!(advices[0].payer.identifiers, ["8700000000013"]);
    }
}

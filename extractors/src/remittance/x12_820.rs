//! X12 820: payment orders with their remittance detail.
//!
//! An adjustment under an item is already in the item's net amount; one under the entity stands alone. Its sign differs between releases and
//! senders, so it is proven by the sums.

use recoup_engine::reading::{DocumentFormat, Doubt, Reading};
use recoup_engine::remittance::{Adjustment, AdviceLine, CodeList, LineSubject, PartyNamed, RemittanceAdvice};
use rust_decimal::Decimal;

use super::x12::{Segment, parted, segments};
use crate::language::{exact_number, parse_date};
use crate::structured;

/// One 820 while it is read: amounts as written, signs undecided.
#[derive(Default)]
struct Transaction {
    advice: RemittanceAdvice,
    place: Place,
    doubts: Vec<Doubt>,
    segments: u32,
}

/// Where texts and references belong.
#[derive(Clone, Copy, Default, PartialEq)]
enum Place {
    #[default]
    Header,
    /// Under an open item.
    Item,
    /// Under an adjustment of an open item.
    ItemAdjustment,
    /// Under an adjustment that stands alone.
    Alone,
}

/// Reads every 820 of an interchange.
pub fn read(text: &str) -> Reading {
    let mut advices = Vec::new();
    let mut doubts = Vec::new();
    let mut open: Option<Transaction> = None;
    let mut words = String::new();
    for segment in segments(text) {
        words.push_str(&segment.elements()[1..].join(" "));
        words.push('\n');
        match segment.name() {
            "ISA" if segment.get(15) == "T" => {
                doubts.push(Doubt::blocking("test_data", "The interchange carries the test flag: nothing may be posted from it."))
            }
            "ST" => {
                if let Some(transaction) = open.take() {
                    doubts.push(Doubt::note("edi_structure", "A transaction set isn't closed by SE."));
                    close(transaction, None, &mut advices, &mut doubts);
                }
                open = Some(Transaction::default());
            }
            "SE" => {
                if let Some(transaction) = open.take() {
                    close(transaction, Some(&segment), &mut advices, &mut doubts);
                }
            }
            _ => {
                if let Some(transaction) = &mut open {
                    transaction.segments += 1;
                    transaction.take(&segment);
                }
            }
        }
    }
    if let Some(transaction) = open {
        doubts.push(Doubt::note("edi_structure", "The interchange ends before its transaction set is closed."));
        close(transaction, None, &mut advices, &mut doubts);
    }
    structured::advices(DocumentFormat::X12820, advices, doubts, words)
}

/// The lines of remittance segments that a bank passes on in the words beside a payment, when they make its amount. The addenda of an ACH entry of
/// the kind CTX hold segments of an 820: `RMR*IV*INV-1**950.00*1000.00*50.00\ADX*-13.80*04\`. Reports break them where a record ends.
pub fn in_addenda(words: &str, amount: Decimal) -> Option<Vec<AdviceLine>> {
    let addenda = &words[words.find("RMR")?..];
    let separator = addenda.chars().nth(3).filter(|sign| sign.is_ascii_punctuation())?;
    let makes_it = |text: &str| {
        let mut transaction = Transaction { advice: RemittanceAdvice { total: Some(amount), ..RemittanceAdvice::default() }, ..Transaction::default() };
        parted(text, separator).iter().for_each(|segment| transaction.take(segment));
        prove_signs(&mut transaction.advice, &mut Vec::new());
        let Transaction { advice, doubts, .. } = transaction;
        (doubts.is_empty() && !advice.lines.is_empty() && advice.paid_by_lines() == amount).then_some(advice.lines)
    };
    makes_it(addenda).or_else(|| makes_it(&addenda.replace(' ', "")))
}

impl Transaction {
    fn take(&mut self, segment: &Segment) {
        match segment.name() {
            "BPR" => {
                self.advice.total = self.amount(segment, 2);
                self.advice.payment_date = parse_date(segment.get(16), None).map(|parsed| parsed.date);
                self.advice.payer.account = segment.text(9);
                self.advice.payee.account = segment.text(15);
            }
            "TRN" => {
                self.advice.reference.get_or_insert_with(|| segment.get(2).to_owned());
            }
            "CUR" => self.advice.currency = segment.get(2).parse().ok(),
            "DTM" => self.date(segment),
            "REF" => self.reference(segment),
            "N1" => self.party(segment),
            "ENT" => self.place = Place::Header,
            "RMR" | "RMT" => self.item(segment),
            "ADX" => self.adjustment(segment),
            "NTE" | "MSG" | "N9" => self.note(segment.get(if segment.name() == "MSG" { 1 } else { 2 })),
            _ => {}
        }
    }

    fn amount(&mut self, segment: &Segment, element: usize) -> Option<Decimal> {
        let text = segment.get(element);
        if text.is_empty() {
            return None;
        }
        let parsed = exact_number(text);
        if parsed.is_none() {
            let says = format!("Segment {} ({}): element {element} `{text}` is no amount.", segment.position, segment.name());
            self.doubts.push(Doubt::note("amount_format", says));
        }
        parsed
    }

    fn date(&mut self, segment: &Segment) {
        let Some(date) = parse_date(segment.get(2), None).map(|parsed| parsed.date) else { return };
        match (self.place, self.advice.lines.last_mut()) {
            (Place::Item | Place::ItemAdjustment, Some(line)) if matches!(segment.get(1), "003" | "004" | "") => line.date = Some(date),
            (Place::Header, _) if matches!(segment.get(1), "097" | "009" | "007" | "107" | "110" | "234" | "") => {
                self.advice.payment_date.get_or_insert(date);
            }
            _ => {}
        }
    }

    fn reference(&mut self, segment: &Segment) {
        let value = segment.text(2).or_else(|| segment.text(3));
        let (Some(value), qualifier) = (value, segment.get(1)) else { return };
        let Some(line) = self.advice.lines.last_mut().filter(|_| self.place != Place::Header) else {
            match qualifier {
                "VR" | "IA" | "VV" | "ACC" => self.advice.payee.identifiers.push(value),
                "CK" | "TN" | "EF" | "RT" | "BT" if self.advice.reference.is_none() => self.advice.reference = Some(value),
                _ => {}
            }
            return;
        };
        match qualifier {
            "PO" => line.purchase_order = Some(value),
            "ST" | "DP" | "LU" | "SL" | "19" if line.store.is_none() => line.store = Some(value),
            "IV" | "OI" | "IN" if line.reference.as_ref() != Some(&value) => line.invoice_named = Some(value),
            "CM" | "DB" | "DL" | "CL" | "CB" | "DN" if line.reference.as_ref() != Some(&value) && line.debit_note.is_none() => line.debit_note = Some(value),
            // The retailer's own code of the deduction.
            "6O" | "RC" | "ZZ" if line.code.is_none() => {
                line.code = Some(value);
                line.code_list = CodeList::Customer;
            }
            _ => {}
        }
        let words = segment.get(3).to_owned();
        if !segment.get(2).is_empty() {
            self.note(&words);
        }
    }

    fn party(&mut self, segment: &Segment) {
        let party = match segment.get(1) {
            "PR" | "BY" | "RB" | "BT" => &mut self.advice.payer,
            "PE" | "SE" | "VN" | "SU" => &mut self.advice.payee,
            code => {
                // A store of the payer names where the lines that follow belong.
                if matches!(code, "ST" | "SN" | "BO")
                    && self.place != Place::Header
                    && let Some(line) = self.advice.lines.last_mut()
                {
                    line.store = segment.text(4).or_else(|| segment.text(2));
                }
                return;
            }
        };
        let PartyNamed { name, identifiers, .. } = party;
        if name.is_none() {
            *name = segment.text(2);
        }
        if let Some(identifier) = segment.text(4) {
            identifiers.push(identifier);
        }
    }

    /// RMR: 02 number, 04 paid, 05 before discount, 06 discount, 07/08 a further adjustment.
    fn item(&mut self, segment: &Segment) {
        let net = self.amount(segment, 4);
        let gross = self.amount(segment, 5);
        let discount = self.amount(segment, 6).filter(|discount| !discount.is_zero());
        let further = self.amount(segment, 8).filter(|amount| !amount.is_zero());
        let qualifier = segment.get(1);
        let negative = net.is_some_and(|net| net.is_sign_negative() && !net.is_zero());
        let subject = match qualifier {
            "IV" | "BM" | "SI" | "OI" | "12" if !negative => LineSubject::Invoice,
            "CM" | "DB" | "DL" | "OS" | "AJ" | "CL" => LineSubject::Adjustment,
            _ if negative => LineSubject::Adjustment,
            _ => LineSubject::Unsaid,
        };
        let code = segment.text(7);
        let adjustments =
            further.map(|amount| Adjustment { amount, code: code.clone(), code_list: CodeList::X12, ..Adjustment::default() }).into_iter().collect();
        let line = AdviceLine {
            subject,
            reference: segment.text(2),
            purchase_order: (qualifier == "PO").then(|| segment.text(2)).flatten(),
            gross,
            discount,
            adjustments,
            net: net.or(gross),
            ..AdviceLine::default()
        };
        self.advice.lines.push(line);
        self.place = Place::Item;
    }

    fn adjustment(&mut self, segment: &Segment) {
        let Some(amount) = self.amount(segment, 1) else { return };
        let (code, reference) = (segment.text(2), segment.text(4));
        match self.advice.lines.last_mut() {
            Some(line) if matches!(self.place, Place::Item | Place::ItemAdjustment) => {
                let own = reference.filter(|reference| line.reference.as_ref() != Some(reference));
                line.adjustments.push(Adjustment { amount, code, code_list: CodeList::X12, reference: own, ..Adjustment::default() });
                self.place = Place::ItemAdjustment;
            }
            _ => {
                let debit_note = matches!(segment.get(3), "DB" | "DL" | "CB" | "CL" | "DN" | "DM").then(|| reference.clone()).flatten();
                self.advice.lines.push(AdviceLine {
                    subject: LineSubject::Adjustment,
                    reference,
                    debit_note,
                    net: Some(amount),
                    code,
                    code_list: CodeList::X12,
                    ..AdviceLine::default()
                });
                self.place = Place::Alone;
            }
        }
    }

    fn note(&mut self, words: &str) {
        if words.is_empty() {
            return;
        }
        let Some(line) = self.advice.lines.last_mut().filter(|_| self.place != Place::Header) else { return };
        let text = match self.place {
            Place::ItemAdjustment => line.adjustments.last_mut().map_or(&mut line.text, |adjustment| &mut adjustment.text),
            _ => &mut line.text,
        };
        match text {
            Some(text) => {
                text.push(' ');
                text.push_str(words);
            }
            None => *text = Some(words.to_owned()),
        }
    }
}

/// Proves the signs, checks the counts and hands the advice over.
fn close(transaction: Transaction, end: Option<&Segment>, advices: &mut Vec<RemittanceAdvice>, doubts: &mut Vec<Doubt>) {
    let Transaction { mut advice, doubts: own, segments, .. } = transaction;
    doubts.extend(own);
    if let Some(end) = end
        && let Ok(count) = end.get(1).parse::<u32>()
        && count != segments + 2
    {
        doubts.push(Doubt::note("edi_structure", format!("SE says {count} segments, there are {}.", segments + 2)));
    }
    prove_signs(&mut advice, doubts);
    super::balance::check(&advice, doubts);
    if advice.total.is_some() || !advice.lines.is_empty() {
        advices.push(advice);
    }
}

/// Adjustments under items by their items' sums, stand-alone ones by the payment's; what the items prove holds for the rest.
fn prove_signs(advice: &mut RemittanceAdvice, doubts: &mut Vec<Doubt>) {
    let (mut as_written, mut reversed) = (0_u32, 0_u32);
    for line in &advice.lines {
        let (Some(gross), Some(net)) = (line.gross, line.net) else { continue };
        let base = gross - line.discount.unwrap_or_default();
        let sum: Decimal = line.adjustments.iter().map(|adjustment| adjustment.amount).sum();
        if !sum.is_zero() {
            as_written += u32::from(base + sum == net);
            reversed += u32::from(base - sum == net);
        }
    }
    let is_alone = |line: &AdviceLine| line.gross.is_none() && line.subject == LineSubject::Adjustment && line.code_list == CodeList::X12;
    let alone: Decimal = advice.lines.iter().filter(|line| is_alone(line)).filter_map(|line| line.net).sum();
    let items: Decimal = advice.lines.iter().filter(|line| !is_alone(line)).filter_map(|line| line.net).sum();
    let alone_reversed = match advice.total {
        Some(total) if !alone.is_zero() && items + alone == total => false,
        Some(total) if !alone.is_zero() && items - alone == total => true,
        _ if !alone.is_zero() => {
            // Not proven by the total: as the items do, else such that it comes closest to what was paid.
            let closest = advice.total.is_some_and(|total| (items - alone - total).abs() < (items + alone - total).abs());
            if as_written == reversed { closest } else { reversed > as_written }
        }
        _ => false,
    };
    if alone_reversed {
        for line in advice.lines.iter_mut().filter(|line| is_alone(line)) {
            line.net = line.net.map(|net| -net);
        }
    }
    let all_reversed = if as_written == reversed { alone_reversed } else { reversed > as_written };
    for line in &mut advice.lines {
        let (Some(net), Some(gross)) = (line.net, line.gross) else { continue };
        let base = gross - line.discount.unwrap_or_default();
        let sum: Decimal = line.adjustments.iter().map(|adjustment| adjustment.amount).sum();
        let reverse = if base - sum == net { base + sum != net } else { all_reversed && base + sum != net };
        if reverse {
            line.adjustments.iter_mut().for_each(|adjustment| adjustment.amount = -adjustment.amount);
        }
    }
    if alone_reversed || all_reversed {
        doubts.push(Doubt::note("sign_convention", "The sums hold only when a positive adjustment reduces the payment; the file was read so."));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use recoup_engine::reading::Content;

    const HEAD: &str =
        "ISA*00*          *00*          *ZZ*AAAAAAAAAAAAAAA*ZZ*BBBBBBBBBBBBBBB*260101*0000*U*00401*000000001*0*P*>~GS*RA*A*B*20260101*0000*1*X*004010~";

    fn advice(body: &str) -> RemittanceAdvice {
        let reading = read(&format!("{HEAD}{body}"));
        let Content::Advices(mut advices) = reading.content else { panic!("no advice") };
        advices.remove(0)
    }

    #[test]
    fn netted_and_standalone_adjustments_are_told_apart() {
        let advice = advice(
            "ST*820*0001~BPR*I*860.00*C*ACH*CTX*01*021*DA*88*1**01*101*DA*447*20260626~TRN*1*000777~N1*PR*NORTH FOODS*92*C77~N1*PE*MAKER*92*5~ENT*1~\
             ADX*-50.00*78*DB*CB1~NTE*CCN*PRICE DIFFERENCE~REF*IV*INV-9~RMR*IV*INV-1**910.00*1000.00*20.00~REF*PO*P1~DTM*003*20260527~ADX*-70.00*75~NTE*CCN*SHORTAGE 2 CS~SE*15*0001~",
        );
        assert_eq!((advice.reference.as_deref(), advice.total), (Some("000777"), Some(Decimal::new(86000, 2))));
        assert_eq!(advice.payer.identifiers, ["C77"]);
        let [alone, item] = &advice.lines[..] else { panic!() };
        assert_eq!(
            (alone.subject, alone.debit_note.as_deref(), alone.invoice_named.as_deref(), alone.net),
            (LineSubject::Adjustment, Some("CB1"), Some("INV-9"), Some(Decimal::new(-5000, 2)))
        );
        assert_eq!(alone.text.as_deref(), Some("PRICE DIFFERENCE"));
        assert_eq!((item.adjustments[0].amount, item.adjustments[0].text.as_deref()), (Decimal::new(-7000, 2), Some("SHORTAGE 2 CS")));
    }

    #[test]
    fn the_sign_is_proven_by_the_sums() {
        let advice = advice("ST*820*0001~BPR*I*80*C~TRN*1*7~ENT*1~RMR*IV*A**95*100~ADX*5*01~ENT*2~ADX*15*ZZ*DB*D1~SE*8*0001~");
        assert_eq!(advice.lines[0].adjustments[0].amount, Decimal::from(-5));
        assert_eq!(advice.lines[1].net, Some(Decimal::from(-15)));
    }

    #[test]
    fn addenda_of_a_bank_are_lines_when_they_make_the_payment() {
        let words = r"PINE FOODS CTX RMR*IV*VF-61*PI*2744.00*2744.00\RMR*IV*VF- 62*PI*1132.49*1155.60*23.11\RMR*IV*VF-63*PI*676.20*690.00\ADX*-13.80*04\";
        let lines = in_addenda(words, Decimal::new(455_269, 2)).expect("the lines");
        let shown: Vec<String> = lines.iter().map(|line| format!("{} {}", line.reference.clone().unwrap_or_default(), line.paid())).collect();
        assert_eq!(shown, ["VF-61 2744.00", "VF- 62 1132.49", "VF-63 676.20"]);
        assert_eq!(lines[2].adjustments[0].amount, Decimal::new(-1380, 2));
        assert_eq!(in_addenda(words, Decimal::new(455_270, 2)), None);
        let broken = in_addenda(&words.replace("2744.00\\R", "27 44.00\\R"), Decimal::new(455_269, 2)).expect("without the break");
        assert_eq!(broken[0].gross, Some(Decimal::new(274_400, 2)));
    }

    #[test]
    fn words_in_amounts_and_wrong_counts_are_doubts() {
        let reading = read(&format!("{HEAD}ST*820*0001~BPR*I*AMOUNT*C~TRN*1*7~RMR*IV*A**95*100~SE*99*0001~"));
        let codes: Vec<&str> = reading.doubts.iter().map(|doubt| doubt.code.as_str()).collect();
        assert_eq!(codes, ["amount_format", "edi_structure"]);
    }
}

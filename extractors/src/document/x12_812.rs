//! X12 812: credit/debit adjustments, the retailer's debit note as data.

use recoup_engine::reading::{DocumentFormat, Doubt, Reading};
use recoup_engine::remittance::CodeList;
use recoup_engine::supporting::{ArticleLine, DebitNote};

use super::x12_papers::implied;
use crate::language::{exact_number, parse_date};
use crate::remittance::x12::{Segment, envelope_doubts, segments};
use crate::structured;

/// Reads the adjustment of a transaction set; a second one in the same set is left to a person.
pub fn read(text: &str) -> Reading {
    let mut note = DebitNote { code_list: CodeList::X12, ..DebitNote::default() };
    let mut reason: Vec<String> = Vec::new();
    let mut words = String::new();
    let mut adjustments = 0;
    let segments = segments(text);
    let mut doubts = envelope_doubts(&segments);
    for segment in &segments {
        words.push_str(&segment.elements()[1..].join(" "));
        words.push('\n');
        match segment.name() {
            "BCD" => {
                adjustments += 1;
                if adjustments == 1 {
                    header(&mut note, segment, &mut doubts);
                }
            }
            _ if adjustments > 1 => {}
            "CUR" => note.currency = segment.get(2).parse().ok(),
            "N1" if matches!(segment.get(1), "BY" | "PR" | "BT" | "FR") => {
                note.issuer.name = segment.text(2);
                note.issuer.identifiers.extend(segment.text(4));
            }
            "REF" => match segment.get(1) {
                "IV" | "OI" if note.invoice_number.is_none() => note.invoice_number = segment.text(2),
                "PO" if note.purchase_order.is_none() => note.purchase_order = segment.text(2),
                _ => {}
            },
            "CDD" => detail(&mut note, segment),
            "LIN" => {
                let article =
                    (2..segment.elements().len()).step_by(2).find(|index| !segment.get(index + 1).is_empty()).and_then(|index| segment.text(index + 1));
                match note.lines.last_mut().filter(|line| line.article.is_none()) {
                    Some(line) => line.article = article,
                    None => note.lines.push(ArticleLine { article, ..ArticleLine::default() }),
                }
            }
            "N9" | "MSG" | "NTE" | "PID" => {
                let element = match segment.name() {
                    "MSG" => 1,
                    "NTE" => 2,
                    "PID" => 5,
                    _ => 3,
                };
                reason.extend(segment.text(element));
            }
            _ => {}
        }
    }
    if adjustments > 1 {
        doubts.push(Doubt::blocking("several_documents", format!("The transaction set holds {adjustments} adjustments; only the first was read.")));
    }
    note.lines.retain(|line| line.article.is_some() || line.quantity.is_some());
    note.reason = (!reason.is_empty()).then(|| reason.join(" "));
    structured::debit_note(DocumentFormat::X12812, note, doubts, words)
}

/// BCD: 01 date, 02 number, 04 amount, 05 direction, 07 invoice, 10 order.
fn header(note: &mut DebitNote, segment: &Segment, doubts: &mut Vec<Doubt>) {
    note.date = parse_date(segment.get(1), None).map(|parsed| parsed.date);
    note.number = segment.text(2);
    note.invoice_number = segment.text(7);
    note.purchase_order = segment.text(10);
    let amount = implied(segment.get(4));
    if amount.is_none() && !segment.get(4).is_empty() {
        doubts.push(Doubt::note("amount_format", format!("BCD: `{}` is no amount.", segment.get(4))));
    }
    note.amount = amount.map(|amount| amount.abs());
    if segment.get(5) == "C" {
        doubts.push(Doubt::note("credit_direction", "The adjustment is marked as a credit: who credits whom must be seen from the parties."));
    }
}

/// CDD: 01 code, 02 direction, 04 amount, then quantity and unit.
fn detail(note: &mut DebitNote, segment: &Segment) {
    if note.code.is_none() {
        note.code = segment.text(1);
    }
    // Releases differ in where the quantity stands: the number whose neighbour is a unit of measure.
    let quantity = (5..segment.elements().len()).find_map(|index| {
        let value = exact_number(segment.get(index))?;
        let unit = segment.get(index + 1);
        (unit.len() == 2 && unit.bytes().all(|byte| byte.is_ascii_alphabetic())).then(|| (value, unit.to_owned()))
    });
    let line = ArticleLine {
        quantity: quantity.as_ref().map(|(value, _)| *value),
        unit: quantity.map(|(_, unit)| unit),
        amount: implied(segment.get(4)).map(|amount| amount.abs()),
        ..ArticleLine::default()
    };
    note.lines.push(line);
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use recoup_engine::reading::Content;

    #[test]
    fn implied_decimals_codes_and_articles_are_read() {
        let text = "ISA*00*          *00*          *ZZ*AAAAAAAAAAAAAAA*ZZ*BBBBBBBBBBBBBBB*260101*0000*U*00401*000000001*0*P*>~GS*CD*A*B*20260101*0000*1*X*004010~ST*812*0001~\
            BCD*20260723*DM-1**63216*D*20260425*INV-7**20260421*PO8~N1*BY*NORTH FOODS*92*C7~CDD*72*D**63216*6*CA~LIN*1*VN*10283~N9*L1**GOODS RETURNED 6 CS INV~N9*L1**INV-7~SE*8*0001~";
        let reading = read(text);
        let Content::DebitNote(note) = reading.content else { panic!() };
        assert_eq!((note.number.as_deref(), note.amount, note.invoice_number.as_deref()), (Some("DM-1"), Some(Decimal::new(63216, 2)), Some("INV-7")));
        assert_eq!((note.code.as_deref(), note.reason.as_deref()), (Some("72"), Some("GOODS RETURNED 6 CS INV INV-7")));
        assert_eq!(
            (note.lines[0].article.as_deref(), note.lines[0].quantity, note.lines[0].unit.as_deref()),
            (Some("10283"), Some(Decimal::from(6)), Some("CA"))
        );
        assert_eq!(implied("-25.00"), Some(Decimal::new(-2500, 2)));
    }
}

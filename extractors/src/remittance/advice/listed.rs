//! Deductions that are listed in words under the table: "Less: DM-61020 ASN not sent … 200.00", "À déduire : …".

use std::collections::HashMap;
use std::ops::Range;

use recoup_engine::reading::Place;
use recoup_engine::remittance::{AdviceLine, LineSubject};
use rust_decimal::Decimal;

use super::atoms::{Atom, CutRow, Kind};
use super::choice::Chosen;

/// Takes the amounts listed outside the tables off the payment, when exactly they are what its lines exceed it by.
pub(super) fn take_off(chosen: &mut Chosen, payment: Option<(Decimal, Place)>, others: &[CutRow]) {
    let Some((payment, _)) = payment else { return };
    let excess = chosen.lines.iter().map(AdviceLine::paid).sum::<Decimal>() - payment;
    let Some(first) = chosen.lines.iter().filter_map(|line| line.place).min_by_key(order) else { return };
    if excess.is_zero() || excess.is_sign_negative() {
        return;
    }
    let listed: Vec<AdviceLine> = others.iter().filter(|cut| order(&cut.row.place()) > order(&first)).filter_map(line).collect();
    // Those that belong together stand together.
    let Some(run) = longest_run(&listed, -excess) else { return };
    let numbers: Vec<String> = chosen.lines.iter().filter_map(|line| line.reference.clone()).collect();
    for mut line in listed[run].iter().cloned() {
        let names = |text: &str| numbers.iter().find(|number| text.split_whitespace().any(|word| word.trim_matches([',', '.', ':', '(', ')']) == **number));
        line.invoice_named = line.text.as_deref().and_then(names).cloned();
        chosen.lines.push(line);
    }
    chosen.doubts.retain(|doubt| doubt.code != "unbalanced");
}

/// The longest stretch of neighbours that together are worth `wanted`.
fn longest_run(listed: &[AdviceLine], wanted: Decimal) -> Option<Range<usize>> {
    // What the rows before each position are worth, where that first came up.
    let mut first_at = HashMap::from([(Decimal::ZERO, 0)]);
    let mut sum = Decimal::ZERO;
    let mut longest: Option<Range<usize>> = None;
    for (index, line) in listed.iter().enumerate() {
        sum += line.paid();
        if let Some(start) = first_at.get(&(sum - wanted))
            && longest.as_ref().is_none_or(|known| known.len() < index + 1 - start)
        {
            longest = Some(*start..index + 1);
        }
        first_at.entry(sum).or_insert(index + 1);
    }
    longest
}

/// The place of a row in the order of reading.
fn order(place: &Place) -> (u32, Option<u16>) {
    (place.page, place.area.map(|area| area.top))
}

/// A row of words that ends with one amount.
fn line(CutRow { row, atoms }: &CutRow) -> Option<AdviceLine> {
    let (last, before) = atoms.split_last().filter(|(last, _)| last.amount().is_some())?;
    if before.iter().any(|atom| atom.amount().is_some()) {
        return None;
    }
    let words: Vec<&Atom> = before.iter().filter(|atom| atom.text().chars().any(char::is_alphanumeric)).collect();
    let number = words.first().filter(|atom| atom.kind == Kind::Number).map(|atom| atom.text().trim_matches([':', ',', '.']).to_owned());
    let rest = words.iter().skip(usize::from(number.is_some())).map(|atom| atom.text()).collect::<Vec<_>>().join(" ");
    let text = rest.trim_end_matches([' ', ':', '.', '-']).to_owned();
    (text.chars().filter(|letter| letter.is_alphabetic()).count() >= 3).then(|| AdviceLine {
        subject: LineSubject::Adjustment,
        reference: number,
        net: last.amount().map(|amount| -amount.abs()),
        text: Some(text),
        place: Some(row.place()),
        confidence: row.words.iter().map(|word| word.confidence).min().map(recoup_engine::reading::Confidence::from_thousandths),
        ..AdviceLine::default()
    })
}

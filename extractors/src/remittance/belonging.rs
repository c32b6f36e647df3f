//! Rows that belong to an invoice above them become parts of its line: "VF2641100 Retenu : 2 cartons écrasés -23,00", "./. 2 % contant -70,11".
//!
//! A claim with a number of its own stays a line.

use std::collections::{HashMap, HashSet};

use recoup_engine::reference::normalise;
use recoup_engine::remittance::{Adjustment, AdviceLine, LineSubject};
use rust_decimal::{Decimal, RoundingStrategy};

use crate::language::discounts::names_discount;

/// Gathers the parts of every invoice in one line. What the payment adds up to stays the same.
pub(super) fn gather(lines: &mut Vec<AdviceLine>) {
    name_invoices(lines);
    let stands_under = unnumbered_parts_follow_invoices(lines);
    let mut gathered: Vec<AdviceLine> = Vec::with_capacity(lines.len());
    let mut invoices: HashMap<String, usize> = HashMap::new();
    for line in lines.drain(..) {
        let owner = owner(&gathered, &invoices, &line, stands_under);
        match owner.map(|owner| &mut gathered[owner]) {
            Some(owner) if line.paid().abs() <= owner.paid() => add(owner, line),
            _ => {
                if let Some(number) = line.reference.as_deref().filter(|_| is_invoice(&line)) {
                    invoices.insert(normalise(number), gathered.len());
                }
                gathered.push(line);
            }
        }
    }
    gathered.iter_mut().for_each(discount_in_its_place);
    *lines = gathered;
}

/// In the column of orders or stores a claim may name the invoice of another line.
fn name_invoices(lines: &mut [AdviceLine]) {
    let paid: HashSet<String> = lines.iter().filter(|line| is_invoice(line)).filter_map(|line| line.reference.as_deref()).map(normalise).collect();
    for line in lines.iter_mut().filter(|line| !is_invoice(line) && line.invoice_named.is_none()) {
        let names = |cell: &mut String| paid.contains(&normalise(cell));
        // "61071122ADJ" is about 61071122.
        let marked = || {
            let number = normalise(line.reference.as_deref()?);
            let stem = number.trim_end_matches(|sign: char| sign.is_alphabetic());
            (stem.len() < number.len() && number.len() - stem.len() <= 4 && paid.contains(stem)).then(|| stem.to_owned())
        };
        line.invoice_named = line.purchase_order.take_if(names).or_else(|| line.store.take_if(names)).or_else(marked);
    }
}

fn is_invoice(line: &AdviceLine) -> bool {
    line.reference.is_some() && !line.paid().is_sign_negative() && !line.paid().is_zero()
}

/// A bare amount that is taken off.
fn is_part(line: &AdviceLine) -> bool {
    line.paid().is_sign_negative()
        && line.adjustments.is_empty()
        && line.discount.is_none()
        && line.debit_note.is_none()
        && !line.gross.is_some_and(|gross| gross.is_sign_positive())
}

/// A part that names neither a claim nor an invoice.
pub(super) fn is_unnumbered_part(line: &AdviceLine) -> bool {
    is_part(line) && line.reference.is_none() && line.invoice_named.is_none()
}

/// Rows without a number between invoices are about the one above; behind the last they may be about all.
fn unnumbered_parts_follow_invoices(lines: &[AdviceLine]) -> bool {
    let last_invoice = lines.iter().rposition(is_invoice).unwrap_or(0);
    lines[..last_invoice].windows(2).any(|pair| is_invoice(&pair[0]) && is_unnumbered_part(&pair[1]))
}

/// The invoice that a line takes something off: the one it names, or the one it stands under.
fn owner(before: &[AdviceLine], invoices: &HashMap<String, usize>, line: &AdviceLine, stands_under: bool) -> Option<usize> {
    if !is_part(line) {
        return None;
    }
    match line.reference.as_ref().or(line.invoice_named.as_ref()) {
        Some(number) => invoices.get(&normalise(number)).copied(),
        None => before.len().checked_sub(1).filter(|last| is_invoice(&before[*last]) && (stands_under || is_share_of(&before[*last], line))),
    }
}

/// "PROMPT PAYMENT 1 %" of just what the line above pays, and no other.
fn is_share_of(above: &AdviceLine, part: &AdviceLine) -> bool {
    let stated = part.text.as_deref().and_then(percent);
    let share = |percent: Decimal| above.paid().checked_mul(percent).map(|hundredfold| (hundredfold / Decimal::ONE_HUNDRED).round_dp_with_strategy(2, HALF_UP));
    stated.and_then(share).is_some_and(|share| share == -part.paid())
}

const HALF_UP: RoundingStrategy = RoundingStrategy::MidpointAwayFromZero;

/// The only percentage in words.
fn percent(text: &str) -> Option<Decimal> {
    let joined = text.replace(" %", "%");
    let mut found = joined.split_whitespace().filter_map(|word| word.strip_suffix('%')).filter_map(|number| number.replace(',', ".").parse().ok());
    found.next().filter(|_| found.next().is_none())
}

fn add(owner: &mut AdviceLine, part: AdviceLine) {
    let (amount, paid) = (part.paid(), owner.paid());
    owner.gross = owner.gross.or(Some(paid + owner.discount.unwrap_or_default() - owner.adjusted()));
    keep_own_reason(owner);
    owner.net = Some(paid + amount);
    owner.subject = LineSubject::Invoice;
    owner.confidence = owner.confidence.into_iter().chain(part.confidence).min();
    owner.adjustments.push(as_adjustment(part));
}

/// A part as what it takes off the line it belongs to.
pub(super) fn as_adjustment(part: AdviceLine) -> Adjustment {
    Adjustment { amount: part.paid(), code: part.code, code_list: part.code_list, reference: None, text: part.text, place: part.place }
}

/// Gives what a line says to what it takes off itself, so that nothing added to the line inherits it; a line that takes off nothing keeps it.
pub(super) fn hand_down_reason(line: &mut AdviceLine) {
    if line.adjustments.is_empty() {
        return;
    }
    let (code, text) = (line.code.take(), line.text.take());
    for own in &mut line.adjustments {
        own.code = own.code.take().or_else(|| code.clone());
        own.text = own.text.take().or_else(|| text.clone());
    }
}

/// What a line is silently short by keeps the reason that the line gives.
fn keep_own_reason(line: &mut AdviceLine) {
    let silent = line.made().zip(line.net).map_or(Decimal::ZERO, |(made, net)| net - made);
    if silent.is_sign_negative() && !silent.is_zero() {
        line.adjustments.push(Adjustment { amount: silent, code_list: line.code_list, place: line.place, ..Adjustment::default() });
    }
    hand_down_reason(line);
}

/// What its words call an early-payment discount is the discount of the line.
fn discount_in_its_place(line: &mut AdviceLine) {
    if line.discount.is_some() {
        return;
    }
    let named = |adjustment: &Adjustment| {
        adjustment.amount.is_sign_negative() && adjustment.reference.is_none() && adjustment.text.as_deref().is_some_and(names_discount)
    };
    if let Some(position) = line.adjustments.iter().position(named) {
        line.discount = Some(-line.adjustments.remove(position).amount);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(reference: Option<&str>, net: &str, text: Option<&str>) -> AdviceLine {
        AdviceLine { reference: reference.map(str::to_owned), net: net.parse().ok(), text: text.map(str::to_owned), ..AdviceLine::default() }
    }

    /// Reference, gross, discount, sum of the adjustments, net.
    fn shown(mut lines: Vec<AdviceLine>) -> Vec<String> {
        let before: Decimal = lines.iter().map(AdviceLine::paid).sum();
        gather(&mut lines);
        assert_eq!(lines.iter().map(AdviceLine::paid).sum::<Decimal>(), before);
        assert!(lines.iter().all(|line| line.adds_up() != Some(false)), "{lines:?}");
        let text = |value: Option<Decimal>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
        let number = |line: &AdviceLine| line.reference.clone().unwrap_or_default();
        lines.iter().map(|line| format!("{} {} {} {} {}", number(line), text(line.gross), text(line.discount), line.adjusted(), text(line.net))).collect()
    }

    #[test]
    fn rows_with_the_number_of_an_invoice_are_parts_of_it() {
        let lines = vec![
            line(Some("VF-1"), "1150.00", Some("Facture")),
            line(Some("VF 1"), "-23.00", Some("Retenu : 2 cartons écrasés")),
            line(Some("VF-2"), "905.30", None),
            line(Some("VF-2"), "-18.11", Some("Escompte 2 %")),
            line(Some("ND-9"), "-40.00", Some("Frais, facture VF-1")),
        ];
        assert_eq!(shown(lines), ["VF-1 1150.00 - -23.00 1127.00", "VF-2 905.30 18.11 0 887.19", "ND-9 - - 0 -40.00"]);
    }

    #[test]
    fn what_a_line_took_off_already_is_part_of_what_was_billed() {
        let taken = Adjustment { amount: Decimal::from(-50), ..Adjustment::default() };
        let lines = vec![AdviceLine { adjustments: vec![taken], ..line(Some("F-1"), "950.00", None) }, line(Some("F-1"), "-23.00", Some("Casse"))];
        assert_eq!(shown(lines), ["F-1 1000.00 - -73.00 927.00"]);
    }

    #[test]
    fn a_bare_part_is_explained_by_the_words_of_a_line_that_takes_off_nothing_itself() {
        let mut lines = vec![line(Some("VF-1"), "1150.00", Some("Fehlmenge 2 Kt")), line(Some("VF-1"), "-23.00", None)];
        gather(&mut lines);
        assert_eq!(lines[0].text.as_deref(), Some("Fehlmenge 2 Kt"));
        let taken = Adjustment { amount: Decimal::from(-50), ..Adjustment::default() };
        let owner = AdviceLine { adjustments: vec![taken], code: Some("22".to_owned()), ..line(Some("F-1"), "950.00", Some("Werbung")) };
        let mut lines = vec![owner, line(Some("F-1"), "-23.00", Some("Casse"))];
        gather(&mut lines);
        let reasons: Vec<_> = lines[0].adjustments.iter().map(|taken| (taken.code.as_deref(), taken.text.as_deref())).collect();
        assert_eq!(reasons, [(Some("22"), Some("Werbung")), (None, Some("Casse"))]);
        assert_eq!((&lines[0].code, &lines[0].text), (&None, &None), "nothing inherits what is said of another amount");
    }

    #[test]
    fn rows_without_a_number_belong_to_the_invoice_above_when_they_stand_between_invoices() {
        let between = vec![
            line(Some("F-1"), "1290.00", None),
            line(None, "-64.50", Some("./. oktoberactie 5 %")),
            line(Some("F-2"), "3505.50", None),
            line(None, "-70.11", Some("./. 2 % contant")),
        ];
        assert_eq!(shown(between), ["F-1 1290.00 - -64.50 1225.50", "F-2 3505.50 70.11 0 3435.39"]);
        let behind = vec![line(Some("F-1"), "1290.00", None), line(Some("F-2"), "3505.50", None), line(None, "-500.00", Some("Werbekosten"))];
        assert_eq!(shown(behind), ["F-1 - - 0 1290.00", "F-2 - - 0 3505.50", " - - 0 -500.00"]);
    }
}

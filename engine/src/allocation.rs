//! A payment put onto open items as its advice states, the short amounts as deductions, the rest on account.
//!
//! Two equations hold for every result and are asserted here: per allocation `gross = paid + discount + deducted`, per payment
//! `amount = sum(paid) + on account - sum(stand-alone deductions)`.

mod held;

use rust_decimal::Decimal;

use crate::matching::{Found, OpenItems};
use crate::money::{Currency, Money, MoneyError};
use crate::reading::{Confidence, Doubt, Place};
use crate::reference::normalise;
use crate::reference::slip::with_wrong_digit;
use crate::remittance::{AdviceLine, CodeList, LineSubject};
use crate::taxonomy::AllocationMethod;
use crate::verdict::Shape;

/// Part of a payment on one invoice. Amounts are minor units of the payment's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// Position of the advice line, from 0.
    pub line: usize,
    pub invoice_number: String,
    pub customer_id: String,
    pub gross: i64,
    pub discount: i64,
    pub deducted: i64,
    pub paid: i64,
    pub method: AllocationMethod,
    pub confidence: Confidence,
    pub place: Option<Place>,
}

/// One amount held back, with the customer's literal code and words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deduction {
    pub line: usize,
    /// Position among the deductions of its line, from 0.
    pub part: usize,
    /// Index into the allocations; `None` stands alone.
    pub allocation: Option<usize>,
    pub shape: Shape,
    /// Positive reduces the cash.
    pub amount: i64,
    pub invoice_number: Option<String>,
    pub customer_id: Option<String>,
    pub debit_note_number: Option<String>,
    pub code: Option<String>,
    pub code_list: CodeList,
    pub text: Option<String>,
    pub place: Option<Place>,
    /// Within tolerance: closed without a question.
    pub within_tolerance: bool,
    pub confidence: Confidence,
}

/// What became of a payment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settlement {
    pub allocations: Vec<Allocation>,
    pub deductions: Vec<Deduction>,
    /// Received and put nowhere, in minor units.
    pub on_account: i64,
    /// Numbers of invoices that lines pay and nobody knows: the payment is settled anew when one of them is on file.
    pub unknown_invoices: Vec<String>,
    pub doubts: Vec<Doubt>,
}

/// What a settlement needs besides the lines.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    pub currency: Currency,
    /// What was received, in minor units; an announced payment's stated total.
    pub amount: i64,
    /// Largest difference that is let go, in minor units.
    pub tolerance: i64,
    /// Of the reading: scans are less sure than structured files.
    pub confidence: Confidence,
}

/// Amounts of a line in minor units.
struct Amounts {
    gross: Option<i64>,
    discount: i64,
    adjustments: Vec<i64>,
    net: i64,
}

impl Amounts {
    /// `None` when the line says no amount at all; an error when an amount doesn't fit the currency.
    fn of(line: &AdviceLine, currency: Currency) -> Result<Option<Self>, MoneyError> {
        let minor = |amount: Decimal| Money::from_decimal(amount, currency).map(|money| money.minor);
        let gross = line.gross.map(minor).transpose()?;
        let discount = line.discount.map(minor).transpose()?.unwrap_or(0);
        let adjustments = line.adjustments.iter().map(|adjustment| minor(adjustment.amount)).collect::<Result<Vec<_>, _>>()?;
        let adjusted: i64 = adjustments.iter().sum();
        let net = match (line.net.map(minor).transpose()?, gross) {
            (Some(net), _) => net,
            (None, Some(gross)) => gross - discount + adjusted,
            (None, None) if !adjustments.is_empty() => adjusted,
            (None, None) => return Ok(None),
        };
        Ok(Some(Self { gross, discount, adjustments, net }))
    }

    /// What the line says that it takes off.
    fn reduced(&self) -> i64 {
        self.discount - self.adjustments.iter().sum::<i64>()
    }
}

/// Two numbers in one cell, as narrow columns print them: our invoice and their debit note. Each goes to its own field.
fn separated(line: &AdviceLine, items: &OpenItems) -> Option<AdviceLine> {
    let reference = line.reference.as_deref()?;
    let tokens: Vec<&str> = reference.split_whitespace().collect();
    if tokens.len() < 2 || items.find(reference).is_some() {
        return None;
    }
    let ours = tokens.iter().copied().find(|token| items.find(token).is_some())?;
    let theirs = tokens.iter().copied().find(|token| *token != ours && token.chars().any(|character| character.is_ascii_digit()));
    Some(AdviceLine { reference: Some(ours.to_owned()), debit_note: line.debit_note.clone().or_else(|| theirs.map(str::to_owned)), ..line.clone() })
}

/// Puts an advice onto open items, line by line as stated. What it settles is taken off `items` as it goes.
pub fn allocate(lines: &[AdviceLine], items: &mut OpenItems, terms: Terms) -> Settlement {
    let mut settlement = Settlement::default();
    for (position, line) in lines.iter().enumerate() {
        match Amounts::of(line, terms.currency) {
            Ok(Some(amounts)) => {
                let parted = separated(line, items);
                place_line(&mut settlement, position, parted.as_ref().unwrap_or(line), &amounts, items, terms);
            }
            Ok(None) => {}
            Err(error) => settlement.doubts.push(at(Doubt::note(error.code(), format!("Line {}: {error}.", position + 1)), line.place)),
        }
    }
    let paid: i64 = settlement.allocations.iter().map(|allocation| allocation.paid).sum();
    let alone: i64 = settlement.deductions.iter().filter(|deduction| deduction.allocation.is_none()).map(|deduction| deduction.amount).sum();
    settlement.on_account = terms.amount - paid + alone;
    assert_conserved(&settlement, terms.amount);
    settlement
}

/// The sums that must hold whatever was read; a failure here is a fault of ours and must stop before anything is written.
pub(crate) fn assert_conserved(settlement: &Settlement, amount: i64) {
    let mut taken = vec![0_i64; settlement.allocations.len()];
    let mut alone = 0;
    for deduction in &settlement.deductions {
        *deduction.allocation.map_or(&mut alone, |index| &mut taken[index]) += deduction.amount;
    }
    for (allocation, taken) in settlement.allocations.iter().zip(taken) {
        assert_eq!(allocation.gross, allocation.paid + allocation.discount + allocation.deducted, "allocation to {}", allocation.invoice_number);
        assert_eq!(taken, allocation.discount + allocation.deducted, "deductions on {}", allocation.invoice_number);
    }
    let paid: i64 = settlement.allocations.iter().map(|allocation| allocation.paid).sum();
    assert_eq!(amount, paid + settlement.on_account - alone, "payment");
}

fn place_line(settlement: &mut Settlement, position: usize, line: &AdviceLine, amounts: &Amounts, items: &mut OpenItems, terms: Terms) {
    let pays = amounts.net > 0 || (amounts.net == 0 && amounts.gross.unwrap_or(0) > 0);
    // A row that doesn't add up says by its net what it takes: a credit printed without its sign stands in two columns.
    if !pays && amounts.gross.is_some_and(|gross| gross > 0 && gross - amounts.reduced() == amounts.net) && !amounts.adjustments.is_empty() {
        return more_than_billed(settlement, position, line, amounts, items, terms);
    }
    if !pays {
        return stand_alone(settlement, position, line, amounts, items, terms);
    }
    let Some(reference) = line.reference.as_deref().filter(|reference| !reference.trim().is_empty()) else {
        if line.subject == LineSubject::Adjustment {
            return stand_alone(settlement, position, line, amounts, items, terms);
        }
        held::hold_back(settlement, position, line, amounts, None, terms);
        settlement.doubts.push(at(
            Doubt::note(
                "no_reference",
                format!(
                    "Line {} pays {} without naming an invoice; the amount is on account.",
                    position + 1,
                    crate::money::format_minor(amounts.net, terms.currency)
                ),
            ),
            line.place,
        ));
        return;
    };
    let candidates: Vec<i64> = [amounts.gross, Some(amounts.net), Some(amounts.net + amounts.reduced())].into_iter().flatten().collect();
    let found = items.find(reference).or_else(|| items.by_slip(reference, &candidates)).or_else(|| items.by_delivery(reference, &candidates));
    let found = found.or_else(|| items.repair(reference, &candidates)).or_else(|| items.by_suffix(reference, &candidates));
    match found {
        Some(found) => pay_item(settlement, position, line, amounts, items, found, terms),
        None if line.subject == LineSubject::Adjustment => stand_alone(settlement, position, line, amounts, items, terms),
        None => {
            let named = held::Named { invoice_number: reference.trim().to_owned(), customer_id: None };
            held::hold_back(settlement, position, line, amounts, Some(named), terms);
            settlement.unknown_invoices.push(reference.trim().to_owned());
            settlement.doubts.push(at(
                Doubt::note(
                    "unknown_reference",
                    format!(
                        "Line {} names {reference}, which is no open invoice of this customer; the amount is on account.{}",
                        position + 1,
                        mistyped(reference)
                    ),
                ),
                line.place,
            ));
        }
    }
}

/// What is said of a payment slip's reference whose check digit is wrong.
fn mistyped(reference: &str) -> String {
    with_wrong_digit(reference)
        .map_or_else(String::new, |scheme| format!(" It is written as a {} whose check digit is wrong: it was mistyped or misread.", scheme.plain()))
}

/// A line that takes more off its own gross than that is: all it takes is claimed, what it settles is on account.
fn more_than_billed(settlement: &mut Settlement, position: usize, line: &AdviceLine, amounts: &Amounts, items: &OpenItems, terms: Terms) {
    let reference = line.reference.as_deref().map(str::trim).filter(|reference| !reference.is_empty());
    let unknown = |number: &str| held::Named { invoice_number: number.to_owned(), customer_id: None };
    let named = reference.map(|number| items.find(number).map_or_else(|| unknown(number), |found| held::Named::of(&items.items[found.index])));
    let says = format!("Line {} takes more off {} than it bills; all of it is claimed.", position + 1, reference.unwrap_or("an invoice that it does not name"));
    settlement.doubts.push(at(Doubt::note("deduction_above_open", says), line.place));
    held::hold_back(settlement, position, line, amounts, named, terms);
}

fn pay_item(settlement: &mut Settlement, position: usize, line: &AdviceLine, amounts: &Amounts, items: &mut OpenItems, found: Found, terms: Terms) {
    let item = &mut items.items[found.index];
    if item.currency != terms.currency {
        held::hold_back(settlement, position, line, amounts, Some(held::Named::of(item)), terms);
        settlement.doubts.push(at(
            Doubt::note(
                "currency_mismatch",
                format!("Line {}: invoice {} is in {}, the payment in {}; it is held.", position + 1, item.invoice_number, item.currency, terms.currency),
            ),
            line.place,
        ));
        return;
    }
    if item.open <= 0 {
        held::hold_back(settlement, position, line, amounts, Some(held::Named::of(item)), terms);
        settlement.doubts.push(at(
            Doubt::note(
                "already_paid",
                format!("Line {} pays invoice {}, which is settled already; the amount is on account.", position + 1, item.invoice_number),
            ),
            line.place,
        ));
        return;
    }
    let reduced = amounts.reduced();
    // A printed gross below the open amount is a part payment; one above it is cut to what is open, the surplus stays on account.
    let stated = amounts.gross.unwrap_or_else(|| (amounts.net + reduced).max(item.open));
    let gross = stated.min(item.open);
    if stated <= 0 || reduced > gross {
        held::hold_back(settlement, position, line, amounts, Some(held::Named::of(item)), terms);
        let number = &item.invoice_number;
        settlement.doubts.push(at(
            Doubt::note("deduction_above_open", format!("Line {} takes more off invoice {number} than is open on it; the amount is on account.", position + 1)),
            line.place,
        ));
        return;
    }
    let mut silent = gross - amounts.net - reduced;
    if stated > gross {
        silent = silent.max(0);
    }
    // Paying more than the gross leaves the surplus on account.
    let silent_deducted = silent.max(0);
    let paid = gross - reduced - silent_deducted;
    let confidence = confidence_of(found.method, line, terms);
    let index = settlement.allocations.len();
    let on = held::On { line: position, allocation: Some(index), named: Some(held::Named::of(item)), confidence };
    let held = held::parts(line, amounts, silent_deducted, on, terms);
    let deducted = held.iter().filter(|deduction| deduction.shape != Shape::Discount).map(|deduction| deduction.amount).sum();
    settlement.deductions.extend(held);
    settlement.allocations.push(Allocation {
        line: position,
        invoice_number: item.invoice_number.clone(),
        customer_id: item.customer_id.clone(),
        gross,
        discount: amounts.discount,
        deducted,
        paid,
        method: found.method,
        confidence,
        place: line.place,
    });
    item.open -= gross;
}

/// A debit note, a claim at the end of an advice, a credit of ours that is netted: one deduction, no allocation.
fn stand_alone(settlement: &mut Settlement, position: usize, line: &AdviceLine, amounts: &Amounts, items: &OpenItems, terms: Terms) {
    if amounts.net == 0 {
        return;
    }
    let reference = line.reference.as_deref().filter(|reference| !reference.trim().is_empty());
    let adjustment = line.adjustments.first();
    let by_reference = reference.and_then(|reference| items.find(reference));
    let named = line.invoice_named.as_deref().and_then(|named| items.find(named));
    let text = line.text.clone().or_else(|| adjustment.and_then(|adjustment| adjustment.text.clone()));
    let in_words = || {
        let exact = |token: &str| items.find(token).filter(|found| found.method != AllocationMethod::Repaired).map(|found| found.index);
        crate::wording::subject_invoice(text.as_deref()?, exact).map(|index| &items.items[index])
    };
    let invoice = by_reference.or(named).map(|found| &items.items[found.index]).or_else(in_words);
    let debit_note = line
        .debit_note
        .clone()
        .or_else(|| adjustment.and_then(|adjustment| adjustment.reference.clone()))
        .or_else(|| reference.filter(|_| by_reference.is_none()).map(str::to_owned))
        .filter(|number| invoice.is_none_or(|invoice| normalise(number) != normalise(&invoice.invoice_number)));
    settlement.deductions.push(Deduction {
        line: position,
        part: 0,
        allocation: None,
        shape: Shape::StandAlone,
        amount: -amounts.net,
        invoice_number: invoice.map(|invoice| invoice.invoice_number.clone()),
        customer_id: invoice.map(|invoice| invoice.customer_id.clone()),
        debit_note_number: debit_note,
        code: line.code.clone().or_else(|| adjustment.and_then(|adjustment| adjustment.code.clone())),
        code_list: adjustment.filter(|_| line.code.is_none()).map_or(line.code_list, |adjustment| adjustment.code_list),
        text,
        place: line.place,
        within_tolerance: false,
        confidence: confidence_of(AllocationMethod::Stated, line, terms),
    });
}

fn confidence_of(method: AllocationMethod, line: &AdviceLine, terms: Terms) -> Confidence {
    let matched = match method {
        AllocationMethod::Stated => 1000,
        AllocationMethod::Exact => 995,
        AllocationMethod::Repaired => 960,
        _ => 900,
    };
    Confidence::from_thousandths(matched).and(terms.confidence).and(line.confidence.unwrap_or(Confidence::CERTAIN))
}

fn at(doubt: Doubt, place: Option<Place>) -> Doubt {
    Doubt { place, ..doubt }
}

/// The order in which a payment without an advice is put on open items when a person asks for a strategy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// By issue date.
    OldestFirst,
    /// By due date; what isn't due comes last.
    MostOverdueFirst,
    LargestFirst,
}

/// Splits `amount` minor units over open items in the order of the strategy; returns (position, minor units) pairs.
pub fn spread(items: &OpenItems, amount: i64, strategy: Strategy) -> Vec<(usize, i64)> {
    let mut order: Vec<usize> = (0..items.items.len()).filter(|index| items.items[*index].open > 0).collect();
    order.sort_by_key(|index| {
        let item = &items.items[*index];
        let due = item.due_date.unwrap_or(item.issue_date);
        let rank = match strategy {
            Strategy::OldestFirst => (Some(item.issue_date), 0),
            Strategy::MostOverdueFirst => (Some(due), 0),
            Strategy::LargestFirst => (None, -item.open),
        };
        (rank, item.invoice_number.clone())
    });
    let mut left = amount;
    let mut spread = Vec::new();
    for index in order {
        let part = left.min(items.items[index].open);
        if part <= 0 {
            break;
        }
        spread.push((index, part));
        left -= part;
    }
    spread
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::OpenItem;
    use crate::remittance::Adjustment;

    fn items(list: &[(&str, i64)]) -> OpenItems {
        OpenItems::new(
            list.iter()
                .map(|(number, open)| OpenItem {
                    invoice_number: (*number).to_owned(),
                    customer_id: "C1".into(),
                    currency: "EUR".parse().expect("currency"),
                    issue_date: "2026-01-01".parse().expect("date"),
                    due_date: None,
                    payment_terms: None,
                    purchase_order: None,
                    delivery_note: None,
                    total: *open,
                    open: *open,
                })
                .collect(),
        )
    }

    fn terms(amount: i64) -> Terms {
        Terms { currency: "EUR".parse().expect("currency"), amount, tolerance: 5, confidence: Confidence::CERTAIN }
    }

    fn line(reference: &str, gross: Option<i64>, discount: Option<i64>, adjustment: Option<i64>, net: i64) -> AdviceLine {
        let cents = |minor: i64| Decimal::new(minor, 2);
        AdviceLine {
            reference: (!reference.is_empty()).then(|| reference.to_owned()),
            gross: gross.map(cents),
            discount: discount.map(cents),
            adjustments: adjustment.map(|amount| Adjustment { amount: cents(amount), ..Adjustment::default() }).into_iter().collect(),
            net: Some(cents(net)),
            ..AdviceLine::default()
        }
    }

    #[test]
    fn every_shape_of_short_payment_becomes_its_deduction() {
        // (line, open, expected gross/discount/deducted/paid, deductions)
        let table: [(AdviceLine, i64, [i64; 4], Vec<(Shape, i64, bool)>); 6] = [
            (line("R1", Some(10_000), None, None, 10_000), 10_000, [10_000, 0, 0, 10_000], vec![]),
            (
                line("R1", Some(10_000), Some(200), Some(-500), 9_300),
                10_000,
                [10_000, 200, 500, 9_300],
                vec![(Shape::Discount, 200, false), (Shape::OnInvoice, 500, false)],
            ),
            (line("R1", Some(10_000), None, None, 9_000), 10_000, [10_000, 0, 1_000, 9_000], vec![(Shape::Silent, 1_000, false)]),
            (line("R1", None, None, None, 9_998), 10_000, [10_000, 0, 2, 9_998], vec![(Shape::Silent, 2, true)]),
            (line("R1", Some(5_000), Some(100), None, 4_900), 8_000, [5_000, 100, 0, 4_900], vec![(Shape::Discount, 100, false)]),
            (line("R1", Some(10_000), None, Some(-10_000), 0), 10_000, [10_000, 0, 10_000, 0], vec![(Shape::OnInvoice, 10_000, false)]),
        ];
        for (line, open, [gross, discount, deducted, paid], deductions) in table {
            let mut items = items(&[("R1", open)]);
            let settlement = allocate(std::slice::from_ref(&line), &mut items, terms(paid));
            let allocation = &settlement.allocations[0];
            assert_eq!([allocation.gross, allocation.discount, allocation.deducted, allocation.paid], [gross, discount, deducted, paid], "{line:?}");
            let found: Vec<_> = settlement.deductions.iter().map(|deduction| (deduction.shape, deduction.amount, deduction.within_tolerance)).collect();
            assert_eq!(found, deductions, "{line:?}");
            assert_eq!(settlement.on_account, 0);
        }
    }

    #[test]
    fn debit_notes_stand_alone_and_unknown_references_stay_on_account() {
        let mut items = items(&[("RE-100", 10_000)]);
        let lines = [line("RE-100", None, None, None, 10_000), line("RK-7", None, None, None, -700), line("RE-999", None, None, None, 5_000)];
        let settlement = allocate(&lines, &mut items, terms(14_300));
        assert_eq!(settlement.on_account, 5_000);
        let alone = &settlement.deductions[0];
        assert_eq!((alone.amount, alone.debit_note_number.as_deref(), alone.allocation), (700, Some("RK-7"), None));
        assert_eq!(settlement.doubts[0].code, "unknown_reference");
    }

    #[test]
    fn whatever_is_held_back_is_claimed_in_full_and_the_payment_conserved() {
        // (line, open on R-100 if it is on file, what is claimed, what is on account)
        let table: [(AdviceLine, Option<i64>, Vec<(Shape, i64)>, i64); 9] = [
            // A credit printed without its sign is what its net says, and no more.
            (line("R-100", Some(9_000), None, Some(-9_000), -9_000), Some(9_000), vec![(Shape::StandAlone, 9_000)], 0),
            // What is held back on an invoice that is settled already is a claim as well.
            (line("R-100", Some(10_000), Some(200), Some(-500), 9_300), Some(0), vec![(Shape::Discount, 200), (Shape::OnInvoice, 500)], 10_000),
            (line("R-100", Some(10_000), None, None, 9_997), Some(0), vec![(Shape::Silent, 3)], 10_000),
            (line("R-100", Some(10_000), Some(200), Some(-500), 9_300), None, vec![(Shape::Discount, 200), (Shape::OnInvoice, 500)], 10_000),
            (line("R-100", Some(10_000), None, None, 9_000), None, vec![(Shape::Silent, 1_000)], 10_000),
            (line("R-100", None, None, None, 9_000), None, vec![], 9_000),
            (line("", Some(10_000), None, Some(-500), 9_500), None, vec![(Shape::OnInvoice, 500)], 10_000),
            (line("R-100", Some(10_000), None, Some(-6_000), 4_000), Some(5_000), vec![(Shape::OnInvoice, 6_000)], 10_000),
            (line("R-100", Some(10_000), None, Some(-15_000), -5_000), Some(10_000), vec![(Shape::OnInvoice, 15_000)], 10_000),
        ];
        for (line, open, claimed, on_account) in table {
            let mut items = open.map_or_else(|| items(&[]), |open| items(&[("R-100", open)]));
            let paid = line.net.and_then(|net| Money::from_decimal(net, terms(0).currency).ok()).map_or(0, |net| net.minor);
            let settlement = allocate(std::slice::from_ref(&line), &mut items, terms(paid));
            let found: Vec<_> = settlement.deductions.iter().map(|deduction| (deduction.shape, deduction.amount)).collect();
            assert_eq!((found, settlement.on_account, settlement.allocations.len()), (claimed, on_account, 0), "{line:?}");
        }
    }

    #[test]
    fn a_line_may_name_the_order_of_an_invoice() {
        let mut items = items(&[("R-100", 10_000), ("R-101", 10_000), ("R-102", 7_000)]);
        for (index, order) in [(0, "PO-1"), (1, "PO-2"), (2, "PO-2")] {
            items.items[index].purchase_order = Some(order.to_owned());
        }
        let lines = [line("PO-1", Some(10_000), Some(200), Some(-500), 9_300), line("PO-2", None, None, None, 7_000), line("PO-2", None, None, None, 7_000)];
        let settlement = allocate(&lines, &mut items, terms(23_300));
        let paid: Vec<_> = settlement.allocations.iter().map(|one| (one.invoice_number.as_str(), one.paid, one.method)).collect();
        assert_eq!(paid, [("R-100", 9_300, AllocationMethod::Exact), ("R-102", 7_000, AllocationMethod::Exact)]);
        // The other invoice of that order is open with another amount: nothing is picked.
        assert_eq!((settlement.on_account, settlement.unknown_invoices), (7_000, vec!["PO-2".to_owned()]));
    }

    #[test]
    fn what_is_short_reads_the_same_wherever_its_invoice_is() {
        let short = line("R-100", Some(10_000), None, None, 9_000);
        let lines = [
            AdviceLine { text: Some("Short 2 cases".to_owned()), ..short.clone() },
            AdviceLine { reference: Some("R-100".to_owned()), code: Some("41".to_owned()), ..line("R-100", Some(10_000), None, None, 9_997) },
            AdviceLine { text: Some("Short 2 cases".to_owned()), ..line("R-100", Some(10_000), Some(200), None, 9_000) },
            line("R-100", Some(10_000), Some(200), Some(-500), 9_296),
        ];
        for line in lines {
            let said = |open: Option<i64>| -> Vec<_> {
                let mut items = open.map_or_else(|| items(&[]), |open| items(&[("R-100", open)]));
                let settlement = allocate(std::slice::from_ref(&line), &mut items, terms(10_000));
                settlement.deductions.into_iter().map(|one| (one.part, one.shape, one.amount, one.code, one.text, one.within_tolerance)).collect()
            };
            let placed = said(Some(10_000));
            assert!(!placed.is_empty(), "{line:?}");
            assert_eq!(said(None), placed, "not on file: {line:?}");
            assert_eq!(said(Some(0)), placed, "settled already: {line:?}");
        }
    }

    #[test]
    fn paying_again_or_too_much_stays_on_account() {
        let mut items = items(&[("R1", 10_000)]);
        let lines = [line("R1", None, None, None, 10_500), line("R1", None, None, None, 10_000)];
        let settlement = allocate(&lines, &mut items, terms(20_500));
        assert_eq!(settlement.allocations.len(), 1);
        assert_eq!(settlement.on_account, 10_500);
        assert_eq!(settlement.doubts[0].code, "already_paid");
    }

    #[test]
    fn strategies_order_the_open_items() {
        let mut list = items(&[("A", 300), ("B", 500), ("C", 200)]);
        list.items[2].issue_date = "2025-12-01".parse().expect("date");
        list.items[1].due_date = "2025-11-01".parse().ok();
        assert_eq!(spread(&list, 400, Strategy::OldestFirst), [(2, 200), (0, 200)]);
        assert_eq!(spread(&list, 600, Strategy::MostOverdueFirst), [(1, 500), (2, 100)]);
        assert_eq!(spread(&list, 600, Strategy::LargestFirst), [(1, 500), (0, 100)]);
    }

    /// An advice line for item `index` with what is taken off it, in minor units; every amount fits the item.
    fn line_of(index: usize, open: i64, discount: i64, deduction: i64) -> AdviceLine {
        let amount = |minor: i64| Decimal::new(minor, 2);
        let adjustments = if deduction == 0 { Vec::new() } else { vec![Adjustment { amount: -amount(deduction), ..Default::default() }] };
        AdviceLine {
            reference: Some(format!("INV-{index:05}")),
            gross: Some(amount(open)),
            discount: Some(amount(discount)).filter(|discount| !discount.is_zero()),
            net: Some(amount(open - discount - deduction)),
            adjustments,
            ..AdviceLine::default()
        }
    }

    proptest::proptest! {
        #[test]
        fn the_result_does_not_depend_on_the_order_of_lines(
            parts in proptest::collection::vec((100_i64..1_000_000, 0_i64..50, 0_i64..50), 1..30),
            turn in 0_usize..30,
        ) {
            let currency: Currency = "EUR".parse().expect("a currency of the test");
            let items: Vec<OpenItem> = parts
                .iter()
                .enumerate()
                .map(|(index, (open, _, _))| OpenItem {
                    invoice_number: format!("INV-{index:05}"),
                    customer_id: "C1".to_owned(),
                    currency,
                    issue_date: "2026-03-02".parse().expect("a date of the test"),
                    due_date: None,
                    payment_terms: None,
                    purchase_order: None,
                    delivery_note: None,
                    total: *open,
                    open: *open,
                })
                .collect();
            let mut lines: Vec<AdviceLine> = parts.iter().enumerate().map(|(index, (open, discount, deduction))| line_of(index, *open, *discount, *deduction)).collect();
            let amount: i64 = parts.iter().map(|(open, discount, deduction)| open - discount - deduction).sum();
            let terms = Terms { currency, amount, tolerance: 5, confidence: Confidence::CERTAIN };
            let settled = |lines: &[AdviceLine]| {
                let mut open = OpenItems::new(items.clone());
                let settlement = allocate(lines, &mut open, terms);
                let mut allocations: Vec<_> = settlement.allocations.iter().map(|one| (one.invoice_number.clone(), one.gross, one.discount, one.deducted, one.paid)).collect();
                allocations.sort();
                (allocations, settlement.on_account, open.items.iter().map(|item| item.open).collect::<Vec<_>>())
            };
            let first = settled(&lines);
            lines.rotate_left(turn % parts.len());
            lines.reverse();
            proptest::prop_assert_eq!(&settled(&lines), &first);
            // Everything is paid, taken off or on account, to the cent.
            proptest::prop_assert_eq!(first.1, 0);
            proptest::prop_assert!(first.2.iter().all(|open| *open == 0));
        }
    }
}

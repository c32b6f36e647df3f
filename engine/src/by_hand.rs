//! A payment put onto open items by a person, beside what stands of it already: every amount is said, and nothing is left over unsaid.

use thiserror::Error;

use crate::allocation::{Allocation, Deduction, Settlement, Terms, assert_conserved};
use crate::matching::OpenItems;
use crate::money::Money;
use crate::reading::Confidence;
use crate::remittance::CodeList;
use crate::taxonomy::AllocationMethod;
use crate::verdict::Shape;

/// What a person puts on one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub invoice_number: String,
    /// Minor units of the payment's currency.
    pub paid: i64,
    /// What is missing of the item is held back and becomes a claim; else it stays open.
    pub claims_rest: bool,
}

/// Why a payment can't be put so. Nothing was changed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NotPut {
    #[error("Nothing was put on any item yet: write an amount beside one, or let a strategy fill them.")]
    Nothing,
    #[error("{0} is no open item of this customer or its group.")]
    UnknownItem(String),
    #[error("{0} is named twice: give it one amount.")]
    Twice(String),
    #[error("{invoice_number} is in {item}, the payment in {payment}.")]
    OtherCurrency { invoice_number: String, item: String, payment: String },
    #[error("The amount on {0} must be more than nothing.")]
    NotPositive(String),
    #[error("{invoice_number} has {open} {} open, which is less than what was put on it.", .open.currency)]
    AboveOpen { invoice_number: String, open: Money },
    #[error("{0} {currency} more was put on items than is left of the payment.", currency = .0.currency)]
    MoreThanReceived(Money),
    #[error("{0} {currency} is left to explain: put it on an item, or say that it stays on account.", currency = .0.currency)]
    LeftToExplain(Money),
}

/// Minor units that nobody has explained yet once `parts` are put; below nothing they are more than is left.
pub fn left_to_explain(on_account: i64, parts: &[Part]) -> i64 {
    parts.iter().fold(on_account, |left, part| left.saturating_sub(part.paid))
}

/// Puts what `standing` has on account onto items. What is left stays on account only when the person says so.
///
/// # Errors
/// Says what doesn't fit, in a sentence for whoever put it.
pub fn put(standing: &Settlement, parts: &[Part], items: &OpenItems, terms: Terms, stays_on_account: bool) -> Result<Settlement, NotPut> {
    if parts.is_empty() {
        return Err(NotPut::Nothing);
    }
    let left = left_to_explain(standing.on_account, parts);
    let mut settlement = standing.clone();
    let lines = standing.allocations.iter().map(|allocation| allocation.line).chain(standing.deductions.iter().map(|deduction| deduction.line));
    let first_line = lines.max().map_or(0, |line| line + 1);
    for (index, (line, part)) in (first_line..).zip(parts).enumerate() {
        if parts[..index].iter().any(|before| before.invoice_number == part.invoice_number) {
            return Err(NotPut::Twice(part.invoice_number.clone()));
        }
        put_part(&mut settlement, line, part, items, terms)?;
    }
    if left < 0 {
        return Err(NotPut::MoreThanReceived(Money::new(-left, terms.currency)));
    }
    if left > 0 && !stays_on_account {
        return Err(NotPut::LeftToExplain(Money::new(left, terms.currency)));
    }
    settlement.on_account = left;
    assert_conserved(&settlement, terms.amount);
    Ok(settlement)
}

fn put_part(settlement: &mut Settlement, line: usize, part: &Part, items: &OpenItems, terms: Terms) -> Result<(), NotPut> {
    let number = &part.invoice_number;
    let item = items.items.iter().find(|item| item.invoice_number == *number && item.open > 0).ok_or_else(|| NotPut::UnknownItem(number.clone()))?;
    if item.currency != terms.currency {
        return Err(NotPut::OtherCurrency { invoice_number: number.clone(), item: item.currency.to_string(), payment: terms.currency.to_string() });
    }
    if part.paid <= 0 {
        return Err(NotPut::NotPositive(number.clone()));
    }
    if part.paid > item.open {
        return Err(NotPut::AboveOpen { invoice_number: number.clone(), open: Money::new(item.open, item.currency) });
    }
    let deducted = if part.claims_rest { item.open - part.paid } else { 0 };
    if deducted > 0 {
        settlement.deductions.push(Deduction {
            line,
            part: 0,
            allocation: Some(settlement.allocations.len()),
            shape: Shape::Silent,
            amount: deducted,
            invoice_number: Some(number.clone()),
            customer_id: Some(item.customer_id.clone()),
            debit_note_number: None,
            code: None,
            code_list: CodeList::Customer,
            text: None,
            place: None,
            within_tolerance: deducted <= terms.tolerance,
            confidence: Confidence::CERTAIN,
        });
    }
    settlement.allocations.push(Allocation {
        line,
        invoice_number: number.clone(),
        customer_id: item.customer_id.clone(),
        gross: part.paid + deducted,
        discount: 0,
        deducted,
        paid: part.paid,
        method: AllocationMethod::Manual,
        confidence: Confidence::CERTAIN,
        place: None,
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::allocation::allocate;
    use crate::matching::OpenItem;
    use crate::money::Currency;
    use crate::remittance::{AdviceLine, LineSubject};

    fn items(open: &[i64]) -> OpenItems {
        let item = |(index, open): (usize, &i64)| OpenItem {
            invoice_number: format!("R-{index}"),
            customer_id: "C1".to_owned(),
            currency: "EUR".parse().expect("a currency"),
            issue_date: "2026-03-02".parse().expect("a date"),
            due_date: None,
            payment_terms: None,
            purchase_order: None,
            delivery_note: None,
            total: *open,
            open: *open,
        };
        OpenItems::new(open.iter().enumerate().map(item).collect())
    }

    fn terms(amount: i64) -> Terms {
        Terms { currency: "EUR".parse().expect("a currency"), amount, tolerance: 5, confidence: Confidence::CERTAIN }
    }

    fn on_account(amount: i64) -> Settlement {
        Settlement { on_account: amount, ..Settlement::default() }
    }

    fn part(number: &str, paid: i64, claims_rest: bool) -> Part {
        Part { invoice_number: number.to_owned(), paid, claims_rest }
    }

    #[test]
    fn what_does_not_fit_is_said_and_what_fits_adds_up() {
        let euros = |minor| Money::new(minor, "EUR".parse::<Currency>().expect("a currency"));
        let table = [
            (vec![], false, Err(NotPut::Nothing)),
            (vec![part("R-9", 10, false)], true, Err(NotPut::UnknownItem("R-9".to_owned()))),
            (vec![part("R-0", 400, false), part("R-0", 600, false)], false, Err(NotPut::Twice("R-0".to_owned()))),
            (vec![part("R-0", 0, false)], true, Err(NotPut::NotPositive("R-0".to_owned()))),
            (vec![part("R-1", 600, false)], true, Err(NotPut::AboveOpen { invoice_number: "R-1".to_owned(), open: euros(500) })),
            (vec![part("R-0", 800, false), part("R-1", 300, false)], true, Err(NotPut::MoreThanReceived(euros(100)))),
            (vec![part("R-0", 800, false)], false, Err(NotPut::LeftToExplain(euros(200)))),
            (vec![part("R-0", 800, false)], true, Ok((200, 0))),
            (vec![part("R-0", 1_000, false)], false, Ok((0, 0))),
            (vec![part("R-0", 700, true), part("R-1", 300, false)], false, Ok((0, 500))),
        ];
        for (parts, stays, expected) in table {
            let found = put(&on_account(1_000), &parts, &items(&[1_200, 500]), terms(1_000), stays);
            let found = found.map(|settlement| (settlement.on_account, settlement.deductions.iter().map(|deduction| deduction.amount).sum::<i64>()));
            assert_eq!(found, expected, "{parts:?}");
        }
        let cents = put(&on_account(1_196), &[part("R-0", 1_196, true)], &items(&[1_200]), terms(1_196), false).expect("put");
        assert!(cents.deductions[0].within_tolerance, "a few cents are let go as everywhere");
    }

    proptest! {
        /// Whatever is put beside whatever stands: paid, held back and on account add up, and no item is settled beyond what is open.
        #[test]
        fn hand_allocations_conserve_the_payment(
            open in proptest::collection::vec(1_i64..100_000, 2..8),
            stated in 1_i64..100_000,
            surplus in 0_i64..100_000,
            wanted in proptest::collection::vec((1_i64..100_000, any::<bool>()), 1..8),
        ) {
            let mut items = items(&open);
            let line = AdviceLine {
                subject: LineSubject::Invoice,
                reference: Some("R-0".to_owned()),
                net: Some(Money::new(stated.min(open[0]), terms(0).currency).to_decimal()),
                ..AdviceLine::default()
            };
            let amount = stated.min(open[0]) + surplus;
            let standing = allocate(&[line], &mut items, terms(amount));
            prop_assert_eq!(standing.on_account, surplus);
            let parts: Vec<Part> = wanted
                .iter()
                .enumerate()
                .filter(|(index, _)| index + 1 < open.len())
                .map(|(index, (paid, claims_rest))| part(&format!("R-{}", index + 1), (*paid).min(open[index + 1]), *claims_rest))
                .collect();
            match put(&standing, &parts, &items, terms(amount), true) {
                Err(refused) => prop_assert!(matches!(refused, NotPut::MoreThanReceived(_)), "{:?}", refused),
                Ok(settlement) => {
                    let paid: i64 = settlement.allocations.iter().map(|allocation| allocation.paid).sum();
                    prop_assert_eq!(amount, paid + settlement.on_account);
                    prop_assert!(settlement.on_account >= 0);
                    for allocation in &settlement.allocations {
                        prop_assert_eq!(allocation.gross, allocation.paid + allocation.discount + allocation.deducted);
                        let index: usize = allocation.invoice_number[2..].parse().expect("a number");
                        prop_assert!(allocation.gross <= open[index]);
                    }
                    prop_assert_eq!(&settlement.allocations[..standing.allocations.len()], &standing.allocations[..]);
                }
            }
        }
    }
}

//! Which invoice a line means, and which customer a payer is. Nothing is invented: ties go to a person.

pub mod combination;
pub mod payer;

use std::collections::HashMap;

use jiff::civil::Date;

use crate::money::Currency;
use crate::reference::{confusable_form, digits_only, is_one_misreading_apart, normalise};
use crate::taxonomy::AllocationMethod;

/// An invoice with what is still open on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenItem {
    pub invoice_number: String,
    pub customer_id: String,
    pub currency: Currency,
    pub issue_date: Date,
    pub due_date: Option<Date>,
    /// Blank means the customer's.
    pub payment_terms: Option<String>,
    /// Minor units.
    pub total: i64,
    /// Minor units; what no payment has settled yet.
    pub open: i64,
}

/// A reference found among the open items, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub index: usize,
    pub method: AllocationMethod,
}

/// Open items by every form a customer may write their numbers in.
#[derive(Debug, Default)]
pub struct OpenItems {
    pub items: Vec<OpenItem>,
    by_number: HashMap<String, usize>,
    by_normalised: HashMap<String, Vec<usize>>,
    by_digits: HashMap<String, Vec<usize>>,
    by_confusable: HashMap<String, Vec<usize>>,
}

impl OpenItems {
    pub fn new(items: Vec<OpenItem>) -> Self {
        let mut index = Self { items: Vec::with_capacity(items.len()), ..Self::default() };
        for item in items {
            let at = index.items.len();
            index.by_number.insert(item.invoice_number.clone(), at);
            index.by_normalised.entry(normalise(&item.invoice_number)).or_default().push(at);
            index.by_digits.entry(digits_only(&item.invoice_number)).or_default().push(at);
            index.by_confusable.entry(confusable_form(&item.invoice_number)).or_default().push(at);
            index.items.push(item);
        }
        index
    }

    /// The item a reference names: literally, without its clothes, by its digits alone, or with confusable characters made equal. Ties are no match.
    pub fn find(&self, reference: &str) -> Option<Found> {
        let trimmed = reference.trim();
        if let Some(index) = self.by_number.get(trimmed) {
            return Some(Found { index: *index, method: AllocationMethod::Stated });
        }
        let only = |list: Option<&Vec<usize>>| list.filter(|list| list.len() == 1).map(|list| list[0]);
        if let Some(index) = only(self.by_normalised.get(&normalise(trimmed))) {
            return Some(Found { index, method: AllocationMethod::Exact });
        }
        let digits = digits_only(trimmed);
        if digits.len() >= 5
            && digits.len() + 1 >= normalise(trimmed).trim_start_matches('0').len()
            && let Some(index) = only(self.by_digits.get(&digits))
        {
            return Some(Found { index, method: AllocationMethod::Exact });
        }
        only(self.by_confusable.get(&confusable_form(trimmed))).map(|index| Found { index, method: AllocationMethod::Repaired })
    }

    /// The one item that is a single misreading away and whose open amount is one of `amounts` (minor units).
    pub fn repair(&self, reference: &str, amounts: &[i64]) -> Option<Found> {
        let mut fitting = self
            .items
            .iter()
            .enumerate()
            .filter(|(_, item)| amounts.contains(&item.open) && item.open != 0 && is_one_misreading_apart(reference, &item.invoice_number));
        let (index, _) = fitting.next()?;
        fitting.next().is_none().then_some(Found { index, method: AllocationMethod::Repaired })
    }

    /// The one item whose number ends with the digits that a truncated text left, when the amount agrees too.
    pub fn by_suffix(&self, reference: &str, amounts: &[i64]) -> Option<Found> {
        let tail = normalise(reference);
        if tail.len() < 4 {
            return None;
        }
        let mut fitting = self
            .items
            .iter()
            .enumerate()
            .filter(|(_, item)| amounts.contains(&item.open) && item.open != 0 && normalise(&item.invoice_number).ends_with(&tail));
        let (index, _) = fitting.next()?;
        fitting.next().is_none().then_some(Found { index, method: AllocationMethod::Repaired })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items() -> OpenItems {
        let item = |number: &str, open| OpenItem {
            invoice_number: number.to_owned(),
            customer_id: "C1".into(),
            currency: "EUR".parse().expect("currency"),
            issue_date: "2026-01-01".parse().expect("date"),
            due_date: None,
            payment_terms: None,
            total: open,
            open,
        };
        OpenItems::new(vec![item("FA26/000065", 100), item("FA26/000066", 200), item("INV-2026-00490", 300), item("202600108", 400)])
    }

    #[test]
    fn references_are_found_in_the_forms_people_write() {
        let items = items();
        for (reference, expected, method) in [
            ("FA26/000065", "FA26/000065", AllocationMethod::Stated),
            ("fa26 000066", "FA26/000066", AllocationMethod::Exact),
            ("2026-00490", "INV-2026-00490", AllocationMethod::Exact),
            ("INV-2O26-OO49O", "INV-2026-00490", AllocationMethod::Repaired),
        ] {
            let found = items.find(reference).unwrap_or_else(|| panic!("{reference}"));
            assert_eq!((items.items[found.index].invoice_number.as_str(), found.method), (expected, method));
        }
        assert_eq!(items.find("RK-25141"), None);
        assert_eq!(items.find("65"), None, "a short number is no reference");
    }

    #[test]
    fn a_repair_needs_the_amount_to_agree() {
        let items = items();
        assert!(items.repair("INV-2026-0049", &[300]).is_some());
        assert!(items.repair("INV-2026-0049", &[301]).is_none());
        assert!(items.by_suffix("00490", &[300]).is_some());
    }
}

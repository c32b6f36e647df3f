//! Which invoice a line means, and which customer a payer is. Nothing is invented: ties go to a person.

pub mod combination;
pub mod payer;

use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use jiff::civil::Date;

use crate::money::Currency;
use crate::reference::slip::proven;
use crate::reference::{confusable_form, digits_only, is_one_misreading_apart, looks_the_same, normalise};
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
    pub purchase_order: Option<String>,
    pub delivery_note: Option<String>,
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

/// Open items by every form a customer may write their numbers in. The literal number is indexed at once, the other forms when one is asked for.
#[derive(Debug, Default)]
pub struct OpenItems {
    pub items: Vec<OpenItem>,
    by_number: HashMap<String, usize>,
    by_normalised: Index,
    by_digits: Index,
    by_confusable: Index,
    /// Positions by purchase order and delivery note, normalised; several invoices may share one.
    by_delivery: OnceLock<HashMap<String, Vec<usize>>>,
}

/// Positions by one form of the number, made at first use; `None` where several items share it.
type Index = OnceLock<HashMap<String, Option<usize>>>;

impl OpenItems {
    pub fn new(items: Vec<OpenItem>) -> Self {
        let by_number = items.iter().enumerate().map(|(index, item)| (item.invoice_number.clone(), index)).collect();
        Self { items, by_number, ..Self::default() }
    }

    /// The item a reference names: literally, without its clothes, by its digits alone, or with confusable characters made equal. Ties are no match.
    pub fn find(&self, reference: &str) -> Option<Found> {
        let trimmed = reference.trim();
        if let Some(index) = self.by_number.get(trimmed) {
            return Some(Found { index: *index, method: AllocationMethod::Stated });
        }
        let normalised = normalise(trimmed);
        if let Some(index) = self.only(&self.by_normalised, normalise, &normalised) {
            return Some(Found { index, method: AllocationMethod::Exact });
        }
        let digits = digits_only(trimmed);
        if digits.len() >= 5
            && digits.len() + 1 >= normalised.trim_start_matches('0').len()
            && let Some(index) = self.only(&self.by_digits, digits_only, &digits)
        {
            return Some(Found { index, method: AllocationMethod::Exact });
        }
        let confusable = self.only(&self.by_confusable, confusable_form, &confusable_form(trimmed));
        confusable.map(|index| Found { index, method: AllocationMethod::Repaired })
    }

    fn only(&self, index: &Index, form: fn(&str) -> String, wanted: &str) -> Option<usize> {
        let made = index.get_or_init(|| {
            let mut made: HashMap<String, Option<usize>> = HashMap::with_capacity(self.items.len());
            for (position, item) in self.items.iter().enumerate() {
                made.entry(form(&item.invoice_number)).and_modify(|known| *known = None).or_insert(Some(position));
            }
            made
        });
        made.get(wanted).copied().flatten()
    }

    /// The one item that a payment slip's reference carries the number of, its check digit being right: alone, or behind a number of the customer when the
    /// open amount is one of `amounts` (minor units) too. Where the form is not certain the amount has to agree in any case.
    pub fn by_slip(&self, reference: &str, amounts: &[i64]) -> Option<Found> {
        let mut found = BTreeSet::new();
        for slip in proven(reference) {
            let agrees = |index: &usize| self.items[*index].open != 0 && amounts.contains(&self.items[*index].open);
            let whole = self.only(&self.by_digits, digits_only, &slip.payload).or_else(|| self.only(&self.by_normalised, normalise, &slip.payload));
            let ends_it = |index: &usize| {
                let digits = digits_only(&self.items[*index].invoice_number);
                digits.len() >= 5 && slip.payload.ends_with(&digits)
            };
            match whole {
                Some(index) => found.extend([index].iter().filter(|index| slip.is_certain || agrees(index))),
                None => found.extend((0..self.items.len()).filter(agrees).filter(ends_it)),
            }
        }
        let index = found.pop_first().filter(|_| found.is_empty())?;
        Some(Found { index, method: AllocationMethod::Exact })
    }

    /// The one item that was billed for a purchase order or a delivery note of this number and whose open amount is one of `amounts` (minor units). Of
    /// several that fit none is picked.
    pub fn by_delivery(&self, reference: &str, amounts: &[i64]) -> Option<Found> {
        let made = self.by_delivery.get_or_init(|| {
            let mut made: HashMap<String, Vec<usize>> = HashMap::new();
            for (position, item) in self.items.iter().enumerate() {
                let keys: BTreeSet<String> = [&item.purchase_order, &item.delivery_note].into_iter().flatten().map(|number| normalise(number)).collect();
                for key in keys.into_iter().filter(|key| key.len() >= 3) {
                    made.entry(key).or_default().push(position);
                }
            }
            made
        });
        let agrees = |index: &&usize| self.items[**index].open != 0 && amounts.contains(&self.items[**index].open);
        let fitting: Vec<usize> = made.get(&normalise(reference))?.iter().filter(agrees).copied().collect();
        if let [index] = fitting[..] { Some(Found { index, method: AllocationMethod::Exact }) } else { None }
    }

    /// The one item whose open amount is one of `amounts` (minor units) and whose number is a single misreading away, else looks the same.
    pub fn repair(&self, reference: &str, amounts: &[i64]) -> Option<Found> {
        let fitting: Vec<usize> = (0..self.items.len()).filter(|index| self.items[*index].open != 0 && amounts.contains(&self.items[*index].open)).collect();
        let alike = |alike: fn(&str, &str) -> bool| -> Vec<usize> {
            fitting.iter().copied().filter(|index| alike(reference, &self.items[*index].invoice_number)).collect()
        };
        let mut found = alike(is_one_misreading_apart);
        if found.is_empty() {
            found = alike(looks_the_same);
        }
        if let [index] = found[..] { Some(Found { index, method: AllocationMethod::Repaired }) } else { None }
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
            purchase_order: None,
            delivery_note: None,
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
    fn a_payment_slip_names_the_invoice_it_carries() {
        let items = items();
        let found = |reference: &str, amount| items.by_slip(reference, &[amount]).map(|found| items.items[found.index].invoice_number.as_str());
        // The payload is 202600490 behind zeros; whatever was paid, the reference is certain.
        assert_eq!(found("00 00000 00000 00000 20260 04906", 1), Some("INV-2026-00490"));
        assert_eq!(found("00 00000 00000 00000 20260 04907", 300), None, "a wrong digit");
        assert_eq!(found("RF21 2026 0049 0", 1), Some("INV-2026-00490"));
        // Behind a customer's number, and in forms that a number may have by chance, the amount has to agree.
        assert_eq!((found("00 00000 00004 71100 20260 01080", 400), found("00 00000 00004 71100 20260 01080", 1)), (Some("202600108"), None));
        assert_eq!((found("2026004909", 300), found("2026004909", 1)), (Some("INV-2026-00490"), None), "a Swedish reference");
    }

    #[test]
    fn an_order_or_a_delivery_note_names_its_invoice_where_the_amount_agrees() {
        let mut items = items();
        for (index, order, note) in [(0, "PO-4711", "L-10"), (1, "PO-4711", "L-2"), (2, "PO-4712", "PO-4712"), (3, "PO-4713", "L-3")] {
            (items.items[index].purchase_order, items.items[index].delivery_note) = (Some(order.to_owned()), Some(note.to_owned()));
        }
        items.items[3].open = 300;
        items.items[3].delivery_note = Some("L-2".to_owned());
        items.items[1].open = 300;
        let found = |reference: &str, amount| items.by_delivery(reference, &[amount]).map(|found| found.index);
        assert_eq!([found("PO-4711", 100), found("po 4711", 300), found("PO-4712", 300), found("l10", 100)], [Some(0), Some(1), Some(2), Some(0)]);
        assert_eq!([found("PO-4711", 101), found("L-2", 300), found("PO-47", 100), found("PO-4713", 400)], [None; 4], "another amount, two that fit, a part");
    }

    #[test]
    fn a_repair_needs_the_amount_to_agree() {
        let items = items();
        assert!(items.repair("INV-2026-0049", &[300]).is_some());
        assert!(items.repair("INV-2026-0049", &[301]).is_none());
        assert!(items.repair("FA26/680065", &[100]).is_some(), "zeros seen as other round digits");
        assert!(items.repair("FA26/680065", &[101]).is_none());
        assert!(items.by_suffix("00490", &[300]).is_some());
    }
}

//! What was deducted and judged before: found by number, by invoice and by agreement, so that nothing is paid twice.

use std::collections::HashMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::consumption::{Lot, Taken};
use crate::money::Currency;
use crate::reference::{normalise, number_tokens};
use crate::taxonomy::Category;

/// A deduction that was judged before the one at hand.
#[derive(Clone, Debug)]
pub struct EarlierDeduction {
    pub deduction_id: String,
    /// Order of arrival: payment, line, part.
    pub position: (i64, i64, i64),
    pub customer_id: String,
    pub reference: Option<String>,
    pub invoice_number: Option<String>,
    pub agreement_id: Option<String>,
    pub category: Category,
    /// Minor units.
    pub amount: i64,
    /// Minor units that were found owed.
    pub valid_amount: i64,
    /// The units that it was paid for under its agreement; none where that gives a sum, and where nothing was owed.
    pub took: Vec<Taken>,
    pub text: String,
}

/// A small claim that was let go before the one at hand.
#[derive(Clone, Debug)]
pub struct LetGo {
    /// Order of arrival: payment, line, part.
    pub position: (i64, i64, i64),
    pub customer_id: String,
    pub category: Category,
    pub currency: Currency,
    /// Year and month of its payment; `None` while nobody has told the day.
    pub month: Option<(i16, i8)>,
    /// What was given up, in minor units.
    pub amount: i64,
}

/// Year and month of a day.
pub fn month_of(day: Date) -> (i16, i8) {
    (day.year(), day.month())
}

/// What was let go before of one customer, in minor units of one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SmallClaims {
    /// In the month at hand.
    pub in_month: i64,
    /// Each claim of the category at hand.
    pub of_category: Vec<i64>,
}

/// Earlier deductions in the order in which they were judged.
#[derive(Clone, Debug, Default)]
pub struct History {
    list: Vec<EarlierDeduction>,
    by_reference: HashMap<String, Vec<usize>>,
    by_invoice: HashMap<String, Vec<usize>>,
    /// Minor units found owed under each agreement.
    consumed: HashMap<String, i64>,
    /// What was taken of the lots of each agreement.
    taken: HashMap<(String, Lot), Vec<(usize, Decimal)>>,
    /// Found owed under an agreement, and of which units is not known.
    without_units: HashMap<String, Vec<usize>>,
    /// What was let go of each customer.
    let_go: HashMap<String, Vec<LetGo>>,
}

impl History {
    pub fn new(list: impl IntoIterator<Item = EarlierDeduction>) -> Self {
        let mut history = Self::default();
        for earlier in list {
            history.remember(earlier);
        }
        history
    }

    pub fn remember(&mut self, earlier: EarlierDeduction) {
        let position = self.list.len();
        if let Some(reference) = &earlier.reference {
            self.by_reference.entry(normalise(reference)).or_default().push(position);
        }
        if earlier.category == Category::Offset {
            // A credit may be named in the words alone.
            for token in number_tokens(&earlier.text).map(normalise).filter(|token| earlier.reference.as_deref().map(normalise).as_ref() != Some(token)) {
                self.by_reference.entry(token).or_default().push(position);
            }
        }
        if let Some(invoice) = &earlier.invoice_number {
            self.by_invoice.entry(invoice.clone()).or_default().push(position);
        }
        if let Some(agreement) = &earlier.agreement_id {
            *self.consumed.entry(agreement.clone()).or_default() += earlier.valid_amount;
            for taken in &earlier.took {
                self.taken.entry((agreement.clone(), taken.lot.clone())).or_default().push((position, taken.units));
            }
            if earlier.took.is_empty() && earlier.valid_amount != 0 {
                self.without_units.entry(agreement.clone()).or_default().push(position);
            }
        }
        self.list.push(earlier);
    }

    pub fn let_go(&mut self, small: LetGo) {
        self.let_go.entry(small.customer_id.clone()).or_default().push(small);
    }

    /// The small claims of a customer that were let go before.
    pub fn small_claims(&self, customer_id: &str, category: Category, currency: Currency, month: Option<(i16, i8)>) -> SmallClaims {
        let of_customer = || self.let_go.get(customer_id).into_iter().flatten().filter(|small| small.currency == currency);
        SmallClaims {
            in_month: of_customer().filter(|small| small.month == month).map(|small| small.amount).sum(),
            of_category: of_customer().filter(|small| small.category == category).map(|small| small.amount).collect(),
        }
    }

    /// Deductions that bear a number, compared in its normalised form.
    pub fn with_reference(&self, number: &str) -> impl Iterator<Item = &EarlierDeduction> {
        self.by_reference.get(&normalise(number)).into_iter().flatten().map(|position| &self.list[*position])
    }

    pub fn on_invoice(&self, number: &str) -> impl Iterator<Item = &EarlierDeduction> {
        self.by_invoice.get(number).into_iter().flatten().map(|position| &self.list[*position])
    }

    /// What was taken of a lot of an agreement before, in base units, and by which deductions.
    pub fn taken(&self, agreement_id: &str, lot: &Lot) -> impl Iterator<Item = (&EarlierDeduction, Decimal)> {
        let key = (agreement_id.to_owned(), lot.clone());
        self.taken.get(&key).into_iter().flatten().map(|(position, units)| (&self.list[*position], *units))
    }

    /// What was found owed under an agreement before, and nobody noted for which units.
    pub fn without_units(&self, agreement_id: &str) -> impl Iterator<Item = &EarlierDeduction> {
        self.without_units.get(agreement_id).into_iter().flatten().map(|position| &self.list[*position])
    }

    /// What was found owed under an agreement, in minor units.
    pub fn consumed(&self, agreement_id: &str) -> i64 {
        self.consumed.get(agreement_id).copied().unwrap_or(0)
    }
}

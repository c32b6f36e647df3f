//! What agreements give is consumed like stock: the same unit of an article, billed once or scanned in one week, is never paid for twice.
//!
//! A deduction that is found owed takes units of lots. What it took is kept with its verdict; what is left of a lot is its stock less what every earlier
//! deduction took, whatever its number, its code or its words.

use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use crate::agreement::Agreement;
use crate::facts::Facts;

/// Where units come from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Billed by the invoice of this number.
    Invoice(String),
    /// Scanned in the week that begins on this day.
    Week(Date),
}

/// Units of one article that an agreement pays for once.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Lot {
    pub sku: String,
    pub source: Source,
}

impl std::fmt::Display for Lot {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.source {
            Source::Invoice(number) => write!(formatter, "{} of invoice {number}", self.sku),
            Source::Week(day) => write!(formatter, "{} of the week of {day}", self.sku),
        }
    }
}

/// What one deduction took of a lot, in base units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    #[serde(flatten)]
    pub lot: Lot,
    pub units: Decimal,
}

/// The base units of a lot that are on file; `None` where a unit of the invoice does not convert by the master data.
pub fn stock(facts: &Facts, agreement: &Agreement, lot: &Lot) -> Option<Decimal> {
    match &lot.source {
        Source::Invoice(number) => {
            let product = facts.products.get(&lot.sku);
            let lines = facts.lines_of(number).iter().filter(|line| line.sku.as_ref() == Some(&lot.sku));
            lines.map(|line| product.map_or(Some(line.quantity), |product| product.to_base(line.quantity, line.unit.as_deref()))).sum()
        }
        Source::Week(day) => {
            let group = facts.group(&agreement.customer_id);
            let weeks = group.iter().filter_map(|member| facts.scans.get(member)).flatten();
            Some(weeks.filter(|week| week.sku == lot.sku && week.week_starting == *day).map(|week| week.units).sum())
        }
    }
}

/// What a claim asks of a lot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub lot: Lot,
    /// Base units that are on file of it.
    pub stock: Decimal,
    /// Base units that are claimed, no more than the stock.
    pub units: Decimal,
    /// What the agreement gives for the claimed units.
    pub gives: Decimal,
}

impl Asked {
    /// What is left of it once `used` base units are gone: the units, and what they give.
    pub fn left(&self, used: Decimal) -> (Decimal, Decimal) {
        let units = self.units.min(self.stock - used).max(Decimal::ZERO);
        let gives = if units == self.units || self.units.is_zero() { self.gives } else { self.gives * units / self.units };
        (units, gives)
    }
}

/// Takes as much of what is left as `amount` pays for, lot by lot in their order. `left` holds for each lot its units and what they give.
pub(crate) fn take(left: impl IntoIterator<Item = (Lot, Decimal, Decimal)>, amount: Decimal) -> Vec<Taken> {
    let mut amount = amount;
    let mut taken = Vec::new();
    for (lot, units, gives) in left {
        if amount <= Decimal::ZERO || units <= Decimal::ZERO || gives <= Decimal::ZERO {
            continue;
        }
        // A part of a unit is rounded up: what is left never gives more than was agreed.
        let units = if amount >= gives { units } else { (units * amount / gives).round_dp_with_strategy(4, RoundingStrategy::AwayFromZero).min(units) };
        amount -= gives;
        taken.push(Taken { lot, units });
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lot(sku: &str) -> Lot {
        Lot { sku: sku.to_owned(), source: Source::Invoice("R-1".to_owned()) }
    }

    #[test]
    fn what_was_used_is_gone_and_the_rest_is_left() {
        let number = |value: i64| Decimal::from(value);
        let asked = Asked { lot: lot("A"), stock: number(120), units: number(60), gives: number(30) };
        for (used, units, gives) in [(0, 60, 30), (60, 60, 30), (90, 30, 15), (120, 0, 0), (500, 0, 0)] {
            assert_eq!(asked.left(number(used)), (number(units), number(gives)), "{used} used");
        }
    }

    #[test]
    fn an_amount_takes_the_lots_in_their_order_and_never_more_than_they_have() {
        let number = |value: i64| Decimal::from(value);
        let left = || [(lot("A"), number(10), number(5)), (lot("B"), number(3), number(9))];
        let units = |amount: Decimal| take(left(), amount).into_iter().map(|taken| (taken.lot.sku, taken.units.normalize())).collect::<Vec<_>>();
        let pair = |sku: &str, units: Decimal| (sku.to_owned(), units);
        assert_eq!(units(number(4)), [pair("A", number(8))]);
        assert_eq!(units(number(8)), [pair("A", number(10)), pair("B", number(1))]);
        assert_eq!(units(number(100)), [pair("A", number(10)), pair("B", number(3))]);
        assert_eq!(units(Decimal::ZERO), []);
    }

    #[test]
    fn what_is_left_after_a_part_of_a_unit_gives_no_more_than_was_agreed() {
        let (stock, gives, paid) = (Decimal::ONE, Decimal::new(50_000, 0), Decimal::new(33_333_33, 2));
        let used: Decimal = take([(lot("A"), stock, gives)], paid).iter().map(|taken| taken.units).sum();
        let (_, left) = Asked { lot: lot("A"), stock, units: stock, gives }.left(used);
        assert!(paid + left <= gives && left > Decimal::new(16_660, 0), "{left} left");
    }
}

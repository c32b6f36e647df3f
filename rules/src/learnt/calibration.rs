//! How often a proposal is right, by its lead: measured on decisions that were held back, in bands of enough cases, never falling as the lead grows.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::book::Learning;

/// A decision that was held back and asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tried {
    pub lead: i64,
    pub right: bool,
}

/// Held-back decisions of about the same lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// The smallest lead of the band.
    pub from: i64,
    pub right: u32,
    pub of: u32,
}

impl Band {
    /// Right as often as the book asks, in as many cases.
    pub fn passes(&self, learning: &Learning) -> bool {
        self.of >= learning.fewest_cases && Decimal::from(self.right) >= learning.precision * Decimal::from(self.of)
    }

    fn and(self, other: Self) -> Self {
        Self { from: self.from.min(other.from), right: self.right + other.right, of: self.of + other.of }
    }

    /// Whether this band was right more often than the other.
    fn is_better(self, other: Self) -> bool {
        u64::from(self.right) * u64::from(other.of) > u64::from(other.right) * u64::from(self.of)
    }
}

/// Bands from the largest lead down, each right at most as often as the one before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Curve {
    pub bands: Vec<Band>,
}

/// How proposals fared on the decisions that were held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Examined {
    pub held_back: u32,
    /// Of those held back, where a category was proposed.
    pub proposed: u32,
    pub right: u32,
}

impl Examined {
    /// Whether proposals were right as often as the book asks; fewer cases than it asks for refute nothing.
    pub fn holds(&self, learning: &Learning) -> bool {
        self.proposed < learning.fewest_cases || Decimal::from(self.right) >= learning.precision * Decimal::from(self.proposed)
    }
}

/// A band while it is made: it knows its largest lead too.
#[derive(Clone, Copy)]
struct Made {
    band: Band,
    to: i64,
}

impl Made {
    fn and(self, other: Self) -> Self {
        Self { band: self.band.and(other.band), to: self.to.max(other.to) }
    }
}

impl Curve {
    /// Sorts what was tried into bands of at least `fewest` cases, equal leads together, and joins neighbours until none is better than the one above. A
    /// band begins halfway to the next.
    pub fn of(mut tried: Vec<Tried>, fewest: u32) -> Self {
        tried.sort_by_key(|one| std::cmp::Reverse(one.lead));
        let mut made: Vec<Made> = Vec::new();
        for one in tried {
            let single = Made { band: Band { from: one.lead, right: u32::from(one.right), of: 1 }, to: one.lead };
            match made.last_mut().filter(|last| last.band.of < fewest || last.band.from == one.lead) {
                Some(last) => *last = last.and(single),
                None => made.push(single),
            }
        }
        let mut falling: Vec<Made> = Vec::new();
        for mut next in made {
            while let Some(above) = falling.pop_if(|above| next.band.is_better(above.band)) {
                next = next.and(above);
            }
            falling.push(next);
        }
        let below = falling.iter().skip(1).map(|next| Some(next.to)).chain([None]);
        let halfway = |band: Band, below: Option<i64>| Band { from: below.map_or(band.from, |below| i64::midpoint(band.from, below)), ..band };
        Self { bands: falling.iter().zip(below).map(|(made, below)| halfway(made.band, below)).collect() }
    }

    /// The band of a lead; `None` below all of them.
    pub fn band(&self, lead: i64) -> Option<Band> {
        self.bands.iter().copied().find(|band| band.from <= lead)
    }

    /// What the bands that pass come to.
    pub fn examined(&self, learning: &Learning) -> Examined {
        let mut examined = Examined { held_back: self.bands.iter().map(|band| band.of).sum(), proposed: 0, right: 0 };
        for band in self.bands.iter().filter(|band| band.passes(learning)) {
            examined.proposed += band.of;
            examined.right += band.right;
        }
        examined
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(lead: i64, right: usize, wrong: usize) -> Vec<Tried> {
        [vec![Tried { lead, right: true }; right], vec![Tried { lead, right: false }; wrong]].concat()
    }

    #[test]
    fn bands_never_rise_as_the_lead_falls() {
        // The middle one is better than the first: chance, so they are one band.
        let curve = Curve::of([tried(90, 18, 2), tried(50, 20, 0), tried(10, 5, 15)].concat(), 20);
        assert_eq!(curve.bands, [Band { from: 30, right: 38, of: 40 }, Band { from: 10, right: 5, of: 20 }]);
        assert_eq!(curve.band(70), Some(Band { from: 30, right: 38, of: 40 }));
        assert_eq!(curve.band(9), None);
    }

    #[test]
    fn what_was_held_back_holds_or_refutes() {
        let learning = Learning { precision: Decimal::new(95, 2), fewest_cases: 20, retrain_after: 50 };
        for (proposed, right, holds) in [(40, 38, true), (40, 37, false), (19, 0, true), (20, 18, false), (0, 0, true)] {
            assert_eq!(Examined { held_back: 100, proposed, right }.holds(&learning), holds, "{right} of {proposed}");
        }
    }

    #[test]
    fn a_band_passes_with_enough_cases_that_are_right_often_enough() {
        let learning = Learning { precision: Decimal::new(95, 2), fewest_cases: 20, retrain_after: 50 };
        let curve = Curve::of([tried(90, 20, 0), tried(50, 18, 2), tried(10, 3, 0)].concat(), 20);
        assert_eq!(curve.examined(&learning), Examined { held_back: 43, proposed: 20, right: 20 });
        assert!(!Band { from: 0, right: 19, of: 19 }.passes(&learning));
        assert!(Band { from: 0, right: 38, of: 40 }.passes(&learning));
    }
}

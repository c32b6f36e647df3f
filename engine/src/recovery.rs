//! What a claim may bring back: chances from how earlier claims of the same customer and category ended, resting on a prior while they are few.

use std::collections::HashMap;

use rust_decimal::Decimal;

use crate::money::{Money, MoneyError};
use crate::taxonomy::{Category, Validity};

/// How earlier claims of one customer and category ended, in cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrackRecord {
    /// Found to be owed by a person, or credited before this system.
    pub owed: u32,
    /// Found not to be owed, wholly or in part.
    pub not_owed: u32,
    /// Disputed, and money came back.
    pub won: u32,
    /// Disputed or due, and given up.
    pub lost: u32,
}

/// The track records of all customers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrackRecords(pub HashMap<(String, Category), TrackRecord>);

impl TrackRecords {
    pub fn of(&self, customer_id: &str, category: Category) -> TrackRecord {
        self.0.get(&(customer_id.to_owned(), category)).copied().unwrap_or_default()
    }
}

/// What is believed before anything happened: a share, and how many cases it weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prior {
    /// 0 to 1.
    pub share: Decimal,
    pub cases: Decimal,
}

/// A probability, with the own cases it rests on beside the prior.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chance {
    /// 0 to 1, three decimals.
    pub share: Decimal,
    pub cases: u32,
}

impl Chance {
    /// Known, not estimated.
    pub const CERTAIN: Self = Self { share: Decimal::ONE, cases: 0 };
}

impl Prior {
    /// The mean of the beta distribution after so many cases: prior cases and own cases count alike.
    pub fn after(self, yes: u32, no: u32) -> Chance {
        let own = yes.saturating_add(no);
        let all = self.cases + Decimal::from(own);
        let share = if all.is_zero() { self.share } else { (self.share * self.cases + Decimal::from(yes)) / all };
        Chance { share: share.round_dp(3), cases: own }
    }
}

/// The two chances of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Odds {
    /// That it is not owed.
    pub invalid: Chance,
    /// That what is not owed comes back when it is disputed.
    pub win: Chance,
}

/// What of a claim a person still has to settle, in minor units.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    pub claimed: Money,
    /// Neither accepted, nor given up, nor back already.
    pub outstanding: i64,
    /// Of that, asked back: a person found that it is not owed.
    pub disputed: i64,
    pub validity: Validity,
    /// What the verdict found owed; `None` when unknown.
    pub owed: Option<i64>,
}

impl Standing {
    /// Minor units that may come back, and whether it is only believed how much of them is not owed.
    pub fn at_stake(&self) -> (i64, bool) {
        match (self.disputed, self.validity) {
            (disputed, _) if disputed != 0 => (disputed, false),
            (_, Validity::Unknown) => (self.outstanding, true),
            _ => (self.outstanding.min(self.claimed.minor - self.owed.unwrap_or(0)).max(0), false),
        }
    }

    /// What can be expected back: what is not owed, as far as that is known, times the chance to win it.
    ///
    /// # Errors
    /// When the amount does not fit its currency.
    pub fn expected_recovery(&self, odds: Odds) -> Result<Money, MoneyError> {
        let (at_stake, is_believed) = self.at_stake();
        let not_owed = Decimal::from(at_stake) * if is_believed { odds.invalid.share } else { Decimal::ONE };
        let expected = Money::new(1, self.claimed.currency).to_decimal() * not_owed * odds.win.share;
        Money::from_decimal_rounded(expected, self.claimed.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prior(share: &str, cases: u32) -> Prior {
        Prior { share: share.parse().expect("a share of the test"), cases: Decimal::from(cases) }
    }

    #[test]
    fn own_cases_move_the_prior_as_they_grow() {
        for (yes, no, share) in [(0, 0, "0.6"), (0, 10, "0.3"), (10, 0, "0.8"), (90, 10, "0.873")] {
            let chance = prior("0.6", 10).after(yes, no);
            assert_eq!((chance.share.normalize().to_string().as_str(), chance.cases), (share, yes + no));
        }
        assert_eq!(prior("0.6", 0).after(0, 0).share.to_string(), "0.6");
    }

    #[test]
    fn what_is_expected_back_is_what_is_not_owed_times_the_chance_to_win() {
        let odds = Odds { invalid: prior("0.5", 1).after(0, 0), win: prior("0.6", 1).after(0, 0) };
        let standing = |outstanding, disputed, validity, owed| {
            let claimed = Money::new(10_000, "EUR".parse().expect("a currency of the test"));
            Standing { claimed, outstanding, disputed, validity, owed }.expected_recovery(odds).map(|money| money.minor)
        };
        assert_eq!(standing(10_000, 0, Validity::Invalid, Some(0)), Ok(6_000));
        assert_eq!(standing(10_000, 0, Validity::Partial, Some(4_000)), Ok(3_600));
        assert_eq!(standing(10_000, 0, Validity::Unknown, None), Ok(3_000));
        assert_eq!(standing(10_000, 0, Validity::Valid, Some(10_000)), Ok(0));
        assert_eq!(standing(10_000, 10_000, Validity::Unknown, None), Ok(6_000), "a person said that nothing is owed");
        assert_eq!(standing(0, 0, Validity::Invalid, Some(0)), Ok(0));
    }
}

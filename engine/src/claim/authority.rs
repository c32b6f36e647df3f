//! How much a person may settle alone: limits per person, outcome and currency, lent to others for a time.
//!
//! What has no limit on file may not be settled alone at all. A borrowed limit is never lent on, and never lent back to whoever decided.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Refusal;
use super::action::Outcome;
use crate::money::{Currency, Money};

/// Settlements of sibling claims in so many days count together: a claim can't be cut below a limit.
pub const SIBLING_DAYS: i64 = 30;

/// What one person may settle alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    pub login: String,
    pub outcome: Outcome,
    pub currency: Currency,
    /// Minor units.
    pub amount: i64,
}

/// A person lends all limits to another, from a day to a day, both included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    pub from_login: String,
    pub to_login: String,
    pub starts_on: Date,
    pub ends_on: Date,
}

impl Delegation {
    fn overlaps(&self, other: &Self) -> bool {
        self.starts_on <= other.ends_on && other.starts_on <= self.ends_on
    }
}

/// Everybody's limits and delegations.
#[derive(Clone, Debug, Default)]
pub struct Authority {
    pub limits: Vec<Limit>,
    pub delegations: Vec<Delegation>,
}

/// What an actor may settle alone in one matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The largest limit at hand, own or borrowed, in minor units.
    pub limit: i64,
    /// Given away on sibling claims in the last [`SIBLING_DAYS`] days, in minor units.
    pub siblings: i64,
}

impl Standing {
    /// Whether an amount may be settled alone. Nothing given away needs no limit.
    pub fn settle(&self, given_away: i64, currency: Currency) -> Result<(), Refusal> {
        let total = given_away.saturating_add(self.siblings);
        if given_away == 0 || total <= self.limit {
            return Ok(());
        }
        Err(Refusal::AboveLimit { limit: Money::new(self.limit, currency), total: Money::new(total, currency) })
    }
}

impl Authority {
    /// What a person may settle alone today. `not_from` are people whose limits may not be borrowed here: who decided, who changed the amount.
    pub fn standing(&self, login: &str, outcome: Outcome, currency: Currency, today: Date, siblings: i64, not_from: &[&str]) -> Standing {
        let lenders = self
            .delegations
            .iter()
            .filter(|delegation| delegation.to_login == login && (delegation.starts_on..=delegation.ends_on).contains(&today))
            .map(|delegation| delegation.from_login.as_str())
            .filter(|lender| !not_from.contains(lender));
        let limit = lenders.chain([login]).map(|owner| self.own(owner, outcome, currency)).max().unwrap_or(0);
        Standing { limit, siblings }
    }

    /// A part is accepted under the limit for accepting.
    fn own(&self, login: &str, outcome: Outcome, currency: Currency) -> i64 {
        let outcome = if outcome == Outcome::PartlyAccept { Outcome::Accept } else { outcome };
        let mine = |limit: &&Limit| limit.login == login && limit.outcome == outcome && limit.currency == currency;
        self.limits.iter().find(mine).map_or(0, |limit| limit.amount)
    }

    /// Whether a new delegation would let limits travel in a circle.
    pub fn makes_a_loop(&self, new: &Delegation) -> bool {
        let mut reached = vec![new.to_login.as_str()];
        let mut next = 0;
        while let Some(at) = reached.get(next).copied() {
            if at == new.from_login {
                return true;
            }
            let onward = self.delegations.iter().filter(|lent| lent.from_login == at && lent.overlaps(new)).map(|lent| lent.to_login.as_str());
            let unseen: Vec<&str> = onward.filter(|login| !reached.contains(login)).collect();
            reached.extend(unseen);
            next += 1;
        }
        false
    }
}

//! The life of a claim: the work on money that a customer held back, from the first look to the last cent.
//!
//! A claim is a value. [`Claim::act`] takes one action of one person and returns the next claim with the movements of money that follow, or a
//! [`Refusal`] in words. Nothing is changed in place, and no clock is asked: today is an argument.
//!
//! - [`state`]: where a claim stands, with the facts of that state
//! - [`action`]: what a person may do
//! - [`refusal`]: why something can't be done, in the order in which it is found out
//! - [`transition`]: the legal steps
//! - [`division`]: splitting and merging, sums kept
//! - [`authority`]: how much whom may settle alone, and whom may approve it

pub mod action;
pub mod authority;
pub mod division;
pub mod refusal;
pub mod state;
#[cfg(test)]
mod tests;
pub mod transition;

pub use action::{Act, Action, Decision, Outcome};
pub use refusal::Refusal;
pub use state::{Party, State, Wake};

use serde::{Deserialize, Serialize};

use crate::taxonomy::Queue;

/// The amounts of a claim in minor units of its currency: `claimed = accepted + disputed + written_off + recovered + open` always holds,
/// because `open` is what the others leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amounts {
    pub claimed: i64,
    /// Owed to the customer, for good.
    pub accepted: i64,
    /// Asked back from the customer.
    pub disputed: i64,
    /// Not owed, and given up.
    pub written_off: i64,
    /// Came back.
    pub recovered: i64,
}

impl Amounts {
    pub const fn of(claimed: i64) -> Self {
        Self { claimed, accepted: 0, disputed: 0, written_off: 0, recovered: 0 }
    }

    /// What nobody has decided yet.
    pub const fn open(self) -> i64 {
        self.claimed - self.accepted - self.disputed - self.written_off - self.recovered
    }

    /// Given away for good, without a sign.
    pub const fn given_away(self) -> i64 {
        self.accepted.abs() + self.written_off.abs()
    }

    /// No part is negative or larger than the whole; a customer's repayment is a negative claim with negative parts.
    pub fn hold(self) -> bool {
        let sign = if self.claimed < 0 { -1 } else { 1 };
        [self.accepted, self.disputed, self.written_off, self.recovered, self.open()].iter().all(|part| part * sign >= 0)
    }
}

/// A claim as its next step needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    pub state: State,
    pub queue: Queue,
    /// The login of the person who works it.
    pub assignee: Option<String>,
    pub amounts: Amounts,
    /// Who last changed an amount of it: never the one who approves it.
    pub amount_changed_by: Option<String>,
}

/// Money that a step moved, in minor units: positive into the account, negative out of it. The movements of a step sum to zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Movement {
    /// The account of the journal.
    pub account: &'static str,
    pub minor: i64,
}

/// The account of deductions that nobody has settled.
pub const DEDUCTIONS: &str = "deductions";
/// Deductions found to be owed.
pub const ACCEPTED: &str = "accepted_deductions";
/// Deductions given up.
pub const WRITTEN_OFF: &str = "written_off_deductions";
/// Deductions that the customer gave back.
pub const RECOVERED: &str = "recovered_deductions";

//! Where a claim stands. Each state carries the facts without which it would mean nothing.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::action::Decision;
use crate::taxonomy::DeductionStatus;
use crate::vocabulary;

vocabulary! {
    /// Whose answer a claim waits for.
    Party { Customer = "customer", Sales = "sales", SupplyChain = "supply_chain", Carrier = "carrier" }
}

vocabulary! {
    /// The words of the states, as lists filter by them.
    StateWord {
        New = "new", InReview = "in_review", Waiting = "waiting", Parked = "parked", AwaitingApproval = "awaiting_approval", Disputed = "disputed",
        Accepted = "accepted", PartlyAccepted = "partly_accepted", WrittenOff = "written_off", Recovered = "recovered", Merged = "merged", Withdrawn = "withdrawn", Closed = "closed",
    }
}

impl StateWord {
    /// The word of the contract that deductions are exported with.
    pub const fn status(self) -> DeductionStatus {
        match self {
            Self::New | Self::InReview => DeductionStatus::Open,
            Self::Waiting | Self::Parked | Self::AwaitingApproval => DeductionStatus::Waiting,
            Self::Disputed | Self::Accepted | Self::PartlyAccepted | Self::WrittenOff | Self::Recovered => DeductionStatus::Decided,
            Self::Merged | Self::Withdrawn | Self::Closed => DeductionStatus::Closed,
        }
    }
}

/// What wakes a parked claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wake {
    /// A day.
    On(Date),
    /// The customer does it again: a small amount that is not worth asking about once.
    WhenItRepeats,
}

/// Who decided what, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    pub by: String,
    pub on: Date,
    pub reason: String,
    /// Who approved it, when it was above what the decider may settle alone.
    pub approved_by: Option<String>,
}

/// Where a claim stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    New,
    InReview,
    Waiting {
        on: Party,
        asked_by: String,
        since: Date,
        note: String,
    },
    Parked {
        by: String,
        wake: Wake,
        note: String,
    },
    AwaitingApproval {
        decision: Decision,
        by: String,
        on: Date,
    },
    Disputed(Decided),
    Accepted(Decided),
    PartlyAccepted(Decided),
    WrittenOff(Decided),
    Recovered(Decided),
    /// Its deductions and their evidence moved to another claim.
    Merged {
        into: String,
        by: String,
    },
    /// The payment it stood on was taken back: nothing is claimed any more.
    Withdrawn,
    /// Finished: nothing changes it any more.
    Closed {
        by: String,
        on: Date,
        reason: String,
        /// What it ends: limits go on counting it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        decided: Option<Decided>,
    },
}

impl State {
    pub const fn word(&self) -> StateWord {
        match self {
            Self::New => StateWord::New,
            Self::InReview => StateWord::InReview,
            Self::Waiting { .. } => StateWord::Waiting,
            Self::Parked { .. } => StateWord::Parked,
            Self::AwaitingApproval { .. } => StateWord::AwaitingApproval,
            Self::Disputed(_) => StateWord::Disputed,
            Self::Accepted(_) => StateWord::Accepted,
            Self::PartlyAccepted(_) => StateWord::PartlyAccepted,
            Self::WrittenOff(_) => StateWord::WrittenOff,
            Self::Recovered(_) => StateWord::Recovered,
            Self::Merged { .. } => StateWord::Merged,
            Self::Withdrawn => StateWord::Withdrawn,
            Self::Closed { .. } => StateWord::Closed,
        }
    }

    /// The word of the contract that deductions are exported with.
    pub const fn status(&self) -> DeductionStatus {
        self.word().status()
    }

    /// What was decided, while it stands; closing ends the work, not the decision.
    pub const fn decided(&self) -> Option<&Decided> {
        match self {
            Self::Disputed(decided) | Self::Accepted(decided) | Self::PartlyAccepted(decided) | Self::WrittenOff(decided) | Self::Recovered(decided) => {
                Some(decided)
            }
            Self::Closed { decided, .. } => decided.as_ref(),
            _ => None,
        }
    }

    /// The day that brings it back into the worklist by itself.
    pub const fn wakes_on(&self) -> Option<Date> {
        match self {
            Self::Parked { wake: Wake::On(day), .. } => Some(*day),
            _ => None,
        }
    }

    /// Whose answer it waits for.
    pub const fn waits_for(&self) -> Option<Party> {
        match self {
            Self::Waiting { on, .. } => Some(*on),
            _ => None,
        }
    }

    /// Nobody has decided it, and nobody has been asked to approve a decision.
    pub const fn is_undecided(&self) -> bool {
        matches!(self, Self::New | Self::InReview | Self::Waiting { .. } | Self::Parked { .. })
    }
}

//! Why an action can't be done: sentences in the order in which they are found out, the most telling first.

use jiff::civil::Date;
use thiserror::Error;

use crate::money::Money;

/// A refusal. Nothing was changed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    #[error("This claim is closed; nothing can be changed any more.")]
    Closed,
    #[error("This claim was merged into {0}; work goes on there.")]
    Merged(String),
    #[error("The payment that this claim stands on was taken back; there is nothing left to decide.")]
    Withdrawn,
    #[error("This claim waits for approval: approve it, send it back, or take the decision back first.")]
    AwaitsApproval,
    #[error("This claim was decided; take the decision back first.")]
    Decided,
    #[error("This claim was not decided, so there is nothing to take back.")]
    NotDecided,
    #[error("This claim does not wait for approval.")]
    NotAwaiting,
    #[error("This claim is not on hold and waits for nobody.")]
    NotWaiting,
    #[error("Nothing of this claim is disputed, so nothing can come back.")]
    NotDisputed,
    #[error("Nothing was booked as recovered here, so there is nothing to take back.")]
    NothingRecovered,
    #[error("A part of this claim is still disputed; it is recovered or written off before the claim is closed.")]
    StillDisputed,
    #[error("A reason is missing: say in a few words why, for whoever reads this in a year.")]
    ReasonMissing,
    #[error("{0} is not ahead: choose a later day.")]
    DayNotAhead(Date),
    #[error("This claim is in that queue already.")]
    SameQueue,
    #[error("This claim is with that person already.")]
    SameAssignee,
    #[error("Nobody here has the login “{0}”.")]
    NobodyHere(String),
    #[error("The amount must be more than nothing and less than {0} {currency}.", currency = .0.currency)]
    PartOutOfRange(Money),
    #[error("The amount must be more than nothing and at most {0} {currency}.", currency = .0.currency)]
    AmountOutOfRange(Money),
    #[error("The parts make {made} {}, the claim has {open} {} open.", .made.currency, .open.currency)]
    PartsDontSum { made: Money, open: Money },
    #[error("A claim is split into two parts or more.")]
    TooFewParts,
    #[error("A claim can't be merged with itself.")]
    MergeWithItself,
    #[error("Only claims of one customer in one currency can be merged.")]
    MergeOfStrangers,
    #[error("A claim that was split can't be merged into another.")]
    MergeOfSplit,
    #[error("A part of this claim is settled already; only whole claims are merged.")]
    PartlySettled,
    #[error("You decided this; another person has to approve it.")]
    OwnDecision,
    #[error("You last changed an amount of this; another person has to approve it.")]
    OwnAmount,
    #[error("You may settle {limit} {} alone and this makes {total} {} with its sibling claims of the last 30 days.", .limit.currency, .total.currency)]
    AboveLimit { limit: Money, total: Money },
    #[error("The amounts of this claim would no longer add up; nothing was changed.")]
    AmountsDontHold,
    #[error("Nothing can be undone here: the last act was not yours, moved money, or is older than a day.")]
    NothingToUndo,
}

impl Refusal {
    /// The stable code of this refusal.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Merged(_) => "merged",
            Self::Withdrawn => "withdrawn",
            Self::AwaitsApproval => "awaits_approval",
            Self::Decided => "decided",
            Self::NotDecided => "not_decided",
            Self::NotAwaiting => "not_awaiting",
            Self::NotWaiting => "not_waiting",
            Self::NotDisputed => "not_disputed",
            Self::NothingRecovered => "nothing_recovered",
            Self::StillDisputed => "still_disputed",
            Self::ReasonMissing => "reason_missing",
            Self::DayNotAhead(_) => "day_not_ahead",
            Self::SameQueue => "same_queue",
            Self::SameAssignee => "same_assignee",
            Self::NobodyHere(_) => "nobody_here",
            Self::PartOutOfRange(_) => "part_out_of_range",
            Self::AmountOutOfRange(_) => "amount_out_of_range",
            Self::PartsDontSum { .. } => "parts_dont_sum",
            Self::TooFewParts => "too_few_parts",
            Self::MergeWithItself => "merge_with_itself",
            Self::MergeOfStrangers => "merge_of_strangers",
            Self::MergeOfSplit => "merge_of_split",
            Self::PartlySettled => "partly_settled",
            Self::OwnDecision => "own_decision",
            Self::OwnAmount => "own_amount",
            Self::AboveLimit { .. } => "above_limit",
            Self::AmountsDontHold => "amounts_dont_hold",
            Self::NothingToUndo => "nothing_to_undo",
        }
    }
}

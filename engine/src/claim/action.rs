//! What a person may do with a claim.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::state::{Party, Wake};
use crate::taxonomy::{Queue, Validity};
use crate::vocabulary;

vocabulary! {
    /// The acts by their words, as forms, addresses and the log name them.
    Act {
        Assign = "assign", Transfer = "transfer", Hold = "hold", AskBackup = "ask_backup", Resume = "resume", Comment = "comment", Decide = "decide",
        Approve = "approve", SendBack = "send_back", Recover = "recover", Close = "close", TakeBack = "take_back", TakeBackRecovery = "take_back_recovery", Split = "split", Merge = "merge", Undo = "undo",
    }
}

vocabulary! {
    /// How a claim ends, as far as one decision can say.
    Outcome {
        /// The customer is right: all of it is owed.
        Accept = "accept",
        /// The customer is wrong: ask it back.
        Dispute = "dispute",
        /// Not owed, but not worth pursuing.
        WriteOff = "write_off",
        /// A part is owed; the rest is disputed.
        PartlyAccept = "partly_accept",
    }
}

impl Outcome {
    /// The decision that a judgement points to; none where the evidence does not decide.
    pub const fn suggested_by(validity: Validity) -> Option<Self> {
        match validity {
            Validity::Valid => Some(Self::Accept),
            Validity::Invalid => Some(Self::Dispute),
            Validity::Partial => Some(Self::PartlyAccept),
            Validity::Unknown => None,
        }
    }
}

/// A decision on the whole open amount of a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub outcome: Outcome,
    /// The part that is owed, in minor units; counts for `partly_accept` only.
    #[serde(default)]
    pub accepted: i64,
    pub reason: String,
}

impl Decision {
    /// What this decision gives away for good of an open amount, in minor units. A dispute gives nothing away.
    pub const fn given_away(&self, open: i64) -> i64 {
        match self.outcome {
            Outcome::Accept | Outcome::WriteOff => open.abs(),
            Outcome::PartlyAccept => self.accepted.abs(),
            Outcome::Dispute => 0,
        }
    }
}

/// One thing that a person does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// To a person, or to nobody.
    Assign(Option<String>),
    Transfer {
        to: Queue,
        note: String,
    },
    Hold {
        wake: Wake,
        note: String,
    },
    AskBackup {
        of: Party,
        note: String,
    },
    Resume,
    Comment {
        text: String,
    },
    Decide(Decision),
    Approve,
    SendBack {
        reason: String,
    },
    /// So many minor units came back from the customer.
    Recover {
        minor: i64,
        note: String,
    },
    Close {
        reason: String,
    },
    TakeBack {
        reason: String,
    },
    /// What was booked as recovered did not come back, or not this much.
    TakeBackRecovery {
        reason: String,
    },
}

impl Action {
    pub const fn act(&self) -> Act {
        match self {
            Self::Assign(_) => Act::Assign,
            Self::Transfer { .. } => Act::Transfer,
            Self::Hold { .. } => Act::Hold,
            Self::AskBackup { .. } => Act::AskBackup,
            Self::Resume => Act::Resume,
            Self::Comment { .. } => Act::Comment,
            Self::Decide(_) => Act::Decide,
            Self::Approve => Act::Approve,
            Self::SendBack { .. } => Act::SendBack,
            Self::Recover { .. } => Act::Recover,
            Self::Close { .. } => Act::Close,
            Self::TakeBack { .. } => Act::TakeBack,
            Self::TakeBackRecovery { .. } => Act::TakeBackRecovery,
        }
    }
}

impl Act {
    /// Whether it can simply be undone for a day, because no money moved. What moved money is taken back by counter-entries instead.
    pub const fn can_be_undone(self) -> bool {
        matches!(self, Self::Assign | Self::Transfer | Self::Hold | Self::AskBackup | Self::Resume)
    }
}

/// Who acts, and when.
#[derive(Clone, Debug)]
pub struct Actor<'person> {
    pub login: &'person str,
    pub today: Date,
}

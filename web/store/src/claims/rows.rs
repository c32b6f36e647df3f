//! The row of a claim, as judging opens it and as people work it.

use recoup_engine::claim::{Amounts, Claim, State};
use serde::{Deserialize, Serialize};

use crate::{Result, StoreError, Value};

/// A claim as judging opens it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimRow {
    pub claim_id: String,
    /// The deduction that it was opened for.
    pub deduction_id: String,
    pub sequence: i64,
    pub customer_id: Option<String>,
    pub category: String,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    pub queue: String,
    pub priority: String,
    pub approval_level: i64,
    pub status: String,
    pub assignee: Option<String>,
    pub opened_on: Option<String>,
    pub work_by: Option<String>,
    pub dispute_by: Option<String>,
    pub version: i64,
}

/// A claim with everything that people did to it. Amounts are minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimRecord {
    #[serde(flatten)]
    pub row: ClaimRow,
    pub root_claim_id: String,
    pub state: String,
    /// The state with its facts, JSON.
    pub facts: String,
    pub accepted: i64,
    pub disputed: i64,
    pub written_off: i64,
    pub recovered: i64,
    pub worked: bool,
    pub amount_changed_by: Option<String>,
}

/// The columns that opening a claim writes; it is the first of its group.
pub(super) const OPENED: [&str; 17] = [
    "claim_id",
    "deduction_id",
    "root_claim_id",
    "sequence",
    "customer_id",
    "category",
    "amount",
    "currency",
    "queue",
    "priority",
    "approval_level",
    "status",
    "assignee",
    "opened_on",
    "work_by",
    "dispute_by",
    "version",
];

pub(super) const COLUMNS: &str = "claim_id, deduction_id, sequence, customer_id, category, amount, currency, queue, priority, approval_level, status, assignee, opened_on, \
                                  case when work_by > '1000' then work_by end as work_by, case when dispute_by > '1000' then dispute_by end as dispute_by, version, root_claim_id, state, facts, \
                                  accepted, disputed, written_off, recovered, worked, amount_changed_by";

impl ClaimRow {
    pub(super) fn values(&self) -> Vec<Value> {
        vec![
            self.claim_id.as_str().into(),
            self.deduction_id.as_str().into(),
            self.claim_id.as_str().into(),
            self.sequence.into(),
            self.customer_id.clone().into(),
            self.category.as_str().into(),
            self.amount.into(),
            self.currency.as_str().into(),
            self.queue.as_str().into(),
            self.priority.as_str().into(),
            self.approval_level.into(),
            self.status.as_str().into(),
            self.assignee.clone().into(),
            self.opened_on.clone().into(),
            self.work_by.clone().into(),
            self.dispute_by.clone().into(),
            self.version.into(),
        ]
    }
}

impl ClaimRecord {
    /// The claim as the engine acts on it.
    pub fn claim(&self) -> Result<Claim> {
        let corrupt = |problem: String| StoreError::Corrupt { table: format!("claims: {}", self.row.claim_id), problem };
        let state: State = serde_json::from_str(&self.facts).map_err(|error| corrupt(error.to_string()))?;
        let queue = self.row.queue.parse().map_err(|error: recoup_engine::reading::UnknownWord| corrupt(error.to_string()))?;
        Ok(Claim { state, queue, assignee: self.row.assignee.clone(), amounts: self.amounts(), amount_changed_by: self.amount_changed_by.clone() })
    }

    pub const fn amounts(&self) -> Amounts {
        Amounts { claimed: self.row.amount, accepted: self.accepted, disputed: self.disputed, written_off: self.written_off, recovered: self.recovered }
    }
}

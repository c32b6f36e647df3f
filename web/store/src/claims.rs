//! Claims: the work on deductions that no rule closed.

use serde::{Deserialize, Serialize};

use crate::{Result, Store, Value, Work};

/// A claim as its row reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimRow {
    pub claim_id: String,
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

const COLUMNS: [&str; 15] = [
    "claim_id",
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

impl Work {
    /// Opens claims, or renews those whose deduction was judged again; a person's assignment and state stay.
    pub async fn save_claims(&mut self, claims: &[ClaimRow]) -> Result<()> {
        let rows = claims
            .iter()
            .map(|claim| {
                vec![
                    claim.claim_id.as_str().into(),
                    claim.sequence.into(),
                    claim.customer_id.clone().into(),
                    claim.category.as_str().into(),
                    claim.amount.into(),
                    claim.currency.as_str().into(),
                    claim.queue.as_str().into(),
                    claim.priority.as_str().into(),
                    claim.approval_level.into(),
                    claim.status.as_str().into(),
                    claim.assignee.clone().into(),
                    claim.opened_on.clone().into(),
                    claim.work_by.clone().into(),
                    claim.dispute_by.clone().into(),
                    claim.version.into(),
                ]
            })
            .collect();
        self.insert(
            "claims",
            &COLUMNS,
            rows,
            "on conflict (claim_id) do update set customer_id = excluded.customer_id, category = excluded.category, queue = excluded.queue, priority = excluded.priority, approval_level = excluded.approval_level, \
             opened_on = excluded.opened_on, work_by = excluded.work_by, dispute_by = excluded.dispute_by, version = claims.version + 1",
        )
        .await
    }

    /// Removes claims that a rule closes after new evidence.
    pub async fn remove_claims(&mut self, claim_ids: &[String]) -> Result<()> {
        for part in claim_ids.chunks(5_000) {
            self.execute(&format!("delete from claims where claim_id in ({})", self.placeholders(1, part.len())), part.iter().map(Value::from).collect())
                .await?;
        }
        Ok(())
    }
}

impl Store {
    pub async fn claim(&self, claim_id: &str) -> Result<Option<ClaimRow>> {
        self.row(&format!("select {} from claims where claim_id = $1", COLUMNS.join(", ")), vec![claim_id.into()]).await
    }
}

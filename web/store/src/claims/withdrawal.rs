//! What becomes of claims when a payment under them is taken back.

use recoup_engine::claim::Claim;
use serde::Deserialize;

use super::{ClaimRecord, rows};
use crate::{Result, Work};

/// A claim that lost deductions with their payment.
#[derive(Clone, Debug)]
pub struct Withdrawn {
    pub record: ClaimRecord,
    pub before: Claim,
    pub after: Claim,
}

/// Claims whose group stands on deductions of payment `$1`.
const ON_PAYMENT: &str = "root_claim_id in (select claim_id from deductions where payment_id = $1 and claim_id is not null)";

/// What stands of a person's work: a category said, somebody in charge, money decided, a state that only people reach, or a part of a claim that was
/// split. What is worked as one because the engine batched it is not.
const HOLDS_WORK: &str =
    "c.assignee is not null or c.state <> 'new' or c.claim_id <> c.root_claim_id or c.accepted + c.disputed + c.written_off + c.recovered <> 0";

impl Work {
    /// The first claim on a payment's deductions that holds the work of people now; what they took back does not count. Nobody else changes these claims
    /// until this unit of work ends.
    pub async fn worked_claim_on(&mut self, payment_id: &str) -> Result<Option<String>> {
        #[derive(Deserialize)]
        struct Row {
            claim_id: String,
        }
        self.execute(&format!("update claims set version = version where {ON_PAYMENT}"), vec![payment_id.into()]).await?;
        let worked: Option<Row> = self
            .row(
                &format!(
                    "select c.claim_id from claims c join deductions d on d.claim_id = c.root_claim_id \
                     where d.payment_id = $1 and d.reversed = false and (d.category_said is not null or c.worked = true and ({HOLDS_WORK})) \
                     order by c.claim_id limit 1"
                ),
                vec![payment_id.into()],
            )
            .await?;
        Ok(worked.map(|row| row.claim_id))
    }

    /// Takes the deductions of a payment out of their claims, before its journal is countered. Claims that nobody worked go; of the others, those that
    /// stand on this payment alone are withdrawn, and those that merged deductions of other payments go on with what is left. Returns what changed.
    pub async fn withdraw_claims(&mut self, payment_id: &str) -> Result<Vec<Withdrawn>> {
        self.touch_claims_where(ON_PAYMENT, payment_id).await?;
        self.touch_deductions_where("payment_id = $1", payment_id).await?;
        self.execute(&format!("delete from claims where worked = false and {ON_PAYMENT}"), vec![payment_id.into()]).await?;
        self.execute(&format!("update claims set version = version where {ON_PAYMENT}"), vec![payment_id.into()]).await?;
        let records: Vec<ClaimRecord> =
            self.rows(&format!("select {} from claims where {ON_PAYMENT} order by root_claim_id, claim_id", rows::COLUMNS), vec![payment_id.into()]).await?;
        let mut withdrawn = Vec::new();
        for record in records {
            withdrawn.extend(self.withdraw(record, payment_id).await?);
        }
        Ok(withdrawn)
    }

    async fn withdraw(&mut self, record: ClaimRecord, payment_id: &str) -> Result<Option<Withdrawn>> {
        #[derive(Deserialize)]
        struct Left {
            deduction_id: String,
            amount: i64,
        }
        let claim_id = record.row.claim_id.as_str();
        // What is left of a claim that was split is worked on as one again. Deductions name the first of a group: its parts find none.
        let left: Vec<Left> = self
            .rows(
                "select deduction_id, amount from deductions where claim_id = $1 and payment_id <> $2 and reversed = false order by sequence, line, part",
                vec![claim_id.into(), payment_id.into()],
            )
            .await?;
        let before = record.claim()?;
        let step = before.without_lost_deductions(left.iter().map(|deduction| deduction.amount).sum());
        if step.claim == before {
            return Ok(None);
        }
        // What was booked on the payment itself is countered with the rest of its journal.
        if !step.movements.is_empty() && self.payment_of(&record).await? != payment_id {
            self.post_movements(&format!("{claim_id}-{}", record.row.version + 1), &record, &step.movements).await?;
        }
        self.change_claim(claim_id, record.row.version, &step.claim).await?;
        if let Some(first) = left.first() {
            let stays = left.iter().find(|deduction| deduction.deduction_id == record.row.deduction_id).unwrap_or(first);
            self.execute(
                "update claims set deduction_id = d.deduction_id, customer_id = d.customer_id, category = coalesce(d.category, claims.category), work_by = d.work_by, dispute_by = d.dispute_by \
                 from deductions d where d.deduction_id = $2 and claims.claim_id = $1",
                vec![claim_id.into(), stays.deduction_id.as_str().into()],
            )
            .await?;
            self.follow_claims(claim_id).await?;
        }
        Ok(Some(Withdrawn { before, after: step.claim, record }))
    }
}

//! Claims: the work on deductions that no rule closed. Judging opens and renews them; people act on them.

mod rows;
mod withdrawal;

pub use rows::{ClaimRecord, ClaimRow};
pub use withdrawal::Withdrawn;

use recoup_engine::claim::{Claim, Movement, Party};
use recoup_engine::evidence::Evidence;
use recoup_engine::taxonomy::{DeductionStatus, Validity};
use serde::Deserialize;

use crate::{Result, Store, StoreError, Value, Work};

/// How many claims go back to one.
const OF_ONE_ROOT: &str = "select count(*) as value from claims where root_claim_id = $1";

/// What the judgement says of a claim.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SuggestionRow {
    pub claim_id: String,
    pub validity: Option<Validity>,
    /// One plain sentence.
    pub explanation: Option<String>,
}

impl Work {
    /// Opens claims, or renews those whose deduction was judged again. What a person did with a claim stays as it is.
    pub async fn save_claims(&mut self, claims: &[ClaimRow]) -> Result<()> {
        self.insert(
            "claims",
            &rows::OPENED,
            claims.iter().map(ClaimRow::values).collect(),
            "on conflict (claim_id) do update set customer_id = excluded.customer_id, category = excluded.category, \
             queue = case when claims.worked then claims.queue else excluded.queue end, priority = excluded.priority, approval_level = excluded.approval_level, \
             opened_on = excluded.opened_on, work_by = excluded.work_by, dispute_by = excluded.dispute_by, version = claims.version + 1",
        )
        .await
    }

    /// Removes claims that a rule closes after new evidence.
    pub async fn remove_claims(&mut self, claim_ids: &[String]) -> Result<()> {
        self.touch_claims(claim_ids).await?;
        for part in claim_ids.chunks(5_000) {
            self.execute(
                &format!("delete from claims where worked = false and claim_id in ({})", self.placeholders(1, part.len())),
                part.iter().map(Value::from).collect(),
            )
            .await?;
        }
        Ok(())
    }

    /// Which of these claims a person has worked: judging their deductions again changes the suggestion and nothing else.
    pub async fn worked_claims(&mut self, claim_ids: &[String]) -> Result<Vec<ClaimRecord>> {
        self.rows_for(&format!("select {} from claims where worked = true and claim_id in ({{keys}})", rows::COLUMNS), claim_ids).await
    }

    /// A claim inside a unit of work. Its siblings are locked with it, so that limits count what others settle at the same moment.
    pub async fn claim_to_change(&mut self, claim_id: &str) -> Result<Option<ClaimRecord>> {
        self.execute("update claims set version = version where root_claim_id = (select root_claim_id from claims where claim_id = $1)", vec![claim_id.into()])
            .await?;
        self.row(&format!("select {} from claims where claim_id = $1", rows::COLUMNS), vec![claim_id.into()]).await
    }

    /// Minor units given away on the siblings of a claim on or after a day, and on those whose day is not known: part of them waits for a decision.
    pub async fn given_away_on_siblings(&mut self, claim: &ClaimRecord, since: &str) -> Result<i64> {
        #[derive(Deserialize)]
        struct Sum {
            value: i64,
        }
        let row: Option<Sum> = self
            .row(
                "select cast(coalesce(sum(abs(accepted) + abs(written_off)), 0) as bigint) as value from claims where root_claim_id = $1 and claim_id <> $2 and coalesce(decided_on, '9999') >= $3",
                vec![claim.root_claim_id.as_str().into(), claim.row.claim_id.as_str().into(), since.into()],
            )
            .await?;
        Ok(row.map_or(0, |row| row.value))
    }

    /// Writes the next state of a claim unless somebody changed it since `version` was read; true when it was written.
    pub async fn change_claim(&mut self, claim_id: &str, version: i64, next: &Claim) -> Result<bool> {
        let facts = serde_json::to_string(&next.state).map_err(|error| StoreError::Refused(error.to_string()))?;
        let decided = next.state.decided();
        let values: Vec<Value> = vec![
            claim_id.into(),
            version.into(),
            next.state.word().word().into(),
            facts.into(),
            next.state.status().word().into(),
            next.queue.word().into(),
            next.assignee.clone().into(),
            next.amounts.claimed.into(),
            next.amounts.accepted.into(),
            next.amounts.disputed.into(),
            next.amounts.written_off.into(),
            next.amounts.recovered.into(),
            next.amount_changed_by.clone().into(),
            next.state.wakes_on().map(|day| day.to_string()).into(),
            decided.map(|decided| decided.by.clone()).into(),
            decided.map(|decided| decided.on.to_string()).into(),
            next.state.waits_for().map(Party::word).into(),
        ];
        self.touch_claims(&[claim_id.to_owned()]).await?;
        let changed = self
            .execute(
                "update claims set state = $3, facts = $4, status = $5, queue = $6, assignee = $7, amount = $8, accepted = $9, disputed = $10, written_off = $11, recovered = $12, \
                 amount_changed_by = $13, wake_on = $14, decided_by = $15, decided_on = $16, waiting_on = $17, worked = true, version = version + 1 where claim_id = $1 and version = $2",
                values,
            )
            .await?;
        Ok(changed == 1)
    }

    /// Makes what was read of a claim stale: something beside its state changed.
    pub async fn renew_version(&mut self, claim_id: &str) -> Result<()> {
        self.execute("update claims set version = version + 1 where claim_id = $1", vec![claim_id.into()]).await.map(drop)
    }

    /// Opens the claims of the further parts of a split: copies of `parent` with their own number and amount.
    pub async fn add_parts(&mut self, parent: &ClaimRecord, parts: &[Claim]) -> Result<Vec<String>> {
        let root = parent.root_claim_id.as_str();
        let first = self.count(OF_ONE_ROOT, vec![root.into()]).await?;
        let ids: Vec<String> = (first..).zip(parts).map(|(number, _)| format!("{root}.{number}")).collect();
        let rows = ids
            .iter()
            .zip(parts)
            .map(|(id, part)| ClaimRow { claim_id: id.clone(), amount: part.amounts.claimed, version: 1, ..parent.row.clone() })
            .collect::<Vec<_>>();
        self.save_claims(&rows).await?;
        for (id, part) in ids.iter().zip(parts) {
            self.execute("update claims set root_claim_id = $2 where claim_id = $1", vec![id.into(), root.into()]).await?;
            self.change_claim(id, 1, part).await?;
        }
        Ok(ids)
    }

    /// Moves the deductions of a merged claim, and their evidence with them, to another.
    pub async fn move_deductions(&mut self, from: &str, to: &str) -> Result<()> {
        self.execute("update deductions set claim_id = $2 where claim_id = $1", vec![from.into(), to.into()]).await.map(drop)
    }

    /// How many claims a claim was split into, itself included.
    pub async fn count_of_parts(&mut self, claim: &ClaimRecord) -> Result<i64> {
        self.count(OF_ONE_ROOT, vec![claim.root_claim_id.as_str().into()]).await
    }

    /// Kind and reference of every piece of evidence on the deductions of a claim.
    pub async fn evidence_of(&mut self, root_claim_id: &str) -> Result<Vec<String>> {
        #[derive(Deserialize)]
        struct Row {
            evidence: Option<String>,
        }
        let rows: Vec<Row> = self.rows("select evidence from deductions where claim_id = $1 order by sequence, line, part", vec![root_claim_id.into()]).await?;
        let mut named = Vec::new();
        for evidence in rows.into_iter().filter_map(|row| row.evidence) {
            let pieces: Vec<Evidence> =
                serde_json::from_str(&evidence).map_err(|error| StoreError::Corrupt { table: "deductions".to_owned(), problem: error.to_string() })?;
            named.extend(pieces.into_iter().map(|piece| format!("{} {}", piece.kind, piece.reference)));
        }
        Ok(named)
    }

    /// Lets the deductions of a group of split claims say what the least finished of them says.
    pub async fn follow_claims(&mut self, root_claim_id: &str) -> Result<()> {
        #[derive(Deserialize)]
        struct Part {
            status: DeductionStatus,
            queue: String,
            assignee: Option<String>,
        }
        let mut parts: Vec<Part> =
            self.rows("select status, queue, assignee from claims where root_claim_id = $1 order by claim_id", vec![root_claim_id.into()]).await?;
        parts.sort_by_key(|part| part.status);
        let Some(part) = parts.into_iter().next() else { return Ok(()) };
        self.touch_deductions_where("claim_id = $1 and reversed = false", root_claim_id).await?;
        self.execute(
            "update deductions set status = $2, queue = $3, assignee = $4 where claim_id = $1 and reversed = false",
            vec![root_claim_id.into(), part.status.word().into(), part.queue.into(), part.assignee.into()],
        )
        .await
        .map(drop)
    }

    /// The payment that a claim was opened for.
    async fn payment_of(&mut self, claim: &ClaimRecord) -> Result<String> {
        #[derive(Deserialize)]
        struct Payment {
            payment_id: String,
        }
        let payment: Option<Payment> =
            self.row("select payment_id from deductions where deduction_id = $1", vec![claim.row.deduction_id.as_str().into()]).await?;
        let missing = || StoreError::Corrupt { table: "claims".to_owned(), problem: format!("{} has no deduction", claim.row.claim_id) };
        payment.map(|payment| payment.payment_id).ok_or_else(missing)
    }

    /// Books what a step moved, under an entry of its own; entries are never changed.
    pub async fn post_movements(&mut self, entry_id: &str, claim: &ClaimRecord, movements: &[Movement]) -> Result<()> {
        let payment_id = self.payment_of(claim).await?;
        let rows = (0_i64..)
            .zip(movements)
            .map(|(line, movement)| {
                vec![
                    entry_id.into(),
                    line.into(),
                    payment_id.as_str().into(),
                    movement.account.into(),
                    claim.row.claim_id.as_str().into(),
                    movement.minor.into(),
                    claim.row.currency.as_str().into(),
                ]
            })
            .collect();
        self.insert("journal", &["entry_id", "line", "payment_id", "account", "reference", "amount", "currency"], rows, "").await
    }
}

impl Store {
    pub async fn claim(&self, claim_id: &str) -> Result<Option<ClaimRecord>> {
        self.row(&format!("select {} from claims where claim_id = $1", rows::COLUMNS), vec![claim_id.into()]).await
    }

    /// Claims by number.
    pub async fn claims(&self, claim_ids: &[String]) -> Result<Vec<ClaimRecord>> {
        self.rows_for(&format!("select {} from claims where claim_id in ({{keys}})", rows::COLUMNS), claim_ids).await
    }

    /// How the deductions that claims were opened for are judged, and why.
    pub async fn suggestions(&self, claim_ids: &[String]) -> Result<Vec<SuggestionRow>> {
        self.rows_for(
            "select c.claim_id, d.validity, d.explanation from claims c join deductions d on d.deduction_id = c.deduction_id where c.claim_id in ({keys})",
            claim_ids,
        )
        .await
    }

    /// The claims that were split from the same claim, in the order of their numbers.
    pub async fn parts_of(&self, root_claim_id: &str) -> Result<Vec<ClaimRecord>> {
        self.rows(&format!("select {} from claims where root_claim_id = $1 order by claim_id", rows::COLUMNS), vec![root_claim_id.into()]).await
    }

    /// Claims whose decision waits for another person, oldest first.
    pub async fn claims_awaiting_approval(&self) -> Result<Vec<ClaimRecord>> {
        self.rows(
            &format!("select {} from claims where state = 'awaiting_approval' order by coalesce(claims.dispute_by, '9999'), claim_id", rows::COLUMNS),
            vec![],
        )
        .await
    }
}

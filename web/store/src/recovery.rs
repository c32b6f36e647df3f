//! How earlier claims ended, and what was let go: what the chances of the next claim rest on.

use std::collections::HashMap;

use recoup_engine::evidence::Evidence;
use recoup_engine::history::{LetGo, month_of};
use recoup_engine::money::Currency;
use recoup_engine::recovery::{TrackRecord, TrackRecords};
use recoup_engine::taxonomy::{Category, Validity};
use serde::{Deserialize, Serialize};

use crate::documents::to_json;
use crate::{Result, Store, Value, Work};

/// A small claim that was let go, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LetGoRow {
    pub deduction_id: String,
    pub sequence: i64,
    pub line: i64,
    pub part: i64,
    pub customer_id: String,
    pub category: Category,
    pub currency: Currency,
    pub payment_date: Option<jiff::civil::Date>,
    /// Minor units.
    pub amount: i64,
    /// What was given up of it.
    pub at_stake: i64,
    pub validity: Validity,
    pub queue: String,
    pub priority: String,
    pub approval_level: i64,
    pub work_by: Option<String>,
    pub dispute_by: Option<String>,
    pub explanation: String,
    /// JSON.
    pub evidence: String,
}

/// An open claim that a rule of the routing opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutedClaim {
    pub claim_id: String,
    pub customer_id: Option<String>,
    pub category: String,
    /// Minor units.
    pub amount: i64,
    pub currency: Currency,
}

impl From<LetGoRow> for LetGo {
    fn from(row: LetGoRow) -> Self {
        Self {
            position: (row.sequence, row.line, row.part),
            customer_id: row.customer_id,
            category: row.category,
            currency: row.currency,
            month: row.payment_date.map(month_of),
            amount: row.at_stake,
        }
    }
}

/// Cases of one customer and category.
#[derive(Deserialize)]
struct Ended {
    customer_id: String,
    category: Category,
    owed: u32,
    not_owed: u32,
    won: u32,
    lost: u32,
}

impl Store {
    /// How claims ended that people decided, and deductions that were settled before this system. What only a test decided counts nothing here: it would
    /// confirm itself.
    pub async fn track_records(&self) -> Result<TrackRecords> {
        self.track_records_where("", vec![]).await
    }

    /// The same of one customer.
    pub async fn track_records_of(&self, customer_id: &str) -> Result<TrackRecords> {
        self.track_records_where("and customer_id = $1", vec![customer_id.into()]).await
    }

    async fn track_records_where(&self, condition: &str, values: Vec<Value>) -> Result<TrackRecords> {
        let decided: Vec<Ended> = self
            .rows(&format!(
                "select customer_id, category, cast(sum(case when accepted = amount then 1 else 0 end) as bigint) as owed, cast(sum(case when accepted = amount then 0 else 1 end) as bigint) as not_owed, \
                 cast(sum(case when recovered <> 0 then 1 else 0 end) as bigint) as won, \
                 cast(sum(case when recovered = 0 and (written_off <> 0 or (state = 'closed' and disputed <> 0)) then 1 else 0 end) as bigint) as lost \
                 from claims where decided_by is not null and customer_id is not null {condition} group by customer_id, category order by customer_id, category"),
                values.clone(),
            )
            .await?;
        let settled: Vec<Ended> = self
            .rows(&format!(
                "select customer_id, category, cast(sum(case when outcome = 'credited' then 1 else 0 end) as bigint) as owed, cast(sum(case when outcome = 'credited' then 0 else 1 end) as bigint) as not_owed, \
                 cast(sum(case when outcome = 'recovered' then 1 else 0 end) as bigint) as won, cast(sum(case when outcome = 'written_off' then 1 else 0 end) as bigint) as lost \
                 from settled_deductions where category is not null and outcome is not null {condition} group by customer_id, category order by customer_id, category"),
                values,
            )
            .await?;
        let mut records: HashMap<(String, Category), TrackRecord> = HashMap::new();
        for ended in decided.into_iter().chain(settled) {
            let record = records.entry((ended.customer_id, ended.category)).or_default();
            record.owed += ended.owed;
            record.not_owed += ended.not_owed;
            record.won += ended.won;
            record.lost += ended.lost;
        }
        Ok(TrackRecords(records))
    }

    /// How many open claims stand among others right under the limit of small claims: from the kept summaries.
    pub async fn claims_bunched(&self) -> Result<i64> {
        self.count("select cast(coalesce(sum(members), 0) as bigint) as value from summaries where facet = 'bunched'", vec![]).await
    }

    /// The claims that a rule of the routing opened and nobody has finished, in the order of their customers.
    pub async fn open_claims_routed_by(&self, rule: &str) -> Result<Vec<RoutedClaim>> {
        self.rows(
            "select c.claim_id, c.customer_id, c.category, c.amount, c.currency from claims c join deductions d on d.deduction_id = c.deduction_id \
             where d.routing_rule = $1 and c.status in ('open', 'waiting') and c.state not in ('merged', 'withdrawn') order by c.customer_id, c.category, c.claim_id",
            vec![rule.into()],
        )
        .await
    }

    /// The small claims of these customers that were let go by `rule` and stand, in order of arrival.
    pub async fn let_go(&self, rule: &str, customer_ids: &[String]) -> Result<Vec<LetGoRow>> {
        self.rows_for_with(
            "select d.deduction_id, d.sequence, d.line, d.part, d.customer_id, d.category, d.currency, p.payment_date, d.amount, d.amount - coalesce(d.valid_amount, 0) as at_stake, d.validity, \
             d.queue, d.priority, d.approval_level, d.work_by, d.dispute_by, d.explanation, d.evidence from deductions d \
             join payments p on p.payment_id = d.payment_id where d.customer_id in ({keys}) and d.routing_rule = {value} and d.status = 'closed' and d.needs_verdict = false \
             and d.reversed = false and d.category is not null order by d.sequence, d.line, d.part",
            customer_ids,
            rule.into(),
        )
        .await
    }
}

impl Work {
    /// Puts a deduction that was let go into a claim that works it with others.
    pub async fn join_lot(&mut self, deduction_id: &str, claim_id: &str, rule: &str, explanation: &str, evidence: &[Evidence]) -> Result<()> {
        self.touch_deductions(&[deduction_id.to_owned()]).await?;
        self.execute(
            "update deductions set claim_id = $2, status = 'open', routing_rule = $3, explanation = $4, evidence = $5 where deduction_id = $1",
            vec![deduction_id.into(), claim_id.into(), rule.into(), explanation.into(), to_json(&evidence).into()],
        )
        .await
        .map(drop)
    }

    /// Marks a claim as worked, so that judging its deductions again leaves it whole.
    pub async fn hold_together(&mut self, claim_id: &str) -> Result<()> {
        self.execute("update claims set worked = true where claim_id = $1", vec![claim_id.into()]).await.map(drop)
    }
}

//! Judging anew by a version of the rules: what it is about, how far a run is, and what it came to.

use serde::Deserialize;

use crate::reopening::UNDECIDED;
use crate::rule_runs::RunState;
use crate::{Result, Store, Work};

/// A run over everything that nobody decided.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Rejudging {
    pub run_id: String,
    /// The version that judges.
    pub book: String,
    pub state: RunState,
    /// Deductions that are judged, of all.
    pub decided: i64,
    pub total: i64,
    /// Verdicts that say something else than before.
    pub changed: i64,
    /// When the run last told how far it is, in seconds since 1970.
    pub seen_at: i64,
    pub problem: Option<String>,
    pub begun_by: String,
    pub begun_at: String,
}

/// How many deductions of a customer nobody decided.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct UndecidedOf {
    /// The customer of the deduction, else of its payment; empty where nobody knows.
    pub customer_id: String,
    pub count: i64,
}

const COLUMNS: [&str; 10] = ["run_id", "book", "state", "decided", "total", "changed", "seen_at", "problem", "begun_by", "begun_at"];

impl Work {
    /// Begins a run in place of the one before, which stands in the log; false while one by the same book is under way that was seen after `silent_since`
    /// (seconds since 1970).
    pub async fn begin_rejudging(&mut self, run: &Rejudging, silent_since: i64) -> Result<bool> {
        let sql = "select count(*) as value from rejudgings where state = 'running' and book = $1 and seen_at >= $2";
        if self.count(sql, vec![run.book.as_str().into(), silent_since.into()]).await? > 0 {
            return Ok(false);
        }
        self.execute("delete from rejudgings", vec![]).await?;
        let row = vec![
            run.run_id.as_str().into(),
            run.book.as_str().into(),
            run.state.word().into(),
            run.decided.into(),
            run.total.into(),
            run.changed.into(),
            run.seen_at.into(),
            run.problem.clone().into(),
            run.begun_by.as_str().into(),
            run.begun_at.as_str().into(),
        ];
        self.insert("rejudgings", &COLUMNS, vec![row], "").await?;
        Ok(true)
    }

    /// Adds to the verdicts that a run changed.
    pub async fn add_rejudged(&mut self, run_id: &str, changed: i64) -> Result<()> {
        self.execute("update rejudgings set changed = changed + $2 where run_id = $1", vec![run_id.into(), changed.into()]).await.map(drop)
    }
}

impl Store {
    /// The run that was begun last.
    pub async fn last_rejudging(&self) -> Result<Option<Rejudging>> {
        self.row(&format!("select {} from rejudgings", COLUMNS.join(", ")), vec![]).await
    }

    /// What nobody decided, by customer.
    pub async fn undecided_by_customer(&self) -> Result<Vec<UndecidedOf>> {
        let sql = format!(
            "select customer_id, count(*) as count from (select coalesce(d.customer_id, (select p.customer_id from payments p where p.payment_id = d.payment_id), '') \
             as customer_id from deductions d where {UNDECIDED}) as undecided group by customer_id order by customer_id"
        );
        self.rows(&sql, vec![]).await
    }
}

//! What drafts of the rule book would have changed: how far a run is, what it found.

use serde::Deserialize;

use crate::rule_runs::RunState;
use crate::{Result, Store, Work};

/// The last run of a draft.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RuleBacktest {
    pub draft_id: String,
    pub run_id: String,
    /// The edition that was in force, and that of the draft.
    pub book: String,
    pub draft: String,
    pub state: RunState,
    pub decided: i64,
    pub total: i64,
    /// When the run last told how far it is, in seconds since 1970: one that was cut off falls silent.
    pub seen_at: i64,
    /// What it came to, JSON.
    pub report: Option<String>,
    pub problem: Option<String>,
    pub begun_by: String,
    pub begun_at: String,
}

/// A deduction that the draft decides otherwise, at its place among the changes: the most money first.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ChangeRow {
    pub place: i64,
    pub deduction_id: String,
    pub customer_id: String,
    /// Minor units, as all amounts.
    pub amount: i64,
    pub currency: String,
    pub moved: i64,
    /// What the book in force says and what the draft says, JSON.
    pub was: String,
    pub becomes: String,
}

impl Work {
    /// Begins a run in place of the one before.
    pub async fn begin_rule_backtest(&mut self, run: &RuleBacktest) -> Result<()> {
        self.execute("delete from rule_backtest_changes where draft_id = $1", vec![run.draft_id.as_str().into()]).await?;
        self.execute("delete from rule_backtests where draft_id = $1", vec![run.draft_id.as_str().into()]).await?;
        let row = vec![
            run.draft_id.as_str().into(),
            run.run_id.as_str().into(),
            run.book.as_str().into(),
            run.draft.as_str().into(),
            run.state.word().into(),
            run.decided.into(),
            run.total.into(),
            run.seen_at.into(),
            run.begun_by.as_str().into(),
            run.begun_at.as_str().into(),
        ];
        let columns = ["draft_id", "run_id", "book", "draft", "state", "decided", "total", "seen_at", "begun_by", "begun_at"];
        self.insert("rule_backtests", &columns, vec![row], "").await
    }

    /// Keeps what a run came to.
    pub async fn keep_rule_backtest(&mut self, run_id: &str, report: &str) -> Result<()> {
        self.execute("update rule_backtests set report = $2 where run_id = $1", vec![run_id.into(), report.into()]).await.map(drop)
    }

    /// Keeps the changes that a run found.
    pub async fn add_rule_backtest_changes(&mut self, draft_id: &str, changes: &[ChangeRow]) -> Result<()> {
        let rows = changes.iter().map(|change| {
            vec![
                draft_id.into(),
                change.place.into(),
                change.deduction_id.as_str().into(),
                change.customer_id.as_str().into(),
                change.amount.into(),
                change.currency.as_str().into(),
                change.moved.into(),
                change.was.as_str().into(),
                change.becomes.as_str().into(),
            ]
        });
        let columns = ["draft_id", "place", "deduction_id", "customer_id", "amount", "currency", "moved", "was", "becomes"];
        self.insert("rule_backtest_changes", &columns, rows.collect(), "").await
    }
}

impl Store {
    /// The last run of a draft.
    pub async fn rule_backtest(&self, draft_id: &str) -> Result<Option<RuleBacktest>> {
        let sql = "select draft_id, run_id, book, draft, state, decided, total, seen_at, report, problem, begun_by, begun_at from rule_backtests \
            where draft_id = $1";
        self.row(sql, vec![draft_id.into()]).await
    }

    /// The changes that the last run found behind a place, in their order.
    pub async fn rule_backtest_changes(&self, draft_id: &str, after: i64, most: i64) -> Result<Vec<ChangeRow>> {
        let sql = "select place, deduction_id, customer_id, amount, currency, moved, was, becomes from rule_backtest_changes \
            where draft_id = $1 and place > $2 order by place limit $3";
        self.rows(sql, vec![draft_id.into(), after.into(), most.into()]).await
    }
}

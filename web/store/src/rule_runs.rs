//! Long runs over the deductions behind a page: each tells the database how far it is, and writes only while it is wanted.

use serde::{Deserialize, Serialize};

use crate::{Result, Work};

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    Running,
    Done,
    /// By a person.
    Stopped,
    Failed,
}

impl RunState {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
        }
    }
}

/// What is run; each kind keeps its runs in a table of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunKind {
    Backtest,
    Rejudging,
}

impl RunKind {
    const fn table(self) -> &'static str {
        match self {
            Self::Backtest => "rule_backtests",
            Self::Rejudging => "rejudgings",
        }
    }
}

impl Work {
    /// How far a run is; false when it was stopped or another one was begun in its place.
    pub async fn tell_run(&mut self, kind: RunKind, run_id: &str, decided: i64, total: i64, seen_at: i64) -> Result<bool> {
        let sql = format!("update {} set decided = $2, total = $3, seen_at = $4 where run_id = $1 and state = 'running'", kind.table());
        Ok(self.execute(&sql, vec![run_id.into(), decided.into(), total.into(), seen_at.into()]).await? == 1)
    }

    /// Ends a run that is under way; false when it has ended.
    pub async fn end_run(&mut self, kind: RunKind, run_id: &str, state: RunState, problem: Option<&str>) -> Result<bool> {
        let sql = format!("update {} set state = $2, problem = $3 where run_id = $1 and state = 'running'", kind.table());
        Ok(self.execute(&sql, vec![run_id.into(), state.word().into(), problem.into()]).await? == 1)
    }
}

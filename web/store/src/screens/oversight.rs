//! What an administrator and an auditor look at: imports with their control totals, the log.

use serde::Deserialize;

use super::Conditions;
use crate::audit::AuditEntry;
use crate::{Result, Store};

/// An import as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ImportRow {
    pub file: String,
    pub imported_at: String,
    pub rows_read: i64,
    pub rows_new: i64,
    pub rows_changed: i64,
    pub rows_unchanged: i64,
    pub rows_rejected: i64,
    /// JSON: sums of the amounts of the file, per currency.
    pub control_totals: String,
}

/// What narrows the log; blank is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogFilter {
    pub actor: Option<String>,
    pub action: Option<String>,
    pub subject: Option<String>,
    /// Older than this entry.
    pub before: Option<i64>,
}

impl Store {
    /// The last imports, latest first.
    pub async fn imports(&self, limit: i64) -> Result<Vec<ImportRow>> {
        self.rows(
            "select file, imported_at, rows_read, rows_new, rows_changed, rows_unchanged, rows_rejected, control_totals from import_runs order by imported_at desc, run_id desc limit $1",
            vec![limit.into()],
        )
        .await
    }

    /// A page of the log, latest first.
    pub async fn log_page(&self, filter: &LogFilter, limit: i64) -> Result<Vec<AuditEntry>> {
        let mut conditions = Conditions::default();
        for (text, value) in [("actor = $", &filter.actor), ("action = $", &filter.action), ("subject = $", &filter.subject)] {
            if let Some(value) = value {
                conditions.with(text, value.as_str());
            }
        }
        if let Some(before) = filter.before {
            conditions.with("sequence < $", before);
        }
        let clause = conditions.clause();
        let limit = conditions.bind(limit);
        self.rows(
            &format!("select sequence, at, actor, action, subject, detail, previous_hash, hash from audit {clause} order by sequence desc limit {limit}"),
            conditions.values,
        )
        .await
    }
}

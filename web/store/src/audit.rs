//! The append-only log of who did what, chained so that a change, a removal or a reorder shows.

use serde::{Deserialize, Serialize};

use crate::deeds::Done;
use crate::{Result, Value, Work};

/// One entry of the log as it is read back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    pub sequence: i64,
    pub at: String,
    pub actor: String,
    pub action: String,
    pub subject: String,
    /// JSON with what was before and after.
    pub detail: String,
    pub previous_hash: String,
    pub hash: String,
}

/// An entry to be written; `hash` chains it to the one before.
#[derive(Clone, Debug)]
pub struct NewEntry {
    pub at: String,
    pub actor: String,
    pub action: Done,
    pub subject: String,
    pub detail: String,
}

impl AuditEntry {
    /// What the hash of an entry covers.
    pub fn covered(&self) -> String {
        [&self.sequence.to_string(), &self.at, &self.actor, &self.action, &self.subject, &self.detail, &self.previous_hash].map(String::as_str).join("\u{1f}")
    }
}

impl Work {
    /// Appends entries to the chain; `digest` makes the hash of the covered text.
    pub async fn append_audit(&mut self, entries: Vec<NewEntry>, digest: fn(&str) -> String) -> Result<()> {
        if entries.is_empty() {
            return Ok(());
        }
        let first = self.next_numbers("audit", i64::try_from(entries.len()).unwrap_or(i64::MAX)).await?;
        #[derive(Deserialize)]
        struct Head {
            hash: String,
        }
        let head: Option<Head> = self.row("select hash from audit order by sequence desc limit 1", vec![]).await?;
        let mut previous_hash = head.map(|head| head.hash).unwrap_or_default();
        let mut rows = Vec::with_capacity(entries.len());
        for (sequence, entry) in (first..).zip(entries) {
            let mut chained = AuditEntry {
                sequence,
                at: entry.at,
                actor: entry.actor,
                action: entry.action.word().to_owned(),
                subject: entry.subject,
                detail: entry.detail,
                previous_hash,
                hash: String::new(),
            };
            chained.hash = digest(&chained.covered());
            previous_hash = chained.hash.clone();
            rows.push(vec![
                Value::Integer(chained.sequence),
                chained.at.into(),
                chained.actor.into(),
                chained.action.into(),
                chained.subject.into(),
                chained.detail.into(),
                chained.previous_hash.into(),
                chained.hash.into(),
            ]);
        }
        self.insert("audit", &["sequence", "at", "actor", "action", "subject", "detail", "previous_hash", "hash"], rows, "").await
    }
}

//! What watched folders gave, which layouts people confirmed, what they corrected, and what deal sheets propose.

use recoup_engine::agreement::Agreement;
use serde::{Deserialize, Serialize};

use crate::{Result, Store, Work};

/// A file that was taken from a watched folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchedFile {
    pub path: String,
    pub byte_count: i64,
    /// Milliseconds since 1970, as the file system says.
    pub modified_at_millis: i64,
    pub sha256: String,
    pub document_id: String,
    pub taken_at: String,
}

/// A layout that a person confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownLayoutRow {
    pub layout_id: String,
    /// The sender as its papers name it.
    pub sender: String,
    pub customer_id: Option<String>,
    /// JSON of the engine's `Layout`.
    pub layout: String,
    pub document_id: String,
    pub confirmed_at: String,
    pub confirmed_by: String,
}

/// Facts that a person set right on one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionRow {
    pub document_id: String,
    /// JSON: field name to value.
    pub facts: String,
    pub corrected_at: String,
    pub corrected_by: String,
}

impl Store {
    /// What the ledger of watched folders says of these paths.
    pub async fn watched_files(&self, paths: &[String]) -> Result<Vec<WatchedFile>> {
        self.rows_for(
            "select path, byte_count, modified_at_millis, sha256, document_id, taken_at from watched_files where path in ({keys}) order by path",
            paths,
        )
        .await
    }

    /// All confirmed layouts, the newest of a sender last.
    pub async fn known_layouts(&self) -> Result<Vec<KnownLayoutRow>> {
        self.rows(
            "select layout_id, sender, customer_id, layout, document_id, confirmed_at, confirmed_by from known_layouts order by confirmed_at, layout_id",
            vec![],
        )
        .await
    }

    /// What was corrected on a document.
    pub async fn correction(&self, document_id: &str) -> Result<Option<CorrectionRow>> {
        self.row("select document_id, facts, corrected_at, corrected_by from corrections where document_id = $1", vec![document_id.into()]).await
    }
}

impl Work {
    /// Notes that a file was taken; a changed file replaces what was known of its path.
    pub async fn note_watched_file(&mut self, file: &WatchedFile) -> Result<()> {
        self.insert(
            "watched_files",
            &["path", "byte_count", "modified_at_millis", "sha256", "document_id", "taken_at"],
            vec![vec![
                file.path.as_str().into(),
                file.byte_count.into(),
                file.modified_at_millis.into(),
                file.sha256.as_str().into(),
                file.document_id.as_str().into(),
                file.taken_at.as_str().into(),
            ]],
            "on conflict (path) do update set byte_count = excluded.byte_count, modified_at_millis = excluded.modified_at_millis, sha256 = excluded.sha256, \
             document_id = excluded.document_id, taken_at = excluded.taken_at",
        )
        .await?;
        Ok(())
    }

    /// Keeps a confirmed layout; the same layout of the same sender again changes only who said so last.
    pub async fn keep_layout(&mut self, row: &KnownLayoutRow) -> Result<()> {
        self.insert(
            "known_layouts",
            &["layout_id", "sender", "customer_id", "layout", "document_id", "confirmed_at", "confirmed_by"],
            vec![vec![
                row.layout_id.as_str().into(),
                row.sender.as_str().into(),
                row.customer_id.clone().into(),
                row.layout.as_str().into(),
                row.document_id.as_str().into(),
                row.confirmed_at.as_str().into(),
                row.confirmed_by.as_str().into(),
            ]],
            "on conflict (layout_id) do update set layout = excluded.layout, document_id = excluded.document_id, confirmed_at = excluded.confirmed_at, \
             confirmed_by = excluded.confirmed_by",
        )
        .await?;
        Ok(())
    }

    /// Keeps what a person corrected on a document, which frees it of the purpose that it was brought for.
    pub async fn keep_correction(&mut self, row: &CorrectionRow) -> Result<()> {
        self.insert(
            "corrections",
            &["document_id", "facts", "corrected_at", "corrected_by"],
            vec![vec![row.document_id.as_str().into(), row.facts.as_str().into(), row.corrected_at.as_str().into(), row.corrected_by.as_str().into()]],
            "on conflict (document_id) do update set facts = excluded.facts, corrected_at = excluded.corrected_at, corrected_by = excluded.corrected_by",
        )
        .await?;
        self.execute("update documents set purpose = null where document_id = $1 and purpose is not null", vec![row.document_id.as_str().into()]).await?;
        Ok(())
    }

    /// Opens one document to being read and settled again, unless it was read anew since its `attempts` were looked at; true when it is open.
    pub async fn reopen_document(&mut self, document_id: &str, attempts: i64) -> Result<bool> {
        let opened = self.execute(
            "update documents set status = 'pending', problem = null, settled = false where document_id = $1 and attempts = $2 and status <> 'pending'",
            vec![document_id.into(), attempts.into()],
        );
        Ok(opened.await? == 1)
    }

    /// Adds an agreement that a deal sheet proposes, unless its customer has one of that number on file already. Imported rows are never touched.
    ///
    /// Returns how many rows were added: none or one.
    pub async fn propose_agreement(&mut self, agreement: &Agreement, row_hash: &str) -> Result<u64> {
        let reference = agreement.customer_reference.clone();
        self.execute(
            "insert into agreements (record_key, row_hash, agreement_id, customer_id, kind, description, customer_reference, skus, starts_on, ends_on, rate_type, rate, \
             cap_amount, currency, status, performance_required) \
             select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'proposed', $15 \
             where not exists (select 1 from agreements known where known.customer_id = $4 and (known.agreement_id = $16 or known.customer_reference = $16)) \
             on conflict (record_key) do nothing",
            vec![
                agreement.agreement_id.as_str().into(),
                row_hash.into(),
                agreement.agreement_id.as_str().into(),
                agreement.customer_id.as_str().into(),
                agreement.kind.word().into(),
                agreement.description.clone().into(),
                reference.clone().into(),
                agreement.skus.join("|").into(),
                agreement.starts_on.to_string().into(),
                agreement.ends_on.to_string().into(),
                agreement.rate_type.word().into(),
                agreement.rate.normalize().to_string().into(),
                agreement.cap_amount.into(),
                agreement.currency.code().into(),
                agreement.performance_required.clone().into(),
                reference.unwrap_or_default().into(),
            ],
        )
        .await
    }
}

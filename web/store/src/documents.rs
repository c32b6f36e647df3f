//! Everything that ever arrived, its reading and its state.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use recoup_engine::reading::Reading;
use serde::{Deserialize, Serialize};

use crate::{Result, Store, StoreError, Work};

/// Numbers between two arrivals: the members of a container take those behind it.
pub const ARRIVAL_STEP: i64 = 1_000_000_000_000;

/// The purpose of papers that tell how a delivery went: filed as such, never posted.
pub const DELIVERY: &str = "delivery";

/// A document as its row reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentRow {
    pub document_id: String,
    /// Order of first arrival.
    pub sequence: i64,
    pub name: String,
    pub sha256: String,
    pub container_id: Option<String>,
    pub byte_count: i64,
    pub received_at: String,
    pub status: String,
    pub problem: Option<String>,
    pub kind: String,
    pub kind_confidence: i64,
    pub format: String,
    pub language: Option<String>,
    pub pages: i64,
    pub text_source: String,
    pub customer_id: Option<String>,
    pub customer_why: Option<String>,
    pub number: Option<String>,
    pub document_date: Option<String>,
    pub total: Option<String>,
    pub currency: Option<String>,
    /// JSON list of the fields read.
    pub fields: String,
    /// JSON list of doubts.
    pub doubts: String,
    pub linked_to: Option<String>,
    pub attempts: i64,
    /// Nothing more is to be posted from it.
    pub settled: bool,
    /// The only thing that may be done with it (see [`DELIVERY`]); `None` when whoever brought it may post.
    pub purpose: Option<String>,
}

/// What an arrival became.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    New,
    /// The same bytes under another name.
    Duplicate,
    /// The same bytes under the same name: nothing to do.
    Known,
}

/// A document that arrives.
#[derive(Clone, Debug)]
pub struct Arrival {
    pub name: String,
    pub sha256: String,
    pub byte_count: i64,
    pub container_id: Option<String>,
    /// Given for members of a container, whose order follows from the container's; otherwise the next number is taken.
    pub sequence: Option<i64>,
    pub received_at: String,
    /// As in [`DocumentRow::purpose`].
    pub purpose: Option<String>,
}

/// Columns of [`DocumentRow`].
pub(crate) const COLUMNS: &str = "document_id, sequence, name, sha256, container_id, byte_count, received_at, status, problem, kind, kind_confidence, format, language, pages, text_source, customer_id, \
                       customer_why, number, document_date, total, currency, fields, doubts, linked_to, attempts, settled, purpose";

impl Work {
    /// Records an arrival whose bytes are safely kept; a byte-identical copy is recognised and never processed again.
    ///
    /// Bytes that were brought for one purpose and come again without it are read anew, now for everything. `digest` derives identifiers from content.
    pub async fn receive(&mut self, arrival: &Arrival, digest: fn(&str) -> String) -> Result<(String, Received)> {
        let known: Vec<DocumentRow> =
            self.rows(&format!("select {COLUMNS} from documents where sha256 = $1 order by sequence"), vec![arrival.sha256.as_str().into()]).await?;
        if arrival.purpose.is_none() && known.iter().any(|known| known.purpose.is_some()) {
            self.lift_purpose(&arrival.sha256).await?;
        }
        if let Some(same) = known.iter().find(|known| known.name == arrival.name) {
            return Ok((same.document_id.clone(), Received::Known));
        }
        let first = known.first();
        let document_id = match first {
            None => format!("D-{}", &arrival.sha256[..16]),
            Some(_) => format!("D-{}", &digest(&format!("{}\u{1f}{}", arrival.sha256, arrival.name))[..16]),
        };
        let sequence = match arrival.sequence {
            Some(sequence) => sequence,
            None => self.next_numbers("document", ARRIVAL_STEP).await? - 1 + ARRIVAL_STEP,
        };
        let status = if first.is_some() { "duplicate" } else { "pending" };
        let linked_to = first.map(|first| first.name.clone());
        let problem = first.map(|first| format!("The same bytes arrived before as {}.", first.name));
        let like = |value: fn(&DocumentRow) -> String, otherwise: &str| first.map_or_else(|| otherwise.to_owned(), value);
        self.insert(
            "documents",
            &[
                "document_id",
                "sequence",
                "name",
                "sha256",
                "container_id",
                "byte_count",
                "received_at",
                "status",
                "problem",
                "kind",
                "kind_confidence",
                "format",
                "language",
                "pages",
                "text_source",
                "customer_id",
                "fields",
                "doubts",
                "linked_to",
                "words",
                "attempts",
                "settled",
                "purpose",
            ],
            vec![vec![
                document_id.as_str().into(),
                sequence.into(),
                arrival.name.as_str().into(),
                arrival.sha256.as_str().into(),
                arrival.container_id.clone().into(),
                arrival.byte_count.into(),
                arrival.received_at.as_str().into(),
                status.into(),
                problem.into(),
                like(|first| first.kind.clone(), "other").into(),
                0_i64.into(),
                like(|first| first.format.clone(), "unknown").into(),
                first.and_then(|first| first.language.clone()).into(),
                first.map_or(1, |first| first.pages).into(),
                like(|first| first.text_source.clone(), "structured").into(),
                first.and_then(|first| first.customer_id.clone()).into(),
                "[]".into(),
                "[]".into(),
                linked_to.into(),
                "".into(),
                0_i64.into(),
                first.is_some().into(),
                arrival.purpose.clone().into(),
            ]],
            "",
        )
        .await?;
        self.insert(
            "receipts",
            &["receipt_id", "document_id", "name", "received_at"],
            vec![vec![format!("R-{document_id}").into(), document_id.as_str().into(), arrival.name.as_str().into(), arrival.received_at.as_str().into()]],
            "",
        )
        .await?;
        self.note_words().await?;
        Ok((document_id, if first.is_some() { Received::Duplicate } else { Received::New }))
    }

    /// Frees documents of what they were brought for; the one that waits for a person is read again.
    async fn lift_purpose(&mut self, sha256: &str) -> Result<()> {
        self.execute(
            "update documents set purpose = null, status = case when status = 'duplicate' then status else 'pending' end, \
             problem = case when status = 'duplicate' then problem else null end, settled = case when status = 'duplicate' then settled else false end \
             where sha256 = $1 and purpose is not null",
            vec![sha256.into()],
        )
        .await?;
        Ok(())
    }

    /// Keeps what the reader made of a document and moves it on to settlement.
    pub async fn save_reading(&mut self, document_id: &str, reading: &Reading) -> Result<()> {
        let body = serde_json::to_vec(reading).map_err(|error| StoreError::Corrupt { table: "readings".to_owned(), problem: error.to_string() })?;
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&body).and_then(|()| encoder.try_finish()).map_err(|error| StoreError::Refused(error.to_string()))?;
        let deflated = encoder.finish().map_err(|error| StoreError::Refused(error.to_string()))?;
        self.execute(
            "insert into readings (document_id, body) values ($1, $2) on conflict (document_id) do update set body = excluded.body",
            vec![document_id.into(), deflated.into()],
        )
        .await?;
        self.execute(
            "update documents set status = 'processed', problem = null, kind = $2, kind_confidence = $3, format = $4, language = $5, pages = $6, text_source = $7, number = $8, document_date = $9, total = $10, \
             currency = $11, fields = $12, doubts = $13, words = $14, attempts = attempts + 1 where document_id = $1",
            vec![
                document_id.into(),
                reading.kind.word().into(),
                i64::from(reading.kind_confidence.thousandths()).into(),
                reading.format.word().into(),
                reading.language.map(|language| language.word()).into(),
                i64::from(reading.pages).into(),
                reading.text_source.word().into(),
                reading.number.clone().into(),
                reading.date.map(|date| date.to_string()).into(),
                reading.total.map(|total| total.normalize().to_string()).into(),
                reading.currency.map(|currency| currency.code()).into(),
                to_json(&reading.fields).into(),
                to_json(&reading.doubts).into(),
                recoup_engine::reference::fold(&reading.text).into(),
            ],
        )
        .await?;
        self.note_words().await
    }

    /// Says that words of documents changed: an index made before is old.
    async fn note_words(&mut self) -> Result<()> {
        self.next_numbers("words", 1).await.map(drop)
    }

    /// Sets what became of a document; blank means unchanged for the customer and the links.
    pub async fn conclude_document(&mut self, document_id: &str, conclusion: &Conclusion) -> Result<()> {
        self.execute(
            "update documents set status = $2, problem = $3, customer_id = coalesce($4, customer_id), customer_why = coalesce($5, customer_why), linked_to = coalesce($6, linked_to), settled = $7 where document_id = $1",
            vec![
                document_id.into(),
                conclusion.status.into(),
                conclusion.problem.clone().into(),
                conclusion.customer_id.clone().into(),
                conclusion.customer_why.clone().into(),
                conclusion.linked_to.clone().into(),
                true.into(),
            ],
        )
        .await?;
        match conclusion.linked_to {
            Some(_) => self.note_words().await,
            None => Ok(()),
        }
    }

    /// Opens the documents that wait for a person, and from which nothing was posted, to being read and settled again.
    pub async fn reopen_documents(&mut self) -> Result<u64> {
        self.execute(
            "update documents set status = 'pending', problem = null, settled = false where status = 'needs_review' \
             and not exists (select 1 from payments p where p.document_id = documents.document_id and p.reversed = false)",
            vec![],
        )
        .await
    }
}

/// What became of a document.
#[derive(Clone, Debug, Default)]
pub struct Conclusion {
    pub status: &'static str,
    pub problem: Option<String>,
    pub customer_id: Option<String>,
    pub customer_why: Option<String>,
    /// Names and numbers it belongs to, separated by `|`.
    pub linked_to: Option<String>,
}

impl Store {
    pub async fn document(&self, document_id: &str) -> Result<Option<DocumentRow>> {
        self.row(&format!("select {COLUMNS} from documents where document_id = $1"), vec![document_id.into()]).await
    }

    /// Documents that wait to be read, in order of arrival.
    pub async fn pending_documents(&self) -> Result<Vec<DocumentRow>> {
        self.rows(&format!("select {COLUMNS} from documents where status = 'pending' order by sequence"), vec![]).await
    }

    /// Documents that were read and wait for settlement, in order of arrival.
    pub async fn unsettled_documents(&self) -> Result<Vec<DocumentRow>> {
        self.rows(&format!("select {COLUMNS} from documents where settled = false and status <> 'pending' order by sequence"), vec![]).await
    }

    /// Whether a document waits to be read or settled, or a deduction to be judged.
    pub async fn something_waits(&self) -> Result<bool> {
        let sql = "select (select count(*) from (select sequence from documents where status = 'pending' limit 1) as unread) \
                   + (select count(*) from (select sequence from documents where settled = false limit 1) as unsettled) \
                   + (select count(*) from (select sequence from deductions where needs_verdict = true limit 1) as unjudged) \
                   + (select count(*) from (select payment_id from awaited_invoices where has_come = true limit 1) as come) as value";
        Ok(self.count(sql, vec![]).await? > 0)
    }

    /// How many documents wait for a person.
    pub async fn documents_in_review(&self) -> Result<i64> {
        self.count("select count(*) as value from documents where status = 'needs_review'", vec![]).await
    }

    /// Processed documents of some kinds, in order of arrival.
    pub async fn documents_of_kinds(&self, kinds: &[&str]) -> Result<Vec<DocumentRow>> {
        let keys: Vec<String> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
        self.rows_for(&format!("select {COLUMNS} from documents where kind in ({{keys}}) and status <> 'duplicate' order by sequence"), &keys).await
    }

    /// Documents of one kind of some customers, in order of arrival.
    pub async fn documents_of_customers(&self, kind: &str, customers: &[String]) -> Result<Vec<DocumentRow>> {
        let sql = format!("select {COLUMNS} from documents where customer_id in ({{keys}}) and kind = {{value}} and status <> 'duplicate'");
        let mut rows: Vec<DocumentRow> = self.rows_for_with(&sql, customers, kind.into()).await?;
        rows.sort_by_key(|row| row.sequence);
        Ok(rows)
    }

    /// The reading of a document.
    pub async fn reading(&self, document_id: &str) -> Result<Option<Reading>> {
        #[derive(Deserialize)]
        struct Body {
            body: Vec<u8>,
        }
        let row: Option<Body> = self.row("select body from readings where document_id = $1", vec![document_id.into()]).await?;
        row.map(|row| {
            let corrupt = |problem: String| StoreError::Corrupt { table: format!("readings {document_id}"), problem };
            let mut body = Vec::new();
            DeflateDecoder::new(row.body.as_slice()).read_to_end(&mut body).map_err(|error| corrupt(error.to_string()))?;
            serde_json::from_slice(&body).map_err(|error| corrupt(error.to_string()))
        })
        .transpose()
    }
}

/// Values of ours always serialise; a failure would be a fault in their definition.
pub(crate) fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}

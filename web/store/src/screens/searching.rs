//! What the search index is made from.

use serde::Deserialize;

use crate::documents::{COLUMNS, DocumentRow};
use crate::{Result, Store};

/// A document, how often it was read, and how much it is linked to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct VersionRow {
    pub document_id: String,
    pub attempts: i64,
    /// Letters of the numbers it belongs to, which settlement writes after the reading.
    pub linked: i64,
}

impl VersionRow {
    /// As the index names it.
    pub fn key(&self) -> String {
        format!("{}~{}~{}", self.document_id, self.attempts, self.linked)
    }
}

/// The words of a document.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Searchable {
    pub document_id: String,
    /// Order of first arrival.
    pub sequence: i64,
    pub attempts: i64,
    pub name: String,
    pub number: Option<String>,
    /// Names and numbers it belongs to, separated by `|`.
    pub linked_to: Option<String>,
    /// Folded: lower case, no accents.
    pub words: String,
}

impl Store {
    /// Grows whenever words of documents change: what arrives, is read or is linked.
    pub async fn search_mark(&self) -> Result<i64> {
        self.count("select value from sequences where name = 'words'", vec![]).await
    }

    /// Every document with how often it was read.
    pub async fn document_versions(&self) -> Result<Vec<VersionRow>> {
        self.rows("select document_id, attempts, cast(coalesce(length(linked_to), 0) as bigint) as linked from documents order by document_id", vec![]).await
    }

    /// The words of some documents.
    pub async fn searchable(&self, document_ids: &[String]) -> Result<Vec<Searchable>> {
        self.rows_for(
            "select document_id, sequence, attempts, name, number, linked_to, coalesce(words, '') as words from documents where document_id in ({keys})",
            document_ids,
        )
        .await
    }

    /// Documents by their numbers, in the order in which they are named.
    pub async fn documents_in_order(&self, document_ids: &[String]) -> Result<Vec<DocumentRow>> {
        let mut rows: Vec<DocumentRow> = self.rows_for(&format!("select {COLUMNS} from documents where document_id in ({{keys}})"), document_ids).await?;
        rows.sort_by_key(|row| document_ids.iter().position(|id| *id == row.document_id));
        Ok(rows)
    }
}

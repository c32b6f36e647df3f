//! Editions of the rule book: kept for ever once they decided something, so that a decision can be run again by its own rules.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::documents::to_json;
use crate::{Result, Store, StoreError, Work};

/// An edition as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptBook {
    pub version: String,
    /// Text by file name.
    pub files: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Row {
    version: String,
    files: String,
}

impl Row {
    fn book(self) -> Result<KeptBook> {
        let files = serde_json::from_str(&self.files)
            .map_err(|error| StoreError::Corrupt { table: "rule_books".to_owned(), problem: format!("{}: {error}", self.version) })?;
        Ok(KeptBook { version: self.version, files })
    }
}

impl Work {
    /// Keeps an edition; one that is kept already is left alone.
    pub async fn keep_rule_book(&mut self, book: &KeptBook, at: &str) -> Result<()> {
        let row = vec![book.version.as_str().into(), to_json(&book.files).into(), at.into()];
        self.insert("rule_books", &["version", "files", "kept_at"], vec![row], "on conflict (version) do nothing").await
    }

    /// Publications follow each other: whoever comes second waits here until the first is done.
    pub async fn lock_publications(&mut self) -> Result<()> {
        self.execute("update sequences set value = value where name = 'rule_book'", vec![]).await?;
        Ok(())
    }

    /// The version of the edition in force; `None` before the first publication.
    pub async fn version_in_force(&mut self) -> Result<Option<String>> {
        #[derive(Deserialize)]
        struct Last {
            version: String,
        }
        let last: Option<Last> = self.row("select version from rule_book_publications order by sequence desc limit 1", vec![]).await?;
        Ok(last.map(|last| last.version))
    }

    /// Keeps an edition and puts it in force. Its examples decide nothing and stand in no version: those of the last publication are kept.
    pub async fn publish_rule_book(&mut self, book: &KeptBook, at: &str, by: &str) -> Result<()> {
        let version = book.version.as_str();
        let row = vec![version.into(), to_json(&book.files).into(), at.into()];
        self.insert("rule_books", &["version", "files", "kept_at"], vec![row], "on conflict (version) do update set files = excluded.files").await?;
        let sequence = self.next_numbers("rule_book", 1).await?;
        let row = vec![sequence.into(), version.into(), at.into(), by.into()];
        self.insert("rule_book_publications", &["sequence", "version", "published_at", "published_by"], vec![row], "").await
    }
}

/// An edition that was put in force.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PublicationRow {
    pub version: String,
    pub published_at: String,
    pub published_by: String,
}

impl Store {
    /// The last publications, the newest first.
    pub async fn publications(&self, most: i64) -> Result<Vec<PublicationRow>> {
        let sql = "select version, published_at, published_by from rule_book_publications order by sequence desc limit $1";
        self.rows(sql, vec![most.into()]).await
    }

    /// The edition that was published last; `None` before the first publication.
    pub async fn rule_book_in_force(&self) -> Result<Option<KeptBook>> {
        let row: Option<Row> = self
            .row("select b.version, b.files from rule_book_publications p join rule_books b on b.version = p.version order by p.sequence desc limit 1", vec![])
            .await?;
        row.map(Row::book).transpose()
    }

    pub async fn rule_book(&self, version: &str) -> Result<Option<KeptBook>> {
        let row: Option<Row> = self.row("select version, files from rule_books where version = $1", vec![version.into()]).await?;
        row.map(Row::book).transpose()
    }
}

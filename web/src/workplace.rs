//! What every command works with: the folder of data, the database, the originals, the rule book.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use recoup_rules::book::{Book, DEFAULT};
use recoup_store::Store;

use crate::vault::Vault;

/// An opened workplace.
#[derive(Debug)]
pub struct Workplace {
    pub data: PathBuf,
    pub store: Store,
    pub vault: Vault,
    pub book: Book,
}

impl Workplace {
    /// Opens the folder and the database (the embedded one unless `database` names a PostgreSQL server) and brings the schema up to date.
    pub async fn open(data: &Path, database: Option<&str>) -> Result<Self> {
        std::fs::create_dir_all(data).with_context(|| format!("the data folder {} can't be created", data.display()))?;
        let store = match database {
            None => Store::open_sqlite(&data.join("recoup.sqlite")).await.with_context(|| format!("the database in {} can't be opened", data.display()))?,
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Store::open_postgres(url).await.context("the PostgreSQL server can't be reached")?
            }
            Some(other) => anyhow::bail!("--database takes postgres://…, not `{other}`"),
        };
        store.migrate().await?;
        let vault = Vault::open(data.join("originals")).with_context(|| format!("the folder of originals in {} can't be created", data.display()))?;
        let book = Book::load(DEFAULT).context("the rule book")?;
        Ok(Self { data: data.to_owned(), store, vault, book })
    }
}

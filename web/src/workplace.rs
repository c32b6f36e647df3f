//! What every command works with: the folder of data, the database, the originals, the rule book.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use anyhow::{Context, Result};
use recoup_store::Store;

use crate::desk::rule_book::InForce;
use crate::vault::Vault;

/// As long as a person's act waits for a run that is at work, and how often it looks.
const PATIENCE: Duration = Duration::from_secs(2);
const LOOKING_AGAIN: Duration = Duration::from_millis(50);

/// An opened workplace.
#[derive(Debug)]
pub struct Workplace {
    pub data: PathBuf,
    pub store: Store,
    pub vault: Vault,
    /// Renewed before every run of judging: a book may be published while this process serves.
    rules: RwLock<Arc<InForce>>,
}

impl Workplace {
    /// The rule book in force, as it was last read.
    pub fn rules(&self) -> Arc<InForce> {
        self.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads which rule book is in force now.
    pub async fn renew_rules(&self) -> Result<Arc<InForce>> {
        let now = Arc::new(InForce::read(&self.store).await?);
        *self.rules.write().unwrap_or_else(PoisonError::into_inner) = now.clone();
        Ok(now)
    }

    /// Two servers of one embedded database would not see each other: the second is told which process serves. The lock ends with the process.
    pub fn lock_serving(&self) -> Result<File> {
        use std::io::Write as _;
        let path = self.data.join("serving.lock");
        let open = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let mut file = open.with_context(|| format!("{} can't be opened", path.display()))?;
        if file.try_lock().is_err() {
            let serving = std::fs::read_to_string(&path).unwrap_or_default();
            anyhow::bail!("{} is served already by process {}; stop it first", self.data.display(), serving.trim());
        }
        file.set_len(0)?;
        writeln!(file, "{}", std::process::id())?;
        Ok(file)
    }

    /// Two processes must not settle the same documents of one embedded database: `None` while another one is at it. The lock ends with the file.
    pub fn try_processing(&self) -> Result<Option<File>> {
        let path = self.data.join("processing.lock");
        let file = File::create(&path).with_context(|| format!("{} can't be created", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("{} can't be locked", path.display())),
        }
    }

    /// The same for a person who waits for an answer: most runs are over in a moment.
    pub async fn processing_soon(&self) -> Result<Option<File>> {
        let waiting = async {
            loop {
                match self.try_processing() {
                    Ok(None) => tokio::time::sleep(LOOKING_AGAIN).await,
                    Ok(Some(alone)) => return Ok(Some(alone)),
                    Err(error) => return Err(error),
                }
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.unwrap_or(Ok(None))
    }

    /// The same for a command, which is told to come back.
    pub fn lock_processing(&self) -> Result<File> {
        match self.try_processing()? {
            Some(alone) => Ok(alone),
            None => anyhow::bail!("another recoup is processing the documents in {}; wait until it has finished", self.data.display()),
        }
    }

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
        let rules = RwLock::new(Arc::new(InForce::read(&store).await?));
        Ok(Self { data: data.to_owned(), store, vault, rules })
    }
}

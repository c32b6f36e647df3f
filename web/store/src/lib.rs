//! The only crate that writes SQL. One text for SQLite and PostgreSQL; migrations live in `migrations/`.
//!
//! Architecture invariant: no policy, no clock, no knowledge of pages or rules. Reads happen on a [`Store`], writes inside a [`Work`], one unit of
//! work that [`Work::commit`] consumes. Nothing but database awaits happens between its beginning and its end.

pub mod agreements;
pub mod audit;
pub mod authority;
mod awaited;
pub mod claims;
pub mod deeds;
pub mod delivery_checks;
pub mod documents;
pub mod exports;
pub mod facts;
pub mod intake;
pub mod invitations;
pub mod learning;
mod migrate;
mod payer_names;
pub mod people;
pub mod recovery;
pub mod reference;
pub mod refusals;
pub mod rejudgings;
pub mod reopening;
mod row;
pub mod rule_backtests;
pub mod rule_books;
pub mod rule_drafts;
pub mod rule_runs;
pub mod screens;
pub mod selections;
pub mod settlements;
mod summaries;
pub mod tokens;
pub mod verdicts;
pub mod verify;

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, PgPool, Postgres, Sqlite, SqlitePool, Transaction};
use thiserror::Error;

/// What can go wrong in the database. `Corrupt` names a row that does not read back; `Database` is everything the engine reports.
#[derive(Debug, Error)]
pub enum StoreError {
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("table {table}: a row can't be read back: {problem}")]
    Corrupt { table: String, problem: String },
    #[error("{0}")]
    Refused(String),
}

pub type Result<T> = std::result::Result<T, StoreError>;

/// A row of one number.
#[derive(Deserialize)]
pub(crate) struct Count {
    pub value: i64,
}

/// A value bound to a statement. `Null…` carries the type that PostgreSQL wants to know.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    Text(String),
    NullText,
    Integer(i64),
    NullInteger,
    Boolean(bool),
    Bytes(Vec<u8>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

/// PostgreSQL knows no NUL in a text: it is left out on both engines, so that they keep the same.
impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(if text.contains('\0') { text.replace('\0', "") } else { text })
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::from(text.clone())
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::NullText, Self::from)
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Self::NullText, Self::from)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        number.map_or(Self::NullInteger, Self::Integer)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Boolean(flag)
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

/// The database: one file, or a PostgreSQL server.
#[derive(Clone, Debug)]
pub enum Store {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// One unit of work. Dropped without [`Work::commit`], nothing of it happened.
#[derive(Debug)]
pub struct Work {
    transaction: Open,
    /// Claims and deductions that it changes, for the kept summaries.
    touched: summaries::Touched,
}

/// A transaction of either engine.
#[derive(Debug)]
enum Open {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Most values one statement binds: SQLite allows 32,766.
const MOST_BINDINGS: usize = 32_000;

macro_rules! bound {
    ($sql:expr, $arguments:expr) => {{
        let mut query = sqlx::query($sql);
        for argument in $arguments {
            query = match argument {
                Value::Text(text) => query.bind(text),
                Value::NullText => query.bind(None::<String>),
                Value::Integer(number) => query.bind(number),
                Value::NullInteger => query.bind(None::<i64>),
                Value::Boolean(flag) => query.bind(flag),
                Value::Bytes(bytes) => query.bind(bytes),
            };
        }
        query
    }};
}

impl Store {
    /// Opens (and creates) the embedded database.
    pub async fn open_sqlite(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(30))
            .pragma("cache_size", "-65536")
            .pragma("temp_store", "memory")
            .disable_statement_logging();
        Ok(Self::Sqlite(SqlitePoolOptions::new().max_connections(8).connect_with(options).await?))
    }

    /// Connects to `postgres://…`.
    pub async fn open_postgres(url: &str) -> Result<Self> {
        let options = PgConnectOptions::from_str(url)?.application_name("recoup").disable_statement_logging();
        Ok(Self::Postgres(PgPoolOptions::new().max_connections(16).acquire_timeout(Duration::from_secs(5)).connect_with(options).await?))
    }

    /// Begins a unit of work; on SQLite it holds the write lock from the start.
    pub async fn begin(&self) -> Result<Work> {
        let transaction = match self {
            Self::Sqlite(pool) => Open::Sqlite(pool.begin_with("begin immediate").await?),
            Self::Postgres(pool) => Open::Postgres(pool.begin().await?),
        };
        Ok(Work { transaction, touched: summaries::Touched::default() })
    }

    /// The rows of a statement as values of `T`, whose field names are the column names.
    pub async fn rows<T: DeserializeOwned>(&self, sql: &str, arguments: Vec<Value>) -> Result<Vec<T>> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(pool) => row::sqlite(bound!(sql, arguments).fetch_all(pool).await?),
            Self::Postgres(pool) => row::postgres(bound!(sql, arguments).fetch_all(pool).await?),
        }
    }

    /// The single row of a statement, if there is one.
    pub async fn row<T: DeserializeOwned>(&self, sql: &str, arguments: Vec<Value>) -> Result<Option<T>> {
        Ok(self.rows(sql, arguments).await?.into_iter().next())
    }

    /// Rows for many keys: `sql` holds `{keys}` where the list of placeholders goes; asked in as many rounds as the engine's limit needs.
    pub async fn rows_for<T: DeserializeOwned>(&self, sql: &str, keys: &[String]) -> Result<Vec<T>> {
        self.rows_among(sql, keys, &[]).await
    }

    /// The same with a further value, `{value}` behind the keys: engines bind in the order of the text.
    pub async fn rows_for_with<T: DeserializeOwned>(&self, sql: &str, keys: &[String], value: Value) -> Result<Vec<T>> {
        self.rows_among(sql, keys, &[value]).await
    }

    async fn rows_among<T: DeserializeOwned>(&self, sql: &str, keys: &[String], behind: &[Value]) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        for part in keys.chunks(5_000) {
            let sql = sql.replace("{keys}", &self.placeholders(1, part.len())).replace("{value}", &self.placeholders(1 + part.len(), behind.len()));
            rows.extend(self.rows(&sql, part.iter().map(Value::from).chain(behind.iter().cloned()).collect()).await?);
        }
        Ok(rows)
    }

    /// The number that a query gives as `value`.
    pub async fn count(&self, sql: &str, values: Vec<Value>) -> Result<i64> {
        let row: Option<Count> = self.row(sql, values).await?;
        Ok(row.map_or(0, |row| row.value))
    }

    fn placeholders(&self, first: usize, count: usize) -> String {
        placeholders(matches!(self, Self::Sqlite(_)), first, count)
    }

    pub async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Work {
    pub async fn rows<T: DeserializeOwned>(&mut self, sql: &str, arguments: Vec<Value>) -> Result<Vec<T>> {
        let sql = AssertSqlSafe(sql.to_owned());
        match &mut self.transaction {
            Open::Sqlite(transaction) => row::sqlite(bound!(sql, arguments).fetch_all(&mut **transaction).await?),
            Open::Postgres(transaction) => row::postgres(bound!(sql, arguments).fetch_all(&mut **transaction).await?),
        }
    }

    pub async fn row<T: DeserializeOwned>(&mut self, sql: &str, arguments: Vec<Value>) -> Result<Option<T>> {
        Ok(self.rows(sql, arguments).await?.into_iter().next())
    }

    /// The number that a query gives as `value`.
    pub async fn count(&mut self, sql: &str, arguments: Vec<Value>) -> Result<i64> {
        let row: Option<Count> = self.row(sql, arguments).await?;
        Ok(row.map_or(0, |row| row.value))
    }

    /// Rows for many keys, as [`Store::rows_for`].
    pub async fn rows_for<T: DeserializeOwned>(&mut self, sql: &str, keys: &[String]) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        for part in keys.chunks(5_000) {
            let keys = self.placeholders(1, part.len());
            rows.extend(self.rows(&sql.replace("{keys}", &keys), part.iter().map(Value::from).collect()).await?);
        }
        Ok(rows)
    }

    pub(crate) fn placeholders(&self, first: usize, count: usize) -> String {
        placeholders(self.is_sqlite(), first, count)
    }

    /// Runs a statement; returns how many rows it touched.
    pub async fn execute(&mut self, sql: &str, arguments: Vec<Value>) -> Result<u64> {
        let sql = AssertSqlSafe(sql.to_owned());
        Ok(match &mut self.transaction {
            Open::Sqlite(transaction) => bound!(sql, arguments).execute(&mut **transaction).await?.rows_affected(),
            Open::Postgres(transaction) => bound!(sql, arguments).execute(&mut **transaction).await?.rows_affected(),
        })
    }

    pub(crate) const fn is_sqlite(&self) -> bool {
        matches!(self.transaction, Open::Sqlite(_))
    }

    /// Inserts many rows with as few statements as the binding limit allows. `conflict` is empty or an `on conflict …` clause. Claims and deductions begin
    /// with their number, by which they enter the kept summaries.
    pub async fn insert(&mut self, table: &str, columns: &[&str], rows: Vec<Vec<Value>>, conflict: &str) -> Result<()> {
        let ids = |rows: &[Vec<Value>]| -> Vec<String> {
            rows.iter().filter_map(|row| row.first()).filter_map(|id| if let Value::Text(id) = id { Some(id.clone()) } else { None }).collect()
        };
        match columns.first() {
            Some(&"claim_id") if table == "claims" => self.touch_claims(&ids(&rows)).await?,
            Some(&"deduction_id") if table == "deductions" => self.touch_deductions(&ids(&rows)).await?,
            _ => {}
        }
        let most = (MOST_BINDINGS / columns.len()).clamp(1, 1_000);
        let head = format!("insert into {table} ({}) values ", columns.join(", "));
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let part: Vec<Vec<Value>> = rows.by_ref().take(most).collect();
            let tuples: Vec<String> = (0..part.len()).map(|index| format!("({})", self.placeholders(index * columns.len() + 1, columns.len()))).collect();
            self.execute(&format!("{head}{} {conflict}", tuples.join(", ")), part.into_iter().flatten().collect()).await?;
        }
        Ok(())
    }

    /// The next `count` numbers of a sequence; returns the first.
    pub async fn next_numbers(&mut self, sequence: &str, count: i64) -> Result<i64> {
        #[derive(serde::Deserialize)]
        struct Number {
            value: i64,
        }
        let row: Option<Number> =
            self.row("update sequences set value = value + $1 where name = $2 returning value", vec![count.into(), sequence.into()]).await?;
        row.map(|row| row.value - count + 1).ok_or_else(|| StoreError::Corrupt { table: "sequences".to_owned(), problem: format!("no row `{sequence}`") })
    }

    /// Makes everything of this unit of work durable.
    pub async fn commit(mut self) -> Result<()> {
        self.keep_summaries().await?;
        match self.transaction {
            Open::Sqlite(transaction) => transaction.commit().await?,
            Open::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }
}

/// `$3, $4, $5`. SQLite takes `$3` for a name and looks every name up in a list, which makes long lists quadratic: there it is `?, ?, ?`, bound
/// in order, and never mixed with numbered ones in one statement.
fn placeholders(unnumbered: bool, first: usize, count: usize) -> String {
    let one = |number: usize| if unnumbered { "?".to_owned() } else { format!("${number}") };
    (first..first + count).map(one).collect::<Vec<_>>().join(", ")
}

//! Reference data: rows that arrive again and again and change only what differs.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use crate::{Result, Store, Value, Work};

/// One row of a reference file.
#[derive(Clone, Debug)]
pub struct ReferenceRow {
    /// The columns that identify it, joined.
    pub record_key: String,
    /// Changes when any value does.
    pub row_hash: String,
    /// In the order of the columns given to [`Work::upsert_reference`].
    pub values: Vec<Value>,
}

/// What an upsert did.
#[derive(Clone, Debug, Default)]
pub struct Upserted {
    /// Keys of the rows that were not on file.
    pub new: Vec<String>,
    pub unchanged: usize,
    /// Key, the row before, the row after: both versions for the audit log.
    pub changed: Vec<(String, Json, Json)>,
}

#[derive(Deserialize)]
struct Known {
    record_key: String,
    row_hash: String,
}

#[derive(Deserialize)]
struct Key {
    key: String,
}

impl Work {
    /// Inserts new rows, updates changed ones, leaves the rest alone. Columns that the file does not have (`absent`) keep what is on file.
    pub async fn upsert_reference(&mut self, table: &str, columns: &[&str], absent: &[bool], rows: Vec<ReferenceRow>) -> Result<Upserted> {
        let keys: Vec<String> = rows.iter().map(|row| row.record_key.clone()).collect();
        let known: Vec<Known> = self.rows_for(&format!("select record_key, row_hash from {table} where record_key in ({{keys}})"), &keys).await?;
        let known: HashMap<String, String> = known.into_iter().map(|row| (row.record_key, row.row_hash)).collect();
        let mut upserted = Upserted::default();
        let (mut changed, mut fresh) = (Vec::new(), Vec::new());
        for row in rows {
            match known.get(&row.record_key) {
                Some(hash) if *hash == row.row_hash => upserted.unchanged += 1,
                Some(_) => changed.push(row),
                None => fresh.push(row),
            }
        }
        upserted.new = fresh.iter().map(|row| row.record_key.clone()).collect();
        let changed_keys: Vec<String> = changed.iter().map(|row| row.record_key.clone()).collect();
        let before: Vec<Map<String, Json>> = self.rows_for(&format!("select * from {table} where record_key in ({{keys}})"), &changed_keys).await?;
        let mut before: HashMap<String, Json> =
            before.into_iter().filter_map(|row| Some((row.get("record_key")?.as_str()?.to_owned(), Json::Object(row)))).collect();
        for row in &mut changed {
            let before = before.remove(&row.record_key).unwrap_or(Json::Null);
            for ((column, value), absent) in columns.iter().zip(&mut row.values).zip(absent) {
                if *absent {
                    kept(value, &before[*column]);
                }
            }
            let after: Map<String, Json> = columns.iter().zip(&row.values).map(|(column, value)| ((*column).to_owned(), json(value))).collect();
            upserted.changed.push((row.record_key.clone(), before, Json::Object(after)));
        }
        // A file with fewer columns may say nothing new.
        let differs = |(_, before, after): &(String, Json, Json)| columns.iter().any(|column| before[*column] != after[*column]);
        let said_anew: HashSet<String> = upserted.changed.iter().filter(|change| differs(change)).map(|(key, ..)| key.clone()).collect();
        upserted.unchanged += changed.len() - said_anew.len();
        upserted.changed.retain(|(key, ..)| said_anew.contains(key));
        let all: Vec<&str> = ["record_key", "row_hash"].into_iter().chain(columns.iter().copied()).collect();
        let assignments: Vec<String> = all.iter().skip(1).map(|column| format!("{column} = excluded.{column}")).collect();
        let conflict = format!("on conflict (record_key) do update set {}", assignments.join(", "));
        let bound = |row: ReferenceRow| [Value::from(row.record_key), Value::from(row.row_hash)].into_iter().chain(row.values).collect::<Vec<_>>();
        self.insert(table, &all, fresh.into_iter().map(bound).collect(), &conflict).await?;
        self.insert(table, &all, changed.into_iter().map(bound).collect(), &conflict).await?;
        Ok(upserted)
    }

    /// Keeps the series that our invoices are numbered in.
    pub async fn add_own_number_series(&mut self, series: BTreeSet<String>) -> Result<()> {
        let rows = series.into_iter().map(|series| vec![series.into()]).collect();
        self.insert("own_number_series", &["series"], rows, "on conflict (series) do nothing").await?;
        Ok(())
    }

    /// Notes an import with its control totals.
    #[allow(clippy::too_many_arguments)]
    pub async fn note_import(&mut self, run_id: &str, file: &str, at: &str, counts: [i64; 5], control_totals: &str) -> Result<()> {
        let [read, new, changed, unchanged, rejected] = counts;
        self.insert(
            "import_runs",
            &["run_id", "file", "imported_at", "rows_read", "rows_new", "rows_changed", "rows_unchanged", "rows_rejected", "control_totals"],
            vec![vec![
                run_id.into(),
                file.into(),
                at.into(),
                read.into(),
                new.into(),
                changed.into(),
                unchanged.into(),
                rejected.into(),
                control_totals.into(),
            ]],
            "",
        )
        .await?;
        Ok(())
    }
}

impl Store {
    /// Which of these values stand in a column.
    pub async fn existing(&self, table: &str, column: &str, values: &[String]) -> Result<HashSet<String>> {
        let rows: Vec<Key> = self.rows_for(&format!("select distinct {column} as key from {table} where {column} in ({{keys}})"), values).await?;
        Ok(rows.into_iter().map(|row| row.key).collect())
    }

    /// The currency that each of these keys is kept in, for amounts whose row names none.
    pub async fn currencies(&self, table: &str, column: &str, keys: &[String]) -> Result<HashMap<String, String>> {
        #[derive(Deserialize)]
        struct Row {
            key: String,
            currency: String,
        }
        let rows: Vec<Row> = self.rows_for(&format!("select {column} as key, currency from {table} where {column} in ({{keys}})"), keys).await?;
        Ok(rows.into_iter().map(|row| (row.key, row.currency)).collect())
    }
}

/// Puts what is on file into the place of a value that a file does not have.
fn kept(value: &mut Value, on_file: &Json) {
    match on_file {
        Json::String(text) => *value = Value::from(text.as_str()),
        Json::Number(number) => *value = number.as_i64().into(),
        Json::Bool(flag) => *value = Value::Boolean(*flag),
        _ => {}
    }
}

fn json(value: &Value) -> Json {
    match value {
        Value::Text(text) => Json::String(text.clone()),
        Value::Integer(number) => Json::from(*number),
        Value::Boolean(flag) => Json::Bool(*flag),
        Value::NullText | Value::NullInteger | Value::Bytes(_) => Json::Null,
    }
}

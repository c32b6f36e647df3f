//! The steps of `migrations/`, each applied once, in its own unit of work.

use sqlx::{AssertSqlSafe, Executor};

use crate::{Open, Result, Store, StoreError, Value};

struct Step {
    number: i64,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! step {
    ($number:literal, $file:literal) => {
        Step {
            number: $number,
            sqlite: include_str!(concat!("../../../migrations/", $file, ".sql")),
            postgres: include_str!(concat!("../../../migrations/", $file, ".sql")),
        }
    };
    ($number:literal, $file:literal, split) => {
        Step {
            number: $number,
            sqlite: include_str!(concat!("../../../migrations/", $file, ".sqlite.sql")),
            postgres: include_str!(concat!("../../../migrations/", $file, ".postgres.sql")),
        }
    };
}

const STEPS: &[Step] = &[
    step!(1, "0001_reference"),
    step!(2, "0002_work"),
    step!(3, "0003_readings", split),
    step!(4, "0004_earlier_verdicts"),
    step!(5, "0005_claims"),
    step!(6, "0006_confirmations"),
    step!(7, "0007_rule_books"),
    step!(8, "0008_tokens"),
    step!(9, "0009_counts"),
    step!(10, "0010_intake"),
    step!(11, "0011_customer_documents"),
    step!(12, "0012_answer_settlements"),
    step!(13, "0013_learnt"),
    step!(14, "0014_refused_matches"),
    step!(15, "0015_categories_said"),
    step!(16, "0016_lookups"),
    step!(17, "0017_languages"),
    step!(18, "0018_summaries"),
    step!(19, "0019_worklist"),
    step!(21, "0021_own_numbers"),
    step!(22, "0022_found_at_once"),
    step!(23, "0023_overdue"),
    step!(31, "0031_invitations"),
    step!(32, "0032_search"),
    step!(41, "0041_rule_drafts"),
    step!(51, "0051_delivery_checks"),
    step!(52, "0052_reopening"),
    step!(53, "0053_payer_names"),
    step!(54, "0054_purpose"),
    step!(55, "0055_awaited_invoices"),
    step!(56, "0056_said_and_decided"),
    step!(58, "0058_rejudgings"),
    step!(59, "0059_measured"),
    step!(60, "0060_payer_names_folded"),
    step!(61, "0061_told_by_the_bank"),
    step!(62, "0062_named"),
    step!(63, "0063_consumption"),
    step!(66, "0066_invoices_by_total"),
];

#[derive(serde::Deserialize)]
struct Applied {
    number: i64,
}

/// The lock that a node holds while it changes the schema; any number that nobody else uses.
const MIGRATING: i64 = 7_326_871;

/// Columns of text are ordered and put in lower case by their bytes, as SQLite does, whatever language the server speaks.
fn ordered_by_bytes(sql: &str) -> String {
    let lines: Vec<&str> = sql.lines().filter(|line| !line.starts_with("--")).collect();
    [' ', ',', ')', ';', '\n'].into_iter().fold(lines.join("\n"), |sql, end| sql.replace(&format!(" text{end}"), &format!(" text collate \"C\"{end}")))
}

impl Store {
    /// Brings the schema to this version. A database that a newer version made is refused.
    pub async fn migrate(&self) -> Result<()> {
        let mut work = self.begin().await?;
        if let Open::Postgres(transaction) = &mut work.transaction {
            // Two nodes may start at once: the second waits here and finds nothing left to do.
            transaction.execute(AssertSqlSafe(format!("select pg_advisory_xact_lock({MIGRATING})"))).await?;
        }
        work.execute("create table if not exists schema_steps (number bigint primary key)", vec![]).await?;
        let applied: Vec<Applied> = work.rows("select number from schema_steps order by number", vec![]).await?;
        let newest = STEPS.last().map_or(0, |step| step.number);
        if let Some(unknown) = applied.iter().find(|applied| applied.number > newest) {
            return Err(StoreError::Refused(format!(
                "this database was made by a newer version of recoup (step {}, this version knows {newest}); run that version",
                unknown.number
            )));
        }
        let is_behind = applied.len() < STEPS.len();
        for step in STEPS.iter().filter(|step| !applied.iter().any(|applied| applied.number == step.number)) {
            match &mut work.transaction {
                Open::Sqlite(transaction) => transaction.execute(AssertSqlSafe(step.sqlite)).await?.rows_affected(),
                Open::Postgres(transaction) => transaction.execute(AssertSqlSafe(ordered_by_bytes(step.postgres))).await?.rows_affected(),
            };
            work.execute("insert into schema_steps (number) values ($1)", vec![Value::Integer(step.number)]).await?;
        }
        // A newer version may sum what an older one did not.
        if is_behind {
            work.rebuild_summaries().await?;
            work.fold_payer_names().await?;
        }
        work.commit().await
    }
}

#[cfg(test)]
mod tests {
    use super::{STEPS, ordered_by_bytes};

    #[test]
    fn no_column_of_text_keeps_the_order_of_the_server() {
        let mut columns = 0;
        for step in STEPS {
            let sql = format!("{}\n", ordered_by_bytes(&format!("{}\n", step.postgres)));
            columns += sql.matches(" text collate \"C\"").count();
            let left = sql.replace(" text collate \"C\"", "");
            let words = left.split(|sign: char| !sign.is_alphanumeric() && sign != '_');
            assert_eq!(words.filter(|word| *word == "text").count(), 0, "step {}", step.number);
        }
        assert!(columns > 200, "{columns} columns of text");
    }

    #[test]
    fn every_file_of_the_schema_has_its_step() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
        let names = std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
        let mut numbers: Vec<i64> = names.map(|name| name[..4].parse().expect("a number")).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(STEPS.iter().map(|step| step.number).collect::<Vec<_>>(), numbers);
    }
}

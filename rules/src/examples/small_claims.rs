//! Examples of small claims: what is at stake, how earlier claims ended, and whether the claim is worth its work by the figures of the book.

use recoup_engine::recovery::TrackRecord;
use recoup_engine::taxonomy::{Category, Validity};
use rust_decimal::Decimal;

use super::Differs;
use crate::book::Book;
use crate::table::{RuleError, records};

/// The file among the examples that holds them.
pub const FILE: &str = "small_claims.csv";

pub(super) const COLUMNS: [&str; 11] = ["case", "customer", "category", "validity", "at_stake", "owed", "not_owed", "won", "lost", "limit", "worth_its_work"];

/// Weighs every row by the book; returns how many there are and which differ.
///
/// # Errors
/// A cell that can't be read.
pub fn run(book: &Book, text: &str) -> Result<(usize, Vec<Differs>), RuleError> {
    let named = format!("examples/{FILE}");
    let rows = records(&named, text, COLUMNS)?;
    let count = rows.len();
    let mut differing = Vec::new();
    for (line, cells) in rows {
        let [case, customer, category, validity, at_stake, owed, not_owed, won, lost, limit, worth] = cells;
        let fault = |column: &str, problem: String| RuleError { file: named.clone(), line, column: column.to_owned(), problem };
        let cases = |column: &str, text: &str| text.parse::<u32>().map_err(|_| fault(column, format!("`{text}` is no number of cases")));
        let amount = |column: &str, text: &str| text.parse::<Decimal>().map_err(|_| fault(column, format!("`{text}` is no amount")));
        let category: Category = category.parse().map_err(|error: recoup_engine::reading::UnknownWord| fault("category", error.to_string()))?;
        let validity: Validity = validity.parse().map_err(|error: recoup_engine::reading::UnknownWord| fault("validity", error.to_string()))?;
        let record =
            TrackRecord { owed: cases("owed", &owed)?, not_owed: cases("not_owed", &not_owed)?, won: cases("won", &won)?, lost: cases("lost", &lost)? };
        let row = book.small_claims.row(&customer, category).ok_or_else(|| fault("category", "no row of small_claims.csv fits".to_owned()))?;
        let at_stake = amount("at_stake", &at_stake)?;
        let found = row.limit(row.odds(validity, record));
        let worked = if found.is_some_and(|found| at_stake > found) { "yes" } else { "no" };
        let found = found.map_or("none".to_owned(), |found| found.to_string());
        for (column, expected, got) in [("limit", &limit, found.as_str()), ("worth_its_work", &worth, worked)] {
            if expected != got {
                let explanation = format!("by row `{}` of small_claims.csv", row.rule);
                let (case, expected, got) = (case.clone(), expected.clone(), got.to_owned());
                differing.push(Differs { file: FILE.to_owned(), line, case, column, expected, got, explanation });
            }
        }
    }
    Ok((count, differing))
}

//! Statements of one account follow each other: a number that is left out, or a balance that doesn't go on, is said of the later one.

use std::collections::HashSet;

use anyhow::{Context, Result};
use recoup_engine::reading::{Doubt, Field};
use recoup_store::documents::{Conclusion, DocumentRow};
use rust_decimal::Decimal;

use super::needs_review;
use crate::workplace::Workplace;

/// A statement among those of its account; a file may hold several that follow each other.
struct Standing {
    account: String,
    first: u32,
    last: u32,
    date: String,
    opening: Option<Decimal>,
    closing: Option<Decimal>,
}

/// Notes the gaps before statements that were just taken in. What arrives later fills a gap; the note tells how it stood when the statement was read.
pub(super) async fn note_gaps(workplace: &Workplace, taken: &[DocumentRow]) -> Result<()> {
    if taken.is_empty() {
        return Ok(());
    }
    // As they stand after they were taken in, when their fields are known.
    let documents = workplace.store.documents_of_kinds(&["bank_statement"]).await?;
    let all: Vec<Standing> = documents.iter().map(standing).filter_map(Result::transpose).collect::<Result<_>>()?;
    let taken: HashSet<&str> = taken.iter().map(|row| row.document_id.as_str()).collect();
    for document in documents.iter().filter(|document| taken.contains(document.document_id.as_str())) {
        let Some(doubt) = standing(document)?.and_then(|now| gap(&all, &now)) else { continue };
        let problem = document.problem.iter().cloned().chain(needs_review(&[doubt]).problem).collect::<Vec<_>>().join(" ");
        let status = if document.status == "needs_review" { "needs_review" } else { "processed" };
        super::conclude(workplace, document, Conclusion { status, problem: Some(problem), ..Conclusion::default() }).await?;
    }
    Ok(())
}

/// `None` for statements without an account, a counted number or a day.
fn standing(document: &DocumentRow) -> Result<Option<Standing>> {
    let fields: Vec<Field> = serde_json::from_str(&document.fields).context("the fields of a statement")?;
    let field = |name: &str| fields.iter().find(|field| field.name == name).map(|field| field.value.as_str());
    let (Some(account), Some(first), Some(date)) = (field("account"), field("number").and_then(count), document.document_date.clone()) else { return Ok(None) };
    let amount = |name: &str| field(name).and_then(|text| text.parse().ok());
    let last = field("last_number").and_then(count).unwrap_or(first);
    Ok(Some(Standing { account: account.to_owned(), first, last, date, opening: amount("opening_balance"), closing: amount("closing_balance") }))
}

/// `123` of `123`, `00123` and `123/1`; numbers that don't count statements are none.
fn count(number: &str) -> Option<u32> {
    number.split('/').next()?.trim().parse().ok().filter(|count| (1..=9_999).contains(count))
}

/// What is missing between a statement and the one before it. Banks count from 1 each year, so the one before is the latest of a smaller number.
fn gap(all: &[Standing], now: &Standing) -> Option<Doubt> {
    let earlier = all.iter().filter(|other| other.account == now.account && other.last < now.first && other.date <= now.date);
    let before = earlier.max_by(|one, other| one.date.cmp(&other.date).then(one.last.cmp(&other.last)))?;
    if before.last + 1 < now.first {
        let missing = if before.last + 2 == now.first { format!("{} has", before.last + 1) } else { format!("{} to {} have", before.last + 1, now.first - 1) };
        return Some(Doubt::note(
            "statement_gap",
            format!("Statement {} of account {} follows {}: {missing} not arrived.", now.first, now.account, before.last),
        ));
    }
    let (closing, opening) = (before.closing?, now.opening?);
    let says = || format!("Statement {} of account {} opens at {opening}, statement {} closed at {closing}.", now.first, now.account, before.last);
    (opening != closing).then(|| Doubt::note("statement_gap", says()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(number: u32, date: &str, opening: i64, closing: i64) -> Standing {
        let amount = |whole: i64| Some(Decimal::from(whole));
        Standing { account: "NL01".to_owned(), first: number, last: number, date: date.to_owned(), opening: amount(opening), closing: amount(closing) }
    }

    fn says(all: &[Standing], now: &Standing) -> String {
        gap(all, now).map(|doubt| doubt.says).unwrap_or_default()
    }

    #[test]
    fn statements_follow_each_other_by_number_and_balance() {
        let all = [statement(40, "2025-12-30", 1, 5), statement(11, "2026-03-02", 5, 7), statement(12, "2026-03-03", 7, 9)];
        assert_eq!(says(&all, &statement(13, "2026-03-04", 9, 10)), "");
        assert_eq!(says(&all, &statement(13, "2026-03-04", 8, 10)), "Statement 13 of account NL01 opens at 8, statement 12 closed at 9.");
        assert_eq!(says(&all, &statement(14, "2026-03-05", 9, 10)), "Statement 14 of account NL01 follows 12: 13 has not arrived.");
        assert_eq!(says(&all, &statement(16, "2026-03-05", 9, 10)), "Statement 16 of account NL01 follows 12: 13 to 15 have not arrived.");
        assert_eq!(says(&all, &statement(1, "2026-01-05", 6, 10)), "", "counted anew each year");
        assert_eq!(says(&all, &Standing { account: "NL02".to_owned(), ..statement(14, "2026-03-05", 9, 10) }), "", "another account");
    }

    #[test]
    fn only_numbers_that_count_statements_are_compared() {
        assert_eq!(["123/1", "00007", "STMT-20260804", "20260804"].map(count), [Some(123), Some(7), None, None]);
    }
}

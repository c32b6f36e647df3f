//! Examples beside the rules: tables of cases that a domain person can read and extend, each with the decision it expects.
//!
//! A row tells a whole story: what was billed, what is on file, what was held back and in which words. [`run`] decides it by the book and names
//! every cell that differs. The cast: `C1`, `C2` and `C3` are children of `P1` (US, USD), `FR1`, `NL1` and `DE1` stand alone (EUR). The articles:
//! `BEANS12` (12 in a case, 480 on a pallet), `SOUP6` (6 in a case), `SALT1` (single pieces only). The grammar of `billed` and `on_file` is in [`records`].

mod records;
pub mod small_claims;

use recoup_engine::history::History;
use recoup_engine::money::Money;
use recoup_engine::recovery::TrackRecords;
use recoup_engine::remittance::CodeList;
use recoup_engine::verdict::Shape;
use rust_decimal::Decimal;

use crate::book::Book;
use crate::decide::{Decision, HeldBack, Policy, decide};
use crate::table::RuleError;

/// The examples of the book that is compiled in.
pub const DEFAULT: &[(&str, &str)] = &[
    ("discount.csv", include_str!("../../books/default/examples/discount.csv")),
    ("agreements.csv", include_str!("../../books/default/examples/agreements.csv")),
    ("goods.csv", include_str!("../../books/default/examples/goods.csv")),
    ("prices.csv", include_str!("../../books/default/examples/prices.csv")),
    ("never_twice.csv", include_str!("../../books/default/examples/never_twice.csv")),
    ("penalties.csv", include_str!("../../books/default/examples/penalties.csv")),
    ("other.csv", include_str!("../../books/default/examples/other.csv")),
    (small_claims::FILE, include_str!("../../books/default/examples/small_claims.csv")),
];

/// A row whose decision is not the expected one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differs {
    pub file: String,
    pub line: usize,
    pub case: String,
    pub column: &'static str,
    pub expected: String,
    pub got: String,
    pub explanation: String,
}

const COLUMNS: [&str; 16] = [
    "case",
    "customer",
    "terms",
    "billed",
    "on_file",
    "paid_on",
    "shape",
    "held_back",
    "code",
    "words",
    "category",
    "expectation",
    "validity",
    "owed",
    "queue",
    "rule",
];

/// The columns of a file of examples.
pub(crate) fn columns_of(name: &str) -> &'static [&'static str] {
    if name.strip_prefix("examples/") == Some(small_claims::FILE) { &small_claims::COLUMNS } else { &COLUMNS }
}

/// The cells of one row by their columns.
struct Row<'text> {
    file: &'text str,
    line: usize,
    cells: [String; 16],
}

impl Row<'_> {
    fn cell(&self, column: &str) -> &str {
        COLUMNS.iter().position(|name| *name == column).map_or("", |position| self.cells[position].as_str())
    }

    fn fault(&self, column: &str, problem: impl Into<String>) -> RuleError {
        RuleError { file: format!("examples/{}", self.file), line: self.line, column: column.to_owned(), problem: problem.into() }
    }
}

/// Decides every row of a table; returns how many there are and which differ.
///
/// # Errors
/// A cell that can't be read, with file, line and column.
pub fn run(book: &Book, file: &str, text: &str) -> Result<(usize, Vec<Differs>), RuleError> {
    if file == small_claims::FILE {
        return small_claims::run(book, text);
    }
    let rows = crate::table::records(&format!("examples/{file}"), text, COLUMNS)?;
    let count = rows.len();
    let mut differing = Vec::new();
    for (line, cells) in rows {
        let row = Row { file, line, cells };
        let decision = decide_row(book, &row)?;
        differing.extend(compare(&row, &decision, held_back(&row)?));
    }
    Ok((count, differing))
}

fn decide_row(book: &Book, row: &Row<'_>) -> Result<Decision, RuleError> {
    let customer_id = if row.cell("customer").is_empty() { "C1" } else { row.cell("customer") };
    let mut facts = records::cast(customer_id, row.cell("terms"));
    if !facts.customers.contains_key(customer_id) {
        return Err(row.fault("customer", format!("`{customer_id}` is not in the cast")));
    }
    records::bill(&mut facts, customer_id, row.cell("billed")).map_err(|problem| row.fault("billed", problem))?;
    let mut earlier = History::default();
    for sentence in row.cell("on_file").split(" | ").map(str::trim).filter(|sentence| !sentence.is_empty()) {
        records::put_on_file(&mut facts, &mut earlier, customer_id, sentence).map_err(|problem| row.fault("on_file", problem))?;
    }
    let (code_list, code) = match row.cell("code").split_once(':') {
        Some(("x12", code)) => (CodeList::X12, code),
        Some(("edifact", code)) => (CodeList::Edifact, code),
        _ => (CodeList::Customer, row.cell("code")),
    };
    let (shape, debit_note) = shape_of(row)?;
    let billed = !row.cell("billed").is_empty();
    let held = HeldBack {
        deduction_id: "X-example",
        customer_id,
        // A line of its own names its invoice in words only.
        invoice_number: (billed && shape != Shape::StandAlone).then_some(records::INVOICE),
        debit_note_number: debit_note,
        amount: held_back(row)?,
        payment_date: if row.cell("paid_on").is_empty() { None } else { Some(row.cell("paid_on").parse().map_err(|_| row.fault("paid_on", "not a date"))?) },
        shape,
        settled_gross: (shape != Shape::StandAlone).then(|| facts.invoices.get(records::INVOICE).map(|invoice| invoice.total_amount)).flatten(),
        paid_before: None,
        code: Some(code).filter(|code| !code.is_empty()),
        code_list,
        words: row.cell("words"),
        within_tolerance: false,
        worked: false,
        said: None,
        recognised: false,
        note: None,
    };
    decide(held, Policy { book, own_codes: &[], records: &TrackRecords::default(), learnt: None }, &facts, &earlier)
        .map_err(|error| row.fault("held_back", error.to_string()))
}

/// `on_invoice`, `discount`, `silent`, or `alone`, optionally with the number of a debit note: `alone DN-7`.
fn shape_of<'row>(row: &'row Row<'_>) -> Result<(Shape, Option<&'row str>), RuleError> {
    let (word, note) = row.cell("shape").split_once(' ').map_or((row.cell("shape"), None), |(word, note)| (word, Some(note)));
    let shape = match word {
        "" | "on_invoice" => Shape::OnInvoice,
        "discount" => Shape::Discount,
        "silent" => Shape::Silent,
        "alone" => Shape::StandAlone,
        other => return Err(row.fault("shape", format!("`{other}` is none of on_invoice, discount, silent, alone"))),
    };
    Ok((shape, note))
}

fn held_back(row: &Row<'_>) -> Result<Money, RuleError> {
    let customer_id = if row.cell("customer").is_empty() { "C1" } else { row.cell("customer") };
    let currency = records::currency_of(customer_id);
    Money::parse(row.cell("held_back"), currency).map_err(|error| row.fault("held_back", error.to_string()))
}

fn compare(row: &Row<'_>, decision: &Decision, held: Money) -> Vec<Differs> {
    let verdict = &decision.verdict;
    let owed = verdict.valid_minor.map(|minor| Money::new(minor, held.currency).to_decimal());
    let same_owed = match row.cell("owed") {
        "" => true,
        "?" => owed.is_none(),
        expected => expected.parse::<Decimal>().ok() == owed,
    };
    let got = [
        ("category", verdict.category.word().to_owned(), row.cell("category").is_empty() || row.cell("category") == verdict.category.word()),
        ("expectation", verdict.expectation.word().to_owned(), row.cell("expectation").is_empty() || row.cell("expectation") == verdict.expectation.word()),
        ("validity", verdict.validity.word().to_owned(), row.cell("validity") == verdict.validity.word()),
        ("owed", owed.map_or("?".to_owned(), |owed| owed.to_string()), same_owed),
        ("queue", decision.routed.queue.word().to_owned(), row.cell("queue").is_empty() || row.cell("queue") == decision.routed.queue.word()),
        ("rule", verdict.rule.to_owned(), row.cell("rule").is_empty() || row.cell("rule") == verdict.rule),
    ];
    got.into_iter()
        .filter(|(_, _, same)| !same)
        .map(|(column, got, _)| Differs {
            file: row.file.to_owned(),
            line: row.line,
            case: row.cell("case").to_owned(),
            column,
            expected: row.cell(column).to_owned(),
            got,
            explanation: verdict.explanation.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book;

    #[test]
    fn every_example_of_the_default_book_is_decided_as_it_expects() {
        let book = Book::load(book::DEFAULT).expect("the default book");
        let (mut count, mut differing) = (0, Vec::new());
        for (file, text) in DEFAULT {
            let (rows, wrong) = run(&book, file, text).unwrap_or_else(|error| panic!("{error}"));
            count += rows;
            differing.extend(
                wrong.into_iter().map(|one| {
                    format!("{}:{} {}: {} is {}, expected {} ({})", one.file, one.line, one.case, one.column, one.got, one.expected, one.explanation)
                }),
            );
        }
        assert!(differing.is_empty(), "{} of {count}:\n{}", differing.len(), differing.join("\n"));
        assert!(count >= 150, "only {count} examples");
    }

    #[test]
    fn a_record_that_cannot_be_read_is_named_with_its_place() {
        let book = Book::load(book::DEFAULT).expect("the default book");
        let text = format!(
            "{}\nodd,,,2026-03-02: BEANS12 1 case @ 24.00,delivery tomorrow BEANS12 1 case,2026-03-20,,24.00,,Short,,,unknown,?,,\n",
            COLUMNS.join(",")
        );
        let error = run(&book, "x.csv", &text).unwrap_err();
        assert_eq!((error.file.as_str(), error.line, error.column.as_str()), ("examples/x.csv", 2, "on_file"));
    }
}

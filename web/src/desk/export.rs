//! What `recoup export` writes: the columns of the contract, exact amounts, the same bytes on every engine and at every run.

use std::io::Write;

use anyhow::{Context, Result};
use recoup_engine::evidence::Evidence;
use recoup_engine::money::{Currency, Money, format_minor};
use recoup_engine::reading::{Field, Place};
use recoup_engine::recovery::Standing;
use recoup_rules::book::Book;
use recoup_store::exports::{ClaimExport, Wanted};
use rust_xlsxwriter::Workbook;
use serde_json::{Map, Value as Json, json};

use super::recovery::{Expected, Prospects};
use crate::workplace::Workplace;

/// What can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum What {
    Deductions,
    Allocations,
    Payments,
    Documents,
    Claims,
    Customers,
    Journal,
    Audit,
}

/// How it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    #[default]
    Csv,
    Jsonl,
    Xlsx,
}

/// Rows under their column names. Amounts are text in the contract's notation; lists are JSON.
#[derive(Debug, Default)]
pub struct Table {
    pub columns: Vec<&'static str>,
    pub rows: Vec<Vec<Json>>,
}

/// The columns of claims: `recoup export claims` writes them, and the worklist's file begins with them.
pub const CLAIMS: [&str; 19] = [
    "claim_id",
    "customer_id",
    "category",
    "amount",
    "currency",
    "queue",
    "priority",
    "status",
    "assignee",
    "opened_on",
    "work_by",
    "dispute_by",
    "state",
    "accepted_amount",
    "disputed_amount",
    "written_off_amount",
    "recovered_amount",
    "decided_by",
    "decided_on",
];

/// What `recoup export claims` says beside them: what may come back, how likely, from how many own cases.
const EXPECTED: [&str; 3] = ["expected_recovery", "win_probability", "win_cases"];

/// Columns whose text is a number: true numbers in a spreadsheet.
const NUMERIC: [&str; 20] = [
    "amount",
    "valid_amount",
    "gross_amount",
    "discount_amount",
    "deducted_amount",
    "paid_amount",
    "allocated_amount",
    "on_account_amount",
    "total_amount",
    "accepted_amount",
    "disputed_amount",
    "written_off_amount",
    "recovered_amount",
    "expected_recovery",
    "win_probability",
    "win_cases",
    "confidence",
    "page",
    "pages",
    "line",
];

pub async fn table(workplace: &Workplace, what: What, wanted: &Wanted) -> Result<Table> {
    match what {
        What::Deductions => deductions(workplace, wanted).await,
        What::Allocations => allocations(workplace, wanted).await,
        What::Payments => payments(workplace, wanted).await,
        What::Documents => documents(workplace, wanted).await,
        What::Claims => claims(workplace, wanted).await,
        What::Customers => customers(workplace, wanted).await,
        What::Journal => journal(workplace, wanted).await,
        What::Audit => audit(workplace, wanted).await,
    }
}

/// Writes a table; a CSV or XLSX cell that a spreadsheet would run as a formula is neutralised.
pub fn write(table: &Table, format: Format, output: &mut impl Write) -> Result<()> {
    match format {
        Format::Csv => {
            let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(output);
            writer.write_record(&table.columns)?;
            for row in &table.rows {
                writer.write_record(table.columns.iter().zip(row).map(|(column, cell)| neutral(column, &plain(cell))))?;
            }
            writer.flush()?;
        }
        Format::Jsonl => {
            for row in &table.rows {
                let object: Map<String, Json> = table.columns.iter().map(|column| (*column).to_owned()).zip(row.iter().cloned()).collect();
                serde_json::to_writer(&mut *output, &object)?;
                output.write_all(b"\n")?;
            }
        }
        Format::Xlsx => {
            let mut workbook = Workbook::new();
            let sheet = workbook.add_worksheet();
            for (column, name) in (0_u16..).zip(&table.columns) {
                sheet.write_string(0, column, *name)?;
            }
            for (line, row) in (1_u32..).zip(&table.rows) {
                for ((column, name), cell) in (0_u16..).zip(&table.columns).zip(row) {
                    let text = plain(cell);
                    // The only place where an amount becomes a float: a spreadsheet has no other numbers.
                    match text.parse::<f64>() {
                        Ok(number) if NUMERIC.contains(name) => sheet.write_number(line, column, number)?,
                        _ => sheet.write_string(line, column, neutral(name, &text))?,
                    };
                }
            }
            output.write_all(&workbook.save_to_buffer().context("the workbook can't be written")?)?;
        }
    }
    Ok(())
}

fn plain(cell: &Json) -> String {
    match cell {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A leading sign that a spreadsheet takes for a formula gets an apostrophe; numbers stay as they are.
fn neutral(column: &str, text: &str) -> String {
    let dangerous = text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    if dangerous && !NUMERIC.contains(&column) { format!("'{text}") } else { text.to_owned() }
}

fn amount(minor: i64, currency: &str) -> Json {
    currency.parse::<Currency>().map_or_else(|_| Json::from(minor), |currency| Json::String(format_minor(minor, currency)))
}

fn confidence(thousandths: i64) -> Json {
    Json::String(format!("{}.{:03}", thousandths / 1000, thousandths % 1000))
}

fn text(value: impl Into<Option<String>>) -> Json {
    value.into().map_or(Json::Null, Json::String)
}

fn place_of(json: Option<&str>) -> Option<Place> {
    json.and_then(|json| serde_json::from_str(json).ok())
}

fn box_of(place: Option<Place>) -> Json {
    place
        .and_then(|place| place.area)
        .map_or(Json::Null, |area| Json::Array(area.percents().map(|percent| Json::String(percent.to_string())).map(numeric).to_vec()))
}

/// A decimal text as a JSON number, digit for digit.
fn numeric(text: Json) -> Json {
    match &text {
        Json::String(digits) => digits.parse::<serde_json::Number>().map_or(text, Json::Number),
        _ => text,
    }
}

async fn deductions(workplace: &Workplace, wanted: &Wanted) -> Result<Table> {
    let rows = workplace.store.export_deductions(wanted).await?;
    let columns = vec![
        "deduction_id",
        "claim_id",
        "allocation_id",
        "document",
        "document_sha256",
        "page",
        "payment_id",
        "remittance_reference",
        "payment_date",
        "customer_id",
        "invoice_number",
        "debit_note_number",
        "amount",
        "currency",
        "customer_reason_code",
        "reason_text",
        "category",
        "expectation",
        "validity",
        "valid_amount",
        "confidence",
        "queue",
        "assignee",
        "status",
        "agreement_id",
        "dispute_by",
        "explanation",
        "evidence",
        "rule",
    ];
    let rows = rows
        .into_iter()
        .map(|row| {
            let evidence: Vec<Evidence> = row.evidence.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
            let evidence: Vec<Json> = evidence
                .into_iter()
                .map(|piece| json!({ "kind": piece.kind, "reference": piece.reference, "document": piece.document, "page": piece.place.map(|place| place.page), "box": box_of(piece.place), "says": piece.says }))
                .collect();
            Ok(vec![
                row.deduction_id.into(),
                text(row.claim_id),
                text(row.allocation_id),
                text(row.document),
                text(row.document_sha256),
                place_of(row.place.as_deref()).map_or(Json::Null, |place| place.page.into()),
                row.payment_id.into(),
                text(row.remittance_reference),
                text(row.payment_date),
                text(row.customer_id),
                text(row.invoice_number),
                text(row.debit_note_number),
                amount(row.amount, &row.currency),
                row.currency.clone().into(),
                text(row.code),
                text(row.words),
                text(row.category),
                text(row.expectation),
                text(row.validity),
                row.valid_amount.map_or(Json::Null, |minor| amount(minor, &row.currency)),
                row.confidence.map_or(Json::Null, confidence),
                text(row.queue),
                text(row.assignee),
                row.status.into(),
                text(row.agreement_id),
                text(row.dispute_by),
                text(row.explanation),
                Json::Array(evidence),
                text(row.rule),
            ])
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(Table { columns, rows })
}

async fn allocations(workplace: &Workplace, wanted: &Wanted) -> Result<Table> {
    let rows = workplace.store.export_allocations(wanted).await?;
    let columns = vec![
        "allocation_id",
        "document",
        "payment_id",
        "customer_id",
        "invoice_number",
        "gross_amount",
        "discount_amount",
        "deducted_amount",
        "paid_amount",
        "currency",
        "method",
        "confidence",
    ];
    let rows = rows
        .into_iter()
        .map(|row| {
            vec![
                row.allocation_id.into(),
                text(row.document),
                row.payment_id.into(),
                row.customer_id.into(),
                row.invoice_number.into(),
                amount(row.gross, &row.currency),
                amount(row.discount, &row.currency),
                amount(row.deducted, &row.currency),
                amount(row.paid, &row.currency),
                row.currency.into(),
                row.method.into(),
                confidence(row.confidence),
            ]
        })
        .collect();
    Ok(Table { columns, rows })
}

async fn payments(workplace: &Workplace, wanted: &Wanted) -> Result<Table> {
    let rows = workplace.store.export_payments(wanted).await?;
    let columns =
        vec!["payment_id", "document", "payer_name", "customer_id", "payment_date", "amount", "currency", "allocated_amount", "on_account_amount", "status"];
    let rows = rows
        .into_iter()
        .map(|row| {
            vec![
                row.payment_id.into(),
                text(row.document),
                text(row.payer_name),
                text(row.customer_id),
                text(row.payment_date),
                amount(row.amount, &row.currency),
                row.currency.clone().into(),
                amount(row.allocated, &row.currency),
                amount(row.on_account, &row.currency),
                row.status.into(),
            ]
        })
        .collect();
    Ok(Table { columns, rows })
}

async fn documents(workplace: &Workplace, wanted: &Wanted) -> Result<Table> {
    let rows = workplace.store.export_documents(wanted).await?;
    let columns = vec![
        "document",
        "document_sha256",
        "kind",
        "format",
        "language",
        "pages",
        "text_source",
        "customer_id",
        "document_number",
        "document_date",
        "total_amount",
        "currency",
        "fields",
        "status",
        "problem",
        "linked_to",
    ];
    let rows = rows
        .into_iter()
        .map(|row| {
            let fields: Vec<Field> = serde_json::from_str(&row.fields)?;
            let fields: Vec<Json> = fields
                .into_iter()
                .map(|field| json!({ "name": field.name, "value": field.value, "page": field.place.map(|place| place.page), "box": box_of(field.place), "confidence": field.confidence.to_string() }))
                .collect();
            Ok(vec![
                row.name.into(),
                row.sha256.into(),
                row.kind.into(),
                row.format.into(),
                text(row.language),
                row.pages.into(),
                row.text_source.into(),
                text(row.customer_id),
                text(row.number),
                text(row.document_date),
                text(row.total),
                text(row.currency),
                Json::Array(fields),
                row.status.into(),
                text(row.problem),
                text(row.linked_to),
            ])
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(Table { columns, rows })
}

async fn claims(workplace: &Workplace, wanted: &Wanted) -> Result<Table> {
    let rows = workplace.store.export_claims(wanted).await?;
    let columns = [CLAIMS.as_slice(), &EXPECTED].concat();
    let prospects = Prospects::read(workplace).await?;
    let rules = workplace.rules();
    let rows = rows
        .into_iter()
        .map(|row| {
            let expected = expected(&prospects, &rules.book, &row)?;
            Ok(vec![
                row.claim_id.into(),
                text(row.customer_id),
                row.category.into(),
                amount(row.amount, &row.currency),
                row.currency.clone().into(),
                row.queue.into(),
                row.priority.into(),
                row.status.into(),
                text(row.assignee),
                text(row.opened_on),
                text(row.work_by),
                text(row.dispute_by),
                row.state.into(),
                amount(row.accepted, &row.currency),
                amount(row.disputed, &row.currency),
                amount(row.written_off, &row.currency),
                amount(row.recovered, &row.currency),
                text(row.decided_by),
                text(row.decided_on),
                expected.as_ref().map_or(Json::Null, |expected| expected.recovery.to_string().into()),
                expected.as_ref().map_or(Json::Null, |expected| expected.win.share.to_string().into()),
                expected.as_ref().map_or(Json::Null, |expected| expected.win.cases.into()),
            ])
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(Table { columns, rows })
}

/// What a claim may bring back; nothing is said of one that is not judged or whose customer is not known.
fn expected(prospects: &Prospects, book: &Book, row: &ClaimExport) -> Result<Option<Expected>> {
    let (Some(customer_id), Some(validity)) = (&row.customer_id, row.validity) else { return Ok(None) };
    let standing = Standing {
        claimed: Money::new(row.amount, row.currency.parse()?),
        outstanding: row.amount - row.accepted - row.written_off - row.recovered,
        disputed: row.disputed,
        validity,
        owed: row.valid_amount,
    };
    prospects.of(book, customer_id, row.category.parse()?, standing)
}

async fn customers(workplace: &Workplace, wanted: &Wanted) -> Result<Table> {
    let columns = vec![
        "customer_id",
        "name",
        "aliases",
        "parent_customer_id",
        "tax_id",
        "gln",
        "country",
        "currency",
        "language",
        "email",
        "email_domains",
        "payment_terms",
    ];
    let customers = workplace.store.customers().await?;
    let rows = customers
        .into_iter()
        .filter(|customer| wanted.customer_id.as_ref().is_none_or(|wanted| *wanted == customer.customer_id))
        .map(|customer| {
            vec![
                customer.customer_id.into(),
                customer.name.into(),
                customer.aliases.join("|").into(),
                text(customer.parent_customer_id),
                text(customer.tax_id),
                text(customer.gln),
                text(customer.country),
                customer.currency.code().into(),
                text(customer.language.map(|language| language.word().to_owned())),
                text(customer.email),
                customer.email_domains.join("|").into(),
                text(customer.payment_terms),
            ]
        })
        .collect();
    Ok(Table { columns, rows })
}

async fn journal(workplace: &Workplace, wanted: &Wanted) -> Result<Table> {
    let rows = workplace.store.export_journal(wanted).await?;
    let columns = vec!["entry_id", "line", "payment_id", "account", "reference", "amount", "currency"];
    let rows = rows
        .into_iter()
        .map(|row| {
            let minor = amount(row.amount, &row.currency);
            vec![row.entry_id.into(), row.line.into(), row.payment_id.into(), row.account.into(), text(row.reference), minor, row.currency.into()]
        })
        .collect();
    Ok(Table { columns, rows })
}

async fn audit(workplace: &Workplace, wanted: &Wanted) -> Result<Table> {
    let rows = workplace.store.export_audit(wanted.since.as_deref()).await?;
    let columns = vec!["sequence", "at", "actor", "action", "subject", "detail", "previous_hash", "hash"];
    let rows = rows
        .into_iter()
        .map(|row| {
            vec![
                row.sequence.into(),
                row.at.into(),
                row.actor.into(),
                row.action.into(),
                row.subject.into(),
                row.detail.into(),
                row.previous_hash.into(),
                row.hash.into(),
            ]
        })
        .collect();
    Ok(Table { columns, rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_neutralised_and_amounts_are_not() {
        let table = Table {
            columns: vec!["reason_text", "amount"],
            rows: vec![vec!["=cmd|' /C calc'!A0".into(), "-12.50".into()], vec!["@SUM(A1)".into(), "3.00".into()]],
        };
        let mut bytes = Vec::new();
        write(&table, Format::Csv, &mut bytes).expect("written");
        assert_eq!(String::from_utf8(bytes).expect("text"), "reason_text,amount\n'=cmd|' /C calc'!A0,-12.50\n'@SUM(A1),3.00\n");
    }
}

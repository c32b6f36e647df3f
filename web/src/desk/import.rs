//! Reference data: the files of the contract, row by row. Good rows go in, bad ones are listed with file, line, column and value.

mod files;
mod touched;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use recoup_engine::facts::Facts;
use recoup_engine::money::{Currency, parse_decimal};
use recoup_engine::numbering;
use recoup_extractors::line_numbers::LineNumbers;
use recoup_store::Value;
use recoup_store::audit::NewEntry;
use recoup_store::deeds::Deed;
use recoup_store::reference::ReferenceRow;
use serde::Serialize;

use crate::clock::{now_nanoseconds, now_text};
use crate::desk::Progress;
use crate::desk::triage::judge_unless_busy;
use crate::vault::{digest, sha256};
use crate::workplace::Workplace;
use files::{CurrencySource, FILES, FileSpec, Kind};

/// Rows that go to the database in one unit of work.
const CHUNK: usize = 20_000;

/// What became of one file.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FileSummary {
    pub file: String,
    pub rows: usize,
    pub new: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub rejected: usize,
    /// Sum of each amount column over the rows taken, per currency, in the contract's notation.
    pub control_totals: BTreeMap<String, String>,
    pub warnings: Vec<String>,
}

/// A row, or a cell of it, that was not taken.
#[derive(Clone, Debug, Serialize)]
pub struct Reject {
    pub file: String,
    /// Line in the file, the header is 1.
    pub line: u64,
    pub column: String,
    pub value: String,
    /// Stable code: `required`, `amount_format`, `date`, `unknown_reference`, …
    pub code: String,
    pub problem: String,
}

/// What became of an import.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    pub files: Vec<FileSummary>,
    pub rejects: Vec<Reject>,
    /// Deductions that what came may decide otherwise, judged again.
    pub deductions_judged: usize,
    /// The same, left to the process that is at work.
    pub deductions_waiting: usize,
}

/// Imports folders of reference files or single files, in the order in which they refer to one another, and judges again what they may change.
pub async fn import(workplace: &Workplace, paths: &[PathBuf]) -> Result<Summary> {
    let mut summary = Summary::default();
    import_into(workplace, paths, &mut summary).await?;
    Ok(summary)
}

/// The same; what was taken stays taken and stands in the summary, whatever fails after it.
pub async fn import_into(workplace: &Workplace, paths: &[PathBuf], summary: &mut Summary) -> Result<()> {
    let mut found: Vec<(usize, PathBuf)> = Vec::new();
    for path in paths {
        if path.is_dir() {
            let listed = FILES.iter().enumerate().map(|(order, spec)| (order, path.join(format!("{}.csv", spec.file)))).filter(|(_, file)| file.exists());
            let before = found.len();
            found.extend(listed);
            if found.len() == before {
                bail!("{} holds none of the reference files ({}.csv, …)", path.display(), FILES[0].file);
            }
        } else if !path.exists() {
            bail!("{}: no such file", path.display());
        } else {
            let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            let order = FILES.iter().position(|spec| spec.file == stem).with_context(|| {
                let names: Vec<String> = FILES.iter().map(|spec| format!("{}.csv", spec.file)).collect();
                format!("{}: a reference file is one of {}", path.display(), names.join(", "))
            })?;
            found.push((order, path.clone()));
        }
    }
    found.sort();
    for (order, path) in found {
        match import_file(workplace, &FILES[order], &path).await {
            Ok((file, rejects)) => {
                summary.files.push(file);
                summary.rejects.extend(rejects);
            }
            // What was imported before stays imported, so it is said.
            Err(error) if summary.files.is_empty() => return Err(error),
            Err(error) => {
                let names: Vec<&str> = summary.files.iter().map(|file| file.file.as_str()).collect();
                return Err(error.context(format!("{} imported; then stopped", names.join(", "))));
            }
        }
    }
    let judged = judge_unless_busy(workplace).await;
    summary.deductions_waiting = usize::try_from(workplace.store.pending_count().await?)?;
    summary.deductions_judged = judged.context("all files were imported; judging again stopped, `recoup process` goes on with it")?;
    Ok(())
}

/// A row whose cells were read, before its references are looked up.
struct Read {
    line: u64,
    cells: Vec<Option<String>>,
}

async fn import_file(workplace: &Workplace, spec: &FileSpec, path: &Path) -> Result<(FileSummary, Vec<Reject>)> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or(spec.file).to_owned();
    let bytes = std::fs::read(path).with_context(|| format!("{} can't be read", path.display()))?;
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => bail!("{name}: byte {} is not UTF-8; save the file as UTF-8", error.valid_up_to()),
    };
    if text.trim().is_empty() {
        bail!("{name}: the file is empty");
    }
    let mut summary = FileSummary { file: name.clone(), ..FileSummary::default() };
    let mut rejects = Vec::new();
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().with_context(|| format!("{name}: line 1 can't be read"))?.clone();
    let positions = columns_of(spec, &header, &name, &mut summary)?;
    let progress = Progress::new(&name, text.len() as u64);
    let mut totals: BTreeMap<String, i128> = BTreeMap::new();
    let mut seen: HashSet<String> = HashSet::new();
    let mut series: BTreeSet<String> = BTreeSet::new();
    let mut chunk: Vec<Read> = Vec::with_capacity(CHUNK);
    let quote_is_open = text.bytes().filter(|byte| *byte == b'"').count() % 2 == 1;
    let mut lines = LineNumbers::new(text);
    let customers = Facts::of_customers(workplace.store.customers().await?);
    let mut records = reader.records().peekable();
    let mut at = 0;
    loop {
        let record = records.next();
        let ends = record.is_none();
        let is_last = records.peek().is_none();
        match record {
            Some(Ok(record)) => {
                summary.rows += 1;
                let line = u64::from(lines.of_record_at(record.position().map_or(0, csv::Position::byte)));
                if let Some(position) = record.position() {
                    progress.advance(position.byte() - at);
                    at = position.byte();
                }
                if quote_is_open && is_last && record.iter().any(|cell| cell.contains('\n')) {
                    rejects.push(Reject {
                        file: name.clone(),
                        line,
                        column: String::new(),
                        value: record.iter().collect::<Vec<_>>().join(",").chars().take(200).collect(),
                        code: "quote".to_owned(),
                        problem: "a quotation mark in this row is never closed; it and all rows after it were not read".to_owned(),
                    });
                } else if record.len() > header.len() {
                    rejects.push(Reject {
                        file: name.clone(),
                        line,
                        column: String::new(),
                        value: record.iter().skip(header.len()).collect::<Vec<_>>().join(","),
                        code: "ragged_row".to_owned(),
                        problem: format!("the row has {} cells, the header {}", record.len(), header.len()),
                    });
                } else {
                    let cells = positions
                        .iter()
                        .map(|position| position.and_then(|position| record.get(position)).filter(|cell| !cell.is_empty()).map(str::to_owned))
                        .collect();
                    chunk.push(Read { line, cells });
                }
            }
            Some(Err(error)) => {
                summary.rows += 1;
                let line = error.position().map_or(0, csv::Position::line);
                rejects.push(Reject {
                    file: name.clone(),
                    line,
                    column: String::new(),
                    value: String::new(),
                    code: "csv".to_owned(),
                    problem: error.to_string(),
                });
            }
            None => {}
        }
        if chunk.len() == CHUNK || (ends && !chunk.is_empty()) {
            let rows = read_chunk(workplace, spec, &name, std::mem::take(&mut chunk), &mut totals, &mut seen, &mut rejects).await?;
            if spec.file == "invoices" {
                series.extend(rows.iter().filter_map(|row| numbering::series(&row.record_key)));
            }
            write_chunk(workplace, spec, &customers, &positions, rows, &mut summary).await?;
        }
        if ends {
            break;
        }
    }
    progress.finish();
    summary.rejected = rejects.iter().map(|reject| reject.line).collect::<HashSet<_>>().len();
    summary.control_totals = totals
        .into_iter()
        .filter_map(|(key, sum)| {
            let currency: Currency = key.split_whitespace().last()?.parse().ok()?;
            Some((key, rust_decimal::Decimal::try_from_i128_with_scale(sum, currency.minor_digits()).ok()?.to_string()))
        })
        .collect();
    let counts = [summary.rows, summary.new, summary.changed, summary.unchanged, summary.rejected].map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    let at = now_text();
    let mut work = workplace.store.begin().await?;
    work.add_own_number_series(series).await?;
    let run_id = digest(&format!("{name}\u{1f}{}\u{1f}{at}\u{1f}{counts:?}\u{1f}{}", sha256(&bytes), now_nanoseconds()));
    work.note_import(&run_id[..16], &name, &at, counts, &serde_json::to_string(&summary.control_totals)?).await?;
    work.commit().await?;
    Ok((summary, rejects))
}

/// Where each column of the contract stands in this file; unknown columns are warned of, missing required ones refuse the file.
fn columns_of(spec: &FileSpec, header: &csv::StringRecord, name: &str, summary: &mut FileSummary) -> Result<Vec<Option<usize>>> {
    for (index, column) in header.iter().enumerate() {
        if header.iter().take(index).any(|earlier| earlier == column) {
            bail!("{name}: line 1: column `{column}` stands twice");
        }
        if !spec.columns.iter().any(|known| known.name == column) {
            summary.warnings.push(format!("{name}: column `{column}` is not part of the contract and is ignored"));
        }
    }
    let positions: Vec<Option<usize>> = spec.columns.iter().map(|column| header.iter().position(|name| name == column.name)).collect();
    if let Some((column, _)) = spec.columns.iter().zip(&positions).find(|(column, position)| column.required && position.is_none()) {
        let separator = header.get(0).filter(|_| header.len() == 1).and_then(|only| [';', '\t', '|'].into_iter().find(|mark| only.contains(*mark)));
        let hint = separator.map_or(String::new(), |mark| format!("; its columns seem to be parted by {mark:?}, a comma is expected"));
        bail!("{name}: line 1: the required column `{}` is missing{hint}", column.name);
    }
    Ok(positions)
}

/// Checks and converts the cells of a chunk.
async fn read_chunk(
    workplace: &Workplace,
    spec: &FileSpec,
    name: &str,
    chunk: Vec<Read>,
    totals: &mut BTreeMap<String, i128>,
    seen: &mut HashSet<String>,
    rejects: &mut Vec<Reject>,
) -> Result<Vec<ReferenceRow>> {
    let references = existing_references(workplace, spec, &chunk).await?;
    let currencies = borrowed_currencies(workplace, spec, &chunk).await?;
    let mut rows = Vec::with_capacity(chunk.len());
    for read in chunk {
        let mut faults = Vec::new();
        let mut values = Vec::with_capacity(spec.columns.len());
        let currency = row_currency(spec, &read, &currencies);
        for (column, cell) in spec.columns.iter().zip(&read.cells) {
            let fault = |code: &str, problem: String| Reject {
                file: name.to_owned(),
                line: read.line,
                column: column.name.to_owned(),
                value: cell.clone().unwrap_or_default(),
                code: code.to_owned(),
                problem,
            };
            let Some(cell) = cell.as_deref() else {
                if column.required {
                    faults.push(fault("required", "a value is required".to_owned()));
                }
                values.push(if column.kind.is_integer() { Value::NullInteger } else { Value::NullText });
                continue;
            };
            match convert(column.kind, cell, currency.as_ref()) {
                Ok(value) => {
                    if let Some((table, key)) = column.refers_to
                        && !references.get(&(table, key)).is_some_and(|known| known.contains(cell))
                    {
                        faults.push(fault("unknown_reference", format!("`{cell}` is not on file in {table}")));
                    }
                    values.push(value);
                }
                Err((code, problem)) => faults.push(fault(code, problem)),
            }
        }
        faults.extend(impossible_together(spec, &values).map(|(index, code, problem)| Reject {
            file: name.to_owned(),
            line: read.line,
            column: spec.columns[index].name.to_owned(),
            value: read.cells[index].clone().unwrap_or_default(),
            code: code.to_owned(),
            problem,
        }));
        if !faults.is_empty() {
            rejects.extend(faults);
            continue;
        }
        let record_key: Vec<&str> = spec
            .key
            .iter()
            .filter_map(|key| spec.columns.iter().position(|column| column.name == *key))
            .map(|index| read.cells[index].as_deref().unwrap_or(""))
            .collect();
        let record_key = record_key.join("|");
        if !seen.insert(record_key.clone()) {
            rejects.push(Reject {
                file: name.to_owned(),
                line: read.line,
                column: spec.key.join(", "),
                value: record_key,
                code: "repeated_key".to_owned(),
                problem: "an earlier row of this file has the same key".to_owned(),
            });
            continue;
        }
        for (column, value) in spec.columns.iter().zip(&values) {
            if let (Kind::Money, Value::Integer(minor), Some(Ok(currency))) = (column.kind, value, &currency) {
                *totals.entry(format!("{} {currency}", column.name)).or_default() += i128::from(*minor);
            }
        }
        let row_hash = digest(&format!("{values:?}"));
        rows.push(ReferenceRow { record_key, row_hash: row_hash[..32].to_owned(), values });
    }
    Ok(rows)
}

/// What each cell allows and the row doesn't: a period that ends before it starts, a payment of nothing.
fn impossible_together(spec: &FileSpec, values: &[Value]) -> Option<(usize, &'static str, String)> {
    let at = |name: &str| spec.columns.iter().position(|column| column.name == name).filter(|index| *index < values.len());
    for (from, to) in [("starts_on", "ends_on"), ("valid_from", "valid_to")] {
        if let (Some(from), Some(to)) = (at(from), at(to))
            && let (Value::Text(start), Value::Text(end)) = (&values[from], &values[to])
            && end < start
        {
            return Some((to, "date_order", format!("{end} is before {start}, when the period starts")));
        }
    }
    let index = at("amount").filter(|_| spec.file == "payments")?;
    match values[index] {
        Value::Integer(0) => Some((index, "zero", "a payment of nothing is no payment".to_owned())),
        Value::Integer(minor) if minor < 0 => {
            Some((index, "negative", "money that was taken back is no payment; name the payment it reverses to a person".to_owned()))
        }
        _ => None,
    }
}

async fn write_chunk(
    workplace: &Workplace,
    spec: &FileSpec,
    customers: &Facts,
    positions: &[Option<usize>],
    rows: Vec<ReferenceRow>,
    summary: &mut FileSummary,
) -> Result<()> {
    let columns: Vec<&str> = spec.columns.iter().map(|column| column.name).collect();
    let mut work = workplace.store.begin().await?;
    let absent: Vec<bool> = positions.iter().map(Option::is_none).collect();
    let about = if workplace.store.has_deductions().await? { Some(touched::about(spec, &rows)) } else { None };
    let upserted = work.upsert_reference(spec.table, &columns, &absent, rows).await?;
    summary.new += upserted.new.len();
    summary.unchanged += upserted.unchanged;
    summary.changed += upserted.changed.len();
    if let Some(touched) = about.and_then(|about| touched::by(spec, about, &upserted, customers)) {
        work.reopen_touched(&touched).await?;
    }
    if spec.file == "invoices" {
        work.note_new_invoices(&upserted.new).await?;
    }
    let at = now_text();
    let entries = upserted
        .changed
        .into_iter()
        .map(|(key, before, after)| NewEntry {
            at: at.clone(),
            actor: "import".to_owned(),
            action: Deed::ReferenceChanged.into(),
            subject: format!("{}: {key}", summary.file),
            detail: serde_json::json!({ "before": before, "after": after }).to_string(),
        })
        .collect();
    work.append_audit(entries, digest).await?;
    work.commit().await?;
    Ok(())
}

type Referenced = HashMap<(&'static str, &'static str), HashSet<String>>;

async fn existing_references(workplace: &Workplace, spec: &FileSpec, chunk: &[Read]) -> Result<Referenced> {
    let mut wanted: HashMap<(&'static str, &'static str), HashSet<String>> = HashMap::new();
    for (index, column) in spec.columns.iter().enumerate() {
        if let Some(target) = column.refers_to {
            wanted.entry(target).or_default().extend(chunk.iter().filter_map(|read| read.cells[index].clone()));
        }
    }
    let mut known = HashMap::new();
    for ((table, column), values) in wanted {
        let values: Vec<String> = values.into_iter().collect();
        let mut found = workplace.store.existing(table, column, &values).await?;
        if table == spec.table {
            // A parent may stand in the same file.
            let own = spec.columns.iter().position(|candidate| candidate.name == column);
            found.extend(chunk.iter().filter_map(|read| own.and_then(|index| read.cells[index].clone())));
        }
        known.insert((table, column), found);
    }
    Ok(known)
}

async fn borrowed_currencies(workplace: &Workplace, spec: &FileSpec, chunk: &[Read]) -> Result<HashMap<String, String>> {
    let CurrencySource::Of { column, table, key } = spec.currency else { return Ok(HashMap::new()) };
    let index = spec.columns.iter().position(|candidate| candidate.name == column).unwrap_or_default();
    let keys: HashSet<String> = chunk.iter().filter_map(|read| read.cells[index].clone()).collect();
    Ok(workplace.store.currencies(table, key, &keys.into_iter().collect::<Vec<_>>()).await?)
}

fn row_currency(spec: &FileSpec, read: &Read, borrowed: &HashMap<String, String>) -> Option<Result<Currency, String>> {
    let column = match spec.currency {
        CurrencySource::Nowhere => return None,
        CurrencySource::Own => "currency",
        CurrencySource::Of { column, .. } => column,
    };
    let cell = spec.columns.iter().position(|candidate| candidate.name == column).and_then(|index| read.cells[index].as_deref())?;
    let code = if column == "currency" { cell } else { borrowed.get(cell)? };
    Some(code.parse().map_err(|_| code.to_owned()))
}

/// A cell as the value its column holds; an error is a stable code and a sentence.
fn convert(kind: Kind, cell: &str, currency: Option<&Result<Currency, String>>) -> std::result::Result<Value, (&'static str, String)> {
    if cell.contains('\0') {
        return Err(("control_character", "the value holds a NUL character".to_owned()));
    }
    match kind {
        Kind::Text => Ok(Value::from(cell)),
        Kind::Date => cell
            .parse::<jiff::civil::Date>()
            .map(|date| Value::from(date.to_string()))
            .map_err(|_| ("date", format!("`{cell}` is not a date: write it as 2026-03-31"))),
        Kind::Money => {
            let currency = match currency {
                Some(Ok(currency)) => *currency,
                Some(Err(code)) => return Err(("currency", format!("`{code}` is not an ISO 4217 currency in use"))),
                None => return Err(("currency", "the currency of the amount is not known".to_owned())),
            };
            recoup_engine::money::Money::parse(cell, currency).map(|money| Value::Integer(money.minor)).map_err(|error| (error.code(), error.to_string()))
        }
        Kind::Decimal => parse_decimal(cell).map(|number| Value::from(number.normalize().to_string())).map_err(|error| (error.code(), error.to_string())),
        Kind::Count => match cell.parse::<i64>() {
            Ok(count) if count >= 0 => Ok(Value::Integer(count)),
            _ => Err(("number", format!("`{cell}` is not a whole number of zero or more"))),
        },
        Kind::Currency => cell.parse::<Currency>().map(|currency| Value::from(currency.code())).map_err(|error| (error.code(), error.to_string())),
        Kind::Word(words) => {
            if words.contains(&cell) {
                Ok(Value::from(cell))
            } else {
                Err(("word", format!("`{cell}` is none of {}", words.join(", "))))
            }
        }
    }
}

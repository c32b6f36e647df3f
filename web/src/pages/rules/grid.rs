//! A table of a draft as a grid of fields, some rows at a time: cells are typed, rows come, go and move, and what the check says stands beside its cell.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use recoup_rules::check::{Finding, check};
use recoup_rules::edition::{columns_of, words_of};
use recoup_rules::sheet::{Sheet, difference};
use recoup_store::rule_drafts::DraftState;
use serde::Deserialize;

use super::told::{self, Told};
use super::{draft, is_decision_table, purpose};
use crate::desk::drafts::{self, Acted, Draft, Seen, seen};
use crate::pages::errors::PageError;
use crate::pages::frame::Frame;
use crate::pages::given::{Form, Query};
use crate::pages::language::{key, text};
use crate::pages::{Desk, filters, show};

/// Rows of a page of the grid.
const ROWS: usize = 40;
/// A cell of a column with longer ones gets a field of several lines.
const LONG: usize = 44;

struct Column {
    name: String,
    /// Words that may stand in it.
    words: Vec<&'static str>,
    is_long: bool,
    /// Signs that its fields show.
    size: usize,
}

struct Row {
    /// Its number among the rows of this page.
    index: usize,
    /// Where it stands in the file; `None` for one that is not kept yet.
    line: Option<usize>,
    cells: Vec<Field>,
    /// What the check says of it.
    says: Vec<Place>,
}

struct Field {
    text: String,
    /// Whether the check names it, and whether it stops the book.
    is_named: bool,
    stops: bool,
    is_long: bool,
    is_first_bad: bool,
}

struct Page {
    label: String,
    href: String,
    is_current: bool,
}

#[derive(Template)]
#[template(path = "rules_grid.html")]
struct GridPage {
    frame: Frame,
    id: String,
    name: String,
    file: String,
    purpose: &'static str,
    is_decision_table: bool,
    is_table: bool,
    may_change: bool,
    /// Why it can't be changed now.
    locked: String,
    seen: String,
    from: usize,
    /// Rows of the file that this page stands for: a row that is not kept yet is none of them.
    replaced: usize,
    columns: Vec<Column>,
    rows: Vec<Row>,
    pages: Vec<Page>,
    findings: Vec<Place>,
    more: usize,
    /// Text of the whole file, for the field of several lines.
    text: String,
    opens_text: bool,
    problem: String,
    /// What saving would change of what another person saved.
    over: Vec<Told>,
    is_saved: bool,
}

struct Place {
    href: String,
    line: usize,
    column: String,
    says: String,
    stops: bool,
}

/// Findings of one table that are listed above it.
const LISTED: usize = 8;

#[derive(Default, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    file: String,
    /// The first row shown, from 0.
    #[serde(default)]
    from: Option<String>,
    /// A line that has to be on the page.
    #[serde(default)]
    line: Option<String>,
    /// An empty row stands before this one, from 0.
    #[serde(default)]
    new: Option<String>,
    #[serde(default)]
    saved: Option<String>,
}

/// What a page shows instead of what is kept.
#[derive(Default)]
struct Shown {
    status: StatusCode,
    problem: String,
    /// The whole table as it was typed.
    typed: Option<Sheet>,
    text: Option<String>,
}

/// GET /rules/drafts/{id}/table?file=
pub async fn show(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>, Query(wanted): Query<Wanted>) -> Result<Response, PageError> {
    let draft = drafts::read(&desk.workplace, &id).await?.ok_or(PageError::NotFound)?;
    page(frame, &draft, &wanted, Shown::default())
}

fn page(frame: Frame, draft: &Draft, wanted: &Wanted, shown: Shown) -> Result<Response, PageError> {
    let file = wanted.file.clone();
    let kept = draft.edition.file(&file).ok_or(PageError::NotFound)?;
    let is_table = file.ends_with(".csv");
    let theirs = Sheet::read(if is_table { kept } else { "" });
    let over =
        shown.typed.as_ref().map(|typed| difference(&theirs, typed).iter().map(|change| told::change(change, &typed.columns)).collect()).unwrap_or_default();
    let sheet = shown.typed.unwrap_or(theirs);
    let findings: Vec<Finding> = check(&draft.edition).into_iter().filter(|finding| finding.place.file == file).collect();
    let number = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<usize>().ok());
    let new = number(&wanted.new).map(|new| new.min(sheet.rows.len()));
    let first = match number(&wanted.line) {
        Some(line) => sheet.rows.iter().position(|row| row.line >= line).unwrap_or(0) / ROWS * ROWS,
        None => number(&wanted.from).unwrap_or(0) / ROWS * ROWS,
    };
    let from = if first < sheet.rows.len() { first } else { sheet.rows.len().saturating_sub(1) / ROWS * ROWS };
    let replaced = sheet.rows.len().saturating_sub(from).min(ROWS);
    let columns = columns(&file, &sheet);
    let is_open = draft.row.state == DraftState::Draft;
    let locked = if is_open { String::new() } else { text("This draft is {0}: nothing changes in it now.").with(show::inside(draft.row.state.word())).into() };
    let page = GridPage {
        rows: rows(&draft.row.draft_id, &sheet, &columns, &findings, from..from + replaced, new),
        pages: pages(&draft.row.draft_id, &file, sheet.rows.len(), from),
        more: findings.len().saturating_sub(LISTED),
        findings: findings.iter().take(LISTED).map(|finding| listed(&draft.row.draft_id, finding)).collect(),
        text: shown.text.clone().unwrap_or_else(|| kept.to_owned()),
        opens_text: shown.text.is_some() || !is_table,
        may_change: is_open && frame.may_author,
        id: draft.row.draft_id.clone(),
        name: draft.row.name.clone(),
        purpose: purpose(&file),
        is_decision_table: is_decision_table(&file),
        seen: seen(kept),
        problem: shown.problem,
        is_saved: wanted.saved.is_some(),
        over,
        columns,
        is_table,
        locked,
        from,
        replaced,
        file,
        frame,
    };
    Ok((shown.status, Html(page.render()?)).into_response())
}

fn columns(file: &str, sheet: &Sheet) -> Vec<Column> {
    let longest = |position: usize| sheet.rows.iter().filter_map(|row| row.cells.get(position)).map(String::len).max().unwrap_or(0);
    let column = |(position, name): (usize, &String)| {
        let longest = longest(position);
        Column { words: words_of(file, name), is_long: longest > LONG, size: longest.clamp(name.len().min(8), 28), name: name.clone() }
    };
    sheet.columns.iter().enumerate().map(column).collect()
}

fn rows(id: &str, sheet: &Sheet, columns: &[Column], findings: &[Finding], shown: std::ops::Range<usize>, new: Option<usize>) -> Vec<Row> {
    let mut bad_before = false;
    let mut made: Vec<Row> = Vec::new();
    for position in shown.clone() {
        let row = &sheet.rows[position];
        let of_row: Vec<&Finding> = findings.iter().filter(|finding| finding.place.line == row.line).collect();
        let mut cells = Vec::new();
        for (cell, column) in row.cells.iter().zip(columns) {
            let mut of_cell = of_row.iter().filter(|finding| finding.place.column == column.name).peekable();
            let is_named = of_cell.peek().is_some();
            let stops = of_cell.any(|finding| finding.stops);
            cells.push(Field { text: cell.clone(), is_first_bad: stops && !bad_before, is_long: column.is_long, is_named, stops });
            bad_before |= stops;
        }
        made.push(Row { index: 0, line: Some(row.line), cells, says: of_row.into_iter().map(|finding| listed(id, finding)).collect() });
    }
    if let Some(new) = new.filter(|new| (shown.start..=shown.end).contains(new)) {
        let empty = columns.iter().map(|column| Field { text: String::new(), is_named: false, stops: false, is_long: column.is_long, is_first_bad: false });
        made.insert(new - shown.start, Row { index: 0, line: None, cells: empty.collect(), says: Vec::new() });
    }
    (0..).zip(&mut made).for_each(|(index, row)| row.index = index);
    made
}

fn pages(id: &str, file: &str, rows: usize, from: usize) -> Vec<Page> {
    let starts: Vec<usize> = (0..rows).step_by(ROWS).collect();
    if starts.len() < 2 {
        return Vec::new();
    }
    let page = |start: usize| Page {
        label: text("{0} to {1}").with(start + 1).with((start + ROWS).min(rows)).into(),
        href: address(id, file, start, &[]),
        is_current: start == from,
    };
    starts.into_iter().map(page).collect()
}

fn address(id: &str, file: &str, from: usize, more: &[(&str, String)]) -> String {
    let mut pairs = vec![("file", file.to_owned())];
    if from > 0 {
        pairs.push(("from", from.to_string()));
    }
    pairs.extend(more.iter().cloned());
    format!("/rules/drafts/{id}/table?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
}

fn listed(id: &str, finding: &Finding) -> Place {
    let place = &finding.place;
    Place { href: draft::at(id, &place.file, place.line), line: place.line, column: place.column.clone(), says: place.problem.clone(), stops: finding.stops }
}

/// A table as its form sends it.
struct Sent {
    file: String,
    seen: String,
    from: usize,
    replaced: usize,
    /// The rows of the page as they were typed.
    typed: Vec<Vec<String>>,
    /// An act on a row: `up.3`, `down.3`, `remove.3`, `add.3`; anything else saves what was typed.
    act: String,
}

impl Sent {
    fn read(pairs: &[(String, String)], columns: usize) -> Self {
        let get = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default();
        let number = |name: &str| get(name).parse::<usize>().unwrap_or(0);
        let mut typed: Vec<Vec<String>> = Vec::new();
        for (name, value) in pairs {
            let cell = name
                .strip_prefix('c')
                .and_then(|name| name.split_once('.'))
                .and_then(|(row, column)| Some((row.parse::<usize>().ok()?, column.parse::<usize>().ok()?)));
            if let Some((row, column)) = cell.filter(|(row, column)| *row <= ROWS && *column < columns) {
                typed.resize_with(typed.len().max(row + 1), || vec![String::new(); columns]);
                // A cell is one line; a field of several lines may have been broken.
                typed[row][column] = value.split_whitespace().collect::<Vec<_>>().join(" ");
            }
        }
        Self { file: get("file"), seen: get("seen"), from: number("from"), replaced: number("replaced"), act: get("do"), typed }
    }

    /// Moves or removes the row that the act names; returns the row that the page leads to, and whether an empty one is asked for before it.
    fn arrange(&mut self) -> (usize, bool) {
        let (act, row) = self.act.split_once('.').unwrap_or((&self.act, ""));
        let row = row.parse::<usize>().unwrap_or(0);
        match act {
            "up" if row > 0 && row < self.typed.len() => {
                self.typed.swap(row, row - 1);
                (row - 1, false)
            }
            "down" if row + 1 < self.typed.len() => {
                self.typed.swap(row, row + 1);
                (row + 1, false)
            }
            "remove" if row < self.typed.len() => {
                self.typed.remove(row);
                (row.saturating_sub(1), false)
            }
            "add" => (row + 1, true),
            _ => (row, false),
        }
    }

    /// The whole table: what stands before and behind the page, and what was typed on it.
    fn table(&self, kept: &Sheet) -> Sheet {
        let cells = |rows: &[recoup_rules::sheet::SheetRow]| rows.iter().map(|row| row.cells.clone()).collect::<Vec<_>>();
        let end = kept.rows.len();
        let from = self.from.min(end);
        let behind = from.saturating_add(self.replaced).min(end);
        kept.with_rows([cells(&kept.rows[..from]), self.typed.clone(), cells(&kept.rows[behind..])].concat())
    }
}

/// POST /rules/drafts/{id}/table: keeps what was typed, whatever it is: what can't be read is said beside its cell.
pub async fn save(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response, PageError> {
    let draft = drafts::read(&desk.workplace, &id).await?.ok_or(PageError::NotFound)?;
    let file = pairs.iter().find(|(name, _)| name == "file").map(|(_, value)| value.as_str()).unwrap_or_default();
    let kept = Sheet::read(draft.edition.file(file).filter(|_| file.ends_with(".csv")).ok_or(PageError::NotFound)?);
    let mut sent = Sent::read(&pairs, kept.columns.len());
    let (row, is_new) = sent.arrange();
    let table = sent.table(&kept);
    let files = [(sent.file.clone(), table.write())].into();
    let acted = drafts::change(&desk.workplace, &frame.login, &id, files, Seen::File(&sent.seen)).await?;
    // Empty rows before it were left out: the row is looked for where it is now.
    let before = sent.typed.iter().take(row).filter(|cells| cells.iter().any(|cell| !cell.is_empty())).count();
    let at = sent.from + before;
    let more = if is_new { ("new", at.to_string()) } else { ("saved", "yes".to_owned()) };
    let wanted = Wanted { file: sent.file.clone(), from: Some(sent.from.to_string()), ..Wanted::default() };
    match acted {
        Acted::Done => {
            let anchor = table.rows.get(at).filter(|_| !is_new && sent.act.contains('.')).map(|row| format!("#l{}", row.line)).unwrap_or_default();
            let page = if is_new && at > 0 { (at - 1) / ROWS * ROWS } else { at / ROWS * ROWS };
            Ok(Redirect::to(&format!("{}{anchor}", address(&id, &sent.file, page, &[more]))).into_response())
        }
        Acted::Stale => {
            let draft = drafts::read(&desk.workplace, &id).await?.ok_or(PageError::NotFound)?;
            let problem = text("Somebody saved this table since you opened it. What you typed stands below; saving it again would change of theirs:");
            page(frame, &draft, &wanted, Shown { status: StatusCode::CONFLICT, problem: problem.into(), typed: Some(table), text: None })
        }
        Acted::Refused(refusal) => {
            let shown = Shown { status: StatusCode::UNPROCESSABLE_ENTITY, problem: told::refusal(&refusal), typed: Some(table), text: None };
            page(frame, &draft, &wanted, shown)
        }
        Acted::Missing => Err(PageError::NotFound),
    }
}

#[derive(Deserialize)]
pub struct TextForm {
    file: String,
    seen: String,
    text: String,
}

/// POST /rules/drafts/{id}/text: the whole file at once, pasted from a spreadsheet or an editor.
pub async fn replace(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>, Form(form): Form<TextForm>) -> Result<Response, PageError> {
    let files = [(form.file.clone(), form.text.clone())].into();
    let acted = drafts::change(&desk.workplace, &frame.login, &id, files, Seen::File(&form.seen)).await?;
    let wanted = Wanted { file: form.file.clone(), ..Wanted::default() };
    let (status, problem) = match acted {
        Acted::Done => return Ok(Redirect::to(&address(&id, &form.file, 0, &[("saved", "yes".to_owned())])).into_response()),
        Acted::Missing => return Err(PageError::NotFound),
        Acted::Stale => (
            StatusCode::CONFLICT,
            text(key("Somebody saved this file since you opened it. Your text stands below; saving it again puts it in place of theirs.")).into(),
        ),
        Acted::Refused(refusal) => (StatusCode::UNPROCESSABLE_ENTITY, told::refusal(&refusal)),
    };
    let draft = drafts::read(&desk.workplace, &id).await?.ok_or(PageError::NotFound)?;
    page(frame, &draft, &wanted, Shown { status, problem, typed: None, text: Some(form.text) })
}

impl GridPage {
    /// The columns that the first line of a pasted table has to name.
    fn needed(&self) -> String {
        columns_of(&self.file).join(", ")
    }
}

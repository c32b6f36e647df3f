//! The rule book in force, table by table, its drafts and publications.

pub mod backtest;
pub mod draft;
pub mod grid;
pub mod judging;
mod told;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Redirect, Response};
use recoup_rules::edition::Edition;
use recoup_rules::sheet::Sheet;
use recoup_store::rule_drafts::{DraftState, RuleDraft};
use serde::Deserialize;

use super::errors::{PageError, html};
use super::frame::Frame;
use super::language::{key, text};
use super::session::random_text;
use super::{Desk, filters, show};
use crate::desk::drafts::folder::packed;
use crate::desk::drafts::{self, Acted};
use crate::pages::given::{Form, Query};

/// Publications that the page tells.
const PUBLICATIONS: i64 = 10;

/// A file of the book with what it is for.
struct File {
    name: String,
    purpose: &'static str,
    rows: usize,
}

struct DraftLine {
    id: String,
    name: String,
    is_proposed: bool,
    files: String,
    who: String,
    at: String,
}

struct Publication {
    version: String,
    at: String,
    who: String,
    is_in_force: bool,
}

#[derive(Template)]
#[template(path = "rules.html")]
struct RulesPage {
    frame: Frame,
    version: String,
    tables: Vec<File>,
    examples: Vec<File>,
    drafts: Vec<DraftLine>,
    waiting: usize,
    publications: Vec<Publication>,
    problem: String,
}

/// What a file of a book is for, in a sentence.
fn purpose(name: &str) -> &'static str {
    match name {
        "taxonomy.csv" => key("Which desk owns each category."),
        "codes.csv" => key("What the codes of public lists may mean."),
        "words.csv" => key("Which words claim what, by language."),
        "routing.csv" => key("Which desk works what, how urgently, who approves, and what a rule closes."),
        "settings.toml" => key("Tolerances, the days to dispute, and when learning may speak."),
        "legal.csv" => key("What the law of the customer's country says, as advice."),
        "small_claims.csv" => key("When a claim is worth its work."),
        "bank_fees.csv" => key("What banks typically keep of a transfer."),
        _ => key("Cases with the decision that each expects: no book is published that decides them otherwise."),
    }
}

fn files(edition: &Edition) -> (Vec<File>, Vec<File>) {
    let file = |(name, text): (&str, &str)| File { name: name.to_owned(), purpose: purpose(name), rows: Sheet::read(text).rows.len() };
    edition.files().map(file).partition(|file| !file.name.starts_with("examples/"))
}

/// GET /rules
pub async fn show(State(desk): State<Desk>, frame: Frame) -> Result<Response, PageError> {
    html(&page(&desk, frame, String::new()).await?)
}

async fn page(desk: &Desk, frame: Frame, problem: String) -> Result<RulesPage, PageError> {
    let store = &desk.workplace.store;
    let rules = desk.workplace.renew_rules().await?;
    let names = show::names_of(&store.users().await?);
    let named = |login: &str| names.get(login).map_or_else(|| login.to_owned(), Clone::clone);
    let drafts = store.open_rule_drafts().await?;
    let line = |draft: RuleDraft| DraftLine {
        is_proposed: draft.state == DraftState::Proposed,
        files: draft.files.keys().cloned().collect::<Vec<_>>().join(", "),
        who: named(draft.proposed_by.as_deref().unwrap_or(&draft.changed_by)),
        at: show::minutes(&draft.changed_at),
        id: draft.draft_id,
        name: draft.name,
    };
    let publications = store.publications(PUBLICATIONS).await?.into_iter().enumerate();
    let (tables, examples) = files(&rules.edition);
    Ok(RulesPage {
        waiting: drafts.iter().filter(|draft| draft.state == DraftState::Proposed).count(),
        drafts: drafts.into_iter().map(line).collect(),
        publications: publications
            .map(|(position, one)| Publication {
                is_in_force: position == 0,
                at: show::minutes(&one.published_at),
                who: named(&one.published_by),
                version: one.version,
            })
            .collect(),
        version: rules.version.clone(),
        tables,
        examples,
        problem,
        frame,
    })
}

#[derive(Deserialize)]
pub struct Named {
    #[serde(default)]
    name: String,
}

/// POST /rules/drafts
pub async fn start(State(desk): State<Desk>, frame: Frame, Form(form): Form<Named>) -> Result<Response, PageError> {
    let id = format!("R-{}", random_text(5));
    match drafts::start(&desk.workplace, &frame.login, &id, &form.name).await? {
        Acted::Refused(refusal) => {
            let page = page(&desk, frame, told::refusal(&refusal)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render()?)).into_response())
        }
        _ => Ok(Redirect::to(&format!("/rules/drafts/{id}")).into_response()),
    }
}

#[derive(Template)]
#[template(path = "rules_table.html")]
struct TablePage {
    frame: Frame,
    version: String,
    file: String,
    purpose: &'static str,
    is_decision_table: bool,
    sheet: Sheet,
    /// What is no table, as it stands.
    plain: String,
}

#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    file: String,
}

/// GET /rules/table?file=
pub async fn table(State(desk): State<Desk>, frame: Frame, Query(Wanted { file }): Query<Wanted>) -> Result<Response, PageError> {
    let rules = desk.workplace.renew_rules().await?;
    let content = rules.edition.file(&file).ok_or(PageError::NotFound)?;
    let is_table = file.ends_with(".csv");
    let mut sheet = Sheet::read(if is_table { content } else { "" });
    for cell in sheet.rows.iter_mut().flat_map(|row| &mut row.cells) {
        // Long lists of alternatives break between them.
        *cell = cell.replace('|', " | ");
    }
    html(&TablePage {
        version: rules.version.clone(),
        purpose: purpose(&file),
        is_decision_table: is_decision_table(&file),
        plain: if is_table { String::new() } else { content.to_owned() },
        sheet,
        file,
        frame,
    })
}

/// Whether the first row that fits wins.
fn is_decision_table(name: &str) -> bool {
    ["routing.csv", "small_claims.csv", "bank_fees.csv"].contains(&name)
}

/// GET /rules/archive: the book in force as the folder that the command line takes.
pub async fn archive(State(desk): State<Desk>) -> Result<Response, PageError> {
    let rules = desk.workplace.renew_rules().await?;
    attached(&rules.edition, &rules.version.replace('@', "-"))
}

fn attached(edition: &Edition, name: &str) -> Result<Response, PageError> {
    let bytes = packed(edition)?;
    let headers = [(CONTENT_TYPE, "application/zip".to_owned()), (CONTENT_DISPOSITION, format!("attachment; filename=\"rules-{name}.zip\""))];
    Ok((headers, bytes).into_response())
}

/// What stands in an empty cell, where it is told in a sentence.
fn or_empty(cell: &str) -> String {
    if cell.is_empty() { text("nothing").into() } else { cell.to_owned() }
}

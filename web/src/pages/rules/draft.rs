//! A draft of the rules: its files, what the check and the examples say, what differs from the book in force, and its way to publication.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use recoup_rules::check::Finding;
use recoup_rules::sheet::{RowChange, Sheet};
use recoup_store::rule_backtests::RuleBacktest;
use recoup_store::rule_drafts::DraftState;
use recoup_store::rule_runs::RunState;
use serde::Deserialize;

use super::told::{self, Told};
use super::{attached, judging, purpose};
use crate::desk::backtest::kept::Report;
use crate::desk::drafts::folder::brought;
use crate::desk::drafts::publication::{may_publish, propose, publish, publishable, send_back, withdraw};
use crate::desk::drafts::{self, Acted, Draft, Refusal, Seen, changed_by_both, content, differences};
use crate::desk::rejudge::begin;
use crate::desk::rule_book::Examined;
use crate::desk::runs::is_running;
use crate::pages::errors::PageError;
use crate::pages::frame::Frame;
use crate::pages::given::{Files, Form, broken};
use crate::pages::language::text;
use crate::pages::{Desk, filters, show};

/// Findings and differing examples that the page shows.
const SHOWN: usize = 50;
/// Row changes of a file that the page shows.
const ROWS: usize = 30;

/// A file of the draft.
struct File {
    name: String,
    purpose: &'static str,
    is_changed: bool,
}

/// What differs in a file from the book that the draft began from.
struct Changed {
    name: String,
    changes: Vec<Told>,
    more: usize,
    /// How many rows differ.
    count: usize,
}

/// A cell with something to look at.
struct Place {
    href: String,
    file: String,
    line: usize,
    column: String,
    says: String,
    stops: bool,
}

struct Example {
    href: String,
    place: String,
    case: String,
    column: &'static str,
    expected: String,
    got: String,
    explanation: String,
}

#[derive(Template)]
#[template(path = "rules_draft.html")]
struct DraftPage {
    frame: Frame,
    id: String,
    name: String,
    version: i64,
    base: String,
    in_force: String,
    state: &'static str,
    is_open: bool,
    is_proposed: bool,
    changed: Vec<Changed>,
    tables: Vec<File>,
    examples_of: Vec<File>,
    findings: Vec<Place>,
    more_findings: usize,
    stops: bool,
    examples: usize,
    differing: Vec<Example>,
    more_differing: usize,
    /// Another edition is in force than the one it began from.
    is_behind: bool,
    both: String,
    /// What the last backtest came to, in a sentence.
    tested: String,
    /// The draft or the book in force changed since.
    is_untested: bool,
    note: String,
    proposed_by: String,
    changed_by: String,
    changed_at: String,
    /// Why it can't be proposed now; empty when it can.
    not_ready: String,
    /// Why the visitor can't publish it; empty when it can be done.
    not_you: String,
    problem: String,
    typed: String,
}

/// GET /rules/drafts/{id}
pub async fn show(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>) -> Result<Response, PageError> {
    page(&desk, frame, &id, StatusCode::OK, String::new(), String::new()).await
}

async fn page(desk: &Desk, frame: Frame, id: &str, status: StatusCode, problem: String, typed: String) -> Result<Response, PageError> {
    let draft = drafts::read(&desk.workplace, id).await?.ok_or(PageError::NotFound)?;
    let in_force = desk.workplace.renew_rules().await?;
    let names = show::names_of(&desk.workplace.store.users().await?);
    let named = |login: &str| names.get(login).map_or_else(|| login.to_owned(), Clone::clone);
    let examined = Examined::of(&draft.edition);
    let not_ready = publishable(&draft, &examined).err().map(|refusal| told::refusal(&refusal)).unwrap_or_default();
    let Examined { findings, examples, differing } = examined;
    let (tables, examples_of) = files(&draft);
    let run = desk.workplace.store.rule_backtest(id).await?;
    let row = &draft.row;
    let is_open = row.state == DraftState::Draft;
    let page = DraftPage {
        id: row.draft_id.clone(),
        name: row.name.clone(),
        version: row.version,
        base: row.base.clone(),
        in_force: in_force.version.clone(),
        state: row.state.word(),
        is_proposed: row.state == DraftState::Proposed,
        changed: changed(&draft),
        tables,
        examples_of,
        stops: findings.iter().any(|finding| finding.stops),
        more_findings: findings.len().saturating_sub(SHOWN),
        findings: findings.iter().take(SHOWN).map(|finding| place(id, finding)).collect(),
        examples,
        more_differing: differing.len().saturating_sub(SHOWN),
        differing: differing
            .into_iter()
            .take(SHOWN)
            .map(|one| Example {
                href: at(id, &format!("examples/{}", one.file), one.line),
                place: format!("examples/{}:{}", one.file, one.line),
                case: one.case,
                column: one.column,
                expected: super::or_empty(&one.expected),
                got: one.got,
                explanation: one.explanation,
            })
            .collect(),
        is_behind: is_open && row.base != in_force.version,
        both: changed_by_both(&draft, &in_force.edition).join(", "),
        tested: tested(run.as_ref())?,
        is_untested: run.as_ref().is_some_and(|run| run.state == RunState::Done && (run.draft != content(&draft) || run.book != in_force.version)),
        note: row.note.clone(),
        proposed_by: row.proposed_by.as_deref().map(named).unwrap_or_default(),
        changed_by: named(&row.changed_by),
        changed_at: show::minutes(&row.changed_at),
        not_ready,
        not_you: may_publish(row, &frame.login).err().map(|refusal| told::refusal(&refusal)).unwrap_or_default(),
        is_open,
        problem,
        typed,
        frame,
    };
    Ok((status, Html(page.render()?)).into_response())
}

/// What the last backtest came to.
fn tested(run: Option<&RuleBacktest>) -> Result<String, PageError> {
    let Some(run) = run else { return Ok(text("Not run yet.").into()) };
    let report: Option<Report> = run.report.as_deref().map(serde_json::from_str).transpose()?;
    let said = match report {
        Some(report) => {
            let [changes, decided] = [report.changes, report.decided].map(|count| show::group(&count.to_string()));
            text("{0} of {1} deductions would be decided otherwise.").with(changes).with(decided)
        }
        None if is_running(run.state, run.seen_at) => text("It is running."),
        None => text("It did not end."),
    };
    Ok(said.into())
}

/// What differs in the files of a draft from the edition it began from.
fn changed(draft: &Draft) -> Vec<Changed> {
    let told = |(name, rows): (String, Vec<RowChange>)| {
        let text = draft.edition.file(&name).unwrap_or_default();
        let columns = if name.ends_with(".csv") { Sheet::read(text).columns } else { vec![String::new()] };
        Changed {
            count: rows.len(),
            more: rows.len().saturating_sub(ROWS),
            changes: rows.iter().take(ROWS).map(|change| told::change(change, &columns)).collect(),
            name,
        }
    };
    differences(&draft.base, &draft.edition).into_iter().map(told).collect()
}

/// The tables of a draft, and its examples.
fn files(draft: &Draft) -> (Vec<File>, Vec<File>) {
    let file = |(name, _): (&str, &str)| File { name: name.to_owned(), purpose: purpose(name), is_changed: draft.row.files.contains_key(name) };
    draft.edition.files().map(file).partition(|file| !file.name.starts_with("examples/"))
}

/// The address of a line of a table of the draft.
pub fn at(id: &str, file: &str, line: usize) -> String {
    format!("/rules/drafts/{id}/table?{}#l{line}", serde_urlencoded::to_string([("file", file), ("line", &line.to_string())]).unwrap_or_default())
}

fn place(id: &str, finding: &Finding) -> Place {
    let place = &finding.place;
    Place {
        href: at(id, &place.file, place.line),
        file: place.file.clone(),
        line: place.line,
        column: place.column.clone(),
        says: place.problem.clone(),
        stops: finding.stops,
    }
}

/// Where an act leads: back to the draft, or to its page with what was refused.
pub async fn answered(desk: &Desk, frame: Frame, id: &str, acted: Acted, typed: String) -> Result<Response, PageError> {
    match acted {
        Acted::Done => Ok(Redirect::to(&format!("/rules/drafts/{id}")).into_response()),
        Acted::Stale => {
            let says = text("Somebody changed this draft since you opened it; it is shown as it is now. Nothing was done.");
            page(desk, frame, id, StatusCode::CONFLICT, says.into(), typed).await
        }
        Acted::Refused(refusal) => page(desk, frame, id, StatusCode::UNPROCESSABLE_ENTITY, told::refusal(&refusal), typed).await,
        Acted::Missing => Err(PageError::NotFound),
    }
}

#[derive(Deserialize)]
pub struct ActForm {
    act: String,
    version: i64,
    #[serde(default)]
    note: String,
    #[serde(default)]
    file: String,
    /// Checked: what is on file is judged by it at once.
    anew: Option<String>,
}

/// POST /rules/drafts/{id}: what those who work on a draft do with it.
pub async fn act(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>, Form(form): Form<ActForm>) -> Result<Response, PageError> {
    let (workplace, login, version) = (&desk.workplace, frame.login.as_str(), form.version);
    let acted = match form.act.as_str() {
        "propose" => propose(workplace, login, &id, version, &form.note).await?,
        "withdraw" => withdraw(workplace, login, &id, version).await?,
        "renew" => drafts::renew(workplace, login, &id, version).await?,
        "restore" => drafts::restore(workplace, login, &id, version, &form.file).await?,
        "discard" => drafts::discard(workplace, login, &id, version).await?,
        _ => return Err(PageError::NotFound),
    };
    answered(&desk, frame, &id, acted, form.note).await
}

/// POST /rules/drafts/{id}/decision: what the second person does.
pub async fn decide(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>, Form(form): Form<ActForm>) -> Result<Response, PageError> {
    let (workplace, login) = (&desk.workplace, frame.login.as_str());
    let acted = match form.act.as_str() {
        "publish" => publish(workplace, login, &id, form.version).await?,
        "send_back" => send_back(workplace, login, &id, form.version, &form.note).await?,
        _ => return Err(PageError::NotFound),
    };
    if form.act == "publish" && form.anew.is_some() && matches!(acted, Acted::Done) {
        begin(workplace, login, &judging::run_id()).await?;
        return Ok(Redirect::to("/rules/judging").into_response());
    }
    answered(&desk, frame, &id, acted, form.note).await
}

/// POST /rules/drafts/{id}/files: files by their names, or an archive of the whole book.
pub async fn take_in(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>, Files(mut form): Files) -> Result<Response, PageError> {
    let (mut files, mut version) = (BTreeMap::new(), 0);
    while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
        if field.name() == Some("version") {
            version = field.text().await.map_err(|error| broken(&error))?.parse().unwrap_or(0);
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        // What is longer than the route takes can't be read to its end.
        let read = field.bytes().await.map_err(|_| Refusal::TooLarge(name.clone()));
        let read = read.and_then(|bytes| if bytes.is_empty() { Ok(BTreeMap::new()) } else { brought(&name, &bytes) });
        match read {
            Ok(read) => files.extend(read),
            Err(refusal) => return answered(&desk, frame, &id, Acted::Refused(refusal), String::new()).await,
        }
    }
    let acted = if files.is_empty() { Acted::Done } else { drafts::change(&desk.workplace, &frame.login, &id, files, Seen::Draft(version)).await? };
    answered(&desk, frame, &id, acted, String::new()).await
}

/// GET /rules/drafts/{id}/archive
pub async fn archive(State(desk): State<Desk>, Path(id): Path<String>) -> Result<Response, PageError> {
    let draft = drafts::read(&desk.workplace, &id).await?.ok_or(PageError::NotFound)?;
    attached(&draft.edition, &draft.row.draft_id)
}

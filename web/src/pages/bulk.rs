//! One act on many claims: chosen in the list, frozen on the server, previewed to the cent, run once, reported line by line.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use recoup_engine::claim::action::{Act, Action};
use recoup_engine::money::Currency;
use recoup_store::screens::worklist::Sum;
use recoup_store::selections::SelectionRow;
use serde::Deserialize;

use super::act::{ActForm, Wanted};
use super::errors::{PageError, html};
use super::frame::Frame;
use super::language::text;
use super::list::List;
use super::session::random_text;
use super::show::{self, Total};
use super::{Desk, filters};
use crate::clock::today;
use crate::desk::resolve::bulk::{self, Doing, Line, MOST};
use crate::pages::given::Form;

/// A claim of the selection as the page shows it.
struct Shown {
    id: String,
    customer: String,
    amount: String,
    currency: String,
    /// What becomes of it, or why it is skipped.
    says: String,
    /// The suggestion that is its reason.
    reason: String,
}

#[derive(Template)]
#[template(path = "bulk.html")]
struct BulkPage {
    frame: Frame,
    id: String,
    /// The query of the list it was chosen in.
    list: String,
    verb: String,
    words: String,
    is_decision: bool,
    /// It has run and can be undone or taken back.
    leads_back: bool,
    has_run: bool,
    done: Vec<Shown>,
    skipped: Vec<Shown>,
    totals: Vec<Total>,
    waiting: usize,
    problem: String,
    chosen: usize,
}

/// POST /selections: freezes what was chosen and shows what the act would do.
pub async fn choose(State(desk): State<Desk>, frame: Frame, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response, PageError> {
    let get = |name: &str| pairs.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default();
    let form = ActForm { act: get("act"), note: get("note"), to: get("to"), until: get("until"), ..ActForm::default() };
    let mut ids: Vec<String> = pairs.iter().filter(|(name, _)| name == "claim").map(|(_, value)| value.clone()).collect();
    let list = list_of(get("query").trim_start_matches('?'), &frame.login);
    if get("all") == "yes" {
        ids = desk.workplace.store.worklist_claims(&list.filter, list.sort, MOST as i64).await?;
    }
    ids.sort();
    ids.dedup();
    let claims = desk.workplace.store.claims(&ids).await?;
    let euro: Currency = "EUR".parse().map_err(anyhow::Error::from)?;
    let wanted = form.wanted(&frame.login, euro);
    let problem = match &wanted {
        _ if claims.is_empty() => text("No claim was chosen: mark some rows of the list first.").into(),
        Err(sentence) => sentence.clone(),
        Ok(Wanted::Action(action)) if offered(action.act()) => String::new(),
        Ok(_) => text("This can only be done claim by claim.").into(),
    };
    let Ok(Wanted::Action(action)) = wanted else { return html(&refused(frame, &form, list.query(), problem, claims.len())) };
    if !problem.is_empty() {
        return html(&refused(frame, &form, list.query(), problem, claims.len()));
    }
    let frozen: Vec<(&str, i64)> = claims.iter().map(|claim| (claim.row.claim_id.as_str(), claim.row.version)).collect();
    let id = bulk::choose(&desk.workplace, &frame.login, random_text(12), &Doing::Act(action), &frozen).await?;
    Ok(Redirect::to(&format!("/selections/{id}{}", list.query())).into_response())
}

/// The list that the claims were chosen in; its query goes along, so that the way back leads there.
fn list_of(query: &str, login: &str) -> List {
    List::read(serde_urlencoded::from_str(query).unwrap_or_default(), login, today())
}

/// What may be done to many claims at once: nothing that needs its own amount.
fn offered(act: Act) -> bool {
    matches!(act, Act::Assign | Act::Transfer | Act::Hold | Act::AskBackup | Act::Comment | Act::Decide)
}

fn refused(frame: Frame, form: &ActForm, list: String, problem: String, chosen: usize) -> BulkPage {
    BulkPage {
        frame,
        id: String::new(),
        list,
        verb: show::plain(&form.act),
        words: form.note.clone(),
        is_decision: false,
        leads_back: false,
        has_run: false,
        done: Vec::new(),
        skipped: Vec::new(),
        totals: Vec::new(),
        waiting: 0,
        problem,
        chosen,
    }
}

/// GET /selections/{id}: what it would do, or what it did.
pub async fn show(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, PageError> {
    let list = list_of(&query.unwrap_or_default(), &frame.login).query();
    let selection = desk.workplace.store.selection(&id, &frame.login).await?.ok_or(PageError::NotFound)?;
    let (lines, has_run) = match &selection.report {
        Some(report) => (serde_json::from_str(report)?, true),
        None => (bulk::rehearse(&desk.workplace, &selection).await?, false),
    };
    html(&page(frame, &selection, list, lines, has_run)?)
}

fn page(frame: Frame, selection: &SelectionRow, list: String, lines: Vec<Line>, has_run: bool) -> Result<BulkPage, PageError> {
    let (action, frozen) = bulk::read(selection)?;
    let words = serde_json::to_value(&action)?;
    let words = ["/decide/reason", "/transfer/note", "/hold/note", "/ask_backup/note", "/comment/text", "/take_back/reason"]
        .iter()
        .find_map(|pointer| words.pointer(pointer)?.as_str());
    let verb = match &action {
        Doing::Act(Action::Decide(decision)) => show::plain(decision.outcome.word()),
        Doing::Act(Action::Assign(Some(to))) => text("Assign to {0}").with(to).into(),
        other => show::plain(other.act().word()),
    };
    let mut sums: Vec<Sum> = Vec::new();
    for line in lines.iter().filter(|line| line.skipped.is_none()) {
        match sums.iter_mut().find(|sum| sum.currency == line.currency) {
            Some(sum) => (sum.count, sum.amount) = (sum.count + 1, sum.amount + line.amount),
            None => sums.push(Sum { currency: line.currency.clone(), count: 1, amount: line.amount }),
        }
    }
    let waiting = lines.iter().filter(|line| line.state.as_deref() == Some("awaiting_approval")).count();
    let leads_back = has_run && action.way_back("").is_some() && lines.iter().any(|line| line.version.is_some());
    let (done, skipped): (Vec<Line>, Vec<Line>) = lines.into_iter().partition(|line| line.skipped.is_none());
    Ok(BulkPage {
        frame,
        id: selection.selection_id.clone(),
        list,
        verb,
        words: words.unwrap_or_default().to_owned(),
        is_decision: action.act() == Act::Decide,
        leads_back,
        has_run,
        done: done.into_iter().map(shown).collect(),
        skipped: skipped.into_iter().map(shown).collect(),
        totals: show::totals(&sums),
        waiting,
        problem: String::new(),
        chosen: frozen.len(),
    })
}

fn shown(line: Line) -> Shown {
    Shown {
        says: line.skipped.unwrap_or_else(|| show::plain(&line.state.unwrap_or_default())),
        reason: line.suggested.unwrap_or_default(),
        amount: show::amount(line.amount, &line.currency),
        id: line.claim_id,
        customer: line.customer_id.unwrap_or_default(),
        currency: line.currency,
    }
}

/// POST /selections/{id}: does it; doing it again shows the same report.
pub async fn run(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, PageError> {
    let list = list_of(&query.unwrap_or_default(), &frame.login).query();
    let selection = desk.workplace.store.selection(&id, &frame.login).await?.ok_or(PageError::NotFound)?;
    bulk::run(&desk.workplace, &selection).await?;
    Ok(Redirect::to(&format!("/selections/{id}{list}")).into_response())
}

#[derive(Deserialize)]
pub struct BackForm {
    /// Why a decision is taken back.
    #[serde(default)]
    note: String,
}

/// POST /selections/{id}/back: chooses what it did to be undone or taken back, as far as nobody changed it since, and shows what that would do.
pub async fn back(
    State(desk): State<Desk>,
    frame: Frame,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Form(form): Form<BackForm>,
) -> Result<Response, PageError> {
    let list = list_of(&query.unwrap_or_default(), &frame.login).query();
    let selection = desk.workplace.store.selection(&id, &frame.login).await?.ok_or(PageError::NotFound)?;
    let (doing, _) = bulk::read(&selection)?;
    let lines: Vec<Line> = selection.report.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
    let done: Vec<(&str, i64)> = lines.iter().filter_map(|line| Some((line.claim_id.as_str(), line.version?))).collect();
    let way_back = doing.way_back(form.note.trim()).filter(|_| !done.is_empty()).ok_or(PageError::NotFound)?;
    let id = bulk::choose(&desk.workplace, &frame.login, random_text(12), &way_back, &done).await?;
    Ok(Redirect::to(&format!("/selections/{id}{list}")).into_response())
}

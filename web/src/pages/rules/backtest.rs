//! What a draft of the rules would have changed: how far the run is, then its money by category and customer, and the changes that move the most.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Redirect, Response};
use recoup_engine::money::format_minor;
use recoup_store::rule_backtests::ChangeRow;
use recoup_store::rule_runs::RunState;
use serde::Deserialize;
use serde_json::Value as Json;

use super::told;
use crate::desk::backtest::kept::{Begun, Line, Report, begin, stop};
use crate::desk::backtest::{Aspect, Outcome, aspects};
use crate::desk::drafts::{self, content};
use crate::desk::export::{Format, Table, write};
use crate::desk::runs::{is_cut_off, is_running};
use crate::pages::errors::PageError;
use crate::pages::frame::Frame;
use crate::pages::given::Form;
use crate::pages::language::{key, text};
use crate::pages::session::random_text;
use crate::pages::{Desk, filters, show};

/// Changes that the page shows.
const WORST: i64 = 20;
/// Customers that the page shows.
const CUSTOMERS: usize = 20;
/// Changes of the export.
const LARGEST_EXPORT: i64 = 1_000_000;

struct Sum {
    label: String,
    href: String,
    count: usize,
    moved: String,
    /// What would be owed more or less.
    owed: String,
    currency: String,
}

struct Differs {
    label: String,
    before: String,
    after: String,
}

struct Change {
    deduction_id: String,
    customer: String,
    customer_id: String,
    amount: String,
    moved: String,
    currency: String,
    differs: Vec<Differs>,
}

#[derive(Template)]
#[template(path = "rules_backtest.html")]
struct BacktestPage {
    frame: Frame,
    id: String,
    name: String,
    is_running: bool,
    decided: i64,
    total: i64,
    /// Why there is no result: it was stopped, was cut off, or failed.
    ended: String,
    report: Option<Report>,
    sums: Vec<Sum>,
    aspects: Vec<Sum>,
    categories: Vec<Sum>,
    customers: Vec<Sum>,
    more_customers: usize,
    worst: Vec<Change>,
    begun_by: String,
    begun_at: String,
    book: String,
    /// The draft or the book in force changed since.
    is_old: bool,
    problem: String,
}

/// GET /rules/drafts/{id}/backtest
pub async fn show(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>) -> Result<Response, PageError> {
    page(&desk, frame, &id, StatusCode::OK, String::new()).await
}

async fn page(desk: &Desk, frame: Frame, id: &str, status: StatusCode, problem: String) -> Result<Response, PageError> {
    let store = &desk.workplace.store;
    let draft = drafts::read(&desk.workplace, id).await?.ok_or(PageError::NotFound)?;
    let run = store.rule_backtest(id).await?;
    let names = show::names_of(&store.users().await?);
    let customers: std::collections::BTreeMap<String, String> =
        store.customers().await?.into_iter().map(|customer| (customer.customer_id, customer.name)).collect();
    let report: Option<Report> = run.as_ref().and_then(|run| run.report.as_deref()).map(serde_json::from_str).transpose()?;
    let changes = if report.is_some() { store.rule_backtest_changes(id, 0, WORST).await? } else { Vec::new() };
    let in_force = desk.workplace.renew_rules().await?.version.clone();
    let ended = run.as_ref().map_or("", |run| match run.state {
        RunState::Stopped => key("It was stopped."),
        RunState::Failed => key("It failed; the log of the server says why."),
        RunState::Running if is_cut_off(run.state, run.seen_at) => key("It was cut off when the program ended."),
        RunState::Running | RunState::Done => "",
    });
    let sums =
        |lines: &[Line], label: &dyn Fn(&str) -> String, href: &dyn Fn(&str) -> String| lines.iter().map(|line| sum(line, label, href)).collect::<Vec<_>>();
    let of = report.clone().unwrap_or_default();
    let nowhere = |_: &str| String::new();
    let name_of = |id: &str| customers.get(id).cloned().unwrap_or_else(|| if id.is_empty() { text("Payer unknown").into() } else { id.to_owned() });
    let page = BacktestPage {
        is_running: run.as_ref().is_some_and(|run| is_running(run.state, run.seen_at)),
        decided: run.as_ref().map_or(0, |run| run.decided),
        total: run.as_ref().map_or(0, |run| run.total),
        ended: text(ended).into(),
        sums: sums(&of.all, &nowhere, &nowhere),
        aspects: sums(&of.aspects, &|word| text(aspect(word)).into(), &nowhere),
        categories: sums(&of.categories, &show::plain, &|word| format!("/claims?category={word}")),
        more_customers: of.customers.len().saturating_sub(CUSTOMERS),
        customers: sums(&of.customers[..of.customers.len().min(CUSTOMERS)], &name_of, &|id| {
            if id.is_empty() { String::new() } else { format!("/customers/{id}") }
        }),
        worst: changes.iter().map(|row| change(row, &name_of)).collect::<Result<_, _>>()?,
        begun_by: run.as_ref().map(|run| names.get(&run.begun_by).unwrap_or(&run.begun_by).clone()).unwrap_or_default(),
        begun_at: run.as_ref().map(|run| show::minutes(&run.begun_at)).unwrap_or_default(),
        book: run.as_ref().map(|run| run.book.clone()).unwrap_or_default(),
        is_old: run.as_ref().is_some_and(|run| run.draft != content(&draft) || run.book != in_force),
        id: draft.row.draft_id,
        name: draft.row.name,
        report,
        problem,
        frame,
    };
    Ok((status, Html(page.render()?)).into_response())
}

/// What an aspect is called.
fn aspect(word: &str) -> &'static str {
    match Aspect::ALL.iter().find(|aspect| aspect.word() == word) {
        Some(Aspect::Category) => key("Category"),
        Some(Aspect::Expectation) => key("Expectation"),
        Some(Aspect::Validity) => key("Verdict"),
        Some(Aspect::Owed) => key("Owed amount"),
        Some(Aspect::Desk) => key("Desk"),
        Some(Aspect::Priority) => key("Priority"),
        Some(Aspect::Approval) => key("Level of approval"),
        Some(Aspect::Days) => key("Days to decide"),
        Some(Aspect::Closes) => key("A rule would close it"),
        Some(Aspect::Opens) => key("A person would work it"),
        Some(Aspect::Row) | None => key("Row of the routing"),
    }
}

fn sum(line: &Line, label: &dyn Fn(&str) -> String, href: &dyn Fn(&str) -> String) -> Sum {
    Sum {
        label: label(&line.word),
        href: href(&line.word),
        count: line.count,
        moved: show::amount(line.moved, &line.currency),
        owed: match line.owed {
            0 => String::new(),
            more if more > 0 => format!("+{}", show::amount(more, &line.currency)),
            less => show::amount(less, &line.currency),
        },
        currency: line.currency.clone(),
    }
}

fn change(row: &ChangeRow, name_of: &dyn Fn(&str) -> String) -> Result<Change, PageError> {
    let (before, after): (Outcome, Outcome) = (serde_json::from_str(&row.was)?, serde_json::from_str(&row.becomes)?);
    let said = |aspect: Aspect, outcome: &Outcome| match aspect {
        Aspect::Category => show::plain(&outcome.category),
        Aspect::Expectation => show::plain(&outcome.expectation),
        Aspect::Validity => show::plain(&outcome.validity),
        Aspect::Owed => outcome.owed.map_or_else(|| text("not decided").into(), |minor| show::amount(minor, &row.currency)),
        Aspect::Desk => show::plain(&outcome.queue),
        Aspect::Priority => show::plain(&outcome.priority),
        Aspect::Approval => outcome.approval_level.to_string(),
        Aspect::Days => outcome.days.map(|days| days.to_string()).unwrap_or_default(),
        Aspect::Closes | Aspect::Opens => text(if outcome.closes { key("yes") } else { key("no") }).into(),
        Aspect::Row => outcome.routing_rule.clone(),
    };
    let label = |one: Aspect| if matches!(one, Aspect::Closes | Aspect::Opens) { key("Closed by rule") } else { aspect(one.word()) };
    let differs = |one: Aspect| Differs { label: text(label(one)).into(), before: said(one, &before), after: said(one, &after) };
    Ok(Change {
        deduction_id: row.deduction_id.clone(),
        customer: name_of(&row.customer_id),
        customer_id: row.customer_id.clone(),
        amount: show::amount(row.amount, &row.currency),
        moved: show::amount(row.moved, &row.currency),
        currency: row.currency.clone(),
        differs: aspects(&before, &after).map(differs).collect(),
    })
}

#[derive(Deserialize)]
pub struct RunForm {
    act: String,
}

/// POST /rules/drafts/{id}/backtest: begins one, or stops the one under way.
pub async fn act(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>, Form(form): Form<RunForm>) -> Result<Response, PageError> {
    let here = Redirect::to(&format!("/rules/drafts/{id}/backtest")).into_response();
    if form.act == "stop" {
        stop(&desk.workplace, &frame.login, &id).await?;
        return Ok(here);
    }
    match begin(&desk.workplace, &frame.login, &id, &random_text(8)).await? {
        Begun::Begun | Begun::Running => Ok(here),
        Begun::Refused(refusal) => page(&desk, frame, &id, StatusCode::UNPROCESSABLE_ENTITY, told::refusal(&refusal)).await,
        Begun::Missing => Err(PageError::NotFound),
    }
}

/// GET /rules/drafts/{id}/backtest/export: every change, for a spreadsheet.
pub async fn export(State(desk): State<Desk>, Path(id): Path<String>) -> Result<Response, PageError> {
    let store = &desk.workplace.store;
    store.rule_draft(&id).await?.ok_or(PageError::NotFound)?;
    let changes = store.rule_backtest_changes(&id, 0, LARGEST_EXPORT).await?;
    let mut body = Vec::new();
    write(&table(&changes)?, Format::Csv, &mut body)?;
    let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, format!("attachment; filename=\"backtest-{id}.csv\""))];
    Ok((headers, body).into_response())
}

fn table(changes: &[ChangeRow]) -> Result<Table, PageError> {
    let mut columns = vec!["deduction_id", "customer_id", "amount", "currency", "moved"];
    columns.extend(["category_before", "category_after", "expectation_before", "expectation_after", "validity_before", "validity_after"]);
    columns.extend(["owed_before", "owed_after", "queue_before", "queue_after", "priority_before", "priority_after"]);
    columns.extend([
        "approval_level_before",
        "approval_level_after",
        "days_before",
        "days_after",
        "closes_before",
        "closes_after",
        "rule_before",
        "rule_after",
    ]);
    let row = |row: &ChangeRow| -> Result<Vec<Json>, PageError> {
        let (before, after): (Outcome, Outcome) = (serde_json::from_str(&row.was)?, serde_json::from_str(&row.becomes)?);
        let money = |minor: i64| Json::from(row.currency.parse().map_or_else(|_| minor.to_string(), |currency| format_minor(minor, currency)));
        let mut cells = vec![row.deduction_id.clone().into(), row.customer_id.clone().into(), money(row.amount), row.currency.clone().into(), money(row.moved)];
        let pair = |of: &dyn Fn(&Outcome) -> Json| [of(&before), of(&after)];
        cells.extend(pair(&|outcome| outcome.category.clone().into()));
        cells.extend(pair(&|outcome| outcome.expectation.clone().into()));
        cells.extend(pair(&|outcome| outcome.validity.clone().into()));
        cells.extend(pair(&|outcome| outcome.owed.map_or(Json::Null, money)));
        cells.extend(pair(&|outcome| outcome.queue.clone().into()));
        cells.extend(pair(&|outcome| outcome.priority.clone().into()));
        cells.extend(pair(&|outcome| outcome.approval_level.into()));
        cells.extend(pair(&|outcome| outcome.days.into()));
        cells.extend(pair(&|outcome| outcome.closes.into()));
        cells.extend(pair(&|outcome| outcome.routing_rule.clone().into()));
        Ok(cells)
    };
    Ok(Table { columns, rows: changes.iter().map(row).collect::<Result<_, _>>()? })
}

//! Judging anew by the book in force what nobody decided: how far the run is, what it came to, and the one button.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use recoup_store::rejudgings::Rejudging;
use recoup_store::rule_runs::RunState;
use serde::Deserialize;

use crate::desk::rejudge::{OTHER_BOOK, begin, stop};
use crate::desk::runs::{is_cut_off, is_running};
use crate::pages::errors::{PageError, html};
use crate::pages::frame::Frame;
use crate::pages::given::Form;
use crate::pages::language::key;
use crate::pages::session::random_text;
use crate::pages::{Desk, filters, show};

#[derive(Template)]
#[template(path = "rules_judging.html")]
struct JudgingPage {
    frame: Frame,
    run: Option<Rejudging>,
    is_running: bool,
    /// Why the last run ended; empty without one, or while it runs.
    ended: &'static str,
    begun_by: String,
    begun_at: String,
    in_force: String,
    /// It is done, by the book that is in force now.
    is_current: bool,
}

/// GET /rules/judging
pub async fn show(State(desk): State<Desk>, frame: Frame) -> Result<Response, PageError> {
    let store = &desk.workplace.store;
    let run = store.last_rejudging().await?;
    let names = show::names_of(&store.users().await?);
    let in_force = desk.workplace.renew_rules().await?.version.clone();
    html(&JudgingPage {
        is_running: run.as_ref().is_some_and(|run| is_running(run.state, run.seen_at)),
        ended: run.as_ref().map_or("", ended),
        begun_by: run.as_ref().map(|run| names.get(&run.begun_by).unwrap_or(&run.begun_by).clone()).unwrap_or_default(),
        begun_at: run.as_ref().map(|run| show::minutes(&run.begun_at)).unwrap_or_default(),
        is_current: run.as_ref().is_some_and(|run| run.state == RunState::Done && run.book == in_force),
        in_force,
        run,
        frame,
    })
}

/// How a run ended, in a sentence.
fn ended(run: &Rejudging) -> &'static str {
    match run.state {
        RunState::Done => key("Everything that nobody decided was judged by it."),
        RunState::Stopped if run.problem.as_deref() == Some(OTHER_BOOK) => key("It ended early: another book was published meanwhile. What it judged stands."),
        RunState::Stopped => key("It was stopped. What it judged until then stands; begun again it judges everything."),
        RunState::Failed => key("It failed; the log of the server says why."),
        RunState::Running if is_cut_off(run.state, run.seen_at) => key("It was cut off when the program ended."),
        RunState::Running => "",
    }
}

#[derive(Deserialize)]
pub struct RunForm {
    act: String,
}

/// POST /rules/judging: begins a run, or stops the one under way.
pub async fn act(State(desk): State<Desk>, frame: Frame, Form(form): Form<RunForm>) -> Result<Response, PageError> {
    if form.act == "stop" {
        stop(&desk.workplace, &frame.login).await?;
    } else {
        // One that is under way is shown as it is.
        begin(&desk.workplace, &frame.login, &run_id()).await?;
    }
    Ok(Redirect::to("/rules/judging").into_response())
}

pub fn run_id() -> String {
    format!("J-{}", random_text(8))
}

//! The page behind a link in a mail: what was agreed, what is deducted for it, and three answers. Looking changes nothing; only the form decides.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};

use super::agreements::{AnswerForm, Line, line};
use super::errors::PageError;
use super::{Desk, assets, filters, frame};
use crate::desk::confirm::{Asked, answer_by_link, asked};
use crate::pages::given::Form;

#[derive(Template)]
#[template(path = "confirm.html")]
struct ConfirmPage {
    css: String,
    theme: String,
    /// Where the answers go.
    action: String,
    line: Line,
    what: What,
    problem: String,
    typed: AnswerForm,
}

/// Which text the page shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Question,
    Thanks,
    Used,
    TooMuch,
}

/// GET /confirm/{token}
pub async fn show(State(desk): State<Desk>, headers: HeaderMap, Path(token): Path<String>) -> Result<Response, PageError> {
    let asked = asked(&desk.workplace, &token).await?;
    page(&headers, &token, asked, What::Question, String::new(), AnswerForm::default())
}

/// POST /confirm/{token}: the answer, once.
pub async fn answer(State(desk): State<Desk>, headers: HeaderMap, Path(token): Path<String>, Form(form): Form<AnswerForm>) -> Result<Response, PageError> {
    let answer = match form.answer() {
        Ok(answer) => answer,
        Err(sentence) => return page(&headers, &token, asked(&desk.workplace, &token).await?, What::Question, sentence, form),
    };
    match answer_by_link(&desk.workplace, &token, &answer, &form.words).await {
        Ok(asked) => page(&headers, &token, asked, What::Thanks, String::new(), AnswerForm::default()),
        Err(error) => {
            tracing::info!("an answer by link was not taken: {error:#}");
            page(&headers, &token, asked(&desk.workplace, &token).await?, What::Question, format!("{error:#}"), form)
        }
    }
}

fn page(headers: &HeaderMap, token: &str, asked: Asked, open: What, problem: String, typed: AnswerForm) -> Result<Response, PageError> {
    let (row, what) = match asked {
        Asked::Open(row) => (row, open),
        Asked::Used(row) => (row, What::Used),
        Asked::TooMuch(row) => (row, What::TooMuch),
        // A link that ended answers like one that never was.
        Asked::Expired | Asked::Unknown => return Err(PageError::NotFound),
    };
    let status = if problem.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = ConfirmPage {
        css: assets::url("recoup.css"),
        theme: frame::theme(headers),
        action: format!("/confirm/{token}"),
        line: line(&row),
        what,
        problem,
        typed,
    };
    Ok((status, Html(page.render()?)).into_response())
}

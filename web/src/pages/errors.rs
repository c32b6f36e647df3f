//! What a page answers when it can't answer. Use [`PageError`] in every handler: the visitor sees what happened and an identifier, the log the cause.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use recoup_store::StoreError;

use super::frame::worn_theme;
use super::language::text;
use super::{assets, filters};

/// Why a page can't be shown.
#[derive(Debug)]
pub enum PageError {
    NotFound,
    NotAllowed,
    /// The form or the address can't be read; with what was typed.
    Unreadable(StatusCode, Vec<String>),
    Internal(anyhow::Error),
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    css: String,
    theme: String,
    what: What,
    back: String,
    correlation: String,
    /// What was typed into a form that can't be read.
    typed: Vec<String>,
}

/// Which text the page shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    NotFound,
    NotAllowed,
    WrongMethod,
    Unreadable,
    Internal,
}

impl From<StoreError> for PageError {
    fn from(error: StoreError) -> Self {
        Self::Internal(error.into())
    }
}

impl From<anyhow::Error> for PageError {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

impl From<askama::Error> for PageError {
    fn from(error: askama::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<serde_json::Error> for PageError {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        match self {
            Self::NotFound => page(StatusCode::NOT_FOUND, What::NotFound, "/claims", None, Vec::new()),
            Self::NotAllowed => page(StatusCode::FORBIDDEN, What::NotAllowed, "/claims", None, Vec::new()),
            Self::Unreadable(status, typed) => page(status, What::Unreadable, "/", None, typed),
            Self::Internal(error) => page(StatusCode::INTERNAL_SERVER_ERROR, What::Internal, "/", Some(&error), Vec::new()),
        }
    }
}

/// Every path that is none of ours.
pub async fn not_found() -> PageError {
    PageError::NotFound
}

pub async fn method_not_allowed() -> Response {
    page(StatusCode::METHOD_NOT_ALLOWED, What::WrongMethod, "/", None, Vec::new())
}

fn page(status: StatusCode, what: What, back: &str, cause: Option<&anyhow::Error>, typed: Vec<String>) -> Response {
    let correlation = super::session::random_text(6);
    match cause {
        Some(cause) => tracing::error!(correlation, "a page failed: {cause:#}"),
        None => tracing::info!(correlation, status = status.as_u16(), "a page was refused"),
    }
    let shown = ErrorPage { css: assets::url("recoup.css"), theme: worn_theme(), what, back: back.to_owned(), correlation, typed };
    // The error page itself can't fail on anything but memory; plain words are left then.
    let body = shown.render().unwrap_or_else(|_| text("This page can't be shown.").into());
    (status, Html(body)).into_response()
}

/// Renders a template as a page.
pub fn html(template: &impl Template) -> Result<Response, PageError> {
    Ok(Html(template.render()?).into_response())
}

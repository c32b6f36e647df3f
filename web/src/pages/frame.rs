//! What surrounds every page: who is here, where, in which theme and language.

use std::convert::Infallible;

use axum::Extension;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use recoup_store::audit::NewEntry;
use recoup_store::deeds::Deed;
use recoup_store::people::UserRow;
use serde::Deserialize;

use super::access::{self, Needs};
use super::errors::PageError;
use super::given::Form;
use super::language::Language;
use super::list::List;
use super::session::{Visitor, cookie, own_path};
use super::toast::{self, Toast};
use super::{Desk, assets, show};
use crate::clock::{now_text, today};
use crate::vault::digest;

const THEMES: [&str; 2] = ["light", "dark"];
const YEAR_SECONDS: i64 = 365 * 24 * 60 * 60;

/// The frame of a page, as its template reads it.
#[derive(Debug)]
pub struct Frame {
    pub css: String,
    pub script: String,
    /// `light`, `dark` or empty for what the system says.
    pub theme: String,
    pub name: String,
    pub initials: String,
    pub role: String,
    /// The role as the table of rights knows it.
    pub role_word: String,
    pub login: String,
    pub may_write: bool,
    pub may_post: bool,
    pub may_oversee: bool,
    /// Drafts of the rules.
    pub may_author: bool,
    pub may_publish: bool,
    /// Path and query: where to return after a change of theme.
    pub here: String,
    /// The query of the list that the visitor is in, for what leads back into it.
    pub list_query: String,
    /// What the visitor did in the last seconds.
    pub toast: Option<Toast>,
}

tokio::task_local! {
    static THEME: String;
}

/// Answers a request in the theme that was chosen, where no frame is: the pages of errors.
pub async fn wear_theme(request: Request, next: Next) -> Response {
    THEME.scope(theme(request.headers()), next.run(request)).await
}

/// The theme of the request that is answered.
pub fn worn_theme() -> String {
    THEME.try_with(Clone::clone).unwrap_or_default()
}

/// The theme that was chosen.
pub fn theme(headers: &HeaderMap) -> String {
    cookie(headers, "theme").filter(|theme| THEMES.contains(theme)).unwrap_or_default().to_owned()
}

impl<S: Send + Sync> FromRequestParts<S> for Frame {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, PageError> {
        let visitor = parts.extensions.get::<Visitor>().ok_or(PageError::NotAllowed)?;
        let UserRow { name, role, login, .. } = visitor.user.clone();
        Ok(Self {
            css: assets::url("recoup.css"),
            script: assets::url("recoup.js"),
            theme: theme(&parts.headers),
            initials: name.split([' ', '.', '@']).filter_map(|word| word.chars().next()).take(2).flat_map(char::to_uppercase).collect(),
            may_oversee: access::may(&role, Needs::Overseer),
            may_author: access::may(&role, Needs::Author),
            may_publish: access::may(&role, Needs::Publisher),
            may_write: access::may(&role, Needs::Writer),
            may_post: access::may(&role, Needs::Poster),
            role: show::plain(&role),
            role_word: role,
            toast: toast::read(&parts.headers),
            name,
            login,
            list_query: if parts.uri.path().starts_with("/claims") {
                list_query(parts.uri.query().unwrap_or_default(), &visitor.user.login)
            } else {
                String::new()
            },
            here: parts.uri.path_and_query().map_or("/", |here| here.as_str()).to_owned(),
        })
    }
}

/// The query as the list understands it, without the piece of evidence that is looked at.
fn list_query(query: &str, login: &str) -> String {
    List::read(serde_urlencoded::from_str(query).unwrap_or_default(), login, today()).query()
}

#[derive(Deserialize)]
pub struct ThemeForm {
    theme: String,
    back: String,
}

/// POST /theme: keeps the choice in a cookie of this browser.
pub async fn choose_theme(Form(form): Form<ThemeForm>) -> Result<Response, Infallible> {
    let (theme, seconds) = THEMES.iter().find(|theme| **theme == form.theme).map_or(("", 0), |theme| (*theme, YEAR_SECONDS));
    let cookie = format!("theme={theme}; Path=/; SameSite=Lax; HttpOnly; Max-Age={seconds}");
    Ok(([(SET_COOKIE, cookie)], Redirect::to(own_path(&form.back))).into_response())
}

#[derive(Deserialize)]
pub struct LanguageForm {
    language: String,
    back: String,
}

/// POST /language: keeps the choice with the person, for every browser. What is no language of ours changes nothing.
pub async fn choose_language(State(desk): State<Desk>, Extension(visitor): Extension<Visitor>, Form(form): Form<LanguageForm>) -> Result<Response, PageError> {
    let login = &visitor.user.login;
    if let Some(language) = Language::of_code(&form.language).filter(|language| visitor.user.language.as_deref() != Some(language.code())) {
        let mut work = desk.workplace.store.begin().await?;
        work.set_language(login, language.code()).await?;
        let detail = serde_json::json!({ "before": { "language": visitor.user.language }, "after": { "language": language.code() } }).to_string();
        let entry = NewEntry { at: now_text(), actor: login.clone(), action: Deed::LanguageChosen.into(), subject: login.clone(), detail };
        work.append_audit(vec![entry], digest).await?;
        work.commit().await?;
    }
    Ok(Redirect::to(own_path(&form.back)).into_response())
}

//! What surrounds every page: who is here, where, in which theme.

use std::convert::Infallible;

use axum::Form;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use recoup_store::people::UserRow;
use serde::Deserialize;

use super::access::{self, Needs};
use super::errors::PageError;
use super::list::List;
use super::session::{Visitor, cookie, own_path};
use super::toast::{self, Toast};
use super::{assets, show};
use crate::clock::today;

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
    pub login: String,
    pub may_write: bool,
    pub may_oversee: bool,
    /// Path and query: where to return after a change of theme.
    pub here: String,
    /// The query of the list that the visitor is in, for what leads back into it.
    pub list_query: String,
    /// What the visitor did in the last seconds.
    pub toast: Option<Toast>,
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
            may_write: access::may(&role, Needs::Writer),
            role: show::plain(&role),
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

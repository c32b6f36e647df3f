//! The first person: a fresh database prints a one-time link instead of a password that everybody knows.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use recoup_store::audit::NewEntry;
use recoup_store::deeds::Deed;
use recoup_store::people::UserRow;
use serde::Deserialize;

use super::errors::PageError;
use super::language::text;
use super::session::random_text;
use super::{Desk, assets, filters, frame};
use crate::clock::now_text;
use crate::desk::people::{check_password, hash_password};
use crate::pages::given::Form;
use crate::vault::digest;
use crate::workplace::Workplace;

/// The hash of the link's token; absent when there are people already.
#[derive(Debug, Default)]
pub struct Setup(Option<String>);

impl Setup {
    /// Makes a link when nobody can log in yet; returns its path.
    pub async fn begin(workplace: &Workplace) -> anyhow::Result<(Self, Option<String>)> {
        if !workplace.store.users().await?.is_empty() {
            return Ok((Self(None), None));
        }
        let token = random_text(24);
        Ok((Self(Some(digest(&token))), Some(format!("/setup/{token}"))))
    }
}

#[derive(Template)]
#[template(path = "setup.html")]
struct SetupPage {
    css: String,
    theme: String,
    action: String,
    form: SetupForm,
    problem: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct SetupForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
}

/// The link is right, and still nobody is here.
async fn admit(desk: &Desk, token: &str) -> Result<(), PageError> {
    let is_right = desk.setup.0.as_deref() == Some(digest(token).as_str());
    if is_right && desk.workplace.store.users().await?.is_empty() { Ok(()) } else { Err(PageError::NotFound) }
}

fn page(headers: &HeaderMap, token: &str, form: SetupForm, problem: String) -> Result<Response, PageError> {
    let status = if problem.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = SetupPage { css: assets::url("recoup.css"), theme: frame::theme(headers), action: format!("/setup/{token}"), form, problem };
    Ok((status, Html(page.render()?)).into_response())
}

/// GET /setup/{token}
pub async fn show(State(desk): State<Desk>, headers: HeaderMap, Path(token): Path<String>) -> Result<Response, PageError> {
    admit(&desk, &token).await?;
    page(&headers, &token, SetupForm::default(), String::new())
}

/// POST /setup/{token}: adds the first administrator; the link ends with it.
pub async fn add(State(desk): State<Desk>, headers: HeaderMap, Path(token): Path<String>, Form(form): Form<SetupForm>) -> Result<Response, PageError> {
    admit(&desk, &token).await?;
    let login = form.login.trim().to_lowercase();
    if login.is_empty() || login.contains(char::is_whitespace) {
        return page(&headers, &token, form, text("A login is one word, for example your mail address.").into());
    }
    if check_password(&form.password).is_err() {
        return page(&headers, &token, form, text("A password has at least 8 characters (15 or more are advised).").into());
    }
    let user = UserRow {
        user_id: format!("U-{}", &digest(&login)[..12]),
        name: Some(form.name.trim()).filter(|name| !name.is_empty()).unwrap_or(&login).to_owned(),
        login: login.clone(),
        role: "administrator".to_owned(),
        password_hash: hash_password(&form.password)?,
        active: true,
        language: None,
    };
    let mut work = desk.workplace.store.begin().await?;
    work.add_user(&user, &now_text()).await?;
    let entry = NewEntry {
        at: now_text(),
        actor: "setup link".to_owned(),
        action: Deed::PersonAdded.into(),
        subject: login,
        detail: "{\"role\":\"administrator\"}".to_owned(),
    };
    work.append_audit(vec![entry], digest).await?;
    work.commit().await?;
    Ok(Redirect::to("/login").into_response())
}

//! Lists that people keep under a name, for themselves or for the team.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use recoup_store::audit::NewEntry;
use recoup_store::deeds::Deed;
use recoup_store::selections::SavedView;
use serde::Deserialize;

use super::Desk;
use super::errors::PageError;
use super::frame::Frame;
use super::list::List;
use crate::clock::{now_text, today};
use crate::pages::given::Form;
use crate::vault::digest;

const LONGEST_NAME: usize = 60;

#[derive(Deserialize)]
pub struct ViewForm {
    name: String,
    /// The list's address behind `?`.
    query: String,
    /// `team` shares it.
    #[serde(default)]
    with: String,
}

/// POST /views: keeps the list under a name; the same name again replaces it.
pub async fn save(State(desk): State<Desk>, frame: Frame, Form(form): Form<ViewForm>) -> Result<Response, PageError> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(form.query.trim_start_matches('?')).unwrap_or_default();
    // Only what a list understands is kept, and never a page of it.
    let query = List::read(pairs, &frame.login, today()).with(&[("after", ""), ("e", "")]);
    let name: String = form.name.trim().chars().take(LONGEST_NAME).collect();
    if name.is_empty() {
        return Ok(Redirect::to(&format!("/claims{query}")).into_response());
    }
    let owner = (form.with != "team").then(|| frame.login.clone());
    let view_id = digest(&format!("{}\u{1f}{name}", owner.as_deref().unwrap_or_default()))[..16].to_owned();
    let view = SavedView { view_id: view_id.clone(), owner, name, query: query.clone() };
    let mut work = desk.workplace.store.begin().await?;
    work.save_view(&view).await?;
    log(&mut work, &frame.login, Deed::ViewSaved, &view_id, &serde_json::json!({ "name": view.name, "query": view.query, "team": view.owner.is_none() }))
        .await?;
    work.commit().await?;
    Ok(Redirect::to(&format!("/claims{query}")).into_response())
}

/// POST /views/{id}/forget
pub async fn forget(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>) -> Result<Response, PageError> {
    let mut work = desk.workplace.store.begin().await?;
    if !work.forget_view(&id, &frame.login).await? {
        return Err(PageError::NotFound);
    }
    log(&mut work, &frame.login, Deed::ViewForgotten, &id, &serde_json::Value::Null).await?;
    work.commit().await?;
    Ok(Redirect::to("/claims").into_response())
}

async fn log(work: &mut recoup_store::Work, login: &str, action: Deed, view_id: &str, detail: &serde_json::Value) -> Result<(), PageError> {
    let entry = NewEntry { at: now_text(), actor: login.to_owned(), action: action.into(), subject: view_id.to_owned(), detail: detail.to_string() };
    Ok(work.append_audit(vec![entry], digest).await?)
}

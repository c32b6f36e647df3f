//! The words of a page with their boxes, for clicking them into a field.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use recoup_extractors::text::Page;
use recoup_store::documents::DocumentRow;

use super::errors::PageError;
use super::{Desk, evidence, picture};

/// GET /documents/{id}/words/{page}: a list of `[text, left, top, right, bottom]`, areas in hundredths of a percent of the page.
pub async fn of_page(State(desk): State<Desk>, Path((id, number)): Path<(String, u32)>) -> Result<Response, PageError> {
    let document = desk.workplace.store.document(&id).await?.filter(evidence::has_pages).ok_or(PageError::NotFound)?;
    let words = of(&desk, &document).await?.into_iter().filter(|page| page.number == number).flat_map(|page| page.words);
    let shown: Vec<_> = words.map(|word| (word.text, word.area.left, word.area.top, word.area.right, word.area.bottom)).collect();
    Ok(Json(shown).into_response())
}

/// All words of a document with pages, read a second time by the guarded child and kept beside its pictures.
pub async fn of(desk: &Desk, document: &DocumentRow) -> Result<Vec<Page>, PageError> {
    let folder = desk.workplace.data.join("pages").join(&document.sha256[..2]);
    let cached = folder.join(format!("{}-words.json", document.sha256));
    Ok(match tokio::fs::read(&cached).await.ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
        Some(pages) => pages,
        None => {
            let pages = desk.readers.words(desk.workplace.vault.path(&document.sha256)).await.map_err(|problem| {
                tracing::warn!(document = document.document_id, "the words can't be told: {problem}");
                PageError::NotFound
            })?;
            // Recognition takes a second a page; that it can't be kept should not hide the words from whoever waits for them.
            if let Err(error) = picture::keep(&folder, &cached, &serde_json::to_vec(&pages)?) {
                tracing::warn!("the words of a document can't be kept: {error}");
            }
            pages
        }
    })
}

//! The bytes of documents: our own picture of a page, or the original as a download, never shown.

use std::io;
use std::path::Path as FilePath;

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use recoup_store::documents::DocumentRow;

use super::errors::PageError;
use super::{Desk, evidence};

/// Width of a page's picture: sharp on a laptop, small enough to send.
const WIDTH_PIXELS: u32 = 1_200;

/// GET /documents/{id}/pages/{n}.png
pub async fn page(State(desk): State<Desk>, Path((id, file)): Path<(String, String)>) -> Result<Response, PageError> {
    let document = desk.workplace.store.document(&id).await?.ok_or(PageError::NotFound)?;
    let number: u32 = file.strip_suffix(".png").and_then(|number| number.parse().ok()).ok_or(PageError::NotFound)?;
    if number == 0 || i64::from(number) > document.pages || !evidence::has_pages(&document) {
        return Err(PageError::NotFound);
    }
    let folder = desk.workplace.data.join("pages").join(&document.sha256[..2]);
    let cached = folder.join(format!("{}-{number}-{WIDTH_PIXELS}.png", document.sha256));
    let picture = match tokio::fs::read(&cached).await {
        Ok(picture) => picture,
        Err(_) => draw(&desk, &document, number, &folder, &cached).await?,
    };
    Ok(([(CONTENT_TYPE, "image/png")], picture).into_response())
}

async fn draw(desk: &Desk, document: &DocumentRow, number: u32, folder: &FilePath, cached: &FilePath) -> Result<Vec<u8>, PageError> {
    let original = desk.workplace.vault.path(&document.sha256);
    let picture = desk.readers.render(original, number, WIDTH_PIXELS).await.map_err(|problem| {
        tracing::warn!(document = document.document_id, number, "a page can't be drawn: {problem}");
        PageError::NotFound
    })?;
    // The cache can be lost at any time; that it can't be written should not keep the picture from its reader.
    if let Err(error) = keep(folder, cached, &picture) {
        tracing::warn!("the picture of a page can't be kept: {error}");
    }
    Ok(picture)
}

/// Keeps what was made of a document beside its pictures; it can be made again at any time.
pub fn keep(folder: &FilePath, cached: &FilePath, picture: &[u8]) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
    io::Write::write_all(&mut temporary, picture)?;
    temporary.persist(cached).map_err(|error| error.error)?;
    Ok(())
}

/// GET /documents/{id}/original: a stranger's bytes, so a download in a sandbox, whatever they claim to be.
pub async fn original(State(desk): State<Desk>, Path(id): Path<String>) -> Result<Response, PageError> {
    let document = desk.workplace.store.document(&id).await?.ok_or(PageError::NotFound)?;
    let bytes = tokio::fs::read(desk.workplace.vault.path(&document.sha256)).await.map_err(anyhow::Error::from)?;
    let headers = [
        (CONTENT_TYPE, "application/octet-stream".to_owned()),
        (CONTENT_DISPOSITION, disposition(&document.name)),
        (CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'; frame-ancestors 'none'".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// An attachment under its own name: plain letters for old clients, the exact name in RFC 8187's notation.
fn disposition(name: &str) -> String {
    let last = name.rsplit(['/', '\\', '!']).next().unwrap_or(name);
    let plain: String = last.chars().map(|character| if character.is_ascii_alphanumeric() || ".-_ ".contains(character) { character } else { '_' }).collect();
    let exact: String = last
        .bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_stays_a_name() {
        assert_eq!(disposition("in.zip!../../a\"\r\nX: é.pdf"), "attachment; filename=\"a___X_ _.pdf\"; filename*=UTF-8''a%22%0D%0AX%3A%20%C3%A9.pdf");
    }
}

//! Files that a page takes in: kept, logged with who brought them, and read like everything that arrives.

use axum::extract::{Multipart, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::Desk;
use super::errors::PageError;
use super::frame::Frame;
use crate::desk::process::finish_behind;
use crate::desk::receive::{Bringer, LARGEST_FILE, receive_from};
use crate::pages::given::Files;
use crate::vault::sha256;

/// Files of one form; the address that tells what became of them holds the number of each.
const MOST_FILES: usize = 40;

/// What came of the files of a form.
#[derive(Debug, Default)]
pub struct Uploaded {
    /// Numbers of the documents, in the order of the form.
    pub taken: Vec<String>,
    /// Names of files that were not taken: too large, too many, or cut off on the way.
    pub refused: Vec<String>,
}

/// Takes the files of the field `paper` in and has them read. `called` is the name of a photograph that the phone gave none.
pub async fn take_in(desk: &Desk, bringer: Bringer<'_>, form: &mut Multipart, called: &str) -> Result<Uploaded, PageError> {
    let mut uploaded = Uploaded::default();
    let mut name = String::new();
    loop {
        // What is larger than the whole form may be, or breaks off, ends it: what came before is kept.
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => break,
            Err(_) => {
                uploaded.refused.push(name);
                break;
            }
        };
        if field.name() != Some("paper") {
            continue;
        }
        name = field.file_name().unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let Ok(bytes) = field.bytes().await else {
            uploaded.refused.push(name);
            break;
        };
        if bytes.is_empty() {
            continue;
        }
        if bytes.len() as u64 > LARGEST_FILE || uploaded.taken.len() == MOST_FILES {
            uploaded.refused.push(name.clone());
            continue;
        }
        // Phones call every photograph the same.
        let kept_as = if name.is_empty() || name == "image.jpg" { format!("{called}_{}.jpg", &sha256(&bytes)[..8]) } else { name.clone() };
        let (document_id, _) = receive_from(&desk.workplace, &kept_as, &bytes, bringer).await?;
        uploaded.taken.push(document_id);
    }
    if !uploaded.taken.is_empty() {
        finish_behind(&desk.workplace).await;
    }
    Ok(uploaded)
}

/// POST /documents: several files at once; the inbox says what became of each.
pub async fn documents(State(desk): State<Desk>, frame: Frame, Files(mut form): Files) -> Result<Response, PageError> {
    let uploaded = take_in(&desk, Bringer { login: &frame.login, about: None, purpose: None }, &mut form, "photo").await?;
    let taken = uploaded.taken.iter().map(|id| ("taken", id.as_str()));
    let refused = uploaded.refused.iter().map(|name| ("refused", if name.is_empty() { "?" } else { name.as_str() }));
    let pairs: Vec<(&str, &str)> = taken.chain(refused).collect();
    let query = serde_urlencoded::to_string(pairs).map_err(anyhow::Error::from)?;
    Ok(Redirect::to(&format!("/documents?{query}")).into_response())
}

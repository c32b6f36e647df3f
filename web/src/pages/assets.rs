//! Style and script, embedded in the program. Their names carry a hash of their content, so that they may be kept for ever.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use super::errors::PageError;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Embedded;

/// An asset under the name it is served by.
struct Asset {
    name: String,
    kind: &'static str,
    bytes: Vec<u8>,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    Embedded::iter()
        .filter_map(|file| {
            let content = Embedded::get(&file)?;
            let (stem, extension) = file.rsplit_once('.')?;
            let kind = match extension {
                "css" => "text/css; charset=utf-8",
                "js" => "text/javascript; charset=utf-8",
                "svg" => "image/svg+xml",
                _ => return None,
            };
            let hash = crate::vault::sha256(&content.data);
            Some(Asset { name: format!("{stem}-{}.{extension}", &hash[..12]), kind, bytes: content.data.into_owned() })
        })
        .collect()
});

/// Where an asset is found.
pub fn url(file: &str) -> String {
    let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
    let served = ASSETS.iter().find(|asset| asset.name.starts_with(&format!("{stem}-")) && asset.name.ends_with(extension));
    format!("/assets/{}", served.map_or(file, |asset| &asset.name))
}

/// GET /assets/{name}
pub async fn serve(Path(name): Path<String>) -> Result<Response, PageError> {
    let asset = ASSETS.iter().find(|asset| asset.name == name).ok_or(PageError::NotFound)?;
    Ok(([(CONTENT_TYPE, asset.kind), (CACHE_CONTROL, "public, max-age=31536000, immutable")], asset.bytes.clone()).into_response())
}

//! What a request brings, its form and its query: one that can't be read is answered in words, with what was typed.

use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use super::errors::PageError;

/// Fields of a form that are never shown again.
const SECRET: &str = "password";
/// Fields that a page fills in by itself: nobody typed them.
const NOT_TYPED: [&str; 7] = ["back", "next", "query", "view", "version", "seen", "then"];
/// Signs of a field from which on it is worth keeping: numbers of versions and words of buttons are not.
const TYPED: usize = 8;

/// A form as browsers send it.
#[derive(Debug)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        let is_form = is_form(request.headers());
        let bytes = Bytes::from_request(request, state).await.map_err(|refused| unreadable(refused.status(), &[]))?;
        if !is_form {
            return Err(unreadable(StatusCode::UNSUPPORTED_MEDIA_TYPE, &[]));
        }
        serde_urlencoded::from_bytes(&bytes).map(Self).map_err(|_| unreadable(StatusCode::UNPROCESSABLE_ENTITY, &bytes))
    }
}

/// The part of an address behind the question mark.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, PageError> {
        serde_urlencoded::from_str(parts.uri.query().unwrap_or_default()).map(Self).map_err(|_| unreadable(StatusCode::BAD_REQUEST, &[]))
    }
}

/// A form with files.
#[derive(Debug)]
pub struct Files(pub Multipart);

impl<S: Send + Sync> FromRequest<S> for Files {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        Multipart::from_request(request, state).await.map(Self).map_err(|refused| unreadable(refused.status(), &[]))
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// What can't be read, with the longer texts that a person typed into it.
fn unreadable(status: StatusCode, form: &[u8]) -> PageError {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(form).unwrap_or_default();
    let is_typed = |(name, value): &(String, String)| !name.contains(SECRET) && !NOT_TYPED.contains(&name.as_str()) && value.trim().chars().count() >= TYPED;
    PageError::Unreadable(status, pairs.into_iter().filter(is_typed).map(|(_, value)| value).collect())
}

/// A form with files that breaks off or is none.
pub fn broken(error: &MultipartError) -> PageError {
    PageError::Unreadable(error.status(), Vec::new())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Act {
        version: i64,
    }

    async fn sent(kind: &str, body: &'static str) -> Result<i64, (StatusCode, Vec<String>)> {
        let request = Request::builder().header(CONTENT_TYPE, kind).body(Body::from(body)).expect("a request");
        match Form::<Act>::from_request(request, &()).await {
            Ok(Form(act)) => Ok(act.version),
            Err(PageError::Unreadable(status, typed)) => Err((status, typed)),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_form_that_is_refused_keeps_what_was_typed_but_no_password() {
        const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";
        assert_eq!(sent(FORM, "version=3").await, Ok(3));
        let kept = vec!["The driver signed in full.".to_owned()];
        let typed = "version=x&note=The+driver+signed+in+full.&password=correct+horse&back=%2Fclaims%3Fview%3Dopen&act=dispute";
        assert_eq!(sent(FORM, typed).await, Err((StatusCode::UNPROCESSABLE_ENTITY, kept)));
        assert_eq!(sent(FORM, "note=%ff%fe").await, Err((StatusCode::UNPROCESSABLE_ENTITY, Vec::new())));
        assert_eq!(sent("text/plain", "version=3").await, Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, Vec::new())));
    }
}

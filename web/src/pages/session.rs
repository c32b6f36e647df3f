//! Logging in and out. A session is a random token in a cookie; only its hash is kept.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{LazyLock, Mutex};

use askama::Template;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::header::{COOKIE, RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use recoup_store::audit::NewEntry;
use recoup_store::deeds::Deed;
use recoup_store::people::UserRow;
use serde::Deserialize;

use super::errors::PageError;
use super::language::Language;
use super::{Desk, access, assets, filters, frame};
use crate::clock::{now_seconds, now_text};
use crate::desk::people::{hash_password, is_password};
use crate::pages::given::Form;
use crate::vault::digest;

/// A session ends after this long without a request,
const IDLE_SECONDS: i64 = 30 * 60;
/// and after this long in any case.
const ABSOLUTE_SECONDS: i64 = 12 * 60 * 60;
/// A session in use is noted this often: a read should not cost a write.
const TOUCH_SECONDS: i64 = 60;
/// Failed tries a minute and login,
const FAILED_TRIES: usize = 5;
/// and a minute and address: one visitor can't try many logins.
const FAILED_TRIES_OF_ADDRESS: usize = 30;
const THROTTLE_SECONDS: i64 = 60;
/// Longer passwords and logins are refused unread: hashing them would cost more than an honest visitor needs.
const LONGEST_INPUT: usize = 1_024;

/// Compared when the login is unknown, so that the answer takes as long.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_password(&random_text(16)).unwrap_or_default());

/// Passwords hashed at once: each takes a core and tens of megabytes, and visitors who are not logged in ask for them.
static HASHING: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(2);

/// Recent failed tries by login and by address.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<HashMap<String, Vec<i64>>>);

impl Throttle {
    /// Seconds until the login or address may try again, if it may not now.
    fn wait(&self, login: &str, most: usize, now: i64) -> Option<i64> {
        let tries = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let recent: Vec<i64> = tries.get(login)?.iter().copied().filter(|at| now - at < THROTTLE_SECONDS).collect();
        (recent.len() >= most).then(|| recent.first().map_or(1, |at| THROTTLE_SECONDS - (now - at)).max(1))
    }

    /// Counts a try before it is judged: tries sent at once must not all pass.
    fn count(&self, login: &str, now: i64) {
        let mut tries = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        tries.retain(|_, times| times.last().is_some_and(|at| now - at < THROTTLE_SECONDS));
        let times = tries.entry(login.to_owned()).or_default();
        times.retain(|at| now - at < THROTTLE_SECONDS);
        times.push(now);
    }

    /// Takes back the last try: it was right.
    fn forgive(&self, address: &str) {
        let mut tries = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(times) = tries.get_mut(address) {
            times.pop();
        }
    }

    fn forget(&self, login: &str) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).remove(login);
    }
}

/// The person of a request and the hash of the session's token.
#[derive(Clone, Debug)]
pub struct Visitor {
    pub user: UserRow,
    pub token_hash: String,
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    css: String,
    theme: String,
    login: String,
    next: String,
    failed: bool,
    wait_seconds: i64,
}

#[derive(Deserialize)]
pub struct LoginForm {
    login: String,
    password: String,
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub struct Onward {
    #[serde(default)]
    next: String,
}

/// Random bytes as hexadecimal text.
pub fn random_text(bytes: usize) -> String {
    let mut buffer = vec![0; bytes];
    if getrandom::fill(&mut buffer).is_err() {
        // Without randomness there is no safe session; nothing else of the program needs it.
        std::process::abort();
    }
    buffer.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A path of ours to go on to; anything else would send people to a stranger's site.
pub fn own_path(path: &str) -> &str {
    let own = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n', '\t']);
    if own { path } else { "/" }
}

/// Whether the visitor came by https: a proxy says so.
fn is_secure(headers: &HeaderMap) -> bool {
    headers.get("x-forwarded-proto").is_some_and(|scheme| scheme == "https")
}

/// How the visitor reaches us, for links that others get.
pub fn origin(headers: &HeaderMap) -> String {
    let scheme = if is_secure(headers) { "https" } else { "http" };
    let host = headers.get(axum::http::header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    format!("{scheme}://{host}")
}

fn cookie_name(headers: &HeaderMap) -> &'static str {
    if is_secure(headers) { "__Host-recoup" } else { "recoup" }
}

/// The value of a cookie.
pub fn cookie<'headers>(headers: &'headers HeaderMap, name: &str) -> Option<&'headers str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().split_once('=').filter(|(key, _)| *key == name).map(|(_, value)| value))
}

fn set_cookie(headers: &HeaderMap, token: &str, seconds: i64) -> String {
    let secure = if is_secure(headers) { "; Secure" } else { "" };
    format!("{}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", cookie_name(headers))
}

async fn visitor(desk: &Desk, headers: &HeaderMap) -> Result<Option<Visitor>, PageError> {
    let Some(token) = cookie(headers, cookie_name(headers)) else { return Ok(None) };
    let token_hash = digest(token);
    let Some(session) = desk.workplace.store.session(&token_hash).await? else { return Ok(None) };
    let now = now_seconds();
    if now - session.last_seen_at > IDLE_SECONDS || now - session.created_at > ABSOLUTE_SECONDS {
        let mut work = desk.workplace.store.begin().await?;
        work.end_session(&token_hash).await?;
        work.commit().await?;
        return Ok(None);
    }
    if now - session.last_seen_at > TOUCH_SECONDS {
        let mut work = desk.workplace.store.begin().await?;
        work.touch_session(&token_hash, now).await?;
        work.commit().await?;
    }
    Ok(Some(Visitor { user: session.user, token_hash }))
}

/// Lets a request through that its route's row in [`access::ROUTES`] allows, with its visitor.
///
/// The answer is made in the visitor's language: the one chosen, or what the browser asks for.
pub async fn admit(State(desk): State<Desk>, mut request: Request, next: Next) -> Result<Response, PageError> {
    let wished = Language::accepted(request.headers());
    // A path that matches no route, or no method of it, falls through to its own refusal, which tells nothing.
    let Some(path) = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned()) else {
        return Ok(wished.speaking(next.run(request)).await);
    };
    let needs = access::needs(request.method(), &path);
    if needs == Some(access::Needs::Nothing) {
        return Ok(wished.speaking(next.run(request)).await);
    }
    if needs == Some(access::Needs::Token) {
        return Ok(super::api::admit(&desk, request, next).await);
    }
    let Some(visitor) = visitor(&desk, request.headers()).await? else {
        let here = request.uri().path_and_query().map_or("/", |here| here.as_str()).to_owned();
        let next = if request.method() == "GET" { format!("?{}", serde_urlencoded::to_string([("next", here)]).unwrap_or_default()) } else { String::new() };
        return Ok(Redirect::to(&format!("/login{next}")).into_response());
    };
    let language = visitor.user.language.as_deref().and_then(Language::of_code).unwrap_or(wished);
    if needs.is_none() && access::ROUTES.iter().any(|(_, route, _)| *route == path) {
        // The path has rows, this method of it has none: it is answered here and never reaches a page.
        return Ok(language.speaking(super::errors::method_not_allowed()).await);
    }
    if !needs.is_some_and(|needs| access::may(&visitor.user.role, needs)) {
        tracing::warn!(login = visitor.user.login, role = visitor.user.role, route = path, "refused: the role does not allow it");
        return Ok(language.speaking(async { PageError::NotAllowed.into_response() }).await);
    }
    request.extensions_mut().insert(visitor);
    Ok(language.speaking(next.run(request)).await)
}

/// Where a visitor comes from, as a key of the throttle. A proxy on this machine says whom it speaks for.
fn address(headers: &HeaderMap, peer: Option<SocketAddr>) -> String {
    let forwarded = headers.get("x-forwarded-for").and_then(|list| list.to_str().ok()).and_then(|list| list.rsplit(',').next()).map(str::trim);
    match (peer, forwarded) {
        (Some(peer), Some(visitor)) if peer.ip().is_loopback() => format!("address {visitor}"),
        (Some(peer), _) => format!("address {}", peer.ip()),
        (None, _) => "address unknown".to_owned(),
    }
}

/// GET /login
pub async fn show(headers: HeaderMap, axum::extract::Query(onward): axum::extract::Query<Onward>) -> Result<Response, PageError> {
    let page = LoginPage {
        css: assets::url("recoup.css"),
        theme: frame::theme(&headers),
        login: String::new(),
        next: own_path(&onward.next).to_owned(),
        failed: false,
        wait_seconds: 0,
    };
    super::errors::html(&page)
}

/// POST /login: one message for an unknown login and a wrong password.
pub async fn log_in(
    State(desk): State<Desk>,
    peer: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    Form(form): Form<LoginForm>,
) -> Result<Response, PageError> {
    let login = form.login.trim().to_lowercase();
    let refused = |status: StatusCode, wait_seconds: i64| -> Result<Response, PageError> {
        let page = LoginPage {
            css: assets::url("recoup.css"),
            theme: frame::theme(&headers),
            login: login.clone(),
            next: own_path(&form.next).to_owned(),
            failed: wait_seconds == 0,
            wait_seconds,
        };
        Ok((status, Html(page.render()?)).into_response())
    };
    if login.len() > LONGEST_INPUT || form.password.len() > LONGEST_INPUT {
        return refused(StatusCode::UNAUTHORIZED, 0);
    }
    let now = now_seconds();
    let address = address(&headers, peer.map(|peer| peer.0.0));
    if let Some(seconds) = desk.throttle.wait(&login, FAILED_TRIES, now).or_else(|| desk.throttle.wait(&address, FAILED_TRIES_OF_ADDRESS, now)) {
        tracing::warn!(login, address, "log-in throttled");
        let mut answer = refused(StatusCode::TOO_MANY_REQUESTS, seconds)?;
        answer.headers_mut().insert(RETRY_AFTER, seconds.into());
        return Ok(answer);
    }
    desk.throttle.count(&login, now);
    desk.throttle.count(&address, now);
    let user = desk.workplace.store.user_by_login(&login).await?.filter(|user| user.active);
    let hash = user.as_ref().map_or_else(|| NOBODY.clone(), |user| user.password_hash.clone());
    let password = form.password.clone();
    let turn = HASHING.acquire().await.map_err(anyhow::Error::from)?;
    let is_right = tokio::task::spawn_blocking(move || is_password(&password, &hash)).await.map_err(anyhow::Error::from)?;
    drop(turn);
    let Some(user) = user.filter(|_| is_right) else {
        tracing::warn!(login, "log-in failed");
        return refused(StatusCode::UNAUTHORIZED, 0);
    };
    desk.throttle.forget(&login);
    desk.throttle.forgive(&address);
    let token = random_text(32);
    let mut work = desk.workplace.store.begin().await?;
    // A session that was open in this browser ends: its token must not outlive the change of person.
    if let Some(old) = cookie(&headers, cookie_name(&headers)) {
        work.end_session(&digest(old)).await?;
    }
    work.add_session(&digest(&token), &user.user_id, now).await?;
    work.append_audit(
        vec![NewEntry { at: now_text(), actor: user.login.clone(), action: Deed::LoggedIn.into(), subject: user.login.clone(), detail: "{}".to_owned() }],
        digest,
    )
    .await?;
    work.commit().await?;
    Ok(([(SET_COOKIE, set_cookie(&headers, &token, ABSOLUTE_SECONDS))], Redirect::to(own_path(&form.next))).into_response())
}

/// POST /logout
pub async fn log_out(State(desk): State<Desk>, axum::Extension(visitor): axum::Extension<Visitor>, headers: HeaderMap) -> Result<Response, PageError> {
    let mut work = desk.workplace.store.begin().await?;
    work.end_session(&visitor.token_hash).await?;
    work.commit().await?;
    Ok(([(SET_COOKIE, set_cookie(&headers, "", 0))], Redirect::to("/login")).into_response())
}

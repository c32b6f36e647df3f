//! What holds for every route: headers, who may come in, refusals of other sites, parameters that nobody knows.

mod acts;
mod languages;
mod print;
mod rules;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE, LOCATION, REFERRER_POLICY, SET_COOKIE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{Request, Response, StatusCode};
use recoup_store::people::UserRow;
use tower::ServiceExt;

use super::access::{Needs, ROUTES, may};
use super::{Desk, headers, router};
use crate::clock::{now_seconds, now_text};
use crate::desk::people::{ROLES, hash_password};
use crate::jobs::readers::Readers;
use crate::vault::digest;
use crate::workplace::Workplace;

/// An application on an empty workplace, with a session for each role whose token is the role's name.
struct Site {
    router: Router,
    workplace: Arc<Workplace>,
    _folder: tempfile::TempDir,
}

async fn site() -> Site {
    let folder = tempfile::tempdir().expect("a folder");
    let workplace = Arc::new(Workplace::open(folder.path(), None).await.expect("a workplace"));
    site_on(workplace, folder).await
}

/// The same on a workplace that has claims.
async fn site_on(workplace: Arc<Workplace>, folder: tempfile::TempDir) -> Site {
    let password_hash = hash_password("a long enough phrase").expect("hashed");
    let mut work = workplace.store.begin().await.expect("work");
    for role in ROLES {
        let user = UserRow {
            user_id: role.to_owned(),
            login: role.to_owned(),
            name: role.to_owned(),
            role: role.to_owned(),
            password_hash: password_hash.clone(),
            active: true,
            language: None,
        };
        work.add_user(&user, &now_text()).await.expect("added");
        work.add_session(&digest(role), role, now_seconds()).await.expect("a session");
    }
    work.commit().await.expect("committed");
    let desk = Desk {
        workplace: workplace.clone(),
        readers: Arc::new(Readers::new().expect("readers")),
        throttle: Arc::default(),
        present: Arc::default(),
        search: Arc::new(crate::search::Search::open(&workplace.data).expect("an index")),
        setup: Arc::default(),
    };
    Site { router: router(desk), workplace, _folder: folder }
}

impl Site {
    async fn ask(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.expect("an answer")
    }

    async fn visit(&self, method: &str, path: &str, role: Option<&str>) -> Response<Body> {
        let mut request = Request::builder().method(method).uri(path).header("host", "localhost");
        if let Some(role) = role {
            request = request.header(COOKIE, format!("recoup={role}"));
        }
        self.ask(request.body(Body::empty()).expect("a request")).await
    }

    /// Sends a form; returns the status and the page.
    async fn send(&self, path: &str, role: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
        let request = Request::post(path).header("host", "localhost").header(COOKIE, format!("recoup={role}"));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let body = serde_urlencoded::to_string(fields).expect("a form");
        let answer = self.ask(request.body(Body::from(body)).expect("a request")).await;
        let status = answer.status();
        let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
        (status, String::from_utf8(bytes.to_vec()).expect("text"))
    }

    /// The page at an address.
    async fn read(&self, path: &str, role: &str) -> String {
        let answer = self.visit("GET", path, Some(role)).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        let bytes = axum::body::to_bytes(answer.into_body(), 4 << 20).await.expect("a body");
        String::from_utf8(bytes.to_vec()).expect("text")
    }

    async fn log_in(&self, login: &str, password: &str) -> Response<Body> {
        let body = serde_urlencoded::to_string([("login", login), ("password", password), ("next", "https://elsewhere.example/")]).expect("a form");
        let request = Request::post("/login").header("host", "localhost").header("content-type", "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(body)).expect("a request")).await
    }
}

fn filled(route: &str) -> String {
    route.replace("{id}", "none").replace("{file}", "1.png").replace("{page}", "1").replace("{name}", "none.css").replace("{token}", "none")
}

#[tokio::test]
async fn every_route_admits_whom_its_row_names_and_carries_the_headers() {
    let site = site().await;
    for &(method, route, needs) in ROUTES {
        let visitors = ROLES.iter().filter(|_| route != "/logout").map(|role| Some(*role)).chain([None, Some("stranger")]);
        for visitor in visitors {
            let answer = site.visit(method, &filled(route), visitor).await;
            let known = visitor.filter(|role| ROLES.contains(role));
            let sent_away = answer.headers().get(LOCATION).is_some_and(|to| to.as_bytes().starts_with(b"/login"));
            match (needs, known) {
                (Needs::Nothing, _) => assert!(!sent_away && answer.status() != StatusCode::FORBIDDEN, "{method} {route} {visitor:?}"),
                (Needs::Token, _) => assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{method} {route} {visitor:?}: a session is no token"),
                (_, None) => assert!(sent_away, "{method} {route} {visitor:?}"),
                (needs, Some(role)) => assert_eq!(answer.status() == StatusCode::FORBIDDEN, !may(role, needs), "{method} {route} {role}"),
            }
            assert_ne!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR, "{method} {route}");
            let header = |name| answer.headers().get(name).map(|value| value.to_str().expect("text")).unwrap_or_default();
            assert_eq!(header(X_CONTENT_TYPE_OPTIONS), "nosniff", "{route}");
            assert_eq!(header(REFERRER_POLICY), "no-referrer", "{route}");
            assert_eq!(header(CACHE_CONTROL), "no-store", "{route}");
            assert_eq!(header(CONTENT_SECURITY_POLICY), headers::POLICY, "{route}");
        }
    }
}

#[tokio::test]
async fn a_post_from_another_site_is_refused() {
    let site = site().await;
    for (_, route, _) in ROUTES.iter().filter(|(method, ..)| *method == "POST") {
        for (name, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://elsewhere.example"), ("origin", "null")] {
            let request = Request::post(filled(route)).header("host", "localhost").header(COOKIE, "recoup=manager").header(name, value);
            assert_eq!(site.ask(request.body(Body::empty()).expect("a request")).await.status(), StatusCode::FORBIDDEN, "{route} {name} {value}");
        }
    }
}

#[tokio::test]
async fn unknown_parameters_never_break_a_page() {
    let site = site().await;
    for path in ["/claims", "/claims/export", "/documents", "/customers"] {
        for query in [
            "?colour=red",
            "?after=%00%FF&sort=largest",
            "?min=1e999&max=-&due=99999999999999999999&e=-1",
            "?before=x&status=gone&kind=&kind=x",
            "?view=../../etc&queue=%27%3B--&q=%25_%27",
            "?&&=&%",
        ] {
            assert_eq!(site.visit("GET", &format!("{path}{query}"), Some("analyst")).await.status(), StatusCode::OK, "{path}{query}");
        }
    }
}

#[tokio::test]
async fn what_is_not_there_or_not_possible_says_so() {
    let site = site().await;
    assert_eq!(site.visit("GET", "/nothing", Some("analyst")).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(site.visit("GET", "/claims/none", Some("analyst")).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(site.visit("DELETE", "/claims", Some("analyst")).await.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn logging_in_makes_a_new_session_and_leads_nowhere_else() {
    let site = site().await;
    let answer = site.log_in("Manager", "a long enough phrase").await;
    assert_eq!(answer.headers()[LOCATION], "/");
    let cookie = answer.headers()[SET_COOKIE].to_str().expect("text").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let token = cookie.trim_start_matches("recoup=").split(';').next().unwrap_or_default();
    assert_eq!(token.len(), 64);
    assert!(site.workplace.store.session(token).await.expect("asked").is_none(), "the token itself is not kept");
    assert!(site.workplace.store.session(&digest(token)).await.expect("asked").is_some());
    site.visit("POST", "/logout", Some(token)).await;
    assert!(site.workplace.store.session(&digest(token)).await.expect("asked").is_none());
}

#[tokio::test]
async fn a_session_ends_when_it_idles_or_grows_old() {
    let site = site().await;
    let now = now_seconds();
    let mut work = site.workplace.store.begin().await.expect("work");
    for (token, created_at, seen_at) in [("idle", now - 1_900, now - 1_900), ("old", now - 43_300, now - 10), ("used", now - 43_100, now - 10)] {
        work.add_session(&digest(token), "analyst", created_at).await.expect("a session");
        work.touch_session(&digest(token), seen_at).await.expect("touched");
    }
    work.commit().await.expect("committed");
    assert_eq!(site.visit("GET", "/claims", Some("idle")).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(site.visit("GET", "/claims", Some("old")).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(site.visit("GET", "/claims", Some("used")).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn the_sixth_failed_try_in_a_minute_waits() {
    let site = site().await;
    for _ in 0..5 {
        assert_eq!(site.log_in("sales", "wrong").await.status(), StatusCode::UNAUTHORIZED);
    }
    let answer = site.log_in("sales", "a long enough phrase").await;
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.headers().contains_key("retry-after"));
    assert_eq!(site.log_in("manager", "a long enough phrase").await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_description_of_the_api_names_its_routes_and_no_others() {
    let described = super::api::description::openapi();
    let mut found: Vec<(String, String)> = Vec::new();
    for (path, methods) in described["paths"].as_object().expect("paths") {
        found.extend(methods.as_object().expect("methods").keys().map(|method| (method.to_uppercase(), path.clone())));
    }
    let mut routes: Vec<(String, String)> =
        ROUTES.iter().filter(|(_, _, needs)| *needs == Needs::Token).map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned())).collect();
    found.sort();
    routes.sort();
    assert_eq!(found, routes);
}

/// A request of another program; returns the status and the JSON of the answer.
async fn call(site: &Site, method: &str, path: &str, token: &str, key: Option<&str>, body: &str) -> (StatusCode, serde_json::Value) {
    let mut request = Request::builder().method(method).uri(path).header("host", "localhost").header("authorization", format!("Bearer {token}"));
    if !body.is_empty() {
        request = request.header("content-type", "application/json");
    }
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    let answer = site.ask(request.body(Body::from(body.to_owned())).expect("a request")).await;
    let status = answer.status();
    let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
    (status, serde_json::from_slice(&bytes).expect("JSON"))
}

#[tokio::test]
async fn programs_read_with_a_token_and_write_with_a_wider_one() {
    let site = site().await;
    let mut work = site.workplace.store.begin().await.expect("work");
    for (token, login, scopes, expires_on) in [
        ("reads", "analyst", "read", "2999-01-01"),
        ("writes", "analyst", "read write", "2999-01-01"),
        ("audits", "auditor", "read write", "2999-01-01"),
        ("old", "analyst", "read", "2001-01-01"),
    ] {
        work.add_api_token(&digest(token), login, token, scopes, expires_on, &now_text()).await.expect("a token");
    }
    work.commit().await.expect("committed");
    let act = "{\"act\":\"comment\",\"version\":1,\"note\":\"called\"}";
    for (method, path, token, body, expected, code) in [
        ("GET", "/api/v1/claims", "reads", "", 200, ""),
        ("GET", "/api/v1/openapi.json", "reads", "", 200, ""),
        ("GET", "/api/v1/claims", "old", "", 401, "unknown_token"),
        ("GET", "/api/v1/claims", "nobody", "", 401, "unknown_token"),
        ("GET", "/api/v1/claims?limit=-1", "reads", "", 400, "limit"),
        ("GET", "/api/v1/claims?limit=99999", "reads", "", 400, "limit"),
        ("GET", "/api/v1/claims?colour=red", "reads", "", 400, "parameter"),
        ("GET", "/api/v1/claims?q=colour:red", "reads", "", 400, "parameter"),
        ("GET", "/api/v1/claims?q=amount:%3E1.234,50&view=deductions", "reads", "", 200, ""),
        ("GET", "/api/v1/claims?sort=drop%20table", "reads", "", 400, "parameter"),
        ("GET", "/api/v1/claims/C-none", "reads", "", 404, "not_found"),
        ("POST", "/api/v1/claims/C-none/acts", "reads", act, 403, "scope"),
        ("POST", "/api/v1/claims/C-none/acts", "audits", act, 403, "scope"),
        ("POST", "/api/v1/claims/C-none/acts", "writes", act, 404, "not_found"),
        ("POST", "/api/v1/claims/C-none/acts", "writes", "{", 400, "json"),
        ("POST", "/api/v1/claims/C-none/acts", "writes", "", 415, "content_type"),
    ] {
        let (status, answer) = call(&site, method, path, token, None, body).await;
        assert_eq!((status.as_u16(), answer["code"].as_str().unwrap_or_default()), (expected, code), "{method} {path} {token}: {answer}");
        if status.is_client_error() {
            assert!(answer["message"].as_str().is_some_and(|message| !message.is_empty()) && answer["correlation_id"].is_string(), "{answer}");
        }
    }
    let (first, _) = call(&site, "POST", "/api/v1/claims/C-none/acts", "writes", Some("one"), act).await;
    let (again, _) = call(&site, "POST", "/api/v1/claims/C-none/acts", "writes", Some("one"), act).await;
    let (other, answer) = call(&site, "POST", "/api/v1/claims/C-none/acts", "writes", Some("one"), &act.replace("called", "wrote")).await;
    assert_eq!((first, again), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert_eq!((other.as_u16(), answer["code"].as_str()), (422, Some("idempotency_mismatch")));
}

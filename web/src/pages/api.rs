//! The same claims and the same acts for other programs, as JSON. A token says for whom it acts and whether it may write.
//!
//! Errors are `{code, message, field, correlation_id}`. A request with an `Idempotency-Key` has one effect, however often it is sent.

pub mod description;

use axum::body::Bytes;
use axum::extract::{Path, Query, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use recoup_engine::money::{Currency, format_minor};
use recoup_store::claims::ClaimRecord;
use recoup_store::people::UserRow;
use serde_json::{Value, json};

use super::access::{self, Needs};
use super::act::{ActForm, Wanted};
use super::errors::PageError;
use super::list::List;
use super::session::random_text;
use super::{Desk, worklist};
use crate::clock::{now_seconds, today};
use crate::desk::categorise::categorise_claim;
use crate::desk::resolve::{self, Resolved};
use crate::vault::digest;

/// Rows of a page, unless the request asks for fewer or more.
const PAGE: i64 = 50;
const LARGEST_PAGE: i64 = 500;
/// A request that was begun so long ago and never answered was cut off: it may be sent again.
const CUT_OFF_SECONDS: i64 = 60;

/// For whom a request acts.
#[derive(Clone, Debug)]
pub struct Caller {
    user: UserRow,
    token_hash: String,
}

/// A refusal as JSON.
fn refused(status: StatusCode, code: &str, message: impl Into<String>, field: Option<&str>) -> Response {
    let correlation_id = random_text(6);
    let message = message.into();
    tracing::info!(correlation_id, status = status.as_u16(), code, "the API refused: {message}");
    (status, Json(json!({ "code": code, "message": message, "field": field, "correlation_id": correlation_id }))).into_response()
}

fn failed(error: PageError) -> Response {
    let correlation_id = random_text(6);
    tracing::error!(correlation_id, "the API failed: {error:?}");
    let body = json!({ "code": "internal", "message": "The fault is ours and was written to the log.", "field": null, "correlation_id": correlation_id });
    (StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response()
}

/// Lets a request through whose token is known, not expired and wide enough.
pub async fn admit(desk: &Desk, mut request: Request, next: Next) -> Response {
    let token = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| value.strip_prefix("Bearer "));
    let Some(token_hash) = token.map(|token| digest(token.trim())) else {
        return refused(StatusCode::UNAUTHORIZED, "no_token", "Send a token as `Authorization: Bearer …`; `recoup user token` makes one.", None);
    };
    let row = match desk.workplace.store.api_token(&token_hash).await {
        Ok(row) => row.filter(|row| row.expires_on >= today().to_string()),
        Err(error) => return failed(error.into()),
    };
    let Some(row) = row else { return refused(StatusCode::UNAUTHORIZED, "unknown_token", "This token is not known, or it has expired.", None) };
    let (scope, needs) = if request.method() == Method::GET { ("read", Needs::Reader) } else { ("write", Needs::Writer) };
    if !row.scopes.split(' ').any(|known| known == scope) || !access::may(&row.user.role, needs) {
        return refused(StatusCode::FORBIDDEN, "scope", format!("This token may not {scope}."), None);
    }
    request.extensions_mut().insert(Caller { user: row.user, token_hash });
    next.run(request).await
}

/// GET /api/v1/openapi.json
pub async fn openapi() -> Response {
    Json(description::openapi()).into_response()
}

/// GET /api/v1/claims: the worklist, with its filters, paged by key.
pub async fn claims(State(desk): State<Desk>, Extension(caller): Extension<Caller>, Query(mut query): Query<Vec<(String, String)>>) -> Response {
    let limit = query.iter().position(|(name, _)| name == "limit").map(|index| query.remove(index).1);
    let limit = match limit.map(|text| text.parse::<i64>()) {
        None => PAGE,
        Some(Ok(limit)) if (1..=LARGEST_PAGE).contains(&limit) => limit,
        Some(_) => return refused(StatusCode::BAD_REQUEST, "limit", format!("`limit` is a number from 1 to {LARGEST_PAGE}."), Some("limit")),
    };
    let list = List::read(query, &caller.user.login, today());
    if let Some(odd) = list.ignored.first() {
        return refused(
            StatusCode::BAD_REQUEST,
            "parameter",
            format!("`{}={}` is not understood. {}", odd.name, odd.value, odd.says).trim_end().to_owned(),
            Some(&odd.name),
        );
    }
    let rows = match desk.workplace.store.worklist(&list.filter, list.sort, list.after.as_ref(), limit).await {
        Ok(rows) => rows,
        Err(error) => return failed(error.into()),
    };
    let next = rows.last().filter(|_| i64::try_from(rows.len()) == Ok(limit)).map(|last| format!("/api/v1/claims{}&limit={limit}", list.page_after(last)));
    let table = worklist::table(&rows);
    let claims: Vec<Value> = table
        .rows
        .into_iter()
        .zip(&rows)
        .map(|(cells, row)| {
            let mut claim: serde_json::Map<String, Value> = table.columns.iter().map(|column| (*column).to_owned()).zip(cells).collect();
            claim.insert("version".to_owned(), json!(row.version));
            Value::Object(claim)
        })
        .collect();
    Json(json!({ "claims": claims, "next": next })).into_response()
}

/// GET /api/v1/claims/{id}
pub async fn claim(State(desk): State<Desk>, Path(id): Path<String>) -> Response {
    match desk.workplace.store.claim(&id).await {
        Ok(Some(record)) => Json(shown(&record)).into_response(),
        Ok(None) => refused(StatusCode::NOT_FOUND, "not_found", "There is no such claim.", Some("id")),
        Err(error) => failed(error.into()),
    }
}

fn shown(record: &ClaimRecord) -> Value {
    let money = |minor: i64| record.row.currency.parse::<Currency>().map_or_else(|_| minor.to_string(), |currency| format_minor(minor, currency));
    let amounts = record.amounts();
    json!({
        "claim_id": record.row.claim_id, "deduction_id": record.row.deduction_id, "customer_id": record.row.customer_id, "category": record.row.category,
        "currency": record.row.currency, "amount": money(amounts.claimed), "accepted_amount": money(amounts.accepted), "disputed_amount": money(amounts.disputed),
        "written_off_amount": money(amounts.written_off), "recovered_amount": money(amounts.recovered), "open_amount": money(amounts.open()),
        "queue": record.row.queue, "priority": record.row.priority, "assignee": record.row.assignee, "status": record.row.status,
        "state": serde_json::from_str::<Value>(&record.facts).unwrap_or(Value::Null), "work_by": record.row.work_by, "dispute_by": record.row.dispute_by,
        "version": record.row.version,
    })
}

/// POST /api/v1/claims/{id}/acts: one act, as the form of the claim's page does it.
pub async fn act(State(desk): State<Desk>, Extension(caller): Extension<Caller>, Path(id): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let is_json = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).is_some_and(|kind| kind.starts_with("application/json"));
    if !is_json {
        return refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content_type", "Send JSON as `Content-Type: application/json`.", None);
    }
    let form: ActForm = match serde_json::from_slice(&body) {
        Ok(form) => form,
        Err(error) => return refused(StatusCode::BAD_REQUEST, "json", format!("The body is not understood: {error}."), None),
    };
    let Some(key) = headers.get("idempotency-key").and_then(|key| key.to_str().ok()) else {
        return answer(acted(&desk, &caller, &id, &form).await);
    };
    match repeated(&desk, &caller, key, &id, &body).await {
        Ok(Some(response)) => return response,
        Ok(None) => {}
        Err(error) => return failed(error),
    }
    let done = acted(&desk, &caller, &id, &form).await;
    match kept(&desk, &caller, key, done).await {
        Ok(done) => answer(done),
        Err(error) => failed(error),
    }
}

/// Status and body of an answer.
type Answer = Result<(StatusCode, Value), PageError>;

fn answer(done: Answer) -> Response {
    match done {
        Ok((status, body)) => (status, Json(body)).into_response(),
        Err(error) => failed(error),
    }
}

async fn acted(desk: &Desk, caller: &Caller, id: &str, form: &ActForm) -> Answer {
    let refusal = |status: StatusCode, code: &str, message: String, field: Option<&str>| {
        Ok((status, json!({ "code": code, "message": message, "field": field, "correlation_id": random_text(6) })))
    };
    let missing = || refusal(StatusCode::NOT_FOUND, "not_found", "There is no such claim.".to_owned(), Some("id"));
    let workplace = &desk.workplace;
    let Some(record) = workplace.store.claim(id).await? else { return missing() };
    let currency: Currency = record.row.currency.parse().map_err(anyhow::Error::from)?;
    let login = caller.user.login.as_str();
    let resolved = match form.wanted(login, currency) {
        Err(sentence) => return refusal(StatusCode::UNPROCESSABLE_ENTITY, "act", sentence, Some("act")),
        Ok(Wanted::Action(action)) => resolve::act(workplace, login, id, form.version, &action).await?,
        Ok(Wanted::Split(part)) => resolve::split(workplace, login, id, form.version, &[record.amounts().open().saturating_sub(part), part]).await?,
        Ok(Wanted::Merge(duplicate)) => resolve::merge(workplace, login, id, form.version, &duplicate).await?,
        Ok(Wanted::Categorise(category)) => categorise_claim(workplace, login, id, form.version, category).await?,
        Ok(Wanted::Undo) => resolve::undo(workplace, login, id, form.version).await?,
    };
    match resolved {
        Resolved::Done(now) => Ok((StatusCode::OK, shown(&now))),
        Resolved::Stale(now) => {
            let message = format!("The claim changed: it has version {} now. Nothing was done.", now.row.version);
            let body = json!({ "code": "stale", "message": message, "field": "version", "correlation_id": random_text(6), "claim": shown(&now) });
            Ok((StatusCode::CONFLICT, body))
        }
        Resolved::Refused(why) => refusal(StatusCode::UNPROCESSABLE_ENTITY, why.code(), why.to_string(), None),
        Resolved::Missing => missing(),
    }
}

/// What a request under a known key is answered with; `None` lets it run.
async fn repeated(desk: &Desk, caller: &Caller, key: &str, id: &str, body: &[u8]) -> Result<Option<Response>, PageError> {
    let body_hash = digest(&format!("{id}\u{1f}{}", String::from_utf8_lossy(body)));
    let now = now_seconds();
    let mut work = desk.workplace.store.begin().await?;
    let earlier = work.begin_request(&caller.token_hash, key, &body_hash, now).await?;
    work.commit().await?;
    let Some(earlier) = earlier else { return Ok(None) };
    if earlier.body_hash != body_hash {
        let message = "This idempotency key was used for another request.";
        return Ok(Some(refused(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_mismatch", message, Some("Idempotency-Key"))));
    }
    if let (Some(status), Some(answer)) = (earlier.status, earlier.answer) {
        let status = u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::OK);
        return Ok(Some((status, [(CONTENT_TYPE, "application/json")], answer).into_response()));
    }
    // A request that was cut off may run again: the version of the claim keeps it from acting twice.
    if now - earlier.begun_at > CUT_OFF_SECONDS {
        return Ok(None);
    }
    let mut busy = refused(StatusCode::CONFLICT, "running", "The same request is running; ask again in a moment.", Some("Idempotency-Key"));
    busy.headers_mut().insert(RETRY_AFTER, 1.into());
    Ok(Some(busy))
}

/// Keeps an answer under its key; a failure of ours is not kept, so that it can be tried again.
async fn kept(desk: &Desk, caller: &Caller, key: &str, done: Answer) -> Result<Answer, PageError> {
    if let Ok((status, body)) = &done {
        let mut work = desk.workplace.store.begin().await?;
        work.finish_request(&caller.token_hash, key, i64::from(status.as_u16()), &body.to_string()).await?;
        work.commit().await?;
    }
    Ok(done)
}

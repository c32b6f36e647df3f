//! One claim: what was taken, what we think of it and why, and the evidence one click away.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use recoup_engine::evidence::Evidence;
use recoup_engine::reading::Place;
use recoup_store::audit::NewEntry;
use recoup_store::claims::ClaimRow;
use recoup_store::documents::DocumentRow;
use recoup_store::screens::claim::{DeductionDetail, Happened, InvoiceDetail};
use recoup_store::screens::worklist::{After, WorklistRow};
use serde::Deserialize;

use super::errors::{PageError, html};
use super::evidence::{DocumentView, Frame as Boxed, PageView, Piece};
use super::frame::Frame;
use super::goods::{self, GoodsLine};
use super::list::List;
use super::{Desk, evidence, show};
use crate::clock::{now_text, today};
use crate::vault::digest;

/// Longest text that a page shows of a document without pages.
const LONGEST_TEXT: usize = 20_000;

/// The place of the claim in the list it was opened from.
struct Walk {
    position: i64,
    count: i64,
    previous: Option<String>,
    next: Option<String>,
}

/// Amounts that must add up.
struct Amounts {
    claimed: String,
    owed: Option<String>,
    recoverable: Option<String>,
    currency: String,
}

#[derive(Template)]
#[template(path = "claim.html")]
struct ClaimPage {
    frame: Frame,
    id: String,
    back: String,
    walk: Option<Walk>,
    claim: Option<ClaimRow>,
    deduction: DeductionDetail,
    category: String,
    amounts: Amounts,
    confidence: String,
    queue: String,
    dispute_days: Option<i64>,
    is_late: bool,
    pieces: Vec<Piece>,
    shown: Option<DocumentView>,
    invoice: Option<InvoiceView>,
    goods: Vec<GoodsLine>,
    history: Vec<Happened>,
    assign: String,
}

/// The invoice beside the claim.
struct InvoiceView {
    row: InvoiceDetail,
    total: String,
    tax: String,
}

/// GET /claims/{id}: a claim, or a deduction that a rule closed.
pub async fn show(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>, Query(query): Query<Vec<(String, String)>>) -> Result<Response, PageError> {
    let store = &desk.workplace.store;
    let list = List::read(query, &frame.login, today());
    let deduction = store.deduction_detail(&id).await?.ok_or(PageError::NotFound)?;
    let claim = store.claim(deduction.claim_id.as_deref().unwrap_or(&id)).await?;
    let found: Vec<Evidence> = deduction.evidence.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
    let documents = store.documents_named(&evidence::names(&found)).await?;
    let mut pieces = evidence::pieces(found, &documents, deduction.customer_id.as_deref());
    let chosen = list
        .get("e")
        .parse::<usize>()
        .ok()
        .filter(|index| (1..=pieces.len()).contains(index))
        .or_else(|| pieces.iter().position(|piece| piece.document_id.is_some()).map(|index| index + 1));
    for (number, piece) in (1_usize..).zip(&mut pieces) {
        piece.href = format!("/claims/{id}{}#evidence", list.with(&[("e", &number.to_string())]));
        piece.is_shown = chosen == Some(number);
    }
    let shown = match chosen.and_then(|number| pieces.get(number - 1)) {
        Some(piece) => view(&desk, piece, &documents).await?,
        None => None,
    };
    let invoice = match deduction.invoice_number.as_deref() {
        Some(number) => store.invoice_detail(number).await?,
        None => None,
    };
    let about_goods = invoice.is_some() && goods::CATEGORIES.contains(&deduction.category.as_deref().unwrap_or_default());
    let goods = match deduction.invoice_number.as_deref().filter(|_| about_goods) {
        Some(number) => goods::lines(store, number, deduction.customer_id.as_deref()).await?,
        None => Vec::new(),
    };
    let history = store.happened(&id).await?;
    let query = list.query();
    let currency = deduction.currency.clone();
    let page = ClaimPage {
        back: format!("/claims{query}#{id}"),
        assign: format!("/claims/{id}/assign{query}"),
        walk: walk(&desk, &list, &deduction).await?,
        category: show::plain(deduction.category.as_deref().unwrap_or("not_judged_yet")),
        amounts: Amounts {
            claimed: show::amount(deduction.amount, &currency),
            owed: deduction.valid_amount.map(|owed| show::amount(owed, &currency)),
            recoverable: deduction.valid_amount.map(|owed| show::amount(deduction.amount - owed, &currency)),
            currency: currency.clone(),
        },
        confidence: deduction.confidence.map(show::share).unwrap_or_default(),
        queue: show::plain(deduction.queue.as_deref().unwrap_or_default()),
        dispute_days: deduction.dispute_by.as_deref().and_then(|day| show::days_between(day, today())).map(|days| -days),
        is_late: claim.is_some() && deduction.work_by.as_deref().is_some_and(|day| day < today().to_string().as_str()),
        invoice: invoice.map(|row| InvoiceView {
            total: show::money(row.total_amount, &row.currency),
            tax: row.tax_amount.map(|tax| show::money(tax, &row.currency)).unwrap_or_default(),
            row,
        }),
        frame,
        id,
        claim,
        deduction,
        pieces,
        shown,
        goods,
        history,
    };
    html(&page)
}

async fn walk(desk: &Desk, list: &List, deduction: &DeductionDetail) -> Result<Option<Walk>, PageError> {
    let store = &desk.workplace.store;
    // The row itself, so that its key in this order is known; a claim that the list doesn't hold has no place in it.
    let Some(row) = store.worklist_row(&list.filter, list.sort, &deduction.deduction_id).await? else { return Ok(None) };
    let at: After = row.place();
    let (previous, next) = store.worklist_neighbours(&list.filter, list.sort, &at).await?;
    let href = |row: WorklistRow| format!("/claims/{}{}", row.claim_id.unwrap_or(row.deduction_id), list.query());
    Ok(Some(Walk {
        position: store.worklist_position(&list.filter, list.sort, &at).await?,
        count: show::count(&store.worklist_sums(&list.filter).await?),
        previous: previous.map(href),
        next: next.map(href),
    }))
}

/// The document of a piece, at its page.
async fn view(desk: &Desk, piece: &Piece, documents: &[DocumentRow]) -> Result<Option<DocumentView>, PageError> {
    let Some(document) = piece.document_id.as_deref().and_then(|id| documents.iter().find(|document| document.document_id == id)) else { return Ok(None) };
    let number = piece.place.map_or(1, |place| place.page);
    let frame = |place: Place| place.area.map(|area| Boxed::new(area, piece.says.clone(), String::new(), true));
    let page = evidence::has_pages(document).then(|| PageView {
        number,
        source: evidence::picture(&document.document_id, number),
        frames: piece.place.and_then(frame).into_iter().collect(),
    });
    let words = match page {
        Some(_) => None,
        None => desk.workplace.store.reading(&document.document_id).await?.map(|reading| reading.text.chars().take(LONGEST_TEXT).collect()),
    };
    Ok(Some(DocumentView {
        document_id: document.document_id.clone(),
        name: document.name.clone(),
        kind: show::plain(&document.kind),
        page,
        pages: document.pages,
        words,
    }))
}

#[derive(Deserialize)]
pub struct AssignForm {
    version: i64,
}

/// POST /claims/{id}/assign: the visitor takes the claim, unless somebody changed it since it was read.
pub async fn assign(
    State(desk): State<Desk>,
    frame: Frame,
    Path(id): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
    Form(form): Form<AssignForm>,
) -> Result<Response, PageError> {
    let list = List::read(query, &frame.login, today());
    let back = format!("/claims/{id}{}", list.query());
    let before = desk.workplace.store.claim(&id).await?.ok_or(PageError::NotFound)?;
    let mut work = desk.workplace.store.begin().await?;
    if !work.assign_claim(&id, form.version, &frame.login).await? {
        return Err(PageError::Stale { back });
    }
    let detail = serde_json::json!({ "before": before.assignee, "after": frame.login }).to_string();
    work.append_audit(vec![NewEntry { at: now_text(), actor: frame.login.clone(), action: "assign".to_owned(), subject: id, detail }], digest).await?;
    work.commit().await?;
    Ok(Redirect::to(&back).into_response())
}

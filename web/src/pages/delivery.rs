//! The check of a delivery: what was ordered, billed, shipped, received and claimed, line by line, beside the signed paper. A photograph of the paper is taken
//! in as any document; all claims of the delivery, or of its truck, are decided together.

pub mod check;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use recoup_engine::reading::{Content, Place};
use recoup_engine::reference::confusable_form;
use recoup_engine::shipment::OrderLine;
use recoup_engine::supporting::DeliveryLine;
use recoup_store::documents::{DELIVERY, DocumentRow};
use recoup_store::screens::claim::InvoiceDetail;
use recoup_store::screens::deliveries::GoodsClaim;
use serde::{Deserialize, Serialize};

use super::became::{Became, became};
use super::errors::{PageError, html};
use super::evidence::{self, Frame as Boxed, PageView};
use super::frame::Frame;
use super::goods::{self, GoodsLine};
use super::language::text;
use super::{Desk, filters, sheet, show, upload};
use crate::desk::receive::Bringer;
use crate::pages::given::{Files, Query};

/// What a check of goods can decide.
const ABOUT_GOODS: [&str; 5] = ["shortage", "damage", "wrong_item", "quality", "return"];
/// The papers that tell how a delivery went.
const PAPERS: [&str; 3] = ["proof_of_delivery", "bill_of_lading", "receiving_advice"];

/// A line with what is claimed of it.
struct Line {
    goods: GoodsLine,
    ordered: String,
    /// Received by a paper, where no record tells.
    on_paper: String,
    claimed: Vec<Claimed>,
}

/// A claim, in the table or in the list of what is decided.
struct Claimed {
    id: String,
    invoice: String,
    category: String,
    amount: String,
    words: String,
    validity: String,
    why: String,
    state: String,
    /// Nobody has decided it.
    is_undecided: bool,
    version: i64,
    /// The part that is owed, as a form takes it and as it is read, where only a part is.
    owed: Option<(String, String)>,
}

/// A signed paper with its zones.
struct Paper {
    document_id: String,
    name: String,
    signed_by: String,
    remarks: String,
    pages: Vec<PageView>,
    lines: Vec<DeliveryLine>,
}

#[derive(Template)]
#[template(path = "delivery.html")]
struct DeliveryPage {
    frame: Frame,
    invoice: InvoiceDetail,
    customer: String,
    lines: Vec<Line>,
    /// Claims that name no article of the table.
    others: Vec<Claimed>,
    /// Invoices on the same truck.
    truck: Vec<String>,
    undecided: Vec<Claimed>,
    papers: Vec<Paper>,
    /// What became of the paper that was just taken in.
    became: Option<Became>,
    /// The lines of which no record tells, to be noted from the paper.
    checks: Vec<check::CheckLine>,
    paper_chosen: String,
    /// Why nothing was noted.
    problem: String,
    here: String,
}

/// Numbers of invoices may hold anything, slashes too: they stand in the query.
#[derive(Default, Deserialize, Serialize)]
pub struct Wanted {
    #[serde(default)]
    invoice: String,
    /// What was just taken in.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    paper: String,
}

/// GET /deliveries?invoice=
pub async fn show(State(desk): State<Desk>, frame: Frame, Query(Wanted { invoice: number, paper: taken }): Query<Wanted>) -> Result<Response, PageError> {
    let invoice = desk.workplace.store.invoice_detail(&number).await?.ok_or(PageError::NotFound)?;
    page(&desk, frame, invoice, &taken, check::Typed::default()).await
}

/// The check of a delivery, with a paper that was just taken in and what was typed of it.
async fn page(desk: &Desk, mut frame: Frame, invoice: InvoiceDetail, taken: &str, typed: check::Typed) -> Result<Response, PageError> {
    let store = &desk.workplace.store;
    let number = invoice.invoice_number.clone();
    frame.here = address(&number)?;
    let mut truck = store.on_the_truck_of(&number).await?;
    let claims = store.goods_claims(&truck, &ABOUT_GOODS).await?;
    truck.remove(0);
    let ordered = match invoice.purchase_order.as_deref() {
        Some(order) => store.order_lines(order).await?,
        None => Vec::new(),
    };
    let papers = papers(desk, &invoice).await?;
    let mut here: Vec<&GoodsClaim> = claims.iter().filter(|claim| claim.invoice_number == number).collect();
    let mut lines = Vec::new();
    let goods = goods::lines(store, &number, Some(&invoice.customer_id)).await?;
    let checks = check::lines(store, &number, &goods, &typed).await?;
    for goods in goods {
        let names = |claim: &&GoodsClaim| claim.words.as_deref().is_some_and(|words| sheet::names(words, &goods.sku));
        let (named, rest): (Vec<_>, Vec<_>) = here.into_iter().partition(names);
        here = rest;
        let on_paper = if goods.received.is_empty() { received_by(&papers, &goods.sku) } else { String::new() };
        lines.push(Line { ordered: ordered_of(&ordered, &goods.sku), on_paper, claimed: named.into_iter().map(claimed).collect(), goods });
    }
    let page = DeliveryPage {
        customer: store.customer_name(&invoice.customer_id).await?.unwrap_or_default(),
        others: here.into_iter().map(claimed).collect(),
        undecided: claims.iter().map(claimed).filter(|claim| claim.is_undecided).collect(),
        papers,
        became: became(desk, taken).await?,
        lines,
        checks,
        paper_chosen: typed.fields.get("paper").cloned().unwrap_or_default(),
        problem: typed.problem,
        here: frame.here.clone(),
        truck,
        invoice,
        frame,
    };
    html(&page)
}

fn ordered_of(ordered: &[OrderLine], sku: &str) -> String {
    ordered.iter().find(|line| line.sku == sku).map(|line| goods::quantity(line.quantity, line.unit.as_deref())).unwrap_or_default()
}

fn received_by(papers: &[Paper], sku: &str) -> String {
    let mut lines = papers.iter().flat_map(|paper| &paper.lines).filter(|line| line.article.as_deref() == Some(sku));
    lines.find_map(|line| Some(goods::quantity(line.received?, line.unit.as_deref()))).unwrap_or_default()
}

fn claimed(claim: &GoodsClaim) -> Claimed {
    Claimed {
        id: claim.claim_id.clone(),
        invoice: claim.invoice_number.clone(),
        category: show::plain(&claim.category),
        amount: show::money(claim.amount, &claim.currency),
        words: claim.words.clone().unwrap_or_default(),
        validity: claim.validity.clone().unwrap_or_default(),
        why: claim.explanation.clone().unwrap_or_default(),
        state: show::plain(&claim.state),
        version: claim.version,
        owed: claim.valid_amount.filter(|_| claim.validity.as_deref() == Some("partial")).and_then(|owed| {
            let currency = claim.currency.parse().ok()?;
            Some((show::typed(owed, currency), show::money(owed, &claim.currency)))
        }),
        is_undecided: ["open", "waiting"].contains(&claim.status.as_str()) && claim.state != "awaiting_approval",
    }
}

/// The papers that name the invoice, its order or its delivery note; the zones of signature and remarks are marked where they were read.
async fn papers(desk: &Desk, invoice: &InvoiceDetail) -> Result<Vec<Paper>, PageError> {
    let store = &desk.workplace.store;
    let keys: Vec<String> = [Some(&invoice.invoice_number), invoice.purchase_order.as_ref(), invoice.delivery_note.as_ref()]
        .into_iter()
        .flatten()
        .map(|key| confusable_form(key))
        .collect();
    let mut papers = Vec::new();
    for kind in PAPERS {
        for document in store.documents_of_customers(kind, std::slice::from_ref(&invoice.customer_id)).await? {
            let links = document.linked_to.as_deref().unwrap_or_default().split('|').map(confusable_form);
            if links.into_iter().any(|link| keys.contains(&link)) {
                papers.push(paper(desk, document).await?);
            }
        }
    }
    Ok(papers)
}

async fn paper(desk: &Desk, document: DocumentRow) -> Result<Paper, PageError> {
    let reading = desk.workplace.store.reading(&document.document_id).await?;
    let delivery = match reading.map(|reading| reading.content) {
        Some(Content::Delivery(delivery)) => Some(delivery),
        _ => None,
    };
    let (signed_by, remarks) = delivery.as_ref().map(|delivery| (delivery.signed_by.clone(), delivery.remarks.clone())).unwrap_or_default();
    let zones: Vec<(Place, String)> = delivery
        .iter()
        .flat_map(|delivery| [(delivery.signature_place, text("Signature")), (delivery.remarks_place, text("Remarks"))])
        .filter_map(|(place, label)| Some((place?, label.to_string())))
        .collect();
    let pages = if evidence::has_pages(&document) { 1..=u32::try_from(document.pages).unwrap_or(1) } else { 1..=0 };
    let pages = pages.map(|number| PageView {
        number,
        source: evidence::picture(&document.document_id, number),
        frames: zones
            .iter()
            .filter(|(place, _)| place.page == number)
            .filter_map(|(place, label)| Some(Boxed::new(place.area?, label.clone(), String::new(), true)))
            .collect(),
    });
    Ok(Paper {
        pages: pages.collect(),
        document_id: document.document_id,
        name: document.name,
        signed_by: signed_by.unwrap_or_default(),
        remarks: remarks.unwrap_or_default(),
        lines: delivery.map(|delivery| delivery.lines).unwrap_or_default(),
    })
}

/// POST /deliveries/papers?invoice=: a photograph or a file of the signed paper, taken in for nothing but this.
pub async fn take_in(
    State(desk): State<Desk>,
    frame: Frame,
    Query(Wanted { invoice: number, .. }): Query<Wanted>,
    Files(mut form): Files,
) -> Result<Response, PageError> {
    desk.workplace.store.invoice_detail(&number).await?.ok_or(PageError::NotFound)?;
    // Whoever checks a delivery need not be one who may say what was paid.
    let bringer = Bringer { login: &frame.login, about: Some(&number), purpose: Some(DELIVERY) };
    let taken = upload::take_in(&desk, bringer, &mut form, &format!("pod_{number}")).await?.taken.pop().unwrap_or_default();
    let here = serde_urlencoded::to_string(Wanted { invoice: number, paper: taken }).map_err(anyhow::Error::from)?;
    Ok(Redirect::to(&format!("/deliveries?{here}")).into_response())
}

/// Where the check of an invoice is.
fn address(number: &str) -> Result<String, PageError> {
    let query = serde_urlencoded::to_string(Wanted { invoice: number.to_owned(), ..Wanted::default() }).map_err(anyhow::Error::from)?;
    Ok(format!("/deliveries?{query}"))
}

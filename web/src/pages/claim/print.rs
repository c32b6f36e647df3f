//! A claim on paper: what was taken, what we think of it and why, and every page that shows it. It can lie beside a letter that disputes the claim, so that
//! nothing stands in it that is ours alone: no comment, no chance of getting money back, no desk.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use recoup_store::screens::claim::DeductionDetail;

use super::super::errors::{PageError, html};
use super::super::evidence::{self, DocumentView, Piece};
use super::super::frame::Frame;
use super::super::goods::{self, GoodsLine};
use super::super::timeline::{self, Entry};
use super::super::{Desk, filters, show};
use super::amounts::{self, Amounts};
use super::{InvoiceView, all_evidence, standing, view};
use crate::clock::today;

/// Evidence that is drawn at most; the rest is named.
const MOST_PAGES: usize = 20;

#[derive(Template)]
#[template(path = "print.html")]
struct PrintPage {
    css: String,
    script: String,
    id: String,
    company: String,
    printed: String,
    deduction: DeductionDetail,
    category: String,
    standing: String,
    amounts: Amounts,
    pieces: Vec<Piece>,
    pages: Vec<DocumentView>,
    invoice: Option<InvoiceView>,
    goods: Vec<GoodsLine>,
    history: Vec<Entry>,
}

/// GET /claims/{id}/print
pub async fn show(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>) -> Result<Response, PageError> {
    let store = &desk.workplace.store;
    let record = store.claim(&id).await?;
    let deduction = store.deduction_detail(record.as_ref().map_or(&id, |record| &record.row.deduction_id)).await?.ok_or(PageError::NotFound)?;
    let found = all_evidence(&desk, record.as_ref(), &deduction).await?;
    let documents = store.documents_named(&evidence::names(&found)).await?;
    let pieces = evidence::pieces(found, &documents, deduction.customer_id.as_deref());
    let names = show::names_of(&store.users().await?);
    let mut happened = store.happened(&id).await?;
    happened.retain(|entry| entry.action != "comment");
    let invoice = match deduction.invoice_number.as_deref() {
        Some(number) => store.invoice_detail(number).await?,
        None => None,
    };
    let about_goods = goods::CATEGORIES.contains(&deduction.category.as_deref().unwrap_or_default());
    let goods = match deduction.invoice_number.as_deref().filter(|_| about_goods) {
        Some(number) => goods::lines(store, number, deduction.customer_id.as_deref()).await?,
        None => Vec::new(),
    };
    html(&PrintPage {
        css: frame.css,
        script: frame.script,
        company: store.legal_entities().await?.into_iter().map(|entity| entity.name).next().unwrap_or_default(),
        printed: show::day(&today().to_string()),
        category: show::plain(deduction.category.as_deref().unwrap_or_default()),
        standing: record
            .as_ref()
            .map(|record| record.claim())
            .transpose()?
            .map(|claim| standing(&claim.state, &names, &deduction.currency))
            .unwrap_or_default(),
        amounts: amounts::of(&desk, record.as_ref(), &deduction).await?,
        pages: pages(&desk, &pieces, &documents, &deduction).await?,
        history: timeline::entries(happened, &names, &deduction.currency),
        invoice: invoice.map(InvoiceView::from),
        id,
        deduction,
        pieces,
        goods,
    })
}

/// Each page that a piece of evidence stands on, once, with the places of all pieces on it.
async fn pages(
    desk: &Desk,
    pieces: &[Piece],
    documents: &[recoup_store::documents::DocumentRow],
    held_back: &DeductionDetail,
) -> Result<Vec<DocumentView>, PageError> {
    let mut pages: Vec<DocumentView> = Vec::new();
    for piece in pieces {
        let Some(shown) = view(desk, piece, documents, held_back).await? else { continue };
        let number = shown.page.as_ref().map(|page| page.number);
        let same = pages.iter().position(|known| known.document_id == shown.document_id && known.page.as_ref().map(|page| page.number) == number);
        if let Some(position) = same {
            let (known, more) = (pages[position].page.as_mut(), shown.page);
            known.into_iter().zip(more).for_each(|(known, more)| known.frames.extend(more.frames));
        } else if pages.len() < MOST_PAGES {
            pages.push(shown);
        }
    }
    // Of a file without pages only the lines that the evidence speaks of, or its beginning.
    for sheet in pages.iter_mut().filter_map(|document| document.sheet.as_mut()) {
        sheet.to_print();
    }
    Ok(pages)
}

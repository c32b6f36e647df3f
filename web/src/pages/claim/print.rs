//! A claim on paper: what was taken, what we think of it and why, and every page that shows it. It can lie beside a letter that disputes the claim, so that
//! nothing stands in it that is ours alone: what may stand in it is listed, everything else is left out.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use recoup_engine::claim::State as Stage;
use recoup_engine::evidence::Evidence;
use recoup_engine::party::LegalEntity;
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

/// Kinds of evidence that both sides know of.
const TOLD: [&str; 14] = [
    "agreement",
    "credit_memo",
    "debit_note",
    "deduction",
    "delivery",
    "dispute_window",
    "invoice",
    "law",
    "price",
    "proof_of_delivery",
    "remittance_line",
    "return",
    "shipment",
    "terms",
];

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
    let mut deduction = store.deduction_detail(record.as_ref().map_or(&id, |record| &record.row.deduction_id)).await?.ok_or(PageError::NotFound)?;
    let mut found = all_evidence(&desk, record.as_ref(), &deduction).await?;
    deduction.explanation = told_outside(deduction.explanation.take(), &found);
    found.retain(|piece| TOLD.contains(&piece.kind.as_str()));
    let documents = store.documents_named(&evidence::names(&found)).await?;
    let pieces = evidence::pieces(found, &documents, deduction.customer_id.as_deref());
    let names = show::names_of(&store.users().await?);
    let invoice = match deduction.invoice_number.as_deref() {
        Some(number) => store.invoice_detail(number).await?,
        None => None,
    };
    let about_goods = goods::CATEGORIES.contains(&deduction.category.as_deref().unwrap_or_default());
    let goods = match deduction.invoice_number.as_deref().filter(|_| about_goods) {
        Some(number) => goods::lines(store, number, deduction.customer_id.as_deref()).await?,
        None => Vec::new(),
    };
    let mut amounts = amounts::of(&desk, record.as_ref(), &deduction).await?;
    amounts.parts.retain(|(name, ..)| *name != "Written off");
    html(&PrintPage {
        css: frame.css,
        script: frame.script,
        company: letterhead(store.legal_entities().await?, invoice.as_ref().and_then(|invoice| invoice.legal_entity.as_deref())),
        printed: show::day(&today().to_string()),
        category: show::plain(deduction.category.as_deref().unwrap_or_default()),
        standing: record
            .as_ref()
            .map(|record| record.claim())
            .transpose()?
            .filter(|claim| matches!(claim.state, Stage::Disputed(_) | Stage::Accepted(_) | Stage::PartlyAccepted(_) | Stage::Recovered(_)))
            .map(|claim| standing(&claim.state, &names, &deduction.currency))
            .unwrap_or_default(),
        amounts,
        pages: pages(&desk, &pieces, &documents, &deduction).await?,
        history: timeline::told_outside(store.happened(&id).await?, &names, &deduction.currency),
        invoice: invoice.map(InvoiceView::from),
        id,
        deduction,
        pieces,
        goods,
    })
}

/// The reason as the customer may read it: without what we weigh among ourselves, and none where it rests on how we decided before.
fn told_outside(explanation: Option<String>, evidence: &[Evidence]) -> Option<String> {
    let explanation = explanation.filter(|_| !evidence.iter().any(|piece| piece.kind == "past_decisions"))?;
    let small = evidence.iter().filter(|piece| piece.kind == "small_claim").find_map(|piece| explanation.strip_suffix(&piece.says));
    Some(small.map_or_else(|| explanation.clone(), |reason| reason.trim_end().to_owned()))
}

/// Who of ours issued the invoice; nobody when that isn't known and we are several.
fn letterhead(entities: Vec<LegalEntity>, issuer: Option<&str>) -> String {
    let is_only = entities.len() == 1;
    let named = entities.into_iter().find(|entity| issuer.map_or(is_only, |issuer| issuer == entity.legal_entity));
    named.map(|entity| entity.name).unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letterhead_names_who_issued_the_invoice_or_nobody() {
        let entity = |id: &str| LegalEntity {
            legal_entity: id.to_owned(),
            name: format!("{id} Ltd"),
            aliases: Vec::new(),
            country: None,
            currency: None,
            tax_id: None,
            gln: None,
            bank_accounts: Vec::new(),
        };
        for (entities, issuer, name) in
            [(vec!["A", "B"], Some("B"), "B Ltd"), (vec!["A", "B"], None, ""), (vec!["A"], None, "A Ltd"), (vec!["A"], Some("C"), "")]
        {
            assert_eq!(letterhead(entities.into_iter().map(entity).collect(), issuer), name, "{issuer:?}");
        }
    }
}

//! What became of a document that was just taken in or confirmed, in a sentence or two.

use recoup_store::settlements::PaymentRow;

use super::errors::PageError;
use super::language::text;
use super::{Desk, show};

/// A document and what became of it.
#[derive(Clone, Debug)]
pub struct Became {
    pub name: String,
    pub status: String,
    /// In the language of the page.
    pub says: String,
    /// What the reader or settlement says of it, which is kept in English.
    pub in_english: String,
}

/// Looks a document up; `None` when there is no such document.
pub async fn became(desk: &Desk, document_id: &str) -> Result<Option<Became>, PageError> {
    let store = &desk.workplace.store;
    let Some(document) = store.document(document_id).await? else { return Ok(None) };
    // Between its reading and its settlement a document is neither pending nor settled.
    let goes_on = document.status == "pending" || !document.settled;
    let posted: Vec<PaymentRow> = store.payments_of_document(document_id).await?.into_iter().filter(|payment| !payment.reversed).collect();
    let problem = document.problem.as_deref().map(show::reasons).unwrap_or_default();
    let says = match (goes_on, document.status.as_str()) {
        (true, _) => text("It is being read and settled; look again in a moment.").into(),
        (false, _) if !posted.is_empty() => posted.iter().map(told).collect::<Vec<_>>().join(" "),
        (false, "needs_review") => text("It waits for a person:").into(),
        (false, _) if problem.is_empty() => text("It was read and filed; nothing was posted from it.").into(),
        (false, _) => String::new(),
    };
    let in_english = if goes_on { String::new() } else { problem };
    Ok(Some(Became { name: document.name, status: document.status, says, in_english }))
}

fn told(payment: &PaymentRow) -> String {
    let shown = |minor| format!("{} {}", show::amount(minor, &payment.currency), payment.currency);
    match payment.on_account {
        0 => text("{0} was posted as {1}.").with(shown(payment.amount)).with(&payment.payment_id),
        left => text("{0} was posted as {1}, {2} of it on account.").with(shown(payment.amount)).with(&payment.payment_id).with(shown(left)),
    }
    .into()
}

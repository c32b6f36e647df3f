//! Two papers tell one payment differently, or nearly the same: a person says which one holds, and settling goes by that word.

use anyhow::{Context, Result};
use recoup_engine::reading::Content;
use recoup_engine::vocabulary;
use recoup_store::audit::NewEntry;
use recoup_store::deeds::Deed;
use recoup_store::documents::DocumentRow;
use recoup_store::intake::CorrectionRow;
use recoup_store::settlements::PaymentRow;
use thiserror::Error;

use super::corrections::VERSION;
use super::layouts::confirmed_facts;
use super::settle::versions::other_version;
use crate::clock::now_text;
use crate::vault::digest;
use crate::workplace::Workplace;

vocabulary! {
    /// Which of two papers holds, said on the later one.
    Holds {
        /// The payment of the other paper is taken back.
        ThisOne = "replaces",
        /// They announce two payments.
        Both = "another",
        /// This one is set aside and posts nothing.
        TheOther = "set_aside",
    }
}

/// The paper beside which a document has to be looked at.
#[derive(Clone, Debug)]
pub struct Other {
    pub payment: PaymentRow,
    /// Where it was posted from; `None` for money that no paper announced.
    pub document: Option<DocumentRow>,
    /// What was said before, which may be said otherwise.
    pub said: Option<Holds>,
}

/// Why nothing was done.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NotSaid {
    #[error("Documents are being processed at this moment. Nothing was changed; try again shortly.")]
    Busy,
    #[error("This document was settled anew since it was looked at.")]
    Stale,
    #[error("No other paper tells this payment.")]
    NoOther,
    /// A claim on what was posted from the other paper.
    #[error("People work on {0}, which stands on the other paper: decide or take back that work first.")]
    Worked(String),
    /// The payment of the other paper.
    #[error("{0} was put on open items by hand: refuse that match first.")]
    PutByHand(String),
}

/// What a person said of a document.
pub async fn said(workplace: &Workplace, document: &DocumentRow) -> Result<Option<Holds>> {
    confirmed_facts(workplace, document).await?.get(VERSION).map(|word| word.parse().ok().with_context(|| format!("`{word}` of {}", document.name))).transpose()
}

/// The paper that tells the payment of a document otherwise, while a person has to say which one holds or has set this one aside.
pub async fn other(workplace: &Workplace, document: &DocumentRow) -> Result<Option<Other>> {
    let said = said(workplace, document).await?;
    if document.status != "needs_review" && said != Some(Holds::TheOther) {
        return Ok(None);
    }
    let Some(reading) = workplace.store.reading(&document.document_id).await? else { return Ok(None) };
    let posted = workplace.store.payments_of_document(&document.document_id).await?;
    let Content::Advices(advices) = &reading.content else { return Ok(None) };
    if posted.iter().any(|payment| !payment.reversed) {
        return Ok(None);
    }
    let mut told = None;
    for advice in advices {
        told = told.or(other_version(workplace, document, advice).await?);
    }
    let Some(payment) = told else { return Ok(None) };
    let document = match &payment.document_id {
        Some(document_id) => workplace.store.document(document_id).await?,
        None => None,
    };
    Ok(Some(Other { payment, document, said }))
}

/// Keeps which paper holds and opens the document to being settled by that.
pub async fn say(workplace: &Workplace, document: &DocumentRow, holds: Holds, by: &str) -> Result<Result<(), NotSaid>> {
    let Some(_alone) = workplace.processing_soon().await? else { return Ok(Err(NotSaid::Busy)) };
    if document.status == "pending" {
        return Ok(Err(NotSaid::Stale));
    }
    let Some(other) = other(workplace, document).await? else { return Ok(Err(NotSaid::NoOther)) };
    let payment_id = &other.payment.payment_id;
    if holds == Holds::ThisOne && workplace.store.is_put_by_hand(payment_id).await? {
        return Ok(Err(NotSaid::PutByHand(payment_id.clone())));
    }
    let mut facts = confirmed_facts(workplace, document).await?;
    facts.insert(VERSION.to_owned(), holds.word().to_owned());
    let now = now_text();
    let correction = CorrectionRow {
        document_id: document.document_id.clone(),
        facts: serde_json::to_string(&facts)?,
        corrected_at: now.clone(),
        corrected_by: by.to_owned(),
    };
    let detail = serde_json::json!({ "holds": holds.word(), "payment": payment_id, "other": other.document.map(|other| other.document_id) }).to_string();
    let entry = NewEntry { at: now, actor: by.to_owned(), action: Deed::VersionSaid.into(), subject: document.document_id.clone(), detail };
    let mut work = workplace.store.begin().await?;
    if !work.reopen_document(&document.document_id, document.attempts).await? {
        return Ok(Err(NotSaid::Stale));
    }
    if holds == Holds::ThisOne
        && let Some(claim) = work.worked_claim_on(payment_id).await?
    {
        return Ok(Err(NotSaid::Worked(claim)));
    }
    work.keep_correction(&correction).await?;
    work.append_audit(vec![entry], digest).await?;
    work.commit().await?;
    Ok(Ok(()))
}

#[cfg(test)]
mod tests;

//! Reading, settling and judging everything that waits, one after the other: one process at a time does it.

use anyhow::Result;
use recoup_engine::money::{Currency, Money};
use serde::Serialize;

use super::{reading, settle, triage};
use crate::workplace::Workplace;

/// What processing did.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Processed {
    pub documents_read: usize,
    pub documents_settled: usize,
    pub deductions_judged: usize,
    /// Everything on file that a person has to look at, not only what came now.
    pub documents_in_review: i64,
    /// Open claims on file that stand among others right under the limit of small claims.
    pub claims_bunched: i64,
}

/// Reads, settles and judges everything that waits.
pub async fn finish_pending(workplace: &Workplace) -> Result<Processed> {
    let _alone = workplace.lock_processing()?;
    finish(workplace).await
}

/// What holds the lock finishes.
async fn finish(workplace: &Workplace) -> Result<Processed> {
    Ok(Processed {
        documents_read: reading::read_pending(workplace).await?,
        documents_settled: settle::settle_pending(workplace).await?,
        deductions_judged: triage::judge_pending(workplace).await?,
        documents_in_review: workplace.store.documents_in_review().await?,
        claims_bunched: workplace.store.claims_bunched().await?,
    })
}

/// The same, left to another process that is at it: that one takes along what waits, or the application that is served does when it is done.
pub async fn finish_unless_busy(workplace: &Workplace) -> Result<()> {
    match workplace.lock_processing() {
        Ok(_alone) => finish(workplace).await.map(drop),
        Err(busy) => {
            tracing::info!("left to the process that is at it: {busy:#}");
            Ok(())
        }
    }
}

/// The name of a document and what became of it, in one sentence; `None` when there is no such document.
pub async fn became(workplace: &Workplace, document_id: &str) -> Result<Option<(String, String)>> {
    let Some(document) = workplace.store.document(document_id).await? else { return Ok(None) };
    let mut posted = Vec::new();
    for payment in workplace.store.payments_of_document(document_id).await?.into_iter().filter(|payment| !payment.reversed) {
        let currency: Currency = payment.currency.parse()?;
        let shown = |minor| format!("{} {currency}", Money::new(minor, currency));
        let left = if payment.on_account == 0 { String::new() } else { format!(", {} of it on account", shown(payment.on_account)) };
        posted.push(format!("{} was posted as {}{left}.", shown(payment.amount), payment.payment_id));
    }
    let says = document.problem.unwrap_or_default();
    let became = match (document.status.as_str(), posted.is_empty()) {
        ("pending", _) => "Another process is at work and takes it along.".to_owned(),
        (_, false) => [posted.join(" "), says].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" "),
        ("needs_review", true) => format!("It waits for a person: {says}"),
        (_, true) if says.is_empty() => "It was read and filed; nothing was posted from it.".to_owned(),
        (_, true) => says,
    };
    Ok(Some((document.name, became)))
}

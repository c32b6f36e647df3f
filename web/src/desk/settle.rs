//! Read documents become postings: advices and bank lines onto open items, supporting papers beside the deductions they explain.
//!
//! Documents are settled in order of arrival, each in one unit of work: what is needed is read once, decided without the database, written once.

mod advices;
mod bank;
pub mod by_hand;
mod joining;
mod papers;
pub(crate) mod posting;
mod recognised;
mod statements;
mod versions;

use anyhow::{Context, Result, bail};
use recoup_engine::allocation::Strategy;
use recoup_engine::facts::Facts;
use recoup_engine::matching::payer::Payers;
use recoup_engine::numbering::Numbering;
use recoup_engine::reading::{Content, Doubt, Field, Reading};
use recoup_extractors::SENDER_UNPROVEN;
use recoup_store::documents::{Conclusion, DocumentRow};
use recoup_store::settlements::PaymentRow;

use crate::desk::Progress;
use crate::workplace::Workplace;

/// What settlement knows of the parties, read once a run.
pub(crate) struct Parties {
    pub payers: Payers,
    /// Only the customers are filled: for families and groups.
    pub groups: Facts,
    /// How our invoices are numbered.
    pub numbering: Numbering,
}

/// A document that was read and waits for its consequences.
pub(crate) struct Waiting {
    pub document: DocumentRow,
    pub reading: Reading,
}

/// Settles everything that was read; returns how many documents were concluded.
pub async fn settle_pending(workplace: &Workplace) -> Result<usize> {
    let customers = workplace.store.customers().await?;
    let groups = Facts::of_customers(customers.iter().cloned());
    let parties = Parties { payers: Payers::new(&customers), groups, numbering: workplace.store.numbering().await? };
    let documents = workplace.store.unsettled_documents().await?;
    let progress = Progress::new("settling", documents.len() as u64);
    let (mut advices, mut statements) = (Vec::new(), Vec::new());
    let count = documents.len();
    for document in documents {
        let Some(reading) = workplace.store.reading(&document.document_id).await? else {
            conclude(workplace, &document, needs_review(&[Doubt::blocking("not_read", "This document has no reading; process it again.")])).await?;
            continue;
        };
        let waiting = Waiting { document, reading };
        match &waiting.reading.content {
            // Money first and papers beside it: advices then find the payments they announce and the notes they name.
            Content::Advices(_) => advices.push(waiting),
            Content::Statement(statement) => {
                bank::record_statement(workplace, &waiting, statement).await?;
                statements.push(waiting.document);
                progress.advance(1);
            }
            _ => {
                papers::file_paper(workplace, &parties, &waiting).await?;
                progress.advance(1);
            }
        }
    }
    statements::note_gaps(workplace, &statements).await?;
    advices::settle_advices(workplace, &parties, advices, &progress).await?;
    bank::settle_unexplained(workplace, &parties).await?;
    progress.finish();
    Ok(count)
}

/// Puts a payment that stands on account in full on open items of its customer's group, in a named order that a person chose.
///
/// The former payment is taken back by counter-entries and the new one posted in one unit of work.
pub async fn allocate_by_strategy(workplace: &Workplace, payment_id: &str, strategy: Strategy) -> Result<PaymentRow> {
    let _alone = workplace.lock_processing()?;
    let Some(payment) = workplace.store.payment(payment_id).await?.filter(|payment| !payment.reversed) else { bail!("`{payment_id}` is no standing payment") };
    if payment.allocated != 0 || payment.on_account != payment.amount || payment.amount <= 0 {
        bail!("`{payment_id}` does not stand on account in full; only a payment that nobody has allocated can be put on open items by a strategy");
    }
    let Some(customer_id) = payment.customer_id.clone() else { bail!("the customer of `{payment_id}` is not known") };
    let groups = Facts::of_customers(workplace.store.customers().await?);
    bank::post_by_strategy(workplace, &groups.group(&customer_id), payment, strategy).await
}

/// The address a document came from: its own when it is a mail, else that of the nearest mail around it.
pub(crate) async fn sender_of(workplace: &Workplace, waiting: &Waiting) -> Result<Option<String>> {
    let from = |fields: &[Field]| fields.iter().find(|field| field.name == "from").map(|field| field.value.clone());
    if let Some(own) = from(&waiting.reading.fields) {
        return Ok(Some(own));
    }
    for container in around(workplace, &waiting.document).await? {
        let fields: Vec<Field> = serde_json::from_str(&container.fields).context("the fields of a document")?;
        if let Some(sender) = from(&fields) {
            return Ok(Some(sender));
        }
    }
    Ok(None)
}

/// Why nothing of a document may be filed or posted by itself: what its reader says, and that the mail around it may not be from its sender.
pub(crate) async fn stopped_by(workplace: &Workplace, waiting: &Waiting) -> Result<Vec<Doubt>> {
    let mut reasons: Vec<Doubt> = waiting.reading.doubts.iter().filter(|doubt| doubt.blocking).cloned().collect();
    for container in around(workplace, &waiting.document).await? {
        let doubts: Vec<Doubt> = serde_json::from_str(&container.doubts).context("the doubts of a document")?;
        reasons.extend(doubts.into_iter().filter(|doubt| doubt.code == SENDER_UNPROVEN));
    }
    Ok(reasons)
}

/// The mails and archives that a document came in, the nearest first.
async fn around(workplace: &Workplace, document: &DocumentRow) -> Result<Vec<DocumentRow>> {
    let (mut containers, mut inside) = (Vec::new(), document.container_id.clone());
    while let Some(container_id) = inside {
        let Some(container) = workplace.store.document(&container_id).await? else { break };
        inside = container.container_id.clone();
        containers.push(container);
    }
    Ok(containers)
}

pub(crate) async fn conclude(workplace: &Workplace, document: &DocumentRow, conclusion: Conclusion) -> Result<()> {
    let mut work = workplace.store.begin().await?;
    work.conclude_document(&document.document_id, &conclusion).await?;
    work.commit().await?;
    Ok(())
}

/// A person has to look: the reasons in words.
pub(crate) fn needs_review(doubts: &[Doubt]) -> Conclusion {
    let reasons: Vec<String> = doubts.iter().map(|doubt| format!("{}: {}", doubt.code, doubt.says)).collect();
    Conclusion { status: "needs_review", problem: Some(reasons.join(" ")), ..Conclusion::default() }
}

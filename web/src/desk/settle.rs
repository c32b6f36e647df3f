//! Read documents become postings: advices and bank lines onto open items, supporting papers beside the deductions they explain.
//!
//! Documents are settled in order of arrival, each in one unit of work: what is needed is read once, decided without the database, written once.

mod advices;
mod anew;
mod bank;
pub mod by_hand;
mod joining;
mod papers;
pub(crate) mod posting;
mod recognised;
mod statements;
pub(super) mod versions;

use anyhow::{Context, Result, bail};
use recoup_engine::allocation::Strategy;
use recoup_engine::facts::Facts;
use recoup_engine::matching::payer::Payers;
use recoup_engine::numbering::Numbering;
use recoup_engine::reading::{Content, DocumentKind, Doubt, Field, Reading};
use recoup_extractors::SENDER_UNPROVEN;
use recoup_store::documents::{Conclusion, DELIVERY, DocumentRow};
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
        if is_beside_purpose(&document, &reading) {
            let says = "It was brought to a delivery and is no paper of one: somebody who may post has to confirm it, or take it in among the documents.";
            conclude(workplace, &document, needs_review(&[Doubt::blocking("not_a_delivery_paper", says)])).await?;
            progress.advance(1);
            continue;
        }
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
    anew::settle_awaiting(workplace, &parties).await?;
    advices::settle_advices(workplace, &parties, advices, &progress).await?;
    bank::settle_unexplained(workplace, &parties).await?;
    progress.finish();
    Ok(count)
}

/// Whether a document that was brought to a delivery is something else. What holds others or can't be told does nothing by itself.
fn is_beside_purpose(document: &DocumentRow, reading: &Reading) -> bool {
    let is_harmless = match &reading.content {
        Content::Delivery(_) | Content::Nothing => true,
        Content::Supporting(paper) => reading.kind == DocumentKind::ReceivingAdvice && paper.proposal.is_none(),
        Content::Advices(_) | Content::Statement(_) | Content::DebitNote(_) => false,
    };
    document.purpose.as_deref() == Some(DELIVERY) && !is_harmless
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

#[cfg(test)]
mod tests {
    use recoup_engine::reading::DocumentFormat;
    use recoup_engine::remittance::{AdviceLine, RemittanceAdvice};

    use super::*;
    use crate::desk::import::import;
    use crate::desk::receive::{Bringer, receive_from};

    #[tokio::test]
    async fn an_advice_that_was_brought_to_a_delivery_posts_nothing_until_it_is_taken_in_by_who_may_post() {
        let folder = tempfile::tempdir().expect("a folder");
        let workplace = Workplace::open(&folder.path().join("data"), None).await.expect("a workplace");
        for (file, rows) in [
            ("customers.csv", "customer_id,name,currency\nK1,Hill Stores,EUR\n"),
            ("invoices.csv", "invoice_number,customer_id,issue_date,currency,total_amount\nR-100,K1,2026-03-01,EUR,120.00\n"),
        ] {
            let path = folder.path().join(file);
            std::fs::write(&path, rows).expect("written");
            import(&workplace, &[path]).await.expect("imported");
        }
        let amount = "120.00".parse().ok();
        let line = AdviceLine { reference: Some("R-100".to_owned()), gross: amount, net: amount, ..AdviceLine::default() };
        let mut advice = RemittanceAdvice { total: amount, currency: "EUR".parse().ok(), reference: Some("P-1".to_owned()), ..RemittanceAdvice::default() };
        advice.payment_date = Some(jiff::civil::date(2026, 3, 20));
        advice.payer.name = Some("Hill Stores".to_owned());
        advice.lines = vec![line];
        let mut reading = Reading::not_understood(DocumentFormat::Text, Doubt::note("", ""));
        (reading.content, reading.kind, reading.doubts) = (Content::Advices(vec![advice]), DocumentKind::RemittanceAdvice, Vec::new());
        let mut posted = Vec::new();
        for purpose in [Some(DELIVERY), None] {
            let bringer = Bringer { login: "sue", about: Some("R-100"), purpose };
            let (document_id, _) = receive_from(&workplace, "pod.txt", b"advice", bringer).await.expect("received");
            let mut work = workplace.store.begin().await.expect("work");
            work.save_reading(&document_id, &reading).await.expect("read");
            work.commit().await.expect("committed");
            settle_pending(&workplace).await.expect("settled");
            let document = workplace.store.document(&document_id).await.expect("read").expect("kept");
            let payments = workplace.store.payments_of_document(&document_id).await.expect("read");
            posted.push((document.status, payments.iter().map(|payment| payment.allocated).sum::<i64>()));
        }
        assert_eq!(posted, [("needs_review".to_owned(), 0), ("processed".to_owned(), 12_000)]);
        let log = workplace.store.export_audit(None).await.expect("read");
        assert_eq!(log.iter().filter(|entry| entry.action == "took in a paper" && entry.actor == "sue").count(), 2);
    }
}

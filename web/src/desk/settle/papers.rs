//! Papers that support or refute deductions: whose they are, what they belong to, and which verdicts they may change.

use anyhow::Result;
use recoup_engine::reading::{Content, DocumentFormat, DocumentKind, Doubt, Reading};
use recoup_engine::remittance::PartyNamed;
use recoup_engine::supporting::SupportingDocument;
use recoup_store::documents::Conclusion;

use super::{Parties, Waiting, conclude, needs_review, sender_of, stopped_by};
use crate::desk::propose::propose;
use crate::workplace::Workplace;

/// Files a paper under the numbers it names and opens the verdicts that it may decide.
pub(super) async fn file_paper(workplace: &Workplace, parties: &Parties, waiting: &Waiting) -> Result<()> {
    let Waiting { document, reading } = waiting;
    let blocking = stopped_by(workplace, waiting).await?;
    if !blocking.is_empty() {
        return conclude(workplace, document, needs_review(&blocking)).await;
    }
    let (issuer, numbers) = match &reading.content {
        Content::DebitNote(note) => (Some(&note.issuer), vec![&note.number, &note.invoice_number, &note.purchase_order]),
        Content::Delivery(delivery) => (None, vec![&delivery.delivery_note, &delivery.purchase_order, &delivery.invoice_number, &delivery.number]),
        Content::Supporting(paper) => (Some(&paper.issuer), vec![&paper.number]),
        _ => (None, vec![&reading.number]),
    };
    let mut links: Vec<String> = numbers.into_iter().flatten().cloned().collect();
    if let Content::Supporting(paper) = &reading.content {
        links.extend(paper.references.iter().cloned());
    }
    let mut seen = std::collections::HashSet::new();
    links.retain(|link| seen.insert(link.clone()));
    let items = workplace.store.items_by_number(&links).await?;
    let sender = sender_of(workplace, waiting).await?;
    let by_party = issuer.and_then(|issuer| parties.payers.recognise(issuer));
    let by_invoice = items.first().map(|item| (item.customer_id.clone(), format!("invoice {}", item.invoice_number)));
    let by_mail = || parties.payers.recognise(&PartyNamed { email: sender.clone(), ..PartyNamed::default() });
    // The invoice a paper names says whose it is more surely than a letterhead; the sender of the mail and names inside sentences come last.
    let by_words = || matches!(reading.content, Content::Supporting(_) | Content::Delivery(_)).then(|| parties.payers.named_in(&reading.text)).flatten();
    let customer = by_invoice.or_else(|| by_party.or_else(by_mail).or_else(by_words).map(|found| (found.customer_id, found.why)));
    let mut conclusion = filed_or_doubted(reading);
    (conclusion.customer_id, conclusion.customer_why) = customer.unzip();
    conclusion.linked_to = (!links.is_empty()).then(|| links.join("|"));
    let mut invoices: Vec<String> = items.into_iter().map(|item| item.invoice_number).collect();
    if matches!(reading.content, Content::Delivery(_)) {
        invoices.extend(workplace.store.invoices_delivered_under(&links).await?);
    }
    let proposal = match &reading.content {
        Content::Supporting(SupportingDocument { proposal: Some(proposal), .. }) => {
            Some((proposal, workplace.store.article_facts(workplace.store.customers().await?).await?))
        }
        _ => None,
    };
    let mut work = workplace.store.begin().await?;
    if let Some((proposal, facts)) = &proposal {
        let says = propose(&mut work, facts, reading, proposal, conclusion.customer_id.as_deref()).await?;
        let reasons: Vec<String> = conclusion.problem.take().into_iter().chain(says).collect();
        conclusion.problem = (!reasons.is_empty()).then(|| reasons.join(" "));
    }
    work.conclude_document(&document.document_id, &conclusion).await?;
    match &reading.content {
        Content::DebitNote(_) => work.reopen_verdicts(&links, &[]).await?,
        Content::Delivery(_) => work.reopen_verdicts(&[], &invoices).await?,
        _ => {}
    }
    work.commit().await?;
    Ok(())
}

/// A paper is filed; one that nothing is known of waits for a person, unless it only holds others.
fn filed_or_doubted(reading: &Reading) -> Conclusion {
    let kept_only = matches!(reading.content, Content::Nothing) || reading.kind == DocumentKind::Other;
    let split = reading.doubts.iter().any(|doubt| doubt.code == "split");
    let container = split || matches!(reading.format, DocumentFormat::Msg | DocumentFormat::Eml | DocumentFormat::Zip);
    let mut conclusion = if kept_only && !container {
        let doubts = if reading.doubts.is_empty() {
            vec![Doubt::blocking("not_understood", "What this document is could not be told; it is kept and can be searched.")]
        } else {
            reading.doubts.clone()
        };
        needs_review(&doubts)
    } else {
        Conclusion { status: "processed", ..Conclusion::default() }
    };
    if conclusion.problem.is_none() && !reading.doubts.is_empty() {
        conclusion.problem = needs_review(&reading.doubts).problem;
    }
    conclusion
}

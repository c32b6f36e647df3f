//! `recoup explain`

mod money;
mod reading;

use anyhow::{Context, Result};
use clap::Args;
use recoup_engine::evidence::Evidence;
use recoup_engine::money::format_minor;
use recoup_engine::reading::{Doubt, Field};
use recoup_store::documents::DocumentRow;
use recoup_store::exports::{About, DeductionExport};
use serde_json::json;

use super::{Ended, say};
use crate::desk::rule_book::InForce;
use crate::desk::triage::judge_again;
use crate::workplace::Workplace;

#[derive(Debug, Args)]
pub struct Arguments {
    /// A document (name, number or id), a deduction, a claim, a payment (id or reference) or an invoice.
    subject: String,
}

/// Says why something was read, matched, judged and routed so; the decision is run again and compared.
pub async fn run(workplace: &Workplace, arguments: Arguments, json: bool) -> Result<Ended> {
    let subject = arguments.subject.trim();
    if let Some(deduction) = workplace.store.deduction_named(subject).await? {
        return explain_deduction(workplace, &deduction, json).await;
    }
    if money::payments(workplace, subject, json).await? {
        return Ok(Ended::Done);
    }
    // A paper of that name or number says more than the invoice it is about.
    let Ok(document) = document(workplace, subject).await else {
        let ended = money::invoice(workplace, subject, json).await?;
        return ended.with_context(|| format!("`{subject}` is no document, deduction, claim, payment or invoice on file"));
    };
    let reading = workplace.store.reading(&document.document_id).await?;
    let fields: Vec<Field> = serde_json::from_str(&document.fields)?;
    let doubts: Vec<Doubt> = serde_json::from_str(&document.doubts)?;
    let posted = workplace.store.deductions_about(About::Document(&document.document_id)).await?;
    if json {
        let listed: Vec<_> = posted.iter().map(|deduction| &deduction.deduction_id).collect();
        say!(
            "{}",
            json!({ "document": document, "fields": fields, "doubts": doubts, "checks": reading.iter().flat_map(reading::checks).collect::<Vec<_>>(), "deductions": listed })
        );
        return Ok(Ended::Done);
    }
    let pages = if document.pages == 1 { "1 page".to_owned() } else { format!("{} pages", document.pages) };
    say!("{} is {} ({}, {pages}, words from {})", document.name, named(&document.kind), document.format, document.text_source.replace('_', " "));
    say!("  language {}{}", document.language.as_deref().unwrap_or("not told"), sure_of_kind(&document));
    if let Some(customer) = &document.customer_id {
        say!("  customer {customer}{}", document.customer_why.as_deref().map_or_else(String::new, |why| format!(": {why}")));
    }
    say!("  status {}{}", document.status, document.problem.as_deref().map_or(String::new(), |problem| format!(": {problem}")));
    for field in fields {
        say!("  {:18} {}  (sure {}{})", field.name, field.value, field.confidence, field.place.map_or(String::new(), |place| format!(", page {}", place.page)));
    }
    for doubt in doubts {
        say!("  doubt {}: {}", doubt.code, doubt.says);
    }
    for line in reading.iter().flat_map(reading::checks) {
        say!("  {line}");
    }
    for deduction in posted {
        say!(
            "  -> {} {} {}: {}",
            deduction.deduction_id,
            amount(deduction.amount, &deduction.currency),
            deduction.category.as_deref().unwrap_or_default(),
            deduction.explanation.as_deref().unwrap_or_default()
        );
    }
    Ok(Ended::Done)
}

/// `an invoice`, `a debit note`: a kind in a sentence.
fn named(kind: &str) -> String {
    let plain = kind.replace('_', " ");
    match plain.as_str() {
        "other" => "of no kind that is known here".to_owned(),
        "correspondence" => "correspondence".to_owned(),
        plain if plain.starts_with(['a', 'e', 'i', 'o', 'u']) => format!("an {plain}"),
        plain => format!("a {plain}"),
    }
}

/// How sure the kind is, where anything speaks for it.
fn sure_of_kind(document: &DocumentRow) -> String {
    match document.kind_confidence {
        0 => String::new(),
        thousandths => format!(", sure of the kind {}.{:03}", thousandths / 1000, thousandths % 1000),
    }
}

/// The document of that name, number or id.
pub(super) async fn document(workplace: &Workplace, subject: &str) -> Result<DocumentRow> {
    let found = workplace.store.document_named(subject).await?;
    found.with_context(|| format!("`{subject}` is no document on file"))
}

async fn explain_deduction(workplace: &Workplace, deduction: &DeductionExport, json: bool) -> Result<Ended> {
    // By the rules that decided it, not by those of today.
    let decided_by = workplace.store.decided_by(&deduction.deduction_id).await?;
    let rules = InForce::that_gave(&workplace.store, decided_by.as_ref()).await?;
    let again = judge_again(workplace, &rules, &deduction.deduction_id).await?;
    // A person may have sent the claim to another desk than the rules did.
    let claim = match &deduction.claim_id {
        Some(claim_id) => workplace.store.claim(claim_id).await?,
        None => None,
    };
    let worked = claim.is_some_and(|claim| claim.worked);
    let same = again.as_ref().is_some_and(|again| {
        Some(again.category.word()) == deduction.category.as_deref()
            && Some(again.expectation.word()) == deduction.expectation.as_deref()
            && Some(again.validity.word()) == deduction.validity.as_deref()
            && again.valid_amount == deduction.valid_amount
            && (worked || Some(again.queue.as_str()) == deduction.queue.as_deref())
    });
    let earlier = workplace.store.earlier_verdicts(&deduction.deduction_id).await?;
    let evidence: Vec<Evidence> = deduction.evidence.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
    if json {
        say!("{}", json!({ "deduction": deduction, "run_again_gives_the_same": same, "earlier": earlier }));
    } else {
        say!(
            "{} of {}: {} held back",
            deduction.deduction_id,
            deduction.customer_id.as_deref().unwrap_or("an unknown customer"),
            amount(deduction.amount, &deduction.currency)
        );
        if let Some(again) = again.as_ref().filter(|_| same) {
            say!("  claimed   {} because of {}", again.category.plain(), again.category_why);
        } else {
            say!("  claimed   {}", deduction.category.as_deref().unwrap_or("-").replace('_', " "));
        }
        say!(
            "  verdict   {}, {}: {}",
            deduction.expectation.as_deref().unwrap_or("-"),
            deduction.validity.as_deref().unwrap_or("-"),
            deduction.explanation.as_deref().unwrap_or("-")
        );
        say!("  rule      {}", deduction.rule.as_deref().unwrap_or("-"));
        if let Some(again) = &again {
            say!("  desk      {} by the routing row `{}` of rule book {}, priority {}", again.queue, again.routing_rule, again.book, again.priority);
        }
        for piece in evidence {
            say!("  evidence  {} {}: {}", piece.kind.replace('_', " "), piece.reference, piece.says);
        }
        for before in &earlier {
            say!("  before    {}, {}: {}", before.expectation.word(), before.validity.word(), before.explanation);
        }
        match &again {
            Some(again) if !same => say!(
                "  run again: ANOTHER decision; facts or rules have changed since: {}, {}, {}: {}",
                again.category.plain(),
                again.expectation.word(),
                again.validity.word(),
                again.explanation
            ),
            Some(_) => say!("  run again: the same decision"),
            None => say!("  run again: the payment was taken back, nothing is left to judge"),
        }
    }
    Ok(if same { Ended::Done } else { Ended::Failed })
}

fn amount(minor: i64, currency: &str) -> String {
    currency.parse().map_or_else(|_| minor.to_string(), |code| format!("{} {currency}", format_minor(minor, code)))
}

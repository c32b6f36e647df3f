//! A decision as it is written: with the evidence of its documents, the desk's deadlines and the claim it opens.

use anyhow::Result;
use jiff::ToSpan;
use jiff::civil::Date;
use recoup_engine::evidence::Evidence;
use recoup_engine::facts::Facts;
use recoup_engine::invoice::DisputeWindow;
use recoup_engine::money::Money;
use recoup_engine::reading::{Confidence, Place};
use recoup_rules::decide::Decision;
use recoup_store::claims::ClaimRow;
use recoup_store::verdicts::{Judgement, PendingDeduction};

use super::group::{Group, Shared, payment_date};
use crate::desk::rule_book::InForce;

/// Adds the line of the remittance and the debit note to the evidence of a decision.
pub(super) fn with_documents(mut decision: Decision, group: &Group, deduction: &PendingDeduction) -> Result<Decision> {
    decision.verdict.evidence.insert(0, line_evidence(deduction, &decision)?);
    if let Some(note) = group.note(deduction) {
        let number = note.note.number.clone().unwrap_or_default();
        let reason = note.note.reason.as_deref().unwrap_or_default();
        decision.verdict.evidence.push(Evidence::record("debit_note", number, reason).in_document(&note.document, note.note.reason_place));
    }
    Ok(decision)
}

pub(super) fn judgement_of(rules: &InForce, shared: &Shared, facts: &Facts, deduction: &PendingDeduction, decision: Decision) -> Judgement {
    let reading = Confidence::from_thousandths(u16::try_from(deduction.reading_confidence).unwrap_or(1000));
    let paid_on = payment_date(deduction);
    let dispute_by = paid_on.and_then(|paid_on| dispute_by(rules, shared, facts, &decision, paid_on));
    let Decision { customer_id, invoice_number, words, candidate, verdict, routed, closes, confidence } = decision;
    let status = match (deduction.status.as_str(), closes) {
        ("decided", _) => "decided",
        (_, true) => "closed",
        (_, false) => "open",
    };
    Judgement {
        deduction_id: deduction.deduction_id.clone(),
        customer_id: Some(customer_id).filter(|customer| !customer.is_empty()),
        invoice_number,
        category: verdict.category,
        category_why: candidate.why,
        expectation: verdict.expectation,
        validity: verdict.validity,
        valid_amount: verdict.valid_minor,
        confidence: reading.and(confidence),
        agreement_id: verdict.agreement_id,
        explanation: verdict.explanation,
        evidence: verdict.evidence,
        rule: verdict.rule.to_owned(),
        book: rules.version.clone(),
        learnt: rules.learnt.as_ref().map(|learnt| learnt.version.clone()),
        queue: routed.queue.word().to_owned(),
        priority: routed.priority,
        approval_level: i64::from(routed.approval_level),
        routing_rule: routed.rule,
        work_by: paid_on.map(|paid_on| paid_on.saturating_add(i64::from(routed.days).days()).to_string()),
        dispute_by,
        status: status.to_owned(),
        claim_id: (!closes).then(|| deduction.deduction_id.replacen("X-", "C-", 1)),
        words,
    }
}

fn line_evidence(deduction: &PendingDeduction, decision: &Decision) -> Result<Evidence> {
    let place: Option<Place> = deduction.place.as_deref().map(serde_json::from_str).transpose()?;
    let words = if decision.words.is_empty() { "without a word".to_owned() } else { format!("\"{}\"", deduction.words.as_deref().unwrap_or_default()) };
    let code = deduction.code.as_deref().map_or(String::new(), |code| format!(", code {code}"));
    let amount = Money::new(deduction.amount, deduction.currency.parse()?);
    Ok(Evidence {
        kind: "remittance_line".to_owned(),
        reference: deduction.debit_note_number.clone().or_else(|| decision.invoice_number.clone()).unwrap_or_default(),
        document: deduction.document.clone(),
        place,
        says: format!("{amount} {} held back {words}{code}.", amount.currency),
    })
}

/// The last day to dispute, by the most specific window on file.
fn dispute_by(rules: &InForce, shared: &Shared, facts: &Facts, decision: &Decision, paid_on: Date) -> Option<String> {
    let family = facts.family(&decision.customer_id);
    let specific = |window: &&DisputeWindow| {
        let customer = window.customer_id.as_ref().map(|customer| family.contains(customer));
        let of_category = window.category.map(|own| own == decision.verdict.category);
        customer != Some(false) && of_category != Some(false)
    };
    let window = shared.windows.iter().filter(specific).max_by_key(|window| (window.customer_id.is_some(), window.category.is_some()));
    let own_days = facts.customers.get(&decision.customer_id).and_then(|customer| customer.dispute_window_days);
    let (days, from) = match window {
        Some(window) => (window.days, window.counted_from.as_deref().unwrap_or("payment_date")),
        None => (own_days.unwrap_or(rules.book.settings.dispute.default_days), "payment_date"),
    };
    let invoice = decision.invoice_number.as_ref().and_then(|number| facts.invoices.get(number));
    let start = match (from, invoice) {
        ("invoice_date", Some(invoice)) => invoice.issue_date,
        ("delivery_date", Some(invoice)) => facts.delivery_day(invoice),
        _ => paid_on,
    };
    jiff::Span::new().try_days(days).ok().and_then(|window| start.checked_add(window).ok()).map(|day| day.to_string())
}

/// The claim that an open deduction becomes; `None` where a rule closes it.
pub(super) fn claim_of(deduction: &PendingDeduction, judgement: &Judgement) -> Option<ClaimRow> {
    Some(ClaimRow {
        claim_id: judgement.claim_id.clone()?,
        deduction_id: deduction.deduction_id.clone(),
        sequence: deduction.sequence,
        customer_id: judgement.customer_id.clone(),
        category: judgement.category.word().to_owned(),
        amount: deduction.amount,
        currency: deduction.currency.clone(),
        queue: judgement.queue.clone(),
        priority: judgement.priority.clone(),
        approval_level: judgement.approval_level,
        status: "open".to_owned(),
        assignee: None,
        opened_on: deduction.payment_date.clone(),
        work_by: judgement.work_by.clone(),
        dispute_by: judgement.dispute_by.clone(),
        version: 1,
    })
}

//! A decision as it is written: with the evidence of its documents, the desk's deadlines and the claim it opens.

use anyhow::Result;
use jiff::ToSpan;
use jiff::civil::Date;
use recoup_engine::evidence::Evidence;
use recoup_engine::facts::Facts;
use recoup_engine::invoice::{DisputeWindow, Invoice};
use recoup_engine::money::Money;
use recoup_engine::reading::{Confidence, Place};
use recoup_engine::sentence::counted;
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
    let last_day = paid_on.and_then(|paid_on| last_day_to_dispute(rules, shared, facts, &decision, paid_on));
    let Decision { customer_id, invoice_number, words, candidate, mut verdict, routed, closes, confidence, .. } = decision;
    if let Some(last_day) = last_day.as_ref().filter(|_| !closes) {
        verdict.evidence.push(last_day.evidence());
    }
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
        consumes: verdict.consumes,
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
        dispute_by: last_day.map(|last_day| last_day.day.to_string()),
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

/// Until when a deduction can be disputed, and who says so.
struct LastDay {
    day: Date,
    days: i64,
    counted_from: String,
    start: Date,
    /// Where the window comes from, in words.
    source: String,
}

impl LastDay {
    fn evidence(&self) -> Evidence {
        let Self { day, days, counted_from, start, source } = self;
        let counted_from = counted_from.replace('_', " ");
        let days = counted(days, "day", "days");
        Evidence::record("dispute_window", &days, format!("Until {day}: {days} from the {counted_from} {start}, by {source}."))
    }
}

/// The last day to dispute, by the most specific window on file.
fn last_day_to_dispute(rules: &InForce, shared: &Shared, facts: &Facts, decision: &Decision, paid_on: Date) -> Option<LastDay> {
    let family = facts.family(&decision.customer_id);
    let specific = |window: &&DisputeWindow| {
        let customer = window.customer_id.as_ref().map(|customer| family.contains(customer));
        let of_category = window.category.map(|own| own == decision.verdict.category);
        customer != Some(false) && of_category != Some(false)
    };
    let window = shared.windows.iter().filter(specific).max_by_key(|window| (window.customer_id.is_some(), window.category.is_some()));
    let own_days = facts.customers.get(&decision.customer_id).and_then(|customer| customer.dispute_window_days);
    let (days, counted_from, source) = match (window, own_days) {
        (Some(window), _) => (window.days, window.counted_from.as_deref().unwrap_or("payment_date"), source_of(window)),
        (None, Some(days)) => (days, "payment_date", "the customer's own window on file".to_owned()),
        (None, None) => {
            (rules.book.settings.dispute.default_days, "payment_date", "the rule book's default, as nothing is on file for this customer".to_owned())
        }
    };
    let is_theirs = |invoice: &&Invoice| invoice.customer_id == decision.customer_id;
    let invoice = decision.invoice_number.as_ref().and_then(|number| facts.invoices.get(number)).filter(is_theirs);
    let (counted_from, start) = match (counted_from, invoice) {
        ("invoice_date", Some(invoice)) => (counted_from, invoice.issue_date),
        ("delivery_date", Some(invoice)) => (counted_from, facts.delivery_day(invoice)),
        _ => ("payment_date", paid_on),
    };
    let day = jiff::Span::new().try_days(days).ok().and_then(|window| start.checked_add(window).ok())?;
    Some(LastDay { day, days, counted_from: counted_from.to_owned(), start, source })
}

fn source_of(window: &DisputeWindow) -> String {
    let source = window.source.as_deref().map_or("a window on file that names no source".to_owned(), str::to_owned);
    let verified = window.verified_on.map_or("never verified".to_owned(), |day| format!("verified {day}"));
    let attempts = window.attempts.map_or(String::new(), |attempts| format!(", {attempts} attempts"));
    format!("{source} ({verified}{attempts})")
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

//! What became of a payment, and what happened to an invoice: every part with its amount, and the sum that proves it.

use anyhow::{Context, Result};
use recoup_engine::reading::Doubt;
use recoup_store::exports::{About, AllocationExport, DeductionExport, PaymentExport};
use recoup_store::screens::claim::InvoiceDetail;
use serde_json::json;

use super::super::{Ended, say};
use super::amount;
use crate::workplace::Workplace;

/// Explains the standing payment of that id, or those that bear it as their reference; returns whether there is any.
pub(super) async fn payments(workplace: &Workplace, subject: &str, json: bool) -> Result<bool> {
    let payments = workplace.store.payments_named(subject).await?;
    for payment in &payments {
        explain_payment(workplace, payment, json).await?;
    }
    Ok(!payments.is_empty())
}

async fn explain_payment(workplace: &Workplace, payment: &PaymentExport, json: bool) -> Result<()> {
    let about = About::Payment(&payment.payment_id);
    let (allocations, held) = (workplace.store.allocations_about(about).await?, workplace.store.deductions_about(about).await?);
    let paid: i64 = allocations.iter().map(|line| line.paid).sum();
    let alone: i64 = held.iter().filter(|deduction| deduction.allocation_id.is_none()).map(|deduction| deduction.amount).sum();
    let holds = payment.amount == paid + payment.on_account - alone;
    if json {
        say!("{}", json!({ "payment": payment, "allocations": allocations, "deductions": held, "conservation_holds": holds }));
        return Ok(());
    }
    say!("{}", headline(payment));
    if let Some(customer) = &payment.customer_id {
        say!("  customer  {customer}");
    }
    say!("  from      {}", payment.document.as_deref().unwrap_or("the bank: no advice explains it"));
    for line in &allocations {
        say!("  paid      {}", of_line(line, &line.invoice_number));
    }
    for deduction in &held {
        say!("  held back {}", of_deduction(deduction));
    }
    for doubt in doubts_of(workplace, &payment.payment_id).await? {
        say!("  doubt     {}", doubt.says);
    }
    let shown = |minor: i64| amount(minor, &payment.currency);
    say!(
        "  sum       {} = paid {} + on account {} - stand-alone deductions {}: {}",
        shown(payment.amount),
        shown(paid),
        shown(payment.on_account),
        shown(alone),
        if holds { "holds" } else { "does NOT hold" }
    );
    Ok(())
}

async fn doubts_of(workplace: &Workplace, payment_id: &str) -> Result<Vec<Doubt>> {
    let payment = workplace.store.payment(payment_id).await?;
    payment.map_or(Ok(Vec::new()), |payment| serde_json::from_str(&payment.doubts).context("the doubts of a payment"))
}

/// Explains an invoice on file; `None` when there is none.
pub(super) async fn invoice(workplace: &Workplace, subject: &str, json: bool) -> Result<Option<Ended>> {
    let Some(invoice) = workplace.store.invoice_detail(subject).await? else { return Ok(None) };
    let about = About::Invoice(subject);
    let (allocations, held) = (workplace.store.allocations_about(about).await?, workplace.store.deductions_about(about).await?);
    let items = workplace.store.items_by_number(&[subject.to_owned()]).await?;
    let open = items.first().map_or(0, |item| item.open);
    if json {
        let head = json!({ "invoice_number": subject, "customer_id": invoice.customer_id, "issue_date": invoice.issue_date, "due_date": invoice.due_date, "total": invoice.total_amount, "open": open, "currency": invoice.currency });
        say!("{}", json!({ "invoice": head, "allocations": allocations, "deductions": held }));
        return Ok(Some(Ended::Done));
    }
    head_of(&invoice)?;
    for line in &allocations {
        say!("  paid      {}", of_line(line, &format!("by {}", line.payment_id)));
    }
    if allocations.is_empty() {
        say!("  paid      by no payment yet");
    }
    for deduction in &held {
        say!("  held back {}", of_deduction(deduction));
    }
    say!("  open      {}", amount(open, &invoice.currency));
    Ok(Some(Ended::Done))
}

fn headline(payment: &PaymentExport) -> String {
    format!(
        "{}: {} of {} on {}, {}",
        payment.payment_id,
        amount(payment.amount, &payment.currency),
        payment.payer_name.as_deref().unwrap_or("a payer that is not named"),
        payment.payment_date.as_deref().unwrap_or("a day that is not known"),
        payment.status
    )
}

fn head_of(invoice: &InvoiceDetail) -> Result<()> {
    let terms = invoice.payment_terms.as_deref().unwrap_or("the customer's terms");
    let due = invoice.due_date.as_deref().map_or_else(String::new, |day| format!(", due {day}"));
    say!("{}: {} billed to {} on {}{due}", invoice.invoice_number, amount(invoice.total_amount, &invoice.currency), invoice.customer_id, invoice.issue_date);
    say!("  terms     {terms}");
    Ok(())
}

fn of_line(line: &AllocationExport, what: &str) -> String {
    let shown = |minor: i64| amount(minor, &line.currency);
    let sure = format!("{}.{:03}", line.confidence / 1000, line.confidence % 1000);
    let parts = format!("gross {} - discount {} - deducted {}", shown(line.gross), shown(line.discount), shown(line.deducted));
    format!("{} {what} ({parts}), {}, sure {sure}", shown(line.paid), line.method)
}

fn of_deduction(deduction: &DeductionExport) -> String {
    let id = deduction.claim_id.as_ref().unwrap_or(&deduction.deduction_id);
    let category = deduction.category.as_deref().unwrap_or("not judged yet").replace('_', " ");
    format!("{} {id}, {category}: {}", amount(deduction.amount, &deduction.currency), deduction.explanation.as_deref().unwrap_or("not judged yet"))
}

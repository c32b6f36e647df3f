//! Changes of money with their entry in the audit log, in the same unit of work: none is written without the other.

use anyhow::Result;
use recoup_engine::allocation::Settlement;
use recoup_store::Work;
use recoup_store::audit::NewEntry;
use recoup_store::deeds::Deed;
use recoup_store::settlements::{BankPayment, PaymentRow};
use serde_json::{Value as Json, json};

use crate::clock::now_text;
use crate::desk::resolve::Logged;
use crate::vault::digest;
use crate::workplace::Workplace;

/// Who acts when no person asked for it.
const ENGINE: &str = "recoup";

/// Posts a payment; `origin` is what its identifiers are derived from.
pub(super) async fn post(work: &mut Work, payment: &PaymentRow, settlement: &Settlement, origin: &str) -> Result<()> {
    work.post_payment(payment, settlement, origin, digest).await?;
    let detail = json!({
        "amount": payment.amount, "currency": payment.currency, "customer": payment.customer_id, "document": payment.document_id,
        "allocations": settlement.allocations.len(), "deductions": settlement.deductions.len(), "on_account": settlement.on_account,
    });
    record(work, ENGINE, Deed::PaymentPosted, &payment.payment_id, &detail).await
}

/// Takes a payment back by counter-entries and says what took its place, in the log of each claim that lost deductions too.
pub(crate) async fn take_back(work: &mut Work, payment_id: &str, replaced_by: &str) -> Result<()> {
    for withdrawn in work.reverse_payment(payment_id).await? {
        let claim_id = withdrawn.record.row.claim_id;
        let logged = Logged {
            version: withdrawn.record.row.version + 1,
            action: json!({ "payment_taken_back": payment_id }),
            before: withdrawn.before,
            after: withdrawn.after,
            evidence: Vec::new(),
        };
        record(work, ENGINE, Deed::ClaimLostPayment, &claim_id, &serde_json::to_value(logged)?).await?;
    }
    record(work, ENGINE, Deed::PaymentTakenBack, payment_id, &json!({ "replaced_by": replaced_by })).await
}

/// Posts a payment anew as a person wants it: the former posting is taken back, with an entry of the log that says who and how. `Err` names a claim on
/// it that people work: nothing is done then.
pub(super) async fn post_anew(
    workplace: &Workplace,
    former: &PaymentRow,
    settlement: &Settlement,
    actor: &str,
    action: Deed,
    mut detail: Json,
) -> Result<Result<PaymentRow, String>> {
    let mut work = workplace.store.begin().await?;
    if let Some(claim) = work.worked_claim_on(&former.payment_id).await? {
        return Ok(Err(claim));
    }
    let sequence = work.next_numbers("payment", 1).await?;
    let origin = format!("{}\u{1f}{}\u{1f}{sequence}", action.word(), former.payment_id);
    let payment = PaymentRow {
        payment_id: format!("P-{}", &digest(&origin)[..14]),
        sequence,
        allocated: settlement.allocations.iter().map(|allocation| allocation.paid).sum(),
        on_account: settlement.on_account,
        status: match (&former.bank_payment_id, settlement.on_account) {
            (None, _) => "announced",
            (Some(_), 0) => "allocated",
            (Some(_), _) => "received",
        }
        .to_owned(),
        doubts: "[]".to_owned(),
        ..former.clone()
    };
    take_back(&mut work, &former.payment_id, &payment.payment_id).await?;
    post(&mut work, &payment, settlement, &origin).await?;
    detail["payment"] = json!(payment.payment_id);
    record(&mut work, actor, action, &former.payment_id, &detail).await?;
    work.commit().await?;
    Ok(Ok(payment))
}

/// Joins an announced payment with the bank line that brought its money.
pub(super) async fn join(work: &mut Work, payment: &PaymentRow, bank: &BankPayment, status: &str) -> Result<()> {
    work.join_bank_payment(&payment.payment_id, bank, status).await?;
    let detail = json!({ "bank_payment": bank.payment_id, "received_on": bank.received_on, "announced_for": payment.payment_date });
    record(work, ENGINE, Deed::PaymentReceived, &payment.payment_id, &detail).await
}

pub(super) async fn record(work: &mut Work, actor: &str, action: Deed, subject: &str, detail: &Json) -> Result<()> {
    let entry = NewEntry { at: now_text(), actor: actor.to_owned(), action: action.into(), subject: subject.to_owned(), detail: detail.to_string() };
    Ok(work.append_audit(vec![entry], digest).await?)
}

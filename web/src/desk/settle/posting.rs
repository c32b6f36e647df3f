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
pub(crate) async fn post(work: &mut Work, payment: &PaymentRow, settlement: &Settlement, origin: &str) -> Result<()> {
    work.post_payment(payment, settlement, origin, digest).await?;
    let detail = json!({
        "amount": payment.amount, "currency": payment.currency, "customer": payment.customer_id, "document": payment.document_id,
        "allocations": settlement.allocations.len(), "deductions": settlement.deductions.len(), "on_account": settlement.on_account,
    });
    record(work, ENGINE, Deed::PaymentPosted, &payment.payment_id, &detail).await
}

/// Takes a payment back by counter-entries and says `why` (what took its place), in the log of each claim that lost deductions too.
pub(crate) async fn take_back(work: &mut Work, payment_id: &str, why: &Json) -> Result<()> {
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
    record(work, ENGINE, Deed::PaymentTakenBack, payment_id, why).await
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
    take_back(&mut work, &former.payment_id, &json!({ "replaced_by": payment.payment_id })).await?;
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

/// Money of a customer in euros that arrived and was settled so, for tests.
#[cfg(test)]
pub(crate) fn arrived(number: i64, customer_id: &str, amount: i64, settlement: &Settlement) -> PaymentRow {
    PaymentRow {
        payment_id: format!("P-{number}"),
        sequence: number,
        customer_id: Some(customer_id.to_owned()),
        payment_date: Some("2026-03-20".to_owned()),
        amount,
        currency: "EUR".to_owned(),
        allocated: settlement.allocations.iter().map(|one| one.paid).sum(),
        on_account: settlement.on_account,
        status: "received".to_owned(),
        doubts: "[]".to_owned(),
        ..PaymentRow::default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fmt::Write as _;

    use recoup_engine::allocation::{Terms, allocate};
    use recoup_engine::matching::OpenItems;
    use recoup_engine::reading::Confidence;
    use recoup_engine::remittance::{Adjustment, AdviceLine};
    use recoup_store::exports::Wanted;
    use rust_decimal::Decimal;

    use super::*;
    use crate::demo::chance::Chance;
    use crate::desk::import::import;
    use crate::desk::verify::verify;

    /// Lines as they come: paid in full, short, with discount, in part, twice, claims of their own, numbers that nobody knows.
    fn lines(chance: &mut Chance) -> Vec<AdviceLine> {
        let amount = |minor: i64| Some(Decimal::new(minor, 2));
        let one = |chance: &mut Chance| {
            let number = format!("R-{:05}", 10_000 + chance.below(24));
            let gross = 100 * (1 + chance.below(1_000));
            let (discount, less) = (gross / 50 * i64::from(chance.below(3) == 0), gross / 10 * i64::from(chance.below(3) == 0));
            let adjustments = if less == 0 { Vec::new() } else { vec![Adjustment { amount: Decimal::new(-less, 2), ..Adjustment::default() }] };
            match chance.below(6) {
                0 => AdviceLine { reference: Some("DN-7".to_owned()), net: amount(-less - 700), ..AdviceLine::default() },
                1 => AdviceLine { reference: Some(number), net: amount(gross), ..AdviceLine::default() },
                _ => AdviceLine {
                    reference: Some(number),
                    gross: amount(gross),
                    discount: amount(discount),
                    adjustments,
                    net: amount(gross - discount - less),
                    ..AdviceLine::default()
                },
            }
        };
        (0..1 + chance.below(12)).map(|_| one(chance)).collect()
    }

    async fn balances(workplace: &Workplace) -> (Vec<(String, i64)>, BTreeMap<(String, Option<String>), i64>) {
        let items = workplace.store.open_items_of(&["K1".to_owned()]).await.expect("items");
        let mut accounts = BTreeMap::new();
        for line in workplace.store.export_journal(&Wanted::default()).await.expect("journal") {
            *accounts.entry((line.account, line.reference)).or_default() += line.amount;
        }
        accounts.retain(|_, sum| *sum != 0);
        (items.into_iter().map(|item| (item.invoice_number, item.open)).collect(), accounts)
    }

    #[tokio::test]
    async fn taking_any_payment_back_restores_every_balance() {
        let folder = tempfile::tempdir().expect("a folder");
        let workplace = Workplace::open(&folder.path().join("data"), None).await.expect("a workplace");
        let mut invoices = "invoice_number,customer_id,issue_date,currency,total_amount\n".to_owned();
        for number in 0..20 {
            writeln!(invoices, "R-{:05},K1,2026-03-01,EUR,1000.00", 10_000 + number).expect("text");
        }
        for (file, rows) in [("customers.csv", "customer_id,name,currency\nK1,Hill Stores,EUR\n"), ("invoices.csv", invoices.as_str())] {
            let path = folder.path().join(file);
            std::fs::write(&path, rows).expect("written");
            import(&workplace, &[path]).await.expect("imported");
        }
        let untouched = balances(&workplace).await;
        for seed in 0..40 {
            let mut chance = Chance::of(&["taken back", &seed.to_string()]);
            let lines = lines(&mut chance);
            let nets: i64 = lines.iter().filter_map(|line| line.net).map(|net| i64::try_from(net.mantissa()).expect("cents")).sum();
            let amount = nets.max(0) + chance.below(2) * 1_234;
            let terms = Terms { currency: "EUR".parse().expect("a currency"), amount, tolerance: 5, confidence: Confidence::CERTAIN };
            let items = workplace.store.open_items_of(&["K1".to_owned()]).await.expect("items");
            let settlement = allocate(&lines, &mut OpenItems::new(items), terms);
            if settlement.on_account < 0 {
                continue;
            }
            let payment = arrived(seed + 1, "K1", amount, &settlement);
            let mut work = workplace.store.begin().await.expect("work");
            post(&mut work, &payment, &settlement, &payment.payment_id).await.expect("posted");
            work.commit().await.expect("committed");
            assert!(settlement.allocations.is_empty() || balances(&workplace).await != untouched, "seed {seed}");
            let mut work = workplace.store.begin().await.expect("work");
            take_back(&mut work, &payment.payment_id, &json!({})).await.expect("taken back");
            work.commit().await.expect("committed");
            assert_eq!(balances(&workplace).await, untouched, "seed {seed}: {lines:?}");
        }
        for finding in verify(&workplace).await.expect("verified") {
            assert_eq!(finding.broken, 0, "{}: {:?}", finding.invariant, finding.examples);
        }
    }
}

//! A person's no to a match that was found without an advice or put by hand: taken back by counter-entries, remembered, never proposed again.

use anyhow::Result;
use recoup_store::audit::NewEntry;
use recoup_store::deeds::Deed;
use recoup_store::refusals::Refused;
use thiserror::Error;

use super::settle::posting;
use crate::clock::now_text;
use crate::vault::digest;
use crate::workplace::Workplace;

/// Why a match stays. Nothing was done.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NotRefused {
    #[error("Payments are being posted by another process at this moment. Nothing was changed; try again shortly.")]
    Busy,
    #[error("{0} is no standing payment.")]
    NotStanding(String),
    #[error("{0} is not money of the bank: correct the advice that announced it.")]
    NoMoney(String),
    #[error("{0} is matched with nothing.")]
    MatchedWithNothing(String),
    #[error("{0} is matched as its advice says: correct how the advice was read.")]
    AsAdvised(String),
    /// Names the claim.
    #[error("People work on {0}, which stands on this payment: decide or take back that work first.")]
    Worked(String),
}

/// Takes back what a payment was matched with, and remembers that it is not what money of the bank pays. Returns the numbers of the items. The money is
/// free again: settling puts it on account, or on what else it may pay; an advice that announced it is settled again as it was read.
pub async fn refuse_match(workplace: &Workplace, payment_id: &str, by: &str, reason: &str) -> Result<Result<Vec<String>, NotRefused>> {
    let Some(_alone) = workplace.processing_soon().await? else { return Ok(Err(NotRefused::Busy)) };
    let refused = |why: fn(String) -> NotRefused| Ok(Err(why(payment_id.to_owned())));
    let Some(payment) = workplace.store.payment(payment_id).await?.filter(|payment| !payment.reversed) else { return refused(NotRefused::NotStanding) };
    let by_hand = workplace.store.is_put_by_hand(payment_id).await?;
    if payment.bank_payment_id.is_none() && !by_hand {
        return refused(NotRefused::NoMoney);
    }
    let mut items: Vec<String> = workplace.store.settled_by(payment_id).await?.into_keys().collect();
    items.sort();
    if items.is_empty() {
        return refused(NotRefused::MatchedWithNothing);
    }
    if !by_hand && !workplace.store.was_found_without_advice(payment_id).await? {
        return refused(NotRefused::AsAdvised);
    }
    let mut work = workplace.store.begin().await?;
    if let Some(claim) = work.worked_claim_on(payment_id).await? {
        return Ok(Err(NotRefused::Worked(claim)));
    }
    posting::take_back(&mut work, payment_id, &serde_json::json!({ "replaced_by": "nothing: the match was refused" })).await?;
    if let Some(document_id) = payment.document_id.as_deref().filter(|_| by_hand)
        && let Some(document) = workplace.store.document(document_id).await?
    {
        work.reopen_document(document_id, document.attempts).await?;
    }
    let detail = serde_json::json!({ "bank_payment": payment.bank_payment_id, "items": items, "reason": reason }).to_string();
    if let Some(bank_payment_id) = payment.bank_payment_id {
        work.refuse_match(&Refused { bank_payment_id, items: items.clone(), at: now_text(), by: by.to_owned(), reason: reason.to_owned() }).await?;
    }
    let entry = NewEntry { at: now_text(), actor: by.to_owned(), action: Deed::MatchRefused.into(), subject: payment_id.to_owned(), detail };
    work.append_audit(vec![entry], digest).await?;
    work.commit().await?;
    Ok(Ok(items))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use recoup_engine::allocation::{Terms, allocate};
    use recoup_engine::matching::{OpenItem, OpenItems};
    use recoup_engine::money::Money;
    use recoup_engine::reading::Confidence;
    use recoup_engine::remittance::{AdviceLine, LineSubject};
    use recoup_store::Value;

    use super::*;
    use crate::desk::verify::verify;

    const ITEMS: usize = 5;

    async fn with_open_items() -> (Workplace, tempfile::TempDir) {
        let folder = tempfile::tempdir().expect("a folder");
        let workplace = Workplace::open(folder.path(), None).await.expect("a workplace");
        let mut work = workplace.store.begin().await.expect("work");
        for number in 0..ITEMS {
            let number = format!("R-{number}");
            let row: Vec<Value> =
                vec![number.as_str().into(), "hash".into(), number.as_str().into(), "K".into(), "2026-03-01".into(), "EUR".into(), 100_000_i64.into()];
            let columns = ["record_key", "row_hash", "invoice_number", "customer_id", "issue_date", "currency", "total_amount"];
            work.insert("invoices", &columns, vec![row], "").await.expect("an invoice");
        }
        work.commit().await.expect("committed");
        (workplace, folder)
    }

    /// What a match changes: open amounts, and the balance of each account and reference.
    async fn balances(workplace: &Workplace) -> (Vec<OpenItem>, Vec<String>) {
        let items = workplace.store.open_items_of(&["K".to_owned()]).await.expect("items");
        let mut sums = std::collections::BTreeMap::<String, i64>::new();
        for line in workplace.store.export_journal(&recoup_store::exports::Wanted::default()).await.expect("the journal") {
            *sums.entry(format!("{} {:?} {}", line.account, line.reference, line.currency)).or_default() += line.amount;
        }
        (items, sums.into_iter().filter(|(_, sum)| *sum != 0).map(|(account, sum)| format!("{account} {sum}")).collect())
    }

    /// Pays some of the open items, each short by so much, and leaves `rest` on account.
    async fn pay(workplace: &Workplace, short: &[Option<i64>], rest: i64) -> String {
        let currency = "EUR".parse().expect("a currency");
        let mut open = OpenItems::new(workplace.store.open_items_of(&["K".to_owned()]).await.expect("items"));
        let money = |minor| Some(Money::new(minor, currency).to_decimal());
        let taken = open.items.iter().zip(short).filter_map(|(item, short)| Some((item, (*short)?)));
        let lines: Vec<AdviceLine> = taken
            .map(|(item, short)| AdviceLine {
                subject: LineSubject::Invoice,
                reference: Some(item.invoice_number.clone()),
                gross: money(item.open),
                net: money((item.open - short).max(0)),
                ..AdviceLine::default()
            })
            .collect();
        let amount = lines.iter().filter_map(|line| Money::from_decimal(line.net?, currency).ok()).map(|paid| paid.minor).sum::<i64>() + rest;
        let settlement = allocate(&lines, &mut open, Terms { currency, amount, tolerance: 5, confidence: Confidence::CERTAIN });
        let mut work = workplace.store.begin().await.expect("work");
        let sequence = work.next_numbers("payment", 1).await.expect("a number");
        let payment = posting::arrived(sequence, "K", amount, &settlement);
        work.post_payment(&payment, &settlement, &payment.payment_id, digest).await.expect("posted");
        work.commit().await.expect("committed");
        payment.payment_id
    }

    async fn take_back(workplace: &Workplace, payment_id: &str) {
        let mut work = workplace.store.begin().await.expect("work");
        posting::take_back(&mut work, payment_id, &serde_json::json!({})).await.expect("taken back");
        work.commit().await.expect("committed");
    }

    #[test]
    fn taking_a_match_back_restores_every_balance() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (workplace, _folder) = runtime.block_on(with_open_items());
        let short = proptest::collection::vec(proptest::option::of(0_i64..120_000), ITEMS);
        // What one case leaves behind would spoil the next: all start from the same open items.
        proptest!(ProptestConfig::with_cases(40), |(first in short.clone(), second in short, rest in 0_i64..5_000, first_goes_first: bool)| {
            runtime.block_on(async {
                let before = balances(&workplace).await;
                let one = pay(&workplace, &first, rest).await;
                let between = balances(&workplace).await;
                let two = pay(&workplace, &second, 0).await;
                if first_goes_first {
                    take_back(&workplace, &one).await;
                    take_back(&workplace, &two).await;
                } else {
                    take_back(&workplace, &two).await;
                    assert_eq!(balances(&workplace).await, between);
                    take_back(&workplace, &one).await;
                }
                assert_eq!(balances(&workplace).await, before);
            });
        });
        for finding in runtime.block_on(verify(&workplace)).expect("verified") {
            assert_eq!(finding.broken, 0, "{}: {:?}", finding.invariant, finding.examples);
        }
    }
}

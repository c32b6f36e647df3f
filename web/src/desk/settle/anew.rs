//! Payments that were posted before all was known: settled anew when their money came as another amount, or an invoice that they name.

use anyhow::Result;
use recoup_engine::matching::OpenItems;
use recoup_engine::money::{Currency, Money};
use recoup_engine::reading::Content;
use recoup_engine::reference::normalise;
use recoup_engine::remittance::RemittanceAdvice;
use recoup_store::documents::Conclusion;
use recoup_store::settlements::{BankPayment, PaymentRow};

use super::advices::{announced, give_back, prepare, settle_with, tell};
use super::{Parties, Waiting, posting};
use crate::workplace::Workplace;

/// Settles the payments anew for which an invoice came that they name. What people work on, or put on items by hand, stays as it is.
pub(super) async fn settle_awaiting(workplace: &Workplace, parties: &Parties) -> Result<()> {
    for (payment, numbers) in workplace.store.payments_with_new_invoices().await? {
        let bank = match &payment.bank_payment_id {
            Some(bank_payment_id) => workplace.store.bank_payment(bank_payment_id).await?,
            None => None,
        };
        let stays = is_worked(workplace, &payment).await? || workplace.store.is_put_by_hand(&payment.payment_id).await?;
        if stays || !settle_again(workplace, parties, &payment, bank.as_ref(), &numbers).await? {
            let mut work = workplace.store.begin().await?;
            work.await_on(&payment.payment_id).await?;
            work.commit().await?;
        }
    }
    Ok(())
}

async fn is_worked(workplace: &Workplace, payment: &PaymentRow) -> Result<bool> {
    Ok(workplace.store.begin().await?.worked_claim_on(&payment.payment_id).await?.is_some())
}

/// Settles an announced payment anew with the money that came for it, another amount than announced; returns whether it could be.
pub(super) async fn settle_anew(workplace: &Workplace, parties: &Parties, payment: &PaymentRow, bank: &BankPayment) -> Result<bool> {
    settle_again(workplace, parties, payment, Some(bank), &[]).await
}

/// The same with whatever money has come for it. Where it waits for `awaited` invoices, one of them must be on file.
async fn settle_again(workplace: &Workplace, parties: &Parties, payment: &PaymentRow, bank: Option<&BankPayment>, awaited: &[String]) -> Result<bool> {
    let Some(document_id) = payment.document_id.as_deref() else { return Ok(false) };
    let (Some(document), Some(reading)) = (workplace.store.document(document_id).await?, workplace.store.reading(document_id).await?) else { return Ok(false) };
    let waiting = Waiting { document, reading };
    let Content::Advices(advices) = &waiting.reading.content else { return Ok(false) };
    let Some(position) = advice_of(advices, payment) else { return Ok(false) };
    let mut one = prepare(workplace, parties, &waiting, position, &advices[position]).await?;
    give_back(workplace, &payment.payment_id, &mut one.items).await?;
    let on_file = OpenItems::new(one.items.clone());
    let come = awaited.iter().find(|number| on_file.find(number).is_some());
    if come.is_none() && !awaited.is_empty() {
        return Ok(false);
    }
    let Ok((currency, announced)) = announced(parties, &one) else { return Ok(false) };
    let (mut posting, left) = settle_with(workplace, parties, &one, currency, announced, bank).await?;
    let mut doubts = waiting.reading.doubts.clone();
    doubts.extend(left);
    let mut work = workplace.store.begin().await?;
    let because = come.map(String::as_str).or(bank.map(|bank| bank.payment_id.as_str())).unwrap_or_default();
    posting::take_back(&mut work, &payment.payment_id, because).await?;
    posting.payment.sequence = work.next_numbers("payment", 1).await?;
    posting::post(&mut work, &posting.payment, &posting.settlement, &posting.origin).await?;
    let mut conclusion = Conclusion { status: "processed", ..Conclusion::default() };
    tell(&mut conclusion, doubts);
    // What another advice of the same file waits for still holds.
    if advices.len() > 1 && waiting.document.status == "needs_review" {
        conclusion.status = "needs_review";
        conclusion.problem = waiting.document.problem.iter().chain(&conclusion.problem).cloned().reduce(|before, now| format!("{before} {now}"));
    }
    work.conclude_document(document_id, &conclusion).await?;
    work.commit().await?;
    Ok(true)
}

/// The position of the advice that announced a payment: by its number, and by its amount where several bear it or none has one.
fn advice_of(advices: &[RemittanceAdvice], payment: &PaymentRow) -> Option<usize> {
    let number = |reference: &Option<String>| reference.as_deref().map(normalise);
    let numbered = |position: &usize| number(&advices[*position].reference) == number(&payment.reference);
    let is_amount = |position: &usize| {
        let advice = &advices[*position];
        let total = advice.total.unwrap_or_else(|| advice.paid_by_lines());
        let minor = |currency: Currency| Money::from_decimal(total, currency).ok().map(|money| money.minor);
        payment.currency.parse().ok().and_then(minor) == Some(payment.amount)
    };
    let positions: Vec<usize> = (0..advices.len()).filter(numbered).collect();
    if let [only] = positions[..] { Some(only) } else { positions.into_iter().find(is_amount) }
}

#[cfg(test)]
mod tests {
    use recoup_engine::reading::{DocumentFormat, DocumentKind, Doubt, Reading};
    use recoup_engine::remittance::{Adjustment, AdviceLine};
    use recoup_store::exports::Wanted;
    use rust_decimal::Decimal;

    use super::*;
    use crate::desk::import::import;
    use crate::desk::receive::{Bringer, receive_from};
    use crate::desk::settle::settle_pending;
    use crate::desk::triage::judge_pending;
    use crate::desk::verify::verify;

    async fn put_on_file(workplace: &Workplace, folder: &tempfile::TempDir, file: &str, rows: &str) {
        let path = folder.path().join(file);
        std::fs::write(&path, rows).expect("written");
        import(workplace, &[path]).await.expect("imported");
    }

    fn line(reference: &str, gross: i64, discount: i64, shortage: i64, net: i64) -> AdviceLine {
        let amount = |minor: i64| Some(Decimal::new(minor, 2)).filter(|amount| !amount.is_zero());
        let short = |amount: Decimal| Adjustment { amount: -amount, text: Some("Short 2 cases".to_owned()), ..Adjustment::default() };
        AdviceLine {
            reference: Some(reference.to_owned()),
            gross: amount(gross),
            discount: amount(discount),
            adjustments: amount(shortage).map(short).into_iter().collect(),
            net: amount(net),
            ..AdviceLine::default()
        }
    }

    async fn receive(workplace: &Workplace, lines: Vec<AdviceLine>) {
        let mut advice = RemittanceAdvice { currency: "EUR".parse().ok(), reference: Some("P-1".to_owned()), lines, ..RemittanceAdvice::default() };
        advice.total = Some(advice.paid_by_lines());
        advice.payment_date = Some(jiff::civil::date(2026, 3, 20));
        advice.payer.name = Some("Hill Stores".to_owned());
        let mut reading = Reading::not_understood(DocumentFormat::Text, Doubt::note("", ""));
        (reading.content, reading.kind, reading.doubts) = (Content::Advices(vec![advice]), DocumentKind::RemittanceAdvice, Vec::new());
        let bringer = Bringer { login: "sue", about: None, purpose: None };
        let (document_id, _) = receive_from(workplace, "advice.txt", b"advice", bringer).await.expect("received");
        let mut work = workplace.store.begin().await.expect("work");
        work.save_reading(&document_id, &reading).await.expect("read");
        work.commit().await.expect("committed");
    }

    /// Invoice, amount, category, validity and rule of every standing deduction, and what is on account.
    async fn stands(workplace: &Workplace) -> (Vec<String>, i64) {
        settle_pending(workplace).await.expect("settled");
        judge_pending(workplace).await.expect("judged");
        let broken: Vec<_> = verify(workplace).await.expect("verified").into_iter().filter(|check| check.broken > 0).collect();
        assert!(broken.is_empty(), "{broken:?}");
        let mut said = Vec::new();
        for row in workplace.store.export_deductions(&Wanted::default()).await.expect("read") {
            let word = |value: Option<String>| value.unwrap_or_default();
            said.push(format!("{} {} {} {} {}", word(row.invoice_number), row.amount, word(row.category), word(row.validity), word(row.rule)));
        }
        let payments = workplace.store.export_payments(&Wanted::default()).await.expect("read");
        (said, payments.iter().map(|payment| payment.on_account).sum())
    }

    #[tokio::test]
    async fn what_is_held_back_on_an_unknown_invoice_is_a_claim_that_is_judged_when_the_invoice_comes() {
        let folder = tempfile::tempdir().expect("a folder");
        let workplace = Workplace::open(&folder.path().join("data"), None).await.expect("a workplace");
        put_on_file(&workplace, &folder, "customers.csv", "customer_id,name,currency,payment_terms\nK1,Hill Stores,EUR,2/30 net 60\nK2,Dale Stores,EUR,\n")
            .await;
        let head = "invoice_number,customer_id,issue_date,currency,total_amount\n";
        put_on_file(&workplace, &folder, "invoices.csv", &format!("{head}R-10001,K1,2026-03-01,EUR,120.00\nR-30003,K2,2026-03-01,EUR,50.00\n")).await;
        receive(&workplace, vec![line("R-10001", 12_000, 240, 0, 11_760), line("R20002", 7_000, 140, 1_000, 5_860), line("R-30003", 5_000, 0, 500, 4_500)])
            .await;
        let (said, on_account) = stands(&workplace).await;
        let unknown = "unknown invoice.not_on_file";
        assert_eq!(
            said,
            [
                "R-10001 240 early_payment_discount valid discount.earned".to_owned(),
                format!("R20002 140 early_payment_discount {unknown}"),
                format!("R20002 1000 shortage {unknown}"),
                // The invoice of another customer is no invoice of this one.
                format!("R-30003 500 shortage {unknown}"),
            ]
        );
        assert_eq!(on_account, 7_000 + 5_000, "what the lines settle: cash and what was held back");
        let claims = workplace.store.export_claims(&Wanted::default()).await.expect("read");
        assert_eq!(claims.len(), 3, "each is a claim that somebody works");

        put_on_file(&workplace, &folder, "invoices.csv", &format!("{head}R-20002,K1,2026-03-05,EUR,70.00\n")).await;
        let (said, on_account) = stands(&workplace).await;
        assert_eq!(
            said,
            [
                "R-10001 240 early_payment_discount valid discount.earned".to_owned(),
                "R-20002 140 early_payment_discount valid discount.earned".to_owned(),
                "R-20002 1000 shortage unknown shortage.no_proof".to_owned(),
                format!("R-30003 500 shortage {unknown}"),
            ]
        );
        assert_eq!(on_account, 5_000);
    }
}

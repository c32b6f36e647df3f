//! Payments that were posted before all was known: settled anew when their money came as another amount, or an invoice that they name.

use anyhow::Result;
use recoup_engine::money::{Currency, Money};
use recoup_engine::reading::{Content, Doubt};
use recoup_engine::reference::normalise;
use recoup_engine::remittance::RemittanceAdvice;
use recoup_store::documents::Conclusion;
use recoup_store::settlements::{BankPayment, PaymentRow};
use serde_json::json;

use super::advices::{announced, give_back, prepare, settle_with, tell};
use super::{Parties, Waiting, posting};
use crate::workplace::Workplace;

/// What became of a payment that may be settled anew.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Anew {
    Settled,
    /// It stays, as nothing that it waits for can be told from what is on file.
    Stays,
    /// People work a claim on it: it is looked at again when they have let go.
    Worked,
}

/// Settles the payments anew for which an invoice came that they name. What people work on, or put on items by hand, stays as it is until they let go.
pub(super) async fn settle_awaiting(workplace: &Workplace, parties: &Parties) -> Result<()> {
    for (payment, numbers) in workplace.store.payments_with_new_invoices().await? {
        if workplace.store.is_put_by_hand(&payment.payment_id).await? {
            continue;
        }
        let bank = match &payment.bank_payment_id {
            Some(bank_payment_id) => workplace.store.bank_payment(bank_payment_id).await?,
            None => None,
        };
        if settle_again(workplace, parties, &payment, bank.as_ref(), &numbers).await? == Anew::Stays {
            let mut work = workplace.store.begin().await?;
            work.await_on(&payment.payment_id).await?;
            work.commit().await?;
        }
    }
    Ok(())
}

/// Settles an announced payment anew with the money that came for it, another amount than announced; returns whether it could be.
pub(super) async fn settle_anew(workplace: &Workplace, parties: &Parties, payment: &PaymentRow, bank: &BankPayment) -> Result<bool> {
    Ok(settle_again(workplace, parties, payment, Some(bank), &[]).await? == Anew::Settled)
}

/// The same with whatever money has come for it. Where it waits for `awaited` invoices, one of them must be found now, and nobody work a claim on it.
async fn settle_again(workplace: &Workplace, parties: &Parties, payment: &PaymentRow, bank: Option<&BankPayment>, awaited: &[String]) -> Result<Anew> {
    let Some(document_id) = payment.document_id.as_deref() else { return Ok(Anew::Stays) };
    let (Some(document), Some(reading)) = (workplace.store.document(document_id).await?, workplace.store.reading(document_id).await?) else {
        return Ok(Anew::Stays);
    };
    let waiting = Waiting { document, reading };
    let Content::Advices(advices) = &waiting.reading.content else { return Ok(Anew::Stays) };
    let Some(position) = advice_of(advices, payment) else { return Ok(Anew::Stays) };
    let mut one = prepare(workplace, parties, &waiting, position, &advices[position]).await?;
    give_back(workplace, &payment.payment_id, &mut one.items).await?;
    let Ok((currency, announced)) = announced(parties, &one) else { return Ok(Anew::Stays) };
    let (mut posting, left) = settle_with(workplace, parties, &one, currency, announced, bank).await?;
    // Settling tells what came, by the same keys as ever: literal, written otherwise, carried by a payment slip.
    let come = awaited.iter().find(|number| !posting.settlement.unknown_invoices.contains(number));
    if come.is_none() && !awaited.is_empty() {
        return Ok(Anew::Stays);
    }
    let mut work = workplace.store.begin().await?;
    if !awaited.is_empty() && work.worked_claim_on(&payment.payment_id).await?.is_some() {
        return Ok(Anew::Worked);
    }
    let why = json!({ "replaced_by": posting.payment.payment_id, "money": bank.map(|bank| &bank.payment_id), "invoice_came": come });
    posting::take_back(&mut work, &payment.payment_id, &why).await?;
    posting.payment.sequence = work.next_numbers("payment", 1).await?;
    posting::post(&mut work, &posting.payment, &posting.settlement, &posting.origin).await?;
    let conclusion = concluded(&waiting, advices.len(), left);
    work.conclude_document(document_id, &conclusion).await?;
    work.commit().await?;
    Ok(Anew::Settled)
}

/// The state of a document one of whose advices was settled anew; what another advice of the same file waits for still holds.
fn concluded(waiting: &Waiting, advices: usize, left: Vec<Doubt>) -> Conclusion {
    let mut doubts = waiting.reading.doubts.clone();
    doubts.extend(left);
    let mut conclusion = Conclusion { status: "processed", ..Conclusion::default() };
    tell(&mut conclusion, doubts);
    if advices > 1 && waiting.document.status == "needs_review" {
        conclusion.status = "needs_review";
        conclusion.problem = waiting.document.problem.iter().chain(&conclusion.problem).cloned().reduce(|before, now| format!("{before} {now}"));
    }
    conclusion
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
    use recoup_engine::claim::action::Action;
    use recoup_engine::reading::{DocumentFormat, DocumentKind, Reading};
    use recoup_engine::remittance::{Adjustment, AdviceLine};
    use recoup_store::exports::{About, Wanted};
    use recoup_store::people::UserRow;
    use rust_decimal::Decimal;

    use super::*;
    use crate::desk::import::import;
    use crate::desk::receive::{Bringer, receive_from};
    use crate::desk::resolve::{Resolved, act};
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
    async fn a_line_that_names_an_order_pays_its_invoice_once_that_is_on_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let workplace = Workplace::open(&folder.path().join("data"), None).await.expect("a workplace");
        put_on_file(&workplace, &folder, "customers.csv", CUSTOMERS).await;
        put_on_file(&workplace, &folder, "invoices.csv", &format!("{INVOICES}R-10001,K1,2026-03-01,EUR,120.00\n")).await;
        receive(&workplace, vec![line("R-10001", 12_000, 0, 0, 12_000), line("PO 4711", 7_000, 0, 1_000, 6_000)]).await;
        assert_eq!(stands(&workplace).await.1, 7_000);
        let head = INVOICES.replace('\n', ",purchase_order\n");
        put_on_file(&workplace, &folder, "invoices.csv", &format!("{head}R-20002,K1,2026-03-05,EUR,90.00,PO-4712\n")).await;
        assert_eq!(stands(&workplace).await.1, 7_000, "another order");
        put_on_file(&workplace, &folder, "invoices.csv", &format!("{head}R-20003,K1,2026-03-05,EUR,70.00,PO-4711\n")).await;
        assert_eq!(stands(&workplace).await, (vec!["R-20003 1000 shortage unknown shortage.no_proof".to_owned()], 0));
    }

    #[tokio::test]
    async fn what_is_held_back_on_an_invoice_that_was_paid_before_is_a_claim_that_names_the_payment() {
        let folder = tempfile::tempdir().expect("a folder");
        let workplace = Workplace::open(&folder.path().join("data"), None).await.expect("a workplace");
        put_on_file(&workplace, &folder, "customers.csv", CUSTOMERS).await;
        put_on_file(&workplace, &folder, "invoices.csv", &format!("{INVOICES}R-10001,K1,2026-03-01,EUR,120.00\n")).await;
        receive(&workplace, vec![line("R-10001", 12_000, 240, 0, 11_760), line("R-10001", 12_000, 240, 1_000, 10_760)]).await;
        let (said, on_account) = stands(&workplace).await;
        assert_eq!(
            said,
            [
                "R-10001 240 early_payment_discount valid discount.earned",
                "R-10001 240 early_payment_discount invalid settlement.paid_before",
                "R-10001 1000 shortage unknown shortage.no_proof",
            ]
        );
        assert_eq!(on_account, 12_000);
        let payment = &workplace.store.payments_named("p 1").await.expect("read")[0];
        let deductions = workplace.store.deductions_about(About::Payment(&payment.payment_id)).await.expect("read");
        let says = format!("Invoice R-10001 was settled before by payment {} of 2026-03-20", payment.payment_id);
        assert!(deductions[1].explanation.as_ref().is_some_and(|explanation| explanation.starts_with(&says)), "{deductions:?}");
        assert!(deductions[2].evidence.as_ref().is_some_and(|evidence| evidence.contains(&says)), "{deductions:?}");
    }

    const CUSTOMERS: &str = "customer_id,name,currency,payment_terms\nK1,Hill Stores,EUR,2/30 net 60\nK2,Dale Stores,EUR,\n";
    const INVOICES: &str = "invoice_number,customer_id,issue_date,currency,total_amount\n";

    #[tokio::test]
    async fn an_invoice_that_came_while_people_worked_the_claim_is_looked_at_when_they_let_go() {
        let folder = tempfile::tempdir().expect("a folder");
        let workplace = Workplace::open(&folder.path().join("data"), None).await.expect("a workplace");
        put_on_file(&workplace, &folder, "customers.csv", CUSTOMERS).await;
        put_on_file(&workplace, &folder, "invoices.csv", &format!("{INVOICES}R-10001,K1,2026-03-01,EUR,120.00\n")).await;
        // The second line is paid by a creditor reference that carries the number behind zeros.
        receive(&workplace, vec![line("R-10001", 12_000, 0, 0, 12_000), line("RF21 0002 0260 0490", 7_000, 0, 1_000, 6_000)]).await;
        let (said, on_account) = stands(&workplace).await;
        assert_eq!((said.len(), on_account), (1, 7_000), "{said:?}");
        let claims = workplace.store.export_claims(&Wanted::default()).await.expect("read");
        let claim_id = claims[0].claim_id.clone();
        let (login, role) = ("sue".to_owned(), "analyst".to_owned());
        let sue = UserRow { user_id: login.clone(), name: login.clone(), login, role, password_hash: String::new(), active: true, language: None };
        let mut work = workplace.store.begin().await.expect("work");
        work.add_user(&sue, "2026-03-21T08:00:00Z").await.expect("a person");
        work.commit().await.expect("committed");
        let taken = act(&workplace, "sue", &claim_id, 1, &Action::Assign(Some("sue".to_owned()))).await.expect("asked");
        assert!(matches!(taken, Resolved::Done(_)));
        put_on_file(&workplace, &folder, "invoices.csv", &format!("{INVOICES}INV-2026-00490,K1,2026-03-05,EUR,70.00\n")).await;
        assert_eq!(stands(&workplace).await, (said.clone(), 7_000), "somebody works on it");
        // Judging it again has given it another version.
        let given_back = act(&workplace, "sue", &claim_id, 3, &Action::Assign(None)).await.expect("asked");
        assert!(matches!(given_back, Resolved::Done(_)), "{given_back:?}");
        let (said, on_account) = stands(&workplace).await;
        assert_eq!((said, on_account), (vec!["INV-2026-00490 1000 shortage unknown shortage.no_proof".to_owned()], 0));
        let log = workplace.store.export_audit(None).await.expect("read");
        let taken_back = log.iter().find(|entry| entry.detail.contains("replaced_by")).expect("in the log");
        let detail: serde_json::Value = serde_json::from_str(&taken_back.detail).expect("JSON");
        let standing = workplace.store.export_payments(&Wanted::default()).await.expect("read");
        assert_eq!(detail["replaced_by"], standing[0].payment_id.as_str());
        assert_eq!(detail["invoice_came"], "RF21 0002 0260 0490");
    }

    #[tokio::test]
    async fn what_is_held_back_on_an_unknown_invoice_is_a_claim_that_is_judged_when_the_invoice_comes() {
        let folder = tempfile::tempdir().expect("a folder");
        let workplace = Workplace::open(&folder.path().join("data"), None).await.expect("a workplace");
        put_on_file(&workplace, &folder, "customers.csv", CUSTOMERS).await;
        put_on_file(&workplace, &folder, "invoices.csv", &format!("{INVOICES}R-10001,K1,2026-03-01,EUR,120.00\nR-30003,K2,2026-03-01,EUR,50.00\n")).await;
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

        put_on_file(&workplace, &folder, "invoices.csv", &format!("{INVOICES}R-20002,K1,2026-03-05,EUR,70.00\n")).await;
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

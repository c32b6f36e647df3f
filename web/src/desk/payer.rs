//! A person says whose money a bank line is: the posting on account is taken back, the customer stands with the line, and settling goes on from there.

use anyhow::Result;
use recoup_store::audit::NewEntry;
use recoup_store::deeds::Deed;
use recoup_store::settlements::PaymentRow;
use thiserror::Error;

use super::process::finish_unless_busy;
use super::settle::posting;
use crate::clock::now_text;
use crate::vault::digest;
use crate::workplace::Workplace;

/// Why nothing was done.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum NotNamed {
    #[error("Payments are being posted by another process at this moment. Nothing was changed; try again shortly.")]
    Busy,
    #[error("This payment was posted anew since it was looked at.")]
    Stale,
    #[error("Whose payment this is was known already.")]
    Known,
    #[error("It was announced by a document: say on the document whose it is.")]
    OfADocument,
}

/// Names the customer of a payment whose payer nobody knew; the payment that took its place, where settling could go on at once.
pub async fn name_payer(workplace: &Workplace, payment_id: &str, customer_id: &str, by: &str) -> Result<Result<Option<PaymentRow>, NotNamed>> {
    let bank_payment_id = {
        let Some(_alone) = workplace.processing_soon().await? else { return Ok(Err(NotNamed::Busy)) };
        let Some(payment) = workplace.store.payment(payment_id).await?.filter(|payment| !payment.reversed) else { return Ok(Err(NotNamed::Stale)) };
        if payment.customer_id.is_some() {
            return Ok(Err(NotNamed::Known));
        }
        let Some(bank_payment_id) = payment.bank_payment_id else { return Ok(Err(NotNamed::OfADocument)) };
        let mut work = workplace.store.begin().await?;
        posting::take_back(&mut work, payment_id, &serde_json::json!({ "replaced_by": "the same money, whose customer a person named" })).await?;
        work.name_customer_of_bank_payment(&bank_payment_id, customer_id).await?;
        let detail = serde_json::json!({ "bank_payment": bank_payment_id, "customer": customer_id }).to_string();
        let entry = NewEntry { at: now_text(), actor: by.to_owned(), action: Deed::PayerNamed.into(), subject: payment_id.to_owned(), detail };
        work.append_audit(vec![entry], digest).await?;
        work.commit().await?;
        bank_payment_id
    };
    finish_unless_busy(workplace).await?;
    let taken_by = workplace.store.bank_payment(&bank_payment_id).await?.and_then(|bank| bank.taken_by);
    Ok(Ok(match taken_by {
        Some(now) => workplace.store.payment(&now).await?,
        None => None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::import::import;
    use crate::desk::process::finish_pending;
    use crate::desk::verify::verify;

    #[tokio::test]
    async fn a_named_payer_lets_the_money_go_on_by_the_usual_way_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let workplace = Workplace::open(&folder.path().join("data"), None).await.expect("a workplace");
        for (file, rows) in [
            ("customers.csv", "customer_id,name,currency\nK1,Hill Stores,EUR\n"),
            ("invoices.csv", "invoice_number,customer_id,issue_date,currency,total_amount\nR-100,K1,2026-03-01,EUR,120.00\nR-101,K1,2026-03-02,EUR,345.67\n"),
            ("payments.csv", "payment_id,received_on,payer_name,amount,currency\nB-1,2026-03-20,ZX BRANCH 7,345.67,EUR\n"),
        ] {
            let path = folder.path().join(file);
            std::fs::write(&path, rows).expect("written");
            import(&workplace, &[path]).await.expect("imported");
        }
        finish_pending(&workplace).await.expect("settled");
        let before = workplace.store.payment("B-1").await.expect("read").expect("on account");
        assert_eq!((before.customer_id.as_deref(), before.on_account), (None, 34_567));
        let now = name_payer(&workplace, "B-1", "K1", "mara").await.expect("done").expect("named").expect("settled");
        assert_eq!((now.customer_id.as_deref(), now.on_account, now.allocated), (Some("K1"), 0, 34_567));
        let again = name_payer(&workplace, "B-1", "K1", "theo").await.expect("asked");
        assert_eq!(again.expect_err("refused"), NotNamed::Stale);
        assert_eq!(name_payer(&workplace, &now.payment_id, "K1", "theo").await.expect("asked").expect_err("refused"), NotNamed::Known);
        for finding in verify(&workplace).await.expect("verified") {
            assert_eq!(finding.broken, 0, "{}: {:?}", finding.invariant, finding.examples);
        }
    }
}

//! A person says what the paper of a delivery proves, article by article: evidence with a name, that claims about these goods are judged by, and that can be
//! taken back.

use anyhow::Result;
use recoup_store::audit::NewEntry;
use recoup_store::deeds::Deed;
use recoup_store::delivery_checks::DeliveryCheck;
use rust_decimal::Decimal;
use thiserror::Error;

use super::triage::judge_unless_busy;
use crate::clock::{now_text, today};
use crate::vault::digest;
use crate::workplace::Workplace;

/// What was read of one article; quantities in the unit that was billed.
#[derive(Clone, Debug)]
pub struct Read {
    pub sku: String,
    /// The version of the check that was looked at; 0 where there was none.
    pub version: i64,
    pub received: Decimal,
    pub refused: Decimal,
    pub damaged: Decimal,
}

/// Why nothing was noted.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NotNoted {
    #[error("{0} was checked by somebody else meanwhile: compare what stands now.")]
    Stale(String),
    #[error("{0} is no article of this invoice.")]
    UnknownArticle(String),
    #[error("{0}: received and refused make more than the {1} that were billed.")]
    MoreThanBilled(String, String),
    #[error("{0}: more is damaged than was received and refused.")]
    MoreDamaged(String),
    #[error("{0}: a quantity is less than nothing.")]
    Negative(String),
}

/// Notes what the paper `document_id` proves of articles of an invoice, all or nothing; what rests on it is judged again.
pub async fn note(workplace: &Workplace, invoice_number: &str, document_id: Option<&str>, read: &[Read], by: &str) -> Result<Result<(), NotNoted>> {
    let goods = workplace.store.goods_of(invoice_number).await?;
    let paper = match document_id {
        Some(id) => workplace.store.document(id).await?,
        None => None,
    };
    let delivered_on = paper.as_ref().and_then(|paper| paper.document_date.clone()).unwrap_or_else(|| today().to_string());
    let mut work = workplace.store.begin().await?;
    for one in read {
        let Some(line) = goods.lines.iter().find(|line| line.sku.as_deref() == Some(&one.sku)) else {
            return Ok(Err(NotNoted::UnknownArticle(one.sku.clone())));
        };
        let billed: Decimal = goods.lines.iter().filter(|line| line.sku.as_deref() == Some(&one.sku)).map(|line| line.quantity).sum();
        let sku = || one.sku.clone();
        if [one.received, one.refused, one.damaged].iter().any(|quantity| quantity.is_sign_negative() && !quantity.is_zero()) {
            return Ok(Err(NotNoted::Negative(sku())));
        }
        if one.received.checked_add(one.refused).is_none_or(|sum| sum > billed) {
            return Ok(Err(NotNoted::MoreThanBilled(sku(), billed.normalize().to_string())));
        }
        if one.damaged > one.received + one.refused {
            return Ok(Err(NotNoted::MoreDamaged(sku())));
        }
        if work.delivery_check_version(invoice_number, &one.sku).await? != one.version {
            return Ok(Err(NotNoted::Stale(sku())));
        }
        work.withdraw_delivery_check(invoice_number, &one.sku).await?;
        let version = one.version + 1;
        let check = DeliveryCheck {
            check_id: format!("CHK-{}", &digest(&format!("{invoice_number}\u{1f}{}\u{1f}{version}", one.sku))[..14]),
            invoice_number: invoice_number.to_owned(),
            sku: sku(),
            version,
            received_quantity: one.received,
            refused_quantity: one.refused,
            damaged_quantity: one.damaged,
            unit: line.unit.clone(),
            delivered_on: delivered_on.clone(),
            document_id: paper.as_ref().map(|paper| paper.document_id.clone()),
            paper: paper.as_ref().map(|paper| paper.name.clone()),
            noted_by: by.to_owned(),
            noted_at: now_text(),
            withdrawn: false,
        };
        work.note_delivery_check(&check).await?;
        let detail = serde_json::json!({
            "article": check.sku, "received": check.received_quantity, "refused": check.refused_quantity, "damaged": check.damaged_quantity,
            "unit": check.unit, "paper": check.paper, "version": version,
        });
        work.append_audit(vec![entry(Deed::DeliveryChecked, invoice_number, by, &detail)], digest).await?;
    }
    work.reopen_verdicts(&[], &[invoice_number.to_owned()]).await?;
    work.commit().await?;
    judge_unless_busy(workplace).await?;
    Ok(Ok(()))
}

/// Takes the check of an article back; what rested on it is judged again without it.
pub async fn take_back(workplace: &Workplace, invoice_number: &str, sku: &str, version: i64, by: &str) -> Result<Result<(), NotNoted>> {
    let mut work = workplace.store.begin().await?;
    if work.delivery_check_version(invoice_number, sku).await? != version || !work.withdraw_delivery_check(invoice_number, sku).await? {
        return Ok(Err(NotNoted::Stale(sku.to_owned())));
    }
    let detail = serde_json::json!({ "article": sku, "version": version });
    work.append_audit(vec![entry(Deed::DeliveryCheckTakenBack, invoice_number, by, &detail)], digest).await?;
    work.reopen_verdicts(&[], &[invoice_number.to_owned()]).await?;
    work.commit().await?;
    judge_unless_busy(workplace).await?;
    Ok(Ok(()))
}

fn entry(action: Deed, invoice_number: &str, by: &str, detail: &serde_json::Value) -> NewEntry {
    NewEntry { at: now_text(), actor: by.to_owned(), action: action.into(), subject: invoice_number.to_owned(), detail: detail.to_string() }
}

#[cfg(test)]
mod tests {
    use recoup_engine::allocation::{Terms, allocate};
    use recoup_engine::matching::OpenItems;
    use recoup_engine::reading::Confidence;
    use recoup_engine::remittance::{AdviceLine, LineSubject};

    use super::*;
    use crate::desk::import::import;
    use crate::desk::settle::posting;

    /// An invoice of 20 cases at 10.00 of which the customer holds back five, and no record of the delivery.
    async fn short_delivery() -> (Workplace, tempfile::TempDir) {
        let folder = tempfile::tempdir().expect("a folder");
        let workplace = Workplace::open(&folder.path().join("data"), None).await.expect("a workplace");
        for (file, rows) in [
            ("customers.csv", "customer_id,name,currency\nK1,Hill Stores,EUR\n"),
            ("products.csv", "sku,description,unit,case_pack\nA1,Tea,each,12\n"),
            ("reason_codes.csv", "customer_id,code,description,category\nK1,22,Shortage,shortage\n"),
            ("invoices.csv", "invoice_number,customer_id,issue_date,currency,total_amount\nR-100,K1,2026-03-01,EUR,200.00\n"),
            (
                "invoice_lines.csv",
                "invoice_number,line_number,sku,description,quantity,unit,unit_price,line_amount,tax_rate\nR-100,1,A1,Tea,20,case,10.00,200.00,0\n",
            ),
        ] {
            let path = folder.path().join(file);
            std::fs::write(&path, rows).expect("written");
            let summary = import(&workplace, &[path]).await.expect("imported");
            assert!(summary.rejects.is_empty(), "{file}: {:?}", summary.rejects);
        }
        let currency = "EUR".parse().expect("a currency");
        let line = AdviceLine {
            subject: LineSubject::Invoice,
            reference: Some("R-100".to_owned()),
            gross: Some(Decimal::from(200)),
            net: Some(Decimal::from(150)),
            code: Some("22".to_owned()),
            text: Some("Short 5 cs item A1".to_owned()),
            ..AdviceLine::default()
        };
        let mut open = OpenItems::new(workplace.store.open_items_of(&["K1".to_owned()]).await.expect("items"));
        let settlement = allocate(&[line], &mut open, Terms { currency, amount: 15_000, tolerance: 5, confidence: Confidence::CERTAIN });
        let payment = posting::arrived(1, "K1", 15_000, &settlement);
        let mut work = workplace.store.begin().await.expect("work");
        work.post_payment(&payment, &settlement, "P-1", digest).await.expect("posted");
        work.commit().await.expect("committed");
        judge_unless_busy(&workplace).await.expect("judged");
        (workplace, folder)
    }

    fn read(version: i64, received: i64, refused: i64, damaged: i64) -> [Read; 1] {
        let [received, refused, damaged] = [received, refused, damaged].map(Decimal::from);
        [Read { sku: "A1".to_owned(), version, received, refused, damaged }]
    }

    async fn judged(workplace: &Workplace) -> (Option<String>, Option<i64>, String) {
        let claims = workplace.store.goods_claims(&["R-100".to_owned()], &["shortage"]).await.expect("read");
        let claim = workplace.store.claim(&claims[0].claim_id).await.expect("read").expect("a claim");
        let deduction = workplace.store.deduction_detail(&claim.row.deduction_id).await.expect("read").expect("a deduction");
        (deduction.validity, deduction.valid_amount, deduction.evidence.unwrap_or_default())
    }

    #[tokio::test]
    async fn what_the_paper_proves_decides_for_a_part_until_it_is_taken_back() {
        let (workplace, _folder) = short_delivery().await;
        assert_eq!(judged(&workplace).await.0.as_deref(), Some("unknown"));
        note(&workplace, "R-100", None, &read(0, 17, 0, 0), "sam").await.expect("noted").expect("taken");
        let (validity, owed, evidence) = judged(&workplace).await;
        assert_eq!((validity.as_deref(), owed), (Some("partial"), Some(3_000)), "three of five cases at 10.00 are missing");
        assert!(evidence.contains("read from the paper by sam"), "{evidence}");
        take_back(&workplace, "R-100", "A1", 1, "sam").await.expect("asked").expect("taken back");
        assert_eq!(judged(&workplace).await.0.as_deref(), Some("unknown"));
        let log = workplace.store.happened("R-100").await.expect("the log");
        let acts: Vec<(&str, &str)> = log.iter().map(|entry| (entry.actor.as_str(), entry.action.as_str())).collect();
        assert!(acts.ends_with(&[("sam", "delivery_checked"), ("sam", "delivery_check_taken_back")]), "{acts:?}");
    }

    #[tokio::test]
    async fn a_check_is_refused_that_does_not_fit_the_invoice_or_comes_late() {
        let (workplace, _folder) = short_delivery().await;
        let noted = async |read: &[Read]| note(&workplace, "R-100", None, read, "sam").await.expect("asked");
        assert_eq!(noted(&read(0, 19, 2, 0)).await, Err(NotNoted::MoreThanBilled("A1".to_owned(), "20".to_owned())));
        assert_eq!(noted(&read(0, 3, 1, 5)).await, Err(NotNoted::MoreDamaged("A1".to_owned())));
        assert_eq!(noted(&read(0, -1, 1, 0)).await, Err(NotNoted::Negative("A1".to_owned())));
        assert_eq!(noted(&[Read { sku: "B9".to_owned(), ..read(0, 1, 0, 0)[0].clone() }]).await, Err(NotNoted::UnknownArticle("B9".to_owned())));
        assert_eq!(noted(&read(0, 17, 1, 1)).await, Ok(()));
        assert_eq!(noted(&read(0, 20, 0, 0)).await, Err(NotNoted::Stale("A1".to_owned())), "somebody checked it meanwhile");
        let standing = async || workplace.store.delivery_checks(&["R-100".to_owned()]).await.expect("read");
        assert_eq!(standing().await.iter().map(|check| (check.version, check.noted_by.as_str())).collect::<Vec<_>>(), [(1, "sam")]);
        assert_eq!(take_back(&workplace, "R-100", "A1", 1, "sam").await.expect("asked"), Ok(()));
        assert!(standing().await.is_empty());
        assert_eq!(take_back(&workplace, "R-100", "A1", 1, "sam").await.expect("asked"), Err(NotNoted::Stale("A1".to_owned())));
        assert_eq!(noted(&read(1, 20, 0, 0)).await, Ok(()), "and checked again");
    }
}

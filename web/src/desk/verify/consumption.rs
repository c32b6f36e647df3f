//! No unit of an article is paid for twice under one agreement.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use recoup_engine::agreement::Agreement;
use recoup_engine::consumption::{Lot, Source, stock};
use recoup_engine::facts::Facts;
use recoup_store::verdicts::Consumption;
use recoup_store::verify::Finding;
use rust_decimal::Decimal;

use crate::workplace::Workplace;

/// Of every lot, no more units are paid for than are on file.
pub(super) async fn consumption(workplace: &Workplace) -> Result<Finding> {
    let paid_for = workplace.store.consumption().await?;
    let facts = on_file(workplace, &paid_for).await?;
    Ok(checked(&paid_for, &facts))
}

fn checked(paid_for: &[Consumption], facts: &Facts) -> Finding {
    let says = "under one agreement no more units of an article are paid for than an invoice bills or a week scanned";
    let mut finding = Finding { invariant: "consumption", says, checked: 0, broken: 0, examples: Vec::new() };
    let mut lots: BTreeMap<(&str, &Lot), (Decimal, Vec<&str>)> = BTreeMap::new();
    for one in paid_for {
        for taken in &one.took {
            let (units, by) = lots.entry((&one.agreement_id, &taken.lot)).or_default();
            *units += taken.units;
            by.push(&one.deduction_id);
        }
    }
    let agreements: BTreeMap<&str, &Agreement> = facts.agreements.values().flatten().map(|agreement| (agreement.agreement_id.as_str(), agreement)).collect();
    for ((agreement_id, lot), (units, by)) in lots {
        finding.checked += 1;
        // What was taken off the file since tells nothing of its units.
        let Some(stock) = agreements.get(agreement_id).and_then(|agreement| stock(facts, agreement, lot)) else { continue };
        if units > stock {
            finding.broken += 1;
            finding.examples.push(format!("{agreement_id}: {} of {} units of {lot} by {}", units.normalize(), stock.normalize(), by.join(", ")));
        }
    }
    finding.examples.truncate(10);
    finding
}

/// The agreements, scans and invoices that were paid for.
async fn on_file(workplace: &Workplace, paid_for: &[Consumption]) -> Result<Facts> {
    let customers = workplace.store.customers().await?;
    let families = Facts::of_customers(customers.iter().cloned());
    let members: BTreeSet<String> = paid_for.iter().flat_map(|one| families.group(&one.customer_id).to_vec()).collect();
    let mut facts = workplace.store.customer_facts(customers, &members.into_iter().collect::<Vec<_>>(), None).await?;
    let billed = paid_for.iter().flat_map(|one| &one.took).filter_map(|taken| match &taken.lot.source {
        Source::Invoice(number) => Some(number.clone()),
        Source::Week(_) => None,
    });
    workplace.store.add_invoice_facts(&mut facts, &billed.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()).await?;
    Ok(facts)
}

#[cfg(test)]
mod tests {
    use recoup_engine::allocation::{Terms, allocate};
    use recoup_engine::matching::OpenItems;
    use recoup_engine::money::Currency;
    use recoup_engine::reading::Confidence;
    use recoup_engine::remittance::{Adjustment, AdviceLine};

    use super::*;
    use crate::desk::import::import;
    use crate::desk::settle::posting;
    use crate::desk::triage::judge_pending;

    /// Pays so much of the invoice, short under this number and with these words, as payment `number`.
    async fn pay(workplace: &Workplace, number: i64, note: &str, words: &str, gross: i64, short: i64) {
        let amount = |minor: i64| Some(Decimal::new(minor, 2));
        let taken = Adjustment { amount: Decimal::new(-short, 2), text: Some(words.to_owned()), reference: Some(note.to_owned()), ..Adjustment::default() };
        let line = AdviceLine {
            reference: Some("R-100".to_owned()),
            gross: amount(gross),
            net: amount(gross - short),
            adjustments: vec![taken],
            ..AdviceLine::default()
        };
        let currency: Currency = "EUR".parse().expect("a currency");
        let mut open = OpenItems::new(workplace.store.open_items_of(&["K1".to_owned()]).await.expect("items"));
        let paid = gross - short;
        let settlement = allocate(&[line], &mut open, Terms { currency, amount: paid, tolerance: 5, confidence: Confidence::CERTAIN });
        let mut work = workplace.store.begin().await.expect("work");
        posting::post(&mut work, &posting::arrived(number, "K1", paid, &settlement), &settlement, &format!("payment {number}")).await.expect("posted");
        work.commit().await.expect("committed");
    }

    #[tokio::test]
    async fn units_that_were_paid_for_are_owed_no_second_time_whatever_document_claims_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let workplace = Workplace::open(&folder.path().join("data"), None).await.expect("a workplace");
        for (file, rows) in [
            ("customers.csv", "customer_id,name,currency\nK1,Hill Stores,EUR\n"),
            ("products.csv", "sku,description,unit,case_pack\nBEANS12,Beans,each,12\n"),
            ("invoices.csv", "invoice_number,customer_id,issue_date,currency,total_amount\nR-100,K1,2026-03-02,EUR,240.00\n"),
            ("invoice_lines.csv", "invoice_number,line_number,sku,quantity,unit,unit_price,line_amount\nR-100,1,BEANS12,10,case,24.00,240.00\n"),
            (
                "agreements.csv",
                "agreement_id,customer_id,kind,skus,starts_on,ends_on,rate_type,rate,currency,status\n\
                 PA-1,K1,bill_back,BEANS12,2026-03-01,2026-03-31,per_unit,0.10,EUR,confirmed\n",
            ),
        ] {
            let path = folder.path().join(file);
            std::fs::write(&path, rows).expect("written");
            import(&workplace, &[path]).await.expect("imported");
        }
        pay(&workplace, 1, "DN-1", "Billback 6 cases BEANS12", 12_000, 720).await;
        pay(&workplace, 2, "DN-2", "Promo allowance BEANS12", 12_000, 1_200).await;
        judge_pending(&workplace).await.expect("judged");
        let rows = workplace.store.export_deductions(&recoup_store::exports::Wanted::default()).await.expect("read");
        let said: Vec<_> = rows.iter().map(|row| (row.valid_amount, row.rule.as_deref())).collect();
        assert_eq!(said, [(Some(720), Some("agreement.covered")), (Some(480), Some("agreement.cap_or_used"))], "{rows:?}");
        let says = rows[1].explanation.as_deref().unwrap_or_default();
        assert!(says.contains("72 units of BEANS12 of invoice R-100 were settled before under DN-1 (7.20 EUR)"), "{says}");
        let found = consumption(&workplace).await.expect("verified");
        assert_eq!((found.checked, found.broken), (1, 0), "{:?}", found.examples);
        // A verdict on the same units once more, as nothing of ours would give it.
        let mut paid_for = workplace.store.consumption().await.expect("read");
        let facts = on_file(&workplace, &paid_for).await.expect("read");
        paid_for.push(Consumption { deduction_id: "X-twice".to_owned(), ..paid_for[1].clone() });
        let found = checked(&paid_for, &facts);
        let [first, second] = [0, 1].map(|position| paid_for[position].deduction_id.clone());
        assert_eq!(found.examples, [format!("PA-1: 168 of 120 units of BEANS12 of invoice R-100 by {first}, {second}, X-twice")]);
    }
}

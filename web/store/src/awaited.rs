//! Invoices that payments name and nobody knew when they were posted.

use std::collections::{BTreeSet, HashSet};

use recoup_engine::reference::slip::proven;
use recoup_engine::reference::{confusable_form, digits_only};
use serde::Deserialize;

use crate::settlements::{PAYMENT_COLUMNS, PaymentRow};
use crate::{Result, Store, Work};

#[derive(Deserialize)]
struct Awaited {
    payment_id: String,
    number: String,
}

#[derive(Deserialize)]
struct Delivered {
    purchase_order: Option<String>,
    delivery_note: Option<String>,
}

/// The forms in which a number may be written otherwise; fewer than five digits are no number.
fn forms(number: &str) -> impl Iterator<Item = String> {
    [confusable_form(number), digits_only(number)].into_iter().filter(|form| form.len() >= 5).chain([number.trim().to_owned()])
}

/// Whether a payment slip's reference carries one of these forms: alone, or behind a number of the customer.
fn is_carried(forms: &HashSet<String>, reference: &str) -> bool {
    let tails = |payload: &str| (0..payload.len().saturating_sub(4)).filter_map(|from| payload.get(from..)).any(|tail| forms.contains(tail));
    proven(reference).iter().any(|slip| tails(&slip.payload))
}

impl Work {
    /// Remembers the numbers that a payment waits for.
    pub(crate) async fn await_invoices(&mut self, payment_id: &str, numbers: &[String]) -> Result<()> {
        let numbers: BTreeSet<&str> = numbers.iter().map(String::as_str).collect();
        let rows = numbers.into_iter().map(|number| vec![payment_id.into(), number.into(), false.into()]).collect();
        self.insert("awaited_invoices", &["payment_id", "number", "has_come"], rows, "").await
    }

    /// Marks the payments that may wait for one of these new invoices.
    pub async fn note_new_invoices(&mut self, numbers: &[String]) -> Result<()> {
        let sql = "select a.payment_id, a.number from awaited_invoices a join payments p on p.payment_id = a.payment_id where a.has_come = false and p.reversed = false";
        let awaited: Vec<Awaited> = self.rows(sql, vec![]).await?;
        if awaited.is_empty() {
            return Ok(());
        }
        // A line may name the order or the delivery note of what it pays.
        let sql = "select purchase_order, delivery_note from invoices where record_key in ({keys})";
        let delivered: Vec<Delivered> = self.rows_for(sql, numbers).await?;
        let delivered = delivered.into_iter().flat_map(|one| [one.purchase_order, one.delivery_note]).flatten();
        let new: HashSet<String> = numbers.iter().cloned().chain(delivered).flat_map(|number| forms(&number).collect::<Vec<_>>()).collect();
        for one in awaited.iter().filter(|one| forms(&one.number).any(|form| new.contains(&form)) || is_carried(&new, &one.number)) {
            let key = vec![one.payment_id.as_str().into(), one.number.as_str().into()];
            self.execute("update awaited_invoices set has_come = true where payment_id = $1 and number = $2", key).await?;
        }
        Ok(())
    }

    /// What a payment waited for was looked at: it waits on, until another invoice comes.
    pub async fn await_on(&mut self, payment_id: &str) -> Result<()> {
        self.execute("update awaited_invoices set has_come = false where payment_id = $1", vec![payment_id.into()]).await.map(drop)
    }
}

impl Store {
    /// Standing payments for which an invoice may have come that they named, in their order, and every number that they wait for.
    pub async fn payments_with_new_invoices(&self) -> Result<Vec<(PaymentRow, Vec<String>)>> {
        let sql = format!(
            "select {PAYMENT_COLUMNS} from payments where reversed = false and payment_id in (select payment_id from awaited_invoices where has_come = true) order by sequence"
        );
        let mut waiting = Vec::new();
        for payment in self.rows::<PaymentRow>(&sql, vec![]).await? {
            let sql = "select payment_id, number from awaited_invoices where payment_id = $1 order by number";
            let numbers: Vec<Awaited> = self.rows(sql, vec![payment.payment_id.as_str().into()]).await?;
            waiting.push((payment, numbers.into_iter().map(|one| one.number).collect()));
        }
        Ok(waiting)
    }
}

//! What people read from the papers of deliveries, article by article: a record where no record of ours tells.

use recoup_engine::shipment::Delivery;
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::{Result, Store, Value, Work};

/// What one person read of one article of an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DeliveryCheck {
    pub check_id: String,
    pub invoice_number: String,
    pub sku: String,
    /// Counts the checks of this article of this invoice, from 1.
    pub version: i64,
    /// What stayed with the customer, in `unit`.
    pub received_quantity: Decimal,
    /// What went back with the driver.
    pub refused_quantity: Decimal,
    /// Of what was received or refused.
    pub damaged_quantity: Decimal,
    pub unit: Option<String>,
    pub delivered_on: String,
    pub document_id: Option<String>,
    /// The name of the paper.
    pub paper: Option<String>,
    pub noted_by: String,
    pub noted_at: String,
    /// Another check took its place, or it was taken back.
    pub withdrawn: bool,
}

impl DeliveryCheck {
    /// The same as a record of the delivery.
    pub fn delivery(&self) -> Option<Delivery> {
        let refused = if self.refused_quantity.is_zero() { String::new() } else { format!(", {} refused", self.refused_quantity.normalize()) };
        let paper = self.paper.as_deref().unwrap_or("the paper");
        Some(Delivery {
            delivery_id: self.check_id.clone(),
            shipment_id: None,
            invoice_number: Some(self.invoice_number.clone()),
            purchase_order: None,
            sku: self.sku.clone(),
            received_quantity: self.received_quantity,
            damaged_quantity: Some(self.damaged_quantity),
            refused_quantity: Some(self.refused_quantity),
            substituted_for_sku: None,
            unit: self.unit.clone(),
            delivered_on: self.delivered_on.parse().ok()?,
            pod_reference: self.paper.clone(),
            signed_by: None,
            note: Some(format!("read from {paper} by {}{refused}", self.noted_by)),
        })
    }
}

/// Records of deliveries with what people read of the articles that no record tells of.
pub(crate) fn beside_records(mut records: Vec<Delivery>, checks: &[DeliveryCheck]) -> Vec<Delivery> {
    let tells = |check: &DeliveryCheck| records.iter().any(|record| record.sku == check.sku && record.invoice_number.as_deref() == Some(&check.invoice_number));
    let read: Vec<Delivery> = checks.iter().filter(|check| !tells(check)).filter_map(DeliveryCheck::delivery).collect();
    records.extend(read);
    records
}

impl Store {
    /// The checks that stand, of some invoices.
    pub async fn delivery_checks(&self, invoices: &[String]) -> Result<Vec<DeliveryCheck>> {
        self.rows_for("select * from delivery_checks where invoice_number in ({keys}) and withdrawn = false order by check_id", invoices).await
    }

    /// Every check of an invoice, withdrawn ones too, oldest first.
    pub async fn delivery_check_history(&self, invoice_number: &str) -> Result<Vec<DeliveryCheck>> {
        self.rows("select * from delivery_checks where invoice_number = $1 order by sku, version", vec![invoice_number.into()]).await
    }
}

impl Work {
    /// How often an article of an invoice was checked, withdrawn checks too.
    pub async fn delivery_check_version(&mut self, invoice_number: &str, sku: &str) -> Result<i64> {
        let sql = "select coalesce(max(version), 0) as value from delivery_checks where invoice_number = $1 and sku = $2";
        self.count(sql, vec![invoice_number.into(), sku.into()]).await
    }

    /// Withdraws the check that stands, if one does.
    pub async fn withdraw_delivery_check(&mut self, invoice_number: &str, sku: &str) -> Result<bool> {
        let sql = "update delivery_checks set withdrawn = true where invoice_number = $1 and sku = $2 and withdrawn = false";
        Ok(self.execute(sql, vec![invoice_number.into(), sku.into()]).await? > 0)
    }

    pub async fn note_delivery_check(&mut self, check: &DeliveryCheck) -> Result<()> {
        const COLUMNS: [&str; 14] = [
            "check_id",
            "invoice_number",
            "sku",
            "version",
            "received_quantity",
            "refused_quantity",
            "damaged_quantity",
            "unit",
            "delivered_on",
            "document_id",
            "paper",
            "noted_by",
            "noted_at",
            "withdrawn",
        ];
        let row: Vec<Value> = vec![
            check.check_id.as_str().into(),
            check.invoice_number.as_str().into(),
            check.sku.as_str().into(),
            check.version.into(),
            check.received_quantity.normalize().to_string().into(),
            check.refused_quantity.normalize().to_string().into(),
            check.damaged_quantity.normalize().to_string().into(),
            check.unit.clone().into(),
            check.delivered_on.as_str().into(),
            check.document_id.clone().into(),
            check.paper.clone().into(),
            check.noted_by.as_str().into(),
            check.noted_at.as_str().into(),
            check.withdrawn.into(),
        ];
        self.insert("delivery_checks", &COLUMNS, vec![row], "").await
    }
}

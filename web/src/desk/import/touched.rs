//! What the rows of an import are about, so that exactly the verdicts they may change are found again.

use std::collections::{BTreeSet, HashSet};

use recoup_engine::facts::Facts;
use recoup_store::Value;
use recoup_store::reference::ReferenceRow;
use recoup_store::reopening::Touched;

use super::files::FileSpec;

/// What one row is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Invoice(String),
    PurchaseOrder(String),
    /// A customer's terms, agreements, returns, credits: they count for the whole group.
    Customer(String),
    Article(String),
    /// No customer and no invoice: everybody.
    Everything,
    /// Money and our own name change no verdict by themselves.
    Nothing,
}

/// The key and the subject of each row.
pub fn about(spec: &FileSpec, rows: &[ReferenceRow]) -> Vec<(String, Subject)> {
    rows.iter().map(|row| (row.record_key.clone(), subject(spec, row))).collect()
}

fn subject(spec: &FileSpec, row: &ReferenceRow) -> Subject {
    let cell = |name: &str| {
        let index = spec.columns.iter().position(|column| column.name == name)?;
        if let Some(Value::Text(text)) = row.values.get(index) { Some(text.clone()) } else { None }
    };
    let (invoice, order, customer) = (|| cell("invoice_number"), || cell("purchase_order"), || cell("customer_id"));
    let found = match spec.file {
        "company" | "payments" => Some(Subject::Nothing),
        "products" | "price_list" => cell("sku").map(Subject::Article),
        "invoices" | "invoice_lines" => invoice().map(Subject::Invoice),
        "orders" | "shipments" | "deliveries" => invoice().map(Subject::Invoice).or_else(|| order().map(Subject::PurchaseOrder)).or(Some(Subject::Nothing)),
        _ => customer().map(Subject::Customer),
    };
    found.unwrap_or(Subject::Everything)
}

/// What the rows that say something new are about; `None` when that can change no verdict.
pub fn by(about: Vec<(String, Subject)>, said_anew: &HashSet<&str>, customers: &Facts) -> Option<Touched> {
    let mut touched = Touched::default();
    let mut wakes = false;
    let mut heads = BTreeSet::new();
    for (_, subject) in about.into_iter().filter(|(key, _)| said_anew.contains(key.as_str())) {
        wakes |= subject != Subject::Nothing;
        match subject {
            Subject::Invoice(number) => drop(touched.invoices.insert(number)),
            Subject::PurchaseOrder(number) => drop(touched.purchase_orders.insert(number)),
            Subject::Customer(id) => drop(heads.insert(id)),
            Subject::Article(sku) => drop(touched.skus.insert(sku)),
            Subject::Everything => touched.everything = true,
            Subject::Nothing => {}
        }
    }
    for id in heads {
        touched.customers.extend(customers.group(&id).iter().cloned());
        touched.customers.insert(id);
    }
    wakes.then_some(touched)
}

//! What the rows of an import are about, so that exactly the verdicts they may change are found again.

use std::collections::HashSet;

use recoup_engine::facts::Facts;
use recoup_store::Value;
use recoup_store::reference::{ReferenceRow, Upserted};
use recoup_store::reopening::Touched;
use serde_json::Value as Json;

use super::files::FileSpec;

/// What a row is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Invoice(String),
    PurchaseOrder(String),
    /// A customer's terms, agreements, returns, credits: they count for the whole group.
    Customer(String),
    Article(String),
    /// No customer and no invoice: everybody.
    Everything,
}

/// The key of each row and what its cells are about, which counts for rows that are not on file yet.
pub fn about(spec: &FileSpec, rows: &[ReferenceRow]) -> Vec<(String, Vec<Subject>)> {
    let of_cells = |row: &ReferenceRow| {
        subjects(spec, &|name| {
            let index = spec.columns.iter().position(|column| column.name == name)?;
            if let Some(Value::Text(text)) = row.values.get(index) { Some(text.clone()) } else { None }
        })
    };
    rows.iter().map(|row| (row.record_key.clone(), of_cells(row))).collect()
}

/// What a row with these cells is about: nothing to find when it is neither an invoice's nor an order's, yet what was not decided may be.
fn subjects(spec: &FileSpec, cell: &dyn Fn(&str) -> Option<String>) -> Vec<Subject> {
    let invoice = || cell("invoice_number").map(Subject::Invoice);
    let order = || cell("purchase_order").map(Subject::PurchaseOrder);
    let customer = || cell("customer_id").map(Subject::Customer);
    match spec.file {
        "products" | "price_list" => cell("sku").map(Subject::Article).into_iter().collect(),
        // An order that a second invoice bills is no longer evidence for the first.
        "invoices" => invoice().into_iter().chain(order()).collect(),
        "invoice_lines" => invoice().into_iter().collect(),
        // What names an invoice counts for it alone.
        "orders" | "shipments" | "deliveries" => invoice().or_else(order).into_iter().collect(),
        "customers" => customer().into_iter().chain(cell("parent_customer_id").map(Subject::Customer)).collect(),
        _ => vec![customer().unwrap_or(Subject::Everything)],
    }
}

/// What a changed row was about and is about now.
fn before_and_after(spec: &FileSpec, before: &Json, after: &Json) -> Vec<Subject> {
    let text = |row: &Json, name: &str| row[name].as_str().map(str::to_owned);
    let mut subjects: Vec<Subject> = [before, after].into_iter().flat_map(|row| subjects(spec, &|name| text(row, name))).collect();
    if spec.file == "invoices" && before["customer_id"] != after["customer_id"] {
        // Its sales leave the agreements of one customer for those of another.
        subjects.extend([before, after].into_iter().filter_map(|row| text(row, "customer_id")).map(Subject::Customer));
    }
    subjects
}

/// What the rows that say something new are about; `None` when that can change no verdict.
pub fn by(spec: &FileSpec, about: Vec<(String, Vec<Subject>)>, upserted: &Upserted, customers: &Facts) -> Option<Touched> {
    let changes_nothing = upserted.new.is_empty() && upserted.changed.is_empty();
    // Money and our own name change no verdict by themselves.
    if changes_nothing || matches!(spec.file, "company" | "payments") {
        return None;
    }
    let new: HashSet<&str> = upserted.new.iter().map(String::as_str).collect();
    let of_new = about.into_iter().filter(|(key, _)| new.contains(key.as_str())).flat_map(|(_, subjects)| subjects);
    let of_changed = upserted.changed.iter().flat_map(|(_, before, after)| before_and_after(spec, before, after));
    let mut touched = Touched::default();
    for subject in of_new.chain(of_changed) {
        match subject {
            Subject::Invoice(number) => drop(touched.invoices.insert(number)),
            Subject::PurchaseOrder(number) => drop(touched.purchase_orders.insert(number)),
            Subject::Customer(id) => {
                if touched.customers.insert(id.clone()) {
                    touched.customers.extend(customers.group(&id).iter().cloned());
                }
            }
            Subject::Article(sku) => drop(touched.skus.insert(sku)),
            Subject::Everything => touched.everything = true,
        }
    }
    Some(touched)
}

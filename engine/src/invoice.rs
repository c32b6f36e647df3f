//! What we billed and credited, and what was settled before this system.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::money::Currency;
use crate::taxonomy::Category;

/// An invoice of ours. Amounts are minor units of its currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    pub invoice_number: String,
    pub customer_id: String,
    pub issue_date: Date,
    pub due_date: Option<Date>,
    pub currency: Currency,
    /// Tax included.
    pub total_amount: i64,
    pub tax_amount: Option<i64>,
    pub purchase_order: Option<String>,
    pub delivery_note: Option<String>,
    /// Blank means the customer's.
    pub payment_terms: Option<String>,
    /// Booked outside this system.
    pub paid_amount: Option<i64>,
    pub legal_entity: Option<String>,
}

/// One line of an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceLine {
    pub invoice_number: String,
    pub line_number: String,
    pub sku: Option<String>,
    pub description: Option<String>,
    pub quantity: Decimal,
    pub unit: Option<String>,
    pub unit_price: Decimal,
    /// Minor units, before tax.
    pub line_amount: i64,
    /// Percent.
    pub tax_rate: Option<Decimal>,
}

/// A credit memo of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditMemo {
    pub credit_memo_number: String,
    pub customer_id: String,
    pub invoice_number: Option<String>,
    pub issue_date: Date,
    /// Minor units.
    pub amount: i64,
    pub currency: Currency,
    pub reason: Option<String>,
    pub reference: Option<String>,
}

/// A deduction settled before this system: what must not be paid twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettledDeduction {
    pub customer_id: String,
    pub reference: Option<String>,
    pub invoice_number: Option<String>,
    pub agreement_id: Option<String>,
    pub category: Option<Category>,
    /// Minor units.
    pub amount: i64,
    pub currency: Currency,
    pub settled_on: Date,
    pub outcome: Option<String>,
    pub note: Option<String>,
}

/// How long a customer's deduction of a category can be disputed, with the source of that knowledge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeWindow {
    pub customer_id: Option<String>,
    pub category: Option<Category>,
    pub days: i64,
    pub counted_from: Option<String>,
    pub attempts: Option<i64>,
    pub source: Option<String>,
    pub verified_on: Option<Date>,
}

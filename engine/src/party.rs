//! Customers and ourselves.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::lists::bar_list;
use crate::money::Currency;
use crate::reading::Language;

/// A customer as `customers.csv` describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    pub customer_id: String,
    pub name: String,
    /// Trading names and the payer names that bank statements show.
    #[serde(default, with = "bar_list")]
    pub aliases: Vec<String>,
    pub parent_customer_id: Option<String>,
    pub tax_id: Option<String>,
    pub gln: Option<String>,
    #[serde(default, with = "bar_list")]
    pub bank_accounts: Vec<String>,
    /// ISO 3166 two letters.
    pub country: Option<String>,
    pub currency: Currency,
    pub language: Option<Language>,
    pub email: Option<String>,
    #[serde(default, with = "bar_list")]
    pub email_domains: Vec<String>,
    /// In the trade's notation, for example `2/10 net 30`.
    pub payment_terms: Option<String>,
    pub discount_grace_days: Option<i64>,
    pub dispute_window_days: Option<i64>,
    #[serde(default, with = "bar_list")]
    pub debit_note_prefixes: Vec<String>,
    /// Largest difference that is let go without a question, in the customer's currency; blank means the rule book's.
    pub tolerance_amount: Option<Decimal>,
}

/// One of our own legal entities: the payee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalEntity {
    pub legal_entity: String,
    pub name: String,
    #[serde(default, with = "bar_list")]
    pub aliases: Vec<String>,
    pub country: Option<String>,
    pub currency: Option<Currency>,
    pub tax_id: Option<String>,
    pub gln: Option<String>,
    #[serde(default, with = "bar_list")]
    pub bank_accounts: Vec<String>,
}

/// One of a customer's own deduction codes; without a customer it holds for all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonCode {
    pub customer_id: Option<String>,
    pub code: String,
    pub description: Option<String>,
    pub category: crate::taxonomy::Category,
}

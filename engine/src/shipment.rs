//! What was ordered, shipped, received and sent back.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::money::Currency;

/// One article of a purchase order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    pub purchase_order: String,
    pub customer_id: String,
    pub order_date: Date,
    pub requested_delivery_date: Option<Date>,
    pub sku: String,
    pub quantity: Decimal,
    pub unit: Option<String>,
    pub unit_price: Option<Decimal>,
}

/// One article of a shipment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipment {
    pub shipment_id: String,
    pub invoice_number: Option<String>,
    pub purchase_order: Option<String>,
    pub sku: String,
    pub shipped_quantity: Decimal,
    pub unit: Option<String>,
    pub shipped_on: Option<Date>,
    pub carrier: Option<String>,
    pub bill_of_lading: Option<String>,
}

/// One article as it was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    pub delivery_id: String,
    pub shipment_id: Option<String>,
    pub invoice_number: Option<String>,
    pub purchase_order: Option<String>,
    pub sku: String,
    pub received_quantity: Decimal,
    pub damaged_quantity: Option<Decimal>,
    pub refused_quantity: Option<Decimal>,
    /// The ordered article that this one stands for, when a substitute was accepted.
    pub substituted_for_sku: Option<String>,
    pub unit: Option<String>,
    pub delivered_on: Date,
    pub pod_reference: Option<String>,
    pub signed_by: Option<String>,
    pub note: Option<String>,
}

/// Goods that the customer may send back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnAuthorisation {
    pub return_id: String,
    pub customer_id: String,
    pub invoice_number: Option<String>,
    pub sku: String,
    pub quantity: Decimal,
    pub unit: Option<String>,
    pub authorised_on: Option<Date>,
    pub received_on: Option<Date>,
    /// Credited already, in minor units of the customer's currency.
    pub credit_amount: Option<i64>,
}

/// A price of an article in a window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// Blank means every customer.
    pub customer_id: Option<String>,
    pub sku: String,
    pub unit: Option<String>,
    pub unit_price: Decimal,
    pub currency: Currency,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
}

//! Documents that support or refute a deduction: debit notes, deliveries, and the rest.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::agreement::{AgreementKind, RateType};
use crate::money::Currency;
use crate::reading::Place;
use crate::remittance::{CodeList, PartyNamed};

/// A customer's debit note, chargeback or claim notice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DebitNote {
    pub number: Option<String>,
    pub issuer: PartyNamed,
    pub date: Option<Date>,
    pub invoice_number: Option<String>,
    pub purchase_order: Option<String>,
    /// Positive: what is claimed.
    pub amount: Option<Decimal>,
    pub currency: Option<Currency>,
    pub code: Option<String>,
    pub code_list: CodeList,
    /// The reason in the customer's words, lines joined with a space.
    pub reason: Option<String>,
    pub lines: Vec<ArticleLine>,
    pub reason_place: Option<Place>,
    pub amount_place: Option<Place>,
}

/// One article of a claim.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleLine {
    /// Our article number or the customer's, as written.
    pub article: Option<String>,
    pub description: Option<String>,
    pub quantity: Option<Decimal>,
    /// Literal unit word: "case", "Karton", "colis", "doos", …
    pub unit: Option<String>,
    pub unit_price: Option<Decimal>,
    pub amount: Option<Decimal>,
    pub place: Option<Place>,
}

/// A proof of delivery or a bill of lading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryDocument {
    pub number: Option<String>,
    pub delivered_to: Option<String>,
    pub invoice_number: Option<String>,
    pub purchase_order: Option<String>,
    pub delivery_note: Option<String>,
    pub date: Option<Date>,
    pub lines: Vec<DeliveryLine>,
    /// The driver's or receiver's remarks, literally.
    pub remarks: Option<String>,
    pub remarks_place: Option<Place>,
    pub signed_by: Option<String>,
    pub signature_place: Option<Place>,
}

/// What one line of a delivery says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryLine {
    pub article: Option<String>,
    pub description: Option<String>,
    pub shipped: Option<Decimal>,
    pub received: Option<Decimal>,
    pub damaged: Option<Decimal>,
    pub refused: Option<Decimal>,
    pub unit: Option<String>,
    pub place: Option<Place>,
}

/// Any other paper with numbers of ours on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupportingDocument {
    pub number: Option<String>,
    pub issuer: PartyNamed,
    pub date: Option<Date>,
    pub amount: Option<Decimal>,
    pub currency: Option<Currency>,
    /// Every number on the paper that looks like a document reference, in reading order.
    pub references: Vec<String>,
    /// The articles of an invoice or a credit memo.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<ArticleLine>,
    /// What a deal sheet proposes, for sales to confirm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<ProposedAgreement>,
    pub text: Option<String>,
}

/// An agreement as a deal sheet states it; whatever the paper leaves open is missing. Never in force by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedAgreement {
    pub kind: Option<AgreementKind>,
    pub description: Option<String>,
    /// Articles as the paper names them; empty means all.
    pub articles: Vec<String>,
    pub starts_on: Option<Date>,
    pub ends_on: Option<Date>,
    pub rate_type: Option<RateType>,
    /// Percent, or an amount per unit, case, store or in all.
    pub rate: Option<Decimal>,
    pub cap: Option<Decimal>,
    pub performance_required: Option<String>,
}

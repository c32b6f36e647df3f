//! What we agreed to give: promotions, rebates, allowances, programs.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::lists::bar_list;
use crate::money::Currency;
use crate::vocabulary;

vocabulary! {
    AgreementKind {
        OffInvoice = "off_invoice", BillBack = "bill_back", ScanBack = "scan_back", LumpSum = "lump_sum", Slotting = "slotting",
        CoopAdvertising = "coop_advertising", Display = "display", VolumeRebate = "volume_rebate", FreightAllowance = "freight_allowance",
        DefectiveAllowance = "defective_allowance", ComplianceProgram = "compliance_program",
    }
}

impl AgreementKind {
    /// Rates of these apply to everything invoiced in the agreement's window, not to one invoice.
    pub fn is_periodic(self) -> bool {
        matches!(self, Self::VolumeRebate | Self::FreightAllowance | Self::DefectiveAllowance)
    }
}

vocabulary! {
    RateType { Percent = "percent", PerUnit = "per_unit", PerCase = "per_case", PerStore = "per_store", Amount = "amount" }
}

vocabulary! {
    AgreementStatus { Proposed = "proposed", Confirmed = "confirmed", Rejected = "rejected", Expired = "expired" }
}

/// An agreement as `agreements.csv` describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    pub agreement_id: String,
    pub customer_id: String,
    pub kind: AgreementKind,
    pub description: Option<String>,
    /// The customer's own number of it.
    pub customer_reference: Option<String>,
    /// Articles covered; empty means all.
    #[serde(default, with = "bar_list")]
    pub skus: Vec<String>,
    pub starts_on: Date,
    pub ends_on: Date,
    pub rate_type: RateType,
    /// Percent, or an amount in the agreement's currency per unit, case, store or in all.
    pub rate: Decimal,
    pub committed_stores: Option<i64>,
    /// Minor units.
    pub cap_amount: Option<i64>,
    pub currency: Currency,
    pub status: AgreementStatus,
    /// What must be shown before anything is owed, in words.
    pub performance_required: Option<String>,
    pub contact_email: Option<String>,
}

impl Agreement {
    pub fn covers_day(&self, day: Date) -> bool {
        self.starts_on <= day && day <= self.ends_on
    }

    pub fn covers_sku(&self, sku: &str) -> bool {
        self.skus.is_empty() || self.skus.iter().any(|covered| covered == sku)
    }

    /// Whether it holds amounts against amounts, so that currencies matter; a percentage of one invoice without a cap holds in any.
    pub fn compares_amounts(&self) -> bool {
        self.rate_type != RateType::Percent || self.cap_amount.is_some() || self.kind.is_periodic()
    }

    /// How a person names it in a letter.
    pub fn named(&self) -> String {
        match &self.customer_reference {
            Some(reference) => format!("{} ({reference})", self.agreement_id),
            None => self.agreement_id.clone(),
        }
    }
}

/// Scanned sales of one article in one week, for scan-backs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanWeek {
    pub customer_id: String,
    pub sku: String,
    pub week_starting: Date,
    pub units: Decimal,
    pub store_count: Option<i64>,
}

//! The words of a verdict: the 24 categories, expectation, validity, queues.

use crate::agreement::AgreementKind;
use crate::vocabulary;

vocabulary! {
    /// What a customer claims with a deduction. The test of each lives in [`crate::verdict`].
    Category {
        EarlyPaymentDiscount = "early_payment_discount",
        VolumeRebate = "volume_rebate",
        PromotionAllowance = "promotion_allowance",
        ScanBack = "scan_back",
        CoopAdvertising = "coop_advertising",
        Slotting = "slotting",
        MarkdownSupport = "markdown_support",
        FreightAllowance = "freight_allowance",
        UnsaleableAllowance = "unsaleable_allowance",
        PriceDifference = "price_difference",
        InvoiceError = "invoice_error",
        Shortage = "shortage",
        Damage = "damage",
        WrongItem = "wrong_item",
        Quality = "quality",
        Return = "return",
        DeliveryPenalty = "delivery_penalty",
        ComplianceFine = "compliance_fine",
        FreightCharge = "freight_charge",
        DuplicateBilling = "duplicate_billing",
        PostAudit = "post_audit",
        TaxOrBank = "tax_or_bank",
        Offset = "offset",
        Unknown = "unknown",
    }
}

impl Category {
    /// Whether an agreement is what makes a deduction of this category owed.
    pub fn rests_on_agreement(self) -> bool {
        matches!(
            self,
            Self::VolumeRebate
                | Self::PromotionAllowance
                | Self::ScanBack
                | Self::CoopAdvertising
                | Self::Slotting
                | Self::MarkdownSupport
                | Self::FreightAllowance
                | Self::UnsaleableAllowance
        )
    }

    /// The kinds of agreement that can explain a deduction of this category.
    pub fn agreement_kinds(self) -> &'static [AgreementKind] {
        use AgreementKind::*;
        match self {
            Self::VolumeRebate => &[VolumeRebate],
            Self::PromotionAllowance => &[OffInvoice, BillBack, LumpSum],
            Self::ScanBack => &[ScanBack],
            Self::CoopAdvertising => &[CoopAdvertising, Display],
            Self::Slotting => &[Slotting],
            Self::FreightAllowance => &[FreightAllowance],
            Self::UnsaleableAllowance => &[DefectiveAllowance],
            Self::DeliveryPenalty | Self::ComplianceFine => &[ComplianceProgram],
            _ => &[],
        }
    }

    /// The category as a person says it: `price difference`.
    pub fn plain(self) -> String {
        self.word().replace('_', " ")
    }
}

vocabulary! {
    /// Whether terms, an agreement or an authorised document explain why this customer would deduct this.
    Expectation { Expected = "expected", Unexpected = "unexpected" }
}

vocabulary! {
    /// Whether the deduction is owed. `unknown` means the evidence at hand does not decide.
    Validity { Valid = "valid", Partial = "partial", Invalid = "invalid", Unknown = "unknown" }
}

vocabulary! {
    /// The desk that works a claim.
    Queue { Finance = "finance", Sales = "sales", SupplyChain = "supply_chain", CustomerService = "customer_service" }
}

vocabulary! {
    /// How an allocation found its invoice.
    AllocationMethod {
        /// The document names the invoice.
        Stated = "stated",
        /// The named number is ours once spaces, dashes and leading zeros are gone.
        Exact = "exact",
        /// One character was misread; the amount agrees.
        Repaired = "repaired",
        /// The only combination of open items that makes the amount.
        Combination = "combination",
        /// Put on open items by a named strategy.
        Strategy = "strategy",
        Manual = "manual",
    }
}

vocabulary! {
    DeductionStatus { Open = "open", Waiting = "waiting", Decided = "decided", Closed = "closed" }
}

vocabulary! {
    PaymentStatus { Announced = "announced", Received = "received", Allocated = "allocated", Held = "held" }
}

vocabulary! {
    DocumentStatus {
        Pending = "pending", Processed = "processed", NeedsReview = "needs_review", Duplicate = "duplicate", Superseded = "superseded",
        Rejected = "rejected", Quarantined = "quarantined",
    }
}

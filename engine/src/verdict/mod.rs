//! Is a deduction owed? One room per test of the taxonomy; every room is pure: (claim, facts, history) to verdict.
//!
//! A wrong verdict costs more than an honest question: where the evidence does not decide, the answer is `unknown` and says what is missing.

mod agreed;
mod billed;
mod discount;
mod goods;
mod never_twice;
mod penalty;
mod price;
mod receipts;
mod returns;
mod settlement;
pub mod unexplained;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::consumption::Taken;
use crate::evidence::Evidence;
use crate::facts::Facts;
use crate::history::History;
use crate::invoice::Invoice;
use crate::money::{Currency, Money};
use crate::reading::Confidence;
use crate::taxonomy::{Category, Expectation, Validity};
use crate::wording::Wording;

/// How a deduction stands in the remittance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// In the column or field for early-payment discount.
    Discount,
    /// A stated amount on an invoice that is paid.
    OnInvoice,
    /// The invoice is paid short without a word.
    Silent,
    /// A line of its own.
    StandAlone,
}

/// What settled an invoice before the payment at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaidBefore {
    /// `None` where the books had it as paid when it was imported.
    pub payment_id: Option<String>,
    pub paid_on: Option<Date>,
}

impl PaidBefore {
    /// `payment P-1 of 2026-03-20`, as it stands in a sentence.
    fn named(&self) -> String {
        let payment = self.payment_id.as_ref().map_or_else(|| "a payment that the books had before".to_owned(), |number| format!("payment {number}"));
        self.paid_on.map_or_else(|| payment.clone(), |day| format!("{payment} of {day}"))
    }
}

/// A row of the rules that says what banks typically keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypicalFee {
    pub rule: String,
    pub source: String,
}

/// What is claimed.
#[derive(Clone, Debug)]
pub struct Claim<'facts> {
    pub deduction_id: String,
    /// Whose invoice or debit note it is.
    pub customer_id: String,
    pub invoice: Option<&'facts Invoice>,
    /// The number of the invoice it was held back on, where that is not on file and nothing else tells another.
    pub unknown_invoice: Option<String>,
    pub debit_note_number: Option<String>,
    pub amount: Money,
    pub payment_date: Date,
    pub shape: Shape,
    pub category: Category,
    /// What the allocation settles of the invoice, in minor units: the base of a discount.
    pub settled_gross: Option<i64>,
    /// Its line pays an invoice that was settled already: nothing of the payment is put on it.
    pub paid_before: Option<PaidBefore>,
    /// Banks typically keep this very amount.
    pub typical_fee: Option<TypicalFee>,
    pub wording: Wording,
}

/// Figures that the rule book sets.
#[derive(Clone, Copy, Debug)]
pub struct Tolerances {
    /// Rounding that is let go inside a test, in minor units.
    pub rounding_minor: i64,
    /// Bank fees up to this are owed without proof, in whole currency units.
    pub bank_fee: Decimal,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Usually the claimed category; an unexplained amount may turn out to be something known.
    pub category: Category,
    pub expectation: Expectation,
    pub validity: Validity,
    /// Minor units that are owed; `None` when unknown.
    pub valid_minor: Option<i64>,
    pub agreement_id: Option<String>,
    /// The units that it pays for under its agreement.
    pub consumes: Vec<Taken>,
    /// One plain sentence.
    pub explanation: String,
    pub evidence: Vec<Evidence>,
    /// The test that decided: `shortage.full_receipt`.
    pub rule: &'static str,
    /// How sure the test is of itself, given that the claim was read right.
    pub certainty: Confidence,
}

/// How often a test that decides is right, and one that says what is missing. A thousand deductions that needed no recognition were all right; the rest
/// is left to what nobody has met yet.
const DECIDED: Confidence = Confidence::from_thousandths(999);
const UNDECIDED: Confidence = Confidence::from_thousandths(997);

impl Verdict {
    fn new(claim: &Claim<'_>, rule: &'static str, expectation: Expectation, validity: Validity, valid_minor: Option<i64>, explanation: String) -> Self {
        Self {
            category: claim.category,
            expectation,
            validity,
            valid_minor,
            agreement_id: None,
            consumes: Vec::new(),
            explanation,
            evidence: Vec::new(),
            rule,
            certainty: if validity == Validity::Unknown { UNDECIDED } else { DECIDED },
        }
    }

    fn owed(claim: &Claim<'_>, rule: &'static str, expectation: Expectation, explanation: String) -> Self {
        Self::new(claim, rule, expectation, Validity::Valid, Some(claim.amount.minor), explanation)
    }

    fn not_owed(claim: &Claim<'_>, rule: &'static str, explanation: String) -> Self {
        Self::new(claim, rule, Expectation::Unexpected, Validity::Invalid, Some(0), explanation)
    }

    fn undecided(claim: &Claim<'_>, rule: &'static str, expectation: Expectation, explanation: String) -> Self {
        Self::new(claim, rule, expectation, Validity::Unknown, None, explanation)
    }

    /// Owed up to `allowed` minor units: all, part or nothing of the claim.
    fn owed_up_to(claim: &Claim<'_>, rule: &'static str, expectation: Expectation, allowed: i64, tolerances: &Tolerances, explanation: String) -> Self {
        if claim.amount.minor <= allowed + tolerances.rounding_minor {
            Self::owed(claim, rule, expectation, explanation)
        } else if allowed > 0 {
            Self::new(claim, rule, expectation, Validity::Partial, Some(allowed), explanation)
        } else {
            Self::new(claim, rule, Expectation::Unexpected, Validity::Invalid, Some(0), explanation)
        }
    }

    fn under(mut self, agreement_id: &str) -> Self {
        self.agreement_id = Some(agreement_id.to_owned());
        self
    }

    fn with(mut self, evidence: Evidence) -> Self {
        self.evidence.push(evidence);
        self
    }

    fn with_all(mut self, evidence: impl IntoIterator<Item = Evidence>) -> Self {
        self.evidence.extend(evidence);
        self
    }

    fn certain(mut self, thousandths: u16) -> Self {
        self.certainty = Confidence::from_thousandths(thousandths);
        self
    }
}

/// Everything a room looks at.
#[derive(Clone, Copy)]
pub(crate) struct Case<'case> {
    pub claim: &'case Claim<'case>,
    pub facts: &'case Facts,
    pub earlier: &'case History,
    pub tolerances: &'case Tolerances,
}

impl Case<'_> {
    fn amount(&self, minor: i64) -> String {
        format!("{} {}", crate::money::format_minor(minor, self.currency()), self.currency())
    }

    fn currency(&self) -> Currency {
        self.claim.amount.currency
    }

    fn customer_name(&self) -> &str {
        self.facts.customers.get(&self.claim.customer_id).map_or(self.claim.customer_id.as_str(), |customer| customer.name.as_str())
    }

    /// A decimal in the claim's currency as minor units, rounded half to even; amounts out of range count as nothing allowed.
    fn minor(&self, amount: Decimal) -> i64 {
        Money::from_decimal_rounded(amount, self.currency()).map_or(0, |money| money.minor)
    }
}

/// Tests one claim against the facts and everything decided before it.
pub fn judge(claim: &Claim<'_>, facts: &Facts, earlier: &History, tolerances: &Tolerances) -> Verdict {
    let case = Case { claim, facts, earlier, tolerances };
    let verdict = test(case);
    // Whatever its test finds: whoever decides has to know that the invoice was settled without it.
    verdict.with_all(settlement::paid_before(case))
}

fn test(case: Case<'_>) -> Verdict {
    let claim = case.claim;
    if claim.amount.minor < 0 {
        return Verdict::undecided(
            claim,
            "repayment",
            Expectation::Unexpected,
            format!("{} gives {} back; nothing on file says for what.", case.customer_name(), case.amount(-claim.amount.minor)),
        );
    }
    if let Some(invoice) = claim.invoice.filter(|invoice| invoice.currency != claim.amount.currency) {
        return Verdict::undecided(
            claim,
            "currency_mismatch",
            Expectation::Unexpected,
            format!("The claim is in {}, invoice {} in {}; they are never converted silently.", case.currency(), invoice.invoice_number, invoice.currency),
        );
    }
    if let Some(verdict) = never_twice::already_settled(case) {
        return verdict;
    }
    if let Some(number) = &claim.unknown_invoice {
        let says = format!(
            "It was held back on invoice {number}, which is not on file for {}; import the invoice, or ask the customer which one is meant.",
            case.customer_name()
        );
        return Verdict::undecided(claim, "invoice.not_on_file", Expectation::Unexpected, says);
    }
    if let Some(verdict) = settlement::on_paid_invoice(case) {
        return verdict;
    }
    match claim.category {
        Category::EarlyPaymentDiscount => discount::judge(case),
        category if category.rests_on_agreement() => agreed::judge(case),
        Category::PriceDifference => price::judge(case),
        Category::Shortage => goods::shortage(case),
        Category::Damage => goods::damage(case),
        Category::WrongItem => goods::wrong_item(case),
        Category::Return => returns::judge(case),
        Category::DeliveryPenalty | Category::ComplianceFine => penalty::judge(case),
        Category::Quality => Verdict::undecided(
            claim,
            "quality.unproven",
            Expectation::Unexpected,
            "No inspection report or lot record on file proves the quality complaint; ask the customer for it.".to_owned(),
        ),
        Category::InvoiceError => price::invoice_error(case),
        Category::FreightCharge => settlement::freight_charge(case),
        Category::DuplicateBilling => settlement::duplicate_billing(case),
        Category::PostAudit => settlement::post_audit(case),
        Category::TaxOrBank => settlement::tax_or_bank(case),
        Category::Offset => settlement::offset(case),
        _ => unexplained::judge(case),
    }
}

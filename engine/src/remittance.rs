//! The canonical payment advice and bank statement: the one model that every format is read into.
//!
//! Signs: gross and net are positive when they pay us; a discount is positive when it reduces the cash; an adjustment **below zero reduces the
//! cash received**. Two sums are checked and their failure is shown, never a reason to reject: per line
//! `gross - discount + sum(adjustments) = net`, per advice `sum(net) + sum(stand-alone adjustments) = total`.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::money::Currency;
use crate::reading::{Confidence, Place};

/// What a customer says it paid and why it paid less.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemittanceAdvice {
    /// The payment's number as the payer writes it: cheque, transfer, advice number.
    pub reference: Option<String>,
    pub payer: PartyNamed,
    pub payee: PartyNamed,
    pub payment_date: Option<Date>,
    pub currency: Option<Currency>,
    /// What was paid in all, as stated.
    pub total: Option<Decimal>,
    pub lines: Vec<AdviceLine>,
    /// The document says of itself that it replaces an earlier one ("corrected", "REPLACES", "korrigiert", "rectificatif").
    pub corrects_earlier: bool,
}

impl RemittanceAdvice {
    /// What its lines pay together.
    pub fn paid_by_lines(&self) -> Decimal {
        self.lines.iter().map(AdviceLine::paid).sum()
    }

    /// The stated total less what the lines pay; `None` when no total is stated or no line is there.
    pub fn apart(&self) -> Option<Decimal> {
        self.total.filter(|_| !self.lines.is_empty()).map(|total| total - self.paid_by_lines())
    }
}

/// A party as a document names it; every part may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyNamed {
    pub name: Option<String>,
    /// IBAN or account number.
    pub account: Option<String>,
    /// Tax number, GLN or an identifier that one of the two sides assigned.
    pub identifiers: Vec<String>,
    /// The address a mail came from.
    pub email: Option<String>,
}

/// What a line of an advice is about, as far as the document itself tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineSubject {
    /// An open item that is paid.
    Invoice,
    /// A credit of ours or a debit of theirs that stands alone.
    Adjustment,
    /// The document doesn't say; the open items will.
    #[default]
    Unsaid,
}

/// One line of an advice. Amounts are as written, in the advice's currency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdviceLine {
    pub subject: LineSubject,
    /// The document number of the line, literally: usually our invoice number, or the customer's debit note number.
    pub reference: Option<String>,
    /// Further numbers with their role, as far as columns or qualifiers name them.
    pub purchase_order: Option<String>,
    /// A second invoice the line refers to without paying it (a deduction "on" an invoice).
    pub invoice_named: Option<String>,
    /// The customer's debit note or claim number when it stands apart from `reference`.
    pub debit_note: Option<String>,
    pub store: Option<String>,
    pub date: Option<Date>,
    /// Invoice amount before anything is taken off; negative for credits.
    pub gross: Option<Decimal>,
    /// Early-payment discount taken, positive.
    pub discount: Option<Decimal>,
    /// Everything else taken off or added on this line; below zero reduces the cash.
    pub adjustments: Vec<Adjustment>,
    /// What the line contributes to the payment; negative lines reduce it.
    pub net: Option<Decimal>,
    /// The customer's reason code, literally.
    pub code: Option<String>,
    /// Which list the code is from, when the format tells.
    pub code_list: CodeList,
    /// The customer's words, literally.
    pub text: Option<String>,
    pub place: Option<Place>,
    pub confidence: Option<Confidence>,
}

impl AdviceLine {
    /// What was taken off and added beside the discount; below zero reduces the cash.
    pub fn adjusted(&self) -> Decimal {
        self.adjustments.iter().map(|adjustment| adjustment.amount).sum()
    }

    /// Gross less discount and adjustments; `None` where no gross is stated.
    pub fn made(&self) -> Option<Decimal> {
        self.gross.map(|gross| gross - self.discount.unwrap_or_default() + self.adjusted())
    }

    /// What the line brings to the payment: the net as stated, else what its parts make.
    pub fn paid(&self) -> Decimal {
        self.net.unwrap_or_else(|| self.gross.unwrap_or_default() - self.discount.unwrap_or_default() + self.adjusted())
    }

    /// Whether the parts make the net; `None` when the line doesn't show both.
    pub fn adds_up(&self) -> Option<bool> {
        Some(self.made()? == self.net?)
    }
}

/// One amount taken off or added, with its reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustment {
    /// Below zero reduces the cash received.
    pub amount: Decimal,
    pub code: Option<String>,
    pub code_list: CodeList,
    /// Debit note or claim number of this adjustment.
    pub reference: Option<String>,
    pub text: Option<String>,
    pub place: Option<Place>,
}

/// The list that a reason code belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeList {
    /// X12 data element 426.
    X12,
    /// UN/EDIFACT data element 4465.
    Edifact,
    /// The customer's own list, `reason_codes.csv`, or not known.
    #[default]
    Customer,
}

/// A statement of our bank: money that arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankStatement {
    pub account: Option<String>,
    pub number: Option<String>,
    /// Of the last statement of the account in the file, when it holds several.
    #[serde(default)]
    pub last_number: Option<String>,
    pub currency: Option<Currency>,
    pub opening_balance: Option<Decimal>,
    pub closing_balance: Option<Decimal>,
    pub entries: Vec<BankEntry>,
}

/// One movement on the account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankEntry {
    /// The day the money counts from; discount days run to it.
    pub value_date: Option<Date>,
    /// Positive: money for us. A debit or the reversal of a credit is negative.
    pub amount: Decimal,
    pub currency: Option<Currency>,
    pub payer: PartyNamed,
    /// End-to-end or customer reference.
    pub reference: Option<String>,
    /// The bank's own reference of the entry.
    pub bank_reference: Option<String>,
    /// Remittance text, re-joined.
    pub text: String,
    /// Charges, interest and internal bookings are no customer payments.
    pub is_customer_payment: bool,
    /// Structured remittance information, when the entry carries any.
    pub advice: Option<RemittanceAdvice>,
    pub place: Option<Place>,
}

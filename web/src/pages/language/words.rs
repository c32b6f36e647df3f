//! The words of the vocabularies as people read them.

use super::{Language, text};

/// `supply_chain` as `Supply chain`, in the language of the page.
pub fn plain(word: &str) -> String {
    text(&in_english(word)).to_string()
}

/// A word in the middle of a sentence. German nouns keep their capital there.
pub fn inside(word: &str) -> String {
    let shown = plain(word);
    if Language::current() == Language::German { shown } else { shown.to_lowercase() }
}

pub fn in_english(word: &str) -> String {
    // What waits for a day has one name, whoever speaks of it.
    let spaced = if word == "parked" { "on hold".to_owned() } else { word.replace('_', " ") };
    let mut characters = spaced.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// Words that the program writes and pages show, beside the vocabularies of the engine: kinds of evidence, fields of documents, priorities,
/// acts and values of the log, control totals. A word that stands nowhere here is shown in English.
#[cfg(test)]
pub const WRITTEN: &[&str] = &[
    "agreement",
    "credit_memo",
    "debit_note",
    "deduction",
    "delivery",
    "dispute_window",
    "law",
    "past_decisions",
    "price",
    "proof_of_delivery",
    "remittance_line",
    "return",
    "settlement",
    "shipment",
    "small_claim",
    "terms",
    "invoice",
    "account",
    "agreement_kind",
    "amount",
    "closing_balance",
    "code",
    "currency",
    "date",
    "delivered_to",
    "delivery_note",
    "ends_on",
    "from",
    "from_name",
    "invoice_number",
    "issuer",
    "message_id",
    "number",
    "opening_balance",
    "payee_name",
    "payer_name",
    "payment_date",
    "purchase_order",
    "rate",
    "rate_type",
    "reason",
    "reference",
    "remarks",
    "signed_by",
    "starts_on",
    "subject",
    "supplier_number",
    "total_amount",
    "high",
    "low",
    "normal",
    "urgent",
    "partly_on_account",
    "taken_back",
    "draft",
    "published",
    "discarded",
    "files",
    "note",
    "proposed_by",
    "active",
    "allocations",
    "answer",
    "book",
    "changed",
    "claims_closed",
    "customer",
    "deductions",
    "document",
    "language",
    "login",
    "name",
    "on_account",
    "outcome",
    "role",
    "words",
    "cap_amount",
    "credit_amount",
    "line_amount",
    "paid_amount",
    "tax_amount",
];

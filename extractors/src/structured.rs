//! From what a reader of a structured format understood to a whole reading.

use recoup_engine::reading::{Confidence, Content, DocumentFormat, DocumentKind, Doubt, Field, Language, Reading, TextSource};
use recoup_engine::remittance::{BankStatement, RemittanceAdvice};
use recoup_engine::supporting::{DebitNote, DeliveryDocument, SupportingDocument};

use crate::language::detect::decided;
use crate::language::{detect, fold};

/// Words kept for search.
pub(crate) const MOST_TEXT: usize = 200_000;

/// The reading of advices that a format without pages carries.
pub(crate) fn advices(format: DocumentFormat, advices: Vec<RemittanceAdvice>, doubts: Vec<Doubt>, text: String) -> Reading {
    let first = advices.first();
    let mut fields = Vec::new();
    for advice in &advices {
        push(&mut fields, "reference", advice.reference.clone());
        push(&mut fields, "payment_date", advice.payment_date.map(|date| date.to_string()));
        push(&mut fields, "total_amount", advice.total.map(|total| total.to_string()));
        push(&mut fields, "currency", advice.currency.map(|currency| currency.code().to_owned()));
        push(&mut fields, "payer_name", advice.payer.name.clone());
        push(&mut fields, "payee_name", advice.payee.name.clone());
    }
    Reading {
        kind: DocumentKind::RemittanceAdvice,
        kind_confidence: Confidence::from_thousandths(990),
        number: first.and_then(|advice| advice.reference.clone()),
        date: first.and_then(|advice| advice.payment_date),
        total: first.and_then(|advice| advice.total),
        currency: first.and_then(|advice| advice.currency),
        fields,
        language: language_of(&advices, format, &text),
        content: Content::Advices(advices),
        ..base(format, doubts, text)
    }
}

/// Codes and tags are no words: of messages only what people wrote tells the language, or the legal form of who pays.
fn language_of(advices: &[RemittanceAdvice], format: DocumentFormat, text: &str) -> Option<Language> {
    if matches!(format, DocumentFormat::Csv | DocumentFormat::Text | DocumentFormat::Html | DocumentFormat::Xlsx | DocumentFormat::Xls | DocumentFormat::Ods) {
        return detect(text);
    }
    let lines = advices.iter().flat_map(|advice| &advice.lines);
    let written: Vec<&str> =
        lines.flat_map(|line| line.text.iter().chain(line.adjustments.iter().filter_map(|adjustment| adjustment.text.as_ref()))).map(String::as_str).collect();
    let written = written.join("\n");
    // A few abbreviations in capitals tell nothing: X12 is the dialect of North America.
    if format == DocumentFormat::X12820 && detect(&written) != Some(Language::French) {
        return Some(Language::English);
    }
    detect(&written).or_else(|| advices.iter().filter_map(|advice| advice.payer.name.as_deref()).find_map(language_of_name))
}

/// The language that a company's legal form belongs to.
pub(crate) fn language_of_name(name: &str) -> Option<Language> {
    const FORMS: &[(Language, &[&str])] = &[
        (Language::German, &["gmbh", "ag", "kg", "ohg", "eg", "ug", "kgaa", "mbh"]),
        (Language::Dutch, &["bv", "nv", "b v", "n v", "vof", "u a", "cooperatie"]),
        (Language::French, &["sa", "sas", "sarl", "sasu", "snc", "eurl", "scop", "s a", "s a s"]),
        (Language::English, &["ltd", "inc", "llc", "plc", "corp", "llp", "limited", "co", "company", "stores", "lp"]),
    ];
    let folded = format!(" {} ", fold(name));
    FORMS.iter().find(|(_, forms)| forms.iter().any(|form| folded.contains(&format!(" {form} ")))).map(|(language, _)| *language)
}

/// The reading of a bank statement.
pub(crate) fn statement(format: DocumentFormat, statement: BankStatement, doubts: Vec<Doubt>, text: String) -> Reading {
    let mut fields = Vec::new();
    push(&mut fields, "account", statement.account.clone());
    push(&mut fields, "number", statement.number.clone());
    push(&mut fields, "last_number", statement.last_number.clone());
    push(&mut fields, "opening_balance", statement.opening_balance.map(|balance| balance.to_string()));
    push(&mut fields, "closing_balance", statement.closing_balance.map(|balance| balance.to_string()));
    Reading {
        kind: DocumentKind::BankStatement,
        kind_confidence: Confidence::from_thousandths(990),
        number: statement.number.clone(),
        date: statement.entries.iter().filter_map(|entry| entry.value_date).max(),
        total: statement.closing_balance,
        currency: statement.currency,
        fields,
        language: language_of_statement(&statement, &text),
        content: Content::Statement(statement),
        ..base(format, doubts, text)
    }
}

/// A statement is in the language of the account's country, where that has but one of ours. Tags and abbreviations tell nothing: beyond that only what is
/// written to its entries, or the legal forms of who paid.
fn language_of_statement(statement: &BankStatement, text: &str) -> Option<Language> {
    let account = statement.account.as_deref().unwrap_or_default();
    let is_iban = account.len() > 14 && account.bytes().skip(2).take(2).all(|byte| byte.is_ascii_digit());
    let of_country = match account.get(..2).filter(|_| is_iban) {
        Some("DE" | "AT") => Some(Language::German),
        Some("FR") => Some(Language::French),
        Some("NL") => Some(Language::Dutch),
        Some("GB" | "IE") => Some(Language::English),
        _ => None,
    };
    let words = || statement.entries.iter().map(|entry| entry.text.as_str()).collect::<Vec<_>>().join("\n");
    let of_payers = || statement.entries.iter().filter_map(|entry| entry.payer.name.as_deref()).find_map(language_of_name);
    of_country.or_else(|| decided(&words())).or_else(of_payers).or_else(|| detect(text))
}

/// The reading of an invoice, a credit memo or another paper in a structured format.
pub(crate) fn supporting(format: DocumentFormat, kind: DocumentKind, paper: SupportingDocument, doubts: Vec<Doubt>, text: String) -> Reading {
    let mut fields = Vec::new();
    push(&mut fields, "number", paper.number.clone());
    push(&mut fields, "date", paper.date.map(|date| date.to_string()));
    push(&mut fields, "total_amount", paper.amount.map(|amount| amount.to_string()));
    push(&mut fields, "currency", paper.currency.map(|currency| currency.code().to_owned()));
    push(&mut fields, "issuer", paper.issuer.name.clone());
    Reading {
        kind,
        kind_confidence: Confidence::from_thousandths(990),
        number: paper.number.clone(),
        date: paper.date,
        total: paper.amount,
        currency: paper.currency,
        fields,
        content: Content::Supporting(paper),
        ..base(format, doubts, text)
    }
}

/// The reading of a shipment or a receipt in a structured format.
pub(crate) fn delivery(format: DocumentFormat, kind: DocumentKind, paper: DeliveryDocument, doubts: Vec<Doubt>, text: String) -> Reading {
    let mut fields = Vec::new();
    push(&mut fields, "number", paper.number.clone());
    push(&mut fields, "date", paper.date.map(|date| date.to_string()));
    push(&mut fields, "purchase_order", paper.purchase_order.clone());
    push(&mut fields, "delivery_note", paper.delivery_note.clone());
    push(&mut fields, "remarks", paper.remarks.clone());
    Reading {
        kind,
        kind_confidence: Confidence::from_thousandths(990),
        number: paper.number.clone(),
        date: paper.date,
        fields,
        content: Content::Delivery(paper),
        ..base(format, doubts, text)
    }
}

/// The reading of a claim in a structured format.
pub(crate) fn debit_note(format: DocumentFormat, note: DebitNote, doubts: Vec<Doubt>, text: String) -> Reading {
    let mut fields = Vec::new();
    push(&mut fields, "number", note.number.clone());
    push(&mut fields, "date", note.date.map(|date| date.to_string()));
    push(&mut fields, "invoice_number", note.invoice_number.clone());
    push(&mut fields, "purchase_order", note.purchase_order.clone());
    push(&mut fields, "amount", note.amount.map(|amount| amount.to_string()));
    push(&mut fields, "code", note.code.clone());
    push(&mut fields, "reason", note.reason.clone());
    Reading {
        kind: DocumentKind::DebitNote,
        kind_confidence: Confidence::from_thousandths(990),
        number: note.number.clone(),
        date: note.date,
        total: note.amount,
        currency: note.currency,
        fields,
        content: Content::DebitNote(note),
        ..base(format, doubts, text)
    }
}

pub(crate) fn base(format: DocumentFormat, doubts: Vec<Doubt>, text: String) -> Reading {
    let language = detect(&text);
    let text = cut(text);
    Reading { language, doubts, text, text_source: TextSource::Structured, ..Reading::not_understood(format, Doubt::note("", "")) }
}

/// Adds a field when it has a value.
pub(crate) fn push(fields: &mut Vec<Field>, name: &str, value: Option<String>) {
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        fields.push(Field { name: name.to_owned(), value, place: None, confidence: Confidence::from_thousandths(990) });
    }
}

/// Cuts the searchable words at a sign's boundary.
pub(crate) fn cut(mut text: String) -> String {
    let mut end = MOST_TEXT.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text
}

#[cfg(test)]
mod tests {
    use recoup_engine::remittance::{BankEntry, PartyNamed};

    use super::*;

    #[test]
    fn the_language_of_a_statement_is_that_of_its_account() {
        let of = |account: &str, text: &str, payer: &str| {
            let entry =
                BankEntry { text: text.to_owned(), payer: PartyNamed { name: Some(payer.to_owned()), ..PartyNamed::default() }, ..BankEntry::default() };
            language_of_statement(&BankStatement { account: Some(account.to_owned()), entries: vec![entry], ..BankStatement::default() }, "de van het")
        };
        assert_eq!(of("DE98100999120055017342", "ZR-26-0914", "NORDWALL HANDEL"), Some(Language::German));
        assert_eq!(of("10099912/55017342", "ZR-26-0914", "FEINKOST TANNHOF GMBH"), Some(Language::German));
        assert_eq!(of("BE71096123456769", "factuur 12, korting, betaling leverancier", "X"), Some(Language::Dutch));
    }
}

//! One row of a settled table to one line of an advice.

use recoup_engine::remittance::{Adjustment, AdviceLine, LineSubject};
use rust_decimal::Decimal;

use super::columns::{Columns, Dialect};
use super::grid::Row;
use super::labelled_cells::closes;
use crate::language::kinds::{names_claim, names_invoice};
use crate::language::{fold, parse_amount, parse_date};

/// A line with what was odd about its row.
pub(super) struct ReadLine {
    pub line: AdviceLine,
    /// The row has more or fewer cells than the table.
    pub ragged: bool,
    pub ambiguous: bool,
}

/// Reads a row as a line; `None` when it holds no amount, or when it is a sum.
pub(super) fn read_line(row: &Row, columns: &Columns, dialect: Dialect) -> Option<ReadLine> {
    let mut ambiguous = false;
    let mut amount = |column: Option<usize>| {
        let parsed = parse_amount(row.cell(column?), dialect.notation)?;
        ambiguous |= parsed.ambiguous;
        Some(parsed.value)
    };
    let reduces = columns.side.as_ref().is_some_and(|side| side.reduces.contains(&fold(row.cell(side.column))));
    let sided = |value: Decimal| if reduces { -value.abs() } else { value };
    let gross = amount(columns.gross).map(sided);
    let stated_net = amount(columns.net).map(sided);
    let discount = amount(columns.discount).map(|value| if columns.discount_negative { -value } else { value });
    let deductions: Vec<Decimal> = columns.deductions.iter().filter_map(|column| amount(Some(*column))).filter(|value| !value.is_zero()).collect();
    if gross.is_none() && stated_net.is_none() && discount.is_none() && deductions.is_empty() {
        return None;
    }
    let text_of = |column: Option<usize>| column.map(|column| row.cell(column)).filter(|cell| !cell.is_empty());
    let document = text_of(columns.document);
    // A sum says so in its first word and names no document.
    if document.is_none_or(|document| !document.bytes().any(|byte| byte.is_ascii_digit())) {
        let first_words = row.filled().find(|(_, cell)| cell.contains(char::is_alphabetic));
        if first_words.is_some_and(|(_, cell)| closes(cell) || crate::language::is_carried_forward(cell)) {
            return None;
        }
    }
    // A label with an amount beside it ("Amount paid;1,234.56") is no line unless a document is named.
    if document.is_some_and(|document| {
        !document.bytes().any(|byte| byte.is_ascii_digit()) && crate::language::header_field(document).is_some_and(|(_, score)| score > 800)
    }) {
        return None;
    }
    let signed: Vec<Decimal> = deductions.iter().map(|value| if columns.deductions_negative { *value } else { -*value }).collect();
    let signed = correct_signs(signed, gross, discount, stated_net);
    let taken: Decimal = signed.iter().sum();
    let net = stated_net.or_else(|| (gross.is_some() || !signed.is_empty()).then(|| gross.unwrap_or_default() - discount.unwrap_or_default() + taken));
    // "DEDUCTION 022": the kind of a row holds its code.
    let code_of_kind = || text_of(columns.document_type).and_then(|kind| kind.split_once(' ')).map(|(_, code)| code).filter(|code| is_code(code));
    let code = text_of(columns.code).or_else(code_of_kind).map(str::to_owned);
    // "COST ADJ" in a column of kinds is all the reason that is given for what is taken off.
    let takes = net.is_some_and(|net| net.is_sign_negative() && !net.is_zero());
    let kind =
        text_of(columns.document_type).filter(|kind| takes && code.is_none() && columns.side.is_none() && kind.chars().count() > 1 && !names_invoice(kind));
    let text = joined_text(row, columns).or_else(|| kind.map(str::to_owned));
    // Words in such a column tell the kind.
    let debit_note = text_of(columns.debit_note).filter(|cell| cell.bytes().any(|byte| byte.is_ascii_digit())).map(str::to_owned);
    let (reference, invoice_named) = documents(row, columns, net);
    let is_claim = columns.document_type.is_some_and(|column| names_claim(row.cell(column)));
    let subject = match net {
        Some(net) if net.is_sign_negative() && !net.is_zero() || is_claim => LineSubject::Adjustment,
        _ if gross.is_some_and(|gross| gross.is_sign_positive() && !gross.is_zero()) && reference.is_some() => LineSubject::Invoice,
        _ => LineSubject::Unsaid,
    };
    // What was taken off keeps the words of its row; a row of its own keeps them as a line.
    let adjustments = signed
        .into_iter()
        .map(|amount| Adjustment { amount, code: code.clone(), reference: debit_note.clone(), text: text.clone(), ..Adjustment::default() })
        .collect();
    let line = AdviceLine {
        subject,
        reference,
        purchase_order: text_of(columns.purchase_order).map(str::to_owned),
        invoice_named,
        debit_note,
        store: text_of(columns.store).map(str::to_owned),
        date: text_of(columns.date).and_then(|text| parse_date(text, dialect.date_order)).map(|parsed| parsed.date),
        gross,
        discount: discount.filter(|discount| !discount.is_zero()),
        adjustments,
        net,
        code,
        text,
        ..AdviceLine::default()
    };
    // Trailing cells may be missing or empty; anything else shifts values into wrong columns.
    let needed = [columns.net, columns.gross].into_iter().flatten().max().unwrap_or(0) + 1;
    let extra = (columns.width..row.cells.len()).any(|column| !row.cell(column).is_empty());
    Some(ReadLine { line, ragged: extra || row.cells.len() < needed, ambiguous })
}

/// One row may be written against the table's habit; its own arithmetic decides.
pub(super) fn correct_signs(signed: Vec<Decimal>, gross: Option<Decimal>, discount: Option<Decimal>, net: Option<Decimal>) -> Vec<Decimal> {
    let Some(net) = net else { return signed };
    let taken: Decimal = signed.iter().sum();
    let base = gross.unwrap_or_default() - discount.unwrap_or_default();
    if base + taken != net && base - taken == net { signed.into_iter().map(|value| -value).collect() } else { signed }
}

/// Digits, perhaps with a letter or two: `022`, `F4`.
fn is_code(text: &str) -> bool {
    (2..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) && text.bytes().any(|byte| byte.is_ascii_digit())
}

/// The line's number, and the invoice it names when two document columns differ.
fn documents(row: &Row, columns: &Columns, net: Option<Decimal>) -> (Option<String>, Option<String>) {
    let text_of = |column: Option<usize>| column.map(|column| row.cell(column)).filter(|cell| !cell.is_empty()).map(str::to_owned);
    if columns.invoice_named.is_some() {
        let own = text_of(columns.document);
        return (own.clone(), text_of(columns.invoice_named).filter(|named| Some(named) != own.as_ref()));
    }
    let (first, second) = (text_of(columns.document), text_of(columns.other_document));
    match (first, second) {
        (None, second) => (second, None),
        (Some(first), Some(second)) if first != second && net.is_some_and(|net| net.is_sign_negative()) => (Some(second), Some(first)),
        (first, _) => (first, None),
    }
}

/// All text columns, and cells beyond the table's width, joined by a space; line breaks inside cells become spaces.
fn joined_text(row: &Row, columns: &Columns) -> Option<String> {
    let beyond = columns.width..row.cells.len().max(columns.width);
    let mut text = String::new();
    for word in columns.texts.iter().copied().chain(beyond).flat_map(|column| row.cell(column).split_whitespace()) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    (!text.is_empty()).then_some(text)
}

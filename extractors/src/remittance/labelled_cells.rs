//! Cells that hold a label with its value, and amounts that stand among words.

use recoup_engine::money::Currency;

use super::columns::Dialect;
use crate::language::{HeaderField, Parsed, fold, header_field, is_total, parse_amount};

/// Whether a cell closes the lines: "Total paid", "Wire total".
pub(super) fn closes(cell: &str) -> bool {
    let folded = fold(cell);
    let mut words = folded.split(' ').rev();
    is_total(cell) || words.next().is_some_and(|last| matches!(last, "total" | "totaal" | "summe" | "gesamt")) && words.count() <= 2
}

/// "Payment no.: 4711" in one cell.
pub(super) fn split_label(cell: &str) -> Option<(&str, &str)> {
    let (label, value) = cell.split_once(':')?;
    (!value.trim().is_empty() && label.len() <= 50 && !label.chars().all(|character| character.is_ascii_digit())).then(|| (label.trim(), value.trim()))
}

/// The amount in "16,202.80 USD" or "USD 16,202.80 (transfer)".
pub(super) fn first_amount(text: &str, dialect: Dialect) -> Option<Parsed> {
    text.split_whitespace().find_map(|word| parse_amount(word, dialect.notation).filter(|_| word.bytes().any(|byte| byte.is_ascii_digit())))
}

/// The currency that a text with an amount names by code or sign.
pub(crate) fn currency_in(text: &str) -> Option<Currency> {
    let word =
        text.split(|character: char| !character.is_ascii_alphabetic()).find(|word| word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase()));
    word.and_then(|word| word.parse().ok()).or_else(|| {
        let sign = if text.contains('€') {
            "EUR"
        } else if text.contains('£') {
            "GBP"
        } else {
            return None;
        };
        sign.parse().ok()
    })
}

/// "Total payment 500.00 USD", "Payment date 2026-07-09": a label and its value in one cell, with nothing between them but a blank.
pub(super) fn label_in_words(cell: &str) -> Option<(HeaderField, &str)> {
    let blanks: Vec<usize> = cell.match_indices(' ').map(|(at, _)| at).take(4).collect();
    blanks.into_iter().rev().find_map(|at| {
        let (label, value) = (&cell[..at], cell[at + 1..].trim());
        let first = value.split(' ').next()?;
        let is_value = first.bytes().any(|byte| byte.is_ascii_digit()) || matches!(first, "EUR" | "USD" | "GBP" | "CHF" | "CAD" | "€" | "$" | "£");
        let (field, score) = header_field(label).filter(|_| is_value && value.split(' ').count() <= 3)?;
        (score >= 850).then_some((field, value))
    })
}

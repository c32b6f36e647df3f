//! Listings without a heading, as in letters and plain mails: a number, perhaps a date, and amounts on every row.

use super::atoms::{Atom, Conventions, Kind, atoms};
use super::records::{Record, Sheets, Table};
use crate::language::{ColumnRole, HeaderField, header_field, is_carried_forward, is_total, labels::is_subtotal};
use crate::layout::{Row, joined};

/// Rows with a number and an amount are records; the last amount is what is paid.
pub(super) fn cut(rows: &[Row], conventions: &Conventions) -> Sheets {
    let mut sheets = Sheets::default();
    let mut tables: Vec<Table> = Vec::new();
    for row in rows {
        let row_atoms = atoms(row, conventions);
        let amounts: Vec<&Atom> = row_atoms.iter().filter(|atom| atom.amount().is_some()).collect();
        let numbered = row_atoms.iter().find(|atom| is_number(atom));
        let text = row.text();
        if is_subtotal(&text) || is_carried_forward(&text) {
            continue;
        }
        let leading = joined(&row.words.iter().take_while(|word| !word.text.ends_with(':')).cloned().collect::<Vec<_>>());
        let labelled = is_total(&text) || matches!(header_field(leading.trim_end_matches(':')), Some((HeaderField::TotalPaid | HeaderField::Total, 850..)));
        if let (Some(number), false, false) = (numbered, amounts.is_empty(), labelled) {
            // As many amounts as the fullest rows have, in the usual order: before, taken off, paid.
            let roles: Vec<ColumnRole> = match amounts.len() {
                1 => vec![ColumnRole::Net],
                2 => vec![ColumnRole::Gross, ColumnRole::Net],
                3 => vec![ColumnRole::Gross, ColumnRole::Discount, ColumnRole::Net],
                _ => vec![ColumnRole::Gross, ColumnRole::Discount, ColumnRole::Deduction, ColumnRole::Net],
            };
            let first = amounts.len().saturating_sub(4);
            let mut record = Record {
                amounts: amounts[first..].iter().enumerate().filter_map(|(index, atom)| atom.amount().map(|amount| (index, amount))).collect(),
                place: Some(row.place()),
                confidence: amounts.iter().flat_map(|atom| &atom.words).map(|word| word.confidence).min().unwrap_or(1000),
                ..Record::default()
            };
            record.date = row_atoms.iter().find_map(|atom| if let Kind::Date(date) = atom.kind { Some(date) } else { None });
            record.words.insert(ColumnRole::Document, number.text());
            let words: Vec<String> = row_atoms
                .iter()
                .filter(|atom| atom.words != number.words && matches!(atom.kind, Kind::Word | Kind::Number))
                .map(Atom::text)
                .filter(|word| word.chars().any(char::is_alphanumeric))
                .collect();
            if !words.is_empty() {
                record.words.insert(ColumnRole::Text, words.join(" "));
            }
            match tables.iter_mut().find(|table| table.roles == roles) {
                Some(table) => table.records.push(record),
                None => tables.push(Table { roles, records: vec![record] }),
            }
            continue;
        }
        if labelled && let Some(amount) = amounts.last().and_then(|atom| atom.amount()) {
            sheets.totals.push((amount, row.place()));
        }
        sheets.others.push(row.clone());
    }
    sheets.tables = tables;
    sheets
}

/// Letters with digits, or many digits: what documents are numbered by.
fn is_number(atom: &Atom) -> bool {
    let text = atom.text();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    match atom.kind {
        Kind::Number => digits >= 3 && !text.contains('%'),
        Kind::Digits(_) => digits >= 5,
        _ => false,
    }
}

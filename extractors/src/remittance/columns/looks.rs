//! What the values of a column look like, and what columns without headings hold by their looks.

use std::collections::BTreeSet;

use recoup_engine::money::Currency;

use super::super::grid::Row;
use super::{Columns, Dialect};
use crate::language::{parse_amount, parse_date};

/// What the values of a column look like, over a sample of rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Looks {
    pub filled: usize,
    pub amounts: usize,
    /// Amounts with a decimal part: surely money.
    pub decimals: usize,
    pub dates: usize,
    /// One word with a digit in it.
    pub documents: usize,
    /// Words with spaces, or long ones.
    pub wordy: usize,
    pub short: usize,
    /// Short, without blanks and small letters.
    pub codes: usize,
    pub currencies: usize,
    pub distinct: usize,
    pub changes: usize,
}

pub(super) fn look(sample: &[&Row], column: usize, dialect: Dialect) -> Looks {
    let mut looks = Looks::default();
    let mut distinct = BTreeSet::new();
    let mut last = None;
    for row in sample {
        let cell = row.cell(column);
        if cell.is_empty() {
            continue;
        }
        looks.filled += 1;
        if last != Some(cell) {
            looks.changes += 1;
            last = Some(cell);
        }
        distinct.insert(cell);
        let digit = cell.bytes().any(|byte| byte.is_ascii_digit());
        if parse_date(cell, dialect.date_order).is_some() {
            looks.dates += 1;
        }
        if let Some(amount) = parse_amount(cell, dialect.notation) {
            looks.amounts += 1;
            looks.decimals += usize::from(amount.value.scale() > 0);
        }
        looks.documents += usize::from(digit && cell.len() >= 3 && cell.split_whitespace().count() <= 2);
        looks.wordy += usize::from(cell.contains(' ') || cell.len() > 12);
        looks.short += usize::from(cell.len() <= 5 && !cell.contains(' '));
        looks.codes += usize::from(cell.len() <= 6 && !cell.contains(|letter: char| letter.is_lowercase() || letter == ' '));
        looks.currencies += usize::from(cell.parse::<Currency>().is_ok());
    }
    looks.distinct = distinct.len();
    looks
}

impl Looks {
    pub fn mostly(&self, part: usize) -> bool {
        self.filled > 0 && part * 10 >= self.filled * 8
    }

    pub fn money(&self) -> bool {
        self.mostly(self.amounts) && !self.mostly(self.dates)
    }

    /// The same value in row after row: a fact of the payment, not of the line.
    pub fn repeats(&self, rows: usize) -> bool {
        self.filled * 20 >= rows * 19 && self.changes * 2 <= rows + 1
    }
}

/// A table without headings: columns by what stands in them, amounts by arithmetic afterwards.
pub(super) fn from_values(columns: &mut Columns, looks: &[Looks]) {
    for (column, looks) in looks.iter().enumerate() {
        if looks.filled == 0 {
            continue;
        }
        if looks.mostly(looks.dates) {
            let slot = if columns.date.is_none() { &mut columns.date } else { &mut columns.payment_date };
            if slot.is_none() {
                *slot = Some(column);
            }
        } else if looks.mostly(looks.currencies) {
            columns.currency = Some(column);
        } else if looks.mostly(looks.amounts) && looks.decimals * 2 >= looks.filled {
            // Amounts wait for the arithmetic.
        } else if looks.mostly(looks.documents) && looks.distinct * 2 > looks.filled && columns.document.is_none() {
            columns.document = Some(column);
        } else if looks.wordy * 2 > looks.filled {
            columns.texts.push(column);
        } else if looks.mostly(looks.documents) && looks.distinct * 2 > looks.filled {
            columns.purchase_order.get_or_insert(column);
        } else if looks.short * 2 > looks.filled && columns.code.is_none() {
            columns.code = Some(column);
        }
    }
}

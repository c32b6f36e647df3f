//! Which column of a table holds what: labels propose, values and arithmetic decide.

mod labels;
mod looks;
mod proof;
mod sides;

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use looks::{Looks, from_values, look};
use proof::{amounts, prove, settle_signs};
use sides::{two_columns, worded_side};

use super::grid::{Grid, Row};
use super::line::read_line;
use crate::language::{ColumnRole, DateOrder, Notation, column_role, parse_amount};

/// The settled meaning of a table's columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    pub document: Option<usize>,
    /// The second document column: an invoice that a claim refers to, or the claim beside its invoice.
    pub other_document: Option<usize>,
    /// The invoice that some rows refer to beside their own number.
    pub invoice_named: Option<usize>,
    pub debit_note: Option<usize>,
    pub date: Option<usize>,
    pub purchase_order: Option<usize>,
    pub store: Option<usize>,
    pub gross: Option<usize>,
    pub discount: Option<usize>,
    pub deductions: Vec<usize>,
    pub net: Option<usize>,
    pub code: Option<usize>,
    pub texts: Vec<usize>,
    pub document_type: Option<usize>,
    pub currency: Option<usize>,
    pub payment_reference: Option<usize>,
    pub payment_date: Option<usize>,
    pub payment_total: Option<usize>,
    pub payer: Option<usize>,
    pub payee: Option<usize>,
    /// Deductions are written as negative numbers.
    pub deductions_negative: bool,
    pub discount_negative: bool,
    /// A column that says in words whether a row is paid or taken off, where amounts carry no sign.
    pub side: Option<Side>,
    /// How many cells a full row has.
    pub width: usize,
}

/// Debit and credit as a word beside an amount without a sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    pub column: usize,
    /// The words, folded, of rows that reduce the payment.
    pub reduces: Vec<String>,
}

/// Words for the two sides of a ledger; which of them reduces a payment depends on whose books they come from, and is told by the amounts.
pub(super) const SIDES: &[[&str; 2]] =
    &[["s", "h"], ["d", "c"], ["dr", "cr"], ["deb", "cre"], ["soll", "haben"], ["debit", "credit"], ["debet", "credit"], ["af", "bij"], ["plus", "minus"]];

impl Columns {
    /// What each column under a heading was taken to mean; one that says nothing of a line goes by its label, or as a number of the payer's own.
    pub fn roles(&self, heading: &Row) -> Vec<ColumnRole> {
        let labelled = |column| column_role(heading.cell(column)).map(|(role, _)| role).filter(|role| !role.is_read());
        let mut roles: Vec<ColumnRole> = (0..heading.cells.len()).map(|column| labelled(column).unwrap_or(ColumnRole::TheirReference)).collect();
        let single = [
            (self.document, ColumnRole::Invoice),
            (self.other_document, ColumnRole::Document),
            (self.invoice_named, ColumnRole::Document),
            (self.debit_note, ColumnRole::DebitNote),
            (self.date, ColumnRole::Date),
            (self.purchase_order, ColumnRole::PurchaseOrder),
            (self.store, ColumnRole::Store),
            (self.gross, ColumnRole::Gross),
            (self.discount, ColumnRole::Discount),
            (self.net, ColumnRole::Net),
            (self.code, ColumnRole::Code),
            (self.document_type, ColumnRole::DocumentType),
            (self.currency, ColumnRole::Currency),
        ];
        let single = single.into_iter().filter_map(|(column, role)| Some((column?, role)));
        let several = self.deductions.iter().map(|column| (*column, ColumnRole::Deduction)).chain(self.texts.iter().map(|column| (*column, ColumnRole::Text)));
        for (column, role) in single.chain(several) {
            if let Some(slot) = roles.get_mut(column) {
                *slot = role;
            }
        }
        roles
    }

    /// The columns as a person confirmed them. What describes the payment stays where it was found.
    pub fn taught(self, roles: &[ColumnRole], sample: &[&Row], dialect: Dialect) -> Self {
        let of_payment = |column: Option<usize>| column.filter(|column| roles.get(*column).is_none_or(|role| !role.is_read()));
        let mut columns = Columns {
            payment_reference: of_payment(self.payment_reference),
            payment_date: of_payment(self.payment_date),
            payment_total: of_payment(self.payment_total),
            payer: of_payment(self.payer),
            payee: of_payment(self.payee),
            // A person confirms columns; what a word in one of them does to the amounts was found from the amounts.
            side: self.side,
            width: self.width,
            ..Columns::default()
        };
        columns.document = roles.iter().position(|role| *role == ColumnRole::Invoice);
        for (column, role) in roles.iter().enumerate() {
            let slot = match role {
                ColumnRole::Document if columns.document.is_none() => &mut columns.document,
                ColumnRole::Document => &mut columns.other_document,
                ColumnRole::DebitNote => &mut columns.debit_note,
                ColumnRole::Date => &mut columns.date,
                ColumnRole::PurchaseOrder => &mut columns.purchase_order,
                ColumnRole::Store => &mut columns.store,
                ColumnRole::Gross => &mut columns.gross,
                ColumnRole::Discount => &mut columns.discount,
                ColumnRole::Net | ColumnRole::Amount => &mut columns.net,
                ColumnRole::Code => &mut columns.code,
                ColumnRole::DocumentType => &mut columns.document_type,
                ColumnRole::Currency => &mut columns.currency,
                ColumnRole::Deduction => {
                    columns.deductions.push(column);
                    continue;
                }
                ColumnRole::Text => {
                    columns.texts.push(column);
                    continue;
                }
                _ => continue,
            };
            slot.get_or_insert(column);
        }
        let money: Vec<usize> = [columns.gross, columns.discount, columns.net].into_iter().flatten().chain(columns.deductions.iter().copied()).collect();
        let amounts = amounts(sample, columns.width, &money, dialect);
        settle_signs(&mut columns, &amounts);
        columns
    }
}

/// The notation and order of dates a document settled on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Dialect {
    pub notation: Option<Notation>,
    pub date_order: Option<DateOrder>,
}

/// Whether a row is the heading of an advice's table: it names a document and an amount, and holds no amount itself.
pub fn is_heading(row: &Row) -> bool {
    let (mut documents, mut amounts, mut roles) = (0, 0, 0);
    for (_, cell) in row.filled() {
        match column_role(cell) {
            Some((ColumnRole::Invoice | ColumnRole::Document | ColumnRole::DebitNote | ColumnRole::TheirReference, _)) => documents += 1,
            Some((ColumnRole::Gross | ColumnRole::Net | ColumnRole::Amount | ColumnRole::Discount | ColumnRole::Deduction | ColumnRole::Balance, _)) => {
                amounts += 1
            }
            Some(_) => roles += 1,
            None if is_mostly_digits(cell) && cell.len() < 30 => return false,
            None => {}
        }
    }
    documents > 0 && amounts > 0 && documents + amounts + roles >= 2 && !row.filled().any(|(_, cell)| parse_amount(cell, None).is_some())
}

/// "INV-2026-77", and not "Adj 1 Amt".
fn is_mostly_digits(cell: &str) -> bool {
    let count = |wanted: fn(char) -> bool| cell.chars().filter(|character| wanted(*character)).count();
    let digits = count(|character| character.is_ascii_digit());
    digits > 0 && digits * 3 > count(char::is_alphabetic)
}

/// Settles the columns of a table from its heading, if it has one, and a sample of its rows. A `total` that was stated before is a witness of what the
/// rows pay.
pub fn settle(heading: Option<&Row>, sample: &[&Row], dialect: Dialect, total: Option<Decimal>) -> Columns {
    let width = heading.map_or(0, |row| row.cells.len()).max(sample.iter().map(|row| row.cells.len()).max().unwrap_or(0));
    let looks: Vec<Looks> = (0..width).map(|column| look(sample, column, dialect)).collect();
    let mut columns = Columns { width: heading.map_or(width, |row| row.cells.len()), ..Columns::default() };
    match heading {
        Some(heading) => labels::settle(&mut columns, heading, &looks, sample.len()),
        None => from_values(&mut columns, &looks),
    }
    if let Some(own) = column_of_own_numbers(&columns, &looks, sample) {
        (columns.invoice_named, columns.document) = (columns.document, Some(own));
    }
    columns.purchase_order = columns.purchase_order.or_else(|| column_of_cross_references(&columns, sample));
    let total = total.or_else(|| total_of_every_row(&columns, sample, dialect));
    if !two_columns(&mut columns, &looks, sample, dialect) {
        prove(&mut columns, &looks, sample, dialect, total);
        worded_side(&mut columns, &looks, sample, dialect, total);
        before_discount(&mut columns, sample, dialect, total);
    }
    columns
}

/// A column of numbers without a known meaning that repeats the invoice's where a row is one, and has another where a row is about an invoice or none.
fn column_of_own_numbers(columns: &Columns, looks: &[Looks], sample: &[&Row]) -> Option<usize> {
    let invoice = columns.document.filter(|_| columns.invoice_named.is_none() && columns.debit_note.is_none())?;
    let repeats = |column: usize| sample.iter().filter(|row| row.cell(column) == row.cell(invoice)).count();
    let is_own = |column: usize| {
        let looks = &looks[column];
        looks.documents == looks.filled && looks.filled == sample.len() && repeats(column) < sample.len() && repeats(column) >= 1
    };
    let known = [columns.other_document, columns.payment_reference, columns.purchase_order];
    (0..looks.len()).find(|column| *column != invoice && !known.contains(&Some(*column)) && is_own(*column))
}

/// A column without a known meaning in which a row names the number of another: "Their Ref" holds the order of an invoice, and the invoice of a claim.
fn column_of_cross_references(columns: &Columns, sample: &[&Row]) -> Option<usize> {
    let own = columns.document?;
    let known = [columns.other_document, columns.invoice_named, columns.debit_note, columns.payment_reference];
    let numbers: BTreeSet<&str> = sample.iter().map(|row| row.cell(own)).filter(|number| number.len() >= 4).collect();
    let names_another = |column: usize| sample.iter().any(|row| row.cell(column) != row.cell(own) && numbers.contains(row.cell(column)));
    (0..columns.width)
        .filter(|column| *column != own && !known.contains(&Some(*column)) && !columns.texts.contains(column))
        .find(|column| names_another(*column))
}

/// The payment's total, when every row repeats it.
fn total_of_every_row(columns: &Columns, sample: &[&Row], dialect: Dialect) -> Option<Decimal> {
    let column = columns.payment_total?;
    let mut totals = sample.iter().map(|row| parse_amount(row.cell(column), dialect.notation).map(|amount| amount.value));
    let first = totals.next()??;
    totals.all(|total| total == Some(first)).then_some(first)
}

/// Beside a discount the only amount is what was billed when the total says so.
fn before_discount(columns: &mut Columns, sample: &[&Row], dialect: Dialect, total: Option<Decimal>) {
    let (Some(total), Some(amount), None, Some(_)) = (total, columns.net, columns.gross, columns.discount) else { return };
    // Sums below the lines name no document.
    let is_line = |row: &&&Row| columns.document.is_none_or(|document| !row.cell(document).is_empty());
    let lines: Vec<&Row> = sample.iter().filter(is_line).copied().collect();
    let paid = |columns: &Columns| -> Decimal { lines.iter().filter_map(|row| read_line(row, columns, dialect)).map(|read| read.line.paid()).sum() };
    let billed = Columns { gross: Some(amount), net: None, ..columns.clone() };
    if paid(columns) != total && paid(&billed) == total {
        *columns = billed;
    }
}

/// Settles notation and date order from every cell of a sample of the grid.
pub fn dialect(grid: &Grid, hint: Option<DateOrder>) -> Dialect {
    let cells = || grid.rows.iter().take(400).flat_map(|row| row.filled().map(|(_, cell)| cell));
    let notation = if grid.typed { Some(Notation::POINT) } else { crate::language::settle_notation(cells()) };
    Dialect { notation, date_order: crate::language::settle_date_order(cells(), hint) }
}

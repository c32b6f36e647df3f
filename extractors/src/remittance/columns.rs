//! Which column of a table holds what: labels propose, values and arithmetic decide.

use std::collections::BTreeSet;

use recoup_engine::money::Currency;
use rust_decimal::Decimal;

use super::grid::{Grid, Row};
use super::line::read_line;
use crate::language::{ColumnRole, DateOrder, HeaderField, Notation, column_role, fold, header_field, kinds::names_claim, parse_amount, parse_date};

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

/// What the values of a column look like, over a sample of rows.
#[derive(Clone, Debug, Default)]
struct Looks {
    filled: usize,
    amounts: usize,
    /// Amounts with a decimal part: surely money.
    decimals: usize,
    dates: usize,
    /// One word with a digit in it.
    documents: usize,
    /// Words with spaces, or long ones.
    wordy: usize,
    short: usize,
    /// Short, without blanks and small letters.
    codes: usize,
    currencies: usize,
    distinct: usize,
    changes: usize,
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
        Some(heading) => from_labels(&mut columns, heading, &looks, sample.len()),
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
    let paid = |columns: &Columns| -> Decimal { sample.iter().filter_map(|row| read_line(row, columns, dialect)).map(|read| read.line.paid()).sum() };
    let billed = Columns { gross: Some(amount), net: None, ..columns.clone() };
    if paid(columns) != total && paid(&billed) == total {
        *columns = billed;
    }
}

/// Two columns of money of which each row fills one are the two sides of a ledger: what is paid, and what is taken off.
fn two_columns(columns: &mut Columns, looks: &[Looks], sample: &[&Row], dialect: Dialect) -> bool {
    let labelled = columns.gross.is_some() && columns.net.is_some() || columns.discount.is_some() || !columns.deductions.is_empty();
    let money: Vec<usize> =
        (0..looks.len()).filter(|column| looks[*column].money() && looks[*column].decimals > 0 && columns.payment_total != Some(*column)).collect();
    let [one, other] = money[..] else { return false };
    let amount = |row: &Row, column: usize| parse_amount(row.cell(column), dialect.notation).map(|amount| amount.value).filter(|value| !value.is_zero());
    if labelled || sample.len() < 2 || sample.iter().any(|row| amount(row, one).is_some() == amount(row, other).is_some()) {
        return false;
    }
    let sum = |column: usize| sample.iter().filter_map(|row| amount(row, column)).sum::<Decimal>();
    let (paid, taken) = if sum(one) >= sum(other) { (one, other) } else { (other, one) };
    (columns.gross, columns.net, columns.deductions) = (None, Some(paid), vec![taken]);
    true
}

/// Amounts without a sign whose side a word beside them tells.
fn worded_side(columns: &mut Columns, looks: &[Looks], sample: &[&Row], dialect: Dialect, total: Option<Decimal>) {
    let amount = |row: &Row, column: usize| parse_amount(row.cell(column), dialect.notation).map(|amount| amount.value);
    let Some(paid) = columns.net.or(columns.gross) else { return };
    let unsigned = sample.iter().filter_map(|row| amount(row, paid)).all(|value| !value.is_sign_negative());
    let sum = |reduces: &dyn Fn(&Row) -> bool| {
        sample.iter().filter_map(|row| Some((amount(row, paid)?, reduces(row)))).map(|(value, less)| if less { -value } else { value }).sum::<Decimal>()
    };
    if !unsigned || total.is_some_and(|total| total == sum(&|_| false)) {
        return;
    }
    for column in 0..looks.len() {
        let words: BTreeSet<String> = sample.iter().map(|row| fold(row.cell(column))).filter(|word| !word.is_empty()).collect();
        let reduces: Vec<String> = if let Some(closing) = words_with_sum(sample, column, paid, dialect) {
            vec![closing]
        } else if SIDES.iter().any(|pair| words.len() == 2 && pair.iter().all(|side| words.contains(*side))) {
            let of = |word: &str| sum(&|row: &Row| fold(row.cell(column)) != word);
            words.iter().min_by_key(|word| of(word)).cloned().into_iter().collect()
        } else if columns.document_type == Some(column) {
            words.iter().filter(|word| names_claim(word)).cloned().collect()
        } else {
            continue;
        };
        if !reduces.is_empty() && reduces.len() < words.len() {
            columns.side = Some(Side { column, reduces });
            return;
        }
    }
}

/// The side that is taken off where the last row has a word of its own and states what the others leave: C, C, D, D and T.
fn words_with_sum(sample: &[&Row], column: usize, paid: usize, dialect: Dialect) -> Option<String> {
    let (last, others) = sample.split_last()?;
    let closing = fold(last.cell(column));
    let words: BTreeSet<String> = others.iter().map(|row| fold(row.cell(column))).collect();
    let amount = |row: &Row| parse_amount(row.cell(paid), dialect.notation).map(|amount| amount.value).unwrap_or_default();
    if words.contains(&closing) || !SIDES.iter().any(|pair| words.len() == 2 && pair.iter().all(|side| words.contains(*side))) {
        return None;
    }
    let left = |side: &String| others.iter().map(|row| if fold(row.cell(column)) == *side { -amount(row) } else { amount(row) }).sum::<Decimal>();
    words.iter().find(|side| left(side) == amount(last)).cloned()
}

fn look(sample: &[&Row], column: usize, dialect: Dialect) -> Looks {
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
    fn mostly(&self, part: usize) -> bool {
        self.filled > 0 && part * 10 >= self.filled * 8
    }

    fn money(&self) -> bool {
        self.mostly(self.amounts) && !self.mostly(self.dates)
    }

    /// The same value in row after row: a fact of the payment, not of the line.
    fn repeats(&self, rows: usize) -> bool {
        self.filled * 20 >= rows * 19 && self.changes * 2 <= rows + 1
    }
}

fn from_labels(columns: &mut Columns, heading: &Row, looks: &[Looks], rows: usize) {
    let labels: Vec<(usize, &str)> = heading.filled().collect();
    let roles: Vec<(usize, ColumnRole, u16)> =
        labels.iter().filter_map(|(column, label)| column_role(label).map(|(role, score)| (*column, role, score))).collect();
    let is_amount = |role| matches!(role, ColumnRole::Gross | ColumnRole::Net | ColumnRole::Amount | ColumnRole::Deduction | ColumnRole::Discount);
    let is_own_amount = |role| matches!(role, ColumnRole::Net | ColumnRole::Amount);
    let is_document = |role| matches!(role, ColumnRole::Invoice | ColumnRole::Document | ColumnRole::DebitNote);
    let mut taken = BTreeSet::new();
    // First what describes the payment: it repeats from row to row, or only its label tells when there is one row.
    let all_looks = looks;
    for (column, label) in &labels {
        let looks = &looks[*column];
        if names_payment(label) && numbers_the_payment(all_looks, *column, rows) {
            columns.payment_reference.get_or_insert(*column);
            taken.insert(*column);
            continue;
        }
        let Some((field, score)) = header_field(label) else { continue };
        let role = roles.iter().find(|(other, ..)| other == column);
        let repeats = looks.repeats(rows);
        // With one row only nothing repeats visibly: the payment's facts stand before the line's.
        let before_documents = roles.iter().any(|(other, role, _)| other > column && is_document(*role));
        let evident = if rows > 1 { repeats } else { before_documents };
        let slot = match field {
            // A day that changes from row to row is that of the line, unless the line has its own.
            HeaderField::PaymentDate
                if looks.filled == 0
                    || looks.mostly(looks.dates) && (evident || roles.iter().any(|(other, role, _)| other != column && *role == ColumnRole::Date)) =>
            {
                &mut columns.payment_date
            }
            HeaderField::Payer if looks.filled > 0 && evident => &mut columns.payer,
            HeaderField::Payee if looks.filled > 0 && evident => &mut columns.payee,
            // The line's own amount needs a column too, unless the value stands in every row.
            HeaderField::TotalPaid
                if looks.money()
                    && evident
                    && roles.iter().any(|(other, role, _)| other != column && (is_own_amount(*role) || looks.changes == 1 && rows > 3 && is_amount(*role)))
                    && columns.payment_total.is_none() =>
            {
                &mut columns.payment_total
            }
            HeaderField::PaymentReference
                if evident
                    && !looks.mostly(looks.dates)
                    && roles.iter().any(|(other, role, _)| other != column && (is_document(*role) || *role == ColumnRole::TheirReference)) =>
            {
                &mut columns.payment_reference
            }
            _ => continue,
        };
        // A label that names the line's own column better stays there, unless repetition speaks.
        // The same zero in row after row is nothing taken off, and no fact of the payment.
        let may_be_of_payment = |role| is_own_amount(role) || role == ColumnRole::Gross || is_document(role);
        let better_elsewhere = role.is_some_and(|(_, role, own)| *own > score && !may_be_of_payment(*role));
        if slot.is_none() && !better_elsewhere {
            *slot = Some(*column);
            taken.insert(*column);
        }
    }
    let mut plain_amounts = Vec::new();
    let mut ordered = roles.clone();
    ordered.sort_by_key(|(column, _, score)| (std::cmp::Reverse(*score), *column));
    for (column, role, _) in ordered {
        if taken.contains(&column) {
            continue;
        }
        let looks = &looks[column];
        let empty = looks.filled == 0;
        let slot = match role {
            ColumnRole::Gross if empty || looks.money() => &mut columns.gross,
            ColumnRole::Discount if empty || looks.money() => &mut columns.discount,
            ColumnRole::Net if empty || looks.money() => &mut columns.net,
            ColumnRole::Deduction if empty || looks.money() => {
                columns.deductions.push(column);
                continue;
            }
            ColumnRole::Amount if looks.money() => {
                plain_amounts.push(column);
                continue;
            }
            // "Nota" heads invoices in one sheet and remarks in the next.
            ColumnRole::Document if looks.filled > 0 && looks.documents == 0 && looks.wordy * 2 > looks.filled => {
                columns.texts.push(column);
                continue;
            }
            ColumnRole::Invoice | ColumnRole::Document if !looks.mostly(looks.dates) => {
                if columns.document.is_none() {
                    &mut columns.document
                } else {
                    &mut columns.other_document
                }
            }
            ColumnRole::DebitNote if !looks.mostly(looks.dates) => &mut columns.debit_note,
            ColumnRole::Date if empty || looks.mostly(looks.dates) => &mut columns.date,
            ColumnRole::PurchaseOrder => &mut columns.purchase_order,
            ColumnRole::Store => &mut columns.store,
            ColumnRole::Currency if empty || looks.mostly(looks.currencies) => &mut columns.currency,
            ColumnRole::DocumentType => &mut columns.document_type,
            // Short words without spaces are codes even under "Reason", and sentences are text even under "Code".
            ColumnRole::Code if looks.wordy * 3 > looks.filled => {
                columns.texts.push(column);
                continue;
            }
            ColumnRole::Code => &mut columns.code,
            ColumnRole::Text => {
                columns.texts.push(column);
                continue;
            }
            _ => continue,
        };
        if slot.is_none() {
            *slot = Some(column);
        }
    }
    // The day that stays the same is that of the payment.
    if let (Some(paid), Some(own)) = (columns.payment_date, columns.date)
        && rows > 1
        && !looks[paid].repeats(rows)
        && looks[own].repeats(rows)
    {
        (columns.payment_date, columns.date) = (Some(own), Some(paid));
    }
    columns.texts.sort_unstable();
    columns.deductions.sort_unstable();
    if let (Some(one), Some(other)) = (columns.document, columns.other_document)
        && looks[one].filled != looks[other].filled
    {
        // Every row has its own number; the other one is named where a row is about it.
        let own = if looks[one].filled > looks[other].filled { one } else { other };
        (columns.document, columns.other_document, columns.invoice_named) = (Some(own), None, Some(if own == one { other } else { one }));
    }
    if columns.code.is_none()
        && let [only] = columns.texts[..]
        && looks[only].filled > 0
        && looks[only].codes == looks[only].filled
    {
        columns.code = columns.texts.pop();
    }
    for column in plain_amounts {
        let slot = if columns.net.is_none() { &mut columns.net } else { &mut columns.gross };
        if slot.is_none() {
            *slot = Some(column);
        }
    }
    if columns.document.is_none() {
        columns.document = columns.debit_note.take();
    }
    if columns.document.is_none() {
        columns.document = roles.iter().find(|(column, role, _)| *role == ColumnRole::TheirReference && !taken.contains(column)).map(|(column, ..)| *column);
    }
}

/// Whether a heading begins with a word for the payment itself.
fn names_payment(label: &str) -> bool {
    const PAYMENT: &[&str] = &[
        "payment",
        "payout",
        "remit",
        "settlement",
        "paiement",
        "versement",
        "virement",
        "reglement",
        "uitbetaling",
        "betaling",
        "zahlung",
        "auszahlung",
        "uberweisung",
    ];
    let folded = fold(label);
    PAYMENT.iter().any(|word| folded.starts_with(word))
}

/// "Uitbetaling" over the same whole number in every row, beside amounts with decimals: the number of the payment.
fn numbers_the_payment(looks: &[Looks], column: usize, rows: usize) -> bool {
    let own = &looks[column];
    rows > 1
        && own.decimals == 0
        && own.dates == 0
        && own.filled > 0
        && own.documents == own.filled
        && own.repeats(rows)
        && looks.iter().any(|other| other.money() && other.decimals > 0)
}

/// A table without headings: columns by what stands in them, amounts by arithmetic afterwards.
fn from_values(columns: &mut Columns, looks: &[Looks]) {
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

/// Finds the roles of the amount columns under which most rows balance, and the signs of discount and deductions.
fn prove(columns: &mut Columns, looks: &[Looks], sample: &[&Row], dialect: Dialect, total: Option<Decimal>) {
    let labelled = columns.gross.is_some() || columns.net.is_some() || !columns.deductions.is_empty();
    let special = [
        columns.payment_total,
        columns.document,
        columns.other_document,
        columns.payment_reference,
        columns.purchase_order,
        columns.date,
        columns.debit_note,
        columns.store,
        columns.code,
    ];
    let money: Vec<usize> =
        (0..looks.len()).filter(|column| looks[*column].money() && (looks[*column].decimals > 0 || labelled) && !special.contains(&Some(*column))).collect();
    let amounts = amounts(sample, looks.len(), &money, dialect);
    settle_signs(columns, &amounts);
    if labelled && (proven(columns, &amounts) || money.len() < 3) {
        return;
    }
    if money.len() < 2 {
        if columns.net.is_none() && columns.gross.is_none() {
            columns.net = money.first().copied();
        }
        return;
    }
    // Of readings that prove the same the one that pays most holds: taking the net for the deduction balances too.
    let paid = |columns: &Columns| columns.net.map_or(Decimal::ZERO, |net| amounts.iter().filter_map(|row| row.get(net).copied().flatten()).sum());
    let points = |columns: &Columns| {
        let witnessed = total.is_some_and(|total| paid(columns) == total);
        score(columns, &amounts) + if witnessed { TELLING * amounts.len() } else { 0 }
    };
    // What headings say falls only to a reading under which more rows balance.
    let mut best: Option<((usize, Decimal), Columns)> = labelled.then(|| ((points(columns), Decimal::MAX), columns.clone()));
    let few: Vec<usize> = money.iter().copied().take(8).collect();
    let optional = || std::iter::once(None).chain(few.iter().copied().map(Some));
    for gross in few.iter().copied() {
        for net in few.iter().copied().filter(|net| *net != gross) {
            // Sums can't tell a discount from another deduction: where columns are named, only its name makes one a discount.
            let discounts: Vec<Option<usize>> = if labelled { std::iter::once(None).chain(columns.discount.map(Some)).collect() } else { optional().collect() };
            for discount in discounts.into_iter().filter(|other| *other != Some(gross) && *other != Some(net)) {
                for deduction in optional().filter(|other| *other != Some(gross) && *other != Some(net) && (other.is_none() || *other != discount)) {
                    // Without labels the discount stands before the deduction, the gross amount before the net one.
                    if !labelled && (gross > net || matches!((discount, deduction), (Some(discount), Some(deduction)) if discount > deduction)) {
                        continue;
                    }
                    let mut trial = Columns { gross: Some(gross), net: Some(net), discount, deductions: deduction.into_iter().collect(), ..columns.clone() };
                    settle_signs(&mut trial, &amounts);
                    let found = (points(&trial), paid(&trial));
                    if best.as_ref().is_none_or(|(most, _)| found > *most) {
                        best = Some((found, trial));
                    }
                }
            }
        }
    }
    if let Some((_, found)) = best {
        *columns = found;
    }
}

/// What a row that balances with something taken off speaks for.
const TELLING: usize = 5;

/// Rows that balance under these columns; a row where something was taken off proves more than one where gross and net are equal.
fn score(columns: &Columns, amounts: &[Vec<Option<Decimal>>]) -> usize {
    amounts
        .iter()
        .map(|row| match balance(columns, row) {
            Some((true, true)) => TELLING,
            Some((true, false)) => 2,
            _ => 0,
        })
        .sum()
}

fn proven(columns: &Columns, amounts: &[Vec<Option<Decimal>>]) -> bool {
    let checked: Vec<bool> = amounts.iter().filter_map(|row| balance(columns, row)).map(|(holds, _)| holds).collect();
    let holds = checked.iter().filter(|holds| **holds).count();
    // Silent short payments break some rows, never most.
    !checked.is_empty() && holds * 10 >= checked.len() * 7
}

/// Whether a row balances, and whether anything was taken off in it; `None` when it has no gross and net to compare.
fn balance(columns: &Columns, row: &[Option<Decimal>]) -> Option<(bool, bool)> {
    let value = |column: Option<usize>| column.and_then(|column| row.get(column).copied().flatten());
    let (gross, net) = (value(columns.gross)?, value(columns.net)?);
    let discount = value(columns.discount).unwrap_or_default() * if columns.discount_negative { Decimal::NEGATIVE_ONE } else { Decimal::ONE };
    let deductions: Decimal = columns.deductions.iter().filter_map(|column| value(Some(*column))).sum::<Decimal>()
        * if columns.deductions_negative { Decimal::NEGATIVE_ONE } else { Decimal::ONE };
    if gross.is_zero() && discount.is_zero() && deductions.is_zero() {
        // A row of its own, with nothing before the amount that it pays or takes.
        return None;
    }
    // What adds to the gross amount, or takes most of it, balances as well and tells nothing: any two columns and their difference do.
    let taken = !discount.is_zero() || !deductions.is_zero();
    Some((gross - discount - deductions == net, taken && net.abs() < gross.abs() && net.abs() * Decimal::TWO >= gross.abs()))
}

/// The amounts in the columns of money, by row and column.
fn amounts(sample: &[&Row], width: usize, money: &[usize], dialect: Dialect) -> Vec<Vec<Option<Decimal>>> {
    let amount = |row: &Row, column: usize| if money.contains(&column) { parse_amount(row.cell(column), dialect.notation) } else { None };
    sample.iter().map(|row| (0..width).map(|column| amount(row, column).map(|amount| amount.value)).collect()).collect()
}

/// Chooses the signs under which rows balance; unproven, a column of mostly negative numbers is taken to be written negative.
fn settle_signs(columns: &mut Columns, amounts: &[Vec<Option<Decimal>>]) {
    let negative = |column: usize| {
        let filled: Vec<Decimal> = amounts.iter().filter_map(|row| row.get(column).copied().flatten()).filter(|value| !value.is_zero()).collect();
        filled.iter().filter(|value| value.is_sign_negative()).count() * 2 > filled.len()
    };
    columns.discount_negative = columns.discount.is_some_and(negative);
    columns.deductions_negative = columns.deductions.first().copied().is_some_and(negative);
    let guess = (columns.discount_negative, columns.deductions_negative);
    let mut best = (score(columns, amounts), guess);
    for signs in [(false, false), (false, true), (true, false), (true, true)] {
        (columns.discount_negative, columns.deductions_negative) = signs;
        let points = score(columns, amounts);
        if points > best.0 {
            best = (points, signs);
        }
    }
    (columns.discount_negative, columns.deductions_negative) = best.1;
}

/// Settles notation and date order from every cell of a sample of the grid.
pub fn dialect(grid: &Grid, hint: Option<DateOrder>) -> Dialect {
    let cells = || grid.rows.iter().take(400).flat_map(|row| row.filled().map(|(_, cell)| cell));
    let notation = if grid.typed { Some(Notation::POINT) } else { crate::language::settle_notation(cells()) };
    Dialect { notation, date_order: crate::language::settle_date_order(cells(), hint) }
}

//! What the headings of a table say of its columns.

use std::collections::BTreeSet;

use super::super::grid::Row;
use super::Columns;
use super::looks::Looks;
use crate::language::{ColumnRole, HeaderField, column_role, fold, header_field, names_payment};

/// Settles columns by what their headings say, as far as the values under them agree.
pub(super) fn settle(columns: &mut Columns, heading: &Row, looks: &[Looks], rows: usize) {
    let labels: Vec<(usize, &str)> = heading.filled().collect();
    let roles: Vec<Labelled> = labels.iter().filter_map(|(column, label)| column_role(label).map(|(role, score)| (*column, role, score))).collect();
    let of_payment = take_facts_of_payment(columns, &labels, &roles, looks, rows);
    let free = |column: &usize| !of_payment.contains(column);
    let plain_amounts = take_columns_of_lines(columns, roles.iter().copied().filter(|(column, ..)| free(column)), looks);
    tell_apart(columns, looks, rows);
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
        columns.document = roles.iter().find(|(column, role, _)| *role == ColumnRole::TheirReference && free(column)).map(|(column, ..)| *column);
    }
}

/// A column, what its heading means and how sure that is.
type Labelled = (usize, ColumnRole, u16);

/// What describes the payment: it repeats from row to row, or only its label tells when there is one row. Answers which columns it took.
fn take_facts_of_payment(columns: &mut Columns, labels: &[(usize, &str)], roles: &[Labelled], all_looks: &[Looks], rows: usize) -> BTreeSet<usize> {
    let is_amount = |role| matches!(role, ColumnRole::Gross | ColumnRole::Net | ColumnRole::Amount | ColumnRole::Deduction | ColumnRole::Discount);
    let is_own_amount = |role| matches!(role, ColumnRole::Net | ColumnRole::Amount);
    let is_document = |role| matches!(role, ColumnRole::Invoice | ColumnRole::Document | ColumnRole::DebitNote);
    let mut taken = BTreeSet::new();
    for (column, label) in labels {
        let looks = &all_looks[*column];
        if fold(label).split(' ').next().is_some_and(names_payment) && numbers_the_payment(all_looks, *column, rows) {
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
    taken
}

/// What describes the lines, the surest heading first. Answers the columns of amounts whose headings don't say which amount.
fn take_columns_of_lines(columns: &mut Columns, roles: impl Iterator<Item = Labelled>, looks: &[Looks]) -> Vec<usize> {
    let mut plain_amounts = Vec::new();
    let mut ordered: Vec<Labelled> = roles.collect();
    ordered.sort_by_key(|(column, _, score)| (std::cmp::Reverse(*score), *column));
    for (column, role, _) in ordered {
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
    columns.texts.sort_unstable();
    columns.deductions.sort_unstable();
    plain_amounts
}

/// Tells columns apart that headings leave alike: two days, two numbers, codes and words.
fn tell_apart(columns: &mut Columns, looks: &[Looks], rows: usize) {
    // The day that stays the same is that of the payment.
    if let (Some(paid), Some(own)) = (columns.payment_date, columns.date)
        && rows > 1
        && !looks[paid].repeats(rows)
        && looks[own].repeats(rows)
    {
        (columns.payment_date, columns.date) = (Some(own), Some(paid));
    }
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

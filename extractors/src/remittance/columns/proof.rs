//! Arithmetic over the rows of a sample: the roles and signs of amount columns under which most of them balance.

use rust_decimal::Decimal;

use super::super::grid::Row;
use super::looks::Looks;
use super::{Columns, Dialect};
use crate::language::parse_amount;

/// Finds the roles of the amount columns under which most rows balance, and the signs of discount and deductions.
pub(super) fn prove(columns: &mut Columns, looks: &[Looks], sample: &[&Row], dialect: Dialect, total: Option<Decimal>) {
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
pub(super) fn amounts(sample: &[&Row], width: usize, money: &[usize], dialect: Dialect) -> Vec<Vec<Option<Decimal>>> {
    let amount = |row: &Row, column: usize| if money.contains(&column) { parse_amount(row.cell(column), dialect.notation) } else { None };
    sample.iter().map(|row| (0..width).map(|column| amount(row, column).map(|amount| amount.value)).collect()).collect()
}

/// Chooses the signs under which rows balance; unproven, a column of mostly negative numbers is taken to be written negative.
pub(super) fn settle_signs(columns: &mut Columns, amounts: &[Vec<Option<Decimal>>]) {
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

//! Which of two sides a row stands on, where amounts carry no sign: two columns of money, or a word beside the amount.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::super::grid::Row;
use super::looks::Looks;
use super::{Columns, Dialect, SIDES, Side};
use crate::language::kinds::names_claim;
use crate::language::{fold, parse_amount};

/// Two columns of money of which each row fills one are the two sides of a ledger: what is paid, and what is taken off.
pub(super) fn two_columns(columns: &mut Columns, looks: &[Looks], sample: &[&Row], dialect: Dialect) -> bool {
    let no_side = [columns.payment_total, columns.discount];
    let money: Vec<usize> =
        (0..looks.len()).filter(|column| looks[*column].money() && looks[*column].decimals > 0 && !no_side.contains(&Some(*column))).collect();
    let [one, other] = money[..] else { return false };
    // Sums below the lines name no document and may fill both.
    let names_document = |row: &&&Row| columns.document.is_none_or(|document| row.cell(document).contains(|sign: char| sign.is_ascii_digit()));
    let lines: Vec<&Row> = sample.iter().filter(names_document).copied().collect();
    let amount = |row: &Row, column: usize| parse_amount(row.cell(column), dialect.notation).map(|amount| amount.value).filter(|value| !value.is_zero());
    let fills_both = [one, other].into_iter().all(|column| lines.iter().any(|row| amount(row, column).is_some()));
    if lines.len() < 2 || !fills_both || lines.iter().any(|row| amount(row, one).is_some() == amount(row, other).is_some()) {
        return false;
    }
    let sum = |column: usize| lines.iter().filter_map(|row| amount(row, column)).sum::<Decimal>();
    let (paid, taken) = if sum(one) >= sum(other) { (one, other) } else { (other, one) };
    let discounted = columns.discount.is_some();
    (columns.gross, columns.net, columns.deductions) = (discounted.then_some(paid), (!discounted).then_some(paid), vec![taken]);
    true
}

/// Amounts without a sign whose side a word beside them tells.
pub(super) fn worded_side(columns: &mut Columns, looks: &[Looks], sample: &[&Row], dialect: Dialect, total: Option<Decimal>) {
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

//! Invoices one below the other or side by side, each amount with a label of its own:
//! ```text
//! Invoice VF2672164 of 27 October        Your invoice         VF2672164   VF2672171
//! You billed: 2,744.00                   Invoice value         2,744.00    1,980.00
//! Prompt payment discount: 68.60         Less: missed slot                    59.40
//! We paid: 2,675.40                      Paid                  2,744.00    1,920.60
//! ```

use std::ops::Range;

use rust_decimal::Decimal;

use super::super::prose::speaks_of_taking;
use super::atoms::{Atom, CutRow, Kind};
use super::records::{Record, Sheets, Table};
use crate::language::discounts::names_discount;
use crate::language::{ColumnRole, HeaderField, column_role, header_field, is_total};
use crate::layout::table::is_amount;

/// An invoice with what its labels say.
#[derive(Default)]
struct Item {
    record: Record,
    amounts: Vec<(String, Decimal)>,
}

impl Item {
    fn new(number: &Atom, cut: &CutRow) -> Self {
        let mut item = Self { record: Record { place: Some(cut.row.place()), confidence: 1000, ..Record::default() }, ..Self::default() };
        item.record.words.insert(ColumnRole::Invoice, number.text().trim_matches([',', ';', ':', '.', '(', ')']).to_owned());
        item
    }

    fn say(&mut self, words: &str) {
        let words = words.trim_matches(|sign: char| !sign.is_alphanumeric());
        if !words.is_empty() {
            let cell = self.record.words.entry(ColumnRole::Text).or_default();
            *cell = format!("{cell} {words}").trim_start().to_owned();
        }
    }

    fn take(&mut self, label: &str, amount: &Atom) {
        self.amounts.extend(amount.amount().map(|value| (label.to_owned(), value)));
        let sure = amount.words.iter().map(|word| word.confidence).min().unwrap_or(1000);
        self.record.confidence = self.record.confidence.min(sure);
    }
}

/// The invoices of such a paper as a table whose columns are the labels; no table when it isn't one.
pub(super) fn cut(rows: &[CutRow]) -> Sheets {
    let Some((items, used)) = one_below_the_other(rows).or_else(|| side_by_side(rows)) else { return Sheets::default() };
    let others = rows.iter().enumerate().filter(|(index, _)| !used.contains(index)).map(|(_, cut)| cut.clone()).collect();
    Sheets { tables: vec![table(items)], others, totals: Vec::new() }
}

/// Blocks that begin with one of our numbers and no amount, and go on with labelled amounts.
fn one_below_the_other(rows: &[CutRow]) -> Option<(Vec<Item>, Vec<usize>)> {
    let begins = |cut: &CutRow| !cut.has_amount() && cut.atoms.iter().filter(|atom| atom.is_ours).count() == 1;
    let starts: Vec<usize> = (0..rows.len()).filter(|index| begins(&rows[*index])).collect();
    let blocks = starts.iter().enumerate().map(|(order, start)| *start..starts.get(order + 1).copied().unwrap_or(rows.len()));
    let blocks: Vec<Range<usize>> = blocks.map(|block| block.start..end_of_block(rows, block)).collect();
    let known: Vec<String> = blocks.iter().rev().skip(1).flat_map(|block| rows[block.clone()].iter().map(label_of)).collect();
    let (mut items, mut used) = (Vec::new(), Vec::new());
    for block in blocks {
        let number = rows[block.start].atoms.iter().find(|atom| atom.is_ours)?;
        let mut item = Item::new(number, &rows[block.start]);
        item.record.date = rows[block.start].atoms.iter().find_map(date);
        used.push(block.start);
        for index in block.start + 1..block.end {
            let (cut, label) = (&rows[index], label_of(&rows[index]));
            // The sum of the paper stands below the last block.
            if names_a_total(&label) && !known.contains(&label) {
                break;
            }
            match cut.atoms.iter().position(|atom| atom.amount().is_some()) {
                Some(at) => {
                    item.take(&label, &cut.atoms[at]);
                    item.say(&cut.atoms[at + 1..].iter().map(Atom::text).collect::<Vec<_>>().join(" "));
                }
                None => item.say(&cut.row.text()),
            }
            used.push(index);
        }
        items.push(item);
    }
    are_items(&items).then_some((items, used))
}

/// Where the labelled amounts of a block end: at a row without a label, or far from the one above.
fn end_of_block(rows: &[CutRow], block: Range<usize>) -> usize {
    let goes_on = |index: &usize| {
        let (above, cut) = (&rows[index - 1].row, &rows[*index]);
        let near = above.page != cut.row.page || cut.row.top() - above.bottom() < 2.2 * above.height().max(cut.row.height());
        near && cut.amounts().count() <= 1 && label_of(cut).chars().any(char::is_alphabetic)
    };
    block.clone().skip(1).take_while(goes_on).last().map_or(block.start + 1, |last| last + 1)
}

/// A row of several of our numbers, and rows of labels with an amount under each of them.
fn side_by_side(rows: &[CutRow]) -> Option<(Vec<Item>, Vec<usize>)> {
    let ours = |cut: &CutRow| cut.atoms.iter().filter(|atom| atom.is_ours).count();
    let head = rows.iter().position(|cut| ours(cut) >= 2 && !cut.has_amount())?;
    let numbers: Vec<&Atom> = rows[head].atoms.iter().filter(|atom| atom.is_ours).collect();
    let mut items: Vec<Item> = numbers.iter().map(|number| Item::new(number, &rows[head])).collect();
    let mut used = vec![head];
    let middle = |atom: &Atom| f64::midpoint(atom.left(), atom.right());
    let pitch = numbers.windows(2).map(|pair| middle(pair[1]) - middle(pair[0])).fold(f64::MAX, f64::min);
    let column = |atom: &Atom| numbers.iter().position(|number| (middle(number) - middle(atom)).abs() < pitch / 2.0);
    for (index, cut) in rows.iter().enumerate().skip(head + 1) {
        let is_label = |atom: &&Atom| atom.amount().is_none() && middle(atom) < middle(numbers[0]) - pitch / 2.0;
        let label: Vec<String> = cut.atoms.iter().take_while(is_label).map(Atom::text).collect();
        let under: Vec<(usize, &Atom)> = cut.atoms[label.len()..].iter().filter_map(|atom| Some((column(atom)?, atom))).collect();
        if cut.row.page != rows[head].row.page || label.is_empty() || under.is_empty() || under.len() == 1 && is_total(&label.join(" ")) {
            break;
        }
        let label = label.join(" ");
        for (column, atom) in under {
            match atom.kind {
                Kind::Amount(_) => items[column].take(&label, atom),
                Kind::Date(day) => items[column].record.date = items[column].record.date.or(Some(day)),
                _ => items[column].say(&atom.text()),
            }
        }
        used.push(index);
    }
    are_items(&items).then_some((items, used))
}

/// Two invoices with amounts, one of them with more than one.
fn are_items(items: &[Item]) -> bool {
    items.len() >= 2 && items.iter().all(|item| !item.amounts.is_empty()) && items.iter().any(|item| item.amounts.len() >= 2)
}

fn date(atom: &Atom) -> Option<jiff::civil::Date> {
    if let Kind::Date(day) = atom.kind { Some(day) } else { None }
}

/// The words before the first amount.
fn label_of(cut: &CutRow) -> String {
    cut.leading().trim_end_matches([':', '=', ' ']).to_owned()
}

fn names_a_total(label: &str) -> bool {
    is_total(label) || matches!(header_field(label), Some((HeaderField::TotalPaid | HeaderField::Total, 800..)))
}

/// Labels as columns; one that takes something off and says more than that gives the reason.
fn table(items: Vec<Item>) -> Table {
    let mut labels: Vec<String> = Vec::new();
    for (label, _) in items.iter().flat_map(|item| &item.amounts) {
        if !labels.contains(label) {
            labels.push(label.clone());
        }
    }
    let mut roles: Vec<ColumnRole> = labels.iter().map(|label| meaning(label)).collect();
    let several = roles.iter().filter(|role| **role == ColumnRole::Deduction).count() > 1;
    let records = items.into_iter().map(|item| {
        let mut record = item.record;
        for (label, amount) in item.amounts {
            let index = labels.iter().position(|known| *known == label).unwrap_or_default();
            if roles[index] == ColumnRole::Deduction && !several && !is_plain(&label) {
                record.words.entry(ColumnRole::Text).or_insert(label);
            }
            record.amounts.push((index, amount));
        }
        record
    });
    let records = records.collect();
    let mut headings: Vec<String> = labels;
    // Words of a record stand in columns of their own.
    roles.extend([ColumnRole::Invoice, ColumnRole::Text]);
    headings.extend([String::new(), String::new()]);
    Table { headings, roles, records }
}

/// Whether a label says only that something is taken off.
fn is_plain(label: &str) -> bool {
    column_role(label).is_some_and(|(_, score)| score >= 850)
}

fn meaning(label: &str) -> ColumnRole {
    let known = column_role(label).filter(|(role, score)| is_amount(*role) && *score >= 700).map(|(role, _)| role);
    match known {
        _ if names_discount(label) => ColumnRole::Discount,
        Some(ColumnRole::Amount) | None if names_a_total(label) => ColumnRole::Net,
        Some(role @ (ColumnRole::Gross | ColumnRole::Net)) if !speaks_of_taking(label) => role,
        Some(ColumnRole::Deduction) => ColumnRole::Deduction,
        _ if speaks_of_taking(label) => ColumnRole::Deduction,
        // Which amount it is, is left to arithmetic.
        _ => ColumnRole::Balance,
    }
}

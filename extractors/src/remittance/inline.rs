//! Lines of a mail that name their amounts in the line: `INV-7  04.05.2026  1.200,00  Skonto 24,00  Zahlbetrag 1.176,00`.

use recoup_engine::reading::{Doubt, Place};
use recoup_engine::remittance::{Adjustment, AdviceLine, LineSubject, RemittanceAdvice};
use rust_decimal::Decimal;

use super::grid::Grid;
use super::sheet;
use crate::Hints;
use crate::language::{ColumnRole, DateOrder, Notation, column_role, is_total, parse_amount, parse_date, settle_date_order, settle_notation};

/// Reads such lines; `None` unless they add up to the total that the text states.
pub fn read(text: &str, hints: &Hints, hint: Option<DateOrder>) -> Option<(RemittanceAdvice, Vec<Doubt>)> {
    let notation = settle_notation(text.split_whitespace());
    let order = settle_date_order(text.split_whitespace(), hint);
    let mut lines = Vec::new();
    let mut others = Vec::new();
    for row in text.lines() {
        match line(row, notation, order) {
            Some(line) => lines.push(line),
            None => others.push(vec![row.trim().trim_start_matches(['>', ' ']).to_owned()]),
        }
    }
    if lines.is_empty() {
        return None;
    }
    // The facts around the lines are read like those around a table: one line stands for it.
    let mut rows = others;
    rows.push(["Invoice", "Amount"].map(str::to_owned).to_vec());
    rows.push(["X1", "0.00"].map(str::to_owned).to_vec());
    let facts = sheet::read(&Grid::from_cells(rows), hints, order.or(hint)).advices.into_iter().next()?;
    let advice = RemittanceAdvice { lines, ..facts };
    let sum = advice.paid_by_lines();
    (advice.total == Some(sum) || advice.total.is_some() && advice.reference.is_some() && advice.lines.len() > 2).then(|| {
        let mut doubts = Vec::new();
        super::balance::check(&advice, &mut doubts);
        (advice, doubts)
    })
}

/// One line: cells are set apart by two blanks or a tab.
fn line(row: &str, notation: Option<Notation>, order: Option<DateOrder>) -> Option<AdviceLine> {
    let row = row.trim().trim_start_matches(['>', ' ', '*', '•']);
    // A dash before a space is a bullet, one before a digit a sign.
    let row = row.strip_prefix("- ").unwrap_or(row).trim();
    let cells: Vec<&str> = row.split("  ").flat_map(|part| part.split(['\t', '|', ';'])).map(str::trim).filter(|cell| !cell.is_empty()).collect();
    let first = *cells.first()?;
    if cells.len() < 2 || is_total(first) || first.ends_with(':') || first.contains(": ") {
        return None;
    }
    let mut line = AdviceLine::default();
    let mut plain = Vec::new();
    let (mut taken, mut named) = (Decimal::ZERO, false);
    for (index, cell) in cells.iter().enumerate() {
        if let Some(date) = parse_date(cell, order) {
            line.date = line.date.or(Some(date.date));
        } else if let Some(amount) = parse_amount(cell, notation).filter(|amount| amount.value.scale() > 0 || index > 0) {
            plain.push(amount.value);
        } else if let Some((role, amount)) = labelled(cell, notation) {
            named = true;
            match role {
                ColumnRole::Gross => line.gross = Some(amount),
                ColumnRole::Discount => line.discount = Some(amount.abs()).filter(|discount| !discount.is_zero()),
                ColumnRole::Deduction => taken += amount.abs(),
                _ => line.net = Some(amount),
            }
        } else if index == 0 && cell.bytes().any(|byte| byte.is_ascii_digit()) && cell.len() <= 40 && cell.split(' ').count() <= 3 {
            line.reference = Some((*cell).to_owned());
        } else {
            let words = cell.split_whitespace().collect::<Vec<_>>().join(" ");
            line.text = Some(line.text.take().map_or_else(|| words.clone(), |text| format!("{text} {words}")));
        }
    }
    let &[amount] = plain.as_slice() else {
        return if plain.len() == 2 && line.reference.is_some() {
            line.gross = Some(plain[0]);
            line.net = line.net.or(Some(plain[1]));
            finish(line, taken)
        } else {
            None
        };
    };
    // An amount and nothing else is no line: a document or words must say what it is.
    if line.reference.is_none() && line.text.is_none() || line.reference.is_none() && !amount.is_sign_negative() {
        return None;
    }
    if named {
        line.gross = line.gross.or(Some(amount));
    } else {
        line.net = Some(amount);
        if !amount.is_sign_negative() {
            line.gross = Some(amount);
        }
    }
    finish(line, taken)
}

fn finish(mut line: AdviceLine, taken: Decimal) -> Option<AdviceLine> {
    if !taken.is_zero() {
        line.adjustments.push(Adjustment { amount: -taken, text: line.text.clone(), ..Adjustment::default() });
    }
    line.net = line.net.or_else(|| line.gross.map(|gross| gross - line.discount.unwrap_or_default() - taken));
    let net = line.net?;
    line.subject = if net.is_sign_negative() && !net.is_zero() { LineSubject::Adjustment } else { LineSubject::Invoice };
    line.place = Some(Place { page: 1, area: None });
    Some(line)
}

/// "Skonto 48,23": an amount behind the word that says which one it is.
fn labelled(cell: &str, notation: Option<Notation>) -> Option<(ColumnRole, Decimal)> {
    let at = cell.find(|letter: char| letter.is_ascii_digit() || letter == '(' || letter == '-' || letter == '\u{2212}')?;
    let (label, value) = cell.split_at(at);
    let amount = parse_amount(value.trim(), notation).filter(|amount| amount.value.scale() > 0)?;
    let (role, score) = column_role(label.trim().trim_end_matches([':', '=']))?;
    (score >= 850 && matches!(role, ColumnRole::Gross | ColumnRole::Discount | ColumnRole::Deduction | ColumnRole::Net | ColumnRole::Amount))
        .then_some((role, amount.value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_name_their_amounts_are_read() {
        let text = "Hello,\n\nEFT Reference: CHK 419467\nDate Paid: 06/24/2026\nAmount Paid: 1,161.00 USD\n\nINV-2026-00450  05/04/2026  1,200.00  Cash Disc 24.00  Amt Paid 1,176.00\nINV-9  05/04/2026  300.00  Amt Paid 300.00\n\
            DM-1  250.00-  Label fine inv INV-2026-00297\n- -65.00  Co-op advertising\n\nThank you\nNorth Foods\n";
        let (advice, doubts) = read(text, &Hints::default(), None).unwrap();
        assert_eq!(doubts, []);
        assert_eq!((advice.reference.as_deref(), advice.payment_date.map(|date| date.to_string()).as_deref()), (Some("CHK 419467"), Some("2026-06-24")));
        assert_eq!((advice.lines.len(), advice.lines[0].discount, advice.lines[2].net), (4, Some(Decimal::new(2400, 2)), Some(Decimal::new(-25000, 2))));
        assert_eq!(advice.lines[3].text.as_deref(), Some("Co-op advertising"));
    }
}

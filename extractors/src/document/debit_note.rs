//! Debit notes, chargebacks and claim notices in free layout.

use recoup_engine::reading::{Area, Confidence, Place};
use recoup_engine::supporting::{ArticleLine, DebitNote};

use super::articles::{self, Role};
use super::rows::TextRow;
use super::supporting::{Basics, largest_amount};
use crate::language::labels::starts_with_phrase;
use crate::language::{HeaderField, fold, header_field};

/// Reads the claim that the rows state.
pub fn read(rows: &[TextRow], basics: &Basics) -> DebitNote {
    let table = articles::find(rows, basics.notation);
    let lines = table.iter().flat_map(|table| &table.lines).map(|row| ArticleLine {
        article: row.article.clone(),
        description: row.description.clone(),
        quantity: row.number(Role::Quantity).or_else(|| row.number(Role::Shipped)).or_else(|| row.number(Role::Received)),
        unit: row.unit.clone(),
        unit_price: row.number(Role::Price),
        amount: row.number(Role::Amount),
        place: row.place,
    });
    let reason = reason(rows, basics, table.as_ref().map(|table| table.heading));
    let amount = basics.amount.map(|(amount, place)| (amount.abs(), place)).or_else(|| largest_amount(rows, basics.notation).map(|amount| (amount, None)));
    let owned = |placed: &super::supporting::Placed<String>| placed.as_ref().map(|(value, _)| value.clone());
    let recognised = rows.iter().flat_map(|row| &row.words).any(|word| word.confidence != Confidence::CERTAIN);
    DebitNote {
        number: owned(&basics.number).map(|number| if recognised { mended(&number) } else { number }),
        issuer: basics.issuer.clone(),
        date: basics.date.map(|(date, _)| date),
        invoice_number: owned(&basics.invoice),
        purchase_order: owned(&basics.purchase_order),
        amount: amount.map(|(amount, _)| amount),
        currency: basics.currency,
        code: owned(&basics.code),
        reason: reason.as_ref().map(|(words, _)| words.clone()),
        lines: lines.collect(),
        reason_place: reason.map(|(_, place)| place),
        amount_place: amount.and_then(|(_, place)| place),
        ..DebitNote::default()
    }
}

/// A recognised number: letters that look like digits are digits once the digits have begun, because note numbers are a prefix and a count.
fn mended(number: &str) -> String {
    let Some(first) = number.find(|sign: char| sign.is_ascii_digit()) else { return number.to_owned() };
    let (prefix, count) = number.split_at(first);
    let digit = |sign: char| match sign {
        'O' | 'o' => '0',
        'I' | 'l' | '|' => '1',
        'S' => '5',
        'B' => '8',
        other => other,
    };
    let read: String = count.chars().map(digit).collect();
    let digits = count.bytes().filter(u8::is_ascii_digit).count();
    let is_count = read.bytes().all(|sign| sign.is_ascii_digit()) && digits * 2 > read.len() && digits >= 3;
    if is_count { format!("{prefix}{read}") } else { number.to_owned() }
}

/// The words after the label of the reason, over as many rows as they take.
fn reason(rows: &[TextRow], basics: &Basics, table: Option<usize>) -> Option<(String, Place)> {
    let label = rows.iter().position(|row| row.cells.first().is_some_and(|cell| is_reason_label(&cell.text)));
    let Some(start) = label else {
        let labelled = basics.found.iter().find(|labelled| labelled.field == HeaderField::Reason)?;
        return Some((labelled.value.clone(), labelled.place));
    };
    let mut words = Vec::new();
    let mut area: Option<Area> = None;
    let row = &rows[start];
    let beside = row.text();
    let own = beside
        .split_once(':')
        .map_or_else(|| row.cells[1..].iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" "), |(_, value)| value.trim().to_owned());
    if !own.is_empty() {
        words.push(own);
        area = Some(row.area);
    }
    for (index, row) in rows.iter().enumerate().skip(start + 1) {
        let ends = table == Some(index) || row.page != rows[start].page || is_other_label(row);
        // A wide gap ends a paragraph once it has begun.
        let gap = !words.is_empty() && row.area.top.saturating_sub(rows[index - 1].area.bottom) > 2 * (row.area.bottom - row.area.top).max(60) + 60;
        if ends || gap || words.len() >= 6 {
            break;
        }
        words.push(row.text());
        area = Some(area.map_or(row.area, |area| area.union(row.area)));
    }
    (!words.is_empty()).then(|| (words.join(" "), Place { page: row.page, area }))
}

fn is_reason_label(text: &str) -> bool {
    let label = text.split(':').next().unwrap_or(text);
    header_field(label).is_some_and(|(field, score)| field == HeaderField::Reason && score >= 900) && fold(label) != "re"
}

/// Whether the row begins something else: another label, a total, a signature.
fn is_other_label(row: &TextRow) -> bool {
    let Some(first) = row.cells.first() else { return true };
    let label = first.text.split(':').next().unwrap_or(&first.text);
    let other = header_field(label).is_some_and(|(field, score)| score >= 900 && field != HeaderField::Reason);
    let has_value = first.text.contains(':') || row.cells.len() > 1;
    other && has_value || starts_with_phrase(&fold(&first.text), super::delivery::SIGNATURES)
}

#[cfg(test)]
mod tests {
    use super::mended;

    #[test]
    fn letters_among_the_digits_of_a_note_number_are_digits() {
        for (read, meant) in [
            ("CB44O112", "CB440112"),
            ("BA2033l", "BA20331"),
            ("DN-47I1", "DN-4711"),
            ("RK-90112", "RK-90112"),
            ("FC-2290B2", "FC-229082"),
            ("A1B2C3", "A1B2C3"),
            ("DEBIT", "DEBIT"),
        ] {
            assert_eq!(mended(read), meant);
        }
    }
}

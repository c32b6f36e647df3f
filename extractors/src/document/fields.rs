//! Labelled values on a page: beside their label, under it, or in one run of words with it.

use recoup_engine::money::Currency;
use recoup_engine::reading::{Area, Place};
use rust_decimal::Decimal;

use super::rows::{TextCell, TextRow};
use crate::language::{HeaderField, Notation, header_field, parse_amount, parse_date};

/// A value with the label that names it.
#[derive(Clone, Debug)]
pub struct Labelled {
    pub field: HeaderField,
    pub score: u16,
    pub label: String,
    pub value: String,
    pub place: Place,
    /// Which row of the document the value stands in.
    pub row: usize,
}

/// Every labelled value in reading order.
pub fn find(rows: &[TextRow]) -> Vec<Labelled> {
    let mut found = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let mut cell = 0;
        while cell < row.cells.len() {
            cell += labelled_cell(rows, index, cell, &mut found);
        }
    }
    found
}

/// Reads the label in a cell, if it is one; says how many cells were used.
fn labelled_cell(rows: &[TextRow], index: usize, at: usize, found: &mut Vec<Labelled>) -> usize {
    let row = &rows[index];
    let cell = &row.cells[at];
    let mut push = |field: (HeaderField, u16), label: &str, value: &str, area: Area, row: usize| {
        let place = Place { page: rows[row].page, area: Some(area) };
        found.push(Labelled {
            field: field.0,
            score: field.1,
            label: label.trim().to_owned(),
            value: value.trim().trim_matches([':', ' ']).to_owned(),
            place,
            row,
        });
    };
    if let Some((label, value)) = cell.text.split_once(':')
        && let Some(field) = header_field(label).filter(|(_, score)| *score >= 700)
    {
        if !value.trim().is_empty() {
            push(field, label, value, cell.area, index);
            return 1;
        }
        if let Some(next) = row.cells.get(at + 1).filter(|next| !next.text.trim_end().ends_with(':')) {
            push(field, label, &next.text, next.area, index);
            return 2;
        }
        if let Some((below, area)) = value_below(rows, index, cell.area) {
            push(field, label, &below, area.0, area.1);
        }
        return 1;
    }
    if let Some(field) = header_field(&cell.text).filter(|(_, score)| *score >= 840) {
        // A row of sums over several columns: the last column is what the paper is about.
        let behind = &row.cells[at + 1..];
        let is_sum = |cell: &TextCell| parse_amount(&cell.text, None).is_some();
        if matches!(field.0, HeaderField::Total | HeaderField::TotalPaid | HeaderField::Amount)
            && behind.len() > 1
            && behind.iter().all(is_sum)
            && let Some(last) = behind.last()
        {
            push(field, &cell.text, &last.text, last.area, index);
            return row.cells.len() - at;
        }
        let next = row.cells.get(at + 1);
        if let Some(next) = next.filter(|next| header_field(&next.text).is_none_or(|(_, score)| score < 840) && !next.text.ends_with(':')) {
            push(field, &cell.text, &next.text, next.area, index);
            return 2;
        }
        if let Some((below, area)) = value_below(rows, index, cell.area) {
            push(field, &cell.text, &below, area.0, area.1);
        }
        return 1;
    }
    // "Invoice INV-7" in one run: the longest beginning that is a label, before something with a digit.
    let words: Vec<&str> = cell.text.split(' ').collect();
    for count in (1..words.len().min(5)).rev() {
        let (label, value) = (words[..count].join(" "), words[count..].join(" "));
        let telling = value.split(' ').next().is_some_and(|word| word.bytes().any(|byte| byte.is_ascii_digit()));
        if telling
            && words.len() - count <= 4
            && let Some(field) = header_field(&label).filter(|(_, score)| *score >= 950)
        {
            push(field, &label, &value, cell.area, index);
            break;
        }
    }
    1
}

/// The cell under a label, when it overlaps it and is no label itself.
fn value_below(rows: &[TextRow], index: usize, label: Area) -> Option<(String, (Area, usize))> {
    let next = rows.get(index + 1).filter(|next| next.page == rows[index].page && next.area.top.saturating_sub(rows[index].area.bottom) < 400)?;
    let under = next.cells.iter().find(|cell| cell.area.left < label.right.max(label.left + 300) && cell.area.right > label.left)?;
    let is_label = under.text.ends_with(':') || header_field(&under.text).is_some_and(|(_, score)| score >= 840);
    (!is_label).then(|| (under.text.clone(), (under.area, index + 1)))
}

/// The first value of one of the fields, best label first.
pub fn first<'a>(found: &'a [Labelled], fields: &[HeaderField]) -> Option<&'a Labelled> {
    fields.iter().find_map(|field| found.iter().find(|labelled| labelled.field == *field))
}

/// The first value of a field that holds a digit and no date: a number of a document.
pub fn number(found: &[Labelled], field: HeaderField) -> Option<(&Labelled, String)> {
    found.iter().filter(|labelled| labelled.field == field).find_map(|labelled| document_number(&labelled.value).map(|number| (labelled, number)))
}

/// A number behind its name inside a sentence: "zu Rechnung 1400005763", "Facture F2026-" with the rest in the next row.
pub fn in_sentence(rows: &[TextRow], field: HeaderField) -> Option<(String, Option<Place>)> {
    rows.iter().enumerate().find_map(|(index, row)| {
        let words: Vec<&str> = row.words.iter().map(|word| word.text.as_str()).collect();
        let named = |at: usize| header_field(words[at].trim_end_matches(':')).is_some_and(|(named, score)| named == field && score >= 950);
        (0..words.len()).filter(|at| named(*at)).find_map(|at| {
            let filling = |word: &&&str| matches!(crate::language::fold(word).as_str(), "no" | "nr" | "n" | "number" | "nummer" | "numero");
            let number = words[at + 1..].iter().find(|word| !filling(word))?;
            let after = rows.get(index + 1).and_then(|next| next.words.first()).map_or("", |word| word.text.as_str());
            let whole = if number.ends_with('-') && words.last() == Some(number) { format!("{number}{after}") } else { (*number).to_owned() };
            let whole = whole.trim_matches(|sign: char| !sign.is_alphanumeric());
            let digits = whole.bytes().filter(u8::is_ascii_digit).count();
            let is_number = digits >= 4 && parse_date(whole, None).is_none() && parse_amount(whole, None).is_none_or(|amount| amount.value.scale() == 0);
            is_number.then(|| (whole.to_owned(), Some(row.place())))
        })
    })
}

/// The document number that a value begins with.
pub fn document_number(value: &str) -> Option<String> {
    let words: Vec<&str> = value.split_whitespace().collect();
    let digits = |word: &str| word.bytes().filter(u8::is_ascii_digit).count();
    let first = words.iter().position(|word| digits(word) >= 2)?;
    let is_date = parse_date(words[first], None).is_some() && words[first].contains(['/', '.', '-']);
    let is_amount = parse_amount(words[first], None).is_some_and(|amount| amount.value.scale() > 0 || amount.value.is_sign_negative());
    if first > 1 || is_date || is_amount {
        return None;
    }
    // "CHK 4711" is one number in two words; a word alone before it is part of it when it is short and capital.
    let number = words[first].trim_matches(|letter: char| matches!(letter, ',' | ';' | '.' | ':' | '(' | ')'));
    let prefix = words.first().filter(|word| first == 1 && word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_uppercase()));
    Some(prefix.map_or_else(|| number.to_owned(), |prefix| format!("{prefix} {number}")))
}

/// The amount in a value like "1.128,82 EUR", with its currency.
pub fn amount(value: &str, notation: Option<Notation>) -> Option<(Decimal, Option<Currency>)> {
    let currency = crate::remittance::labelled_cells::currency_in(value);
    if let Some(parsed) = parse_amount(value, notation) {
        return Some((parsed.value, currency));
    }
    let words: Vec<&str> = value.split_whitespace().collect();
    // Thousands may be set apart by a blank: longer runs first.
    (1..=words.len().min(4))
        .rev()
        .find_map(|count| words.windows(count).find_map(|run| parse_amount(&run.join(" "), notation)))
        .map(|parsed| (parsed.value, currency))
}

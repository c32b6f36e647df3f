//! What kind of paper a page of words is: by its title first, then by greetings and structure.

use recoup_engine::reading::{Confidence, DocumentKind};

use super::rows::TextRow;
use crate::language::labels::starts_with_phrase;
use crate::language::{column_role, fold, kinds, parse_amount};

/// The kind that titles and greetings suggest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guess {
    pub kind: DocumentKind,
    pub confidence: Confidence,
    /// The row that names the paper.
    pub title_row: Option<usize>,
    /// The paper greets and closes like a letter.
    pub is_letter: bool,
}

/// Words that are titles only when nothing else stands beside them: they are labels and column headings as well.
const WEAK: usize = 9;

/// A title of so many letters is one behind any word.
const SURE: usize = 15;
/// Whose paper it is, before its title.
const WHOSE: &[&str] = &["vendor", "supplier", "customer", "fournisseur", "client", "leverancier", "leveranciers", "klant", "lieferanten", "kunden"];

/// Guesses the kind from the first page's rows.
pub fn classify(rows: &[TextRow]) -> Guess {
    let first_page = rows.first().map_or(1, |row| row.page);
    let page: Vec<(usize, &TextRow)> = rows.iter().enumerate().filter(|(_, row)| row.page == first_page).collect();
    let greets = page.iter().any(|(_, row)| row.cells.iter().any(|cell| starts_with_phrase(&fold(&cell.text), kinds::LETTER_WORDS)));
    let mut best: Option<(u32, DocumentKind, usize)> = None;
    // Below the heading of a table words name its items.
    let mut in_table = false;
    for (order, (index, row)) in page.iter().enumerate() {
        // The heading of a table names columns, not the paper.
        if row.cells.iter().filter(|cell| column_role(&cell.text).is_some_and(|(_, score)| score >= 850)).count() > 1 {
            in_table |= row.cells.len() > 2;
            continue;
        }
        // "R-26/06295  Rechnung  21.09.2026  2.000,00" is a line of a table: its words name what is paid.
        if row.cells.len() >= 3 && row.cells.iter().any(|cell| parse_amount(&cell.text, None).is_some_and(|amount| amount.value.scale() == 2)) {
            continue;
        }
        for (cell, text) in row.cells.iter().flat_map(|cell| titles_in(&cell.text).map(move |text| (cell, text))) {
            let folded = fold(text);
            if folded.is_empty() || folded.len() > 80 {
                continue;
            }
            for (kind, titles) in kinds::TITLES {
                for title in *titles {
                    let Some(points) = title_points(&cell.text, &folded, title, order, row, in_table) else { continue };
                    if best.is_none_or(|(most, ..)| points > most) {
                        best = Some((points, *kind, *index));
                    }
                }
            }
        }
    }
    match best {
        // A letter may name a paper in its subject; only a line of its own above the greeting names the letter's own kind.
        Some((points, kind, row)) if points >= 60 && (!greets || points >= 100) => {
            let confidence = Confidence::from_thousandths(u16::try_from(600 + points.min(380)).unwrap_or(980));
            Guess { kind, confidence, title_row: Some(row), is_letter: greets }
        }
        _ if greets => Guess { kind: DocumentKind::Correspondence, confidence: Confidence::from_thousandths(800), title_row: None, is_letter: true },
        _ => Guess { kind: DocumentKind::Other, confidence: Confidence::from_thousandths(200), title_row: None, is_letter: false },
    }
}

/// "Vrachtbrief / CMR 4410092" and "BILL OF LADING – SHORT FORM" hold several titles, and the whole may be one.
fn titles_in(text: &str) -> impl Iterator<Item = &str> {
    let parts = [" / ", " – ", " - ", " | ", " — "].into_iter().find(|mark| text.contains(mark)).map(|mark| text.split(mark));
    std::iter::once(text).chain(parts.into_iter().flatten())
}

/// How strongly a cell names the paper by this title: whole cells at the top most, beginnings less.
fn title_points(text: &str, folded: &str, title: &str, order: usize, row: &TextRow, in_table: bool) -> Option<u32> {
    let length = u32::try_from(title.len()).unwrap_or(0);
    // A wrapped sentence may leave a title's words alone in a line, but not with a capital and without a full stop.
    if text.chars().find(|letter| letter.is_alphabetic()).is_some_and(char::is_lowercase)
        || text.trim_end().ends_with('.') && text.split_whitespace().count() < 2
        // A word that goes on below.
        || text.trim_end().ends_with('-')
    {
        return None;
    }
    let top = !in_table && (order < 8 || row.area.top < 3_000);
    // "Rechnung   VF2662214": a label with its value beside it.
    let is_label = title.len() < WEAK && row.cells.len() > 1;
    if is_label && folded == title {
        return top.then(|| 50 + length * 2 + 20_u32.saturating_sub(u32::try_from(order).unwrap_or(20) * 4));
    }
    // "VENDOR STATEMENT OF ACCOUNT", "Vendor Deal Sheet": whose it is stands before the title.
    let is_whose = |whose: &str| WHOSE.contains(&whose) || title.len() >= SURE && !whose.is_empty() && !whose.contains(' ');
    let behind_whose = title.len() >= WEAK && folded.strip_suffix(title).and_then(|whose| whose.strip_suffix(' ')).is_some_and(is_whose);
    if folded == title || behind_whose || (title.len() >= 8 && nearly(folded, title)) {
        let capitals = text.chars().any(char::is_alphabetic) && !text.chars().any(char::is_lowercase);
        let height = u32::from(row.area.bottom - row.area.top).min(300) / 10;
        let base = if top { 100 } else { 10 };
        let early = 40_u32.saturating_sub(u32::try_from(order).unwrap_or(40) * 4);
        return Some(base + length * 2 + u32::from(capitals) * 30 + height + early);
    }
    // "DEBIT NOTE 4711" and "Remittance advice for …"; weak words need a number behind them.
    let rest = folded.strip_prefix(title).filter(|rest| rest.starts_with(' '))?;
    if !top || text.contains(':') || text.split_whitespace().count() > 9 {
        return None;
    }
    let first_after = rest.trim_start().split(' ').find(|word| !matches!(*word, "no" | "nr" | "number" | "nummer" | "n"))?;
    let numbered = first_after.bytes().any(|byte| byte.is_ascii_digit());
    if title.len() < WEAK && !numbered {
        return None;
    }
    Some(50 + length * 2 + u32::from(numbered) * 30 + 30_u32.saturating_sub(u32::try_from(order).unwrap_or(30) * 4))
}

/// One letter in eight may be misread.
fn nearly(left: &str, right: &str) -> bool {
    let most = right.len() / 8;
    if left.len().abs_diff(right.len()) > most {
        return false;
    }
    let (left, right): (Vec<u8>, Vec<u8>) = (left.bytes().collect(), right.bytes().collect());
    let mut previous: Vec<usize> = (0..=right.len()).collect();
    for (row, letter) in left.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, other) in right.iter().enumerate() {
            current.push((previous[column] + usize::from(letter != other)).min(previous[column + 1] + 1).min(current[column] + 1));
        }
        previous = current;
    }
    previous[right.len()] <= most
}

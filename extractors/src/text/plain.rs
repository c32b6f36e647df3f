//! Text set in a fixed pitch, as pages of words: a mail or a listing is then read like any other layout.

use recoup_engine::reading::{Confidence, Doubt, TextSource};

use super::{PAGES_AT_MOST, Page, PagedText, Word, glyphs};

/// Boxes are hundredths of a percent of the page; much longer pages would let neighbouring lines touch.
const LINES_OF_A_PAGE: usize = 300;
const TAB: usize = 8;
/// Shape of a character cell in points.
const CELL: (f64, f64) = (6.0, 12.0);

/// Every form feed and every three hundred lines begin a page.
pub fn pages_of_plain_text(text: &str) -> PagedText {
    let mut pages = Vec::new();
    for sheet in text.split('\u{c}') {
        let lines: Vec<Vec<(usize, String)>> = sheet.lines().map(words_of_line).collect();
        if lines.iter().all(Vec::is_empty) {
            continue;
        }
        let columns = lines.iter().flatten().map(|(column, word)| column + word.chars().count()).max().unwrap_or(1).max(40);
        for chunk in lines.chunks(LINES_OF_A_PAGE) {
            let number = u32::try_from(pages.len() + 1).unwrap_or(u32::MAX);
            pages.push(page(number, columns, chunk));
        }
    }
    let says = || format!("The text has {} pages, at most {PAGES_AT_MOST} are read; split it.", pages.len());
    let doubts = (pages.len() > PAGES_AT_MOST).then(|| Doubt::blocking("too_many_pages", says())).into_iter().collect();
    pages.truncate(PAGES_AT_MOST);
    PagedText { pages, source: TextSource::TextLayer, doubts }
}

fn page(number: u32, columns: usize, lines: &[Vec<(usize, String)>]) -> Page {
    let (width, height) = (columns as f64 * CELL.0, lines.len().max(60) as f64 * CELL.1);
    let mut words = Vec::new();
    for (row, line) in lines.iter().enumerate() {
        for (column, text) in line {
            let left = *column as f64 * CELL.0;
            let right = left + text.chars().count() as f64 * CELL.0;
            let top = row as f64 * CELL.1;
            let area = glyphs::area(left, top + 1.0, right, top + CELL.1 - 1.0, width, height);
            words.push(Word { text: text.clone(), area, confidence: Confidence::CERTAIN });
        }
    }
    Page { number, width: width as u32, height: height as u32, words }
}

/// The words of a line with their columns; tabs reach to the next stop, rules drawn with characters are no words.
fn words_of_line(line: &str) -> Vec<(usize, String)> {
    let mut words: Vec<(usize, String)> = Vec::new();
    let (mut column, mut open) = (0, false);
    for character in line.chars() {
        match character {
            '\t' => (column, open) = ((column / TAB + 1) * TAB, false),
            '|' | '│' => (column, open) = (column + 1, false),
            _ if character.is_whitespace() => (column, open) = (column + 1, false),
            '\u{feff}' | '\u{200b}' => {}
            _ => {
                match words.last_mut() {
                    Some((_, word)) if open => word.push(character),
                    _ => words.push((column, character.to_string())),
                }
                (column, open) = (column + 1, true);
            }
        }
    }
    words.retain(|(_, word)| word.chars().count() < 3 || !word.chars().all(|character| "-=_+*.─━═┼".contains(character)));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_a_listing_stay_aligned() {
        let read = pages_of_plain_text("Invoice\tAmount\n-------\n4711\t  12.50\n\u{c}Page 2");
        assert_eq!(read.pages.len(), 2);
        let words = &read.pages[0].words;
        assert_eq!(words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>(), ["Invoice", "Amount", "4711", "12.50"]);
        assert_eq!(words[0].area.left, words[2].area.left);
        assert!(words[1].area.left < words[3].area.left && words[3].area.top > words[0].area.bottom);
    }
}

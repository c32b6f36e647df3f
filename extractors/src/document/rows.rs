//! Words of a page to rows of cells, by what stands side by side and how far apart.

use recoup_engine::reading::{Area, Place};

use crate::text::{Page, Word};

/// One printed line.
#[derive(Clone, Debug)]
pub struct TextRow {
    pub page: u32,
    pub area: Area,
    pub cells: Vec<TextCell>,
    pub words: Vec<Word>,
}

/// Words that stand close together in a row.
#[derive(Clone, Debug)]
pub struct TextCell {
    pub text: String,
    pub area: Area,
}

impl TextRow {
    /// The whole line.
    pub fn text(&self) -> String {
        self.cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    pub fn place(&self) -> Place {
        Place { page: self.page, area: Some(self.area) }
    }
}

/// All rows of all pages in reading order.
pub fn of_pages(pages: &[Page]) -> Vec<TextRow> {
    pages.iter().flat_map(of_page).collect()
}

/// The rows of one page.
pub fn of_page(page: &Page) -> Vec<TextRow> {
    let mut words: Vec<&Word> = page.words.iter().filter(|word| !word.text.trim().is_empty()).collect();
    words.sort_by_key(|word| (center(word), word.area.left));
    let mut groups: Vec<(Area, Vec<&Word>)> = Vec::new();
    for word in words {
        // The last rows are the only ones that a word of this height can belong to.
        let fitting = groups.iter_mut().rev().take(4).find(|(area, members)| {
            let height = members.iter().map(|member| member.area.bottom - member.area.top).min().unwrap_or(1).max(1);
            let middle = center(word);
            middle >= area.top && middle <= area.bottom && (i32::from(middle) - i32::from(center_of(members))).unsigned_abs() * 2 <= u32::from(height) + 10
        });
        match fitting {
            Some((area, members)) => {
                *area = area.union(word.area);
                members.push(word);
            }
            None => groups.push((word.area, vec![word])),
        }
    }
    groups.sort_by_key(|(area, _)| (area.top / 2 + area.bottom / 2, area.left));
    groups.into_iter().map(|(area, words)| row(page.number, area, words)).collect()
}

fn center(word: &Word) -> u16 {
    word.area.top / 2 + word.area.bottom / 2
}

fn center_of(words: &[&Word]) -> u16 {
    let sum: u32 = words.iter().map(|word| u32::from(center(word))).sum();
    u16::try_from(sum / u32::try_from(words.len().max(1)).unwrap_or(1)).unwrap_or(0)
}

fn row(page: u32, area: Area, mut words: Vec<&Word>) -> TextRow {
    words.sort_by_key(|word| word.area.left);
    let letters: usize = words.iter().map(|word| word.text.chars().count()).sum();
    let widths: usize = words.iter().map(|word| usize::from(word.area.right - word.area.left)).sum();
    // A gap wider than two letters parts cells.
    let letter = widths / letters.max(1);
    let mut cells: Vec<TextCell> = Vec::new();
    for word in &words {
        match cells.last_mut() {
            Some(cell) if usize::from(word.area.left.saturating_sub(cell.area.right)) * 10 < letter.max(20) * 17 => {
                cell.text.push(' ');
                cell.text.push_str(&word.text);
                cell.area = cell.area.union(word.area);
            }
            _ => cells.push(TextCell { text: word.text.clone(), area: word.area }),
        }
    }
    TextRow { page, area, cells, words: words.into_iter().cloned().collect() }
}

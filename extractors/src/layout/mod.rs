//! Words with boxes to rows and tables. Knows the geometry of paper, and of words only whether they head a column.
//!
//! - [`table`]: heading rows to columns, words to columns

pub mod table;

use recoup_engine::reading::{Area, Place};

use crate::text::{Page, Word};

/// A word with its box in points, so that widths and heights compare.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    pub text: String,
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    pub area: Area,
    /// In thousandths.
    pub confidence: u16,
}

impl Placed {
    fn new(word: &Word, page: &Page) -> Self {
        let across = |value: u16| f64::from(value) / 10_000.0 * f64::from(page.width);
        let down = |value: u16| f64::from(value) / 10_000.0 * f64::from(page.height);
        let Area { left, top, right, bottom } = word.area;
        Self {
            text: word.text.clone(),
            left: across(left),
            right: across(right),
            top: down(top),
            bottom: down(bottom),
            area: word.area,
            confidence: word.confidence.thousandths(),
        }
    }

    pub fn middle(&self) -> f64 {
        f64::midpoint(self.top, self.bottom)
    }

    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// How far two words are from standing on one line. Recognition draws some boxes far too tall: then the edges that agree count.
    fn distance(&self, other: &Self) -> f64 {
        let middles = (self.middle() - other.middle()).abs();
        let recognised = self.confidence.min(other.confidence) < 1000;
        if recognised && self.height().max(other.height()) > 1.5 * self.height().min(other.height()) && self.text.len().min(other.text.len()) > 1 {
            return middles.min((self.top - other.top).abs()).min((self.bottom - other.bottom).abs());
        }
        middles
    }
}

/// Words that stand on one line, from left to right.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub page: u32,
    pub words: Vec<Placed>,
}

impl Row {
    pub fn text(&self) -> String {
        joined(&self.words)
    }

    pub fn top(&self) -> f64 {
        self.words.iter().map(|word| word.top).fold(f64::MAX, f64::min)
    }

    pub fn bottom(&self) -> f64 {
        self.words.iter().map(|word| word.bottom).fold(0.0, f64::max)
    }

    pub fn left(&self) -> f64 {
        self.words.first().map_or(0.0, |word| word.left)
    }

    /// The height of its tallest word: titles and names are set larger than tables.
    pub fn height(&self) -> f64 {
        self.words.iter().map(Placed::height).fold(0.0, f64::max)
    }

    /// The mean width of a character: the measure of every gap.
    pub fn character_width(&self) -> f64 {
        let characters: usize = self.words.iter().map(|word| word.text.chars().count()).sum();
        let width: f64 = self.words.iter().map(|word| word.right - word.left).sum();
        if characters == 0 { 5.0 } else { (width / characters as f64).max(0.5) }
    }

    pub fn place(&self) -> Place {
        Place { page: self.page, area: self.words.iter().map(|word| word.area).reduce(Area::union) }
    }

    /// Stretches of words without a wide gap between them: the cells of a form, the blocks of a letter head.
    pub fn stretches(&self, gap_in_characters: f64) -> Vec<&[Placed]> {
        let gap = gap_in_characters * self.character_width();
        let mut stretches = Vec::new();
        let mut start = 0;
        for index in 1..=self.words.len() {
            if index == self.words.len() || self.words[index].left - self.words[index - 1].right > gap {
                stretches.push(&self.words[start..index]);
                start = index;
            }
        }
        stretches
    }
}

/// The words with single blanks between them.
pub fn joined(words: &[Placed]) -> String {
    words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// The rows of a page from top to bottom. Each word joins the row whose last word is on its level, so a row may climb a little.
pub fn rows(page: &Page) -> Vec<Row> {
    let mut words: Vec<Placed> = page.words.iter().map(|word| Placed::new(word, page)).collect();
    level(&mut words);
    words.sort_by(|one, other| one.left.total_cmp(&other.left));
    let mut rows: Vec<Row> = Vec::new();
    for word in words {
        let nearest = rows
            .iter_mut()
            .filter_map(|row| {
                let last = row.words.last()?;
                let distance = last.distance(&word);
                // Dashes and points have low boxes: the taller word measures.
                let together = distance < 0.45 * last.height().max(word.height()) && word.left > last.right - 0.7 * word.height();
                // A neighbour tells more about the line than a word at the other margin.
                together.then_some((distance + 0.01 * (word.left - last.right).max(0.0), row))
            })
            .min_by(|one, other| one.0.total_cmp(&other.0));
        match nearest {
            Some((_, row)) => row.words.push(word),
            None => rows.push(Row { page: page.number, words: vec![word] }),
        }
    }
    rows.sort_by(|one, other| one.words[0].middle().total_cmp(&other.words[0].middle()));
    rows
}

/// Takes out what slant is left on a photographed page: the slope at which the words gather on the fewest levels.
fn level(words: &mut [Placed]) {
    const STEP: f64 = 0.001;
    const BAND_POINTS: f64 = 2.0;
    let gathered = |slope: f64| -> f64 {
        let mut bands = std::collections::BTreeMap::<i64, f64>::new();
        for word in words.iter().filter(|word| word.text.chars().count() > 1) {
            *bands.entry(((word.middle() - slope * word.left) / BAND_POINTS).round() as i64).or_default() += 1.0;
        }
        bands.values().map(|count| count * count).sum()
    };
    let straight = gathered(0.0);
    let best = (-30..=30).map(|step| f64::from(step) * STEP).map(|slope| (gathered(slope), slope)).max_by(|one, other| one.0.total_cmp(&other.0));
    // A page that is straight stays as it is: chance alone favours some slope a little.
    let Some((_, slope)) = best.filter(|(score, _)| *score > 1.15 * straight) else { return };
    for word in words {
        let rise = slope * word.left;
        word.top -= rise;
        word.bottom -= rise;
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use recoup_engine::reading::Confidence;

    use super::*;

    /// A page whose words stand where the text has them: columns of a character grid.
    pub(crate) fn page(text: &str) -> Page {
        crate::text::pages_of_plain_text(text).pages.swap_remove(0)
    }

    #[test]
    fn a_slightly_climbing_line_stays_one_row() {
        let word =
            |left: i64, top: i64, text: &str| Word { text: text.into(), area: Area::new(left, top, left + 500, top + 120), confidence: Confidence::CERTAIN };
        let words = vec![word(5000, 1030, "b"), word(1000, 1000, "a"), word(9000, 1060, "c"), word(1000, 1150, "d"), word(9000, 1190, "e")];
        let rows = rows(&Page { number: 1, width: 595, height: 842, words });
        assert_eq!(rows.iter().map(Row::text).collect::<Vec<_>>(), ["a b c", "d e"]);
    }

    #[test]
    fn a_slanted_photograph_is_levelled() {
        let mut words = Vec::new();
        for row in 0..8i64 {
            for column in 0..4i64 {
                let (left, top) = (800 + column * 2400, 1000 + row * 130 + column * 45);
                words.push(Word { text: format!("r{row}"), area: Area::new(left, top, left + 400, top + 90), confidence: Confidence::CERTAIN });
            }
        }
        let rows = rows(&Page { number: 1, width: 595, height: 842, words });
        assert_eq!(rows.iter().map(Row::text).collect::<Vec<_>>(), (0..8).map(|row| format!("r{row} r{row} r{row} r{row}")).collect::<Vec<_>>());
    }

    #[test]
    fn wide_gaps_part_stretches() {
        let rows = rows(&page("Vendor: Foods Inc        Payment No. 4711"));
        let stretches: Vec<String> = rows[0].stretches(2.5).into_iter().map(joined).collect();
        assert_eq!(stretches, ["Vendor: Foods Inc", "Payment No. 4711"]);
    }
}

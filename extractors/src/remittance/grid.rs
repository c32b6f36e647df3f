//! Rows of cells: the common ground of separated text, workbooks and tables in mails.

use csv::StringRecord;

use crate::line_numbers::LineNumbers;

/// A table as it was written; rows may be ragged.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    pub rows: Vec<Row>,
    /// Cells are typed values (numbers with a decimal point, ISO dates), not printed text.
    pub typed: bool,
}

/// One row. All its cells share one buffer, so that a hundred thousand rows stay lean.
#[derive(Clone, Debug)]
pub struct Row {
    /// Line or row number in the file, from 1.
    pub line: u32,
    pub cells: StringRecord,
}

impl Row {
    /// The trimmed text of a cell; empty when the row is shorter.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).unwrap_or("").trim_matches(|character: char| character.is_whitespace() || character == '\u{feff}' || character == '\0')
    }

    /// The cells that hold something, with their columns.
    pub fn filled(&self) -> impl Iterator<Item = (usize, &str)> {
        (0..self.cells.len()).map(|column| (column, self.cell(column))).filter(|(_, cell)| !cell.is_empty())
    }
}

const DELIMITERS: [u8; 4] = *b";\t|,";

impl Grid {
    /// Reads separated text; `None` when no delimiter makes a table of it.
    pub fn from_text(text: &str) -> Option<Self> {
        let delimiter = sniff_delimiter(text)?;
        Some(Self::with_delimiter(text, delimiter))
    }

    pub fn with_delimiter(text: &str, delimiter: u8) -> Self {
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut rows = Vec::new();
        let mut record = StringRecord::new();
        let mut lines = LineNumbers::new(text);
        while reader.read_record(&mut record).unwrap_or(false) {
            let line = lines.of_record_at(record.position().map_or(0, csv::Position::byte));
            rows.push(Row { line, cells: record.clone() });
        }
        Self { rows, typed: false }
    }

    /// A grid of rows that something else cut into cells.
    pub fn from_cells(rows: impl IntoIterator<Item = Vec<String>>) -> Self {
        let rows = (1..).zip(rows).map(|(line, cells)| Row { line, cells: StringRecord::from(cells) }).collect();
        Self { rows, typed: false }
    }

    /// All words in reading order, for search and language.
    pub fn text(&self, limit: usize) -> String {
        let mut text = String::new();
        for row in &self.rows {
            for (_, cell) in row.filled() {
                text.push_str(cell);
                text.push(' ');
            }
            text.push('\n');
            if text.len() > limit {
                break;
            }
        }
        text
    }
}

/// The delimiter under which most lines fall into the same number of cells.
pub fn sniff_delimiter(text: &str) -> Option<u8> {
    let mut end = text.len().min(40_000);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let sample = &text[..end];
    let mut best: Option<(usize, u8)> = None;
    for delimiter in DELIMITERS {
        if !sample.as_bytes().contains(&delimiter) {
            continue;
        }
        let grid = Grid::with_delimiter(sample, delimiter);
        let mut widths = std::collections::BTreeMap::<usize, usize>::new();
        for row in &grid.rows {
            let width = row.cells.len();
            let filled = row.filled().count();
            if width > 1 && filled > 1 {
                *widths.entry(width).or_default() += 1;
            }
        }
        // Rows of the commonest width, weighed by their cells: a decimal comma makes few and irregular cells.
        let weight = widths.iter().map(|(width, rows)| rows * (*width).min(12)).max().unwrap_or(0);
        if weight > best.map_or(0, |(weight, _)| weight) {
            best = Some((weight, delimiter));
        }
    }
    let (weight, delimiter) = best?;
    let lines = sample.lines().filter(|line| !line.trim().is_empty()).count();
    (weight >= 4 && weight * 2 >= lines).then_some(delimiter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_know_the_line_they_begin_on() {
        for ending in ["\n", "\r\n"] {
            let text = ["a;b", "c;\"d", "e\"", "", "f;g"].join(ending);
            assert_eq!(Grid::with_delimiter(&text, b';').rows.iter().map(|row| row.line).collect::<Vec<_>>(), [1, 2, 5], "{ending:?}");
        }
    }

    #[test]
    fn the_delimiter_is_found_beside_decimal_commas() {
        assert_eq!(sniff_delimiter("a;b;c\n1;2,50;3,50\n4;5,50;6,5\n"), Some(b';'));
        assert_eq!(sniff_delimiter("a,b,c\n1,\"2,50\",3\n"), Some(b','));
        assert_eq!(sniff_delimiter("a|b|c\n1|2|3\n"), Some(b'|'));
        assert_eq!(sniff_delimiter("Dear Sir,\n\nplease find our payment.\n\nRegards\n"), None);
    }

    #[test]
    fn quoted_cells_may_hold_line_breaks_and_lines_are_counted() {
        let grid = Grid::from_text("a,b,c\n1,\"two\nlines\",3\n4,5,6\n").unwrap();
        assert_eq!(grid.rows[1].cell(1), "two\nlines");
        assert_eq!(grid.rows[2].line, 4);
    }
}

//! A document without pages as lines with numbers: separated text in its cells, plain text as it was written, everything else by the words that were read.
//!
//! Lines are cut and decoded here, nothing is understood: what a document says was read by the guarded child.

use recoup_extractors::decode::decode;
use recoup_extractors::line_numbers::LineNumbers;
use recoup_extractors::remittance::grid::sniff_delimiter;
use recoup_store::documents::DocumentRow;

use super::Desk;
use super::errors::PageError;

/// Larger originals are shown by the words that were read.
const LARGEST_BYTES: i64 = 512 << 10;
const MOST_LINES: usize = 1_500;
/// Lines on paper above those that are marked, and of a file without a mark.
const PRINTED_HEAD: usize = 3;
const PRINTED_LINES: usize = 40;
const WIDEST_CELL: usize = 300;

/// The lines of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    pub lines: Vec<Line>,
    /// Cells of the widest line; 1 for plain text.
    pub columns: usize,
    /// There are more lines than are shown.
    pub is_cut: bool,
    /// Only the lines that matter are left: no line stands apart and nothing is led to.
    pub is_for_paper: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// As the file counts them, from 1.
    pub number: u32,
    pub cells: Vec<Cell>,
    /// The evidence speaks of this line.
    pub is_marked: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    pub is_number: bool,
    /// What is looked for stands in it.
    pub is_marked: bool,
}

/// The marked line apart from the table, so that nobody has to look for it in what is wider than the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meant<'sheet> {
    pub number: u32,
    /// Heading, text and whether it is marked, of each cell that holds something.
    pub parts: Vec<(&'sheet str, &'sheet str, bool)>,
}

impl Sheet {
    /// Marks the cells that hold something, and their lines, beside those that are marked.
    pub fn mark(&mut self, holds: impl Fn(&str) -> bool) {
        for line in &mut self.lines {
            for cell in &mut line.cells {
                cell.is_marked |= holds(&cell.text);
            }
            line.is_marked |= line.cells.iter().any(|cell| cell.is_marked);
        }
    }

    /// Marks an amount in the lines that are marked. Where it stands in some of them the others, which name the same invoice for another reason, are let go.
    pub fn mark_amount(&mut self, is_amount: impl Fn(&str) -> bool) {
        let holds = |line: &Line| line.is_marked && line.cells.iter().any(|cell| cell.is_number && is_amount(&cell.text));
        let is_found = self.columns > 1 && self.lines.iter().any(holds);
        for line in self.lines.iter_mut().filter(|_| is_found) {
            line.is_marked = holds(line);
            for cell in &mut line.cells {
                cell.is_marked = line.is_marked && cell.is_number && is_amount(&cell.text);
            }
        }
    }

    /// The first marked line of a table, under the headings above it.
    pub fn meant(&self) -> Option<Meant<'_>> {
        let at = self.first_marked()?;
        let line = &self.lines[at];
        let is_head = |above: &&Line| above.cells.len() > 1 && above.cells.len() * 2 >= line.cells.len() && above.cells.iter().all(|cell| !cell.is_number);
        let head = self.lines[..at].iter().find(is_head);
        let heading = |index: usize| head.and_then(|head| head.cells.get(index)).map_or("", |cell| cell.text.as_str());
        let parts = line.cells.iter().enumerate().filter(|(_, cell)| !cell.text.is_empty());
        Some(Meant { number: line.number, parts: parts.map(|(index, cell)| (heading(index), cell.text.as_str(), cell.is_marked)).collect() })
    }

    fn first_marked(&self) -> Option<usize> {
        self.lines.iter().position(|line| line.is_marked && line.cells.len() > 1).filter(|_| !self.is_for_paper)
    }

    /// Whether a cell is the one that an address leads to: the first marked one of the line that is meant.
    pub fn is_led_to(&self, line: &Line, index: &usize) -> bool {
        self.first_marked()
            .map(|at| &self.lines[at])
            .is_some_and(|first| first.number == line.number && first.cells.iter().position(|cell| cell.is_marked) == Some(*index))
    }

    /// Keeps what is worth its paper: the head and the marked lines, or the beginning of a file without any.
    pub fn to_print(&mut self) {
        let is_marked = self.lines.iter().any(|line| line.is_marked);
        let before = self.lines.len();
        let mut position = 0;
        self.lines.retain(|line| {
            position += 1;
            if is_marked { position <= PRINTED_HEAD || line.is_marked } else { position <= PRINTED_LINES }
        });
        self.is_cut |= self.lines.len() < before;
        self.is_for_paper = true;
    }
}

/// The lines of a document that has no pages; those that name `mark` are marked. `None` when nothing can be shown.
pub async fn of(desk: &Desk, document: &DocumentRow, mark: &str) -> Result<Option<Sheet>, PageError> {
    let is_written = ["csv", "text", "mt940", "bai2", "cfonb120"].contains(&document.format.as_str());
    let is_segmented = document.format.starts_with("x12_") || document.format.starts_with("edifact_");
    if (is_written || is_segmented) && document.byte_count <= LARGEST_BYTES {
        let bytes = tokio::fs::read(desk.workplace.vault.path(&document.sha256)).await.map_err(anyhow::Error::from)?;
        let text = decode(&bytes);
        // A bank's own format has commas in its amounts, and no cells.
        let delimiter = if matches!(document.format.as_str(), "csv" | "text") { sniff_delimiter(&text) } else { None };
        return Ok(Some(match delimiter {
            Some(delimiter) => from_cells(&text, delimiter, mark),
            None if is_segmented => from_text(&segments(&text), mark),
            None => from_text(&text, mark),
        }));
    }
    let reading = desk.workplace.store.reading(&document.document_id).await?;
    Ok(reading.filter(|reading| !reading.text.trim().is_empty()).map(|reading| from_text(&reading.text, mark)))
}

fn from_cells(text: &str, delimiter: u8, mark: &str) -> Sheet {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let (mut sheet, mut record) = (Sheet { columns: 1, ..Sheet::default() }, csv::StringRecord::new());
    let mut lines = LineNumbers::new(text);
    while reader.read_record(&mut record).unwrap_or(false) {
        let number = lines.of_record_at(record.position().map_or(0, csv::Position::byte));
        let mut cells: Vec<Cell> = record.iter().map(|text| cell(text, mark)).collect();
        // Cells that end every line of some programs hold nothing.
        while cells.last().is_some_and(|cell| cell.text.is_empty()) {
            cells.pop();
        }
        if sheet.lines.len() == MOST_LINES {
            sheet.is_cut = true;
            break;
        }
        if !cells.is_empty() {
            sheet.columns = sheet.columns.max(cells.len());
            sheet.lines.push(Line { number, is_marked: cells.iter().any(|cell| cell.is_marked), cells });
        }
    }
    sheet
}

fn from_text(text: &str, mark: &str) -> Sheet {
    let lines = (1..).zip(text.lines()).take(MOST_LINES).map(|(number, line)| {
        let line = line.trim_end();
        Line { number, is_marked: names(line, mark), cells: vec![Cell { text: line.chars().take(WIDEST_CELL).collect(), is_number: false, is_marked: false }] }
    });
    Sheet { lines: lines.collect(), columns: 1, is_cut: text.lines().nth(MOST_LINES).is_some(), is_for_paper: false }
}

/// EDI that was sent in one line, a segment a line. X12 names its terminator behind the fixed header; EDIFACT escapes its own with `?`.
fn segments(text: &str) -> String {
    if text.lines().nth(1).is_some() {
        return text.to_owned();
    }
    let terminator = if text.starts_with("ISA") { text.chars().nth(105).unwrap_or('~') } else { '\'' };
    let mut cut = String::with_capacity(text.len() + text.len() / 20);
    let mut before = ' ';
    for character in text.chars() {
        cut.push(character);
        if character == terminator && before != '?' {
            cut.push('\n');
        }
        before = character;
    }
    cut
}

fn cell(text: &str, mark: &str) -> Cell {
    let text = text.trim();
    let is_number = text.bytes().any(|byte| byte.is_ascii_digit()) && text.bytes().all(|byte| byte.is_ascii_digit() || b"., -+()%".contains(&byte));
    Cell { text: text.chars().take(WIDEST_CELL).collect(), is_number, is_marked: names(text, mark) }
}

/// Whether a text names a number, as a word of its own: `INV-1` is not in `INV-12`.
pub fn names(text: &str, mark: &str) -> bool {
    let is_part = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    !mark.is_empty()
        && text.match_indices(mark).any(|(at, found)| !is_part(text[..at].chars().next_back()) && !is_part(text[at + found.len()..].chars().next()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separated_text_keeps_its_cells_and_line_numbers() {
        let text = "Advice\r\n\r\nInvoice;Amount;Words\r\nINV-12;1.234,50;\"short\r\nby two\"\r\nINV-1;-20,00;\"a; b\"\r\n";
        let sheet = from_cells(text, sniff_delimiter(text).expect("a delimiter"), "INV-1");
        assert_eq!(sheet.columns, 3);
        assert_eq!(
            sheet.lines.iter().map(|line| (line.number, line.cells.len(), line.is_marked)).collect::<Vec<_>>(),
            [(1, 1, false), (3, 3, false), (4, 3, false), (6, 3, true)]
        );
        assert_eq!(sheet.lines[3].cells[2].text, "a; b");
        assert_eq!(sheet.lines[2].cells.iter().map(|cell| cell.is_number).collect::<Vec<_>>(), [false, true, false]);
    }

    #[test]
    fn the_line_that_is_meant_stands_apart_under_its_headings() {
        let text = "Advice of 2 March\nInvoice,Gross,Deduction,Reason\nBM-1,900.00,,\nBM-2,500.00,20.00,Short 2\nBM-2,500.00,45.00,Late\n";
        let mut sheet = from_cells(text, b',', "BM-2");
        assert_eq!(sheet.meant().expect("a line").parts[0], ("Invoice", "BM-2", true));
        sheet.mark_amount(|text| text == "45.00");
        let meant = sheet.meant().expect("a line");
        assert_eq!(
            (meant.number, &*meant.parts),
            (5, &[("Invoice", "BM-2", false), ("Gross", "500.00", false), ("Deduction", "45.00", true), ("Reason", "Late", false)][..])
        );
        let led_to: Vec<(u32, usize)> =
            sheet.lines.iter().flat_map(|line| (0..line.cells.len()).filter(|index| sheet.is_led_to(line, index)).map(|index| (line.number, index))).collect();
        assert_eq!(led_to, [(5, 2)]);
        sheet.mark_amount(|text| text == "7.00");
        assert_eq!(sheet.meant().map(|meant| meant.number), Some(5), "an amount that stands nowhere changes nothing");
    }

    #[test]
    fn edi_in_one_line_is_shown_a_segment_a_line() {
        assert_eq!(segments("UNH+1'FTX+AAI+++it?'s short'UNT+2'"), "UNH+1'\nFTX+AAI+++it?'s short'\nUNT+2'\n");
        assert_eq!(segments("UNH+1'\nUNT+2'\n"), "UNH+1'\nUNT+2'\n");
        let sheet = from_text("a\r\n\r\n  RE-7 short", "RE-7");
        assert_eq!(
            sheet.lines.iter().map(|line| (line.number, line.cells[0].text.as_str(), line.is_marked)).collect::<Vec<_>>(),
            [(1, "a", false), (2, "", false), (3, "  RE-7 short", true)]
        );
    }
}

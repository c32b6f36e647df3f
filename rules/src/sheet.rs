//! A table of a rule book as rows of cells, whatever stands in them: for screens and spreadsheets. What a cell means is read elsewhere.

use std::collections::HashMap;

use serde::Serialize;
use thiserror::Error;

use crate::edition::columns_of;
use crate::table::line_of;

/// A table with its heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub columns: Vec<String>,
    pub rows: Vec<SheetRow>,
}

/// A row below the heading; it has a cell for every column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRow {
    /// Where it stands in the text, from 1; the heading counts.
    pub line: usize,
    pub cells: Vec<String>,
}

/// A row that differs between two tables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowChange {
    Added {
        line: usize,
        cells: Vec<String>,
    },
    Removed {
        line: usize,
        cells: Vec<String>,
    },
    /// The same row in another place: the first row that fits wins, so the place counts.
    Moved {
        from: usize,
        to: usize,
        cells: Vec<String>,
    },
    Changed {
        line: usize,
        name: String,
        cells: Vec<CellChange>,
    },
}

/// A cell that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CellChange {
    pub column: String,
    pub before: String,
    pub after: String,
}

/// Why a text can't take the place of a table.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NoTable {
    #[error("the columns {0} are missing; the first line names the columns")]
    ColumnsMissing(String),
    #[error("the text is empty")]
    Empty,
}

impl Sheet {
    /// Reads a text as it stands. A row that is longer than the heading gets columns without a name, so that nothing is lost.
    pub fn read(text: &str) -> Self {
        Self::separated(text, b',')
    }

    /// A text that is no table, as rows of one cell.
    pub fn lines(text: &str) -> Self {
        let rows = (1..).zip(text.lines()).map(|(line, content)| SheetRow { line, cells: vec![content.to_owned()] });
        Self { columns: vec![String::new()], rows: rows.collect() }
    }

    /// Reads what a spreadsheet saved or copied: separated by comma, semicolon or tab, whichever gives the columns of the file.
    ///
    /// # Errors
    /// The text is empty, or lacks columns that every table of this name has.
    pub fn taken(name: &str, text: &str) -> Result<Self, NoTable> {
        let text = text.trim_start_matches('\u{feff}');
        if text.trim().is_empty() {
            return Err(NoTable::Empty);
        }
        let missing =
            |sheet: &Self| -> Vec<&str> { columns_of(name).iter().copied().filter(|column| !sheet.columns.iter().any(|known| known == column)).collect() };
        let read: Vec<Self> = [b',', b';', b'\t'].into_iter().map(|separator| Self::separated(text, separator)).collect();
        match read.iter().position(|sheet| missing(sheet).is_empty()) {
            Some(position) => Ok(read.into_iter().nth(position).unwrap_or_else(|| Self::read(text))),
            None => Err(NoTable::ColumnsMissing(read.iter().map(missing).min_by_key(Vec::len).unwrap_or_default().join(", "))),
        }
    }

    fn separated(text: &str, separator: u8) -> Self {
        let mut reader = csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let lines: Vec<&str> = text.lines().collect();
        // A text is always UTF-8 and rows may be of any length: no record fails.
        let mut records =
            reader.records().flatten().map(|record| SheetRow { line: line_of(&lines, record.position()), cells: record.iter().map(str::to_owned).collect() });
        let mut columns = records.next().map(|heading| heading.cells).unwrap_or_default();
        let mut rows: Vec<SheetRow> = records.collect();
        let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0).max(columns.len());
        columns.resize(width, String::new());
        rows.iter_mut().for_each(|row| row.cells.resize(width, String::new()));
        Self { columns, rows }
    }

    /// The table as CSV: comma, quotes only where they are needed.
    pub fn write(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let written = std::iter::once(&self.columns).chain(self.rows.iter().map(|row| &row.cells)).try_for_each(|cells| writer.write_record(cells));
        debug_assert!(written.is_ok(), "writing into memory doesn't fail, and all rows are of one length");
        writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// The same table with other rows; an empty row says nothing and is left out.
    pub fn with_rows(&self, rows: impl IntoIterator<Item = Vec<String>>) -> Self {
        let rows = rows.into_iter().filter(|cells| cells.iter().any(|cell| !cell.is_empty()));
        let rows = (2..).zip(rows).map(|(line, mut cells)| {
            cells.resize(self.columns.len(), String::new());
            SheetRow { line, cells }
        });
        Self { columns: self.columns.clone(), rows: rows.collect() }
    }
}

/// What differs between two tables of one file, in the order of the second: rows that stay where they are, cell by cell, and rows that came, went or moved.
pub fn difference(before: &Sheet, after: &Sheet) -> Vec<RowChange> {
    let kept = common(before, after);
    let moved = moved(before, after, &kept);
    let mut changes = Vec::new();
    let (mut at_before, mut at_after) = (0, 0);
    for (left, right) in kept.into_iter().chain([(before.rows.len(), after.rows.len())]) {
        let gone = (at_before..left).filter(|position| !moved.values().any(|from| from == position)).map(|position| &before.rows[position]);
        let come = (at_after..right).filter(|position| !moved.contains_key(position)).map(|position| &after.rows[position]);
        changes.extend(between(before, after, gone.collect(), come));
        changes.extend((at_after..right).filter_map(|to| {
            let (from, to) = (&before.rows[*moved.get(&to)?], &after.rows[to]);
            Some(RowChange::Moved { from: from.line, to: to.line, cells: to.cells.clone() })
        }));
        (at_before, at_after) = (left + 1, right + 1);
    }
    changes
}

/// Rows that stand in both tables and in another order: where each row of the second was in the first.
fn moved(before: &Sheet, after: &Sheet, kept: &[(usize, usize)]) -> HashMap<usize, usize> {
    let mut free: HashMap<&[String], Vec<usize>> = HashMap::new();
    for (position, row) in before.rows.iter().enumerate().rev() {
        if before.columns == after.columns && kept.binary_search_by_key(&position, |(left, _)| *left).is_err() {
            free.entry(&row.cells).or_default().push(position);
        }
    }
    let others = after.rows.iter().enumerate().filter(|(position, _)| kept.binary_search_by_key(position, |(_, right)| *right).is_err());
    others.filter_map(|(position, row)| Some((position, free.get_mut(row.cells.as_slice())?.pop()?))).collect()
}

/// Pairs of rows that are compared at most: beyond it everything between the equal ends has changed.
const MOST_COMPARED: usize = 4_000_000;

/// The longest list of equal rows in the same order, as pairs of positions. Equal ends are set aside first: tables rarely differ in many rows.
fn common(before: &Sheet, after: &Sheet) -> Vec<(usize, usize)> {
    let (left, right): (Vec<_>, Vec<_>) = (before.rows.iter().map(|row| &row.cells).collect(), after.rows.iter().map(|row| &row.cells).collect());
    let same_columns = before.columns == after.columns;
    let head = left.iter().zip(&right).take_while(|(left, right)| same_columns && left == right).count();
    let tail = left[head..].iter().rev().zip(right[head..].iter().rev()).take_while(|(left, right)| same_columns && left == right).count();
    let (inner_left, inner_right) = (&left[head..left.len() - tail], &right[head..right.len() - tail]);
    if inner_left.len() * inner_right.len() > MOST_COMPARED {
        return (0..head)
            .map(|position| (position, position))
            .chain((0..tail).rev().map(|behind| (left.len() - 1 - behind, right.len() - 1 - behind)))
            .collect();
    }
    // Length of the longest common list of what follows each pair of positions.
    let mut longest = vec![vec![0_usize; inner_right.len() + 1]; inner_left.len() + 1];
    for (i, row) in inner_left.iter().enumerate().rev() {
        for (j, other) in inner_right.iter().enumerate().rev() {
            longest[i][j] = if same_columns && row == other { longest[i + 1][j + 1] + 1 } else { longest[i + 1][j].max(longest[i][j + 1]) };
        }
    }
    let mut pairs: Vec<(usize, usize)> = (0..head).map(|position| (position, position)).collect();
    let (mut i, mut j) = (0, 0);
    while i < inner_left.len() && j < inner_right.len() {
        if same_columns && inner_left[i] == inner_right[j] {
            pairs.push((head + i, head + j));
            (i, j) = (i + 1, j + 1);
        } else if longest[i + 1][j] >= longest[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs.extend((0..tail).rev().map(|behind| (left.len() - 1 - behind, right.len() - 1 - behind)));
    pairs
}

/// Rows between two that stayed: those that are mostly alike are one row that changed.
fn between<'row>(before: &Sheet, after: &Sheet, mut gone: Vec<&'row SheetRow>, come: impl Iterator<Item = &'row SheetRow>) -> Vec<RowChange> {
    let mut changes = Vec::new();
    for row in come {
        let cells_of = |other: &SheetRow| changed_cells(before, after, other, row);
        let alike = gone.iter().position(|other| cells_of(other).len() * 2 <= row.cells.len());
        match alike {
            Some(position) => {
                let cells = cells_of(gone.remove(position));
                changes.push(RowChange::Changed { line: row.line, name: row.cells.first().cloned().unwrap_or_default(), cells });
            }
            None => changes.push(RowChange::Added { line: row.line, cells: row.cells.clone() }),
        }
    }
    let removed = gone.into_iter().map(|row| RowChange::Removed { line: row.line, cells: row.cells.clone() });
    removed.chain(changes).collect()
}

fn changed_cells(before: &Sheet, after: &Sheet, gone: &SheetRow, come: &SheetRow) -> Vec<CellChange> {
    let cell = |sheet: &Sheet, row: &SheetRow, column: &str| {
        sheet.columns.iter().position(|known| known == column).and_then(|position| row.cells.get(position).cloned()).unwrap_or_default()
    };
    let mut columns: Vec<&String> = after.columns.iter().collect();
    columns.extend(before.columns.iter().filter(|column| !after.columns.contains(column)));
    let pairs = columns.into_iter().map(|column| CellChange { column: column.clone(), before: cell(before, gone, column), after: cell(after, come, column) });
    pairs.filter(|cell| cell.before != cell.after).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "category,language,words\nshortage,en,short|missing\ndamage,en,\"crushed, torn\"\nreturn,en,sent back\n";

    fn told(after: &str) -> Vec<RowChange> {
        difference(&Sheet::read(TABLE), &Sheet::read(after))
    }

    #[test]
    fn a_table_is_written_as_it_was_read() {
        assert_eq!(Sheet::read(TABLE).write(), TABLE);
        let long = Sheet::read("a,b\n1,2,3\n4\n");
        assert_eq!(long.write(), "a,b,\n1,2,3\n4,,\n", "nothing is lost");
        assert_eq!((long.rows[1].line, Sheet::read("").rows.len()), (3, 0));
    }

    #[test]
    fn what_a_spreadsheet_saved_or_copied_is_taken() {
        for separator in [",", ";", "\t"] {
            let text = format!("\u{feff}category{separator}language{separator}words\r\nshortage{separator}en{separator}short\r\n");
            let sheet = Sheet::taken("words.csv", &text).expect("a table");
            assert_eq!(sheet.rows[0].cells, ["shortage", "en", "short"], "{separator:?}");
        }
        assert_eq!(Sheet::taken("words.csv", "category,words\nx,y\n"), Err(NoTable::ColumnsMissing("language".to_owned())));
        assert_eq!(Sheet::taken("words.csv", "\u{feff} \n"), Err(NoTable::Empty));
    }

    #[test]
    fn rows_that_came_went_changed_or_moved_are_told_apart() {
        assert_eq!(told(TABLE), []);
        let added = told(&TABLE.replace("return,", "price,en,dear\nreturn,"));
        assert!(matches!(added.as_slice(), [RowChange::Added { line: 4, cells }] if cells[0] == "price"), "{added:?}");
        let removed = told(&TABLE.replace("damage,en,\"crushed, torn\"\n", ""));
        assert!(matches!(removed.as_slice(), [RowChange::Removed { line: 3, .. }]), "{removed:?}");
        let changed = told(&TABLE.replace("short|missing", "short"));
        let cell = CellChange { column: "words".to_owned(), before: "short|missing".to_owned(), after: "short".to_owned() };
        assert_eq!(changed, [RowChange::Changed { line: 2, name: "shortage".to_owned(), cells: vec![cell] }]);
        let moved = told("category,language,words\nreturn,en,sent back\nshortage,en,short|missing\ndamage,en,\"crushed, torn\"\n");
        assert!(matches!(moved.as_slice(), [RowChange::Moved { from: 4, to: 2, .. }]), "{moved:?}");
        let both = told("category,language,words\ndamage,en,\"crushed, torn\"\nshortage,en,short|missing\n");
        let is_told = |wanted: fn(&RowChange) -> bool| both.iter().filter(|change| wanted(change)).count();
        assert_eq!(
            (both.len(), is_told(|change| matches!(change, RowChange::Moved { .. })), is_told(|change| matches!(change, RowChange::Removed { line: 4, .. }))),
            (2, 1, 1)
        );
    }

    #[test]
    fn a_row_without_a_word_is_left_out() {
        let sheet = Sheet::read(TABLE).with_rows([vec![String::new(); 3], vec!["price".to_owned()]]);
        assert_eq!(sheet.write(), "category,language,words\nprice,,\n");
    }
}

//! Workbooks (XLSX, XLS, ODS) to grids. Only values are read: macros, formulas and links are left alone.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, Reader, SheetVisible, Sheets};
use csv::StringRecord;
use recoup_engine::reading::{DocumentFormat, Doubt};
use rust_decimal::Decimal;

use super::grid::{Grid, Row};

/// More cells than any remittance has: a sheet that was filled to its last row.
const MOST_CELLS: usize = 8_000_000;

/// The sheets of a workbook in their order, hidden ones too.
pub struct Workbook {
    pub format: DocumentFormat,
    pub sheets: Vec<(String, Grid)>,
    pub doubts: Vec<Doubt>,
}

/// Opens a workbook; `None` when the bytes are none.
pub fn open(bytes: &[u8]) -> Option<Workbook> {
    let mut book = catch_unwind(|| calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).ok()).ok().flatten()?;
    let format = match book {
        Sheets::Xls(_) => DocumentFormat::Xls,
        Sheets::Ods(_) => DocumentFormat::Ods,
        Sheets::Xlsx(_) | Sheets::Xlsb(_) => DocumentFormat::Xlsx,
    };
    let mut workbook = Workbook { format, sheets: Vec::new(), doubts: Vec::new() };
    if matches!(book.vba_project(), Ok(Some(_))) {
        workbook.doubts.push(Doubt::note("macros", "The workbook holds macros; they were not run."));
    }
    for sheet in book.sheets_metadata().to_vec() {
        if sheet.visible != SheetVisible::Visible {
            workbook.doubts.push(Doubt::note("hidden_sheet", format!("The sheet `{}` is hidden; it was read all the same.", sheet.name)));
        }
        // A cell with a place beyond any sheet overflows in the library.
        let Ok(Ok(range)) = catch_unwind(AssertUnwindSafe(|| book.worksheet_range(&sheet.name))) else {
            workbook.doubts.push(Doubt::note("sheet_unreadable", format!("The sheet `{}` can't be read.", sheet.name)));
            continue;
        };
        if range.get_size().0.saturating_mul(range.get_size().1) > MOST_CELLS {
            workbook.doubts.push(Doubt::blocking("archive_limits", format!("The sheet `{}` has more cells than can be read.", sheet.name)));
            continue;
        }
        let first = range.start().map_or(0, |(row, _)| row) + 1;
        let rows = (first..).zip(range.rows()).map(|(line, cells)| Row { line, cells: cells.iter().map(cell_text).collect::<StringRecord>() }).collect();
        workbook.sheets.push((sheet.name, Grid { rows, typed: true }));
    }
    Some(workbook)
}

/// A cell in the contract's notation: point decimals, ISO dates.
fn cell_text(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) | Data::DurationIso(text) => text.clone(),
        Data::Bool(value) => value.to_string(),
        Data::Int(value) => value.to_string(),
        Data::Float(value) => float_text(*value),
        Data::DateTimeIso(text) => text.split('T').next().unwrap_or(text).to_owned(),
        Data::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            if moment.is_datetime() { format!("{year:04}-{month:02}-{day:02}") } else { float_text(moment.as_f64()) }
        }
    }
}

/// A stored number as it was typed: fifteen significant digits, so that `48.230000000000004` is `48.23` again.
fn float_text(value: f64) -> String {
    if !value.is_finite() {
        return String::new();
    }
    Decimal::from_scientific(&format!("{value:.14e}")).map_or_else(
        |_| value.to_string(),
        |exact| {
            let exact = exact.normalize();
            // A computed cell shows two decimals and stores many; quantities have up to three.
            if exact.scale() > 3 { exact.round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointNearestEven).to_string() } else { exact.to_string() }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_numbers_come_back_exact() {
        assert_eq!(float_text(48.230_000_000_000_004), "48.23");
        assert_eq!(float_text(0.1 + 0.2), "0.3");
        assert_eq!(float_text(1_110_379.21), "1110379.21");
        assert_eq!(float_text(-5.0), "-5");
        assert_eq!(float_text(202_600_257.0), "202600257");
        assert_eq!(float_text(17.233_333_333_333_3), "17.23");
    }
}

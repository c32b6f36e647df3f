//! Grids of cells to a whole reading.

use recoup_engine::reading::{DocumentFormat, Reading};

use crate::language::{detect, order_hint};
use crate::remittance::grid::{Grid, Row};
use crate::remittance::{columns, sheet};
use crate::{Hints, structured};

/// Reads the advices of one or more grids (the sheets of a workbook); `None` when they hold no line of any payment.
pub(crate) fn read(grids: &[&Grid], format: DocumentFormat, hints: &Hints) -> Option<Reading> {
    let joined: Grid;
    let grid = match grids {
        [only] => *only,
        // The facts may stand on one sheet and the lines on the next.
        several => {
            let rows = several.iter().flat_map(|grid| grid.rows.iter().cloned()).collect();
            joined = Grid { rows, typed: several.iter().all(|grid| grid.typed) };
            &joined
        }
    };
    let words = grid.text(structured::MOST_TEXT);
    let read = sheet::read(grid, hints, order_hint(detect(&words), currency_named(&words)));
    let sheet::SheetReading { advices, doubts, layout } = read;
    let amounts = advices.iter().flat_map(|advice| &advice.lines).filter(|line| line.reference.is_some() && line.net.is_some()).count();
    (amounts > 0).then(|| {
        let mut reading = Reading { layout, ..structured::advices(format, advices, doubts, words) };
        crate::paged::complete_from_text(&mut reading, &masthead(grid), hints);
        reading
    })
}

/// The rows over the first table, in words; empty when no heading ends them.
fn masthead(grid: &Grid) -> String {
    const MOST_ROWS: usize = 20;
    let Some(heading) = grid.rows.iter().take(MOST_ROWS).position(columns::is_heading) else { return String::new() };
    let words = |row: &Row| row.filled().map(|(_, cell)| cell).collect::<Vec<_>>().join("    ");
    grid.rows[..heading].iter().map(words).collect::<Vec<_>>().join("\n")
}

/// The currency whose code stands in the text.
pub(crate) fn currency_named(text: &str) -> Option<&'static str> {
    let start = &text[..(0..=text.len().min(2_000)).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0)];
    ["USD", "EUR", "GBP", "CHF"].into_iter().find(|code| start.contains(code))
}

//! Grids of cells to a whole reading.

use recoup_engine::reading::{Doubt, DocumentFormat, Reading};

use crate::language::{detect, order_hint};
use crate::remittance::grid::Grid;
use crate::remittance::sheet;
use crate::{Hints, structured};

/// Reads the advices of one or more grids (the sheets of a workbook); `None` when they hold no line of any payment.
pub(crate) fn read(grids: &[&Grid], format: DocumentFormat, hints: &Hints) -> Option<Reading> {
    let mut advices = Vec::new();
    let mut doubts: Vec<Doubt> = Vec::new();
    let mut words = String::new();
    for grid in grids {
        let text = grid.text(structured::MOST_TEXT);
        let language = detect(&text);
        let currency = currency_named(&text);
        let read = sheet::read(grid, &hints.own_names, order_hint(language, currency));
        // A sheet of notes beside the table has no lines; its facts belong to no payment.
        let found: Vec<_> = read.advices.into_iter().filter(|advice| !advice.lines.is_empty()).collect();
        if !found.is_empty() {
            doubts.extend(read.doubts);
        }
        advices.extend(found);
        words.push_str(&text);
    }
    let amounts = advices.iter().flat_map(|advice| &advice.lines).filter(|line| line.reference.is_some() && line.net.is_some()).count();
    (amounts > 0).then(|| structured::advices(format, advices, doubts, words))
}

/// The currency whose code stands in the text.
fn currency_named(text: &str) -> Option<&'static str> {
    let start = &text[..(0..=text.len().min(2_000)).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0)];
    ["USD", "EUR", "GBP", "CHF"].into_iter().find(|code| start.contains(code))
}

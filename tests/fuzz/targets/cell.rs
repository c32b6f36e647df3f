//! Cells of rule tables: a cell is read or refused with words.

#![no_main]

use libfuzzer_sys::fuzz_target;
use recoup_rules::table::Cell;

fuzz_target!(|text: &str| {
    if let Err(problem) = Cell::parse(text) {
        assert!(!problem.is_empty());
    }
});

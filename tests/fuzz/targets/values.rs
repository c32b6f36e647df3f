//! Amounts and dates in every notation: what reads back is what was written.

#![no_main]

use libfuzzer_sys::fuzz_target;
use recoup_extractors::language::dates::{misread_date, parse_date, settle_date_order};
use recoup_extractors::language::numbers::{parse_amount, settle_notation};

fuzz_target!(|text: &str| {
    let pieces: Vec<&str> = text.lines().collect();
    let (notation, order) = (settle_notation(pieces.iter().copied()), settle_date_order(pieces.iter().copied(), None));
    for piece in pieces {
        if let Some(parsed) = parse_amount(piece, notation) {
            let plain = parse_amount(&parsed.value.to_string(), None).expect("a plain number reads back");
            assert_eq!(plain.value.abs(), parsed.value.abs(), "`{piece}`");
        }
        if let Some(parsed) = parse_date(piece, order) {
            assert_eq!(parse_date(&parsed.date.to_string(), None).map(|again| again.date), Some(parsed.date), "`{piece}`");
        }
        misread_date(piece, order);
    }
});

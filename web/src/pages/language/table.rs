//! The table of texts: one row a text, its English words first. Embedded, so that the program is one file.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Language;

/// The spreadsheet `en,fr,nl,de`, sorted by its first column.
pub const CSV: &str = include_str!("../../../languages.csv");

/// Row by English text: French, Dutch, German.
static TABLE: LazyLock<HashMap<String, [String; 3]>> =
    LazyLock::new(|| rows().map(|[english, french, dutch, german]| (english, [french, dutch, german])).collect());

/// The rows as they stand; one with too few cells is left out here and named by the tests.
pub fn rows() -> impl Iterator<Item = [String; 4]> {
    let reader = csv::ReaderBuilder::new().flexible(true).from_reader(CSV.as_bytes());
    reader.into_records().filter_map(|row| row.ok()?.iter().map(str::to_owned).collect::<Vec<_>>().try_into().ok())
}

/// A text in another language; `None` in English, and for what the table doesn't hold.
pub fn translated(english: &str, language: Language) -> Option<&'static str> {
    let column = match language {
        Language::English => return None,
        Language::French => 0,
        Language::Dutch => 1,
        Language::German => 2,
    };
    TABLE.get(english).map(|row| row[column].as_str())
}

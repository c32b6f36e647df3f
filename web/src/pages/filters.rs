//! The filters of templates: texts, days and numbers in the language of the page. Templates find them by this module's name.
//!
//! `{{ "Evidence"|t }}`, `{{ "{0} of {1}"|t|with(position)|with(count) }}`, `{{ days|counted("{0} day", "{0} days") }}`, `{{ "Run `recoup ingest`"|t|marked }}`,
//! `{{ row.paid|day }}`, `{{ row.state|word }}`.

use std::fmt::Display;

use askama::Values;
use askama::filters::Safe;

use super::language::{self, Text};

/// A text by its English words.
#[askama::filter_fn]
pub fn t(english: impl AsRef<str>, _: &dyn Values) -> askama::Result<Text> {
    Ok(language::text(english.as_ref()))
}

/// Fills the next place of a text.
#[askama::filter_fn]
pub fn with<V: Display>(text: Text, _: &dyn Values, value: V) -> askama::Result<Text> {
    Ok(text.with(value))
}

/// The text for a number of things.
#[askama::filter_fn]
pub fn counted(count: impl Display, _: &dyn Values, one: &str, many: &str) -> askama::Result<Text> {
    Ok(language::counted(count, one, many))
}

/// A text whose words between backticks are code.
#[askama::filter_fn]
pub fn marked(text: Text, _: &dyn Values) -> askama::Result<Safe<String>> {
    Ok(Safe(text.marked()))
}

/// An ISO day, with its time or not.
#[askama::filter_fn]
pub fn day(iso: impl Display, _: &dyn Values) -> askama::Result<String> {
    Ok(language::day(&iso.to_string()))
}

/// A word of a vocabulary: `supply_chain` as `Supply chain`.
#[askama::filter_fn]
pub fn word(word: impl Display, _: &dyn Values) -> askama::Result<String> {
    Ok(language::plain(&word.to_string()))
}

/// Why a document waits, without its codes.
#[askama::filter_fn]
pub fn reasons(problem: impl AsRef<str>, _: &dyn Values) -> askama::Result<String> {
    Ok(super::show::reasons(problem.as_ref()))
}

/// A count with its thousands.
#[askama::filter_fn]
pub fn number(count: impl Display, _: &dyn Values) -> askama::Result<String> {
    Ok(language::group(&count.to_string()))
}

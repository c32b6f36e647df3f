//! The read queries of screens: each shaped as one screen shows it, so that a page is a handful of statements.
//!
//! Architecture invariant: nothing here writes, and nothing here decides; today's date is an argument.

pub mod carriers;
pub mod claim;
pub mod customers;
pub mod deliveries;
pub mod documents;
pub mod figures;
pub mod oversight;
pub mod payments;
pub mod searching;
pub mod worklist;

use crate::Value;

/// Conditions of a list, gathered one by one: the text of each holds `$` where its value goes.
#[derive(Debug, Default)]
struct Conditions {
    texts: Vec<String>,
    values: Vec<Value>,
}

impl Conditions {
    /// A condition without a value.
    fn add(&mut self, text: &str) {
        self.texts.push(text.to_owned());
    }

    /// A condition whose every `$` stands for this value.
    fn with(&mut self, text: &str, value: impl Into<Value>) {
        let placeholder = self.bind(value);
        self.texts.push(text.replace('$', &placeholder));
    }

    /// Binds a value; returns its placeholder.
    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// `where …`, or nothing.
    fn clause(&self) -> String {
        if self.texts.is_empty() { String::new() } else { format!("where {}", self.texts.join(" and ")) }
    }
}

/// What a `like` on a column in lower case looks for: the words between wildcards. Engines differ in the lower case of accented letters and in what a
/// backslash means: any one character stands for these. A `%` of the reader's own is taken out.
pub(crate) fn pattern(words: &str) -> String {
    let sign = |sign: char| if sign.is_ascii() && sign != '\\' { sign.to_ascii_lowercase() } else { '_' };
    format!("%{}%", words.chars().filter(|one| *one != '%').map(sign).collect::<String>())
}

/// The same on a column that is kept folded.
pub(crate) fn folded_pattern(words: &str) -> String {
    pattern(&recoup_engine::reference::fold(words))
}

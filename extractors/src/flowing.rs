//! Plain text without delimiters: advices in columns of blanks, mails, letters.

use recoup_engine::reading::{DocumentFormat, Reading};

use crate::Hints;
use crate::text::pages_of_plain_text;

/// The advice that a plain text holds, if it holds one.
pub(crate) fn advice(text: &str, hints: &Hints) -> Option<Reading> {
    let paged = pages_of_plain_text(text);
    crate::paged::advice_of(&paged, DocumentFormat::Text, hints)
}

/// A plain text as whatever document it is.
pub(crate) fn document(text: &str, hints: &Hints) -> Reading {
    crate::paged::read(pages_of_plain_text(text), DocumentFormat::Text, hints)
}

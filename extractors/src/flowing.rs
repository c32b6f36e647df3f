//! Plain text without delimiters: advices in columns of blanks, mails, letters.

use recoup_engine::reading::{DocumentFormat, Reading};

use crate::language::order_hint;
use crate::remittance::inline;
use crate::tables::currency_named;
use crate::text::pages_of_plain_text;
use crate::{Hints, structured};

/// The advice that a plain text holds, if it holds one.
pub(crate) fn advice(text: &str, hints: &Hints) -> Option<Reading> {
    let paged = pages_of_plain_text(text);
    let free = crate::paged::advice_of(&paged, DocumentFormat::Text, hints);
    // Lines that name their amounts themselves read better on their own than as columns, unless the columns add up.
    if free.as_ref().is_some_and(|reading| reading.doubts.iter().all(|doubt| doubt.code != "unbalanced")) {
        return free;
    }
    let language = crate::language::detect(text);
    let inline = inline::read(text, hints, order_hint(language, currency_named(text)));
    match inline {
        Some((advice, doubts)) if doubts.is_empty() || free.is_none() => Some(structured::advices(DocumentFormat::Text, vec![advice], doubts, text.to_owned())),
        _ => free,
    }
}

/// A plain text as whatever document it is.
pub(crate) fn document(text: &str, hints: &Hints) -> Reading {
    advice(text, hints).unwrap_or_else(|| crate::paged::without_advice(pages_of_plain_text(text), DocumentFormat::Text, hints))
}

//! The languages of the interface: the English text is the key, `web/languages.csv` holds the others.
//!
//! The language of a request stands in a task-local that `session::admit` sets around the whole request. A parameter would have to go through every
//! function that makes an amount, a day or a sentence, down to the filters of templates, which can't take one; and a page in two languages would be
//! one forgotten argument away. Outside of a page, in the API, exports and the command line, everything is English and machine-formed.

mod forms;
mod table;
#[cfg(test)]
mod tests;
mod words;

use std::borrow::Cow;
use std::fmt;

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;

pub use forms::{day, decimal, group, percent};
pub use words::{inside, plain};

tokio::task_local! {
    static CURRENT: Language;
}

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    English,
    French,
    Dutch,
    German,
}

impl Language {
    pub const ALL: [Self; 4] = [Self::English, Self::French, Self::Dutch, Self::German];

    /// The code of ISO 639-1, as addresses, the database and `<html lang>` write it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
            Self::Dutch => "nl",
            Self::German => "de",
        }
    }

    /// Its own name for itself: who can't read the page finds it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::French => "Français",
            Self::Dutch => "Nederlands",
            Self::German => "Deutsch",
        }
    }

    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The language of ours that the browser likes best: `fr-BE, nl;q=0.8`. English without a wish that can be met.
    pub fn accepted(headers: &HeaderMap) -> Self {
        let wishes = headers.get(ACCEPT_LANGUAGE).and_then(|wishes| wishes.to_str().ok()).unwrap_or_default();
        let weighed = wishes.split(',').filter_map(|wish| {
            let (tag, weight) = wish.split_once(';').unwrap_or((wish, "q=1"));
            let language = Self::of_code(tag.trim().split('-').next()?.to_lowercase().as_str())?;
            let weight: f32 = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse().ok()).unwrap_or(0.0);
            (weight > 0.0).then_some((language, weight))
        });
        // Of two that are liked equally the first counts.
        weighed.reduce(|best, next| if next.1 > best.1 { next } else { best }).map_or(Self::English, |(language, _)| language)
    }

    /// The language of the page that is being made; English outside of one.
    pub fn current() -> Self {
        CURRENT.try_with(|language| *language).unwrap_or_default()
    }

    /// Answers a request in this language.
    pub async fn speaking<F: Future>(self, answer: F) -> F::Output {
        CURRENT.scope(self, answer).await
    }
}

/// A text in the language of the page, with values in its places `{0}`, `{1}`, ….
#[derive(Clone, Debug)]
pub struct Text {
    pattern: Cow<'static, str>,
    values: Vec<String>,
}

/// A text by its English words, which stand in `web/languages.csv`.
pub fn text(english: &str) -> Text {
    let pattern = table::translated(english, Language::current()).map_or_else(|| Cow::Owned(english.to_owned()), Cow::Borrowed);
    Text { pattern, values: Vec::new() }
}

/// The text for a number of things: `counted(3, "{0} day", "{0} days")`. French counts nothing as one.
pub fn counted(count: impl fmt::Display, one: &str, many: &str) -> Text {
    let count = count.to_string();
    let is_one = count == "1" || (count == "0" && Language::current() == Language::French);
    text(if is_one { one } else { many }).with(count)
}

/// Names an English text that is shown through [`text`] later: where a table of constants can't translate yet.
pub const fn key(english: &'static str) -> &'static str {
    english
}

impl Text {
    /// Fills the next place.
    pub fn with(mut self, value: impl fmt::Display) -> Self {
        self.values.push(value.to_string());
        self
    }

    /// The text as HTML: words between backticks are code, everything else is escaped.
    pub fn marked(&self) -> String {
        let mut html = String::new();
        let mut is_code = false;
        self.pieces(|piece, is_value| {
            for (index, part) in piece.split('`').enumerate() {
                if index > 0 && is_value {
                    html.push('`');
                } else if index > 0 {
                    html.push_str(if is_code { "</code>" } else { "<code>" });
                    is_code = !is_code;
                }
                for character in part.chars() {
                    match character {
                        '<' => html.push_str("&lt;"),
                        '>' => html.push_str("&gt;"),
                        '&' => html.push_str("&amp;"),
                        '"' => html.push_str("&quot;"),
                        '\'' => html.push_str("&#39;"),
                        plain => html.push(plain),
                    }
                }
            }
        });
        html
    }

    /// The pieces of the text in order; values are told apart, so that nothing in them is taken for a place or a mark.
    fn pieces(&self, mut piece: impl FnMut(&str, bool)) {
        let mut rest = &*self.pattern;
        while let Some((before, behind)) = rest.split_once('{') {
            let place = behind.split_once('}').and_then(|(number, after)| Some((number.parse::<usize>().ok()?, after)));
            piece(before, false);
            match place.and_then(|(number, after)| Some((self.values.get(number)?, after))) {
                Some((value, after)) => {
                    piece(value, true);
                    rest = after;
                }
                None => {
                    piece("{", false);
                    rest = behind;
                }
            }
        }
        piece(rest, false);
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut result = Ok(());
        self.pieces(|piece, _| {
            if result.is_ok() {
                result = formatter.write_str(piece);
            }
        });
        result
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.to_string()
    }
}

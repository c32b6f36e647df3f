//! How our own invoices are numbered: the series by which a reader knows one of our numbers wherever it stands.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::reference::{normalise, shape};

/// Numbers of fewer signs are too common to be known by their series.
const SHORTEST: usize = 6;
/// Numbers of digits alone are known by how they begin.
const LEADING_DIGITS: usize = 2;

/// The series of a number, digits as `9`: `INV-260532` is of the series `INV999999`, where punctuation doesn't count. A number without letters keeps its
/// first digits and its punctuation, or amounts and dates would look like it: `90002654` is of `90999999`, `2026/1234` of `2099/9999`. `None` for what is
/// too short to be told from other numbers.
pub fn series(number: &str) -> Option<String> {
    let trimmed = number.trim_matches(|sign: char| !sign.is_alphanumeric());
    let plain = normalise(trimmed);
    if !plain.is_ascii() || plain.len() < SHORTEST || plain.bytes().filter(u8::is_ascii_digit).count() < 4 {
        return None;
    }
    if plain.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return Some(shape(&plain));
    }
    let (kept, rest) = trimmed.split_at_checked(LEADING_DIGITS).filter(|_| !trimmed.contains(char::is_whitespace))?;
    Some(format!("{kept}{}", shape(rest)))
}

/// The series that our invoices are numbered in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbering(BTreeSet<String>);

impl Numbering {
    pub fn of_series(series: impl IntoIterator<Item = String>) -> Self {
        Self(series.into_iter().collect())
    }

    /// Whether a text is written as our numbers are. It needn't be on file.
    pub fn is_ours(&self, text: &str) -> bool {
        !self.0.is_empty() && series(text).is_some_and(|series| self.0.contains(&series))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_numbers_are_known_by_their_series() {
        let ours = Numbering::of_series(["INV-260532", "90002654", "MR 02626", "26-FV-02332"].into_iter().filter_map(series));
        for number in ["INV-260777", "inv260777", "90007001", "MR02640", "26-FV-00001", "(26-FV-00001)"] {
            assert!(ours.is_ours(number), "{number}");
        }
        let digits = Numbering::of_series(["260417", "20260417", "2026/1234"].into_iter().filter_map(series));
        assert!(["260532", "(20261112)", "2026/0042"].iter().all(|number| digits.is_ours(number)));
        for other in ["2.605,32", "2,605.32", "2026-11-12", "26.11.26", "1 002,34", "2026/11/12"] {
            assert!(!digits.is_ours(other), "{other} is an amount or a day");
        }
        for other in ["INV-26053", "17000881", "20261112", "02640", "HB66120", "26-FA-02332"] {
            assert!(!ours.is_ours(other), "{other}");
        }
        assert_eq!(series("4711"), None);
    }
}

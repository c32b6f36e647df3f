//! How our own invoices are numbered: the series by which a reader knows one of our numbers wherever it stands.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::reference::{normalise, shape};

/// Numbers of fewer signs are too common to be known by their series.
const SHORTEST: usize = 6;
/// Numbers of digits alone are known by how they begin.
const LEADING_DIGITS: usize = 2;

/// The series of a number: punctuation left out, digits as `9`; of numbers without letters the first digits are kept. `INV-260532` is of the series
/// `INV999999`, `90002654` of `90999999`. `None` for what is too short to be told from other numbers.
pub fn series(number: &str) -> Option<String> {
    let plain = normalise(number);
    if plain.len() < SHORTEST || plain.bytes().filter(u8::is_ascii_digit).count() < 4 {
        return None;
    }
    let kept = if plain.bytes().all(|byte| byte.is_ascii_digit()) { LEADING_DIGITS } else { 0 };
    Some(format!("{}{}", &plain[..kept], shape(&plain[kept..])))
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
        for other in ["INV-26053", "17000881", "20261112", "02640", "HB66120", "26-FA-02332"] {
            assert!(!ours.is_ours(other), "{other}");
        }
        assert_eq!(series("4711"), None);
    }
}

//! Numbers on a paper that look like references to documents.

use crate::language::{parse_amount, parse_date};

/// More than any letter names.
const MOST: usize = 400;

/// Every word that looks like a document number, in reading order, once.
pub fn in_text(text: &str) -> Vec<String> {
    let mut references: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for word in text.split_whitespace() {
        let word = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        if looks_like_one(word) && seen.insert(word.to_owned()) {
            references.push(word.to_owned());
            if references.len() == MOST {
                break;
            }
        }
    }
    references
}

/// At least three digits, no amount, no date, no mail address.
fn looks_like_one(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let plain = word.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '/' | '.' | '_'));
    (4..=32).contains(&word.len())
        && digits >= 3
        && plain
        && parse_date(word, None).is_none()
        && (word.bytes().all(|byte| byte.is_ascii_digit()) || parse_amount(word, None).is_none())
        && !(word.len() == 4 && (word.starts_with("20") || word.starts_with("19")) && digits == 4)
}

#[cfg(test)]
mod tests {
    #[test]
    fn amounts_and_dates_are_no_references() {
        let found = super::in_text("Invoice INV-2026-00353, dated 2026-07-16 (FA26/000347) over 1,234.56 EUR, see L70018; 202600257 in 2026. a@b123.example");
        assert_eq!(found, ["INV-2026-00353", "FA26/000347", "L70018", "202600257"]);
    }
}

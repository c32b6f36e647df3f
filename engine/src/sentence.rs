//! Small pieces of English sentences: what is counted takes its plural, what is named its article.

use std::fmt::Display;

use rust_decimal::Decimal;

/// `1 day`, `3 days`.
pub fn counted(count: impl Display, one: &str, many: &str) -> String {
    let count = count.to_string();
    let noun = if count == "1" { one } else { many };
    format!("{count} {noun}")
}

/// `12 cases`, `1 case`, `144 each`: a unit of ours in the number of what is counted; a word in another language or short form stays as it was written.
pub fn quantity(quantity: Decimal, unit: Option<&str>) -> String {
    let quantity = quantity.normalize();
    match unit.unwrap_or("units") {
        "case" | "cases" => counted(quantity, "case", "cases"),
        "pallet" | "pallets" => counted(quantity, "pallet", "pallets"),
        "unit" | "units" => counted(quantity, "unit", "units"),
        "piece" | "pieces" => counted(quantity, "piece", "pieces"),
        other => format!("{quantity} {other}"),
    }
}

/// `a shortage`, `an early payment discount`: by the first letter, which the words of our vocabularies follow.
pub fn with_article(noun: &str) -> String {
    let is_vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {noun}", if is_vowel { "an" } else { "a" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular_and_nothing_is_plural() {
        assert_eq!([0, 1, 2].map(|days| counted(days, "day", "days")), ["0 days", "1 day", "2 days"]);
    }

    #[test]
    fn units_follow_their_number_where_we_know_them() {
        let shown = [("1.0", Some("case")), ("15", Some("case")), ("144", Some("each")), ("2", None), ("3", Some("Karton"))];
        let shown = shown.map(|(number, unit)| quantity(number.parse().expect("a number"), unit));
        assert_eq!(shown, ["1 case", "15 cases", "144 each", "2 units", "3 Karton"]);
    }

    #[test]
    fn articles_follow_the_vowel() {
        assert_eq!(
            ["early payment discount", "unsaleable allowance", "shortage"].map(with_article),
            ["an early payment discount", "an unsaleable allowance", "a shortage"]
        );
    }
}

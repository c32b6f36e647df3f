//! Amounts as people type them: `1.234,56`, `1,234.56`, `1 234,56`. What can be read in two ways is asked again, never guessed.

use recoup_engine::money::{Currency, Money};

use super::language;

/// An amount in minor units, or a sentence that says what is wrong.
pub fn read(text: &str, currency: Currency) -> Result<i64, String> {
    let plain: String = text.chars().filter(|character| !character.is_whitespace() && *character != '\'' && *character != '\u{202f}').collect();
    let plain = plain.trim_end_matches(currency.code()).trim_start_matches(currency.code());
    let plain = plain.replace('\u{2212}', "-");
    let marks: Vec<(usize, char)> = plain.char_indices().filter(|(_, character)| matches!(character, '.' | ',')).collect();
    let decimal = match marks.as_slice() {
        [] => None,
        [(at, mark)] => {
            let behind = &plain[at + 1..];
            let groups = behind.len() == 3 && behind.is_ascii() && *at <= 4;
            if groups && currency.minor_digits() != 3 && *at > 0 && !plain.starts_with('0') {
                let (whole, rest) = plain.split_at(*at);
                if currency.minor_digits() > 0 {
                    let doubt = language::text("“{0}” can be read in two ways: write {1} or {2}.");
                    return Err(doubt.with(text).with(format!("{whole}{}", &rest[1..])).with(format!("{whole}{mark}{}", &rest[1..3])).into());
                }
                None
            } else {
                Some(*at)
            }
        }
        [.., (at, last)] => {
            // Two kinds of marks: the last one separates the decimals. One kind, repeated: thousands.
            let decimal = marks.iter().any(|(_, mark)| mark != last).then_some(*at);
            let end = decimal.unwrap_or(plain.len());
            let groups = plain[..end].split(['.', ',']).skip(1);
            if groups.into_iter().any(|group| group.len() != 3) {
                return Err(language::text("“{0}” is not an amount: thousands stand in groups of three.").with(text).into());
            }
            decimal
        }
    };
    let digits: String = plain
        .char_indices()
        .filter_map(|(at, character)| match character {
            '.' | ',' if Some(at) == decimal => Some('.'),
            '.' | ',' => None,
            character => Some(character),
        })
        .collect();
    Money::parse(&digits, currency).map(|money| money.minor).map_err(|_| {
        let sentence = language::text("“{0}” is not an amount in {1} with at most {2} decimals.");
        sentence.with(text).with(currency.code()).with(currency.minor_digits()).into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_notations_are_read_and_doubts_are_asked() {
        let euro: Currency = "EUR".parse().expect("a currency");
        for (text, expected) in [
            ("1.234,56", Some(123_456)),
            ("1,234.56", Some(123_456)),
            ("1 234,56", Some(123_456)),
            ("1'234.5", Some(123_450)),
            ("12,5", Some(1_250)),
            ("EUR 7", Some(700)),
            ("1.234.567", Some(123_456_700)),
            ("0.123", None),
            ("1.234", None),
            ("1,234", None),
            ("-4,20", Some(-420)),
            ("12,345,6", None),
            ("", None),
            ("ten", None),
            ("5,€", None),
            ("€5,00", None),
            ("1€,234", None),
            ("1.€,5", None),
        ] {
            let found = read(text, euro);
            assert_eq!(found.clone().ok(), expected, "{text}: {found:?}");
        }
        let yen: Currency = "JPY".parse().expect("a currency");
        assert_eq!(read("1.234", yen), Ok(1_234));
        assert!(read("1,234", euro).expect_err("two readings").contains("1234 or 1,23"));
    }
}

//! Numbers and dates in the notations of the four languages: what is written is read back, and nothing breaks a reader.

use jiff::civil::Date;
use proptest::prelude::*;
use recoup_extractors::language::{DateOrder, Notation, parse_amount, parse_date};
use rust_decimal::Decimal;

/// Whole numbers with their thousands apart.
fn grouped(whole: u64, separator: &str) -> String {
    let digits = whole.to_string();
    let first = (digits.len() - 1) % 3 + 1;
    let mut groups = vec![digits[..first].to_owned()];
    groups.extend(digits.as_bytes()[first..].chunks(3).map(|group| String::from_utf8_lossy(group).into_owned()));
    groups.join(separator)
}

proptest! {
    #[test]
    fn amounts_are_read_as_written(cents in 0_u64..100_000_000_000, sign in 0..5) {
        let (whole, part) = (cents / 100, cents % 100);
        let value = Decimal::new(i64::try_from(cents).expect("small"), 2);
        let written = [
            (format!("{}.{part:02}", grouped(whole, ",")), Notation::POINT),
            (format!("{}.{part:02}", grouped(whole, "'")), Notation::POINT),
            (format!("{},{part:02}", grouped(whole, ".")), Notation::COMMA),
            (format!("{},{part:02}", grouped(whole, " ")), Notation::COMMA),
            (format!("{},{part:02}", grouped(whole, "\u{a0}")), Notation::COMMA),
            (format!("{},{part:02}", grouped(whole, "\u{202f}")), Notation::COMMA),
            (format!("{whole},{part:02}"), Notation::COMMA),
        ];
        for (text, notation) in written {
            let (text, expected) = match sign {
                0 => (text, value),
                1 => (format!("-{text}"), -value),
                2 => (format!("{text}-"), -value),
                3 => (format!("({text})"), -value),
                _ => (format!("\u{2212}{text}"), -value),
            };
            let read = parse_amount(&text, Some(notation)).map(|amount| amount.value);
            prop_assert_eq!(read, Some(expected), "{}", text);
        }
    }

    #[test]
    fn dates_are_read_as_written(day in 0_i32..20_000) {
        let date: Date = jiff::civil::date(2000, 1, 1).checked_add(jiff::Span::new().days(day)).expect("a date");
        let (year, month, number) = (date.year(), date.month(), date.day());
        const MONTHS: [[&str; 12]; 4] = [
            ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
            ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
            ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"],
            ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"],
        ];
        let mut written = vec![
            (format!("{year:04}-{month:02}-{number:02}"), None),
            (format!("{number:02}.{month:02}.{year:04}"), Some(DateOrder::DayFirst)),
            (format!("{number:02}-{month:02}-{year:04}"), Some(DateOrder::DayFirst)),
            (format!("{month:02}/{number:02}/{year:04}"), Some(DateOrder::MonthFirst)),
        ];
        for names in MONTHS {
            written.push((format!("{number} {} {year}", names[usize::try_from(month - 1).expect("a month")]), None));
        }
        for (text, order) in written {
            prop_assert_eq!(parse_date(&text, order).map(|parsed| parsed.date), Some(date), "{}", text);
        }
    }

    #[test]
    fn any_text_gets_an_answer(text in "\\PC{0,40}", order in 0_usize..3) {
        let order = [None, Some(DateOrder::DayFirst), Some(DateOrder::MonthFirst)][order];
        let (amount, date) = (parse_amount(&text, None), parse_date(&text, order));
        prop_assert!(amount.is_none() || text.chars().any(char::is_numeric));
        prop_assert!(date.is_none() || text.chars().any(char::is_numeric));
    }
}

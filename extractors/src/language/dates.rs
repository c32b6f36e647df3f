//! Dates as documents print them. Which of two numbers is the day is settled from the document's own evidence.

use jiff::civil::Date;
use recoup_engine::reading::Language;

use super::labels::fold;

/// Which of the first two numbers of a numeric date is the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    DayFirst,
    MonthFirst,
}

/// A date that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParsedDate {
    pub date: Date,
    /// Day and month could be exchanged and nothing settles it; the value takes the day first.
    pub ambiguous: bool,
}

/// Years outside are misread numbers.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2099;

const MONTHS: [&[&str]; 12] = [
    &["january", "jan", "janvier", "janv", "januari", "januar", "janner"],
    &["february", "feb", "fevrier", "fevr", "fev", "februari", "februar"],
    &["march", "mar", "mars", "maart", "mrt", "marz", "maerz", "mrz"],
    &["april", "apr", "avril", "avr"],
    &["may", "mai", "mei"],
    &["june", "jun", "juin", "juni"],
    &["july", "jul", "juillet", "juil", "juli"],
    &["august", "aug", "aout", "augustus"],
    &["september", "sep", "sept", "septembre"],
    &["october", "oct", "octobre", "oktober", "okt"],
    &["november", "nov", "novembre"],
    &["december", "dec", "decembre", "dezember", "dez"],
];

/// Words that may stand inside a written date.
const FILLERS: &[&str] = &[
    "st",
    "nd",
    "rd",
    "th",
    "er",
    "of",
    "the",
    "le",
    "den",
    "de",
    "der",
    "du",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "maandag",
    "dinsdag",
    "woensdag",
    "donderdag",
    "vrijdag",
    "zaterdag",
    "zondag",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonntag",
    "mo",
    "di",
    "mi",
    "do",
    "fr",
    "sa",
    "so",
];

/// Reads a text that is one date and nothing else; a time of day after it is passed over. Impossible dates are `None`.
pub fn parse_date(text: &str, order: Option<DateOrder>) -> Option<ParsedDate> {
    let text = text.trim();
    if text.len() < 6 || text.len() > 40 {
        return None;
    }
    match numeric_parts(text) {
        Some(Numeric::Parts { parts, separator }) => from_parts(parts, separator, order),
        Some(Numeric::Compact(digits)) => compact(digits),
        None => written(text),
    }
}

/// The only date that a recognised text can have been, when it is none as it stands: a crossed zero is seen as a six, an eight or a nine, a three as
/// an eight or a nine.
pub fn misread_date(text: &str, order: Option<DateOrder>) -> Option<Date> {
    if !matches!(numeric_parts(text.trim()), Some(Numeric::Parts { .. })) || parse_date(text, order).is_some() {
        return None;
    }
    let possible = text.char_indices().flat_map(|(place, sign)| {
        let meant: &[&str] = match sign {
            '6' => &["0"],
            '8' | '9' => &["0", "3"],
            _ => &[],
        };
        meant.iter().filter_map(move |digit| parse_date(&format!("{}{digit}{}", &text[..place], &text[place + 1..]), order))
    });
    let mut dates: Vec<ParsedDate> = possible.collect();
    dates.dedup();
    if let [ParsedDate { date, ambiguous: false }] = dates[..] { Some(date) } else { None }
}

/// The month that a word names in one of the four languages, 1 to 12.
pub fn month_of(word: &str) -> Option<i8> {
    let word = fold(word);
    MONTHS.iter().position(|names| names.contains(&word.as_str())).and_then(|index| i8::try_from(index + 1).ok())
}

/// Decides the order of day and month from all dates of a document: a part above 12 proves it, else the hint holds.
pub fn settle_date_order<'a>(texts: impl IntoIterator<Item = &'a str>, hint: Option<DateOrder>) -> Option<DateOrder> {
    let (mut day_first, mut month_first) = (0_usize, 0_usize);
    for text in texts {
        if let Some(Numeric::Parts { parts, separator }) = numeric_parts(text.trim())
            && parts[0].1 <= 2
            && separator != '.'
        {
            match (parts[0].0 > 12, parts[1].0 > 12) {
                (true, false) => day_first += 1,
                (false, true) => month_first += 1,
                _ => {}
            }
        }
    }
    match day_first.cmp(&month_first) {
        std::cmp::Ordering::Greater => Some(DateOrder::DayFirst),
        std::cmp::Ordering::Less => Some(DateOrder::MonthFirst),
        std::cmp::Ordering::Equal => hint,
    }
}

/// The order that a language and a currency suggest: weak, only for documents that don't settle it themselves.
pub fn order_hint(language: Option<Language>, currency: Option<&str>) -> Option<DateOrder> {
    match (language, currency) {
        (_, Some("USD")) if matches!(language, None | Some(Language::English)) => Some(DateOrder::MonthFirst),
        (Some(Language::French | Language::Dutch | Language::German), _) | (_, Some("EUR" | "GBP" | "CHF")) => Some(DateOrder::DayFirst),
        _ => None,
    }
}

enum Numeric {
    /// Three numbers, each with how many digits it was written.
    Parts {
        parts: [(u32, usize); 3],
        separator: char,
    },
    Compact(u32),
}

/// Reads `03/04/2026`, `3.4.26`, `2026-04-03T10:00` or `20260403`.
fn numeric_parts(text: &str) -> Option<Numeric> {
    let date = text.split([' ', 'T', '\u{a0}']).next().unwrap_or(text);
    let time = text[date.len()..].trim_start_matches(['T', ' ', '\u{a0}']);
    // "28. 09. 2026" has spaces inside: taken together when no time follows.
    let joined: String;
    let date = if time.is_empty() || time.contains(':') {
        date
    } else {
        joined = text.split_whitespace().collect();
        joined.as_str()
    };
    if date.is_empty() || !date.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'/' | b'.' | b'-')) {
        return None;
    }
    if date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()) {
        return date.parse().ok().map(Numeric::Compact);
    }
    let separator = date.chars().find(|character| !character.is_ascii_digit())?;
    let mut numbers = date.trim_end_matches('.').split(separator);
    let mut next = || {
        let part = numbers.next()?;
        (!part.is_empty() && part.len() <= 4).then_some(())?;
        Some((part.parse().ok()?, part.len()))
    };
    let parts = [next()?, next()?, next()?];
    numbers.next().is_none().then_some(Numeric::Parts { parts, separator })
}

fn from_parts(parts: [(u32, usize); 3], separator: char, order: Option<DateOrder>) -> Option<ParsedDate> {
    let [(first, first_digits), (second, second_digits), (third, third_digits)] = parts;
    if second_digits > 2 {
        return None;
    }
    if first_digits == 4 {
        return (third_digits <= 2).then(|| date(first, second, third)).flatten().map(certain);
    }
    if first_digits > 2 || !(third_digits == 2 || third_digits == 4) {
        return None;
    }
    let year = if third_digits == 4 { third } else { century(third) };
    // Dates with points are written with the day first wherever points are used.
    if separator == '.' {
        return date(year, second, first).map(certain);
    }
    let day_first = date(year, second, first);
    let month_first = date(year, first, second);
    match (day_first, month_first) {
        (Some(day_first), Some(month_first)) => {
            let ambiguous = order.is_none() && day_first != month_first;
            Some(ParsedDate { date: if order == Some(DateOrder::MonthFirst) { month_first } else { day_first }, ambiguous })
        }
        (Some(date), None) | (None, Some(date)) => Some(certain(date)),
        (None, None) => None,
    }
}

fn compact(digits: u32) -> Option<ParsedDate> {
    date(digits / 10_000, digits / 100 % 100, digits % 100).map(certain)
}

/// Reads `3 mars 2026`, `28. September 2026`, `Aug 5, 2026`, `05-AUG-26`.
fn written(text: &str) -> Option<ParsedDate> {
    let folded = fold(text);
    let mut month = None;
    let mut numbers: Vec<(u32, usize)> = Vec::new();
    for token in folded.split(' ').flat_map(split_letters_from_digits) {
        if token.bytes().all(|byte| byte.is_ascii_digit()) {
            numbers.push((token.parse().ok()?, token.len()));
        } else if let Some(index) = MONTHS.iter().position(|names| names.contains(&token)) {
            if month.replace(u32::try_from(index + 1).ok()?).is_some() {
                return None;
            }
        } else if !FILLERS.contains(&token) {
            return None;
        }
    }
    let (&[(first, first_digits), (second, second_digits)], Some(month)) = (numbers.as_slice(), month) else { return None };
    let (day, year, year_digits) = if first_digits == 4 { (second, first, 4) } else { (first, second, second_digits) };
    let year = match year_digits {
        4 => year,
        2 => century(year),
        _ => return None,
    };
    date(year, month, day).map(certain)
}

/// `5th` is `5` and `th`, `20OCT2026` three parts.
fn split_letters_from_digits(token: &str) -> impl Iterator<Item = &str> {
    let alike = |left: char, right: char| left.is_ascii_digit() == right.is_ascii_digit();
    let mut rest = token;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = rest.char_indices().find(|(_, sign)| !alike(first, *sign)).map_or(rest.len(), |(index, _)| index);
        let (part, after) = rest.split_at(end);
        rest = after;
        Some(part)
    })
}

fn century(two_digits: u32) -> u32 {
    if two_digits < 80 { 2000 + two_digits } else { 1900 + two_digits }
}

fn certain(date: Date) -> ParsedDate {
    ParsedDate { date, ambiguous: false }
}

fn date(year: u32, month: u32, day: u32) -> Option<Date> {
    let year = i16::try_from(year).ok().filter(|year| YEARS.contains(year))?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, order: Option<DateOrder>) -> Option<String> {
        parse_date(text, order).map(|parsed| parsed.date.to_string())
    }

    #[test]
    fn every_way_of_writing_a_date_is_read() {
        for (text, expected) in [
            ("2026-08-05", "2026-08-05"),
            ("2026-08-05T10:15:00", "2026-08-05"),
            ("2026/8/5", "2026-08-05"),
            ("05.08.26", "2026-08-05"),
            ("5. 8. 2026", "2026-08-05"),
            ("25-08-2026", "2026-08-25"),
            ("20260805", "2026-08-05"),
            ("3 mars 2026", "2026-03-03"),
            ("1er août 2026", "2026-08-01"),
            ("28. September 2026", "2026-09-28"),
            ("3. März 2026", "2026-03-03"),
            ("Aug 5, 2026", "2026-08-05"),
            ("5th August 2026", "2026-08-05"),
            ("05-AUG-26", "2026-08-05"),
            ("vrijdag 7 mei 2026", "2026-05-07"),
            ("08/25/2026", "2026-08-25"),
            ("25/08/2026 14:30", "2026-08-25"),
        ] {
            assert_eq!(read(text, None).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn impossible_dates_are_refused() {
        for text in ["31.02.2026", "00/00/0000", "2206-01-01", "29 Feb 2026", "12345678", "1234.56", "13/13/2026", "hello", "2026", "12 345 2026"] {
            assert_eq!(read(text, None), None, "{text}");
        }
    }

    #[test]
    fn misread_zeros_leave_one_possible_date() {
        let misread = |text| misread_date(text, Some(DateOrder::DayFirst)).map(|date| date.to_string());
        assert_eq!(misread("07/69/2026").as_deref(), Some("2026-09-07"));
        assert_eq!(misread("61.08.2026").as_deref(), Some("2026-08-01"));
        assert_eq!(misread("81/08/2026"), None, "the first or the thirty-first");
        assert_eq!((misread("01/08/2026"), misread("47/08/2026"), misread("1.680,00")), (None, None, None));
    }

    #[test]
    fn the_document_settles_day_and_month() {
        assert!(parse_date("03/04/2026", None).unwrap().ambiguous);
        assert_eq!(settle_date_order(["03/04/2026", "03/25/2026"], None), Some(DateOrder::MonthFirst));
        assert_eq!(settle_date_order(["03/04/2026", "25/03/2026"], Some(DateOrder::MonthFirst)), Some(DateOrder::DayFirst));
        assert_eq!(settle_date_order(["03/04/2026"], Some(DateOrder::MonthFirst)), Some(DateOrder::MonthFirst));
        assert_eq!(read("03/04/2026", Some(DateOrder::MonthFirst)).as_deref(), Some("2026-03-04"));
        assert_eq!(order_hint(Some(Language::English), Some("USD")), Some(DateOrder::MonthFirst));
    }
}

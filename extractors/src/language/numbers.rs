//! Amounts as people and systems print them, read into exact decimals.
//!
//! One amount alone can be undecidable (`1.234`), so a document settles its notation first from all amounts it shows.

use rust_decimal::Decimal;

/// The sign that separates the whole from the cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notation {
    /// `.` or `,`
    pub decimal: char,
}

impl Notation {
    pub const POINT: Self = Self { decimal: '.' };
    pub const COMMA: Self = Self { decimal: ',' };
}

/// An amount that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parsed {
    pub value: Decimal,
    /// Nothing decides whether the last group is thousands or decimals: `1.234` without a settled notation. The value takes it as thousands.
    pub ambiguous: bool,
}

/// Words and signs that stand beside an amount without changing it.
const CURRENCY_WORDS: &[&str] = &[
    "EUR", "USD", "GBP", "CHF", "CAD", "AUD", "NZD", "JPY", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "BGN", "MXN", "CNY", "INR", "ZAR", "US$", "EURO",
    "EUROS", "TEUR",
];
const CURRENCY_SIGNS: &[char] = &['€', '$', '£', '¥'];
/// More digits than any payment has: an account number or a barcode.
const MOST_DIGITS: usize = 18;

/// Reads one amount in any of the notations; `None` when the text is no amount.
pub fn parse_amount(text: &str, notation: Option<Notation>) -> Option<Parsed> {
    let (core, negative) = strip_surroundings(text)?;
    let (digits, decimals, ambiguous) = split_groups(&core, notation)?;
    if digits.len() > MOST_DIGITS {
        return None;
    }
    let unsigned = digits.parse::<i64>().ok()?;
    let value = Decimal::try_new(if negative { -unsigned } else { unsigned }, decimals).ok()?;
    Some(Parsed { value, ambiguous })
}

/// Reads a number as messages write it: digits, a sign before them, a point before the decimals. `None` beyond the digits that sums can hold.
pub fn exact_number(text: &str) -> Option<Decimal> {
    let bare = text.trim().trim_start_matches('+');
    let digits = bare.bytes().filter(u8::is_ascii_digit).count();
    (digits <= MOST_DIGITS).then(|| bare.parse().ok()).flatten()
}

/// Decides the notation from all amounts of a document. `None` when no amount tells, or when they contradict each other.
pub fn settle_notation<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<Notation> {
    let (mut points, mut commas) = (0_usize, 0_usize);
    for text in texts {
        match telling_mark(text) {
            Some('.') => points += 1,
            Some(_) => commas += 1,
            None => {}
        }
    }
    if points > commas * 3 {
        Some(Notation::POINT)
    } else if commas > points * 3 {
        Some(Notation::COMMA)
    } else {
        None
    }
}

/// The decimal mark of an amount when the amount alone decides it.
fn telling_mark(text: &str) -> Option<char> {
    let (core, _) = strip_surroundings(text)?;
    let last = core.rfind(['.', ','])?;
    let mark = core[last..].chars().next()?;
    let other = if mark == '.' { ',' } else { '.' };
    let after = core.len() - last - 1;
    let groups = core.matches(mark).count();
    if groups > 1 {
        // A mark that repeats separates thousands.
        return (!core.contains(other)).then_some(other);
    }
    if core.contains(other) {
        return Some(mark);
    }
    (after == 1 || after == 2).then_some(mark)
}

/// Takes signs, parentheses and currency off: what remains is digits and separators.
fn strip_surroundings(text: &str) -> Option<(String, bool)> {
    if text.len() > 64 {
        return None;
    }
    let mut rest = text.trim().trim_matches(['*', '\u{a0}', '\u{202f}', '\u{feff}', '=']).trim();
    let mut negative = false;
    let mut signs = 0;
    loop {
        let before = rest.len();
        if let Some(inner) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            rest = inner;
            negative = true;
            signs += 1;
        }
        for suffix in ["CR", "Cr", "cr"] {
            if let Some(inner) = rest.strip_suffix(suffix).filter(|inner| inner.ends_with([' ', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '\u{a0}'])) {
                rest = inner;
                negative = true;
                signs += 1;
            }
        }
        if let Some(inner) = rest.strip_prefix(is_minus).or_else(|| rest.strip_suffix(is_minus)) {
            rest = inner;
            negative = true;
            signs += 1;
        }
        rest = rest.strip_prefix('+').unwrap_or(rest);
        rest = rest.trim_matches(|character: char| character.is_whitespace() || CURRENCY_SIGNS.contains(&character));
        for word in CURRENCY_WORDS {
            rest = rest.strip_prefix(word).or_else(|| rest.strip_suffix(word)).unwrap_or(rest).trim();
        }
        if rest.len() == before {
            break;
        }
    }
    // Two signs contradict or repeat each other: no amount that may be guessed.
    if signs > 1 || !rest.starts_with(|character: char| character.is_ascii_digit() || character == ',' || character == '.') {
        return None;
    }
    // French closes with a comma and a dash: `60,–` says no cents.
    let rest = rest.strip_suffix(",-").or_else(|| rest.strip_suffix(",–")).unwrap_or(rest);
    let core: String = rest.chars().map(|character| if is_group_space(character) { ' ' } else { character }).collect();
    core.chars().all(|character| character.is_ascii_digit() || matches!(character, '.' | ',' | ' ')).then_some((core, negative))
}

fn is_minus(character: char) -> bool {
    matches!(character, '-' | '\u{2212}' | '\u{2013}' | '\u{2010}' | '\u{2011}')
}

/// Signs that only ever separate thousands.
fn is_group_space(character: char) -> bool {
    matches!(character, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}' | '\'' | '\u{2019}')
}

/// All digits, how many of them are decimals, and whether that was a guess.
fn split_groups(core: &str, notation: Option<Notation>) -> Option<(String, u32, bool)> {
    let last = core.rfind(['.', ',']);
    let digits_only = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let Some(last) = last else {
        return grouped_whole(core, ' ').map(|digits| (digits, 0, false));
    };
    let mark = core[last..].chars().next()?;
    let (whole, after) = (&core[..last], &core[last + 1..]);
    if after.is_empty() {
        // `60.` closes a sentence, and some systems print whole amounts so.
        return grouped_whole(whole, if mark == '.' { ',' } else { '.' }).map(|digits| (digits, 0, false));
    }
    if !digits_only(after) {
        return grouped_whole(core, mark).map(|digits| (digits, 0, false));
    }
    let other = if mark == '.' { ',' } else { '.' };
    if core.matches(mark).count() > 1 {
        return (!core.contains(other)).then(|| grouped_whole(core, mark)).flatten().map(|digits| (digits, 0, false));
    }
    let has_other_group = whole.contains(other) || whole.contains(' ');
    if after.len() == 3 && !has_other_group && (1..=3).contains(&whole.len()) && whole != "0" {
        match notation {
            Some(notation) if notation.decimal == mark => {}
            Some(_) => return Some((format!("{whole}{after}"), 0, false)),
            None => return Some((format!("{whole}{after}"), 0, true)),
        }
    }
    if after.len() > 6 {
        return None;
    }
    let whole = if whole.is_empty() { String::new() } else { grouped_whole(whole, if whole.contains(' ') { ' ' } else { other })? };
    Some((format!("{whole}{after}"), u32::try_from(after.len()).ok()?, false))
}

/// The digits of a whole number whose thousands are separated by `mark`.
fn grouped_whole(text: &str, mark: char) -> Option<String> {
    let mut groups = text.split(mark);
    let first = groups.next()?;
    let numeric = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let rest: Vec<&str> = groups.collect();
    if !numeric(first) || (!rest.is_empty() && first.len() > 3) || rest.iter().any(|group| group.len() != 3 || !numeric(group)) {
        return None;
    }
    Some(std::iter::once(first).chain(rest).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<String> {
        parse_amount(text, None).map(|parsed| parsed.value.to_string())
    }

    #[test]
    fn every_notation_of_the_trade_is_read() {
        for (text, expected) in [
            ("1.234,56", "1234.56"),
            ("1,234.56", "1234.56"),
            ("1 234,56", "1234.56"),
            ("1\u{a0}234,56", "1234.56"),
            ("10\u{202f}667,03", "10667.03"),
            ("1'234.56", "1234.56"),
            ("1\u{2019}234\u{2019}567.80", "1234567.80"),
            ("(60,00)", "-60.00"),
            ("60,00-", "-60.00"),
            ("-60", "-60"),
            ("\u{2212}60", "-60"),
            ("60.00 CR", "-60.00"),
            ("EUR 60", "60"),
            ("60 €", "60"),
            ("$1,234.56", "1234.56"),
            ("-$12.50", "-12.50"),
            ("($ 12.50)", "-12.50"),
            ("€ -1.234,50", "-1234.50"),
            ("***1,000.00", "1000.00"),
            ("1.234.567", "1234567"),
            (".50", "0.50"),
            ("0,135", "0.135"),
            ("4658.82", "4658.82"),
        ] {
            assert_eq!(value(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["", "-", "NaN", "1e9", "12/05/2026", "6O,OO", "1.23.456", "12,34,56", "1.234,567,8", "INV 12", "(12-)", "12 34", "9999999999999999999"] {
            assert_eq!(value(text), None, "{text}");
        }
    }

    #[test]
    fn one_group_of_three_is_ambiguous_until_the_document_settles_it() {
        assert!(parse_amount("1.234", None).unwrap().ambiguous);
        assert_eq!(settle_notation(["1.234", "17,50"]), Some(Notation::COMMA));
        assert_eq!(settle_notation(["1.234", "5,678"]), None);
        let comma = parse_amount("1.234", Some(Notation::COMMA)).unwrap();
        assert_eq!((comma.value.to_string().as_str(), comma.ambiguous), ("1234", false));
        let point = parse_amount("1.234", Some(Notation::POINT)).unwrap();
        assert_eq!(point.value.to_string(), "1.234");
        // A notation is no law: two decimals stay two decimals.
        assert_eq!(parse_amount("4658.82", Some(Notation::COMMA)).unwrap().value.to_string(), "4658.82");
    }
}

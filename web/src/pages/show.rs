//! Values as people read them, in the forms of their language: amounts with their thousands, days, shares, words of the vocabulary.

use std::collections::BTreeMap;

use jiff::civil::Date;
use recoup_engine::money::{Currency, Money, format_minor};
use recoup_store::people::UserRow;
use recoup_store::screens::worklist::{Size, Sum};

use super::language;
pub use super::language::{day, group, inside, percent, plain};

/// `1240.00` of 124000 EUR as `1,240.00`.
pub fn amount(minor: i64, currency: &str) -> String {
    let plain = currency.parse::<Currency>().map_or_else(|_| minor.to_string(), |currency| format_minor(minor, currency));
    group(&plain)
}

/// An amount with its currency behind it.
pub fn money(minor: i64, currency: &str) -> String {
    format!("{} {currency}", amount(minor, currency))
}

/// An amount as a document wrote it, with the digits of its currency; what is no amount stays as it was written.
pub fn written(text: &str, currency: Option<&str>) -> String {
    let Some(code) = currency else { return text.to_owned() };
    let read = code.parse::<Currency>().and_then(|currency| Money::parse(text, currency));
    read.map_or_else(|_| format!("{text} {code}"), |read| money(read.minor, code))
}

/// Digits behind the point of a currency's amounts; 0 for what is no currency.
pub fn digits(currency: &str) -> u32 {
    currency.parse::<Currency>().map_or(0, |currency| currency.minor_digits())
}

/// An amount as people type it, to stand in a field: the digits with the decimal mark and no thousands.
pub fn typed(minor: i64, currency: Currency) -> String {
    language::decimal(&format_minor(minor, currency))
}

/// A time of the log as `2026-11-22 06:44`.
pub fn minutes(at: &str) -> String {
    at.get(..16).map_or_else(|| at.to_owned(), |minutes| minutes.replace('T', " "))
}

/// Thousandths as `93 %`.
pub fn share(thousandths: i64) -> String {
    // Nearly sure is not sure.
    let percent_of_all = if thousandths < 1000 { ((thousandths + 5) / 10).min(99) } else { 100 };
    percent(&percent_of_all.to_string())
}

/// A part of a whole as `46 %`; nothing of nothing has no share.
pub fn part(part: i64, whole: i64) -> Option<String> {
    (whole > 0).then(|| percent(&((part * 100 + whole / 2) / whole).to_string()))
}

/// A part of a whole on a bar of 100.
pub fn hundredths(part: i64, whole: i64) -> i64 {
    if whole > 0 { (part.saturating_mul(100) / whole).clamp(0, 100) } else { 0 }
}

/// Days from one ISO date to another; `None` when either is none.
pub fn days_between(from: &str, until: Date) -> Option<i64> {
    from.parse::<Date>().ok().and_then(|from| from.until(until).ok()).map(|span| i64::from(span.get_days()))
}

/// A sum as lists show it.
#[derive(Clone, Debug)]
pub struct Total {
    pub currency: String,
    pub amount: String,
    pub count: i64,
}

/// Sums per currency, largest first: never added across.
pub fn totals(sums: &[Sum]) -> Vec<Total> {
    let mut sums: Vec<&Sum> = sums.iter().collect();
    sums.sort_by_key(|sum| std::cmp::Reverse((sum.count, sum.amount)));
    sums.into_iter().map(|sum| Total { currency: sum.currency.clone(), amount: amount(sum.amount, &sum.currency), count: sum.count }).collect()
}

/// Why a document waits, as people read it: without the codes that stand before the sentences for machines.
pub fn reasons(problem: &str) -> String {
    let mut shown = String::with_capacity(problem.len());
    let mut begins = true;
    for word in problem.split_inclusive(' ') {
        let is_code = |code: &str| code.contains('_') || ["unbalanced", "blank", "unreadable", "encrypted"].contains(&code);
        let code = word.trim_end().strip_suffix(':').filter(|code| is_code(code) && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
        if !(begins && code.is_some()) {
            shown.push_str(word);
        }
        begins = word.trim_end().ends_with(['.', '!', '?', ')']);
    }
    shown
}

/// How long a list is, as far as it was counted: `1,000+` has more.
pub fn length(size: &Size) -> String {
    if size.is_more { format!("{}+", group(&(size.count() - 1).to_string())) } else { group(&size.count().to_string()) }
}

/// Rows of all currencies together: rows may be counted across, money may not.
pub fn count(sums: &[Sum]) -> i64 {
    sums.iter().map(|sum| sum.count).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_grouped_by_thousands() {
        assert_eq!(amount(123_456_789, "EUR"), "1,234,567.89");
        assert_eq!(amount(-5, "EUR"), "\u{2212}0.05");
        assert_eq!(amount(1_234, "JPY"), "1,234");
        assert_eq!(amount(99_900, "USD"), "999.00");
    }

    #[test]
    fn reasons_are_read_without_their_codes() {
        let problem = "unbalanced: The lines add up to 5037.32; say so: it is. payer_unknown: No customer has this name. Write file_name: it stays.";
        assert_eq!(reasons(problem), "The lines add up to 5037.32; say so: it is. No customer has this name. Write file_name: it stays.");
    }

    #[test]
    fn words_and_shares_are_readable() {
        assert_eq!(plain("supply_chain"), "Supply chain");
        assert_eq!(part(1, 3).as_deref(), Some("33 %"));
        assert_eq!(part(0, 0), None);
    }
}

/// Names by login, of whoever has left too: what they did stays theirs.
pub fn names_of(users: &[UserRow]) -> BTreeMap<String, String> {
    users.iter().map(|user| (user.login.clone(), user.name.clone())).collect()
}

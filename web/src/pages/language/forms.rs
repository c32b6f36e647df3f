//! Numbers and days in the forms of the page's language: `1,234.56`, `1 234,56`, `1.234,56`; `2026-11-22`, `22/11/2026`, `22-11-2026`, `22.11.2026`.

use super::Language;

/// The mark between thousands and the mark before decimals.
const fn marks(language: Language) -> (char, char) {
    match language {
        Language::English => (',', '.'),
        // A space that is narrow and never breaks.
        Language::French => ('\u{202f}', ','),
        Language::Dutch | Language::German => ('.', ','),
    }
}

/// Plain digits with their thousands: `1240.00` as `1,240.00`. What is no plain number stays as it is.
pub fn group(plain: &str) -> String {
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |digits| ("\u{2212}", digits));
    let (whole, rest) = digits.find('.').map_or((digits, ""), |point| digits.split_at(point));
    if whole.is_empty() || !whole.bytes().chain(rest.bytes().skip(1)).all(|byte| byte.is_ascii_digit()) {
        return plain.to_owned();
    }
    let (thousands, point) = marks(Language::current());
    let mut grouped = String::with_capacity(plain.len() + 4);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push(thousands);
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}{}", rest.replace('.', &point.to_string()))
}

/// Plain digits with the decimal mark and no thousands, as people type them: `1240.00` as `1240,00`.
pub fn decimal(plain: &str) -> String {
    plain.replace('.', &marks(Language::current()).1.to_string())
}

/// `93` as `93 %`; Dutch writes no space before the sign.
pub fn percent(number: &str) -> String {
    let space = match Language::current() {
        Language::English => " ",
        Language::French => "\u{202f}",
        Language::Dutch => "",
        Language::German => "\u{a0}",
    };
    format!("{number}{space}%")
}

/// An ISO day, month (`2026-11`) or day without its year (`11-22`), a time of day behind it or not. What is none of these stays as it is.
pub fn day(iso: &str) -> String {
    let mark = match Language::current() {
        Language::English => return iso.to_owned(),
        Language::French => "/",
        Language::Dutch => "-",
        Language::German => ".",
    };
    let (date, time) = iso.split_once(' ').map_or((iso, None), |(date, time)| (date, Some(time)));
    let mut parts: Vec<&str> = date.split('-').collect();
    if parts.len() < 2 || parts.len() > 3 || !parts.iter().all(|part| matches!(part.len(), 2 | 4) && part.bytes().all(|byte| byte.is_ascii_digit())) {
        return iso.to_owned();
    }
    parts.reverse();
    let turned = parts.join(mark);
    time.map_or_else(|| turned.clone(), |time| format!("{turned} {time}"))
}

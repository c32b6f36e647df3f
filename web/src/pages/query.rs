//! The words of the search field: operators such as `customer:US100 amount:>100 due:<7d has:pod`, and everything else as words to find.

use recoup_engine::money::Currency;
use recoup_engine::taxonomy::{Category, Queue, Validity};
use recoup_store::screens::worklist::{Filter, Word};

use super::amount;
use super::language;

/// Most words that one search looks for.
const MOST_WORDS: usize = 8;
/// What people call a piece of evidence, and the kind it is stored under.
const KINDS: [(&str, &str); 8] = [
    ("pod", "proof_of_delivery"),
    ("delivery", "delivery"),
    ("agreement", "agreement"),
    ("debit_note", "debit_note"),
    ("invoice", "invoice"),
    ("price", "price"),
    ("credit_memo", "credit_memo"),
    ("settlement", "settlement"),
];

/// The names of the operators.
const NAMES: [&str; 9] = ["customer", "category", "queue", "validity", "agreement", "assignee", "amount", "due", "has"];

/// The operators, as the hint beside the field shows them.
pub const OPERATORS: &str = "customer:US100 category:shortage queue:sales validity:invalid amount:>100 due:<7d has:pod";

/// Narrows a filter by the words of the search field; returns what was not understood, with a sentence each. `due` takes days and today's list.
pub fn narrow(text: &str, filter: &mut Filter, mut due: impl FnMut(&mut Filter, i64) -> bool) -> Vec<(String, String)> {
    let mut odd = Vec::new();
    for token in tokens(text) {
        let Some((name, value)) = token.split_once(':').filter(|(name, value)| !value.is_empty() && NAMES.contains(name)) else {
            if let Some((name, _)) = token.split_once(':').filter(|(name, value)| looks_like_operator(name, value)) {
                let says = language::text("“{0}:” is no operator, so “{1}” was looked for as it stands. The operators are {2}.")
                    .with(name)
                    .with(&token)
                    .with(NAMES.map(|name| format!("{name}:")).join(" "))
                    .to_string();
                odd.push((token.clone(), says));
            }
            if filter.words.len() < MOST_WORDS {
                filter.words.push(Word { amount: maybe_amount(&token, filter.currency.as_deref()), text: token });
            }
            continue;
        };
        let mut says = String::new();
        let understood = match name {
            "customer" => set(&mut filter.customer, Some(value.to_owned())),
            "category" => set(&mut filter.category, word::<Category>(value)),
            "queue" => set(&mut filter.queue, word::<Queue>(value)),
            "validity" => set(&mut filter.validity, word::<Validity>(value)),
            "agreement" => set(&mut filter.agreement, Some(value.to_owned())),
            "assignee" => set(&mut filter.assignee, Some(value.to_lowercase())),
            "amount" => amounts(value, filter).map_err(|why| says = why).is_ok(),
            "due" => value.trim_start_matches(['<', '=']).trim_end_matches('d').parse().is_ok_and(|days| due(filter, days)),
            _ => has(value, filter),
        };
        if !understood {
            odd.push((token.clone(), says));
        }
    }
    odd
}

/// A word before a colon; numbers, addresses of pages and times of day have colons of their own.
fn looks_like_operator(name: &str, value: &str) -> bool {
    !value.is_empty() && !value.starts_with('/') && name.chars().all(|character| character.is_ascii_lowercase() || character == '_') && name.len() > 1
}

/// Words, with what stands between quotes as one.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = vec![String::new()];
    let mut quoted = false;
    for character in text.chars() {
        match character {
            '"' => quoted = !quoted,
            character if character.is_whitespace() && !quoted => tokens.push(String::new()),
            character => {
                if let Some(last) = tokens.last_mut() {
                    last.push(character);
                }
            }
        }
    }
    tokens.retain(|token| !token.is_empty());
    tokens
}

fn set(field: &mut Option<String>, value: Option<String>) -> bool {
    let known = value.is_some();
    *field = value.or(field.take());
    known
}

fn word<W: std::str::FromStr>(value: &str) -> Option<String> {
    let value = value.to_lowercase().replace(['-', ' '], "_");
    value.parse::<W>().is_ok().then_some(value)
}

/// `>100`, `<100`, `100..200` or `100`; a sentence when it is no amount or can be read in two ways.
fn amounts(value: &str, filter: &mut Filter) -> Result<(), String> {
    let currency = filter.currency.clone();
    let read = |text: &str| one_amount(text.trim_start_matches('='), currency.as_deref()).map(Some);
    let (least, most) = if let Some(text) = value.strip_prefix('>') {
        (read(text)?, None)
    } else if let Some(text) = value.strip_prefix('<') {
        (None, read(text)?)
    } else if let Some((from, to)) = value.split_once("..") {
        (read(from)?, read(to)?)
    } else {
        (read(value)?, read(value)?)
    };
    filter.least = least.or(filter.least);
    filter.most = most.or(filter.most);
    Ok(())
}

fn has(value: &str, filter: &mut Filter) -> bool {
    let kind = KINDS.iter().find(|(said, kind)| *said == value || *kind == value).map(|(_, kind)| (*kind).to_owned());
    let known = kind.is_some();
    filter.has.extend(kind);
    known
}

/// An amount in either notation, in the currency of the list or one with two digits; a sentence when there is no or no single reading.
pub fn one_amount(text: &str, currency: Option<&str>) -> Result<i64, String> {
    let currency: Currency = currency.unwrap_or("EUR").parse().map_err(|error| format!("{error}."))?;
    amount::read(text, currency)
}

/// The amount that a word may mean. A list can be looked at again, so `1.234` is taken for thousands here; a form asks.
fn maybe_amount(text: &str, currency: Option<&str>) -> Option<i64> {
    let is_thousands = |(whole, rest): &(&str, &str)| rest.len() == 3 && [whole, rest].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let thousands = || text.split_once([',', '.']).filter(is_thousands).map(|(whole, rest)| format!("{whole}{rest}"));
    one_amount(text, currency).ok().or_else(|| one_amount(&thousands()?, currency).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn narrowed(text: &str) -> (Filter, Vec<(String, String)>) {
        let mut filter = Filter::default();
        let odd = narrow(text, &mut filter, |filter, days| {
            filter.dispute_until = Some(days.to_string());
            days >= 0
        });
        (filter, odd)
    }

    #[test]
    fn operators_narrow_and_the_rest_are_words() {
        let (filter, odd) = narrowed("customer:US100 category:price-difference amount:>100 due:<7d has:pod \"North East\" 1,240.00");
        assert!(odd.is_empty());
        assert_eq!((filter.customer.as_deref(), filter.category.as_deref()), (Some("US100"), Some("price_difference")));
        assert_eq!((filter.least, filter.most, filter.dispute_until.as_deref()), (Some(10_000), None, Some("7")));
        assert_eq!(filter.has, ["proof_of_delivery"]);
        let words: Vec<(&str, Option<i64>)> = filter.words.iter().map(|word| (word.text.as_str(), word.amount)).collect();
        assert_eq!(words, [("North East", None), ("1,240.00", Some(124_000))]);
    }

    #[test]
    fn amounts_are_found_in_both_notations() {
        for (text, expected) in [
            ("1.234,56", Some(123_456)),
            ("1,234.56", Some(123_456)),
            ("1234,56", Some(123_456)),
            ("12,5", Some(1_250)),
            ("1.234", Some(123_400)),
            ("INV-1,5", None),
        ] {
            assert_eq!(narrowed(text).0.words[0].amount, expected, "{text}");
        }
        for (text, expected) in
            [("amount:>1.234,56", (Some(123_456), None)), ("amount:1,5..2,50", (Some(150), Some(250))), ("amount:=12,00", (Some(1_200), Some(1_200)))]
        {
            let (filter, odd) = narrowed(text);
            assert!(odd.is_empty(), "{odd:?}");
            assert_eq!((filter.least, filter.most), expected, "{text}");
        }
        assert!(narrowed("amount:>1.234").1[0].1.contains("can be read in two ways"));
    }

    #[test]
    fn what_is_no_operator_is_a_word_and_is_told_with_those_that_exist() {
        let (filter, odd) = narrowed("colour:red category:cellar amount:x..y due:soon 10..20 amount:10..20 https://a.b 12:30 GU-1:2");
        assert_eq!(odd.iter().map(|(token, _)| token.as_str()).collect::<Vec<_>>(), ["colour:red", "category:cellar", "amount:x..y", "due:soon"]);
        assert!(odd[0].1.contains("“colour:” is no operator") && odd[0].1.contains("customer: category: queue:"), "{}", odd[0].1);
        let words: Vec<&str> = filter.words.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(words, ["colour:red", "10..20", "https://a.b", "12:30", "GU-1:2"]);
        assert_eq!((filter.least, filter.most), (Some(1_000), Some(2_000)));
        assert!(narrowed("").0.words.is_empty());
    }
}

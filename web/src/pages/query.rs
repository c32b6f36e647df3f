//! The words of the search field: operators such as `customer:US100 amount:>100 due:<7d has:pod`, and everything else as words to find.

use recoup_engine::money::{Currency, Money};
use recoup_engine::taxonomy::{Category, Queue, Validity};
use recoup_store::screens::worklist::{Filter, Word};

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

/// The operators, as the hint beside the field shows them.
pub const OPERATORS: &str = "customer:US100 category:shortage queue:sales validity:invalid amount:>100 due:<7d has:pod";

/// Narrows a filter by the words of the search field; returns the operators that were not understood. `due` takes days and today's list.
pub fn narrow(text: &str, filter: &mut Filter, mut due: impl FnMut(&mut Filter, i64) -> bool) -> Vec<String> {
    let mut odd = Vec::new();
    for token in tokens(text) {
        let Some((name, value)) = token.split_once(':').filter(|(name, value)| !value.is_empty() && is_operator(name)) else {
            if filter.words.len() < MOST_WORDS {
                filter.words.push(Word { amount: amount(&token, filter.currency.as_deref()), text: token });
            }
            continue;
        };
        let understood = match name {
            "customer" => set(&mut filter.customer, Some(value.to_owned())),
            "category" => set(&mut filter.category, word::<Category>(value)),
            "queue" => set(&mut filter.queue, word::<Queue>(value)),
            "validity" => set(&mut filter.validity, word::<Validity>(value)),
            "agreement" => set(&mut filter.agreement, Some(value.to_owned())),
            "assignee" => set(&mut filter.assignee, Some(value.to_lowercase())),
            "amount" => amounts(value, filter),
            "due" => value.trim_start_matches(['<', '=']).trim_end_matches('d').parse().is_ok_and(|days| due(filter, days)),
            _ => has(value, filter),
        };
        if !understood {
            odd.push(token.clone());
        }
    }
    odd
}

fn is_operator(name: &str) -> bool {
    ["customer", "category", "queue", "validity", "agreement", "assignee", "amount", "due", "has"].contains(&name)
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

/// `>100`, `<100`, `100..200` or `100`.
fn amounts(value: &str, filter: &mut Filter) -> bool {
    let currency = filter.currency.clone();
    let read = |text: &str| amount(text.trim_start_matches('='), currency.as_deref());
    let (least, most) = if let Some(text) = value.strip_prefix('>') {
        (read(text), None)
    } else if let Some(text) = value.strip_prefix('<') {
        (None, read(text))
    } else if let Some((from, to)) = value.split_once("..") {
        (read(from), read(to))
    } else {
        (read(value), read(value))
    };
    if least.is_none() && most.is_none() {
        return false;
    }
    filter.least = least.or(filter.least);
    filter.most = most.or(filter.most);
    true
}

fn has(value: &str, filter: &mut Filter) -> bool {
    let kind = KINDS.iter().find(|(said, kind)| *said == value || *kind == value).map(|(_, kind)| (*kind).to_owned());
    let known = kind.is_some();
    filter.has.extend(kind);
    known
}

/// Amounts are read in the currency of the list, or one with two digits.
fn amount(text: &str, currency: Option<&str>) -> Option<i64> {
    let currency: Currency = currency.unwrap_or("EUR").parse().ok()?;
    Money::parse(&text.replace(',', ""), currency).ok().map(|money| money.minor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn narrowed(text: &str) -> (Filter, Vec<String>) {
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
    fn what_is_no_operator_is_a_word_and_a_bad_value_is_told() {
        let (filter, odd) = narrowed("colour:red category:cellar amount:x..y due:soon 10..20 amount:10..20");
        assert_eq!(odd, ["category:cellar", "amount:x..y", "due:soon"]);
        assert_eq!(filter.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>(), ["colour:red", "10..20"]);
        assert_eq!((filter.least, filter.most), (Some(1_000), Some(2_000)));
        assert!(narrowed("").0.words.is_empty());
    }
}

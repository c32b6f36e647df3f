//! The signs of a deduction that a category may be learnt from. What the book understands by itself is covered up, in lessons as in questions: the model
//! is trained and examined on what it will be asked.

use recoup_engine::facts::Facts;
use recoup_engine::reference::fold;
use recoup_engine::remittance::CodeList;
use recoup_engine::verdict::Shape;

use crate::book::{Book, plain_words};
use crate::classify::is_explained;
use crate::decide::Policy;

/// What is looked at of a deduction.
#[derive(Clone, Copy, Debug)]
pub struct Looked<'claim> {
    pub customer_id: &'claim str,
    pub words: &'claim str,
    pub code: Option<&'claim str>,
    pub code_list: CodeList,
    pub shape: Option<Shape>,
    /// Minor units.
    pub amount: i64,
    /// Minor units that its allocation settles of the invoice.
    pub settled_gross: Option<i64>,
    pub debit_note_number: Option<&'claim str>,
}

/// Letters that the beginnings of words are compared by: "Nachlass" and "Nachlässe" begin alike.
const STEM: usize = 5;
/// Words of fewer letters are mostly units and abbreviations.
const TELLING: usize = 4;

/// Every sign once, in a fixed order. Signs of the customer stand for themselves and together with each other sign: what one customer means by a word
/// another may not.
pub fn signs(looked: Looked<'_>, policy: Policy<'_>, facts: &Facts) -> Vec<String> {
    let mut general = Vec::new();
    let family = facts.family(looked.customer_id);
    let explained = |code: &str| is_explained(code, looked.code_list, looked.customer_id, policy, facts);
    let code = looked.code.filter(|code| !explained(code));
    // A code may stand before the words.
    let (first, rest) = looked.words.split_once(' ').unwrap_or((looked.words, ""));
    let words = uncovered_words(if explained(first) { rest } else { looked.words }, policy.book);
    for word in &words {
        general.push(format!("word {word}"));
        general.extend(stem(word));
    }
    general.extend(words.windows(2).map(|pair| format!("words {} {}", pair[0], pair[1])));
    general.extend(code.map(|code| format!("code {}", fold(code.trim()))));
    general.extend(looked.debit_note_number.map(letters_before_digits).filter(|prefix| !prefix.is_empty()).map(|prefix| format!("number {prefix}")));
    general.extend(looked.shape.map(|shape| format!("shape {shape:?}").to_lowercase()));
    general.extend(share(looked).map(|tenths| format!("share {}.{}", tenths / 10, tenths % 10)));
    general.push(format!("amount {}", band(looked.amount)));
    if words.is_empty() && code.is_none() {
        general.push("silent".to_owned());
    }
    let of_customer: Vec<String> = family.iter().flat_map(|customer| general.iter().map(move |sign| format!("{customer}: {sign}"))).collect();
    let mut signs: Vec<String> = general.into_iter().chain(of_customer).chain(family.iter().map(|customer| format!("{customer}:"))).collect();
    signs.sort();
    signs.dedup();
    signs
}

/// The signs of whole words that say something, each with the sign of its beginning where it has one.
pub(super) fn words(signs: &[String]) -> impl Iterator<Item = (&str, Option<String>)> {
    let words = signs.iter().filter_map(|sign| Some((sign.as_str(), sign.strip_prefix("word ")?)));
    let telling = words.filter(|(_, word)| word.chars().count() >= TELLING);
    telling.map(|(sign, word)| (sign, stem(word)))
}

/// The sign of the beginning of a word; a short word is all there is.
fn stem(word: &str) -> Option<String> {
    word.char_indices().nth(STEM).map(|(end, _)| format!("stem {}", &word[..end]))
}

/// A sign as a person reads it: `the word "nachlass" of C1`.
pub(super) fn in_words(sign: &str) -> String {
    let (customer, sign) = sign.split_once(':').map_or((None, sign), |(customer, sign)| (Some(customer), sign.trim()));
    let of_customer = customer.map_or(String::new(), |customer| format!(" of {customer}"));
    let (kind, what) = sign.split_once(' ').unwrap_or((sign, ""));
    match kind {
        "word" => format!("the word \"{what}\"{of_customer}"),
        "words" => format!("the words \"{what}\"{of_customer}"),
        "stem" => format!("a word that begins with \"{what}\"{of_customer}"),
        "code" => format!("the code {what}{of_customer}"),
        "number" => format!("a number that begins with {what}{of_customer}"),
        "shape" => format!("how it stands in the remittance{of_customer}"),
        "share" => format!("{what} % of the invoice{of_customer}"),
        "amount" => format!("an amount of {what} whole units{of_customer}"),
        "silent" => format!("no word at all{of_customer}"),
        _ => format!("what {} usually holds back for", customer.unwrap_or_default()),
    }
}

/// Words of letters that are no part of a phrase of the book.
fn uncovered_words(text: &str, book: &Book) -> Vec<String> {
    let plain = plain_words(text);
    let words: Vec<&str> = plain.split_whitespace().collect();
    let mut covered = vec![false; words.len()];
    for (at, phrase) in book.phrases_in(&words) {
        covered[at..].iter_mut().take(phrase.words.split(' ').count()).for_each(|word| *word = true);
    }
    let tells = |word: &str| word.chars().count() >= 3 && word.chars().all(char::is_alphabetic);
    words.iter().zip(covered).filter(|(word, covered)| !covered && tells(word)).map(|(word, _)| (*word).to_owned()).collect()
}

fn letters_before_digits(number: &str) -> String {
    fold(number).chars().take_while(|character| !character.is_ascii_digit()).filter(|character| character.is_alphabetic()).collect()
}

/// Tenths of a percent of the invoice, up to a tenth of it: discounts and rebates are such shares.
fn share(looked: Looked<'_>) -> Option<i64> {
    let gross = looked.settled_gross.filter(|gross| *gross > 0)?;
    let tenths = looked.amount.checked_mul(1000)?.checked_add(gross / 2)? / gross;
    (1..=100).contains(&tenths).then_some(tenths)
}

/// Amounts that people think of as alike, in hundreds of minor units.
fn band(minor: i64) -> &'static str {
    match minor.abs() / 100 {
        0..10 => "0-10",
        10..50 => "10-50",
        50..200 => "50-200",
        200..1_000 => "200-1000",
        1_000..5_000 => "1000-5000",
        _ => "5000 and more",
    }
}

#[cfg(test)]
mod tests {
    use recoup_engine::party::ReasonCode;
    use recoup_engine::recovery::TrackRecords;
    use recoup_engine::taxonomy::Category;

    use super::*;
    use crate::book::DEFAULT;

    #[test]
    fn what_the_book_understands_is_covered_up() {
        let book = Book::load(DEFAULT).expect("the default book");
        let looked = Looked {
            customer_id: "C1",
            words: "K10 Skonto Nachlass 2026",
            code: Some("06"),
            code_list: CodeList::X12,
            shape: Some(Shape::OnInvoice),
            amount: 2_000,
            settled_gross: Some(100_000),
            debit_note_number: Some("DN-0042"),
        };
        let own_codes = [ReasonCode { customer_id: Some("C1".to_owned()), code: "K10".to_owned(), description: None, category: Category::Shortage }];
        let found = signs(looked, Policy { book: &book, own_codes: &own_codes, records: &TrackRecords::default(), learnt: None }, &Facts::default());
        for sign in ["word nachlass", "C1: word nachlass", "share 2.0", "number dn", "C1:", "amount 10-50"] {
            assert!(found.iter().any(|one| one == sign), "{sign} is missing in {found:?}");
        }
        assert!(!found.iter().any(|sign| ["skonto", "2026", "k10", "code"].iter().any(|covered| sign.contains(covered))), "{found:?}");
        assert_eq!(in_words("C1: word nachlass"), "the word \"nachlass\" of C1");
        assert_eq!(in_words("share 2.0"), "2.0 % of the invoice");
    }
}

//! Document numbers as people and machines write them.

pub mod slip;

/// Lower case without accents; `ß` becomes `ss`, ligatures their letters.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for character in text.chars().flat_map(char::to_lowercase) {
        match character {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => folded.push('a'),
            'ç' => folded.push('c'),
            'è' | 'é' | 'ê' | 'ë' => folded.push('e'),
            'ì' | 'í' | 'î' | 'ï' => folded.push('i'),
            'ñ' => folded.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => folded.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => folded.push('u'),
            'ý' | 'ÿ' => folded.push('y'),
            'ß' => folded.push_str("ss"),
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            '\u{2019}' | '\u{2018}' | '`' => folded.push('\''),
            '\u{300}'..='\u{36f}' => {}
            other => folded.push(other),
        }
    }
    folded
}

/// The comparable form of a document number: letters and digits only, upper case.
pub fn normalise(number: &str) -> String {
    number.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// The digits of a number without leading zeros: what is left when a sender drops prefixes.
pub fn digits_only(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').to_owned()
}

/// Characters that recognition confuses, mapped to one representative each.
pub fn confusable_form(number: &str) -> String {
    normalise(number)
        .chars()
        .map(|character| match character {
            'O' | 'Q' | 'D' => '0',
            'I' | 'L' | '|' => '1',
            'Z' => '2',
            'S' => '5',
            'G' => '6',
            'B' => '8',
            other => other,
        })
        .collect()
}

/// How a number is written: every digit as `9`, letters upper case. Numbers of one series share it.
pub fn shape(number: &str) -> String {
    number.chars().map(|character| if character.is_ascii_digit() { '9' } else { character.to_ascii_uppercase() }).collect()
}

/// Whether two numbers differ by at most one inserted, missing or changed character after confusable characters are made equal.
pub fn is_one_misreading_apart(left: &str, right: &str) -> bool {
    let (left, right) = (confusable_form(left), confusable_form(right));
    left.len().abs_diff(right.len()) <= 1 && strsim::levenshtein(&left, &right) <= 1
}

/// Whether two numbers are the same once round digits, and strokes, are made equal: a crossed zero is taken for a six or an eight all over a page.
pub fn looks_the_same(left: &str, right: &str) -> bool {
    let blurred = |number: &str| -> String {
        let blur = |sign| match sign {
            '3' | '6' | '8' | '9' => '0',
            '7' => '1',
            other => other,
        };
        confusable_form(number).chars().map(blur).collect()
    };
    blurred(left) == blurred(right)
}

/// A recognised number whose letters and digits were confused, mended by a prefix that its writer is known to use: `BAO31472` with `BA` is `BA031472`.
pub fn mend_by_prefix(number: &str, prefixes: &[String]) -> Option<String> {
    let trimmed = number.trim();
    prefixes.iter().filter(|prefix| !prefix.is_empty()).find_map(|prefix| {
        let (head, tail) = (trimmed.get(..prefix.len())?, trimmed.get(prefix.len()..)?);
        if confusable_form(head) != confusable_form(prefix) {
            return None;
        }
        let (mark, digits) = tail.strip_prefix(['-', '/', ' ', '.']).map_or(("", tail), |digits| (&tail[..1], digits));
        let mended = confusable_form(digits);
        (mended.len() >= 3 && mended.bytes().all(|byte| byte.is_ascii_digit()) && digits.chars().all(char::is_alphanumeric))
            .then(|| format!("{prefix}{mark}{mended}"))
    })
}

/// Signs that part words and stand in no number; `*`, `\` and `~` part the segments that banks pass on.
const PARTING: &[char] = &[',', ';', '(', ')', ':', '"', '\'', '[', ']', '|', '+', '=', '*', '\\', '~'];

/// The tokens of a text that could be document numbers: at least three characters with a digit, whole words only.
pub fn number_tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| character.is_whitespace() || PARTING.contains(&character))
        .map(|token| token.trim_matches(|character: char| !character.is_alphanumeric()))
        .filter(|token| token.chars().count() >= 3 && token.bytes().any(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_without_their_clothes() {
        assert_eq!(normalise("FA26/000 065"), "FA26000065");
        assert_eq!(digits_only("INV-2026-00490"), "202600490");
        assert_eq!(digits_only("000412"), "412");
        assert!(is_one_misreading_apart("INV-2O26-00490", "INV-2026-00490"));
        assert!(is_one_misreading_apart("RE-8034", "RE-80341"));
        assert!(!is_one_misreading_apart("RE-80341", "RE-80352"));
        assert!(looks_the_same("FA26/660368", "FA26/000308") && !looks_the_same("FA26/000318", "FA26/000308"));
    }

    #[test]
    fn a_known_prefix_tells_letters_from_digits() {
        let prefixes = ["BA".to_owned(), "RK-".to_owned()];
        assert_eq!(mend_by_prefix("BAO31472", &prefixes).as_deref(), Some("BA031472"));
        assert_eq!(mend_by_prefix("RK-36I85", &prefixes).as_deref(), Some("RK-36185"));
        assert_eq!(mend_by_prefix("8A031472", &prefixes).as_deref(), Some("BA031472"));
        assert_eq!(mend_by_prefix("INV-2026", &prefixes), None);
    }

    #[test]
    fn tokens_are_whole_words_with_a_digit() {
        assert_eq!(number_tokens("Short 13 cs item 100370 inv INV-2026-00499.").collect::<Vec<_>>(), ["100370", "INV-2026-00499"]);
    }

    #[test]
    fn folding_keeps_letters() {
        assert_eq!(fold("Rückvergütung Straße Cœur"), "ruckvergutung strasse coeur");
    }
}

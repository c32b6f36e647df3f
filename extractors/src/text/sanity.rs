//! Does a text layer make sense? Wrong character maps and layers pasted over a scan give text that nobody wrote.

use super::Word;

/// How a text layer looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layer {
    Absent,
    Sane,
    Garbage,
}

/// Too little text to judge, or to be more than a stamp over a scan.
const FEW_CHARACTERS: usize = 12;

/// Judges the words of one page; `unknown` of its `characters` have no meaning in Unicode.
pub(super) fn judge(words: &[Word], characters: usize, unknown: usize) -> Layer {
    let written: usize = words.iter().map(|word| word.text.chars().count()).sum();
    if written < FEW_CHARACTERS {
        return Layer::Absent;
    }
    if characters > 0 && unknown * 5 > characters {
        return Layer::Garbage;
    }
    let (mut plain, mut odd) = (0usize, 0usize);
    let (mut plausible, mut strange) = (0usize, 0usize);
    for word in words.iter().filter(|word| !is_rule(&word.text)) {
        for character in word.text.chars() {
            if character.is_alphanumeric() || ".,-/:()'&%€$£#+*–’\"".contains(character) {
                plain += 1;
            } else {
                odd += 1;
            }
        }
        match looks_written(&word.text) {
            Some(true) => plausible += 1,
            Some(false) => strange += 1,
            None => {}
        }
    }
    if odd * 3 > plain || strange > plausible { Layer::Garbage } else { Layer::Sane }
}

/// A line drawn by one sign: "=======", "-----".
fn is_rule(word: &str) -> bool {
    let mut signs = word.chars();
    signs.next().is_some_and(|first| !first.is_alphanumeric() && signs.all(|sign| sign == first))
}

/// Whether words take room on the page; where widths were not understood all characters stand on one place, and equal ones next to each other are lost.
pub(super) fn takes_room(words: &[Word]) -> bool {
    let long = || words.iter().filter(|word| word.text.chars().count() >= 3);
    let flat = long().filter(|word| word.area.right <= word.area.left).count();
    flat * 10 <= long().count()
}

/// Whether a word could be one of a European language or a number; unknown for signs and rules.
fn looks_written(word: &str) -> Option<bool> {
    let letters: Vec<char> = word.chars().filter(|character| character.is_alphabetic()).flat_map(char::to_lowercase).collect();
    let digits = word.chars().filter(char::is_ascii_digit).count();
    if letters.is_empty() {
        return (digits > 0).then_some(true);
    }
    if digits > 0 || letters.len() < 3 {
        return (letters.len() + digits >= 2).then_some(true);
    }
    let vowels = letters.iter().filter(|letter| "aeiouyàâäáéèêëîïíôöóùûüúœæ".contains(**letter)).count();
    let latin = letters.iter().all(|letter| *letter < '\u{250}');
    // Abbreviations are short and have no vowels; a long word without any is no word.
    let consonants_in_a_row = letters.split(|letter| "aeiouyàâäáéèêëîïíôöóùûüúœæ".contains(*letter)).map(<[char]>::len).max().unwrap_or(0);
    let inside = word.trim_matches(|character: char| !character.is_alphanumeric());
    let broken = inside.chars().any(|character| "~^`|\\{}<>=[]@_¤§¶¬".contains(character)) && !inside.contains('@');
    Some(latin && !broken && (vowels > 0 || letters.len() <= 4) && consonants_in_a_row <= 6)
}

#[cfg(test)]
mod tests {
    use recoup_engine::reading::{Area, Confidence};

    use super::*;

    fn words(text: &str) -> Vec<Word> {
        text.split_whitespace().map(|word| Word { text: word.into(), area: Area::new(0, 0, 1, 1), confidence: Confidence::CERTAIN }).collect()
    }

    #[test]
    fn letters_of_four_languages_are_sane() {
        let text = "Zahlungsaufstellung – Referenz ZA0420981 Geachte heer, Überweisungsbetrag EUR 14.499,82 N° de virement Kjbr";
        assert_eq!(judge(&words(text), 100, 0), Layer::Sane);
    }

    #[test]
    fn glyph_soup_is_garbage() {
        assert_eq!(judge(&words("Xqzr~ bdfgkl §§¶ wrtzpq {x}| kjhgfd <=>¬ zxcvbnm qwrtp"), 60, 0), Layer::Garbage);
        assert_eq!(judge(&words("Remittance advice of the day"), 30, 20), Layer::Garbage);
    }

    #[test]
    fn lines_of_one_sign_are_no_garbage() {
        let rule = "=".repeat(90);
        assert_eq!(judge(&words(&format!("STUK DATUM TEKST BEDRAG {rule} VF2641758 13/10/26 1.199,00 {rule}")), 300, 0), Layer::Sane);
    }

    #[test]
    fn words_without_width_were_not_understood() {
        let at =
            |left: u16, right: u16| vec![Word { text: "1.199,00".into(), area: Area::new(left.into(), 0, right.into(), 9), confidence: Confidence::CERTAIN }];
        assert!(takes_room(&at(800, 1200)) && !takes_room(&at(800, 800)));
    }

    #[test]
    fn a_stamp_is_no_layer() {
        assert_eq!(judge(&words("RECEIVED"), 8, 0), Layer::Absent);
    }
}

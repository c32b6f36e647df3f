//! References of payment slips, which prove themselves by a check digit: what they carry is what we printed on the invoice.
//!
//! Sources of the rules:
//! - Swiss QR reference (27 digits, the last is modulo 10 recursive): SIX, Swiss Implementation Guidelines QR-bill, annex B
//! - creditor reference (`RF`, two check digits, up to 21 letters and digits; modulo 97): ISO 11649
//! - Belgian structured communication (ten digits and their remainder modulo 97, 97 for none): Febelfin, structured communication
//! - Dutch betalingskenmerk (weighted modulo 11, in front): Betaalvereniging Nederland, specificaties betalingskenmerk
//! - Norwegian KID and Swedish OCR reference (modulo 10, at the end; in Sweden after a digit of length where the creditor chose one): Bits, KID; Bankgirot,
//!   OCR-referenskontroll
//! - Finnish viitenumero (weights 7 3 1, at the end): Finance Finland, Finnish reference number

use super::normalise;

/// The rule that a reference follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    SwissQr,
    Creditor,
    Belgian,
    Dutch,
    /// Norwegian or Swedish.
    ModuloTen,
    Finnish,
}

impl Scheme {
    /// As a person calls it.
    pub fn plain(self) -> &'static str {
        match self {
            Self::SwissQr => "Swiss QR reference",
            Self::Creditor => "creditor reference (ISO 11649)",
            Self::Belgian => "Belgian structured communication",
            Self::Dutch => "Dutch betalingskenmerk",
            Self::ModuloTen => "Norwegian or Swedish payment reference",
            Self::Finnish => "Finnish reference number",
        }
    }
}

/// A reference whose check digit is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    pub scheme: Scheme,
    /// What it carries: upper case, without check digits and without leading zeros.
    pub payload: String,
    /// Nothing but a reference of this scheme is written so. Others need an amount that agrees: one number in ten has a right last digit by chance.
    pub is_certain: bool,
}

/// Every way in which a number is a reference that proves itself.
pub fn proven(written: &str) -> Vec<Slip> {
    let number = normalise(written);
    let digits: Option<Vec<u32>> = number.chars().map(|character| character.to_digit(10)).collect();
    let mut slips = Vec::new();
    let mut slip = |scheme, payload: &str, is_certain| {
        let payload = payload.trim_start_matches('0').to_owned();
        if payload.len() >= 4 {
            slips.push(Slip { scheme, payload, is_certain });
        }
    };
    let Some(digits) = digits else {
        if is_creditor_form(&number) && remainder_97(&format!("{}{}", &number[4..], &number[..4])) == Some(1) {
            slip(Scheme::Creditor, &number[4..], true);
        }
        return slips;
    };
    let length = digits.len();
    // The form says what it is: by chance it may look like another scheme too.
    if has_belgian_form(written) {
        if is_belgian(&number) {
            slip(Scheme::Belgian, &number[..10], true);
        }
        return slips;
    }
    if length == 27 && modulo_10_recursive(&digits) == 0 {
        slip(Scheme::SwissQr, &number[..26], true);
    }
    if length == 12 && is_belgian(&number) {
        slip(Scheme::Belgian, &number[..10], false);
    }
    if let Some(payload) = dutch_payload(&number, &digits) {
        slip(Scheme::Dutch, payload, false);
    }
    if (5..=25).contains(&length) && luhn_sum(&digits) % 10 == 0 {
        slip(Scheme::ModuloTen, &number[..length - 1], false);
        // A Swedish digit of length counts the whole reference.
        if usize::try_from(digits[length - 2]) == Ok(length % 10) {
            slip(Scheme::ModuloTen, &number[..length - 2], false);
        }
    }
    if (5..=20).contains(&length) && finnish_sum(&digits[..length - 1]) + digits[length - 1] == finnish_sum(&digits[..length - 1]).next_multiple_of(10) {
        slip(Scheme::Finnish, &number[..length - 1], false);
    }
    slips
}

/// The certain references in running words, where they may stand in groups: `RF18 5390 0754 7034`.
pub fn in_words(text: &str) -> Vec<String> {
    groups(text).filter(|written| proven(written).iter().any(|slip| slip.is_certain)).collect()
}

/// The references in running words that were mistyped or misread, and their schemes.
pub fn mistyped_in_words(text: &str) -> Vec<(String, Scheme)> {
    // How many groups a creditor reference has can't be told once its check fails: it is told from its first group alone.
    let mistyped = groups(text).filter(|written| !written.contains(' ') || written.len() >= 27 && !written.starts_with("RF"));
    let right = in_words(text);
    let is_part = |written: &str| right.iter().any(|whole| whole.contains(written));
    mistyped
        .filter_map(|written| Some((with_wrong_digit(&written)?, written)))
        .filter(|(_, written)| !is_part(written))
        .map(|(scheme, written)| (written, scheme))
        .collect()
}

/// Words of a text, alone and together with those behind them as far as a reference reaches: a Swiss one is printed in six groups, a creditor's in seven.
fn groups(text: &str) -> impl Iterator<Item = String> {
    let words: Vec<&str> = text.split_whitespace().map(|word| word.trim_matches(|sign: char| !sign.is_alphanumeric())).collect();
    let reach = |from: usize| (from + 1..=words.len().min(from + 7)).map(move |to| (from, to));
    let ranges: Vec<(usize, usize)> = (0..words.len()).flat_map(reach).collect();
    ranges.into_iter().map(move |(from, to)| words[from..to].join(" ")).filter(|written| (9..=40).contains(&written.len()))
}

/// The scheme that a number is written in beyond doubt while its check digit is wrong: it was mistyped or misread.
pub fn with_wrong_digit(written: &str) -> Option<Scheme> {
    let number = normalise(written);
    let scheme = if number.len() == 27 && number.bytes().all(|byte| byte.is_ascii_digit()) {
        Scheme::SwissQr
    } else if has_belgian_form(written) {
        Scheme::Belgian
    } else if is_creditor_form(&number) && number.len() >= 9 {
        Scheme::Creditor
    } else {
        return None;
    };
    // What another scheme makes of the digits proves nothing: one number in ten has a right last digit by chance.
    proven(written).iter().all(|slip| slip.scheme != scheme).then_some(scheme)
}

fn is_creditor_form(number: &str) -> bool {
    let is_checked = number.get(2..4).is_some_and(|check| check.bytes().all(|byte| byte.is_ascii_digit()));
    number.is_ascii() && number.starts_with("RF") && is_checked && (5..=25).contains(&number.len())
}

/// `090/9337/55493`, with or without the plus signs or stars around it.
fn has_belgian_form(written: &str) -> bool {
    let bare = written.trim().trim_matches(['+', '*']);
    let lengths: Vec<usize> = bare.split('/').map(|part| if part.bytes().all(|byte| byte.is_ascii_digit()) { part.len() } else { 0 }).collect();
    lengths == [3, 4, 5]
}

fn is_belgian(number: &str) -> bool {
    let remainder = remainder_97(&number[..10]).map(|remainder| if remainder == 0 { 97 } else { remainder });
    remainder.is_some() && number[10..].parse().ok() == remainder
}

/// What is left of the number divided by 97, letters counting from ten on as ISO 7064 has them.
fn remainder_97(number: &str) -> Option<u32> {
    number.chars().try_fold(0, |rest, character| {
        let value = character.to_digit(36)?;
        Some((rest * if value < 10 { 10 } else { 100 } + value) % 97)
    })
}

/// The carry over all digits, the check digit included: nothing is left of a right one.
fn modulo_10_recursive(digits: &[u32]) -> u32 {
    const TABLE: [u32; 10] = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5];
    let (check, body) = digits.split_last().map_or((0, digits), |(check, body)| (*check, body));
    let carry = body.iter().fold(0_u32, |carry, digit| TABLE[((carry + digit) % 10) as usize]);
    (carry + check) % 10
}

/// Seven digits stand without a check and prove nothing; 9 to 14 have a digit of length behind the check digit, 16 have none.
fn dutch_payload<'number>(number: &'number str, digits: &[u32]) -> Option<&'number str> {
    const WEIGHTS: [u32; 10] = [2, 4, 8, 5, 10, 9, 7, 3, 6, 1];
    let length = digits.len();
    let has_length = (9..=14).contains(&length) && usize::try_from(digits[1]) == Ok((length - 2) % 10);
    if !has_length && length != 16 {
        return None;
    }
    let sum: u32 = digits[1..].iter().rev().zip(WEIGHTS.iter().cycle()).map(|(digit, weight)| digit * weight).sum();
    let check = match 11 - sum % 11 {
        10 => 1,
        11 => 0,
        check => check,
    };
    (check == digits[0]).then(|| &number[if has_length { 2 } else { 1 }..])
}

/// The sum of the digits, every second from the right doubled and its digits added.
fn luhn_sum(digits: &[u32]) -> u32 {
    let doubled = |(position, digit): (usize, &u32)| if position % 2 == 1 { digit * 2 / 10 + digit * 2 % 10 } else { *digit };
    digits.iter().rev().enumerate().map(doubled).sum()
}

fn finnish_sum(digits: &[u32]) -> u32 {
    digits.iter().rev().zip([7, 3, 1].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_sources_prove_themselves() {
        for (written, scheme, payload) in [
            ("21 00000 00003 13947 14300 09017", Scheme::SwissQr, "21000000000313947143000901"),
            ("RF18 5390 0754 7034", Scheme::Creditor, "539007547034"),
            ("+++090/9337/55493+++", Scheme::Belgian, "909337554"),
            ("5000 0567 8901 2345", Scheme::Dutch, "56789012345"),
            ("12 2345 3462 2567", Scheme::Dutch, "234534622567"),
            ("12344", Scheme::ModuloTen, "1234"),
            ("1234561", Scheme::Finnish, "123456"),
        ] {
            let slips = proven(written);
            assert!(slips.iter().any(|slip| slip.scheme == scheme && slip.payload == payload), "{written}: {slips:?}");
        }
    }

    #[test]
    fn a_changed_digit_proves_nothing_and_is_said_where_the_form_is_certain() {
        for (written, scheme) in
            [("21 00000 00003 13947 14300 09018", Scheme::SwissQr), ("RF18 5390 0754 7035", Scheme::Creditor), ("+++090/9337/55494+++", Scheme::Belgian)]
        {
            assert_eq!((proven(written), with_wrong_digit(written)), (Vec::new(), Some(scheme)), "{written}");
        }
        assert!(proven("5000 0567 8901 2346").iter().all(|slip| slip.scheme != Scheme::Dutch));
        assert_eq!(with_wrong_digit("INV-2026-00490"), None);
        assert_eq!(with_wrong_digit("RF18 5390 0754 7034"), None);
    }

    #[test]
    fn references_are_found_in_running_words() {
        let words = "Zahlung 21 00000 00003 13947 14300 09017 vom 3.3., RF18 5390 0754 7034 +++090/9337/55493+++ danke";
        assert_eq!(in_words(words), ["21 00000 00003 13947 14300 09017", "RF18 5390 0754 7034", "090/9337/55493"]);
        assert_eq!(mistyped_in_words(words), Vec::new());
        let wrong = mistyped_in_words("pay 210000000003139471430009018 and ***090/9337/55494***");
        assert_eq!(wrong.iter().map(|(_, scheme)| *scheme).collect::<Vec<_>>(), [Scheme::SwissQr, Scheme::Belgian]);
    }

    proptest::proptest! {
        /// Modulo 10 recursive, modulo 97 and modulo 10 find every single mistyped digit.
        #[test]
        fn one_mistyped_digit_is_always_found(payload in "[1-9][0-9]{9}", position in 0_usize..12, by in 1_u32..10) {
            let rest = payload.parse::<u64>().expect("digits") % 97;
            let right = format!("{payload}{:02}", if rest == 0 { 97 } else { rest });
            let is_belgian = |number: &str| proven(number).iter().any(|slip| slip.scheme == Scheme::Belgian);
            proptest::prop_assert!(is_belgian(&right));
            let mut digits: Vec<u32> = right.chars().filter_map(|digit| digit.to_digit(10)).collect();
            digits[position] = (digits[position] + by) % 10;
            let wrong: String = digits.iter().filter_map(|digit| char::from_digit(*digit, 10)).collect();
            proptest::prop_assert!(!is_belgian(&wrong), "{} and {}", right, wrong);
            let written = format!("+++{}/{}/{}+++", &wrong[..3], &wrong[3..7], &wrong[7..]);
            proptest::prop_assert_eq!(with_wrong_digit(&written), Some(Scheme::Belgian));
        }
    }
}

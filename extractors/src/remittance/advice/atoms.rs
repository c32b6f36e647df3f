//! The words of a row as amounts, dates, numbers and plain words.

use jiff::civil::Date;
use recoup_engine::numbering::Numbering;
use rust_decimal::Decimal;

use super::super::prose::asides;
use crate::language::{DateOrder, Notation, misread_date, parse_amount, parse_date};
use crate::layout::{Placed, Row, joined};

/// How this document writes its values; settled once from all of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Conventions<'paper> {
    pub notation: Option<Notation>,
    pub order: Option<DateOrder>,
    /// Words were recognised from a picture: letters may stand for digits.
    pub recognised: bool,
    /// How our invoices are numbered.
    pub numbering: &'paper Numbering,
}

/// What a run of words is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// An amount with decimals or a currency.
    Amount(Decimal),
    /// Whole digits: an amount only inside a column of amounts.
    Digits(Decimal),
    Date(Date),
    /// Letters and digits that name something.
    Number,
    Word,
}

/// A run of words with its meaning.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Atom {
    pub kind: Kind,
    /// A number of one of our series.
    pub is_ours: bool,
    pub words: Vec<Placed>,
}

impl Atom {
    pub fn text(&self) -> String {
        joined(&self.words)
    }

    pub fn left(&self) -> f64 {
        self.words[0].left
    }

    pub fn right(&self) -> f64 {
        self.words[self.words.len() - 1].right
    }

    pub fn height(&self) -> f64 {
        self.words.iter().map(Placed::height).fold(0.0, f64::max)
    }

    pub fn amount(&self) -> Option<Decimal> {
        if let Kind::Amount(value) = self.kind { Some(value) } else { None }
    }

    /// The amount, taking whole digits for one too.
    pub fn any_amount(&self) -> Option<Decimal> {
        if let Kind::Amount(value) | Kind::Digits(value) = self.kind { Some(value) } else { None }
    }
}

/// A row with its atoms, cut once for all who ask.
#[derive(Clone, Debug)]
pub(super) struct CutRow {
    pub row: Row,
    pub atoms: Vec<Atom>,
}

impl CutRow {
    pub fn new(row: Row, conventions: &Conventions<'_>) -> Self {
        let mut atoms = atoms(&row, conventions);
        let words: Vec<&str> = row.words.iter().map(|word| word.text.as_str()).collect();
        for aside in asides(&words) {
            // Amounts that a sentence in brackets explains another by are its words.
            let within = |atom: &Atom| row.words[aside.clone()].contains(&atom.words[0]);
            atoms.iter_mut().filter(|atom| within(atom) && atom.amount().is_some()).for_each(|atom| atom.kind = Kind::Word);
        }
        Self { atoms, row }
    }

    pub fn amounts(&self) -> impl DoubleEndedIterator<Item = Decimal> {
        self.atoms.iter().filter_map(Atom::amount)
    }

    pub fn has_amount(&self) -> bool {
        self.amounts().next().is_some()
    }

    /// The words before the first amount.
    pub fn leading(&self) -> String {
        let words: Vec<String> = self.atoms.iter().take_while(|atom| atom.amount().is_none()).map(Atom::text).collect();
        words.join(" ")
    }
}

/// A column of signs behind the amounts: where some rows end with `+`, those that end with `-` are below zero.
pub(super) fn take_signs_behind(rows: &mut [CutRow]) {
    let sign_of = |row: &CutRow| match &row.atoms[..] {
        [.., amount, sign] if amount.amount().is_some() && sign.words.len() == 1 => match sign.words[0].text.as_str() {
            "+" => Some(false),
            "-" | "−" | "–" => Some(true),
            _ => None,
        },
        _ => None,
    };
    if !rows.iter().any(|row| sign_of(row) == Some(false)) {
        return;
    }
    for row in rows {
        let Some(is_negative) = sign_of(row) else { continue };
        row.atoms.pop();
        if let Some(Kind::Amount(value)) = row.atoms.last_mut().map(|amount| &mut amount.kind)
            && is_negative
        {
            *value = -value.abs();
        }
    }
}

/// Cuts a row into atoms.
pub(super) fn atoms(row: &Row, conventions: &Conventions<'_>) -> Vec<Atom> {
    let width = row.character_width();
    let mut atoms = Vec::new();
    let mut start = 0;
    while start < row.words.len() {
        let rest = &row.words[start..];
        let ours = own_number(rest, width, conventions.numbering);
        let found = ours.map(|length| (Kind::Number, length));
        let found = found.or_else(|| longest_amount(rest, width, conventions)).or_else(|| longest_date(rest, width, conventions));
        let (kind, length) = found.unwrap_or_else(|| (kind_of_word(&rest[0].text, conventions), 1));
        atoms.push(Atom { kind, is_ours: ours.is_some(), words: rest[..length].to_vec() });
        start += length;
    }
    atoms
}

/// How many words at the beginning are one of our numbers: `26-FV-02332`, or `MR` and `02640`.
fn own_number(words: &[Placed], width: f64, numbering: &Numbering) -> Option<usize> {
    let first = &words[0].text;
    if first.bytes().any(|byte| byte.is_ascii_digit()) {
        return numbering.is_ours(first).then_some(1);
    }
    // A dash before a number points at it: "- VF2693004".
    let next = words.get(1).filter(|next| first.starts_with(char::is_alphanumeric) && first.len() <= 4 && next.left - words[0].right <= 1.6 * width)?;
    numbering.is_ours(&format!("{first}{}", next.text)).then_some(2)
}

fn kind_of_word(text: &str, conventions: &Conventions<'_>) -> Kind {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if digits > 0 && digits == text.chars().count() && digits <= 9 {
        let value = parse_amount(text, conventions.notation).map(|parsed| parsed.value);
        return value.map_or(Kind::Number, Kind::Digits);
    }
    if digits >= 2 { Kind::Number } else { Kind::Word }
}

/// The longest run of words from the beginning that is one amount: `1 356,99`, `154,20 CR`, `- 60,00 EUR`.
fn longest_amount(words: &[Placed], width: f64, conventions: &Conventions<'_>) -> Option<(Kind, usize)> {
    let mut length = 1;
    // Only the pieces of one number may be joined: groups of three, a sign, a currency, a debit mark.
    while length < words.len().min(5)
        && words[length].left - words[length - 1].right <= if conventions.recognised { 1.7 } else { 1.3 } * width
        && (continues_amount(&words[length - 1].text, &words[length].text)
            || (conventions.recognised && cents_apart(&words[length - 1].text, &words[length].text)))
    {
        length += 1;
    }
    // "512,50 - 15,38": the dash between two amounts is no sign of the first.
    let is_dash = |word: &Placed| matches!(word.text.as_str(), "-" | "−" | "–");
    let stands_between =
        |length: &usize| *length > 1 && is_dash(&words[length - 1]) && words.get(*length).is_some_and(|next| amount(&next.text, conventions).is_some());
    (1..=length).rev().filter(|length| !stands_between(length)).find_map(|length| {
        let text = joined(&words[..length]).replace(", ", ",").replace(". ", ".");
        amount(&text, conventions).map(|value| (Kind::Amount(value), length))
    })
}

/// `12.461,` and `25`: recognition parts the cents when the comma stands wide.
fn cents_apart(before: &str, next: &str) -> bool {
    let whole = before.strip_suffix([',', '.']).unwrap_or("");
    let cents = next.trim_end_matches(['-', ')', '−']);
    !whole.is_empty()
        && whole.bytes().all(|byte| byte.is_ascii_digit() || b".,-(".contains(&byte))
        && cents.len() == 2
        && cents.bytes().all(|byte| byte.is_ascii_digit())
}

fn continues_amount(before: &str, next: &str) -> bool {
    let leading_group = {
        let digits = before.trim_start_matches(['-', '−', '(', '–', '+']);
        (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0')
    };
    let three = next.get(..3).is_some_and(|group| group.bytes().all(|byte| byte.is_ascii_digit()))
        && !next.get(3..4).is_some_and(|sign| sign.bytes().all(|byte| byte.is_ascii_digit()));
    let middle_group = before.len() == 3 && before.bytes().all(|byte| byte.is_ascii_digit());
    let mark = |text: &str| {
        matches!(
            text.trim_matches(['(', ')']),
            "CR" | "Cr" | "cr" | "DR" | "S" | "H" | "€" | "$" | "£" | "EUR" | "USD" | "GBP" | "CHF" | "CAD" | "-" | "−" | "–" | "+" | "(" | ")"
        )
    };
    let number = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
    ((leading_group || middle_group) && three) || (mark(next) && (number(before) || mark(before))) || (mark(before) && number(next))
}

/// One amount with decimals or a currency; nothing else on it.
pub(super) fn amount(text: &str, conventions: &Conventions<'_>) -> Option<Decimal> {
    let text = if conventions.recognised { repaired(text) } else { text.to_owned() };
    let bare = text.trim();
    if !bare.bytes().any(|byte| byte.is_ascii_digit()) || parse_date(bare, conventions.order).is_some() {
        return None;
    }
    let marked = ["€", "$", "£", "EUR", "USD", "GBP"].iter().any(|mark| bare.contains(mark));
    let digits_at_end = bare.trim_end_matches(|character: char| !character.is_ascii_digit());
    let decimals = digits_at_end.len() - digits_at_end.rfind(['.', ',']).map_or(digits_at_end.len(), |at| at + 1);
    if decimals != 2 && !marked {
        return None;
    }
    parse_amount(bare, conventions.notation)
        .or_else(|| parse_amount(bare, None))
        .map(|parsed| parsed.value)
        .or_else(|| conventions.recognised.then(|| loose(bare)).flatten())
}

/// Letters that recognition takes for digits, only in words that look like amounts otherwise.
fn repaired(text: &str) -> String {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let others = text.chars().filter(|character| character.is_alphabetic()).count();
    if digits < 2 || others > digits || !text.contains(['.', ',']) {
        return text.to_owned();
    }
    let swapped: String = text
        .trim_matches(['|', '_', '\'', '‘', '’', '"', '[', ']', ':', ';'])
        .chars()
        .map(|character| match character {
            'O' | 'o' | 'Q' | 'D' => '0',
            'l' | 'I' | 'i' | '|' => '1',
            'S' | 's' => '5',
            'B' => '8',
            'Z' | 'z' => '2',
            '—' | '~' | '–' => '-',
            other => other,
        })
        .collect();
    // Currency and debit marks are letters too: only a text that became a number is taken.
    let plain = swapped.chars().all(|character| character.is_ascii_digit() || ".,()-− ".contains(character));
    if plain { swapped } else { text.to_owned() }
}

/// `1.234.56` and `1,234,56`: whatever separates the last two digits is the decimal mark.
fn loose(text: &str) -> Option<Decimal> {
    let negative = text.contains(['-', '−', '(']) || text.to_uppercase().ends_with("CR");
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let groups: Vec<&str> = text.split(|character: char| !character.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let shaped = groups.len() >= 2 && groups[groups.len() - 1].len() == 2 && groups[1..groups.len() - 1].iter().all(|group| group.len() == 3);
    if !shaped || digits.len() > 14 {
        return None;
    }
    let value = Decimal::new(digits.parse().ok()?, 2);
    Some(if negative { -value } else { value })
}

fn longest_date(words: &[Placed], width: f64, conventions: &Conventions<'_>) -> Option<(Kind, usize)> {
    let close = words.windows(2).take(3).take_while(|pair| pair[1].left - pair[0].right <= 1.6 * width).count() + 1;
    (1..=close.min(4)).rev().find_map(|length| {
        let text = joined(&words[..length]);
        let plausible =
            text.len() >= 6 && text.bytes().filter(u8::is_ascii_digit).count() >= 3 && !text.chars().next().is_some_and(|first| ":;,".contains(first));
        let whole = text.bytes().all(|byte| byte.is_ascii_digit()) || (length > 1 && !text.chars().any(char::is_alphabetic));
        if !plausible || whole {
            return None;
        }
        let text = if conventions.recognised { text.replace(['@', 'O', 'o'], "0") } else { text };
        let text = text.trim_end_matches([',', ';']);
        let misread = || misread_date(text, conventions.order).filter(|_| conventions.recognised);
        parse_date(text, conventions.order).map(|parsed| parsed.date).or_else(misread).map(|date| (Kind::Date(date), length))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::{rows, tests::page};

    fn kinds(text: &str, recognised: bool) -> Vec<(String, Option<String>)> {
        let numbering = Numbering::of_series(["MR99999".to_owned()]);
        let conventions = Conventions { notation: Some(Notation::COMMA), order: None, recognised, numbering: &numbering };
        atoms(&rows(&page(text))[0], &conventions).iter().map(|atom| (atom.text(), atom.amount().map(|amount| amount.to_string()))).collect()
    }

    fn amounts(text: &str) -> Vec<String> {
        kinds(text, false).into_iter().filter_map(|(_, amount)| amount).collect()
    }

    #[test]
    fn groups_signs_and_marks_belong_to_their_amount() {
        assert_eq!(
            amounts("FA26/000118 02/04/2026 CDE013178   6 727,78   109,00   65,51-  (60,00)  1.275,00 CR  −12,50"),
            ["6727.78", "109.00", "-65.51", "-60.00", "-1275.00", "-12.50"]
        );
        assert_eq!(amounts("Mag. 0377 Brest 2 180,94 EUR"), ["2180.94"]);
        assert_eq!(amounts("Filiaal 021  885,25"), ["885.25"]);
    }

    #[test]
    fn our_numbers_are_whole_even_in_two_words() {
        let read: Vec<String> = kinds("3  MR 02640  06.10.26  3.006,00", false).into_iter().map(|(text, _)| text).collect();
        assert_eq!(read, ["3", "MR 02640", "06.10.26", "3.006,00"]);
    }

    #[test]
    fn dates_and_numbers_are_no_amounts() {
        assert!(amounts("12.06.26 RE-80338 10.03.2026 4711").is_empty());
    }

    #[test]
    fn recognised_letters_become_digits_only_in_amounts() {
        let read = kinds("6O,O0  SI260598  1.234.56", true);
        assert_eq!(read.iter().map(|(_, amount)| amount.as_deref()).collect::<Vec<_>>(), [Some("60.00"), None, Some("1234.56")]);
    }
}

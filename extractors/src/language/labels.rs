//! What a label on a document means: the heading of a column or the name before a value.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;

use super::compounds::payment_field;
use super::headings::composed;
use super::words::{CARRIED_FORWARD, COLUMNS, CORRECTED, HEADERS, SUBTOTALS, TOTALS};

recoup_engine::vocabulary! {
    /// What a column of an advice holds, the usual ones first; people choose these words on the screen, and layouts keep them.
    ColumnRole {
        /// The number of whatever the line is about, usually our invoice.
        Document = "document",
        Invoice = "invoice",
        Gross = "gross",
        Discount = "discount",
        /// Everything taken off that is no discount.
        Deduction = "deduction",
        Net = "net",
        /// An amount column whose label doesn't say which amount.
        Amount = "amount",
        Code = "code",
        Text = "text",
        DebitNote = "debit_note",
        Date = "date",
        DueDate = "due_date",
        PurchaseOrder = "purchase_order",
        Store = "store",
        /// Invoice, credit memo, debit note, …
        DocumentType = "document_type",
        Currency = "currency",
        Tax = "tax",
        /// What stays open after the payment.
        Balance = "balance",
        LineNumber = "line_number",
        Percent = "percent",
        Quantity = "quantity",
        Article = "article",
        /// A number of the payer's own books: voucher, clearing document.
        TheirReference = "their_reference",
    }
}

impl ColumnRole {
    /// Whether lines of separated text are read from such a column.
    pub fn is_read(self) -> bool {
        use ColumnRole as Role;
        !matches!(self, Role::Tax | Role::DueDate | Role::Balance | Role::LineNumber | Role::Percent | Role::Quantity | Role::Article | Role::TheirReference)
    }
}

/// What a label before a value names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HeaderField {
    PaymentReference,
    PaymentDate,
    TotalPaid,
    Payee,
    Payer,
    SupplierNumber,
    Account,
    Currency,
    /// The date the paper was written, when it isn't called a payment date.
    DocumentDate,
    DocumentNumber,
    InvoiceNumber,
    PurchaseOrder,
    TaxNumber,
    Code,
    Reason,
    Amount,
    Total,
    DeliveryNote,
    DeliveredTo,
    Page,
}

/// Lower case, accents stripped, every run of other signs a single space: the form in which all label words are compared.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    let mut push = |part: &str, folded: &mut String| {
        if gap && !folded.is_empty() {
            folded.push(' ');
        }
        gap = false;
        folded.push_str(part);
    };
    let mut spaces = false;
    for character in text.chars() {
        // Combining accents follow their letter and vanish.
        if ('\u{300}'..='\u{36f}').contains(&character) || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}') {
            continue;
        }
        let plain = plain_letters(character);
        if spaces && plain.is_some() && !folded.is_empty() {
            folded.push(' ');
        }
        match plain {
            Some(Plain::One(letter)) => {
                spaces = false;
                let mut buffer = [0; 4];
                push(letter.encode_utf8(&mut buffer), &mut folded);
            }
            Some(Plain::Many(letters)) => {
                spaces = letters.ends_with(' ');
                push(letters.trim_end(), &mut folded);
            }
            None => spaces = true,
        }
    }
    folded
}

enum Plain {
    One(char),
    Many(&'static str),
}

fn plain_letters(character: char) -> Option<Plain> {
    let one = |letter| Some(Plain::One(letter));
    if character.is_ascii_alphanumeric() {
        return one(character.to_ascii_lowercase());
    }
    match character {
        'à'..='å' | 'À'..='Å' | 'ā' | 'ă' | 'ą' => one('a'),
        'ç' | 'Ç' | 'ć' | 'č' => one('c'),
        'è'..='ë' | 'È'..='Ë' | 'ē' | 'ę' | 'ě' => one('e'),
        'ì'..='ï' | 'Ì'..='Ï' => one('i'),
        'ñ' | 'Ñ' | 'ń' => one('n'),
        'ò'..='ö' | 'Ò'..='Ö' | 'ø' | 'Ø' | 'ō' => one('o'),
        'ù'..='ü' | 'Ù'..='Ü' | 'ū' => one('u'),
        'ý' | 'ÿ' | 'Ý' | 'Ÿ' => one('y'),
        'š' | 'Š' | 'ś' => one('s'),
        'ž' | 'Ž' | 'ż' => one('z'),
        'ł' | 'Ł' => one('l'),
        'ß' | 'ẞ' => Some(Plain::Many("ss")),
        'æ' | 'Æ' => Some(Plain::Many("ae")),
        'œ' | 'Œ' => Some(Plain::Many("oe")),
        'ĳ' | 'Ĳ' => Some(Plain::Many("ij")),
        '№' | '#' => Some(Plain::Many("no ")),
        // The degree sign stands for the raised o of "N°".
        '°' | 'º' => Some(Plain::Many("o ")),
        '%' => Some(Plain::One('%')),
        _ if character.is_alphanumeric() => character.to_lowercase().next().map(Plain::One),
        _ => None,
    }
}

/// What a column heading means, with how sure that is (0 to 1,000). Abbreviations and cut headings are recognised by their beginnings.
pub fn column_role(heading: &str) -> Option<(ColumnRole, u16)> {
    thread_local!(static ROLES: Known<ColumnRole> = Known::default());
    let meaning = |heading: &str| {
        let heading = &in_words(heading);
        let known = best_match(heading, COLUMNS);
        let put_together = || composed(&fold(heading)).map(|role| (role, 900));
        known.filter(|(_, score)| *score >= 900).or_else(put_together).or(known)
    };
    ROLES.with(|known| remembered(known, heading, meaning))
}

/// "SettlementDiscount" in words, as programs head their exports.
fn in_words(heading: &str) -> Cow<'_, str> {
    let is_one_word = heading.len() > 6 && !heading.contains(|sign: char| !sign.is_ascii_alphabetic());
    let joints = heading.as_bytes().windows(2).filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase()).count();
    if !is_one_word || joints == 0 {
        return Cow::Borrowed(heading);
    }
    let mut words = String::with_capacity(heading.len() + joints);
    let mut before = ' ';
    for sign in heading.chars() {
        if before.is_ascii_lowercase() && sign.is_ascii_uppercase() {
            words.push(' ');
        }
        words.push(sign);
        before = sign;
    }
    Cow::Owned(words)
}

/// What a label before a value means, with how sure that is (0 to 1,000).
pub fn header_field(label: &str) -> Option<(HeaderField, u16)> {
    thread_local!(static FIELDS: Known<HeaderField> = Known::default());
    // A label whose every word is understood says more than one that holds a known phrase among others.
    let meaning = |label: &str| {
        let label = &in_words(label);
        let known = best_match(label, HEADERS);
        let put_together = || payment_field(&fold(label)).map(|field| (field, 900));
        known.filter(|(_, score)| *score >= 900).or_else(put_together).or(known)
    };
    FIELDS.with(|known| remembered(known, label, meaning))
}

/// Whether a row that begins so carries a total: "Total", "Gesamtsumme", "Totaal betaald:", …
pub fn is_total(text: &str) -> bool {
    let folded = fold(text);
    starts_with_phrase(&folded, TOTALS) || starts_with_phrase(&folded, SUBTOTALS)
}

/// Whether a row that begins so is a subtotal only.
pub fn is_subtotal(text: &str) -> bool {
    starts_with_phrase(&fold(text), SUBTOTALS)
}

/// Whether a row that begins so repeats a sum of the page before or carries one to the next.
pub fn is_carried_forward(text: &str) -> bool {
    starts_with_phrase(&fold(text), CARRIED_FORWARD)
}

/// What follows the longest phrase that carries a sum from page to page, folded; `None` when the row begins with none.
pub fn after_carried_forward(text: &str) -> Option<String> {
    let folded = fold(text);
    let begins = CARRIED_FORWARD.iter().filter(|phrase| starts_with_phrase(&folded, &[**phrase])).max_by_key(|phrase| phrase.len())?;
    Some(folded[begins.len()..].trim_start().to_owned())
}

/// Whether the words say that the document replaces an earlier one.
pub fn says_corrected(text: &str) -> bool {
    let folded = fold(text);
    let padded = format!(" {folded} ");
    CORRECTED.iter().any(|word| padded.contains(&format!(" {word} ")))
}

/// Whether one of the phrases begins the folded text at a word boundary.
pub fn starts_with_phrase(folded: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| folded.strip_prefix(phrase).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
}

/// Answers that were given before: the rows of a page are asked about again and again, and each question goes through hundreds of phrases.
type Known<Role> = RefCell<HashMap<String, Option<(Role, u16)>>>;

fn remembered<Role: Copy>(known: &Known<Role>, label: &str, meaning: fn(&str) -> Option<(Role, u16)>) -> Option<(Role, u16)> {
    const MOST_ANSWERS: usize = 20_000;
    if let Some(answer) = known.borrow().get(label) {
        return *answer;
    }
    let answer = meaning(label);
    let mut known = known.borrow_mut();
    if known.len() >= MOST_ANSWERS {
        known.clear();
    }
    known.insert(label.to_owned(), answer);
    answer
}

fn best_match<Role: Copy>(label: &str, table: &[(Role, &[&str])]) -> Option<(Role, u16)> {
    if label.len() > 80 {
        return None;
    }
    let mut folded = fold(label);
    if !folded.contains(|character: char| character.is_alphabetic()) {
        return None;
    }
    // Recognition and old character sets lose the sign of "N°"; "N/Réf." is another word.
    if let Some(of) = folded.strip_prefix("n ").filter(|of| !of.starts_with("ref")) {
        folded = format!("no {of}");
    }
    let mut best: Option<(Role, u16)> = None;
    for (role, phrases) in table {
        for phrase in *phrases {
            let score = similarity(&folded, phrase);
            if score > best.map_or(0, |(_, score)| score) {
                best = Some((*role, score));
            }
        }
    }
    best.filter(|(_, score)| *score >= 600)
}

/// 1,000 for the same words, 850 and less for abbreviations, less still for a phrase inside a longer label.
fn similarity(folded: &str, phrase: &str) -> u16 {
    if folded == phrase {
        return 1000;
    }
    // "Rg.-Nr." and "rgnr", "Betr. brutto" and "betragbrutto" differ in their gaps only.
    if folded.len() > 4 && folded.bytes().filter(|byte| *byte != b' ').eq(phrase.bytes().filter(|byte| *byte != b' ')) {
        return 970;
    }
    if abbreviates(folded, phrase) {
        return 850;
    }
    if misspells(folded, phrase) {
        return 760;
    }
    let (label_length, phrase_length) = (folded.len(), phrase.len());
    if phrase_length >= 4
        && label_length > phrase_length
        && let Some(at) = folded.find(phrase)
    {
        let starts = at == 0 || folded.as_bytes()[at - 1] == b' ';
        let end = at + phrase_length;
        let ends = end == label_length || folded.as_bytes()[end] == b' ';
        if starts && ends {
            return u16::try_from(500 + 400 * phrase_length / label_length).unwrap_or(500);
        }
    }
    0
}

/// One letter is wrong, lost or added, as recognition and typists have it: "facruurnr" for "factuurnr". Short words have too many neighbours.
fn misspells(folded: &str, phrase: &str) -> bool {
    let (label, phrase) = (folded.as_bytes(), phrase.as_bytes());
    if label.len().min(phrase.len()) < 6 || label.len().abs_diff(phrase.len()) > 1 {
        return false;
    }
    let same = label.iter().zip(phrase).take_while(|(left, right)| left == right).count();
    let same_at_end = label.iter().rev().zip(phrase.iter().rev()).take_while(|(left, right)| left == right).count();
    // One letter between what agrees from the front and what agrees from the back.
    same.min(same_at_end) > 0 && same + same_at_end + 1 >= label.len().max(phrase.len())
}

/// Each word of the label begins the word at the same place of the phrase: "fact datum" for "factuur datum", "bet kortin" for "bet korting".
fn abbreviates(folded: &str, phrase: &str) -> bool {
    let mut words = phrase.split(' ');
    let mut long_words = 0;
    for part in folded.split(' ') {
        let Some(word) = words.next() else { return false };
        if !(word.starts_with(part) && (part.len() >= 3 || part.len() == word.len())) {
            return false;
        }
        long_words += usize::from(part.len() >= 3);
    }
    long_words > 0 && words.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_with_a_wrong_letter_keep_their_meaning() {
        assert_eq!(column_role("Facruurnr.").map(|(role, _)| role), column_role("Factuurnr.").map(|(role, _)| role));
        assert_eq!(column_role("N cde").map(|(role, _)| role), Some(ColumnRole::PurchaseOrder));
        assert_eq!(column_role("Libetlo"), None);
    }

    #[test]
    fn folding_leaves_plain_words() {
        assert_eq!(fold("N° de virement :"), "no de virement");
        assert_eq!(fold("Rückvergütung  GROSS-Betrag"), "ruckvergutung gross betrag");
        assert_eq!(fold("Invoice #"), "invoice no");
        assert_eq!(fold("cœur de l'été"), "coeur de l ete");
    }

    #[test]
    fn headings_of_four_languages_are_understood() {
        for (heading, role) in [
            ("Invoice No.", ColumnRole::Invoice),
            ("Inv. Date", ColumnRole::Date),
            ("Amt Paid", ColumnRole::Net),
            ("Cash Disc", ColumnRole::Discount),
            ("Rechnungs-Nr.", ColumnRole::Invoice),
            ("Rg.-Datum", ColumnRole::Date),
            ("Kürzung", ColumnRole::Deduction),
            ("Zahlbetrag", ColumnRole::Net),
            ("N° facture", ColumnRole::Invoice),
            ("Montant brut", ColumnRole::Gross),
            ("Net payé", ColumnRole::Net),
            ("Retenue", ColumnRole::Deduction),
            ("Esc.", ColumnRole::Discount),
            ("Bet.kortin", ColumnRole::Discount),
            ("Fact.datum", ColumnRole::Date),
            ("Inhouding", ColumnRole::Deduction),
            ("Filiaal", ColumnRole::Store),
            ("Motif", ColumnRole::Text),
            ("Reason Cd", ColumnRole::Code),
            ("Debit Note No", ColumnRole::DebitNote),
            ("PO Number", ColumnRole::PurchaseOrder),
        ] {
            assert_eq!(column_role(heading).map(|(role, _)| role), Some(role), "{heading}");
        }
        assert_eq!(column_role("Brightmeadow Foods Inc."), None);
        assert_eq!(column_role("4711"), None);
    }

    #[test]
    fn labels_before_values_are_understood() {
        for (label, field) in [
            ("Payment No.:", HeaderField::PaymentReference),
            ("N° de virement", HeaderField::PaymentReference),
            ("Zahlungsdatum", HeaderField::PaymentDate),
            ("Totaal betaald", HeaderField::TotalPaid),
            ("Überweisungsbetrag", HeaderField::TotalPaid),
            ("Fournisseur", HeaderField::Payee),
            ("Payeur", HeaderField::Payer),
        ] {
            assert_eq!(header_field(label).map(|(field, _)| field), Some(field), "{label}");
        }
        assert!(is_total("Gesamtsumme:") && is_total("GRAND TOTAL") && is_total("Totaal betaald") && !is_total("Totality Ltd"));
        assert!(is_carried_forward("Übertrag") && is_carried_forward("Report à nouveau page 2"));
        assert!(says_corrected("REMITTANCE ADVICE - CORRECTED") && says_corrected("Avis rectificatif"));
    }
}

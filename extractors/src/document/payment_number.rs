//! The number of a payment where no label names it: in or under the title, behind a word of paying, or the only number of the masthead.

use recoup_engine::reading::Place;

use super::fields::document_number;
use super::masthead::{advice_titles, table_begins};
use super::rows::{TextCell, TextRow};
use crate::language::labels::starts_with_phrase;
use crate::language::{HeaderField, fold, header_field, names_payment, parse_amount, parse_date};

/// The number behind the title of an advice: "Betalingsbericht BET/26/5602 | valuta 23.10.2026".
pub fn titled(rows: &[TextRow]) -> Option<(String, Place)> {
    let table = table_begins(rows).unwrap_or(rows.len());
    rows.iter()
        .take(table)
        .take(MOST_HEAD_ROWS)
        .find_map(|row| {
            row.cells.iter().enumerate().find_map(|(index, cell)| {
                // Letters of a heading may stand so wide that the number became a cell of its own.
                let next = row.cells.get(index + 1).map_or("", |next| next.text.as_str());
                behind_title(&format!("{} {next}", cell.text)).map(|number| (number, Place { page: row.page, area: Some(cell.area) }))
            })
        })
        .or_else(|| below_title(&rows[..table.min(MOST_HEAD_ROWS)]))
}

/// Rows of a masthead.
const MOST_HEAD_ROWS: usize = 12;

/// A number by itself, or with the day, right under the title and in line with it.
fn below_title(rows: &[TextRow]) -> Option<(String, Place)> {
    let in_line = |one: &TextCell, other: &TextCell| one.area.left.abs_diff(other.area.left) < 150 || one.area.right.abs_diff(other.area.right) < 150;
    let is_title = |cell: &TextCell| {
        advice_titles().any(|title| starts_with_phrase(&fold(&cell.text), &[title])) && !cell.text.contains(|sign: char| sign.is_ascii_digit())
    };
    rows.windows(2).filter(|pair| pair[0].page == pair[1].page).find_map(|pair| {
        let under = |title: &TextCell| {
            let below = pair[1].cells.iter().filter(|cell| in_line(title, cell) || cell.area.left < title.area.right && cell.area.right > title.area.left);
            below.into_iter().find_map(|cell| numbered_alone(&cell.text).map(|number| (number, Place { page: pair[1].page, area: Some(cell.area) })))
        };
        pair[0].cells.iter().filter(|cell| is_title(cell)).find_map(under)
    })
}

/// "TEF-0077184", "AFR-26-2611  13.11.2026": letters and digits, and at most a date beside them.
fn numbered_alone(text: &str) -> Option<String> {
    let mut words = text.split_whitespace().filter(|word| parse_date(word, None).is_none());
    let number = words.next().filter(|_| words.next().is_none())?;
    let (letters, digits) = (number.chars().filter(|sign| sign.is_alphabetic()).count(), number.bytes().filter(u8::is_ascii_digit).count());
    (letters >= 1 && digits >= 3 && parse_amount(number, None).is_none()).then(|| number.to_owned())
}

/// Words between a title and its number.
const FILLING: &[&str] = &["no", "nr", "number", "nummer", "numero", "n", "n o", "ref", "par virement", "par cheque", "per bank", "per uberweisung"];

fn behind_title(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    // "RE: Wire transfer 55102": a letter's subject names it too.
    let words = if words.first().is_some_and(|word| matches!(fold(word).as_str(), "re" | "objet" | "betreft" | "betreff" | "subject") && word.ends_with(':')) {
        &words[1..]
    } else {
        &words
    };
    let names_payment = |said: &str| header_field(said).is_some_and(|(field, score)| field == HeaderField::PaymentReference && score >= 950);
    let titled = (1..=words.len().min(6)).rev().find(|length| {
        let said = fold(&words[..*length].join(" "));
        names_payment(&said) || advice_titles().any(|title| said == title || said.strip_prefix(title).is_some_and(|rest| FILLING.contains(&rest.trim())))
    })?;
    // "Remittance advice   Date 111126": a label stands between.
    if words.get(titled).is_some_and(|next| {
        !FILLING.contains(&fold(next).as_str())
            && header_field(next).is_some_and(|(field, score)| score >= 950 && !numbers_paper(field) || field == HeaderField::PaymentDate)
    }) {
        return None;
    }
    let rest = words[titled..].iter().skip_while(|word| FILLING.contains(&fold(word).as_str())).copied().collect::<Vec<_>>();
    let number = document_number(&rest.iter().take(2).copied().collect::<Vec<_>>().join(" "))?;
    (number.bytes().filter(u8::is_ascii_digit).count() >= 3).then(|| number.trim_matches(|sign: char| ",;:.|".contains(sign)).to_owned())
}

/// The only number of the masthead that nothing else explains, or the one behind a word of paying: "Sammelüberweisung ERM 26-1107",
/// "onder vermelding van HLF-B-2611004".
pub fn unexplained(rows: &[TextRow]) -> Option<(String, Place)> {
    let table = table_begins(rows).unwrap_or(rows.len()).min(MOST_HEAD_ROWS);
    let mut candidates: Vec<(Candidate, Place)> = Vec::new();
    for row in &rows[..table] {
        for cell in &row.cells {
            let place = Place { page: row.page, area: Some(cell.area) };
            candidates.extend(numbers_in(&cell.text).into_iter().map(|candidate| (candidate, place)));
        }
    }
    let only = |of_payment: bool| {
        let mut of_kind = candidates.iter().filter(|(candidate, _)| candidate.of_payment || !of_payment);
        let first = of_kind.next()?;
        // A masthead may say its number twice.
        of_kind.all(|(other, _)| other.number == first.0.number).then(|| (first.0.number.clone(), first.1))
    };
    only(true).or_else(|| only(false))
}

struct Candidate {
    number: String,
    /// Whether a word of paying stands right before it.
    of_payment: bool,
}

/// What may be the number of a paper in a run of words: no day, amount, account, tax number, postal code or number with a label of its own.
fn numbers_in(text: &str) -> Vec<Candidate> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let candidate = |at: usize| {
        let number = words[at].trim_matches(|sign: char| !sign.is_alphanumeric());
        let filled = |word: &&&str| word.chars().any(char::is_alphanumeric) && !FILLING.contains(&fold(word).as_str());
        let prefix = at.checked_sub(1).map(|before| words[before]).filter(|word| is_prefix(word));
        let before = words[..at - usize::from(prefix.is_some())].iter().rev().find(filled).map(|word| fold(word));
        let of_payment = before.as_deref().is_some_and(|word| word.split(' ').next_back().is_some_and(names_payment));
        let lead = words[..at].join(" ");
        let labelled = header_field(lead.trim_end_matches([':', ' ', '.'])).is_some_and(|(field, score)| score >= 840 && !numbers_paper(field));
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        let letters = number.bytes().filter(u8::is_ascii_alphabetic).count();
        let telling = letters > 0 || prefix.is_some() && number.contains(['-', '/']) || of_payment && digits >= 4;
        let is_number = (3..=16).contains(&digits) && number.len() <= 24 && number.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-/._".contains(&byte));
        let is_value = parse_date(number, None).is_some() || parse_amount(number, None).is_some_and(|amount| amount.value.scale() > 0);
        let free = is_number && telling && !is_value && !labelled && !is_registered(number) && (of_payment || !is_postal_code(number));
        free.then(|| Candidate { number: prefix.map_or_else(|| number.to_owned(), |prefix| format!("{prefix} {number}")), of_payment })
    };
    (0..words.len()).filter_map(candidate).collect()
}

/// Whether a label before a number leaves it a number of the paper.
fn numbers_paper(field: HeaderField) -> bool {
    matches!(field, HeaderField::PaymentReference | HeaderField::DocumentNumber | HeaderField::PaymentDate | HeaderField::TotalPaid | HeaderField::Total)
}

/// "TA 26/4471", "BCB 2611/140": capitals before a number are its first part, unless they say what follows.
fn is_prefix(word: &str) -> bool {
    const LABELS: &[&str] = &[
        "NO", "NR", "N", "NUM", "NBR", "REF", "TEL", "FAX", "VAT", "TVA", "BTW", "UST", "RCS", "HRB", "KVK", "CP", "BP", "PO", "BE", "NL", "DE", "FR", "AT",
        "CH", "GB", "IE", "LU", "EUR", "USD", "GBP", "CHF", "CAD",
    ];
    (2..=4).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase()) && !LABELS.contains(&word)
}

/// Accounts and tax numbers: a country and at least eight signs.
fn is_registered(number: &str) -> bool {
    let plain: Vec<u8> = number.bytes().filter(u8::is_ascii_alphanumeric).collect();
    let digits = plain.iter().skip(2).filter(|byte| byte.is_ascii_digit()).count();
    plain.len() >= 10 && plain[..2].iter().all(u8::is_ascii_uppercase) && digits >= 8 && !number.contains(['-', '/']) || number.starts_with("CHE-")
}

/// "D-20457", "L-1234", "CH-8000".
fn is_postal_code(number: &str) -> bool {
    number.split_once('-').is_some_and(|(country, code)| {
        (1..=2).contains(&country.len())
            && country.bytes().all(|byte| byte.is_ascii_uppercase())
            && (4..=5).contains(&code.len())
            && code.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stands_behind_the_title() {
        for (text, number) in [
            ("Betalingsbericht BET/26/5602 | valutadatum 23.10.2026", Some("BET/26/5602")),
            ("AVIS DE RÈGLEMENT PAR VIREMENT N° VR-118820", Some("VR-118820")),
            ("BORDEREAU DE RÈGLEMENT BR 2026-10-0071", Some("BR 2026-10-0071")),
            ("Remittance Advice 0081-22", Some("0081-22")),
            ("RE: Wire transfer 55102", Some("55102")),
            ("Virement VIR 660123, valeur 02/10/2026", Some("VIR 660123")),
            ("Remittance advice for October 2026", None),
            ("Avis de paiement du 20/10/2026", None),
        ] {
            assert_eq!(behind_title(text).as_deref(), number, "{text}");
        }
    }

    #[test]
    fn a_number_is_found_behind_a_word_of_paying_or_alone() {
        let found = |text: &str| numbers_in(text).into_iter().map(|candidate| (candidate.number, candidate.of_payment)).collect::<Vec<_>>();
        for (text, number, of_payment) in [
            ("Sammelüberweisung ERM 26-1107", "ERM 26-1107", true),
            ("BETAALSTAAT BCB 2611/140", "BCB 2611/140", true),
            ("Uitbetaling WM-2026-44871 – blad 1 van 2", "WM-2026-44871", true),
            ("hebben wij € 4.804,92 aan u overgemaakt onder vermelding van HLF-B-2611004. Het bedrag is", "HLF-B-2611004", false),
            ("Regulierung TA 26/4471", "TA 26/4471", true),
        ] {
            assert_eq!(found(text), [(number.to_owned(), of_payment)], "{text}");
        }
        for text in [
            "BE 0455.120.881",
            "TVA FR12345678901",
            "IBAN NL91ABNA0417164300",
            "Am Speicher 3, D-99734 Nordhausen",
            "Fournisseur F0118",
            "Factuur VF2641884",
            "Betaaldatum 16-11-2026",
            "Überweisung EUR 4.804,92",
            "Tel. 021 455 0190",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}

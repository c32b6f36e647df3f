//! What stands over a payment without a label: the day it was made and its number, in a title, a dateline or a sentence.

use jiff::civil::Date;
use recoup_engine::reading::{DocumentKind, Place};

use super::fields::document_number;
use super::rows::{TextCell, TextRow};
use crate::language::labels::starts_with_phrase;
use crate::language::{ColumnRole, DateOrder, HeaderField, column_role, fold, header_field, kinds, parse_amount, parse_date};

/// Words right before a date in any language: "dated", "d.d.", "le", "vom".
#[rustfmt::skip]
const INTRODUCTIONS: &[&str] = &["dated", "on", "of", "at", "date", "the", "le", "du", "au", "en", "ce", "op", "per", "van", "dd", "d", "datum", "am", "vom", "den", "zum", "mit", "valuta", "valeur", "value", "today", "heute", "vandaag", "heden", "jour", "settlement", "monday", "tuesday", "wednesday", "thursday", "friday", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "matin", "morning"];

/// Beginnings of words that tell of money on its way.
#[rustfmt::skip]
const PAYING: &[&str] = &[
    "paid", "pay", "pymt", "pmt", "remit", "transmi", "transfer", "clear", "credited", "sent", "reach", "arrive", "bacs", "ach", "eft", "wire", "cheque", "check", "chq", "chk", "run", "process", "funds", "bank", "draft",
    "regl", "paiement", "paye", "virement", "vire", "virons", "verse", "versons", "effectue", "execut", "credite", "valeur", "lettre", "traite", "compte",
    "betaal", "betal", "overgema", "overmak", "maken", "overgeschr", "overschrijv", "overboek", "uitgevoerd", "uitvoer", "verwerk", "bijgeschr", "voldaan", "uitbetaal", "valuta", "gestort", "rekening",
    "uberw", "zahl", "gezahlt", "bezahlt", "angewies", "ausgefuhrt", "ausfuhr", "wertstell", "gutgeschr", "buchungstag", "regulier", "scheck", "abrechn", "avis", "konto", "angekommen",
];

/// Words of money on its way that begin others: "parti" and "particulières".
const SENT: &[&str] = &["parti", "left", "emis"];

/// Beginnings of words that give a date another meaning.
#[rustfmt::skip]
const OTHERWISE: &[&str] = &[
    "invoic", "inv", "due", "order", "deliver", "ship", "receiv", "period", "until", "from", "terms", "open", "statement",
    "factur", "echeance", "commande", "livr", "recu", "periode", "jusqu", "echu", "releve",
    "factuur", "verval", "bestel", "lever", "ontvang", "tot", "geleverd", "openstaan",
    "rechnung", "rg", "fallig", "liefer", "erhalten", "bestell", "bis", "zeitraum", "offen", "stand",
];

/// Signs between what has nothing to do with each other: "Pratteln, 13.11.2026 / Beträge in CHF".
const APART: [&str; 5] = [" / ", " | ", " – ", " · ", " — "];

/// The first row of the first table, where the masthead ends.
fn table_begins(rows: &[TextRow]) -> Option<usize> {
    rows.iter().position(is_table_heading)
}

/// Whether a row names the documents and the amounts of a table.
pub fn is_table_heading(row: &TextRow) -> bool {
    let roles: Vec<ColumnRole> = row.cells.iter().filter_map(|cell| column_role(&cell.text)).filter(|(_, score)| *score >= 850).map(|(role, _)| role).collect();
    let documents = roles.iter().any(|role| matches!(role, ColumnRole::Invoice | ColumnRole::Document | ColumnRole::DebitNote));
    let amounts = roles.iter().any(|role| {
        matches!(role, ColumnRole::Gross | ColumnRole::Net | ColumnRole::Amount | ColumnRole::Discount | ColumnRole::Deduction | ColumnRole::Balance)
    });
    documents && amounts
}

/// The day of payment by what stands around a date: words of paying first, then a title, then a line that is a dateline.
pub fn day(rows: &[TextRow], order: Option<DateOrder>) -> Option<(Date, Place)> {
    let table = table_begins(rows).unwrap_or(rows.len());
    let dated = |index: usize, row: &TextRow| {
        let place = |cell: &TextCell| Place { page: row.page, area: Some(cell.area) };
        let said = |cell: &TextCell| {
            let whole = in_words(&cell.text, order, index < table);
            whole.or_else(|| {
                APART
                    .iter()
                    .flat_map(|mark| cell.text.split(mark))
                    .filter(|part| part.len() < cell.text.len())
                    .find_map(|part| in_words(part.trim(), order, index < table))
            })
        };
        row.cells.iter().filter_map(|cell| said(cell).map(|(strength, date)| (strength, date, place(cell)))).collect::<Vec<_>>()
    };
    let found = rows.iter().enumerate().flat_map(|(index, row)| dated(index, row));
    // The first of the strongest kind.
    let best = found.fold(None, |best: Option<(u8, Date, Place)>, next| if best.is_some_and(|(strength, ..)| strength >= next.0) { best } else { Some(next) });
    best.map(|(_, date, place)| (date, place))
}

/// A date among words, and how strongly they make it the paper's: 3 for words of paying, 2 for a title, 1 for a dateline over the table.
fn in_words(text: &str, order: Option<DateOrder>, over_table: bool) -> Option<(u8, Date)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() > 24 {
        return None;
    }
    let (date, start, end) = (0..words.len()).find_map(|start| {
        let run = (1..=5.min(words.len() - start)).rev().find_map(|length| {
            let said = words[start..start + length].join(" ");
            let said = said.trim_matches(|sign: char| ",;|().".contains(sign) || sign == '–');
            let telling = said.contains(['/', '.', '-']) || said.chars().any(char::is_alphabetic);
            parse_date(said, order).filter(|_| telling && said.bytes().any(|byte| byte.is_ascii_digit())).map(|parsed| (parsed.date, length))
        });
        // A filler alone may begin a run ("le 3 mars"): it belongs to the words before.
        run.map(|(date, length)| (date, start, start + length))
    })?;
    let lead_text = words[..start].join(" ");
    let (lead, trail) = (fold(&lead_text), fold(&words[end..].join(" ")));
    let lead_words: Vec<&str> = lead.split(' ').filter(|word| !word.is_empty()).collect();
    let trail_words: Vec<&str> = trail.split(' ').filter(|word| !word.is_empty()).take(8).collect();
    let near = &lead_words[lead_words.len().saturating_sub(7)..];
    let begins = |word: &&str, beginnings: &[&str]| beginnings.iter().any(|beginning| word.starts_with(beginning));
    // The word nearer to the date says what it is the day of.
    let nearest = |beginnings: &[&str]| near.iter().rposition(|word| begins(word, beginnings) || beginnings == PAYING && SENT.contains(word));
    if is_period(&trail_words) {
        return None;
    }
    if nearest(OTHERWISE).is_some() && nearest(OTHERWISE) > nearest(PAYING) {
        // "Échéance du 10 novembre 2026 – virement": what falls due that day is paid that day.
        let due_and_paid = near.iter().any(|word| word.starts_with("echeance")) && trail_words.first().is_some_and(|word| begins(word, PAYING));
        return (due_and_paid && over_table).then_some((2, date));
    }
    let in_brackets = words[start].starts_with('(');
    let introduced = in_brackets || lead_words.is_empty() || starts_in_date(words[start]) || lead_words.last().is_some_and(|word| INTRODUCTIONS.contains(word));
    let bare_lead = lead_words.iter().all(|word| INTRODUCTIONS.contains(word));
    let money = words[end..].iter().chain(&words[..start]).any(|word| parse_amount(word, None).is_some_and(|amount| amount.value.scale() == 2));
    let paying = near.iter().any(|word| begins(word, PAYING) || SENT.contains(word)) && (introduced || near.last().is_some_and(|word| begins(word, PAYING)));
    let paid_after = (bare_lead || in_brackets) && !trail_words.is_empty() && trail_words.iter().any(|word| begins(word, PAYING));
    if (paying || paid_after) && (over_table || !money) {
        return Some((3, date));
    }
    let titled = advice_titles().any(|title| starts_with_phrase(&lead, &[title]));
    if titled && over_table && (introduced || lead_words.last().is_some_and(|word| word.bytes().any(|byte| byte.is_ascii_digit()))) {
        return Some((2, date));
    }
    let place_named = !lead_words.is_empty()
        && lead_words.len() <= 6
        && !lead.bytes().any(|byte| byte.is_ascii_digit())
        && (lead_text.trim_end().ends_with(',') || introduced && !lead_text.contains(':'));
    (over_table && trail_words.is_empty() && (bare_lead || place_named)).then_some((1, date))
}

/// "01.10. bis 31.10.": a second date follows.
fn is_period(trail: &[&str]) -> bool {
    let until = trail.first().is_some_and(|word| matches!(*word, "au" | "to" | "bis" | "tot" | "until" | "t"));
    until && trail.iter().skip(1).take(2).any(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a cell says nothing but that a date follows: "du", "vom".
pub fn introduces_date(cell: &str) -> bool {
    INTRODUCTIONS.contains(&fold(cell).as_str())
}

/// Whether the run of a date swallowed its own introduction.
fn starts_in_date(word: &str) -> bool {
    INTRODUCTIONS.contains(&fold(word).as_str())
}

fn advice_titles() -> impl Iterator<Item = &'static str> {
    kinds::TITLES.iter().filter(|(kind, _)| *kind == DocumentKind::RemittanceAdvice).flat_map(|(_, titles)| *titles).copied()
}

/// The number behind the title of an advice: "Betalingsbericht BET/26/5602 | valuta 23.10.2026".
pub fn number(rows: &[TextRow]) -> Option<(String, Place)> {
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

fn behind_title(text: &str) -> Option<String> {
    const FILLING: &[&str] = &["no", "nr", "number", "nummer", "numero", "n", "ref", "par virement", "par cheque", "per bank", "per uberweisung"];
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
    let rest = words[titled..].iter().skip_while(|word| FILLING.contains(&fold(word).as_str())).copied().collect::<Vec<_>>();
    let number = document_number(&rest.iter().take(2).copied().collect::<Vec<_>>().join(" "))?;
    (number.bytes().filter(u8::is_ascii_digit).count() >= 3).then(|| number.trim_matches(|sign: char| ",;:.|".contains(sign)).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day_of(text: &str) -> Option<String> {
        in_words(text, Some(DateOrder::DayFirst), true).map(|(_, date)| date.to_string())
    }

    #[test]
    fn dates_without_a_label_are_known_by_the_words_around_them() {
        for said in [
            "Funds will clear on 20/10/2026",
            "Paid 20.10.26",
            "Gloucester, 20 October 2026",
            "October 20th, 2026",
            "Run date: 20OCT2026",
            "Lyon, le 20/10/2026",
            "Règlement du 20/10/2026",
            "Fait à Lyon le 20 octobre 2026",
            "d.d. 20-10-2026",
            "Per 20 oktober 2026 overgemaakt",
            "Bremen, den 20. Oktober 2026",
            "vom 20.10.2026",
            "Check 771902 dated October 20, 2026 to Werkhof Foods Inc",
            "Avis de virement V26/10/338 du 20/10/2026 à Werkhof Foods NV",
            "Betalingsspecificatie BET/26/5700 d.d. 20 oktober 2026",
            "Échéance du 20 octobre 2026 – virement – fournisseur F0118",
            "Le virement de vos factures est parti ce matin, mardi 20/10/2026",
            "wir haben eben (20.10.2026) an euch überwiesen",
        ] {
            assert_eq!(day_of(said).as_deref(), Some("2026-10-20"), "{said}");
        }
        for said in [
            "Invoice of 20 October 2026",
            "Factures du 20/10/2026",
            "Fällig am 20.10.2026",
            "INV-1 20.10.2026 100.00",
            "Delivered 20.10.2026",
            "Conditions particulières, édition 20/10/2026 bis",
        ] {
            assert_eq!(day_of(said), None, "{said}");
        }
    }

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
}

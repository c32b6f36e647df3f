//! What stands over a payment without a label: the day it was made, in a title, a dateline or a sentence.

use jiff::civil::Date;
use recoup_engine::reading::{DocumentKind, Place};

use super::rows::{TextCell, TextRow};
use crate::language::labels::starts_with_phrase;
use crate::language::{ColumnRole, DateOrder, column_role, fold, kinds, parse_amount, parse_date};

/// Words right before a date in any language: "dated", "d.d.", "le", "vom".
#[rustfmt::skip]
const INTRODUCTIONS: &[&str] = &["dated", "on", "of", "at", "date", "the", "le", "du", "au", "en", "ce", "op", "per", "van", "dd", "d", "datum", "am", "vom", "den", "zum", "mit", "valuta", "valeur", "value", "today", "heute", "vandaag", "heden", "jour", "settlement", "monday", "tuesday", "wednesday", "thursday", "friday", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "matin", "morning"];

/// Beginnings of words that tell of money on its way.
#[rustfmt::skip]
const PAYING: &[&str] = &[
    "paid", "pay", "pymt", "pmt", "remit", "transmi", "releas", "deposit", "transfer", "clear", "credited", "sent", "reach", "arrive", "bacs", "ach", "eft", "wire", "cheque", "check", "chq", "chk", "run", "process", "funds", "bank", "draft",
    "regl", "paiement", "paye", "virement", "vire", "virons", "verse", "versons", "effectue", "execut", "credite", "valeur", "lettre", "traite", "compte",
    "betaal", "betal", "overgema", "overmak", "maken", "overgeschr", "overschrijv", "overboek", "uitgevoerd", "uitvoer", "verwerk", "bijgeschr", "voldaan", "uitbetaal", "valuta", "gestort", "rekening",
    "uberw", "zahl", "gezahlt", "bezahlt", "angewies", "ausgefuhrt", "ausfuhr", "wertstell", "gutgeschr", "buchungstag", "regulier", "scheck", "abrechn", "avis", "konto", "angekommen", "ging", "gehen",
];

/// Words of money on its way that begin others: "parti" and "particulières".
const SENT: &[&str] = &["parti", "left", "went", "gone", "emis"];

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
pub(super) fn table_begins(rows: &[TextRow]) -> Option<usize> {
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
    // "Wir haben heute, 18.11.2026, … überwiesen": the day it was written is the day of what the sentence tells.
    let is_today = lead_words.last().is_some_and(|word| matches!(*word, "today" | "heute" | "vandaag" | "heden" | "jour" | "hui"));
    let paid_after = (bare_lead || in_brackets || is_today) && !trail_words.is_empty() && trail_words.iter().any(|word| begins(word, PAYING));
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

pub(super) fn advice_titles() -> impl Iterator<Item = &'static str> {
    kinds::TITLES.iter().filter(|(kind, _)| *kind == DocumentKind::RemittanceAdvice).flat_map(|(_, titles)| *titles).copied()
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
            "Just to let you know a payment of £1,260.49 went out to you this morning (20/10/2026). It covers:",
            "wir haben heute, 20.10.2026, unter der Referenz WGS-3318 angewiesen:",
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
}

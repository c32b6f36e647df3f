//! What a paper says its codes mean: "F1 Minderlieferung · L4 Lieferverzug", "M1 = manquant", "22 Carton shortage 41 Late notice".

use std::collections::{BTreeMap, BTreeSet};

use recoup_engine::remittance::AdviceLine;

use super::prose::speaks_of_taking;
use crate::language::fold;
use crate::language::kinds::names_claim;

/// Words that announce a legend.
#[rustfmt::skip]
const ANNOUNCING: &[&str] = &[
    "code", "key", "legend", "reason", "reasons", "motif", "motifs", "legende", "raisons", "reden", "redenen", "toelichting", "uitleg", "verklaring",
    "grund", "grunde", "abzugsgrunde", "kurzungsgrunde", "gr", "erlauterung", "erlauterungen", "schlussel", "zeichenerklarung", "explanation",
];

/// Gives deductions without words the words that the paper lists for their codes, or for the numbers of their claims.
pub(super) fn explain(lines: &mut [AdviceLine], rows: &[String]) {
    let codes: BTreeSet<String> = lines.iter().flat_map(unexplained).map(str::to_owned).collect();
    let mut meanings = meanings(&codes, rows);
    meanings.extend(told_of(lines, rows));
    if let Some((only, sentence)) = told_of_the_only_one(lines, rows) {
        meanings.entry(only).or_insert(sentence);
    }
    let words = |code: Option<&String>| code.and_then(|code| meanings.get(code.trim())).cloned();
    for line in lines {
        if line.text.as_deref().is_none_or(is_mark) {
            line.text = words(line.text.as_ref())
                .or_else(|| words(line.code.as_ref()))
                .or_else(|| words(line.reference.as_ref()))
                .or_else(|| words(line.debit_note.as_ref()))
                .or(line.text.take());
        }
        let of_line = words(line.reference.as_ref());
        for taken in line.adjustments.iter_mut().filter(|taken| taken.text.as_deref().is_none_or(is_mark)) {
            taken.text = words(taken.text.as_ref())
                .or_else(|| words(taken.code.as_ref()))
                .or_else(|| words(taken.reference.as_ref()))
                .or_else(|| of_line.clone())
                .or(taken.text.take());
        }
    }
}

/// What a sentence says of the one number it names, where no reason is given for what is taken off it: "Déduction VF2662459 : remise promotionnelle".
fn told_of(lines: &[AdviceLine], rows: &[String]) -> BTreeMap<String, String> {
    let numbers: BTreeSet<&str> = lines.iter().filter_map(|line| line.reference.as_deref()).collect();
    let asked: BTreeSet<&str> =
        lines.iter().filter(|line| takes_off(line)).filter_map(|line| line.reference.as_deref()).filter(|number| number.len() >= 4).collect();
    let mut told = BTreeMap::new();
    for row in rows {
        // "BKW-GS-118: falscher Artikel zu VF2672361" is about the first.
        let opens = row.split_once(':').map(|(first, _)| first.trim()).filter(|first| numbers.contains(first));
        let inside = row.split_whitespace().map(bare).filter(|word| opens.is_none() && numbers.contains(word));
        let named: BTreeSet<&str> = opens.into_iter().chain(inside).collect();
        let spoken = row.split_whitespace().filter(|word| word.chars().filter(|sign| sign.is_alphabetic()).count() >= 4).count();
        if let [only] = named.iter().copied().collect::<Vec<_>>()[..]
            && asked.contains(only)
            && spoken >= 2
        {
            told.entry(only.to_owned()).or_insert_with(|| row.trim().to_owned());
        }
    }
    told
}

/// What a sentence says of what was taken off, when that is one amount only: "De inhouding betreft twee gebroken potten".
fn told_of_the_only_one(lines: &[AdviceLine], rows: &[String]) -> Option<(String, String)> {
    let mut silent = lines.iter().filter(|line| takes_off(line));
    let only = silent.next().filter(|_| silent.next().is_none())?.reference.clone()?;
    let spoken = |row: &&String| row.split_whitespace().filter(|word| word.chars().filter(|sign| sign.is_alphabetic()).count() >= 3).count() >= 4;
    let explains = |row: &&String| fold(row).split(' ').any(|word| CONCERNING.contains(&word)) && speaks_of_taking(row);
    rows.iter().filter(spoken).find(explains).map(|row| (only, row.trim().to_owned()))
}

/// Words between what was taken off and its reason.
const CONCERNING: &[&str] = &[
    "concerns", "relates", "for", "because", "due", "concerne", "pour", "suite", "car", "betreft", "wegens", "vanwege", "omdat", "voor", "betrifft", "wegen",
    "aufgrund", "weil", "fur",
];

/// Whether a line takes something off, by its sign or by what it lacks.
fn takes_off(line: &AdviceLine) -> bool {
    line.paid().is_sign_negative() || line.gross.zip(line.net).is_some_and(|(gross, net)| gross - line.discount.unwrap_or_default() > net)
}

/// A mark such as `KG` or a kind such as "Credit memo" gives no reason.
fn is_mark(text: &str) -> bool {
    text.len() <= 3 && !text.contains(char::is_lowercase) || names_claim(text)
}

/// The codes of what is taken off without a word.
fn unexplained(line: &AdviceLine) -> impl Iterator<Item = &str> {
    let silent = line.text.as_deref().is_none_or(is_mark);
    let own = [&line.text, &line.code, &line.reference, &line.debit_note].into_iter().flatten().filter(move |_| silent);
    let taken = line.adjustments.iter().filter(|taken| taken.text.as_deref().is_none_or(is_mark));
    own.chain(taken.flat_map(|taken| [&taken.text, &taken.code, &taken.reference].into_iter().flatten()))
        .map(|code| code.trim())
        .filter(|code| !code.is_empty())
}

/// The codes that rows explain, with the words behind each up to the next one.
fn meanings(codes: &BTreeSet<String>, rows: &[String]) -> BTreeMap<String, String> {
    let shapes: BTreeSet<String> = codes.iter().map(|code| form(code)).collect();
    let mut found = BTreeMap::new();
    let mut announced = false;
    for row in rows {
        let words: Vec<&str> = row.split_whitespace().collect();
        announced |= words.first().is_some_and(|first| fold(first).split(' ').any(announces));
        let entries: Vec<usize> = (0..words.len()).filter(|at| shapes.contains(&form(bare(words[*at]))) && is_entry(&words, *at)).collect();
        let known = entries.iter().filter(|at| codes.contains(bare(words[**at]))).count();
        if known > 0 && (announced || entries.len() >= 2) {
            for (index, at) in entries.iter().enumerate() {
                let until = entries.get(index + 1).copied().unwrap_or(words.len());
                let said = spoken(&words[at + 1..until]);
                let code = bare(words[*at]);
                if codes.contains(code) && said.chars().filter(|sign| sign.is_alphabetic()).count() >= 3 {
                    found.entry(code.to_owned()).or_insert(said);
                }
            }
        } else if !words.is_empty() && words.len() > 6 {
            announced = false;
        }
    }
    found
}

fn announces(word: &str) -> bool {
    ANNOUNCING.contains(&word) || word.len() >= 8 && ["codes", "code", "grunde", "motifs"].iter().any(|end| word.ends_with(end)) || word == "codes"
}

/// The code without what sets it off: "(M1)", "Q:", "22=".
fn bare(word: &str) -> &str {
    word.trim_matches(|sign: char| !sign.is_alphanumeric())
}

/// Capitals as `A`, digits as `9`: codes of one list are built alike.
fn form(code: &str) -> String {
    let of = |sign: char| {
        if sign.is_ascii_digit() {
            '9'
        } else if sign.is_uppercase() {
            'A'
        } else {
            sign
        }
    };
    code.chars().map(of).collect()
}

/// A code stands at the beginning, behind a separator, or where the words before it end.
fn is_entry(words: &[&str], at: usize) -> bool {
    let followed = words.get(at + 1).is_some();
    // A single letter needs a sign behind it, or it is a word.
    let set_off = words[at].len() > 1 || words[at].bytes().all(|byte| byte.is_ascii_digit()) || words.get(at + 1).is_some_and(|next| is_separator(next));
    followed && (set_off || words[at].ends_with(['=', ':', ')']))
}

fn is_separator(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|sign| !sign.is_alphanumeric())
}

fn spoken(words: &[&str]) -> String {
    let mut words = words;
    while let [first, rest @ ..] = words
        && is_separator(first)
    {
        words = rest;
    }
    while let [rest @ .., last] = words
        && (is_separator(last) || fold(last).split(' ').any(announces))
    {
        words = rest;
    }
    words.join(" ").trim_matches([' ', ';', ',', '·', '|', '.', ':']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(codes: &[&str], rows: &[&str]) -> Vec<String> {
        let codes = codes.iter().map(|code| (*code).to_owned()).collect();
        let rows: Vec<String> = rows.iter().map(|row| (*row).to_owned()).collect();
        meanings(&codes, &rows).into_iter().map(|(code, words)| format!("{code}: {words}")).collect()
    }

    #[test]
    fn legends_of_every_make_are_read() {
        assert_eq!(
            meant(&["M", "A"], &["Codes : M – manque à la livraison ; A – avarie transport ; P – écart de prix"]),
            ["A: avarie transport", "M: manque à la livraison"]
        );
        assert_eq!(
            meant(&["22", "64"], &["Deduction codes", "22 Carton shortage 41 Advance ship notice late or missing 64 On-time/in-full charge"]),
            ["22: Carton shortage", "64: On-time/in-full charge"]
        );
        assert_eq!(meant(&["F1", "R2"], &["F1 Minderlieferung · L4 Lieferverzug (Zeitfenster) · R2 Retoure"]), ["F1: Minderlieferung", "R2: Retoure"]);
        assert_eq!(
            meant(&["Q", "2"], &["Claim codes: Q = sour / off on opening; L = in-store leaflet; 2 = billed twice"]),
            ["2: billed twice", "Q: sour / off on opening"]
        );
        assert_eq!(meant(&["1", "3"], &["Gr. 1 Bruch, Gr. 2 Fehlmenge, Gr. 3 Palettentausch nicht erfolgt"]), ["1: Bruch", "3: Palettentausch nicht erfolgt"]);
        assert_eq!(
            meant(&["HB66120", "HB66131"], &["Erläuterung: HB66120 Listungsgebühr Neuheiten; HB66131 Warenrücknahme zu 90002724"]),
            ["HB66120: Listungsgebühr Neuheiten", "HB66131: Warenrücknahme zu 90002724"]
        );
    }

    #[test]
    fn other_rows_with_the_same_signs_explain_nothing() {
        assert_eq!(meant(&["22", "41"], &["22 Main Street, Omaha NE", "Payable within 41 days"]), Vec::<String>::new());
    }
}

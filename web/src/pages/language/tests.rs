//! What holds for every text: it stands in the table in four languages, is used, and no template holds bare words beside it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use recoup_engine::agreement::{AgreementKind, AgreementStatus, RateType};
use recoup_engine::claim::action::{Act, Outcome};
use recoup_engine::claim::state::{Party, StateWord};
use recoup_engine::reading::DocumentKind;
use recoup_engine::taxonomy::{AllocationMethod, Category, DeductionStatus, DocumentStatus, Expectation, PaymentStatus, Queue, Validity};
use recoup_extractors::language::ColumnRole;
use regex::Regex;

use super::words::{WRITTEN, in_english};
use super::*;
use crate::desk::corrections::{FIELDS, LINE_PARTS};
use crate::desk::people::ROLES;
use recoup_store::deeds::Deed;

/// What may stand in a template in every language.
const NAMES: [&str; 4] = ["Recoup", "CSV", "XLSX", "SHA-256"];

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path, extension: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path, extension));
        } else if path.extension().is_some_and(|kind| kind == extension) && !path.ends_with("tests.rs") {
            let text = std::fs::read_to_string(&path).expect("text");
            found.push((path, text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned()));
        }
    }
    found
}

/// Every text that templates and pages show.
fn used() -> BTreeSet<String> {
    let filtered = Regex::new(r#""([^"]+)"\|t\b"#).expect("an expression");
    let called = Regex::new(r#"\b(?:text|key)\(\s*"([^"]+)"\s*,?\s*\)"#).expect("an expression");
    let counted = Regex::new(r#"\bcounted\([^"]*"([^"]*)",\s*"([^"]*)""#).expect("an expression");
    let refusals = Regex::new(r##"#\[error\("([^{}"]*)"\)\]"##).expect("an expression");
    let mut found = BTreeSet::new();
    let mut collect = |expression: &Regex, text: &str| {
        for captures in expression.captures_iter(text) {
            found.extend(captures.iter().skip(1).flatten().map(|group| group.as_str().to_owned()));
        }
    };
    for (_, text) in sources(&project().join("templates"), "html") {
        collect(&filtered, &text);
        collect(&counted, &text);
    }
    for (path, text) in sources(&project().join("src/pages"), "rs") {
        if !path.ends_with("filters.rs") && !path.ends_with("language.rs") {
            collect(&called, &text);
            collect(&counted, &text);
        }
    }
    collect(&refusals, &std::fs::read_to_string(project().join("../engine/src/claim/refusal.rs")).expect("the refusals"));
    let vocabularies = [
        Category::WORDS,
        Expectation::WORDS,
        Validity::WORDS,
        Queue::WORDS,
        AllocationMethod::WORDS,
        DeductionStatus::WORDS,
        PaymentStatus::WORDS,
        DocumentStatus::WORDS,
        DocumentKind::WORDS,
        AgreementKind::WORDS,
        RateType::WORDS,
        AgreementStatus::WORDS,
        Act::WORDS,
        Outcome::WORDS,
        Party::WORDS,
        StateWord::WORDS,
        &ROLES,
        &FIELDS,
        &LINE_PARTS,
        ColumnRole::WORDS,
        WRITTEN,
        Deed::WORDS,
    ];
    found.extend(vocabularies.into_iter().flatten().map(|word| in_english(word)));
    found
}

fn rows() -> Vec<Vec<String>> {
    let reader = csv::ReaderBuilder::new().flexible(true).from_reader(table::CSV.as_bytes());
    reader.into_records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
}

#[test]
fn every_text_that_is_shown_stands_in_the_table_and_every_row_is_shown() {
    let table: BTreeSet<String> = rows().into_iter().map(|row| row[0].clone()).collect();
    let used = used();
    assert!(used.len() > 700, "only {} texts were found in the sources", used.len());
    let missing: Vec<_> = used.difference(&table).collect();
    assert!(missing.is_empty(), "web/languages.csv lacks: {missing:#?}");
    let left: Vec<_> = table.difference(&used).collect();
    assert!(left.is_empty(), "nothing shows these rows of web/languages.csv: {left:#?}");
}

#[test]
fn every_row_has_four_languages_with_the_same_places() {
    let places = Regex::new(r"\{\d\}|`[^`]*`").expect("an expression");
    let rows = rows();
    for row in &rows {
        assert!(row.len() == 4 && row.iter().all(|cell| !cell.trim().is_empty()), "{row:?}");
        let of = |text: &str| places.find_iter(text).map(|place| place.as_str().to_owned()).collect::<BTreeSet<_>>();
        for cell in &row[1..] {
            assert_eq!(of(cell), of(&row[0]), "{row:?}");
        }
    }
    let texts: Vec<&String> = rows.iter().map(|row| &row[0]).collect();
    assert!(texts.is_sorted(), "the rows are sorted by their English text, so that two people who add one meet rarely");
    assert_eq!(texts.iter().collect::<BTreeSet<_>>().len(), texts.len(), "a text stands twice");
}

#[test]
fn no_template_holds_bare_words() {
    let expressions = Regex::new(r"(?s)\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}").expect("an expression");
    let code = Regex::new(r"(?s)<(code|kbd)\b[^>]*>.*?</(code|kbd)>|<!DOCTYPE html>").expect("an expression");
    let attributes = Regex::new(r#"\b(?:aria-label|placeholder|title|alt|data-label|label)="([^"]*)""#).expect("an expression");
    let tags = Regex::new(r"(?s)<[^>]*>").expect("an expression");
    let word = Regex::new(r"[A-Za-z]{2,}").expect("an expression");
    let settings = Regex::new(r"\{% block (?:search_action|at_\w+) %\}[^{]*").expect("an expression");
    let templates = sources(&project().join("templates"), "html");
    assert!(templates.len() > 20, "only {} templates were found", templates.len());
    for (path, text) in templates {
        let text = expressions.replace_all(&settings.replace_all(&text, ""), "\u{1}").into_owned();
        let shown = tags.replace_all(&code.replace_all(&text, ""), "\u{1}").into_owned();
        let attributes = attributes.captures_iter(&text).map(|captures| captures[1].to_owned()).collect::<Vec<_>>();
        for piece in shown.split('\u{1}').chain(attributes.iter().map(String::as_str)).map(str::trim) {
            assert!(!word.is_match(piece) || NAMES.contains(&piece.trim_start_matches("· ")), "{}: “{piece}” stands outside of the filter `t`", path.display());
        }
    }
}

#[tokio::test]
async fn numbers_and_days_have_the_form_of_their_language() {
    for (language, number, typed, share, date, month, moment) in [
        (Language::English, "1,234,567.89", "1240.00", "93 %", "2026-11-22", "2026-11", "2026-11-22 06:44"),
        (Language::French, "1\u{202f}234\u{202f}567,89", "1240,00", "93\u{202f}%", "22/11/2026", "11/2026", "22/11/2026 06:44"),
        (Language::Dutch, "1.234.567,89", "1240,00", "93%", "22-11-2026", "11-2026", "22-11-2026 06:44"),
        (Language::German, "1.234.567,89", "1240,00", "93\u{a0}%", "22.11.2026", "11.2026", "22.11.2026 06:44"),
    ] {
        let formed = language
            .speaking(async {
                assert_eq!(day("PAY-1"), "PAY-1", "what is no day stays");
                assert_eq!(group("n/a"), "n/a", "what is no number stays");
                (group("1234567.89"), decimal("1240.00"), percent("93"), day("2026-11-22"), day("2026-11"), day("2026-11-22 06:44"))
            })
            .await;
        assert_eq!(formed, (number.into(), typed.into(), share.into(), date.into(), month.into(), moment.into()), "{language:?}");
    }
    assert_eq!(Language::current(), Language::English, "outside of a page everything is English");
}

#[tokio::test]
async fn one_of_a_thing_is_one_and_french_counts_nothing_as_one() {
    let said = |language: Language, count: i64| language.speaking(async move { counted(count, "{0} day", "{0} days").to_string() });
    assert_eq!((said(Language::English, 1).await, said(Language::English, 0).await), ("1 day".to_owned(), "0 days".to_owned()));
    assert_eq!((said(Language::French, 0).await, said(Language::French, 2).await), ("0 jour".to_owned(), "2 jours".to_owned()));
    assert_eq!(said(Language::German, 2).await, "2 Tage");
}

#[test]
fn a_value_is_never_taken_for_a_place_or_a_mark() {
    let filled = text("{1} of {0}, {2} `x`").with("{1}").with("`a` <b>");
    assert_eq!(filled.to_string(), "`a` <b> of {1}, {2} `x`");
    assert_eq!(filled.marked(), "`a` &lt;b&gt; of {1}, {2} <code>x</code>");
}

#[test]
fn the_browser_is_answered_in_the_language_it_likes_best() {
    for (wishes, language) in [
        ("fr-BE,fr;q=0.9,en;q=0.8", Language::French),
        ("es, nl;q=0.5, de;q=0.7", Language::German),
        ("NL", Language::Dutch),
        ("de;q=0, ja", Language::English),
        ("", Language::English),
    ] {
        let headers = [(ACCEPT_LANGUAGE, wishes.parse().expect("a value"))].into_iter().collect();
        assert_eq!(Language::accepted(&headers), language, "{wishes}");
    }
}

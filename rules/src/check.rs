//! What is wrong or doubtful in a rule book: cells that can't be read, rows that never hit, gaps, words that claim two things.

use std::collections::HashMap;
use std::sync::LazyLock;

use recoup_engine::taxonomy::Category;

use crate::book::Book;
use crate::edition::Edition;
use crate::sheet::Sheet;
use crate::table::RuleError;

/// Findings of one kind that are named at most: a wrong file would name every row.
const MOST: usize = 200;

static DEFAULT_EDITION: LazyLock<Edition> = LazyLock::new(Edition::compiled_in);

/// Something to look at in a book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub place: RuleError,
    /// The book can't be used with it.
    pub stops: bool,
}

/// Everything worth saying about a book, in the order of files and lines. Empty means that nothing is doubtful.
pub fn check(edition: &Edition) -> Vec<Finding> {
    let book = match edition.book() {
        Ok(book) => book,
        Err(_) => return unreadable_rows(edition).into_iter().map(|place| Finding { place, stops: true }).collect(),
    };
    let mut findings = unreadable_examples(edition, &book);
    let doubts = book.routing.unreachable().into_iter().chain(book.routing.gaps()).chain(words_with_two_meanings(&book));
    let doubts = doubts.chain(book.small_claims.unreachable()).chain(book.small_claims.gaps());
    findings.extend(doubts.map(|place| Finding { place, stops: false }));
    findings
}

/// The first bad cell of every row. A row that can't be read is taken out and the book is read again, so that one look names all of them.
fn unreadable_rows(edition: &Edition) -> Vec<RuleError> {
    let mut found: Vec<RuleError> = Vec::new();
    let mut rest = edition.clone();
    while let Err(fault) = rest.book() {
        // Without a bad row a category may lack its only one: that follows from the row, and is said when nothing else is wrong.
        let follows = fault.line <= 1 && found.iter().any(|other| other.file == fault.file);
        let text = rest.file(&fault.file).unwrap_or_default();
        let mended = if fault.line > 1 && fault.file.ends_with(".csv") {
            without_row(text, fault.line)
        } else {
            DEFAULT_EDITION.file(&fault.file).unwrap_or_default().to_owned()
        };
        let is_stuck = mended == text;
        (rest, _) = rest.overlaid([(fault.file.clone(), mended)]);
        if !follows {
            found.push(fault);
        }
        if is_stuck || found.len() >= MOST {
            break;
        }
    }
    found.sort_by(|left, right| (&left.file, left.line).cmp(&(&right.file, right.line)));
    found
}

/// A text with empty lines in place of one of its rows: the lines of the others stay.
fn without_row(text: &str, line: usize) -> String {
    let end = Sheet::read(text).rows.iter().map(|row| row.line).find(|other| *other > line).unwrap_or(usize::MAX);
    (1..).zip(text.lines()).map(|(number, content)| if (line..end).contains(&number) { "\n".to_owned() } else { format!("{content}\n") }).collect()
}

fn unreadable_examples(edition: &Edition, book: &Book) -> Vec<Finding> {
    let mut found = Vec::new();
    for (name, text) in edition.files().filter_map(|(name, text)| Some((name.strip_prefix("examples/")?, text))) {
        let mut rest = text.to_owned();
        while let Err(place) = crate::examples::run(book, name, &rest) {
            let is_row = place.line > 1 && found.len() < MOST;
            rest = without_row(&rest, place.line);
            found.push(Finding { place, stops: true });
            if !is_row {
                break;
            }
        }
    }
    found
}

fn words_with_two_meanings(book: &Book) -> Vec<RuleError> {
    let mut meant: HashMap<(&str, bool), Vec<(Category, usize)>> = HashMap::new();
    for phrase in &book.phrases {
        meant.entry((&phrase.words, phrase.weak)).or_default().push((phrase.category, phrase.line));
    }
    let mut doubts: Vec<RuleError> = meant
        .into_iter()
        .filter_map(|((words, _), meanings)| {
            let (first, _) = meanings[0];
            let (other, line) = *meanings.iter().find(|(category, _)| *category != first)?;
            Some(RuleError {
                file: "words.csv".to_owned(),
                line,
                column: "words".to_owned(),
                problem: format!("`{words}` stands under {first} and {other}; which one wins is not said"),
            })
        })
        .collect();
    doubts.sort_by(|left, right| (left.line, &left.problem).cmp(&(right.line, &right.problem)));
    doubts
}

#[cfg(test)]
mod tests {
    use recoup_engine::taxonomy::{Expectation, Queue, Validity};

    use super::*;

    fn found(file: &str, text: &str) -> Vec<(String, usize, bool)> {
        let (edition, unknown) = Edition::with([(file.to_owned(), text.to_owned())]);
        assert!(unknown.is_empty());
        check(&edition).into_iter().map(|finding| (finding.place.to_string(), finding.place.line, finding.stops)).collect()
    }

    #[test]
    fn the_default_book_has_nothing_doubtful() {
        assert_eq!(check(&Edition::compiled_in()), []);
    }

    #[test]
    fn rows_that_never_hit_and_gaps_are_named() {
        let head = "rule,category,amount,expectation,validity,customer,queue,priority,approval_level,days,action\n";
        let found = found("routing.csv", &format!("{head}wide,,>= 100,,,,owner,low,0,5,open\nnarrow,shortage,>= 500,,valid,,owner,low,0,5,open\n"));
        assert!(
            found.contains(&("routing.csv:3: column `rule`: `narrow` never hits: `wide` on line 2 takes everything it would".to_owned(), 3, false)),
            "{found:?}"
        );
        assert!(found.iter().any(|(says, _, _)| says.contains("no row fits") && says.contains("below 100")), "{found:?}");
    }

    #[test]
    fn a_cell_that_cannot_be_read_stops_the_book() {
        let found = found("words.csv", "category,language,words\nshortage,en,short\nshortagee,en,missing\n");
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].1, found[0].2), (3, true));
    }

    #[test]
    fn one_look_names_every_bad_row_of_every_file() {
        let bad_words = "category,language,words\nshortagee,en,short\ndamage,en,crushed\ndamage,xx,\"torn\n apart\"\nprice,en,dear\n";
        let bad_routing =
            Edition::compiled_in().file("routing.csv").expect("a table").replace(",urgent,2,", ",urgentt,2,").replace(",low,0,0,close", ",low,0,0,shut");
        let taxonomy = Edition::compiled_in().file("taxonomy.csv").expect("a table").replace("shortage,supply_chain", "shortage,suply_chain");
        let texts =
            [("words.csv", bad_words.to_owned()), ("routing.csv", bad_routing), ("taxonomy.csv", taxonomy), ("settings.toml", "[tolerances]\n".to_owned())];
        let (edition, _) = Edition::with(texts.map(|(name, text)| (name.to_owned(), text)));
        let findings = check(&edition);
        let places: Vec<(&str, usize, &str)> =
            findings.iter().map(|finding| (finding.place.file.as_str(), finding.place.line, finding.place.column.as_str())).collect();
        let rows = [("routing.csv", 2, "action"), ("routing.csv", 3, "action"), ("routing.csv", 4, "action"), ("routing.csv", 6, "priority")];
        assert_eq!(places[..4], rows, "{findings:?}");
        assert_eq!(places[4].0, "settings.toml");
        assert!(places[5].0 == "taxonomy.csv" && places[5].2 == "queue" && places[6].0 == "words.csv", "what follows from a bad row is not said: {places:?}");
        assert_eq!(places[6..], [("words.csv", 2, "category"), ("words.csv", 4, "language"), ("words.csv", 6, "category")]);
        assert!(findings.iter().all(|finding| finding.stops));
    }

    #[test]
    fn a_field_that_nobody_knows_and_an_amount_without_its_currency_stop_the_book() {
        let settings = Edition::compiled_in().file("settings.toml").expect("figures").replace("rounding = ", "largest_fee = \"3\"\nrounding = ");
        let unknown = found("settings.toml", &settings);
        assert!(unknown.len() == 1 && unknown[0].2 && unknown[0].1 > 1 && unknown[0].0.contains("largest_fee"), "{unknown:?}");
        let fees = found("bank_fees.csv", "rule,country,currency,fee,source\nwire,,,15,assumption\n");
        assert!(fees.len() == 1 && fees[0].2 && fees[0].0.starts_with("bank_fees.csv:2: column `currency`"), "{fees:?}");
    }

    #[test]
    fn ten_thousand_rows_are_read_and_the_first_that_fits_is_found() {
        use std::fmt::Write as _;
        let mut table = "rule,category,amount,expectation,validity,customer,queue,priority,approval_level,days,action\n".to_owned();
        for number in 0..10_000 {
            writeln!(table, "r{number},shortage,,,,C{number},owner,low,0,5,open").expect("text");
        }
        table.push_str("rest,,,,,,owner,low,0,5,open\n");
        let (edition, _) = Edition::with([("routing.csv".to_owned(), table)]);
        let book = edition.book().expect("a book");
        let row = |customer_id| {
            let (expectation, validity, owner) = (Expectation::Unexpected, Validity::Valid, Queue::Finance);
            let (category, amount) = (Category::Shortage, rust_decimal::Decimal::ONE);
            book.routing.route(crate::route::Judged { category, within_tolerance: false, amount, expectation, validity, customer_id, owner }).rule
        };
        assert_eq!([row("C9999"), row("C0"), row("X")], ["r9999", "r0", "rest"]);
    }

    #[test]
    fn a_phrase_under_two_categories_is_doubtful() {
        let found = found("words.csv", "category,language,words\nshortage,en,short\ndamage,en,crushed|short\n");
        assert!(found.iter().any(|(says, line, stops)| *line == 3 && !stops && says.contains("`short` stands under")), "{found:?}");
    }
}

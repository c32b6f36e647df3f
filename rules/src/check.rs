//! What is wrong or doubtful in a rule book: cells that can't be read, rows that never hit, gaps, words that claim two things.

use std::collections::HashMap;

use recoup_engine::taxonomy::Category;

use crate::book::Book;
use crate::edition::Edition;
use crate::route::Routing;
use crate::table::RuleError;

/// Something to look at in a book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub place: RuleError,
    /// The book can't be used with it.
    pub stops: bool,
}

/// Everything worth saying about a book, in the order of files and lines. Empty means that nothing is doubtful.
pub fn check(edition: &Edition) -> Vec<Finding> {
    let texts = edition.texts();
    let book = match Book::load(texts) {
        Ok(book) => book,
        Err(first) => {
            let routing = Routing::load(texts.routing).err().filter(|other| *other != first);
            return [Some(first), routing].into_iter().flatten().map(|place| Finding { place, stops: true }).collect();
        }
    };
    let mut findings = unreadable_examples(edition, &book);
    let doubts = book.routing.unreachable().into_iter().chain(book.routing.gaps()).chain(words_with_two_meanings(&book));
    let doubts = doubts.chain(book.small_claims.unreachable()).chain(book.small_claims.gaps());
    findings.extend(doubts.map(|place| Finding { place, stops: false }));
    findings
}

fn unreadable_examples(edition: &Edition, book: &Book) -> Vec<Finding> {
    let tables = edition.files().filter_map(|(name, text)| Some((name.strip_prefix("examples/")?, text)));
    tables.filter_map(|(name, text)| crate::examples::run(book, name, text).err()).map(|place| Finding { place, stops: true }).collect()
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
    fn a_phrase_under_two_categories_is_doubtful() {
        let found = found("words.csv", "category,language,words\nshortage,en,short\ndamage,en,crushed|short\n");
        assert!(found.iter().any(|(says, line, stops)| *line == 3 && !stops && says.contains("`short` stands under")), "{found:?}");
    }
}

//! A rule book: taxonomy, codes, words, routing and figures, checked as a whole when it is loaded.

use std::collections::HashMap;

use recoup_engine::reading::Language;
use recoup_engine::reference::fold;
use recoup_engine::remittance::CodeList;
use recoup_engine::taxonomy::{Category, Queue};
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::bank_fees::BankFees;
use crate::legal::Laws;
use crate::route::Routing;
use crate::small_claims::SmallClaims;
use crate::table::{RuleError, records};

/// The texts of a book, as they stand in its folder.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'text> {
    pub taxonomy: &'text str,
    pub codes: &'text str,
    pub words: &'text str,
    pub routing: &'text str,
    pub settings: &'text str,
    pub legal: &'text str,
    pub small_claims: &'text str,
    pub bank_fees: &'text str,
}

/// The book that is compiled in: `rules/books/default`.
pub const DEFAULT: Texts<'static> = Texts {
    taxonomy: include_str!("../books/default/taxonomy.csv"),
    codes: include_str!("../books/default/codes.csv"),
    words: include_str!("../books/default/words.csv"),
    routing: include_str!("../books/default/routing.csv"),
    settings: include_str!("../books/default/settings.toml"),
    legal: include_str!("../books/default/legal.csv"),
    small_claims: include_str!("../books/default/small_claims.csv"),
    bank_fees: include_str!("../books/default/bank_fees.csv"),
};

pub(crate) const TAXONOMY_COLUMNS: [&str; 2] = ["category", "queue"];
pub(crate) const CODES_COLUMNS: [&str; 3] = ["list", "code", "category"];
pub(crate) const WORDS_COLUMNS: [&str; 3] = ["category", "language", "words"];

/// A phrase and what it claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// Lower case, without accents, words separated by one space.
    pub words: String,
    pub category: Category,
    pub language: Language,
    /// Says little by itself: counts only where no other phrase stands.
    pub weak: bool,
    /// Its last word is a stem (`*` in the book): any ending may follow.
    pub stem: bool,
    /// Where it stands in `words.csv`.
    pub line: usize,
}

impl Phrase {
    /// Whether the phrase begins the words.
    fn stands_at(&self, words: &[&str]) -> bool {
        let mut said = words.iter();
        let mut parts = self.words.split(' ').peekable();
        while let Some(part) = parts.next() {
            let is_stem = self.stem && parts.peek().is_none();
            if !said.next().is_some_and(|word| *word == part || is_stem && word.starts_with(part)) {
                return false;
            }
        }
        true
    }
}

/// Figures of `settings.toml`, in whole units of the currency at hand.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub tolerances: Tolerances,
    pub dispute: Dispute,
    /// Older editions say nothing of them.
    #[serde(default)]
    pub agreements: Agreements,
    /// Editions that were kept before there was anything to learn have none.
    #[serde(default)]
    pub learning: Learning,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tolerances {
    pub short_payment: Decimal,
    pub rounding: Decimal,
    pub bank_fee: Decimal,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dispute {
    pub default_days: i64,
}

/// What is expected of agreements.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreements {
    /// Years after its end in which an agreement is still claimed under.
    pub claimed_for_years: u8,
}

impl Default for Agreements {
    fn default() -> Self {
        Self { claimed_for_years: 2 }
    }
}

/// When what was learnt from past decisions may speak.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Learning {
    /// How often a proposal must have been right on decisions that were held back, 0 to 1.
    pub precision: Decimal,
    /// In how many cases at least.
    pub fewest_cases: u32,
    /// New lessons after which a server trains again.
    pub retrain_after: u32,
}

impl Default for Learning {
    fn default() -> Self {
        Self { precision: Decimal::new(95, 2), fewest_cases: 20, retrain_after: 50 }
    }
}

/// A rule book that passed its checks.
#[derive(Debug)]
pub struct Book {
    owners: HashMap<Category, Queue>,
    codes: HashMap<(CodeListName, String), Vec<Category>>,
    /// Longest first.
    pub phrases: Vec<Phrase>,
    /// Positions among the phrases by their first word.
    by_first_word: HashMap<String, Vec<usize>>,
    /// Positions of the phrases that are one stem, by their first letter: every word of every deduction is held against them.
    stems: HashMap<char, Vec<usize>>,
    pub routing: Routing,
    pub laws: Laws,
    pub small_claims: SmallClaims,
    pub bank_fees: BankFees,
    pub settings: Settings,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum CodeListName {
    X12,
    Edifact,
}

impl Book {
    /// Reads and checks a book; the first problem is returned with file, line and column.
    pub fn load(texts: Texts<'_>) -> Result<Self, RuleError> {
        let fault = |file: &str, line, column: &str, problem: String| RuleError { file: file.to_owned(), line, column: column.to_owned(), problem };
        let mut owners = HashMap::new();
        for (line, [category, queue]) in records("taxonomy.csv", texts.taxonomy, TAXONOMY_COLUMNS)? {
            let category = category.parse().map_err(|error: recoup_engine::reading::UnknownWord| fault("taxonomy.csv", line, "category", error.to_string()))?;
            let queue = queue.parse().map_err(|error: recoup_engine::reading::UnknownWord| fault("taxonomy.csv", line, "queue", error.to_string()))?;
            owners.insert(category, queue);
        }
        if let Some(missing) = Category::ALL.iter().find(|category| !owners.contains_key(*category)) {
            return Err(fault("taxonomy.csv", 1, "category", format!("`{missing}` has no row")));
        }
        let mut codes: HashMap<(CodeListName, String), Vec<Category>> = HashMap::new();
        for (line, [list, code, category]) in records("codes.csv", texts.codes, CODES_COLUMNS)? {
            let list = match list.as_str() {
                "x12_426" => CodeListName::X12,
                "edifact_4465" => CodeListName::Edifact,
                other => return Err(fault("codes.csv", line, "list", format!("`{other}` is neither x12_426 nor edifact_4465"))),
            };
            let category = category.parse().map_err(|error: recoup_engine::reading::UnknownWord| fault("codes.csv", line, "category", error.to_string()))?;
            codes.entry((list, code)).or_default().push(category);
        }
        let mut phrases = Vec::new();
        for (line, [category, language, words]) in records("words.csv", texts.words, WORDS_COLUMNS)? {
            let category: Category =
                category.parse().map_err(|error: recoup_engine::reading::UnknownWord| fault("words.csv", line, "category", error.to_string()))?;
            let language: Language =
                language.parse().map_err(|error: recoup_engine::reading::UnknownWord| fault("words.csv", line, "language", error.to_string()))?;
            phrases.extend(
                words
                    .split('|')
                    .map(|phrase| Phrase {
                        words: plain_words(phrase),
                        category,
                        language,
                        weak: phrase.trim_start().starts_with('~'),
                        stem: phrase.trim_end().ends_with('*'),
                        line,
                    })
                    .filter(|phrase| !phrase.words.is_empty()),
            );
        }
        phrases.sort_by(|left, right| (right.words.len(), &left.words).cmp(&(left.words.len(), &right.words)));
        let mut by_first_word: HashMap<String, Vec<usize>> = HashMap::new();
        let mut stems: HashMap<char, Vec<usize>> = HashMap::new();
        for (position, phrase) in phrases.iter().enumerate() {
            match phrase.words.split(' ').next().unwrap_or_default() {
                only if phrase.stem && only.len() == phrase.words.len() => stems.entry(first_letter(only)).or_default().push(position),
                first => by_first_word.entry(first.to_owned()).or_default().push(position),
            }
        }
        let settings: Settings = toml::from_str(texts.settings).map_err(|error| {
            let line = error.span().map_or(0, |span| texts.settings[..span.start].lines().count().max(1));
            fault("settings.toml", line, "", error.message().to_owned())
        })?;
        check_learning(&settings)?;
        let (routing, laws, small_claims) = (Routing::load(texts.routing)?, Laws::load(texts.legal)?, SmallClaims::load(texts.small_claims)?);
        let bank_fees = BankFees::load(texts.bank_fees)?;
        Ok(Self { owners, codes, phrases, by_first_word, stems, routing, laws, small_claims, bank_fees, settings })
    }

    /// The desk that owns a category.
    pub fn owner(&self, category: Category) -> Queue {
        self.owners.get(&category).copied().unwrap_or(Queue::Finance)
    }

    /// The phrases that stand in plain words, each with the position of its first word.
    pub fn phrases_in<'book>(&'book self, words: &[&str]) -> impl Iterator<Item = (usize, &'book Phrase)> {
        (0..words.len()).flat_map(move |at| {
            let stems = self.stems.get(&first_letter(words[at])).into_iter().flatten();
            let starting = self.by_first_word.get(words[at]).into_iter().flatten().chain(stems).map(|position| &self.phrases[*position]);
            starting.filter(move |phrase| phrase.stands_at(&words[at..])).map(move |phrase| (at, phrase))
        })
    }

    /// Whether a word is a phrase by itself.
    pub fn is_phrase(&self, word: &str) -> bool {
        self.phrases_in(&[word]).next().is_some()
    }

    /// What a code of a public list may mean; empty when it stands nowhere.
    pub fn code(&self, list: CodeList, code: &str) -> &[Category] {
        let list = match list {
            CodeList::X12 => CodeListName::X12,
            CodeList::Edifact => CodeListName::Edifact,
            CodeList::Customer => return &[],
        };
        self.codes.get(&(list, code.trim().to_owned())).map_or(&[], Vec::as_slice)
    }
}

fn first_letter(word: &str) -> char {
    word.chars().next().unwrap_or_default()
}

fn check_learning(settings: &Settings) -> Result<(), RuleError> {
    let Learning { precision, fewest_cases, .. } = settings.learning;
    let fault = |column: &str, problem: String| RuleError { file: "settings.toml".to_owned(), line: 0, column: column.to_owned(), problem };
    if precision < Decimal::ZERO || precision > Decimal::ONE {
        return Err(fault("precision", format!("{precision} is no share from 0 to 1")));
    }
    if fewest_cases == 0 {
        return Err(fault("fewest_cases", "nothing is proven by no case at all".to_owned()));
    }
    Ok(())
}

/// Folded words separated by single spaces: what phrases and texts are compared in.
pub fn plain_words(text: &str) -> String {
    fold(text).split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_book_is_whole() {
        let book = Book::load(DEFAULT).expect("the default book");
        assert_eq!(book.owner(Category::Shortage), Queue::SupplyChain);
        assert_eq!(book.code(CodeList::X12, "72"), [Category::Return]);
        assert_eq!(book.code(CodeList::Edifact, "75"), [Category::PromotionAllowance, Category::ScanBack]);
        assert!(book.code(CodeList::X12, "does not exist").is_empty());
    }

    #[test]
    fn a_bad_cell_is_named_with_file_line_and_column() {
        let codes = "list,code,category\nx12_426,01,price_diference\n";
        let error = Book::load(Texts { codes, ..DEFAULT }).unwrap_err();
        assert_eq!((error.file.as_str(), error.line, error.column.as_str()), ("codes.csv", 2, "category"));
        let settings = "[tolerances]\nshort_payment = \"0.05\"\nrounding = \"x\"\n";
        assert_eq!(Book::load(Texts { settings, ..DEFAULT }).unwrap_err().file, "settings.toml");
    }
}

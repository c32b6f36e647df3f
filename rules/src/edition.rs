//! The files of a rule book as analysts edit them: the book that is compiled in, or a copy of it in which some files differ.

use std::collections::BTreeMap;

use recoup_engine::reading::Language;
use recoup_engine::taxonomy::{Category, Expectation, Queue, Validity};

use crate::book::{self, Book, Texts};
use crate::examples;
use crate::table::RuleError;

/// The files of one book by their names below its folder: `routing.csv`, `examples/discount.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    files: BTreeMap<String, String>,
}

/// The tables and figures that a book is made of, besides its examples.
pub const FILES: [&str; 8] = ["taxonomy.csv", "codes.csv", "words.csv", "routing.csv", "settings.toml", "legal.csv", "small_claims.csv", "bank_fees.csv"];

/// Whether a book may have a file of this name: one of [`FILES`], or a table of examples.
pub fn is_file(name: &str) -> bool {
    let example = name.strip_prefix("examples/").and_then(|rest| rest.strip_suffix(".csv"));
    let is_plain = |stem: &str| !stem.is_empty() && stem.chars().all(|character| character.is_ascii_alphanumeric() || "_-".contains(character));
    FILES.contains(&name) || example.is_some_and(is_plain)
}

/// The columns that a table has at least; none for what is no table.
pub fn columns_of(name: &str) -> &'static [&'static str] {
    match name {
        "taxonomy.csv" => &book::TAXONOMY_COLUMNS,
        "codes.csv" => &book::CODES_COLUMNS,
        "words.csv" => &book::WORDS_COLUMNS,
        "routing.csv" => &crate::route::COLUMNS,
        "legal.csv" => &crate::legal::COLUMNS,
        "small_claims.csv" => &crate::small_claims::COLUMNS,
        "bank_fees.csv" => &crate::bank_fees::COLUMNS,
        "settings.toml" => &[],
        example => examples::columns_of(example),
    }
}

/// The words that a cell of a column may hold, where they are known; empty where anything may stand. A condition may join several by `|`.
pub fn words_of(name: &str, column: &str) -> Vec<&'static str> {
    let and = |words: &[&'static str], more: &'static str| words.iter().copied().chain([more]).collect();
    match (name, column) {
        ("routing.csv", "category") => and(Category::WORDS, "tolerance"),
        ("routing.csv", "queue") => and(Queue::WORDS, "owner"),
        ("routing.csv", "priority") => crate::route::PRIORITIES.to_vec(),
        ("routing.csv", "action") => vec!["open", "close"],
        ("small_claims.csv", "work") => vec!["all", "worthwhile"],
        ("codes.csv", "list") => vec!["x12_426", "edifact_4465"],
        ("words.csv", "language") => Language::WORDS.to_vec(),
        ("legal.csv", "effect") => vec!["advises", "ceiling_percent", "look_back_days"],
        (_, "category" | "categories") => Category::WORDS.to_vec(),
        (_, "expectation") => Expectation::WORDS.to_vec(),
        (_, "validity") => Validity::WORDS.to_vec(),
        (_, "queue") => Queue::WORDS.to_vec(),
        _ => Vec::new(),
    }
}

impl Edition {
    /// The book that is compiled in.
    pub fn compiled_in() -> Self {
        let Texts { taxonomy, codes, words, routing, settings, legal, small_claims, bank_fees } = book::DEFAULT;
        let texts = [taxonomy, codes, words, routing, settings, legal, small_claims, bank_fees];
        let tables = FILES.into_iter().zip(texts).map(|(name, text)| (name.to_owned(), text.to_owned()));
        let examples = examples::DEFAULT.iter().map(|(name, text)| (format!("examples/{name}"), (*text).to_owned()));
        Self { files: tables.chain(examples).collect() }
    }

    /// A copy of the compiled-in book in which these files take the place of its own. Names that are no file of a book are returned.
    pub fn with(files: impl IntoIterator<Item = (String, String)>) -> (Self, Vec<String>) {
        Self::compiled_in().overlaid(files)
    }

    /// A copy in which these files take the place of its own. Names that are no file of a book are returned.
    pub fn overlaid(&self, files: impl IntoIterator<Item = (String, String)>) -> (Self, Vec<String>) {
        let mut edition = self.clone();
        let mut unknown = Vec::new();
        for (name, text) in files {
            if is_file(&name) {
                edition.files.insert(name, text);
            } else {
                unknown.push(name);
            }
        }
        (edition, unknown)
    }

    /// Every file with its text, in the order of names: what a version is derived from.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// The text of a file; `None` when the book has no such file.
    pub fn file(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(String::as_str)
    }

    /// The files that differ from those of another edition, with their text here.
    pub fn changes_from(&self, other: &Self) -> BTreeMap<String, String> {
        self.files.iter().filter(|(name, text)| other.files.get(*name) != Some(text)).map(|(name, text)| (name.clone(), text.clone())).collect()
    }

    /// The text of a file of [`FILES`].
    fn text(&self, name: &str) -> &str {
        self.file(name).unwrap_or_default()
    }

    pub fn texts(&self) -> Texts<'_> {
        Texts {
            taxonomy: self.text("taxonomy.csv"),
            codes: self.text("codes.csv"),
            words: self.text("words.csv"),
            routing: self.text("routing.csv"),
            settings: self.text("settings.toml"),
            legal: self.text("legal.csv"),
            small_claims: self.text("small_claims.csv"),
            bank_fees: self.text("bank_fees.csv"),
        }
    }

    /// Reads and checks the book.
    ///
    /// # Errors
    /// The first problem, with file, line and column.
    pub fn book(&self) -> Result<Book, RuleError> {
        Book::load(self.texts())
    }

    /// Decides every example; returns how many there are and which differ.
    ///
    /// # Errors
    /// The book or an example can't be read.
    pub fn run_examples(&self) -> Result<(usize, Vec<examples::Differs>), RuleError> {
        let book = self.book()?;
        let (mut count, mut differing) = (0, Vec::new());
        for (name, text) in self.files().filter_map(|(name, text)| Some((name.strip_prefix("examples/")?, text))) {
            let (rows, wrong) = examples::run(&book, name, text)?;
            count += rows;
            differing.extend(wrong);
        }
        Ok((count, differing))
    }
}

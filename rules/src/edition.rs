//! The files of a rule book as analysts edit them: the book that is compiled in, or a copy of it in which some files differ.

use std::collections::BTreeMap;

use crate::book::{self, Book, Texts};
use crate::examples;
use crate::table::RuleError;

/// The files of one book by their names below its folder: `routing.csv`, `examples/discount.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    files: BTreeMap<String, String>,
}

/// The tables and figures that a book is made of, besides its examples.
pub const FILES: [&str; 7] = ["taxonomy.csv", "codes.csv", "words.csv", "routing.csv", "settings.toml", "legal.csv", "small_claims.csv"];

impl Edition {
    /// The book that is compiled in.
    pub fn compiled_in() -> Self {
        let Texts { taxonomy, codes, words, routing, settings, legal, small_claims } = book::DEFAULT;
        let tables =
            FILES.into_iter().zip([taxonomy, codes, words, routing, settings, legal, small_claims]).map(|(name, text)| (name.to_owned(), text.to_owned()));
        let examples = examples::DEFAULT.iter().map(|(name, text)| (format!("examples/{name}"), (*text).to_owned()));
        Self { files: tables.chain(examples).collect() }
    }

    /// A copy of the compiled-in book in which these files take the place of its own. Names that are no file of a book are returned.
    pub fn with(files: impl IntoIterator<Item = (String, String)>) -> (Self, Vec<String>) {
        let mut edition = Self::compiled_in();
        let mut unknown = Vec::new();
        for (name, text) in files {
            if FILES.contains(&name.as_str()) || (name.starts_with("examples/") && name.ends_with(".csv")) {
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

    /// The text of a file of [`FILES`].
    fn text(&self, name: &str) -> &str {
        self.files.get(name).map_or("", String::as_str)
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

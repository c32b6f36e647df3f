//! Bytes to pages of words with boxes. The only place that calls foreign code; it runs in the guarded child process.

use recoup_engine::reading::{Area, Confidence, Doubt, TextSource};

/// One word as it stands on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    pub area: Area,
    /// Of recognised words what the engine says; 1 for words of a text layer.
    pub confidence: Confidence,
}

/// One page of words, upright, in no particular order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// From 1.
    pub number: u32,
    /// Width and height in points (1/72 inch) of the page as shown; only their ratio matters.
    pub width: u32,
    pub height: u32,
    pub words: Vec<Word>,
}

/// The words of a document and where they come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagedText {
    pub pages: Vec<Page>,
    pub source: TextSource,
    pub doubts: Vec<Doubt>,
}

//! Bytes to pages of words with boxes. The only place that calls foreign code; it runs in the guarded child process.
//!
//! - `glyphs`: positioned characters to words
//! - `pdf`, `second_opinion`: two independent readers of a text layer
//! - `embedded`: files that a PDF carries
//! - `sanity`: does a text layer make sense?
//! - `picture`, `prepare`, `resample`, `ocr`, `second_look`: pictures to words
//! - `plain`: text set in a fixed pitch to words
//! - [`stages`]: what each stage of recognition costs
//! - [`render`](mod@render): a page as a picture, for people
//!
//! All boxes are percents of the page as [`render()`] shows it: upright and, for scans, straightened.

#[cfg(feature = "pdf")]
mod embedded;
mod glyphs;
#[cfg(feature = "ocr")]
mod ocr;
#[cfg(feature = "pdf")]
mod pdf;
mod picture;
mod plain;
mod prepare;
pub mod render;
mod resample;
mod sanity;
mod scan;
#[cfg(feature = "ocr")]
mod second_look;
#[cfg(feature = "pdf")]
mod second_opinion;
pub mod stages;
#[cfg(all(test, feature = "pdf"))]
mod tests;

use recoup_engine::reading::{Area, Confidence, DocumentFormat, Doubt, TextSource};

pub(crate) use picture::tiffs;
pub use plain::pages_of_plain_text;
pub use render::render;

/// More pages than any honest document has; reading them would only serve an attacker.
const PAGES_AT_MOST: usize = 500;

/// One word as it stands on a page.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Word {
    pub text: String,
    pub area: Area,
    /// Of recognised words what the engine says; 1 for words of a text layer.
    pub confidence: Confidence,
}

/// One page of words, upright, in no particular order.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
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

impl PagedText {
    /// A document of which nothing can be read, with the reason.
    fn unreadable(doubt: Doubt) -> Self {
        Self { pages: Vec::new(), source: TextSource::TextLayer, doubts: vec![doubt] }
    }
}

/// What the first bytes say a paged document is, whatever its name.
pub fn format(bytes: &[u8]) -> Option<DocumentFormat> {
    // Mail gateways and printers put lines before the header; readers of PDF accept a kilobyte of them.
    let beginning = &bytes[..bytes.len().min(1024)];
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some(DocumentFormat::Png),
        [0xFF, 0xD8, 0xFF, ..] => Some(DocumentFormat::Jpeg),
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] | [b'I', b'I', 43, 0, ..] | [b'M', b'M', 0, 43, ..] => Some(DocumentFormat::Tiff),
        _ if beginning.windows(5).any(|window| window == b"%PDF-") => Some(DocumentFormat::Pdf),
        _ => None,
    }
}

/// Files and acting contents that a PDF carries beside its pages.
#[cfg(feature = "pdf")]
pub(crate) use embedded::look as embedded;

/// The words of a PDF, PNG, JPEG or TIFF: its text layer where it has a sane one, else what recognition sees.
pub fn pages(bytes: &[u8]) -> PagedText {
    pages_with(bytes, &mut scan::Recognition::default())
}

fn pages_with(bytes: &[u8], reading: &mut scan::Recognition) -> PagedText {
    match format(bytes) {
        #[cfg(feature = "pdf")]
        Some(DocumentFormat::Pdf) => scan::pdf(bytes, reading),
        Some(DocumentFormat::Png | DocumentFormat::Jpeg | DocumentFormat::Tiff) => scan::pictures(bytes, reading),
        _ => PagedText::unreadable(Doubt::blocking("unknown_format", "The document is neither a PDF nor a picture that can be read here.")),
    }
}

/// A scanned page as recognition gets it, for comparison with other programs.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub png: Vec<u8>,
    /// The name of the language's data file.
    pub engine: &'static str,
}

/// The scanned pages of a document as recognition gets them.
pub fn prepared(bytes: &[u8]) -> Vec<Prepared> {
    let mut reading = scan::Recognition::default();
    reading.kept = Some(Vec::new());
    pages_with(bytes, &mut reading);
    reading.kept.unwrap_or_default()
}

//! Bytes to engine values. Every reader here is tolerant: reading never fails, it returns a value and doubts.
//!
//! Architecture invariant: no network, no database, no knowledge of any sender, layout or file name. Bytes decide what a document is.
//!
//! - [`text`]: bytes to pages of words with boxes (text layer, Tesseract, plain text)
//! - [`layout`]: words to rows, columns and tables
//! - [`language`]: numbers, dates and label words of the four languages
//! - [`remittance`]: payment advices and bank statements of every format
//! - [`document`]: debit notes, deliveries and other supporting papers

pub mod decode;
pub mod document;
pub mod language;
pub mod layout;
pub mod remittance;
pub mod text;

use recoup_engine::reading::Reading;
use serde::{Deserialize, Serialize};

/// What the caller knows before reading.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Hints {
    /// The name the document arrived under: only its ending helps to break a tie between plain-text dialects.
    pub file_name: Option<String>,
    /// Names of our own legal entities, so that the payee isn't taken for the payer. May be empty.
    pub own_names: Vec<String>,
}

/// A document found inside another one: the attachment of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The name inside the container, as written.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// What came out of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extraction {
    pub reading: Reading,
    /// Documents of their own that this one contains, in order.
    pub members: Vec<Member>,
}

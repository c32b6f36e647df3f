//! What a verdict rests on, so that one click opens it.

use serde::{Deserialize, Serialize};

use crate::reading::Place;

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// `terms`, `invoice`, `agreement`, `delivery`, `credit_memo`, `settlement`, `price`, `remittance_line`, `debit_note`, …
    pub kind: String,
    /// The number a person would look it up by.
    pub reference: String,
    /// The document it stands in, by file name, when it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What it says, in words.
    pub says: String,
}

impl Evidence {
    /// Evidence from a record of ours.
    pub fn record(kind: &str, reference: impl Into<String>, says: impl Into<String>) -> Self {
        Self { kind: kind.to_owned(), reference: reference.into(), document: None, place: None, says: says.into() }
    }

    /// Evidence that stands in a document that arrived.
    pub fn in_document(self, document: &str, place: Option<Place>) -> Self {
        Self { document: Some(document.to_owned()), place, ..self }
    }
}

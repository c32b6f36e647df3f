//! A piece of evidence and the page image it stands on, with its box.

use recoup_engine::evidence::Evidence;
use recoup_engine::reading::{Area, Place};
use recoup_store::documents::DocumentRow;

use super::sheet::Sheet;

/// Formats whose pages can be drawn; the others show their words.
const WITH_PAGES: [&str; 5] = ["pdf", "png", "jpeg", "tiff", "facturx"];

/// A box on a page, in hundredths of a percent: the picture's overlay uses the same scale.
#[derive(Clone, Debug)]
pub struct Frame {
    pub left: u16,
    pub top: u16,
    pub width: u16,
    pub height: u16,
    pub label: String,
    /// The anchor that leads to it.
    pub anchor: String,
    pub is_marked: bool,
}

impl Frame {
    pub fn new(area: Area, label: String, anchor: String, is_marked: bool) -> Self {
        Self { left: area.left, top: area.top, width: (area.right - area.left).max(40), height: (area.bottom - area.top).max(40), label, anchor, is_marked }
    }
}

/// A page of a document.
#[derive(Clone, Debug)]
pub struct PageView {
    pub number: u32,
    pub source: String,
    pub frames: Vec<Frame>,
}

/// A document beside the claim: its page with the box, or its lines.
#[derive(Clone, Debug)]
pub struct DocumentView {
    pub document_id: String,
    pub name: String,
    pub kind: String,
    pub page: Option<PageView>,
    pub pages: i64,
    pub sheet: Option<Sheet>,
}

/// A piece of evidence in the list.
#[derive(Clone, Debug)]
pub struct Piece {
    /// The word of its kind.
    pub kind: String,
    pub reference: String,
    pub says: String,
    /// Which document shows it, by number.
    pub document_id: Option<String>,
    pub place: Option<Place>,
    pub href: String,
    pub is_shown: bool,
    /// Where a record of ours is found.
    pub record: Option<String>,
}

/// Whether a document's pages can be drawn.
pub fn has_pages(document: &DocumentRow) -> bool {
    WITH_PAGES.contains(&document.format.as_str())
        && document.problem.as_deref().is_none_or(|problem| problem.starts_with("blank") || !problem.contains("unreadable") && !problem.contains("password"))
}

/// Where the picture of a page is.
pub fn picture(document_id: &str, page: u32) -> String {
    format!("/documents/{document_id}/pages/{page}.png")
}

/// The pieces of a deduction; each names its document by file name or by number.
pub fn pieces(evidence: Vec<Evidence>, documents: &[DocumentRow], customer_id: Option<&str>) -> Vec<Piece> {
    evidence
        .into_iter()
        .map(|piece| {
            let named = piece.document.as_deref();
            // The last of several with one name is the one that counts: see the order of `documents_named`.
            let document = documents.iter().rev().find(|document| Some(document.document_id.as_str()) == named || Some(document.name.as_str()) == named);
            let record = match piece.kind.as_str() {
                "agreement" => Some(format!("/agreements/{}", piece.reference)),
                "terms" => customer_id.map(|customer| format!("/customers/{customer}#profile")),
                "invoice" => Some("#invoice".to_owned()),
                "delivery" | "price" => Some("#goods".to_owned()),
                _ => None,
            };
            Piece {
                kind: piece.kind,
                reference: piece.reference,
                says: piece.says,
                document_id: document.map(|document| document.document_id.clone()),
                place: piece.place,
                href: String::new(),
                is_shown: false,
                record,
            }
        })
        .collect()
}

/// The names and numbers of documents that evidence speaks of.
pub fn names(evidence: &[Evidence]) -> Vec<String> {
    evidence.iter().filter_map(|piece| piece.document.clone()).collect()
}

//! One PDF or TIFF that holds several documents: where each begins, and each as a file of its own.

use std::ops::Range;

#[cfg(feature = "pdf")]
use pdf_extract::Document;
use recoup_engine::reading::{DocumentFormat, Doubt};

use crate::Hints;
use crate::document::classify::classify;
use crate::document::rows::{self, TextRow};
use crate::document::supporting;
use crate::language::fold;
use crate::text::{self, PagedText};

/// What a page says of the document it belongs to.
struct Front {
    kind: recoup_engine::reading::DocumentKind,
    number: Option<String>,
    /// Its title as printed.
    title: String,
}

/// The first pages, from 1, of the documents in one file. A page begins a document when it has a title of its own with another number, or of another
/// kind with a number, and doesn't count itself as a later page.
fn beginnings(paged: &PagedText, hints: &Hints) -> Vec<u32> {
    let mut beginnings = Vec::new();
    let mut current: Option<Front> = None;
    for page in &paged.pages {
        let front = front(&rows::of_page(page), hints);
        let another = match (&current, &front) {
            _ if beginnings.is_empty() => true,
            (None, front) => front.as_ref().is_some_and(|front| front.number.is_some()),
            // The same title with the same figures is the same paper, whatever number stands first on the page.
            (Some(known), Some(front)) if front.title == known.title && front.title.bytes().any(|byte| byte.is_ascii_digit()) => false,
            (Some(known), Some(front)) => front.number.is_some() && (front.number != known.number && (known.number.is_some() || front.kind != known.kind)),
            (Some(_), None) => false,
        };
        if another {
            beginnings.push(page.number);
            current = front.or(current);
        }
    }
    beginnings
}

/// The front page of a document; `None` for pages that go on with the one before.
fn front(rows: &[TextRow], hints: &Hints) -> Option<Front> {
    if rows.iter().any(|row| row.cells.iter().any(|cell| is_later_page(&cell.text) || brings_forward(&cell.text))) {
        return None;
    }
    let guess = classify(rows);
    let title_row = guess.title_row.filter(|_| guess.confidence.thousandths() >= 700)?;
    Some(Front {
        kind: guess.kind,
        title: rows[title_row].cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" "),
        number: supporting::basics(rows, Some(title_row), &hints.own_names).number.map(|(number, _)| number),
    })
}

/// "Brought forward", "Übertrag von Seite 1", "Report": the sum of the page before.
fn brings_forward(text: &str) -> bool {
    let folded = fold(text);
    ["brought forward", "report", "ubertrag von", "ubertrag aus", "overdracht van", "transport van", "balance brought"]
        .iter()
        .any(|words| folded == *words || folded.starts_with(&format!("{words} ")) && folded.split(' ').count() <= 5)
}

/// "Page 2", "Seite 3 von 4", "Blz. 2/2", "p. 2", and what ends so: "Zahlungsbeleg 2000448107 Seite 2".
fn is_later_page(text: &str) -> bool {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(' ').collect();
    let later = |number: &str| number.parse::<u32>().is_ok_and(|number| (2..1000).contains(&number));
    let counted = |pair: &[&str]| matches!(pair[0], "page" | "seite" | "pagina" | "blz" | "bladzijde" | "blatt" | "pg") && later(pair[1]);
    let begins = words.len() > 1 && matches!(words[0], "s" | "p") && later(words[1]) && folded.len() < 20;
    begins || folded.len() < 60 && words.iter().rev().take(4).rev().copied().collect::<Vec<_>>().windows(2).any(counted)
}

/// The documents of a file.
pub(crate) enum Apart {
    One,
    /// Each as a file of its own, in order.
    Several(Vec<Vec<u8>>),
    /// There seem to be so many, and the file can't be taken apart.
    Stuck(usize),
}

impl Apart {
    /// What is left to a person.
    pub(crate) fn left(self) -> Option<Doubt> {
        let Self::Stuck(count) = self else { return None };
        Some(Doubt::blocking("not_split", format!("The file seems to hold {count} documents and could not be taken apart; split it.")))
    }
}

/// Takes a file apart where its pages say that it holds several documents.
pub(crate) fn apart(bytes: &[u8], format: DocumentFormat, paged: &PagedText, hints: &Hints) -> Apart {
    let beginnings = beginnings(paged, hints);
    if beginnings.len() < 2 {
        return Apart::One;
    }
    let pages = u32::try_from(paged.pages.len()).unwrap_or(u32::MAX);
    let ends = beginnings.iter().skip(1).copied().chain([pages.saturating_add(1)]);
    let ranges: Vec<Range<u32>> = beginnings.iter().copied().zip(ends).map(|(start, end)| start..end).collect();
    let parts = match format {
        #[cfg(feature = "pdf")]
        DocumentFormat::Pdf => pdfs(bytes, &ranges, pages),
        DocumentFormat::Tiff => text::tiffs(bytes, &ranges),
        _ => None,
    };
    parts.map_or(Apart::Stuck(ranges.len()), Apart::Several)
}

/// Some pages each, from 1, as PDFs of their own.
#[cfg(feature = "pdf")]
fn pdfs(bytes: &[u8], ranges: &[Range<u32>], pages: u32) -> Option<Vec<Vec<u8>>> {
    let whole = std::panic::catch_unwind(|| Document::load_mem(bytes).ok()).ok().flatten()?;
    let part = |range: &Range<u32>| {
        let mut part = whole.clone();
        let others: Vec<u32> = (1..=pages).filter(|page| !range.contains(page)).collect();
        part.delete_pages(&others);
        part.prune_objects();
        let mut written = Vec::new();
        part.save_to(&mut written).ok()?;
        Some(written)
    };
    ranges.iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::pages_of_plain_text;

    fn found(text: &str) -> Vec<u32> {
        beginnings(&pages_of_plain_text(text), &Hints::default())
    }

    #[test]
    fn titles_with_numbers_of_their_own_begin_documents() {
        let advice = "Northgate Grocers Inc.\n\nREMITTANCE ADVICE\nNo. EFT-7001\nDate: 07/16/2026\n\nInvoice     Gross     Net\nINV-1      10.00    10.00\n";
        let claim = "Northgate Grocers Inc.\n\nCHARGEBACK NOTICE\nNo. CB-77120\nDate: 07/16/2026\nAmount: 12.00 USD\n";
        assert_eq!(found(&format!("{advice}\u{c}{claim}\u{c}{}", claim.replace("77120", "77121"))), [1, 2, 3]);
        assert_eq!(found(&format!("{advice}\u{c}{advice}")), [1], "the same number goes on");
        assert_eq!(found(&format!("{advice}\u{c}{}\nPage 2\n", claim)), [1], "a page that counts itself goes on");
        assert_eq!(found(&format!("{advice}\u{c}Conditions of purchase apply to all orders.\n")), [1]);
    }
}

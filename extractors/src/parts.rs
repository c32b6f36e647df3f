//! One PDF that holds several documents: where each begins, and each as a PDF of its own.

use pdf_extract::Document;

use crate::Hints;
use crate::document::classify::classify;
use crate::document::rows::{self, TextRow};
use crate::document::supporting;
use crate::language::fold;
use crate::text::PagedText;

/// What a page says of the document it belongs to.
struct Front {
    kind: recoup_engine::reading::DocumentKind,
    number: Option<String>,
}

/// The first pages, from 1, of the documents in one file. A page begins a document when it has a title of its own with another number, or of another
/// kind with a number, and doesn't count itself as a later page.
pub(crate) fn beginnings(paged: &PagedText, hints: &Hints) -> Vec<u32> {
    let mut beginnings = Vec::new();
    let mut current: Option<Front> = None;
    for page in &paged.pages {
        let front = front(&rows::of_page(page), hints);
        let another = match (&current, &front) {
            (None, _) => true,
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
    if rows.iter().any(|row| row.cells.iter().any(|cell| is_later_page(&cell.text))) {
        return None;
    }
    let guess = classify(rows);
    let title_row = guess.title_row.filter(|_| guess.confidence.thousandths() >= 700)?;
    Some(Front { kind: guess.kind, number: supporting::basics(rows, Some(title_row), &hints.own_names).number.map(|(number, _)| number) })
}

/// "Page 2", "Seite 3 von 4", "Blz. 2/2", "p. 2".
fn is_later_page(text: &str) -> bool {
    let folded = fold(text);
    let mut words = folded.split(' ');
    let counts = matches!(words.next(), Some("page" | "seite" | "pagina" | "blz" | "bladzijde" | "blatt" | "s" | "p" | "pg"));
    counts && words.next().and_then(|number| number.parse::<u32>().ok()).is_some_and(|number| number > 1) && folded.len() < 20
}

/// The documents as PDFs of their own; `None` when the file can't be taken apart.
pub(crate) fn apart(bytes: &[u8], beginnings: &[u32], pages: u32) -> Option<Vec<Vec<u8>>> {
    let whole = std::panic::catch_unwind(|| Document::load_mem(bytes).ok()).ok().flatten()?;
    let ends = beginnings.iter().skip(1).copied().chain([pages + 1]);
    beginnings
        .iter()
        .zip(ends)
        .map(|(start, end)| {
            let mut part = whole.clone();
            let others: Vec<u32> = (1..=pages).filter(|page| !(*start..end).contains(page)).collect();
            part.delete_pages(&others);
            part.prune_objects();
            let mut written = Vec::new();
            part.save_to(&mut written).ok()?;
            Some(written)
        })
        .collect()
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

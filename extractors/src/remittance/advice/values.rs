//! Values speak louder than headings: a sentence under "purchase order" is a reason, a document number under "store" is the document.
//!
//! Recognition loses or misreads headings; what stands under them still shows what it is.

use recoup_engine::remittance::AdviceLine;

/// Moves values that stand in the wrong field.
pub(super) fn settle(lines: &mut [AdviceLine]) {
    for line in lines.iter_mut() {
        for cell in [&mut line.purchase_order, &mut line.store] {
            if let Some(sentence) = cell.take_if(|text| is_sentence(text)) {
                line.text = Some(match line.text.take() {
                    Some(text) => format!("{sentence} {text}"),
                    None => sentence,
                });
            }
        }
    }
    let nameless = lines.iter().filter(|line| line.reference.is_none()).count();
    if nameless * 2 <= lines.len() {
        return;
    }
    let fields: [fn(&mut AdviceLine) -> &mut Option<String>; 2] = [|line| &mut line.store, |line| &mut line.purchase_order];
    for field in fields {
        let numbered = lines
            .iter_mut()
            .filter_map(|line| if line.reference.is_none() { field(line).as_deref() } else { None })
            .filter(|text| is_document_number(text))
            .count();
        if numbered * 3 >= nameless * 2 {
            for line in lines.iter_mut().filter(|line| line.reference.is_none()) {
                line.reference = field(line).take_if(|text| is_document_number(text));
            }
            return;
        }
    }
}

/// At least two words of which one is long and none of the short ones is all there is: a store has a name too, but seldom a verb or a number behind it.
fn is_sentence(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let spoken = words.iter().filter(|word| word.chars().filter(|letter| letter.is_lowercase()).count() >= 3).count();
    words.len() >= 4 && spoken >= 2
}

/// One word with three digits or more.
fn is_document_number(text: &str) -> bool {
    !text.trim().contains(' ') && text.bytes().filter(u8::is_ascii_digit).count() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(reference: Option<&str>, store: Option<&str>, order: Option<&str>) -> AdviceLine {
        AdviceLine {
            reference: reference.map(str::to_owned),
            store: store.map(str::to_owned),
            purchase_order: order.map(str::to_owned),
            ..AdviceLine::default()
        }
    }

    #[test]
    fn numbers_under_a_lost_heading_become_the_documents() {
        let mut lines = [line(None, Some("FA26/000225"), None), line(None, Some("FA26/000182"), None), line(None, Some("ND035533"), None)];
        settle(&mut lines);
        assert_eq!(lines.map(|line| line.reference.unwrap_or_default()), ["FA26/000225", "FA26/000182", "ND035533"]);
    }

    #[test]
    fn sentences_become_reasons_and_stores_stay() {
        let mut lines =
            [line(Some("RK-36185"), None, Some("Aktion Preisnachlass Ref. AK-02255")), line(Some("RE-1"), Some("Mag. 0412 Angers"), Some("B0011628"))];
        settle(&mut lines);
        assert_eq!(lines[0].text.as_deref(), Some("Aktion Preisnachlass Ref. AK-02255"));
        assert_eq!(
            (lines[1].store.as_deref(), lines[1].purchase_order.as_deref(), lines[1].text.as_deref()),
            (Some("Mag. 0412 Angers"), Some("B0011628"), None)
        );
    }
}

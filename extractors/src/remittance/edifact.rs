//! A tolerant tokenizer of EDIFACT interchanges.

use crate::language::exact_number;
use recoup_engine::reading::Doubt;

/// One segment: tag, then elements of components.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    elements: Vec<Vec<String>>,
}

impl Segment {
    pub fn tag(&self) -> &str {
        self.get(0, 0)
    }

    /// A component of an element, empty when it isn't there; element 0 is the tag.
    pub fn get(&self, element: usize, component: usize) -> &str {
        self.elements.get(element).and_then(|components| components.get(component)).map_or("", String::as_str)
    }

    pub fn text(&self, element: usize, component: usize) -> Option<String> {
        Some(self.get(element, component)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// All components of an element, joined by spaces.
    pub fn joined(&self, element: usize) -> String {
        self.elements
            .get(element)
            .map(|components| components.iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join(" "))
            .unwrap_or_default()
    }

    /// The words of all elements after the tag.
    pub fn words(&self) -> String {
        (1..self.elements.len()).map(|element| self.joined(element)).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

/// An interchange cut into segments, with its decimal mark.
#[derive(Clone, Debug)]
pub struct Interchange {
    pub segments: Vec<Segment>,
    pub decimal_mark: char,
}

impl Interchange {
    /// Cuts a text; `UNA` states the signs, without it the usual ones hold.
    pub fn new(text: &str) -> Self {
        let mut text = text.trim_start_matches(|character: char| character.is_whitespace() || character == '\u{feff}');
        let (mut component, mut element, mut decimal_mark, mut release, mut terminator) = (':', '+', '.', '?', '\'');
        if let Some(rest) = text.strip_prefix("UNA") {
            let signs: Vec<char> = rest.chars().take(6).collect();
            if let [first, second, third, fourth, _, sixth] = signs[..] {
                (component, element, decimal_mark, release, terminator) = (first, second, third, fourth, sixth);
                text = &rest[signs.iter().map(|sign| sign.len_utf8()).sum()..];
            }
        }
        let mut segments = Vec::new();
        let mut current = vec![vec![String::new()]];
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            // A release sign takes the next letter literally; a blank release sign means there is none.
            if letter == release && release != ' ' {
                if let Some(literal) = letters.next() {
                    push(&mut current, literal);
                }
            } else if letter == terminator {
                finish(&mut segments, &mut current);
            } else if letter == element {
                current.push(vec![String::new()]);
            } else if letter == component {
                if let Some(components) = current.last_mut() {
                    components.push(String::new());
                }
            } else if !matches!(letter, '\r' | '\n') {
                push(&mut current, letter);
            }
        }
        finish(&mut segments, &mut current);
        Self { segments, decimal_mark }
    }

    /// The name of the first message, as in `REMADV`.
    pub fn message_type(&self) -> &str {
        self.segments.iter().find(|segment| segment.tag() == "UNH").map_or("", |segment| segment.get(2, 0))
    }

    /// What is odd about the envelopes: data marked as a test, messages that are not closed or count their segments wrongly.
    pub fn envelope_doubts(&self) -> Vec<Doubt> {
        let mut doubts = Vec::new();
        let mut open: Option<usize> = None;
        for (position, segment) in self.segments.iter().enumerate() {
            match segment.tag() {
                "UNB" if (10..12).any(|element| segment.get(element, 0) == "1") => {
                    doubts.push(Doubt::blocking("test_data", "The interchange carries the test flag: nothing may be posted from it."));
                }
                "UNH" => open = Some(position),
                "UNT" => {
                    let counted = open.take().map_or(0, |start| position - start + 1);
                    if segment.get(1, 0).parse::<usize>().is_ok_and(|stated| stated != counted) {
                        let says = format!("Segment {} (UNT) says {} segments, there are {counted}.", position + 1, segment.get(1, 0));
                        doubts.push(Doubt::note("edi_structure", says));
                    }
                }
                _ => {}
            }
        }
        if open.is_some() {
            doubts.push(Doubt::note("edi_structure", "The interchange ends before its message is closed."));
        }
        doubts
    }

    /// An amount in the interchange's notation.
    pub fn amount(&self, text: &str) -> Option<rust_decimal::Decimal> {
        let point = text.trim().replace([self.decimal_mark, ','], ".");
        // Some systems write the sign behind.
        match point.strip_suffix('-') {
            Some(unsigned) => exact_number(unsigned).map(|value| -value),
            None => exact_number(&point),
        }
    }
}

/// The messages of an interchange as texts of their own; a single one comes back alone.
pub fn messages(text: &str) -> Vec<String> {
    let interchange = Interchange::new(text);
    let released = |text: &str| text.chars().flat_map(|sign| ["?", ""][usize::from(!"?+:'".contains(sign))].chars().chain([sign])).collect::<String>();
    let written = |segment: &Segment| {
        let elements = segment.elements.iter().map(|components| components.iter().map(|part| released(part)).collect::<Vec<_>>().join(":"));
        format!("{}'", elements.collect::<Vec<_>>().join("+"))
    };
    let head = format!("UNA:+{}? '", interchange.decimal_mark);
    let envelope: String = interchange.segments.iter().filter(|segment| segment.tag() == "UNB").take(1).map(written).collect();
    let mut messages: Vec<String> = Vec::new();
    let mut open = false;
    for segment in &interchange.segments {
        if segment.tag() == "UNH" {
            messages.push(format!("{head}{envelope}"));
            open = true;
        }
        if let Some(message) = messages.last_mut().filter(|_| open) {
            message.push_str(&written(segment));
        }
        open &= segment.tag() != "UNT";
    }
    messages
}

fn push(current: &mut [Vec<String>], letter: char) {
    if let Some(component) = current.last_mut().and_then(|components| components.last_mut()) {
        component.push(letter);
    }
}

fn finish(segments: &mut Vec<Segment>, current: &mut Vec<Vec<String>>) {
    let mut elements = std::mem::replace(current, vec![vec![String::new()]]);
    for component in elements.iter_mut().flatten() {
        let trimmed = component.trim();
        if trimmed.len() != component.len() {
            *component = trimmed.to_owned();
        }
    }
    if !elements[0][0].is_empty() {
        segments.push(Segment { elements });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn released_signs_and_stated_marks_are_honoured() {
        let interchange = Interchange::new("UNA:+,? '\r\nUNH+1+REMADV:D:96A'FTX+AAI+++Short?+late ?'x?' a:b'\nMOA+9:12,50'");
        assert_eq!(interchange.message_type(), "REMADV");
        assert_eq!(interchange.segments[1].joined(4), "Short+late 'x' a b");
        let two = "UNH+1+INVOIC'FTX+AAI+++a?+b'UNT+3+1'UNH+2+INVOIC'BGM+380'UNT+4+2'";
        let parts = messages(two);
        assert_eq!((parts.len(), Interchange::new(&parts[0]).segments[1].joined(4).as_str()), (2, "a+b"));
        assert_eq!(Interchange::new(&parts[1]).envelope_doubts()[0].code, "edi_structure");
        assert_eq!(interchange.amount(interchange.segments[2].get(1, 1)), Some(rust_decimal::Decimal::new(1250, 2)));
    }
}

//! A tolerant tokenizer of X12 interchanges: odd terminators, indents, blanks and wrapped lines are passed over.

use recoup_engine::reading::Doubt;

/// One segment: its name and elements, trimmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its place in the interchange, from 1.
    pub position: u32,
    elements: Vec<String>,
}

impl Segment {
    pub fn name(&self) -> &str {
        self.elements.first().map_or("", String::as_str)
    }

    /// The element of that number, empty when it isn't there.
    pub fn get(&self, index: usize) -> &str {
        self.elements.get(index).map_or("", String::as_str)
    }

    /// The element, when it says something.
    pub fn text(&self, index: usize) -> Option<String> {
        Some(self.get(index)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    pub fn elements(&self) -> &[String] {
        &self.elements
    }
}

/// Cuts an interchange into segments. The element separator stands after `ISA`; the terminator is found from where `GS` follows.
pub fn segments(text: &str) -> Vec<Segment> {
    let text = text.trim_start_matches(|character: char| character.is_whitespace() || character == '\u{feff}' || character == '\0');
    let Some(separator) = text.chars().nth(if text.starts_with("ISA") { 3 } else { 2 }) else { return Vec::new() };
    parted(text, separator)
}

/// Cuts segments without an envelope, whose separator is known.
pub(super) fn parted(text: &str, separator: char) -> Vec<Segment> {
    let terminator = terminator(text, separator);
    let wrapped_at_lines = terminator != '\n';
    let mut segments = Vec::new();
    let mut position = 0;
    for part in text.split(terminator) {
        // A line break inside a segment is a wrapped line, not a value.
        let joined: String = if wrapped_at_lines {
            part.chars().filter(|character| !matches!(character, '\r' | '\n')).collect()
        } else {
            part.trim_end_matches('\r').to_owned()
        };
        let joined = joined.trim();
        if joined.is_empty() {
            continue;
        }
        position += 1;
        segments.push(Segment { position, elements: joined.split(separator).map(|element| element.trim().to_owned()).collect() });
    }
    segments
}

/// The sign between `ISA` and `GS`: by the fixed length of ISA when that fits, else by looking back from `GS`.
fn terminator(text: &str, separator: char) -> char {
    if text.starts_with("ISA") {
        if let Some(sign) = text.chars().nth(105)
            && !sign.is_alphanumeric()
            && sign != separator
            && sign != ' '
            && text.chars().skip(106).find(|character| !character.is_whitespace()) == Some('G')
        {
            return if sign == '\r' { '\n' } else { sign };
        }
        let next = format!("GS{separator}");
        if let Some(at) = text.find(&next) {
            let before = &text[..at];
            let trimmed = before.trim_end();
            if let Some(sign) = trimmed
                .chars()
                .last()
                .filter(|sign| !sign.is_alphanumeric() && !matches!(sign, '>' | ':' | '^') || (trimmed.len() > 105 && !sign.is_alphanumeric()))
            {
                return sign;
            }
            if before.contains('\n') {
                return '\n';
            }
        }
    }
    ['~', '\'', '\\', '\n', '|'].into_iter().find(|sign| *sign != separator && text.contains(*sign)).unwrap_or('~')
}

/// What is odd about the envelopes: data marked as a test, sets that are not closed or count their segments wrongly.
pub fn envelope_doubts(segments: &[Segment]) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    let mut open: Option<u32> = None;
    for segment in segments {
        match segment.name() {
            "ISA" if segment.get(15) == "T" => {
                doubts.push(Doubt::blocking("test_data", "The interchange carries the test flag: nothing may be posted from it."));
            }
            "ST" => open = Some(segment.position),
            "SE" => {
                let counted = open.take().map_or(0, |start| segment.position - start + 1);
                if segment.get(1).parse::<u32>().is_ok_and(|stated| stated != counted) {
                    let says = format!("Segment {} (SE) says {} segments, there are {counted}.", segment.position, segment.get(1));
                    doubts.push(Doubt::note("edi_structure", says));
                }
            }
            _ => {}
        }
    }
    if open.is_some() {
        doubts.push(Doubt::note("edi_structure", "The interchange ends before its transaction set is closed."));
    }
    doubts
}

/// The transaction sets of an interchange, each in envelopes of its own; a single one comes back alone.
pub fn transactions(text: &str) -> Vec<String> {
    let segments = segments(text);
    // Signs that no value holds: what another sender's file separates with may stand in the words of this one.
    let free = |signs: [char; 4]| signs.into_iter().find(|sign| !segments.iter().any(|segment| segment.elements.iter().any(|element| element.contains(*sign))));
    let (separator, terminator) = (free(['*', '|', '^', '\u{1d}']).unwrap_or('\u{1f}'), free(['~', '\'', '\\', '\u{1c}']).unwrap_or('\u{1e}'));
    let written = |segment: &Segment| format!("{}{terminator}\n", segment.elements.join(separator.encode_utf8(&mut [0; 4])));
    let (mut head, mut group, mut sets): (String, String, Vec<String>) = (String::new(), String::new(), Vec::new());
    let mut open = false;
    for segment in &segments {
        match segment.name() {
            // Trimmed elements shorten ISA: the terminator is then found before GS.
            "ISA" => (head, group, open) = (written(segment), String::new(), false),
            "GS" => (group, open) = (written(segment), false),
            "ST" => {
                sets.push(format!("{head}{group}{}", written(segment)));
                open = true;
            }
            "GE" | "IEA" => open = false,
            _ if open => {
                if let Some(set) = sets.last_mut() {
                    set.push_str(&written(segment));
                }
            }
            _ => {}
        }
    }
    sets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_terminators_and_wrapped_lines_are_read() {
        let isa = "ISA*00*          *00*          *ZZ*AAAAAAAAAAAAAAA*ZZ*BBBBBBBBBBBBBBB*260101*0000*U*00401*000000001*0*P*>";
        assert_eq!(isa.len(), 105);
        for (terminator, gap) in [("~", "\r\n"), ("~", ""), ("\\", "\n  "), ("\n", ""), ("\r\n", "")] {
            let text =
                format!("\u{feff}{isa}{terminator}{gap}GS*RA*A*B*20260101*0000*1*X*004010{terminator}{gap}ST*820*0001{terminator}{gap}REF*VR*12 {terminator}");
            let segments = segments(&text);
            assert_eq!(segments.len(), 4, "{terminator:?}");
            assert_eq!(segments[3].get(2), "12");
        }
        let two = format!("{isa}~GS*CD*A*B*20260101*0000*1*X*004010~ST*812*1~BCD*1~SE*3*1~ST*812*2~BCD*2~SE*3*2~GE*2*1~");
        let sets = transactions(&two);
        assert_eq!(sets.len(), 2);
        assert_eq!(segments(&sets[1])[3].get(1), "2");
        assert_eq!(envelope_doubts(&segments(&sets[1])), []);
        let wrapped = format!("{isa}~GS*RA*A*B*20260101*0000*1*X*004010~ST*8\r\n20*0001~");
        assert_eq!(segments(&wrapped)[2].get(1), "820");
    }
}

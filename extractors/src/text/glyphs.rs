//! Positioned characters to words: joined by their distance, never by the order of reading, which a content stream doesn't promise.

use std::rc::Rc;

use recoup_engine::reading::{Area, Confidence};

use super::Word;

/// A character as it is drawn, in points from the page's upper left corner.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    /// Shared by all places where the character is drawn.
    pub text: Rc<str>,
    /// Where the pen is before and after.
    pub start: (f64, f64),
    pub end: (f64, f64),
    /// Height of the font.
    pub size: f64,
}

/// Kerning stays below this share of the font size, blanks above it.
const GAP: f64 = 0.14;
const ASCENT: f64 = 0.75;
const DESCENT: f64 = 0.22;

/// Quarter turns clockwise that make most of the characters run from left to right.
pub(super) fn turns(glyphs: &[Glyph]) -> u8 {
    let mut counts = [0usize; 4];
    for glyph in glyphs {
        let (x, y) = (glyph.end.0 - glyph.start.0, glyph.end.1 - glyph.start.1);
        let direction = match (x.abs() >= y.abs(), x >= 0.0, y >= 0.0) {
            (true, true, _) => 0,
            (true, false, _) => 2,
            // Running upwards: a turn clockwise makes it run to the right.
            (false, _, false) => 1,
            (false, _, true) => 3,
        };
        counts[direction] += 1;
    }
    (0..4u8).rev().max_by_key(|turn| counts[usize::from(*turn)]).unwrap_or(0)
}

/// Turns a page of the given size clockwise; returns the new size.
pub(super) fn turn(glyphs: &mut [Glyph], turns: u8, width: f64, height: f64) -> (f64, f64) {
    let place = |(x, y): (f64, f64)| match turns {
        1 => (height - y, x),
        2 => (width - x, height - y),
        3 => (y, width - x),
        _ => (x, y),
    };
    for glyph in glyphs {
        (glyph.start, glyph.end) = (place(glyph.start), place(glyph.end));
    }
    if turns % 2 == 1 { (height, width) } else { (width, height) }
}

/// Words of the characters of one page; slanted writing (stamps, watermarks) is left out.
pub(super) fn words(glyphs: &[Glyph], width: f64, height: f64) -> Vec<Word> {
    let mut words = Vec::new();
    let mut open: Option<Run> = None;
    for glyph in glyphs {
        let level = (glyph.end.1 - glyph.start.1).abs() <= 0.1 * (glyph.end.0 - glyph.start.0).abs() + 0.01 && glyph.end.0 >= glyph.start.0;
        let blank = glyph.text.chars().all(|character| character.is_whitespace() || character.is_control() || character == '\u{200b}' || character == '\u{ad}');
        if !level || blank {
            if blank {
                words.extend(open.take().and_then(|run| run.word(width, height)));
            }
            continue;
        }
        match &mut open {
            // Bold writing is sometimes the same character drawn twice, a hair apart.
            Some(run) if run.repeats(glyph) => {}
            Some(run) if run.continues(glyph) => run.add(glyph),
            _ => {
                words.extend(open.take().and_then(|run| run.word(width, height)));
                let mut run = Run::new(glyph);
                run.add(glyph);
                open = Some(run);
            }
        }
    }
    words.extend(open.and_then(|run| run.word(width, height)));
    words
}

struct Run {
    text: String,
    last: (Rc<str>, f64),
    left: f64,
    right: f64,
    baseline: f64,
    size: f64,
}

impl Run {
    fn new(glyph: &Glyph) -> Self {
        Self {
            text: String::new(),
            last: (Rc::clone(&glyph.text), glyph.start.0),
            left: glyph.start.0,
            right: glyph.end.0,
            baseline: glyph.start.1,
            size: glyph.size,
        }
    }

    fn repeats(&self, glyph: &Glyph) -> bool {
        self.last.0 == glyph.text && (self.last.1 - glyph.start.0).abs() < 0.08 * self.size && (self.baseline - glyph.start.1).abs() < 0.1 * self.size
    }

    fn continues(&self, glyph: &Glyph) -> bool {
        let gap = glyph.start.0 - self.right;
        (self.baseline - glyph.start.1).abs() < 0.35 * self.size && gap < GAP * self.size.max(glyph.size) && gap > -0.5 * self.size
    }

    fn add(&mut self, glyph: &Glyph) {
        spell(&glyph.text, &mut self.text);
        self.last = (Rc::clone(&glyph.text), glyph.start.0);
        self.right = self.right.max(glyph.end.0);
        self.size = self.size.max(glyph.size);
    }

    fn word(self, width: f64, height: f64) -> Option<Word> {
        let inside = self.right > 0.0 && self.left < width && self.baseline > 0.0 && self.baseline - self.size * ASCENT < height;
        let text = self.text.trim().to_owned();
        (inside && !text.is_empty()).then(|| {
            let (top, bottom) = (self.baseline - ASCENT * self.size, self.baseline + DESCENT * self.size);
            Word { text, area: area(self.left, top, self.right, bottom, width, height), confidence: Confidence::CERTAIN }
        })
    }
}

/// The area of a rectangle on a page of the given size, both in the same unit.
pub(super) fn area(left: f64, top: f64, right: f64, bottom: f64, width: f64, height: f64) -> Area {
    let share = |value: f64, whole: f64| (value / whole.max(1e-9) * 10_000.0).round() as i64;
    Area::new(share(left, width), share(top, height), share(right, width), share(bottom, height))
}

/// Ligatures as letters; a no-break space inside a number stays a plain blank for the readers of numbers.
fn spell(text: &str, spelled: &mut String) {
    for character in text.chars() {
        match character {
            'ﬀ' => spelled.push_str("ff"),
            'ﬁ' => spelled.push_str("fi"),
            'ﬂ' => spelled.push_str("fl"),
            'ﬃ' => spelled.push_str("ffi"),
            'ﬄ' => spelled.push_str("ffl"),
            'ﬅ' | 'ﬆ' => spelled.push_str("st"),
            '\u{ad}' | '\u{200b}' | '\u{feff}' => {}
            character if character.is_control() => {}
            character => spelled.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, left: f64, baseline: f64) -> Vec<Glyph> {
        text.chars()
            .enumerate()
            .map(|(index, character)| {
                let start = left + index as f64 * 5.0;
                Glyph { text: character.to_string().into(), start: (start, baseline), end: (start + 5.0, baseline), size: 10.0 }
            })
            .collect()
    }

    fn texts(words: &[Word]) -> Vec<&str> {
        words.iter().map(|word| word.text.as_str()).collect()
    }

    #[test]
    fn blanks_and_gaps_part_words() {
        let mut glyphs = line("Net paid", 10.0, 50.0);
        glyphs.extend(line("12,50", 100.0, 50.0));
        assert_eq!(texts(&words(&glyphs, 200.0, 100.0)), ["Net", "paid", "12,50"]);
    }

    #[test]
    fn doubled_characters_and_ligatures_are_read_once() {
        let mut glyphs = Vec::new();
        for glyph in line("oﬃce", 10.0, 50.0) {
            let again = Glyph { start: (glyph.start.0 + 0.3, 50.0), end: (glyph.end.0 + 0.3, 50.0), ..glyph.clone() };
            glyphs.extend([glyph, again]);
        }
        assert_eq!(texts(&words(&glyphs, 200.0, 100.0)), ["office"]);
    }

    #[test]
    fn writing_that_climbs_is_turned_upright() {
        let mut glyphs: Vec<Glyph> = (0..4)
            .map(|index| Glyph { text: "x".into(), start: (20.0, 90.0 - 5.0 * f64::from(index)), end: (20.0, 85.0 - 5.0 * f64::from(index)), size: 10.0 })
            .collect();
        let turned = turns(&glyphs);
        assert_eq!(turned, 1);
        assert_eq!(turn(&mut glyphs, turned, 50.0, 100.0), (100.0, 50.0));
        assert_eq!(texts(&words(&glyphs, 100.0, 50.0)), ["xxxx"]);
    }
}

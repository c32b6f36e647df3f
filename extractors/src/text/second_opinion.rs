//! The text layer of a PDF as a second, independent reader sees it: asked only where the first one's text looks wrong.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pdf_extract::{Document, MediaBox, OutputDev, OutputError, Transform, output_doc_page};

use super::Page;
use super::glyphs::{self, Glyph};

/// The words of one page, or none when this reader can't read it either.
pub(super) fn page(document: &Document, number: u32) -> Option<Page> {
    let mut collector = Collector { glyphs: Vec::new(), left: 0.0, top: 0.0, width: 0.0, height: 0.0 };
    let rotation = rotation(document, number);
    let outcome = catch_unwind(AssertUnwindSafe(|| output_doc_page(document, &mut collector, number)));
    if !matches!(outcome, Ok(Ok(()))) || collector.glyphs.is_empty() || collector.width <= 0.0 {
        return None;
    }
    let (width, height) = glyphs::turn(&mut collector.glyphs, rotation, collector.width, collector.height);
    let turns = glyphs::turns(&collector.glyphs);
    let (width, height) = glyphs::turn(&mut collector.glyphs, turns, width, height);
    let words = glyphs::words(&collector.glyphs, width, height);
    Some(Page { number, width: width as u32, height: height as u32, words })
}

/// Opens a document, or gives up.
pub(super) fn open(bytes: &[u8]) -> Option<Document> {
    catch_unwind(|| Document::load_mem(bytes).ok()).ok().flatten()
}

fn rotation(document: &Document, number: u32) -> u8 {
    let mut object = document.get_pages().get(&number).copied();
    // The entry is inherited from the parents; a broken chain of them mustn't be followed for ever.
    for _ in 0..20 {
        let Some(dictionary) = object.and_then(|id| document.get_dictionary(id).ok()) else { return 0 };
        if let Ok(degrees) = dictionary.get(b"Rotate").and_then(|value| value.as_i64()) {
            return u8::try_from(degrees.rem_euclid(360) / 90).unwrap_or(0);
        }
        object = dictionary.get(b"Parent").and_then(|parent| parent.as_reference()).ok();
    }
    0
}

struct Collector {
    glyphs: Vec<Glyph>,
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

impl OutputDev for Collector {
    fn begin_page(&mut self, _: u32, media_box: &MediaBox, _: Option<(f64, f64, f64, f64)>) -> Result<(), OutputError> {
        (self.left, self.top) = (media_box.llx, media_box.ury);
        (self.width, self.height) = (media_box.urx - media_box.llx, media_box.ury - media_box.lly);
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(&mut self, placed: &Transform, width: f64, _: f64, font_size: f64, character: &str) -> Result<(), OutputError> {
        let (x, y) = (placed.m31 - self.left, self.top - placed.m32);
        let advance = width * font_size;
        let end = (x + placed.m11 * advance, y - placed.m12 * advance);
        let size = (placed.m21.hypot(placed.m22) * font_size).abs();
        self.glyphs.push(Glyph { text: character.into(), start: (x, y), end, size });
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        // The end of a string is no blank: distances decide.
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

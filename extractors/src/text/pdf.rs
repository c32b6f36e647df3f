//! The text layer of a PDF as hayro interprets it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use hayro::hayro_interpret::font::{Glyph as PdfGlyph, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache, InterpreterSettings, SoftMask, TransformExt,
    interpret_page,
};
use hayro::hayro_syntax::page::Page as PdfPage;
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::kurbo::{Affine, BezPath, Point, Rect, Shape};
use recoup_engine::reading::Doubt;

use super::glyphs::{self, Glyph};
use super::{PAGES_AT_MOST, Page};

/// What interpretation found on one page.
pub(super) struct Sheet {
    pub page: Page,
    /// Quarter turns clockwise, on top of the page's own rotation, that made the text upright.
    pub turns: u8,
    /// Share of the page that pictures cover, strips of a scan together; those over each other count twice.
    pub picture: f64,
    /// Anything at all is drawn.
    pub inked: bool,
    /// Characters without a meaning in Unicode.
    pub unknown_characters: usize,
    pub characters: usize,
}

impl Sheet {
    /// A page whose interpretation broke off: all that is known of it is its size.
    fn broken(page: &PdfPage<'_>, number: u32) -> Self {
        let (width, height) = page.render_dimensions();
        let page = Page { number, width: width as u32, height: height as u32, words: Vec::new() };
        Self { page, turns: 0, picture: 0.0, inked: true, unknown_characters: 0, characters: 0 }
    }
}

/// Opens a document; says why it can't.
pub(super) fn open(bytes: &[u8]) -> Result<Pdf, Doubt> {
    let unreadable = || Doubt::blocking("unreadable_pdf", "The PDF is damaged and can't be opened. Ask the sender for a new copy.");
    let opened = catch_unwind(|| Pdf::new(bytes.to_vec())).map_err(|_| unreadable())?;
    let pdf = opened.map_err(|error| match error {
        LoadPdfError::Decryption(_) => Doubt::blocking("password_needed", "The PDF is encrypted. Ask the sender for an open copy."),
        LoadPdfError::Invalid => unreadable(),
    })?;
    match pdf.pages().len() {
        0 => Err(unreadable()),
        pages if pages > PAGES_AT_MOST => {
            Err(Doubt::blocking("pdf_limits", format!("The PDF has {pages} pages; at most {PAGES_AT_MOST} are read. Split it into smaller documents.")))
        }
        _ => Ok(pdf),
    }
}

/// The words of every page; a page whose interpretation breaks comes back empty.
pub(super) fn sheets(pdf: &Pdf) -> Vec<Sheet> {
    let cache = InterpreterCache::new();
    let mut sheets = Vec::new();
    for (page, number) in pdf.pages().iter().zip(1..) {
        let read = catch_unwind(AssertUnwindSafe(|| sheet(page, number, &cache)));
        sheets.push(read.unwrap_or_else(|_| Sheet::broken(page, number)));
    }
    sheets
}

/// One page on its own, for showing it.
pub(super) fn sheet_alone<'a>(page: &'a PdfPage<'a>, number: u32) -> Sheet {
    let cache = InterpreterCache::new();
    catch_unwind(AssertUnwindSafe(|| sheet(page, number, &cache))).unwrap_or_else(|_| Sheet::broken(page, number))
}

fn collect<'a>(page: &'a PdfPage<'a>, cache: &InterpreterCache<'a>) -> Collector {
    let (width, height) = page.render_dimensions();
    let target = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let transform: Affine = page.initial_transform(true).to_kurbo();
    let mut context = Context::new(transform, target, cache, page.xref(), InterpreterSettings::default());
    let mut collector = Collector { glyphs: Vec::new(), target, picture: 0.0, inked: false, unknown: 0 };
    interpret_page(page, &mut context, &mut collector);
    collector
}

fn sheet<'a>(page: &'a PdfPage<'a>, number: u32, cache: &InterpreterCache<'a>) -> Sheet {
    let mut collector = collect(page, cache);
    let turns = glyphs::turns(&collector.glyphs);
    let (width, height) = glyphs::turn(&mut collector.glyphs, turns, collector.target.width(), collector.target.height());
    let words = glyphs::words(&collector.glyphs, width, height);
    Sheet {
        page: Page { number, width: width as u32, height: height as u32, words },
        turns,
        picture: collector.picture,
        inked: collector.inked,
        unknown_characters: collector.unknown,
        characters: collector.glyphs.len(),
    }
}

/// A device that draws nothing and keeps the characters.
struct Collector {
    glyphs: Vec<Glyph>,
    target: Rect,
    picture: f64,
    inked: bool,
    unknown: usize,
}

/// What a code of a font stands for.
struct Character {
    text: Rc<str>,
    /// It has no meaning in Unicode.
    is_unknown: bool,
    /// In thousandths of the font's size.
    advance: f64,
}

impl Character {
    fn of(glyph: &PdfGlyph<'_>) -> Self {
        let text: Rc<str> = match glyph.as_unicode() {
            Some(BfString::Char(character)) => character.encode_utf8(&mut [0; 4]).into(),
            Some(BfString::String(text)) => text.into(),
            None => "\u{fffd}".into(),
        };
        let is_unknown = text.chars().any(|character| character == '\u{fffd}' || ('\u{e000}'..='\u{f8ff}').contains(&character));
        let advance = match glyph {
            PdfGlyph::Outline(outline) => outline.advance_width(),
            PdfGlyph::Type3(drawn) => drawn.advance_width(),
        };
        Self { text, is_unknown, advance: f64::from(advance.unwrap_or(500.0)) }
    }
}

impl<'a> Device<'a> for Collector {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        self.inked = true;
        // A run has one font: what a code means and how wide it is are looked up by name, so each is asked once.
        let mut known: Vec<(u32, Character)> = Vec::new();
        for glyph in run.glyphs() {
            let code = glyph.char_code();
            let position = known.iter().position(|(known, _)| *known == code).unwrap_or_else(|| {
                known.push((code, Character::of(glyph)));
                known.len() - 1
            });
            let Character { text, is_unknown, advance } = &known[position].1;
            self.unknown += usize::from(*is_unknown);
            let transform = props.transform * glyph.transform();
            let (start, end, top) = (transform * Point::ZERO, transform * Point::new(*advance, 0.0), transform * Point::new(0.0, 1000.0));
            self.glyphs.push(Glyph { text: Rc::clone(text), start: (start.x, start.y), end: (end.x, end.y), size: start.distance(top) });
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.inked = true;
        let (width, height) = (f64::from(image.width()), f64::from(image.height()));
        let covered = (props.transform * Rect::new(0.0, 0.0, width, height).to_path(0.1)).bounding_box().intersect(self.target);
        self.picture += covered.area() / self.target.area().max(1.0);
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {
        self.inked = true;
    }

    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

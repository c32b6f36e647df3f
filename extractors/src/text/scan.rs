//! The pipeline: a text layer where it is sane, else the picture of the page, prepared and recognised.

use image::GrayImage;
use recoup_engine::reading::{DocumentFormat, Doubt, Language, Place, TextSource};

use super::stages::{Stage, stage};
use super::{Page, PagedText, Prepared, Word, picture, prepare, resample};

/// Recognition takes about a second a page: a long scan would hold up everybody behind it.
const RECOGNISED_PAGES_AT_MOST: usize = 80;
/// Lines that stand surely better on their lower edge than on the upper one are upright; the engine is asked about the others.
const SURE_FOOTING: f64 = 0.0;
/// Pixels per inch at which pages of a PDF are drawn for recognition.
pub(super) const DRAWN_DPI: f64 = 200.0;

/// Words of a PDF.
#[cfg(feature = "pdf")]
pub(super) fn pdf(bytes: &[u8], reading: &mut Recognition) -> PagedText {
    use super::sanity::{Layer, judge, takes_room};
    use super::{pdf, render, second_opinion};

    let document = match pdf::open(bytes) {
        Ok(document) => document,
        Err(doubt) => return PagedText::unreadable(doubt),
    };
    let mut second: Option<Option<pdf_extract::Document>> = None;
    let (mut pages, mut layers) = (Vec::new(), 0usize);
    for (sheet, drawn) in pdf::sheets(&document).into_iter().zip(document.pages().iter()) {
        let number = sheet.page.number;
        let mut page = sheet.page;
        let mut layer = judge(&page.words, sheet.characters, sheet.unknown_characters);
        if layer == Layer::Garbage || (layer == Layer::Absent && sheet.characters > 12) {
            let other = second.get_or_insert_with(|| second_opinion::open(bytes)).as_ref().and_then(|document| second_opinion::page(document, number));
            if let Some(other) = other.filter(|other| judge(&other.words, 0, 0) == Layer::Sane && takes_room(&other.words)) {
                (page, layer) = (other, Layer::Sane);
            }
        }
        let over_picture = sheet.picture > 0.6;
        if layer == Layer::Sane && !over_picture {
            layers += 1;
            pages.push(page);
            continue;
        }
        // A page with nothing but lines or nothing at all: the words it has are all there are.
        if sheet.picture < 0.02 && layer == Layer::Absent && (!sheet.inked || !page.words.is_empty()) {
            pages.push(page);
            continue;
        }
        let width = (drawn.render_dimensions().0.max(drawn.render_dimensions().1) as f64 / 72.0 * DRAWN_DPI * 0.7727) as u32;
        let picture = stage(Stage::Picture, || render::drawn(drawn, sheet.turns, width.clamp(600, 4000)));
        let seen = picture.and_then(|image| reading.page(&image.to_luma8(), number));
        match seen {
            Some(seen) if layer == Layer::Sane && agrees(&page.words, &seen) => {
                layers += 1;
                pages.push(page);
            }
            Some(seen) => {
                if layer == Layer::Sane && !seen.is_empty() {
                    let says = format!(
                        "The hidden text of page {number} says other amounts than its picture; the picture was read. Compare both before anything is posted."
                    );
                    reading.doubts.push(Doubt::blocking("text_image_mismatch", says).at(Place { page: number, area: None }));
                }
                pages.push(Page { words: seen, ..page });
            }
            None => pages.push(page),
        }
    }
    let source = if layers * 2 >= pages.len() { TextSource::TextLayer } else { TextSource::Ocr };
    reading.finish(pages, source)
}

/// Words of a picture file.
pub(super) fn pictures(bytes: &[u8], reading: &mut Recognition) -> PagedText {
    let picture::Pictures { pages: images, missing } =
        match stage(Stage::Picture, || picture::decode(bytes, super::format(bytes).unwrap_or(DocumentFormat::Png))) {
            Ok(pictures) => pictures,
            Err(doubt) => return PagedText { source: TextSource::Ocr, ..PagedText::unreadable(doubt) },
        };
    reading.doubts.extend(missing);
    let mut pages = Vec::new();
    for (image, number) in images.iter().zip(1..) {
        let upright = stage(Stage::Position, || straight(image.to_luma8()));
        let (width, height) = (upright.image.width(), upright.image.height());
        let words = reading.upright_page(&upright, number).unwrap_or_default();
        let points = |pixels: u32| (f64::from(pixels) / prepare::resolution(&upright.image) * 72.0) as u32;
        pages.push(Page { number, width: points(width), height: points(height), words });
    }
    reading.finish(pages, TextSource::Ocr)
}

/// A scanned page put upright, and by how many degrees its lines still have to be turned.
pub(super) struct Upright {
    pub image: GrayImage,
    pub turns: u8,
    pub degrees: f64,
}

/// Finds how a scan lies: the reader and the viewer both ask this, so that boxes fit the picture shown.
pub(super) fn straight(image: GrayImage) -> Upright {
    let small = prepare::overview(&image);
    let (across, down) = (prepare::slant(&small), prepare::slant(&image::imageops::rotate90(&small)));
    let sideways = down.strength > 1.3 * across.strength;
    let turns = if !sideways && across.footing > SURE_FOOTING { 0 } else { orientation(&image, sideways, across.degrees) };
    match turns {
        0 => Upright { image, turns, degrees: across.degrees },
        1 => Upright { image: image::imageops::rotate90(&image), turns, degrees: down.degrees },
        2 => Upright { image: image::imageops::rotate180(&image), turns, degrees: across.degrees },
        _ => Upright { image: image::imageops::rotate270(&image), turns, degrees: down.degrees },
    }
}

#[cfg(feature = "ocr")]
fn orientation(image: &GrayImage, sideways: bool, degrees: f64) -> u8 {
    let straight = if sideways { image.clone() } else { resample::turned(&prepare::flattened(image, prepare::BLOCK), degrees, 1.0) };
    match super::ocr::turns(&straight) {
        // Lines that stand out across the page outweigh what the engine makes of a few letters.
        Some(1 | 3) if !sideways => 0,
        Some(turns) => turns,
        None => u8::from(sideways),
    }
}

#[cfg(not(feature = "ocr"))]
fn orientation(_: &GrayImage, sideways: bool, _: f64) -> u8 {
    u8::from(sideways)
}

/// What is known while the pages of one document are recognised.
#[derive(Default)]
pub(super) struct Recognition {
    language: Option<Language>,
    doubts: Vec<Doubt>,
    recognised: usize,
    blank: usize,
    failed: bool,
    /// The pages as they were given to the engine, when somebody asked for them.
    pub kept: Option<Vec<Prepared>>,
}

impl Recognition {
    #[cfg(feature = "pdf")]
    fn page(&mut self, image: &GrayImage, number: u32) -> Option<Vec<Word>> {
        self.upright_page(&stage(Stage::Position, || straight(image.clone())), number)
    }

    #[cfg(not(feature = "ocr"))]
    fn upright_page(&mut self, _: &Upright, _: u32) -> Option<Vec<Word>> {
        if !self.failed {
            self.failed = true;
            self.doubts.push(Doubt::blocking("ocr_unavailable", "This program was built without text recognition."));
        }
        None
    }

    #[cfg(feature = "ocr")]
    fn upright_page(&mut self, upright: &Upright, number: u32) -> Option<Vec<Word>> {
        use super::ocr;

        if self.failed {
            return None;
        }
        if self.recognised >= RECOGNISED_PAGES_AT_MOST {
            self.failed = true;
            self.doubts.push(Doubt::blocking("pdf_limits", format!("Only the first {RECOGNISED_PAGES_AT_MOST} scanned pages were read. Split the document.")));
            return None;
        }
        self.recognised += 1;
        if blank(&upright.image) {
            self.blank += 1;
            return Some(Vec::new());
        }
        let page = stage(Stage::Preparation, || prepare::prepared(&upright.image, upright.degrees));
        let outcome = self.language_of(&page).and_then(|language| {
            if let Some(kept) = &mut self.kept {
                kept.push(Prepared { png: super::render::png(page.clone().into())?, engine: ocr::data(language).0 });
            }
            ocr::recognise(&page, language)
        });
        match outcome {
            Ok(read) => {
                let place = Place { page: number, area: None };
                if read.words.len() >= 5 && read.confidence() < 700 {
                    let says = format!("Page {number} is hard to read. Scan it again at 300 dpi, flat and well lit, or ask for the original file.");
                    self.doubts.push(Doubt::note("low_quality", says).at(place));
                }
                Some(read.words)
            }
            Err(doubt) => {
                self.failed = true;
                self.doubts.push(doubt);
                None
            }
        }
    }

    /// The language of the document, found on its first page with words.
    #[cfg(feature = "ocr")]
    fn language_of(&mut self, page: &GrayImage) -> Result<Language, Doubt> {
        if let Some(language) = self.language {
            return Ok(language);
        }
        let language = super::ocr::language(page)?.unwrap_or(Language::English);
        self.language = Some(language);
        Ok(language)
    }

    fn finish(&mut self, pages: Vec<Page>, source: TextSource) -> PagedText {
        let readable = pages
            .iter()
            .flat_map(|page| &page.words)
            .filter(|word| word.confidence.thousandths() >= 500 && word.text.chars().filter(|character| character.is_alphanumeric()).count() >= 2)
            .count();
        if !self.failed && readable < 5 {
            let all_blank = self.blank >= pages.len() || (self.recognised == 0 && readable == 0);
            self.doubts.push(if all_blank {
                Doubt::blocking("blank", "The pages are blank.")
            } else {
                Doubt::blocking("nothing_readable", "No readable text was found: the picture may show no document, or be too blurred.")
            });
        }
        PagedText { pages, source, doubts: std::mem::take(&mut self.doubts) }
    }
}

/// Less ink than a line of writing has.
fn blank(image: &GrayImage) -> bool {
    let flat = if prepare::is_bilevel(image) { image.clone() } else { prepare::flattened(image, prepare::BLOCK) };
    let ink = flat.as_raw().iter().filter(|value| **value < 140).count();
    ink * 4000 < flat.as_raw().len()
}

/// Whether hidden text tells the same amounts as the picture under it: most of them, and the largest.
#[cfg(feature = "pdf")]
fn agrees(layer: &[Word], seen: &[Word]) -> bool {
    let amounts = |words: &[Word]| -> Vec<String> { words.iter().filter_map(|word| digits_of_amount(&word.text)).collect() };
    let (said, shown) = (amounts(layer), amounts(seen));
    if shown.len() < 3 {
        return said.len() < 6 || !shown.is_empty();
    }
    let found = shown.iter().filter(|amount| said.contains(amount)).count();
    // A single misread amount is no contradiction; each side naming a largest one that the other doesn't know is.
    let largest = |amounts: &[String]| amounts.iter().max_by_key(|amount| (amount.len(), (*amount).clone())).cloned();
    let strange = |one: &[String], other: &[String]| largest(one).is_some_and(|amount| !other.contains(&amount));
    found * 10 >= shown.len() * 6 && !(strange(&said, &shown) && strange(&shown, &said))
}

/// The digits of a word that is an amount: two decimals behind a mark, no date.
#[cfg(feature = "pdf")]
fn digits_of_amount(word: &str) -> Option<String> {
    let groups: Vec<&str> = word.split(|sign: char| !sign.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let (cents, whole) = groups.split_last()?;
    let is_amount = !whole.is_empty() && cents.len() == 2 && whole[1..].iter().all(|group| group.len() == 3) && word.contains(['.', ',']);
    is_amount.then(|| groups.concat())
}

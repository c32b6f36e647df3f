//! Recognition with Tesseract: one engine per thread and language, reused from page to page.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::os::raw::c_int;
use std::path::PathBuf;

use image::GrayImage;
use recoup_engine::reading::{Confidence, Doubt, Language};
use tesseract_rs::{TessPageIteratorLevel, TessPageSegMode, TesseractAPI};

use super::stages::{Stage, stage};
use super::{Word, glyphs, prepare, second_look};
use crate::language::detect::{decided, detect};

// Tesseract's own threads make a page three times dearer than one thread does; the library reads the environment only at its start, so the
// running process has to be told through the runtime itself.
#[link(name = "gomp")]
unsafe extern "C" {
    fn omp_set_max_active_levels(levels: c_int);
}

thread_local! {
    static ENGINES: RefCell<HashMap<&'static str, TesseractAPI>> = RefCell::new(HashMap::new());
    static SINGLE_THREADED: Cell<bool> = const { Cell::new(false) };
}

/// What recognition made of one page.
pub(super) struct Recognised {
    pub words: Vec<Word>,
}

impl Recognised {
    /// The mean confidence of the words in thousandths.
    pub fn confidence(&self) -> u32 {
        let sum: u32 = self.words.iter().map(|word| u32::from(word.confidence.thousandths())).sum();
        sum / u32::try_from(self.words.len()).unwrap_or(1).max(1)
    }

    /// The words in the order of reading.
    pub fn text(&self) -> String {
        self.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// How much of the page was read well: the words that count, weighted by confidence.
    fn worth(&self) -> u32 {
        self.words.iter().filter(|word| word.confidence.thousandths() >= 600).map(|word| u32::from(word.confidence.thousandths())).sum()
    }
}

/// The name of a language's data and of the Debian package that brings it.
pub(super) fn data(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::English => ("eng", "tesseract-ocr-eng"),
        Language::French => ("fra", "tesseract-ocr-fra"),
        Language::Dutch => ("nld", "tesseract-ocr-nld"),
        Language::German => ("deu", "tesseract-ocr-deu"),
    }
}

/// Reads a prepared page; a second time as one block of text when little was seen, and numbers that stay doubtful each by itself.
pub(super) fn recognise(page: &GrayImage, language: Language) -> Result<Recognised, Doubt> {
    let dpi = prepare::resolution(page);
    let mut read = stage(Stage::FirstPass, || look(page, dpi, language, TessPageSegMode::PSM_SINGLE_COLUMN))?;
    if read.words.len() < 15 || read.confidence() < 720 {
        let second = stage(Stage::SecondPass, || look(page, dpi, language, TessPageSegMode::PSM_SINGLE_BLOCK))?;
        if second.worth() > read.worth() {
            read = second;
        }
    }
    second_look::improve(page, dpi, language, &mut read.words)?;
    Ok(read)
}

/// The language of a page: its lines are read in English from the top until their words leave no doubt. A third of the ink is enough to give up.
pub(super) fn language(page: &GrayImage) -> Result<Option<Language>, Doubt> {
    stage(Stage::Language, || {
        let bands = prepare::bands(page);
        let ink: u64 = bands.iter().map(|band| band.ink).sum();
        let (mut text, mut seen, mut start) = (String::new(), 0, 0);
        while start < bands.len() && seen * 3 < ink {
            // A little at a time: each look has a price of its own.
            let (mut end, mut fresh) = (start, 0);
            while end < bands.len() && fresh * 14 < ink {
                fresh += bands[end].ink;
                end += 1;
            }
            let (top, bottom) = (bands[start].rows.start, bands[end - 1].rows.end);
            let part = image::imageops::crop_imm(page, 0, top as u32, page.width(), (bottom - top) as u32).to_image();
            text.push_str(&look(&part, prepare::resolution(page), Language::English, TessPageSegMode::PSM_SINGLE_BLOCK)?.text());
            text.push('\n');
            if let Some(language) = decided(&text) {
                return Ok(Some(language));
            }
            seen += fresh;
            start = end;
        }
        Ok(detect(&text))
    })
}

/// Quarter turns clockwise that put a page upright, when the engine is sure of them.
pub(super) fn turns(page: &GrayImage) -> Option<u8> {
    let detected = with_engine("osd", "tesseract-ocr-osd", |engine| {
        engine.set_page_seg_mode(TessPageSegMode::PSM_OSD_ONLY)?;
        give(engine, page, prepare::resolution(page))?;
        engine.detect_os()
    });
    let (degrees, confidence, _, _) = detected.ok()?;
    // Degrees say how the page is turned counter-clockwise, as Tesseract counts.
    if confidence >= 2.0 { u8::try_from(degrees.rem_euclid(360) / 90).ok() } else { None }
}

/// What one pass of the engine makes of a picture.
pub(super) fn look(picture: &GrayImage, dpi: f64, language: Language, mode: TessPageSegMode) -> Result<Recognised, Doubt> {
    let (name, package) = data(language);
    with_engine(name, package, |engine| {
        engine.set_page_seg_mode(mode)?;
        give(engine, picture, dpi)?;
        engine.recognize()?;
        let words = without_echoes(words(engine, picture));
        engine.clear()?;
        Ok(Recognised { words })
    })
}

fn give(engine: &TesseractAPI, picture: &GrayImage, dpi: f64) -> tesseract_rs::Result<()> {
    let (width, height) = (picture.width() as i32, picture.height() as i32);
    engine.set_image(picture.as_raw(), width, height, 1, width)?;
    engine.set_source_resolution(dpi as i32)
}

fn words(engine: &TesseractAPI, page: &GrayImage) -> Vec<Word> {
    let level = TessPageIteratorLevel::RIL_WORD;
    let mut words = Vec::new();
    let Ok(iterator) = engine.get_iterator() else { return words };
    loop {
        if let (Ok(text), Ok((left, top, right, bottom))) = (iterator.get_utf8_text(level), iterator.get_bounding_box(level)) {
            let confidence = iterator.confidence(level).unwrap_or(0.0).clamp(0.0, 100.0);
            let text = without_stray_marks(&text, confidence);
            if !text.is_empty() {
                let corners = [left, top, right, bottom].map(f64::from);
                let area = glyphs::area(corners[0], corners[1], corners[2], corners[3], f64::from(page.width()), f64::from(page.height()));
                words.push(Word { text, area, confidence: Confidence::from_thousandths((confidence * 10.0) as u16) });
            }
        }
        if !iterator.next(level).unwrap_or(false) {
            return words;
        }
    }
}

/// The engine sees the end of a word once more as a word of its own: what another word covers and says already is dropped.
fn without_echoes(words: Vec<Word>) -> Vec<Word> {
    let echoes = |word: &Word, other: &Word| {
        let (own, area) = (word.area, other.area);
        let middle = (own.left + own.right) / 2;
        let level = own.top < area.bottom && own.bottom > area.top;
        level && (area.left..area.right).contains(&middle) && other.text.chars().count() > word.text.chars().count() && other.text.contains(&word.text)
    };
    let echo: Vec<bool> = words.iter().map(|word| words.iter().any(|other| echoes(word, other))).collect();
    words.into_iter().zip(echo).filter(|(_, echo)| !echo).map(|(word, _)| word).collect()
}

/// What remains of rules, folds and dust is read as strokes and quotes around words, or as words of its own.
fn without_stray_marks(text: &str, confidence: f32) -> String {
    let stray = |character: char| "|_~'‘’“”„\"°®©§=!•·«»<>[]{}^`*\\¦".contains(character) || character.is_whitespace();
    let text = text.trim_matches(stray);
    // A long dash is a minus only right before a digit.
    let text = match text.strip_prefix(['—', '–']) {
        Some(rest) if !rest.starts_with(|character: char| character.is_ascii_digit()) => rest.trim_matches(stray),
        _ => text,
    };
    let alone = !text.chars().any(char::is_alphanumeric);
    let means_something = matches!(text, "-" | "–" | "/" | "€" | "$" | "£" | "&" | "+" | "(" | ")" | ":" | "%");
    if alone && (!means_something || confidence < 70.0) { String::new() } else { with_likely_letters(text) }
}

fn with_engine<T>(name: &'static str, package: &str, work: impl FnOnce(&TesseractAPI) -> tesseract_rs::Result<T>) -> Result<T, Doubt> {
    SINGLE_THREADED.with(|done| {
        if !done.replace(true) {
            // SAFETY: sets a thread-local control variable of the OpenMP runtime; takes no pointers.
            unsafe { omp_set_max_active_levels(0) };
        }
    });
    ENGINES.with_borrow_mut(|engines| {
        if !engines.contains_key(name) {
            engines.insert(name, start(name, package)?);
        }
        work(&engines[name]).map_err(|error| Doubt::blocking("ocr_failed", format!("Text recognition failed on this page: {error}.")))
    })
}

fn start(name: &str, package: &str) -> Result<TesseractAPI, Doubt> {
    let unavailable = || Doubt::blocking("ocr_unavailable", format!("Text recognition lacks the data file {name}.traineddata: install the package {package}."));
    let folder = folder_with(name).ok_or_else(unavailable)?;
    let engine = TesseractAPI::new();
    engine.init(&folder, name).map_err(|_| unavailable())?;
    // Dictionaries of the engine "correct" document numbers into words; the debug output of the library isn't for our log.
    let _ = engine.set_variable("debug_file", "/dev/null");
    let _ = engine.set_variable("preserve_interword_spaces", "1");
    Ok(engine)
}

/// The folder that holds a language's data: where the administrator says, else where Debian puts it.
fn folder_with(name: &str) -> Option<PathBuf> {
    let said = std::env::var_os("TESSDATA_PREFIX").map(PathBuf::from);
    let usual = [
        "/usr/share/tesseract-ocr/5/tessdata",
        "/usr/share/tesseract-ocr/4.00/tessdata",
        "/usr/share/tessdata",
        "/usr/share/tesseract/tessdata",
        "/usr/local/share/tessdata",
    ];
    said.iter()
        .flat_map(|folder| [folder.clone(), folder.join("tessdata")])
        .chain(usual.iter().map(PathBuf::from))
        .find(|folder| folder.join(format!("{name}.traineddata")).is_file())
}

/// In numbers of documents `$` is an S and `@` a zero: `$1260490` is no sum of money.
fn with_likely_letters(text: &str) -> String {
    let bytes = text.as_bytes();
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    let plain = bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"$@-/".contains(byte));
    // No sum of money has a letter behind its sign.
    if let [b'$', b'A'..=b'Z', ..] = bytes {
        return format!("S{}", &text[1..]);
    }
    if !plain || digits < 5 || !text.contains(['$', '@']) {
        return text.to_owned();
    }
    text.replace('$', "S").replace('@', "0")
}

#[cfg(test)]
mod tests {
    use recoup_engine::reading::Area;

    use super::*;

    #[test]
    fn the_end_of_a_word_seen_twice_is_one_word() {
        let word =
            |text: &str, left, right, top| Word { text: text.into(), area: Area { left, top, right, bottom: top + 80 }, confidence: Confidence::CERTAIN };
        let seen = vec![word("4.418,39", 6281, 6895, 2288), word("39", 6763, 6918, 2272), word("39", 6763, 6918, 2500), word("39", 7100, 7200, 2288)];
        assert_eq!(without_echoes(seen).iter().map(|word| word.area.left).collect::<Vec<_>>(), [6281, 6763, 7100]);
    }

    #[test]
    fn signs_inside_numbers_are_letters() {
        assert_eq!(without_stray_marks("$1260490", 90.0), "S1260490");
        assert_eq!(without_stray_marks("BT@417074", 90.0), "BT0417074");
        assert_eq!(without_stray_marks("$D7731", 90.0), "SD7731");
        assert_eq!(without_stray_marks("$1,200.00", 90.0), "$1,200.00");
    }

    #[test]
    fn dust_is_dropped_and_signs_of_amounts_stay() {
        assert_eq!(without_stray_marks("|INV-2026-00840", 95.0), "INV-2026-00840");
        assert_eq!(without_stray_marks("—INV-7_", 95.0), "INV-7");
        assert_eq!(without_stray_marks("—60,00", 95.0), "—60,00");
        assert_eq!(without_stray_marks("(175,60)", 95.0), "(175,60)");
        assert_eq!(without_stray_marks("'.", 95.0), "");
    }
}

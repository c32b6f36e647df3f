//! Numbers that the first pass doubts, read again each by itself: alone and with clean margins a word is seen better than in its page.

use image::{GrayImage, Luma, imageops};
use recoup_engine::reading::{Area, Confidence, Doubt, Language};
use tesseract_rs::TessPageSegMode;

use super::stages::{Stage, stage};
use super::{Word, ocr};

/// A word of which the engine is less sure, in thousandths, is looked at again.
const SURE: u16 = 850;
/// What two doubtful looks can bring together.
const AGREED: Confidence = Confidence::from_thousandths(950);
/// A page that is doubtful everywhere isn't mended word by word.
const WORDS_AT_MOST: usize = 60;

/// Reads doubtful numbers again and keeps what the engine is surer of.
pub(super) fn improve(page: &GrayImage, dpi: f64, language: Language, words: &mut [Word]) -> Result<(), Doubt> {
    let doubtful: Vec<usize> = (0..words.len()).filter(|index| is_doubtful(&words[*index])).take(WORDS_AT_MOST).collect();
    for index in doubtful {
        let picture = alone(page, words, index);
        let seen = stage(Stage::SecondPass, || ocr::look(&picture, dpi, language, TessPageSegMode::PSM_SINGLE_LINE))?;
        let text = seen.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join("");
        let confidence = seen.words.iter().map(|word| word.confidence).min().unwrap_or(Confidence::from_thousandths(0));
        let word = &mut words[index];
        if text == word.text {
            // Two looks that agree are both wrong only by chance.
            let wrong = u32::from(1000 - word.confidence.thousandths()) * u32::from(1000 - confidence.thousandths()) / 1000;
            word.confidence = Confidence::from_thousandths(1000 - wrong as u16).min(AGREED);
        } else if confidence.thousandths() >= SURE && text.bytes().filter(u8::is_ascii_digit).count() >= 2 {
            word.text = text;
            word.confidence = confidence;
        }
    }
    Ok(())
}

fn is_doubtful(word: &Word) -> bool {
    word.confidence.thousandths() < SURE && word.text.bytes().filter(u8::is_ascii_digit).count() >= 2
}

/// The word on white paper of its own, nothing of its neighbours.
fn alone(page: &GrayImage, words: &[Word], index: usize) -> GrayImage {
    let area = words[index].area;
    let pixels = |value: u16, size: u32| u32::from(value) * size / 10_000;
    let (top, bottom) = (pixels(area.top, page.height()), pixels(area.bottom, page.height()));
    let margin = (bottom - top) / 4 + 2;
    let level = |other: Area| other.top < area.bottom && other.bottom > area.top;
    let others = || words.iter().enumerate().filter(|(place, other)| *place != index && level(other.area)).map(|(_, other)| other.area);
    let before = others().filter(|other| other.right <= area.left).map(|other| pixels(other.right, page.width())).max().unwrap_or(0);
    let after = others().filter(|other| other.left >= area.right).map(|other| pixels(other.left, page.width())).min().unwrap_or(page.width());
    let (left, right) = (pixels(area.left, page.width()), pixels(area.right, page.width()));
    let (left, right) = (left.saturating_sub(margin).max(before.min(left)), (right + margin).min(after.max(right)).min(page.width()));
    let (top, bottom) = (top.saturating_sub(margin), (bottom + margin).min(page.height()));
    let part = imageops::crop_imm(page, left, top, (right - left).max(1), (bottom - top).max(1)).to_image();
    let mut paper = GrayImage::from_pixel(part.width() + 2 * margin, part.height() + 2 * margin, Luma([255]));
    imageops::replace(&mut paper, &part, i64::from(margin), i64::from(margin));
    paper
}

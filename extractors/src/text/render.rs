//! A page as a picture, for people: upright and straight, so that the boxes of the words fit.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, imageops};
use recoup_engine::reading::{DocumentFormat, Doubt};

use super::{picture, resample, scan};

/// Wider pictures serve nobody's screen.
const WIDTH_AT_MOST: u32 = 4000;

/// The page, counted from 1, as a PNG of the given width.
pub fn render(bytes: &[u8], format: DocumentFormat, page: u32, width_pixels: u32) -> Result<Vec<u8>, Doubt> {
    let width = width_pixels.clamp(16, WIDTH_AT_MOST);
    let image = match format {
        #[cfg(feature = "pdf")]
        DocumentFormat::Pdf | DocumentFormat::Facturx => pdf_page(bytes, page, width)?,
        DocumentFormat::Png | DocumentFormat::Jpeg | DocumentFormat::Tiff => {
            let images = picture::decode(bytes, format)?.pages;
            let index = usize::try_from(page).unwrap_or(0).checked_sub(1);
            let image = index.and_then(|index| images.into_iter().nth(index)).ok_or_else(no_page)?;
            resized(upright(image), width)
        }
        _ => return Err(Doubt::blocking("no_picture", "A document of this format has no pages to show.")),
    };
    png(image)
}

/// A picture as the bytes of a PNG file.
pub(super) fn png(image: DynamicImage) -> Result<Vec<u8>, Doubt> {
    let mut png = Cursor::new(Vec::new());
    image.write_to(&mut png, ImageFormat::Png).map_err(|_| Doubt::blocking("no_picture", "The page can't be shown."))?;
    Ok(png.into_inner())
}

fn no_page() -> Doubt {
    Doubt::blocking("no_page", "The document has no such page.")
}

fn resized(image: DynamicImage, width: u32) -> DynamicImage {
    let height = (u64::from(image.height()) * u64::from(width) / u64::from(image.width().max(1))).clamp(1, 20_000) as u32;
    image.resize_exact(width, height, imageops::FilterType::Triangle)
}

/// Turned and straightened exactly as for recognition.
fn upright(image: DynamicImage) -> DynamicImage {
    let found = scan::straight(image.to_luma8());
    let image = match found.turns {
        1 => image.rotate90(),
        2 => image.rotate180(),
        3 => image.rotate270(),
        _ => image,
    };
    if found.degrees.abs() <= 0.04 {
        return image;
    }
    let mut channels = image.to_rgb8();
    for channel in 0..3 {
        let plane = image::GrayImage::from_fn(channels.width(), channels.height(), |x, y| image::Luma([channels.get_pixel(x, y).0[channel]]));
        let plane = resample::turned(&plane, found.degrees, 1.0);
        for (pixel, value) in channels.pixels_mut().zip(plane.as_raw()) {
            pixel.0[channel] = *value;
        }
    }
    DynamicImage::ImageRgb8(channels)
}

#[cfg(feature = "pdf")]
fn pdf_page(bytes: &[u8], number: u32, width: u32) -> Result<DynamicImage, Doubt> {
    use super::{pdf, sanity};

    let document = pdf::open(bytes)?;
    let index = usize::try_from(number).unwrap_or(0).checked_sub(1).ok_or_else(no_page)?;
    let page = document.pages().get(index).ok_or_else(no_page)?;
    let sheet = pdf::sheet_alone(page, number);
    let fails = || Doubt::blocking("no_picture", "The page can't be drawn.");
    let image = drawn(page, sheet.turns, width).ok_or_else(fails)?;
    let sane = sanity::judge(&sheet.page.words, sheet.characters, sheet.unknown_characters) == sanity::Layer::Sane;
    Ok(if sane || sheet.picture < 0.02 { image } else { resized(upright(image), width) })
}

/// Draws a page of a PDF on white, turned upright, as wide as asked.
#[cfg(feature = "pdf")]
pub(super) fn drawn(page: &hayro::hayro_syntax::page::Page<'_>, turns: u8, width_pixels: u32) -> Option<DynamicImage> {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use hayro::hayro_interpret::InterpreterSettings;
    use hayro::vello_cpu::color::palette::css::WHITE;
    use hayro::{PixmapSettings, RenderCache, RenderSettings};

    let (width, height) = page.render_dimensions();
    let across = if turns % 2 == 1 { height } else { width };
    // The renderer's canvas is limited to sixteen bits a side.
    let scale = (width_pixels as f32 / across.max(1.0)).min(12_000.0 / width.max(height).max(1.0));
    let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let pixmap =
        catch_unwind(AssertUnwindSafe(|| hayro::render(page, &RenderCache::new(), &InterpreterSettings::default(), &RenderSettings::default(), &settings)))
            .ok()?;
    let (columns, rows) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let colors: Vec<u8> = pixmap.data_as_u8_slice().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    let image = DynamicImage::ImageRgb8(image::RgbImage::from_raw(columns, rows, colors)?);
    Some(match turns {
        1 => image.rotate90(),
        2 => image.rotate180(),
        3 => image.rotate270(),
        _ => image,
    })
}

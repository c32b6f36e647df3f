//! Decoding of pictures within limits: what a header promises is checked before a pixel is unpacked.

use std::io::Cursor;
use std::ops::Range;

use image::{DynamicImage, GrayImage, ImageDecoder, ImageFormat, ImageReader, RgbImage};
use recoup_engine::reading::{DocumentFormat, Doubt};
use tiff::ColorType;
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::encoder::colortype::{Gray8, RGB8};
use tiff::encoder::compression::DeflateLevel;
use tiff::encoder::{Compression, TiffEncoder};
use tiff::tags::Tag;

use super::PAGES_AT_MOST;

const PIXELS_AT_MOST: u64 = 60_000_000;
const SIDE_AT_MOST: u32 = 20_000;
const BYTES_AT_MOST: u64 = 512 * 1024 * 1024;

/// The pages of a picture file, and the doubt that some could not be decoded.
pub(super) struct Pictures {
    pub pages: Vec<DynamicImage>,
    pub missing: Option<Doubt>,
}

/// Every page of a picture file, turned as its camera says.
pub(super) fn decode(bytes: &[u8], format: DocumentFormat) -> Result<Pictures, Doubt> {
    let format = match format {
        DocumentFormat::Tiff => return tiff_pages(bytes),
        DocumentFormat::Png => ImageFormat::Png,
        _ => ImageFormat::Jpeg,
    };
    Ok(Pictures { pages: vec![single(bytes, format)?], missing: None })
}

fn damaged_after(pages: usize) -> Doubt {
    let says = format!("Page {} of the picture file is damaged or of a kind that is not read; the pages before it were read. Ask for a new copy.", pages + 1);
    Doubt::blocking("unreadable_page", says)
}

fn damaged() -> Doubt {
    Doubt::blocking("unreadable_image", "The picture is damaged and can't be decoded. Ask the sender for a new copy.")
}

fn within_limits(width: u32, height: u32) -> Result<(), Doubt> {
    if width == 0 || height == 0 {
        return Err(damaged());
    }
    if width > SIDE_AT_MOST || height > SIDE_AT_MOST || u64::from(width) * u64::from(height) > PIXELS_AT_MOST {
        let says =
            format!("The picture has {width} × {height} pixels; at most {} million are read. Scan it again at 200 to 300 dpi.", PIXELS_AT_MOST / 1_000_000);
        return Err(Doubt::blocking("image_limits", says));
    }
    Ok(())
}

fn single(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, Doubt> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(BYTES_AT_MOST);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| damaged())?;
    let (width, height) = decoder.dimensions();
    within_limits(width, height)?;
    let orientation = decoder.orientation().ok();
    let mut image = DynamicImage::from_decoder(decoder).map_err(|_| damaged())?;
    if let Some(orientation) = orientation {
        image.apply_orientation(orientation);
    }
    Ok(image)
}

fn tiff_pages(bytes: &[u8]) -> Result<Pictures, Doubt> {
    let mut limits = Limits::default();
    limits.decoding_buffer_size = BYTES_AT_MOST as usize;
    let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(|_| damaged())?.with_limits(limits);
    let mut pages: Vec<DynamicImage> = Vec::new();
    let mut pixels = 0u64;
    loop {
        let (width, height) = match decoder.dimensions() {
            Ok(size) => size,
            Err(_) if pages.is_empty() => return Err(damaged()),
            Err(_) => return Ok(Pictures { missing: Some(damaged_after(pages.len())), pages }),
        };
        within_limits(width, height)?;
        pixels += u64::from(width) * u64::from(height);
        if pages.len() == PAGES_AT_MOST || pixels > 8 * PIXELS_AT_MOST {
            return Err(Doubt::blocking("image_limits", "The picture file has too many or too large pages. Split it into smaller documents."));
        }
        match tiff_page(&mut decoder, width, height) {
            Some(page) => pages.push(page),
            // A later page that is damaged doesn't take the earlier ones with it.
            None if pages.is_empty() => return Err(damaged()),
            None => return Ok(Pictures { missing: Some(damaged_after(pages.len())), pages }),
        }
        if !decoder.more_images() {
            return Ok(Pictures { pages, missing: None });
        }
        if decoder.next_image().is_err() {
            return Ok(Pictures { missing: Some(damaged_after(pages.len())), pages });
        }
    }
}

/// Some pages each, from 1, of a TIFF as TIFFs of their own; what was drawn in colour stays so.
pub(crate) fn tiffs(bytes: &[u8], ranges: &[Range<u32>]) -> Option<Vec<Vec<u8>>> {
    let pages = tiff_pages(bytes).ok()?.pages;
    let part = |range: &Range<u32>| {
        let mut written = Cursor::new(Vec::new());
        let mut encoder = TiffEncoder::new(&mut written).ok()?.with_compression(Compression::Deflate(DeflateLevel::Fast));
        for page in pages.get(range.start as usize - 1..range.end as usize - 1)? {
            match page {
                DynamicImage::ImageLuma8(grey) => encoder.write_image::<Gray8>(grey.width(), grey.height(), grey).ok()?,
                colour => encoder.write_image::<RGB8>(colour.width(), colour.height(), &colour.to_rgb8()).ok()?,
            }
        }
        Some(written.into_inner())
    };
    ranges.iter().map(part).collect()
}

fn tiff_page(decoder: &mut Decoder<Cursor<&[u8]>>, width: u32, height: u32) -> Option<DynamicImage> {
    let color = decoder.colortype().ok()?;
    let resolution = |decoder: &mut Decoder<Cursor<&[u8]>>, tag| decoder.get_tag(tag).ok().and_then(|value| value.into_f64().ok());
    let (across, down) = (resolution(decoder, Tag::XResolution), resolution(decoder, Tag::YResolution));
    let orientation = decoder.get_tag(Tag::Orientation).ok().and_then(|value| value.into_u16().ok());
    let DecodingResult::U8(data) = decoder.read_image().ok()? else { return None };
    let image = match color {
        ColorType::Gray(1) => DynamicImage::ImageLuma8(GrayImage::from_raw(width, height, unpacked(&data, width, height)?)?),
        ColorType::Gray(8) => DynamicImage::ImageLuma8(GrayImage::from_raw(width, height, data)?),
        ColorType::RGB(8) => DynamicImage::ImageRgb8(RgbImage::from_raw(width, height, data)?),
        ColorType::RGBA(8) => DynamicImage::ImageRgba8(image::RgbaImage::from_raw(width, height, data)?),
        _ => return None,
    };
    Some(squared(turned(image, orientation), across, down))
}

/// One bit a pixel to one byte a pixel.
fn unpacked(data: &[u8], width: u32, height: u32) -> Option<Vec<u8>> {
    let (columns, rows) = (width as usize, height as usize);
    let stride = columns.div_ceil(8);
    if data.len() < stride * rows {
        return None;
    }
    let mut pixels = Vec::with_capacity(columns * rows);
    for row in data.chunks_exact(stride).take(rows) {
        pixels.extend((0..columns).map(|column| if row[column / 8] >> (7 - column % 8) & 1 == 1 { 255 } else { 0 }));
    }
    Some(pixels)
}

fn turned(image: DynamicImage, orientation: Option<u16>) -> DynamicImage {
    match orientation {
        Some(3) => image.rotate180(),
        Some(6) => image.rotate90(),
        Some(8) => image.rotate270(),
        _ => image,
    }
}

/// A standard fax has half as many lines as columns per inch; its pixels are stretched until they are square.
fn squared(image: DynamicImage, across: Option<f64>, down: Option<f64>) -> DynamicImage {
    let (Some(across), Some(down)) = (across, down) else { return image };
    let ratio = across / down;
    if !(1.3..4.0).contains(&ratio) {
        return image;
    }
    let height = (f64::from(image.height()) * ratio).round() as u32;
    let width = image.width();
    image.resize_exact(width, height, image::imageops::FilterType::Triangle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn giant_pictures_are_refused_before_decoding() {
        let doubt = within_limits(30_000, 30_000).unwrap_err();
        assert_eq!((doubt.code.as_str(), doubt.blocking), ("image_limits", true));
        assert!(within_limits(4_000, 6_000).is_ok());
    }

    #[test]
    fn bits_become_pixels() {
        assert_eq!(unpacked(&[0b1010_0000, 0b1000_0000], 9, 1).unwrap(), [255, 0, 255, 0, 0, 0, 0, 0, 255]);
        assert_eq!(unpacked(&[0xFF], 9, 1), None);
    }
}

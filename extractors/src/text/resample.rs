//! Turning, scaling and smoothing of grey pictures in whole numbers: pages are large, and recognition waits.

use image::GrayImage;

/// Fractions of a pixel are counted in 65,536ths.
const ONE: i64 = 1 << 16;

/// Turns clockwise about the centre and scales; what comes in from outside is white.
pub(super) fn turned(image: &GrayImage, degrees: f64, factor: f64) -> GrayImage {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let (columns, rows) = (((width as f64 * factor) as usize).max(1), ((height as f64 * factor) as usize).max(1));
    let (sine, cosine) = degrees.to_radians().sin_cos();
    let fixed = |value: f64| (value * ONE as f64).round() as i64;
    let (across, down) = (fixed(cosine / factor), fixed(-sine / factor));
    let raw = image.as_raw();
    let mut turned = vec![255u8; columns * rows];
    for (row, line) in turned.chunks_exact_mut(columns).enumerate() {
        let (x, y) = (-(columns as f64) / 2.0 / factor, (row as f64 - rows as f64 / 2.0) / factor);
        let mut from_x = fixed(x * cosine + y * sine + width as f64 / 2.0);
        let mut from_y = fixed(-x * sine + y * cosine + height as f64 / 2.0);
        for pixel in line {
            let (left, top) = ((from_x >> 16) as usize, (from_y >> 16) as usize);
            if from_x >= 0 && from_y >= 0 && left + 1 < width && top + 1 < height {
                let (right_share, lower_share) = ((from_x & 0xFFFF) as u32 >> 8, (from_y & 0xFFFF) as u32 >> 8);
                let index = top * width + left;
                let between = |start: usize| u32::from(raw[start]) * (256 - right_share) + u32::from(raw[start + 1]) * right_share;
                *pixel = ((between(index) * (256 - lower_share) + between(index + width) * lower_share) >> 16) as u8;
            }
            from_x += across;
            from_y += down;
        }
    }
    GrayImage::from_raw(columns as u32, rows as u32, turned).unwrap_or_else(|| image.clone())
}

/// Rounds the stairs of black and white letters: each pixel with its neighbours, weighted 1 2 1 both ways.
pub(super) fn softened(image: &GrayImage) -> GrayImage {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let raw = image.as_raw();
    let across: Vec<u16> = (0..height)
        .flat_map(|row| {
            let line = &raw[row * width..(row + 1) * width];
            (0..width).map(move |x| u16::from(line[x.saturating_sub(1)]) + 2 * u16::from(line[x]) + u16::from(line[(x + 1).min(width - 1)]))
        })
        .collect();
    let soft = (0..height)
        .flat_map(|row| {
            let line = |row: usize| &across[row * width..(row + 1) * width];
            let (above, here, below) = (line(row.saturating_sub(1)), line(row), line((row + 1).min(height - 1)));
            (0..width).map(move |x| ((above[x] + 2 * here[x] + below[x]) / 16) as u8)
        })
        .collect();
    GrayImage::from_raw(image.width(), image.height(), soft).unwrap_or_else(|| image.clone())
}

/// Divides every pixel by the brightness of the paper there, which `paper` tells for squares of `block` pixels.
pub(super) fn divided(image: &GrayImage, paper: &GrayImage, block: u32) -> GrayImage {
    let (columns, rows) = (paper.width() as usize, paper.height() as usize);
    // Between the middles of two squares the brightness goes evenly from one to the other.
    let between = |position: usize, count: usize| {
        let place = ((position as i64 * 2 + 1) * ONE / (2 * i64::from(block)) - ONE / 2).clamp(0, (count as i64 - 1) * ONE);
        ((place >> 16) as usize, (place & 0xFFFF) as u32 >> 8)
    };
    let across: Vec<(usize, u32)> = (0..image.width() as usize).map(|x| between(x, columns)).collect();
    let mut flat = image.clone();
    let raw: &mut [u8] = &mut flat;
    let mut levels = vec![0u32; columns + 1];
    for (y, line) in raw.chunks_exact_mut(image.width().max(1) as usize).enumerate() {
        let (upper, share) = between(y, rows);
        let level = |row: usize, column: usize| u32::from(paper.as_raw()[row.min(rows - 1) * columns + column.min(columns - 1)]);
        for (column, value) in levels.iter_mut().enumerate() {
            *value = level(upper, column) * (256 - share) + level(upper + 1, column) * share;
        }
        for (pixel, (column, share)) in line.iter_mut().zip(&across) {
            let paper = (levels[*column] * (256 - share) + levels[column + 1] * share) >> 16;
            // The last steps to white are paper grain: what is nearly as bright as paper is paper.
            *pixel = (u32::from(*pixel) * 255 * 255 / (225 * paper.max(1))).min(255) as u8;
        }
    }
    flat
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;

    #[test]
    fn a_picture_is_scaled_and_turned_about_its_middle() {
        let page = GrayImage::from_fn(40, 60, |x, y| Luma([if (18..22).contains(&x) && (10..50).contains(&y) { 0 } else { 255 }]));
        let large = turned(&page, 0.0, 2.0);
        assert_eq!((large.dimensions(), large.get_pixel(40, 60).0, large.get_pixel(40, 10).0), ((80, 120), [0], [255]));
        let lying = turned(&page, 90.0, 1.0);
        assert_eq!((lying.get_pixel(8, 30).0, lying.get_pixel(20, 15).0), ([0], [255]));
    }

    #[test]
    fn smoothing_keeps_the_amount_of_ink() {
        let page = GrayImage::from_fn(9, 9, |x, y| Luma([if (x, y) == (4, 4) { 255 } else { 0 }]));
        let soft = softened(&page);
        assert_eq!((soft.get_pixel(4, 4).0, soft.get_pixel(3, 4).0, soft.get_pixel(3, 3).0, soft.get_pixel(2, 4).0), ([63], [31], [15], [0]));
    }

    #[test]
    fn grey_paper_becomes_white() {
        let page = GrayImage::from_pixel(20, 20, Luma([120]));
        let paper = GrayImage::from_pixel(2, 2, Luma([125]));
        assert!(divided(&page, &paper, 10).as_raw().iter().all(|value| *value == 255));
    }
}

//! What makes a scan readable: an even background, straight lines, no table rules. Worth more than any choice of engine.

use image::{GrayImage, Luma, imageops};

use super::resample;

/// Pixels darker than this are ink once the background is even.
const INK: u8 = 150;
const DEGREES_AT_MOST: f64 = 9.0;
/// Pixels of the squares in which the brightness of paper is measured, on a page of 150 to 300 dpi.
pub(super) const BLOCK: u32 = 24;
/// A4 and letter are both about this long; resolution tags lie too often to be used.
const PAGE_LENGTH_INCHES: f64 = 11.4;

/// Pixels per inch, as the length of a page tells.
pub(super) fn resolution(image: &GrayImage) -> f64 {
    f64::from(image.width().max(image.height())) / PAGE_LENGTH_INCHES
}

/// Only black and white, as a fax machine writes.
pub(super) fn is_bilevel(image: &GrayImage) -> bool {
    let between = image.as_raw().iter().filter(|value| (16..=239).contains(*value)).count();
    between * 200 < image.as_raw().len()
}

/// A page with an even white background, straightened by `degrees`, without rules and specks, at a size that recognition likes.
pub(super) fn prepared(image: &GrayImage, degrees: f64) -> GrayImage {
    let bilevel = is_bilevel(image);
    let mut page = if bilevel { without_specks(image) } else { flattened(image, BLOCK) };
    if bilevel {
        page = resample::softened(&page);
    }
    let dpi = resolution(&page);
    let factor = match (bilevel, dpi) {
        (_, dpi) if dpi < 150.0 => 2.0,
        (true, dpi) if dpi < 260.0 => 1.5,
        (_, dpi) if dpi > 330.0 => 300.0 / dpi,
        _ => 1.0,
    };
    if factor < 1.0 {
        page = imageops::thumbnail(&page, (f64::from(page.width()) * factor) as u32, (f64::from(page.height()) * factor) as u32);
    }
    if degrees.abs() > 0.04 || factor > 1.0 {
        page = resample::turned(&page, degrees, factor.max(1.0));
    }
    without_rules(&mut page);
    page
}

/// Divides by the local brightness of the paper: shadows, stains and yellowed paper become white.
///
/// The brightness is measured in squares of `block` pixels, which should be a little larger than the letters.
pub(super) fn flattened(image: &GrayImage, block: u32) -> GrayImage {
    let (columns, rows) = (image.width().div_ceil(block).max(1), image.height().div_ceil(block).max(1));
    let mut paper = GrayImage::new(columns, rows);
    for (column, row, pixel) in paper.enumerate_pixels_mut() {
        let mut counts = [0u32; 256];
        let (left, top) = (column * block, row * block);
        let (right, bottom) = ((left + block).min(image.width()), (top + block).min(image.height()));
        for y in top..bottom {
            let start = (y * image.width()) as usize;
            for value in &image.as_raw()[start + left as usize..start + right as usize] {
                counts[usize::from(*value)] += 1;
            }
        }
        // The brightest fifth of a block is paper, whatever is printed on the rest.
        let mut left_over = (right - left) * (bottom - top) / 5;
        let level = (0..=255u8).rev().find(|value| {
            let count = counts[usize::from(*value)];
            left_over = left_over.saturating_sub(count);
            left_over == 0
        });
        *pixel = Luma([level.unwrap_or(255).max(40)]);
    }
    // Blocks full of ink take the brightness of their neighbours.
    resample::divided(image, &imageops::blur(&brightest_neighbour(&paper), 1.2), block)
}

fn brightest_neighbour(image: &GrayImage) -> GrayImage {
    let mut result = image.clone();
    for (x, y, pixel) in result.enumerate_pixels_mut() {
        for (column, row) in
            (x.saturating_sub(1)..=(x + 1).min(image.width() - 1)).flat_map(|x| (y.saturating_sub(1)..=(y + 1).min(image.height() - 1)).map(move |y| (x, y)))
        {
            pixel.0[0] = pixel.0[0].max(image.get_pixel(column, row).0[0]);
        }
    }
    result
}

/// How the lines of writing run on a page.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Slant {
    /// Turning clockwise by so many degrees straightens them.
    pub degrees: f64,
    /// How strongly lines stand out in that direction.
    pub strength: f64,
    /// How much sharper the lower edges of the lines are than the upper ones, less what chance may bring. All letters stand on one line
    /// but reach different heights: writing that is surely upright is above zero.
    pub footing: f64,
}

/// The lines of writing on a page at reading size, see [`overview`].
pub(super) fn slant(small: &GrayImage) -> Slant {
    let (width, height) = (f64::from(small.width()), f64::from(small.height()));
    let points: Vec<(f64, f64)> = strokes(small).into_iter().map(|(x, y)| (x - width / 2.0, y - height / 2.0)).collect();
    if points.len() < 100 {
        return Slant::default();
    }
    let rows = (width.hypot(height)) as usize + 2;
    let profile = |degrees: f64| {
        let (sine, cosine) = degrees.to_radians().sin_cos();
        let mut counts = vec![0f64; rows];
        for (x, y) in &points {
            let row = x * sine + y * cosine + rows as f64 / 2.0;
            counts[(row.max(0.0) as usize).min(rows - 1)] += 1.0;
        }
        counts
    };
    let sharpness = |degrees: f64| profile(degrees).windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum::<f64>() / points.len() as f64;
    let best = |candidates: &mut dyn Iterator<Item = f64>| {
        candidates.map(|degrees| (degrees, sharpness(degrees))).max_by(|one, other| one.1.total_cmp(&other.1)).unwrap_or((0.0, 0.0))
    };
    let steps = (DEGREES_AT_MOST / 0.5) as i32;
    let (coarse, _) = best(&mut (-steps..=steps).map(|step| f64::from(step) * 0.5));
    let (fine, strength) = best(&mut (-10..=10).map(|step| coarse + f64::from(step) * 0.05));
    let counts = profile(fine);
    let degrees = if fine.abs() > DEGREES_AT_MOST { 0.0 } else { fine };
    Slant { degrees, strength, footing: footing(&counts) }
}

/// How much sharper the lower edges of the lines are than the upper ones, less what chance may bring.
fn footing(ink_of_rows: &[f64]) -> f64 {
    let floor = ink_of_rows.iter().copied().fold(0.0, f64::max) * 0.06;
    let lines = runs(ink_of_rows.len(), |row| ink_of_rows[row] > floor).into_iter().filter(|line| (4..=24).contains(&line.len()));
    let edges: Vec<f64> = lines
        .map(|line| {
            let steepest = |sign: f64| {
                let rows = ink_of_rows[line.start.saturating_sub(1)..(line.end + 1).min(ink_of_rows.len())].windows(2);
                rows.map(|pair| (pair[1] - pair[0]) * sign).fold(0.0, f64::max)
            };
            let (top, bottom) = (steepest(1.0), steepest(-1.0));
            (bottom - top) / (bottom + top).max(1.0)
        })
        .collect();
    let count = edges.len() as f64;
    if count < 4.0 {
        return 0.0;
    }
    let mean = edges.iter().sum::<f64>() / count;
    let spread = (edges.iter().map(|edge| (edge - mean).powi(2)).sum::<f64>() / (count - 1.0)).sqrt();
    mean - spread / count.sqrt()
}

/// The page small enough to see quickly how it lies, on an even background.
pub(super) fn overview(image: &GrayImage) -> GrayImage {
    const LONGEST: f64 = 1000.0;
    let factor = (LONGEST / f64::from(image.width().max(image.height()))).min(1.0);
    let size = |value: u32| ((f64::from(value) * factor) as u32).max(1);
    let small = imageops::thumbnail(image, size(image.width()), size(image.height()));
    if is_bilevel(image) { small } else { flattened(&small, 10) }
}

/// Rows of pixels that hold a line of writing, and how much ink there is on them.
pub(super) struct Band {
    pub rows: std::ops::Range<usize>,
    pub ink: u64,
}

/// The lines of writing on a prepared page from top to bottom, each with the blank rows around it.
pub(super) fn bands(page: &GrayImage) -> Vec<Band> {
    let ink: Vec<u64> = page.rows().map(|row| row.filter(|pixel| pixel.0[0] < INK).count() as u64).collect();
    let lines = runs(ink.len(), |row| ink[row] > 2);
    let margin = page.height() as usize / 300;
    lines
        .into_iter()
        .filter(|line| line.len() >= page.height() as usize / 300)
        .map(|line| Band { ink: ink[line.clone()].iter().sum(), rows: line.start.saturating_sub(margin)..(line.end + margin).min(ink.len()) })
        .collect()
}

/// Ink as thin and short as letters are: the edge of the paper, shadows and rules lie as they like.
fn strokes(small: &GrayImage) -> Vec<(f64, f64)> {
    const HIGHEST: usize = 16;
    const WIDEST: usize = 60;
    let (width, height) = (small.width() as usize, small.height() as usize);
    let ink = |x: usize, y: usize| small.as_raw()[y * width + x] < INK + 30;
    let mut letters = vec![false; width * height];
    for y in 0..height {
        for run in runs(width, |x| ink(x, y)).into_iter().filter(|run| run.len() <= WIDEST) {
            run.for_each(|x| letters[y * width + x] = true);
        }
    }
    let mut points = Vec::new();
    for x in 0..width {
        for run in runs(height, |y| ink(x, y)).into_iter().filter(|run| run.len() <= HIGHEST) {
            points.extend(run.filter(|y| letters[y * width + x]).map(|y| (x as f64, y as f64)));
        }
    }
    points
}

/// Unbroken stretches of ink.
fn runs(size: usize, ink: impl Fn(usize) -> bool) -> Vec<std::ops::Range<usize>> {
    let mut runs = Vec::new();
    let mut start = None;
    for position in 0..=size {
        match (position < size && ink(position), start) {
            (true, None) => start = Some(position),
            (false, Some(from)) => {
                runs.push(from..position);
                start = None;
            }
            _ => {}
        }
    }
    runs
}

/// Whitens long thin strokes: rules of tables glue words together and look like letters.
fn without_rules(image: &mut GrayImage) {
    let dpi = resolution(image);
    let (length, thickness) = ((0.45 * dpi) as usize, ((0.03 * dpi) as usize).max(3));
    let (width, height) = (image.width() as usize, image.height() as usize);
    let ink: Vec<bool> = image.as_raw().iter().map(|value| *value < INK + 40).collect();
    let raw: &mut [u8] = image;
    for y in 0..height {
        erase_long_runs(width, length, thickness, |x| ink[y * width + x], |x, step| run_across(&ink, width, height, (x, y), (0, step)), |x| y * width + x, raw);
    }
    for x in 0..width {
        erase_long_runs(
            height,
            length,
            thickness,
            |y| ink[y * width + x],
            |y, step| run_across(&ink, width, height, (x, y), (step, 0)),
            |y| y * width + x,
            raw,
        );
    }
}

/// How many ink pixels follow from a place in a direction, at most twenty.
fn run_across(ink: &[bool], width: usize, height: usize, (x, y): (usize, usize), (across, down): (isize, isize)) -> usize {
    (1..=20isize)
        .take_while(|distance| {
            let (x, y) = (x as isize + across * distance, y as isize + down * distance);
            x >= 0 && y >= 0 && (x as usize) < width && (y as usize) < height && ink[y as usize * width + x as usize]
        })
        .count()
}

fn erase_long_runs(
    size: usize,
    length: usize,
    thickness: usize,
    is_ink: impl Fn(usize) -> bool,
    beside: impl Fn(usize, isize) -> usize,
    index: impl Fn(usize) -> usize,
    raw: &mut [u8],
) {
    let mut start = None;
    let mut blank = 0;
    for position in 0..=size {
        if position < size && is_ink(position) {
            start.get_or_insert(position);
            blank = 0;
            continue;
        }
        blank += 1;
        // Scanners break a rule for a pixel or two.
        if position < size && blank <= 2 {
            continue;
        }
        if let Some(from) = start.take()
            && position - blank + 1 - from >= length
        {
            for place in from..(position - blank + 1).min(size) {
                // Where a letter crosses the rule the stroke is taller than the rule.
                if beside(place, 1) + beside(place, -1) < thickness {
                    raw[index(place)] = 255;
                }
            }
        }
    }
}

/// Whitens groups of at most four touching black pixels; decimal points are larger.
fn without_specks(image: &GrayImage) -> GrayImage {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let mut clean = image.clone();
    let mut seen = vec![false; width * height];
    let mut group = Vec::new();
    for start in 0..width * height {
        if seen[start] || image.as_raw()[start] >= INK {
            continue;
        }
        group.clear();
        group.push(start);
        seen[start] = true;
        let mut next = 0;
        while next < group.len() {
            let (x, y) = (group[next] % width, group[next] / width);
            next += 1;
            for (x, y) in (x.saturating_sub(1)..=(x + 1).min(width - 1)).flat_map(|x| (y.saturating_sub(1)..=(y + 1).min(height - 1)).map(move |y| (x, y))) {
                let index = y * width + x;
                if !seen[index] && image.as_raw()[index] < INK {
                    seen[index] = true;
                    group.push(index);
                }
            }
        }
        if group.len() <= 4 {
            for index in &group {
                let raw: &mut [u8] = &mut clean;
                raw[*index] = 255;
            }
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of dashes, as writing looks from afar.
    fn writing() -> GrayImage {
        GrayImage::from_fn(600, 800, |x, y| Luma([if y % 20 < 6 && x % 9 < 6 && (60..540).contains(&x) && (60..740).contains(&y) { 0 } else { 255 }]))
    }

    #[test]
    fn a_slanted_page_is_straightened() {
        let slanted = resample::turned(&writing(), 3.0, 1.0);
        let found = slant(&overview(&slanted));
        assert!((found.degrees + 3.0).abs() < 0.3, "{found:?}");
        let found = slant(&overview(&writing()));
        assert!(found.degrees.abs() < 0.3, "{found:?}");
    }

    #[test]
    fn rules_go_and_specks_go_but_writing_stays() {
        let mut page = writing();
        for x in 20..580 {
            page.put_pixel(x, 75, Luma([0]));
        }
        page.put_pixel(5, 5, Luma([0]));
        let mut clean = without_specks(&page);
        without_rules(&mut clean);
        assert_eq!((clean.get_pixel(30, 75).0, clean.get_pixel(5, 5).0), ([255], [255]));
        assert_eq!(clean.get_pixel(64, 82).0, [0]);
    }

    #[test]
    fn shadows_become_white() {
        let shadow = GrayImage::from_fn(200, 200, |x, y| Luma([if (90..96).contains(&y) { 20 } else { 120 + (x / 2) as u8 }]));
        let flat = flattened(&shadow, BLOCK);
        assert!(flat.get_pixel(10, 10).0[0] > 240 && flat.get_pixel(190, 190).0[0] > 240 && flat.get_pixel(100, 93).0[0] < 90);
    }
}

//! What makes a scan readable: an even background, straight lines, no table rules. Worth more than any choice of engine.

use image::{GrayImage, Luma, imageops};

use super::resample;

/// Pixels darker than this are ink once the background is even.
const INK: u8 = 150;
/// Pixels lighter than this are paper.
const PAPER: u8 = 235;
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
    // Hairlines come out of a scanner pale: whatever isn't paper may be a rule.
    let mut marked: Vec<bool> = image.as_raw().iter().map(|value| *value < PAPER).collect();
    let (across, down) = (Lines { along: width, across: height, step: 1, stride: width }, Lines { along: height, across: width, step: width, stride: 1 });
    // One direction after the other: where two rules cross, the first pass leaves what the second then sees to be thin.
    for lines in [across, down] {
        for place in thin_strokes(&marked, lines, length, thickness) {
            let raw: &mut [u8] = image;
            (raw[place], marked[place]) = (255, false);
        }
    }
}

/// The pixels of a page as lines of one direction: how many pixels a line has, how many lines there are, and where the next of each stands.
#[derive(Clone, Copy)]
struct Lines {
    along: usize,
    across: usize,
    step: usize,
    stride: usize,
}

/// The places of marked pixels in strokes of at least a length that are thinner than `thickness` nearly everywhere; where writing crosses them it stays.
fn thin_strokes(marked: &[bool], lines: Lines, length: usize, thickness: usize) -> Vec<usize> {
    let mut places = Vec::new();
    for line in 0..lines.across {
        let is_marked = |position: usize| marked[line * lines.stride + position * lines.step];
        for stroke in bridged(runs(lines.along, is_marked)).into_iter().filter(|stroke| stroke.len() >= length) {
            let is_thin = |position: &usize| {
                let at = |line: usize| marked[line * lines.stride + position * lines.step];
                let before = (line.saturating_sub(thickness)..line).rev().take_while(|line| at(*line)).count();
                let after = (line + 1..(line + thickness + 1).min(lines.across)).take_while(|line| at(*line)).count();
                before + after < thickness
            };
            let thin: Vec<usize> = stroke.clone().filter(is_thin).collect();
            // A line of writing is as long, and as high as its letters.
            if thin.len() * 4 >= stroke.len() * 3 {
                places.extend(thin.into_iter().map(|position| line * lines.stride + position * lines.step));
            }
        }
    }
    places
}

/// Stretches with a pixel or two between them joined: scanners break a rule.
fn bridged(runs: Vec<std::ops::Range<usize>>) -> Vec<std::ops::Range<usize>> {
    let mut joined: Vec<std::ops::Range<usize>> = Vec::new();
    for run in runs {
        match joined.last_mut() {
            Some(last) if run.start - last.end <= 2 => last.end = run.end,
            _ => joined.push(run),
        }
    }
    joined
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
    fn pale_hairlines_go_with_what_crosses_them() {
        let mut page = writing();
        for along in 20..580 {
            // As wide as a scanner blurs them: nearly paper, a little darker, nearly paper.
            for (beside, value) in [(73, 225), (74, 200), (75, 225)] {
                page.put_pixel(along, beside, Luma([value]));
                page.put_pixel(beside - 23, along, Luma([value]));
            }
        }
        without_rules(&mut page);
        let expected = writing();
        let differ = page.pixels().zip(expected.pixels()).filter(|(seen, wanted)| seen != wanted).count();
        assert_eq!(differ, 0);
    }

    #[test]
    fn shadows_become_white() {
        let shadow = GrayImage::from_fn(200, 200, |x, y| Luma([if (90..96).contains(&y) { 20 } else { 120 + (x / 2) as u8 }]));
        let flat = flattened(&shadow, BLOCK);
        assert!(flat.get_pixel(10, 10).0[0] > 240 && flat.get_pixel(190, 190).0[0] > 240 && flat.get_pixel(100, 93).0[0] < 90);
    }
}

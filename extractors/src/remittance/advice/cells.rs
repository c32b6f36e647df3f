//! Rows as a table means them: cells that wrap around the middle of their row, and tables printed in two halves side by side.

use crate::layout::{Placed, Row, joined, table};

/// Puts words that wrap above and below the middle of a row back into it: "SIN-" over and "004328" under the row of the amounts.
pub(super) fn joined_up(rows: Vec<Row>) -> Vec<Row> {
    let mut joined_rows: Vec<Row> = Vec::with_capacity(rows.len());
    let mut index = 0;
    while index < rows.len() {
        let wrapped = rows.get(index..index + 3).and_then(|three| wrapped(&three[0], &three[1], &three[2]));
        match wrapped {
            Some(row) => {
                joined_rows.push(row);
                index += 3;
            }
            None => {
                joined_rows.push(rows[index].clone());
                index += 1;
            }
        }
    }
    joined_rows
}

/// The middle row with the cells of which one half stands above and one below it, closer than rows stand.
fn wrapped(upper: &Row, middle: &Row, lower: &Row) -> Option<Row> {
    let near = |one: &Row, other: &Row| one.page == other.page && (one.words[0].middle() - other.words[0].middle()).abs() < 0.85 * middle.height();
    if !near(upper, middle) || !near(middle, lower) || upper.words.len() + lower.words.len() > 24 {
        return None;
    }
    let below: Vec<&[Placed]> = lower.stretches(2.5);
    let (mut words, mut used) = (middle.words.clone(), 0);
    for above in upper.stretches(2.5) {
        let half = below.iter().find(|half| (half[0].left - above[0].left).abs() < 1.5 * middle.character_width())?;
        used += 1;
        words.push(whole(above, half));
    }
    words.sort_by(|one, other| one.left.total_cmp(&other.left));
    (used == below.len()).then_some(Row { page: middle.page, words })
}

/// Two halves of a cell as one; a number goes on behind its hyphen.
fn whole(above: &[Placed], below: &[Placed]) -> Placed {
    let (upper, lower) = (joined(above), joined(below));
    let goes_on = upper.ends_with(['-', '/']) && !upper.contains(' ') && lower.starts_with(|sign: char| sign.is_ascii_digit());
    let text = if goes_on { format!("{upper}{lower}") } else { format!("{upper} {lower}") };
    let last = &below[below.len() - 1];
    Placed {
        text,
        right: above[above.len() - 1].right.max(last.right),
        bottom: last.bottom,
        area: above.iter().chain(below).fold(above[0].area, |area, word| area.union(word.area)),
        confidence: above.iter().chain(below).map(|word| word.confidence).min().unwrap_or(1000),
        ..above[0].clone()
    }
}

/// A table that a stub prints in two halves, each under the same headings, as one: the left half, then the right one.
pub(super) fn one_below_the_other(rows: Vec<Row>) -> Vec<Row> {
    let Some((at, right)) = rows.iter().enumerate().find_map(|(index, row)| second_half(row).map(|right| (index, right))) else { return rows };
    let parted = |row: &Row| {
        let (left, right): (Vec<Placed>, Vec<Placed>) = row.words.iter().cloned().partition(|word| word.left < right);
        (left, right)
    };
    // Rows of both halves begin where the halves begin; the first that doesn't ends the table.
    let begins = |words: &[Placed], edge: f64, width: f64| words.first().is_some_and(|word| (word.left - edge).abs() < 2.0 * width);
    let left_edge = rows[at].left();
    let body = rows[at + 1..].iter().take_while(|row| row.page == rows[at].page && begins(&parted(row).0, left_edge, row.character_width())).count();
    let (mut left, mut other) = (Vec::new(), Vec::new());
    for row in &rows[at..=at + body] {
        let (one, two) = parted(row);
        left.push(Row { page: row.page, words: one });
        other.extend((!two.is_empty()).then_some(Row { page: row.page, words: two }));
    }
    let mut ordered = rows[..at].to_vec();
    ordered.extend(left);
    ordered.extend(other);
    ordered.extend_from_slice(&rows[at + body + 1..]);
    ordered
}

/// Where the second half of a heading begins that says the same twice.
fn second_half(row: &Row) -> Option<f64> {
    let columns = table::heading(row)?;
    let half = columns.len() / 2;
    let says = |columns: &[table::Column]| columns.iter().map(|column| (column.role, column.heading.clone())).collect::<Vec<_>>();
    (columns.len() % 2 == 0 && half >= 2 && says(&columns[..half]) == says(&columns[half..])).then(|| columns[half].left - 0.5 * row.character_width())
}

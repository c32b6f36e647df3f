//! The columns of one table, with their edges learned from what stands in them.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::atoms::{Atom, Kind};
use crate::language::{ColumnRole, fold};
use crate::layout::table::Column;
use crate::layout::{Placed, Row, joined};

/// Columns with the places where their contents begin or end.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    columns: Vec<Edges>,
    pub character_width: f64,
}

#[derive(Clone, Debug)]
struct Edges {
    column: Column,
    /// Where words begin.
    start: f64,
    /// Where amounts end; several when marks such as `)` or `CR` stand out of line.
    ends: Vec<f64>,
}

/// What a row holds, column by column.
#[derive(Clone, Debug, Default)]
pub(super) struct Cells {
    pub amounts: Vec<(usize, Decimal)>,
    pub words: BTreeMap<ColumnRole, String>,
    pub date: Option<Date>,
    /// A kind stood before one of our numbers in its column: "FA VF2662221".
    pub kind_before_number: bool,
}

impl Cells {
    /// What was read so far of the cell of a number is its kind.
    fn part_kind_from(&mut self, role: ColumnRole) {
        if let Some(kind) = self.words.get(&role).filter(|cell| is_kind(cell)).cloned() {
            self.words.remove(&role);
            self.words.entry(ColumnRole::DocumentType).or_insert(kind);
            self.kind_before_number = true;
        }
    }
}

/// Words that follow each other in a row.
#[derive(Clone, Copy)]
struct Phrase {
    role: ColumnRole,
    right: f64,
    is_spoken: bool,
}

/// "76,22 R": a mark behind what is taken off that stands for a reason. The sides of a ledger are none.
fn is_reason_code(text: &str) -> bool {
    text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) && !matches!(text, "CR" | "DR" | "C" | "D" | "S" | "H")
}

/// A word or two without digits.
pub(super) fn is_kind(cell: &str) -> bool {
    !cell.is_empty() && cell.split(' ').count() <= 2 && cell.chars().all(|sign| sign.is_alphabetic() || " .-".contains(sign))
}

/// Amounts that end at about the same place.
#[derive(Clone)]
struct Cluster {
    end: f64,
    left: f64,
    right: f64,
    count: usize,
}

impl Grid {
    /// Learns the edges from the rows under the heading.
    pub fn new(mut columns: Vec<Column>, heading: &[&Row], body: &[&[Atom]], character_width: f64) -> Self {
        if !columns.iter().any(|column| column.role == ColumnRole::Gross) {
            // "Factuur", "Rechnung" over amounts: what was billed.
            let billed = |column: &&mut Column| matches!(column.role, ColumnRole::Invoice | ColumnRole::Document);
            let over_amounts = columns.iter_mut().filter(billed).find(|column| mostly_amounts(body, column, character_width).is_some());
            if let Some(column) = over_amounts {
                column.role = ColumnRole::Gross;
            }
        }
        let mut edges: Vec<Edges> = columns.into_iter().map(|column| Edges { start: column.left, column, ends: Vec::new() }).collect();
        let rows_with_amounts = body.iter().filter(|atoms| atoms.iter().any(|atom| atom.amount().is_some())).count();
        let mut unnamed: Vec<Cluster> = Vec::new();
        let clusters = clusters(body, character_width);
        let assigned = left_aligned(&clusters, &edges, rows_with_amounts, character_width).unwrap_or_else(|| nearest(clusters, &edges, character_width));
        for (column, mut found) in assigned {
            // The fullest cluster is the column; marks such as `)` and `CR` may stand a little out of line, anything else is a column of its own.
            found.sort_by_key(|cluster| std::cmp::Reverse(cluster.count));
            for cluster in found {
                let ends = column.map(|column| &mut edges[column].ends);
                match ends {
                    Some(ends) if ends.first().is_none_or(|end| (end - cluster.end).abs() < 4.5 * character_width) => ends.push(cluster.end),
                    _ => unnamed.push(cluster),
                }
            }
        }
        for cluster in unnamed.into_iter().filter(|cluster| cluster.count >= 2 && cluster.count * 5 >= rows_with_amounts * 2) {
            // A heading that wasn't recognised: what the column means is left to arithmetic.
            let unknown = words_over(&cluster, heading, &edges, character_width);
            // "Doit" and "Avoir" are the two sides of a French account; alone the second word is a credit note.
            let is_other_side = fold(&unknown) == "avoir" && edges.iter().any(|edges| fold(&edges.column.heading) == "doit");
            let role = if is_other_side { ColumnRole::Net } else { ColumnRole::Balance };
            let column = Column { role, heading: unknown, left: cluster.left, right: cluster.end };
            edges.push(Edges { start: cluster.left, column, ends: vec![cluster.end] });
        }
        for edges in edges.iter_mut().filter(|edges| edges.column.role == ColumnRole::Deduction && edges.ends.is_empty()) {
            // "Belastung", "Debit" over numbers: the notes themselves, not what they take off.
            let under = |atom: &&Atom| atom.left() < edges.column.right && atom.right() > edges.column.left;
            if body.iter().copied().flatten().filter(under).any(|atom| atom.kind == Kind::Number) {
                edges.column.role = ColumnRole::DebitNote;
            }
        }
        for edges in edges.iter_mut().filter(|edges| edges.column.role == ColumnRole::DebitNote) {
            // "Litige", "Claim" over amounts: what is taken off.
            if let Some(ends) = mostly_amounts(body, &edges.column, character_width) {
                (edges.column.role, edges.ends) = (ColumnRole::Deduction, ends);
            }
        }
        unnamed_number_columns(&mut edges, heading, body);
        own_number_column(&mut edges, body);
        spoken_column(&mut edges, body);
        number_column(&mut edges, body);
        for edges in edges.iter_mut().filter(|edges| !edges.column.is_amount()) {
            edges.start = edges.start.min(usual_start(body, &edges.column, character_width));
        }
        Self { columns: edges, character_width }
    }

    pub fn roles(&self) -> Vec<ColumnRole> {
        self.columns.iter().map(|edges| edges.column.role).collect()
    }

    pub fn headings(&self) -> Vec<String> {
        self.columns.iter().map(|edges| edges.column.heading.clone()).collect()
    }

    /// Where the table begins.
    pub fn left(&self) -> f64 {
        self.columns.iter().map(|edges| edges.start).fold(f64::MAX, f64::min)
    }

    pub fn has_text(&self) -> bool {
        self.columns.iter().any(|edges| edges.column.role == ColumnRole::Text)
    }

    /// Whether a row of words goes on with the record above: it stands in the columns of words, not at the margin where titles stand.
    pub fn continues(&self, row: &Row) -> bool {
        let text = self.columns.iter().find(|edges| edges.column.role == ColumnRole::Text);
        match text {
            Some(text) => row.left() >= text.start - 2.0 * self.character_width,
            None => row.left() >= self.left() + 0.8 * self.character_width && row.words.len() <= 14,
        }
    }

    /// Puts each atom of a row into its column.
    pub fn cells(&self, atoms: &[Atom]) -> Cells {
        let mut cells = Cells::default();
        let height = atoms.iter().filter(|atom| atom.amount().is_some()).map(Atom::height).fold(0.0, f64::max);
        let spoken_under_dates = atoms
            .iter()
            .flat_map(|atom| &atom.words)
            .filter(|word| is_spoken(&word.text) && matches!(self.word_role(word.left), Some(ColumnRole::Date | ColumnRole::DueDate)));
        let sentence = (spoken_under_dates.count() > 1).then_some(ColumnRole::Text);
        let (mut last, mut behind_deduction) = (None, None);
        let mut phrase: Option<Phrase> = None;
        let is_line = atoms.iter().any(|atom| atom.amount().is_some());
        for atom in atoms {
            // A raised figure is the mark of a footnote.
            if matches!(atom.kind, Kind::Digits(_)) && atom.text().len() <= 2 && atom.height() < 0.9 * height {
                continue;
            }
            if let Some((column, amount)) = self.amount_column(atom) {
                cells.amounts.push((column, amount));
                behind_deduction = (self.columns[column].column.role == ColumnRole::Deduction).then_some(atom.right());
                continue;
            }
            let stands_behind = behind_deduction.take().is_some_and(|end| atom.left() - end < 2.5 * self.character_width);
            if stands_behind && is_reason_code(&atom.text()) && self.word_role(atom.left()) != Some(ColumnRole::Text) {
                cells.words.insert(ColumnRole::Code, atom.text());
                continue;
            }
            if let Kind::Date(date) = atom.kind
                && (self.in_date_column(atom) || self.among_numbers(atom))
            {
                cells.date.get_or_insert(date);
                continue;
            }
            for word in &atom.words {
                let Some((mut role, start)) = self.word_column(word.left) else { continue };
                // What is spoken runs on over the next columns, unless a cell of theirs begins here.
                let begins_cell = is_line && start.is_some_and(|start| (word.left - start).abs() < 0.6 * self.character_width);
                let spoken_on = phrase.filter(|phrase| phrase.is_spoken && !begins_cell && word.left - phrase.right < 1.4 * self.character_width);
                role = spoken_on.map_or(role, |phrase| phrase.role);
                // Words under a heading of dates go on with the words before them.
                let goes_on = last.filter(|last| cells.words.get(last).is_some_and(|cell| cell.split(' ').any(is_spoken)));
                if spoken_on.is_none() && matches!(role, ColumnRole::Date | ColumnRole::DueDate) && is_spoken(&word.text) {
                    role = goes_on.or(sentence).unwrap_or(role);
                }
                phrase = Some(Phrase { role, right: word.right, is_spoken: spoken_on.is_some() || is_spoken(&word.text) });
                last = Some(role);
                if atom.is_ours && matches!(role, ColumnRole::Document | ColumnRole::Invoice) {
                    cells.part_kind_from(role);
                }
                let cell = cells.words.entry(role).or_default();
                if !cell.is_empty() {
                    cell.push(' ');
                }
                cell.push_str(&word.text);
            }
        }
        cells
    }

    /// The column whose amounts end where this one ends.
    fn amount_column(&self, atom: &Atom) -> Option<(usize, Decimal)> {
        let tolerance = 1.6 * self.character_width;
        let (index, distance) = self
            .columns
            .iter()
            .enumerate()
            .filter_map(|(index, edges)| edges.ends.iter().map(|end| (end - atom.right()).abs()).min_by(f64::total_cmp).map(|distance| (index, distance)))
            .min_by(|one, other| one.1.total_cmp(&other.1))?;
        let value = match atom.kind {
            Kind::Amount(value) => value,
            // Whole digits count as an amount only exactly in line, and never as part of a text.
            Kind::Digits(value) if distance < 0.4 * self.character_width && !self.inside_words(atom) => value,
            _ => return None,
        };
        (distance < tolerance).then_some((index, value))
    }

    fn inside_words(&self, atom: &Atom) -> bool {
        self.columns.iter().any(|edges| !edges.column.is_amount() && edges.start <= atom.left() && atom.left() < edges.column.right)
    }

    fn in_date_column(&self, atom: &Atom) -> bool {
        self.columns.iter().any(|edges| {
            let gap = (edges.column.left - atom.right()).max(atom.left() - edges.column.right);
            edges.column.role == ColumnRole::Date && gap < 3.0 * self.character_width
        })
    }

    /// A date under the heading of numbers: its own heading wasn't recognised.
    fn among_numbers(&self, atom: &Atom) -> bool {
        use ColumnRole::{DebitNote, Document, DueDate, Invoice, PurchaseOrder, Store};
        matches!(self.word_role(atom.left()), Some(DebitNote | Document | DueDate | Invoice | PurchaseOrder | Store))
    }

    /// The last column of words that begins at or before a word, the first one for words left of all. Words behind the last amount say why, when no
    /// column is named there. With it where its cells begin.
    fn word_column(&self, left: f64) -> Option<(ColumnRole, Option<f64>)> {
        let ends = self.columns.iter().flat_map(|edges| &edges.ends);
        let last_amount = ends.copied().reduce(f64::max).filter(|end| left > *end);
        if last_amount.is_some_and(|end| self.columns.iter().all(|edges| edges.column.is_amount() || edges.column.right < end)) {
            return Some((ColumnRole::Text, None));
        }
        let words = || self.columns.iter().filter(|edges| !edges.column.is_amount());
        let before = words().filter(|edges| edges.start <= left + self.character_width).max_by(|one, other| one.start.total_cmp(&other.start));
        before.or_else(|| words().min_by(|one, other| one.start.total_cmp(&other.start))).map(|edges| (edges.column.role, Some(edges.start)))
    }

    fn word_role(&self, left: f64) -> Option<ColumnRole> {
        self.word_column(left).map(|(role, _)| role)
    }
}

/// Where the amounts under a heading end, when more than half of what stands there are amounts.
fn mostly_amounts(body: &[&[Atom]], column: &Column, character_width: f64) -> Option<Vec<f64>> {
    let under = body.iter().copied().flatten().filter(|atom| atom.left() < column.right && atom.right() > column.left);
    let mut ends: Vec<f64> = under.clone().filter(|atom| atom.amount().is_some()).map(Atom::right).collect();
    if ends.len() * 2 <= under.count() {
        return None;
    }
    ends.dedup_by(|one, other| (*one - *other).abs() < 0.8 * character_width);
    Some(ends)
}

fn is_spoken(word: &str) -> bool {
    !word.bytes().any(|byte| byte.is_ascii_digit()) && word.chars().filter(|sign| sign.is_alphabetic()).count() >= 3
}

/// The words of the heading over amounts that stand under no known heading.
fn words_over(cluster: &Cluster, heading: &[&Row], edges: &[Edges], character_width: f64) -> String {
    let known = |middle: f64| edges.iter().any(|edges| edges.column.left <= middle && middle <= edges.column.right);
    let over = |word: &&Placed| {
        word.left < cluster.right + character_width && word.right > cluster.left - character_width && !known(f64::midpoint(word.left, word.right))
    };
    let words: Vec<Placed> = heading.iter().flat_map(|row| &row.words).filter(over).cloned().collect();
    joined(&words)
}

/// "Vorgang", "Transaction" over words: what the rows are about, when no other column says it.
fn spoken_column(edges: &mut [Edges], body: &[&[Atom]]) {
    if edges.iter().any(|edges| edges.column.role == ColumnRole::Text) {
        return;
    }
    let spoken = |column: &Column| {
        let lines = body.iter().copied().filter(|atoms| atoms.iter().any(|atom| atom.amount().is_some()) && atoms.iter().any(|atom| atom.is_ours));
        let under = lines.flatten().filter(|atom| atom.left() < column.right && atom.right() > column.left);
        let (spoken, others): (Vec<_>, Vec<_>) = under.partition(|atom| atom.words.iter().any(|word| is_spoken(&word.text)));
        spoken.len() > others.len()
    };
    if let Some(edges) = edges.iter_mut().find(|edges| edges.column.role == ColumnRole::TheirReference && spoken(&edges.column)) {
        edges.column.role = ColumnRole::Text;
    }
}

/// Numbers of the payer's own under a heading that isn't known ("Lfd", "Mvt", "OP-Nr."): without a column of their own they would run into the next.
fn unnamed_number_columns(edges: &mut Vec<Edges>, heading: &[&Row], body: &[&[Atom]]) {
    let known: Vec<(f64, f64)> = edges.iter().map(|edges| (edges.column.left, edges.column.right)).collect();
    let unknown = heading.iter().flat_map(|row| &row.words).filter(|word| known.iter().all(|(left, right)| word.left >= *right || word.right <= *left));
    for word in unknown {
        let under = |atom: &&Atom| atom.left() < word.right && atom.right() > word.left;
        let is_own = |atom: &&Atom| matches!(atom.kind, Kind::Number | Kind::Digits(_)) && !atom.is_ours;
        let (mut own, mut others) = (0, 0);
        for atom in body.iter().copied().filter(|atoms| atoms.iter().any(|atom| atom.amount().is_some())).flatten().filter(under) {
            *if is_own(&atom) { &mut own } else { &mut others } += 1;
        }
        if own >= 2 && own > 2 * others {
            let left = body.iter().copied().flatten().filter(under).filter(is_own).map(Atom::left).fold(word.left, f64::min);
            let column = Column { role: ColumnRole::TheirReference, heading: word.text.clone(), left, right: word.right };
            edges.push(Edges { start: left, column, ends: Vec::new() });
        }
    }
}

/// Whatever its heading says: a column of our numbers names the invoices. Another one that claims to is the payer's own when it stands beside ours; one
/// that fills few of those rows numbers the claims.
fn own_number_column(edges: &mut [Edges], body: &[&[Atom]]) {
    use ColumnRole::{DebitNote, Document, Invoice, TheirReference};
    let names = |atom: &Atom| atom.is_ours || atom.kind == Kind::Number;
    let items: Vec<&[Atom]> = body.iter().copied().filter(|atoms| atoms.iter().any(|atom| atom.amount().is_some()) && atoms.iter().any(names)).collect();
    let stands_in = |column: &Column, atom: &Atom| atom.left() < column.right && atom.right() > column.left;
    let ours = |column: &Column| items.iter().filter(|atoms| atoms.iter().any(|atom| atom.is_ours && stands_in(column, atom))).count();
    let Some(most) = (0..edges.len()).filter(|index| !edges[*index].column.is_amount()).max_by_key(|index| ours(&edges[*index].column)) else { return };
    let most = edges[most].column.clone();
    // What is named a column of invoices may number as many claims.
    let is_named = matches!(most.role, Document | Invoice) && ours(&most) > 0 && ours(&most) * 3 >= items.len();
    if ours(&most) * 2 <= items.len() && !is_named || most.role == ColumnRole::Text {
        return;
    }
    let beside_ours = |column: &Column| {
        let of_ours = items.iter().filter(|atoms| atoms.iter().any(|atom| atom.is_ours && stands_in(&most, atom)));
        of_ours.filter(|atoms| atoms.iter().any(|atom| stands_in(column, atom))).count()
    };
    for edges in edges.iter_mut().filter(|edges| !edges.column.is_amount()) {
        let names_items = matches!(edges.column.role, Document | Invoice);
        if edges.column.left == most.left {
            edges.column.role = if names_items { edges.column.role } else { Invoice };
        } else if names_items && ours(&edges.column) == 0 {
            let mut held = items.iter().copied().flatten().filter(|atom| stands_in(&edges.column, atom)).peekable();
            let numbers_claims = held.peek().is_some() && held.all(|atom| atom.kind == Kind::Number) && beside_ours(&edges.column) * 2 <= ours(&most);
            edges.column.role = if numbers_claims { DebitNote } else { TheirReference };
        } else if edges.column.role == DebitNote && is_their_own(&edges.column.heading) && beside_ours(&edges.column) * 2 > ours(&most) {
            // "Onze ref." beside every invoice is the payer's own number of it.
            edges.column.role = TheirReference;
        }
    }
}

/// Whether a heading speaks of the payer's own books.
fn is_their_own(heading: &str) -> bool {
    const OWN: &[&str] = &["our", "onze", "ons", "notre", "nos", "unser", "unsere", "internal", "interne", "intern"];
    fold(heading).split(' ').any(|word| OWN.contains(&word))
}

/// Every table names its items: by the payer's own number when there is no other; without a heading for them they stand left of the first column
/// that has one.
fn number_column(edges: &mut Vec<Edges>, body: &[&[Atom]]) {
    use ColumnRole::{DebitNote, Document, Invoice, TheirReference};
    if edges.iter().any(|edges| matches!(edges.column.role, Document | Invoice | DebitNote)) {
        return;
    }
    if let Some(theirs) = edges.iter_mut().find(|edges| edges.column.role == TheirReference) {
        theirs.column.role = Document;
        return;
    }
    // "N°", "Nr." over numbers that count nothing.
    let numbers =
        |column: &Column| body.iter().copied().flatten().any(|atom| atom.kind == Kind::Number && atom.left() < column.right && atom.right() > column.left);
    if let Some(counted) = edges.iter_mut().find(|edges| edges.column.role == ColumnRole::LineNumber && numbers(&edges.column)) {
        counted.column.role = Document;
        return;
    }
    let numbered = body.iter().filter(|atoms| atoms.iter().any(|atom| atom.amount().is_some())).filter_map(|atoms| atoms.first());
    let left = numbered.filter(|atom| atom.kind == Kind::Number).map(Atom::left).fold(f64::MAX, f64::min);
    let first = edges.iter().map(|edges| edges.start).fold(f64::MAX, f64::min);
    if left < first {
        let column = Column { role: Document, heading: String::new(), left, right: first };
        edges.push(Edges { start: left, column, ends: Vec::new() });
    }
}

/// Clusters by the order of headings that begin where their columns begin, while amounts end where the next column begins: the nearest heading is then
/// that of the next column. `None` when the headings stand over their amounts.
fn left_aligned(clusters: &[Cluster], edges: &[Edges], rows: usize, character_width: f64) -> Option<Vec<(Option<usize>, Vec<Cluster>)>> {
    let headings: Vec<usize> = (0..edges.len()).filter(|index| edges[*index].column.is_amount()).collect();
    let full: Vec<&Cluster> = clusters.iter().filter(|cluster| cluster.count * 2 > rows).collect();
    if full.len() < 2 || full.len() != clusters.len() || full.len() != headings.len() {
        return None;
    }
    let paired = || full.iter().zip(&headings).map(|(cluster, heading)| (*cluster, &edges[*heading].column));
    let beside = paired().filter(|(cluster, column)| cluster.left > column.right).count();
    let ends_at_next = paired().all(|(cluster, column)| {
        let next = edges.iter().map(|edges| edges.column.left).filter(|left| *left > column.left).reduce(f64::min);
        cluster.left > column.left && next.is_none_or(|next| (next - cluster.end).abs() < 4.5 * character_width)
    });
    (ends_at_next && beside * 2 > full.len()).then(|| full.iter().zip(headings).map(|(cluster, heading)| (Some(heading), vec![(*cluster).clone()])).collect())
}

/// Clusters by the amount column whose heading is nearest; without a column those far from every heading.
fn nearest(clusters: Vec<Cluster>, edges: &[Edges], character_width: f64) -> Vec<(Option<usize>, Vec<Cluster>)> {
    let mut assigned: Vec<(Option<usize>, Vec<Cluster>)> = Vec::new();
    for cluster in clusters {
        let nearest = edges
            .iter()
            .enumerate()
            .filter(|(_, edges)| edges.column.is_amount() || edges.column.role == ColumnRole::Percent)
            .map(|(index, edges)| {
                let gap = (edges.column.left - cluster.right).max(cluster.left - edges.column.right).max(0.0);
                (gap + 0.3 * (edges.column.right - cluster.end).abs(), gap, index)
            })
            .min_by(|one, other| one.0.total_cmp(&other.0));
        let column = nearest.filter(|(_, gap, _)| *gap < 5.0 * character_width).map(|(_, _, index)| index);
        match assigned.iter_mut().find(|(known, _)| *known == column) {
            Some((_, clusters)) => clusters.push(cluster),
            None => assigned.push((column, vec![cluster])),
        }
    }
    assigned
}

fn clusters(body: &[&[Atom]], character_width: f64) -> Vec<Cluster> {
    let mut amounts: Vec<&Atom> = body.iter().copied().flatten().filter(|atom| atom.amount().is_some()).collect();
    amounts.sort_by(|one, other| one.right().total_cmp(&other.right()));
    let mut clusters: Vec<Cluster> = Vec::new();
    for atom in amounts {
        match clusters.last_mut() {
            Some(cluster) if atom.right() - cluster.right < 0.8 * character_width => {
                cluster.left = cluster.left.min(atom.left());
                cluster.right = atom.right();
                cluster.end = (cluster.end * cluster.count as f64 + atom.right()) / (cluster.count + 1) as f64;
                cluster.count += 1;
            }
            _ => clusters.push(Cluster { end: atom.right(), left: atom.left(), right: atom.right(), count: 1 }),
        }
    }
    clusters
}

/// Where most words under a heading begin, when that is left of the heading: centred headings are narrower than their column.
fn usual_start(body: &[&[Atom]], column: &Column, character_width: f64) -> f64 {
    let mut starts: Vec<f64> = body
        .iter()
        .copied()
        .flatten()
        .filter(|atom| atom.amount().is_none() && atom.left() < column.right && atom.right() > column.left && atom.left() < column.left)
        .map(Atom::left)
        .collect();
    starts.sort_by(f64::total_cmp);
    let (mut best, mut end) = ((0, column.left), 0);
    for (index, start) in starts.iter().enumerate() {
        while starts.get(end).is_some_and(|other| other - start < 0.6 * character_width) {
            end += 1;
        }
        if end - index > best.0 {
            best = (end - index, *start);
        }
    }
    if best.0 * 3 >= body.len() { best.1 } else { column.left }
}

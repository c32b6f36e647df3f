//! Heading rows to columns: the heading's words say what a column means, its box says where it begins.

use super::{Placed, Row, joined};
use crate::language::{ColumnRole, HeaderField, column_role, fold, header_field};

/// A column as its heading describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub role: ColumnRole,
    pub heading: String,
    /// Where the heading stands.
    pub left: f64,
    pub right: f64,
}

impl Column {
    /// Amounts are aligned at their last digit, everything else at its first letter.
    pub fn is_amount(&self) -> bool {
        is_amount(self.role)
    }
}

/// Whether a column of this role holds money.
pub fn is_amount(role: ColumnRole) -> bool {
    use ColumnRole::{Amount, Balance, Deduction, Discount, Gross, Net, Tax};
    matches!(role, Gross | Discount | Deduction | Net | Amount | Tax | Balance)
}

/// Whether a column of this role names what a line is about.
fn names_an_item(role: ColumnRole) -> bool {
    use ColumnRole::{Code, Date, DebitNote, Document, Invoice, PurchaseOrder, Text, TheirReference};
    matches!(role, Document | Invoice | DebitNote | Date | Text | Code | PurchaseOrder | TheirReference)
}

/// The columns of a heading row, or none when the row is no heading.
pub fn heading(row: &Row) -> Option<Vec<Column>> {
    if row.words.iter().any(|word| word.text.chars().filter(char::is_ascii_digit).count() >= 3) {
        return None;
    }
    accepted(segments(&row.words, row.character_width()), row.words.len())
}

/// The columns of a row of words of which few are known as headings: the others mean what `below` sees between their edges. A table of ours has a
/// column with the item and one with an amount.
pub fn heading_by_contents(row: &Row, below: impl Fn(f64, f64) -> Option<ColumnRole>) -> Option<Vec<Column>> {
    let width = row.character_width();
    let (mut columns, mut guessed): (Vec<Column>, Vec<f64>) = (Vec::new(), Vec::new());
    for stretch in row.stretches(1.9) {
        let known: Vec<(Column, usize)> = segments(stretch, width);
        if known.iter().map(|(_, count)| count).sum::<usize>() == stretch.len() {
            columns.extend(known.into_iter().map(|(column, _)| column));
            continue;
        }
        let (left, right) = (stretch[0].left, stretch[stretch.len() - 1].right);
        columns.extend(below(left, right).map(|role| Column { role, heading: joined(stretch), left, right }));
        guessed.push(left);
    }
    let amounts = columns.iter().filter(|column| column.is_amount()).count();
    if let Some(only) = columns.iter_mut().find(|column| column.is_amount()).filter(|only| amounts == 1 && guessed.contains(&only.left)) {
        only.role = ColumnRole::Amount;
    }
    let items = columns.iter().filter(|column| matches!(column.role, ColumnRole::Invoice | ColumnRole::Document)).count();
    (columns.len() >= 3 && amounts >= 1 && items >= 1).then_some(columns)
}

/// Most rows that a heading in narrow columns takes.
pub const MOST_HEADING_ROWS: usize = 4;

/// The columns of a heading on several rows: words above each other belong together.
pub fn heading_of_rows(rows: &[&Row]) -> Option<Vec<Column>> {
    let width = rows.iter().map(|row| row.character_width()).fold(f64::MAX, f64::min);
    // A single word over a heading is the title of its table.
    if rows.first().is_none_or(|first| first.stretches(2.6).len() < 2) {
        return None;
    }
    if rows.iter().flat_map(|row| &row.words).any(|word| word.text.chars().filter(char::is_ascii_digit).count() >= 3) {
        return None;
    }
    if rows.windows(2).any(|pair| pair[0].page != pair[1].page || pair[1].top() - pair[0].bottom() > 1.2 * pair[1].height()) {
        return None;
    }
    let mut columns = Vec::new();
    for stack in stacks(rows, width) {
        let heading = unhyphenated(&stack);
        let (left, right) = (edge(&stack, |word| word.left, f64::min), edge(&stack, |word| word.right, f64::max));
        match known(&heading) {
            Some((role, _)) => columns.push((Column { role, heading, left, right }, stack.len())),
            // Headings that merely touch are told apart by their words.
            None => columns.extend(segments(&stack, width)),
        }
    }
    accepted(columns, rows.iter().map(|row| row.words.len()).sum())
}

/// How much of a heading is understood: the letters of its columns, by how sure their meanings are.
pub fn understood(columns: &[Column]) -> usize {
    let letters = |column: &Column| column.heading.chars().filter(|sign| sign.is_alphanumeric()).count();
    columns.iter().map(|column| letters(column) * known(&column.heading).map_or(0, |(_, score)| usize::from(score))).sum()
}

/// "Rechnungs-" over "nummer" is one word.
fn unhyphenated(stack: &[Placed]) -> String {
    let mut text = String::new();
    for word in stack {
        let continues = text.ends_with('-') && word.text.starts_with(char::is_lowercase);
        if continues {
            text.pop();
        } else if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&word.text);
    }
    text
}

fn edge(words: &[Placed], side: impl Fn(&Placed) -> f64, pick: fn(f64, f64) -> f64) -> f64 {
    words.iter().map(side).reduce(pick).unwrap_or(0.0)
}

/// Groups of words that overlap across the rows, upper words first.
fn stacks(rows: &[&Row], width: f64) -> Vec<Vec<Placed>> {
    let cells: Vec<Vec<Placed>> = rows.iter().flat_map(|row| row.stretches(1.3)).map(<[Placed]>::to_vec).collect();
    let mut stacks: Vec<Vec<Placed>> = Vec::new();
    for cell in cells {
        let (left, right) = (cell[0].left, cell[cell.len() - 1].right);
        let below = stacks.iter_mut().find(|stack| {
            let overlap = edge(stack, |word| word.right, f64::max).min(right) - edge(stack, |word| word.left, f64::min).max(left);
            overlap > 0.5 * width
        });
        match below {
            Some(stack) => stack.extend(cell),
            None => stacks.push(cell),
        }
    }
    stacks.sort_by(|one, other| one[0].left.total_cmp(&other[0].left));
    stacks
}

fn known(heading: &str) -> Option<(ColumnRole, u16)> {
    // In an account between two firms the payer's debit side is what it takes off.
    match fold(heading).as_str() {
        "debit" | "debet" | "soll" | "debits" | "doit" => return Some((ColumnRole::Deduction, 1000)),
        "credit" | "haben" | "credits" => return Some((ColumnRole::Net, 1000)),
        _ => {}
    }
    column_role(heading.trim_matches(|character: char| ":;,|".contains(character)))
}

/// Splits a row of heading words where their meanings and gaps are best: "Net paid" is one heading, "Code Reason" two.
fn segments(words: &[Placed], width: f64) -> Vec<(Column, usize)> {
    const WORDS_AT_MOST: usize = 5;
    let count = words.len();
    let mut best: Vec<(f64, usize)> = vec![(0.0, 0); count + 1];
    for end in 1..=count {
        best[end] = (f64::MIN, end - 1);
        for start in (0..end).rev().take(WORDS_AT_MOST) {
            let gaps: Vec<f64> = words[start..end].windows(2).map(|pair| (pair[1].left - pair[0].right) / width).collect();
            if gaps.iter().any(|gap| *gap > 2.6) {
                break;
            }
            let text = joined(&words[start..end]);
            let letters = text.chars().filter(|character| character.is_alphanumeric()).count() as f64;
            let worth = known(&text).map_or(-0.3 * letters * (end - start - 1) as f64, |(_, score)| letters * (f64::from(score) / 1000.0).powi(2));
            let strain: f64 = gaps.iter().map(|gap| (gap - 1.25).max(0.0) * 4.0).sum();
            let score = best[start].0 + worth - strain - 0.4;
            if score > best[end].0 {
                best[end] = (score, start);
            }
        }
    }
    let mut columns = Vec::new();
    let mut end = count;
    while end > 0 {
        let start = best[end].1;
        let heading = joined(&words[start..end]);
        if let Some((role, _)) = known(&heading) {
            columns.push((Column { role, heading, left: words[start].left, right: words[end - 1].right }, end - start));
        }
        end = start;
    }
    columns.reverse();
    columns
}

/// A heading names an item and an amount, and little else stands on its row.
fn accepted(columns: Vec<(Column, usize)>, words: usize) -> Option<Vec<Column>> {
    let covered: usize = columns.iter().map(|(_, count)| count).sum();
    let columns: Vec<Column> = columns.into_iter().map(|(column, _)| column).collect();
    let form = columns.iter().filter(|column| is_form_label(column)).count();
    let amounts = columns.iter().filter(|column| column.is_amount()).count();
    let items = columns.iter().filter(|column| names_an_item(column.role)).count();
    let colons = columns.iter().filter(|column| column.heading.ends_with(':')).count();
    (columns.len() >= 2 && amounts >= 1 && items >= 1 && covered * 3 >= words * 2 && form * 2 < columns.len() && colons * 2 < columns.len()).then_some(columns)
}

/// "Payment date", "Vendor no.": labels of the paper's head, not of a column.
fn is_form_label(column: &Column) -> bool {
    use HeaderField::{Account, Payee, Payer, PaymentDate, PaymentReference, SupplierNumber};
    let as_column = known(&column.heading).map_or(0, |(_, score)| score);
    header_field(&column.heading).is_some_and(|(field, score)| match field {
        Account | Payee | Payer | PaymentDate | PaymentReference | SupplierNumber => score >= as_column && score >= 850,
        _ => score > as_column,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::{rows, tests::page};

    fn roles(text: &str) -> Vec<ColumnRole> {
        let rows = rows(&page(text));
        let columns = if rows.len() > 1 { heading_of_rows(&rows.iter().collect::<Vec<_>>()) } else { heading(&rows[0]) };
        columns.unwrap_or_default().into_iter().map(|column| column.role).collect()
    }

    #[test]
    fn tight_headings_are_told_apart_by_their_words() {
        use ColumnRole::*;
        assert_eq!(
            roles("N° facture   Date fact. Commande   Montant brut Escompte    Déduction  Net payé Code  Motif"),
            [Invoice, Date, PurchaseOrder, Gross, Discount, Deduction, Net, Code, Text]
        );
        assert_eq!(roles("Rechnungs-Nr.  Rg.-Datum   Bruttobetrag  Skonto  Abzug  Zahlbetrag Grund Text").len(), 8);
    }

    #[test]
    fn a_heading_on_two_rows_is_read_down() {
        use ColumnRole::*;
        assert_eq!(
            roles("Invoice    Invoice      Gross     Discount      Net\nNumber     Date         Amount    Taken         Amount"),
            [Invoice, Date, Gross, Discount, Net]
        );
    }

    #[test]
    fn a_heading_in_narrow_columns_takes_as_many_rows_as_it_needs() {
        use ColumnRole::*;
        assert_eq!(
            roles(
                "Invoice      Date of        Purchase   Invoice        Cash   Deduction   Reason for      Net paid\nnumber       invoice        order      amount     discount     amount    deduction           USD\n                            number        USD        taken"
            ),
            [Invoice, Date, PurchaseOrder, Gross, Discount, Deduction, Text, Net]
        );
        assert_eq!(
            roles(
                "Rechnungs-     Rechnungs-     Bestell-   Rechnungs-    Skonto EUR   Abzug EUR   Grund des       Gezahlter\nnummer         datum          nummer     betrag EUR                             Abzugs         Betrag EUR"
            ),
            [Invoice, Date, PurchaseOrder, Gross, Discount, Deduction, Text, Net]
        );
    }

    #[test]
    fn the_labels_of_a_form_are_no_heading() {
        assert_eq!(roles("Payment Date: 08/06/2026     Paid to account: 021000021"), []);
    }
}

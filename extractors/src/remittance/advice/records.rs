//! The rows of a paper as records of its tables: what stands in which column, and which rows belong together.

use std::collections::BTreeMap;

use jiff::civil::Date;
use recoup_engine::reading::Place;
use rust_decimal::Decimal;

use super::atoms::{Atom, CutRow, Kind};
use super::columns::{Grid, is_kind};
use crate::language::{ColumnRole, HeaderField, column_role, fold, header_field, is_total, labels::after_carried_forward, labels::is_subtotal};
use crate::layout::{Placed, Row, joined, table};

/// One record: a row with amounts, and the rows of words that belong to it.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    /// Amounts by the index of their column.
    pub amounts: Vec<(usize, Decimal)>,
    /// Words by what their column means, rows joined with a blank.
    pub words: BTreeMap<ColumnRole, String>,
    pub date: Option<Date>,
    /// Amounts with words on a row of their own under this record: "Abzug 257,76 Retoure".
    pub under: Vec<Under>,
    pub store: Option<String>,
    /// Stands under a heading that announces deductions.
    pub among_deductions: bool,
    /// Stands after the row that closes the sum.
    pub after_total: bool,
    pub place: Option<Place>,
    /// The least sure of its amounts, in thousandths.
    pub confidence: u16,
    /// A kind stood before our number, in the same column.
    pub kind_before_number: bool,
}

impl Record {
    /// Whether it takes something off without a word.
    pub fn is_silent_deduction(&self) -> bool {
        let mut amounts = self.amounts.iter().filter(|(_, amount)| !amount.is_zero()).peekable();
        amounts.peek().is_some() && amounts.all(|(_, amount)| amount.is_sign_negative()) && !self.words.contains_key(&ColumnRole::Text)
    }

    /// Whether it stands behind the sum of the others, or where deductions are listed.
    pub fn is_set_apart(&self) -> bool {
        self.after_total || self.among_deductions
    }
}

/// A row of words with an amount that fits no column.
#[derive(Clone, Debug)]
pub(super) struct Under {
    pub role: Option<ColumnRole>,
    pub amount: Decimal,
    pub text: String,
    pub place: Place,
}

/// Records under one heading, over as many pages as repeat it.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// As printed, for every role; empty where a column has no heading.
    pub headings: Vec<String>,
    pub roles: Vec<ColumnRole>,
    pub records: Vec<Record>,
}

impl Table {
    /// The same columns without records.
    pub fn bare(&self) -> Self {
        Self { headings: self.headings.clone(), roles: self.roles.clone(), records: Vec::new() }
    }
}

/// The paper cut into tables and the rest.
#[derive(Clone, Debug, Default)]
pub(super) struct Sheets {
    pub tables: Vec<Table>,
    /// Rows outside the tables, for the head.
    pub others: Vec<CutRow>,
    /// Amounts on rows that close the sum.
    pub totals: Vec<(Decimal, Place)>,
}

/// What the last rows were, so that a row of words finds the record it belongs to.
#[derive(Default)]
struct State {
    grid: Option<Grid>,
    store: Option<String>,
    among_deductions: bool,
    after_total: bool,
    page: u32,
    /// The bottom of the last row of the open record.
    open: Option<(f64, f64)>,
    /// Words of the next record that stand above its row.
    above: Vec<String>,
}

/// Cuts rows into tables. `by_contents` takes a row for a heading when our numbers and amounts stand under it, though its words are not known.
pub(super) fn cut(rows: &[CutRow], by_contents: bool) -> Sheets {
    let mut sheets = Sheets::default();
    let mut state = State::default();
    let mut index = 0;
    while index < rows.len() {
        let CutRow { row, .. } = &rows[index];
        if row.page != state.page {
            state.page = row.page;
            state.open = None;
            if repeats_heading(rows, index, &sheets) {
                // What stands over it is the head of the page.
                state.grid = None;
            }
        }
        let heading = heading_at(rows, index).or_else(|| if by_contents { heading_over_ours(rows, index) } else { None });
        if let Some((columns, used)) = heading {
            let names_documents = columns.iter().any(|column| matches!(column.role, ColumnRole::Invoice | ColumnRole::Document | ColumnRole::DebitNote));
            if !sheets.tables.is_empty() && !names_documents && columns.iter().filter(|column| column.is_amount()).all(|column| is_total(&column.heading)) {
                // "Total discounts", "Total paid" over one row: the sums of the paper, and no table of items.
                state.grid = None;
                sheets.others.extend_from_slice(&rows[index..index + used]);
                index += used;
                continue;
            }
            let roles: Vec<ColumnRole> = columns.iter().map(|column| column.role).collect();
            let body_end =
                rows[index + used..].iter().position(|below| table::heading(&below.row).is_some()).map_or(rows.len(), |offset| index + used + offset);
            let body: Vec<&[Atom]> = rows[index + used..body_end].iter().filter(|row| !closes_or_carries(row)).map(|row| &row.atoms[..]).collect();
            let heading_rows: Vec<&Row> = rows[index..index + used].iter().map(|heading| &heading.row).collect();
            let grid = Grid::new(columns, &heading_rows, &body, row.character_width());
            let roles_of_grid = grid.roles();
            // The same heading again is the next page of the same table.
            if sheets.tables.last().is_none_or(|table| table.roles[..roles.len().min(table.roles.len())] != roles[..])
                || sheets.tables.last().is_some_and(|table| table.roles != roles_of_grid)
            {
                state.among_deductions = sheets.tables.last().is_some_and(|_| !roles.contains(&ColumnRole::Gross))
                    && (roles.contains(&ColumnRole::DebitNote) || state.among_deductions);
                sheets.tables.push(Table { headings: grid.headings(), roles: roles_of_grid, records: Vec::new() });
                state.store = None;
            }
            state.after_total = false;
            state.grid = Some(grid);
            state.open = None;
            index += used;
            continue;
        }
        if state.grid.as_ref().is_some_and(|grid| stands_over_its_record(rows, index, grid)) {
            state.above.push(row.text());
            index += 1;
            continue;
        }
        take(&rows[index], index + 1 == rows.len(), &mut state, &mut sheets);
        index += 1;
    }
    sheets.tables.retain(|table| !table.records.is_empty());
    sheets.tables.iter_mut().filter(|table| table.records.iter().any(|record| record.kind_before_number)).for_each(part_kinds_from_numbers);
    sheets
}

/// Where a kind stands before our numbers, one stands before the others too: "DB HB26110418".
fn part_kinds_from_numbers(table: &mut Table) {
    for record in &mut table.records {
        for role in [ColumnRole::Document, ColumnRole::Invoice] {
            let parted =
                record.words.get(&role).and_then(|cell| cell.split_once(' ')).filter(|(kind, number)| is_kind(kind) && number.contains(char::is_numeric));
            if let Some((kind, number)) = parted.map(|(kind, number)| (kind.to_owned(), number.to_owned())) {
                record.words.insert(role, number);
                record.words.entry(ColumnRole::DocumentType).or_insert(kind);
            }
        }
    }
}

/// Whether the heading of the table so far stands again on the page that begins here.
fn repeats_heading(rows: &[CutRow], index: usize, sheets: &Sheets) -> bool {
    let Some(table) = sheets.tables.last() else { return false };
    let page = rows[index].row.page;
    let on_page = (index..rows.len()).take(MOST_HEAD_ROWS).take_while(|at| rows[*at].row.page == page);
    let next = on_page.filter_map(|at| heading_at(rows, at)).next();
    next.is_some_and(|(columns, _)| table.roles.len() >= columns.len() && columns.iter().zip(&table.roles).all(|(column, role)| column.role == *role))
}

/// Whether a row is the first lines of a cell that is higher than its row, which is set in the middle: far from the record above, close to the row below.
/// ```text
/// VF2672158   1,650.00    1,617.00
///                                     €44.22 withheld
/// VF2672165   2,210.90    2,166.68
///                                     re pallet deposit
/// ```
fn stands_over_its_record(rows: &[CutRow], index: usize, grid: &Grid) -> bool {
    let Some(above) = index.checked_sub(1).map(|above| &rows[above]) else { return false };
    let is_record = |cut: &CutRow| cut.atoms.iter().any(|atom| atom.is_ours || atom.kind == Kind::Number) && !grid.cells(&cut.atoms).amounts.is_empty();
    let is_words = |cut: &CutRow| cut.row.stretches(2.5).len() == 1 && grid.cells(&cut.atoms).amounts.is_empty() && !closes_or_carries(cut);
    let follows = |one: &CutRow, next: &CutRow| one.row.page == next.row.page;
    if !is_words(&rows[index]) || !follows(above, &rows[index]) || !grid.has_text() {
        return false;
    }
    let gap = |one: &CutRow, next: &CutRow| next.row.top() - one.row.bottom();
    let before = gap(above, &rows[index]);
    let reaches = rows[index..].windows(2).take(MOST_CELL_ROWS).take_while(|pair| follows(&pair[0], &pair[1]) && gap(&pair[0], &pair[1]) * 2.0 < before);
    // Further lines of the same cell may stand between.
    reaches.map(|pair| &pair[1]).find(|next| !is_words(next)).is_some_and(|next| is_record(next) && next.row.left() < rows[index].row.left())
}

/// Lines of one cell.
const MOST_CELL_ROWS: usize = 4;

/// Rows that the head of a page takes at most.
const MOST_HEAD_ROWS: usize = 20;

/// A heading on this row or on this and the next, when rows with amounts follow.
fn heading_at(rows: &[CutRow], index: usize) -> Option<(Vec<table::Column>, usize)> {
    let CutRow { row, .. } = &rows[index];
    if rows[index].has_amount() {
        return None;
    }
    let next = rows.get(index + 1).filter(|next| !next.has_amount()).map(|next| &next.row);
    let single = table::heading(row).map(|columns| (columns, 1));
    let titled = single.is_none();
    let wordy: Vec<&Row> = rows[index..].iter().take(table::MOST_HEADING_ROWS).take_while(|row| !row.has_amount()).map(|wordy| &wordy.row).collect();
    let stacked = (2..=wordy.len()).filter_map(|used| table::heading_of_rows(&wordy[..used]).map(|columns| (columns, used)));
    // More rows only where more of their words are understood together.
    let better = |other: &(Vec<table::Column>, usize), best: &(Vec<table::Column>, usize)| table::understood(&other.0) > table::understood(&best.0);
    let found = single.into_iter().chain(stacked).reduce(|best, other| if better(&other, &best) { other } else { best })?;
    // A title over the heading may sound like one.
    if next.and_then(table::heading).is_some_and(|columns| columns.len() >= found.0.len() || titled && columns.len() >= 3) {
        return None;
    }
    let reach = 6.0 * row.character_width();
    let first = rows
        .iter()
        .skip(index + found.1)
        .take(5)
        .take_while(|below| below.row.page == row.page && table::heading(&below.row).is_none())
        .find(|below| below.has_amount())?;
    // An amount stands under one of the amounts' headings; a sentence with the same words has none.
    let under_heading =
        first.atoms.iter().filter(|atom| atom.amount().is_some()).any(|atom| {
            found.0.iter().filter(|column| column.is_amount()).any(|column| atom.right() > column.left - reach && atom.left() < column.right + reach)
        });
    under_heading.then_some(found)
}

/// Rows under a heading that are looked at to know what stands in its columns.
const SAMPLE: usize = 40;

/// A row of unknown headings, known by our numbers and the amounts that stand under it.
fn heading_over_ours(rows: &[CutRow], index: usize) -> Option<(Vec<table::Column>, usize)> {
    let CutRow { row, .. } = &rows[index];
    let titles = row.words.iter().all(|word| word.text.bytes().filter(u8::is_ascii_digit).count() < 3);
    let is_line = |below: &&CutRow| below.has_amount() && below.atoms.iter().any(|atom| atom.is_ours);
    let body: Vec<&CutRow> = rows[index + 1..].iter().take_while(|below| below.row.page == row.page).take(SAMPLE).collect();
    if !titles || !body.first().is_some_and(is_line) {
        return None;
    }
    let reach = 3.0 * row.character_width();
    let below = |left: f64, right: f64| {
        let under =
            body.iter().filter(|below| is_line(below)).flat_map(|below| &below.atoms).filter(|atom| atom.left() < right + reach && atom.right() > left - reach);
        let mut seen: Vec<(ColumnRole, usize)> = Vec::new();
        for atom in under {
            let role = match atom.kind {
                _ if atom.is_ours => ColumnRole::Invoice,
                // Which amount it is, is left to arithmetic.
                Kind::Amount(_) => ColumnRole::Balance,
                Kind::Date(_) => ColumnRole::Date,
                Kind::Number | Kind::Digits(_) => ColumnRole::TheirReference,
                Kind::Word => ColumnRole::Text,
            };
            match seen.iter_mut().find(|(known, _)| *known == role) {
                Some((_, count)) => *count += 1,
                None => seen.push((role, 1)),
            }
        }
        seen.into_iter().max_by_key(|(_, count)| *count).map(|(role, _)| role)
    };
    table::heading_by_contents(row, below).map(|columns| (columns, 1))
}

/// A row that repeats or carries a sum of another page, and nothing else.
fn carries(leading: &str) -> bool {
    const FILLERS: &[&str] = &[
        "page",
        "seite",
        "pagina",
        "blz",
        "s",
        "p",
        "von",
        "de",
        "of",
        "naar",
        "auf",
        "to",
        "from",
        "vers",
        "la",
        "next",
        "previous",
        "vorige",
        "volgende",
        "precedente",
        "suivante",
        "eur",
        "usd",
        "gbp",
        "forward",
        "nouveau",
        "a",
        "total",
        "summe",
        "van",
        "vom",
        "zur",
        "nachste",
        "blatt",
        "blad",
        "sheet",
        "feuille",
        "pg",
        "pag",
        "over",
        "report",
        "balance",
        "saldo",
        "solde",
        "vorherige",
    ];
    let is_filler = |word: &str| FILLERS.contains(&word) || word.bytes().all(|byte| byte.is_ascii_digit());
    // "Report total" closes an English list; "report" alone carries a French one.
    fold(leading) != "report total" && after_carried_forward(leading).is_some_and(|rest| rest.split(' ').all(is_filler))
}

/// "page 2 / 3", "Blatt 1 von 2".
fn numbers_a_page(row: &Row) -> bool {
    let mut words = row.words.iter().map(|word| word.text.as_str());
    let named = words.next().and_then(header_field).is_some_and(|(field, score)| field == HeaderField::Page && score >= 850);
    let counted = row.words.iter().any(|word| word.text.contains(|sign: char| sign.is_ascii_digit()));
    named && counted && words.all(|word| word.bytes().all(|byte| !byte.is_ascii_alphabetic()) || matches!(word, "of" | "von" | "van" | "de" | "sur"))
}

/// "Sur la facture VF-1 nous avons retenu 37,80 € pour 3 colis écrasés": an amount in the midst of a sentence is no cell.
fn runs_on_behind_amount(cut: &CutRow) -> bool {
    let spoken = |words: &[Placed]| words.iter().filter(|word| word.text.chars().filter(|sign| sign.is_alphabetic()).count() >= 3).count();
    let amounts: Vec<f64> = cut.atoms.iter().filter(|atom| atom.amount().is_some()).map(Atom::right).collect();
    cut.row.stretches(1.8).into_iter().any(|stretch| {
        let around = |end: f64| {
            let at = stretch.iter().position(|word| word.left > end).unwrap_or(stretch.len());
            (spoken(&stretch[..at]), spoken(&stretch[at..]))
        };
        amounts.iter().filter(|end| stretch[0].left < **end).any(|end| matches!(around(*end), (3.., 2..)))
    })
}

/// A row that sums others up.
fn sums_up(row: &Row, leading: &str) -> bool {
    let starts: Vec<String> = row.stretches(2.5).into_iter().map(joined).collect();
    let numbered = leading.split(' ').next().is_some_and(|word| word.chars().filter(char::is_ascii_digit).count() >= 3);
    let label = leading.trim_end_matches(|character: char| !character.is_alphabetic());
    let without_currency =
        ["EUR", "USD", "GBP", "CHF", "CAD"].iter().find_map(|code| label.strip_suffix(code)).unwrap_or(label).trim_end_matches([' ', ':', '(']);
    let total_label = matches!(header_field(without_currency), Some((HeaderField::TotalPaid | HeaderField::Total, 850..)));
    let alone = matches!(
        fold(leading).as_str(),
        "virement"
            | "reglement"
            | "paiement"
            | "payment"
            | "transfer"
            | "zahlung"
            | "uberweisung"
            | "betaling"
            | "overboeking"
            | "net"
            | "netto"
            | "solde"
            | "saldo"
            | "balance"
            | "net paid"
            | "net amount paid"
            | "solde regle"
            | "brut"
            | "ensemble"
    );
    let ends_as_total = fold(leading).split(' ').next_back().is_some_and(|last| matches!(last, "total" | "totals" | "totaal" | "summe" | "totaux"));
    !numbered && (alone || ends_as_total || is_total(leading) || total_label || starts.iter().any(|start| is_total(start)))
}

fn closes_or_carries(row: &CutRow) -> bool {
    let leading = row.leading();
    carries(&leading) || sums_up(&row.row, &leading)
}

fn take(cut: &CutRow, is_last: bool, state: &mut State, sheets: &mut Sheets) {
    let Some(grid) = &state.grid else {
        sheets.others.push(cut.clone());
        return;
    };
    let CutRow { row, atoms } = cut;
    if numbers_a_page(row) {
        return;
    }
    let (leading, has_amount) = (cut.leading(), cut.has_amount());
    if runs_on_behind_amount(cut) {
        state.open = None;
        sheets.others.push(cut.clone());
        return;
    }
    if has_amount && carries(&leading) {
        state.open = None;
        return;
    }
    if sums_up(row, &leading) {
        state.open = None;
        if let Some(amount) = cut.amounts().next_back()
            && !is_subtotal(leading.trim())
        {
            // Every column has its sum; the last is the payment's unless another one is reached.
            sheets.totals.push((amount, row.place()));
            let others = cut.amounts().filter(|other| *other != amount && !other.is_zero());
            sheets.totals.extend(others.map(|other| (other, row.place())));
            state.after_total = true;
            sheets.others.push(cut.clone());
        }
        // A section ends with its sum.
        if has_amount {
            state.store = None;
        }
        return;
    }
    let mut cells = grid.cells(atoms);
    let kind_before_number = cells.kind_before_number;
    let Some(table) = sheets.tables.last_mut() else { return };
    if !cells.amounts.is_empty() {
        if !state.above.is_empty() {
            let said = std::mem::take(&mut state.above).join(" ");
            let cell = cells.words.entry(ColumnRole::Text).or_default();
            *cell = format!("{said} {cell}").trim_end().to_owned();
        }
        let sure = atoms.iter().filter(|atom| atom.any_amount().is_some()).flat_map(|atom| &atom.words).map(|word| word.confidence).min();
        table.records.push(Record {
            amounts: cells.amounts,
            words: cells.words,
            date: cells.date,
            under: Vec::new(),
            store: state.store.clone(),
            among_deductions: state.among_deductions,
            after_total: state.after_total,
            place: Some(row.place()),
            confidence: sure.unwrap_or(1000),
            kind_before_number,
        });
        state.open = Some((row.bottom(), row.height()));
        return;
    }
    let near = state.open.is_some_and(|(bottom, height)| row.top() - bottom < 1.1 * height.max(row.height()));
    let record = table.records.last_mut().filter(|_| near && !state.after_total);
    if let (Some(amount), Some(record)) = (cut.amounts().next(), record) {
        record.under.push(under(row, atoms, amount));
        state.open = Some((row.bottom(), row.height()));
        return;
    }
    if has_amount {
        sheets.others.push(cut.clone());
        return;
    }
    if let Some(store) = section_store(row, grid.left()) {
        state.store = Some(store);
        state.open = None;
        return;
    }
    let record = table.records.last_mut().filter(|_| near && !state.after_total);
    match record {
        Some(record) if (grid.continues(row) || record.is_silent_deduction() && is_sentence(row)) && !announces_deductions(row) => {
            for (role, words) in cells.words {
                let role = if grid.has_text() && matches!(role, ColumnRole::Text | ColumnRole::Code | ColumnRole::Store | ColumnRole::DebitNote) {
                    role
                } else {
                    ColumnRole::Text
                };
                let cell = record.words.entry(role).or_default();
                if !cell.is_empty() {
                    cell.push(' ');
                }
                cell.push_str(&words);
            }
            if let (Some(place), Some(area)) = (record.place.as_mut(), row.place().area) {
                place.area = place.area.map(|known| known.union(area));
            }
            state.open = Some((row.bottom(), row.height()));
        }
        _ => {
            state.open = None;
            if announces_deductions(row) {
                state.among_deductions = true;
                state.store = None;
            } else if !is_last {
                sheets.others.push(cut.clone());
            }
        }
    }
}

/// Words that may go on with the row above: no label, no sum.
pub(super) fn is_sentence(row: &Row) -> bool {
    let spoken = row.words.iter().filter(|word| word.text.chars().filter(|sign| sign.is_alphabetic()).count() >= 3).count();
    spoken >= 2 && !row.text().trim_end().ends_with(':') && !is_total(&row.text())
}

/// "Store: 014 Albany" before the records of that store.
pub(super) fn section_store(row: &Row, table_left: f64) -> Option<String> {
    if row.left() > table_left + 6.0 * row.character_width() || row.words.len() > 10 {
        return None;
    }
    let text = row.text();
    let (label, value) = match text.split_once(':') {
        Some((label, value)) => (label.to_owned(), value.trim().to_owned()),
        None => (row.words[0].text.clone(), text.clone()),
    };
    let named = matches!(column_role(&label), Some((ColumnRole::Store, 700..)));
    (named && !value.is_empty()).then_some(value)
}

/// A heading such as "Deductions" over the records that follow.
pub(super) fn announces_deductions(row: &Row) -> bool {
    const WORDS: &[&str] = &[
        "deduction",
        "deduisons",
        "deduire",
        "retenons",
        "retenues",
        "verrekenen",
        "adjustment",
        "chargeback",
        "claim",
        "debit",
        "retenue",
        "abattement",
        "litige",
        "inhouding",
        "aftrek",
        "correctie",
        "claims",
        "korting",
        "abzug",
        "abzuge",
        "kurzung",
        "einbehalt",
        "belastung",
        "verrechnung",
        "ajustement",
        "avoirs et",
    ];
    let text = row.text();
    // "Kürzung: EUR-Paletten nicht getauscht" gives the reason of one.
    let says_why = text.split_once(':').is_some_and(|(_, why)| !why.trim().is_empty());
    let folded = fold(&text);
    !says_why && row.words.len() <= 5 && WORDS.iter().any(|word| folded.split(' ').any(|part| part.starts_with(word)))
}

/// Words before the amount tell its kind, the others are its reason.
fn under(row: &Row, atoms: &[Atom], amount: Decimal) -> Under {
    let at = atoms.iter().position(|atom| atom.amount() == Some(amount)).unwrap_or(0);
    let label = atoms[..at].iter().map(Atom::text).collect::<Vec<_>>().join(" ");
    let after = atoms[at + 1..].iter().filter(|atom| !matches!(atom.kind, Kind::Amount(_))).map(Atom::text).collect::<Vec<_>>().join(" ");
    let role = column_role(label.trim_end_matches([':', ' '])).filter(|(role, score)| *score >= 700 && table::is_amount(*role)).map(|(role, _)| role);
    let text = if role.is_some() { after } else { format!("{label} {after}").trim().to_owned() };
    Under { role, amount, text, place: row.place() }
}

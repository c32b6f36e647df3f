//! Listings without a heading, as in letters and plain mails: a number, perhaps a date, and amounts on every row.

use std::collections::{BTreeMap, BTreeSet};

use super::atoms::{Atom, CutRow, Kind};
use super::records::{Record, Sheets, Table, announces_deductions, is_sentence, section_store};
use rust_decimal::Decimal;

use crate::language::discounts::names_discount;
use crate::language::{ColumnRole, HeaderField, fold, header_field, is_carried_forward, is_total, labels::is_subtotal};
use crate::layout::{Row, joined};

/// Rows with a number and an amount are records; the last amount is what is paid.
pub(super) fn cut(rows: &[CutRow]) -> Sheets {
    let mut sheets = Sheets::default();
    let mut tables: Vec<Table> = Vec::new();
    let mut store = None;
    let announced = announced_total(rows);
    let usual = usual_words(rows);
    let knows_ours = rows.iter().flat_map(|cut| &cut.atoms).any(|atom| atom.is_ours);
    let mut among_deductions = false;
    // The table of the record in the row above, when it takes something off without a word.
    let mut unexplained: Option<usize> = None;
    for (index, cut) in rows.iter().enumerate() {
        let CutRow { row, atoms } = cut;
        let explained = unexplained.take().filter(|_| goes_on(&rows[index - 1].row, row) && !cut.has_amount());
        if let Some(record) = explained.and_then(|table| tables[table].records.last_mut()) {
            record.words.insert(ColumnRole::Text, row.text());
            continue;
        }
        if announced == Some(index) {
            sheets.totals.extend(cut.amounts().next_back().map(|amount| (amount, row.place())));
            sheets.others.push(cut.clone());
            continue;
        }
        let amounts: Vec<&Atom> = atoms.iter().filter(|atom| atom.amount().is_some()).collect();
        let named = Named::of(atoms, knows_ours && !among_deductions);
        let text = row.text();
        if amounts.is_empty() && !tables.is_empty() && announces_deductions(row) {
            among_deductions = true;
            sheets.others.push(cut.clone());
            continue;
        }
        let taken_off = named.number.is_none() && matches!(amounts[..], [only] if only.amount().is_some_and(|amount| amount.is_sign_negative()));
        if is_subtotal(&text) || is_carried_forward(&text) {
            continue;
        }
        let leading = joined(&row.words.iter().take_while(|word| !word.text.ends_with(':')).cloned().collect::<Vec<_>>());
        let announces = tables.is_empty() && row.words.len() >= 6 && fold(&text).split(' ').any(|word| TRANSFERRED.contains(&word));
        let labelled =
            announces || is_total(&text) || matches!(header_field(leading.trim_end_matches(':')), Some((HeaderField::TotalPaid | HeaderField::Total, 850..)));
        let is_record = named.number.is_some() || !tables.is_empty() && (taken_off || among_deductions);
        if is_record && !amounts.is_empty() && !labelled {
            let roles = roles(atoms, amounts.len(), &usual);
            let first = amounts.len().saturating_sub(4);
            let mut record = Record {
                amounts: amounts[first..].iter().enumerate().filter_map(|(index, atom)| atom.amount().map(|amount| (index, amount))).collect(),
                place: Some(row.place()),
                store: store.clone(),
                among_deductions,
                confidence: amounts.iter().flat_map(|atom| &atom.words).map(|word| word.confidence).min().unwrap_or(1000),
                ..Record::default()
            };
            record.date = atoms.iter().find_map(|atom| if let Kind::Date(date) = atom.kind { Some(date) } else { None });
            record.words = named.words(atoms, among_deductions);
            let is_silent = record.is_silent_deduction();
            let table = tables.iter().position(|table| table.roles == roles).unwrap_or_else(|| {
                tables.push(Table { headings: Vec::new(), roles, records: Vec::new() });
                tables.len() - 1
            });
            tables[table].records.push(record);
            unexplained = is_silent.then_some(table);
            continue;
        }
        if amounts.is_empty()
            && let Some(named) = section_store(row, row.left())
        {
            store = Some(named);
        }
        if labelled && let Some(amount) = amounts.last().and_then(|atom| atom.amount()) {
            sheets.totals.push((amount, row.place()));
        }
        sheets.others.push(cut.clone());
    }
    sheets.tables = tables;
    sheets
}

/// Whether a row of words stands right below another and goes on with it.
fn goes_on(above: &Row, row: &Row) -> bool {
    is_sentence(row) && above.page == row.page && row.top() - above.bottom() < 1.1 * above.height().max(row.height())
}

/// What a row is about.
struct Named<'row> {
    /// The number that the row bears.
    number: Option<&'row Atom>,
    /// The invoice of ours that a note is about.
    about: Option<&'row Atom>,
}

impl<'row> Named<'row> {
    /// With `only_ours` a number of another series names no invoice, unless the row begins with it: "Votre commande PO111079 – payé 2.075,15".
    fn of(row_atoms: &'row [Atom], only_ours: bool) -> Self {
        let first = row_atoms.iter().find(|atom| is_number(atom));
        let ours = row_atoms.iter().find(|atom| atom.is_ours);
        let is_note = row_atoms.iter().filter_map(Atom::amount).all(|amount| amount.is_sign_negative()) || is_note_about_ours(row_atoms);
        let leads = |number: &&Atom| row_atoms.first().is_some_and(|first| first.words == number.words);
        let number = if is_note { first } else { ours.or(first) };
        Self {
            number: number.filter(|number| !only_ours || ours.is_some() || is_note || leads(number)),
            about: ours.filter(|ours| is_note && first.is_some_and(|first| first.words != ours.words)),
        }
    }

    /// The words of the row by what they mean.
    fn words(&self, row_atoms: &[Atom], among_deductions: bool) -> BTreeMap<ColumnRole, String> {
        let mut words = BTreeMap::new();
        if let Some(number) = self.number {
            let role = if among_deductions && number.is_ours { ColumnRole::Invoice } else { ColumnRole::Document };
            words.insert(role, number.text().trim_matches([',', ';', ':', '.', '(', ')']).to_owned());
        }
        if let Some(about) = self.about {
            words.insert(ColumnRole::Invoice, about.text());
        }
        let names = |atom: &&Atom| [self.number, self.about].into_iter().flatten().any(|named| named.words == atom.words);
        let said = row_atoms.iter().filter(|atom| !names(atom) && matches!(atom.kind, Kind::Word | Kind::Number)).map(Atom::text);
        let said: Vec<String> = said.filter(|word| word.chars().any(char::is_alphanumeric)).collect();
        if !said.is_empty() {
            words.insert(ColumnRole::Text, said.join(" "));
        }
        words
    }
}

/// As many amounts as the fullest rows have, in the usual order: before, taken off, paid.
fn roles(row_atoms: &[Atom], amounts: usize, usual: &BTreeSet<String>) -> Vec<ColumnRole> {
    match amounts {
        2 if takes_off(row_atoms) => vec![ColumnRole::Gross, ColumnRole::Discount],
        1 => vec![ColumnRole::Net],
        2 => vec![ColumnRole::Gross, ColumnRole::Net],
        // A reason beside the amount that other rows don't have makes it more than a discount.
        3 if gives_reason(row_atoms, usual) => vec![ColumnRole::Gross, ColumnRole::Deduction, ColumnRole::Net],
        3 => vec![ColumnRole::Gross, ColumnRole::Discount, ColumnRole::Net],
        _ => vec![ColumnRole::Gross, ColumnRole::Discount, ColumnRole::Deduction, ColumnRole::Net],
    }
}

/// Verbs of payment: a sentence with one of them and an amount tells the total.
const TRANSFERRED: &[&str] = &[
    "transferred",
    "paid",
    "remitted",
    "payment",
    "virement",
    "regle",
    "reglement",
    "vire",
    "paiement",
    "overgemaakt",
    "betaald",
    "betaling",
    "uberwiesen",
    "gezahlt",
    "uberweisung",
    "zahlung",
    "angewiesen",
];

/// Whether a discount is named right before the last amount of a row.
fn takes_off(row_atoms: &[Atom]) -> bool {
    let Some(last) = row_atoms.iter().rposition(|atom| atom.amount().is_some()) else { return false };
    row_atoms[..last].iter().rev().take_while(|atom| atom.amount().is_none()).any(|atom| names_discount(&atom.text()))
}

/// Words that most rows with amounts repeat: the kind of the paper, the name of a shop.
fn usual_words(rows: &[CutRow]) -> BTreeSet<String> {
    let mut rows_with: BTreeMap<String, usize> = BTreeMap::new();
    let with_amounts: Vec<&CutRow> = rows.iter().filter(|row| row.has_amount()).collect();
    for word in with_amounts.iter().flat_map(|row| plain_words(&row.atoms).into_iter().collect::<BTreeSet<_>>()) {
        *rows_with.entry(word).or_default() += 1;
    }
    rows_with.into_iter().filter(|(_, rows)| rows * 2 > with_amounts.len()).map(|(word, _)| word).collect()
}

fn plain_words(atoms: &[Atom]) -> Vec<String> {
    let long = |atom: &&Atom| atom.kind == Kind::Word && atom.text().chars().filter(|letter| letter.is_alphabetic()).count() >= 4;
    atoms.iter().filter(long).map(|atom| fold(&atom.text())).collect()
}

/// Whether a row says more than a discount would need.
fn gives_reason(row_atoms: &[Atom], usual: &BTreeSet<String>) -> bool {
    let own: Vec<String> = plain_words(row_atoms).into_iter().filter(|word| !usual.contains(word)).collect();
    own.iter().any(|word| !names_discount(word))
}

/// The row whose last amount is what the last amounts of all other rows add up to: a sentence that announces the payment.
fn announced_total(rows: &[CutRow]) -> Option<usize> {
    let last: Vec<(usize, Decimal)> = rows.iter().enumerate().filter_map(|(index, row)| row.amounts().next_back().map(|amount| (index, amount))).collect();
    let sum: Decimal = last.iter().map(|(_, amount)| *amount).sum();
    let mut announced = last.iter().filter(|(_, amount)| *amount * Decimal::TWO == sum && !amount.is_zero()).map(|(index, _)| *index);
    announced.next().filter(|_| last.len() >= 3)
}

/// "DBT619 retard de livraison, facture 26-FV-02430": a number of theirs, then words, then one of our invoices.
fn is_note_about_ours(row_atoms: &[Atom]) -> bool {
    let Some(first) = row_atoms.iter().position(is_number).filter(|first| !row_atoms[*first].is_ours) else { return false };
    let Some(ours) = row_atoms.iter().position(|atom| atom.is_ours) else { return false };
    plain_words(&row_atoms[first..ours]).len() >= 2
}

/// Letters with digits, or many digits: what documents are numbered by.
fn is_number(atom: &Atom) -> bool {
    let text = atom.text();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    match atom.kind {
        Kind::Number => (digits >= 3 || (digits >= 2 && text.contains(char::is_alphabetic))) && !text.contains(['%', '@']),
        Kind::Digits(_) => digits >= 5,
        _ => false,
    }
}

//! Payment advices in any free layout of the four languages: the words of headings say what a column may mean, arithmetic decides what it does mean.
//!
//! - `atoms`: words to amounts, dates and numbers
//! - `columns`, `records`: rows to records of tables
//! - `header`: labels and the payer
//! - `bare`: listings without a heading
//! - `lines`: records to lines under one reading of the columns
//! - `choice`: the reading under which the sums hold
//! - `values`: fields whose content shows that their heading was misread
//! - `repair`: digits that recognition misread and arithmetic proves
//! - `cells`: rows whose cells wrap, tables in two halves
//! - `listed`, `spread`: deductions in words under a table, one discount for all lines
//! - `stacked`: invoices one below the other or side by side, each amount with a label
//! - `shapes`: letters and zeros of numbers that recognition confused

mod atoms;
mod bare;
mod cells;
mod choice;
mod columns;
mod header;
pub(super) mod lines;
mod listed;
mod records;
mod repair;
mod shapes;
pub(super) mod spread;
mod stacked;
#[cfg(test)]
mod tests;
mod values;

use jiff::civil::Date;
use recoup_engine::money::Currency;
use recoup_engine::numbering::Numbering;
use recoup_engine::reading::{Confidence, Doubt, Field, Layout, Place, TextSource};
use recoup_engine::remittance::{AdviceLine, PartyNamed, RemittanceAdvice};
use rust_decimal::Decimal;

use self::atoms::{Conventions, CutRow, Kind};
use self::header::Head;
use self::records::Sheets;
use super::{belonging, layouts, legend};
use crate::Hints;
use crate::language::labels::says_corrected;
use crate::language::{detect, order_hint, settle_date_order, settle_notation};
use crate::layout::{Row, rows};
use crate::text::PagedText;

/// What the pages tell of payments.
#[derive(Clone, Debug, Default)]
pub struct Advice {
    pub advices: Vec<RemittanceAdvice>,
    pub doubts: Vec<Doubt>,
    pub fields: Vec<Field>,
    /// The tables and what their columns were taken to mean.
    pub layout: Option<Layout>,
}

/// Reads the payment that the pages tell of. Doubts of the pages themselves are the caller's to keep.
pub fn read(pages: &PagedText, hints: &Hints) -> Advice {
    let rows = cells::joined_up(pages.pages.iter().flat_map(rows).collect());
    if rows.is_empty() {
        return Advice::default();
    }
    let rows = cells::one_below_the_other(rows);
    let conventions = conventions(&rows, pages.source == TextSource::Ocr, &hints.numbering);
    let currency = usual_currency(&rows);
    let mut rows: Vec<CutRow> = rows.into_iter().map(|row| CutRow::new(row, &conventions)).collect();
    atoms::take_signs_behind(&mut rows);
    let (sheets, set_out) = cut(&rows);
    let others: Vec<&Row> = sheets.others.iter().map(|cut| &cut.row).collect();
    let mut head = header::read(&others, &conventions);
    if head.payer.is_none() {
        head.payer = header::writer(&others, &head, &hints.own_names);
    }
    let currency = head.currency.or(currency);
    let totals: Vec<(Decimal, Place)> = head.totals.iter().chain(&sheets.totals).copied().collect();
    let payment = closing_payment(&head, &totals, &sheets.others);
    let learnt = layouts::of_sender(hints, head.payer.as_ref().map(|(payer, _)| payer.as_str()));
    let mut chosen = choice::choose(&sheets.tables, &totals, payment, conventions.recognised, &learnt);
    if chosen.total.is_none() && set_out != SetOut::Contents {
        chosen.total = unnamed_total(&chosen.lines, &sheets.others);
        chosen.doubts.retain(|doubt| chosen.total.is_none() || doubt.code != "no_total");
    }
    listed::take_off(&mut chosen, payment, &sheets.others);
    values::settle(&mut chosen.lines);
    let said: Vec<String> = rows.iter().filter(|cut| !cut.has_amount()).chain(sentences(&sheets.others)).map(|cut| cut.row.text()).collect();
    legend::explain(&mut chosen.lines, &said);
    belonging::gather(&mut chosen.lines);
    spread::discount(&mut chosen.lines, currency);

    let mut doubts = chosen.doubts;
    doubts.append(&mut head.doubts);
    doubts.extend(unproven(&chosen.lines, &doubts, set_out));
    if conventions.recognised {
        for (from, to) in shapes::mend(&mut chosen.lines) {
            doubts.push(Doubt::note("number_repaired", format!("The number {from} was read as {to}, built like the others of this document.")));
        }
    }
    let payment_date = head.payment_date.or(head.document_date);
    let fields = fields(pages, &head, payment_date, chosen.total, currency);
    if chosen.lines.is_empty() {
        doubts.push(Doubt::blocking("no_lines", "No lines of a payment advice were found on the pages."));
        return Advice { doubts, fields, ..Advice::default() };
    }
    let advice = RemittanceAdvice {
        reference: head.reference.map(|(reference, _)| reference),
        payer: PartyNamed {
            name: head.payer.map(|(name, _)| name),
            identifiers: head.supplier_number.map(|(number, _)| number).into_iter().collect(),
            ..PartyNamed::default()
        },
        payee: PartyNamed { name: head.payee.map(|(name, _)| name), account: head.account.map(|(account, _)| account), ..PartyNamed::default() },
        payment_date: payment_date.map(|(date, _)| date),
        currency,
        total: chosen.total.map(|(total, _)| total),
        lines: chosen.lines,
        corrects_earlier: others.iter().any(|row| says_corrected(&row.text())),
    };
    Advice { advices: vec![advice], doubts, fields, layout: chosen.layout }
}

/// How the lines are set out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SetOut {
    /// Under headings that are known.
    Headings,
    /// Under headings that are known by what stands under them.
    Contents,
    Bare,
}

fn cut(rows: &[CutRow]) -> (Sheets, SetOut) {
    let by_headings = records::cut(rows, false);
    if !by_headings.tables.is_empty() {
        return (by_headings, SetOut::Headings);
    }
    let by_contents = records::cut(rows, true);
    if !by_contents.tables.is_empty() {
        return (by_contents, SetOut::Contents);
    }
    let stacked = stacked::cut(rows);
    if !stacked.tables.is_empty() {
        return (stacked, SetOut::Bare);
    }
    (bare::cut(rows), SetOut::Bare)
}

/// What is called the payment behind the lines closes the paper; sums of invoices before it do not. Two sums that are both called so close it when a row
/// outside the tables says what lies between them: "Regulierungssumme 5.042,08", "./. Vergütung 1,5 % 76,32-", "Auszahlung 4.965,76".
fn closing_payment(head: &Head, totals: &[(Decimal, Place)], others: &[CutRow]) -> Option<(Decimal, Place)> {
    let order = |place: &Place| (place.page, place.area.map(|area| area.top));
    let last = totals.iter().map(|(_, place)| order(place)).max();
    let closes = |payment: Decimal| totals.iter().any(|(total, place)| *total == payment && Some(order(place)) == last);
    let between = |one: Decimal, next: Decimal| one == next || others.iter().flat_map(CutRow::amounts).any(|amount| amount.abs() == (one - next).abs());
    let agreed = head.payments.windows(2).all(|pair| between(pair[0].0, pair[1].0));
    head.payments.last().copied().filter(|(payment, _)| agreed && closes(*payment))
}

/// What stops a reading that neither headings nor sums prove, or that says what no payer means.
fn unproven(lines: &[AdviceLine], doubts: &[Doubt], set_out: SetOut) -> Option<Doubt> {
    let without_total = set_out == SetOut::Contents && !lines::rows_add_up(lines);
    let sums_fail = doubts.iter().any(|doubt| doubt.code == "unbalanced" || doubt.code == "no_total" && without_total);
    let says = "The amounts stand under no headings that are known, and the stated total does not prove which of them is paid: nothing is posted.";
    let stops = set_out != SetOut::Headings && sums_fail || lines.iter().any(lines::implausible);
    stops.then(|| Doubt::blocking("columns_unproven", says))
}

/// What the head says, with the places where it stands.
fn fields(pages: &PagedText, head: &Head, payment_date: Option<(Date, Place)>, total: Option<(Decimal, Place)>, currency: Option<Currency>) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut field =
        |name: &str, value: String, place: Option<Place>| fields.push(Field { name: name.to_owned(), value, place, confidence: sure(pages, place) });
    if let Some((reference, place)) = &head.reference {
        field("reference", reference.clone(), Some(*place));
    }
    if let Some((date, place)) = payment_date {
        field("payment_date", date.to_string(), Some(place));
    }
    if let Some((total, place)) = total {
        field("total_amount", total.to_string(), Some(place));
    }
    if let Some((payer, place)) = &head.payer {
        field("payer_name", payer.clone(), Some(*place));
    }
    if let Some(currency) = currency {
        field("currency", currency.code().to_owned(), None);
    }
    if let Some((account, place)) = &head.account {
        field("account", account.clone(), Some(*place));
    }
    if let Some((number, place)) = &head.supplier_number {
        field("supplier_number", number.clone(), Some(*place));
    }
    fields
}

/// Rows of words outside the tables that speak of an amount.
fn sentences(others: &[CutRow]) -> impl Iterator<Item = &CutRow> {
    others.iter().filter(|cut| cut.has_amount() && cut.atoms.iter().filter(|atom| atom.kind == Kind::Word).count() >= 6)
}

/// A sum of all lines that stands outside the tables under words that are not known: two lines or more make it by chance only.
fn unnamed_total(lines: &[AdviceLine], others: &[CutRow]) -> Option<(Decimal, Place)> {
    let sum: Decimal = lines.iter().map(AdviceLine::paid).sum();
    let only_amount = |cut: &&CutRow| cut.amounts().eq([sum]);
    others.iter().rev().find(only_amount).filter(|_| lines.len() >= 2 && !sum.is_zero()).map(|cut| (sum, cut.row.place()))
}

/// Notation and date order as all values of the document prove them.
fn conventions<'paper>(rows: &[Row], recognised: bool, numbering: &'paper Numbering) -> Conventions<'paper> {
    let words = || rows.iter().flat_map(|row| &row.words).map(|word| word.text.as_str());
    let text = words().collect::<Vec<_>>().join(" ");
    let currency = words().find_map(|word| ["EUR", "USD", "GBP"].into_iter().find(|code| word == *code));
    let order = settle_date_order(words(), order_hint(detect(&text), currency));
    let looks_like_amount =
        |word: &&str| word.bytes().filter(u8::is_ascii_digit).count() >= 3 && word.contains(['.', ',']) && !word.chars().any(char::is_alphabetic);
    Conventions { notation: settle_notation(words().filter(looks_like_amount)), order, recognised, numbering }
}

/// The currency that most amounts carry.
fn usual_currency(rows: &[Row]) -> Option<Currency> {
    let mut counts: Vec<(Currency, usize)> = Vec::new();
    for currency in rows.iter().flat_map(|row| &row.words).filter_map(|word| header::currency(std::slice::from_ref(word))) {
        match counts.iter_mut().find(|(known, _)| *known == currency) {
            Some((_, count)) => *count += 1,
            None => counts.push((currency, 1)),
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(currency, _)| currency)
}

/// How sure the words at a place are.
fn sure(pages: &PagedText, place: Option<Place>) -> Confidence {
    let Some(Place { page, area: Some(area) }) = place else { return Confidence::from_thousandths(900) };
    let words = pages.pages.iter().filter(|known| known.number == page).flat_map(|page| &page.words);
    let inside =
        words.filter(|word| word.area.left >= area.left && word.area.right <= area.right && word.area.top >= area.top && word.area.bottom <= area.bottom);
    inside.map(|word| word.confidence).min().unwrap_or(Confidence::CERTAIN).and(Confidence::from_thousandths(990))
}

//! Advices from rows of cells: separated text, workbooks, tables in mails.
//!
//! Rows are walked once, from top to bottom. Before a heading stand titles and labelled values, after it lines, sums and remarks; a new heading
//! under a new payment number begins a new advice.

use std::collections::HashMap;

use jiff::civil::Date;
use recoup_engine::money::Currency;
use recoup_engine::reading::{Doubt, Layout, Place, TableLayout};
use recoup_engine::remittance::{AdviceLine, PartyNamed, RemittanceAdvice};
use rust_decimal::Decimal;

use super::columns::{self, Columns, Dialect, is_heading};
use super::grid::{Grid, Row};
use super::labelled_cells::{closes, currency_in, first_amount, label_in_words, split_label};
use super::layouts;
use super::line::read_line;
use super::{belonging, legend};
use crate::Hints;
use crate::document::masthead;
use crate::language::labels::{says_corrected, starts_with_phrase};
use crate::language::{ColumnRole, DateOrder, HeaderField, column_role, fold, header_field, is_carried_forward, kinds, parse_amount, parse_date};

/// Rows looked at to settle what the columns hold.
const SAMPLE: usize = 300;
/// Doubts of one kind that are listed one by one.
const MOST_DOUBTS: usize = 20;

/// What a grid says of payments.
#[derive(Clone, Debug, Default)]
pub struct SheetReading {
    pub advices: Vec<RemittanceAdvice>,
    pub doubts: Vec<Doubt>,
    /// The tables with headings and what their columns were taken to mean.
    pub layout: Option<Layout>,
}

/// Facts of a payment that stand outside its lines.
#[derive(Clone, Debug, Default, PartialEq)]
struct Facts {
    reference: Option<String>,
    date: Option<Date>,
    total: Option<Decimal>,
    currency: Option<Currency>,
    payer: PartyNamed,
    payee: PartyNamed,
    corrects: bool,
}

/// One payment in the making.
#[derive(Default)]
struct Section {
    facts: Facts,
    lines: Vec<AdviceLine>,
    /// The sum that the table's last row states.
    footer: Option<Decimal>,
    sum: Decimal,
    since_subtotal: Decimal,
}

struct Reader<'a> {
    grid: &'a Grid,
    dialect: Dialect,
    own_names: &'a [String],
    /// What people confirmed for this sender.
    learnt: &'a [&'a TableLayout],
    tables: Vec<TableLayout>,
    columns: Option<Columns>,
    pending: Facts,
    sections: Vec<Section>,
    by_reference: HashMap<String, usize>,
    doubts: Vec<Doubt>,
    /// Rows that are neither lines nor sums, in words.
    said: Vec<String>,
    ragged: usize,
    ambiguous: usize,
}

/// Reads every advice of a grid. The hints keep our own company from being taken for the payer and know what was confirmed for senders; `order` is a
/// weak guess at the order of dates.
pub fn read(grid: &Grid, hints: &Hints, order: Option<DateOrder>) -> SheetReading {
    let mut printed = Reader::new(grid, hints, order, &[]).read();
    let payer = printed.advices.iter().find_map(|advice| advice.payer.name.clone());
    let learnt = layouts::of_sender(hints, payer.as_deref());
    if learnt.is_empty() {
        return printed;
    }
    let headings = |table: &TableLayout| layouts::roles(table.headings.iter().map(String::as_str), &learnt).is_some();
    if !printed.layout.iter().flat_map(|layout| &layout.tables).any(headings) {
        printed.doubts.push(Doubt::note("layout_changed", layouts::CHANGED));
        return printed;
    }
    // What a person said comes first and is checked by the same sums.
    let taught = Reader::new(grid, hints, order, &learnt).read();
    let sums = |reading: &SheetReading| reading.advices.iter().filter(|advice| advice.total == Some(advice.paid_by_lines())).count();
    if sums(&taught) >= sums(&printed) { taught } else { printed }
}

impl<'a> Reader<'a> {
    fn new(grid: &'a Grid, hints: &'a Hints, order: Option<DateOrder>, learnt: &'a [&'a TableLayout]) -> Self {
        Self {
            grid,
            dialect: columns::dialect(grid, order),
            own_names: &hints.own_names,
            learnt,
            tables: Vec::new(),
            columns: None,
            pending: Facts::default(),
            sections: Vec::new(),
            by_reference: HashMap::new(),
            doubts: Vec::new(),
            said: Vec::new(),
            ragged: 0,
            ambiguous: 0,
        }
    }

    fn read(mut self) -> SheetReading {
        let named = self.grid.rows.iter().take(SAMPLE).any(|row| is_heading(row) || self.taught(row).is_some());
        let nameless = if named { Vec::new() } else { self.nameless_lines() };
        for (index, row) in self.grid.rows.iter().enumerate() {
            if nameless.len() > 1 && nameless[0].line == row.line {
                self.begin_nameless_table(&nameless, index.checked_sub(1).map(|above| &self.grid.rows[above]));
            }
            self.take(index, row);
        }
        self.finish()
    }

    /// The meanings that were confirmed for the columns under these headings.
    fn taught(&self, row: &Row) -> Option<Vec<ColumnRole>> {
        if self.learnt.is_empty() { None } else { layouts::roles(row.cells.iter().map(str::trim), self.learnt) }
    }

    /// Settles the columns under a heading.
    fn begin_table(&mut self, heading: &Row, sample: &[&Row], taught: Option<&[ColumnRole]>, total: Option<Decimal>) {
        let settled = columns::settle(Some(heading), sample, self.dialect, total);
        let settled = match taught {
            Some(roles) => settled.taught(roles, sample, self.dialect),
            None => settled,
        };
        self.keep_table(heading, &settled);
        self.columns = Some(settled);
    }

    /// What is called the payment below a table, when it is the only one: "Überweisung 4.996,09".
    fn total_below(&self, heading: usize) -> Option<Decimal> {
        let below = &self.grid.rows[heading + 1..];
        if below.len() > SAMPLE || below.iter().any(is_heading) {
            return None;
        }
        let row = below.iter().rev().find(|row| row.filled().count() == 2)?;
        let [(_, label), (_, value)] = row.filled().collect::<Vec<_>>()[..] else { return None };
        let names_payment = matches!(header_field(label), Some((HeaderField::TotalPaid | HeaderField::PaymentReference, 850..)));
        parse_amount(value, self.dialect.notation).map(|amount| amount.value).filter(|value| names_payment && value.scale() > 0)
    }

    /// Tables repeat their headings from page to page; one is enough to learn from.
    fn keep_table(&mut self, heading: &Row, columns: &Columns) {
        let table = layouts::table(heading.cells.iter().map(str::trim), &columns.roles(heading));
        if self.tables.iter().all(|kept| kept.headings != table.headings) {
            self.tables.push(table);
        }
    }

    fn take(&mut self, index: usize, row: &Row) {
        let Some((first_column, first)) = row.filled().next() else { return };
        if self.columns.is_some() && self.take_line(row) {
            return;
        }
        let taught = self.taught(row);
        if taught.is_some() || is_heading(row) {
            let sample: Vec<&Row> =
                self.grid.rows[index + 1..].iter().filter(|row| row.filled().count() > 1).take_while(|row| !is_heading(row)).take(SAMPLE).collect();
            let total = self.pending.total.or_else(|| self.total_below(index));
            self.begin_table(row, &sample, taught.as_deref(), total);
            return;
        }
        if first.starts_with('#') && first_column == 0 && self.columns.is_some() {
            return;
        }
        if self.take_footer(row) {
            return;
        }
        self.said.push(row.filled().map(|(_, cell)| cell).collect::<Vec<_>>().join(" "));
        self.take_facts(row);
    }

    /// Rows that look like lines, in a grid that names no columns.
    fn nameless_lines(&self) -> Vec<&'a Row> {
        let looks_like_line = |row: &&Row| {
            let (mut amounts, mut documents) = (0, 0);
            for (_, cell) in row.filled() {
                if parse_date(cell, None).is_some() {
                } else if parse_amount(cell, self.dialect.notation).is_some_and(|amount| amount.value.scale() > 0) {
                    amounts += 1;
                } else if cell.bytes().any(|byte| byte.is_ascii_digit()) {
                    documents += 1;
                }
            }
            amounts > 0 && documents > 0 && row.filled().count() > 2 && !closes(row.filled().next().map_or("", |(_, cell)| cell))
        };
        self.grid.rows.iter().filter(looks_like_line).take(SAMPLE).collect()
    }

    /// Begins a table that names no columns, where its first line stands.
    fn begin_nameless_table(&mut self, sample: &[&Row], above: Option<&Row>) {
        let settled = columns::settle(None, sample, self.dialect, self.pending.total);
        if settled.document.is_none() || settled.net.or(settled.gross).is_none() {
            return;
        }
        self.doubts.push(Doubt::note("no_heading", "The table names no columns; what they hold was told from their values."));
        // The words above may be headings all the same, in words that are not known: a person can say what they mean.
        let names = |row: &&Row| row.filled().count() > 2 && row.filled().all(|(_, cell)| cell.contains(char::is_alphabetic));
        if let Some(heading) = above.filter(names) {
            self.keep_table(heading, &settled);
        }
        self.columns = Some(settled);
    }

    /// Takes a row as a line of the current table; false when it isn't one.
    fn take_line(&mut self, row: &Row) -> bool {
        let Some(columns) = self.columns.as_ref() else { return false };
        let Some(read) = read_line(row, columns, self.dialect) else { return false };
        if read.ragged {
            self.ragged += 1;
            if self.ragged <= MOST_DOUBTS {
                let says = format!("Line {} has {} cells where the table has {}; what could be told apart was read.", row.line, row.cells.len(), columns.width);
                self.doubts.push(Doubt::note("ragged_row", says));
            }
        }
        if read.ambiguous {
            self.ambiguous += 1;
            if self.ambiguous <= MOST_DOUBTS {
                self.doubts.push(Doubt::note("ambiguous_amount", format!("Line {}: the amount could mean thousands or decimals.", row.line)));
            }
        }
        if let Some(code) = columns.currency.map(|column| row.cell(column)).filter(|code| is_meant_as_currency(code) && code.parse::<Currency>().is_err()) {
            self.doubts.push(unknown_currency(code));
        }
        let facts = self.row_facts(row);
        let currency = facts.currency;
        let section = self.section_of(facts);
        if let (Some(own), Some(other)) = (currency, self.sections[section].facts.currency)
            && own != other
            && self.doubts.iter().all(|doubt| doubt.code != "currency_mismatch")
        {
            let says = format!("Line {} is in {own}, the payment in {other}: amounts of two currencies are never added.", row.line);
            self.doubts.push(Doubt::blocking("currency_mismatch", says));
        }
        let mut line = read.line;
        line.place = Some(Place { page: 1, area: None });
        let section = &mut self.sections[section];
        // A sum without a word stands under many tables.
        if line.reference.is_none() && line.text.is_none() && line.code.is_none() && section.lines.len() > 1 && line.net == Some(section.sum) {
            section.footer = line.net;
            return true;
        }
        let net = line.net.unwrap_or_default();
        section.sum += net;
        section.since_subtotal += net;
        section.lines.push(line);
        true
    }

    /// What the row itself says of its payment.
    fn row_facts(&self, row: &Row) -> Facts {
        let Some(columns) = self.columns.as_ref() else { return Facts::default() };
        let cell = |column: Option<usize>| column.map(|column| row.cell(column)).filter(|cell| !cell.is_empty());
        if columns.payment_reference.is_none()
            && columns.payment_date.is_none()
            && columns.payment_total.is_none()
            && columns.payer.is_none()
            && columns.currency.is_none()
        {
            return Facts::default();
        }
        let party = |name: Option<&str>| PartyNamed { name: name.map(str::to_owned), ..PartyNamed::default() };
        Facts {
            reference: cell(columns.payment_reference).map(str::to_owned),
            date: cell(columns.payment_date).and_then(|text| parse_date(text, self.dialect.date_order)).map(|parsed| parsed.date),
            total: cell(columns.payment_total).and_then(|text| parse_amount(text, self.dialect.notation)).map(|parsed| parsed.value),
            currency: cell(columns.currency).and_then(|text| text.parse().ok()),
            payer: party(cell(columns.payer)),
            payee: party(cell(columns.payee)),
            corrects: false,
        }
    }

    /// The advice that a line with these facts belongs to: by payment number, else the one being read.
    fn section_of(&mut self, facts: Facts) -> usize {
        if let Some(reference) = &facts.reference {
            if let Some(index) = self.by_reference.get(reference) {
                return *index;
            }
            let merged = merge(facts.clone(), &self.pending);
            self.sections.push(Section { facts: merged, ..Section::default() });
            self.by_reference.insert(reference.clone(), self.sections.len() - 1);
            return self.sections.len() - 1;
        }
        let new_payment = match self.sections.last() {
            None => true,
            Some(section) => self.pending.reference.is_some() && section.facts.reference.is_some() && self.pending.reference != section.facts.reference,
        };
        if new_payment {
            let mut started = std::mem::take(&mut self.pending);
            // The payer of a first block pays the later ones too, unless they say otherwise.
            if let Some(before) = self.sections.last() {
                let Facts { payer, payee, currency, .. } = before.facts.clone();
                started = merge(started, &Facts { payer, payee, currency, ..Facts::default() });
            }
            self.sections.push(Section { facts: merge(started, &facts), ..Section::default() });
        } else if let Some(section) = self.sections.last_mut() {
            if self.pending != Facts::default() {
                section.facts = merge(std::mem::take(&mut section.facts), &std::mem::take(&mut self.pending));
            }
            if section.facts.date.is_none() || section.facts.currency.is_none() {
                section.facts = merge(std::mem::take(&mut section.facts), &facts);
            }
        }
        self.sections.len() - 1
    }

    /// Sums and sums carried from page to page: control figures, never lines.
    fn take_footer(&mut self, row: &Row) -> bool {
        let (Some(columns), Some(section)) = (self.columns.as_ref(), self.sections.last_mut()) else { return false };
        let Some((_, label)) = row.filled().find(|(_, cell)| cell.contains(char::is_alphabetic)) else { return false };
        if is_carried_forward(label) || crate::language::labels::is_subtotal(label) {
            section.since_subtotal = Decimal::ZERO;
            return true;
        }
        if !closes(label) {
            return false;
        }
        let amount = |column: usize| parse_amount(row.cell(column), self.dialect.notation).map(|amount| amount.value);
        let in_column = columns.net.or(columns.gross).and_then(amount);
        let any = || row.filled().filter_map(|(column, _)| amount(column)).last();
        match in_column.or_else(any) {
            // A partial sum of what came since the last one is no grand total.
            Some(total) if total != section.sum && total == section.since_subtotal => section.since_subtotal = Decimal::ZERO,
            Some(total) => section.footer = Some(total),
            // "Totaal uitbetaald: € 3.880,26" in one cell is a labelled value.
            None => return !label.contains(|sign: char| sign.is_ascii_digit()),
        }
        true
    }

    /// Titles, names and labelled values around the table.
    fn take_facts(&mut self, row: &Row) {
        let filled: Vec<(usize, &str)> = row.filled().collect();
        let mut index = 0;
        while index < filled.len() {
            let cell = filled[index].1;
            if let Some((label, value)) = split_label(cell) {
                self.note_fact(label, value, filled.get(index + 1).map(|(_, cell)| *cell));
            } else if let Some((_, value)) = filled.get(index + 1)
                && masthead::introduces_date(cell)
                && parse_date(value, self.dialect.date_order).is_some()
            {
                self.note_field(HeaderField::DocumentDate, value, None);
                index += 1;
            } else if let (Some((field, score)), Some((_, value))) = (header_field(cell), filled.get(index + 1))
                && score >= 800
            {
                let after = filled.get(index + 2).map(|(_, cell)| *cell);
                self.note_field(field, value, after);
                index += 1;
            } else if let Some((field, value)) = label_in_words(cell) {
                self.note_field(field, value, filled.get(index + 1).map(|(_, cell)| *cell));
            } else if filled.len() == 1 {
                self.note_title(cell);
            }
            index += 1;
        }
    }

    fn note_fact(&mut self, label: &str, value: &str, after: Option<&str>) {
        if let Some((field, score)) = header_field(label)
            && score >= 700
        {
            self.note_field(field, value, after);
        }
    }

    fn note_field(&mut self, field: HeaderField, value: &str, after: Option<&str>) {
        let value = value.trim();
        let amount = || parse_amount(value, self.dialect.notation).or_else(|| first_amount(value, self.dialect));
        let date = parse_date(value, self.dialect.date_order).map(|parsed| parsed.date);
        // "Überweisung 4.996,09": the payment itself.
        let is_money = || amount().is_some_and(|amount| amount.value.scale() == 2);
        let field = if field == HeaderField::PaymentReference && date.is_none() && is_money() { HeaderField::TotalPaid } else { field };
        // "Paid 18 November": the day.
        let field = if field == HeaderField::TotalPaid && date.is_some() && amount().is_none() { HeaderField::PaymentDate } else { field };
        let facts = &mut self.pending;
        match field {
            HeaderField::PaymentReference | HeaderField::DocumentNumber if value.bytes().any(|byte| byte.is_ascii_digit()) && date.is_none() => {
                facts.reference.get_or_insert_with(|| value.to_owned());
            }
            HeaderField::PaymentDate => facts.date = date.or(facts.date),
            HeaderField::DocumentDate => facts.date = facts.date.or(date),
            HeaderField::TotalPaid | HeaderField::Total | HeaderField::Amount => {
                if let Some(amount) = amount() {
                    if facts.total.is_none() || field == HeaderField::TotalPaid {
                        facts.total = Some(amount.value);
                    }
                    let currency = after.and_then(|text| text.parse().ok()).or_else(|| currency_in(value));
                    facts.currency = facts.currency.or(currency);
                } else if field == HeaderField::TotalPaid && is_meant_as_amount(value) {
                    self.doubts.push(Doubt::blocking("amount_format", format!("The total `{value}` is no amount that can be held.")));
                }
            }
            HeaderField::Payee => facts.payee.name = Some(value.to_owned()),
            HeaderField::Payer => facts.payer.name = Some(value.to_owned()),
            HeaderField::SupplierNumber => facts.payee.identifiers.push(value.to_owned()),
            HeaderField::Account => facts.payer.account = Some(value.to_owned()),
            HeaderField::TaxNumber => facts.payer.identifiers.push(value.to_owned()),
            // "Valuta" is a currency in Dutch and a date in German.
            HeaderField::Currency => match value.parse() {
                Ok(currency) => facts.currency = Some(currency),
                Err(_) if is_meant_as_currency(value) => self.doubts.push(unknown_currency(value)),
                Err(_) => {}
            },
            _ => {}
        }
    }

    /// A line of its own: the kind of the paper, or the name of who wrote it.
    fn note_title(&mut self, cell: &str) {
        let folded = fold(cell);
        self.pending.corrects |= says_corrected(cell);
        let titles = kinds::TITLES.iter().flat_map(|(_, titles)| titles.iter().copied()).collect::<Vec<_>>();
        let is_title = starts_with_phrase(&folded, &titles) || titles.iter().any(|title| title.len() > 10 && folded.contains(title));
        if is_title {
            // "Payment advice 4711" carries its number in the title.
            if let Some(number) = cell.split_whitespace().last().filter(|word| word.bytes().filter(u8::is_ascii_digit).count() >= 4) {
                self.pending.reference.get_or_insert_with(|| number.trim_matches([':', '#']).to_owned());
            }
            return;
        }
        let greeting = starts_with_phrase(&folded, kinds::LETTER_WORDS);
        let ours = self.own_names.iter().any(|name| !name.is_empty() && folded.contains(&fold(name)));
        // A sentence ends with a point, and so does a company's legal form: "Inc.", "B.V.", "S.A.", "e. K.".
        let ends_in_abbreviation =
            cell.strip_suffix('.').and_then(|rest| rest.rsplit(['.', ' ']).next()).is_some_and(|last| last.len() <= 4 && last.starts_with(char::is_uppercase));
        let name_like = cell.len() <= 60 && cell.split_whitespace().count() <= 8 && (!cell.ends_with([':', '.', ',']) || ends_in_abbreviation);
        if name_like
            && !greeting
            && !ours
            && self.columns.is_none()
            && self.pending.payer.name.is_none()
            && cell.contains(char::is_alphabetic)
            && column_role(cell).is_none_or(|(_, score)| score < 900)
        {
            self.pending.payer.name = Some(cell.to_owned());
        }
    }

    fn finish(mut self) -> SheetReading {
        for (count, code, what) in [(self.ragged, "ragged_row", "ragged"), (self.ambiguous, "ambiguous_amount", "ambiguous")] {
            if count > MOST_DOUBTS {
                self.doubts.push(Doubt::note(code, format!("{} more lines are {what}.", count - MOST_DOUBTS)));
            }
        }
        let pending = std::mem::take(&mut self.pending);
        let only = self.sections.len() == 1;
        let mut advices = Vec::new();
        for mut section in self.sections {
            let stated = section.facts.total.or(section.footer);
            let closing = take_closing_row(&mut section.lines, section.facts.reference.as_deref(), stated);
            legend::explain(&mut section.lines, &self.said);
            belonging::gather(&mut section.lines);
            let mut facts = section.facts;
            if only {
                facts = merge(facts, &pending);
            }
            let total = facts.total.or(closing).or(section.footer);
            let advice = RemittanceAdvice {
                reference: facts.reference,
                payer: facts.payer,
                payee: facts.payee,
                payment_date: facts.date,
                currency: facts.currency,
                total,
                lines: section.lines,
                corrects_earlier: facts.corrects,
            };
            super::balance::check(&advice, &mut self.doubts);
            if self.ambiguous > 0 && advice.total != Some(advice.paid_by_lines()) {
                let says = "The amounts could mean thousands or decimals, and no total proves which: nothing is posted.";
                self.doubts.push(Doubt::blocking("ambiguous_amount", says));
            }
            advices.push(advice);
        }
        let layout = (!self.tables.is_empty()).then_some(Layout { tables: self.tables });
        SheetReading { advices, doubts: self.doubts, layout }
    }
}

/// The last row when it pays what all others pay together, whatever it is called: "Te ontvangen", "Versement". It names no document but the payment
/// itself, and no total says that it counts.
fn take_closing_row(lines: &mut Vec<AdviceLine>, payment: Option<&str>, stated: Option<Decimal>) -> Option<Decimal> {
    let (last, others) = lines.split_last()?;
    let sum: Decimal = others.iter().map(AdviceLine::paid).sum();
    let names_payment = last.reference.as_deref().is_none_or(|number| Some(number) == payment || !number.contains(|sign: char| sign.is_ascii_digit()));
    let is_free = names_payment && last.invoice_named.is_none() && last.debit_note.is_none() && stated != Some(sum + last.paid());
    let repeats = others.len() >= 2 && last.paid() == sum && !sum.is_zero() && is_free;
    repeats.then(|| lines.pop()).flatten().map(|closing| closing.paid())
}

/// A currency that is none must not become the customer's own.
fn unknown_currency(value: &str) -> Doubt {
    Doubt::blocking("currency", format!("`{value}` is not an ISO 4217 currency in use."))
}

/// Three capitals, or letters around a sign; other words ("Euro", a value date) leave the currency open.
fn is_meant_as_currency(value: &str) -> bool {
    let code = value.len() == 3 && value.bytes().all(|byte| byte.is_ascii_uppercase());
    code || value.contains(['€', '£', '$']) && value.contains(char::is_alphabetic) && currency_in(&value.replace(['€', '£', '$'], " ")).is_none()
}

/// Digits and what stands between and around them.
fn is_meant_as_amount(value: &str) -> bool {
    let letters = value.chars().filter(|character| character.is_alphabetic()).count();
    let digits = value.chars().filter(char::is_ascii_digit).count();
    digits > 0 && letters <= 3 && !value.contains(['/', ':'])
}

/// The first facts win; the second fill what they leave open.
fn merge(first: Facts, second: &Facts) -> Facts {
    let party = |first: PartyNamed, second: &PartyNamed| PartyNamed {
        name: first.name.or_else(|| second.name.clone()),
        account: first.account.or_else(|| second.account.clone()),
        identifiers: if first.identifiers.is_empty() { second.identifiers.clone() } else { first.identifiers },
        email: first.email.or_else(|| second.email.clone()),
    };
    Facts {
        reference: first.reference.or_else(|| second.reference.clone()),
        date: first.date.or(second.date),
        total: first.total.or(second.total),
        currency: first.currency.or(second.currency),
        payer: party(first.payer, &second.payer),
        payee: party(first.payee, &second.payee),
        corrects: first.corrects || second.corrects,
    }
}

/// Whether a grid has a heading of an advice, cheaply.
pub fn has_heading(grid: &Grid) -> bool {
    grid.rows.iter().take(SAMPLE).any(is_heading)
}

#[cfg(test)]
mod tests {
    use super::*;
    use recoup_engine::remittance::LineSubject;

    fn sheet(text: &str) -> SheetReading {
        read(&Grid::from_text(text).unwrap(), &Hints::default(), None)
    }

    #[test]
    fn confirmed_columns_come_before_headings_and_are_checked_by_the_sums() {
        let text = |wert: &str| {
            format!(
                "Nordmarkt GmbH\nZahlungsdatum;08.07.2026\nZahlbetrag;300,00;EUR\n\nBeleg;{wert};Abgang;Eingang\nRE-1;120,00;20,00;100,00\nRE-2;200,00;0,00;200,00\n"
            )
        };
        let first = sheet(&text("Wert"));
        let layout = first.layout.expect("a table with headings");
        assert_eq!(layout.tables[0].headings, ["Beleg", "Wert", "Abgang", "Eingang"]);
        let mut right = layout.clone();
        right.tables[0].meanings = ["document", "gross", "discount", "net"].map(str::to_owned).to_vec();
        let hints =
            |layout: &Layout| Hints { layouts: vec![crate::KnownLayout { sender: "Nordmarkt GmbH".to_owned(), layout: layout.clone() }], ..Hints::default() };
        let again = |text: &str, layout: &Layout| read(&Grid::from_text(text).unwrap(), &hints(layout), None);
        let taught = again(&text("Wert"), &right);
        let line = &taught.advices[0].lines[0];
        assert_eq!((line.gross, line.discount, line.net), (money("120"), money("20"), money("100")));
        assert_eq!(taught.layout.as_ref().map(|layout| &layout.tables[0].meanings), Some(&["invoice", "gross", "discount", "net"].map(str::to_owned).to_vec()));
        let mut wrong = layout;
        wrong.tables[0].meanings = ["document", "net", "deduction", "gross"].map(str::to_owned).to_vec();
        assert_eq!(again(&text("Wert"), &wrong).advices[0].lines[0].net, money("100"), "the total speaks against what was confirmed");
        assert!(again(&text("Summand"), &right).doubts.iter().any(|doubt| doubt.code == "layout_changed"));
    }

    fn money(text: &str) -> Option<Decimal> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn titles_facts_footer_and_own_rows_are_told_apart() {
        let reading = sheet(
            "ZAHLUNGSAVIS KORRIGIERT\nNordmarkt GmbH\nLieferant;Werk AG\nAvis-Nr.;ZA1\nZahlungsdatum;08.07.2026\nZahlbetrag;4.200,00;EUR\n\nRechnungs-Nr.;Rg.-Datum;Bruttobetrag;Skonto;Zahlbetrag;Grund;Text\n\
            RE-1;03.06.2026;3.117,72;;3.117,72;;\nRK-2;;-400,00;;-400,00;;Lieferverzug zu Rg. RE-1\nRE-3;05.06.2026;1.500,00;17,72;1.482,28;;\n;;314,83-;;0,00;;Diverses\nSumme;;;;4.200,00;;\n",
        );
        assert_eq!(reading.doubts, []);
        let advice = &reading.advices[0];
        assert_eq!(
            (advice.reference.as_deref(), advice.payer.name.as_deref(), advice.payee.name.as_deref()),
            (Some("ZA1"), Some("Nordmarkt GmbH"), Some("Werk AG"))
        );
        assert_eq!(
            (advice.total, advice.payment_date.map(|date| date.to_string()).as_deref(), advice.corrects_earlier),
            (money("4200.00"), Some("2026-07-08"), true)
        );
        assert_eq!((advice.lines.len(), advice.lines[1].subject, advice.lines[2].discount), (4, LineSubject::Adjustment, money("17.72")));
    }

    #[test]
    fn repeated_facts_and_two_payments_are_separated() {
        let reading = sheet(
            "EFT Reference,Date Paid,Payer,Currency,Amount Paid,Document,Invoice Amt,Cash Disc,Adjustments,Amt Paid,Reason Cd,Description\n\
            E1,2026-06-01,North,USD,90.00,INV-1,100.00,0.00,5.00,95.00,075,Short 1 cs\nE1,2026-06-01,North,USD,90.00,DM-9,-5.00,,,-5.00,073,Audit\nE2,2026-06-08,North,USD,49.00,INV-2,50.00,1.00,0.00,49.00,,\n",
        );
        assert_eq!(reading.doubts, []);
        let [first, second] = &reading.advices[..] else { panic!() };
        assert_eq!(
            (first.reference.as_deref(), first.total, second.reference.as_deref(), second.total),
            (Some("E1"), money("90.00"), Some("E2"), money("49.00"))
        );
        assert_eq!((first.lines[0].adjustments[0].amount, first.lines[0].adjustments[0].code.as_deref()), (Decimal::new(-500, 2), Some("075")));
    }

    #[test]
    fn one_line_files_tell_total_and_net_apart() {
        let reading = sheet(
            "Avis-Nr.,Zahlungsdatum,Zahler,Zahlbetrag,Rechnungs-Nr.,Bruttobetrag,Skonto,Abzug,Zahlbetrag\nZA9,29.09.2026,Markt AG,98.00,RE-1,100.00,2.00,0.00,98.00\n",
        );
        let advice = &reading.advices[0];
        assert_eq!(
            (advice.reference.as_deref(), advice.total, advice.lines[0].net, advice.lines[0].gross),
            (Some("ZA9"), money("98.00"), money("98.00"), money("100.00"))
        );
    }

    #[test]
    fn headings_stand_where_a_row_does_not_add_up() {
        let advice = &sheet("Invoice,Gross,Deduction,Paid\nINV-260592,1265.68,65.68,1100.00\n").advices[0];
        let line = &advice.lines[0];
        assert_eq!((line.gross, line.net, line.adjustments[0].amount), (money("1265.68"), money("1100.00"), Decimal::new(-6568, 2)));
    }

    #[test]
    fn without_headings_values_and_arithmetic_decide() {
        let reading = sheet(
            "INV-1;2026-06-01;100.00;2.00;0.00;98.00\nINV-2;2026-06-02;50.00;0.00;7.50;42.50\nINV-3;2026-06-03;80.00;1.60;0.00;78.40\nTotal;;;;;218.90\n",
        );
        let advice = &reading.advices[0];
        assert_eq!((advice.lines.len(), advice.total), (3, money("218.90")));
        assert_eq!((advice.lines[0].discount, advice.lines[1].adjustments[0].amount), (money("2.00"), Decimal::new(-750, 2)));
    }

    #[test]
    fn negative_deductions_ragged_rows_and_differences_are_noted() {
        let reading =
            sheet("Invoice;Gross;Deduction;Net;Reason\nA1;100.00;-10.00;90.00;Short\nA2;50.00;-5.00;45.00;Late;extra\nA3;20.00;0.00;20.00;\nTotal;;;160.00;\n");
        let codes: Vec<&str> = reading.doubts.iter().map(|doubt| doubt.code.as_str()).collect();
        assert_eq!(codes, ["ragged_row", "unbalanced"]);
        assert!(reading.doubts[0].says.starts_with("Line 3 ") && reading.doubts[1].says.ends_with("5.00."));
        assert_eq!(reading.advices[0].lines[0].adjustments[0].amount, Decimal::new(-1000, 2));
        assert_eq!(reading.advices[0].lines[1].text.as_deref(), Some("Late extra"));
    }
}

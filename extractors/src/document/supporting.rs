//! What every paper tells: number, issuer, date, amount, and the references on it.

use jiff::civil::Date;
use recoup_engine::money::Currency;
use recoup_engine::reading::{Confidence, Field, Place};
use recoup_engine::remittance::PartyNamed;
use recoup_engine::supporting::SupportingDocument;
use rust_decimal::Decimal;

use super::fields::{self, Labelled};
use super::rows::TextRow;
use super::{masthead, references};
use crate::language::{DateOrder, HeaderField, Notation, fold, header_field, kinds, order_hint, parse_amount, parse_date, settle_date_order, settle_notation};
use crate::remittance::prose::speaks_of_taking;

/// A value with where it stands.
pub type Placed<T> = Option<(T, Option<Place>)>;

/// The facts that papers of all kinds share.
#[derive(Clone, Debug, Default)]
pub struct Basics {
    pub number: Placed<String>,
    pub date: Placed<Date>,
    pub amount: Placed<Decimal>,
    pub currency: Option<Currency>,
    pub issuer: PartyNamed,
    pub invoice: Placed<String>,
    pub purchase_order: Placed<String>,
    pub delivery_note: Placed<String>,
    pub code: Placed<String>,
    pub found: Vec<Labelled>,
    pub notation: Option<Notation>,
    pub date_order: Option<DateOrder>,
}

/// Reads the shared facts; `title_row` is the row that names the paper.
pub fn basics(rows: &[TextRow], title_row: Option<usize>, own_names: &[String]) -> Basics {
    let text = rows.iter().map(TextRow::text).collect::<Vec<_>>().join("\n");
    let words = || rows.iter().flat_map(|row| row.words.iter().map(|word| word.text.as_str()));
    let notation = settle_notation(words());
    let currency = currency_of(&text);
    let hint = order_hint(crate::language::detect(&text), currency.as_ref().map(Currency::code).or_else(|| market(&text)));
    let date_order = settle_date_order(words(), hint);
    let found = fields::find(rows);
    let placed = |(labelled, value): (&Labelled, String)| (value, Some(labelled.place));
    let title_number = title_row.and_then(|row| number_of_title(rows, row));
    let number = title_number
        .or_else(|| fields::number(&found, HeaderField::DocumentNumber).map(placed))
        .or_else(|| fields::in_sentence(rows, HeaderField::DocumentNumber))
        .or_else(|| fields::number(&found, HeaderField::PaymentReference).map(placed));
    let date = [HeaderField::DocumentDate, HeaderField::PaymentDate].iter().find_map(|field| {
        found
            .iter()
            .filter(|labelled| labelled.field == *field && !in_table(rows, labelled))
            .find_map(|labelled| date_in(&labelled.value, date_order).map(|date| (date, Some(labelled.place))))
    });
    let date = date.or_else(|| masthead::day(rows, date_order).map(|(date, place)| (date, Some(place)))).or_else(|| {
        rows.iter().find_map(|row| {
            row.cells.iter().find_map(|cell| date_in(&cell.text, date_order).map(|date| (date, Some(Place { page: row.page, area: Some(cell.area) }))))
        })
    });
    let amount = amount_of(&found, if title_row.is_some() { rows } else { &[] }, notation);
    let currency = amount.as_ref().and_then(|(_, currency, _)| *currency).or(currency);
    Basics {
        number,
        date,
        amount: amount.map(|(value, _, place)| (value, place)),
        currency,
        issuer: PartyNamed {
            name: issuer(rows, title_row, own_names),
            identifiers: found.iter().filter(|labelled| labelled.field == HeaderField::TaxNumber).map(|labelled| labelled.value.clone()).collect(),
            ..PartyNamed::default()
        },
        invoice: fields::number(&found, HeaderField::InvoiceNumber).map(placed).or_else(|| fields::in_sentence(rows, HeaderField::InvoiceNumber)),
        purchase_order: fields::number(&found, HeaderField::PurchaseOrder).map(placed),
        delivery_note: fields::number(&found, HeaderField::DeliveryNote).map(placed).or_else(|| fields::in_sentence(rows, HeaderField::DeliveryNote)),
        code: found
            .iter()
            .find(|labelled| labelled.field == HeaderField::Code && labelled.value.len() <= 12)
            .map(|labelled| (labelled.value.clone(), Some(labelled.place))),
        found,
        notation,
        date_order,
    }
}

/// Whether a value stands in the first row of a table, under the heading that seemed to label it.
pub fn in_table(rows: &[TextRow], labelled: &Labelled) -> bool {
    labelled
        .row
        .checked_sub(1)
        .and_then(|above| rows.get(above))
        .is_some_and(|above| masthead::is_table_heading(above) && above.page == rows[labelled.row].page)
}

/// The amount that the paper is about: claimed amounts first, then totals, then what a sentence says is taken, then whatever else is called an amount; the last one stands under the others.
fn amount_of(found: &[Labelled], rows: &[TextRow], notation: Option<Notation>) -> Option<(Decimal, Option<Currency>, Option<Place>)> {
    let labelled = |field: HeaderField| {
        let of_field = found.iter().rev().filter(move |labelled| labelled.field == field);
        of_field.into_iter().find_map(|labelled| fields::amount(&labelled.value, notation).map(|(value, currency)| (value, currency, Some(labelled.place))))
    };
    let said = || amount_said_to_be_taken(rows, notation).map(|(value, place)| (value, None, Some(place)));
    labelled(HeaderField::Amount).or_else(|| labelled(HeaderField::Total)).or_else(said).or_else(|| labelled(HeaderField::TotalPaid))
}

/// "Den Betrag von EUR 731,25 ziehen wir bei der nächsten Regulierung ab": the only amount of the sentences that speak of taking.
fn amount_said_to_be_taken(rows: &[TextRow], notation: Option<Notation>) -> Option<(Decimal, Place)> {
    let is_sentence = |text: &str| text.split_whitespace().filter(|word| word.chars().filter(|sign| sign.is_alphabetic()).count() >= 2).count() >= 5;
    let money = |word: &str| {
        let bare = word.trim_matches(|sign: char| !sign.is_ascii_digit());
        parse_amount(bare, notation).map(|parsed| parsed.value).filter(|value| value.scale() == 2)
    };
    let told = rows
        .iter()
        .flat_map(|row| row.cells.iter().map(move |cell| (row.page, cell)))
        .filter(|(_, cell)| is_sentence(&cell.text) && speaks_of_taking(&cell.text));
    let mut amounts: Vec<(Decimal, Place)> =
        told.flat_map(|(page, cell)| cell.text.split_whitespace().filter_map(money).map(move |value| (value, Place { page, area: Some(cell.area) }))).collect();
    amounts.dedup_by_key(|(value, _)| *value);
    amounts.pop().filter(|_| amounts.is_empty())
}

/// "No. DN-017919" beside or right under the title.
fn number_of_title(rows: &[TextRow], title: usize) -> Option<(String, Option<Place>)> {
    let place = |row: &TextRow, area| Some(Place { page: row.page, area: Some(area) });
    // In the title's own words: the last word, when it has digits.
    let own = rows[title].cells.iter().find_map(|cell| {
        let last = cell.text.split_whitespace().last()?;
        (cell.text.contains(' ') && last.bytes().filter(u8::is_ascii_digit).count() >= 3 && parse_date(last, None).is_none())
            .then(|| (last.trim_matches([':', '#', '.']).to_owned(), place(&rows[title], cell.area)))
    });
    own.or_else(|| {
        rows.iter().skip(title).take(3).find_map(|row| {
            row.cells.iter().find_map(|cell| {
                let mut words = cell.text.splitn(2, [' ', ':']);
                let label = fold(words.next()?);
                let value = words.next()?.trim_start_matches([':', ' ', '.']);
                matches!(label.as_str(), "no" | "nr" | "number" | "nummer" | "numero" | "n" | "n o")
                    .then(|| fields::document_number(value))
                    .flatten()
                    .map(|number| (number, place(row, cell.area)))
            })
        })
    })
}

/// Who wrote the paper: at the top the first name with a legal form, else the first line that is a name.
fn issuer(rows: &[TextRow], title_row: Option<usize>, own_names: &[String]) -> Option<String> {
    let is_title = |folded: &str| kinds::TITLES.iter().any(|(_, titles)| titles.contains(&folded));
    let names = rows
        .iter()
        .take(10)
        .filter(|row| row.area.top < 4_000)
        .enumerate()
        .flat_map(|(index, row)| row.cells.iter().map(move |cell| (index, cell)))
        .filter_map(|(index, cell)| {
            let folded = fold(&cell.text);
            let in_title_row = title_row == Some(index);
            let letters = folded.chars().filter(|letter| letter.is_alphabetic()).count();
            let digits = folded.bytes().filter(u8::is_ascii_digit).count();
            let named = letters >= 4 && digits <= 2 && !cell.text.contains(':') && cell.text.split_whitespace().count() <= 8 && !is_title(&folded);
            let labelled = header_field(&cell.text).is_some_and(|(_, score)| score >= 900) && !in_title_row;
            let title_begins = kinds::TITLES.iter().any(|(_, titles)| titles.iter().any(|title| title.len() > 6 && folded.starts_with(title)));
            let ours = own_names.iter().any(|own| !own.is_empty() && folded.contains(&fold(own)));
            (named && !labelled && !title_begins && !ours).then(|| cell.text.clone())
        });
    let names: Vec<String> = names.collect();
    names.iter().find(|name| crate::structured::language_of_name(name).is_some()).or_else(|| names.first()).cloned()
}

/// The date in a value like "16-09-2026" or "Zwolle, 3 mei 2026".
pub fn date_in(value: &str, order: Option<DateOrder>) -> Option<Date> {
    if let Some(parsed) = parse_date(value, order) {
        return Some(parsed.date);
    }
    let words: Vec<&str> = value.split_whitespace().collect();
    if words.len() > 12 {
        return None;
    }
    words
        .iter()
        .find_map(|word| parse_date(word.trim_matches([',', ';', '(', ')']), order).filter(|_| word.contains(['/', '-', '.'])))
        .or_else(|| words.windows(3).find_map(|run| parse_date(&run.join(" "), order)))
        .map(|parsed| parsed.date)
}

/// The currency named most often; a sign counts only before or behind an amount.
fn currency_of(text: &str) -> Option<Currency> {
    let is_money = |word: &str| parse_amount(word, None).is_some_and(|amount| amount.value.scale() == 2);
    let count = |code: &str, sign: char| {
        text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| *word == code).count()
            + text.split_whitespace().filter(|word| word.contains(sign) && (word.chars().count() == 1 || is_money(word))).count()
    };
    let counted = [("EUR", count("EUR", '€')), ("USD", count("USD", '$')), ("GBP", count("GBP", '£')), ("CHF", count("CHF", '₣'))];
    let best = counted.iter().filter(|(_, count)| *count > 0).max_by_key(|(_, count)| *count)?;
    best.0.parse().ok()
}

/// The market that companies' legal forms suggest, as its currency: it decides only the order of day and month.
fn market(text: &str) -> Option<&'static str> {
    let folded = fold(text);
    let count = |forms: &[&str]| folded.split(' ').filter(|word| forms.contains(word)).count();
    let (american, british) = (count(&["inc", "llc", "corp", "co", "po"]), count(&["ltd", "plc", "limited", "vat"]));
    match american.cmp(&british) {
        std::cmp::Ordering::Greater => Some("USD"),
        std::cmp::Ordering::Less => Some("GBP"),
        std::cmp::Ordering::Equal => None,
    }
}

/// The largest amount on the paper, for papers that label none.
pub fn largest_amount(rows: &[TextRow], notation: Option<Notation>) -> Option<Decimal> {
    rows.iter()
        .flat_map(|row| &row.words)
        .filter_map(|word| parse_amount(&word.text, notation))
        .map(|parsed| parsed.value)
        .filter(|value| value.scale() == 2)
        .max()
}

/// Any other paper.
pub fn read(rows: &[TextRow], basics: &Basics) -> SupportingDocument {
    let text = rows.iter().map(TextRow::text).collect::<Vec<_>>().join("\n");
    SupportingDocument {
        number: basics.number.as_ref().map(|(number, _)| number.clone()),
        issuer: basics.issuer.clone(),
        date: basics.date.map(|(date, _)| date),
        amount: basics.amount.map(|(amount, _)| amount),
        currency: basics.currency,
        references: references::in_text(&text),
        text: Some(crate::structured::cut(text)),
        ..SupportingDocument::default()
    }
}

/// The shared facts as fields with their places.
pub fn as_fields(basics: &Basics) -> Vec<Field> {
    let mut listed = Vec::new();
    let mut push = |name: &str, value: Option<String>, place: Option<Place>| {
        if let Some(value) = value {
            listed.push(Field { name: name.to_owned(), value, place, confidence: Confidence::from_thousandths(900) });
        }
    };
    let text = |placed: &Placed<String>| (placed.as_ref().map(|(value, _)| value.clone()), placed.as_ref().and_then(|(_, place)| *place));
    for (name, placed) in [
        ("number", &basics.number),
        ("invoice_number", &basics.invoice),
        ("purchase_order", &basics.purchase_order),
        ("delivery_note", &basics.delivery_note),
        ("code", &basics.code),
    ] {
        let (value, place) = text(placed);
        push(name, value, place);
    }
    push("date", basics.date.map(|(date, _)| date.to_string()), basics.date.and_then(|(_, place)| place));
    push("amount", basics.amount.map(|(amount, _)| amount.to_string()), basics.amount.and_then(|(_, place)| place));
    push("issuer", basics.issuer.name.clone(), None);
    listed
}

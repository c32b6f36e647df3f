//! What a customer's words name: articles, quantities, invoices, agreements, credits, returns, periods.
//!
//! Only what stands in the words is taken; every number found is looked up whole, so that nothing is invented.

use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday};
use regex::Regex;
use rust_decimal::Decimal;

use crate::facts::{Facts, NamedKind};
use crate::reference::{fold, number_tokens};
use crate::supporting::ArticleLine;
use crate::units::Measure;

/// The words of one claim with what they name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    /// All words, literally, joined with a space.
    pub text: String,
    /// Articles of ours that are named, with the quantity claimed in base units where one stands beside.
    pub articles: Vec<ClaimedArticle>,
    /// A quantity without an article.
    pub quantity: Option<ClaimedQuantity>,
    pub invoices: Vec<String>,
    pub agreements: Vec<String>,
    pub returns: Vec<String>,
    pub credit_memos: Vec<String>,
    /// Tokens that look like numbers and are none of the above.
    pub other_references: Vec<String>,
    pub period: Option<(Date, Date)>,
}

/// An article a claim is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedArticle {
    pub sku: String,
    /// Base units, when a quantity is given and converts.
    pub base_units: Option<Decimal>,
}

/// A quantity as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimedQuantity {
    pub quantity: Decimal,
    pub measure: Option<Measure>,
}

static QUANTITY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|[\s(x])(\d{1,7}(?:[.,]\d{1,3})?)\s?x?\s?([a-z]{1,10})\b\.?").expect("a constant expression"));
static ISO_DATE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b(20\d\d)-(\d{1,2})-(\d{1,2})\b").expect("a constant expression"));
/// A year of two digits only stands behind the same mark as the month does: "06/29-07/26" is two days of one year.
static PARTED_DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:(\d{1,2})/(\d{1,2})/(20\d\d|\d\d)|(\d{1,2})\.(\d{1,2})\.(20\d\d|\d\d)|(\d{1,2})-(\d{1,2})-(20\d\d|\d\d))\b")
        .expect("a constant expression")
});
static DAYS_WITHOUT_YEAR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(\d{1,2})[./](\d{1,2})\.?\s*(?:-|to|au|bis|t/m|tot)\s*(\d{1,2})[./](\d{1,2})\b").expect("a constant expression"));
static WEEK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:week|weeks|wk|wks|kw|woche|semaine|sem|s)\.?\s?(\d{1,2})(?:\s*(?:-|to|au|bis|t/m|tot)\s*(\d{1,2}))?(?:[\s/-]+(20\d\d))?\b")
        .expect("a constant expression")
});
static MONTH: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b([a-z]{3,10})\.?\s+(20\d\d)\b").expect("a constant expression"));

/// Month names of four languages by their first letters, folded.
const MONTHS: [&[&str]; 12] = [
    &["january", "janvier", "januari", "januar", "jan"],
    &["february", "fevrier", "februari", "februar", "feb", "fev"],
    &["march", "mars", "maart", "marz", "mar", "mrt"],
    &["april", "avril", "apr", "avr"],
    &["may", "mai", "mei"],
    &["june", "juin", "juni", "jun"],
    &["july", "juillet", "juli", "jul"],
    &["august", "aout", "augustus", "aug"],
    &["september", "septembre", "sept", "sep"],
    &["october", "octobre", "oktober", "oct", "okt"],
    &["november", "novembre", "nov"],
    &["december", "decembre", "dezember", "dec", "dez"],
];
static QUARTER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:[qtk]\s?([1-4])|([1-4])(?:\.|e|er|eme|st|nd|rd|th)?\s*(?:quartal|kwartaal|trimestre|quarter))[\s/-]*(20\d\d)\b")
        .expect("a constant expression")
});

impl Wording {
    /// Looks every number in the words up among the records of this customer and its group. `around` is the day of the claim.
    pub fn read(texts: &[&str], lines: &[ArticleLine], facts: &Facts, customer_id: &str, around: Date) -> Self {
        let text = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ");
        let mut wording = Self { period: period(&text, facts, customer_id, around), ..Self::default() };
        wording.name_records(&text, facts, customer_id);
        wording.quantity = quantity(&text);
        for token in number_tokens(&text) {
            if let Some(product) = facts.article(customer_id, token).filter(|_| is_article_like(token))
                && !wording.articles.iter().any(|known| known.sku == product.sku)
            {
                let measured = wording.quantity.filter(|claimed| claimed.measure.is_some());
                let base_units = measured.and_then(|claimed| claimed.quantity.checked_mul(product.base_units(claimed.measure.unwrap_or(Measure::Base))?));
                wording.articles.push(ClaimedArticle { sku: product.sku.clone(), base_units });
            }
        }
        for line in lines {
            let Some(product) = line.article.as_deref().and_then(|article| facts.article(customer_id, article)) else { continue };
            // A count without a unit may be cases or pieces: it is taken only where the article has no cases.
            let counted = line.unit.is_some() || product.case_pack.is_none();
            let base_units = line.quantity.filter(|_| counted).and_then(|quantity| product.to_base(quantity, line.unit.as_deref()));
            match wording.articles.iter_mut().find(|known| known.sku == product.sku) {
                Some(known) => known.base_units = known.base_units.or(base_units),
                None => wording.articles.push(ClaimedArticle { sku: product.sku.clone(), base_units }),
            }
        }
        wording.text = text;
        wording
    }

    fn name_records(&mut self, text: &str, facts: &Facts, customer_id: &str) {
        for token in number_tokens(text) {
            if let Some(invoice) = facts.invoice(token) {
                push_once(&mut self.invoices, &invoice.invoice_number);
                continue;
            }
            let named = facts.named(customer_id, token);
            for record in &named {
                match &record.kind {
                    NamedKind::Agreement(id) => push_once(&mut self.agreements, id),
                    NamedKind::Return(id) => push_once(&mut self.returns, id),
                    NamedKind::CreditMemo(number) => push_once(&mut self.credit_memos, number),
                }
            }
            if named.is_empty() {
                push_once(&mut self.other_references, token);
            }
        }
    }

    /// The claimed base units of an article, when the words give them.
    pub fn claimed_units(&self, sku: &str) -> Option<Decimal> {
        self.articles.iter().find(|article| article.sku == sku).and_then(|article| article.base_units)
    }
}

/// The invoice that words are about, among the numbers they name: the only one, else the only one behind a word for invoice.
/// "Billed twice, see INV-1 inv INV-2" is about INV-2. `known` tells which tokens are invoices.
pub fn subject_invoice<T: PartialEq>(text: &str, known: impl Fn(&str) -> Option<T>) -> Option<T> {
    let folded_words: Vec<String> = text.split_whitespace().map(|word| fold(word.trim_matches(|character: char| !character.is_alphanumeric()))).collect();
    let mut named: Vec<(T, bool)> = Vec::new();
    for (position, word) in text.split_whitespace().enumerate() {
        let Some(invoice) = number_tokens(word).find_map(&known) else { continue };
        let labelled = position > 0 && INVOICE_WORDS.contains(&folded_words[position - 1].as_str());
        match named.iter_mut().find(|(other, _)| *other == invoice) {
            Some((_, known_label)) => *known_label |= labelled,
            None => named.push((invoice, labelled)),
        }
    }
    let several = named.len() > 1;
    let mut fitting = named.into_iter().filter(|(_, labelled)| !several || *labelled);
    let (invoice, _) = fitting.next()?;
    fitting.next().is_none().then_some(invoice)
}

/// Words for invoice that stand before its number, folded.
const INVOICE_WORDS: [&str; 15] =
    ["inv", "invoice", "invoices", "fact", "facture", "fac", "rg", "rechnung", "rechn", "rechnungsnr", "factuur", "faktuur", "fakt", "bill", "re"];

fn push_once(list: &mut Vec<String>, value: &str) {
    if !list.iter().any(|known| known == value) {
        list.push(value.to_owned());
    }
}

/// Article numbers are at least four characters: shorter tokens are quantities far more often.
fn is_article_like(token: &str) -> bool {
    token.len() >= 4
}

fn quantity(text: &str) -> Option<ClaimedQuantity> {
    let folded = fold(text);
    QUANTITY.captures_iter(&folded).find_map(|found| {
        let measure = Measure::from_word(&found[2])?;
        let quantity = found[1].replace(',', ".").parse().ok()?;
        Some(ClaimedQuantity { quantity, measure: Some(measure) })
    })
}

/// The period the words print: two dates, a quarter, weeks, a month, or one day. `around` gives the year where the words don't.
fn period(text: &str, facts: &Facts, customer_id: &str, around: Date) -> Option<(Date, Date)> {
    let folded = fold(text);
    if let Some(found) = QUARTER.captures(&folded) {
        let quarter: i8 = found.get(1).or_else(|| found.get(2))?.as_str().parse().ok()?;
        let starts = Date::new(found[3].parse().ok()?, quarter * 3 - 2, 1).ok()?;
        return Some((starts, starts.checked_add(2.months()).ok()?.last_of_month()));
    }
    let month_first = facts.customers.get(customer_id).and_then(|customer| customer.country.as_deref()) == Some("US");
    let ordered = |year: &str, first: &str, second: &str| {
        let year = if year.len() == 2 { format!("20{year}") } else { year.to_owned() };
        let (day, month) = if month_first { (second, first) } else { (first, second) };
        date(&year, month, day).or_else(|| date(&year, day, month))
    };
    let mut days: Vec<Date> = ISO_DATE.captures_iter(&folded).filter_map(|found| date(&found[1], &found[2], &found[3])).collect();
    days.extend(PARTED_DATE.captures_iter(&folded).filter_map(|found| {
        let parts: Vec<&str> = found.iter().skip(1).flatten().map(|part| part.as_str()).collect();
        ordered(parts[2], parts[0], parts[1])
    }));
    if let Some(found) = DAYS_WITHOUT_YEAR.captures(&folded).filter(|_| days.is_empty()) {
        let year = around.year().to_string();
        days.extend(ordered(&year, &found[1], &found[2]).into_iter().chain(ordered(&year, &found[3], &found[4])));
    }
    if let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) {
        return Some((*first, *last));
    }
    weeks(&folded, around).or_else(|| month(&folded))
}

/// "week 30", "KW 30-32", "semaine 30 2026": calendar weeks from Monday to Sunday.
fn weeks(folded: &str, around: Date) -> Option<(Date, Date)> {
    let found = WEEK.captures(folded)?;
    let year = found.get(3).and_then(|year| year.as_str().parse().ok()).unwrap_or_else(|| around.year());
    let monday = |week: &str| ISOWeekDate::new(year, week.parse().ok()?, Weekday::Monday).ok().map(Date::from);
    let first = monday(&found[1])?;
    let last = found.get(2).map_or(Some(first), |week| monday(week.as_str()))?;
    Some((first, last.checked_add(6.days()).ok()?))
}

/// "juin 2026": the whole month.
fn month(folded: &str) -> Option<(Date, Date)> {
    MONTH.captures_iter(folded).find_map(|found| {
        let number = MONTHS.iter().position(|names| names.contains(&&found[1]))?;
        let first = Date::new(found[2].parse().ok()?, i8::try_from(number + 1).ok()?, 1).ok()?;
        Some((first, first.last_of_month()))
    })
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_from_dates_and_quarters() {
        let facts = Facts::default();
        let read = |text: &str| period(text, &facts, "C1", "2026-08-12".parse().expect("date")).map(|(from, to)| format!("{from}/{to}"));
        assert_eq!(read("Coopération 27/08/2026-16/09/2026").as_deref(), Some("2026-08-27/2026-09-16"));
        assert_eq!(read("Flyer ad 2026-07-11 / 2026-07-31").as_deref(), Some("2026-07-11/2026-07-31"));
        assert_eq!(read("Casse forfaitaire T1 2026").as_deref(), Some("2026-01-01/2026-03-31"));
        assert_eq!(read("Umsatzbonus 2. Quartal 2026").as_deref(), Some("2026-04-01/2026-06-30"));
        assert_eq!(read("Scan 27/07-23/08 ref AK-1").as_deref(), Some("2026-07-27/2026-08-23"));
        assert_eq!(read("Folderbijdrage week 30").as_deref(), Some("2026-07-20/2026-07-26"));
        assert_eq!(read("Abverkauf KW 30-32").as_deref(), Some("2026-07-20/2026-08-09"));
        assert_eq!(read("RFA juin 2026").as_deref(), Some("2026-06-01/2026-06-30"));
        assert_eq!(read("nothing here"), None);
    }

    #[test]
    fn words_are_about_the_invoice_they_label() {
        let known = |token: &str| token.starts_with("INV-").then(|| token.to_owned());
        assert_eq!(subject_invoice("Shortage inv INV-1", known).as_deref(), Some("INV-1"));
        assert_eq!(subject_invoice("Billed twice, see INV-1 inv INV-2", known).as_deref(), Some("INV-2"));
        assert_eq!(subject_invoice("INV-1 / INV-2", known), None);
    }

    #[test]
    fn quantities_need_a_unit_word() {
        let read = |text: &str| quantity(text).map(|claimed| (claimed.quantity.to_string(), claimed.measure));
        assert_eq!(read("Short received 4 cs item 10017"), Some(("4".into(), Some(Measure::Case))));
        assert_eq!(read("Transportschaden 1 Krt Art. 106877"), Some(("1".into(), Some(Measure::Case))));
        assert_eq!(read("Promotiekorting 20 doos art. 10171"), Some(("20".into(), Some(Measure::Case))));
        assert_eq!(read("240 pcs"), Some(("240".into(), Some(Measure::Base))));
        assert_eq!(read("ref 2026 late"), None);
    }
}

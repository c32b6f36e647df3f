//! What was typed into the review of a document: values as people write them, read into the notation of corrections, or asked again.

use std::collections::BTreeMap;

use recoup_engine::money::{Currency, format_minor};
use recoup_engine::reading::{Content, Reading};
use recoup_extractors::language::{DateOrder, order_hint, parse_date};

use super::amount;
use super::language::{self, Language, text};
use crate::desk::corrections::{AMOUNTS, applied, line_part};
use crate::desk::layouts::Correction;
use crate::desk::review::{Review, review};

/// The form of a review.
#[derive(Debug, Default)]
pub struct Typed {
    values: BTreeMap<String, String>,
    /// Meanings of columns by heading or number.
    columns: BTreeMap<String, String>,
    /// The reading that was looked at.
    pub version: i64,
    /// The paper itself says sums that don't hold.
    pub is_as_printed: bool,
    /// On to the next document that waits.
    pub goes_on: bool,
}

impl Typed {
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        let mut typed = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                "version" => typed.version = value.parse().unwrap_or_default(),
                "as_printed" => typed.is_as_printed = true,
                "then" => typed.goes_on = value == "next",
                _ => match name.strip_prefix("column.") {
                    Some(column) => typed.columns.insert(column.to_owned(), value).map_or((), drop),
                    None => typed.values.insert(name, value.trim().to_owned()).map_or((), drop),
                },
            }
        }
        typed
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.columns.is_empty()
    }

    /// What was typed into a field, if the form had it.
    pub fn value_of(&self, name: &str) -> Option<String> {
        self.values.get(name).cloned()
    }

    pub fn meaning_of(&self, column: &str) -> Option<String> {
        self.columns.get(column).cloned()
    }

    /// What differs from what is shown, and what was doubtful and is confirmed by being sent; or a sentence about what can't be read.
    pub fn correction(&self, shown: &Review, reading: &Reading) -> Result<Correction, String> {
        let mut correction = Correction::default();
        for field in &shown.fields {
            let Some(typed) = self.values.get(&field.name) else { continue };
            let value = if *typed == in_form(&field.name, &field.value) { field.value.clone() } else { self.read(&field.name, typed, reading)? };
            let is_confirmed = field.stands.needs_attention() && !value.is_empty();
            if value != field.value && value.is_empty() {
                return Err(text("{0} is blank: write what the paper says.").with(language::plain(&field.name)).into());
            }
            if value != field.value || is_confirmed {
                correction.fields.insert(field.name.clone(), value);
            }
        }
        for line in &shown.lines {
            for (part, shown) in crate::desk::corrections::LINE_PARTS.iter().zip(&line.parts) {
                let name = format!("line_{}.{part}", line.number);
                let Some(typed) = self.values.get(&name) else { continue };
                let value = if *typed == in_form(&name, shown) { shown.clone() } else { self.read(&name, typed, reading)? };
                let is_confirmed = line.stands.needs_attention() && *part == "document" && !value.is_empty();
                if value != *shown || is_confirmed {
                    correction.fields.insert(name, value);
                }
            }
        }
        for column in &shown.columns {
            if let Some(meaning) = self.columns.get(&column.key).filter(|meaning| **meaning != column.meaning) {
                correction.columns.insert(column.key.clone(), meaning.clone());
            }
        }
        Ok(correction)
    }

    /// The sums as they are with what was typed, where it can be read.
    pub fn recheck(&self, shown: &mut Review, reading: &Reading) {
        let Ok(correction) = self.correction(shown, reading) else { return };
        if let Some(again) = applied(reading, &correction.fields).ok().and_then(|corrected| review(&corrected, &BTreeMap::new(), None)) {
            shown.checks = again.checks;
        }
    }

    /// A value in the notation of corrections.
    fn read(&self, name: &str, typed: &str, reading: &Reading) -> Result<String, String> {
        let currency = currency_of(reading);
        match (is_amount(name), currency) {
            _ if typed.is_empty() => Ok(String::new()),
            (true, Some(currency)) => amount::read(typed, currency).map(|minor| format_minor(minor, currency)),
            (true, None) => plain_amount(typed),
            (false, _) if name == "payment_date" => day(typed, reading, currency),
            (false, _) => Ok(typed.to_owned()),
        }
    }
}

/// An amount while its currency is not known: one mark before the last two digits is the decimal mark, anything else can be read in two ways.
fn plain_amount(typed: &str) -> Result<String, String> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let bare = typed.strip_prefix('-').unwrap_or(typed);
    let clear = match bare.split_once([',', '.']) {
        None => digits(bare),
        Some((whole, decimals)) => digits(whole) && digits(decimals) && decimals.len() <= 2,
    };
    if clear {
        Ok(typed.replace(',', "."))
    } else {
        Err(text("“{0}” can be read in two ways: write it as {1}, if that is meant.").with(typed).with("1234.56").into())
    }
}

fn currency_of(reading: &Reading) -> Option<Currency> {
    match &reading.content {
        Content::Advices(advices) => advices.first().and_then(|advice| advice.currency),
        _ => None,
    }
    .or(reading.currency)
}

/// A day as people and papers write it. Where the page's language and the paper's put day and month in another order, the person is asked.
fn day(typed: &str, reading: &Reading, currency: Option<Currency>) -> Result<String, String> {
    let order = order_hint(reading.language, currency.map(|currency| currency.code()));
    let Some(read) = parse_date(typed, order) else { return Err(text("“{0}” is no day: write it as 2026-12-31.").with(typed).into()) };
    let is_as_on_the_page = Language::current() == Language::English || parse_date(typed, Some(DateOrder::DayFirst)).is_some_and(|own| own.date == read.date);
    if read.ambiguous || !is_as_on_the_page {
        return Err(text("“{0}” can be read in two ways: write it as {1}, if that is meant.").with(typed).with(read.date).into());
    }
    Ok(read.date.to_string())
}

fn is_amount(name: &str) -> bool {
    name == "total_amount" || line_part(name).is_some_and(|(_, part)| AMOUNTS.contains(&part))
}

/// A value of a reading as its field holds it: amounts and days in the form of the page's language.
pub fn in_form(name: &str, value: &str) -> String {
    match name {
        "payment_date" => language::day(value),
        _ if is_amount(name) => language::decimal(value),
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use recoup_engine::reading::{Confidence, DocumentFormat, Doubt, Field, Language};
    use recoup_engine::remittance::{AdviceLine, RemittanceAdvice};

    use super::*;

    #[test]
    fn only_what_differs_or_was_doubtful_is_a_correction_and_doubts_are_asked_again() {
        let line = AdviceLine { reference: Some("R-1".to_owned()), net: "100.00".parse().ok(), ..AdviceLine::default() };
        let advice = RemittanceAdvice {
            reference: Some("ZA-1".to_owned()),
            total: "100.00".parse().ok(),
            currency: "EUR".parse().ok(),
            lines: vec![line],
            ..RemittanceAdvice::default()
        };
        let field =
            |name: &str, thousandths| Field { name: name.to_owned(), value: String::new(), place: None, confidence: Confidence::from_thousandths(thousandths) };
        let reading = Reading {
            content: Content::Advices(vec![advice]),
            fields: vec![field("reference", 500), field("total_amount", 990)],
            language: Some(Language::German),
            ..Reading::not_understood(DocumentFormat::Pdf, Doubt::note("", ""))
        };
        let shown = review(&reading, &BTreeMap::new(), None).expect("an advice");
        let correction = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            Typed::new(pairs).correction(&shown, &reading).map(|correction| correction.fields.into_iter().collect::<Vec<_>>())
        };
        let own = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(correction(&[("reference", "ZA-1"), ("total_amount", "100.00"), ("payment_date", "")]), Ok(vec![own("reference", "ZA-1")]));
        assert_eq!(
            correction(&[("total_amount", "1.234,50"), ("payment_date", "31.03.2026")]),
            Ok(vec![own("payment_date", "2026-03-31"), own("total_amount", "1234.50")])
        );
        assert_eq!(correction(&[("line_1.net", "90"), ("line_1.document", "R-1")]), Ok(vec![own("line_1.net", "90.00")]));
        assert!(correction(&[("line_1.net", "1.234")]).is_err_and(|why| why.contains("two ways")));
        assert!(correction(&[("payment_date", "tomorrow")]).is_err_and(|why| why.contains("is no day")));
        assert!(correction(&[("total_amount", "")]).is_err_and(|why| why.contains("blank")));
    }
}

//! How sure each value of a reading is: read by itself, confirmed by a person, doubtful, or at odds with the sums around it.

use std::collections::BTreeMap;

use recoup_engine::reading::{Confidence, Content, Field, Place, Reading};
use recoup_engine::remittance::{AdviceLine, RemittanceAdvice};

use super::corrections::{FIELDS, LINE_PARTS, line_part, part_of, said};
use super::sums::{self, Sum};

/// A value less certain than this wants a look.
pub const DOUBTFUL: Confidence = Confidence::from_thousandths(800);
/// Lines that are offered for correction; longer advices come as data.
pub const MOST_LINES: usize = 200;

/// How a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    Auto,
    Confirmed,
    Doubtful,
    /// A sum that it is part of does not hold.
    Failed,
}

impl Stands {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Confirmed => "confirmed",
            Self::Doubtful => "doubtful",
            Self::Failed => "failed",
        }
    }

    /// Whether a person should look at it.
    pub const fn needs_attention(self) -> bool {
        matches!(self, Self::Doubtful | Self::Failed)
    }
}

/// A value with its state and the reason for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// `payment_date`, `line_3.gross`
    pub name: String,
    /// In the notation of corrections; blank when the paper doesn't say it.
    pub value: String,
    pub place: Option<Place>,
    pub stands: Stands,
    pub why: Why,
}

/// A line of the advice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// From 1.
    pub number: usize,
    /// One for each of [`LINE_PARTS`].
    pub parts: Vec<String>,
    pub place: Option<Place>,
    pub stands: Stands,
    pub why: Why,
    /// Its deductions stand on lines of their own and can't be set right together.
    pub has_several_deductions: bool,
}

/// Why a value stands as it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The reader is sure enough, where it says how sure.
    ByItself(Option<Confidence>),
    Person,
    HardToRead(Confidence),
    NotFound,
    /// No customer is known by the name of the payer.
    PayerUnknown,
    /// Another payment carries the number of this one.
    NumberTaken,
    /// A sum that does not hold.
    Sum(Sum),
    /// What the reader doubts, in its words.
    Doubt(String),
}

/// A column of a table of the paper with what it was taken to mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The heading, or the number from 1 where there is none: how a correction names it.
    pub key: String,
    pub meaning: String,
}

/// An advice as a person reviews it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    pub fields: Vec<Value>,
    pub lines: Vec<Line>,
    pub checks: Vec<Sum>,
    pub columns: Vec<Column>,
    /// Lines beyond the most that are shown.
    pub more_lines: usize,
    /// Further payments that the same document announces.
    pub more_payments: usize,
}

/// What of a reading a person reviews; `None` when it announces no payment. `confirmed` are the facts that a person set right or confirmed, `problem` is why
/// the document waits.
pub fn review(reading: &Reading, confirmed: &BTreeMap<String, String>, problem: Option<&str>) -> Option<Review> {
    let Content::Advices(advices) = &reading.content else { return None };
    let advice = advices.first()?;
    let total = sums::total(advice);
    let fields = FIELDS.iter().map(|name| field(reading, advice, name, confirmed, problem.unwrap_or_default(), total.as_ref())).collect();
    let lines: Vec<Line> = (1..).zip(advice.lines.iter().take(MOST_LINES)).map(|(number, one)| line(number, one, confirmed)).collect();
    let checks = total.into_iter().chain(sums::lines(advice)).collect();
    Some(Review {
        fields,
        lines,
        checks,
        columns: columns(reading),
        more_lines: advice.lines.len().saturating_sub(MOST_LINES),
        more_payments: advices.len() - 1,
    })
}

/// The sums of a reading that don't hold.
pub fn broken_sums(reading: &Reading) -> Vec<Sum> {
    review(reading, &BTreeMap::new(), None).into_iter().flat_map(|review| review.checks).filter(|sum| !sum.holds()).collect()
}

fn field(reading: &Reading, advice: &RemittanceAdvice, name: &str, confirmed: &BTreeMap<String, String>, problem: &str, total: Option<&Sum>) -> Value {
    let read = reading.fields.iter().find(|field| field.name == name);
    let value = said(advice, name);
    let (stands, why) = field_stands(name, &value, read, confirmed, problem, total, reading);
    Value { name: name.to_owned(), value, place: read.and_then(|field| field.place), stands, why }
}

fn field_stands(
    name: &str,
    value: &str,
    read: Option<&Field>,
    confirmed: &BTreeMap<String, String>,
    problem: &str,
    total: Option<&Sum>,
    reading: &Reading,
) -> (Stands, Why) {
    if name == "total_amount"
        && let Some(broken) = total.filter(|sum| !sum.holds())
    {
        return (Stands::Failed, Why::Sum(broken.clone()));
    }
    if name == "payer_name" && problem.contains("payer_unknown:") {
        return (Stands::Doubtful, Why::PayerUnknown);
    }
    if name == "reference" && problem.starts_with("The number of this payment was advised before") {
        return (Stands::Doubtful, Why::NumberTaken);
    }
    if confirmed.contains_key(name) {
        return (Stands::Confirmed, Why::Person);
    }
    let doubt = reading.doubts.iter().find(|doubt| matches!((name, doubt.code.as_str()), ("payment_date", "date_far") | ("total_amount", "no_total")));
    match (doubt, read) {
        (Some(doubt), _) => (Stands::Doubtful, Why::Doubt(doubt.says.clone())),
        (None, _) if value.is_empty() => (Stands::Doubtful, Why::NotFound),
        (None, Some(read)) if read.confidence < DOUBTFUL => (Stands::Doubtful, Why::HardToRead(read.confidence)),
        (None, Some(read)) => (Stands::Auto, Why::ByItself(Some(read.confidence))),
        (None, None) => (Stands::Auto, Why::ByItself(None)),
    }
}

fn line(number: usize, line: &AdviceLine, confirmed: &BTreeMap<String, String>) -> Line {
    let sum = sums::line(number, line).filter(|sum| !sum.holds());
    let is_confirmed = confirmed.keys().any(|name| line_part(name).is_some_and(|(of, _)| of == number));
    let (stands, why) = match (sum, line.confidence) {
        (Some(broken), _) => (Stands::Failed, Why::Sum(broken)),
        (None, _) if is_confirmed => (Stands::Confirmed, Why::Person),
        (None, Some(sure)) if sure < DOUBTFUL => (Stands::Doubtful, Why::HardToRead(sure)),
        _ => (Stands::Auto, Why::ByItself(line.confidence)),
    };
    Line {
        number,
        parts: LINE_PARTS.iter().map(|part| part_of(line, part)).collect(),
        place: line.place,
        stands,
        why,
        has_several_deductions: line.adjustments.len() > 1,
    }
}

fn columns(reading: &Reading) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for table in reading.layout.iter().flat_map(|layout| &layout.tables) {
        for (number, (heading, meaning)) in (1..).zip(table.headings.iter().zip(&table.meanings)) {
            let key = if heading.trim().is_empty() { number.to_string() } else { heading.clone() };
            if !columns.iter().any(|known| known.key == key) {
                columns.push(Column { key, meaning: meaning.clone() });
            }
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use recoup_engine::reading::{DocumentFormat, Doubt};
    use recoup_engine::remittance::Adjustment;
    use rust_decimal::Decimal;

    use super::*;

    fn line_of(gross: i64, discount: i64, deduction: i64, net: i64) -> AdviceLine {
        let cents = |minor: i64| Decimal::new(minor, 2);
        AdviceLine {
            gross: Some(cents(gross)),
            discount: Some(cents(discount)),
            adjustments: vec![Adjustment { amount: cents(-deduction), ..Adjustment::default() }],
            net: Some(cents(net)),
            ..AdviceLine::default()
        }
    }

    fn read(total: i64, lines: Vec<AdviceLine>) -> Reading {
        let field =
            |name: &str, confidence| Field { name: name.to_owned(), value: String::new(), place: None, confidence: Confidence::from_thousandths(confidence) };
        let advice = RemittanceAdvice { reference: Some("ZA-1".to_owned()), total: Some(Decimal::new(total, 2)), lines, ..RemittanceAdvice::default() };
        Reading {
            content: Content::Advices(vec![advice]),
            fields: vec![field("reference", 640), field("total_amount", 990)],
            ..Reading::not_understood(DocumentFormat::Pdf, Doubt::note("", ""))
        }
    }

    #[test]
    fn every_value_says_how_it_stands_and_why() {
        let review_of = |reading: &Reading, confirmed: &[&str]| {
            let confirmed = confirmed.iter().map(|name| ((*name).to_owned(), String::new())).collect();
            review(reading, &confirmed, Some("payer_unknown: nobody")).expect("an advice")
        };
        let balanced = review_of(&read(18_800, vec![line_of(10_000, 200, 300, 9_500), line_of(9_300, 0, 0, 9_300)]), &[]);
        let stand: Vec<Stands> = balanced.fields.iter().map(|field| field.stands).collect();
        assert_eq!(stand, [Stands::Doubtful, Stands::Doubtful, Stands::Auto, Stands::Doubtful], "hard to read, not found, sure, unknown");
        assert!(balanced.checks.iter().all(Sum::holds) && balanced.checks.len() == 2, "{:?}", balanced.checks);
        let broken = read(18_000, vec![line_of(10_000, 200, 300, 9_400), line_of(9_300, 0, 0, 9_300)]);
        let found = review_of(&broken, &["reference", "line_2.net"]);
        assert_eq!(found.fields[0].stands, Stands::Confirmed);
        assert_eq!(
            (found.fields[2].stands, &found.fields[2].why),
            (Stands::Failed, &Why::Sum(Sum::Total { lines: 2, made: Decimal::new(18_700, 2), stated: Decimal::new(18_000, 2) }))
        );
        assert_eq!((found.lines[0].stands, found.lines[1].stands), (Stands::Failed, Stands::Confirmed));
        assert_eq!(
            broken_sums(&broken)[1].to_string(),
            "Line 1: gross 100.00 - discount 2.00 - deduction 3.00 makes 95.00, the net says 94.00: 1.00 apart.",
            "the sentence names the difference"
        );
    }
}

//! Pages of words to a whole reading: the kind first, then the reader of that kind.

use recoup_engine::reading::{Confidence, Content, DocumentFormat, DocumentKind, Doubt, Field, Reading};
use recoup_engine::remittance::RemittanceAdvice;

use crate::Hints;
use crate::document::classify::{self, Guess};
use crate::document::fields::{amount, number};
use crate::document::rows::{self, TextRow};
use crate::document::{debit_note, delivery, supporting};
use crate::language::{HeaderField, detect};
use crate::remittance::{advice, balance};
use crate::structured::cut;
use crate::text::PagedText;

/// Reads a document of pages, whatever it is.
pub(crate) fn read(paged: PagedText, format: DocumentFormat, hints: &Hints) -> Reading {
    let rows = rows::of_pages(&paged.pages);
    let text = rows.iter().map(TextRow::text).collect::<Vec<_>>().join("\n");
    let language = detect(&text);
    let pages = u32::try_from(paged.pages.len().max(1)).unwrap_or(1);
    let mut reading = Reading { pages, text_source: paged.source, language, text: cut(text), ..Reading::not_understood(format, Doubt::note("", "")) };
    reading.doubts.clone_from(&paged.doubts);
    if rows.is_empty() {
        if reading.doubts.is_empty() {
            reading.doubts.push(Doubt::blocking("not_understood", "No words were found on the pages."));
        }
        return reading;
    }
    let guess = classify::classify(&rows);
    let may_pay = matches!(guess.kind, DocumentKind::RemittanceAdvice | DocumentKind::Other | DocumentKind::Correspondence);
    if may_pay && let Some((advices, fields, doubts)) = advices(&paged, &rows, hints, guess.kind == DocumentKind::RemittanceAdvice) {
        return pay(reading, advices, fields, doubts, guess);
    }
    describe(reading, &rows, guess, hints)
}

/// The advice in pages of plain text, when there is one.
pub(crate) fn advice_of(paged: &PagedText, format: DocumentFormat, hints: &Hints) -> Option<Reading> {
    let rows = rows::of_pages(&paged.pages);
    let text = rows.iter().map(TextRow::text).collect::<Vec<_>>().join("\n");
    let guess = classify::classify(&rows);
    let (advices, fields, doubts) = advices(paged, &rows, hints, guess.kind == DocumentKind::RemittanceAdvice)?;
    let reading = Reading {
        text_source: recoup_engine::reading::TextSource::Structured,
        language: detect(&text),
        text: cut(text),
        doubts: Vec::new(),
        ..Reading::not_understood(format, Doubt::note("", ""))
    };
    Some(pay(reading, advices, fields, doubts, guess))
}

type Advices = (Vec<RemittanceAdvice>, Vec<Field>, Vec<Doubt>);

/// The advices on the pages; without a title that says so, only several lines or a proven sum make one.
fn advices(paged: &PagedText, rows: &[TextRow], hints: &Hints, titled: bool) -> Option<Advices> {
    let (mut advices, doubts, mut fields) = advice::read(paged, hints);
    if let [only] = &mut advices[..] {
        complete(only, &mut fields, rows, hints);
    }
    let lines = advices.iter().flat_map(|advice| &advice.lines).filter(|line| line.reference.is_some() && line.net.is_some()).count();
    let proven = advices.iter().any(|advice| advice.total.is_some_and(|total| total == balance::sum_of_lines(advice)));
    let sure = if titled {
        lines > 0 || advices.iter().any(|advice| advice.total.is_some())
    } else {
        lines > 1 && proven || lines > 0 && proven && advices.iter().any(|advice| advice.reference.is_some() && advice.payment_date.is_some())
    };
    sure.then_some((advices, fields, doubts))
}

/// Facts that stand under or beside their labels where the reader of columns didn't look.
fn complete(advice: &mut RemittanceAdvice, fields: &mut Vec<Field>, rows: &[TextRow], hints: &Hints) {
    if advice.reference.is_some() && advice.payment_date.is_some() && advice.total.is_some() {
        return;
    }
    let basics = supporting::basics(rows, None, &hints.own_names);
    let mut add = |name: &str, value: String, place| fields.push(Field { name: name.to_owned(), value, place, confidence: Confidence::from_thousandths(850) });
    if advice.reference.is_none()
        && let Some((found, number)) = number(&basics.found, HeaderField::PaymentReference).or_else(|| number(&basics.found, HeaderField::DocumentNumber))
    {
        add("reference", number.clone(), Some(found.place));
        advice.reference = Some(number);
    }
    if advice.payment_date.is_none() {
        let dates = [HeaderField::PaymentDate, HeaderField::DocumentDate]
            .into_iter()
            .flat_map(|field| basics.found.iter().filter(move |labelled| labelled.field == field));
        if let Some((found, date)) = dates.filter_map(|found| supporting::date_in(&found.value, basics.date_order).map(|date| (found, date))).next() {
            add("payment_date", date.to_string(), Some(found.place));
            advice.payment_date = Some(date);
        }
    }
    if advice.total.is_none() {
        let total = basics
            .found
            .iter()
            .filter(|found| found.field == HeaderField::TotalPaid)
            .find_map(|found| amount(&found.value, basics.notation).map(|(total, _)| (found, total)));
        if let Some((found, total)) = total {
            add("total_amount", total.to_string(), Some(found.place));
            advice.total = Some(total);
        }
    }
}

fn pay(reading: Reading, advices: Vec<RemittanceAdvice>, fields: Vec<Field>, doubts: Vec<Doubt>, guess: Guess) -> Reading {
    let first = advices.first();
    let (number, date) = (first.and_then(|advice| advice.reference.clone()), first.and_then(|advice| advice.payment_date));
    let (total, currency) = (first.and_then(|advice| advice.total), first.and_then(|advice| advice.currency));
    let confidence = if guess.kind == DocumentKind::RemittanceAdvice { guess.confidence } else { Confidence::from_thousandths(850) };
    let mut all = reading.doubts;
    all.extend(doubts);
    Reading {
        kind: DocumentKind::RemittanceAdvice,
        kind_confidence: confidence,
        number,
        date,
        total,
        currency,
        fields,
        doubts: all,
        content: Content::Advices(advices),
        ..reading
    }
}

fn describe(mut reading: Reading, rows: &[TextRow], guess: Guess, hints: &Hints) -> Reading {
    let basics = supporting::basics(rows, guess.title_row, &hints.own_names);
    reading.kind = guess.kind;
    reading.kind_confidence = guess.confidence;
    reading.fields = supporting::as_fields(&basics);
    reading.number = basics.number.as_ref().map(|(number, _)| number.clone());
    reading.date = basics.date.map(|(date, _)| date);
    reading.total = basics.amount.map(|(amount, _)| amount);
    reading.currency = basics.currency;
    reading.content = match guess.kind {
        DocumentKind::DebitNote => {
            let note = debit_note::read(rows, &basics);
            reading.total = note.amount;
            if let Some(reason) = &note.reason {
                reading.fields.push(Field {
                    name: "reason".to_owned(),
                    value: reason.clone(),
                    place: note.reason_place,
                    confidence: Confidence::from_thousandths(900),
                });
            }
            if note.amount.is_none() {
                reading.doubts.push(Doubt::note("no_amount", "The claim states no amount that could be read."));
            }
            Content::DebitNote(note)
        }
        DocumentKind::ProofOfDelivery | DocumentKind::BillOfLading => {
            let paper = delivery::read(rows, &basics);
            for (name, value, place) in [
                ("remarks", &paper.remarks, paper.remarks_place),
                ("signed_by", &paper.signed_by, paper.signature_place),
                ("delivered_to", &paper.delivered_to, None),
            ] {
                if let Some(value) = value {
                    reading.fields.push(Field { name: name.to_owned(), value: value.clone(), place, confidence: Confidence::from_thousandths(850) });
                }
            }
            reading.total = None;
            Content::Delivery(paper)
        }
        DocumentKind::Other => {
            reading.doubts.push(Doubt::blocking("not_understood", "The document is none of the kinds that are read here."));
            Content::Supporting(supporting::read(rows, &basics))
        }
        _ => Content::Supporting(supporting::read(rows, &basics)),
    };
    reading
}

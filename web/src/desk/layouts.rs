//! A person confirms how a paper was read: its layout serves for the sender's next paper, its corrected facts for this one.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow, bail};
use recoup_engine::money::{Currency, Money};
use recoup_engine::reading::{Confidence, Content, Doubt, Field, Layout, Reading};
use recoup_store::audit::NewEntry;
use recoup_store::documents::DocumentRow;
use recoup_store::intake::{CorrectionRow, KnownLayoutRow};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::clock::now_text;
use crate::vault::digest;
use crate::workplace::Workplace;

/// What a person sets right; everything may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Meaning of columns, by heading as printed or by number from 1: `document`, `gross`, `discount`, `deduction`, `net`, `code`, `text`, ….
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// `reference`, `payment_date`, `total_amount`, `payer_name`.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
}

/// What confirming did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Confirmed {
    pub document: String,
    /// The sender whose papers are read by this layout from now on.
    pub sender: Option<String>,
    pub tables: usize,
    /// The document is opened to being read again with what was corrected.
    pub reopened: bool,
}

/// Confirms a document, with corrections where there are any.
pub async fn confirm(workplace: &Workplace, document: &DocumentRow, correction: &Correction, actor: &str) -> Result<Confirmed> {
    let reading = workplace.store.reading(&document.document_id).await?.with_context(|| format!("{} was not read yet", document.name))?;
    let layout = corrected(reading.layout.clone(), &correction.columns)?;
    let changes = !correction.columns.is_empty() || !correction.fields.is_empty();
    if changes && workplace.store.has_postings(&document.document_id).await? {
        bail!("postings of {} stand, so its reading can't be changed any more; a corrected advice of the sender replaces them", document.name);
    }
    let facts = merged_facts(workplace, document, correction).await?;
    if !correction.fields.is_empty() {
        // What can't be put in place now could not be either when the document is read again.
        applied(&reading, &facts)?;
    }
    let sender = sender(&reading, correction);
    if !changes && (sender.is_none() || layout.as_ref().is_none_or(|layout| layout.tables.is_empty())) {
        bail!(
            "there is nothing to confirm on {}: no table of a payment was read from it whose layout could be learnt, and nothing was corrected",
            document.name
        );
    }
    let now = now_text();
    let mut work = workplace.store.begin().await?;
    let mut tables = 0;
    if let (Some(layout), Some(sender)) = (&layout, &sender) {
        let headings: Vec<&str> = layout.tables.iter().flat_map(|table| &table.headings).map(String::as_str).collect();
        let row = KnownLayoutRow {
            layout_id: format!("L-{}", &digest(&format!("{sender}\u{1f}{}", headings.join("\u{1f}")))[..16]),
            sender: sender.clone(),
            customer_id: document.customer_id.clone(),
            layout: serde_json::to_string(layout)?,
            document_id: document.document_id.clone(),
            confirmed_at: now.clone(),
            confirmed_by: actor.to_owned(),
        };
        work.keep_layout(&row).await?;
        tables = layout.tables.len();
    }
    if !correction.fields.is_empty() {
        let facts = serde_json::to_string(&facts)?;
        let row = CorrectionRow { document_id: document.document_id.clone(), facts, corrected_at: now.clone(), corrected_by: actor.to_owned() };
        work.keep_correction(&row).await?;
    }
    if changes {
        work.reopen_document(&document.document_id).await?;
    }
    let entry = NewEntry {
        at: now,
        actor: actor.to_owned(),
        action: "confirm_reading".to_owned(),
        subject: document.document_id.clone(),
        detail: serde_json::to_string(correction)?,
    };
    work.append_audit(vec![entry], digest).await?;
    work.commit().await?;
    Ok(Confirmed { document: document.name.clone(), sender: sender.filter(|_| tables > 0), tables, reopened: changes })
}

/// What was corrected on a document before, with what is corrected now in its place.
async fn merged_facts(workplace: &Workplace, document: &DocumentRow, correction: &Correction) -> Result<BTreeMap<String, String>> {
    let mut facts: BTreeMap<String, String> = match workplace.store.correction(&document.document_id).await? {
        Some(earlier) => serde_json::from_str(&earlier.facts).with_context(|| format!("the earlier correction of {}", document.name))?,
        None => BTreeMap::new(),
    };
    facts.extend(correction.fields.clone());
    Ok(facts)
}

/// Puts a correction on file in the place of what was read again. One that does not fit any more is a question for a person: it stops this document and
/// no other.
pub fn correct_again(reading: &mut Reading, on_file: &CorrectionRow) {
    let facts = serde_json::from_str(&on_file.facts).context("the correction on file can't be read");
    match facts.and_then(|facts| applied(reading, &facts)) {
        Ok(corrected) => *reading = corrected,
        Err(error) => reading.doubts.push(Doubt::blocking("correction_refused", format!("What a person corrected can't be put in place: {error:#}."))),
    }
}

/// A reading with corrected facts in the place of those read.
///
/// # Errors
/// Names the field and the value that is none, or says that the document announces no payment to correct.
fn applied(reading: &Reading, facts: &BTreeMap<String, String>) -> Result<Reading> {
    let mut reading = reading.clone();
    let advice = match &mut reading.content {
        Content::Advices(advices) => advices.first_mut(),
        _ => None,
    };
    let advice = advice.context("it announces no payment whose fields could be corrected")?;
    for (name, value) in facts {
        if value.trim().is_empty() {
            bail!("{name}: the value is blank");
        }
        match name.as_str() {
            "reference" => {
                advice.reference = Some(value.clone());
                reading.number = Some(value.clone());
            }
            "payment_date" => {
                let date = value.parse().map_err(|_| anyhow!("payment_date: `{value}` is no date; write 2026-03-31"))?;
                advice.payment_date = Some(date);
                reading.date = Some(date);
            }
            "total_amount" => {
                let total = total_amount(value, advice.currency)?;
                advice.total = Some(total);
                reading.total = Some(total);
            }
            "payer_name" => advice.payer.name = Some(value.clone()),
            other => bail!("`{other}` can't be corrected; reference, payment_date, total_amount and payer_name can"),
        }
        reading.fields.retain(|field| field.name != *name);
        reading.fields.push(Field { name: name.clone(), value: value.clone(), place: None, confidence: Confidence::CERTAIN });
    }
    Ok(reading)
}

/// An amount that the currency of the payment can hold.
fn total_amount(value: &str, currency: Option<Currency>) -> Result<Decimal> {
    let total: Decimal = value.parse().map_err(|_| anyhow!("total_amount: `{value}` is no amount; write 1234.56"))?;
    if let Some(currency) = currency {
        Money::from_decimal(total, currency).map_err(|error| anyhow!("total_amount: `{value}`: {error}"))?;
    }
    Ok(total)
}

fn sender(reading: &Reading, correction: &Correction) -> Option<String> {
    let Content::Advices(advices) = &reading.content else { return None };
    correction.fields.get("payer_name").cloned().or_else(|| advices.first()?.payer.name.clone())
}

/// The layout with the meanings that were set right.
fn corrected(layout: Option<Layout>, columns: &BTreeMap<String, String>) -> Result<Option<Layout>> {
    let Some(mut layout) = layout else {
        if columns.is_empty() {
            return Ok(None);
        }
        bail!("this document was not read from a table with headings: its columns can't be corrected");
    };
    for (column, meaning) in columns {
        if !recoup_extractors::remittance::advice::is_meaning(meaning) {
            bail!("`{meaning}` is no meaning of a column");
        }
        let number = column.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let mut found = false;
        for table in &mut layout.tables {
            for (index, slot) in table.meanings.iter_mut().enumerate() {
                if number == Some(index) || table.headings.get(index).is_some_and(|heading| heading.eq_ignore_ascii_case(column)) {
                    slot.clone_from(meaning);
                    found = true;
                }
            }
        }
        if !found {
            let known: Vec<&str> = layout.tables.iter().flat_map(|table| &table.headings).map(String::as_str).collect();
            bail!("no column `{column}`; the columns are {}", known.join(", "));
        }
    }
    Ok(Some(layout))
}

#[cfg(test)]
mod tests {
    use recoup_engine::reading::{DocumentFormat, TableLayout};
    use recoup_engine::remittance::RemittanceAdvice;

    use super::*;

    #[test]
    fn columns_are_corrected_by_heading_or_number_and_nonsense_is_refused() {
        let layout = || {
            Some(Layout {
                tables: vec![TableLayout { headings: vec!["Beleg".to_owned(), "Wert".to_owned()], meanings: vec!["document".to_owned(), "net".to_owned()] }],
            })
        };
        let columns = |column: &str, meaning: &str| BTreeMap::from([(column.to_owned(), meaning.to_owned())]);
        let by_name = corrected(layout(), &columns("wert", "gross")).expect("known").expect("a layout");
        let by_number = corrected(layout(), &columns("2", "gross")).expect("known").expect("a layout");
        assert_eq!((by_name.tables[0].meanings[1].as_str(), &by_name), ("gross", &by_number));
        assert!(corrected(layout(), &columns("Wert", "brutto")).is_err());
        assert!(corrected(layout(), &columns("Abzug", "deduction")).is_err_and(|error| error.to_string().contains("Beleg, Wert")));
    }

    #[test]
    fn a_correction_that_does_not_fit_names_its_value_and_stops_its_document_only() {
        let read =
            Reading { content: Content::Advices(vec![RemittanceAdvice::default()]), ..Reading::not_understood(DocumentFormat::Pdf, Doubt::note("", "")) };
        let facts = |name: &str, value: &str| BTreeMap::from([(name.to_owned(), value.to_owned())]);
        let refused = |name, value| applied(&read, &facts(name, value)).expect_err("refused").to_string();
        assert_eq!(refused("payment_date", "31.03.2026"), "payment_date: `31.03.2026` is no date; write 2026-03-31");
        assert!(refused("total_amount", "1.234,50").contains("`1.234,50` is no amount"));
        assert!(refused("payer_name", " ").contains("blank"));
        assert!(refused("colour", "blue").contains("`colour` can't be corrected"));
        assert_eq!(applied(&read, &facts("payment_date", "2026-03-31")).expect("a date").date, Some(jiff::civil::date(2026, 3, 31)));
        let on_file =
            |facts: &str| CorrectionRow { document_id: String::new(), facts: facts.to_owned(), corrected_at: String::new(), corrected_by: String::new() };
        for stale in [r#"{"payment_date":"31.03.2026"}"#, "{"] {
            let mut again = read.clone();
            correct_again(&mut again, &on_file(stale));
            assert!(again.doubts.iter().any(|doubt| doubt.blocking && doubt.code == "correction_refused"), "{:?}", again.doubts);
            assert_eq!(again.content, read.content);
        }
    }
}

//! A person confirms how a paper was read: its layout serves for the sender's next paper, its corrected facts for this one.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use recoup_engine::reading::{Content, Layout, Reading};
use recoup_store::audit::NewEntry;
use recoup_store::documents::DocumentRow;
use recoup_store::intake::{CorrectionRow, KnownLayoutRow};
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
        bail!("postings of {} stand; take its payment back before its reading is changed", document.name);
    }
    let sender = sender(&reading, correction);
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
        let facts = serde_json::to_string(&correction.fields)?;
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

/// Puts corrected facts in the place of those read. A value that is none is an error: it was refused when it was given.
pub fn apply(reading: &mut Reading, facts: &BTreeMap<String, String>) -> Result<()> {
    let Content::Advices(advices) = &mut reading.content else { return Ok(()) };
    let Some(advice) = advices.first_mut() else { return Ok(()) };
    for (name, value) in facts {
        match name.as_str() {
            "reference" => {
                advice.reference = Some(value.clone());
                reading.number = Some(value.clone());
            }
            "payment_date" => {
                let date = value.parse().with_context(|| format!("payment_date: `{value}` is no date; write 2026-03-31"))?;
                advice.payment_date = Some(date);
                reading.date = Some(date);
            }
            "total_amount" => {
                let total = value.parse().with_context(|| format!("total_amount: `{value}` is no amount; write 1234.56"))?;
                advice.total = Some(total);
                reading.total = Some(total);
            }
            "payer_name" => advice.payer.name = Some(value.clone()),
            other => bail!("`{other}` can't be corrected; reference, payment_date, total_amount and payer_name can"),
        }
        reading.fields.retain(|field| field.name != *name);
        let field =
            recoup_engine::reading::Field { name: name.clone(), value: value.clone(), place: None, confidence: recoup_engine::reading::Confidence::CERTAIN };
        reading.fields.push(field);
    }
    Ok(())
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
    use recoup_engine::reading::TableLayout;

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
}

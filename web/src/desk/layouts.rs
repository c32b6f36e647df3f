//! A person confirms how a paper was read: its layout serves for the sender's next paper, its corrected facts for this one.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use recoup_engine::reading::{Content, Layout, Reading};
use recoup_extractors::language::ColumnRole;
use recoup_store::Work;
use recoup_store::audit::NewEntry;
use recoup_store::deeds::Deed;
use recoup_store::documents::DocumentRow;
use recoup_store::intake::{CorrectionRow, KnownLayoutRow};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::corrections::{COMPARED, applied, differs};
use super::review::broken_sums;
use super::settle::posting;
use super::sums::Sum;
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
    /// `reference`, `payment_date`, `total_amount`, `payer_name`, `line_3.gross`, ….
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

/// How confirming ended.
#[derive(Debug)]
pub enum Confirmation {
    Done(Confirmed),
    /// The document was read anew since it was looked at. Nothing was done.
    Stale,
    Refused(NotConfirmed),
}

/// Why a document can't be confirmed so. Nothing was done.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NotConfirmed {
    #[error("Documents are being processed at this moment. Nothing was changed; try again shortly.")]
    Busy,
    #[error("there is nothing to confirm on {0}: no payment was read from it")]
    NoPayment(String),
    /// Names the value that doesn't fit, in English.
    #[error("{0}")]
    Unfit(String),
    #[error("{} Correct it, or say that the paper itself says so.", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))]
    BrokenSums(Vec<Sum>),
    #[error("{0} is {1}: another document stands in its place, and confirming it would count the same payment again")]
    NotInForce(String, String),
    /// A claim on what was posted from the document.
    #[error("people work on {0}, which stands on what was read before: decide or take back that work first")]
    Worked(String),
    /// A payment of the document.
    #[error("{0} was put on open items by hand: refuse that match first")]
    PutByHand(String),
}

/// What is asked of the sums of a corrected reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sums {
    MustHold,
    /// The paper itself says so.
    AsPrinted,
}

/// Confirms a document as its row was read, with corrections where there are any.
pub async fn confirm(workplace: &Workplace, document: &DocumentRow, correction: &Correction, sums: Sums, actor: &str) -> Result<Confirmation> {
    let refused = |why: NotConfirmed| Ok(Confirmation::Refused(why));
    if document.status == "pending" {
        return Ok(Confirmation::Stale);
    }
    if !matches!(document.status.as_str(), "needs_review" | "processed") {
        return refused(NotConfirmed::NotInForce(document.name.clone(), document.status.replace('_', " ")));
    }
    let reading = workplace.store.reading(&document.document_id).await?.with_context(|| format!("{} was not read yet", document.name))?;
    let mut facts = confirmed_facts(workplace, document).await?;
    facts.extend(correction.fields.clone());
    let announces = matches!(&reading.content, Content::Advices(advices) if !advices.is_empty());
    if !announces && correction.columns.is_empty() && correction.fields.is_empty() {
        return refused(NotConfirmed::NoPayment(document.name.clone()));
    }
    // What can't be put in place now could not be either when the document is read again.
    let (layout, corrected_reading) = match (corrected(reading.layout.clone(), &correction.columns), applied_if_any(&reading, &facts)) {
        (Ok(layout), Ok(reading)) => (layout, reading),
        (Err(error), _) | (_, Err(error)) => return refused(NotConfirmed::Unfit(format!("{error:#}"))),
    };
    // Other meanings of columns make other lines: their sums are known when the document is read again.
    if sums == Sums::MustHold && layout == reading.layout {
        let broken = broken_sums(&corrected_reading);
        if !broken.is_empty() {
            return refused(NotConfirmed::BrokenSums(broken));
        }
    }
    let changes = layout != reading.layout || differs(&reading, &facts);
    let mut posted = workplace.store.payments_of_document(&document.document_id).await?;
    posted.retain(|payment| !payment.reversed);
    // What was posted whole stays as it is unless the reading changes.
    let reopened = changes || document.status == "needs_review" && posted.iter().all(|payment| payment.status == "held");
    let taken_back = if reopened { &posted[..] } else { &[] };
    let alone = if taken_back.is_empty() { None } else { workplace.processing_soon().await? };
    if alone.is_none() && !taken_back.is_empty() {
        return refused(NotConfirmed::Busy);
    }
    for payment in taken_back {
        if workplace.store.is_put_by_hand(&payment.payment_id).await? {
            return refused(NotConfirmed::PutByHand(payment.payment_id.clone()));
        }
    }
    if announces {
        facts.insert(COMPARED.to_owned(), actor.to_owned());
    }
    let sender = sender(&reading, correction);
    let mut work = workplace.store.begin().await?;
    if reopened && !work.reopen_document(&document.document_id, document.attempts).await? {
        return Ok(Confirmation::Stale);
    }
    for payment in taken_back {
        if let Some(claim) = work.worked_claim_on(&payment.payment_id).await? {
            return refused(NotConfirmed::Worked(claim));
        }
        posting::take_back(&mut work, &payment.payment_id, &serde_json::json!({ "replaced_by": format!("the corrected reading of {}", document.name) }))
            .await?;
    }
    let tables = match (&layout, &sender) {
        (Some(layout), Some(sender)) => learn(&mut work, document, layout, sender, actor).await?,
        _ => 0,
    };
    let now = now_text();
    let facts = serde_json::to_string(&facts)?;
    work.keep_correction(&CorrectionRow { document_id: document.document_id.clone(), facts, corrected_at: now.clone(), corrected_by: actor.to_owned() })
        .await?;
    let entry = NewEntry {
        at: now,
        actor: actor.to_owned(),
        action: Deed::ReadingConfirmed.into(),
        subject: document.document_id.clone(),
        detail: serde_json::json!({ "correction": correction, "sums": if sums == Sums::AsPrinted { "as printed" } else { "hold" } }).to_string(),
    };
    work.append_audit(vec![entry], digest).await?;
    work.commit().await?;
    Ok(Confirmation::Done(Confirmed { document: document.name.clone(), sender: sender.filter(|_| tables > 0), tables, reopened }))
}

/// Keeps the layout of a document for the sender's next paper; returns how many tables it has.
async fn learn(work: &mut Work, document: &DocumentRow, layout: &Layout, sender: &str, actor: &str) -> Result<usize> {
    if layout.tables.is_empty() {
        return Ok(0);
    }
    let headings: Vec<&str> = layout.tables.iter().flat_map(|table| &table.headings).map(String::as_str).collect();
    let row = KnownLayoutRow {
        layout_id: format!("L-{}", &digest(&format!("{sender}\u{1f}{}", headings.join("\u{1f}")))[..16]),
        sender: sender.to_owned(),
        customer_id: document.customer_id.clone(),
        layout: serde_json::to_string(layout)?,
        document_id: document.document_id.clone(),
        confirmed_at: now_text(),
        confirmed_by: actor.to_owned(),
    };
    work.keep_layout(&row).await?;
    Ok(layout.tables.len())
}

/// The facts that people set right or confirmed on a document.
pub async fn confirmed_facts(workplace: &Workplace, document: &DocumentRow) -> Result<BTreeMap<String, String>> {
    match workplace.store.correction(&document.document_id).await? {
        Some(earlier) => serde_json::from_str(&earlier.facts).with_context(|| format!("the earlier correction of {}", document.name)),
        None => Ok(BTreeMap::new()),
    }
}

/// A reading with the facts in place; a reading without a payment stays as it is when there are none.
fn applied_if_any(reading: &Reading, facts: &BTreeMap<String, String>) -> Result<Reading> {
    if facts.is_empty() { Ok(reading.clone()) } else { applied(reading, facts) }
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
        if meaning.parse::<ColumnRole>().is_err() {
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
    use recoup_engine::reading::{Confidence, DocumentFormat, Doubt, Field, TableLayout};
    use recoup_engine::remittance::{AdviceLine, RemittanceAdvice};
    use recoup_store::documents::{Arrival, Conclusion};

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

    /// A workplace with a document that waits: a hundred announced, one line that pays as much, a payer that was hard to read.
    async fn waiting() -> (Workplace, tempfile::TempDir, DocumentRow) {
        let folder = tempfile::tempdir().expect("a folder");
        let workplace = Workplace::open(folder.path(), None).await.expect("a workplace");
        let line = AdviceLine { reference: Some("R-1".to_owned()), net: "100.00".parse().ok(), ..AdviceLine::default() };
        let mut advice = RemittanceAdvice { total: "100.00".parse().ok(), currency: "EUR".parse().ok(), lines: vec![line], ..RemittanceAdvice::default() };
        advice.payer.name = Some("Kaufladen".to_owned());
        let payer = Field { name: "payer_name".to_owned(), value: "Kaufladen".to_owned(), place: None, confidence: Confidence::from_thousandths(400) };
        let reading =
            Reading { content: Content::Advices(vec![advice]), fields: vec![payer], ..Reading::not_understood(DocumentFormat::Text, Doubt::note("", "")) };
        let arrival = Arrival {
            name: "avis.txt".to_owned(),
            sha256: crate::vault::sha256(b"avis"),
            byte_count: 4,
            container_id: None,
            sequence: None,
            received_at: now_text(),
            purpose: None,
        };
        let mut work = workplace.store.begin().await.expect("work");
        let (document_id, _) = work.receive(&arrival, digest).await.expect("received");
        work.save_reading(&document_id, &reading).await.expect("saved");
        work.conclude_document(&document_id, &Conclusion { status: "needs_review", ..Conclusion::default() }).await.expect("concluded");
        work.commit().await.expect("committed");
        let document = workplace.store.document(&document_id).await.expect("read").expect("a document");
        (workplace, folder, document)
    }

    #[tokio::test]
    async fn broken_sums_are_refused_unless_the_paper_says_so_and_a_second_person_is_told() {
        let (workplace, _folder, document) = waiting().await;
        let total = |value: &str| Correction { fields: BTreeMap::from([("total_amount".to_owned(), value.to_owned())]), ..Correction::default() };
        let refused = confirm(&workplace, &document, &total("90.00"), Sums::MustHold, "mara").await.expect("asked");
        assert!(matches!(&refused, Confirmation::Refused(why) if why.to_string().contains("10.00 apart")), "{refused:?}");
        assert_eq!(workplace.store.correction(&document.document_id).await.expect("read"), None, "nothing was kept");
        let done = confirm(&workplace, &document, &total("90.00"), Sums::AsPrinted, "mara").await.expect("asked");
        assert!(matches!(&done, Confirmation::Done(confirmed) if confirmed.reopened), "{done:?}");
        let stale = confirm(&workplace, &document, &total("95.00"), Sums::AsPrinted, "jonas").await.expect("asked");
        assert!(matches!(stale, Confirmation::Stale), "{stale:?}");
        let kept = confirmed_facts(&workplace, &document).await.expect("read");
        assert_eq!(kept.get("total_amount").map(String::as_str), Some("90.00"), "the first word stands");
    }

    #[tokio::test]
    async fn while_documents_are_processed_a_correction_that_takes_back_a_payment_is_refused_and_nothing_kept() {
        let (workplace, folder, document) = waiting().await;
        for (file, rows) in [
            ("customers.csv", "customer_id,name,currency\nK1,Kaufladen,EUR\n"),
            ("invoices.csv", "invoice_number,customer_id,issue_date,currency,total_amount\nR-1,K1,2026-03-01,EUR,100.00\n"),
        ] {
            let path = folder.path().join(file);
            std::fs::write(&path, rows).expect("written");
            crate::desk::import::import(&workplace, &[path]).await.expect("imported");
        }
        let mut work = workplace.store.begin().await.expect("work");
        let reading = Reading { doubts: Vec::new(), ..workplace.store.reading(&document.document_id).await.expect("read").expect("a reading") };
        assert!(work.reopen_document(&document.document_id, document.attempts).await.expect("reopened"));
        work.save_reading(&document.document_id, &reading).await.expect("saved");
        work.commit().await.expect("committed");
        crate::desk::settle::settle_pending(&workplace).await.expect("settled");
        let document = workplace.store.document(&document.document_id).await.expect("read").expect("a document");
        assert_eq!(document.status, "processed");
        let correction = Correction { fields: BTreeMap::from([("reference".to_owned(), "ZA-9".to_owned())]), ..Correction::default() };
        let alone = workplace.lock_processing().expect("nobody is at work");
        let refused = confirm(&workplace, &document, &correction, Sums::MustHold, "mara").await.expect("asked");
        assert!(matches!(refused, Confirmation::Refused(NotConfirmed::Busy)), "{refused:?}");
        assert_eq!(workplace.store.correction(&document.document_id).await.expect("read"), None, "nothing was kept");
        drop(alone);
        let done = confirm(&workplace, &document, &correction, Sums::MustHold, "mara").await.expect("asked");
        assert!(matches!(done, Confirmation::Done(_)), "{done:?}");
    }

    #[tokio::test]
    async fn confirming_what_was_read_changes_nothing_that_it_says() {
        let (workplace, _folder, document) = waiting().await;
        let reading = workplace.store.reading(&document.document_id).await.expect("read").expect("a reading");
        let same = BTreeMap::from([("payer_name".to_owned(), "Kaufladen".to_owned()), ("line_1.document".to_owned(), "R-1".to_owned())]);
        assert!(!differs(&reading, &same));
        assert!(differs(&reading, &BTreeMap::from([("line_1.net".to_owned(), "99.00".to_owned())])));
        let correction = Correction { fields: same, ..Correction::default() };
        let done = confirm(&workplace, &document, &correction, Sums::MustHold, "mara").await.expect("asked");
        assert!(matches!(&done, Confirmation::Done(_)), "{done:?}");
    }
}

//! Every answer is kept, logged, settled by, and can be changed while nothing stands on it.

use recoup_engine::reading::{Content, DocumentFormat, DocumentKind, Doubt, Reading};
use recoup_engine::remittance::{AdviceLine, RemittanceAdvice};
use rust_decimal::Decimal;

use super::*;
use crate::desk::import::import;
use crate::desk::receive::{Bringer, receive_from};
use crate::desk::settle::settle_pending;
use crate::desk::verify::verify;

struct Papers {
    workplace: Workplace,
    _folder: tempfile::TempDir,
}

impl Papers {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let workplace = Workplace::open(&folder.path().join("data"), None).await.expect("a workplace");
        let head = "invoice_number,customer_id,issue_date,currency,total_amount\n";
        let invoices: String = (1..=4).map(|number| format!("R-1000{number},K1,2026-03-01,EUR,100.00\n")).collect();
        for (file, rows) in [("customers.csv", "customer_id,name,currency\nK1,Hill Stores,EUR\n".to_owned()), ("invoices.csv", format!("{head}{invoices}"))] {
            let path = folder.path().join(file);
            std::fs::write(&path, rows).expect("written");
            import(&workplace, &[path]).await.expect("imported");
        }
        Self { workplace, _folder: folder }
    }

    /// Takes in a paper that pays a hundred for each of these invoices, and settles it.
    async fn take_in(&self, name: &str, reference: &str, invoices: &[u8]) -> DocumentRow {
        let hundred = Some(Decimal::new(10_000, 2));
        let line = |number: &u8| AdviceLine { reference: Some(format!("R-1000{number}")), gross: hundred, net: hundred, ..AdviceLine::default() };
        let mut advice = RemittanceAdvice { currency: "EUR".parse().ok(), reference: Some(reference.to_owned()), ..RemittanceAdvice::default() };
        advice.lines = invoices.iter().map(line).collect();
        advice.total = Some(advice.paid_by_lines());
        advice.payment_date = Some(jiff::civil::date(2026, 3, 20));
        advice.payer.name = Some("Hill Stores".to_owned());
        let mut reading = Reading::not_understood(DocumentFormat::Text, Doubt::note("", ""));
        (reading.content, reading.kind, reading.doubts) = (Content::Advices(vec![advice]), DocumentKind::RemittanceAdvice, Vec::new());
        let bringer = Bringer { login: "sue", about: None, purpose: None };
        let (document_id, _) = receive_from(&self.workplace, name, name.as_bytes(), bringer).await.expect("received");
        self.read(&document_id, &reading).await
    }

    async fn read(&self, document_id: &str, reading: &Reading) -> DocumentRow {
        let mut work = self.workplace.store.begin().await.expect("work");
        work.save_reading(document_id, reading).await.expect("read");
        work.commit().await.expect("committed");
        settle_pending(&self.workplace).await.expect("settled");
        self.document(document_id).await
    }

    async fn document(&self, document_id: &str) -> DocumentRow {
        self.workplace.store.document(document_id).await.expect("read").expect("a document")
    }

    /// Says which holds, and settles by it.
    async fn say(&self, document: &DocumentRow, holds: Holds) -> Result<DocumentRow, NotSaid> {
        say(&self.workplace, document, holds, "mara").await.expect("asked")?;
        let reading = self.workplace.store.reading(&document.document_id).await.expect("read").expect("a reading");
        Ok(self.read(&document.document_id, &reading).await)
    }

    /// What stands posted from a document.
    async fn posted(&self, document: &DocumentRow) -> i64 {
        let payments = self.workplace.store.payments_of_document(&document.document_id).await.expect("read");
        payments.iter().filter(|payment| !payment.reversed).map(|payment| payment.allocated).sum()
    }

    async fn holds_together(&self) {
        for finding in verify(&self.workplace).await.expect("verified") {
            assert_eq!(finding.broken, 0, "{}: {:?}", finding.invariant, finding.examples);
        }
    }
}

#[tokio::test]
async fn a_second_paper_with_the_number_of_a_payment_replaces_it_when_a_person_says_so() {
    let papers = Papers::new().await;
    let first = papers.take_in("one.txt", "ZA-1001", &[1, 2]).await;
    let second = papers.take_in("two.txt", "ZA-1001", &[1, 2, 3]).await;
    assert_eq!((first.status.as_str(), second.status.as_str()), ("processed", "needs_review"));
    let shown = other(&papers.workplace, &second).await.expect("asked").expect("the first paper");
    assert_eq!((shown.document.map(|document| document.document_id), shown.said), (Some(first.document_id.clone()), None));

    let now = papers.say(&second, Holds::ThisOne).await.expect("said");
    assert_eq!((now.status.as_str(), papers.posted(&now).await), ("processed", 30_000));
    let first = papers.document(&first.document_id).await;
    assert_eq!((first.status.as_str(), papers.posted(&first).await), ("superseded", 0));
    assert_eq!(say(&papers.workplace, &second, Holds::Both, "theo").await.expect("asked"), Err(NotSaid::NoOther), "nothing is left to choose");
    let log = papers.workplace.store.export_audit(None).await.expect("read");
    assert_eq!(log.iter().filter(|entry| entry.action == Deed::VersionSaid.word() && entry.actor == "mara").count(), 1);
    papers.holds_together().await;
}

#[tokio::test]
async fn a_second_paper_is_another_payment_or_set_aside_and_that_word_may_change() {
    let papers = Papers::new().await;
    papers.take_in("one.txt", "ZA-1001", &[1, 2]).await;
    let second = papers.take_in("two.txt", "ZA-1001", &[3]).await;
    let aside = papers.say(&second, Holds::TheOther).await.expect("said");
    assert_eq!((aside.status.as_str(), papers.posted(&aside).await, aside.linked_to.as_deref()), ("superseded", 0, Some("one.txt")));
    assert_eq!(say(&papers.workplace, &second, Holds::Both, "theo").await.expect("asked"), Err(NotSaid::Stale), "it was settled since it was looked at");
    let both = papers.say(&aside, Holds::Both).await.expect("said");
    assert_eq!((both.status.as_str(), papers.posted(&both).await), ("processed", 10_000));
    papers.holds_together().await;
}

#[tokio::test]
async fn a_paper_of_the_same_lines_under_another_number_is_resolved_the_same_way() {
    for (holds, status) in [(Holds::ThisOne, "processed"), (Holds::Both, "processed"), (Holds::TheOther, "superseded")] {
        let papers = Papers::new().await;
        let first = papers.take_in("one.txt", "ZA-1001", &[1, 2]).await;
        let second = papers.take_in("two.txt", "ZA-1002", &[1, 2]).await;
        assert!(second.problem.as_deref().is_some_and(|why| why.contains("another payment")), "{:?}", second.problem);
        let now = papers.say(&second, holds).await.expect("said");
        assert_eq!(now.status, status, "{holds}: {:?}", now.problem);
        assert_eq!(papers.posted(&first).await, if holds == Holds::ThisOne { 0 } else { 20_000 }, "{holds}");
        papers.holds_together().await;
    }
}

#[tokio::test]
async fn while_documents_are_processed_the_word_is_refused_and_nothing_kept() {
    let papers = Papers::new().await;
    papers.take_in("one.txt", "ZA-1001", &[1, 2]).await;
    let second = papers.take_in("two.txt", "ZA-1001", &[3]).await;
    let _alone = papers.workplace.lock_processing().expect("nobody is at work");
    assert_eq!(say(&papers.workplace, &second, Holds::Both, "mara").await.expect("asked"), Err(NotSaid::Busy));
    assert_eq!(said(&papers.workplace, &second).await.expect("read"), None);
}

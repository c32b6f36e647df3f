//! The inbox of documents and what became of each.

use serde::Deserialize;

use super::{Conditions, folded_pattern, pattern};
use crate::documents::{COLUMNS, DocumentRow};
use crate::settlements::PaymentRow;
use crate::{Result, Store};

/// What narrows the inbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inbox {
    pub status: Option<String>,
    pub kind: Option<String>,
    pub customer: Option<String>,
    pub words: Option<String>,
    /// Older than this arrival.
    pub before: Option<i64>,
}

/// A line of an allocation with its invoice.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AllocationLine {
    pub allocation_id: String,
    pub payment_id: String,
    pub customer_id: String,
    pub invoice_number: String,
    pub gross: i64,
    pub discount: i64,
    pub deducted: i64,
    pub paid: i64,
    pub currency: String,
    pub method: String,
    pub confidence: i64,
}

#[derive(Deserialize)]
struct Words {
    words: String,
}

/// A document that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct WaitingDocument {
    pub document_id: String,
    pub name: String,
}

/// Documents of one status.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct StatusCount {
    pub status: String,
    pub count: i64,
}

impl Store {
    pub async fn document_counts(&self) -> Result<Vec<StatusCount>> {
        self.rows("select status, count(*) as count from documents group by status order by status", vec![]).await
    }

    /// Documents that wait for a person, in order of arrival.
    pub async fn waiting_documents(&self) -> Result<Vec<WaitingDocument>> {
        self.rows("select document_id, name from documents where status = 'needs_review' order by sequence", vec![]).await
    }

    /// Documents, newest first.
    pub async fn inbox(&self, inbox: &Inbox, limit: i64) -> Result<Vec<DocumentRow>> {
        let mut conditions = Conditions::default();
        for (text, value) in [("status = $", &inbox.status), ("kind = $", &inbox.kind), ("customer_id = $", &inbox.customer)] {
            if let Some(value) = value {
                conditions.with(text, value.as_str());
            }
        }
        if let Some(words) = &inbox.words {
            let (folded, text) = (conditions.bind(folded_pattern(words)), conditions.bind(pattern(words)));
            conditions.add(&format!("(words like {folded} or lower(name) like {text} or lower(number) like {text} or lower(linked_to) like {text})"));
        }
        if let Some(before) = inbox.before {
            conditions.with("sequence < $", before);
        }
        let clause = conditions.clause();
        let limit = conditions.bind(limit);
        self.rows(&format!("select {COLUMNS} from documents {clause} order by sequence desc limit {limit}"), conditions.values).await
    }

    /// The words of a document, as search keeps them.
    pub async fn document_words(&self, document_id: &str) -> Result<Option<String>> {
        let row: Option<Words> = self.row("select words from documents where document_id = $1", vec![document_id.into()]).await?;
        Ok(row.map(|row| row.words))
    }

    pub async fn payments_of_document(&self, document_id: &str) -> Result<Vec<PaymentRow>> {
        self.rows("select * from payments where document_id = $1 order by sequence", vec![document_id.into()]).await
    }

    pub async fn payments_of_customer(&self, customer_id: &str, limit: i64) -> Result<Vec<PaymentRow>> {
        self.rows(
            "select * from payments where customer_id = $1 and reversed = false order by payment_date desc, sequence desc limit $2",
            vec![customer_id.into(), limit.into()],
        )
        .await
    }

    pub async fn allocations_of_document(&self, document_id: &str) -> Result<Vec<AllocationLine>> {
        self.rows(
            "select allocation_id, payment_id, customer_id, invoice_number, gross, discount, deducted, paid, currency, method, confidence from allocations where document_id = $1 and reversed = false order by sequence, line",
            vec![document_id.into()],
        )
        .await
    }
}

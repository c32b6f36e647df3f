//! The rows of `recoup export`, in order of first arrival, then by line.

use recoup_engine::reference::normalise;
use recoup_engine::taxonomy::Validity;
use serde::{Deserialize, Serialize};

use crate::audit::AuditEntry;
use crate::documents::{self, DocumentRow};
use crate::{Result, Store, Value};

/// Which rows are wanted; blank is all.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// ISO date: payments and documents of that day or later.
    pub since: Option<String>,
    pub customer_id: Option<String>,
}

impl Wanted {
    fn values(&self) -> Vec<Value> {
        vec![self.since.clone().into(), self.customer_id.clone().into()]
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeductionExport {
    pub deduction_id: String,
    pub claim_id: Option<String>,
    pub allocation_id: Option<String>,
    pub document: Option<String>,
    pub document_sha256: Option<String>,
    pub place: Option<String>,
    pub payment_id: String,
    pub remittance_reference: Option<String>,
    pub payment_date: Option<String>,
    pub customer_id: Option<String>,
    pub invoice_number: Option<String>,
    pub debit_note_number: Option<String>,
    pub amount: i64,
    pub currency: String,
    pub code: Option<String>,
    pub words: Option<String>,
    pub category: Option<String>,
    pub expectation: Option<String>,
    pub validity: Option<String>,
    pub valid_amount: Option<i64>,
    pub confidence: Option<i64>,
    pub queue: Option<String>,
    pub assignee: Option<String>,
    pub status: String,
    pub agreement_id: Option<String>,
    pub dispute_by: Option<String>,
    pub explanation: Option<String>,
    pub evidence: Option<String>,
    pub rule: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AllocationExport {
    pub allocation_id: String,
    pub document: Option<String>,
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

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PaymentExport {
    pub payment_id: String,
    pub document: Option<String>,
    pub payer_name: Option<String>,
    pub customer_id: Option<String>,
    pub payment_date: Option<String>,
    pub amount: i64,
    pub currency: String,
    pub allocated: i64,
    pub on_account: i64,
    pub status: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClaimExport {
    pub claim_id: String,
    pub customer_id: Option<String>,
    pub category: String,
    pub amount: i64,
    pub currency: String,
    pub queue: String,
    pub priority: String,
    pub status: String,
    pub assignee: Option<String>,
    pub opened_on: Option<String>,
    pub work_by: Option<String>,
    pub dispute_by: Option<String>,
    pub state: String,
    pub accepted: i64,
    pub disputed: i64,
    pub written_off: i64,
    pub recovered: i64,
    pub decided_by: Option<String>,
    pub decided_on: Option<String>,
    /// Of the deduction that it was opened for.
    pub validity: Option<Validity>,
    pub valid_amount: Option<i64>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JournalExport {
    pub entry_id: String,
    pub line: i64,
    pub payment_id: String,
    pub account: String,
    pub reference: Option<String>,
    pub amount: i64,
    pub currency: String,
}

const DEDUCTIONS: &str = "select d.deduction_id, d.claim_id, d.allocation_id, doc.name as document, doc.sha256 as document_sha256, d.place, d.payment_id, p.reference as remittance_reference, p.payment_date, d.customer_id, \
     d.invoice_number, d.debit_note_number, d.amount, d.currency, d.code, d.words, d.category, d.expectation, d.validity, d.valid_amount, d.confidence, d.queue, d.assignee, d.status, d.agreement_id, d.dispute_by, \
     d.explanation, d.evidence, d.rule \
     from deductions d join payments p on p.payment_id = d.payment_id left join documents doc on doc.document_id = d.document_id";
const ALLOCATIONS: &str = "select a.allocation_id, doc.name as document, a.payment_id, a.customer_id, a.invoice_number, a.gross, a.discount, a.deducted, a.paid, a.currency, a.method, a.confidence \
     from allocations a join payments p on p.payment_id = a.payment_id left join documents doc on doc.document_id = a.document_id";
const PAYMENTS: &str = "select p.payment_id, doc.name as document, p.payer_name, p.customer_id, p.payment_date, p.amount, p.currency, p.allocated, p.on_account, p.status \
     from payments p left join documents doc on doc.document_id = p.document_id";

/// What postings are about.
#[derive(Clone, Copy, Debug)]
pub enum About<'number> {
    Payment(&'number str),
    Invoice(&'number str),
    /// By its id.
    Document(&'number str),
}

impl About<'_> {
    fn column(self) -> &'static str {
        match self {
            Self::Payment(_) => "payment_id",
            Self::Invoice(_) => "invoice_number",
            Self::Document(_) => "document_id",
        }
    }

    fn value(self) -> Value {
        let (Self::Payment(number) | Self::Invoice(number) | Self::Document(number)) = self;
        number.into()
    }
}

impl Store {
    /// A standing deduction by its id, or the first one of the claim of that id.
    pub async fn deduction_named(&self, number: &str) -> Result<Option<DeductionExport>> {
        let sql = format!("{DEDUCTIONS} where d.reversed = false and (d.deduction_id = $1 or d.claim_id = $1) order by d.sequence, d.line, d.part limit 1");
        self.row(&sql, vec![number.into()]).await
    }

    /// The standing deductions of one payment, invoice or document.
    pub async fn deductions_about(&self, about: About<'_>) -> Result<Vec<DeductionExport>> {
        let sql = format!("{DEDUCTIONS} where d.reversed = false and d.{} = $1 order by d.sequence, d.line, d.part", about.column());
        self.rows(&sql, vec![about.value()]).await
    }

    /// What standing payments put on invoices, of one of them.
    pub async fn allocations_about(&self, about: About<'_>) -> Result<Vec<AllocationExport>> {
        let sql = format!("{ALLOCATIONS} where a.reversed = false and a.{} = $1 order by a.sequence, a.line", about.column());
        self.rows(&sql, vec![about.value()]).await
    }

    /// The standing payment of that id, else those that bear it as their reference, however it is written.
    pub async fn payments_named(&self, number: &str) -> Result<Vec<PaymentExport>> {
        let by_id: Vec<PaymentExport> = self.rows(&format!("{PAYMENTS} where p.reversed = false and p.payment_id = $1"), vec![number.into()]).await?;
        if !by_id.is_empty() {
            return Ok(by_id);
        }
        self.rows(&format!("{PAYMENTS} where p.reversed = false and p.reference_key = $1 order by p.sequence"), vec![normalise(number).into()]).await
    }

    /// The first document of that id, name or number.
    pub async fn document_named(&self, subject: &str) -> Result<Option<DocumentRow>> {
        let by = |column: &str| format!("select {} from documents where {column} = $1 order by sequence limit 1", documents::COLUMNS);
        for column in ["document_id", "name", "number"] {
            if let Some(document) = self.row(&by(column), vec![subject.into()]).await? {
                return Ok(Some(document));
            }
        }
        Ok(None)
    }

    pub async fn export_deductions(&self, wanted: &Wanted) -> Result<Vec<DeductionExport>> {
        self.rows(&format!("{DEDUCTIONS} where d.reversed = false and (cast($1 as text) is null or p.payment_date >= $1) and (cast($2 as text) is null or d.customer_id = $2) order by d.sequence, d.line, d.part"), wanted.values()).await
    }

    pub async fn export_allocations(&self, wanted: &Wanted) -> Result<Vec<AllocationExport>> {
        self.rows(&format!("{ALLOCATIONS} where a.reversed = false and (cast($1 as text) is null or p.payment_date >= $1) and (cast($2 as text) is null or a.customer_id = $2) order by a.sequence, a.line"), wanted.values()).await
    }

    pub async fn export_payments(&self, wanted: &Wanted) -> Result<Vec<PaymentExport>> {
        self.rows(&format!("{PAYMENTS} where p.reversed = false and (cast($1 as text) is null or p.payment_date >= $1) and (cast($2 as text) is null or p.customer_id = $2) order by p.sequence"), wanted.values()).await
    }

    pub async fn export_claims(&self, wanted: &Wanted) -> Result<Vec<ClaimExport>> {
        self.rows(
            "select c.claim_id, c.customer_id, c.category, c.amount, c.currency, c.queue, c.priority, c.status, c.assignee, c.opened_on, c.work_by, c.dispute_by, c.state, c.accepted, c.disputed, c.written_off, c.recovered, \
             c.decided_by, c.decided_on, d.validity, d.valid_amount from claims c left join deductions d on d.deduction_id = c.deduction_id \
             where (cast($1 as text) is null or c.opened_on >= $1) and (cast($2 as text) is null or c.customer_id = $2) order by c.sequence, c.claim_id",
            wanted.values(),
        )
        .await
    }

    pub async fn export_journal(&self, wanted: &Wanted) -> Result<Vec<JournalExport>> {
        self.rows(
            "select j.entry_id, j.line, j.payment_id, j.account, j.reference, j.amount, j.currency from journal j join payments p on p.payment_id = j.payment_id \
             where (cast($1 as text) is null or p.payment_date >= $1) and (cast($2 as text) is null or p.customer_id = $2) order by p.sequence, j.entry_id, j.line",
            wanted.values(),
        )
        .await
    }

    pub async fn export_documents(&self, wanted: &Wanted) -> Result<Vec<DocumentRow>> {
        self.rows(
            &format!(
                "select {} from documents where (cast($1 as text) is null or document_date >= $1) and (cast($2 as text) is null or customer_id = $2) order by sequence",
                documents::COLUMNS
            ),
            wanted.values(),
        )
        .await
    }

    /// The whole log, or what was written on or after a day.
    pub async fn export_audit(&self, since: Option<&str>) -> Result<Vec<AuditEntry>> {
        self.rows("select sequence, at, actor, action, subject, detail, previous_hash, hash from audit where (cast($1 as text) is null or at >= $1) order by sequence", vec![since.into()]).await
    }
}

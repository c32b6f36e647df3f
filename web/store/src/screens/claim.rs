//! One claim with everything beside it.

use std::collections::{BTreeSet, HashMap};

use recoup_engine::invoice::InvoiceLine;
use recoup_engine::shipment::{Delivery, Price, Shipment};
use recoup_engine::units::Product;
use serde::Deserialize;

use crate::delivery_checks::beside_records;
use crate::documents::{COLUMNS, DocumentRow};
use crate::{Result, Store};

/// A deduction as the screen of its claim shows it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DeductionDetail {
    pub deduction_id: String,
    pub claim_id: Option<String>,
    pub payment_id: String,
    pub document_id: Option<String>,
    pub place: Option<String>,
    pub shape: String,
    pub customer_id: Option<String>,
    pub customer_name: Option<String>,
    pub payer_name: Option<String>,
    pub remittance_reference: Option<String>,
    pub payment_date: Option<String>,
    pub invoice_number: Option<String>,
    pub debit_note_number: Option<String>,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    pub code: Option<String>,
    pub words: Option<String>,
    pub category: Option<String>,
    pub category_why: Option<String>,
    /// Who said what it claims, when a person did.
    pub category_said_by: Option<String>,
    pub expectation: Option<String>,
    pub validity: Option<String>,
    pub valid_amount: Option<i64>,
    pub confidence: Option<i64>,
    pub agreement_id: Option<String>,
    pub explanation: Option<String>,
    pub evidence: Option<String>,
    pub rule: Option<String>,
    pub book: Option<String>,
    pub queue: Option<String>,
    pub priority: Option<String>,
    pub approval_level: Option<i64>,
    pub routing_rule: Option<String>,
    pub work_by: Option<String>,
    pub dispute_by: Option<String>,
    pub status: String,
}

/// An invoice as its row reads.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct InvoiceDetail {
    pub invoice_number: String,
    pub customer_id: String,
    pub issue_date: String,
    pub due_date: Option<String>,
    pub currency: String,
    pub total_amount: i64,
    pub tax_amount: Option<i64>,
    pub purchase_order: Option<String>,
    pub delivery_note: Option<String>,
    pub payment_terms: Option<String>,
    /// Which of ours issued it.
    pub legal_entity: Option<String>,
}

/// What happened to a claim.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Happened {
    pub sequence: i64,
    pub at: String,
    pub actor: String,
    pub action: String,
    /// JSON: the version it made, the action with its words, before and after.
    pub detail: String,
}

/// What is on file about the goods of an invoice.
#[derive(Debug)]
pub struct Goods {
    pub currency: String,
    pub issue_date: String,
    pub lines: Vec<InvoiceLine>,
    pub shipments: Vec<Shipment>,
    pub deliveries: Vec<Delivery>,
    pub products: Vec<Product>,
    pub prices: Vec<Price>,
}

const DETAIL: &str = "select d.deduction_id, d.claim_id, d.payment_id, d.document_id, d.place, d.shape, d.customer_id, k.name as customer_name, p.payer_name, p.reference as remittance_reference, p.payment_date, \
     d.invoice_number, d.debit_note_number, d.amount, d.currency, d.code, d.words, d.category, d.category_why, d.category_said_by, d.expectation, d.validity, d.valid_amount, d.confidence, d.agreement_id, d.explanation, d.evidence, d.rule, \
     d.book, d.queue, d.priority, d.approval_level, d.routing_rule, case when d.work_by > '1000' then d.work_by end as work_by, case when d.dispute_by > '1000' then d.dispute_by end as dispute_by, d.status \
     from deductions d join payments p on p.payment_id = d.payment_id left join customers k on k.customer_id = d.customer_id";

impl Store {
    pub async fn deduction_detail(&self, deduction_id: &str) -> Result<Option<DeductionDetail>> {
        self.row(&format!("{DETAIL} where d.deduction_id = $1"), vec![deduction_id.into()]).await
    }

    /// The deductions that a claim, or the claim it was split from, stands on.
    pub async fn deductions_of_claim(&self, root_claim_id: &str) -> Result<Vec<DeductionDetail>> {
        self.rows(&format!("{DETAIL} where d.claim_id = $1 order by d.sequence, d.line, d.part"), vec![root_claim_id.into()]).await
    }

    /// The deductions posted from a document.
    pub async fn deductions_of_document(&self, document_id: &str) -> Result<Vec<DeductionDetail>> {
        self.rows(&format!("{DETAIL} where d.document_id = $1 and d.reversed = false order by d.sequence, d.line, d.part"), vec![document_id.into()]).await
    }

    /// The documents that evidence names, by file name or by number; of several with one name the latest that is no copy.
    pub async fn documents_named(&self, names: &[String]) -> Result<Vec<DocumentRow>> {
        let by = |column| format!("select {COLUMNS} from documents where {column} in ({{keys}})");
        let mut rows: Vec<DocumentRow> = self.rows_for(&by("name"), names).await?;
        let known: BTreeSet<String> = rows.iter().map(|row| row.document_id.clone()).collect();
        let by_id: Vec<DocumentRow> = self.rows_for(&by("document_id"), names).await?;
        rows.extend(by_id.into_iter().filter(|row| !known.contains(&row.document_id)));
        rows.sort_by_key(|row| (row.status != "duplicate", row.sequence));
        Ok(rows)
    }

    pub async fn invoice_detail(&self, invoice_number: &str) -> Result<Option<InvoiceDetail>> {
        self.row(
            "select invoice_number, customer_id, issue_date, due_date, currency, total_amount, tax_amount, purchase_order, delivery_note, payment_terms, legal_entity from invoices where record_key = $1",
            vec![invoice_number.into()],
        )
        .await
    }

    /// The lines of an invoice with everything their variance needs.
    pub async fn goods_of(&self, invoice_number: &str) -> Result<Goods> {
        let invoice = self.invoice_detail(invoice_number).await?;
        let keys = [invoice_number.to_owned()];
        let lines: Vec<InvoiceLine> =
            self.rows_for("select * from invoice_lines where invoice_number in ({keys}) order by length(line_number), line_number", &keys).await?;
        let skus: BTreeSet<String> = lines.iter().filter_map(|line| line.sku.clone()).collect();
        let skus: Vec<String> = skus.into_iter().collect();
        Ok(Goods {
            currency: invoice.as_ref().map(|invoice| invoice.currency.clone()).unwrap_or_default(),
            issue_date: invoice.map(|invoice| invoice.issue_date).unwrap_or_default(),
            shipments: self.rows_for("select * from shipments where invoice_number in ({keys}) order by record_key", &keys).await?,
            deliveries: beside_records(
                self.rows_for("select * from deliveries where invoice_number in ({keys}) order by record_key", &keys).await?,
                &self.delivery_checks(&keys).await?,
            ),
            products: self.rows_for("select * from products where sku in ({keys}) order by sku", &skus).await?,
            prices: self.rows_for("select * from price_list where sku in ({keys}) order by record_key", &skus).await?,
            lines,
        })
    }

    /// What the log says of a claim, oldest first.
    pub async fn happened(&self, claim_id: &str) -> Result<Vec<Happened>> {
        self.rows("select sequence, at, actor, action, detail from audit where subject = $1 order by sequence", vec![claim_id.into()]).await
    }

    /// The last entry of the log about each of these claims, by claim.
    pub async fn last_happened(&self, claim_ids: &[String]) -> Result<HashMap<String, Happened>> {
        #[derive(Deserialize)]
        struct Entry {
            subject: String,
            #[serde(flatten)]
            happened: Happened,
        }
        let sql = "select subject, sequence, at, actor, action, detail from audit \
                   where sequence in (select max(sequence) from audit where subject in ({keys}) group by subject)";
        let entries: Vec<Entry> = self.rows_for(sql, claim_ids).await?;
        Ok(entries.into_iter().map(|entry| (entry.subject, entry.happened)).collect())
    }
}

//! Payments that are not fully explained, and what stands of one of them.

use recoup_engine::allocation::{Allocation, Deduction, Settlement};
use recoup_engine::reading::{Confidence, Place};
use recoup_engine::remittance::CodeList;
use recoup_engine::taxonomy::AllocationMethod;
use recoup_engine::verdict::Shape;
use serde::Deserialize;

use super::worklist::Sum;
use crate::settlements::PaymentRow;
use crate::{Result, Store, StoreError};

/// A payment of which something is left to explain.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct UnexplainedPayment {
    pub payment_id: String,
    pub sequence: i64,
    pub payer_name: Option<String>,
    pub customer_id: Option<String>,
    pub customer_name: Option<String>,
    pub payment_date: Option<String>,
    pub reference: Option<String>,
    /// What the bank line says.
    pub words: Option<String>,
    pub document_id: Option<String>,
    pub document_name: Option<String>,
    /// Minor units.
    pub amount: i64,
    pub on_account: i64,
    pub currency: String,
    /// `held`, `on_account` or `partly_on_account`.
    pub state: String,
    /// JSON list of doubts: why it is not explained.
    pub doubts: String,
}

/// As [`PaymentRow::state`] says it of what is left to explain.
const STATE: &str = "case when p.status = 'held' then 'held' when p.allocated = 0 then 'on_account' else 'partly_on_account' end";
const UNEXPLAINED: &str = "p.reversed = false and (p.on_account <> 0 or p.status = 'held')";

impl PaymentRow {
    /// How a payment stands, one word wherever it is shown: what a person has to do about it goes before whether its money has come.
    pub fn state(&self) -> &str {
        match (self.reversed, self.status.as_str(), self.on_account, self.allocated) {
            (true, ..) => "taken_back",
            (_, "held", ..) => "held",
            (_, status, 0, _) => {
                if status == "announced" {
                    "announced"
                } else {
                    "allocated"
                }
            }
            (.., 0) => "on_account",
            _ => "partly_on_account",
        }
    }
}

#[derive(Deserialize)]
struct AllocationRow {
    allocation_id: String,
    line: usize,
    customer_id: String,
    invoice_number: String,
    gross: i64,
    discount: i64,
    deducted: i64,
    paid: i64,
    method: AllocationMethod,
    confidence: u16,
    place: Option<String>,
}

#[derive(Deserialize)]
struct PostedDeduction {
    line: usize,
    part: usize,
    allocation_id: Option<String>,
    shape: Shape,
    amount: i64,
    invoice_number: Option<String>,
    customer_id: Option<String>,
    debit_note_number: Option<String>,
    code: Option<String>,
    code_list: CodeList,
    words: Option<String>,
    place: Option<String>,
    within_tolerance: bool,
    reading_confidence: u16,
}

impl Store {
    /// The oldest payments of a state, or of every state, behind a place in the order of posting.
    pub async fn unexplained_payments(&self, state: Option<&str>, behind: i64, limit: i64) -> Result<Vec<UnexplainedPayment>> {
        self.rows(
            &format!(
                "select p.payment_id, p.sequence, p.payer_name, p.customer_id, c.name as customer_name, p.payment_date, p.reference, b.words, p.document_id, d.name as document_name, \
                 p.amount, p.on_account, p.currency, {STATE} as state, p.doubts \
                 from payments p left join customers c on c.customer_id = p.customer_id left join documents d on d.document_id = p.document_id \
                 left join bank_payments b on b.payment_id = p.bank_payment_id \
                 where {UNEXPLAINED} and (cast($1 as text) is null or {STATE} = $1) and p.sequence > $2 order by p.sequence limit $3"
            ),
            vec![state.into(), behind.into(), limit.into()],
        )
        .await
    }

    /// How much is not explained in a state, or in every state, by currency.
    pub async fn unexplained_sums(&self, state: Option<&str>) -> Result<Vec<Sum>> {
        self.rows(
            &format!(
                "select p.currency, count(*) as count, cast(sum(p.on_account) as bigint) as amount from payments p \
                 where {UNEXPLAINED} and (cast($1 as text) is null or {STATE} = $1) group by p.currency order by p.currency"
            ),
            vec![state.into()],
        )
        .await
    }

    /// What stands of a payment: its allocations and deductions as they were posted.
    pub async fn standing_settlement(&self, payment_id: &str, on_account: i64) -> Result<Settlement> {
        let rows: Vec<AllocationRow> = self
            .rows(
                "select allocation_id, line, customer_id, invoice_number, gross, discount, deducted, paid, method, confidence, place from allocations \
                 where payment_id = $1 and reversed = false order by line, allocation_id",
                vec![payment_id.into()],
            )
            .await?;
        let deductions: Vec<PostedDeduction> = self
            .rows(
                "select line, part, allocation_id, shape, amount, invoice_number, customer_id, debit_note_number, code, code_list, words, place, within_tolerance, \
                 reading_confidence from deductions where payment_id = $1 and reversed = false order by line, part",
                vec![payment_id.into()],
            )
            .await?;
        let deductions = deductions.into_iter().map(|row| row.read(&rows)).collect::<Result<_>>()?;
        let allocations = rows.into_iter().map(AllocationRow::read).collect::<Result<_>>()?;
        Ok(Settlement { allocations, deductions, on_account, ..Settlement::default() })
    }
}

impl AllocationRow {
    fn read(self) -> Result<Allocation> {
        Ok(Allocation {
            line: self.line,
            invoice_number: self.invoice_number,
            customer_id: self.customer_id,
            gross: self.gross,
            discount: self.discount,
            deducted: self.deducted,
            paid: self.paid,
            method: self.method,
            confidence: Confidence::from_thousandths(self.confidence),
            place: place("allocations", self.place)?,
        })
    }
}

impl PostedDeduction {
    fn read(self, allocations: &[AllocationRow]) -> Result<Deduction> {
        Ok(Deduction {
            line: self.line,
            part: self.part,
            allocation: self.allocation_id.and_then(|id| allocations.iter().position(|allocation| allocation.allocation_id == id)),
            shape: self.shape,
            amount: self.amount,
            invoice_number: self.invoice_number,
            customer_id: self.customer_id,
            debit_note_number: self.debit_note_number,
            code: self.code,
            code_list: self.code_list,
            text: self.words,
            place: place("deductions", self.place)?,
            within_tolerance: self.within_tolerance,
            confidence: Confidence::from_thousandths(self.reading_confidence),
        })
    }
}

fn place(table: &str, text: Option<String>) -> Result<Option<Place>> {
    text.map(|text| serde_json::from_str(&text)).transpose().map_err(|error| StoreError::Corrupt { table: table.to_owned(), problem: error.to_string() })
}

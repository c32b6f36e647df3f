//! Payments and the money of the bank: taken back, joined, read.

mod posted;

use recoup_engine::reference::normalise;
use serde::{Deserialize, Serialize};

use crate::claims::Withdrawn;
use crate::reopening::UNDECIDED;
use crate::{Result, Store, StoreError, Value, Work};

/// Money that arrived at the bank.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankPayment {
    pub payment_id: String,
    pub received_on: String,
    pub payer_name: String,
    pub payer_account: Option<String>,
    pub customer_id: Option<String>,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    pub reference: Option<String>,
    pub words: Option<String>,
    /// The lines of an advice, as JSON, when the bank passed them on in structure.
    pub told: Option<String>,
    pub document_id: Option<String>,
    pub position: Option<i64>,
    pub taken_by: Option<String>,
}

/// A payment as its row reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentRow {
    pub payment_id: String,
    pub sequence: i64,
    pub document_id: Option<String>,
    pub bank_payment_id: Option<String>,
    pub payer_name: Option<String>,
    pub customer_id: Option<String>,
    pub customer_why: Option<String>,
    pub payment_date: Option<String>,
    pub amount: i64,
    pub currency: String,
    pub reference: Option<String>,
    pub allocated: i64,
    pub on_account: i64,
    pub status: String,
    pub reversed: bool,
    /// JSON list of doubts.
    pub doubts: String,
}

/// What one payment paid on one invoice, in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PaidPart {
    pub payment_id: String,
    pub invoice_number: String,
    pub paid: i64,
}

/// What one payment settled of one invoice, in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SettlingPart {
    pub payment_id: String,
    /// Order of arrival: payment, line.
    pub sequence: i64,
    pub line: i64,
    pub payment_date: Option<String>,
    pub invoice_number: String,
    pub gross: i64,
}

/// How many standing payments a document made.
pub(crate) const POSTED: &str = "select count(*) as value from payments where document_id = $1 and reversed = false";

impl Work {
    /// Takes a payment back by counter-entries: its rows stay and are marked, its open items are open again, its bank money is free. Returns the claims
    /// that lost deductions by it.
    pub async fn reverse_payment(&mut self, payment_id: &str) -> Result<Vec<Withdrawn>> {
        let key = || vec![Value::from(payment_id)];
        if self.execute("update payments set reversed = true, allocated = 0, on_account = 0 where payment_id = $1 and reversed = false", key()).await? != 1 {
            return Err(StoreError::Refused(format!("{payment_id} was taken back meanwhile")));
        }
        let withdrawn = self.withdraw_claims(payment_id).await?;
        // What stood on it is judged again: units that it took of an agreement are free, invoices that it settled are open.
        let freed = format!(
            "update deductions set needs_verdict = true where {UNDECIDED} and payment_id <> $1 \
             and (agreement_id in (select d.agreement_id from deductions d where d.payment_id = $1 and d.valid_amount <> 0) \
             or allocation_id is null and invoice_number in (select a.invoice_number from allocations a where a.payment_id = $1))"
        );
        self.execute(&freed, key()).await?;
        self.execute(
            "insert into journal (entry_id, line, payment_id, account, reference, amount, currency) \
             select entry_id || '-reversed', line, payment_id, account, reference, -amount, currency from journal where payment_id = $1 and entry_id not like '%-reversed'",
            key(),
        )
        .await?;
        self.execute("update allocations set reversed = true where payment_id = $1", key()).await?;
        self.execute("update deductions set reversed = true, needs_verdict = false, status = 'closed', claim_id = null where payment_id = $1", key()).await?;
        self.execute("update bank_payments set taken_by = null where taken_by = $1", key()).await?;
        // What is taken back waits for no invoice any more.
        self.execute("delete from awaited_invoices where payment_id = $1", key()).await?;
        Ok(withdrawn)
    }

    /// Says whose money a bank line is.
    pub async fn name_customer_of_bank_payment(&mut self, payment_id: &str, customer_id: &str) -> Result<()> {
        self.execute("update bank_payments set customer_id = $2 where payment_id = $1", vec![payment_id.into(), customer_id.into()]).await?;
        Ok(())
    }

    /// Joins an announced payment with the bank line that brought its money: one payment, with the bank's date.
    pub async fn join_bank_payment(&mut self, payment_id: &str, bank: &BankPayment, status: &str) -> Result<()> {
        self.touch_deductions_where("payment_id = $1", payment_id).await?;
        self.execute(
            "update payments set bank_payment_id = $2, payment_date = $3, status = $4 where payment_id = $1",
            vec![payment_id.into(), bank.payment_id.as_str().into(), bank.received_on.as_str().into(), status.into()],
        )
        .await?;
        self.execute("update bank_payments set taken_by = $2 where payment_id = $1", vec![bank.payment_id.as_str().into(), payment_id.into()]).await?;
        self.execute("update deductions set needs_verdict = true where payment_id = $1 and reversed = false and status <> 'decided'", vec![payment_id.into()])
            .await?;
        Ok(())
    }

    /// Whether a document made payments that still stand.
    pub async fn has_standing_payments(&mut self, document_id: &str) -> Result<bool> {
        Ok(self.count(POSTED, vec![document_id.into()]).await? > 0)
    }

    /// Records the lines of a bank statement; a line that is known already is left alone.
    pub async fn add_bank_payments(&mut self, payments: &[BankPayment]) -> Result<()> {
        let rows = payments
            .iter()
            .map(|payment| {
                vec![
                    payment.payment_id.as_str().into(),
                    "statement".into(),
                    payment.payment_id.as_str().into(),
                    payment.received_on.as_str().into(),
                    payment.payer_name.as_str().into(),
                    payment.payer_account.clone().into(),
                    payment.customer_id.clone().into(),
                    payment.amount.into(),
                    payment.currency.as_str().into(),
                    payment.reference.clone().into(),
                    payment.words.clone().into(),
                    payment.told.clone().into(),
                    payment.document_id.clone().into(),
                    payment.position.into(),
                ]
            })
            .collect();
        self.insert(
            "bank_payments",
            &[
                "record_key",
                "row_hash",
                "payment_id",
                "received_on",
                "payer_name",
                "payer_account",
                "customer_id",
                "amount",
                "currency",
                "reference",
                "words",
                "told",
                "document_id",
                "position",
            ],
            rows,
            "on conflict (record_key) do nothing",
        )
        .await
    }
}

const BANK_COLUMNS: &str = "b.payment_id, b.received_on, b.payer_name, b.payer_account, b.customer_id, b.amount, b.currency, b.reference, b.words, b.told, b.document_id, b.position, b.taken_by";
pub(crate) const PAYMENT_COLUMNS: &str = "payment_id, sequence, document_id, bank_payment_id, payer_name, customer_id, customer_why, payment_date, amount, currency, reference, allocated, on_account, status, reversed, doubts";

impl Store {
    /// Money at the bank that no payment took yet, in a fixed order.
    pub async fn open_bank_payments(&self) -> Result<Vec<BankPayment>> {
        self.rows(&format!("select {BANK_COLUMNS} from bank_payments b where b.taken_by is null order by b.received_on, b.payment_id"), vec![]).await
    }

    /// Money at the bank in one currency that an advice may explain: not taken yet, or settled without one.
    pub async fn joinable_bank_payments(&self, currency: &str) -> Result<Vec<BankPayment>> {
        self.rows(
            &format!(
                "select {BANK_COLUMNS} from bank_payments b left join payments p on p.payment_id = b.taken_by \
                 where b.currency = $1 and (b.taken_by is null or (p.reversed = false and (p.document_id is null or p.document_id = b.document_id))) \
                 order by b.received_on, b.payment_id"
            ),
            vec![currency.into()],
        )
        .await
    }

    pub async fn bank_payment(&self, payment_id: &str) -> Result<Option<BankPayment>> {
        self.row(&format!("select {BANK_COLUMNS} from bank_payments b where b.payment_id = $1"), vec![payment_id.into()]).await
    }

    /// Standing payments that were announced and whose money has not arrived.
    pub async fn announced_payments(&self) -> Result<Vec<PaymentRow>> {
        self.rows(&format!("select {PAYMENT_COLUMNS} from payments where bank_payment_id is null and reversed = false order by sequence"), vec![]).await
    }

    /// What standing payments paid on these invoices, in order.
    pub async fn paid_parts(&self, invoices: &[String]) -> Result<Vec<PaidPart>> {
        self.rows_for(
            "select payment_id, invoice_number, paid from allocations where invoice_number in ({keys}) and reversed = false order by sequence, line",
            invoices,
        )
        .await
    }

    /// What standing payments settled of these invoices, in order of arrival.
    pub async fn settling(&self, invoices: &[String]) -> Result<Vec<SettlingPart>> {
        self.rows_for(
            "select a.payment_id, a.sequence, a.line, p.payment_date, a.invoice_number, a.gross from allocations a join payments p on p.payment_id = a.payment_id \
             where a.invoice_number in ({keys}) and a.reversed = false order by a.sequence, a.line",
            invoices,
        )
        .await
    }

    /// Whether a person put a standing payment on items by hand.
    pub async fn is_put_by_hand(&self, payment_id: &str) -> Result<bool> {
        let sql = "select count(*) as value from allocations where payment_id = $1 and reversed = false and method = 'manual'";
        Ok(self.count(sql, vec![payment_id.into()]).await? > 0)
    }

    pub async fn payment(&self, payment_id: &str) -> Result<Option<PaymentRow>> {
        self.row(&format!("select {PAYMENT_COLUMNS} from payments where payment_id = $1"), vec![payment_id.into()]).await
    }

    /// Standing payments that an advice of this number made; what only the bank told of is none.
    pub async fn advised_payments(&self, reference: &str) -> Result<Vec<PaymentRow>> {
        self.rows(
            &format!(
                "select {PAYMENT_COLUMNS} from payments p where reversed = false and reference_key = $1 and document_id is not null \
                 and not exists (select 1 from bank_payments b where b.payment_id = p.bank_payment_id and b.document_id = p.document_id) order by sequence"
            ),
            vec![normalise(reference).into()],
        )
        .await
    }
}

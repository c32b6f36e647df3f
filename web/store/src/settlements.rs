//! Payments, their allocations and deductions, the journal, and the verdicts on deductions.

use recoup_engine::allocation::Settlement;
use recoup_engine::evidence::Evidence;
use recoup_engine::reading::{Confidence, Place};
use recoup_engine::reference::normalise;
use recoup_engine::remittance::CodeList;
use recoup_engine::taxonomy::{Category, Expectation, Validity};
use recoup_engine::verdict::Shape;
use serde::{Deserialize, Serialize};

use crate::documents::to_json;
use crate::{Result, Store, Value, Work};

/// Money that arrived at the bank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    pub document_id: Option<String>,
    pub position: Option<i64>,
    pub taken_by: Option<String>,
}

/// A payment as its row reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// A deduction with everything that its verdict needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingDeduction {
    pub deduction_id: String,
    pub sequence: i64,
    pub line: i64,
    pub part: i64,
    pub payment_id: String,
    pub allocation_id: Option<String>,
    /// Name of the remittance it stands in.
    pub document: Option<String>,
    /// JSON of the place in the remittance.
    pub place: Option<String>,
    pub shape: Shape,
    pub customer_id: Option<String>,
    pub invoice_number: Option<String>,
    pub debit_note_number: Option<String>,
    pub amount: i64,
    pub currency: String,
    pub settled_gross: Option<i64>,
    pub code: Option<String>,
    pub code_list: CodeList,
    pub words: Option<String>,
    pub within_tolerance: bool,
    pub reading_confidence: i64,
    pub payment_customer: Option<String>,
    pub payment_date: Option<String>,
    pub claim_id: Option<String>,
    pub status: String,
}

/// The verdict and the desk of a deduction, as they are written.
#[derive(Clone, Debug)]
pub struct Judgement {
    pub deduction_id: String,
    pub customer_id: Option<String>,
    pub invoice_number: Option<String>,
    pub category: Category,
    pub category_why: String,
    pub expectation: Expectation,
    pub validity: Validity,
    pub valid_amount: Option<i64>,
    pub confidence: Confidence,
    pub agreement_id: Option<String>,
    pub explanation: String,
    pub evidence: Vec<Evidence>,
    pub rule: String,
    pub book: String,
    pub queue: String,
    pub priority: String,
    pub approval_level: i64,
    pub routing_rule: String,
    pub work_by: Option<String>,
    pub dispute_by: Option<String>,
    pub status: String,
    pub claim_id: Option<String>,
}

fn place_json(place: Option<Place>) -> Value {
    place.map(|place| to_json(&place)).into()
}

impl Work {
    /// Records a payment with its settlement and journal; replaces nothing.
    ///
    /// `digest` derives the identifiers of allocations and deductions from `origin` (document hash or bank payment) and position.
    pub async fn post_payment(&mut self, payment: &PaymentRow, settlement: &Settlement, origin: &str, digest: fn(&str) -> String) -> Result<()> {
        let currency = payment.currency.as_str();
        self.insert(
            "payments",
            &[
                "payment_id",
                "sequence",
                "document_id",
                "bank_payment_id",
                "payer_name",
                "customer_id",
                "customer_why",
                "payment_date",
                "amount",
                "currency",
                "reference",
                "reference_key",
                "allocated",
                "on_account",
                "status",
                "reversed",
                "doubts",
            ],
            vec![vec![
                payment.payment_id.as_str().into(),
                payment.sequence.into(),
                payment.document_id.clone().into(),
                payment.bank_payment_id.clone().into(),
                payment.payer_name.clone().into(),
                payment.customer_id.clone().into(),
                payment.customer_why.clone().into(),
                payment.payment_date.clone().into(),
                payment.amount.into(),
                currency.into(),
                payment.reference.clone().into(),
                payment.reference.as_deref().map(normalise).into(),
                payment.allocated.into(),
                payment.on_account.into(),
                payment.status.as_str().into(),
                payment.reversed.into(),
                payment.doubts.as_str().into(),
            ]],
            "",
        )
        .await?;
        if let Some(bank_payment_id) = &payment.bank_payment_id {
            self.execute("update bank_payments set taken_by = $2 where payment_id = $1", vec![bank_payment_id.into(), payment.payment_id.as_str().into()])
                .await?;
        }
        let id = |prefix: &str, line: usize, part: usize| format!("{prefix}-{}", &digest(&format!("{origin}\u{1f}{prefix}\u{1f}{line}\u{1f}{part}"))[..14]);
        let mut allocation_ids = Vec::with_capacity(settlement.allocations.len());
        let mut rows = Vec::with_capacity(settlement.allocations.len());
        for allocation in &settlement.allocations {
            let allocation_id = id("A", allocation.line, 0);
            rows.push(vec![
                allocation_id.as_str().into(),
                payment.sequence.into(),
                number(allocation.line),
                payment.payment_id.as_str().into(),
                payment.document_id.clone().into(),
                allocation.customer_id.as_str().into(),
                allocation.invoice_number.as_str().into(),
                allocation.gross.into(),
                allocation.discount.into(),
                allocation.deducted.into(),
                allocation.paid.into(),
                currency.into(),
                allocation.method.word().into(),
                i64::from(allocation.confidence.thousandths()).into(),
                place_json(allocation.place),
                false.into(),
            ]);
            allocation_ids.push(allocation_id);
        }
        self.insert(
            "allocations",
            &[
                "allocation_id",
                "sequence",
                "line",
                "payment_id",
                "document_id",
                "customer_id",
                "invoice_number",
                "gross",
                "discount",
                "deducted",
                "paid",
                "currency",
                "method",
                "confidence",
                "place",
                "reversed",
            ],
            rows,
            "",
        )
        .await?;
        let rows = settlement
            .deductions
            .iter()
            .map(|deduction| {
                vec![
                    id("X", deduction.line, deduction.part).into(),
                    payment.sequence.into(),
                    number(deduction.line),
                    number(deduction.part),
                    payment.payment_id.as_str().into(),
                    deduction.allocation.map(|index| allocation_ids[index].clone()).into(),
                    payment.document_id.clone().into(),
                    place_json(deduction.place),
                    shape_word(deduction.shape).into(),
                    deduction.customer_id.clone().or_else(|| payment.customer_id.clone()).into(),
                    deduction.invoice_number.clone().into(),
                    deduction.debit_note_number.clone().into(),
                    deduction.amount.into(),
                    currency.into(),
                    deduction.allocation.map(|index| settlement.allocations[index].gross).into(),
                    deduction.code.clone().into(),
                    code_list_word(deduction.code_list).into(),
                    deduction.text.clone().into(),
                    deduction.within_tolerance.into(),
                    i64::from(deduction.confidence.thousandths()).into(),
                    false.into(),
                    true.into(),
                    "open".into(),
                ]
            })
            .collect();
        self.insert(
            "deductions",
            &[
                "deduction_id",
                "sequence",
                "line",
                "part",
                "payment_id",
                "allocation_id",
                "document_id",
                "place",
                "shape",
                "customer_id",
                "invoice_number",
                "debit_note_number",
                "amount",
                "currency",
                "settled_gross",
                "code",
                "code_list",
                "words",
                "within_tolerance",
                "reading_confidence",
                "reversed",
                "needs_verdict",
                "status",
            ],
            rows,
            "",
        )
        .await?;
        self.post_journal(payment, settlement, &format!("J-{}", payment.payment_id)).await
    }

    /// One entry a payment: what came in, which receivables it settles, what is claimed back, what stays on account. It sums to zero.
    async fn post_journal(&mut self, payment: &PaymentRow, settlement: &Settlement, entry_id: &str) -> Result<()> {
        let mut lines: Vec<(&str, Option<String>, i64)> = vec![("cash", payment.reference.clone(), payment.amount)];
        lines.extend(settlement.allocations.iter().map(|allocation| ("receivable", Some(allocation.invoice_number.clone()), -allocation.gross)));
        lines.extend(
            settlement
                .deductions
                .iter()
                .map(|deduction| ("deductions", deduction.debit_note_number.clone().or_else(|| deduction.invoice_number.clone()), deduction.amount)),
        );
        lines.push(("on_account", payment.customer_id.clone(), -settlement.on_account));
        let rows = lines
            .into_iter()
            .filter(|(_, _, amount)| *amount != 0)
            .enumerate()
            .map(|(line, (account, reference, amount))| {
                vec![
                    entry_id.into(),
                    number(line),
                    payment.payment_id.as_str().into(),
                    account.into(),
                    reference.into(),
                    amount.into(),
                    payment.currency.as_str().into(),
                ]
            })
            .collect();
        self.insert("journal", &["entry_id", "line", "payment_id", "account", "reference", "amount", "currency"], rows, "").await
    }

    /// Takes a payment back by counter-entries: its rows stay and are marked, its open items are open again, its bank money is free.
    pub async fn reverse_payment(&mut self, payment_id: &str) -> Result<()> {
        let key = || vec![Value::from(payment_id)];
        self.execute(
            "insert into journal (entry_id, line, payment_id, account, reference, amount, currency) \
             select entry_id || '-reversed', line, payment_id, account, reference, -amount, currency from journal where payment_id = $1 and entry_id not like '%-reversed'",
            key(),
        )
        .await?;
        self.execute("update allocations set reversed = true where payment_id = $1", key()).await?;
        self.withdraw_claims(payment_id).await?;
        self.execute("update deductions set reversed = true, needs_verdict = false, status = 'closed', claim_id = null where payment_id = $1", key()).await?;
        self.execute("update payments set reversed = true, allocated = 0, on_account = 0 where payment_id = $1", key()).await?;
        self.execute("update bank_payments set taken_by = null where taken_by = $1", key()).await?;
        Ok(())
    }

    /// Joins an announced payment with the bank line that brought its money: one payment, with the bank's date.
    pub async fn join_bank_payment(&mut self, payment_id: &str, bank: &BankPayment, status: &str) -> Result<()> {
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
                "document_id",
                "position",
            ],
            rows,
            "on conflict (record_key) do nothing",
        )
        .await
    }

    /// Marks the deductions that new evidence may decide otherwise: by debit note number, by invoice, or every undecided one.
    pub async fn reopen_verdicts(&mut self, debit_notes: &[String], invoices: &[String]) -> Result<()> {
        #[derive(Deserialize)]
        struct Id {
            deduction_id: String,
        }
        let mut ids: Vec<Id> = self
            .rows_for("select deduction_id from deductions where debit_note_number in ({keys}) and reversed = false and status <> 'decided'", debit_notes)
            .await?;
        ids.extend(
            self.rows_for::<Id>("select deduction_id from deductions where invoice_number in ({keys}) and reversed = false and status <> 'decided'", invoices)
                .await?,
        );
        for part in ids.chunks(5_000) {
            let sql = format!("update deductions set needs_verdict = true where deduction_id in ({})", self.placeholders(1, part.len()));
            self.execute(&sql, part.iter().map(|id| Value::from(&id.deduction_id)).collect()).await?;
        }
        Ok(())
    }

    /// Marks the deductions whose evidence did not decide: new reference data may.
    pub async fn reopen_unknown_verdicts(&mut self) -> Result<u64> {
        self.execute(
            "update deductions set needs_verdict = true where validity = 'unknown' and within_tolerance = false and reversed = false and status <> 'decided'",
            vec![],
        )
        .await
    }

    /// Marks every deduction that no person decided for judging again.
    pub async fn reopen_all_verdicts(&mut self) -> Result<u64> {
        self.execute("update deductions set needs_verdict = true where reversed = false and status <> 'decided'", vec![]).await
    }

    /// Writes verdicts beside their deductions and opens, renews or removes the claims that follow.
    pub async fn save_judgements(&mut self, judgements: &[Judgement]) -> Result<()> {
        const COLUMNS: [&str; 22] = [
            "deduction_id",
            "customer_id",
            "invoice_number",
            "category",
            "category_why",
            "expectation",
            "validity",
            "valid_amount",
            "confidence",
            "agreement_id",
            "explanation",
            "evidence",
            "rule",
            "book",
            "queue",
            "priority",
            "approval_level",
            "routing_rule",
            "work_by",
            "dispute_by",
            "status",
            "claim_id",
        ];
        let typed: Vec<String> = COLUMNS
            .iter()
            .enumerate()
            .map(|(index, column)| match *column {
                "valid_amount" | "confidence" | "approval_level" => format!("cast(v.column{} as bigint)", index + 1),
                _ => format!("v.column{}", index + 1),
            })
            .collect();
        let assignments: Vec<String> = COLUMNS.iter().zip(&typed).skip(1).map(|(column, value)| format!("{column} = {value}")).collect();
        for part in judgements.chunks(500) {
            let tuples: Vec<String> = (0..part.len()).map(|row| format!("({})", self.placeholders(row * COLUMNS.len() + 1, COLUMNS.len()))).collect();
            let sql = format!(
                "with v as (select * from (values {}) as listed) update deductions set {}, needs_verdict = false from v where deductions.deduction_id = v.column1",
                tuples.join(", "),
                assignments.join(", ")
            );
            let values = part
                .iter()
                .flat_map(|judgement| {
                    [
                        judgement.deduction_id.as_str().into(),
                        judgement.customer_id.clone().into(),
                        judgement.invoice_number.clone().into(),
                        judgement.category.word().into(),
                        judgement.category_why.as_str().into(),
                        judgement.expectation.word().into(),
                        judgement.validity.word().into(),
                        judgement.valid_amount.into(),
                        i64::from(judgement.confidence.thousandths()).into(),
                        judgement.agreement_id.clone().into(),
                        judgement.explanation.as_str().into(),
                        to_json(&judgement.evidence).into(),
                        judgement.rule.as_str().into(),
                        judgement.book.as_str().into(),
                        judgement.queue.as_str().into(),
                        judgement.priority.as_str().into(),
                        judgement.approval_level.into(),
                        judgement.routing_rule.as_str().into(),
                        judgement.work_by.clone().into(),
                        judgement.dispute_by.clone().into(),
                        judgement.status.as_str().into(),
                        judgement.claim_id.clone().into(),
                    ]
                })
                .collect();
            self.execute(&sql, values).await?;
        }
        Ok(())
    }
}

fn number(value: usize) -> Value {
    Value::Integer(i64::try_from(value).unwrap_or(i64::MAX))
}

fn shape_word(shape: Shape) -> &'static str {
    match shape {
        Shape::Discount => "discount",
        Shape::OnInvoice => "on_invoice",
        Shape::Silent => "silent",
        Shape::StandAlone => "stand_alone",
    }
}

fn code_list_word(list: CodeList) -> &'static str {
    match list {
        CodeList::X12 => "x12",
        CodeList::Edifact => "edifact",
        CodeList::Customer => "customer",
    }
}

const PAYMENT_COLUMNS: &str = "payment_id, sequence, document_id, bank_payment_id, payer_name, customer_id, customer_why, payment_date, amount, currency, reference, allocated, on_account, status, reversed, doubts";

impl Store {
    /// Money at the bank that no payment took yet, in a fixed order.
    pub async fn open_bank_payments(&self) -> Result<Vec<BankPayment>> {
        self.rows(
            "select payment_id, received_on, payer_name, payer_account, customer_id, amount, currency, reference, words, document_id, position, taken_by from bank_payments where taken_by is null order by received_on, payment_id",
            vec![],
        )
        .await
    }

    /// Money at the bank that an advice may explain: not taken yet, or settled without one.
    pub async fn joinable_bank_payments(&self) -> Result<Vec<BankPayment>> {
        self.rows(
            "select b.payment_id, b.received_on, b.payer_name, b.payer_account, b.customer_id, b.amount, b.currency, b.reference, b.words, b.document_id, b.position, b.taken_by \
             from bank_payments b left join payments p on p.payment_id = b.taken_by \
             where b.taken_by is null or (p.reversed = false and (p.document_id is null or p.document_id = b.document_id)) order by b.received_on, b.payment_id",
            vec![],
        )
        .await
    }

    /// Standing payments that were announced and whose money has not arrived.
    pub async fn announced_payments(&self) -> Result<Vec<PaymentRow>> {
        self.rows(&format!("select {PAYMENT_COLUMNS} from payments where bank_payment_id is null and reversed = false order by sequence"), vec![]).await
    }

    pub async fn payment(&self, payment_id: &str) -> Result<Option<PaymentRow>> {
        self.row(&format!("select {PAYMENT_COLUMNS} from payments where payment_id = $1"), vec![payment_id.into()]).await
    }

    /// Standing payments with these references, for corrected and repeated advices.
    pub async fn payments_with_references(&self, references: &[String]) -> Result<Vec<PaymentRow>> {
        self.rows_for(
            &format!("select {PAYMENT_COLUMNS} from payments where reversed = false and reference_key in ({{keys}}) order by sequence"),
            &references.iter().map(|reference| normalise(reference)).collect::<Vec<_>>(),
        )
        .await
    }

    /// Deductions that wait for a verdict, in order.
    pub async fn pending_deductions(&self) -> Result<Vec<PendingDeduction>> {
        self.rows(&format!("{TO_JUDGE} where d.needs_verdict = true order by d.sequence, d.line, d.part"), vec![]).await
    }

    /// One standing deduction with what its verdict needs.
    pub async fn deduction_to_judge(&self, deduction_id: &str) -> Result<Option<PendingDeduction>> {
        self.row(&format!("{TO_JUDGE} where d.deduction_id = $1 and d.reversed = false"), vec![deduction_id.into()]).await
    }
}

const TO_JUDGE: &str = "select d.deduction_id, d.sequence, d.line, d.part, d.payment_id, d.allocation_id, doc.name as document, d.place, d.shape, d.customer_id, d.invoice_number, d.debit_note_number, d.amount, d.currency, \
                        d.settled_gross, d.code, d.code_list, d.words, d.within_tolerance, d.reading_confidence, p.customer_id as payment_customer, p.payment_date, d.claim_id, d.status \
                        from deductions d join payments p on p.payment_id = d.payment_id left join documents doc on doc.document_id = d.document_id";

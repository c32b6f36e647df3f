//! A payment as it is posted: its row, what it paid on invoices, what was held back, and its journal.

use recoup_engine::allocation::{Allocation, Deduction, Settlement};
use recoup_engine::reading::Place;
use recoup_engine::reference::{fold, normalise};
use recoup_engine::remittance::CodeList;
use recoup_engine::verdict::Shape;

use super::PaymentRow;
use crate::documents::to_json;
use crate::{Result, Value, Work};

const PAYMENT: [&str; 18] = [
    "payment_id",
    "sequence",
    "document_id",
    "bank_payment_id",
    "payer_name",
    "payer_folded",
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
];
const ALLOCATION: [&str; 16] = [
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
];
const DEDUCTION: [&str; 23] = [
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
];

impl Work {
    /// Records a payment with its settlement and journal; replaces nothing.
    ///
    /// `digest` derives the identifiers of allocations and deductions from `origin` (document hash or bank payment) and position.
    pub async fn post_payment(&mut self, payment: &PaymentRow, settlement: &Settlement, origin: &str, digest: fn(&str) -> String) -> Result<()> {
        let id = |prefix: &str, line: usize, part: usize| format!("{prefix}-{}", &digest(&format!("{origin}\u{1f}{prefix}\u{1f}{line}\u{1f}{part}"))[..14]);
        self.insert("payments", &PAYMENT, vec![payment_row(payment)], "").await?;
        if let Some(bank_payment_id) = &payment.bank_payment_id {
            self.execute("update bank_payments set taken_by = $2 where payment_id = $1", vec![bank_payment_id.into(), payment.payment_id.as_str().into()])
                .await?;
        }
        let allocation_ids: Vec<String> = settlement.allocations.iter().map(|allocation| id("A", allocation.line, 0)).collect();
        let rows = settlement.allocations.iter().zip(&allocation_ids).map(|(allocation, allocation_id)| allocation_row(payment, allocation, allocation_id));
        self.insert("allocations", &ALLOCATION, rows.collect(), "").await?;
        let rows = settlement.deductions.iter().map(|deduction| {
            let on = deduction.allocation.map(|index| (allocation_ids[index].as_str(), settlement.allocations[index].gross));
            deduction_row(payment, deduction, &id("X", deduction.line, deduction.part), on)
        });
        self.insert("deductions", &DEDUCTION, rows.collect(), "").await?;
        self.await_invoices(&payment.payment_id, &settlement.unknown_invoices).await?;
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
}

fn payment_row(payment: &PaymentRow) -> Vec<Value> {
    vec![
        payment.payment_id.as_str().into(),
        payment.sequence.into(),
        payment.document_id.clone().into(),
        payment.bank_payment_id.clone().into(),
        payment.payer_name.clone().into(),
        payment.payer_name.as_deref().map(fold).into(),
        payment.customer_id.clone().into(),
        payment.customer_why.clone().into(),
        payment.payment_date.clone().into(),
        payment.amount.into(),
        payment.currency.as_str().into(),
        payment.reference.clone().into(),
        payment.reference.as_deref().map(normalise).into(),
        payment.allocated.into(),
        payment.on_account.into(),
        payment.status.as_str().into(),
        payment.reversed.into(),
        payment.doubts.as_str().into(),
    ]
}

fn allocation_row(payment: &PaymentRow, allocation: &Allocation, allocation_id: &str) -> Vec<Value> {
    vec![
        allocation_id.into(),
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
        payment.currency.as_str().into(),
        allocation.method.word().into(),
        i64::from(allocation.confidence.thousandths()).into(),
        place_json(allocation.place),
        false.into(),
    ]
}

/// `on` is the allocation that it stands on, and what that settles of its invoice.
fn deduction_row(payment: &PaymentRow, deduction: &Deduction, deduction_id: &str, on: Option<(&str, i64)>) -> Vec<Value> {
    let (allocation_id, settled_gross) = on.unzip();
    vec![
        deduction_id.into(),
        payment.sequence.into(),
        number(deduction.line),
        number(deduction.part),
        payment.payment_id.as_str().into(),
        allocation_id.into(),
        payment.document_id.clone().into(),
        place_json(deduction.place),
        shape_word(deduction.shape).into(),
        deduction.customer_id.clone().or_else(|| payment.customer_id.clone()).into(),
        deduction.invoice_number.clone().into(),
        deduction.debit_note_number.clone().into(),
        deduction.amount.into(),
        payment.currency.as_str().into(),
        settled_gross.into(),
        deduction.code.clone().into(),
        code_list_word(deduction.code_list).into(),
        deduction.text.clone().into(),
        deduction.within_tolerance.into(),
        i64::from(deduction.confidence.thousandths()).into(),
        false.into(),
        true.into(),
        "open".into(),
    ]
}

fn place_json(place: Option<Place>) -> Value {
    place.map(|place| to_json(&place)).into()
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

//! A made-up company of any size: customers, invoices, payments, deductions, claims with what people did to them. The same at every run, but for today.

use std::fmt::Write as _;

use anyhow::{Result, ensure};
use jiff::ToSpan;
use jiff::civil::Date;
use recoup_engine::allocation::{Allocation, Deduction, Settlement};
use recoup_engine::evidence::Evidence;
use recoup_engine::reading::Confidence;
use recoup_engine::remittance::CodeList;
use recoup_engine::taxonomy::{AllocationMethod, Category, Expectation, Queue, Validity};
use recoup_engine::verdict::Shape;
use recoup_store::audit::NewEntry;
use recoup_store::claims::{ClaimRecord, ClaimRow};
use recoup_store::settlements::PaymentRow;
use recoup_store::verdicts::{Judgement, PendingDeduction};

use super::chance::Chance;
use super::life::{self, Fate, Life};
use super::papers;
use crate::desk::Progress;
use crate::desk::import::import;
use crate::vault::digest;
use crate::workplace::Workplace;

pub(super) const CUSTOMERS: usize = 400;
/// Claims of a payment, and deductions beside them that a rule closed.
const CLAIMS_A_PAYMENT: usize = 100;
const CLOSED_A_PAYMENT: usize = 25;
/// Payments of a unit of work.
const AT_ONCE: usize = 40;
/// Days over which the payments came in.
const DAYS: usize = 730;

/// How large the company is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    pub claims: usize,
    pub open: usize,
    pub papers: usize,
    pub people: usize,
}

pub(super) fn customer_id(number: usize) -> String {
    format!("B{number:04}")
}

pub(super) fn login(number: usize) -> String {
    format!("bench{number:02}")
}

fn currency(customer: usize) -> &'static str {
    ["EUR", "EUR", "EUR", "USD", "GBP"][customer % 5]
}

pub(super) fn invoice_number(payment: usize, line: usize) -> String {
    format!("BN{payment:05}{line:03}")
}

/// Minor units that are held back on a line.
fn held_back(payment: usize, line: usize) -> i64 {
    500 + i64::try_from(Chance::of(payment * 1_000 + line).below(49_500)).unwrap_or(0)
}

/// Everything, in units of work of a few thousand deductions.
pub(super) async fn seed(workplace: &Workplace, size: Size, today: Date) -> Result<()> {
    let payments = size.claims.div_ceil(CLAIMS_A_PAYMENT);
    let paid_on = |payment: usize| today.saturating_sub((DAYS - payment * DAYS / payments).try_into().map_or(1.days(), |days: i64| days.days()));
    let folder = tempfile::tempdir()?;
    write_reference(folder.path(), payments, &paid_on)?;
    let summary = import(workplace, &[folder.path().to_owned()]).await?;
    ensure!(summary.rejects.is_empty(), "a row of the benchmark is refused: {:?}", summary.rejects.first());
    let progress = Progress::new("making claims", size.claims as u64);
    let numbers: Vec<usize> = (0..payments).collect();
    for part in numbers.chunks(AT_ONCE) {
        let mut work = workplace.store.begin().await?;
        for payment in part {
            let (row, settlement) = paid(*payment, paid_on(*payment));
            work.post_payment(&row, &settlement, &row.payment_id, digest).await?;
        }
        work.commit().await?;
        let held = workplace.store.pending_deductions().await?;
        judge(workplace, size, &held, today).await?;
        progress.advance((part.len() * CLAIMS_A_PAYMENT) as u64);
    }
    progress.finish();
    papers::seed(workplace, size.papers, payments, today).await
}

fn write_reference(folder: &std::path::Path, payments: usize, paid_on: &dyn Fn(usize) -> Date) -> Result<()> {
    let mut customers = "customer_id,name,country,currency,language,payment_terms,discount_grace_days\n".to_owned();
    let mut agreements = "agreement_id,customer_id,kind,starts_on,ends_on,rate_type,rate,currency,status\n".to_owned();
    for customer in 0..CUSTOMERS {
        let (id, currency) = (customer_id(customer), currency(customer));
        writeln!(customers, "{id},Bench Retail {customer},DE,{currency},en,2/10 net 30,0")?;
        let (first, last) = (paid_on(0), paid_on(payments - 1).saturating_add(120.days()));
        writeln!(agreements, "A-{id},{id},off_invoice,{first},{last},percent,3,{currency},confirmed")?;
    }
    let mut invoices = "invoice_number,customer_id,issue_date,currency,total_amount,tax_amount,paid_amount\n".to_owned();
    for payment in 0..payments {
        let (customer, issued) = (payment % CUSTOMERS, paid_on(payment).saturating_sub(40.days()));
        for line in 0..CLAIMS_A_PAYMENT + CLOSED_A_PAYMENT {
            writeln!(invoices, "{},{},{issued},{},1000.00,0.00,0.00", invoice_number(payment, line), customer_id(customer), currency(customer))?;
        }
    }
    for (file, text) in [("customers.csv", customers), ("agreements.csv", agreements), ("invoices.csv", invoices)] {
        std::fs::write(folder.join(file), text)?;
    }
    Ok(())
}

/// A payment with an allocation and a deduction on each of its lines.
fn paid(payment: usize, on: Date) -> (PaymentRow, Settlement) {
    const WORDS: [&str; 5] = ["Short received", "Promo allowance week 12", "Damaged pallet", "Price per contract", "Late delivery fine"];
    let customer = payment % CUSTOMERS;
    let mut settlement = Settlement::default();
    for line in 0..CLAIMS_A_PAYMENT + CLOSED_A_PAYMENT {
        let deducted = held_back(payment, line);
        settlement.allocations.push(Allocation {
            line,
            invoice_number: invoice_number(payment, line),
            customer_id: customer_id(customer),
            gross: 100_000,
            discount: 0,
            deducted,
            paid: 100_000 - deducted,
            method: AllocationMethod::Stated,
            confidence: Confidence::CERTAIN,
            place: None,
        });
        settlement.deductions.push(Deduction {
            line,
            part: 0,
            allocation: Some(line),
            shape: Shape::OnInvoice,
            amount: deducted,
            invoice_number: Some(invoice_number(payment, line)),
            customer_id: Some(customer_id(customer)),
            debit_note_number: None,
            code: Some(format!("{:03}", 20 + line % 5)),
            code_list: CodeList::Customer,
            text: Some(WORDS[line % 5].to_owned()),
            place: None,
            within_tolerance: false,
            confidence: Confidence::CERTAIN,
        });
    }
    let amount = settlement.allocations.iter().map(|allocation| allocation.paid).sum();
    let row = PaymentRow {
        payment_id: format!("P-bench-{payment:06}"),
        sequence: i64::try_from(payment).unwrap_or(i64::MAX) + 1,
        document_id: None,
        bank_payment_id: None,
        payer_name: Some(format!("Bench Retail {customer}")),
        customer_id: Some(customer_id(customer)),
        customer_why: None,
        payment_date: Some(on.to_string()),
        amount,
        currency: currency(customer).to_owned(),
        reference: Some(format!("BENCH-{payment}")),
        allocated: amount,
        on_account: 0,
        status: "allocated".to_owned(),
        reversed: false,
        doubts: "[]".to_owned(),
    };
    (row, settlement)
}

/// Gives the deductions their verdicts and claims, and lets people work these.
async fn judge(workplace: &Workplace, size: Size, held: &[PendingDeduction], today: Date) -> Result<()> {
    let (mut judgements, mut claims, mut entries) = (Vec::with_capacity(held.len()), Vec::new(), Vec::new());
    let mut lives: Vec<(ClaimRecord, Life)> = Vec::new();
    for deduction in held {
        let line = usize::try_from(deduction.line)?;
        let payment = usize::try_from(deduction.sequence - 1)?;
        let judged = Judged::of(payment, line);
        let on: Date = deduction.payment_date.as_deref().unwrap_or_default().parse()?;
        if line >= CLAIMS_A_PAYMENT {
            judgements.push(judged.judgement(deduction, on, "closed", None));
            continue;
        }
        let claim_id = deduction.deduction_id.replacen("X-", "C-", 1);
        let fate = Fate::of(payment * CLAIMS_A_PAYMENT + line, size);
        let record = opened(deduction, &judged, &claim_id, on);
        let life = life::live(&record, fate, on, today, size.people)?;
        judgements.push(judged.judgement(deduction, on, life.claim.state.status().word(), Some(claim_id)));
        claims.push(record.row.clone());
        entries.extend(life.entries.iter().map(|(at, actor, action, detail)| NewEntry {
            at: at.clone(),
            actor: actor.clone(),
            action: (*action).into(),
            subject: record.row.claim_id.clone(),
            detail: detail.clone(),
        }));
        lives.push((record, life));
    }
    let mut work = workplace.store.begin().await?;
    work.save_judgements(&judgements).await?;
    work.save_claims(&claims).await?;
    for (record, life) in lives.iter().filter(|(_, life)| !life.entries.is_empty()) {
        let claim_id = &record.row.claim_id;
        if !life.movements.is_empty() {
            work.post_movements(&format!("{claim_id}-2"), record, &life.movements).await?;
        }
        work.change_claim(claim_id, record.row.version, &life.claim).await?;
    }
    work.append_audit(entries, digest).await?;
    work.commit().await?;
    Ok(())
}

fn opened(deduction: &PendingDeduction, judged: &Judged, claim_id: &str, on: Date) -> ClaimRecord {
    let row = ClaimRow {
        claim_id: claim_id.to_owned(),
        deduction_id: deduction.deduction_id.clone(),
        sequence: deduction.sequence,
        customer_id: deduction.customer_id.clone(),
        category: judged.category.word().to_owned(),
        amount: deduction.amount,
        currency: deduction.currency.clone(),
        queue: judged.queue.word().to_owned(),
        priority: "normal".to_owned(),
        approval_level: 1,
        status: "open".to_owned(),
        assignee: None,
        opened_on: Some(on.to_string()),
        work_by: Some(judged.work_by(on).to_string()),
        dispute_by: Some(judged.dispute_by(on).to_string()),
        version: 1,
    };
    ClaimRecord {
        row,
        root_claim_id: claim_id.to_owned(),
        state: "new".to_owned(),
        facts: "{\"state\":\"new\"}".to_owned(),
        accepted: 0,
        disputed: 0,
        written_off: 0,
        recovered: 0,
        worked: false,
        amount_changed_by: None,
    }
}

/// What the engine would say of a line.
struct Judged {
    category: Category,
    queue: Queue,
    validity: Validity,
    has_delivery: bool,
    days: i64,
}

impl Judged {
    fn of(payment: usize, line: usize) -> Self {
        let mut chance = Chance::of(payment * 7_919 + line);
        let kinds = [
            (25, (Category::Shortage, Queue::SupplyChain)),
            (20, (Category::PromotionAllowance, Queue::Sales)),
            (15, (Category::EarlyPaymentDiscount, Queue::Finance)),
            (12, (Category::PriceDifference, Queue::CustomerService)),
            (10, (Category::Damage, Queue::SupplyChain)),
            (8, (Category::ComplianceFine, Queue::SupplyChain)),
            (5, (Category::FreightAllowance, Queue::Finance)),
            (5, (Category::Unknown, Queue::Finance)),
        ];
        let (category, queue) = chance.one_of(&kinds).unwrap_or((Category::Unknown, Queue::Finance));
        let validity = chance.one_of(&[(30, Validity::Valid), (10, Validity::Partial), (30, Validity::Invalid), (30, Validity::Unknown)]);
        Self {
            category,
            queue,
            validity: validity.unwrap_or(Validity::Unknown),
            has_delivery: chance.below(10) < 7,
            days: i64::try_from(chance.below(60)).unwrap_or(0),
        }
    }

    fn work_by(&self, on: Date) -> Date {
        on.saturating_add((7 + self.days).days())
    }

    fn dispute_by(&self, on: Date) -> Date {
        on.saturating_add((45 + 2 * self.days).days())
    }

    fn judgement(&self, deduction: &PendingDeduction, on: Date, status: &str, claim_id: Option<String>) -> Judgement {
        let valid_amount = match self.validity {
            Validity::Valid => Some(deduction.amount),
            Validity::Partial => Some(deduction.amount / 2),
            Validity::Invalid => Some(0),
            Validity::Unknown => None,
        };
        let invoice = deduction.invoice_number.clone().unwrap_or_default();
        let mut evidence = vec![Evidence::record("remittance_line", invoice.as_str(), "Held back on this line.")];
        if self.has_delivery {
            evidence.push(Evidence::record("delivery", format!("POD-{invoice}"), "Received and signed by J. Ortega."));
        }
        Judgement {
            deduction_id: deduction.deduction_id.clone(),
            customer_id: deduction.customer_id.clone(),
            invoice_number: deduction.invoice_number.clone(),
            category: self.category,
            category_why: "their code".to_owned(),
            expectation: if self.category == Category::EarlyPaymentDiscount { Expectation::Expected } else { Expectation::Unexpected },
            validity: self.validity,
            valid_amount,
            confidence: Confidence::from_thousandths(990),
            consumes: Vec::new(),
            agreement_id: None,
            explanation: format!("What was billed on invoice {invoice} is held against what was received."),
            evidence,
            rule: "benchmark".to_owned(),
            book: "benchmark".to_owned(),
            learnt: None,
            queue: self.queue.word().to_owned(),
            priority: "normal".to_owned(),
            approval_level: 1,
            routing_rule: "benchmark".to_owned(),
            work_by: Some(self.work_by(on).to_string()),
            dispute_by: Some(self.dispute_by(on).to_string()),
            status: status.to_owned(),
            claim_id,
            words: deduction.words.clone().unwrap_or_default(),
        }
    }
}

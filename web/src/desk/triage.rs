//! For each deduction: what it claims, whether it is owed, which desk works it. Facts are read once a customer group; the why is stored.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::Result;
use jiff::ToSpan;
use jiff::civil::Date;
use recoup_engine::evidence::Evidence;
use recoup_engine::facts::{DeliveryOnPaper, Facts};
use recoup_engine::history::{EarlierDeduction, History};
use recoup_engine::invoice::DisputeWindow;
use recoup_engine::money::Money;
use recoup_engine::party::ReasonCode;
use recoup_engine::reading::{Confidence, Content, Place};
use recoup_engine::reference::{confusable_form, number_tokens};
use recoup_engine::supporting::DebitNote;
use recoup_engine::taxonomy::Category;
use recoup_rules::decide::{Decision, HeldBack, decide};
use recoup_store::audit::NewEntry;
use recoup_store::claims::{ClaimRecord, ClaimRow};
use recoup_store::documents::DocumentRow;
use recoup_store::verdicts::{Judgement, PendingDeduction};

use crate::clock::now_text;
use crate::desk::Progress;
use crate::vault::digest;
use crate::workplace::Workplace;

/// A debit note that explains a deduction.
struct Note {
    document: String,
    note: DebitNote,
}

/// What every group needs, read once a run.
struct Shared {
    own_codes: Vec<ReasonCode>,
    windows: Vec<DisputeWindow>,
    /// Papers of deliveries, light: their readings are loaded when a group needs them.
    deliveries: Vec<DocumentRow>,
    debit_notes: Vec<DocumentRow>,
}

/// What came before a deduction in order of arrival. Judging one again must not see what came after it.
struct Earlier {
    history: History,
    /// Judged before this run, in order; what the history has not taken in yet.
    waiting: std::iter::Peekable<std::vec::IntoIter<EarlierDeduction>>,
}

impl Earlier {
    fn new(judged: Vec<EarlierDeduction>) -> Self {
        Self { history: History::default(), waiting: judged.into_iter().peekable() }
    }

    fn before(&mut self, position: (i64, i64, i64)) -> &History {
        while let Some(earlier) = self.waiting.next_if(|earlier| earlier.position < position) {
            self.history.remember(earlier);
        }
        &self.history
    }
}

fn position(deduction: &PendingDeduction) -> (i64, i64, i64) {
    (deduction.sequence, deduction.line, deduction.part)
}

/// Judges everything that waits; returns how many deductions were judged.
pub async fn judge_pending(workplace: &Workplace) -> Result<usize> {
    let pending = workplace.store.pending_deductions().await?;
    if pending.is_empty() {
        return Ok(0);
    }
    let count = pending.len();
    let progress = Progress::new("judging", count as u64);
    let customers = workplace.store.customers().await?;
    let families = Facts::of_customers(customers.iter().cloned());
    let shared = shared(workplace).await?;
    let mut groups: BTreeMap<Option<String>, Vec<PendingDeduction>> = BTreeMap::new();
    for deduction in pending {
        let top = top_of(&families, &deduction);
        groups.entry(top).or_default().push(deduction);
    }
    for (top, deductions) in groups {
        let members = top.map(|top| families.group(&top).to_vec()).unwrap_or_default();
        let mut facts = workplace.store.customer_facts(customers.clone(), &members).await?;
        let notes = debit_notes_for(workplace, &shared, &deductions).await?;
        add_invoices(workplace, &shared, &mut facts, &deductions, &notes).await?;
        let mut earlier = Earlier::new(workplace.store.earlier_deductions(&members).await?);
        for part in deductions.chunks(10_000) {
            judge_part(workplace, &shared, &facts, &notes, &mut earlier, part).await?;
            progress.advance(part.len() as u64);
        }
    }
    progress.finish();
    Ok(count)
}

/// Runs the decision on one deduction again without writing anything; `None` when there is no such deduction.
pub async fn judge_again(workplace: &Workplace, deduction_id: &str) -> Result<Option<Judgement>> {
    let Some(deduction) = workplace.store.deduction_to_judge(deduction_id).await? else { return Ok(None) };
    let customers = workplace.store.customers().await?;
    let families = Facts::of_customers(customers.iter().cloned());
    let shared = shared(workplace).await?;
    let members = top_of(&families, &deduction).map(|top| families.group(&top).to_vec()).unwrap_or_default();
    let mut facts = workplace.store.customer_facts(customers, &members).await?;
    let alone = std::slice::from_ref(&deduction);
    let notes = debit_notes_for(workplace, &shared, alone).await?;
    add_invoices(workplace, &shared, &mut facts, alone, &notes).await?;
    // What came before it, as when it was judged.
    let mut earlier = Earlier::new(workplace.store.earlier_deductions(&members).await?);
    let (judgement, _) = judge_one(workplace, &shared, &facts, &notes, earlier.before(position(&deduction)), &deduction)?;
    Ok(Some(judgement))
}

/// The head of the group a deduction belongs to.
fn top_of(families: &Facts, deduction: &PendingDeduction) -> Option<String> {
    deduction.customer_id.as_deref().or(deduction.payment_customer.as_deref()).and_then(|customer| families.family(customer).pop())
}

async fn shared(workplace: &Workplace) -> Result<Shared> {
    Ok(Shared {
        own_codes: workplace.store.reason_codes().await?,
        windows: workplace.store.dispute_windows().await?,
        deliveries: workplace.store.documents_of_kinds(&["proof_of_delivery"]).await?,
        debit_notes: workplace.store.documents_of_kinds(&["debit_note"]).await?,
    })
}

async fn judge_part(
    workplace: &Workplace,
    shared: &Shared,
    facts: &Facts,
    notes: &HashMap<String, Note>,
    earlier: &mut Earlier,
    part: &[PendingDeduction],
) -> Result<()> {
    let mut judgements = Vec::with_capacity(part.len());
    let mut claims = Vec::new();
    let mut closed = Vec::new();
    for deduction in part {
        let (judgement, remembered) = judge_one(workplace, shared, facts, notes, earlier.before(position(deduction)), deduction)?;
        if let Some(remembered) = remembered {
            earlier.history.remember(remembered);
        }
        match &judgement.claim_id {
            Some(claim_id) => claims.push(ClaimRow {
                claim_id: claim_id.clone(),
                deduction_id: deduction.deduction_id.clone(),
                sequence: deduction.sequence,
                customer_id: judgement.customer_id.clone(),
                category: judgement.category.word().to_owned(),
                amount: deduction.amount,
                currency: deduction.currency.clone(),
                queue: judgement.queue.clone(),
                priority: judgement.priority.clone(),
                approval_level: judgement.approval_level,
                status: "open".to_owned(),
                assignee: None,
                opened_on: deduction.payment_date.clone(),
                work_by: judgement.work_by.clone(),
                dispute_by: judgement.dispute_by.clone(),
                version: 1,
            }),
            None => closed.extend(deduction.claim_id.clone()),
        }
        judgements.push(judgement);
    }
    let mut work = workplace.store.begin().await?;
    let known: Vec<String> = part.iter().filter_map(|deduction| deduction.claim_id.clone()).collect();
    for worked in work.worked_claims(&known).await? {
        leave_worked(&worked, part, &mut judgements, &mut claims);
    }
    let changed = work.save_judgements(&judgements).await?;
    work.save_claims(&claims).await?;
    work.remove_claims(&closed).await?;
    let entry = NewEntry {
        at: now_text(),
        actor: "recoup".to_owned(),
        action: "judged".to_owned(),
        subject: part.first().map(|deduction| deduction.deduction_id.clone()).unwrap_or_default(),
        detail: serde_json::json!({ "deductions": judgements.len(), "book": workplace.book_version, "changed": changed, "claims_closed": closed }).to_string(),
    };
    work.append_audit(vec![entry], digest).await?;
    work.commit().await?;
    Ok(())
}

/// What a person did with a claim stands: judging its deductions again renews what we think of them, and nothing else.
fn leave_worked(worked: &ClaimRecord, part: &[PendingDeduction], judgements: &mut [Judgement], claims: &mut Vec<ClaimRow>) {
    for (deduction, judgement) in part.iter().zip(judgements) {
        if deduction.claim_id.as_ref() == Some(&worked.row.claim_id) {
            judgement.claim_id = deduction.claim_id.clone();
            judgement.status.clone_from(&deduction.status);
            judgement.queue.clone_from(&worked.row.queue);
            claims.retain(|claim| claim.deduction_id != deduction.deduction_id || claim.claim_id == worked.row.claim_id);
        }
    }
}

fn judge_one(
    workplace: &Workplace,
    shared: &Shared,
    facts: &Facts,
    notes: &HashMap<String, Note>,
    earlier: &History,
    deduction: &PendingDeduction,
) -> Result<(Judgement, Option<EarlierDeduction>)> {
    let note = deduction.debit_note_number.as_deref().and_then(|number| notes.get(&confusable_form(number)));
    let mut decision = decide(held_back(deduction, note)?, &workplace.book, facts, earlier, &shared.own_codes)?;
    decision.verdict.evidence.insert(0, line_evidence(deduction, &decision)?);
    if let Some(note) = note {
        let number = note.note.number.clone().unwrap_or_default();
        let reason = note.note.reason.as_deref().unwrap_or_default();
        decision.verdict.evidence.push(Evidence::record("debit_note", number, reason).in_document(&note.document, note.note.reason_place));
    }
    let remembered = (!deduction.within_tolerance && decision.verdict.category != Category::Unknown).then(|| EarlierDeduction {
        deduction_id: deduction.deduction_id.clone(),
        position: position(deduction),
        customer_id: decision.customer_id.clone(),
        reference: deduction.debit_note_number.clone(),
        invoice_number: decision.invoice_number.clone(),
        agreement_id: decision.verdict.agreement_id.clone(),
        category: decision.verdict.category,
        amount: deduction.amount,
        valid_amount: decision.verdict.valid_minor.unwrap_or(0),
        text: decision.words.clone(),
    });
    Ok((judgement_of(workplace, shared, facts, deduction, decision), remembered))
}

fn held_back<'posted>(deduction: &'posted PendingDeduction, note: Option<&'posted Note>) -> Result<HeldBack<'posted>> {
    Ok(HeldBack {
        deduction_id: &deduction.deduction_id,
        customer_id: deduction.customer_id.as_deref().or(deduction.payment_customer.as_deref()).unwrap_or_default(),
        invoice_number: deduction.invoice_number.as_deref(),
        debit_note_number: deduction.debit_note_number.as_deref(),
        amount: Money::new(deduction.amount, deduction.currency.parse()?),
        payment_date: payment_date(deduction),
        shape: deduction.shape,
        settled_gross: deduction.settled_gross,
        code: deduction.code.as_deref(),
        code_list: deduction.code_list,
        words: deduction.words.as_deref().unwrap_or_default(),
        within_tolerance: deduction.within_tolerance,
        note: note.map(|note| &note.note),
    })
}

fn payment_date(deduction: &PendingDeduction) -> Option<Date> {
    deduction.payment_date.as_deref().and_then(|date| date.parse().ok())
}

fn judgement_of(workplace: &Workplace, shared: &Shared, facts: &Facts, deduction: &PendingDeduction, decision: Decision) -> Judgement {
    let reading = Confidence::from_thousandths(u16::try_from(deduction.reading_confidence).unwrap_or(1000));
    let paid_on = payment_date(deduction);
    let dispute_by = paid_on.and_then(|paid_on| dispute_by(workplace, shared, facts, &decision, paid_on));
    let Decision { customer_id, invoice_number, words, candidate, verdict, routed, closes, confidence } = decision;
    let status = match (deduction.status.as_str(), closes) {
        ("decided", _) => "decided",
        (_, true) => "closed",
        (_, false) => "open",
    };
    Judgement {
        deduction_id: deduction.deduction_id.clone(),
        customer_id: Some(customer_id).filter(|customer| !customer.is_empty()),
        invoice_number,
        category: verdict.category,
        category_why: candidate.why,
        expectation: verdict.expectation,
        validity: verdict.validity,
        valid_amount: verdict.valid_minor,
        confidence: reading.and(confidence),
        agreement_id: verdict.agreement_id,
        explanation: verdict.explanation,
        evidence: verdict.evidence,
        rule: verdict.rule.to_owned(),
        book: workplace.book_version.clone(),
        queue: routed.queue.word().to_owned(),
        priority: routed.priority,
        approval_level: i64::from(routed.approval_level),
        routing_rule: routed.rule,
        work_by: paid_on.map(|paid_on| paid_on.saturating_add(i64::from(routed.days).days()).to_string()),
        dispute_by,
        status: status.to_owned(),
        claim_id: (!closes).then(|| deduction.deduction_id.replacen("X-", "C-", 1)),
        words,
    }
}

fn line_evidence(deduction: &PendingDeduction, decision: &Decision) -> Result<Evidence> {
    let place: Option<Place> = deduction.place.as_deref().map(serde_json::from_str).transpose()?;
    let words = if decision.words.is_empty() { "without a word".to_owned() } else { format!("\"{}\"", deduction.words.as_deref().unwrap_or_default()) };
    let code = deduction.code.as_deref().map_or(String::new(), |code| format!(", code {code}"));
    let amount = Money::new(deduction.amount, deduction.currency.parse()?);
    Ok(Evidence {
        kind: "remittance_line".to_owned(),
        reference: deduction.debit_note_number.clone().or_else(|| decision.invoice_number.clone()).unwrap_or_default(),
        document: deduction.document.clone(),
        place,
        says: format!("{amount} {} held back {words}{code}.", amount.currency),
    })
}

/// The last day to dispute, by the most specific window on file.
fn dispute_by(workplace: &Workplace, shared: &Shared, facts: &Facts, decision: &Decision, paid_on: Date) -> Option<String> {
    let family = facts.family(&decision.customer_id);
    let specific = |window: &&DisputeWindow| {
        let customer = window.customer_id.as_ref().map(|customer| family.contains(customer));
        let of_category = window.category.map(|own| own == decision.verdict.category);
        customer != Some(false) && of_category != Some(false)
    };
    let window = shared.windows.iter().filter(specific).max_by_key(|window| (window.customer_id.is_some(), window.category.is_some()));
    let own_days = facts.customers.get(&decision.customer_id).and_then(|customer| customer.dispute_window_days);
    let (days, from) = match window {
        Some(window) => (window.days, window.counted_from.as_deref().unwrap_or("payment_date")),
        None => (own_days.unwrap_or(workplace.book.settings.dispute.default_days), "payment_date"),
    };
    let invoice = decision.invoice_number.as_ref().and_then(|number| facts.invoices.get(number));
    let start = match (from, invoice) {
        ("invoice_date", Some(invoice)) => invoice.issue_date,
        ("delivery_date", Some(invoice)) => facts.delivery_day(invoice),
        _ => paid_on,
    };
    jiff::Span::new().try_days(days).ok().and_then(|window| start.checked_add(window).ok()).map(|day| day.to_string())
}

/// The readings of the debit notes that these deductions name, by the confusable form of their numbers: scans mix letters and digits up.
async fn debit_notes_for(workplace: &Workplace, shared: &Shared, deductions: &[PendingDeduction]) -> Result<HashMap<String, Note>> {
    let wanted: BTreeSet<String> = deductions.iter().filter_map(|deduction| deduction.debit_note_number.as_deref()).map(confusable_form).collect();
    let mut notes = HashMap::new();
    for document in &shared.debit_notes {
        let Some(number) = document.number.as_deref().map(confusable_form).filter(|number| wanted.contains(number)) else { continue };
        if let Some(Content::DebitNote(note)) = workplace.store.reading(&document.document_id).await?.map(|reading| reading.content) {
            notes.entry(number).or_insert(Note { document: document.name.clone(), note });
        }
    }
    Ok(notes)
}

/// Adds the invoices that deductions, their words and their debit notes name, with twins and the papers of their deliveries.
async fn add_invoices(workplace: &Workplace, shared: &Shared, facts: &mut Facts, deductions: &[PendingDeduction], notes: &HashMap<String, Note>) -> Result<()> {
    let mut numbers: BTreeSet<String> = deductions.iter().filter_map(|deduction| deduction.invoice_number.clone()).collect();
    let texts = deductions.iter().filter_map(|deduction| deduction.words.as_deref()).chain(notes.values().filter_map(|note| note.note.reason.as_deref()));
    numbers.extend(texts.flat_map(number_tokens).map(str::to_owned));
    numbers.extend(notes.values().filter_map(|note| note.note.invoice_number.clone()));
    let numbers: Vec<String> = numbers.into_iter().collect();
    let full: Vec<String> = deductions
        .iter()
        .filter(|deduction| deduction.settled_gross == Some(deduction.amount))
        .filter_map(|deduction| deduction.invoice_number.clone())
        .collect();
    let twins = workplace.store.twins_of(&full).await?;
    workplace.store.add_invoice_facts(facts, &numbers).await?;
    workplace.store.add_invoice_facts(facts, &twins).await?;
    let keys: BTreeSet<String> = facts
        .invoices
        .values()
        .flat_map(|invoice| [Some(&invoice.invoice_number), invoice.delivery_note.as_ref(), invoice.purchase_order.as_ref()])
        .flatten()
        .map(|key| confusable_form(key))
        .collect();
    for document in &shared.deliveries {
        let links: Vec<String> = document.linked_to.as_deref().unwrap_or_default().split('|').map(confusable_form).filter(|link| !link.is_empty()).collect();
        if !links.iter().any(|link| keys.contains(link)) {
            continue;
        }
        if let Some(Content::Delivery(delivery)) = workplace.store.reading(&document.document_id).await?.map(|reading| reading.content) {
            let place = delivery.signature_place;
            let paper = DeliveryOnPaper { document: document.name.clone(), place, delivery };
            for key in [&paper.delivery.invoice_number, &paper.delivery.delivery_note, &paper.delivery.purchase_order].into_iter().flatten() {
                facts.deliveries_on_paper.entry(confusable_form(key)).or_default().push(paper.clone());
            }
        }
    }
    Ok(())
}

//! For each deduction: what it claims, whether it is owed, which desk works it. Facts are read once a customer group; the why is stored.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::Result;
use jiff::ToSpan;
use jiff::civil::Date;
use recoup_engine::evidence::Evidence;
use recoup_engine::facts::{DeliveryOnPaper, Facts};
use recoup_engine::history::{EarlierDeduction, History};
use recoup_engine::invoice::DisputeWindow;
use recoup_engine::money::{Currency, Money};
use recoup_engine::party::ReasonCode;
use recoup_engine::reading::{Confidence, Content, Place};
use recoup_engine::reference::{confusable_form, normalise, number_tokens};
use recoup_engine::supporting::DebitNote;
use recoup_engine::taxonomy::{Category, Expectation, Validity};
use recoup_engine::verdict::{Claim, Tolerances, Verdict, judge};
use recoup_engine::wording::{Wording, subject_invoice};
use recoup_rules::classify::{Candidate, Stated, classify};
use recoup_rules::route::{Judged, Routed};
use recoup_store::audit::NewEntry;
use recoup_store::claims::ClaimRow;
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

fn judge_one(
    workplace: &Workplace,
    shared: &Shared,
    facts: &Facts,
    notes: &HashMap<String, Note>,
    earlier: &History,
    deduction: &PendingDeduction,
) -> Result<(Judgement, Option<EarlierDeduction>)> {
    let currency: Currency = deduction.currency.parse()?;
    let amount = Money::new(deduction.amount, currency);
    let customer_id = deduction.customer_id.clone().or_else(|| deduction.payment_customer.clone()).unwrap_or_default();
    let payment_date: Date = deduction.payment_date.as_deref().and_then(|date| date.parse().ok()).unwrap_or_default();
    let note = deduction.debit_note_number.as_deref().and_then(|number| notes.get(&confusable_form(number)));
    let words = deduction.words.as_deref().unwrap_or_default();
    let reason = note.and_then(|note| note.note.reason.as_deref()).unwrap_or_default();
    let code = deduction.code.as_deref().or_else(|| note.and_then(|note| note.note.code.as_deref()));
    // Some columns headed as codes hold words: they say why, and are no code.
    let (code, said_as_code) = match code {
        Some(code) if code.trim().contains(' ') => (None, code),
        code => (code, ""),
    };
    let wording = Wording::read(&[words, said_as_code, reason], note.map_or(&[], |note| note.note.lines.as_slice()), facts, &customer_id, payment_date);
    let invoice = deduction
        .invoice_number
        .clone()
        .or_else(|| note.and_then(|note| note.note.invoice_number.as_deref()).and_then(|number| known_invoice(facts, number)))
        .or_else(|| subject_invoice(&wording.text, |token| facts.invoices.contains_key(token).then(|| token.to_owned())));
    let invoice = invoice.as_ref().and_then(|number| facts.invoices.get(number));
    let owner_id = invoice.map_or(customer_id, |invoice| invoice.customer_id.clone());
    let stated = Stated { shape: deduction.shape, code, code_list: deduction.code_list, customer_id: &owner_id, wording: &wording };
    let candidate = classify(stated, &workplace.book, facts, &shared.own_codes);
    let settings = &workplace.book.settings.tolerances;
    let tolerances = Tolerances { rounding_minor: Money::from_decimal_rounded(settings.rounding, currency)?.minor, bank_fee: settings.bank_fee };
    let claim = Claim {
        deduction_id: deduction.deduction_id.clone(),
        customer_id: owner_id.clone(),
        invoice,
        debit_note_number: deduction.debit_note_number.clone(),
        amount,
        payment_date,
        shape: deduction.shape,
        category: candidate.category,
        settled_gross: deduction.settled_gross,
        wording,
    };
    let mut verdict = if deduction.within_tolerance {
        let_go(&claim)
    } else if deduction.payment_date.is_none()
        && (candidate.category.rests_on_agreement() || matches!(candidate.category, Category::EarlyPaymentDiscount | Category::Unknown))
    {
        undated(&claim)
    } else {
        judge(&claim, facts, earlier, &tolerances)
    };
    verdict.evidence.insert(0, line_evidence(deduction, &claim));
    if let Some(note) = note {
        let number = note.note.number.clone().unwrap_or_default();
        verdict.evidence.push(Evidence::record("debit_note", number, reason).in_document(&note.document, note.note.reason_place));
    }
    let routed = workplace.book.routing.route(Judged {
        category: verdict.category,
        within_tolerance: deduction.within_tolerance,
        amount: amount.to_decimal(),
        expectation: verdict.expectation,
        validity: verdict.validity,
        customer_id: &owner_id,
        owner: workplace.book.owner(verdict.category),
    });
    let remembered = (!deduction.within_tolerance && verdict.category != Category::Unknown).then(|| EarlierDeduction {
        deduction_id: deduction.deduction_id.clone(),
        position: position(deduction),
        customer_id: owner_id.clone(),
        reference: deduction.debit_note_number.clone(),
        invoice_number: invoice.map(|invoice| invoice.invoice_number.clone()),
        agreement_id: verdict.agreement_id.clone(),
        category: verdict.category,
        amount: deduction.amount,
        valid_amount: verdict.valid_minor.unwrap_or(0),
        text: claim.wording.text.clone(),
    });
    let judgement = judgement_of(workplace, shared, facts, deduction, &claim, &candidate, verdict, routed);
    Ok((judgement, remembered))
}

#[allow(clippy::too_many_arguments)]
fn judgement_of(
    workplace: &Workplace,
    shared: &Shared,
    facts: &Facts,
    deduction: &PendingDeduction,
    claim: &Claim<'_>,
    candidate: &Candidate,
    verdict: Verdict,
    routed: Routed,
) -> Judgement {
    let reading = Confidence::from_thousandths(u16::try_from(deduction.reading_confidence).unwrap_or(1000));
    // A verdict that found its own category needs no help from the words.
    let category = if verdict.category == candidate.category { Confidence::from_thousandths(candidate.certainty) } else { Confidence::CERTAIN };
    let confidence = if deduction.within_tolerance { reading } else { reading.and(category).and(verdict.certainty) };
    let closes = routed.closes || deduction.within_tolerance;
    let decided = deduction.status == "decided";
    Judgement {
        deduction_id: deduction.deduction_id.clone(),
        customer_id: Some(claim.customer_id.clone()).filter(|customer| !customer.is_empty()),
        invoice_number: claim.invoice.map(|invoice| invoice.invoice_number.clone()),
        category: verdict.category,
        category_why: candidate.why.clone(),
        expectation: verdict.expectation,
        validity: verdict.validity,
        valid_amount: verdict.valid_minor,
        confidence,
        agreement_id: verdict.agreement_id,
        explanation: verdict.explanation,
        evidence: verdict.evidence,
        rule: if deduction.within_tolerance { "tolerance".to_owned() } else { verdict.rule.to_owned() },
        book: workplace.book_version.clone(),
        queue: routed.queue.word().to_owned(),
        priority: routed.priority,
        approval_level: i64::from(routed.approval_level),
        routing_rule: routed.rule,
        work_by: deduction.payment_date.is_some().then(|| claim.payment_date.saturating_add(i64::from(routed.days).days()).to_string()),
        dispute_by: deduction.payment_date.as_ref().and_then(|_| dispute_by(workplace, shared, facts, claim, verdict.category)),
        status: if decided {
            "decided"
        } else if closes {
            "closed"
        } else {
            "open"
        }
        .to_owned(),
        claim_id: (!closes).then(|| deduction.deduction_id.replacen("X-", "C-", 1)),
        words: claim.wording.text.clone(),
    }
}

/// A difference too small to ask about: closed, and nothing said of who is right.
fn let_go(claim: &Claim<'_>) -> Verdict {
    Verdict {
        category: Category::Unknown,
        expectation: Expectation::Unexpected,
        validity: Validity::Unknown,
        valid_minor: None,
        agreement_id: None,
        explanation: format!("A difference of {} {} is within tolerance and let go.", claim.amount, claim.amount.currency),
        evidence: Vec::new(),
        rule: "tolerance",
        certainty: Confidence::CERTAIN,
    }
}

/// Terms and windows count from the day of payment; without it they can't be tested.
fn undated(claim: &Claim<'_>) -> Verdict {
    Verdict {
        explanation: "The day of payment is not known yet, so terms and windows can't be tested; the bank's line or the customer will tell it.".to_owned(),
        category: claim.category,
        rule: "payment.no_date",
        certainty: Confidence::from_thousandths(600),
        ..let_go(claim)
    }
}

fn line_evidence(deduction: &PendingDeduction, claim: &Claim<'_>) -> Evidence {
    let place: Option<Place> = deduction.place.as_deref().and_then(|place| serde_json::from_str(place).ok());
    let words = if claim.wording.text.is_empty() { "without a word".to_owned() } else { format!("\"{}\"", deduction.words.as_deref().unwrap_or_default()) };
    let code = deduction.code.as_deref().map_or(String::new(), |code| format!(", code {code}"));
    Evidence {
        kind: "remittance_line".to_owned(),
        reference: deduction.debit_note_number.clone().or_else(|| claim.invoice.map(|invoice| invoice.invoice_number.clone())).unwrap_or_default(),
        document: deduction.document.clone(),
        place,
        says: format!("{} {} held back {words}{code}.", claim.amount, claim.amount.currency),
    }
}

/// The last day to dispute, by the most specific window on file.
fn dispute_by(workplace: &Workplace, shared: &Shared, facts: &Facts, claim: &Claim<'_>, category: Category) -> Option<String> {
    let family = facts.family(&claim.customer_id);
    let specific = |window: &&DisputeWindow| {
        let customer = window.customer_id.as_ref().map(|customer| family.contains(customer));
        let of_category = window.category.map(|own| own == category);
        customer != Some(false) && of_category != Some(false)
    };
    let window = shared.windows.iter().filter(specific).max_by_key(|window| (window.customer_id.is_some(), window.category.is_some()));
    let own_days = facts.customers.get(&claim.customer_id).and_then(|customer| customer.dispute_window_days);
    let (days, from) = match window {
        Some(window) => (window.days, window.counted_from.as_deref().unwrap_or("payment_date")),
        None => (own_days.unwrap_or(workplace.book.settings.dispute.default_days), "payment_date"),
    };
    let start = match (from, claim.invoice) {
        ("invoice_date", Some(invoice)) => invoice.issue_date,
        ("delivery_date", Some(invoice)) => facts.delivery_day(invoice),
        _ => claim.payment_date,
    };
    jiff::Span::new().try_days(days).ok().and_then(|window| start.checked_add(window).ok()).map(|day| day.to_string())
}

fn known_invoice(facts: &Facts, number: &str) -> Option<String> {
    if facts.invoices.contains_key(number) {
        return Some(number.to_owned());
    }
    let wanted = normalise(number);
    facts.invoices.keys().filter(|known| normalise(known) == wanted).min().cloned()
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

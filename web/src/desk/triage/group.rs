//! What judging a customer group needs: read once, before the first of its deductions is decided.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::Result;
use jiff::civil::Date;
use recoup_engine::agreement::Agreement;
use recoup_engine::facts::{DeliveryOnPaper, Facts};
use recoup_engine::invoice::{DisputeWindow, Invoice};
use recoup_engine::matching::OpenItems;
use recoup_engine::money::Money;
use recoup_engine::party::{Customer, ReasonCode};
use recoup_engine::reading::{Content, TextSource};
use recoup_engine::recovery::TrackRecords;
use recoup_engine::reference::{confusable_form, number_tokens};
use recoup_engine::supporting::DebitNote;
use recoup_engine::taxonomy::AllocationMethod;
use recoup_engine::verdict::{PaidBefore, Shape};
use recoup_rules::decide::{HeldBack, Policy};
use recoup_store::documents::DocumentRow;
use recoup_store::settlements::SettlingPart;
use recoup_store::verdicts::PendingDeduction;

use crate::desk::rule_book::InForce;
use crate::workplace::Workplace;

/// A debit note that explains a deduction.
pub(crate) struct Note {
    pub document: String,
    pub note: DebitNote,
}

/// What every group needs, read once a run.
pub(crate) struct Shared {
    customers: Vec<Customer>,
    /// Only the customers are filled: for families and groups.
    families: Facts,
    pub own_codes: Vec<ReasonCode>,
    pub windows: Vec<DisputeWindow>,
    /// How earlier claims ended.
    records: TrackRecords,
    /// Papers of deliveries, light: their readings are loaded when a group needs them.
    deliveries: Vec<DocumentRow>,
    debit_notes: Vec<DocumentRow>,
    /// An agreement as it might read, to see what would follow; nothing is written by it.
    pub supposed: Option<Agreement>,
}

/// The facts about some deductions of one group of customers.
pub(crate) struct Group {
    /// Every customer under the same head.
    pub members: Vec<String>,
    pub facts: Facts,
    notes: HashMap<String, Note>,
    /// What settled the invoice of a deduction already, by its id.
    paid_before: HashMap<String, PaidBefore>,
}

impl Shared {
    pub async fn read(workplace: &Workplace) -> Result<Self> {
        let customers = workplace.store.customers().await?;
        Ok(Self {
            families: Facts::of_customers(customers.iter().cloned()),
            customers,
            own_codes: workplace.store.reason_codes().await?,
            windows: workplace.store.dispute_windows().await?,
            records: workplace.store.track_records().await?,
            deliveries: workplace.store.documents_of_kinds(&["proof_of_delivery", "receiving_advice"]).await?,
            debit_notes: workplace.store.documents_of_kinds(&["debit_note"]).await?,
            supposed: None,
        })
    }

    pub fn policy<'policy>(&'policy self, rules: &'policy InForce) -> Policy<'policy> {
        rules.policy(&self.own_codes, &self.records)
    }

    /// Deductions by the head of their customer group, in a fixed order; those of nobody known first.
    pub fn by_group(&self, deductions: Vec<PendingDeduction>) -> Vec<Vec<PendingDeduction>> {
        let mut groups: BTreeMap<Option<String>, Vec<PendingDeduction>> = BTreeMap::new();
        for deduction in deductions {
            groups.entry(self.head_of(&deduction)).or_default().push(deduction);
        }
        groups.into_values().collect()
    }

    fn head_of(&self, deduction: &PendingDeduction) -> Option<String> {
        deduction.customer_id.as_deref().or(deduction.payment_customer.as_deref()).and_then(|customer| self.families.family(customer).pop())
    }
}

impl Group {
    /// Reads the facts about deductions of one group.
    pub async fn read(workplace: &Workplace, shared: &Shared, deductions: &[PendingDeduction]) -> Result<Self> {
        let head = deductions.first().and_then(|first| shared.head_of(first));
        let members = head.map(|head| shared.families.group(&head).to_vec()).unwrap_or_default();
        let mut facts = workplace.store.customer_facts(shared.customers.clone(), &members, shared.supposed.as_ref()).await?;
        let notes = debit_notes_for(workplace, shared, deductions).await?;
        let numbers = invoices_named(workplace, &mut facts, &members, deductions, &notes).await?;
        add_invoices(workplace, shared, &mut facts, deductions, numbers).await?;
        let paid_before = paid_before(workplace, &facts, deductions).await?;
        Ok(Self { members, facts, notes, paid_before })
    }

    /// The debit note that explains a deduction, by the form its number is confused in.
    pub fn note(&self, deduction: &PendingDeduction) -> Option<&Note> {
        deduction.debit_note_number.as_deref().and_then(|number| self.notes.get(&confusable_form(number)))
    }

    pub fn held_back<'posted>(&'posted self, deduction: &'posted PendingDeduction) -> Result<HeldBack<'posted>> {
        Ok(HeldBack {
            deduction_id: &deduction.deduction_id,
            customer_id: deduction.customer_id.as_deref().or(deduction.payment_customer.as_deref()).unwrap_or_default(),
            invoice_number: deduction.invoice_number.as_deref(),
            debit_note_number: deduction.debit_note_number.as_deref(),
            amount: Money::new(deduction.amount, deduction.currency.parse()?),
            payment_date: payment_date(deduction),
            shape: deduction.shape,
            settled_gross: deduction.settled_gross,
            paid_before: self.paid_before.get(&deduction.deduction_id),
            code: deduction.code.as_deref(),
            code_list: deduction.code_list,
            words: deduction.words.as_deref().unwrap_or_default(),
            within_tolerance: deduction.within_tolerance,
            worked: deduction.worked == Some(true),
            said: deduction.said.zip(deduction.said_by.as_deref()),
            recognised: deduction.text_source == Some(TextSource::Ocr),
            note: self.note(deduction).map(|note| &note.note),
        })
    }
}

/// What settled the invoices of deductions before, where their own lines could not be put on them.
async fn paid_before(workplace: &Workplace, facts: &Facts, deductions: &[PendingDeduction]) -> Result<HashMap<String, PaidBefore>> {
    let of_line = |deduction: &&PendingDeduction| deduction.allocation_id.is_none() && deduction.shape != Shape::StandAlone;
    let unplaced: Vec<(&PendingDeduction, &Invoice)> =
        deductions.iter().filter(of_line).filter_map(|deduction| Some((deduction, facts.invoices.get(deduction.invoice_number.as_deref()?)?))).collect();
    let numbers: BTreeSet<String> = unplaced.iter().map(|(_, invoice)| invoice.invoice_number.clone()).collect();
    let settled = workplace.store.settling(&numbers.into_iter().collect::<Vec<_>>()).await?;
    let mut found = HashMap::new();
    for (deduction, invoice) in unplaced {
        let is_before =
            |part: &&SettlingPart| part.invoice_number == invoice.invoice_number && (part.sequence, part.line) < (deduction.sequence, deduction.line);
        let before: Vec<&SettlingPart> = settled.iter().filter(is_before).collect();
        let gross: i64 = before.iter().map(|part| part.gross).sum();
        if invoice.total_amount > 0 && gross + invoice.paid_amount.unwrap_or(0) >= invoice.total_amount {
            let last = before.last();
            let paid_on = last.and_then(|part| part.payment_date.as_deref()).and_then(|day| day.parse().ok());
            found.insert(deduction.deduction_id.clone(), PaidBefore { payment_id: last.map(|part| part.payment_id.clone()), paid_on });
        }
    }
    Ok(found)
}

/// The day of its payment; `None` when nobody has told it yet.
pub(crate) fn payment_date(deduction: &PendingDeduction) -> Option<Date> {
    deduction.payment_date.as_deref().and_then(|date| date.parse().ok())
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

/// The numbers of the invoices that deductions, their words, their debit notes and the returns they name are about. Those that are written otherwise
/// than on file are looked up among all invoices of the group and remembered in the facts.
async fn invoices_named(
    workplace: &Workplace,
    facts: &mut Facts,
    members: &[String],
    deductions: &[PendingDeduction],
    notes: &HashMap<String, Note>,
) -> Result<Vec<String>> {
    let mut numbers: BTreeSet<String> = deductions.iter().filter_map(|deduction| deduction.invoice_number.clone()).collect();
    let without_invoice = deductions.iter().filter(|deduction| deduction.invoice_number.is_none());
    let texts = deductions.iter().filter_map(|deduction| deduction.words.as_deref()).chain(notes.values().filter_map(|note| note.note.reason.as_deref()));
    let tokens: BTreeSet<&str> = texts.flat_map(number_tokens).collect();
    let labelled: BTreeSet<&str> = notes.values().filter_map(|note| note.note.invoice_number.as_deref()).collect();
    numbers.extend(tokens.iter().chain(&labelled).map(|token| (*token).to_owned()));
    let returns = facts.returns.values().flatten().filter(|authorised| tokens.contains(authorised.return_id.as_str()));
    numbers.extend(returns.filter_map(|authorised| authorised.invoice_number.clone()));
    if without_invoice.count() > 0 && !(tokens.is_empty() && labelled.is_empty()) {
        let items = OpenItems::new(workplace.store.open_items_of(members).await?);
        for written in tokens.union(&labelled) {
            let found = items.find(written).filter(|found| found.method != AllocationMethod::Stated);
            let Some(number) = found.map(|found| &items.items[found.index].invoice_number) else { continue };
            // In running words the digits alone may be an article's: only the label of a debit note makes them an invoice.
            if labelled.contains(written) || confusable_form(written) == confusable_form(number) {
                facts.written_otherwise.insert((*written).to_owned(), number.clone());
                numbers.insert(number.clone());
            }
        }
    }
    Ok(numbers.into_iter().collect())
}

/// Adds invoices with their twins and the papers of their deliveries.
async fn add_invoices(workplace: &Workplace, shared: &Shared, facts: &mut Facts, deductions: &[PendingDeduction], numbers: Vec<String>) -> Result<()> {
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

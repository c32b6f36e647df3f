//! Payment advices: who pays, with which money, for which invoices. A corrected advice takes the place of the earlier one.

use std::collections::{BTreeSet, HashMap};

use anyhow::Result;
use recoup_engine::allocation::{Settlement, Terms, allocate};
use recoup_engine::matching::payer::{Payers, Recognised};
use recoup_engine::matching::{OpenItem, OpenItems};
use recoup_engine::money::{Currency, Money};
use recoup_engine::reading::{Confidence, Content, Doubt, TextSource};
use recoup_engine::reference::normalise;
use recoup_engine::remittance::{AdviceLine, RemittanceAdvice};
use recoup_store::documents::Conclusion;
use recoup_store::settlements::{BankPayment, PaymentRow};

use super::versions::{Replaced, near_duplicate, replaced_among, says_the_same, standing_version};
use super::{Parties, Waiting, conclude, needs_review, posting, recognised};
use crate::desk::Progress;
use crate::vault::digest;
use crate::workplace::Workplace;

/// One advice of a document, with what is found out about it before anything is posted.
pub(super) struct Prepared<'waiting> {
    pub waiting: &'waiting Waiting,
    position: usize,
    pub advice: &'waiting RemittanceAdvice,
    payer: Option<Recognised>,
    pub items: Vec<OpenItem>,
}

impl Prepared<'_> {
    /// The same for every version of one advice: whose payment, and its number.
    pub fn key(&self) -> Option<(String, String)> {
        let reference = self.advice.reference.as_deref().map(normalise).filter(|reference| reference.len() >= 4)?;
        Some((self.payer.as_ref()?.customer_id.clone(), reference))
    }
}

/// Settles advices in order of arrival.
pub(super) async fn settle_advices(workplace: &Workplace, parties: &Parties, waiting: Vec<Waiting>, progress: &Progress) -> Result<()> {
    let mut prepared = Vec::new();
    for document in &waiting {
        let Content::Advices(advices) = &document.reading.content else { continue };
        for (position, advice) in advices.iter().enumerate() {
            prepared.push(prepare(workplace, parties, document, position, advice).await?);
        }
    }
    let replaced = replaced_among(&prepared);
    let mut by_document: Vec<Vec<(usize, Prepared<'_>)>> = Vec::new();
    for (index, one) in prepared.into_iter().enumerate() {
        match by_document.last_mut() {
            Some(last) if last[0].1.waiting.document.document_id == one.waiting.document.document_id => last.push((index, one)),
            _ => by_document.push(vec![(index, one)]),
        }
    }
    let mut first = true;
    for mut advices in by_document {
        for (_, one) in &mut advices {
            // What was posted since it was prepared has settled some of its items.
            if !std::mem::take(&mut first) {
                one.items = refreshed(workplace, &one.items).await?;
            }
        }
        settle_document(workplace, parties, &mut advices, &replaced).await?;
        progress.advance(1);
    }
    Ok(())
}

/// Finds the payer and reads the items that the lines name.
async fn prepare<'waiting>(
    workplace: &Workplace,
    parties: &Parties,
    waiting: &'waiting Waiting,
    position: usize,
    advice: &'waiting RemittanceAdvice,
) -> Result<Prepared<'waiting>> {
    let references: BTreeSet<String> = advice
        .lines
        .iter()
        .flat_map(|line| [&line.reference, &line.invoice_named])
        .flatten()
        .map(|reference| reference.trim().to_owned())
        .filter(|reference| !reference.is_empty())
        .collect();
    let mut items = workplace.store.items_by_number(&references.into_iter().collect::<Vec<_>>()).await?;
    let mut party = advice.payer.clone();
    let sender = waiting.reading.fields.iter().find(|field| field.name == "from").map(|field| field.value.clone());
    let from_container = waiting.document.container_id.as_ref().and_then(|container| parties.senders.get(container)).cloned();
    party.email = party.email.or(sender).or(from_container);
    let payer = parties
        .payers
        .recognise(&party)
        .or_else(|| Payers::from_invoices(items.iter().map(|item| item.customer_id.as_str()), |customer| parties.groups.family(customer)));
    if let Some(payer) = &payer {
        let group = parties.groups.group(&payer.customer_id);
        // Numbers of other customers never match by themselves.
        items.retain(|item| group.contains(&item.customer_id));
        let found = OpenItems::new(items.clone());
        let all_found = advice.lines.iter().filter_map(|line| line.reference.as_deref()).all(|reference| found.find(reference).is_some());
        if !all_found {
            items = workplace.store.open_items_of(&group).await?;
        }
    }
    Ok(Prepared { waiting, position, advice, payer, items })
}

/// The same items as they stand now.
async fn refreshed(workplace: &Workplace, items: &[OpenItem]) -> Result<Vec<OpenItem>> {
    let numbers: Vec<String> = items.iter().map(|item| item.invoice_number.clone()).collect();
    Ok(workplace.store.items_by_number(&numbers).await?)
}

/// A payment that is decided and not written yet.
struct Posting {
    /// Its sequence is given when it is written.
    payment: PaymentRow,
    settlement: Settlement,
    /// What its identifiers are derived from.
    origin: String,
    /// The payment that held the same bank money until now.
    takes_over: Option<String>,
}

/// Decides every advice of a document, then writes postings, reversals and the document's state in one unit of work.
async fn settle_document(workplace: &Workplace, parties: &Parties, advices: &mut [(usize, Prepared<'_>)], replaced: &HashMap<usize, Replaced>) -> Result<()> {
    let waiting = advices[0].1.waiting;
    let blocking: Vec<Doubt> = waiting.reading.doubts.iter().filter(|doubt| doubt.blocking).cloned().collect();
    if !blocking.is_empty() {
        return conclude(workplace, &waiting.document, needs_review(&blocking)).await;
    }
    // What the reader doubted is shown with the document even where it does not stop it.
    let mut doubts = waiting.reading.doubts.clone();
    let mut conclusion = Conclusion { status: "processed", ..Conclusion::default() };
    let (mut postings, mut superseded): (Vec<Posting>, Vec<PaymentRow>) = (Vec::new(), Vec::new());
    for (index, one) in advices.iter_mut() {
        if let Some(payer) = &one.payer {
            conclusion.customer_id = Some(payer.customer_id.clone());
            conclusion.customer_why = Some(payer.why.clone());
        }
        match replaced.get(index) {
            Some(Replaced::By(name)) => {
                set_aside(&mut conclusion, "superseded", name, format!("A corrected version arrived: {name}."));
                continue;
            }
            Some(Replaced::Same(name)) => {
                set_aside(&mut conclusion, "duplicate", name, format!("The same payment was advised before in {name}."));
                continue;
            }
            None => {}
        }
        let mut replaces = None;
        if let Some(earlier) = standing_version(workplace, one).await? {
            if !one.advice.corrects_earlier {
                let posted_from = earlier.document_id.clone().unwrap_or_default();
                let name = workplace.store.document(&posted_from).await?.map_or(posted_from, |document| document.name);
                let same = says_the_same(workplace, one.advice, &earlier).await?;
                let (status, problem) = if same {
                    ("duplicate", format!("The same payment was advised before in {name}."))
                } else {
                    (
                        "needs_review",
                        format!("The number of this payment was advised before in {name} with another amount or other invoices; say which one holds."),
                    )
                };
                set_aside(&mut conclusion, status, &name, problem);
                continue;
            }
            give_back(workplace, &earlier.payment_id, &mut one.items).await?;
            replaces = Some(earlier);
        }
        // Items that an advice above in this document settles are settled for those below.
        for item in &mut one.items {
            let settled =
                postings.iter().flat_map(|posting| &posting.settlement.allocations).filter(|allocation| allocation.invoice_number == item.invoice_number);
            item.open -= settled.map(|allocation| allocation.gross).sum::<i64>();
        }
        let taken: Vec<&str> = postings.iter().filter_map(|posting| posting.payment.bank_payment_id.as_deref()).collect();
        let (posting, left) = decide(workplace, parties, one, &taken).await?;
        // The earlier version falls only when this one stands.
        superseded.extend(replaces.filter(|_| posting.is_some()));
        postings.extend(posting);
        doubts.extend(left);
    }
    // What stops it first, then what travels with it.
    doubts.sort_by_key(|doubt| !doubt.blocking);
    if doubts.first().is_some_and(|doubt| doubt.blocking) {
        let review = needs_review(&doubts);
        conclusion.status = review.status;
        conclusion.problem = review.problem;
    } else if conclusion.problem.is_none() && !doubts.is_empty() {
        conclusion.problem = needs_review(&doubts).problem;
    }
    let mut work = workplace.store.begin().await?;
    for earlier in superseded {
        posting::take_back(&mut work, &earlier.payment_id, &waiting.document.name).await?;
        let name = &waiting.document.name;
        let mut replaced = Conclusion { status: "superseded", ..Conclusion::default() };
        set_aside(&mut replaced, "superseded", name, format!("A corrected version arrived: {name}."));
        work.conclude_document(earlier.document_id.as_deref().unwrap_or_default(), &replaced).await?;
    }
    for mut decided in postings {
        if let Some(taken_by) = &decided.takes_over {
            posting::take_back(&mut work, taken_by, &waiting.document.name).await?;
        }
        decided.payment.sequence = work.next_numbers("payment", 1).await?;
        posting::post(&mut work, &decided.payment, &decided.settlement, &decided.origin).await?;
    }
    work.conclude_document(&waiting.document.document_id, &conclusion).await?;
    work.commit().await?;
    Ok(())
}

/// What a payment that is about to be taken back settles is open for the one that takes its place.
async fn give_back(workplace: &Workplace, payment_id: &str, items: &mut [OpenItem]) -> Result<()> {
    let settled = workplace.store.settled_by(payment_id).await?;
    for item in items {
        item.open += settled.get(&item.invoice_number).copied().unwrap_or(0);
    }
    Ok(())
}

fn set_aside(conclusion: &mut Conclusion, status: &'static str, linked_to: &str, problem: String) {
    conclusion.status = status;
    conclusion.linked_to = Some(linked_to.to_owned());
    conclusion.problem = Some(problem);
}

/// Decides what one advice posts, and the doubts it leaves; blocking ones mean that a person must look. `taken` is bank money that the same
/// document has used.
async fn decide(workplace: &Workplace, parties: &Parties, one: &mut Prepared<'_>, taken: &[&str]) -> Result<(Option<Posting>, Vec<Doubt>)> {
    let (waiting, position, advice, payer) = (one.waiting, one.position, one.advice, one.payer.clone());
    let customer = payer.as_ref().and_then(|payer| parties.groups.customers.get(&payer.customer_id));
    let Some(currency) = advice.currency.or(customer.map(|customer| customer.currency)) else {
        return Ok((None, vec![Doubt::blocking("payer_unknown", "Neither the payer nor the currency of this advice is known; say whose it is.")]));
    };
    let stated = advice.total.map(|total| Money::from_decimal(total, currency)).transpose();
    let lines_total = sum_of_nets(&advice.lines, currency);
    let announced = match (stated, lines_total) {
        (Ok(Some(total)), _) => total.minor,
        (Ok(None), Some(total)) => total,
        (Err(error), _) => return Ok((None, vec![Doubt::blocking(error.code(), format!("The total of the advice: {error}."))])),
        (Ok(None), None) => return Ok((None, vec![Doubt::blocking("no_amount", "The advice states no amount.")])),
    };
    if announced < 0 {
        let says =
            format!("The advice asks for {} instead of paying; it is a claim on us, not a payment.", recoup_engine::money::format_minor(-announced, currency));
        return Ok((None, vec![Doubt::blocking("negative_payment", says)]));
    }
    if payer.is_none() {
        return Ok((None, vec![Doubt::blocking("payer_unknown", "No customer has this payer's name, account, mail domain or invoices; say whose it is.")]));
    }
    let bank = find_bank_payment(workplace, parties, one, announced, currency, taken).await?;
    // Money that came for it makes it a payment of its own, whatever its lines repeat.
    if bank.is_none()
        && let Some(doubt) = near_duplicate(workplace, one, currency).await?
    {
        return Ok((None, vec![doubt]));
    }
    if let Some(taken_by) = bank.as_ref().and_then(|bank| bank.taken_by.as_deref()) {
        give_back(workplace, taken_by, &mut one.items).await?;
    }
    let amount = bank.as_ref().map_or(announced, |bank| bank.amount);
    let confidence = if waiting.reading.text_source == TextSource::Ocr { Confidence::from_thousandths(975) } else { Confidence::from_thousandths(998) };
    let tolerance = tolerance(workplace, parties, payer.as_ref(), currency);
    let mut doubts = Vec::new();
    if let Some(bank) = bank.as_ref().filter(|bank| bank.amount != announced) {
        let difference = recoup_engine::money::format_minor((announced - bank.amount).abs(), currency);
        let residual = if bank.amount < announced {
            format!("say whether the missing {difference} is a bank fee, a short payment on one of its invoices or still to come")
        } else {
            format!("the {difference} more stays on account until a person places it")
        };
        doubts.push(Doubt::note(
            "amount_differs",
            format!(
                "The advice announces {}, the bank received {}; {residual}.",
                recoup_engine::money::format_minor(announced, currency),
                recoup_engine::money::format_minor(bank.amount, currency)
            ),
        ));
    }
    let terms = Terms { currency, amount, tolerance, confidence };
    let mut settlement = allocate(&advice.lines, &mut OpenItems::new(one.items.clone()), terms);
    let held = settlement.on_account < 0;
    if held {
        let excess = |settlement: &Settlement| recoup_engine::money::format_minor(-settlement.on_account, currency);
        let proven = proven_only(&advice.lines, one, terms);
        let (says, standing) = if proven.on_account < 0 {
            let says = format!(
                "The lines that open items prove pay {} more than was received; all of it is on account until a person says which are meant.",
                excess(&proven)
            );
            (says, allocate(&[], &mut OpenItems::new(Vec::new()), terms))
        } else {
            (format!("The lines pay {} more than was received; only the lines that open items prove are posted.", excess(&settlement)), proven)
        };
        doubts.push(Doubt::blocking("unbalanced", says));
        settlement = standing;
    }
    if waiting.reading.text_source == TextSource::Ocr {
        doubts.append(&mut recognised::mend_note_numbers(workplace, parties, payer.as_ref(), currency, &mut settlement).await?);
    }
    doubts.append(&mut settlement.doubts.clone());
    let allocated = settlement.allocations.iter().map(|allocation| allocation.paid).sum();
    let origin = format!("{}\u{1f}{position}", waiting.document.sha256);
    // Money that was settled on its own before keeps that (reversed) payment under its number; the advice's payment gets one of its own.
    let payment_id = bank
        .as_ref()
        .filter(|bank| bank.document_id.is_none() && bank.taken_by.is_none())
        .map_or_else(|| format!("P-{}", &digest(&origin)[..14]), |bank| bank.payment_id.clone());
    let date = bank.as_ref().map(|bank| bank.received_on.clone()).or_else(|| advice.payment_date.or(waiting.reading.date).map(|date| date.to_string()));
    let status = match (&bank, held) {
        (_, true) => "held",
        (None, _) => "announced",
        (Some(_), _) if settlement.on_account == 0 => "allocated",
        (Some(_), _) => "received",
    };
    let payment = PaymentRow {
        payment_id,
        sequence: 0,
        document_id: Some(waiting.document.document_id.clone()),
        bank_payment_id: bank.as_ref().map(|bank| bank.payment_id.clone()),
        payer_name: advice.payer.name.clone().or_else(|| bank.as_ref().map(|bank| bank.payer_name.clone())),
        customer_id: payer.as_ref().map(|payer| payer.customer_id.clone()),
        customer_why: payer.as_ref().map(|payer| payer.why.clone()),
        payment_date: date,
        amount,
        currency: currency.code().to_owned(),
        reference: advice.reference.clone(),
        allocated,
        on_account: settlement.on_account,
        status: status.to_owned(),
        reversed: false,
        doubts: serde_json::to_string(&doubts)?,
    };
    let takes_over = bank.and_then(|bank| bank.taken_by);
    Ok((Some(Posting { payment, settlement, origin, takes_over }), doubts))
}

/// Only the lines whose amounts open items prove: gross, or net with what was taken, is what is open.
fn proven_only(lines: &[AdviceLine], one: &Prepared<'_>, terms: Terms) -> Settlement {
    let items = OpenItems::new(one.items.clone());
    let proven: Vec<AdviceLine> = lines
        .iter()
        .map(|line| {
            let item = line.reference.as_deref().and_then(|reference| items.find(reference)).map(|found| &items.items[found.index]);
            let taken: rust_decimal::Decimal =
                line.discount.unwrap_or_default() - line.adjustments.iter().map(|adjustment| adjustment.amount).sum::<rust_decimal::Decimal>();
            let whole = line.gross.or(line.net.map(|net| net + taken));
            let is_proven = item.is_some_and(|item| whole.and_then(|whole| minor(whole, terms.currency.code())) == Some(item.open));
            // An unproven line keeps its place, so that positions stay those of the document.
            if is_proven { line.clone() } else { AdviceLine::default() }
        })
        .collect();
    allocate(&proven, &mut OpenItems::new(one.items.clone()), terms)
}

pub(super) fn minor(amount: rust_decimal::Decimal, currency: &str) -> Option<i64> {
    currency.parse::<Currency>().ok().and_then(|currency| Money::from_decimal(amount, currency).ok()).map(|money| money.minor)
}

fn sum_of_nets(lines: &[AdviceLine], currency: Currency) -> Option<i64> {
    let nets: Option<Vec<i64>> = lines.iter().filter_map(|line| line.net).map(|net| Money::from_decimal(net, currency).ok().map(|money| money.minor)).collect();
    nets.filter(|nets| !nets.is_empty()).map(|nets| nets.iter().sum())
}

/// What is let go without a question, in minor units.
pub(super) fn tolerance(workplace: &Workplace, parties: &Parties, payer: Option<&Recognised>, currency: Currency) -> i64 {
    let own = payer.and_then(|payer| parties.groups.customers.get(&payer.customer_id)).and_then(|customer| customer.tolerance_amount);
    let tolerance = own.unwrap_or(workplace.rules().book.settings.tolerances.short_payment);
    Money::from_decimal_rounded(tolerance, currency).map_or(0, |money| money.minor)
}

/// The bank line that brought the money: same amount and number, or the same payer within ten days when only one fits.
async fn find_bank_payment(
    workplace: &Workplace,
    parties: &Parties,
    one: &Prepared<'_>,
    announced: i64,
    currency: Currency,
    taken: &[&str],
) -> Result<Option<BankPayment>> {
    let mut candidates = workplace.store.joinable_bank_payments().await?;
    candidates.retain(|bank| !taken.contains(&bank.payment_id.as_str()));
    let reference = one.advice.reference.as_deref().map(normalise).filter(|reference| reference.len() >= 4);
    let names_it = |bank: &BankPayment| {
        reference.as_deref().is_some_and(|reference| [&bank.reference, &bank.words].into_iter().flatten().any(|text| normalise(text).contains(reference)))
    };
    let in_currency: Vec<&BankPayment> = candidates.iter().filter(|bank| bank.currency == currency.code() && bank.amount > 0).collect();
    if let Some(named) = in_currency.iter().find(|bank| names_it(bank) && bank.amount == announced) {
        return Ok(Some((*named).clone()));
    }
    let group = one.payer.as_ref().map(|payer| parties.groups.group(&payer.customer_id)).unwrap_or_default();
    let of_payer = |bank: &BankPayment| super::bank::payer_of(parties, bank).is_some_and(|payer| group.contains(&payer.customer_id));
    let near = |bank: &BankPayment| match (one.advice.payment_date, bank.received_on.parse::<jiff::civil::Date>()) {
        (Some(advised), Ok(received)) => advised.until(received).is_ok_and(|span| span.get_days().abs() <= 10),
        _ => true,
    };
    let same_amount: Vec<&&BankPayment> = in_currency.iter().filter(|bank| bank.amount == announced && of_payer(bank) && near(bank)).collect();
    if let [only] = same_amount.as_slice() {
        return Ok(Some((**only).clone()));
    }
    Ok(in_currency.into_iter().find(|bank| names_it(bank) && of_payer(bank)).cloned())
}

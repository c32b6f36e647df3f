//! Payment advices: who pays, with which money, for which invoices. A corrected advice takes the place of the earlier one.

use std::collections::{BTreeSet, HashMap};
use std::iter;

use anyhow::Result;
use recoup_engine::allocation::{Settlement, Terms, allocate};
use recoup_engine::matching::payer::{Payers, Recognised};
use recoup_engine::matching::{OpenItem, OpenItems};
use recoup_engine::money::{Currency, Money};
use recoup_engine::reading::{Confidence, Content, Doubt, TextSource};
use recoup_engine::reference::normalise;
use recoup_engine::remittance::{AdviceLine, RemittanceAdvice};
use recoup_store::Work;
use recoup_store::documents::Conclusion;
use recoup_store::settlements::{BankPayment, PaymentRow};
use rust_decimal::Decimal;
use serde_json::json;

use super::joining::{Announced, likest};
use super::versions::{LEAST_SIGNS, Replaced, near_duplicate, other_version, replaced_among, says_the_same, standing_version};
use super::{Parties, Waiting, conclude, needs_review, posting, recognised, sender_of, stopped_by};
use crate::desk::Progress;
use crate::desk::corrections::COMPARED;
use crate::desk::layouts::confirmed_facts;
use crate::desk::which_holds::{self, Holds};
use crate::vault::digest;
use crate::workplace::Workplace;

/// The lines of an advice don't make what was paid.
const UNBALANCED: &str = "unbalanced";

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
        let reference = self.advice.reference.as_deref().map(normalise).filter(|reference| reference.len() >= LEAST_SIGNS)?;
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
pub(super) async fn prepare<'waiting>(
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
    if party.email.is_none() {
        party.email = sender_of(workplace, waiting).await?;
    }
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
pub(super) struct Posting {
    /// Its sequence is given when it is written.
    pub payment: PaymentRow,
    pub settlement: Settlement,
    /// What its identifiers are derived from.
    pub origin: String,
    /// The payment that held the same bank money until now.
    takes_over: Option<String>,
}

/// Decides every advice of a document, then writes postings, reversals and the document's state in one unit of work.
async fn settle_document(workplace: &Workplace, parties: &Parties, advices: &mut [(usize, Prepared<'_>)], replaced: &HashMap<usize, Replaced>) -> Result<()> {
    let waiting = advices[0].1.waiting;
    let blocking = stopped_by(workplace, waiting).await?;
    if !blocking.is_empty() {
        return conclude(workplace, &waiting.document, needs_review(&blocking)).await;
    }
    // What the reader doubted is shown with the document even where it does not stop it.
    let mut doubts = waiting.reading.doubts.clone();
    let said = which_holds::said(workplace, &waiting.document).await?;
    let mut conclusion = Conclusion { status: "processed", ..Conclusion::default() };
    let (mut postings, mut superseded, mut asides): (Vec<Posting>, Vec<PaymentRow>, Vec<Aside>) = (Vec::new(), Vec::new(), Vec::new());
    for (index, one) in advices.iter_mut() {
        if let Some(payer) = &one.payer {
            conclusion.customer_id = Some(payer.customer_id.clone());
            conclusion.customer_why = Some(payer.why.clone());
        }
        let replaces = match version(workplace, one, replaced.get(index), said).await? {
            Version::Only => None,
            Version::Corrects(earlier) => Some(earlier),
            Version::SetAside(aside) => {
                asides.push(aside);
                continue;
            }
        };
        // Items that an advice above in this document settles are settled for those below.
        for item in &mut one.items {
            let settled =
                postings.iter().flat_map(|posting| &posting.settlement.allocations).filter(|allocation| allocation.invoice_number == item.invoice_number);
            item.open -= settled.map(|allocation| allocation.gross).sum::<i64>();
        }
        let taken: Vec<&str> = postings.iter().filter_map(|posting| posting.payment.bank_payment_id.as_deref()).collect();
        let (posting, left) = decide(workplace, parties, one, &taken, replaces.as_ref(), said).await?;
        // The earlier version falls only when this one stands.
        superseded.extend(replaces.filter(|_| posting.is_some()));
        postings.extend(posting);
        if left.iter().any(|doubt| doubt.blocking && doubt.code == UNBALANCED) {
            // What stops the document says what its reader noted, and what follows from it.
            doubts.retain(|doubt| doubt.code != UNBALANCED);
        }
        doubts.extend(left);
    }
    set_aside(&mut conclusion, asides, advices.len());
    tell(&mut conclusion, doubts);
    let mut work = workplace.store.begin().await?;
    for earlier in superseded {
        supersede(&mut work, &earlier, &waiting.document.name).await?;
    }
    for mut decided in postings {
        if let Some(taken_by) = &decided.takes_over {
            posting::take_back(&mut work, taken_by, &json!({ "replaced_by": waiting.document.name })).await?;
        }
        decided.payment.sequence = work.next_numbers("payment", 1).await?;
        posting::post(&mut work, &decided.payment, &decided.settlement, &decided.origin).await?;
    }
    work.conclude_document(&waiting.document.document_id, &conclusion).await?;
    work.commit().await?;
    Ok(())
}

/// What an advice is among its versions.
enum Version {
    Only,
    /// It takes the place of this standing payment.
    Corrects(PaymentRow),
    SetAside(Aside),
}

/// Why an advice posts nothing.
struct Aside {
    status: &'static str,
    /// The document that says it too, or instead.
    linked_to: String,
    problem: String,
}

async fn version(workplace: &Workplace, one: &Prepared<'_>, replaced: Option<&Replaced>, said: Option<Holds>) -> Result<Version> {
    let superseded = |name: &String| Aside { status: "superseded", linked_to: name.clone(), problem: format!("A corrected version arrived: {name}.") };
    let repeated = |name: String| Aside { status: "duplicate", problem: format!("The same payment was advised before in {name}."), linked_to: name };
    match replaced {
        Some(Replaced::By(name)) => return Ok(Version::SetAside(superseded(name))),
        Some(Replaced::Same(name)) => return Ok(Version::SetAside(repeated(name.clone()))),
        None => {}
    }
    // A person's word goes before what the papers look like.
    if let Some(said) = said {
        let other = other_version(workplace, &one.waiting.document, one.advice).await?;
        return Ok(match (said, other) {
            (Holds::ThisOne, Some(other)) => Version::Corrects(other),
            (Holds::TheOther, Some(other)) => {
                let posted_from = other.document_id.unwrap_or(other.payment_id);
                let name = workplace.store.document(&posted_from).await?.map_or(posted_from, |document| document.name);
                Version::SetAside(Aside { status: "superseded", problem: format!("A person set it aside: {name} holds."), linked_to: name })
            }
            // Of several payments in one file the word is about those that another paper tells.
            (_, None) | (Holds::Both, _) => Version::Only,
        });
    }
    let Some(earlier) = standing_version(workplace, one).await? else { return Ok(Version::Only) };
    if one.advice.corrects_earlier {
        return Ok(Version::Corrects(earlier));
    }
    let posted_from = earlier.document_id.clone().unwrap_or_default();
    let name = workplace.store.document(&posted_from).await?.map_or(posted_from, |document| document.name);
    if says_the_same(workplace, one.advice, &earlier).await? {
        return Ok(Version::SetAside(repeated(name)));
    }
    let problem = format!("The number of this payment was advised before in {name} with another amount or other invoices; say which one holds.");
    Ok(Version::SetAside(Aside { status: "needs_review", linked_to: name, problem }))
}

/// What is said of a document whose advices were set aside: all of them for one reason is its state, some of them a remark beside what was posted.
fn set_aside(conclusion: &mut Conclusion, asides: Vec<Aside>, advices: usize) {
    let Some(first) = asides.first() else { return };
    conclusion.linked_to = Some(first.linked_to.clone());
    if let Some(asked) = asides.iter().find(|aside| aside.status == "needs_review") {
        conclusion.status = asked.status;
    } else if asides.len() == advices && asides.iter().all(|aside| aside.status == first.status) {
        conclusion.status = first.status;
    }
    let mut says: Vec<String> = asides.into_iter().map(|aside| aside.problem).collect();
    says.dedup();
    conclusion.problem = Some(says.join(" "));
}

/// Takes the payment of an earlier version back; its document is superseded when nothing else of it stands.
async fn supersede(work: &mut Work, earlier: &PaymentRow, by: &str) -> Result<()> {
    posting::take_back(work, &earlier.payment_id, &json!({ "replaced_by": by })).await?;
    let document_id = earlier.document_id.as_deref().unwrap_or_default();
    let status = if work.has_standing_payments(document_id).await? { "processed" } else { "superseded" };
    let says = format!("A corrected version arrived: {by}.");
    work.conclude_document(document_id, &Conclusion { status, linked_to: Some(by.to_owned()), problem: Some(says), ..Conclusion::default() }).await?;
    Ok(())
}

/// Says what is doubted: what stops the document first, then what travels with it.
pub(super) fn tell(conclusion: &mut Conclusion, mut doubts: Vec<Doubt>) {
    doubts.sort_by_key(|doubt| !doubt.blocking);
    if doubts.first().is_some_and(|doubt| doubt.blocking) {
        let review = needs_review(&doubts);
        conclusion.status = review.status;
        conclusion.problem = conclusion.problem.iter().chain(&review.problem).cloned().reduce(|aside, doubts| format!("{aside} {doubts}"));
    } else if conclusion.problem.is_none() && !doubts.is_empty() {
        conclusion.problem = needs_review(&doubts).problem;
    }
}

/// What a payment that is about to be taken back settles is open for the one that takes its place.
pub(super) async fn give_back(workplace: &Workplace, payment_id: &str, items: &mut [OpenItem]) -> Result<()> {
    let settled = workplace.store.settled_by(payment_id).await?;
    for item in items {
        item.open += settled.get(&item.invoice_number).copied().unwrap_or(0);
    }
    Ok(())
}

/// Decides what one advice posts, and the doubts it leaves; blocking ones mean that a person must look. `taken` is bank money that the same
/// document has used, `replaces` the standing payment of the version that this one corrects.
async fn decide(
    workplace: &Workplace,
    parties: &Parties,
    one: &mut Prepared<'_>,
    taken: &[&str],
    replaces: Option<&PaymentRow>,
    said: Option<Holds>,
) -> Result<(Option<Posting>, Vec<Doubt>)> {
    let (currency, announced) = match announced(parties, one) {
        Ok(announced) => announced,
        Err(doubt) => return Ok((None, vec![doubt])),
    };
    // The money of the version before is the money of this one, whatever it announces.
    let bank = match replaces.and_then(|earlier| earlier.bank_payment_id.as_deref()) {
        Some(bank_payment_id) => workplace.store.bank_payment(bank_payment_id).await?,
        None => find_bank_payment(workplace, parties, one, announced, currency, taken).await?,
    };
    // Money that came for it makes it a payment of its own, whatever its lines repeat.
    if bank.is_none()
        && said.is_none()
        && let Some(doubt) = near_duplicate(workplace, one, currency, replaces).await?
    {
        return Ok((None, vec![doubt]));
    }
    let takes_over = bank.as_ref().and_then(|bank| bank.taken_by.clone()).filter(|taken_by| replaces.is_none_or(|earlier| earlier.payment_id != *taken_by));
    let replaced: Vec<&String> = takes_over.iter().chain(replaces.map(|earlier| &earlier.payment_id)).collect();
    for put in &replaced {
        if !workplace.store.is_put_by_hand(put).await? {
            continue;
        }
        let says = format!("A person has put the money of this advice on items by hand ({put}); compare them, and refuse that match if the advice holds.");
        return Ok((None, vec![Doubt::blocking("put_by_hand", says)]));
    }
    for taken_back in replaced {
        give_back(workplace, taken_back, &mut one.items).await?;
    }
    let (mut posting, doubts) = settle_with(workplace, parties, one, currency, announced, bank.as_ref()).await?;
    posting.takes_over = takes_over;
    Ok((Some(posting), doubts))
}

/// What an advice announces in minor units: its total, else the sum of its lines. An error is why a person must look.
pub(super) fn announced(parties: &Parties, one: &Prepared<'_>) -> Result<(Currency, i64), Doubt> {
    let customer = one.payer.as_ref().and_then(|payer| parties.groups.customers.get(&payer.customer_id));
    let Some(currency) = one.advice.currency.or(customer.map(|customer| customer.currency)) else {
        return Err(Doubt::blocking("payer_unknown", "Neither the payer nor the currency of this advice is known; say whose it is."));
    };
    let stated = one.advice.total.map(|total| Money::from_decimal(total, currency)).transpose();
    let announced = match (stated, sum_of_nets(&one.advice.lines, currency)) {
        (Ok(Some(total)), _) => total.minor,
        (Ok(None), Some(total)) => total,
        (Err(error), _) => return Err(Doubt::blocking(error.code(), format!("The total of the advice: {error}."))),
        (Ok(None), None) => return Err(Doubt::blocking("no_amount", "The advice states no amount.")),
    };
    if announced < 0 {
        let asks = recoup_engine::money::format_minor(-announced, currency);
        return Err(Doubt::blocking("negative_payment", format!("The advice asks for {asks} instead of paying; it is a claim on us, not a payment.")));
    }
    if one.payer.is_none() {
        return Err(Doubt::blocking("payer_unknown", "No customer has this payer's name, account, mail domain or invoices; say whose it is."));
    }
    Ok((currency, announced))
}

/// Puts an advice onto open items, with the money that came for it when it is known.
pub(super) async fn settle_with(
    workplace: &Workplace,
    parties: &Parties,
    one: &Prepared<'_>,
    currency: Currency,
    announced: i64,
    bank: Option<&BankPayment>,
) -> Result<(Posting, Vec<Doubt>)> {
    let (waiting, advice, payer) = (one.waiting, one.advice, one.payer.as_ref());
    let amount = bank.map_or(announced, |bank| bank.amount);
    let recognised = waiting.reading.text_source == TextSource::Ocr;
    let confidence = Confidence::from_thousandths(if recognised { 975 } else { 998 });
    let terms = Terms { currency, amount, tolerance: tolerance(workplace, parties, payer, currency), confidence };
    let mut doubts: Vec<Doubt> = bank.and_then(|bank| other_amount(announced, bank, currency)).into_iter().collect();
    let mut settlement = allocate(&advice.lines, &mut OpenItems::new(one.items.clone()), terms);
    // Where the open items say where all of the money goes, a sum that was misread proves nothing.
    let apart = advice.apart().filter(|apart| !apart.is_zero() && settlement.on_account != 0);
    let unbalanced = apart.is_some() && !was_compared(workplace, waiting).await?;
    let held = settlement.on_account < 0 || unbalanced;
    if held {
        let (standing, doubt) = what_stands(advice, one, &settlement, terms, apart.filter(|_| unbalanced));
        settlement = standing;
        doubts.push(doubt);
    }
    if recognised {
        doubts.append(&mut recognised::mend_note_numbers(workplace, parties, payer, currency, &mut settlement).await?);
    }
    doubts.append(&mut settlement.doubts.clone());
    let origin = format!("{}\u{1f}{}", waiting.document.sha256, one.position);
    // Money that was settled on its own before keeps that (reversed) payment under its number; the advice's payment gets one of its own.
    let mut payment_id = bank
        .filter(|bank| bank.document_id.is_none() && bank.taken_by.is_none())
        .map_or_else(|| format!("P-{}", &digest(&origin)[..14]), |bank| bank.payment_id.clone());
    let mut origin = origin;
    while workplace.store.payment(&payment_id).await?.is_some() {
        origin = format!("again\u{1f}{origin}");
        payment_id = format!("P-{}", &digest(&origin)[..14]);
    }
    let date = bank.map(|bank| bank.received_on.clone()).or_else(|| advice.payment_date.or(waiting.reading.date).map(|date| date.to_string()));
    let status = match (bank, held) {
        (_, true) => "held",
        (None, _) => "announced",
        (Some(_), _) if settlement.on_account == 0 => "allocated",
        (Some(_), _) => "received",
    };
    let payment = PaymentRow {
        payment_id,
        sequence: 0,
        document_id: Some(waiting.document.document_id.clone()),
        bank_payment_id: bank.map(|bank| bank.payment_id.clone()),
        payer_name: advice.payer.name.clone().or_else(|| bank.map(|bank| bank.payer_name.clone())),
        customer_id: payer.map(|payer| payer.customer_id.clone()),
        customer_why: payer.map(|payer| payer.why.clone()),
        payment_date: date,
        amount,
        currency: currency.code().to_owned(),
        reference: advice.reference.clone(),
        allocated: settlement.allocations.iter().map(|allocation| allocation.paid).sum(),
        on_account: settlement.on_account,
        status: status.to_owned(),
        reversed: false,
        doubts: serde_json::to_string(&doubts)?,
    };
    Ok((Posting { payment, settlement, origin, takes_over: None }, doubts))
}

/// Money that is not what was announced, in words.
fn other_amount(announced: i64, bank: &BankPayment, currency: Currency) -> Option<Doubt> {
    let money = |minor| recoup_engine::money::format_minor(minor, currency);
    let difference = money((announced - bank.amount).abs());
    let residual = match announced.cmp(&bank.amount) {
        std::cmp::Ordering::Equal => return None,
        std::cmp::Ordering::Greater => {
            format!("say whether the missing {difference} is a bank fee, a short payment on one of its invoices or still to come")
        }
        std::cmp::Ordering::Less => format!("the {difference} more stays on account until a person places it"),
    };
    Some(Doubt::note("amount_differs", format!("The advice announces {}, the bank received {}; {residual}.", money(announced), money(bank.amount))))
}

/// Whether a person compared the paper with what was read: sums that don't hold then stand so on the paper.
async fn was_compared(workplace: &Workplace, waiting: &Waiting) -> Result<bool> {
    Ok(confirmed_facts(workplace, &waiting.document).await?.contains_key(COMPARED))
}

/// What is posted of lines that pay more than was received, or that are so much `apart` from the stated total: those that open items prove, else nothing.
fn what_stands(advice: &RemittanceAdvice, one: &Prepared<'_>, settlement: &Settlement, terms: Terms, apart: Option<Decimal>) -> (Settlement, Doubt) {
    let excess = |settlement: &Settlement| recoup_engine::money::format_minor(-settlement.on_account, terms.currency);
    let proven = proven_only(&advice.lines, one, terms);
    let why = match (advice.total, apart) {
        (Some(stated), Some(apart)) => {
            format!("The lines add up to {}, the stated total is {stated}, the difference is {apart}", advice.paid_by_lines())
        }
        _ => format!("The lines pay {} more than was received", excess(settlement)),
    };
    let asks = "Correct what was misread, or confirm that the paper says so.";
    if proven.on_account >= 0 {
        return (proven, Doubt::blocking(UNBALANCED, format!("{why}; only the lines that open items prove are posted. {asks}")));
    }
    let says = format!("{why}; those that open items prove pay {} too much without the others, so all of it is on account. {asks}", excess(&proven));
    (allocate(&[], &mut OpenItems::new(Vec::new()), terms), Doubt::blocking(UNBALANCED, says))
}

/// Only the lines whose amounts open items prove: gross, or net with what was taken, is what is open.
fn proven_only(lines: &[AdviceLine], one: &Prepared<'_>, terms: Terms) -> Settlement {
    let items = OpenItems::new(one.items.clone());
    let proven: Vec<AdviceLine> = lines
        .iter()
        .map(|line| {
            let item = line.reference.as_deref().and_then(|reference| items.find(reference)).map(|found| &items.items[found.index]);
            let exact = |amount| minor(amount, terms.currency.code());
            let taken = || iter::once(line.discount.unwrap_or_default()).chain(line.adjustments.iter().map(|one| -one.amount)).map(exact).sum::<Option<i64>>();
            let whole = line.gross.and_then(exact).or_else(|| Some(exact(line.net?)? + taken()?));
            let is_proven = item.is_some_and(|item| whole == Some(item.open));
            // An unproven line keeps its place, so that positions stay those of the document.
            if is_proven { line.clone() } else { AdviceLine::default() }
        })
        .collect();
    allocate(&proven, &mut OpenItems::new(one.items.clone()), terms)
}

pub(super) fn minor(amount: Decimal, currency: &str) -> Option<i64> {
    currency.parse::<Currency>().ok().and_then(|currency| Money::from_decimal(amount, currency).ok()).map(|money| money.minor)
}

fn sum_of_nets(lines: &[AdviceLine], currency: Currency) -> Option<i64> {
    let nets: Option<Vec<i64>> = lines.iter().filter_map(|line| line.net).map(|net| Money::from_decimal(net, currency).ok().map(|money| money.minor)).collect();
    nets.filter(|nets| !nets.is_empty())?.into_iter().try_fold(0_i64, i64::checked_add)
}

/// What is let go without a question, in minor units.
pub(super) fn tolerance(workplace: &Workplace, parties: &Parties, payer: Option<&Recognised>, currency: Currency) -> i64 {
    let own = payer.and_then(|payer| parties.groups.customers.get(&payer.customer_id)).and_then(|customer| customer.tolerance_amount);
    let tolerance = own.unwrap_or(workplace.rules().book.settings.tolerances.short_payment);
    Money::from_decimal_rounded(tolerance, currency).map_or(0, |money| money.minor)
}

/// The bank line that brought the money of an advice.
async fn find_bank_payment(
    workplace: &Workplace,
    parties: &Parties,
    one: &Prepared<'_>,
    announced: i64,
    currency: Currency,
    taken: &[&str],
) -> Result<Option<BankPayment>> {
    let group = one.payer.as_ref().map(|payer| parties.groups.group(&payer.customer_id)).unwrap_or_default();
    let announced =
        Announced { reference: one.advice.reference.as_deref(), amount: announced, currency: currency.code(), day: one.advice.payment_date, group: &group };
    let candidates = workplace.store.joinable_bank_payments(currency.code()).await?;
    let likely = candidates.into_iter().filter(|bank| !taken.contains(&bank.payment_id.as_str())).filter_map(|bank| {
        let payer = super::bank::payer_of(parties, &bank);
        Some((announced.likeness(&bank, payer.as_ref())?, bank))
    });
    Ok(likest(likely))
}

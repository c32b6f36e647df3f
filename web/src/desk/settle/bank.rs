//! Money at the bank: statement lines, joining them with announced payments, and payments that no advice explains.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use recoup_engine::allocation::{Settlement, Strategy, Terms, allocate, spread};
use recoup_engine::calendar::PaymentTerms;
use recoup_engine::matching::combination::{Choice, Combination, search};
use recoup_engine::matching::payer::Recognised;
use recoup_engine::matching::{OpenItem, OpenItems};
use recoup_engine::money::{Currency, Money};
use recoup_engine::reading::{Confidence, Doubt};
use recoup_engine::reference::{number_tokens, slip};
use recoup_engine::remittance::{AdviceLine, BankStatement, LineSubject, PartyNamed};
use recoup_engine::taxonomy::AllocationMethod;
use recoup_extractors::remittance::prose::beside_payment;
use recoup_extractors::remittance::x12_820::in_addenda;
use recoup_store::deeds::Deed;
use recoup_store::documents::Conclusion;
use recoup_store::settlements::{BankPayment, PaymentRow};
use rust_decimal::Decimal;

use super::advices::tolerance;
use super::anew::settle_anew;
use super::joining::{Announced, likest};
use super::{Parties, Waiting, conclude, needs_review, posting, stopped_by};
use crate::vault::digest;
use crate::workplace::Workplace;

/// Items that one unexplained payment may settle together.
const MOST_ITEMS: usize = 6;

/// Records the customer payments of a statement.
pub(super) async fn record_statement(workplace: &Workplace, waiting: &Waiting, statement: &BankStatement) -> Result<()> {
    let blocking = stopped_by(workplace, waiting).await?;
    if !blocking.is_empty() {
        return conclude(workplace, &waiting.document, needs_review(&blocking)).await;
    }
    let mut payments = Vec::new();
    let mut problems: Vec<Doubt> = waiting.reading.doubts.clone();
    for (position, entry) in statement.entries.iter().enumerate().filter(|(_, entry)| entry.is_customer_payment && !entry.amount.is_zero()) {
        let currency = entry.currency.or(statement.currency);
        let (Some(currency), Some(date)) = (currency, entry.value_date) else {
            problems.push(Doubt::note("incomplete_entry", format!("Entry {} has no {}.", position + 1, if currency.is_none() { "currency" } else { "date" })));
            continue;
        };
        if entry.amount.is_sign_negative() {
            let says = format!("Entry {} takes {} back; say which payment it reverses.", position + 1, entry.amount.abs());
            problems.push(Doubt::note("money_taken_back", says));
            continue;
        }
        match Money::from_decimal(entry.amount, currency) {
            Ok(money) => payments.push(BankPayment {
                payment_id: format!("B-{}", &digest(&format!("{}\u{1f}{position}", waiting.document.sha256))[..14]),
                received_on: date.to_string(),
                payer_name: entry.payer.name.clone().unwrap_or_default(),
                payer_account: entry.payer.account.clone(),
                customer_id: None,
                amount: money.minor,
                currency: currency.code().to_owned(),
                reference: entry.reference.clone(),
                words: Some(entry.text.clone()).filter(|text| !text.is_empty()),
                told: entry.advice.as_ref().map(|advice| serde_json::to_string(&advice.lines)).transpose()?,
                document_id: Some(waiting.document.document_id.clone()),
                position: Some(i64::try_from(position)?),
                taken_by: None,
            }),
            Err(error) => problems.push(Doubt::note(error.code(), format!("Entry {}: {error}.", position + 1))),
        }
    }
    let problem = if problems.is_empty() { None } else { needs_review(&problems).problem };
    let mut work = workplace.store.begin().await?;
    work.add_bank_payments(&payments).await?;
    work.conclude_document(&waiting.document.document_id, &Conclusion { status: "processed", problem, ..Conclusion::default() }).await?;
    work.commit().await?;
    Ok(())
}

/// The customer behind a bank line.
pub(super) fn payer_of(parties: &Parties, bank: &BankPayment) -> Option<Recognised> {
    if let Some(customer_id) = &bank.customer_id {
        return Some(Recognised { customer_id: customer_id.clone(), why: "the customer named with the bank line".to_owned() });
    }
    let named =
        PartyNamed { name: Some(bank.payer_name.clone()).filter(|name| !name.is_empty()), account: bank.payer_account.clone(), ..PartyNamed::default() };
    parties.payers.recognise(&named)
}

/// Joins what was announced with money that arrived later, then puts the rest onto open items where only one way exists.
pub(super) async fn settle_unexplained(workplace: &Workplace, parties: &Parties) -> Result<()> {
    let mut waiting = workplace.store.announced_payments().await?;
    for bank in workplace.store.open_bank_payments().await? {
        let payer = payer_of(parties, &bank);
        // One announcement is one sum of money: the next bank line of the same amount is another payment.
        let found = announcement_of(parties, &waiting, &bank, payer.as_ref()).map(|position| waiting.remove(position));
        let mut aside = None;
        let joined = match found {
            None => false,
            Some(payment) if payment.amount == bank.amount => {
                let status = match (payment.status.as_str(), payment.on_account) {
                    ("held", _) => "held",
                    (_, 0) => "allocated",
                    _ => "received",
                };
                let mut work = workplace.store.begin().await?;
                posting::join(&mut work, &payment, &bank, status).await?;
                work.commit().await?;
                true
            }
            // What a person put on items stays as it is: which of the two amounts holds is for a person to say.
            Some(payment) if workplace.store.is_put_by_hand(&payment.payment_id).await? => {
                let says =
                    format!("{} announced this money with another amount and was put on items by hand; say how the two go together.", payment.payment_id);
                aside = Some(Doubt::note("put_by_hand", says));
                false
            }
            Some(payment) => settle_anew(workplace, parties, &payment, &bank).await?,
        };
        if !joined {
            settle_bank_payment(workplace, parties, &bank, payer, aside).await?;
        }
    }
    Ok(())
}

/// The announced payment that a bank line brought, by its position.
fn announcement_of(parties: &Parties, waiting: &[PaymentRow], bank: &BankPayment, payer: Option<&Recognised>) -> Option<usize> {
    likest(waiting.iter().enumerate().filter_map(|(position, payment)| {
        let group = payment.customer_id.as_ref().map(|customer| parties.groups.group(customer)).unwrap_or_default();
        let announced = Announced {
            reference: payment.reference.as_deref(),
            amount: payment.amount,
            currency: &payment.currency,
            day: payment.payment_date.as_deref().and_then(|day| day.parse().ok()),
            group: &group,
        };
        Some((announced.likeness(bank, payer)?, position))
    }))
}

async fn settle_bank_payment(workplace: &Workplace, parties: &Parties, bank: &BankPayment, payer: Option<Recognised>, aside: Option<Doubt>) -> Result<()> {
    let currency: Currency = bank.currency.parse()?;
    let passed_on: Vec<AdviceLine> = bank.told.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
    let numbers = passed_on.iter().filter_map(|line| line.reference.as_deref());
    let words = [bank.reference.as_deref(), bank.words.as_deref()].into_iter().flatten().chain(numbers).collect::<Vec<_>>().join(" ");
    let mut items = match &payer {
        Some(payer) => workplace.store.open_items_of(&parties.groups.group(&payer.customer_id)).await?,
        None => {
            let tokens: Vec<String> = number_tokens(&words).map(str::to_owned).collect();
            workplace.store.items_by_number(&tokens).await?
        }
    };
    items.retain(|item| item.open > 0 && item.currency == currency);
    let customer = payer.clone().or_else(|| {
        recoup_engine::matching::payer::Payers::from_invoices(items.iter().map(|item| item.customer_id.as_str()), |customer| parties.groups.family(customer))
    });
    let open = OpenItems::new(items);
    let mut named: Vec<usize> = number_tokens(&words)
        .filter_map(|token| open.find(token))
        .filter(|found| found.method != AllocationMethod::Repaired)
        .map(|found| found.index)
        .collect();
    let by_slip = |reference: &str| open.by_slip(reference, &[bank.amount]).map(|found| found.index);
    named.extend(number_tokens(&words).filter_map(by_slip).chain(slip::in_words(&words).iter().filter_map(|reference| by_slip(reference))));
    named.sort_unstable();
    named.dedup();
    // What is announced and put on items already is for a person to bring together with this money.
    let is_spoken_for = aside.is_some();
    let mut doubts: Vec<Doubt> = aside.into_iter().collect();
    doubts.extend(slip::mistyped_in_words(&words).into_iter().map(|(reference, scheme)| {
        let says = format!("{reference} is written as a {} whose check digit is wrong: it was mistyped, and nothing is matched by it.", scheme.plain());
        Doubt::note("wrong_check_digit", says)
    }));
    let terms = Terms {
        currency,
        amount: bank.amount,
        tolerance: tolerance(workplace, parties, customer.as_ref(), currency),
        confidence: Confidence::from_thousandths(970),
    };
    let amount = Money::new(bank.amount, currency);
    let mut told = if is_spoken_for { None } else { told_lines(&passed_on, &words, amount, parties, &open) };
    let mut chosen = if told.is_none() && !is_spoken_for { choose(parties, &open, &named, bank, &mut doubts) } else { None };
    let told_items = told.iter().flatten().filter_map(|line| open.find(line.reference.as_ref().or(line.invoice_named.as_ref())?)).map(|found| found.index);
    let meant: BTreeSet<usize> = chosen.iter().flatten().map(|choice| choice.item).chain(told_items).collect();
    let items = numbers_of(&meant, &open);
    if !items.is_empty() && workplace.store.refused_matches(&bank.payment_id).await?.contains(&items) {
        let says = format!("The only match found ({}) was refused before; say what this payment is for.", items.join(" + "));
        doubts.push(Doubt::note("match_refused", says));
        (chosen, told) = (None, None);
    }
    let settlement = match (&told, &chosen) {
        (Some(lines), _) => allocate(lines, &mut OpenItems::new(open.items.clone()), terms),
        (None, Some(chosen)) => {
            let lines: Vec<AdviceLine> = chosen.iter().map(|choice| pays(&open.items[choice.item], choice.amount, currency)).collect();
            let mut settlement = allocate(&lines, &mut OpenItems::new(open.items.clone()), terms);
            if named.is_empty() {
                for allocation in &mut settlement.allocations {
                    allocation.method = AllocationMethod::Combination;
                    allocation.confidence = Confidence::from_thousandths(920);
                }
            }
            settlement
        }
        (None, None) => Settlement { on_account: bank.amount, ..Settlement::default() },
    };
    doubts.extend(settlement.doubts.iter().cloned());
    let allocated = settlement.allocations.iter().map(|allocation| allocation.paid).sum();
    // Its own number, unless a payment that was taken back bears it already.
    let mut payment_id = bank.payment_id.clone();
    while workplace.store.payment(&payment_id).await?.is_some() {
        payment_id = format!("P-{}", &digest(&payment_id)[..14]);
    }
    let origin = format!("bank\u{1f}{payment_id}");
    let mut work = workplace.store.begin().await?;
    let payment = PaymentRow {
        payment_id,
        sequence: work.next_numbers("payment", 1).await?,
        document_id: bank.document_id.clone(),
        bank_payment_id: Some(bank.payment_id.clone()),
        payer_name: Some(bank.payer_name.clone()),
        customer_id: customer.as_ref().map(|customer| customer.customer_id.clone()),
        customer_why: customer.map(|customer| customer.why),
        payment_date: Some(bank.received_on.clone()),
        amount: bank.amount,
        currency: bank.currency.clone(),
        reference: bank.reference.clone(),
        allocated,
        on_account: settlement.on_account,
        status: if settlement.on_account == 0 { "allocated" } else { "received" }.to_owned(),
        reversed: false,
        doubts: serde_json::to_string(&doubts)?,
    };
    posting::post(&mut work, &payment, &settlement, &origin).await?;
    work.commit().await?;
    Ok(())
}

/// The lines that stand beside a payment with their amounts, in structure or in words, when these make the payment and name open items.
fn told_lines(passed_on: &[AdviceLine], words: &str, amount: Money, parties: &Parties, open: &OpenItems) -> Option<Vec<AdviceLine>> {
    let is_open = |line: &AdviceLine| {
        let numbers = [&line.reference, &line.invoice_named].into_iter().flatten();
        let mut found = numbers.filter_map(|number| open.find(number)).filter(|found| found.method != AllocationMethod::Repaired);
        line.subject != LineSubject::Invoice || found.next().is_some()
    };
    let amount = amount.to_decimal();
    let makes_it = |lines: &Vec<AdviceLine>| !lines.is_empty() && lines.iter().map(AdviceLine::paid).sum::<Decimal>() == amount;
    let billed = || passed_on.iter().map(|line| as_billed(line.clone(), open)).collect();
    let in_structure = [passed_on.to_vec(), billed()].into_iter().find(makes_it);
    let lines = in_structure.or_else(|| in_addenda(words, amount)).or_else(|| beside_payment(words, amount, &parties.numbering))?;
    lines.iter().all(is_open).then_some(lines)
}

/// Banks pass on the number of an invoice and what was taken off, often not what was billed: the open item says that.
fn as_billed(line: AdviceLine, open: &OpenItems) -> AdviceLine {
    if line.gross.is_some() || line.net.is_some() {
        return line;
    }
    let item = line.reference.as_ref().and_then(|number| open.find(number)).map(|found| &open.items[found.index]);
    AdviceLine { gross: item.map(|item| Money::new(item.open, item.currency).to_decimal()), ..line }
}

/// Posts a payment anew on open items in the order of a strategy; what they can't take stays on account.
pub(super) async fn post_by_strategy(workplace: &Workplace, group: &[String], former: PaymentRow, strategy: Strategy) -> Result<PaymentRow> {
    let currency: Currency = former.currency.parse()?;
    let mut items = workplace.store.open_items_of(group).await?;
    items.retain(|item| item.open > 0 && item.currency == currency);
    let mut open = OpenItems::new(items);
    let lines: Vec<AdviceLine> = spread(&open, former.amount, strategy)
        .into_iter()
        .map(|(index, part)| {
            let part_paid = Money::new(part, currency).to_decimal();
            AdviceLine { gross: Some(part_paid), ..pays(&open.items[index], part, currency) }
        })
        .collect();
    let terms = Terms { currency, amount: former.amount, tolerance: 0, confidence: Confidence::CERTAIN };
    let mut settlement = allocate(&lines, &mut open, terms);
    for allocation in &mut settlement.allocations {
        allocation.method = AllocationMethod::Strategy;
    }
    let detail = serde_json::json!({ "strategy": format!("{strategy:?}") });
    match posting::post_anew(workplace, &former, &settlement, "command line", Deed::AllocatedByStrategy, detail).await? {
        Ok(payment) => Ok(payment),
        Err(claim) => bail!("people work on {claim}, which stands on this payment"),
    }
}

/// The numbers of items, in their order.
fn numbers_of(items: &BTreeSet<usize>, open: &OpenItems) -> Vec<String> {
    let mut numbers: Vec<String> = items.iter().map(|item| open.items[*item].invoice_number.clone()).collect();
    numbers.sort();
    numbers
}

/// A line that pays an item with this much; what is missing becomes a silent deduction.
fn pays(item: &OpenItem, amount: i64, currency: Currency) -> AdviceLine {
    AdviceLine {
        subject: LineSubject::Invoice,
        reference: Some(item.invoice_number.clone()),
        gross: Some(Money::new(item.open, currency).to_decimal()),
        net: Some(Money::new(amount, currency).to_decimal()),
        ..AdviceLine::default()
    }
}

/// The items a payment settles: those it names, else the only combination that makes its amount. `None` leaves it on account for a person.
fn choose(parties: &Parties, open: &OpenItems, named: &[usize], bank: &BankPayment, doubts: &mut Vec<Doubt>) -> Option<Vec<Choice>> {
    let choices_of = |index: usize| {
        let item = &open.items[index];
        let mut choices = vec![Choice { item: index, amount: item.open }];
        choices.extend(after_discount(parties, item, bank).filter(|amount| *amount != item.open).map(|amount| Choice { item: index, amount }));
        choices
    };
    if let [only] = named {
        // One invoice named: whatever is missing is a short payment on it.
        let amount = bank.amount.min(open.items[*only].open);
        return Some(vec![Choice { item: *only, amount }]);
    }
    let pool: Vec<usize> = if named.is_empty() {
        (0..open.items.len()).filter(|index| open.items[*index].issue_date.to_string() <= bank.received_on).collect()
    } else {
        named.to_vec()
    };
    let choices: Vec<Vec<Choice>> = pool.iter().map(|index| choices_of(*index)).collect();
    let most = if named.is_empty() { MOST_ITEMS } else { named.len() };
    match search(&choices, bank.amount, most) {
        Combination::Unique(chosen) => Some(chosen),
        Combination::Several(ways) => {
            let named = |way: &Vec<Choice>| way.iter().map(|choice| open.items[choice.item].invoice_number.as_str()).collect::<Vec<_>>().join(" + ");
            let ways: Vec<String> = ways.iter().map(named).collect();
            let says = format!("More than one combination of open items makes this amount ({}); choose the right one.", ways.join(", or "));
            doubts.push(Doubt::note("several_combinations", says));
            None
        }
        Combination::TooMany => {
            doubts.push(Doubt::note("too_many_combinations", "Too many open items to prove which ones this amount pays; choose them."));
            None
        }
        Combination::None => {
            doubts.push(Doubt::note("no_combination", "No combination of open items makes this amount; ask the customer for its advice."));
            None
        }
    }
}

/// The open amount less the early-payment discount that its terms give on the bank's day.
fn after_discount(parties: &Parties, item: &OpenItem, bank: &BankPayment) -> Option<i64> {
    let customer = parties.groups.customers.get(&item.customer_id)?;
    let terms = PaymentTerms::parse(item.payment_terms.as_deref().or(customer.payment_terms.as_deref())?)?;
    let paid = bank.received_on.parse().ok()?;
    let tier = terms.open_tier(item.issue_date, paid, customer.discount_grace_days.unwrap_or(0))?;
    let discount = Money::new(item.open, item.currency).percent(tier.rate).ok()?;
    Some(item.open - discount.minor)
}

//! Versions of one advice: corrected ones take the place of earlier ones, repeated ones have no effect, nearly equal ones wait for a person.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::Result;
use recoup_engine::matching::{OpenItem, OpenItems};
use recoup_engine::money::Currency;
use recoup_engine::reading::Doubt;
use recoup_engine::reference::normalise;
use recoup_engine::remittance::RemittanceAdvice;
use recoup_store::documents::DocumentRow;
use recoup_store::settlements::PaymentRow;
use rust_decimal::Decimal;

use super::advices::{Prepared, minor};
use crate::workplace::Workplace;

/// The share of lines that were paid before, in percent, from which an advice is taken for a repeated one.
const NEARLY_ALL_PERCENT: usize = 80;
/// Shorter numbers of payments are counters that any payer may use.
pub(super) const LEAST_SIGNS: usize = 4;

/// What takes the place of an advice.
pub(super) enum Replaced {
    /// A corrected version.
    By(String),
    /// The same payment told in another format.
    Same(String),
}

/// Which advices of this run are versions of others: a corrected one wins over those without the mark, the later over the earlier.
pub(super) fn replaced_among(prepared: &[Prepared<'_>]) -> HashMap<usize, Replaced> {
    let mut versions: HashMap<(String, String), Vec<usize>> = HashMap::new();
    for (index, one) in prepared.iter().enumerate() {
        if let Some(key) = one.key() {
            versions.entry(key).or_default().push(index);
        }
    }
    let mut replaced = HashMap::new();
    for mut indexes in versions.into_values() {
        // A version that can't be posted replaces nothing.
        indexes.retain(|index| !prepared[*index].waiting.reading.doubts.iter().any(|doubt| doubt.blocking));
        if indexes.len() < 2 {
            continue;
        }
        let corrected = indexes.iter().copied().filter(|index| prepared[*index].advice.corrects_earlier).max();
        let stands = corrected.unwrap_or(indexes[0]);
        let name = &prepared[stands].waiting.document.name;
        for index in indexes
            .into_iter()
            .filter(|index| *index != stands && prepared[*index].waiting.document.document_id != prepared[stands].waiting.document.document_id)
        {
            let same = corrected.is_none() && pays_the_same(prepared[index].advice, prepared[stands].advice);
            if same {
                replaced.insert(index, Replaced::Same(name.clone()));
            } else if corrected.is_some() {
                replaced.insert(index, Replaced::By(name.clone()));
            }
        }
    }
    replaced
}

/// Two advices under one number announce the same payment: the same amount for the same references.
fn pays_the_same(one: &RemittanceAdvice, other: &RemittanceAdvice) -> bool {
    let references = |advice: &RemittanceAdvice| -> BTreeSet<String> {
        advice.lines.iter().filter_map(|line| line.reference.as_deref().or(line.debit_note.as_deref())).map(normalise).collect()
    };
    announced(one).is_some() && announced(one) == announced(other) && references(one) == references(other)
}

/// What an advice announces: its total, else what its lines sum to.
fn announced(advice: &RemittanceAdvice) -> Option<Decimal> {
    let mut nets = advice.lines.iter().filter_map(|line| line.net).peekable();
    advice.total.or_else(|| nets.peek().is_some().then(|| nets.try_fold(Decimal::ZERO, Decimal::checked_add)).flatten())
}

/// Whether an advice says again what a standing payment settled: its amount, or the same invoices where the bank paid another one.
pub(super) async fn says_the_same(workplace: &Workplace, advice: &RemittanceAdvice, earlier: &PaymentRow) -> Result<bool> {
    if announced(advice).and_then(|amount| minor(amount, &earlier.currency)) == Some(earlier.amount) {
        return Ok(true);
    }
    let settled: BTreeSet<String> = workplace.store.settled_by(&earlier.payment_id).await?.keys().map(|number| normalise(number)).collect();
    let named: BTreeSet<String> = advice.lines.iter().filter_map(|line| line.reference.as_deref()).map(normalise).collect();
    Ok(!settled.is_empty() && earlier.bank_payment_id.is_some() && settled == named)
}

/// A payment of the same payer with the same number that stands already.
pub(super) async fn standing_version(workplace: &Workplace, one: &Prepared<'_>) -> Result<Option<PaymentRow>> {
    let (Some((customer_id, _)), Some(reference)) = (one.key(), one.advice.reference.clone()) else { return Ok(None) };
    let standing = workplace.store.advised_payments(&reference).await?;
    Ok(standing
        .into_iter()
        .find(|payment| payment.customer_id.as_deref() == Some(&customer_id) && payment.document_id.as_deref() != Some(&one.waiting.document.document_id)))
}

/// The doubt about an advice under another number whose lines an earlier payment, other than the one it replaces, has settled nearly all, with the
/// very amounts.
pub(super) async fn near_duplicate(workplace: &Workplace, one: &Prepared<'_>, currency: Currency, replaces: Option<&PaymentRow>) -> Result<Option<Doubt>> {
    let Some(near) = nearly_the_same(workplace, one.advice, &one.items, currency, replaces).await? else { return Ok(None) };
    let Near { payment_id, count, of } = near;
    let says = format!("{count} of its {of} lines were paid with the same amounts by payment {payment_id}; say whether this is another payment.");
    Ok(Some(Doubt::blocking("near_duplicate", says)))
}

/// A standing payment that settled `count` of the `of` lines of an advice, with the very amounts.
struct Near {
    payment_id: String,
    count: usize,
    of: usize,
}

async fn nearly_the_same(
    workplace: &Workplace,
    advice: &RemittanceAdvice,
    items: &[OpenItem],
    currency: Currency,
    replaces: Option<&PaymentRow>,
) -> Result<Option<Near>> {
    let items = OpenItems::new(items.to_vec());
    let mut paid = false;
    let named: Vec<(String, i64)> = advice
        .lines
        .iter()
        .filter_map(|line| {
            let item = &items.items[items.find(line.reference.as_deref()?)?.index];
            paid |= item.open <= 0;
            Some((item.invoice_number.clone(), minor(line.net.or(line.gross)?, currency.code())?))
        })
        .collect();
    if !paid || named.len() < 2 {
        return Ok(None);
    }
    let numbers: Vec<String> = named.iter().map(|(number, _)| number.clone()).collect();
    let mut paid_before: BTreeMap<String, usize> = BTreeMap::new();
    for paid in workplace.store.paid_parts(&numbers).await? {
        let replaced = replaces.is_some_and(|earlier| earlier.payment_id == paid.payment_id);
        if !replaced && named.contains(&(paid.invoice_number, paid.paid)) {
            *paid_before.entry(paid.payment_id).or_default() += 1;
        }
    }
    let nearest = paid_before.into_iter().max_by_key(|(_, count)| *count).filter(|(_, count)| count * 100 >= named.len() * NEARLY_ALL_PERCENT);
    Ok(nearest.map(|(payment_id, count)| Near { payment_id, count, of: named.len() }))
}

/// The standing payment of another paper that an advice tells again: under the same number, or of nearly the same lines.
pub(in crate::desk) async fn other_version(workplace: &Workplace, document: &DocumentRow, advice: &RemittanceAdvice) -> Result<Option<PaymentRow>> {
    if let Some(reference) = advice.reference.as_deref().filter(|reference| normalise(reference).len() >= LEAST_SIGNS) {
        let advised = workplace.store.advised_payments(reference).await?;
        let is_other = |payment: &PaymentRow| payment.document_id.as_deref() != Some(&document.document_id) && payment.customer_id == document.customer_id;
        if let Some(other) = advised.into_iter().find(|payment| document.customer_id.is_some() && is_other(payment)) {
            return Ok(Some(other));
        }
    }
    let numbers: Vec<String> = advice.lines.iter().filter_map(|line| line.reference.as_deref()).map(|number| number.trim().to_owned()).collect();
    let items = workplace.store.items_by_number(&numbers).await?;
    let Some(currency) = advice.currency.or_else(|| items.first().map(|item| item.currency)) else { return Ok(None) };
    let Some(near) = nearly_the_same(workplace, advice, &items, currency, None).await? else { return Ok(None) };
    Ok(workplace.store.payment(&near.payment_id).await?.filter(|other| other.document_id.as_deref() != Some(&document.document_id)))
}

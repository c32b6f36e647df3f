//! A person puts a payment onto open items: the former posting is taken back by counter-entries and the new one posted in one unit of work.

use anyhow::Result;
use recoup_engine::allocation::{Settlement, Strategy, Terms, spread};
use recoup_engine::by_hand::{NotPut, Part, put};
use recoup_engine::facts::Facts;
use recoup_engine::matching::OpenItems;
use recoup_engine::money::{Currency, Money};
use recoup_engine::reading::Confidence;
use recoup_store::deeds::Deed;
use recoup_store::settlements::PaymentRow;
use serde_json::json;
use thiserror::Error;

use super::posting;
use crate::desk::triage::judge_unless_busy;
use crate::workplace::Workplace;

/// A payment with what stands of it and what it may be put on.
#[derive(Debug)]
pub struct Matching {
    pub payment: PaymentRow,
    pub currency: Currency,
    /// What is posted now; its amount on account is what is left to explain.
    pub standing: Settlement,
    /// Open items of the customer and its group in the currency of the payment, the oldest first.
    pub items: OpenItems,
    /// Largest difference that is let go, in minor units.
    tolerance: i64,
}

/// How putting a payment ended.
#[derive(Debug)]
pub enum Put {
    /// The payment that took its place.
    Done(Box<PaymentRow>),
    /// It was posted anew since it was looked at. Nothing was done.
    Stale,
    Refused(CantPut),
    Missing,
}

/// Why a payment can't be put so. Nothing was done.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CantPut {
    #[error("Payments are being posted by another process at this moment. Nothing was changed; try again shortly.")]
    Busy,
    #[error("Whose payment this is isn't known yet: give the customer this name or account in customers.csv and import it.")]
    PayerUnknown,
    #[error("People work on {0}, which stands on this payment as it is posted. Posting it anew would take that work back.")]
    Worked(String),
    #[error(transparent)]
    NotPut(#[from] NotPut),
}

/// A payment as a person matches it; `None` when there is no such payment.
pub async fn matching(workplace: &Workplace, payment_id: &str) -> Result<Option<Matching>> {
    let Some(payment) = workplace.store.payment(payment_id).await? else { return Ok(None) };
    let currency: Currency = payment.currency.parse()?;
    let groups = Facts::of_customers(workplace.store.customers().await?);
    let mut items = match &payment.customer_id {
        Some(customer_id) => workplace.store.open_items_of(&groups.group(customer_id)).await?,
        None => Vec::new(),
    };
    items.retain(|item| item.open > 0 && item.currency == currency);
    items.sort_by(|one, other| (one.issue_date, &one.invoice_number).cmp(&(other.issue_date, &other.invoice_number)));
    let own = payment.customer_id.as_ref().and_then(|customer_id| groups.customers.get(customer_id)).and_then(|customer| customer.tolerance_amount);
    let tolerance =
        Money::from_decimal_rounded(own.unwrap_or(workplace.rules().book.settings.tolerances.short_payment), currency).map_or(0, |money| money.minor);
    let standing = workplace.store.standing_settlement(payment_id, payment.on_account).await?;
    Ok(Some(Matching { payment, currency, standing, items: OpenItems::new(items), tolerance }))
}

impl Matching {
    /// What a strategy would put on the items, to be looked at before it is posted.
    pub fn filled(&self, strategy: Strategy) -> Vec<Part> {
        let parts = spread(&self.items, self.standing.on_account, strategy).into_iter();
        parts.map(|(index, paid)| Part { invoice_number: self.items.items[index].invoice_number.clone(), paid, claims_rest: false }).collect()
    }
}

/// Posts a payment with what a person put on items beside what stands of it already.
pub async fn put_by_hand(workplace: &Workplace, login: &str, payment_id: &str, parts: &[Part], stays_on_account: bool) -> Result<Put> {
    let done = {
        let Some(_alone) = workplace.processing_soon().await? else {
            return Ok(Put::Refused(CantPut::Busy));
        };
        post(workplace, login, payment_id, parts, stays_on_account).await?
    };
    if matches!(done, Put::Done(_)) {
        judge_unless_busy(workplace).await?;
    }
    Ok(done)
}

async fn post(workplace: &Workplace, login: &str, payment_id: &str, parts: &[Part], stays_on_account: bool) -> Result<Put> {
    let Some(matching) = matching(workplace, payment_id).await? else { return Ok(Put::Missing) };
    if matching.payment.reversed {
        return Ok(Put::Stale);
    }
    if matching.payment.customer_id.is_none() {
        return Ok(Put::Refused(CantPut::PayerUnknown));
    }
    let terms = Terms { currency: matching.currency, amount: matching.payment.amount, tolerance: matching.tolerance, confidence: Confidence::CERTAIN };
    let settlement = match put(&matching.standing, parts, &matching.items, terms, stays_on_account) {
        Ok(settlement) => settlement,
        Err(refused) => return Ok(Put::Refused(refused.into())),
    };
    let items: Vec<_> = parts.iter().map(|part| json!({ "item": part.invoice_number, "paid": part.paid, "claims_rest": part.claims_rest })).collect();
    let detail = json!({ "items": items, "on_account": settlement.on_account });
    Ok(match posting::post_anew(workplace, &matching.payment, &settlement, login, Deed::MatchedByHand, detail).await? {
        Ok(payment) => Put::Done(Box::new(payment)),
        Err(claim) => Put::Refused(CantPut::Worked(claim)),
    })
}

//! `recoup allocate`

use anyhow::{Context, Result, bail};
use clap::Args;
use recoup_engine::allocation::Strategy;
use recoup_engine::by_hand::Part;
use recoup_engine::money::{Currency, Money};
use recoup_store::settlements::PaymentRow;
use serde_json::json;

use super::{Ended, people, say};
use crate::desk::process::finish_pending;
use crate::desk::refuse::refuse_match;
use crate::desk::settle::allocate_by_strategy;
use crate::desk::settle::by_hand::{Put, put_by_hand};
use crate::workplace::Workplace;

#[derive(Debug, Args)]
pub struct Arguments {
    /// A payment that stands on account in full, one of which something is left to explain, or one whose match is refused.
    payment: String,
    /// In which order open items are paid.
    #[arg(long, value_enum, required_unless_present_any = ["refuse", "item"])]
    strategy: Option<Order>,
    /// Put this much of it on an open item, by hand; may be repeated.
    #[arg(long, value_name = "NUMBER=AMOUNT", conflicts_with_all = ["strategy", "refuse"], requires = "by")]
    item: Vec<String>,
    /// What is missing of the items becomes claims; without it they stay open.
    #[arg(long, requires = "item")]
    claim_rest: bool,
    /// What is left of the payment stays on account.
    #[arg(long, requires = "item")]
    rest_on_account: bool,
    /// It does not pay the items it was matched with: taken back, and never matched so again.
    #[arg(long, conflicts_with = "strategy", requires = "by")]
    refuse: bool,
    /// Why, for the audit log.
    #[arg(long, default_value = "", requires = "refuse")]
    reason: String,
    /// Who says so, for the audit log.
    #[arg(long, value_name = "LOGIN")]
    by: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Order {
    /// By issue date.
    Oldest,
    /// By due date.
    Overdue,
    /// By open amount.
    Largest,
}

pub async fn run(workplace: &Workplace, arguments: Arguments, json: bool) -> Result<Ended> {
    if !arguments.item.is_empty() {
        return by_hand(workplace, arguments, json).await;
    }
    match arguments.strategy {
        Some(order) => allocate(workplace, &arguments.payment, order, json).await,
        None => refuse(workplace, arguments, json).await,
    }
}

/// Puts a payment that nobody explained on open items in a named order; the former payment is taken back by counter-entries.
async fn allocate(workplace: &Workplace, payment: &str, order: Order, json: bool) -> Result<Ended> {
    let strategy = match order {
        Order::Oldest => Strategy::OldestFirst,
        Order::Overdue => Strategy::MostOverdueFirst,
        Order::Largest => Strategy::LargestFirst,
    };
    say_allocated(&allocate_by_strategy(workplace, payment, strategy).await?, json)
}

/// Puts a payment on the items that are named.
async fn by_hand(workplace: &Workplace, arguments: Arguments, json: bool) -> Result<Ended> {
    let by = people::actor(workplace, arguments.by.as_deref()).await?;
    let payment = workplace.store.payment(&arguments.payment).await?.with_context(|| format!("`{}` is no payment", arguments.payment))?;
    let currency: Currency = payment.currency.parse()?;
    let mut parts = Vec::with_capacity(arguments.item.len());
    for item in &arguments.item {
        let (number, amount) = item.rsplit_once('=').with_context(|| format!("`{item}`: write NUMBER=AMOUNT, such as RE-1=12.50"))?;
        let paid = Money::parse(amount, currency).with_context(|| format!("`{item}`"))?.minor;
        parts.push(Part { invoice_number: number.to_owned(), paid, claims_rest: arguments.claim_rest });
    }
    match put_by_hand(workplace, &by, &arguments.payment, &parts, arguments.rest_on_account).await? {
        Put::Done(payment) => say_allocated(&payment, json),
        Put::Stale | Put::Missing => bail!("`{}` is no standing payment", arguments.payment),
        Put::Refused(why) => bail!("{why}"),
    }
}

fn say_allocated(payment: &PaymentRow, json: bool) -> Result<Ended> {
    if json {
        say!("{}", serde_json::to_string(payment)?);
    } else {
        let currency = payment.currency.parse()?;
        let amount = |minor| recoup_engine::money::format_minor(minor, currency);
        say!("{}: {} {} allocated, {} stays on account", payment.payment_id, amount(payment.allocated), payment.currency, amount(payment.on_account));
    }
    Ok(Ended::Done)
}

/// Takes a match back and settles the money anew, without it.
async fn refuse(workplace: &Workplace, arguments: Arguments, json: bool) -> Result<Ended> {
    let by = people::actor(workplace, arguments.by.as_deref()).await?;
    let items = refuse_match(workplace, &arguments.payment, &by, &arguments.reason).await??;
    finish_pending(workplace).await?;
    if json {
        say!("{}", json!({ "payment": arguments.payment, "refused": items }));
    } else {
        say!("{} does not pay {}; its money is settled without that match from now on", arguments.payment, items.join(" + "));
    }
    Ok(Ended::Done)
}

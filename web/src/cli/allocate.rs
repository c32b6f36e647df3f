//! `recoup allocate`

use anyhow::Result;
use clap::Args;
use recoup_engine::allocation::Strategy;
use serde_json::json;

use super::ingest::finish_pending;
use super::{Ended, people, say};
use crate::desk::refuse::refuse_match;
use crate::desk::settle::allocate_by_strategy;
use crate::workplace::Workplace;

#[derive(Debug, Args)]
pub struct Arguments {
    /// A payment that stands on account in full, or one whose match is refused.
    payment: String,
    /// In which order open items are paid.
    #[arg(long, value_enum, required_unless_present = "refuse")]
    strategy: Option<Order>,
    /// It does not pay the items it was matched with: taken back, and never matched so again.
    #[arg(long, conflicts_with = "strategy", requires = "by")]
    refuse: bool,
    /// Why, for the audit log.
    #[arg(long, default_value = "", requires = "refuse")]
    reason: String,
    /// Who says so, for the audit log.
    #[arg(long, value_name = "LOGIN", requires = "refuse")]
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
    let payment = allocate_by_strategy(workplace, payment, strategy).await?;
    if json {
        say!("{}", serde_json::to_string(&payment)?);
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
    let items = refuse_match(workplace, &arguments.payment, &by, &arguments.reason).await?;
    finish_pending(workplace).await?;
    if json {
        say!("{}", json!({ "payment": arguments.payment, "refused": items }));
    } else {
        say!("{} does not pay {}; its money is settled without that match from now on", arguments.payment, items.join(" + "));
    }
    Ok(Ended::Done)
}

//! `recoup allocate`

use anyhow::Result;
use clap::Args;
use recoup_engine::allocation::Strategy;

use super::{Ended, say};
use crate::desk::settle::allocate_by_strategy;
use crate::workplace::Workplace;

#[derive(Debug, Args)]
pub struct Arguments {
    /// A payment that stands on account in full.
    payment: String,
    /// In which order open items are paid.
    #[arg(long, value_enum)]
    strategy: Order,
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

/// Puts a payment that nobody explained on open items in a named order; the former payment is taken back by counter-entries.
pub async fn run(workplace: &Workplace, arguments: Arguments, json: bool) -> Result<Ended> {
    let strategy = match arguments.strategy {
        Order::Oldest => Strategy::OldestFirst,
        Order::Overdue => Strategy::MostOverdueFirst,
        Order::Largest => Strategy::LargestFirst,
    };
    let payment = allocate_by_strategy(workplace, &arguments.payment, strategy).await?;
    if json {
        say!("{}", serde_json::to_string(&payment)?);
    } else {
        let currency = payment.currency.parse()?;
        let amount = |minor| recoup_engine::money::format_minor(minor, currency);
        say!("{}: {} {} allocated, {} stays on account", payment.payment_id, amount(payment.allocated), payment.currency, amount(payment.on_account));
    }
    Ok(Ended::Done)
}

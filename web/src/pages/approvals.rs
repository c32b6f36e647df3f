//! Decisions above what their decider may settle alone: each with its evidence at hand, and with why the visitor may or may not approve it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use recoup_engine::claim::action::{Action, Actor, Outcome};
use recoup_engine::claim::authority::Authority;
use recoup_engine::money::Currency;
use recoup_store::claims::ClaimRecord;

use super::errors::{PageError, html};
use super::frame::Frame;
use super::language::text;
use super::{Desk, filters, refused, show, worklist};
use crate::clock::today;

/// A decision that waits.
struct Line {
    id: String,
    customer: String,
    category: String,
    amount: String,
    currency: String,
    outcome: String,
    /// What the evidence says; blank before it was judged.
    validity: String,
    given_away: String,
    /// What a partial decision disputes; empty for the others.
    disputed: String,
    by: String,
    on: String,
    reason: String,
    dispute_by: String,
    dispute_days: Option<i64>,
    pressure: &'static str,
    version: i64,
    /// Why the visitor can't approve it; empty when it can be done.
    not_you: String,
}

#[derive(Template)]
#[template(path = "approvals.html")]
struct ApprovalsPage {
    frame: Frame,
    lines: Vec<Line>,
    /// Decisions whose last day to dispute is over.
    passed: usize,
}

/// GET /approvals
pub async fn show(State(desk): State<Desk>, frame: Frame) -> Result<Response, PageError> {
    let store = &desk.workplace.store;
    let authority = store.authority().await?;
    let names: BTreeMap<String, String> = store.users().await?.into_iter().map(|user| (user.login, user.name)).collect();
    let customers: BTreeMap<String, String> = store.customers().await?.into_iter().map(|customer| (customer.customer_id, customer.name)).collect();
    let waiting = store.claims_awaiting_approval().await?;
    let claim_ids: Vec<String> = waiting.iter().map(|record| record.row.claim_id.clone()).collect();
    let suggested = store.suggestions(&claim_ids).await?;
    let mut verdicts: BTreeMap<String, String> =
        suggested.into_iter().filter_map(|suggestion| Some((suggestion.claim_id, suggestion.validity?.word().to_owned()))).collect();
    let mut lines = Vec::new();
    for record in waiting {
        let validity = verdicts.remove(&record.row.claim_id).unwrap_or_default();
        lines.extend(line(&record, validity, &authority, &frame, &names, &customers)?);
    }
    html(&ApprovalsPage { frame, passed: lines.iter().filter(|line| line.pressure == "passed").count(), lines })
}

fn line(
    record: &ClaimRecord,
    validity: String,
    authority: &Authority,
    frame: &Frame,
    names: &BTreeMap<String, String>,
    customers: &BTreeMap<String, String>,
) -> Result<Option<Line>, PageError> {
    let claim = record.claim()?;
    let recoup_engine::claim::State::AwaitingApproval { decision, by, on } = &claim.state else { return Ok(None) };
    let currency: Currency = record.row.currency.parse().map_err(anyhow::Error::from)?;
    let open = claim.amounts.open() + claim.amounts.disputed;
    let not_from: Vec<&str> = [Some(by.as_str()), claim.amount_changed_by.as_deref()].into_iter().flatten().collect();
    let standing = authority.standing(&frame.login, decision.outcome, currency, today(), 0, &not_from);
    let actor = Actor { login: &frame.login, today: today() };
    let not_you = match claim.act(&Action::Approve, &actor, &standing, currency) {
        Ok(_) if frame.may_write => String::new(),
        Ok(_) => text("Your role only reads.").into(),
        Err(refusal) => refused::sentence(&refusal),
    };
    let dispute_days = record.row.dispute_by.as_deref().and_then(|day| show::days_between(day, today())).map(|days| -days);
    Ok(Some(Line {
        pressure: worklist::pressure(dispute_days, true),
        dispute_days,
        id: record.row.claim_id.clone(),
        customer: record.row.customer_id.as_ref().map(|id| customers.get(id).unwrap_or(id).clone()).unwrap_or_default(),
        category: show::plain(&record.row.category),
        amount: show::amount(record.row.amount, &record.row.currency),
        currency: record.row.currency.clone(),
        outcome: show::plain(decision.outcome.word()),
        validity,
        given_away: show::amount(decision.given_away(open), &record.row.currency),
        disputed: if decision.outcome == Outcome::PartlyAccept { show::money(open - decision.accepted, &record.row.currency) } else { String::new() },
        by: names.get(by).unwrap_or(by).clone(),
        on: on.to_string(),
        reason: decision.reason.clone(),
        dispute_by: record.row.dispute_by.clone().unwrap_or_default(),
        version: record.row.version,
        not_you,
    }))
}

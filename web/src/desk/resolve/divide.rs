//! Splitting a claim into several, and merging a duplicate into the claim it repeats.

use anyhow::Result;
use recoup_engine::claim::Refusal;
use recoup_engine::claim::action::{Act, Actor};
use recoup_engine::money::Currency;
use serde_json::json;

use super::{Logged, Resolved, write};
use crate::clock::today;
use crate::workplace::Workplace;

/// Splits the open amount of a claim into parts, in minor units; the first stays with it.
pub async fn split(workplace: &Workplace, login: &str, claim_id: &str, version: i64, parts: &[i64]) -> Result<Resolved> {
    let mut work = workplace.store.begin().await?;
    let Some(record) = work.claim_to_change(claim_id).await? else { return Ok(Resolved::Missing) };
    if record.row.version != version {
        return Ok(Resolved::Stale(Box::new(record)));
    }
    let currency: Currency = record.row.currency.parse()?;
    let before = record.claim()?;
    let made = match before.split(parts, &Actor { login, today: today() }, currency) {
        Ok(made) => made,
        Err(refusal) => return Ok(Resolved::Refused(refusal)),
    };
    let Some((kept, further)) = made.split_first() else { return Ok(Resolved::Refused(Refusal::TooFewParts)) };
    let ids = work.add_parts(&record, further).await?;
    let action = json!({ "split": { "parts": parts, "into": ids } });
    let logged = Logged { version: version + 1, action, before, after: kept.clone(), evidence: Vec::new() };
    let done = write(&mut work, login, Act::Split, &record, logged).await?;
    if matches!(done, Resolved::Done(_)) {
        work.commit().await?;
    }
    Ok(done)
}

/// Merges `duplicate` into `claim_id`: the amount, the deductions and their evidence move.
pub async fn merge(workplace: &Workplace, login: &str, claim_id: &str, version: i64, duplicate: &str) -> Result<Resolved> {
    if claim_id == duplicate {
        return Ok(Resolved::Refused(Refusal::MergeWithItself));
    }
    let mut work = workplace.store.begin().await?;
    // Always locked in the same order, so that two merges can't wait for each other.
    let mut ids = [claim_id, duplicate];
    ids.sort_unstable();
    for id in ids {
        work.claim_to_change(id).await?;
    }
    let (Some(record), Some(other)) = (work.claim_to_change(claim_id).await?, work.claim_to_change(duplicate).await?) else { return Ok(Resolved::Missing) };
    if record.row.version != version {
        return Ok(Resolved::Stale(Box::new(record)));
    }
    if record.row.customer_id != other.row.customer_id || record.row.currency != other.row.currency {
        return Ok(Resolved::Refused(Refusal::MergeOfStrangers));
    }
    if record.root_claim_id == other.root_claim_id || work.count_of_parts(&other).await? > 1 {
        return Ok(Resolved::Refused(Refusal::MergeOfSplit));
    }
    let (before, gone) = (record.claim()?, other.claim()?);
    let (kept, left) = match before.merge(claim_id, &gone, &Actor { login, today: today() }) {
        Ok(merged) => merged,
        Err(refusal) => return Ok(Resolved::Refused(refusal)),
    };
    work.move_deductions(duplicate, &record.root_claim_id).await?;
    let action = json!({ "merge": { "from": duplicate, "into": claim_id } });
    let logged = Logged { version: other.row.version + 1, action: action.clone(), before: gone, after: left, evidence: Vec::new() };
    let emptied = write(&mut work, login, Act::Merge, &other, logged).await?;
    let logged = Logged { version: version + 1, action, before, after: kept, evidence: Vec::new() };
    let done = write(&mut work, login, Act::Merge, &record, logged).await?;
    if matches!((&emptied, &done), (Resolved::Done(_), Resolved::Done(_))) {
        work.commit().await?;
    }
    Ok(done)
}

//! What people do with a claim: each act is one unit of work with its journal entry and its entry of the log, or it did not happen.

pub mod bulk;
mod divide;
#[cfg(test)]
pub(crate) mod tests;
mod undo;

use anyhow::Result;
use jiff::ToSpan;
use jiff::civil::Date;
use recoup_engine::claim::action::{Act, Action, Actor, Outcome};
use recoup_engine::claim::authority::{Authority, SIBLING_DAYS, Standing};
use recoup_engine::claim::{Claim, Refusal, State};
use recoup_engine::money::Currency;
use recoup_store::Work;
use recoup_store::audit::NewEntry;
use recoup_store::claims::ClaimRecord;
use serde::{Deserialize, Serialize};

pub use divide::{merge, split};
pub use undo::undo;

use crate::clock::{now_text, today};
use crate::vault::digest;
use crate::workplace::Workplace;

/// How an act ended.
#[derive(Debug)]
pub enum Resolved {
    /// The claim as it is now.
    Done(Box<ClaimRecord>),
    /// Somebody changed the claim since its version was read: as it is now. Nothing was done.
    Stale(Box<ClaimRecord>),
    Refused(Refusal),
    /// There is no such claim.
    Missing,
}

/// What the log keeps of an act, beside who and when.
#[derive(Debug, Serialize, Deserialize)]
pub struct Logged {
    /// The version that the act made.
    pub version: i64,
    /// What was done, with its words.
    pub action: serde_json::Value,
    pub before: Claim,
    pub after: Claim,
    /// What spoke for the decision when it was made: kind and reference of each piece of evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
}

/// Does one act, unless the claim changed since `version` was read.
pub async fn act(workplace: &Workplace, login: &str, claim_id: &str, version: i64, action: &Action) -> Result<Resolved> {
    let mut work = workplace.store.begin().await?;
    let authority = work.authority().await?;
    let done = act_within(&mut work, &authority, login, claim_id, version, action).await?;
    if matches!(done, Resolved::Done(_)) {
        work.commit().await?;
    }
    Ok(done)
}

/// Does one act inside a unit of work of the caller's.
pub(super) async fn act_within(work: &mut Work, authority: &Authority, login: &str, claim_id: &str, version: i64, action: &Action) -> Result<Resolved> {
    let Some(record) = work.claim_to_change(claim_id).await? else { return Ok(Resolved::Missing) };
    // A comment stands beside whatever else happened.
    if record.row.version != version && action.act() != Act::Comment {
        return Ok(Resolved::Stale(Box::new(record)));
    }
    if let Action::Assign(Some(to)) = action
        && !work.is_active(to).await?
    {
        return Ok(Resolved::Refused(Refusal::NobodyHere(to.clone())));
    }
    let actor = Actor { login, today: today() };
    let currency: Currency = record.row.currency.parse()?;
    let before = record.claim()?;
    let standing = standing(work, authority, &record, &before, action, &actor, currency).await?;
    let step = match before.act(action, &actor, &standing, currency) {
        Ok(step) => step,
        Err(refusal) => return Ok(Resolved::Refused(refusal)),
    };
    let version = record.row.version + 1;
    if !step.movements.is_empty() {
        work.post_movements(&format!("{claim_id}-{version}"), &record, &step.movements).await?;
    }
    let evidence = if action.act() == Act::Decide { work.evidence_of(&record.root_claim_id).await? } else { Vec::new() };
    let logged = Logged { version, action: serde_json::to_value(action)?, before, after: step.claim, evidence };
    write(work, login, action.act(), &record, logged).await
}

/// Writes the next state of a claim with its entry of the log.
async fn write(work: &mut Work, login: &str, act: Act, record: &ClaimRecord, logged: Logged) -> Result<Resolved> {
    let claim_id = &record.row.claim_id;
    if !work.change_claim(claim_id, record.row.version, &logged.after).await? {
        return Ok(Resolved::Stale(Box::new(record.clone())));
    }
    work.follow_claims(&record.root_claim_id).await?;
    let detail = serde_json::to_string(&logged)?;
    work.append_audit(vec![NewEntry { at: now_text(), actor: login.to_owned(), action: act.into(), subject: claim_id.clone(), detail }], digest).await?;
    Ok(work.claim_to_change(claim_id).await?.map_or(Resolved::Missing, |record| Resolved::Done(Box::new(record))))
}

/// What the actor may settle alone in this matter.
async fn standing(
    work: &mut Work,
    authority: &Authority,
    record: &ClaimRecord,
    claim: &Claim,
    action: &Action,
    actor: &Actor<'_>,
    currency: Currency,
) -> Result<Standing> {
    let (outcome, not_from): (Outcome, Vec<&str>) = match (action, &claim.state) {
        (Action::Decide(decision), _) => (decision.outcome, Vec::new()),
        (Action::Approve, State::AwaitingApproval { decision, by, .. }) => {
            (decision.outcome, [Some(by.as_str()), claim.amount_changed_by.as_deref()].into_iter().flatten().collect())
        }
        (Action::TakeBack { .. }, _) if claim.amounts.written_off != 0 => (Outcome::WriteOff, Vec::new()),
        _ => (Outcome::Accept, Vec::new()),
    };
    let since = actor.today.saturating_sub(SIBLING_DAYS.days());
    let siblings = work.given_away_on_siblings(record, &since.to_string()).await?;
    Ok(authority.standing(actor.login, outcome, currency, actor.today, siblings, &not_from))
}

/// What a person may settle alone of a claim that is only looked at, for each way to give it away.
pub fn limits_of(authority: &Authority, login: &str, currency: Currency, today: Date) -> Vec<(Outcome, i64)> {
    [Outcome::Accept, Outcome::WriteOff].map(|outcome| (outcome, authority.standing(login, outcome, currency, today, 0, &[]).limit)).to_vec()
}

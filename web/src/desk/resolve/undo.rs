//! Undoing an act that moved no money: for a day, by whoever did it, as long as nothing happened since.

use anyhow::Result;
use jiff::{Timestamp, ToSpan};
use recoup_engine::claim::Refusal;
use recoup_engine::claim::action::Act;
use recoup_store::Work;
use recoup_store::screens::claim::Happened;
use serde_json::json;

use super::{Logged, Resolved, write};
use crate::clock::now_text;
use crate::workplace::Workplace;

/// Undoes the last act on a claim.
pub async fn undo(workplace: &Workplace, login: &str, claim_id: &str, version: i64) -> Result<Resolved> {
    // Read before the write lock is held; whatever happens in between changes the version.
    let happened = workplace.store.happened(claim_id).await?;
    let mut work = workplace.store.begin().await?;
    let done = undo_within(&mut work, login, claim_id, version, happened.last()).await?;
    if matches!(done, Resolved::Done(_)) {
        work.commit().await?;
    }
    Ok(done)
}

/// The same inside a unit of work of the caller's; `last` is what happened to the claim last, read before.
pub(super) async fn undo_within(work: &mut Work, login: &str, claim_id: &str, version: i64, last: Option<&Happened>) -> Result<Resolved> {
    let Some(record) = work.claim_to_change(claim_id).await? else { return Ok(Resolved::Missing) };
    if record.row.version != version {
        return Ok(Resolved::Stale(Box::new(record)));
    }
    let Some(last) = last.and_then(|last| undoable(last, login, version)) else { return Ok(Resolved::Refused(Refusal::NothingToUndo)) };
    let logged = Logged { version: version + 1, action: json!({ "undo": last.action }), before: record.claim()?, after: last.before, evidence: Vec::new() };
    write(work, login, Act::Undo, &record, logged).await
}

/// What an entry of the log says, if this person may undo it now.
pub fn undoable(entry: &Happened, login: &str, version: i64) -> Option<Logged> {
    let act: Act = entry.action.parse().ok()?;
    let logged: Logged = serde_json::from_str(&entry.detail).ok()?;
    let at: Timestamp = entry.at.parse().ok()?;
    let now: Timestamp = now_text().parse().ok()?;
    let is_recent = at.checked_add(24.hours()).is_ok_and(|until| now <= until);
    (act.can_be_undone() && entry.actor == login && logged.version == version && is_recent).then_some(logged)
}

//! A draft is put in force by a second person: whoever proposed it or changed any of it does not publish it.

use anyhow::Result;
use recoup_rules::edition::Edition;
use recoup_store::audit::NewEntry;
use recoup_store::deeds::Deed;
use recoup_store::rule_drafts::{DraftState, RuleDraft};
use serde_json::json;

use super::{Acted, Draft, Refusal, alter, is_open, read};
use crate::clock::now_text;
use crate::desk::rule_book::{Examined, put_in_force, version_of};
use crate::vault::digest;
use crate::workplace::Workplace;

/// Asks for publication, once the draft passes its check and its examples.
pub async fn propose(workplace: &Workplace, login: &str, draft_id: &str, version: i64, note: &str) -> Result<Acted> {
    let Some(draft) = read(workplace, draft_id).await? else { return Ok(Acted::Missing) };
    if draft.row.version != version {
        return Ok(Acted::Stale);
    }
    let ready = publishable(&draft, &Examined::of(&draft.edition));
    alter(workplace, login, draft_id, version, Deed::DraftProposed, |draft| {
        is_open(draft)?;
        ready?;
        draft.state = DraftState::Proposed;
        draft.proposed_by = Some(login.to_owned());
        note.trim().clone_into(&mut draft.note);
        Ok(json!({ "name": draft.name, "note": draft.note }))
    })
    .await
}

/// Takes a proposal back to go on changing it.
pub async fn withdraw(workplace: &Workplace, login: &str, draft_id: &str, version: i64) -> Result<Acted> {
    alter(workplace, login, draft_id, version, Deed::DraftWithdrawn, |draft| {
        reopen(draft)?;
        draft.note.clear();
        Ok(json!({ "name": draft.name }))
    })
    .await
}

/// Sends a proposal back to those who made it, with a reason.
pub async fn send_back(workplace: &Workplace, login: &str, draft_id: &str, version: i64, reason: &str) -> Result<Acted> {
    alter(workplace, login, draft_id, version, Deed::DraftSentBack, |draft| {
        let reason = Some(reason.trim()).filter(|reason| !reason.is_empty()).ok_or(Refusal::ReasonMissing)?;
        reopen(draft)?;
        reason.clone_into(&mut draft.note);
        Ok(json!({ "name": draft.name, "reason": reason }))
    })
    .await
}

fn reopen(draft: &mut RuleDraft) -> Result<(), Refusal> {
    if draft.state != DraftState::Proposed {
        return Err(Refusal::NotProposed);
    }
    draft.state = DraftState::Draft;
    draft.proposed_by = None;
    Ok(())
}

/// Why this person does not publish this draft: the one place that keeps four eyes on the rules.
///
/// # Errors
/// The draft does not wait for it, or is the person's own work.
pub fn may_publish(draft: &RuleDraft, login: &str) -> Result<(), Refusal> {
    if draft.state != DraftState::Proposed {
        return Err(Refusal::NotProposed);
    }
    if draft.proposed_by.as_deref() == Some(login) || draft.editors.contains(login) { Err(Refusal::OwnWork) } else { Ok(()) }
}

/// Puts a proposed draft in force: the check of the version, that nothing else was published meanwhile, the publication and the log in one unit of work.
pub async fn publish(workplace: &Workplace, login: &str, draft_id: &str, version: i64) -> Result<Acted> {
    let Some(draft) = read(workplace, draft_id).await? else { return Ok(Acted::Missing) };
    if draft.row.version != version {
        return Ok(Acted::Stale);
    }
    let allowed = may_publish(&draft.row, login).and_then(|()| publishable(&draft, &Examined::of(&draft.edition)));
    if let Err(refusal) = allowed {
        return Ok(Acted::Refused(refusal));
    }
    let mut work = workplace.store.begin().await?;
    work.lock_publications().await?;
    let in_force = work.version_in_force().await?.unwrap_or_else(|| version_of(&Edition::compiled_in()));
    if in_force != draft.row.base {
        return Ok(Acted::Refused(Refusal::BookChanged));
    }
    let published = put_in_force(&mut work, &draft.edition, login, Some(&draft.row)).await?;
    let row = RuleDraft { state: DraftState::Published, published_as: Some(published.clone()), ..draft.row };
    if !work.change_rule_draft(&row).await? {
        return Ok(Acted::Stale);
    }
    let detail = json!({ "name": row.name, "book": published }).to_string();
    let entry = NewEntry { at: now_text(), actor: login.to_owned(), action: Deed::DraftPublished.into(), subject: row.draft_id, detail };
    work.append_audit(vec![entry], digest).await?;
    work.commit().await?;
    workplace.renew_rules().await?;
    Ok(Acted::Done)
}

/// Whether there is something to put in force, and it is fit for it.
pub fn publishable(draft: &Draft, examined: &Examined) -> Result<(), Refusal> {
    if draft.row.files.is_empty() {
        return Err(Refusal::NothingChanged);
    }
    Ok(examined.fit()?)
}

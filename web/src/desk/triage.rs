//! For each deduction: what it claims, whether it is owed, which desk works it. Facts are read once a customer group; the why is stored.

mod batch;
pub(crate) mod earlier;
pub(crate) mod group;
mod judgement;
pub(crate) mod rehearsal;

use anyhow::Result;
use recoup_rules::decide::decide;
use recoup_store::audit::NewEntry;
use recoup_store::claims::{ClaimRecord, ClaimRow};
use recoup_store::deeds::Deed;
use recoup_store::verdicts::{Judgement, PendingDeduction};

use self::earlier::Earlier;
use self::group::{Group, Shared};
use self::judgement::{claim_of, judgement_of, with_documents};
use crate::clock::now_text;
use crate::desk::Progress;
use crate::desk::rule_book::{self, InForce};
use crate::vault::digest;
use crate::workplace::Workplace;

/// Deductions that are written in one unit of work.
const PART: usize = 10_000;

/// What judging did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    pub deductions: usize,
    /// Verdicts that say something else than before.
    pub changed: usize,
}

/// Judges everything that waits; returns how many deductions were judged.
pub async fn judge_pending(workplace: &Workplace) -> Result<usize> {
    Ok(judge_waiting(workplace).await?.deductions)
}

/// Judges everything that waits.
pub async fn judge_waiting(workplace: &Workplace) -> Result<Judged> {
    let mut judged = Judged::default();
    let mut pending = workplace.store.pending_deductions().await?;
    if pending.is_empty() {
        return Ok(judged);
    }
    let shared = Shared::read(workplace).await?;
    let rules = workplace.renew_rules().await?;
    // A verdict that changed opens later ones under the same agreement. They only open what comes behind them, so that this ends.
    while !pending.is_empty() {
        let round = judge_round(workplace, &rules, &shared, pending).await?;
        judged = Judged { deductions: judged.deductions + round.deductions, changed: judged.changed + round.changed };
        pending = workplace.store.pending_deductions().await?;
    }
    Ok(judged)
}

async fn judge_round(workplace: &Workplace, rules: &InForce, shared: &Shared, pending: Vec<PendingDeduction>) -> Result<Judged> {
    let mut judged = Judged { deductions: pending.len(), changed: 0 };
    let progress = Progress::new("judging", pending.len() as u64);
    for deductions in shared.by_group(pending) {
        let group = Group::read(workplace, shared, &deductions).await?;
        let mut earlier = Earlier::read(workplace, &group.members).await?;
        for part in deductions.chunks(PART) {
            judged.changed += judge_part(workplace, rules, shared, &group, &mut earlier, part).await?;
            progress.advance(part.len() as u64);
        }
        batch::batch_small_claims(workplace, rules, shared, &group.members).await?;
    }
    progress.finish();
    Ok(judged)
}

/// Judges what a person opened. Another process that is at it takes these along.
pub async fn judge_unless_busy(workplace: &Workplace) -> Result<usize> {
    match workplace.try_processing()? {
        Some(_alone) => judge_pending(workplace).await,
        None => {
            tracing::info!("left to the process that is judging");
            Ok(0)
        }
    }
}

/// Runs the decision on one deduction again by the rules of then or now, without writing anything; `None` when there is no such deduction.
pub async fn judge_again(workplace: &Workplace, rules: &InForce, deduction_id: &str) -> Result<Option<Judgement>> {
    let Some(deduction) = workplace.store.deduction_to_judge(deduction_id).await? else { return Ok(None) };
    let shared = Shared::read(workplace).await?;
    let group = Group::read(workplace, &shared, std::slice::from_ref(&deduction)).await?;
    // What came before it, as when it was judged.
    let mut earlier = Earlier::read(workplace, &group.members).await?;
    let decision = decide(group.held_back(&deduction)?, shared.policy(rules), &group.facts, earlier.before(&deduction))?;
    Ok(Some(judgement_of(rules, &shared, &group.facts, &deduction, with_documents(decision, &group, &deduction)?)))
}

/// Judges deductions of one group in one unit of work; returns how many verdicts say something else than before.
async fn judge_part(workplace: &Workplace, rules: &InForce, shared: &Shared, group: &Group, earlier: &mut Earlier, part: &[PendingDeduction]) -> Result<usize> {
    let mut judgements = Vec::with_capacity(part.len());
    let mut claims = Vec::new();
    let mut closed = Vec::new();
    for deduction in part {
        let decision = decide(group.held_back(deduction)?, shared.policy(rules), &group.facts, earlier.before(deduction))?;
        earlier.remember(deduction, &decision);
        let judgement = judgement_of(rules, shared, &group.facts, deduction, with_documents(decision, group, deduction)?);
        match claim_of(deduction, &judgement) {
            Some(claim) => claims.push(claim),
            None => closed.extend(deduction.claim_id.clone()),
        }
        judgements.push(judgement);
    }
    let mut work = workplace.store.begin().await?;
    // People go on working while verdicts are found: what they did meanwhile stands.
    let standing = work.deductions_as_they_stand(part).await?;
    let known: Vec<String> = standing.iter().filter_map(|deduction| deduction.claim_id.clone()).collect();
    for worked in work.worked_claims(&known).await? {
        leave_worked(&worked, &standing, &mut judgements, &mut claims);
    }
    work.keep_rule_book(&rule_book::kept(&rules.edition), &now_text()).await?;
    let changed = work.save_judgements(&judgements).await?;
    work.save_claims(&claims).await?;
    work.remove_claims(&closed).await?;
    let entry = NewEntry {
        at: now_text(),
        actor: "recoup".to_owned(),
        action: Deed::Judged.into(),
        subject: part.first().map(|deduction| deduction.deduction_id.clone()).unwrap_or_default(),
        detail: serde_json::json!({ "deductions": judgements.len(), "book": rules.version, "changed": changed, "claims_closed": closed }).to_string(),
    };
    work.append_audit(vec![entry], digest).await?;
    work.commit().await?;
    Ok(changed.len())
}

/// What a person did with a claim stands: judging its deductions again renews what we think of them, and nothing else.
fn leave_worked(worked: &ClaimRecord, part: &[PendingDeduction], judgements: &mut [Judgement], claims: &mut Vec<ClaimRow>) {
    for (deduction, judgement) in part.iter().zip(judgements) {
        if deduction.claim_id.as_ref() == Some(&worked.row.claim_id) {
            judgement.claim_id = deduction.claim_id.clone();
            judgement.status.clone_from(&deduction.status);
            judgement.queue.clone_from(&worked.row.queue);
            claims.retain(|claim| claim.deduction_id != deduction.deduction_id || claim.claim_id == worked.row.claim_id);
        }
    }
}

#[cfg(test)]
mod tests {
    use recoup_engine::claim::action::{Action, Decision, Outcome};

    use super::*;
    use crate::desk::resolve::tests::workplace;
    use crate::desk::resolve::{Resolved, act, merge};

    #[tokio::test]
    async fn what_people_do_while_verdicts_are_found_stands() {
        let (workplace, _folder) = workplace(3).await;
        let stale = workplace.store.standing_deductions().await.expect("read");
        let dispute = Action::Decide(Decision { outcome: Outcome::Dispute, accepted: 0, reason: "signed in full".to_owned() });
        assert!(matches!(act(&workplace, "mara", "C-0", 1, &dispute).await.expect("asked"), Resolved::Done(_)));
        assert!(matches!(merge(&workplace, "mara", "C-1", 1, "C-2").await.expect("asked"), Resolved::Done(_)));
        let shared = Shared::read(&workplace).await.expect("read");
        let group = Group::read(&workplace, &shared, &stale).await.expect("read");
        judge_part(&workplace, &workplace.rules(), &shared, &group, &mut Earlier::new(Vec::new(), Vec::new()), &stale).await.expect("judged");
        let now = workplace.store.standing_deductions().await.expect("read");
        let stand: Vec<(&str, Option<&str>)> = now.iter().map(|deduction| (deduction.status.as_str(), deduction.claim_id.as_deref())).collect();
        assert_eq!(stand, [("decided", Some("C-0")), ("open", Some("C-1")), ("open", Some("C-1"))]);
    }
}

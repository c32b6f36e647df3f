//! A person's word on what a deduction claims, where code and words say nothing: judged by the test of that category, and learnt from.

use anyhow::{Result, bail};
use recoup_engine::taxonomy::Category;
use recoup_store::Work;
use recoup_store::audit::NewEntry;
use recoup_store::deeds::Deed;
use recoup_store::learning::NamedDeduction;
use serde_json::json;

use super::resolve::{Logged, Resolved};
use super::triage::judge_unless_busy;
use crate::clock::now_text;
use crate::vault::digest;
use crate::workplace::Workplace;

/// Says what a deduction, or every deduction of a claim, is about; returns how many. Judging them again is the caller's. A rule never closes such a claim:
/// whoever says the category may not settle it by that alone.
pub async fn categorise(workplace: &Workplace, subject: &str, category: Category, by: &str) -> Result<usize> {
    if category == Category::Unknown {
        bail!("say what is claimed; `unknown` is what is said already");
    }
    let meant = workplace.store.deductions_named(subject).await?;
    if meant.is_empty() {
        bail!("`{subject}` is no standing deduction and no claim");
    }
    if let Some(decided) = meant.iter().find(|one| one.status == "decided") {
        bail!("{} is decided; take the decision back first", decided.deduction_id);
    }
    let mut work = workplace.store.begin().await?;
    note(&mut work, &meant, category, by).await?;
    work.commit().await?;
    Ok(meant.len())
}

/// Says it of a claim as it was read at `version`, and judges it again at once.
pub async fn categorise_claim(workplace: &Workplace, login: &str, claim_id: &str, version: i64, category: Category) -> Result<Resolved> {
    let mut work = workplace.store.begin().await?;
    let Some(record) = work.claim_to_change(claim_id).await? else { return Ok(Resolved::Missing) };
    if record.row.version != version {
        return Ok(Resolved::Stale(Box::new(record)));
    }
    let claim = record.claim()?;
    if let Err(refusal) = claim.refuse_decided() {
        return Ok(Resolved::Refused(refusal));
    }
    let meant = work.deductions_of_claim(&record.root_claim_id).await?;
    note(&mut work, &meant, category, login).await?;
    work.renew_version(claim_id).await?;
    let action = json!({ "categorise": { "before": record.row.category, "category": category.word() } });
    let logged = Logged { version: version + 1, action, before: claim.clone(), after: claim, evidence: Vec::new() };
    work.append_audit(vec![entry(Deed::ClaimCategorised, claim_id, login, &serde_json::to_value(logged)?)], digest).await?;
    work.commit().await?;
    judge_unless_busy(workplace).await?;
    Ok(workplace.store.claim(claim_id).await?.map_or(Resolved::Missing, |now| Resolved::Done(Box::new(now))))
}

/// Writes a person's word on some deductions with an entry of the log for each.
async fn note(work: &mut Work, meant: &[NamedDeduction], category: Category, by: &str) -> Result<()> {
    let mut entries = Vec::with_capacity(meant.len());
    for one in meant {
        work.say_category(&one.deduction_id, category, by).await?;
        entries.push(entry(Deed::DeductionCategorised, &one.deduction_id, by, &json!({ "before": one.category, "category": category.word() })));
    }
    Ok(work.append_audit(entries, digest).await?)
}

fn entry(action: Deed, subject: &str, actor: &str, detail: &serde_json::Value) -> NewEntry {
    NewEntry { at: now_text(), actor: actor.to_owned(), action: action.into(), subject: subject.to_owned(), detail: detail.to_string() }
}

#[cfg(test)]
mod tests {
    use recoup_engine::claim::Refusal;
    use recoup_engine::claim::action::{Action, Decision, Outcome};

    use super::*;
    use crate::desk::resolve::act;
    use crate::desk::resolve::tests::workplace;

    #[tokio::test]
    async fn a_word_on_a_claim_is_judged_at_once_and_refused_when_it_is_stale_or_decided() {
        let (workplace, _folder) = workplace(2).await;
        let Resolved::Done(now) = categorise_claim(&workplace, "mara", "C-0", 1, Category::FreightCharge).await.expect("asked") else { panic!("not done") };
        assert_eq!((now.row.category.as_str(), now.row.status.as_str()), ("freight_charge", "open"), "judged, and left to a person");
        let detail = workplace.store.deduction_detail("X-0").await.expect("read").expect("a deduction");
        assert_eq!((detail.category.as_deref(), detail.category_said_by.as_deref()), (Some("freight_charge"), Some("mara")));
        let again = categorise_claim(&workplace, "jonas", "C-0", 1, Category::Damage).await.expect("asked");
        assert!(matches!(again, Resolved::Stale(_)), "{again:?}");
        let dispute = Action::Decide(Decision { outcome: Outcome::Dispute, accepted: 0, reason: "signed in full".to_owned() });
        assert!(matches!(act(&workplace, "mara", "C-1", 1, &dispute).await.expect("asked"), Resolved::Done(_)));
        let refused = categorise_claim(&workplace, "mara", "C-1", 2, Category::Damage).await.expect("asked");
        assert!(matches!(refused, Resolved::Refused(Refusal::Decided)), "{refused:?}");
        let said: Vec<String> = workplace.store.happened("C-0").await.expect("read").into_iter().map(|entry| entry.action).collect();
        assert_eq!(said, ["categorise"]);
        assert!(matches!(categorise_claim(&workplace, "mara", "C-9", 1, Category::Damage).await.expect("asked"), Resolved::Missing));
    }
}

//! Equal small claims of one customer and category, each let go by itself: together they may be worth their work, and become one claim.

use std::collections::BTreeMap;

use anyhow::Result;
use recoup_engine::evidence::Evidence;
use recoup_engine::money::Money;
use recoup_engine::recovery::TrackRecord;
use recoup_engine::taxonomy::Category;
use recoup_rules::small_claims::{BATCHED, LET_GO};
use recoup_store::audit::NewEntry;
use recoup_store::claims::ClaimRow;
use recoup_store::deeds::Deed;
use recoup_store::recovery::LetGoRow;

use super::group::Shared;
use crate::clock::now_text;
use crate::desk::rule_book::InForce;
use crate::vault::digest;
use crate::workplace::Workplace;

/// Opens one claim for each lot of equal small claims that is worth its work, in a unit of work of its own.
pub(super) async fn batch_small_claims(workplace: &Workplace, rules: &InForce, shared: &Shared, members: &[String]) -> Result<()> {
    if !rules.book.small_claims.lets_go() {
        return Ok(());
    }
    let mut lots: BTreeMap<(String, Category, String, i64), Vec<LetGoRow>> = BTreeMap::new();
    for row in workplace.store.let_go(LET_GO, members).await? {
        lots.entry((row.customer_id.clone(), row.category, row.currency.code().to_owned(), row.amount)).or_default().push(row);
    }
    for ((customer_id, category, ..), lot) in lots {
        let record = shared.policy(rules).records.of(&customer_id, category);
        if let Some(says) = worth_their_work(rules, &customer_id, category, record, &lot)? {
            open_one_claim(workplace, lot, &says).await?;
        }
    }
    Ok(())
}

/// Why a lot of equal claims is worked; `None` when it is not worth it either.
fn worth_their_work(rules: &InForce, customer_id: &str, category: Category, record: TrackRecord, lot: &[LetGoRow]) -> Result<Option<String>> {
    let (Some(row), [first, _, ..]) = (rules.book.small_claims.row(customer_id, category), lot) else { return Ok(None) };
    // The one of which most is left open decides: an unknown claim costs more to look into.
    let validity = lot.iter().map(|one| one.validity).max().unwrap_or(first.validity);
    let Some(limit) = row.limit(row.odds(validity, record)) else { return Ok(None) };
    let together = Money::new(lot.iter().map(|one| one.at_stake).sum(), first.currency);
    let says = format!(
        "One of {} equal claims of {} {}: {together} {} together are worth their work above {limit} {}.",
        lot.len(),
        Money::new(first.amount, first.currency),
        first.currency,
        first.currency,
        first.currency
    );
    Ok((together.to_decimal() > limit).then_some(says))
}

async fn open_one_claim(workplace: &Workplace, lot: Vec<LetGoRow>, says: &str) -> Result<()> {
    let Some(first) = lot.first() else { return Ok(()) };
    let claim = ClaimRow {
        claim_id: first.deduction_id.replacen("X-", "C-", 1),
        deduction_id: first.deduction_id.clone(),
        sequence: first.sequence,
        customer_id: Some(first.customer_id.clone()),
        category: first.category.word().to_owned(),
        amount: lot.iter().map(|one| one.amount).sum(),
        currency: first.currency.code().to_owned(),
        queue: first.queue.clone(),
        priority: first.priority.clone(),
        approval_level: first.approval_level,
        status: "open".to_owned(),
        assignee: None,
        opened_on: first.payment_date.map(|day| day.to_string()),
        work_by: lot.iter().filter_map(|one| one.work_by.clone()).min(),
        dispute_by: lot.iter().filter_map(|one| one.dispute_by.clone()).min(),
        version: 1,
    };
    let claim_id = claim.claim_id.clone();
    let deductions: Vec<&str> = lot.iter().map(|one| one.deduction_id.as_str()).collect();
    let detail = serde_json::json!({ "deductions": deductions, "because": says }).to_string();
    let mut work = workplace.store.begin().await?;
    work.save_claims(&[claim]).await?;
    for one in &lot {
        let (explanation, evidence) = explained_together(one, says)?;
        work.join_lot(&one.deduction_id, &claim_id, BATCHED, &explanation, &evidence).await?;
    }
    // Judging one of them again must not take the lot apart.
    work.hold_together(&claim_id).await?;
    let entry = NewEntry { at: now_text(), actor: "recoup".to_owned(), action: Deed::Batched.into(), subject: claim_id, detail };
    work.append_audit(vec![entry], digest).await?;
    work.commit().await?;
    Ok(())
}

/// Explanation and evidence of a deduction that is not let go after all.
fn explained_together(one: &LetGoRow, says: &str) -> Result<(String, Vec<Evidence>)> {
    let mut evidence: Vec<Evidence> = serde_json::from_str(&one.evidence)?;
    let mut explanation = one.explanation.clone();
    for piece in evidence.iter_mut().filter(|piece| piece.kind == "small_claim") {
        if let Some(verdict) = explanation.strip_suffix(&piece.says) {
            explanation = format!("{}{says}", verdict);
        }
        says.clone_into(&mut piece.says);
    }
    Ok((explanation, evidence))
}

//! What other terms of an agreement would settle without anybody's decision: judged as it would be judged, and thrown away.

use std::collections::{BTreeMap, HashSet};

use anyhow::Result;
use recoup_engine::agreement::Agreement;
use recoup_engine::money::Currency;
use recoup_rules::decide::decide;

use super::earlier::Earlier;
use super::group::{Group, Shared};
use crate::workplace::Workplace;

/// Minor units by currency of the claims that a rule would close if an agreement read like `supposed`. Claims that people work stay theirs.
pub(crate) async fn settled_by_itself(workplace: &Workplace, supposed: &Agreement) -> Result<BTreeMap<Currency, i64>> {
    let resting = workplace.store.deductions_resting_on(&supposed.agreement_id).await?;
    let claims: Vec<String> = resting.iter().filter_map(|deduction| deduction.claim_id.clone()).collect();
    let unworked = workplace.store.claims(&claims).await?.into_iter().filter(|claim| !claim.worked);
    let unworked: HashSet<String> = unworked.map(|claim| claim.row.claim_id).collect();
    let rules = workplace.renew_rules().await?;
    let mut shared = Shared::read(workplace).await?;
    shared.supposed = Some(supposed.clone());
    let rejudged: HashSet<String> = resting.iter().map(|deduction| deduction.deduction_id.clone()).collect();
    let mut settled = BTreeMap::new();
    for deductions in shared.by_group(resting) {
        let group = Group::read(workplace, &shared, &deductions).await?;
        let mut judged = workplace.store.earlier_deductions(&group.members).await?;
        judged.retain(|earlier| !rejudged.contains(&earlier.deduction_id));
        let mut earlier = Earlier::new(judged, Vec::new());
        for deduction in &deductions {
            let decision = decide(group.held_back(deduction)?, shared.policy(&rules), &group.facts, earlier.before(deduction))?;
            earlier.remember(deduction, &decision);
            if decision.closes && deduction.claim_id.as_ref().is_some_and(|claim| unworked.contains(claim)) {
                *settled.entry(deduction.currency.parse()?).or_insert(0_i64) += deduction.amount.abs();
            }
        }
    }
    Ok(settled)
}

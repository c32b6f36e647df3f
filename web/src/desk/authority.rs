//! What people may settle alone, and to whom they lend it: from the browser and from the command line, with an entry of the log.

use anyhow::{Context, Result, bail};
use recoup_engine::claim::authority::{Delegation, Limit};
use recoup_store::audit::NewEntry;
use recoup_store::deeds::Deed;
use serde_json::json;

use crate::clock::now_text;
use crate::vault::digest;
use crate::workplace::Workplace;

/// Sets one limit.
///
/// # Errors
/// Refuses a negative limit and somebody who is not here.
pub async fn set_limit(workplace: &Workplace, actor: &str, limit: Limit) -> Result<()> {
    if limit.amount < 0 {
        bail!("a limit is not negative");
    }
    let limit = Limit { login: known(workplace, &limit.login).await?, ..limit };
    let mut work = workplace.store.begin().await?;
    let same = |known: &Limit| (&known.login, known.outcome, known.currency) == (&limit.login, limit.outcome, limit.currency);
    let before = work.authority().await?.limits.into_iter().find(same);
    work.set_limit(&limit).await?;
    let detail = json!({ "before": before, "after": limit });
    work.append_audit(vec![entry(actor, Deed::LimitSet, &limit.login, &detail)], digest).await?;
    work.commit().await?;
    Ok(())
}

/// Lends the limits of a person to another, from a day to a day.
///
/// # Errors
/// Refuses days in the wrong order, somebody who is not here, and limits that would come back to their owner.
pub async fn lend(workplace: &Workplace, actor: &str, lent: Delegation) -> Result<()> {
    let lent = Delegation { from_login: known(workplace, &lent.from_login).await?, to_login: known(workplace, &lent.to_login).await?, ..lent };
    if lent.ends_on < lent.starts_on {
        bail!("{} is before {}", lent.ends_on, lent.starts_on);
    }
    let mut work = workplace.store.begin().await?;
    if work.authority().await?.makes_a_loop(&lent) {
        bail!("the limits of {} would come back to them: lend them to somebody else", lent.from_login);
    }
    work.add_delegation(&lent).await?;
    work.append_audit(vec![entry(actor, Deed::LimitsLent, &lent.from_login, &json!(lent))], digest).await?;
    work.commit().await?;
    Ok(())
}

/// The login of somebody who may come in, as it is on file.
pub async fn known(workplace: &Workplace, login: &str) -> Result<String> {
    let user = workplace.store.user_by_login(login).await?.with_context(|| format!("there is no `{login}`: `recoup user list` names everybody"))?;
    if !user.active {
        bail!("`{login}` was disabled");
    }
    Ok(user.login)
}

fn entry(actor: &str, action: Deed, login: &str, detail: &serde_json::Value) -> NewEntry {
    NewEntry { at: now_text(), actor: actor.to_owned(), action: action.into(), subject: login.to_owned(), detail: detail.to_string() }
}

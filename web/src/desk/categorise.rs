//! A person's word on what a deduction claims, where code and words say nothing: judged by the test of that category, and learnt from.

use anyhow::{Result, bail};
use recoup_engine::taxonomy::Category;
use recoup_store::audit::NewEntry;
use serde_json::json;

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
    let mut entries = Vec::with_capacity(meant.len());
    for one in &meant {
        work.say_category(&one.deduction_id, category, by).await?;
        let detail = json!({ "before": one.category, "category": category.word() }).to_string();
        entries.push(NewEntry { at: now_text(), actor: by.to_owned(), action: "categorised".to_owned(), subject: one.deduction_id.clone(), detail });
    }
    work.append_audit(entries, digest).await?;
    work.commit().await?;
    Ok(meant.len())
}

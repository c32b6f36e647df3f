//! `recoup categorise`

use anyhow::Result;
use clap::Args;
use recoup_engine::taxonomy::Category;
use serde_json::json;

use super::{Ended, people, say};
use crate::desk::categorise::categorise;
use crate::desk::triage::judge_pending;
use crate::workplace::Workplace;

#[derive(Debug, Args)]
pub struct Arguments {
    /// A deduction or a claim.
    subject: String,
    /// What it claims: a word of the taxonomy, such as `coop_advertising`.
    category: Category,
    /// Who says so, for the audit log; without it the command line.
    #[arg(long, value_name = "LOGIN")]
    by: Option<String>,
}

pub async fn run(workplace: &Workplace, arguments: Arguments, as_json: bool) -> Result<Ended> {
    let by = people::actor(workplace, arguments.by.as_deref()).await?;
    let _alone = workplace.lock_processing()?;
    let said = categorise(workplace, arguments.subject.trim(), arguments.category, &by).await?;
    judge_pending(workplace).await?;
    if as_json {
        say!("{}", json!({ "subject": arguments.subject, "category": arguments.category.word(), "deductions": said }));
    } else {
        say!("{} judged as {}; `recoup explain {}` says what follows", arguments.subject, arguments.category.plain(), arguments.subject);
    }
    Ok(Ended::Done)
}

//! `recoup learn`

use anyhow::Result;
use clap::Args;
use serde_json::json;

use super::{Ended, people, say};
use crate::desk::learn::learn;
use crate::desk::triage::judge_pending;
use crate::workplace::Workplace;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Who trains, for the audit log; without it the command line.
    #[arg(long, value_name = "LOGIN")]
    by: Option<String>,
}

pub async fn run(workplace: &Workplace, arguments: Arguments, as_json: bool) -> Result<Ended> {
    let by = people::actor(workplace, arguments.by.as_deref()).await?;
    let _alone = workplace.lock_processing()?;
    let trained = learn(workplace, &by).await?;
    let judged = judge_pending(workplace).await?;
    let proposed = workplace.store.count_of_proposals().await?;
    if as_json {
        say!("{}", json!({ "trained": trained, "judged_again": judged, "proposals_standing": proposed }));
        return Ok(Ended::Done);
    }
    let examined = trained.examined;
    say!("{} from {} decided deductions of {} categories", trained.version, trained.lessons, trained.by_category.len());
    say!("held back once each: {}, asked without code or words that the rule book understands", examined.held_back);
    say!("  proposed  {:6}  coverage {} %", examined.proposed, percent(examined.proposed, examined.held_back));
    say!("  right     {:6}  precision {} % ({} or more are asked for)", examined.right, percent(examined.right, examined.proposed), trained.precision_asked);
    say!("{judged} deductions without a reason judged again, {proposed} carry a proposal now");
    Ok(Ended::Done)
}

/// With one decimal; a dash where there is nothing to divide by.
fn percent(part: u32, whole: u32) -> String {
    if whole == 0 {
        return "-".to_owned();
    }
    let tenths = (u64::from(part) * 1000 + u64::from(whole) / 2) / u64::from(whole);
    format!("{}.{}", tenths / 10, tenths % 10)
}

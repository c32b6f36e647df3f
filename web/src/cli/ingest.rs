//! `recoup ingest` and `recoup process`

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::{Ended, say};
use crate::desk::process::{Processed, finish_pending};
use crate::desk::receive::receive_paths;
use crate::workplace::Workplace;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Files, or folders that are walked.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Only take in; `recoup process` finishes later.
    #[arg(long)]
    no_process: bool,
}

#[derive(Debug, Args)]
pub struct ProcessArguments {
    /// Read again what waits for a person, and judge again what no person decided.
    #[arg(long)]
    again: bool,
}

pub async fn run(workplace: &Workplace, arguments: Arguments, json: bool) -> Result<Ended> {
    let intake = receive_paths(workplace, &arguments.paths).await?;
    let processed = if arguments.no_process { Processed::default() } else { finish_pending(workplace).await? };
    if json {
        say!("{}", serde_json::to_string(&serde_json::json!({ "intake": intake, "processed": processed }))?);
    } else {
        say!("{} taken in, {} duplicates, {} known already", intake.new, intake.duplicates, intake.known);
        report(processed)?;
        for refused in &intake.refused {
            eprintln!("refused: {refused}");
        }
    }
    Ok(if intake.refused.is_empty() { Ended::Done } else { Ended::WithRejects })
}

pub async fn process(workplace: &Workplace, arguments: ProcessArguments, json: bool) -> Result<Ended> {
    if arguments.again {
        let mut work = workplace.store.begin().await?;
        work.reopen_documents().await?;
        work.reopen_all_verdicts().await?;
        work.commit().await?;
    }
    let processed = finish_pending(workplace).await?;
    if json {
        say!("{}", serde_json::to_string(&processed)?);
    } else {
        report(processed)?;
    }
    Ok(Ended::Done)
}

fn report(processed: Processed) -> Result<()> {
    say!("{} documents read, {} settled, {} deductions judged", processed.documents_read, processed.documents_settled, processed.deductions_judged);
    if processed.documents_in_review > 0 {
        say!("{} documents wait for a person; `recoup explain NAME` says why", processed.documents_in_review);
    }
    if processed.claims_bunched > 0 {
        say!("{} open claims bunch right under the limit of small claims; `recoup rules bunched` lists them", processed.claims_bunched);
    }
    Ok(())
}

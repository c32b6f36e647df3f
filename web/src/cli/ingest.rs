//! `recoup ingest` and `recoup process`

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::{Ended, say};
use crate::desk::receive::receive_paths;
use crate::desk::{reading, settle, triage};
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

/// What processing did.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Processed {
    pub documents_read: usize,
    pub documents_settled: usize,
    pub deductions_judged: usize,
    /// Everything on file that a person has to look at, not only what came now.
    pub documents_in_review: i64,
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

/// Reads, settles and judges everything that waits.
pub async fn finish_pending(workplace: &Workplace) -> Result<Processed> {
    let _alone = workplace.lock_processing()?;
    Ok(Processed {
        documents_read: reading::read_pending(workplace).await?,
        documents_settled: settle::settle_pending(workplace).await?,
        deductions_judged: triage::judge_pending(workplace).await?,
        documents_in_review: workplace.store.documents_in_review().await?,
    })
}

fn report(processed: Processed) -> Result<()> {
    say!("{} documents read, {} settled, {} deductions judged", processed.documents_read, processed.documents_settled, processed.deductions_judged);
    if processed.documents_in_review > 0 {
        say!("{} documents wait for a person; `recoup explain NAME` says why", processed.documents_in_review);
    }
    Ok(())
}

//! `recoup confirm`

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;

use super::{Ended, explain, say};
use crate::desk::layouts::{Confirmation, Correction, Sums, confirm};
use crate::desk::process::finish_pending;
use crate::desk::which_holds::{self, Holds};
use crate::workplace::Workplace;

#[derive(Debug, Args)]
pub struct Arguments {
    /// A document: its name, number or id.
    document: String,
    /// What to set right: {"columns": {"Heading or number": "gross"}, "fields": {"payment_date": "2026-03-31"}}.
    #[arg(long, value_name = "FILE.json")]
    correct: Option<PathBuf>,
    /// Where another paper tells the same payment: this one `replaces` it, is `another` payment, or is `set_aside`.
    #[arg(long, value_name = "WORD", conflicts_with = "correct")]
    holds: Option<Holds>,
}

pub async fn run(workplace: &Workplace, arguments: Arguments, json: bool) -> Result<Ended> {
    let correction = match &arguments.correct {
        None => Correction::default(),
        Some(path) => {
            let text = std::fs::read_to_string(path).with_context(|| format!("{} can't be read", path.display()))?;
            serde_json::from_str(&text).with_context(|| format!("{}", path.display()))?
        }
    };
    let document = explain::document(workplace, arguments.document.trim()).await?;
    if let Some(holds) = arguments.holds {
        which_holds::say(workplace, &document, holds, "command line").await??;
        finish_pending(workplace).await?;
        let now = workplace.store.document(&document.document_id).await?.context("the document went away")?;
        if json {
            say!("{}", serde_json::json!({ "document": now.name, "holds": holds, "status": now.status, "problem": now.problem }));
        } else {
            say!("{}: {}{}", now.name, now.status.replace('_', " "), now.problem.map(|problem| format!(": {problem}")).unwrap_or_default());
        }
        return Ok(Ended::Done);
    }
    let confirmed = match confirm(workplace, &document, &correction, Sums::AsPrinted, "command line").await? {
        Confirmation::Done(confirmed) => confirmed,
        Confirmation::Stale => bail!("{} was read anew in the meantime; look at it again", document.name),
        Confirmation::Refused(why) => bail!("{why}"),
    };
    if confirmed.reopened {
        finish_pending(workplace).await?;
    }
    if json {
        say!("{}", serde_json::to_string(&confirmed)?);
        return Ok(Ended::Done);
    }
    match &confirmed.sender {
        Some(sender) => {
            let tables = if confirmed.tables == 1 { "1 table".to_owned() } else { format!("{} tables", confirmed.tables) };
            say!("{}: {tables} confirmed; the next papers of {sender} laid out so are read by what was confirmed", confirmed.document);
        }
        None => say!("{}: corrected; no table of a payment was read from it whose layout could be learnt", confirmed.document),
    }
    if confirmed.reopened {
        say!("it was read again with the corrections");
    }
    Ok(Ended::Done)
}

//! `recoup import`

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use recoup_engine::sentence::counted;

use super::{Ended, say};
use crate::desk::import::{Summary, import_into};
use crate::workplace::Workplace;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Folders of reference files, or single files such as invoices.csv.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
}

pub async fn run(workplace: &Workplace, arguments: Arguments, json: bool) -> Result<Ended> {
    let mut summary = Summary::default();
    let imported = import_into(workplace, &arguments.paths, &mut summary).await;
    // What was taken is said even when something failed after it: a second import of the same rows would call them unchanged.
    let ended = if imported.is_ok() || !summary.files.is_empty() { report(&summary, json)? } else { Ended::Done };
    imported.map(|()| ended)
}

fn report(summary: &Summary, json: bool) -> Result<Ended> {
    let listed = if summary.rejects.is_empty() { None } else { Some(list_rejects(summary)?) };
    if json {
        say!(
            "{}",
            serde_json::to_string(
                &serde_json::json!({ "files": summary.files, "rejects": summary.rejects, "rejects_file": listed, "deductions_judged": summary.deductions_judged, "deductions_waiting": summary.deductions_waiting })
            )?
        );
    } else {
        for file in &summary.files {
            let totals: Vec<String> = file.control_totals.iter().map(|(column, total)| format!("{column} {total}")).collect();
            say!(
                "{:24} {:>8} rows  {:>8} new  {:>6} changed  {:>8} unchanged  {:>6} rejected  {}",
                file.file,
                file.rows,
                file.new,
                file.changed,
                file.unchanged,
                file.rejected,
                totals.join(", ")
            );
            for warning in &file.warnings {
                eprintln!("warning: {warning}");
            }
        }
        if summary.deductions_judged > 0 {
            say!("{} judged again: what came may decide them", counted(summary.deductions_judged, "deduction", "deductions"));
        }
        if summary.deductions_waiting > 0 {
            let waiting = counted(summary.deductions_waiting, "deduction waits", "deductions wait");
            say!("{waiting} to be judged again: another process is at it and takes them along, or run `recoup process`");
        }
        for reject in summary.rejects.iter().take(20) {
            eprintln!("{}:{}: column `{}`, value `{}`: {}", reject.file, reject.line, reject.column, reject.value, reject.problem);
        }
        if let Some(listed) = &listed {
            eprintln!("{} cells were rejected; all are listed in {listed}", summary.rejects.len());
        }
    }
    Ok(if summary.rejects.is_empty() { Ended::Done } else { Ended::WithRejects })
}

/// Writes `import_rejects.csv` into the current folder.
fn list_rejects(summary: &Summary) -> Result<String> {
    let name = "import_rejects.csv";
    let mut writer = csv::Writer::from_path(name)?;
    for reject in &summary.rejects {
        writer.serialize(reject)?;
    }
    writer.flush()?;
    Ok(name.to_owned())
}

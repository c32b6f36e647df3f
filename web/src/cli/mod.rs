//! The command line of the contract. Exit status: 0 done, 1 failed, 2 wrong usage, 3 done with rejects listed, 130 interrupted.

mod allocate;
mod bench;
mod categorise;
mod confirm;
mod demo;
mod explain;
mod export;
mod import;
mod ingest;
mod learn;
mod people;
mod rebuild;
mod rules;
mod serve;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workplace::Workplace;

/// The folder of a first start.
const DEFAULT_DATA: &str = "recoup-data";
/// The folder of a demo: never that of a first start, because every demo makes it anew.
const DEMO_DATA: &str = "demo-data";

/// Deduction management: reads remittances, matches short payments, judges every deduction, routes the claims.
#[derive(Debug, Parser)]
#[command(name = "recoup", version, propagate_version = true)]
pub struct Command {
    /// Folder of the embedded default: database, originals, search index.
    /// [default: recoup-data; of the demo demo-data]
    #[arg(long, env = "RECOUP_DATA", global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// PostgreSQL server instead of the embedded database: postgres://…
    #[arg(long, env = "RECOUP_DATABASE", global = true, value_name = "URL", hide_env_values = true)]
    database: Option<String>,
    /// One machine-readable summary on standard output.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Reference data: a folder of the contract's files, or single files.
    Import(import::Arguments),
    /// Remittances and supporting documents of any format; folders are walked.
    Ingest(ingest::Arguments),
    /// Finish whatever is pending.
    Process(ingest::ProcessArguments),
    /// Write deductions, allocations, payments, documents, claims, customers, journal or audit.
    Export(export::Arguments),
    /// Put a payment that stands on account on open items: oldest, most overdue or largest first.
    Allocate(allocate::Arguments),
    /// Why a document was read, a deduction judged, a claim routed so; runs the decision again and compares.
    Explain(explain::Arguments),
    /// Confirm how a document was read, with corrections: its layout is learnt for the sender's next one.
    Confirm(confirm::Arguments),
    /// Say what a deduction claims, where code and words say nothing; it is judged by the test of that category.
    Categorise(categorise::Arguments),
    /// Retrain what is learnt from decisions; prints how often it was right on those that were held back.
    Learn(learn::Arguments),
    /// The classification and routing rules: check, test, backtest, write, publish.
    Rules(rules::Arguments),
    /// Re-check every invariant on the whole database.
    Verify,
    /// Make the kept summaries anew from the claims and deductions that they sum.
    Rebuild,
    /// The web application, with a watched folder if wanted.
    Serve(serve::Arguments),
    /// People and their roles.
    User(people::Arguments),
    /// The project's own benchmarks.
    Bench(bench::Arguments),
    /// Load the samples into a fresh folder and serve them, ready to log in to.
    Demo(demo::Arguments),
}

/// Writes a line to standard output; a reader that went away is an error to pass on, where `println!` would panic.
macro_rules! say {
    ($($arguments:tt)*) => {
        std::io::Write::write_fmt(&mut std::io::stdout().lock(), format_args!("{}\n", format_args!($($arguments)*)))?
    };
}
use say;

/// How a command that did not fail ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Done,
    /// Done, with rejects listed, or with findings.
    WithRejects,
    /// The work was done and what was checked is not right.
    Failed,
}

pub fn run(command: Command) -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_env("RECOUP_LOG").unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn")))
        .init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("recoup: {error}");
            return ExitCode::FAILURE;
        }
    };
    // The server ends by itself when it is told to, after the requests under way.
    let ends_itself = matches!(command.what, What::Serve(_));
    let ended = runtime.block_on(async {
        tokio::select! {
            ended = dispatch(command) => Some(ended),
            _ = tokio::signal::ctrl_c(), if !ends_itself => None,
        }
    });
    match ended {
        None => ExitCode::from(130),
        Some(Ok(Ended::Done)) => ExitCode::SUCCESS,
        Some(Ok(Ended::WithRejects)) => ExitCode::from(3),
        Some(Ok(Ended::Failed)) => ExitCode::FAILURE,
        Some(Err(error)) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Some(Err(error)) => {
            eprintln!("recoup: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The reader of our output went away: nothing to complain about.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let closed = |kind: std::io::ErrorKind| kind == std::io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|cause| closed(cause.kind()))
            || cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind).is_some_and(closed)
            || cause.downcast_ref::<csv::Error>().is_some_and(|cause| matches!(cause.kind(), csv::ErrorKind::Io(cause) if closed(cause.kind())))
    })
}

async fn dispatch(command: Command) -> Result<Ended> {
    let what = match command.what {
        What::Bench(arguments) => return bench::run(arguments, command.database.as_deref(), command.json).await,
        What::Demo(arguments) => return demo::run(arguments, &command.data.unwrap_or_else(|| PathBuf::from(DEMO_DATA))).await,
        what => what,
    };
    let data = command.data.unwrap_or_else(|| PathBuf::from(DEFAULT_DATA));
    let only_reads = matches!(what, What::Export(_) | What::Verify | What::Explain(_) | What::Confirm(_) | What::Process(_) | What::Learn(_) | What::Rebuild);
    if only_reads && command.database.is_none() && !data.join("recoup.sqlite").exists() {
        anyhow::bail!("{} holds no Recoup database: give the folder with --data, or make one with `recoup import`", data.display());
    }
    let is_new = command.database.is_none() && !data.join("recoup.sqlite").exists();
    if matches!(what, What::Serve(_)) && is_new {
        // A mistyped folder would be served as an empty company.
        if !data.exists() && data != PathBuf::from(DEFAULT_DATA) {
            anyhow::bail!("{} does not exist: correct --data, or make the folder first to start a new database in it", data.display());
        }
        println!("{} holds no Recoup database yet: a new, empty one is made", data.display());
    }
    let workplace = Workplace::open(&data, command.database.as_deref()).await?;
    match what {
        What::Import(arguments) => import::run(&workplace, arguments, command.json).await,
        What::Ingest(arguments) => ingest::run(&workplace, arguments, command.json).await,
        What::Process(arguments) => ingest::process(&workplace, arguments, command.json).await,
        What::Export(arguments) => export::run(&workplace, arguments).await,
        What::Allocate(arguments) => allocate::run(&workplace, arguments, command.json).await,
        What::Explain(arguments) => explain::run(&workplace, arguments, command.json).await,
        What::Confirm(arguments) => confirm::run(&workplace, arguments, command.json).await,
        What::Categorise(arguments) => categorise::run(&workplace, arguments, command.json).await,
        What::Learn(arguments) => learn::run(&workplace, arguments, command.json).await,
        What::Rules(arguments) => rules::run(&workplace, arguments, command.json).await,
        What::Verify => verify::run(&workplace, command.json).await,
        What::Rebuild => rebuild::run(&workplace, command.json).await,
        What::Serve(arguments) => serve::run(workplace, arguments).await,
        What::User(arguments) => people::run(&workplace, arguments, command.json).await,
        What::Bench(_) | What::Demo(_) => unreachable!("answered above"),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Command;

    #[test]
    fn no_option_of_a_command_clashes_with_another() {
        Command::command().debug_assert();
    }
}

//! `recoup`: deduction management in one program. This page parses, dispatches and sets the exit status.

mod cli;
mod clock;
mod demo;
mod desk;
mod jobs;
mod pages;
mod search;
mod vault;
mod workplace;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    // The guarded child answers on its pipes alone: no runtime, no log, no arguments.
    if std::env::args().nth(1).as_deref() == Some("read-documents") {
        return match jobs::child::serve() {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    cli::run(cli::Command::parse())
}

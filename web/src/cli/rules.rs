//! `recoup rules`: the book of classification and routing, checked, tried on examples and on the past before it is put in force.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use recoup_engine::money::format_minor;
use recoup_rules::edition::Edition;
use recoup_rules::small_claims::BUNCHED;
use recoup_store::screens::figures::Sight;
use serde_json::json;

use super::{Ended, say};
use crate::desk::authority;
use crate::desk::backtest::{self, Aspect, Backtest, Change, Outcome, Totals, aspects};
use crate::desk::runs::Course;
use crate::desk::{overview, rule_book};
use crate::workplace::Workplace;

/// How many of the changes that move the most money are shown.
const WORST: usize = 20;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Rows that never hit, gaps, words with two meanings, cells that can't be read.
    Check(Draft),
    /// Decide the examples beside the rules and compare.
    Test(Draft),
    /// What a draft would have changed: every past deduction decided by the book in force and by the draft.
    Backtest { draft: PathBuf },
    /// How sure verdicts were beside what people decided: of what is said with 0.9, at least 0.9 should be right.
    Calibration,
    /// The open claims that stand among others right under the limit of small claims, with their customers.
    Bunched,
    /// Write the book in force into an empty folder, for editing.
    Write { folder: PathBuf },
    /// Put a draft in force once it passes its check and its examples.
    Publish {
        draft: PathBuf,
        /// The login of the person who answers for it; stands in the log.
        #[arg(long, value_name = "LOGIN")]
        by: String,
    },
}

#[derive(Debug, Args)]
struct Draft {
    /// Folder of the draft; the book in force without one.
    draft: Option<PathBuf>,
}

impl Draft {
    fn edition(&self, workplace: &Workplace) -> Result<Edition> {
        self.draft.as_deref().map_or_else(|| Ok(workplace.rules().edition.clone()), rule_book::draft)
    }
}

pub async fn run(workplace: &Workplace, arguments: Arguments, json: bool) -> Result<Ended> {
    match arguments.what {
        What::Check(draft) => check(&draft.edition(workplace)?, json),
        What::Test(draft) => test(&draft.edition(workplace)?, json),
        What::Backtest { draft } => {
            let report = backtest::run(workplace, &rule_book::draft(&draft)?.book()?, &Course::default()).await?;
            let report = report.context("the backtest was stopped")?;
            show(&report, json)?;
            Ok(Ended::Done)
        }
        What::Calibration => calibration(workplace, json).await,
        What::Bunched => bunched(workplace, json).await,
        What::Write { folder } => {
            let count = rule_book::write(&workplace.rules().edition, &folder)?;
            say!("{count} files of {} written to {}", workplace.rules().version, folder.display());
            Ok(Ended::Done)
        }
        What::Publish { draft, by } => {
            let by = authority::known(workplace, &by).await?;
            let version = rule_book::publish(workplace, &rule_book::draft(&draft)?, &by).await?;
            say!("{version} is in force; `recoup process --again` judges what is on file by it");
            Ok(Ended::Done)
        }
    }
}

async fn calibration(workplace: &Workplace, json: bool) -> Result<Ended> {
    let found = overview::calibration(&workplace.store.figures(&Sight::default(), &["said"]).await?).await?;
    let error = found.error.map(|error| format!("{}.{:03}", error / 1000, error % 1000));
    if json {
        say!(
            "{}",
            json!({ "decided_by_people": found.cases, "said_with_0.9": found.sure, "of_these_right": found.sure_and_right, "expected_calibration_error": error })
        );
        return Ok(Ended::Done);
    }
    let Some(error) = error else {
        say!("nobody has decided a claim yet whose verdict said what is owed");
        return Ok(Ended::Done);
    };
    say!("{} verdicts that people decided; expected calibration error {error}", found.cases);
    say!("said with 0.9 or more: {} of {} right, {}", found.sure_and_right, found.sure, if found.holds() { "holds" } else { "does NOT hold" });
    Ok(Ended::Done)
}

/// Amounts that keep under a limit on purpose look like this: one line a claim, so that somebody looks at them together.
async fn bunched(workplace: &Workplace, json: bool) -> Result<Ended> {
    let claims = workplace.store.open_claims_routed_by(BUNCHED).await?;
    if json {
        say!("{}", json!({ "claims": claims }));
        return Ok(Ended::Done);
    }
    for claim in &claims {
        let customer = claim.customer_id.as_deref().unwrap_or("nobody known");
        say!("{customer}  {}  {} {}  {}", claim.claim_id, format_minor(claim.amount, claim.currency), claim.currency, claim.category);
    }
    if claims.is_empty() {
        say!("no open claims bunch right under the limit of small claims");
    }
    Ok(Ended::Done)
}

fn check(edition: &Edition, json: bool) -> Result<Ended> {
    let findings = recoup_rules::check::check(edition);
    let stops = findings.iter().any(|finding| finding.stops);
    if json {
        let listed: Vec<_> = findings
            .iter()
            .map(|finding| {
                let place = &finding.place;
                json!({ "file": place.file, "line": place.line, "column": place.column, "problem": place.problem, "stops": finding.stops })
            })
            .collect();
        say!("{}", json!({ "findings": listed }));
    } else {
        for finding in &findings {
            say!("{} {}", if finding.stops { "error:  " } else { "doubtful:" }, finding.place);
        }
        say!("{} findings", findings.len());
    }
    Ok(if stops { Ended::Failed } else { Ended::Done })
}

fn test(edition: &Edition, json: bool) -> Result<Ended> {
    let (count, differing) = edition.run_examples()?;
    if json {
        let listed: Vec<_> = differing
            .iter()
            .map(|one| json!({ "file": one.file, "line": one.line, "case": one.case, "column": one.column, "expected": one.expected, "got": one.got, "explanation": one.explanation }))
            .collect();
        say!("{}", json!({ "examples": count, "differing": listed }));
    } else {
        for one in &differing {
            say!("{}:{} {}: {} is {}, expected {} ({})", one.file, one.line, one.case, one.column, one.got, one.expected, one.explanation);
        }
        say!("{count} examples, {} cells differ", differing.len());
    }
    Ok(if differing.is_empty() { Ended::Done } else { Ended::Failed })
}

fn show(report: &Backtest, json: bool) -> Result<()> {
    if json {
        say!("{}", serde_json::to_value(report)?);
        return Ok(());
    }
    say!("{} deductions decided by both books, {} would be decided otherwise", report.decided, report.changes.len());
    show_totals("customer", &report.totals(|change| &change.customer_id))?;
    show_totals("category", &report.totals(|change| &change.after.category))?;
    for change in report.changes.iter().take(WORST) {
        say!("  {} {} {}: {}", change.deduction_id, amount(change.amount, &change.currency), change.customer_id, difference(change));
    }
    Ok(())
}

fn show_totals(head: &str, totals: &Totals) -> Result<()> {
    for ((word, currency), (count, moved)) in totals {
        say!("  {head:9} {word:24} {count:>6} changes, {} moved", amount(*moved, currency));
    }
    Ok(())
}

/// What is different, in words: `shortage -> damage, desk supply_chain -> sales`.
fn difference(change: &Change) -> String {
    let said = |aspect: Aspect, outcome: &Outcome| match aspect {
        Aspect::Category => outcome.category.clone(),
        Aspect::Expectation => outcome.expectation.clone(),
        Aspect::Validity => outcome.validity.clone(),
        Aspect::Owed => outcome.owed.map_or("unknown".to_owned(), |minor| amount(minor, &change.currency)),
        Aspect::Desk => outcome.queue.clone(),
        Aspect::Priority => outcome.priority.clone(),
        Aspect::Approval => outcome.approval_level.to_string(),
        Aspect::Days => outcome.days.map_or_else(String::new, |days| days.to_string()),
        Aspect::Closes | Aspect::Opens => outcome.closes.to_string(),
        Aspect::Row => outcome.routing_rule.clone(),
    };
    let named = |aspect: Aspect| match aspect {
        Aspect::Category | Aspect::Expectation | Aspect::Validity => String::new(),
        Aspect::Closes | Aspect::Opens => "closed ".to_owned(),
        other => format!("{} ", other.word()),
    };
    let told =
        aspects(&change.before, &change.after).map(|aspect| format!("{}{} -> {}", named(aspect), said(aspect, &change.before), said(aspect, &change.after)));
    told.collect::<Vec<_>>().join(", ")
}

fn amount(minor: i64, currency: &str) -> String {
    currency.parse().map_or_else(|_| minor.to_string(), |code| format!("{} {currency}", format_minor(minor, code)))
}

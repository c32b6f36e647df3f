//! A backtest of a draft that people work on: it runs behind the pages, tells the database how far it is, can be stopped, and what it came to is kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use recoup_store::audit::NewEntry;
use recoup_store::deeds::Deed;
use recoup_store::rule_backtests::{ChangeRow, RuleBacktest};
use recoup_store::rule_runs::{RunKind, RunState};
use serde::{Deserialize, Serialize};

use super::{Aspect, Backtest, Change, aspects, run};
use crate::clock::{now_seconds, now_text};
use crate::desk::drafts::{self, Draft, Refusal, content};
use crate::desk::rule_book::Unfit;
use crate::desk::runs::{Course, fail, is_running, watch};
use crate::vault::digest;
use crate::workplace::Workplace;

/// What a backtest came to, without the single changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub decided: usize,
    pub changes: usize,
    /// By currency.
    pub all: Vec<Line>,
    /// By what differs. The money of a change stands with the first thing that differs, so that it is counted once.
    pub aspects: Vec<Line>,
    /// By the category that the draft gives.
    pub categories: Vec<Line>,
    pub customers: Vec<Line>,
}

/// Changes of one kind in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub word: String,
    pub currency: String,
    pub count: usize,
    /// Minor units whose fate differs, see [`Change::moved`].
    pub moved: i64,
    /// Minor units that would be owed more, less when negative, where both books know it.
    pub owed: i64,
}

impl Report {
    fn of(backtest: &Backtest) -> Self {
        let changes = &backtest.changes;
        Self {
            decided: backtest.decided,
            changes: changes.len(),
            all: lines(changes, |_| vec![String::new()]),
            aspects: in_order(lines(changes, |change| aspects(&change.before, &change.after).map(|aspect| aspect.word().to_owned()).collect())),
            categories: lines(changes, |change| vec![change.after.category.clone()]),
            customers: lines(changes, |change| vec![change.customer_id.clone()]),
        }
    }
}

/// Sums by words of a change and by currency, the most money first. Its money is added to its first word.
fn lines(changes: &[Change], words: impl Fn(&Change) -> Vec<String>) -> Vec<Line> {
    let mut sums: BTreeMap<(String, &str), (usize, i64, i64)> = BTreeMap::new();
    for change in changes {
        for (place, word) in words(change).into_iter().enumerate() {
            let (count, moved, owed) = sums.entry((word, &change.currency)).or_default();
            *count += 1;
            if place > 0 {
                continue;
            }
            *moved += change.moved();
            *owed += change.before.owed.zip(change.after.owed).map_or(0, |(before, after)| after - before);
        }
    }
    let line = |((word, currency), (count, moved, owed)): ((String, &str), (usize, i64, i64))| Line { word, currency: currency.to_owned(), count, moved, owed };
    let mut lines: Vec<Line> = sums.into_iter().map(line).collect();
    lines.sort_by(|left, right| right.moved.cmp(&left.moved).then_with(|| (&left.word, &left.currency).cmp(&(&right.word, &right.currency))));
    lines
}

/// Aspects stand in the order in which a decision is made.
fn in_order(mut lines: Vec<Line>) -> Vec<Line> {
    lines.sort_by_key(|line| Aspect::ALL.iter().position(|aspect| aspect.word() == line.word));
    lines
}

/// How asking for a backtest ended.
#[derive(Debug)]
pub enum Begun {
    Begun,
    /// One is under way.
    Running,
    Refused(Refusal),
    Missing,
}

/// Begins a backtest behind the pages; the one before is forgotten.
pub async fn begin(workplace: &Arc<Workplace>, login: &str, draft_id: &str, run_id: &str) -> Result<Begun> {
    let Some(draft) = drafts::read(workplace, draft_id).await? else { return Ok(Begun::Missing) };
    if let Err(place) = draft.edition.book() {
        return Ok(Begun::Refused(Refusal::Unfit(Unfit::Unreadable(place))));
    }
    if workplace.store.rule_backtest(draft_id).await?.is_some_and(|run| is_running(run.state, run.seen_at)) {
        return Ok(Begun::Running);
    }
    let run = RuleBacktest {
        draft_id: draft_id.to_owned(),
        run_id: run_id.to_owned(),
        book: workplace.renew_rules().await?.version.clone(),
        draft: content(&draft),
        state: RunState::Running,
        decided: 0,
        total: 0,
        seen_at: now_seconds(),
        report: None,
        problem: None,
        begun_by: login.to_owned(),
        begun_at: now_text(),
    };
    let mut work = workplace.store.begin().await?;
    work.begin_rule_backtest(&run).await?;
    let detail = serde_json::json!({ "name": draft.row.name, "book": run.book, "draft": run.draft }).to_string();
    let entry = NewEntry { at: now_text(), actor: login.to_owned(), action: Deed::DraftBacktested.into(), subject: run.draft_id, detail };
    work.append_audit(vec![entry], digest).await?;
    work.commit().await?;
    tokio::spawn(keep(workplace.clone(), draft, run.run_id));
    Ok(Begun::Begun)
}

/// Stops a run; false when none is under way.
pub async fn stop(workplace: &Workplace, login: &str, draft_id: &str) -> Result<bool> {
    let Some(run) = workplace.store.rule_backtest(draft_id).await? else { return Ok(false) };
    let mut work = workplace.store.begin().await?;
    if !work.end_run(RunKind::Backtest, &run.run_id, RunState::Stopped, None).await? {
        return Ok(false);
    }
    let entry =
        NewEntry { at: now_text(), actor: login.to_owned(), action: Deed::BacktestStopped.into(), subject: draft_id.to_owned(), detail: "{}".to_owned() };
    work.append_audit(vec![entry], digest).await?;
    work.commit().await?;
    Ok(true)
}

/// Runs to the end and keeps what it came to; a failure is kept as well, so that the page can say it.
async fn keep(workplace: Arc<Workplace>, draft: Draft, run_id: String) {
    let run = async {
        let course = Course::default();
        let book = draft.edition.book()?;
        match watch(&workplace, RunKind::Backtest, &run_id, &course, run(&workplace, &book, &course)).await? {
            Some(backtest) => finish(&workplace, &draft, &run_id, &backtest).await,
            None => Ok(()),
        }
    };
    if let Err(error) = run.await {
        fail(&workplace, RunKind::Backtest, &run_id, &error).await;
    }
}

async fn finish(workplace: &Workplace, draft: &Draft, run_id: &str, backtest: &Backtest) -> Result<()> {
    let report = serde_json::to_string(&Report::of(backtest))?;
    let rows = (1..).zip(&backtest.changes).map(|(place, change)| {
        anyhow::Ok(ChangeRow {
            place,
            deduction_id: change.deduction_id.clone(),
            customer_id: change.customer_id.clone(),
            amount: change.amount,
            currency: change.currency.clone(),
            moved: change.moved(),
            was: serde_json::to_string(&change.before)?,
            becomes: serde_json::to_string(&change.after)?,
        })
    });
    let rows: Vec<ChangeRow> = rows.collect::<Result<_>>()?;
    let decided = i64::try_from(backtest.decided)?;
    let mut work = workplace.store.begin().await?;
    work.tell_run(RunKind::Backtest, run_id, decided, decided, now_seconds()).await?;
    // A run that was stopped or begun anew meanwhile keeps nothing.
    if work.end_run(RunKind::Backtest, run_id, RunState::Done, None).await? {
        work.keep_rule_backtest(run_id, &report).await?;
        work.add_rule_backtest_changes(&draft.row.draft_id, &rows).await?;
        work.commit().await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::desk::drafts::tests::{put, routed_first};
    use crate::desk::resolve::tests::workplace;
    use crate::desk::runs::SILENT_SECONDS;

    async fn begun() -> (Arc<Workplace>, tempfile::TempDir) {
        let (workplace, folder) = workplace(3).await;
        drafts::start(&workplace, "maria", "R-1", "Own desk").await.expect("begun");
        (workplace, folder)
    }

    async fn ended(workplace: &Workplace) -> RuleBacktest {
        for _ in 0..200 {
            let run = workplace.store.rule_backtest("R-1").await.expect("read").expect("a run");
            if run.state != RunState::Running {
                return run;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the run did not end");
    }

    #[tokio::test]
    async fn what_a_draft_would_have_changed_is_kept_with_its_money() {
        let (workplace, _folder) = begun().await;
        let urgent = routed_first("customer_service").into_iter().map(|(name, text)| (name, text.replace("US110", "K"))).collect();
        put(&workplace, "maria", "R-1", urgent).await;
        assert!(matches!(begin(&workplace, "maria", "R-1", "one").await.expect("asked"), Begun::Begun));
        let run = ended(&workplace).await;
        assert_eq!((run.state, run.decided, run.total, run.problem), (RunState::Done, 3, 3, None));
        let report: Report = serde_json::from_str(&run.report.expect("a report")).expect("JSON");
        assert_eq!((report.decided, report.changes), (3, 3));
        let desk = report.aspects.iter().find(|line| line.word == "desk").expect("the desk differs");
        assert_eq!((desk.count, desk.moved, desk.currency.as_str()), (3, 3_000, "EUR"));
        let changes = workplace.store.rule_backtest_changes("R-1", 0, 2).await.expect("read");
        assert_eq!(changes.iter().map(|change| change.place).collect::<Vec<_>>(), [1, 2]);
        let after: super::super::Outcome = serde_json::from_str(&changes[0].becomes).expect("an outcome");
        assert_eq!((after.queue.as_str(), after.routing_rule.as_str()), ("customer_service", "first"));
        assert_eq!(workplace.store.rule_backtest_changes("R-1", 2, 9).await.expect("read").len(), 1);
        assert!(!stop(&workplace, "maria", "R-1").await.expect("asked"), "nothing is under way");
        put(&workplace, "maria", "R-1", routed_first("fnance")).await;
        assert!(matches!(begin(&workplace, "maria", "R-1", "two").await.expect("asked"), Begun::Refused(_)), "a bad cell");
    }

    #[tokio::test]
    async fn a_run_that_is_stopped_keeps_nothing_and_one_that_fell_silent_can_be_begun_again() {
        let (workplace, _folder) = begun().await;
        let draft = drafts::read(&workplace, "R-1").await.expect("read").expect("a draft");
        let mut run = RuleBacktest {
            draft_id: "R-1".to_owned(),
            run_id: "one".to_owned(),
            book: String::new(),
            draft: String::new(),
            state: RunState::Running,
            decided: 0,
            total: 0,
            seen_at: now_seconds(),
            report: None,
            problem: None,
            begun_by: "maria".to_owned(),
            begun_at: now_text(),
        };
        let mut work = workplace.store.begin().await.expect("work");
        work.begin_rule_backtest(&run).await.expect("begun");
        work.commit().await.expect("committed");
        assert!(matches!(begin(&workplace, "maria", "R-1", "two").await.expect("asked"), Begun::Running));
        assert!(stop(&workplace, "maria", "R-1").await.expect("asked"));
        finish(&workplace, &draft, "one", &Backtest { decided: 0, changes: Vec::new() }).await.expect("finished");
        assert_eq!(ended(&workplace).await.state, RunState::Stopped);
        run.seen_at -= SILENT_SECONDS + 1;
        let mut work = workplace.store.begin().await.expect("work");
        work.begin_rule_backtest(&run).await.expect("begun");
        work.commit().await.expect("committed");
        assert!(matches!(begin(&workplace, "maria", "R-1", "three").await.expect("asked"), Begun::Begun), "it was cut off");
        assert_eq!(ended(&workplace).await.state, RunState::Done);
    }
}

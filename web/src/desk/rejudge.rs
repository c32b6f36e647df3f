//! Judging anew, by the book in force, what nobody decided: behind the pages, customer by customer, until it is done or stopped.
//!
//! What a person decided or worked stays as it is; every verdict that changes stands in the log with the version that changed it, as in all judging.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use recoup_engine::facts::Facts;
use recoup_store::audit::NewEntry;
use recoup_store::deeds::Deed;
use recoup_store::rejudgings::Rejudging;
use recoup_store::rule_runs::{RunKind, RunState};
use serde_json::json;

use super::runs::{Course, SILENT_SECONDS, fail, watch};
use super::triage::judge_waiting;
use crate::clock::{now_seconds, now_text};
use crate::vault::digest;
use crate::workplace::Workplace;

/// Deductions of a step at least, but for the last one: a step reads what every customer shares.
const STEP: i64 = 2_000;
/// Before asking again whether others have finished reading or judging.
const PAUSE: Duration = Duration::from_secs(1);
/// Between two steps, long enough for what waits for the lock of processing to look for it.
const LETTING_IN: Duration = Duration::from_millis(2_500);

/// Why a run ended early: kept as the problem of a stopped run.
pub const OTHER_BOOK: &str = "other_book";

/// Begins a run; false when one by the same book is under way already. One by an earlier book gives way: it stops before its next customers.
pub async fn begin(workplace: &Arc<Workplace>, login: &str, run_id: &str) -> Result<bool> {
    let run = Rejudging {
        run_id: run_id.to_owned(),
        book: workplace.renew_rules().await?.version.clone(),
        state: RunState::Running,
        decided: 0,
        total: 0,
        changed: 0,
        seen_at: now_seconds(),
        problem: None,
        begun_by: login.to_owned(),
        begun_at: now_text(),
    };
    let mut work = workplace.store.begin().await?;
    // The log is written by one at a time: of two clicks the second sees what the first began.
    work.append_audit(vec![entry(login, Deed::RejudgingBegun, &run)], digest).await?;
    if !work.begin_rejudging(&run, now_seconds() - SILENT_SECONDS).await? {
        return Ok(false);
    }
    work.commit().await?;
    tokio::spawn(keep(workplace.clone(), run));
    Ok(true)
}

fn entry(login: &str, action: Deed, run: &Rejudging) -> NewEntry {
    NewEntry { at: now_text(), actor: login.to_owned(), action: action.into(), subject: run.run_id.clone(), detail: json!({ "book": run.book }).to_string() }
}

/// Stops the run under way after the customers whom it is judging; false when there is none.
pub async fn stop(workplace: &Workplace, login: &str) -> Result<bool> {
    let Some(run) = workplace.store.last_rejudging().await? else { return Ok(false) };
    let mut work = workplace.store.begin().await?;
    if !work.end_run(RunKind::Rejudging, &run.run_id, RunState::Stopped, None).await? {
        return Ok(false);
    }
    work.append_audit(vec![entry(login, Deed::RejudgingStopped, &run)], digest).await?;
    work.commit().await?;
    Ok(true)
}

/// Runs to the end; a failure is kept, so that the page can say it.
async fn keep(workplace: Arc<Workplace>, run: Rejudging) {
    let course = Course::default();
    let kept = async {
        let (state, problem) = watch(&workplace, RunKind::Rejudging, &run.run_id, &course, rejudge(&workplace, &run, &course)).await?;
        let (decided, total) = course.stands();
        let mut work = workplace.store.begin().await?;
        work.tell_run(RunKind::Rejudging, &run.run_id, i64::try_from(decided)?, i64::try_from(total)?, now_seconds()).await?;
        work.end_run(RunKind::Rejudging, &run.run_id, state, problem).await?;
        anyhow::Ok(work.commit().await?)
    };
    if let Err(error) = kept.await {
        fail(&workplace, RunKind::Rejudging, &run.run_id, &error).await;
    }
}

/// Judges step by step; between two steps others read and judge what came in meanwhile. Returns how it ended.
async fn rejudge(workplace: &Workplace, run: &Rejudging, course: &Course) -> Result<(RunState, Option<&'static str>)> {
    let steps = steps(workplace).await?;
    course.expect(u64::try_from(steps.iter().map(|step| step.count).sum::<i64>())?);
    for (index, step) in steps.into_iter().enumerate() {
        if index > 0 {
            tokio::time::sleep(LETTING_IN).await;
        }
        let _alone = loop {
            if course.is_stopped() {
                return Ok((RunState::Stopped, None));
            }
            match workplace.try_processing()? {
                Some(alone) => break alone,
                None => tokio::time::sleep(PAUSE).await,
            }
        };
        if workplace.renew_rules().await?.version != run.book {
            return Ok((RunState::Stopped, Some(OTHER_BOOK)));
        }
        let mut work = workplace.store.begin().await?;
        work.reopen_customers(&step.customers).await?;
        if step.has_unknown_payers {
            work.reopen_unknown_payers().await?;
        }
        work.commit().await?;
        let judged = judge_waiting(workplace).await?;
        let mut work = workplace.store.begin().await?;
        work.add_rejudged(&run.run_id, i64::try_from(judged.changed)?).await?;
        work.commit().await?;
        course.advance(u64::try_from(step.count)?);
    }
    Ok((RunState::Done, None))
}

/// Customers who are judged at once: what was taken from one part of a group tells about the others.
#[derive(Debug, Default)]
struct Step {
    customers: Vec<String>,
    has_unknown_payers: bool,
    count: i64,
}

async fn steps(workplace: &Workplace) -> Result<Vec<Step>> {
    let families = Facts::of_customers(workplace.store.customers().await?);
    let mut groups: BTreeMap<String, Step> = BTreeMap::new();
    for undecided in workplace.store.undecided_by_customer().await? {
        let head = families.family(&undecided.customer_id).pop().unwrap_or_default();
        let group = groups.entry(head).or_default();
        group.count += undecided.count;
        if undecided.customer_id.is_empty() {
            group.has_unknown_payers = true;
        } else {
            group.customers.push(undecided.customer_id);
        }
    }
    let mut steps: Vec<Step> = Vec::new();
    for group in groups.into_values() {
        match steps.last_mut().filter(|step| step.count < STEP) {
            Some(step) => {
                step.customers.extend(group.customers);
                step.has_unknown_payers |= group.has_unknown_payers;
                step.count += group.count;
            }
            None => steps.push(group),
        }
    }
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use recoup_engine::claim::action::{Action, Decision, Outcome};
    use recoup_rules::edition::Edition;
    use recoup_store::verdicts::PendingDeduction;

    use super::*;
    use crate::desk::drafts::tests::routed_first;
    use crate::desk::resolve::tests::workplace;
    use crate::desk::resolve::{Resolved, act};
    use crate::desk::rule_book::publish;

    /// Puts a book in force that sends everything of customer K to customer service.
    async fn published(workplace: &Workplace) -> String {
        let files: BTreeMap<String, String> = routed_first("customer_service").into_iter().map(|(name, text)| (name, text.replace("US110", "K"))).collect();
        publish(workplace, &Edition::compiled_in().overlaid(files).0, "jonas").await.expect("published")
    }

    async fn ended(workplace: &Workplace) -> Rejudging {
        loop {
            let run = workplace.store.last_rejudging().await.expect("read").expect("a run");
            if run.state != RunState::Running {
                return run;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn standing(workplace: &Workplace) -> Vec<PendingDeduction> {
        workplace.store.standing_deductions().await.expect("read")
    }

    async fn log_of(workplace: &Workplace, action: &str) -> Vec<String> {
        let log = workplace.store.export_audit(None).await.expect("read");
        log.into_iter().filter(|entry| entry.action == action).map(|entry| entry.detail).collect()
    }

    #[tokio::test]
    async fn what_nobody_decided_is_judged_by_the_new_book_and_what_people_did_stands() {
        let (workplace, _folder) = workplace(3).await;
        let dispute = Action::Decide(Decision { outcome: Outcome::Dispute, accepted: 0, reason: "signed in full".to_owned() });
        assert!(matches!(act(&workplace, "mara", "C-0", 1, &dispute).await.expect("asked"), Resolved::Done(_)));
        assert!(matches!(act(&workplace, "mara", "C-1", 1, &Action::Assign(Some("mara".to_owned()))).await.expect("asked"), Resolved::Done(_)));
        let before = standing(&workplace).await;
        let book = published(&workplace).await;
        assert!(begin(&workplace, "jonas", "J-1").await.expect("asked"));
        let run = ended(&workplace).await;
        assert_eq!((run.state, run.decided, run.total, run.problem, run.book.as_str()), (RunState::Done, 2, 2, None, book.as_str()));
        let claims = workplace.store.claims(&["C-0".to_owned(), "C-1".to_owned(), "C-2".to_owned()]).await.expect("read");
        let told: Vec<(&str, &str)> = claims.iter().map(|claim| (claim.row.queue.as_str(), claim.state.as_str())).collect();
        assert_eq!((told[0], told[1]), (("finance", "disputed"), ("finance", "in_review")), "what people did stands");
        assert_eq!(standing(&workplace).await[0].status, before[0].status);
        assert_eq!(workplace.store.decided_by("X-2").await.expect("read").map(|by| by.book), Some(book.clone()));
        let judged = log_of(&workplace, "judged").await;
        let last = judged.last().expect("an entry");
        assert!(last.contains(&book) && last.contains("customer_service") && last.contains("X-2") && !last.contains("X-0"), "{last}");
        assert!(log_of(&workplace, "judging anew begun").await[0].contains(&book));
        assert!(!stop(&workplace, "jonas").await.expect("asked"), "nothing is under way");
    }

    #[tokio::test]
    async fn a_run_that_is_stopped_or_overtaken_by_another_book_judges_no_further() {
        let (workplace, _folder) = workplace(3).await;
        let alone = workplace.lock_processing().expect("nobody is at work");
        assert!(begin(&workplace, "jonas", "J-1").await.expect("asked"));
        assert!(!begin(&workplace, "ada", "J-2").await.expect("asked"), "one at a time");
        assert!(stop(&workplace, "ada").await.expect("asked"));
        drop(alone);
        let run = ended(&workplace).await;
        assert_eq!((run.state, run.decided, run.begun_by.as_str()), (RunState::Stopped, 0, "jonas"));
        let alone = workplace.lock_processing().expect("nobody is at work");
        assert!(begin(&workplace, "jonas", "J-3").await.expect("asked"));
        published(&workplace).await;
        drop(alone);
        let run = ended(&workplace).await;
        assert_eq!((run.run_id.as_str(), run.state, run.problem.as_deref(), run.changed), ("J-3", RunState::Stopped, Some(OTHER_BOOK), 0));
    }

    #[tokio::test]
    async fn a_run_by_the_book_that_was_just_published_takes_the_place_of_one_by_an_earlier_book() {
        let (workplace, _folder) = workplace(3).await;
        let alone = workplace.lock_processing().expect("nobody is at work");
        assert!(begin(&workplace, "jonas", "J-1").await.expect("asked"));
        let book = published(&workplace).await;
        let (one, other) = tokio::join!(begin(&workplace, "jonas", "J-2"), begin(&workplace, "ada", "J-3"));
        assert!(one.expect("asked") != other.expect("asked"), "of two clicks one begins a run");
        drop(alone);
        let run = ended(&workplace).await;
        assert_eq!((run.state, run.book, run.decided), (RunState::Done, book, 3));
        assert_eq!(log_of(&workplace, "judging anew begun").await.len(), 2, "what was not begun stands nowhere");
    }
}

//! Long runs behind the pages: a run tells the database every second how far it is, and stops when it is wanted no longer.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Result;
use recoup_store::rule_runs::{RunKind, RunState};
use tokio::time::MissedTickBehavior;

use crate::clock::now_seconds;
use crate::workplace::Workplace;

/// Between two times that a run tells how far it is.
const PAUSE: Duration = Duration::from_secs(1);
/// A run that told nothing for so long was cut off.
pub const SILENT_SECONDS: i64 = 60;

/// How far a run is, and whether it is wanted no longer: shared with whoever watches it.
#[derive(Debug, Default)]
pub struct Course {
    decided: AtomicU64,
    total: AtomicU64,
    is_stopped: AtomicBool,
}

impl Course {
    pub fn expect(&self, total: u64) {
        self.total.store(total, Ordering::Relaxed);
    }

    pub fn advance(&self, by: u64) {
        self.decided.fetch_add(by, Ordering::Relaxed);
    }

    /// Deductions that are decided, of all.
    pub fn stands(&self) -> (u64, u64) {
        (self.decided.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }

    /// The run ends before its next deductions.
    pub fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    pub fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }
}

/// Whether a run is under way: it tells so every second.
pub fn is_running(state: RunState, seen_at: i64) -> bool {
    state == RunState::Running && !is_cut_off(state, seen_at)
}

/// Whether a run ended without saying so.
pub fn is_cut_off(state: RunState, seen_at: i64) -> bool {
    state == RunState::Running && now_seconds() - seen_at > SILENT_SECONDS
}

/// Sees a run to its end, telling how far it is; what is wanted no longer is told to stop. Both go on side by side: what the run writes must not wait for
/// the telling, nor the telling for it.
pub async fn watch<T>(workplace: &Workplace, kind: RunKind, run_id: &str, course: &Course, run: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::select! {
        ended = run => ended,
        never = tell_on(workplace, kind, run_id, course) => match never {},
    }
}

async fn tell_on(workplace: &Workplace, kind: RunKind, run_id: &str, course: &Course) -> Infallible {
    let mut clock = tokio::time::interval(PAUSE);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        clock.tick().await;
        match tell(workplace, kind, run_id, course).await {
            Ok(true) => {}
            Ok(false) => course.stop(),
            // A busy database is told the next time.
            Err(error) => tracing::warn!("a run can't tell how far it is: {error:#}"),
        }
    }
}

/// Tells how far a run is; false when it is wanted no longer.
async fn tell(workplace: &Workplace, kind: RunKind, run_id: &str, course: &Course) -> Result<bool> {
    let (decided, total) = course.stands();
    let mut work = workplace.store.begin().await?;
    let is_wanted = work.tell_run(kind, run_id, i64::try_from(decided)?, i64::try_from(total)?, now_seconds()).await?;
    work.commit().await?;
    Ok(is_wanted)
}

/// Keeps that a run failed, so that its page can say it.
pub async fn fail(workplace: &Workplace, kind: RunKind, run_id: &str, error: &anyhow::Error) {
    tracing::error!("the run {run_id} failed: {error:#}");
    let kept = async {
        let mut work = workplace.store.begin().await?;
        work.end_run(kind, run_id, RunState::Failed, Some(&format!("{error:#}"))).await?;
        work.commit().await
    };
    if let Err(error) = kept.await {
        tracing::error!("and that could not be kept: {error:#}");
    }
}

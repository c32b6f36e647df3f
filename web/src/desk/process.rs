//! Reading, settling and judging everything that waits, one after the other: one process at a time does it.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use serde::Serialize;

use super::{reading, settle, triage};
use crate::workplace::Workplace;

/// What processing did.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Processed {
    pub documents_read: usize,
    pub documents_settled: usize,
    pub deductions_judged: usize,
    /// Everything on file that a person has to look at, not only what came now.
    pub documents_in_review: i64,
    /// Open claims on file that stand among others right under the limit of small claims.
    pub claims_bunched: i64,
}

/// Reads, settles and judges everything that waits.
pub async fn finish_pending(workplace: &Workplace) -> Result<Processed> {
    let _alone = workplace.lock_processing()?;
    finish(workplace).await
}

/// What holds the lock finishes.
async fn finish(workplace: &Workplace) -> Result<Processed> {
    Ok(Processed {
        documents_read: reading::read_pending(workplace).await?,
        documents_settled: settle::settle_pending(workplace).await?,
        deductions_judged: triage::judge_pending(workplace).await?,
        documents_in_review: workplace.store.documents_in_review().await?,
        claims_bunched: workplace.store.claims_bunched().await?,
    })
}

/// The same, left to another process that is at it: that one takes along what waits, or the application that is served does when it is done.
pub async fn finish_unless_busy(workplace: &Workplace) -> Result<()> {
    match workplace.lock_processing() {
        Ok(_alone) => finish(workplace).await.map(drop),
        Err(busy) => {
            tracing::info!("left to the process that is at it: {busy:#}");
            Ok(())
        }
    }
}

/// As long as a request waits for what it set going.
const PATIENCE: Duration = Duration::from_secs(1);

/// The same behind a page: what takes longer than a moment is finished without it, and the page says that it goes on.
pub async fn finish_behind(workplace: &Arc<Workplace>) -> Result<()> {
    let workplace = workplace.clone();
    let finishing = tokio::spawn(async move {
        let finished = finish_unless_busy(&workplace).await;
        if let Err(error) = &finished {
            tracing::warn!("what waits can't be finished now: {error:#}; it is tried again");
        }
        finished
    });
    match tokio::time::timeout(PATIENCE, finishing).await {
        Ok(finished) => finished?,
        Err(_still_at_it) => Ok(()),
    }
}

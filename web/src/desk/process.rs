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
    match workplace.try_processing()? {
        Some(_alone) => finish(workplace).await.map(drop),
        None => {
            tracing::info!("left to the process that is at it");
            Ok(())
        }
    }
}

/// As long as a request waits for what it set going.
const PATIENCE: Duration = Duration::from_secs(1);

/// The same behind a page: what takes longer than a moment is finished without it, and the page says that it goes on. The act that set it going is done
/// already, so what fails here is logged and tried again by the application, not told as a failure of the act.
pub async fn finish_behind(workplace: &Arc<Workplace>) {
    let workplace = workplace.clone();
    let finishing = tokio::spawn(async move {
        if let Err(error) = finish_unless_busy(&workplace).await {
            tracing::warn!("what waits can't be finished now: {error:#}; it is tried again");
        }
    });
    match tokio::time::timeout(PATIENCE, finishing).await {
        Ok(Err(broken)) => tracing::error!("finishing broke off: {broken}; it is tried again"),
        Ok(Ok(())) | Err(_) => {}
    }
}

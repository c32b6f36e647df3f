//! `recoup rebuild`

use anyhow::Result;
use serde_json::json;

use super::{Ended, say};
use crate::workplace::Workplace;

/// Makes anew what is derived from other rows: the kept summaries.
pub async fn run(workplace: &Workplace, json: bool) -> Result<Ended> {
    let mut work = workplace.store.begin().await?;
    let summaries = work.rebuild_summaries().await?;
    work.commit().await?;
    if json {
        say!("{}", json!({ "summaries": summaries }));
    } else {
        say!("{summaries} summaries made anew");
    }
    Ok(Ended::Done)
}

//! `recoup rebuild`

use anyhow::Result;
use recoup_engine::sentence::counted;
use serde_json::json;

use super::{Ended, say};
use crate::search::Search;
use crate::workplace::Workplace;

/// Makes anew what is derived from other rows, one after the other: the kept summaries, the search index.
pub async fn run(workplace: &Workplace, json: bool) -> Result<Ended> {
    let mut work = workplace.store.begin().await?;
    let summaries = work.rebuild_summaries().await?;
    work.commit().await?;
    let searchable = Search::open(&workplace.data)?.renew(workplace, true).await?;
    if json {
        say!("{}", json!({ "summaries": summaries, "documents_in_search": searchable }));
    } else {
        say!("{summaries} summaries made anew");
        say!("{} taken into the search index", counted(searchable, "document", "documents"));
    }
    Ok(Ended::Done)
}

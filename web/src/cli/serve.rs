//! `recoup serve`

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::Args;

use super::Ended;
use crate::desk::learn::{Retrained, is_due, retrain};
use crate::desk::process::finish_unless_busy;
use crate::desk::triage::judge_pending;
use crate::jobs::watch::{PAUSE, Watch};
use crate::search::Search;
use crate::workplace::Workplace;

/// Between two looks at whether enough was decided to learn from.
const LEARNING_PAUSE: Duration = Duration::from_secs(600);

#[derive(Debug, Args)]
pub struct Arguments {
    /// Address and port to listen on.
    #[arg(long, env = "RECOUP_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// A folder whose complete files are taken in; may be given several times.
    #[arg(long, value_name = "DIR")]
    watch: Vec<PathBuf>,
}

pub async fn run(workplace: Workplace, arguments: Arguments) -> Result<Ended> {
    if let Some(missing) = arguments.watch.iter().find(|folder| !folder.is_dir()) {
        bail!("{} can't be watched: it is no folder that can be read", missing.display());
    }
    let _alone = workplace.lock_serving()?;
    let workplace = Arc::new(workplace);
    // Ends with the process: training is one unit of work.
    tokio::spawn(keep_learning(workplace.clone(), LEARNING_PAUSE));
    let search = Arc::new(Search::open(&workplace.data)?);
    tokio::spawn(keep_finishing(workplace.clone(), search.clone(), PAUSE));
    if arguments.watch.is_empty() {
        crate::pages::serve(workplace, search, arguments.listen).await?;
        return Ok(Ended::Done);
    }
    // A task of its own: neither a slow folder nor a fault of the watch keeps a page waiting.
    let mut watcher = tokio::spawn(keep_watch(workplace.clone(), arguments.watch, PAUSE));
    let mut pages = std::pin::pin!(crate::pages::serve(workplace, search, arguments.listen));
    tokio::select! {
        served = &mut pages => {
            watcher.abort();
            served?;
        }
        ended = &mut watcher => {
            tracing::error!("the watched folders are not looked at any more, restart to go on: {ended:?}");
            pages.await?;
        }
    }
    Ok(Ended::Done)
}

/// Takes what arrives in the folders, for as long as the application is served. What fails is tried again at the next look.
async fn keep_watch(workplace: Arc<Workplace>, folders: Vec<PathBuf>, pause: Duration) {
    let mut watch = Watch::new(folders);
    loop {
        match watch.look(&workplace).await {
            Ok((_, reports)) => reports.into_iter().for_each(|report| tracing::error!("{report}")),
            Err(error) => tracing::warn!("the watched folders can't be looked at now: {error:#}; they are tried again"),
        }
        tokio::time::sleep(pause).await;
    }
}

/// Finishes what the watched folders gave, and what people or other processes left waiting while one was at work; takes what was read into the search
/// index.
async fn keep_finishing(workplace: Arc<Workplace>, search: Arc<Search>, pause: Duration) {
    loop {
        tokio::time::sleep(pause).await;
        let finished = async {
            if workplace.store.something_waits().await? {
                finish_unless_busy(&workplace).await?;
            }
            search.keep_up(&workplace).await
        };
        if let Err(error) = finished.await {
            tracing::warn!("what waits can't be finished now: {error:#}; it is tried again");
        }
    }
}

/// Trains again whenever enough was decided since the last time, once somebody has trained for the first time. What fails is tried at the next look.
async fn keep_learning(workplace: Arc<Workplace>, pause: Duration) {
    let mut tried = 0;
    loop {
        tokio::time::sleep(pause).await;
        if let Err(error) = learn_when_due(&workplace, &mut tried).await {
            tracing::warn!("past decisions can't be learnt from now: {error:#}; it is tried again");
        }
    }
}

async fn learn_when_due(workplace: &Workplace, tried: &mut i64) -> Result<()> {
    if !is_due(workplace, *tried).await? {
        return Ok(());
    }
    let _alone = workplace.lock_processing()?;
    match retrain(workplace, tried).await? {
        Retrained::NotDue => {}
        Retrained::InForce(trained) => {
            let judged = judge_pending(workplace).await?;
            tracing::info!("{} trained from {} decided deductions; {judged} without a reason judged again", trained.version, trained.lessons);
        }
        Retrained::Refuted(examined) => {
            tracing::warn!("what was learnt is not put in force: {} of {} proposals right on decisions that were held back", examined.right, examined.proposed);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_database_that_does_not_answer_does_not_end_the_watch() {
        let home = tempfile::tempdir().expect("a folder");
        let inbox = home.path().join("inbox");
        std::fs::create_dir(&inbox).expect("a folder");
        std::fs::write(inbox.join("a.csv"), "one").expect("a file");
        let workplace = Arc::new(Workplace::open(&home.path().join("data"), None).await.expect("a workplace"));
        workplace.store.close().await;
        let mut watch = Watch::new(vec![inbox.clone()]);
        watch.look(&workplace).await.expect("nothing is complete yet");
        watch.look(&workplace).await.expect_err("the database does not answer");
        let watcher = tokio::spawn(keep_watch(workplace, vec![inbox], Duration::from_millis(1)));
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(!watcher.is_finished());
        watcher.abort();
    }
}

//! `recoup serve`

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use clap::Args;

use super::Ended;
use super::ingest::finish_pending;
use crate::jobs::watch::{PAUSE, Watch};
use crate::workplace::Workplace;

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
    let _alone = workplace.lock_serving()?;
    let workplace = Arc::new(workplace);
    if arguments.watch.is_empty() {
        crate::pages::serve(workplace, arguments.listen).await?;
        return Ok(Ended::Done);
    }
    tokio::select! {
        served = crate::pages::serve(workplace.clone(), arguments.listen) => served?,
        never = keep_watch(&workplace, arguments.watch) => match never? {},
    }
    Ok(Ended::Done)
}

/// Takes what arrives in the folders and finishes it, for as long as the application is served.
async fn keep_watch(workplace: &Workplace, folders: Vec<PathBuf>) -> Result<std::convert::Infallible> {
    let mut watch = Watch::new(folders);
    let mut waiting = false;
    loop {
        let (taken, reports) = watch.look(workplace).await?;
        for report in reports {
            tracing::error!("{report}");
        }
        waiting |= taken > 0;
        if waiting {
            match finish_pending(workplace).await {
                Ok(_) => waiting = false,
                // Another process may hold the documents: they stay pending and are tried at the next look.
                Err(error) => tracing::warn!("what was taken from a watched folder waits: {error:#}"),
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

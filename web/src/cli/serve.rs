//! `recoup serve`

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Result;
use clap::Args;

use super::Ended;
use crate::workplace::Workplace;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Address and port to listen on.
    #[arg(long, env = "RECOUP_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
}

pub async fn run(workplace: Workplace, arguments: Arguments) -> Result<Ended> {
    crate::pages::serve(Arc::new(workplace), arguments.listen).await?;
    Ok(Ended::Done)
}

//! `recoup export`

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use jiff::civil::Date;
use recoup_store::exports::Wanted;

use super::Ended;
use crate::desk::export::{Format, What, table, write};
use crate::workplace::Workplace;

#[derive(Debug, Args)]
pub struct Arguments {
    what: What,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// File to write; standard output without it.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Payments and documents of this day or later.
    #[arg(long, value_name = "DATE")]
    since: Option<Date>,
    /// One customer's rows.
    #[arg(long, value_name = "ID")]
    customer: Option<String>,
}

pub async fn run(workplace: &Workplace, arguments: Arguments) -> Result<Ended> {
    if let Some(customer) = &arguments.customer
        && !workplace.store.customers().await?.iter().any(|known| known.customer_id == *customer)
    {
        bail!("`{customer}` is no customer on file: `recoup export customers` lists them");
    }
    let wanted = Wanted { since: arguments.since.map(|date| date.to_string()), customer_id: arguments.customer };
    let table = table(workplace, arguments.what, &wanted).await?;
    match arguments.out {
        Some(path) => {
            // A mistyped path is told, not made.
            if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
                bail!("{} can't be written: there is no folder {}", path.display(), folder.display());
            }
            let mut file = BufWriter::new(File::create(&path).with_context(|| format!("{} can't be written", path.display()))?);
            write(&table, arguments.format, &mut file)?;
            file.flush()?;
        }
        None => {
            let mut output = BufWriter::new(std::io::stdout().lock());
            write(&table, arguments.format, &mut output)?;
            output.flush()?;
        }
    }
    Ok(Ended::Done)
}

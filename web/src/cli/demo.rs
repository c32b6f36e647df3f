//! `recoup demo`

use std::io::Read;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Args;
use recoup_engine::claim::Outcome;
use recoup_engine::claim::authority::Limit;
use recoup_store::people::UserRow;

use super::Ended;
use crate::clock::now_text;
use crate::desk::import::import;
use crate::desk::people::hash_password;
use crate::desk::process::finish_pending;
use crate::desk::receive::receive_paths;
use crate::pages;
use crate::vault::digest;
use crate::workplace::Workplace;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Where to serve.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// The folder of samples.
    #[arg(long, default_value = "samples", value_name = "DIR")]
    samples: PathBuf,
    /// Only load; print where and how to log in, and end.
    #[arg(long)]
    no_serve: bool,
}

/// People of the demo: login, name, role.
const PEOPLE: [(&str, &str, &str); 5] = [
    ("mara", "Mara Deen", "analyst"),
    ("jonas", "Jonas Weber", "manager"),
    ("claire", "Claire Morin", "sales"),
    ("sam", "Sam Okafor", "supply_chain"),
    ("ada", "Ada Lindqvist", "administrator"),
];

/// What people of the demo may settle alone: login, accept, write off, in minor units of each currency of the samples.
const LIMITS: [(&str, i64, i64); 2] = [("mara", 25_000, 5_000), ("jonas", 5_000_000, 1_000_000)];
const CURRENCIES: [&str; 3] = ["EUR", "USD", "GBP"];

/// Loads the samples into a fresh folder beside the current one and serves them.
pub async fn run(arguments: Arguments) -> Result<Ended> {
    let data = Path::new("demo-data");
    if data.exists() {
        std::fs::remove_dir_all(data).with_context(|| format!("{} can't be emptied", data.display()))?;
    }
    let workplace = Workplace::open(data, None).await?;
    eprintln!("Loading the samples of a made-up manufacturer …");
    let summary = import(&workplace, &[arguments.samples.join("reference")])
        .await
        .context("the samples can't be loaded: run this in the project's folder, or name them with --samples")?;
    let rows: usize = summary.files.iter().map(|file| file.new).sum();
    eprintln!("{rows} rows of reference data from {} files", summary.files.len());
    let intake = receive_paths(&workplace, &[arguments.samples.join("documents")]).await?;
    eprintln!("{} documents taken in, {} of them known already; reading them, scans included …", intake.new + intake.duplicates, intake.duplicates);
    let processed = finish_pending(&workplace).await?;
    eprintln!("{} documents read, {} deductions judged", processed.documents_read, processed.deductions_judged);
    let password = one_time_password()?;
    let password_hash = hash_password(&password)?;
    let mut work = workplace.store.begin().await?;
    for (login, name, role) in PEOPLE {
        let user = UserRow {
            user_id: format!("U-{}", &digest(login)[..12]),
            login: login.to_owned(),
            name: name.to_owned(),
            role: role.to_owned(),
            password_hash: password_hash.clone(),
            active: true,
            language: None,
        };
        work.add_user(&user, &now_text()).await?;
    }
    for (login, accept, write_off) in LIMITS {
        for (outcome, amount) in [(Outcome::Accept, accept), (Outcome::WriteOff, write_off)] {
            for currency in CURRENCIES {
                work.set_limit(&Limit { login: login.to_owned(), outcome, currency: currency.parse()?, amount }).await?;
            }
        }
    }
    work.commit().await?;
    println!();
    if arguments.no_serve {
        println!("  The demo is loaded. Serve it with: recoup serve --data {} --listen {}", data.display(), arguments.listen);
    } else {
        println!("  Recoup is ready on http://{}", arguments.listen);
    }
    println!("  Log in as mara (analyst), jonas (manager), claire (sales), sam (supply chain) or ada (administrator)");
    println!("  Password for this demo: {password}");
    println!("  Data: {} (made anew by every demo, whatever --data says).{}", data.display(), if arguments.no_serve { "" } else { " Stop with Ctrl-C." });
    println!();
    if !arguments.no_serve {
        pages::serve(Arc::new(workplace), arguments.listen).await?;
    }
    Ok(Ended::Done)
}

/// A password that nobody else has: 20 random hexadecimal digits from the system.
fn one_time_password() -> Result<String> {
    let mut bytes = [0; 10];
    std::fs::File::open("/dev/urandom").and_then(|mut source| source.read_exact(&mut bytes)).context("the system gives no randomness")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

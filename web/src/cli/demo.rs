//! `recoup demo`

use std::io::Read;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use recoup_engine::claim::Outcome;
use recoup_engine::claim::authority::Limit;
use recoup_store::people::UserRow;

use super::Ended;
use crate::clock::{self, now_text, today};
use crate::demo;
use crate::desk::Progress;
use crate::desk::import::import;
use crate::desk::people::hash_password;
use crate::desk::process::finish_pending;
use crate::desk::receive::{receive, receive_paths};
use crate::pages;
use crate::search::Search;
use crate::vault::digest;
use crate::workplace::Workplace;

/// Marks a folder that a demo made, and that the next may empty.
const MADE_BY_DEMO: &str = "made-by-demo.txt";

/// Who may look where first, and why.
const TOUR: [(&str, &str, &str); 8] = [
    ("mara", "/claims?view=new", "new claims; press ? for the keys, v and d decide"),
    ("mara", "/payments", "money to match by hand, one payment of an unknown payer"),
    ("mara", "/documents?status=needs_review", "papers that leave a question, beside what was read"),
    ("jonas", "/", "the overview: what is open, late, coming back"),
    ("jonas", "/approvals", "decisions above the limit of an analyst"),
    ("jonas", "/coming", "deductions to come, and how far off the last forecast was"),
    ("claire", "/agreements?status=proposed", "agreements that sales confirms"),
    ("sam", "/claims?queue=supply_chain&status=unfinished", "deliveries to check beside the signed paper"),
];

#[derive(Debug, Args)]
pub struct Arguments {
    /// Where to serve.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// Load a folder of samples, with `reference` and `documents` in it, instead of three quarters made for today.
    #[arg(long, value_name = "DIR")]
    samples: Option<PathBuf>,
    /// Only load; print where and how to log in, and end.
    #[arg(long)]
    no_serve: bool,
}

/// Loads the demo into a fresh folder and serves it.
pub async fn run(arguments: Arguments, data: &Path) -> Result<Ended> {
    empty(data)?;
    let workplace = Workplace::open(data, None).await?;
    let password = one_time_password()?;
    add_people(&workplace, &password).await?;
    match &arguments.samples {
        Some(samples) => load_samples(&workplace, samples).await?,
        None => load_history(&workplace, today()).await?,
    }
    greet(&arguments, data, &password);
    if !arguments.no_serve {
        let search = Arc::new(Search::open(&workplace.data)?);
        pages::serve(Arc::new(workplace), search, arguments.listen).await?;
    }
    Ok(Ended::Done)
}

/// How to log in, and what is worth looking at first.
fn greet(arguments: &Arguments, data: &Path, password: &str) {
    let site = format!("http://{}", arguments.listen);
    println!();
    if arguments.no_serve {
        println!("  The demo is loaded. Serve it with: recoup serve --data {} --listen {}", data.display(), arguments.listen);
    } else {
        println!("  Recoup is ready on {site}");
    }
    println!("  Log in as mara, theo or noor (analysts), jonas (manager), claire (sales), sam (supply chain) or ada (administrator)");
    println!("  Password for this demo: {password}");
    println!();
    println!("  Worth a look first");
    for (who, path, what) in TOUR {
        println!("    {who:<6} {what}\n           {site}{path}");
    }
    println!("  Data: {}, made anew by every demo.{}", data.display(), if arguments.no_serve { "" } else { " Stop with Ctrl-C." });
    println!();
}

async fn load_samples(workplace: &Workplace, samples: &Path) -> Result<()> {
    eprintln!("Loading the samples of a made-up manufacturer …");
    let summary = import(workplace, &[samples.join("reference")]).await.context("the samples can't be loaded")?;
    let rows: usize = summary.files.iter().map(|file| file.new).sum();
    eprintln!("{rows} rows of reference data from {} files", summary.files.len());
    let intake = receive_paths(workplace, &[samples.join("documents")]).await?;
    eprintln!("{} documents taken in, {} of them known already; reading them, scans included …", intake.new + intake.duplicates, intake.duplicates);
    let processed = finish_pending(workplace).await?;
    eprintln!("{} documents read, {} deductions judged", processed.documents_read, processed.deductions_judged);
    Ok(())
}

/// Makes a fresh folder. One that no demo made is left alone: what it holds may be somebody's books.
fn empty(data: &Path) -> Result<()> {
    let made_by_demo = data.join(MADE_BY_DEMO);
    let is_in_use = data.read_dir().is_ok_and(|mut entries| entries.next().is_some());
    if is_in_use && !made_by_demo.exists() {
        anyhow::bail!("{} holds data that no demo made; choose another folder with --data", data.display());
    }
    if is_in_use {
        std::fs::remove_dir_all(data).with_context(|| format!("{} can't be emptied", data.display()))?;
    }
    std::fs::create_dir_all(data).with_context(|| format!("the data folder {} can't be created", data.display()))?;
    std::fs::write(&made_by_demo, "recoup demo empties this folder when it runs again.\n")
        .with_context(|| format!("{} can't be written", made_by_demo.display()))
}

/// Tells the history week by week: what arrived is read and judged, then people work it, each at its moment.
async fn load_history(workplace: &Workplace, day: Date) -> Result<()> {
    eprintln!("Making {} weeks of a made-up company, up to {day} …", demo::WEEKS);
    let history = demo::history(day);
    let reference = tempfile::tempdir()?;
    for (file, rows) in &history.reference {
        std::fs::write(reference.path().join(file), rows)?;
    }
    let begun = history.weeks.first().map_or(day, |week| week.monday);
    let summary = clock::at(morning(begun)?, import(workplace, &[reference.path().to_owned()])).await?;
    anyhow::ensure!(summary.rejects.is_empty(), "the demo's own reference data are refused: {:?}", summary.rejects.first());
    let (mut documents, mut deductions, mut acts) = (0, 0, 0);
    let progress = Progress::new("weeks", history.weeks.len() as u64);
    for week in history.weeks {
        let bank = reference.path().join("payments.csv");
        std::fs::write(&bank, &week.payments)?;
        let processed = clock::at(morning(week.monday)?, async {
            import(workplace, std::slice::from_ref(&bank)).await?;
            for (name, bytes) in &week.documents {
                receive(workplace, name, bytes).await?;
            }
            finish_pending(workplace).await
        })
        .await?;
        documents += processed.documents_read;
        deductions += processed.deductions_judged;
        acts += demo::acts::work_week(workplace, week.monday, day).await?;
        progress.advance(1);
    }
    progress.finish();
    eprintln!("{documents} documents read, {deductions} deductions judged, {acts} acts of people");
    Ok(())
}

/// The beginning of a working day.
fn morning(day: Date) -> Result<Timestamp> {
    Ok(day.at(7, 0, 0, 0).to_zoned(TimeZone::UTC)?.timestamp())
}

async fn add_people(workplace: &Workplace, password: &str) -> Result<()> {
    let password_hash = hash_password(password)?;
    let mut work = workplace.store.begin().await?;
    for (login, name, role) in demo::PEOPLE {
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
    for (login, accept, write_off) in demo::LIMITS {
        for (outcome, amount) in [(Outcome::Accept, accept), (Outcome::WriteOff, write_off)] {
            for currency in ["EUR", "GBP", "USD"] {
                work.set_limit(&Limit { login: login.to_owned(), outcome, currency: currency.parse()?, amount }).await?;
            }
        }
    }
    work.commit().await?;
    Ok(())
}

/// A password that nobody else has: 20 random hexadecimal digits from the system.
fn one_time_password() -> Result<String> {
    let mut bytes = [0; 10];
    std::fs::File::open("/dev/urandom").and_then(|mut source| source.read_exact(&mut bytes)).context("the system gives no randomness")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

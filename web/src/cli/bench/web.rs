//! The web application under load: a made-up company, the server as it is, and users who work over HTTP.

mod chance;
mod connection;
mod life;
mod papers;
mod seeding;
mod visiting;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Args;
use recoup_store::people::UserRow;
use recoup_store::screens::figures::{Asked, Sight};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use connection::Connection;
use seeding::{Size, login, seed};
use visiting::{Kind, Timings, User};

use crate::clock::{now_text, today};
use crate::desk::people::hash_password;
use crate::pages::random_text;
use crate::search::Search;
use crate::vault::digest;
use crate::workplace::Workplace;

/// What `web` takes.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// Claims of the made-up company of `web`.
    #[arg(long, default_value_t = 100_000)]
    claims: usize,
    /// How many of them are open.
    #[arg(long, default_value_t = 14_000)]
    open: usize,
    /// Letters and mails of the made-up company of `web`; a tenth of its claims unless said otherwise.
    #[arg(long)]
    papers: Option<usize>,
    /// Users who work at the same time in `web`.
    #[arg(long, default_value_t = 30)]
    users: usize,
    /// How long they work.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// How long a user of `web` looks at a page before the next request, on average.
    #[arg(long, default_value_t = 1_000)]
    pause_milliseconds: u64,
    /// Keep the made-up company of `web` in this folder; if it is there, it is used again.
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
}

pub(super) async fn run(options: &Options, database: Option<&str>) -> Result<Json> {
    ensure!(options.open * 10 / 9 <= options.claims && options.users > 0, "--open takes nine tenths of --claims at most, --users one at least");
    let temporary = tempfile::tempdir()?;
    let folder = options.folder.as_deref().unwrap_or(temporary.path());
    let papers = options.papers.unwrap_or(options.claims / 10);
    let size = Size { claims: options.claims, open: options.open, papers, people: options.users };
    let password = random_text(12);
    let started = Instant::now();
    let (claims, is_new) = prepare(folder, database, size, &password).await?;
    let seeding = if is_new { json!((started.elapsed().as_secs_f64() * 10.0).round() / 10.0) } else { Json::Null };
    let (mut server, address) = serve(folder, database).await?;
    let timings = visit(&address, options, &password).await;
    server.kill().await?;
    let timings = timings?;
    let mut kinds = serde_json::Map::new();
    for kind in Kind::ALL {
        let milliseconds = timings.milliseconds.get(&kind).cloned().unwrap_or_default();
        let slowest = timings.slowest.get(&kind).map(|(_, path)| path.clone());
        kinds.insert(kind.word().to_owned(), row(milliseconds, kind.promise(), slowest));
    }
    Ok(json!({
        "claims": claims, "papers": papers, "users": options.users, "seconds": options.seconds, "pause_milliseconds": options.pause_milliseconds,
        "database": if database.is_some() { "PostgreSQL" } else { "SQLite" }, "seconds_to_make": seeding, "kinds": kinds,
        "conflicts": timings.conflicts, "failures": timings.failures.len(), "first_failures": timings.failures.iter().take(5).collect::<Vec<_>>(),
    }))
}

/// Makes the company unless it is there, and lets its users in with this password. Returns its claims, and whether it is new.
async fn prepare(folder: &Path, database: Option<&str>, size: Size, password: &str) -> Result<(i64, bool)> {
    let workplace = Workplace::open(folder, database).await?;
    let store = &workplace.store;
    let customers = store.customers().await?;
    let is_new = customers.is_empty();
    ensure!(
        is_new || customers.iter().any(|customer| customer.customer_id == seeding::customer_id(0)),
        "this database holds another company: name an empty one"
    );
    if is_new {
        seed(&workplace, size, today()).await?;
    }
    Search::open(folder)?.keep_up(&workplace).await?;
    let known = store.users().await?;
    let hash = hash_password(password)?;
    let mut work = store.begin().await?;
    for number in 0..size.people {
        let login = login(number);
        if known.iter().any(|user| user.login == login) {
            work.set_password(&login, &hash).await?;
            continue;
        }
        let user = UserRow {
            user_id: format!("U-{}", &digest(&login)[..12]),
            name: login.clone(),
            login,
            role: "analyst".to_owned(),
            password_hash: hash.clone(),
            active: true,
            language: None,
        };
        work.add_user(&user, &now_text()).await?;
    }
    work.commit().await?;
    let claims = store.figures(&Sight::default(), &["stage"]).await?.of(&Asked::of("stage")).await?.iter().map(|figure| figure.count).sum();
    store.close().await;
    Ok((claims, is_new))
}

/// The server as a process of its own; it ends with this one.
async fn serve(folder: &Path, database: Option<&str>) -> Result<(Child, String)> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("--data").arg(folder).args(["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).kill_on_drop(true);
    // Not as an argument: addresses of servers hold passwords, and everybody sees arguments.
    match database {
        Some(url) => command.env("RECOUP_DATABASE", url),
        None => command.env_remove("RECOUP_DATABASE"),
    };
    let mut server = command.spawn().context("the server can't be started")?;
    let output = server.stdout.take().context("the server has no output")?;
    let line = BufReader::new(output).lines().next_line().await?.context("the server ended at once")?;
    let address = line.trim().rsplit_once("http://").context("the server names no address")?.1.to_owned();
    Ok((server, address))
}

async fn visit(address: &str, options: &Options, password: &str) -> Result<Timings> {
    let mut users = Vec::new();
    for number in 0..options.users {
        let login = login(number);
        users.push(User::new(Connection::log_in(address, &login, password).await?, number));
    }
    let until = Instant::now() + Duration::from_secs(options.seconds);
    let pause = Duration::from_millis(options.pause_milliseconds);
    let working: Vec<_> = users.into_iter().map(|user| tokio::spawn(user.work(until, pause))).collect();
    let mut timings = Timings::default();
    for one in working {
        timings.join(one.await?);
    }
    Ok(timings)
}

fn row(mut milliseconds: Vec<f64>, promise: f64, slowest: Option<String>) -> Json {
    milliseconds.sort_by(f64::total_cmp);
    let at = |hundredths: usize| {
        let value = milliseconds.get((milliseconds.len() * hundredths / 100).min(milliseconds.len().saturating_sub(1)));
        value.map(|value| (value * 10.0).round() / 10.0)
    };
    let p95 = at(95);
    json!({ "requests": milliseconds.len(), "p50": at(50), "p95": p95, "p99": at(99), "promised_p95": promise, "kept": p95.is_some_and(|p95| p95 <= promise), "slowest": slowest })
}

/// The result as a table for people.
pub(super) fn table(result: &Json) -> String {
    use std::fmt::Write as _;
    let mut text = format!(
        "{} claims on {}, {} users for {} seconds, milliseconds:\n{:<10} {:>9} {:>8} {:>8} {:>8} {:>9}\n",
        result["claims"],
        result["database"].as_str().unwrap_or_default(),
        result["users"],
        result["seconds"],
        "",
        "requests",
        "p50",
        "p95",
        "p99",
        "promised"
    );
    for kind in Kind::ALL {
        let row = &result["kinds"][kind.word()];
        let kept = if row["kept"] == true { "" } else { "  MISSED" };
        // Writing to a string can't fail.
        let _ = writeln!(
            text,
            "{:<10} {:>9} {:>8} {:>8} {:>8} {:>9}{kept}",
            kind.word(),
            row["requests"].to_string(),
            row["p50"].to_string(),
            row["p95"].to_string(),
            row["p99"].to_string(),
            row["promised_p95"].to_string()
        );
    }
    text + &format!("{} conflicts, {} failures {}", result["conflicts"], result["failures"], result["first_failures"])
}

//! `recoup bench`: the project's own benchmarks, each beside its floor where there is one.

mod decisions;
mod pages;
mod web;

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use clap::Args;
use recoup_extractors::Hints;
use serde_json::json;

use super::Ended;
use crate::desk::import::import;
use crate::desk::process::finish_pending;
use crate::desk::receive::receive_paths;
use crate::workplace::Workplace;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Which one.
    #[arg(value_enum)]
    name: Name,
    /// Rows or lines to make; each benchmark has its own default.
    #[arg(long)]
    size: Option<usize>,
    /// Open invoices for `lines`; twice the lines without it.
    #[arg(long)]
    open_invoices: Option<usize>,
    /// Documents for `ocr`.
    #[arg(long, default_value = "samples/documents", value_name = "DIR")]
    documents: std::path::PathBuf,
    #[command(flatten)]
    web: web::Options,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Name {
    /// Pages with a text layer a second, beside `pdftotext -bbox` on the same long document.
    Text,
    /// Processor seconds a scanned page by stages, beside the `tesseract` program on the same prepared pages.
    Ocr,
    /// Invoice rows imported a second.
    Import,
    /// Lines matched a second on one core against as many open items.
    Matching,
    /// Milliseconds to search the combination that makes a lump sum.
    LumpSums,
    /// Past deductions decided again by a draft of the rules.
    Backtest,
    /// Milliseconds of lists, claims, searches, figures and decisions over HTTP, with many users on a made-up company of many claims.
    Web,
    /// Remittance lines of one CSV to durable verdicts, against twice as many open invoices, or as many as asked for.
    Lines,
    /// All but `web`, which takes long and asks for a machine of its own.
    All,
}

pub async fn run(arguments: Arguments, database: Option<&str>, json: bool) -> Result<Ended> {
    let chosen = |name: Name| arguments.name == name || arguments.name == Name::All;
    let mut results = serde_json::Map::new();
    if arguments.name == Name::Web {
        let result = web::run(&arguments.web, database).await?;
        if !json {
            println!("{}", web::table(&result));
            return Ok(Ended::Done);
        }
        results.insert("web".to_owned(), result);
    }
    if chosen(Name::Text) {
        results.insert("text".to_owned(), pages::of_text()?);
    }
    if chosen(Name::Ocr) {
        results.insert("ocr".to_owned(), pages::of_recognition(&arguments.documents)?);
    }
    if chosen(Name::Matching) {
        results.insert("matching".to_owned(), decisions::matching(arguments.size.unwrap_or(1_000_000))?);
    }
    if chosen(Name::LumpSums) {
        results.insert("lump_sums".to_owned(), decisions::lump_sums());
    }
    if chosen(Name::Backtest) {
        results.insert("backtest".to_owned(), backtest(arguments.size.unwrap_or(100_000)).await?);
    }
    if chosen(Name::Import) {
        results.insert("import".to_owned(), import_invoices(arguments.size.unwrap_or(1_000_000)).await?);
    }
    if chosen(Name::Lines) {
        let count = arguments.size.unwrap_or(100_000);
        results.insert("lines".to_owned(), lines(count, arguments.open_invoices.unwrap_or(count * 2)).await?);
    }
    if json {
        println!("{}", serde_json::Value::Object(results));
    } else {
        for (name, result) in results {
            println!("{name}: {result}");
        }
    }
    Ok(Ended::Done)
}

/// A made-up customer with terms, and a reference folder with so many invoices of it.
fn write_reference(folder: &Path, invoices: usize) -> Result<()> {
    std::fs::write(
        folder.join("customers.csv"),
        "customer_id,name,country,currency,language,payment_terms,discount_grace_days\nBENCH,Bench Retail Ltd,GB,GBP,en,2/10 net 30,0\n",
    )?;
    let mut text = String::from("invoice_number,customer_id,issue_date,currency,total_amount,tax_amount,paid_amount\n");
    for number in 0..invoices {
        writeln!(text, "BN{number:08},BENCH,2026-06-{:02},GBP,{}.{:02},0.00,0.00", number % 28 + 1, 100 + number % 900, number % 100)?;
    }
    std::fs::write(folder.join("invoices.csv"), text)?;
    Ok(())
}

async fn import_invoices(rows: usize) -> Result<serde_json::Value> {
    let folder = tempfile::tempdir()?;
    write_reference(folder.path(), rows)?;
    let workplace = Workplace::open(&folder.path().join("data"), None).await?;
    let started = Instant::now();
    let summary = import(&workplace, &[folder.path().to_owned()]).await?;
    let seconds = started.elapsed().as_secs_f64();
    anyhow::ensure!(summary.rejects.is_empty(), "the benchmark's own rows are good");
    let started = Instant::now();
    import(&workplace, &[folder.path().to_owned()]).await?;
    let again = started.elapsed().as_secs_f64();
    Ok(
        json!({ "rows": rows, "seconds": (seconds * 10.0).round() / 10.0, "seconds_when_unchanged": (again * 10.0).round() / 10.0, "peak_memory_mib": peak_memory_mib() }),
    )
}

/// Posts an advice with a deduction on every line, then replays them.
async fn backtest(count: usize) -> Result<serde_json::Value> {
    let folder = tempfile::tempdir()?;
    write_reference(folder.path(), count)?;
    let workplace = Workplace::open(&folder.path().join("data"), None).await?;
    import(&workplace, &[folder.path().to_owned()]).await?;
    receive_paths(&workplace, &[decisions::short_advice(folder.path(), count)?]).await?;
    finish_pending(&workplace).await?;
    decisions::replay(&workplace).await
}

async fn lines(count: usize, open_invoices: usize) -> Result<serde_json::Value> {
    anyhow::ensure!(open_invoices >= count, "every line pays an invoice of its own");
    let folder = tempfile::tempdir()?;
    write_reference(folder.path(), open_invoices)?;
    let workplace = Workplace::open(&folder.path().join("data"), None).await?;
    import(&workplace, &[folder.path().to_owned()]).await?;
    let mut text = String::new();
    let mut total = 0_i64;
    for number in 0..count {
        let gross = i64::try_from((100 + number % 900) * 100 + number % 100)?;
        // One in five is short: a discount in time or late, a shortage, a difference without a word.
        let (discount, deducted, reason) = match number % 20 {
            0 => (gross / 50, 0, ""),
            5 => (0, 1234, "Short received"),
            10 => (0, 777, "Promo allowance"),
            15 => (0, 99, ""),
            _ => (0, 0, ""),
        };
        let net = gross - discount - deducted;
        total += net;
        writeln!(
            text,
            "BN{number:08},{}.{:02},{}.{:02},{}.{:02},{}.{:02},{reason}",
            gross / 100,
            gross % 100,
            discount / 100,
            discount % 100,
            deducted / 100,
            deducted % 100,
            net / 100,
            net % 100
        )?;
    }
    let head = format!(
        "Remittance advice\nPayer,Bench Retail Ltd\nPayment reference,BENCH-1\nPayment date,2026-06-20\nTotal paid,{}.{:02},GBP\n\nInvoice,Gross amount,Discount,Deduction,Net amount,Reason\n",
        total / 100,
        total % 100
    );
    let advice = folder.path().join("advice.csv");
    std::fs::write(&advice, head + &text)?;
    let bytes = std::fs::read(&advice)?;
    let started = Instant::now();
    std::hint::black_box(recoup_extractors::read(&bytes, &Hints::default()));
    let reading = started.elapsed().as_secs_f64();
    let started = Instant::now();
    receive_paths(&workplace, &[advice]).await?;
    let processed = finish_pending(&workplace).await?;
    let seconds = started.elapsed().as_secs_f64();
    let rounded = |seconds: f64| (seconds * 10.0).round() / 10.0;
    Ok(
        json!({ "lines": count, "open_invoices": open_invoices, "seconds_to_durable_verdicts": rounded(seconds), "of_which_reading": rounded(reading), "deductions": processed.deductions_judged, "peak_memory_mib": peak_memory_mib() }),
    )
}

/// The largest resident size of this process so far.
fn peak_memory_mib() -> i64 {
    // SAFETY: the structure is plain data that the call fills.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_SELF, &raw mut usage);
        usage
    };
    usage.ru_maxrss / 1024
}

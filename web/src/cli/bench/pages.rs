//! How quickly pages become words, beside the usual programs on the same pages.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use recoup_extractors::text::stages::{Costs, Stage, measured};
use recoup_extractors::text::{self, Prepared};
use serde_json::json;

/// Pages of the made-up document that both readers of text layers get: the start of a program must not decide.
const TEXT_PAGES: usize = 400;
const LINES_A_PAGE: usize = 48;

/// Pages with a text layer a second, in processor time of one thread, beside `pdftotext -bbox` on the same document.
pub(super) fn of_text() -> Result<serde_json::Value> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("pages.pdf");
    let document = made_up_document();
    std::fs::write(&path, &document)?;
    let before = thread_time();
    let read = text::pages(&document);
    let ours = (thread_time() - before).as_secs_f64();
    let words: usize = read.pages.iter().map(|page| page.words.len()).sum();
    let before = children_time();
    let output = Command::new("pdftotext").arg("-bbox").arg(&path).arg("-").output().context("pdftotext can't be started: apt-get install poppler-utils")?;
    let theirs = (children_time() - before).as_secs_f64();
    let seen = String::from_utf8_lossy(&output.stdout).matches("<word ").count();
    ensure!(seen == words, "pdftotext saw {seen} words, the reader here {words}");
    let rate = |seconds: f64| (TEXT_PAGES as f64 / seconds).round();
    Ok(json!({ "pages": TEXT_PAGES, "words": words, "pages_per_cpu_second": rate(ours), "pdftotext_pages_per_cpu_second": rate(theirs) }))
}

/// Processor seconds a scanned page and stage, beside the `tesseract` program on the same prepared pictures in the same languages.
pub(super) fn of_recognition(folder: &Path) -> Result<serde_json::Value> {
    let mut entries: Vec<_> = std::fs::read_dir(folder).with_context(|| format!("{} can't be read", folder.display()))?.collect::<std::io::Result<_>>()?;
    entries.sort_by_key(std::fs::DirEntry::path);
    let (mut total, mut pictures) = ([0.0; Stage::ALL.len()], Vec::new());
    for entry in entries {
        let bytes = std::fs::read(entry.path())?;
        if text::format(&bytes).is_none() {
            continue;
        }
        let (read, costs): (_, Costs) = measured(thread_time, || text::pages(&bytes));
        if read.source != recoup_engine::reading::TextSource::Ocr || read.pages.is_empty() {
            continue;
        }
        for (sum, stage) in total.iter_mut().zip(Stage::ALL) {
            *sum += costs.of(stage).as_secs_f64();
        }
        pictures.extend(text::prepared(&bytes));
    }
    ensure!(!pictures.is_empty(), "{} holds no scanned pages", folder.display());
    let pages = pictures.len() as f64;
    let rounded = |seconds: f64| (seconds / pages * 1000.0).round() / 1000.0;
    let stages: serde_json::Map<_, _> = Stage::ALL.iter().zip(total).map(|(stage, seconds)| (stage.name().to_owned(), json!(rounded(seconds)))).collect();
    let theirs = tesseract_alone(&pictures)?;
    let first_pass = total[Stage::FirstPass as usize];
    Ok(json!({
        "pages": pictures.len(), "cpu_seconds_a_page": rounded(total.iter().sum()), "stages": stages, "tesseract_cpu_seconds_a_page": rounded(theirs),
        "first_pass_over_tesseract": (first_pass / theirs * 100.0).round() / 100.0,
    }))
}

/// Processor seconds of the program for all pictures: one start a language, the same page mode, one thread.
fn tesseract_alone(pictures: &[Prepared]) -> Result<f64> {
    let folder = tempfile::tempdir()?;
    let mut languages: Vec<&str> = pictures.iter().map(|picture| picture.engine).collect();
    languages.sort_unstable();
    languages.dedup();
    let mut seconds = 0.0;
    for language in languages {
        let mut list = String::new();
        for (number, picture) in pictures.iter().enumerate().filter(|(_, picture)| picture.engine == language) {
            let path = folder.path().join(format!("{number}.png"));
            std::fs::write(&path, &picture.png)?;
            writeln!(list, "{}", path.display())?;
        }
        let listed = folder.path().join(format!("{language}.txt"));
        std::fs::write(&listed, list)?;
        let before = children_time();
        let output = Command::new("tesseract").arg(&listed).arg("-").args(["-l", language, "--psm", "4"]).env("OMP_THREAD_LIMIT", "1").output();
        let output = output.context("tesseract can't be started: apt-get install tesseract-ocr")?;
        ensure!(output.status.success(), "tesseract failed: {}", String::from_utf8_lossy(&output.stderr));
        seconds += (children_time() - before).as_secs_f64();
    }
    Ok(seconds)
}

/// A long payment advice as a PDF with a text layer.
fn made_up_document() -> Vec<u8> {
    let mut document = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    let mut object = |document: &mut Vec<u8>, body: &str| {
        offsets.push(document.len());
        document.extend_from_slice(format!("{} 0 obj\n{body}\nendobj\n", offsets.len()).as_bytes());
    };
    object(&mut document, "<< /Type /Catalog /Pages 2 0 R >>");
    let kids: Vec<String> = (0..TEXT_PAGES).map(|page| format!("{} 0 R", 4 + 2 * page)).collect();
    object(&mut document, &format!("<< /Type /Pages /Count {TEXT_PAGES} /Kids [{}] >>", kids.join(" ")));
    object(&mut document, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
    for page in 0..TEXT_PAGES {
        let mut drawn = String::from("BT /F1 9 Tf 14 TL 40 790 Td (Invoice Date Gross Discount Net Reason) Tj T*\n");
        for line in 0..LINES_A_PAGE {
            let number = page * LINES_A_PAGE + line;
            drawn.push_str(&format!(
                "(INV-{number:06} 12/06/2026 {}.{:02} 0.00 {}.{:02} Short received) Tj T*\n",
                number % 900,
                number % 100,
                number % 900,
                number % 100
            ));
        }
        drawn.push_str("ET");
        object(
            &mut document,
            &format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R /Resources << /Font << /F1 3 0 R >> >> >>", 5 + 2 * page),
        );
        object(&mut document, &format!("<< /Length {} >>\nstream\n{drawn}\nendstream", drawn.len()));
    }
    let start = document.len();
    let mut end = format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1);
    for offset in &offsets {
        end.push_str(&format!("{offset:010} 00000 n \n"));
    }
    end.push_str(&format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", offsets.len() + 1));
    document.extend_from_slice(end.as_bytes());
    document
}

/// Processor time of this thread.
fn thread_time() -> Duration {
    // SAFETY: the structure is plain data that the call fills.
    let time = unsafe {
        let mut time: libc::timespec = std::mem::zeroed();
        libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time);
        time
    };
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// Processor time of the programs that were started and have ended.
fn children_time() -> Duration {
    // SAFETY: the structure is plain data that the call fills.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_CHILDREN, &raw mut usage);
        usage
    };
    let micros = |time: libc::timeval| Duration::from_secs(time.tv_sec.unsigned_abs()) + Duration::from_micros(time.tv_usec.unsigned_abs());
    micros(usage.ru_utime) + micros(usage.ru_stime)
}

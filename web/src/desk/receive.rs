//! Keep what arrives, record it, then acknowledge: bytes first, receipt second, answer last.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use recoup_store::audit::NewEntry;
use recoup_store::deeds::Deed;
use recoup_store::documents::{Arrival, Received};
use serde::Serialize;
use serde_json::json;

use crate::clock::now_text;
use crate::desk::Progress;
use crate::vault::{digest, sha256};
use crate::workplace::Workplace;

/// A file larger than this is refused: no honest remittance is.
pub const LARGEST_FILE: u64 = 50 << 20;

/// What an ingest took in.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Intake {
    pub new: usize,
    /// The same bytes under another name: kept as a receipt, processed once.
    pub duplicates: usize,
    /// The same bytes under the same name: nothing to do.
    pub known: usize,
    /// Files that were not taken, each with the reason.
    pub refused: Vec<String>,
}

/// Takes files and folders in; folders are walked in the order of their names.
pub async fn receive_paths(workplace: &Workplace, paths: &[PathBuf]) -> Result<Intake> {
    let mut files = Vec::new();
    let mut intake = Intake::default();
    for path in paths {
        std::fs::metadata(path).with_context(|| format!("{} can't be read", path.display()))?;
        collect(path, &mut files, &mut intake.refused);
    }
    let progress = Progress::new("taking in", files.len() as u64);
    for file in files {
        match bytes_of(&file) {
            Err(reason) => intake.refused.push(format!("{}: {reason}", file.display())),
            Ok(bytes) => {
                let name = file.file_name().map_or_else(|| file.display().to_string(), |name| name.to_string_lossy().into_owned());
                match receive(workplace, &name, &bytes).await? {
                    (_, Received::New) => intake.new += 1,
                    (_, Received::Duplicate) => intake.duplicates += 1,
                    (_, Received::Known) => intake.known += 1,
                }
            }
        }
        progress.advance(1);
    }
    progress.finish();
    Ok(intake)
}

/// A person who brings a document.
#[derive(Clone, Copy, Debug)]
pub struct Bringer<'a> {
    pub login: &'a str,
    /// The number of the invoice that it was brought for.
    pub about: Option<&'a str>,
    /// The only thing that may be done with it: see [`recoup_store::documents::DocumentRow::purpose`].
    pub purpose: Option<&'a str>,
}

/// Takes one document in; when this returns, its bytes and its receipt are durable.
pub async fn receive(workplace: &Workplace, name: &str, bytes: &[u8]) -> Result<(String, Received)> {
    record(workplace, name, bytes, None).await
}

/// The same from a person: the receipt and its entry in the log are one unit of work.
pub async fn receive_from(workplace: &Workplace, name: &str, bytes: &[u8], bringer: Bringer<'_>) -> Result<(String, Received)> {
    record(workplace, name, bytes, Some(bringer)).await
}

async fn record(workplace: &Workplace, name: &str, bytes: &[u8], bringer: Option<Bringer<'_>>) -> Result<(String, Received)> {
    workplace.vault.keep(bytes).context("the original can't be kept")?;
    let arrival = Arrival {
        name: name.to_owned(),
        sha256: sha256(bytes),
        byte_count: i64::try_from(bytes.len())?,
        container_id: None,
        sequence: None,
        received_at: now_text(),
        purpose: bringer.and_then(|bringer| bringer.purpose).map(str::to_owned),
    };
    let mut work = workplace.store.begin().await?;
    let received = work.receive(&arrival, digest).await?;
    if let Some(Bringer { login, about, purpose }) = bringer {
        let detail = json!({ "name": name, "for": about, "purpose": purpose }).to_string();
        let entry = NewEntry { at: now_text(), actor: login.to_owned(), action: Deed::PaperTakenIn.into(), subject: received.0.clone(), detail };
        work.append_audit(vec![entry], digest).await?;
    }
    work.commit().await?;
    Ok(received)
}

/// The bytes of a file, or why it is not taken. A pipe or a device would never end.
fn bytes_of(file: &Path) -> Result<Vec<u8>, String> {
    let unreadable = |error: std::io::Error| format!("unreadable: {error}");
    let metadata = std::fs::metadata(file).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err("not_a_file: only files and folders are taken".to_owned());
    }
    if metadata.len() > LARGEST_FILE {
        return Err(format!("too_large: {} bytes, at most {LARGEST_FILE} are taken", metadata.len()));
    }
    std::fs::read(file).map_err(unreadable)
}

/// The files under a path; folders that can't be opened are refused by themselves.
fn collect(path: &Path, files: &mut Vec<PathBuf>, refused: &mut Vec<String>) {
    if !path.is_dir() {
        files.push(path.to_owned());
        return;
    }
    let listed = std::fs::read_dir(path).and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect::<std::io::Result<Vec<_>>>());
    let mut entries = match listed {
        Ok(entries) => entries,
        Err(error) => return refused.push(format!("{}: unreadable: {error}", path.display())),
    };
    entries.sort();
    for entry in entries {
        // `.name` is hidden by custom; two dots in front are only a strange name.
        let hidden = entry.file_name().is_some_and(|name| {
            let name = name.to_string_lossy();
            name.starts_with('.') && !name.starts_with("..")
        });
        if !hidden && !entry.is_symlink() {
            collect(&entry, files, refused);
        }
    }
}

//! Keep what arrives, record it, then acknowledge: bytes first, receipt second, answer last.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use recoup_store::documents::{Arrival, Received};
use serde::Serialize;

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

/// Takes one document in; when this returns, its bytes and its receipt are durable.
pub async fn receive(workplace: &Workplace, name: &str, bytes: &[u8]) -> Result<(String, Received)> {
    workplace.vault.keep(bytes).context("the original can't be kept")?;
    let arrival = Arrival {
        name: name.to_owned(),
        sha256: sha256(bytes),
        byte_count: i64::try_from(bytes.len())?,
        container_id: None,
        sequence: None,
        received_at: now_text(),
    };
    let mut work = workplace.store.begin().await?;
    let received = work.receive(&arrival, digest).await?;
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

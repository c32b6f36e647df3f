//! Watched folders: files are taken once they are complete, each content of a path once, and a ledger in the database survives restarts.
//!
//! A file is complete when two looks find the same size and time and its name is no temporary one. Nothing is moved or deleted.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use anyhow::Result;
use recoup_store::intake::WatchedFile;

use crate::clock::now_text;
use crate::desk::receive::{LARGEST_FILE, receive};
use crate::vault::sha256;
use crate::workplace::Workplace;

/// Between two looks.
pub const PAUSE: Duration = Duration::from_secs(2);

/// Endings that programs give to files they still write.
const TEMPORARY: [&str; 8] = ["part", "partial", "tmp", "temp", "crdownload", "filepart", "download", "swp"];

/// What one look at a file shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    byte_count: u64,
    modified_at_millis: i64,
}

/// The folders and what the last look at them saw.
#[derive(Debug)]
pub struct Watch {
    folders: Vec<PathBuf>,
    seen: BTreeMap<PathBuf, Look>,
    /// Files that are taken as they lie there: the ledger needn't be asked about them again.
    taken: BTreeMap<PathBuf, Look>,
    /// Folders that can't be read now, and files that were refused: each is reported once.
    missing: BTreeSet<PathBuf>,
    refused: BTreeSet<PathBuf>,
}

impl Watch {
    pub fn new(folders: Vec<PathBuf>) -> Self {
        Self { folders, seen: BTreeMap::new(), taken: BTreeMap::new(), missing: BTreeSet::new(), refused: BTreeSet::new() }
    }

    /// Looks once at all folders and takes what is complete; returns how many files were taken, and what a person should know.
    pub async fn look(&mut self, workplace: &Workplace) -> Result<(usize, Vec<String>)> {
        let mut reports = Vec::new();
        let now = self.list(&mut reports).await?;
        let complete: Vec<(&PathBuf, &Look)> =
            now.iter().filter(|(path, look)| self.seen.get(*path) == Some(*look) && self.taken.get(*path) != Some(*look)).collect();
        let paths: Vec<String> = complete.iter().map(|(path, _)| path.to_string_lossy().into_owned()).collect();
        let known: BTreeMap<String, WatchedFile> = workplace.store.watched_files(&paths).await?.into_iter().map(|file| (file.path.clone(), file)).collect();
        let mut taken = 0;
        for (path, look) in complete {
            let name = path.to_string_lossy();
            let in_ledger = known
                .get(name.as_ref())
                .is_some_and(|file| u64::try_from(file.byte_count) == Ok(look.byte_count) && file.modified_at_millis == look.modified_at_millis);
            if in_ledger {
                self.taken.insert(path.clone(), *look);
                continue;
            }
            if look.byte_count > LARGEST_FILE {
                if self.refused.insert(path.clone()) {
                    reports.push(format!("{name}: too_large: {} bytes, at most {LARGEST_FILE} are taken", look.byte_count));
                }
                continue;
            }
            match take(workplace, path, *look).await {
                Ok(true) => {
                    self.taken.insert(path.clone(), *look);
                    taken += 1;
                }
                Ok(false) => {}
                Err(error) => {
                    if self.refused.insert(path.clone()) {
                        reports.push(format!("{name} can't be taken: {error:#}; it is tried again"));
                    }
                }
            }
        }
        self.taken.retain(|path, _| now.contains_key(path));
        self.seen = now;
        Ok((taken, reports))
    }

    /// What lies in the folders now; says which of them went away or came back.
    async fn list(&mut self, reports: &mut Vec<String>) -> Result<BTreeMap<PathBuf, Look>> {
        let mut now = BTreeMap::new();
        for folder in &self.folders {
            let path = folder.clone();
            let listed = tokio::task::spawn_blocking(move || {
                let (mut found, mut closed) = (BTreeMap::new(), Vec::new());
                list(&path, &mut found, &mut closed).map(|()| (found, closed))
            });
            match listed.await? {
                Ok((found, closed)) => {
                    now.extend(found);
                    for (path, error) in closed {
                        let says = format!("{} in a watched folder can't be read: {error}; it is tried again", path.display());
                        if self.missing.insert(path) {
                            reports.push(says);
                        }
                    }
                    if self.missing.remove(folder) {
                        reports.push(format!("the watched folder {} is back", folder.display()));
                    }
                }
                Err(error) => {
                    if self.missing.insert(folder.clone()) {
                        reports.push(format!("the watched folder {} can't be read: {error}; it is tried again", folder.display()));
                    }
                }
            }
        }
        Ok(now)
    }
}

/// Takes one file; not when it changed while it was read.
async fn take(workplace: &Workplace, path: &Path, look: Look) -> Result<bool> {
    let to_read = path.to_owned();
    let (bytes, after) = tokio::task::spawn_blocking(move || Ok::<_, std::io::Error>((std::fs::read(&to_read)?, look_at(&to_read)?))).await??;
    if after != look {
        return Ok(false);
    }
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    let (document_id, _) = receive(workplace, &name, &bytes).await?;
    let file = WatchedFile {
        path: path.to_string_lossy().into_owned(),
        byte_count: i64::try_from(look.byte_count)?,
        modified_at_millis: look.modified_at_millis,
        sha256: sha256(&bytes),
        document_id,
        taken_at: now_text(),
    };
    // After a crash between the receipt and this note the same bytes are recognised as known.
    let mut work = workplace.store.begin().await?;
    work.note_watched_file(&file).await?;
    work.commit().await?;
    Ok(true)
}

/// The files of a folder and its folders that may be complete, and the folders in it that can't be read.
fn list(folder: &Path, found: &mut BTreeMap<PathBuf, Look>, closed: &mut Vec<(PathBuf, std::io::Error)>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || name.starts_with("~$") || kind.is_symlink() {
            continue;
        }
        if kind.is_dir() {
            // A folder that goes away while we look, or is closed to us, is no reason to lose the others.
            if let Err(error) = list(&path, found, closed) {
                closed.push((path, error));
            }
        } else if kind.is_file()
            && !is_temporary(&name)
            && let Ok(look) = look_at(&path)
        {
            found.insert(path, look);
        }
    }
    Ok(())
}

fn is_temporary(name: &str) -> bool {
    name.ends_with('~') || name.rsplit_once('.').is_some_and(|(_, ending)| TEMPORARY.contains(&ending.to_ascii_lowercase().as_str()))
}

fn look_at(path: &Path) -> std::io::Result<Look> {
    let metadata = std::fs::metadata(path)?;
    let since = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(Look { byte_count: metadata.len(), modified_at_millis: i64::try_from(since.as_millis()).unwrap_or(i64::MAX) })
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn names(workplace: &Workplace) -> Vec<String> {
        workplace.store.pending_documents().await.expect("documents").into_iter().map(|document| document.name).collect()
    }

    #[tokio::test]
    async fn complete_files_are_taken_once_and_a_ledger_remembers_them() {
        let home = tempfile::tempdir().expect("a folder");
        let inbox = home.path().join("inbox");
        std::fs::create_dir(&inbox).expect("a folder");
        let workplace = Workplace::open(&home.path().join("data"), None).await.expect("a workplace");
        let mut watch = Watch::new(vec![inbox.clone()]);
        std::fs::write(inbox.join("a.csv"), "one").expect("a file");
        std::fs::write(inbox.join("b.csv.part"), "half").expect("a file");
        assert_eq!(watch.look(&workplace).await.expect("a look").0, 0, "one look proves nothing");
        std::fs::write(inbox.join("a.csv"), "one and more").expect("a file");
        assert_eq!(watch.look(&workplace).await.expect("a look").0, 0, "it still grows");
        assert_eq!(watch.look(&workplace).await.expect("a look").0, 1);
        assert_eq!(watch.look(&workplace).await.expect("a look").0, 0, "taken once");
        let mut restarted = Watch::new(vec![inbox.clone()]);
        restarted.look(&workplace).await.expect("a look");
        assert_eq!(restarted.look(&workplace).await.expect("a look").0, 0, "the ledger survives");
        std::fs::rename(inbox.join("b.csv.part"), inbox.join("b.csv")).expect("renamed");
        restarted.look(&workplace).await.expect("a look");
        assert_eq!(restarted.look(&workplace).await.expect("a look").0, 1);
        assert_eq!(names(&workplace).await, ["a.csv", "b.csv"]);
    }

    #[tokio::test]
    async fn a_vanished_folder_is_reported_once_and_again_when_it_is_back() {
        let home = tempfile::tempdir().expect("a folder");
        let inbox = home.path().join("inbox");
        let workplace = Workplace::open(&home.path().join("data"), None).await.expect("a workplace");
        let mut watch = Watch::new(vec![inbox.clone()]);
        let (_, reports) = watch.look(&workplace).await.expect("a look");
        assert!(reports.len() == 1 && reports[0].contains("can't be read"), "{reports:?}");
        assert!(watch.look(&workplace).await.expect("a look").1.is_empty());
        std::fs::create_dir(&inbox).expect("a folder");
        assert!(watch.look(&workplace).await.expect("a look").1[0].ends_with("is back"));
    }
}

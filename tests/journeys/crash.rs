//! Killing an ingest at random moments loses nothing and doubles nothing.

use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime};

use recoup_tests::{Place, project};

/// Kills in all, over several folders.
const KILLS: usize = 100;

/// Documents that are quick to read, so that kills fall on writing as often as on reading.
fn quick_documents(folder: &std::path::Path) -> std::path::PathBuf {
    let documents = folder.join("documents");
    std::fs::create_dir_all(&documents).expect("a folder");
    for entry in std::fs::read_dir(project().join("samples/documents")).expect("samples") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_quick = ["csv", "tsv", "xlsx", "edi", "xml", "txt", "sta"].iter().any(|ending| name.ends_with(ending)) || name.ends_with("eml");
        if is_quick {
            std::fs::copy(entry.path(), documents.join(name)).expect("copied");
        }
    }
    documents
}

#[test]
fn a_hundred_kills_lose_and_double_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let documents = quick_documents(folder.path());
    let documents = documents.to_string_lossy();
    let reference = project().join("samples/reference");
    let reference = reference.to_string_lossy();
    let whole = Place::embedded(&folder.path().join("whole"));
    whole.must(&["import", &reference]);
    let started = Instant::now();
    whole.must(&["ingest", &documents]);
    let longest = started.elapsed();
    let wanted = whole.exports();

    let mut seed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(1, |since| since.as_secs());
    println!("seed {seed}");
    let mut random = move |below: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % below
    };
    let (mut kills, mut round) = (0, 0);
    while kills < KILLS {
        round += 1;
        let place = Place::embedded(&folder.path().join(format!("round{round}")));
        place.must(&["import", &reference]);
        // Killed up to ten times, at any moment of what a whole run takes; then left to finish.
        for _ in 0..10 {
            let mut child = place.command(&["ingest", &documents]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
            std::thread::sleep(Duration::from_millis(random(u64::try_from(longest.as_millis()).expect("short") + 50)));
            child.kill().expect("killed");
            child.wait().expect("gone");
            kills += 1;
        }
        place.must(&["ingest", &documents]);
        place.must(&["verify"]);
        assert_eq!(place.exports(), wanted, "round {round} differs from the run that nobody disturbed");
        std::fs::remove_dir_all(&place.data).expect("cleaned");
    }
}

//! Style is a test.

use std::path::{Path, PathBuf};

use recoup_tests::project;

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() && !["target", "node_modules", ".git", "recoup-data", "demo-data"].contains(&name.as_str()) {
            sources(&path, found);
        } else if name.ends_with(".rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_source_says_what_it_is_about_and_stays_readable() {
    let mut files = Vec::new();
    sources(&project(), &mut files);
    assert!(files.len() > 60, "only {} sources found", files.len());
    for file in files {
        let text = std::fs::read_to_string(&file).expect("text");
        let named = file.strip_prefix(project()).expect("inside").display().to_string();
        assert!(text.starts_with("//!"), "{named} begins with what it is about");
        assert!(text.lines().count() <= 700, "{named} has {} lines: is there a seam?", text.lines().count());
        for (line, content) in (1..).zip(text.lines()) {
            assert!(!content.ends_with(' ') && !content.contains('\t'), "{named}:{line}: trailing space or tab");
            for word in ["TO\u{44}O", "FIX\u{4d}E", "unimplemented\u{21}("] {
                assert!(!content.contains(word), "{named}:{line}: {word}");
            }
        }
        let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        assert!(!["util", "utils", "helper", "helpers", "common", "misc"].contains(&stem.as_str()), "{named} names no subject");
    }
}

#[test]
fn the_clock_is_asked_in_one_place() {
    let mut files = Vec::new();
    sources(&project(), &mut files);
    for file in files {
        let named = file.strip_prefix(project()).expect("inside").display().to_string();
        if named.starts_with("tests/") || named == "web/src/clock.rs" {
            continue;
        }
        let text = std::fs::read_to_string(&file).expect("text");
        for call in ["SystemTime::now", "Timestamp::now", "Zoned::now"] {
            assert!(!text.contains(call), "{named} asks the clock itself: {call}");
        }
    }
}

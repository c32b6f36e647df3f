//! Every file of `tests/corpus/bad` gets the answer that stands beside it: nothing is lost, nothing guessed, nothing harmed.
//!
//! `NAME.expected.json` beside a document holds `status` and optionally `code` (the beginning of the problem); beside a reference file it holds
//! `exit`, `loaded` and the `rejects` as line, column and code.

use std::path::{Path, PathBuf};

use recoup_tests::{Place, project};
use serde_json::Value as Json;

fn cases(folder: &str) -> Vec<(PathBuf, Json)> {
    let folder = project().join("tests/corpus/bad").join(folder);
    let mut cases: Vec<(PathBuf, Json)> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| !path.to_string_lossy().ends_with(".expected.json"))
        .map(|path| {
            let expected = PathBuf::from(format!("{}.expected.json", path.display()));
            let text = std::fs::read_to_string(&expected).unwrap_or_else(|_| panic!("{} has no expected answer", path.display()));
            (path, serde_json::from_str(&text).expect("JSON"))
        })
        .collect();
    cases.sort_by(|left, right| left.0.cmp(&right.0));
    assert!(!cases.is_empty(), "{} is empty", folder.display());
    cases
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

#[test]
fn documents_that_cannot_be_read_are_kept_and_say_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::embedded(folder.path());
    place.must(&["import", &project().join("samples/reference").to_string_lossy()]);
    let cases = cases("documents");
    for (path, _) in &cases {
        place.must(&["ingest", "--no-process", &path.to_string_lossy()]);
    }
    place.must(&["process"]);
    let documents = place.export("documents");
    for (path, expected) in &cases {
        let name = name_of(path);
        let row = documents.iter().find(|row| row["document"] == name.as_str()).unwrap_or_else(|| panic!("{name} is lost"));
        assert_eq!(row["status"], expected["status"], "{name}: {row}");
        let problem = row["problem"].as_str().unwrap_or_default();
        if let Some(code) = expected["code"].as_str() {
            assert!(problem.contains(code), "{name}: expected `{code}`, got `{problem}`");
        }
    }
    place.must(&["verify"]);
    assert_eq!(place.export("payments").len(), 0, "nothing is posted from what can't be trusted");
}

#[test]
fn bad_rows_of_reference_files_are_listed_and_good_ones_loaded() {
    for (path, expected) in cases("reference") {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::embedded(folder.path());
        place.must(&["import", &project().join("samples/reference").to_string_lossy()]);
        // The name decides which file it is: `customers.missing_column.csv` is a customers.csv.
        let name = name_of(&path);
        let plain = folder.path().join(format!("{}.csv", name.split('.').next().unwrap_or_default()));
        std::fs::copy(&path, &plain).expect("copied");
        let output = place.run(&["import", "--json", &plain.to_string_lossy()]);
        assert_eq!(output.status.code().map(i64::from), expected["exit"].as_i64(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        if expected["exit"] == 1 {
            let error = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(error.contains(expected["error"].as_str().expect("an error")), "{name}: {error}");
            continue;
        }
        let summary: Json = serde_json::from_slice(&output.stdout).expect("JSON");
        let file = &summary["files"][0];
        let loaded = file["new"].as_i64().unwrap_or(0) + file["changed"].as_i64().unwrap_or(0) + file["unchanged"].as_i64().unwrap_or(0);
        assert_eq!(Some(loaded), expected["loaded"].as_i64(), "{name}: {summary}");
        let rejects: Vec<Json> = summary["rejects"]
            .as_array()
            .expect("rejects")
            .iter()
            .map(|reject| serde_json::json!([reject["line"], reject["column"], reject["code"]]))
            .collect();
        assert_eq!(Json::Array(rejects), expected["rejects"], "{name}");
        let listed = std::fs::read_to_string(folder.path().join("import_rejects.csv"));
        assert_eq!(listed.is_ok(), expected["exit"] == 3, "{name}: rejects are listed in a file");
    }
}

//! Every file of `tests/corpus/bad` gets the answer that stands beside it: nothing is lost, nothing guessed, nothing harmed.
//!
//! `NAME.expected.json` beside a document holds its `status` and optionally
//! - `code`: what the problem says, alternatives separated by `|`
//! - `members`: the names of all that was unpacked from it; `member_codes`: what the problem of a member says
//! - `payments`: amount, currency, status and allocated amount of what was posted from it
//! - `reason`: words that a deduction of it carries letter by letter; `no_date`: its date is no date
//!
//! Beside a reference file it holds `exit`, `loaded`, the `rejects` as line, column and code, and optionally the beginning of a `warning`; or the
//! `error` of a file that is refused as a whole. `tests/corpus/make.py` writes both.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use recoup_tests::{Place, project};
use serde_json::Value as Json;

/// No document of the corpus may hold up the others for long, the bombs included.
const WHOLE_CORPUS_AT_MOST: Duration = Duration::from_secs(120);

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

fn text<'row>(row: &'row Json, column: &str) -> &'row str {
    row[column].as_str().unwrap_or_default()
}

/// The samples' reference data without bank lines: whatever is posted then comes from the documents.
fn with_reference(folder: &Path) -> Place {
    let reference = folder.join("reference");
    std::fs::create_dir_all(&reference).expect("a folder");
    for entry in std::fs::read_dir(project().join("samples/reference")).expect("reference") {
        let entry = entry.expect("an entry");
        if entry.file_name() != "payments.csv" {
            std::fs::copy(entry.path(), reference.join(entry.file_name())).expect("copied");
        }
    }
    let place = Place::embedded(&folder.join("data"));
    place.must(&["import", &reference.to_string_lossy()]);
    place
}

/// Takes every case in and compares what became of it with what is expected; returns what differs, so that one run shows all.
fn differing(place: &Place, cases: &[(PathBuf, Json)]) -> Vec<String> {
    for (path, _) in cases {
        place.must(&["ingest", "--no-process", &path.to_string_lossy()]);
    }
    let started = Instant::now();
    place.must(&["process"]);
    assert!(started.elapsed() < WHOLE_CORPUS_AT_MOST, "processing took {} seconds", started.elapsed().as_secs());
    let [documents, payments, deductions] = ["documents", "payments", "deductions"].map(|what| place.export(what));
    let mut differing = Vec::new();
    for (path, expected) in cases {
        let name = name_of(path);
        let mut check = |what: &str, holds: bool, got: String| {
            if !holds {
                differing.push(format!("{name}: {what}: {got}"));
            }
        };
        let Some(row) = documents.iter().find(|row| text(row, "document") == name) else {
            check("lost", false, String::new());
            continue;
        };
        check("status", row["status"] == expected["status"], row.to_string());
        let says = |row: &Json, code: &Json| code.as_str().is_none_or(|codes| codes.split('|').any(|code| text(row, "problem").contains(code)));
        check("code", says(row, &expected["code"]), row.to_string());
        check("reason", text(row, "status") != "needs_review" || !text(row, "problem").is_empty(), row.to_string());
        let inside = format!("{name}!");
        let members: Vec<&str> = documents.iter().map(|row| text(row, "document")).filter_map(|document| document.strip_prefix(&inside)).collect();
        check("members", expected["members"].as_array().is_none_or(|expected| *expected == members), format!("{members:?}"));
        for (member, code) in expected["member_codes"].as_object().into_iter().flatten() {
            let found = documents.iter().find(|row| text(row, "document").strip_prefix(&inside) == Some(member));
            check("member", found.is_some_and(|row| says(row, code)), format!("{member}: {found:?}"));
        }
        let posted: Vec<Json> = payments
            .iter()
            .filter(|payment| text(payment, "document") == name)
            .map(|payment| serde_json::json!([payment["amount"], payment["currency"], payment["status"], payment["allocated_amount"]]))
            .collect();
        check("payments", expected["payments"].as_array().is_none_or(|expected| *expected == posted), format!("{posted:?}"));
        let dated = payments.iter().any(|payment| text(payment, "document") == name && !payment["payment_date"].is_null());
        check("date", expected["no_date"] != true || !dated, "a date was made up".to_owned());
        let told = |reason: &str| deductions.iter().any(|deduction| text(deduction, "document") == name && text(deduction, "reason_text") == reason);
        check("words", expected["reason"].as_str().is_none_or(told), "its words are not those of the customer".to_owned());
    }
    differing
}

#[test]
fn documents_that_cannot_be_trusted_are_kept_say_why_and_post_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = with_reference(folder.path());
    let differing = differing(&place, &cases("documents"));
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    assert_eq!(place.export("payments"), Vec::<Json>::new(), "nothing is posted from what can't be trusted");
    place.must(&["verify"]);
}

#[test]
fn what_is_whole_in_a_damaged_document_is_read_and_the_damage_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = with_reference(folder.path());
    let differing = differing(&place, &cases("posted"));
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    place.must(&["verify"]);
    // A spreadsheet that opens the export runs nothing.
    let exported = place.must(&["export", "deductions"]);
    assert!(exported.contains("'=cmd|"), "the formula is neutralised");
    for line in csv::Reader::from_reader(exported.as_bytes()).records() {
        let line = line.expect("a row");
        assert!(line.iter().all(|cell| !cell.starts_with(['=', '@', '\t'])), "{line:?}");
    }
}

#[test]
fn what_arrives_again_or_disagrees_with_the_bank_is_never_booked_twice() {
    let start = tempfile::tempdir().expect("a folder");
    let loaded = with_reference(start.path());
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(project().join("tests/corpus/bad/arrivals")).expect("arrivals").map(|entry| entry.expect("an entry").path()).collect();
    folders.sort();
    assert!(!folders.is_empty());
    for case in folders {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::embedded(&folder.path().join("data"));
        copy(&loaded.data, &place.data);
        let expected: Json = serde_json::from_str(&std::fs::read_to_string(case.join("expected.json")).expect("an expected answer")).expect("JSON");
        let wanted = expected["documents"].as_object().expect("documents");
        for name in wanted.keys() {
            place.must(&["ingest", &case.join(name).to_string_lossy()]);
        }
        let documents = place.export("documents");
        for (name, answer) in wanted {
            let row = documents.iter().find(|row| text(row, "document") == name).unwrap_or_else(|| panic!("{}: {name} is lost", case.display()));
            assert_eq!(row["status"], answer[0], "{}: {row}", case.display());
            assert!(answer[1].as_str().is_none_or(|code| text(row, "problem").contains(code)), "{}: {row}", case.display());
        }
        let standing: Vec<Json> = place
            .export("payments")
            .iter()
            .map(|payment| serde_json::json!([payment["amount"], payment["currency"], payment["status"], payment["allocated_amount"]]))
            .collect();
        assert_eq!(Json::Array(standing), expected["payments"], "{}", case.display());
        place.must(&["verify"]);
    }
}

#[test]
fn a_file_beyond_measure_is_refused_and_the_others_are_taken() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::embedded(&folder.path().join("data"));
    let inbox = folder.path().join("inbox");
    std::fs::create_dir_all(&inbox).expect("a folder");
    std::fs::File::create(inbox.join("a_huge.pdf")).and_then(|file| file.set_len((50 << 20) + 1)).expect("a file");
    std::fs::write(inbox.join("b_letter.txt"), "Dear Sir,\nthank you for your call.\n").expect("written");
    let output = place.run(&["ingest", &inbox.to_string_lossy()]);
    assert_eq!(output.status.code(), Some(3), "done, with a refused file");
    let says = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(says.contains("a_huge.pdf: too_large"), "{says}");
    let names: Vec<String> = place.export("documents").iter().map(|row| text(row, "document").to_owned()).collect();
    assert_eq!(names, ["b_letter.txt"]);
}

#[test]
fn hostile_file_names_are_only_names() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = with_reference(folder.path());
    let names = [
        "line\nbreak.txt".to_owned(),
        "C:\\..\\..\\windows\\system.txt".to_owned(),
        "\u{202e}fdp.exe".to_owned(),
        "<img src=x onerror=alert(1)>.txt".to_owned(),
        "=HYPERLINK(\"http:x\").txt".to_owned(),
        "-rf .txt".to_owned(),
        "CON".to_owned(),
        "\u{1f9fe} re\u{e7}u.txt".to_owned(),
        "re\u{301}gle\u{301}.txt".to_owned(),
        "r\u{e9}gl\u{e9}.txt".to_owned(),
        format!("{}.txt", "long".repeat(60)),
        "'; drop table documents; --.txt".to_owned(),
    ];
    let inbox = folder.path().join("inbox");
    std::fs::create_dir_all(&inbox).expect("a folder");
    for (number, name) in names.iter().enumerate() {
        std::fs::write(inbox.join(name), format!("letter number {number} about nothing\n")).expect("written");
    }
    place.must(&["ingest", &inbox.to_string_lossy()]);
    let documents = place.export("documents");
    for name in &names {
        assert!(documents.iter().any(|row| text(row, "document") == name), "{name:?} is lost");
    }
    assert_eq!(documents.len(), names.len());
    let exported = place.must(&["export", "documents"]);
    let rows: Vec<csv::StringRecord> = csv::Reader::from_reader(exported.as_bytes()).records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), names.len(), "a line break in a name breaks no row");
    assert!(rows.iter().all(|row| !row[0].starts_with(['=', '-'])), "a name is no formula");
    place.must(&["verify"]);
    // Names that are no text at all are taken too.
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        let odd = folder.path().join(std::ffi::OsStr::from_bytes(b"odd\xff.txt"));
        std::fs::write(&odd, "one more letter about nothing\n").expect("written");
        assert!(place.command(&["ingest"]).arg(&odd).output().expect("the program starts").status.success());
        assert_eq!(place.export("documents").len(), names.len() + 1);
    }
}

#[test]
fn bad_rows_of_reference_files_are_listed_and_good_ones_loaded() {
    let start = tempfile::tempdir().expect("a folder");
    let loaded = with_reference(start.path());
    for (path, expected) in cases("reference") {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::embedded(&folder.path().join("data"));
        copy(&loaded.data, &place.data);
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
        let taken = file["new"].as_i64().unwrap_or(0) + file["changed"].as_i64().unwrap_or(0) + file["unchanged"].as_i64().unwrap_or(0);
        assert_eq!(Some(taken), expected["loaded"].as_i64(), "{name}: {summary}");
        let rejects: Vec<Json> = summary["rejects"]
            .as_array()
            .expect("rejects")
            .iter()
            .map(|reject| serde_json::json!([reject["line"], reject["column"], reject["code"]]))
            .collect();
        assert_eq!(Json::Array(rejects), expected["rejects"], "{name}");
        if let Some(warning) = expected["warning"].as_str() {
            assert!(file["warnings"].to_string().contains(warning), "{name}: {}", file["warnings"]);
        }
        let listed = std::fs::read_to_string(place.data.join("import_rejects.csv"));
        assert_eq!(listed.is_ok(), expected["exit"] == 3, "{name}: rejects are listed in a file");
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            std::fs::copy(entry.path(), to.join(entry.file_name())).expect("copied");
        }
    }
}

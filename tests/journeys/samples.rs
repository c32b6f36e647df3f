//! The samples, from empty database to judged and routed claims, on both engines.

use std::collections::HashMap;

use recoup_tests::{Place, csv_rows, postgres, project};
use serde_json::Value as Json;

/// Imports and ingests the samples.
fn load(place: &Place) {
    let samples = project().join("samples");
    place.must(&["import", &samples.join("reference").to_string_lossy()]);
    place.must(&["ingest", &samples.join("documents").to_string_lossy()]);
}

fn text<'row>(row: &'row Json, column: &str) -> &'row str {
    row[column].as_str().unwrap_or_default()
}

fn comparable(number: &str) -> String {
    number.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase()
}

/// How many of the expected deductions of a difficulty are found with category, expectation, validity and owed amount right; and how many there are.
fn found(place: &Place, difficulties: &[&str]) -> (usize, usize, Vec<String>) {
    let mut exported: HashMap<String, Vec<Json>> = HashMap::new();
    for row in place.export("deductions") {
        exported.entry(text(&row, "amount").trim_start_matches('-').to_owned()).or_default().push(row);
    }
    let expected: Vec<_> = csv_rows(&project().join("samples/expected/deductions.csv"))
        .into_iter()
        .filter(|row| row["scored"] == "yes" && difficulties.contains(&row["difficulty"].as_str()))
        .collect();
    let mut missing = Vec::new();
    for row in &expected {
        let same_number = |candidate: &Json| {
            let (invoice, note) = (comparable(text(candidate, "invoice_number")), comparable(text(candidate, "debit_note_number")));
            (row["invoice_number"].is_empty()
                || comparable(&row["invoice_number"]) == invoice
                || (!note.is_empty() && comparable(&row["debit_note_number"]) == note))
                && (row["debit_note_number"].is_empty() || comparable(&row["debit_note_number"]) == note || comparable(&row["invoice_number"]) == invoice)
        };
        let right = |candidate: &Json| {
            ["category", "expectation", "validity"].iter().all(|column| text(candidate, column) == row[*column])
                && (row["valid_amount"].is_empty() || text(candidate, "valid_amount") == row["valid_amount"])
        };
        let candidates = exported.get_mut(&row["amount"]);
        let hit = candidates.as_ref().and_then(|list| list.iter().position(|candidate| same_number(candidate) && right(candidate)));
        match (candidates, hit) {
            (Some(list), Some(index)) => drop(list.swap_remove(index)),
            _ => missing.push(format!("{} {} {} {}", row["document"], row["scenario"], row["amount"], row["invoice_number"])),
        }
    }
    (expected.len() - missing.len(), expected.len(), missing)
}

#[test]
fn samples_are_judged_alike_on_both_engines_and_every_invariant_holds() {
    let folder = tempfile::tempdir().expect("a folder");
    let embedded = Place::embedded(&folder.path().join("embedded"));
    let server = Place { data: folder.path().join("server"), database: Some(postgres::server().database()) };
    for place in [&embedded, &server] {
        load(place);
        let verified: Json = serde_json::from_str(&place.must(&["verify", "--json"])).expect("JSON");
        assert_eq!(verified["clean"], Json::Bool(true), "{verified}");
        let checked: i64 = verified["findings"].as_array().expect("findings").iter().map(|finding| finding["checked"].as_i64().unwrap_or(0)).sum();
        assert!(checked > 1_000, "verify looked at {checked} rows only");
    }
    assert_eq!(embedded.exports(), server.exports(), "exports differ between SQLite and PostgreSQL");

    let (right, all, missing) = found(&embedded, &["machine", "clean"]);
    assert!(right * 100 >= all * 95, "{right} of {all} deductions of machine and clean documents are right; not these:\n{}", missing.join("\n"));
    let documents = embedded.export("documents");
    let names: Vec<&str> = documents.iter().map(|row| text(row, "document")).collect();
    for row in csv_rows(&project().join("samples/expected/documents.csv")) {
        let name = if row["member"].is_empty() { row["document"].clone() } else { format!("{}!{}", row["document"], row["member"]) };
        assert!(names.contains(&name.as_str()), "{name} is lost");
        let found = documents.iter().find(|document| text(document, "document") == name).expect("listed");
        if row["expected"] == "processed" {
            assert_ne!(text(found, "status"), "needs_review", "{name} can be read: {}", text(found, "problem"));
        }
        if row["expected"] == "needs_review" {
            assert_eq!(text(found, "status"), "needs_review", "{name}");
            assert!(!text(found, "problem").is_empty(), "{name} says why");
        }
    }
    // Every word of the taxonomy is exercised by what machines wrote.
    let categories: std::collections::HashSet<String> = embedded.export("deductions").iter().map(|row| text(row, "category").to_owned()).collect();
    assert!(categories.len() >= 22, "only {} categories: {categories:?}", categories.len());
}

#[test]
fn doing_everything_again_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::embedded(folder.path());
    load(&place);
    let first = place.exports();
    load(&place);
    assert_eq!(first, place.exports(), "importing and ingesting the same files again changed something");
    place.must(&["process", "--again"]);
    assert_eq!(first, place.exports(), "judging again changed something");
    let again: Json = serde_json::from_str(&place.must(&["import", "--json", &project().join("samples/reference").to_string_lossy()])).expect("JSON");
    for file in again["files"].as_array().expect("files") {
        assert_eq!((file["new"].as_i64(), file["changed"].as_i64()), (Some(0), Some(0)), "{file}");
    }
}

#[test]
fn one_reader_gives_what_all_cores_give() {
    let folder = tempfile::tempdir().expect("a folder");
    let samples = project().join("samples");
    let (alone, together) = (Place::embedded(&folder.path().join("alone")), Place::embedded(&folder.path().join("together")));
    load(&together);
    alone.must(&["import", &samples.join("reference").to_string_lossy()]);
    let ingest = alone.command(&["ingest", &samples.join("documents").to_string_lossy()]);
    let mut on_one_core = std::process::Command::new("taskset");
    on_one_core.args(["--cpu-list", "0"]).arg(ingest.get_program()).args(ingest.get_args()).current_dir(&alone.data);
    let output = on_one_core.output().expect("taskset of util-linux");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(alone.exports(), together.exports());
}

#[test]
fn papers_and_bank_lines_may_come_after_the_advice() {
    let folder = tempfile::tempdir().expect("a folder");
    let samples = project().join("samples");
    let ordered = Place::embedded(&folder.path().join("ordered"));
    load(&ordered);
    let late = Place::embedded(&folder.path().join("late"));
    let reference = samples.join("reference");
    for entry in std::fs::read_dir(&reference).expect("reference") {
        let path = entry.expect("an entry").path();
        assert!(path.extension().is_some_and(|ending| ending == "csv"), "{}", path.display());
    }
    let without_payments = folder.path().join("reference");
    std::fs::create_dir_all(&without_payments).expect("a folder");
    for entry in std::fs::read_dir(&reference).expect("reference") {
        let entry = entry.expect("an entry");
        if entry.file_name() != "payments.csv" {
            std::fs::copy(entry.path(), without_payments.join(entry.file_name())).expect("copied");
        }
    }
    late.must(&["import", &without_payments.to_string_lossy()]);
    late.must(&["ingest", &samples.join("documents").to_string_lossy()]);
    late.must(&["import", &reference.join("payments.csv").to_string_lossy()]);
    late.must(&["process"]);
    let verdicts = |place: &Place| {
        let mut rows: Vec<String> = place
            .export("deductions")
            .iter()
            .map(|row| {
                ["document", "invoice_number", "debit_note_number", "amount", "category", "validity", "valid_amount", "payment_date"]
                    .map(|column| text(row, column))
                    .join("|")
            })
            .collect();
        rows.sort();
        rows
    };
    assert_eq!(verdicts(&ordered), verdicts(&late));
    late.must(&["verify"]);
}

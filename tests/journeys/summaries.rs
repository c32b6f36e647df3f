//! The kept summaries: they follow every step of the samples' way, a false one is named, and `recoup rebuild` mends it.

use recoup_tests::{Place, postgres, project};
use serde_json::Value as Json;

/// How `verify` finds the summaries.
fn finding(place: &Place) -> Json {
    let output = place.run(&["verify", "--json"]);
    let report: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    report["findings"].as_array().expect("a list").iter().find(|finding| finding["invariant"] == "summaries").expect("checked").clone()
}

/// Takes a part of the samples in and judges it again; the summaries hold after each step.
fn followed(place: &Place) {
    let samples = project().join("samples");
    place.must(&["import", &samples.join("reference").to_string_lossy()]);
    for name in ["pinecrest_ne_0804.tsv", "820_gable_rowe_0824.edi", "betaalspecificatie_BT-260611.xlsx"] {
        place.must(&["ingest", &samples.join("documents").join(name).to_string_lossy()]);
        let found = finding(place);
        assert_eq!((&found["broken"], found["checked"].as_i64() > Some(20)), (&Json::from(0), true), "{name}: {found}");
    }
    place.must(&["process", "--again"]);
    assert_eq!(finding(place)["broken"], 0);
    let kept = finding(place)["checked"].clone();
    let made: Json = serde_json::from_str(&place.must(&["rebuild", "--json"])).expect("JSON");
    assert_eq!(made["summaries"], kept, "made anew they are as many");
}

#[test]
fn summaries_follow_what_they_sum() {
    let folder = tempfile::tempdir().expect("a folder");
    followed(&Place::embedded(&folder.path().join("embedded")));
}

#[test]
fn a_false_summary_is_named_and_mended() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = postgres::server().database();
    let place = Place { data: folder.path().join("server"), database: Some(database.clone()) };
    followed(&place);
    for sql in [
        "update summaries set amount = amount + 1 where facet = 'age' and queue = 'supply_chain' and currency = 'USD'",
        "delete from summaries where facet = 'judged' and detail = 'rule'",
        "insert into summaries (facet, key, queue, detail, currency, members, amount) values ('due', '2026-01-01', 'sales', '', 'EUR', 1, 100)",
    ] {
        postgres::execute(&database, sql);
    }
    let examples = finding(&place)["examples"].to_string();
    for named in ["age 20", "judged ", "due 2026-01-01 sales  EUR"] {
        assert!(examples.contains(named), "{named} in {examples}");
    }
    assert!(!place.run(&["verify"]).status.success());
    place.must(&["rebuild"]);
    assert_eq!(finding(&place)["broken"], 0);
    place.must(&["verify"]);
}

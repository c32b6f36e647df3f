//! The made-up company of `recoup bench web`, on both databases: its books hold, users find no fault, and every screen of figures answers.

use recoup_tests::{Place, postgres};
use serde_json::Value as Json;

fn worked(place: &Place) {
    let mut arguments =
        vec!["bench", "web", "--claims", "300", "--open", "100", "--users", "3", "--seconds", "4", "--pause-milliseconds", "20", "--json", "--folder"];
    let folder = place.data.to_string_lossy().into_owned();
    arguments.push(&folder);
    let result: Json = serde_json::from_str(&place.must(&arguments)).expect("JSON");
    let result = &result["web"];
    assert_eq!((&result["claims"], &result["failures"]), (&Json::from(300), &Json::from(0)), "{result}");
    for kind in ["list", "claim", "search", "dashboard", "decide"] {
        assert!(result["kinds"][kind]["requests"].as_i64() > Some(0), "{kind}: {result}");
    }
    let again: Json = serde_json::from_str(&place.must(&arguments)).expect("JSON");
    assert!(again["web"]["seconds_to_make"].is_null(), "the company is there already: {again}");
    assert!(place.must(&["verify", "--json"]).contains("\"clean\":true"));
    let other = place.run(&["bench", "web", "--claims", "300", "--open", "299", "--folder", &folder]);
    assert!(String::from_utf8_lossy(&other.stderr).contains("nine tenths"), "{other:?}");
}

#[test]
fn users_work_a_made_up_company_on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    worked(&Place::embedded(&folder.path().join("embedded")));
}

#[test]
fn users_work_a_made_up_company_on_postgresql() {
    let folder = tempfile::tempdir().expect("a folder");
    worked(&Place { data: folder.path().join("server"), database: Some(postgres::server().database()) });
}

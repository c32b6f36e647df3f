//! A draft of the rules goes its way in the served application, on both databases: changed, tried on the past, published by a second person, decided by.

use std::time::Duration;

use recoup_tests::served::Site;
use recoup_tests::{Place, postgres, project};

/// What stands between two marks of a page.
fn between<'page>(page: &'page str, before: &str, after: &str) -> &'page str {
    page.split_once(before).and_then(|(_, rest)| rest.split_once(after)).map_or_else(|| panic!("no {before} in {page}"), |(inside, _)| inside)
}

/// Changes the rules of a place in the browser; returns its exports and the file of the backtest.
fn published(place: &Place) -> (String, String) {
    let document = |name: &str| project().join("samples/documents").join(name).to_string_lossy().into_owned();
    place.must(&["import", &project().join("samples/reference").to_string_lossy()]);
    place.must(&["ingest", &document("pinecrest_ne_0804.tsv")]);
    for (login, role) in [("mara", "analyst"), ("jonas", "manager")] {
        assert!(place.add_person(login, role, "a long passphrase").status.success());
    }
    let mut site = Site::serve(place);
    site.log_in("mara");
    let (status, head, _) = site.ask("POST", "/rules/drafts", &[("name", "Finance works what is not owed")]);
    assert_eq!(status, 303);
    let draft = between(&head, "location: ", "\r\n").to_owned();
    let page = site.page(&format!("{draft}/table?file=routing.csv"));
    let seen = between(&page, "name=\"seen\" value=\"", "\"");
    let kept = place.must(&["rules", "write", &place.data.join("book").to_string_lossy()]);
    assert!(kept.contains("files of default@"), "{kept}");
    let routing = std::fs::read_to_string(place.data.join("book/routing.csv")).expect("the table");
    let row = "rule,category,amount,expectation,validity,customer,queue,priority,approval_level,days,action\nours,,,,,US120|US110,finance,urgent,1,3,open";
    let routing = routing.replacen(routing.lines().next().expect("a heading"), row, 1);
    assert_eq!(site.ask("POST", &format!("{draft}/text"), &[("file", "routing.csv"), ("seen", seen), ("text", &routing)]).0, 303);
    assert_eq!(site.ask("POST", &format!("{draft}/text"), &[("file", "routing.csv"), ("seen", seen), ("text", &routing)]).0, 409, "it changed since");
    assert_eq!(site.ask("POST", &format!("{draft}/backtest"), &[("act", "begin")]).0, 303);
    for _ in 0..200 {
        if site.page(&format!("{draft}/backtest")).contains("would be decided otherwise") {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let changes = site.ask("GET", &format!("{draft}/backtest/export"), &[]).2;
    assert!(changes.lines().count() > 3 && changes.contains("US110") && changes.contains(",ours"), "{changes}");
    assert_eq!(site.ask("POST", &draft, &[("act", "propose"), ("version", "2")]).0, 303);
    site.log_in("jonas");
    assert_eq!(site.ask("POST", &format!("{draft}/decision"), &[("act", "publish"), ("version", "3")]).0, 303);
    assert_eq!(site.ask("POST", &format!("{draft}/decision"), &[("act", "publish"), ("version", "3")]).0, 409, "once");
    // The command line works with the same book, and what arrives now is routed by it.
    place.must(&["ingest", &document("820_pinecrest_express_0717.edi")]);
    let claims = place.export("claims");
    let routed: Vec<&str> = claims.iter().filter(|claim| claim["customer_id"] == "US120").filter_map(|claim| claim["priority"].as_str()).collect();
    assert!(!routed.is_empty() && routed.iter().all(|priority| *priority == "urgent"), "{claims:?}");
    assert!(claims.iter().any(|claim| claim["customer_id"] == "US110" && claim["priority"] != "urgent"), "what was judged before stays");
    place.must(&["verify"]);
    (place.exports(), changes)
}

#[test]
fn rules_are_changed_in_the_browser_alike_on_both_engines() {
    let folder = tempfile::tempdir().expect("a folder");
    let embedded = published(&Place::embedded(&folder.path().join("embedded")));
    let server = published(&Place { data: folder.path().join("server"), database: Some(postgres::server().database()) });
    assert_eq!(embedded, server, "exports differ between SQLite and PostgreSQL");
}

//! People work claims in the served application, on both databases: the same acts leave the same claims, books and lists.

use recoup_tests::served::Site;
use recoup_tests::{Place, postgres, project};
use serde_json::Value as Json;

fn text<'row>(row: &'row Json, column: &str) -> &'row str {
    row[column].as_str().unwrap_or_default()
}

/// Loads a part of the samples, and lets Mara and Jonas work it.
fn work(place: &Place) -> String {
    let samples = project().join("samples");
    place.must(&["import", &samples.join("reference").to_string_lossy()]);
    for name in ["pinecrest_ne_0804.tsv", "820_gable_rowe_0824.edi", "betaalspecificatie_BT-260611.xlsx", "remadv_ulmbach_0914.edi"] {
        place.must(&["ingest", &samples.join("documents").join(name).to_string_lossy()]);
    }
    for (login, role) in [("mara", "analyst"), ("jonas", "manager")] {
        assert!(place.add_person(login, role, "a long passphrase").status.success());
    }
    for currency in ["EUR", "USD"] {
        place.must(&["user", "limit", "jonas", "--outcome", "accept", "--currency", currency, "--amount", "90000"]);
    }
    assert!(
        !place.run(&["user", "delegate", "jonas", "jonas", "--from-day", "2026-01-01", "--until-day", "2026-01-02"]).status.success(),
        "limits don't go in a circle"
    );
    let claims = place.export("claims");
    let undecided: Vec<&str> = claims.iter().map(|row| text(row, "claim_id")).collect();
    assert!(undecided.len() >= 8, "{} claims", undecided.len());
    let mut site = Site::serve(place);
    site.log_in("mara");
    let first = undecided[0];
    assert_eq!(site.act(first, "1", &[("act", "accept"), ("note", "agreed by phone")]), 303);
    assert_eq!(site.act(first, "1", &[("act", "dispute"), ("note", "no")]), 409, "the claim changed since version 1");
    assert_eq!(site.act(first, "2", &[("act", "approve")]), 422, "nobody approves an own decision");
    assert_eq!(site.act(undecided[1], "1", &[("act", "dispute"), ("note", "signed in full")]), 303);
    assert_eq!(site.act(undecided[1], "2", &[("act", "recover"), ("amount", "1"), ("note", "credited")]), 303);
    assert_eq!(site.act(undecided[1], "3", &[("act", "take_back_recovery"), ("note", "0.50 was meant")]), 303);
    assert_eq!(site.act(undecided[1], "4", &[("act", "recover"), ("amount", "0,50"), ("note", "credited")]), 303);
    assert_eq!(site.act(undecided[2], "1", &[("act", "ask_backup"), ("to", "customer"), ("note", "the signed note")]), 303);
    assert_eq!(site.act(undecided[3], "1", &[("act", "hold"), ("until", "2999-01-01")]), 303);
    assert_eq!(site.act(undecided[4], "1", &[("act", "transfer"), ("to", "customer_service"), ("note", "yours")]), 303);
    assert_eq!(site.act(undecided[4], "2", &[("act", "undo")]), 303);
    assert_eq!(site.act(undecided[5], "1", &[("act", "split"), ("amount", "1,50")]), 303);
    assert_eq!(site.act(undecided[6], "1", &[("act", "comment"), ("note", "called them")]), 303);
    assert_eq!(site.act("C-none", "1", &[("act", "comment"), ("note", "?")]), 404);
    let (status, head, _) = site.ask("POST", "/selections", &[("act", "dispute"), ("note", "in bulk"), ("claim", undecided[6]), ("claim", first)]);
    let selection = head.lines().find_map(|line| line.strip_prefix("location: ")).expect("a selection").trim().to_owned();
    assert_eq!(status, 303);
    assert!(site.page(&selection).contains("1 skipped"));
    assert_eq!(site.ask("POST", &selection, &[]).0, 303);
    assert_eq!(site.ask("POST", "/views", &[("name", "Mine"), ("query", "?view=mine")]).0, 303);
    let agreement = "AG-4122";
    let answer = [("answer", "different"), ("rate", "2,5"), ("starts_on", "2026-07-10"), ("ends_on", "2026-08-31"), ("words", "longer")];
    let refused = site.ask("POST", &format!("/agreements/{agreement}/answer"), &answer);
    assert!(
        refused.0 == 422
            && refused.2.contains("value=\"2,5\"")
            && refused.2.contains(">longer</textarea>")
            && refused.2.contains("would settle 36.00 EUR of claims by itself, and mara may accept 0.00 EUR alone"),
        "{}",
        refused.2
    );
    assert!(site.page("/agreements/AG-4122").contains("Proposed"), "a refused answer changes nothing");
    let no_link = site.ask("POST", &format!("/agreements/{agreement}/link"), &[]).2;
    assert!(no_link.contains("would not be good for the answer") && !no_link.contains("/confirm/"), "no link asks what it may not hear");
    site.log_in("jonas");
    assert_eq!(site.ask("POST", &format!("/agreements/{agreement}/answer"), &answer).0, 303);
    site.log_in("mara");
    for path in [
        "/",
        "/claims",
        "/claims?view=waiting_customer",
        "/claims?view=closed_by_rule&q=2",
        "/claims?q=amount:%3E10+has:delivery",
        "/claims?sort=largest&status=unfinished",
        "/claims?sort=oldest",
        "/claims?sort=customer&queue=sales",
        "/claims?view=deductions&carrier=Tallgrass+Freight&since=2026-01-01",
        "/claims/export?format=csv",
        "/?customer=US110&weeks=52",
        "/?queue=finance",
        "/workload",
        "/causes?queue=supply_chain",
        "/causes?by=customer",
        "/causes?by=carrier&weeks=52&customer=US110",
        "/coming",
        "/coming?customer=US110",
        "/search?q=pinecrest",
        "/agreements",
        "/agreements/AG-4122",
        "/approvals",
        "/customers",
        "/documents",
    ] {
        site.page(path);
    }
    let (_, _, linked) = site.ask("POST", &format!("/agreements/{agreement}/link"), &[]);
    let link = linked.split("/confirm/").nth(1).and_then(|rest| rest.split('<').next()).expect("a link").trim().to_owned();
    site.log_in("jonas");
    assert!(site.page("/approvals").contains(first));
    assert_eq!(site.act(first, "2", &[("act", "approve")]), 303);
    site.leave();
    assert!(site.page(&format!("/confirm/{link}")).contains("Was this agreed?"));
    assert!(site.page(&format!("/confirm/{link}")).contains("Was this agreed?"), "looking uses nothing up");
    assert!(site.ask("POST", &format!("/confirm/{link}"), &[("answer", "not_ours")]).2.contains("Thank you"));
    assert!(site.ask("POST", &format!("/confirm/{link}"), &[("answer", "confirmed")]).2.contains("answered already"));
    assert_eq!(site.ask("GET", "/confirm/0000", &[]).0, 404);
    drop(site);
    let verified: Json = serde_json::from_str(&place.must(&["verify", "--json"])).expect("JSON");
    assert_eq!(verified["clean"], Json::Bool(true), "{verified}");
    let again = place.export("claims");
    let state = |id: &str| again.iter().find(|row| text(row, "claim_id") == id).map(|row| text(row, "state").to_owned()).unwrap_or_default();
    assert_eq!([state(first), state(undecided[1]), state(undecided[2]), state(undecided[3])], ["accepted", "disputed", "waiting", "parked"]);
    // Reading everything again changes no decision of a person.
    place.must(&["process", "--again"]);
    let after = place.export("claims");
    let decided = |rows: &[Json]| rows.iter().filter(|row| text(row, "state") != "new").map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(decided(&again), decided(&after));
    place.exports()
}

#[test]
fn people_work_claims_alike_on_both_engines() {
    let folder = tempfile::tempdir().expect("a folder");
    let embedded = work(&Place::embedded(&folder.path().join("embedded")));
    let server = work(&Place { data: folder.path().join("server"), database: Some(postgres::server().database()) });
    assert_eq!(embedded, server, "exports differ between SQLite and PostgreSQL");
}

//! Claims that cost more than they bring: let go with the numbers, up to the cap, worked together when they are equal, alike on both databases.

use std::fmt::Write as _;

use recoup_tests::{Place, postgres};
use serde_json::Value as Json;

/// A customer that deducts what nobody agreed to: the amounts in whole euros, one an invoice.
fn held_back(place: &Place, name: &str, paid_on: &str, first: usize, amounts: &[i64]) {
    let mut invoices = "invoice_number,customer_id,issue_date,currency,total_amount\n".to_owned();
    let mut advice = "Payment No.,Payment Date,Payer,Currency,Total Payment,Invoice No.,Gross Amount,Deduction,Net Amount,Reason\n".to_owned();
    let total: i64 = amounts.iter().map(|amount| 1000 - amount).sum();
    for (number, amount) in (first..).zip(amounts) {
        writeln!(invoices, "INV-{number},K1,2026-03-01,EUR,1000.00").expect("text");
        writeln!(advice, "P-{first},{paid_on},Shop Ltd,EUR,{total}.00,INV-{number},1000.00,{amount}.00,{}.00,Handling fee", 1000 - amount).expect("text");
    }
    for (file, text, command) in [(format!("{name}/invoices.csv"), invoices, "import"), (format!("{name}/advice.csv"), advice, "ingest")] {
        std::fs::create_dir_all(place.data.join(name)).expect("a folder");
        std::fs::write(place.data.join(&file), text).expect("written");
        place.must(&[command, &file]);
    }
}

/// Whole euros of the deductions that a rule of the routing closed or that a claim works, by what their explanation says.
fn amounts(place: &Place, says: &str) -> Vec<String> {
    let rows = place.export("deductions");
    rows.iter().filter(|row| text(row, "explanation").contains(says)).map(|row| format!("{} {}", text(row, "amount"), text(row, "status"))).collect()
}

fn text<'row>(row: &'row Json, column: &str) -> &'row str {
    row[column].as_str().unwrap_or_default()
}

/// A shop, a manager, and a draft of the rules whose small claims are this row.
fn with_small_claims(place: &Place, row: &str) {
    std::fs::create_dir_all(&place.data).expect("a folder");
    for (file, text) in
        [("company.csv", "legal_entity,name\nE1,Us Ltd\n"), ("customers.csv", "customer_id,name,currency,payment_terms\nK1,Shop Ltd,EUR,net 30\n")]
    {
        std::fs::write(place.data.join(file), text).expect("written");
        place.must(&["import", file]);
    }
    assert!(place.add_person("maria", "manager", "a long passphrase").status.success());
    place.must(&["rules", "write", "draft"]);
    let table = place.data.join("draft/small_claims.csv");
    let written = std::fs::read_to_string(&table).expect("the table");
    std::fs::write(&table, written.replace("general,,,all,15,25,0.4,0.6,10,500,0.05,5", row)).expect("written");
}

fn weighs(place: &Place) -> String {
    // Not owed for certain, so that a claim is worth (15 + 25) / 0.6 = 66.67; no sample, and 150.00 a month.
    with_small_claims(place, "general,,,worthwhile,15,25,0.4,0.6,10,150,0,5");
    held_back(place, "before", "2026-03-20", 100, &[70, 10]);
    assert!(amounts(place, "Let go").is_empty(), "by default everything is worked");
    place.must(&["rules", "publish", "draft", "--by", "maria"]);
    place.must(&["process", "--again"]);
    assert_eq!(amounts(place, "Let go: 10.00 EUR at stake is not worth its work below 66.67 EUR"), ["10.00 closed"]);
    held_back(place, "after", "2026-03-21", 200, &[60, 40, 50, 20, 20]);
    assert_eq!(amounts(place, "Let go"), ["10.00 closed", "60.00 closed", "40.00 closed", "20.00 closed", "20.00 closed"], "50.00 more would pass the cap");
    held_back(place, "equal", "2026-04-20", 300, &[20, 20]);
    assert_eq!(amounts(place, "One of 4 equal claims of 20.00 EUR: 80.00 EUR together"), ["20.00 open"; 4]);
    let claims = place.export("claims");
    assert!(claims.iter().any(|claim| text(claim, "amount") == "80.00" && text(claim, "expected_recovery") == "48.00"), "{claims:?}");
    place.must(&["process", "--again"]);
    let lot: Vec<Json> = place.export("deductions").into_iter().filter(|row| text(row, "amount") == "20.00").collect();
    assert!(lot.iter().all(|row| row["claim_id"] == lot[0]["claim_id"] && text(row, "status") == "open"), "judging again takes no lot apart: {lot:?}");
    assert!(place.must(&["verify", "--json"]).contains("\"clean\":true"));
    place.exports()
}

/// Six claims that keep right under 66.67: the fifth raises the alarm.
fn alarms(place: &Place) -> String {
    with_small_claims(place, "general,,,worthwhile,15,25,0.4,0.6,10,5000,0,5");
    place.must(&["rules", "publish", "draft", "--by", "maria"]);
    assert!(place.must(&["rules", "bunched"]).contains("no open claims"));
    held_back(place, "under", "2026-03-21", 100, &[60, 61, 62, 63]);
    assert_eq!(amounts(place, "Let go").len(), 4, "four are chance");
    held_back(place, "more", "2026-04-21", 200, &[64, 65]);
    assert_eq!(amounts(place, "Let go").len(), 4);
    let row = place.export("deductions").into_iter().find(|row| text(row, "amount") == "64.00").expect("a deduction");
    assert_eq!(text(&row, "status"), "open");
    let evidence = row["evidence"].to_string();
    assert!(evidence.contains("claims of this customer stand right under the limit") && evidence.contains("source of these figures: assumption"), "{evidence}");
    let told = place.must(&["process"]);
    assert!(told.contains("2 open claims bunch right under the limit of small claims"), "{told}");
    let listed = place.must(&["rules", "bunched"]);
    assert!(listed.contains("64.00 EUR") && listed.contains("65.00 EUR") && listed.lines().count() == 2, "{listed}");
    assert!(place.must(&["verify", "--json"]).contains("\"clean\":true"), "the kept sums hold what the overview shows");
    place.exports()
}

#[test]
fn claims_that_bunch_under_the_limit_are_told_alike_on_both_engines() {
    let folder = tempfile::tempdir().expect("a folder");
    let embedded = alarms(&Place::embedded(&folder.path().join("embedded")));
    let server = alarms(&Place { data: folder.path().join("server"), database: Some(postgres::server().database()) });
    assert_eq!(embedded, server, "exports differ between SQLite and PostgreSQL");
}

#[test]
fn small_claims_are_weighed_alike_on_both_engines() {
    let folder = tempfile::tempdir().expect("a folder");
    let embedded = weighs(&Place::embedded(&folder.path().join("embedded")));
    let server = weighs(&Place { data: folder.path().join("server"), database: Some(postgres::server().database()) });
    assert_eq!(embedded, server, "exports differ between SQLite and PostgreSQL");
}

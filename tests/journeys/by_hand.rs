//! A payment put on open items by a person, on both databases: sums hold at every step, what stood before stands on, and it is said who did it.

use recoup_tests::{Place, postgres};

fn puts(place: &Place) -> String {
    std::fs::create_dir_all(&place.data).expect("a folder");
    for (file, text) in [
        ("company.csv", "legal_entity,name\nE1,Us Ltd\n"),
        ("customers.csv", "customer_id,name,currency,payment_terms\nK1,Shop Ltd,EUR,net 30\n"),
        ("invoices.csv", "invoice_number,customer_id,issue_date,currency,total_amount\nINV-1,K1,2026-03-01,EUR,250.00\nINV-3,K1,2026-03-01,EUR,900.00\n"),
        ("payments.csv", "payment_id,received_on,payer_name,customer_id,amount,currency\nBANK-1,2026-03-20,Shop Ltd,K1,600.00,EUR\n"),
    ] {
        std::fs::write(place.data.join(file), text).expect("written");
        place.must(&["import", file]);
    }
    assert!(place.add_person("maria", "analyst", "a long passphrase").status.success());
    place.must(&["process"]);
    let standing = || {
        let payments = place.export("payments");
        assert_eq!(payments.len(), 1, "one payment stands: {payments:?}");
        ["payment_id", "allocated_amount", "on_account_amount"].map(|column| payments[0][column].as_str().unwrap_or_default().to_owned())
    };
    let refused = |arguments: &[&str]| {
        let done = place.run(arguments);
        assert!(!done.status.success(), "{arguments:?}");
        String::from_utf8_lossy(&done.stderr).into_owned()
    };
    assert!(refused(&["allocate", "BANK-1", "--item", "INV-3=590.00", "--by", "maria"]).contains("10.00 EUR is left to explain"));
    assert!(refused(&["allocate", "BANK-1", "--item", "INV-1=590.00", "--by", "maria"]).contains("INV-1 has 250.00 EUR open"));
    assert_eq!(standing(), ["BANK-1", "0.00", "600.00"], "nothing was changed by what was refused");
    place.must(&["allocate", "BANK-1", "--item", "INV-3=590.00", "--claim-rest", "--rest-on-account", "--by", "maria"]);
    let [first, paid, left] = standing();
    assert_eq!((paid.as_str(), left.as_str()), ("590.00", "10.00"));
    let held_back: Vec<String> = place.export("deductions").iter().map(|row| format!("{} {}", row["invoice_number"], row["amount"])).collect();
    assert_eq!(held_back, ["\"INV-3\" \"310.00\""], "what is missing of the item is held back");
    assert!(place.must(&["verify", "--json"]).contains("\"clean\":true"));
    place.must(&["allocate", &first, "--item", "INV-1=10.00", "--by", "maria"]);
    let allocations: Vec<String> =
        place.export("allocations").iter().map(|row| format!("{} {} {}", row["invoice_number"], row["paid_amount"], row["method"])).collect();
    assert_eq!(allocations, ["\"INV-3\" \"590.00\" \"manual\"", "\"INV-1\" \"10.00\" \"manual\""], "what stood before stands on");
    let now = standing();
    assert_eq!(now[1..], ["600.00", "0.00"]);
    assert!(refused(&["allocate", "BANK-1", "--item", "INV-1=1.00", "--by", "maria"]).contains("no standing payment"), "it was posted anew");
    place.must(&["process", "--again"]);
    assert_eq!(standing(), now, "no later run undoes it");
    let advice = "Payment reference,Payment date,Payer,Invoice,Amount paid\nRA-1,2026-03-20,Shop Ltd,INV-1,250.00\nRA-1,2026-03-20,Shop Ltd,INV-3,350.00\n";
    std::fs::write(place.data.join("advice.csv"), advice).expect("written");
    place.must(&["ingest", "advice.csv"]);
    assert_eq!(standing(), now, "an advice that says otherwise doesn't undo it either");
    let asked = place.export("documents");
    assert_eq!(asked[0]["status"], "needs_review");
    assert!(asked[0]["problem"].as_str().is_some_and(|problem| problem.contains("put the money of this advice on items by hand")), "{asked:?}");
    assert!(place.must(&["verify", "--json"]).contains("\"clean\":true"));
    let audit = place.must(&["export", "audit", "--format", "jsonl"]);
    assert!(audit.lines().any(|line| line.contains("matched by hand") && line.contains("maria")), "{audit}");
    place.exports()
}

/// Money that comes for an announcement that a person put on items settles nothing else by itself.
fn brings_another_amount(place: &Place) -> String {
    std::fs::create_dir_all(&place.data).expect("a folder");
    for (file, text) in [
        ("company.csv", "legal_entity,name\nE1,Us Ltd\n"),
        ("customers.csv", "customer_id,name,currency,payment_terms\nK1,Shop Ltd,EUR,net 30\n"),
        ("invoices.csv", "invoice_number,customer_id,issue_date,currency,total_amount\nINV-4,K1,2026-03-01,EUR,500.00\nINV-5,K1,2026-03-01,EUR,490.00\n"),
        ("advice.csv", "Payment reference,Payment date,Payer,Invoice,Amount paid\nRA-22,2026-04-10,Shop Ltd,77123,500.00\n"),
        ("payments.csv", "payment_id,received_on,payer_name,customer_id,amount,currency,reference\nBANK-2,2026-04-10,Shop Ltd,K1,490.00,EUR,RA-22\n"),
    ] {
        std::fs::write(place.data.join(file), text).expect("written");
    }
    for file in ["company.csv", "customers.csv", "invoices.csv"] {
        place.must(&["import", file]);
    }
    assert!(place.add_person("maria", "analyst", "a long passphrase").status.success());
    place.must(&["ingest", "advice.csv"]);
    let announced = place.export("payments")[0]["payment_id"].as_str().expect("a number").to_owned();
    place.must(&["allocate", &announced, "--item", "INV-4=500.00", "--by", "maria"]);
    place.must(&["import", "payments.csv"]);
    place.must(&["process"]);
    let settled: Vec<String> = place.export("allocations").iter().map(|row| format!("{} {}", row["invoice_number"], row["paid_amount"])).collect();
    assert_eq!(settled, ["\"INV-4\" \"500.00\""], "490.00 of the same money pays nothing else");
    let payments = place.export("payments");
    let brought = payments.iter().find(|row| row["amount"] == "490.00").expect("the money of the bank");
    assert_eq!(brought["on_account_amount"], "490.00", "{payments:?}");
    assert!(place.must(&["verify", "--json"]).contains("\"clean\":true"));
    place.exports()
}

#[test]
fn money_for_an_announcement_that_was_put_by_hand_waits_for_a_person_on_both_engines() {
    let folder = tempfile::tempdir().expect("a folder");
    let embedded = brings_another_amount(&Place::embedded(&folder.path().join("embedded")));
    let server = brings_another_amount(&Place { data: folder.path().join("server"), database: Some(postgres::server().database()) });
    assert_eq!(embedded, server, "exports differ between SQLite and PostgreSQL");
}

#[test]
fn a_payment_put_by_hand_is_the_same_on_both_engines() {
    let folder = tempfile::tempdir().expect("a folder");
    let embedded = puts(&Place::embedded(&folder.path().join("embedded")));
    let server = puts(&Place { data: folder.path().join("server"), database: Some(postgres::server().database()) });
    assert_eq!(embedded, server, "exports differ between SQLite and PostgreSQL");
}

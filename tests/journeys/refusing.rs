//! A person's no to a match is remembered: the money stands on account, and no later run matches it so again, on both databases.

use recoup_tests::{Place, postgres};
use serde_json::Value as Json;

fn refuses(place: &Place) -> String {
    std::fs::create_dir_all(&place.data).expect("a folder");
    for (file, text) in [
        ("company.csv", "legal_entity,name\nE1,Us Ltd\n"),
        ("customers.csv", "customer_id,name,currency,payment_terms\nK1,Shop Ltd,EUR,net 30\n"),
        (
            "invoices.csv",
            "invoice_number,customer_id,issue_date,currency,total_amount\nINV-1,K1,2026-03-01,EUR,250.00\nINV-2,K1,2026-03-01,EUR,350.00\nINV-3,K1,2026-03-01,EUR,900.00\n",
        ),
        ("payments.csv", "payment_id,received_on,payer_name,customer_id,amount,currency\nBANK-1,2026-03-20,Shop Ltd,K1,600.00,EUR\n"),
    ] {
        std::fs::write(place.data.join(file), text).expect("written");
        place.must(&["import", file]);
    }
    assert!(place.add_person("maria", "analyst", "a long passphrase").status.success());
    place.must(&["process"]);
    let standing = |place: &Place| {
        let payments = place.export("payments");
        let text = |payment: &Json, column: &str| payment[column].as_str().unwrap_or_default().to_owned();
        payments.iter().map(|payment| [text(payment, "payment_id"), text(payment, "allocated_amount"), text(payment, "on_account_amount")]).collect::<Vec<_>>()
    };
    assert_eq!(standing(place), [["BANK-1", "600.00", "0.00"]], "the only combination that makes the amount");
    assert!(!place.run(&["allocate", "BANK-1"]).status.success(), "neither a strategy nor a refusal");
    let said = place.must(&["allocate", "BANK-1", "--refuse", "--by", "maria", "--reason", "it is a prepayment"]);
    assert!(said.contains("BANK-1 does not pay INV-1 + INV-2"), "{said}");
    let refused = standing(place);
    assert_eq!(refused.iter().map(|payment| [&*payment[1], &*payment[2]]).collect::<Vec<_>>(), [["0.00", "600.00"]]);
    place.must(&["process", "--again"]);
    assert_eq!(standing(place), refused, "the same match is not proposed again");
    assert!(!place.run(&["allocate", &refused[0][0], "--refuse"]).status.success(), "nothing is matched that could be refused");
    let audit = place.must(&["export", "audit", "--format", "jsonl"]);
    assert!(audit.contains("match refused") && audit.contains("it is a prepayment"));
    assert!(place.must(&["verify", "--json"]).contains("\"clean\":true"));
    place.must(&["allocate", &refused[0][0], "--strategy", "oldest"]);
    assert_eq!(standing(place).last().map(|payment| payment[1].clone()).as_deref(), Some("600.00"), "a person may still put it anywhere");
    place.exports()
}

#[test]
fn a_refused_match_stays_refused_alike_on_both_engines() {
    let folder = tempfile::tempdir().expect("a folder");
    let embedded = refuses(&Place::embedded(&folder.path().join("embedded")));
    let server = refuses(&Place { data: folder.path().join("server"), database: Some(postgres::server().database()) });
    assert_eq!(embedded, server, "exports differ between SQLite and PostgreSQL");
}

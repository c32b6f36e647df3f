//! What was decided before proposes what is claimed now, alike on both databases, and never decides it.

use std::fmt::Write as _;

use recoup_tests::{Place, postgres};
use serde_json::Value as Json;

/// A customer that writes "Sonderposten Filiale" for advertising and "Diverses" for anything, with 80 deductions that were settled before.
fn reference(place: &Place) {
    let mut settled = "customer_id,reference,category,amount,currency,settled_on,outcome,note\n".to_owned();
    for number in 0..40 {
        let any = ["return", "damage", "tax_or_bank", "shortage"][number % 4];
        writeln!(settled, "K1,S-{number},coop_advertising,{}.00,EUR,2026-01-15,credited,Sonderposten Filiale {number}", 120 + number).expect("text");
        writeln!(settled, "K1,D-{number},{any},{}.00,EUR,2026-01-15,credited,Diverses {number}", 60 + number).expect("text");
    }
    let advice = "Zahlungsnr.,Zahlungsdatum,Auftraggeber,Währung,Zahlbetrag,Rechnungsnr.,Rechnungsbetrag,Abzug,Zahlung,Grund\n\
                  ZA-1,2026-03-20,Kaufladen AG,EUR,2710.00,R-1001,1000.00,140.00,860.00,Sonderposten Filiale\n\
                  ZA-1,2026-03-20,Kaufladen AG,EUR,2710.00,R-1002,1000.00,80.00,920.00,Diverses\n\
                  ZA-1,2026-03-20,Kaufladen AG,EUR,2710.00,R-1003,1000.00,70.00,930.00,Fehlmenge\n";
    let files = [
        ("company.csv", "legal_entity,name\nE1,Wir GmbH\n"),
        ("customers.csv", "customer_id,name,currency,language,payment_terms\nK1,Kaufladen AG,EUR,de,net 30\n"),
        (
            "invoices.csv",
            "invoice_number,customer_id,issue_date,currency,total_amount\nR-1001,K1,2026-03-01,EUR,1000.00\nR-1002,K1,2026-03-01,EUR,1000.00\nR-1003,K1,2026-03-01,EUR,1000.00\n",
        ),
        ("settled_deductions.csv", &settled),
        ("avis.csv", advice),
    ];
    std::fs::create_dir_all(&place.data).expect("a folder");
    for (name, content) in files {
        std::fs::write(place.data.join(name), content).expect("written");
        place.must(&[if name == "avis.csv" { "ingest" } else { "import" }, name]);
    }
}

/// Category, validity and rule of the deduction on an invoice, with its id.
fn said(place: &Place, invoice: &str) -> ([String; 3], String) {
    let rows = place.export("deductions");
    let row = rows.iter().find(|row| row["invoice_number"] == invoice).unwrap_or_else(|| panic!("no deduction on {invoice}: {rows:?}"));
    let text = |column: &str| row[column].as_str().unwrap_or_default().to_owned();
    ([text("category"), text("validity"), text("rule")], text("deduction_id"))
}

fn learns(place: &Place) -> String {
    assert!(!place.run(&["learn"]).status.success(), "nothing to learn from");
    reference(place);
    let unexplained = ["unknown", "unknown", "unexplained"].map(str::to_owned);
    assert_eq!((said(place, "R-1001").0, said(place, "R-1002").0), (unexplained.clone(), unexplained.clone()));
    let shortage = said(place, "R-1003").0;
    let learnt: Json = serde_json::from_str(&place.must(&["learn", "--json"])).expect("JSON");
    assert_eq!((&learnt["trained"]["lessons"], &learnt["trained"]["examined"]["right"]), (&Json::from(80), &Json::from(40)), "{learnt}");
    let (proposed, id) = said(place, "R-1001");
    assert_eq!(proposed, ["coop_advertising", "unknown", "learnt"]);
    assert_eq!(said(place, "R-1002").0, unexplained, "what meant four things before is not proposed");
    assert_eq!(said(place, "R-1003").0, shortage, "words that the rule book knows are not overridden");
    let explained = place.must(&["explain", &id]);
    assert!(explained.contains("40 of 40 were right") && explained.contains("run again: the same decision"), "{explained}");
    let exports = place.exports();
    assert_eq!(place.must(&["learn"]).lines().next().map(|line| line.starts_with("learnt@")), Some(true));
    assert_eq!(place.exports(), exports, "training again from the same lessons changes nothing");
    // A person says what the other one is: it is judged so, stays open for whoever may settle it, and is learnt from.
    assert!(place.add_person("maria", "analyst", "a long passphrase").status.success());
    let (_, other) = said(place, "R-1002");
    assert!(!place.run(&["categorise", &other, "unknown"]).status.success());
    place.must(&["categorise", &other, "freight_charge", "--by", "maria"]);
    assert_eq!(said(place, "R-1002").0[0], "freight_charge");
    let explained = place.must(&["explain", &other]);
    assert!(explained.contains("maria said so") && explained.contains("run again: the same decision"), "{explained}");
    let learnt: Json = serde_json::from_str(&place.must(&["learn", "--json"])).expect("JSON");
    assert_eq!(learnt["trained"]["by_category"]["freight_charge"], Json::from(1), "{learnt}");
    assert!(place.must(&["explain", &id]).contains("40 of 40 were right"), "the first proposal stands");
    assert!(place.must(&["verify", "--json"]).contains("\"clean\":true"));
    place.exports()
}

#[test]
fn decided_deductions_propose_categories_alike_on_both_engines() {
    let folder = tempfile::tempdir().expect("a folder");
    let embedded = learns(&Place::embedded(&folder.path().join("embedded")));
    let server = learns(&Place { data: folder.path().join("server"), database: Some(postgres::server().database()) });
    assert_eq!(embedded, server, "exports differ between SQLite and PostgreSQL");
}

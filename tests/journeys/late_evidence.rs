//! Evidence that arrives after the judgement: an import judges again what it may change, and only what no person decided.

use recoup_tests::{Place, postgres};
use serde_json::Value as Json;

fn import(place: &Place, file: &str, rows: &str) -> String {
    std::fs::write(place.data.join(file), rows).expect("written");
    place.must(&["import", file])
}

fn judged(place: &Place, invoice: &str) -> (String, String) {
    let text = |row: &Json, column: &str| row[column].as_str().unwrap_or_default().to_owned();
    let rows = place.export("deductions");
    let row = rows.iter().find(|row| row["invoice_number"] == invoice).expect("a deduction");
    (text(row, "validity"), text(row, "valid_amount"))
}

fn arrives_late(place: &Place) -> String {
    std::fs::create_dir_all(&place.data).expect("a folder");
    import(place, "company.csv", "legal_entity,name\nE1,Us Ltd\n");
    import(place, "customers.csv", "customer_id,name,currency,payment_terms\nK1,Shop Ltd,EUR,net 30\nK2,Mart Ltd,EUR,net 30\n");
    import(place, "products.csv", "sku,description,unit,case_pack\nA1,Soup,each,12\n");
    import(
        place,
        "invoices.csv",
        "invoice_number,customer_id,issue_date,currency,total_amount\nINV-1,K1,2026-03-01,EUR,100.00\nINV-2,K1,2026-03-01,EUR,100.00\n",
    );
    import(
        place,
        "invoice_lines.csv",
        "invoice_number,line_number,sku,quantity,unit,unit_price,line_amount\nINV-1,1,A1,10,case,10.00,100.00\nINV-2,1,A1,10,case,10.00,100.00\n",
    );
    let deliveries = "delivery_id,invoice_number,sku,received_quantity,unit,delivered_on,signed_by\n";
    import(place, "deliveries.csv", &format!("{deliveries}D1,INV-1,A1,10,case,2026-03-03,J. Moss\n"));
    std::fs::write(
        place.data.join("advice.csv"),
        "Payment No.,Payment Date,Payer,Currency,Total Payment,Invoice No.,Gross Amount,Deduction,Net Amount,Reason\n\
         P-1,2026-03-20,Shop Ltd,EUR,160.00,INV-1,100.00,20.00,80.00,Shortage 2 cases A1\nP-1,2026-03-20,Shop Ltd,EUR,160.00,INV-2,100.00,20.00,80.00,Shortage 2 cases A1\n",
    )
    .expect("written");
    place.must(&["ingest", "advice.csv"]);
    assert_eq!(judged(place, "INV-1"), ("invalid".to_owned(), "0.00".to_owned()));
    assert_eq!(judged(place, "INV-2").0, "unknown");
    let said = import(place, "deliveries.csv", &format!("{deliveries}D1,INV-1,A1,8,case,2026-03-03,J. Moss\n"));
    assert!(said.contains("2 deductions judged again"), "the corrected delivery, and what was not decided: {said}");
    assert_eq!(judged(place, "INV-1"), ("valid".to_owned(), "20.00".to_owned()));
    let said = import(place, "deliveries.csv", &format!("{deliveries}D1,INV-1,A1,8,case,2026-03-03,J. Moss\nD2,INV-2,A1,10,case,2026-03-03,J. Moss\n"));
    assert!(said.contains("1 deduction judged again"), "{said}");
    assert_eq!(judged(place, "INV-2").0, "invalid");
    let said = import(
        place,
        "agreements.csv",
        "agreement_id,customer_id,kind,starts_on,ends_on,rate_type,rate,currency,status\nAG-1,K2,lump_sum,2026-01-01,2026-12-31,amount,50,EUR,confirmed\n",
    );
    assert!(!said.contains("judged again"), "another customer's agreement changes nothing: {said}");
    moved_to_another_invoice(place);
    assert!(place.must(&["verify", "--json"]).contains("\"clean\":true"));
    place.exports()
}

/// A corrected row changes what it was about before, too, whether or not the file has the column that says so.
fn moved_to_another_invoice(place: &Place) {
    let header = "delivery_id,invoice_number,sku,received_quantity,unit,delivered_on,signed_by\n";
    let said = import(place, "deliveries.csv", &format!("{header}D1,INV-2,A1,8,case,2026-03-03,J. Moss\n"));
    assert!(said.contains("2 deductions judged again"), "the invoice that lost the delivery and the one that got it: {said}");
    assert_eq!(judged(place, "INV-1").0, "unknown");
    let said = import(place, "deliveries.csv", &format!("{header}D1,INV-1,A1,8,case,2026-03-03,J. Moss\n"));
    assert!(said.contains("2 deductions judged again"), "{said}");
    assert_eq!((judged(place, "INV-1").0, judged(place, "INV-2").0), ("valid".to_owned(), "invalid".to_owned()));
    let said = import(place, "deliveries.csv", "delivery_id,sku,received_quantity,delivered_on\nD1,A1,10,2026-03-03\n");
    assert!(said.contains("1 deduction judged again"), "the invoice on file is the delivery's still: {said}");
    assert_eq!(judged(place, "INV-1").0, "invalid");
}

#[test]
fn what_arrives_late_is_judged_alike_on_both_engines() {
    let folder = tempfile::tempdir().expect("a folder");
    let embedded = arrives_late(&Place::embedded(&folder.path().join("embedded")));
    let server = arrives_late(&Place { data: folder.path().join("server"), database: Some(postgres::server().database()) });
    assert_eq!(embedded, server, "exports differ between SQLite and PostgreSQL");
}

#[test]
fn what_was_taken_is_said_when_judging_fails() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = postgres::server().database();
    let place = Place { data: folder.path().join("server"), database: Some(database.clone()) };
    arrives_late(&place);
    postgres::execute(&database, "update deductions set currency = '-'");
    let rows = "delivery_id,invoice_number,sku,received_quantity,unit,delivered_on\nD1,INV-1,A1,9,case,2026-03-03\nD9,INV-9,A1,9,case,2026-03-03\n";
    std::fs::write(place.data.join("deliveries.csv"), rows).expect("written");
    let output = place.run(&["import", "deliveries.csv"]);
    let (said, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(!output.status.success());
    assert!(said.contains("1 changed") && said.contains("1 rejected"), "{said}");
    assert!(complained.contains("INV-9") && complained.contains("judging again stopped"), "{complained}");
}

#[test]
fn a_folder_that_is_not_there_is_not_served() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = std::process::Command::new(recoup_tests::program()).arg("--data").arg(folder.path().join("typo")).arg("serve").output().expect("it starts");
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("does not exist: correct --data"));
    assert!(!folder.path().join("typo").exists(), "nothing is made");
}

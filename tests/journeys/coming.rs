//! Deductions to come: a customer's habit is that of the queue that is looked at, and who could not be told is no customer.

use recoup_tests::served::Site;
use recoup_tests::{Place, postgres};

/// Seventy weeks of one deduction for supply chain, and two for sales that are larger; the last payer of all is not known.
const PAST: &str = "\
    insert into payments select (jsonb_populate_record(p, jsonb_build_object('payment_id', 'W-' || n, 'sequence', 1000 + n, \
        'payment_date', to_char(current_date - 7 * n, 'YYYY-MM-DD')))).* from payments p, generate_series(1, 70) n; \
    insert into deductions select (jsonb_populate_record(d, jsonb_build_object('deduction_id', 'W-' || n || '-' || share, 'payment_id', 'W-' || n, \
        'queue', case share when 1 then 'supply_chain' else 'sales' end, 'amount', share * 1000, 'claim_id', null))).* \
        from deductions d, generate_series(1, 70) n, generate_series(1, 3) share where d.invoice_number = 'INV-1'; \
    insert into deductions select (jsonb_populate_record(d, jsonb_build_object('deduction_id', 'W-nobody', 'customer_id', null, 'claim_id', null))).* \
        from deductions d where d.invoice_number = 'INV-1' and d.deduction_id not like 'W-%'";

/// The amounts that stand out: what is expected.
fn expected(html: &str) -> Vec<&str> {
    html.split("<b>").skip(1).filter_map(|rest| rest.split("</b>").next()).collect()
}

#[test]
fn habits_are_of_the_queue_that_is_looked_at() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = postgres::server().database();
    let place = Place { data: folder.path().join("server"), database: Some(database.clone()) };
    std::fs::create_dir_all(&place.data).expect("a folder");
    for (file, rows) in [
        ("company.csv", "legal_entity,name\nE1,Us Ltd\n"),
        ("customers.csv", "customer_id,name,currency\nK1,Shop Ltd,EUR\n"),
        ("products.csv", "sku,description,unit,case_pack\nA1,Soup,each,12\n"),
        ("invoices.csv", "invoice_number,customer_id,issue_date,currency,total_amount\nINV-1,K1,2026-03-01,EUR,100.00\n"),
    ] {
        std::fs::write(place.data.join(file), rows).expect("written");
        place.must(&["import", file]);
    }
    let advice = "Payment No.,Payment Date,Payer,Currency,Total Payment,Invoice No.,Gross Amount,Deduction,Net Amount,Reason\n\
                  P-1,2026-03-20,Shop Ltd,EUR,80.00,INV-1,100.00,20.00,80.00,Shortage 2 cases A1\n";
    std::fs::write(place.data.join("advice.csv"), advice).expect("written");
    place.must(&["ingest", "advice.csv"]);
    postgres::execute(&database, PAST);
    place.must(&["rebuild"]);
    assert!(place.add_person("mia", "manager", "a long passphrase").status.success());
    let mut site = Site::serve(&place);
    site.log_in("mia");
    for (path, amount) in [("/coming", "480.00"), ("/coming?queue=supply_chain", "80.00"), ("/coming?queue=sales", "400.00")] {
        let page = site.page(path);
        let (_, figure) = page.split_once("class=\"figure\"").expect("a forecast");
        let (_, habits) = page.split_once("id=\"habits\"").expect("customers");
        let (all, own) = (expected(figure)[0], expected(habits)[0]);
        assert!(all.trim_matches(|sign: char| !sign.is_ascii_digit()) == amount, "{path}: {all}");
        assert_eq!(own, all, "{path}: the one customer's habit is that of all");
        assert!(!page.contains("href=\"/customers/\""), "{path}: a customer without a name");
    }
}

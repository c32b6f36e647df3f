//! With many claims on file, words are looked for in numbers and names: what they find is still led to its claims.

use recoup_tests::served::Site;
use recoup_tests::{Place, postgres, project};
use serde_json::Value as Json;

#[test]
fn many_claims_are_found_by_numbers_and_names() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = postgres::server().database();
    let place = Place { data: folder.path().join("server"), database: Some(database.clone()) };
    let samples = project().join("samples");
    place.must(&["import", &samples.join("reference").to_string_lossy()]);
    place.must(&["ingest", &samples.join("documents/pinecrest_ne_0804.tsv").to_string_lossy()]);
    // As many deductions as a large company has in a year, as far as the sums say.
    postgres::execute(&database, "update summaries set members = members + 60000 where facet = 'judged'");
    assert!(place.add_person("mara", "analyst", "a long passphrase").status.success());
    let mut site = Site::serve(&place);
    site.log_in("mara");
    let text = |row: &Json, column: &str| row[column].as_str().unwrap_or_default().to_owned();
    let rows = place.export("deductions");
    let row = rows.iter().find(|row| !text(row, "claim_id").is_empty() && !text(row, "invoice_number").is_empty()).expect("a claim about an invoice");
    let half = |text: &str| text[..text.len() - 1].to_owned();
    for words in [half(&text(row, "invoice_number")), half(&text(row, "payment_id")), "pinecrest".to_owned(), "pinecrest_ne".to_owned()] {
        let page = site.page(&format!("/search?q={words}"));
        assert!(page.contains("looked for in numbers and names first"), "{words}");
        assert!(page.contains("id=\"claims\""), "{words} finds no claim");
    }
    assert!(!site.page("/search?q=zzzz").contains("id=\"claims\""));
}

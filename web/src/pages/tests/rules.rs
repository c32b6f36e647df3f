//! Rules from the pages: who may what, a bad cell is named beside itself, typed text survives a refusal, and a second person publishes.

use recoup_rules::edition::Edition;
use recoup_rules::sheet::Sheet;

use super::*;
use crate::desk::drafts::{seen, start};

async fn begun() -> Site {
    let site = site().await;
    start(&site.workplace, "analyst", "R-1", "Own desk").await.expect("begun");
    site
}

/// The form of the routing table as the page sends it, with cells changed.
fn routing(edition: &Edition, act: &str, cells: &[(usize, &str, &str)]) -> Vec<(String, String)> {
    let text = edition.file("routing.csv").expect("a table");
    let sheet = Sheet::read(text);
    let mut fields: Vec<(String, String)> = [
        ("file", "routing.csv".to_owned()),
        ("seen", seen(text)),
        ("from", "0".to_owned()),
        ("replaced", sheet.rows.len().to_string()),
        ("do", act.to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    for (row, kept) in sheet.rows.iter().enumerate() {
        for (column, name) in sheet.columns.iter().enumerate() {
            let typed = cells.iter().find(|(at, cell, _)| *at == row && cell == name).map_or(kept.cells[column].as_str(), |(.., typed)| typed);
            fields.push((format!("c{row}.{column}"), typed.to_owned()));
        }
    }
    fields
}

async fn save(site: &Site, role: &str, fields: &[(String, String)]) -> (StatusCode, String) {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    site.send("/rules/drafts/R-1/table", role, &fields).await
}

async fn drafted(site: &Site) -> Edition {
    crate::desk::drafts::read(&site.workplace, "R-1").await.expect("read").expect("a draft").edition
}

#[tokio::test]
async fn a_bad_cell_is_kept_and_named_beside_itself() {
    let site = begun().await;
    let (status, _) = save(&site, "analyst", &routing(&Edition::compiled_in(), "save", &[(5, "priority", "hihg"), (6, "days", "ten")])).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let page = site.read("/rules/drafts/R-1/table?file=routing.csv&saved=yes", "analyst").await;
    assert_eq!(page.matches("aria-invalid=\"true\"").count(), 2, "both rows at once");
    assert!(page.contains("`hihg` is none of low, normal, high, urgent") && page.contains("`ten` is not a whole number"));
    assert!(page.contains("aria-describedby=\"s5\" autofocus") && !page.contains("aria-describedby=\"s6\" autofocus"), "one goes on at the first bad cell");
    let draft = site.read("/rules/drafts/R-1", "analyst").await;
    assert!(draft.contains("/rules/drafts/R-1/table?file=routing.csv&#38;line=7#l7"), "{draft}");
    assert!(draft.contains("<del>high</del> → <ins>hihg</ins>") && !draft.contains("value=\"propose\""));
}

#[tokio::test]
async fn rows_come_go_and_move_without_a_script() {
    let site = begun().await;
    let rules = |edition: &Edition| Sheet::read(edition.file("routing.csv").expect("a table")).rows.iter().map(|row| row.cells[0].clone()).collect::<Vec<_>>();
    let before = rules(&Edition::compiled_in());
    save(&site, "analyst", &routing(&Edition::compiled_in(), "down.0", &[])).await;
    let moved = rules(&drafted(&site).await);
    assert_eq!((&moved[0], &moved[1], moved.len()), (&before[1], &before[0], before.len()));
    save(&site, "analyst", &routing(&drafted(&site).await, "remove.2", &[])).await;
    assert!(!rules(&drafted(&site).await).contains(&before[2]));
    let page = site.read("/rules/drafts/R-1/table?file=routing.csv&new=1", "analyst").await;
    assert!(page.contains("name=\"c9.10\"") && page.matches("is-new").count() == 1, "an empty row among the nine");
    let draft = site.read("/rules/drafts/R-1", "manager").await;
    assert!(
        (draft.contains("Line 3 is now line 2") || draft.contains("Line 2 is now line 3")) && draft.contains("Line 4 is gone: rule small-bank-fee"),
        "{draft}"
    );
}

#[tokio::test]
async fn typed_cells_survive_a_stale_save_and_say_what_they_would_undo() {
    let site = begun().await;
    let seen_by_both = Edition::compiled_in();
    save(&site, "manager", &routing(&seen_by_both, "save", &[(5, "days", "8")])).await;
    let (status, page) = save(&site, "analyst", &routing(&seen_by_both, "save", &[(6, "days", "9")])).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("value=\"9\"") && page.contains("Somebody saved this table since you opened it."));
    assert!(page.contains("<code>days</code> 8 → 7") && page.contains("<code>days</code> 10 → 9"), "what saving again would change: {page}");
    let (status, page) = site.send("/rules/drafts/R-1/text", "analyst", &[("file", "settings.toml"), ("seen", "x"), ("text", "[mine]")]).await;
    assert!(status == StatusCode::CONFLICT && page.contains("[mine]</textarea>"));
    let text = drafted(&site).await.file("words.csv").expect("words").to_owned();
    let fields = [("file", "words.csv"), ("seen", &*seen(&text)), ("text", "category,words\nshortage,short")];
    let (status, page) = site.send("/rules/drafts/R-1/text", "analyst", &fields).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("lacks the columns language") && page.contains("shortage,short</textarea>"));
}

#[tokio::test]
async fn a_draft_is_published_from_the_pages_by_a_second_person() {
    let site = begun().await;
    save(&site, "analyst", &routing(&Edition::compiled_in(), "save", &[(5, "priority", "urgent")])).await;
    let ask = [("act", "propose"), ("version", "2"), ("note", "They are big.")];
    assert_eq!(site.send("/rules/drafts/R-1", "analyst", &ask).await.0, StatusCode::SEE_OTHER);
    let page = site.read("/rules", "manager").await;
    assert!(page.contains("1 waits for publication"), "{page}");
    assert!(site.read("/administration", "manager").await.contains("1 draft of the rules"));
    let publish = [("act", "publish"), ("version", "3")];
    assert_eq!(site.send("/rules/drafts/R-1/decision", "analyst", &publish).await.0, StatusCode::FORBIDDEN);
    let (status, page) = site.send("/rules/drafts/R-1/decision", "manager", &[("act", "publish"), ("version", "2")]).await;
    assert!(status == StatusCode::CONFLICT && page.contains("Somebody changed this draft since you opened it"));
    assert!(site.read("/rules/drafts/R-1", "manager").await.contains("<blockquote>They are big.</blockquote>"));
    assert_eq!(site.send("/rules/drafts/R-1/decision", "manager", &publish).await.0, StatusCode::SEE_OTHER);
    let page = site.read("/rules/table?file=routing.csv", "sales").await;
    assert!(page.contains("urgent") && !page.contains("default@"), "everybody reads the book in force");
    let log = site.read("/audit?action=rule+draft+published", "auditor").await;
    assert!(log.contains("href=\"/rules/drafts/R-1\""), "{log}");
}

#[tokio::test]
async fn a_draft_leaves_and_comes_back_as_an_archive() {
    let site = begun().await;
    let answer = site.visit("GET", "/rules/drafts/R-1/archive", Some("analyst")).await;
    let bytes = axum::body::to_bytes(answer.into_body(), 4 << 20).await.expect("a body");
    assert!(bytes.starts_with(b"PK"));
    let upload = async |name: &str, bytes: &[u8]| {
        let version = site.workplace.store.rule_draft("R-1").await.expect("read").expect("a draft").version;
        let part = "--edge\r\nContent-Disposition: form-data; name=";
        let mut body = format!("{part}\"version\"\r\n\r\n{version}\r\n{part}\"file\"; filename=\"{name}\"\r\n\r\n").into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--edge--\r\n");
        let request = Request::post("/rules/drafts/R-1/files").header("host", "localhost").header(COOKIE, "recoup=analyst");
        let request = request.header("content-type", "multipart/form-data; boundary=edge");
        let answer = site.ask(request.body(Body::from(body)).expect("a request")).await;
        (answer.status(), String::from_utf8_lossy(&axum::body::to_bytes(answer.into_body(), 4 << 20).await.expect("a body")).into_owned())
    };
    assert_eq!(upload("draft.zip", &bytes).await.0, StatusCode::SEE_OTHER);
    assert!(crate::desk::drafts::read(&site.workplace, "R-1").await.expect("read").expect("a draft").row.files.is_empty(), "the same book changes nothing");
    assert_eq!(upload("taxonomy.csv", b"category;queue\nshortage;sales\n").await.0, StatusCode::SEE_OTHER);
    assert!(site.read("/rules/drafts/R-1", "analyst").await.contains("has no row"), "the check says what lacks");
    let (status, page) = upload("letter.csv", b"x").await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("“letter.csv” is no file of a rule book."), "{page}");
}

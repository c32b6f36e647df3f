//! Acts from the pages: what was refused stands on the claim itself, with what was typed and the way on.

use super::*;
use crate::desk::resolve::tests::worked;

async fn busy_site() -> Site {
    let (workplace, folder) = worked().await;
    site_on(workplace, folder).await
}

/// The one message of the page, from its opening tag on.
fn alert(page: &str) -> &str {
    let (_, behind) = page.split_once("role=\"alert\"").unwrap_or_else(|| panic!("no alert: {page}"));
    assert!(!behind.contains("role=\"alert\""), "one alert");
    behind.split_once("</div>").map_or(behind, |(message, _)| message)
}

#[tokio::test]
async fn a_limit_is_told_on_the_claim_with_who_may_go_above_it() {
    let site = busy_site().await;
    let (status, page) = site.send("/claims/C-5/act?view=approval", "sales", &[("act", "approve"), ("version", "2")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(alert(&page).contains("You may settle 0.00 EUR alone") && alert(&page).contains("jonas may do it"), "{}", alert(&page));
    assert!(!alert(&page).contains("mara may"), "who decided it is not named");
    for part in ["id=\"evidence\"", "autofocus", "value=\"approve\"", "/claims?view=approval"] {
        assert!(page.contains(part), "{part}");
    }
}

#[tokio::test]
async fn a_refused_form_stands_open_with_what_was_typed() {
    let site = busy_site().await;
    let typed = [("act", "hold"), ("version", "2"), ("until", "2020-01-01"), ("note", "ask again in spring")];
    let (status, page) = site.send("/claims/C-1/act", "manager", &typed).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(alert(&page).contains("2020-01-01 is not ahead"), "{}", alert(&page));
    assert!(page.contains("value=\"2020-01-01\"") && page.contains(">ask again in spring</textarea>"));
    let open: Vec<&str> = page.match_indices("<details class=\"act").map(|(at, _)| &page[at..at + 200]).filter(|tag| tag.contains(" open>")).collect();
    assert!(open.len() == 1 && open[0].contains("id=\"act-hold\""), "{open:?}");
    let (status, page) = site.send("/claims/C-1/act", "manager", &[("act", "partly_accept"), ("version", "2"), ("amount", "1.234")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(alert(&page).contains("can be read in two ways") && page.contains("value=\"1.234\""));
}

#[tokio::test]
async fn a_stale_act_shows_what_happened_and_can_be_done_all_the_same() {
    let site = busy_site().await;
    let (status, page) = site.send("/claims/C-2/act", "manager", &[("act", "dispute"), ("version", "1"), ("note", "signed in full")]).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(alert(&page).contains("asked customer for backup"), "{}", alert(&page));
    assert!(page.contains(">signed in full</textarea>") && page.contains("Do it all the same: dispute") && page.contains("name=\"version\" value=\"2\""));
    let (status, page) = site.send("/claims/C-9/act", "manager", &[("act", "dispute"), ("version", "2"), ("note", "signed in full")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(alert(&page).contains("was merged into C-8") && alert(&page).contains("href=\"/claims/C-8\""), "{}", alert(&page));
    assert!(page.contains("<blockquote>signed in full</blockquote>"), "words without a form are kept too");
}

#[tokio::test]
async fn a_partial_decision_says_what_becomes_of_the_rest() {
    let site = busy_site().await;
    let page = site.read("/claims/C-1", "manager").await;
    assert!(page.contains("The rest is disputed: it is asked back from the customer."));
    let mut work = site.workplace.store.begin().await.expect("work");
    let limit = recoup_engine::claim::authority::Limit {
        login: "manager".to_owned(),
        outcome: recoup_engine::claim::Outcome::Accept,
        currency: "EUR".parse().expect("a currency"),
        amount: 100_000,
    };
    work.set_limit(&limit).await.expect("a limit");
    work.commit().await.expect("committed");
    let fields = [("act", "partly_accept"), ("version", "2"), ("amount", "4,00"), ("note", "four were short")];
    let (status, _) = site.send("/claims/C-1/act", "manager", &fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let request = Request::get("/claims/C-1").header("host", "localhost");
    let request = request.header(COOKIE, "recoup=manager; did=partly_accept~partly_accept~C-1~3~400~600~EUR");
    let answer = site.ask(request.body(Body::empty()).expect("a request")).await;
    let bytes = axum::body::to_bytes(answer.into_body(), 4 << 20).await.expect("a body");
    let page = String::from_utf8(bytes.to_vec()).expect("text");
    assert!(page.contains("Accepted 4.00, disputed 6.00 EUR"), "the confirmation says both parts");
}

#[tokio::test]
async fn the_log_tells_whole_acts_and_undoing_stays_in_the_list() {
    let site = busy_site().await;
    let log = site.read("/audit?actor=mara", "auditor").await;
    for part in ["Disputed 10.00 EUR", "disputed 0.00 → 10.00, open 10.00 → 0.00", "<q>signed in full</q>", "Wrote off 10.00 EUR; it waits for approval"] {
        assert!(log.contains(part), "{part}: {log}");
    }
    assert_eq!(site.log_in("manager", "a long enough phrase").await.status(), StatusCode::SEE_OTHER);
    let log = site.read("/audit?action=log_in", "auditor").await;
    assert!(log.contains("<td class=\"lead\">manager</td>") && !log.contains("U-"), "people are named: {log}");
    let request = Request::get("/claims?view=mine&queue=finance").header("host", "localhost");
    let request = request.header(COOKIE, "recoup=manager; did=assign~assign~C-1~2~0~0~EUR");
    let answer = site.ask(request.body(Body::empty()).expect("a request")).await;
    let bytes = axum::body::to_bytes(answer.into_body(), 4 << 20).await.expect("a body");
    let page = String::from_utf8(bytes.to_vec()).expect("text");
    assert!(page.contains("action=\"/claims/C-1/act?view=mine&#38;queue=finance\""), "the list goes along");
}

#[tokio::test]
async fn a_limit_for_nothing_in_particular_is_refused() {
    let site = busy_site().await;
    let before = site.workplace.store.authority().await.expect("read").limits;
    for outcome in ["", "acept"] {
        let typed = [("act", "limit"), ("outcome", outcome), ("currency", "EUR"), ("amount", "100000")];
        let (status, page) = site.send("/administration/people/mara", "administrator", &typed).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("Choose whether the limit is for accepting or for writing off."), "{outcome}");
    }
    assert_eq!(site.workplace.store.authority().await.expect("read").limits, before);
}

//! The language of a request: what was chosen, what the browser asks for, and English for other programs.

use axum::http::header::ACCEPT_LANGUAGE;

use super::*;

async fn text_of(answer: Response<Body>) -> String {
    let bytes = axum::body::to_bytes(answer.into_body(), 4 << 20).await.expect("a body");
    String::from_utf8(bytes.to_vec()).expect("text")
}

#[tokio::test]
async fn a_choice_is_kept_with_the_person_and_logged() {
    let site = site().await;
    assert!(site.read("/claims", "analyst").await.contains("<html lang=\"en\""));
    let (status, _) = site.send("/language", "analyst", &[("language", "de"), ("back", "/claims")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let page = site.read("/claims", "analyst").await;
    assert!(page.contains("<html lang=\"de\"") && page.contains("Klärfälle"), "the next page speaks German");
    assert!(site.read("/claims", "manager").await.contains("<html lang=\"en\""), "nobody else's does");
    site.send("/language", "analyst", &[("language", "tlh"), ("back", "/claims")]).await;
    site.send("/language", "analyst", &[("language", "de"), ("back", "/claims")]).await;
    let user = site.workplace.store.user_by_login("analyst").await.expect("asked").expect("a person");
    assert_eq!(user.language.as_deref(), Some("de"), "what is no language of ours changes nothing");
    let log = site.workplace.store.export_audit(None).await.expect("read");
    assert_eq!(log.iter().filter(|entry| entry.action == "choose_language").count(), 1, "what changes nothing leaves no entry");
    let refused = site.visit("GET", "/audit", Some("analyst")).await;
    assert!(text_of(refused).await.contains("Ihre Rolle erlaubt das nicht"), "refusals speak it too");
}

#[tokio::test]
async fn before_the_log_in_the_browser_is_asked() {
    let site = site().await;
    let ask = async |path: &str| {
        let request = Request::get(path).header("host", "localhost").header(ACCEPT_LANGUAGE, "nl-BE,nl;q=0.9,en;q=0.5");
        text_of(site.ask(request.body(Body::empty()).expect("a request")).await).await
    };
    assert!(ask("/login").await.contains("Wachtwoord"));
    assert!(ask("/nothing-here").await.contains("Hier is niets"));
    assert!(ask("/api/v1/claims").await.contains("\"message\":\""), "programs are answered in English");
    assert!(!ask("/api/v1/claims").await.contains("niet"));
}

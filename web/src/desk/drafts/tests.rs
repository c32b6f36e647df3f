//! Drafts in a real database: who may what, what is refused, and that nothing is overwritten unseen.

use recoup_store::rule_drafts::DraftState;

use super::publication::{propose, publish, send_back, withdraw};
use super::*;
use crate::desk::rule_book::InForce;

pub(crate) async fn place() -> (Workplace, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let workplace = Workplace::open(folder.path(), None).await.expect("a workplace");
    (workplace, folder)
}

/// The routing table with a row for one customer before all others.
pub(crate) fn routed_first(queue: &str) -> BTreeMap<String, String> {
    let edition = Edition::compiled_in();
    let routing = edition.file("routing.csv").expect("a table");
    let row = format!("\nfirst,,,,,US110,{queue},urgent,1,3,open\nwithin-tolerance,");
    [("routing.csv".to_owned(), routing.replace("\nwithin-tolerance,", &row))].into()
}

async fn begun(workplace: &Workplace) -> String {
    assert!(matches!(start(workplace, "maria", "R-1", " Own desk for US110 ").await.expect("asked"), Acted::Done));
    "R-1".to_owned()
}

async fn version(workplace: &Workplace, id: &str) -> i64 {
    workplace.store.rule_draft(id).await.expect("read").expect("a draft").version
}

/// Changes the draft as it stands.
pub(crate) async fn put(workplace: &Workplace, login: &str, id: &str, files: BTreeMap<String, String>) -> Acted {
    change(workplace, login, id, files, Seen::Draft(version(workplace, id).await)).await.expect("asked")
}

fn refused(acted: Acted) -> Refusal {
    match acted {
        Acted::Refused(refusal) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_draft_is_proposed_by_one_and_published_by_another() {
    let (workplace, _folder) = place().await;
    assert_eq!(refused(start(&workplace, "maria", "R-0", " ").await.expect("asked")), Refusal::NameMissing);
    let id = begun(&workplace).await;
    assert_eq!(refused(propose(&workplace, "maria", &id, 1, "").await.expect("asked")), Refusal::NothingChanged);
    assert!(matches!(put(&workplace, "maria", &id, routed_first("finance")).await, Acted::Done));
    assert!(matches!(propose(&workplace, "jonas", &id, 1, "").await.expect("asked"), Acted::Stale), "the version it was read at");
    assert!(matches!(propose(&workplace, "jonas", &id, 2, "They asked for it.").await.expect("asked"), Acted::Done));
    assert_eq!(refused(put(&workplace, "maria", &id, routed_first("sales")).await), Refusal::NotOpen(DraftState::Proposed));
    assert_eq!(refused(publish(&workplace, "jonas", &id, 3).await.expect("asked")), Refusal::OwnWork, "who proposed it");
    assert_eq!(refused(publish(&workplace, "maria", &id, 3).await.expect("asked")), Refusal::OwnWork, "who changed it");
    let before = InForce::read(&workplace.store).await.expect("read").version;
    assert!(matches!(publish(&workplace, "ada", &id, 3).await.expect("asked"), Acted::Done));
    let now = workplace.rules();
    assert!(now.version != before && now.edition.file("routing.csv").is_some_and(|text| text.contains("first,,,,,US110,finance")));
    let draft = workplace.store.rule_draft(&id).await.expect("read").expect("a draft");
    assert_eq!((draft.state, draft.published_as.as_deref()), (DraftState::Published, Some(now.version.as_str())));
    assert_eq!(refused(publish(&workplace, "ada", &id, 4).await.expect("asked")), Refusal::NotProposed, "once");
    let log = workplace.store.export_audit(None).await.expect("read");
    let acts: Vec<(&str, &str)> = log.iter().map(|entry| (entry.actor.as_str(), entry.action.as_str())).collect();
    let expected = [
        ("maria", "rule draft begun"),
        ("maria", "rule draft changed"),
        ("jonas", "rule draft proposed"),
        ("ada", "rule book published"),
        ("ada", "rule draft published"),
    ];
    assert_eq!(acts, expected);
    assert!(log[1].detail.contains("\"added\"") && log[1].detail.contains("US110"), "the log tells the row: {}", log[1].detail);
}

#[tokio::test]
async fn what_is_unfit_is_neither_proposed_nor_published() {
    let (workplace, _folder) = place().await;
    let id = begun(&workplace).await;
    put(&workplace, "maria", &id, routed_first("fnance")).await;
    let unfit = refused(propose(&workplace, "maria", &id, 2, "").await.expect("asked"));
    assert!(matches!(&unfit, Refusal::Unfit(Unfit::Unreadable(place)) if place.line == 2 && place.column == "queue"), "{unfit:?}");
    let everyone = routed_first("finance").into_iter().map(|(name, text)| (name, text.replace("US110", ""))).collect();
    put(&workplace, "maria", &id, everyone).await;
    let unfit = refused(propose(&workplace, "maria", &id, 3, "").await.expect("asked"));
    assert!(matches!(unfit, Refusal::Unfit(Unfit::ExamplesDiffer { count, .. }) if count > 10), "the examples say otherwise: {unfit:?}");
}

#[tokio::test]
async fn a_proposal_goes_back_with_a_reason_or_is_withdrawn() {
    let (workplace, _folder) = place().await;
    let id = begun(&workplace).await;
    put(&workplace, "maria", &id, routed_first("finance")).await;
    propose(&workplace, "maria", &id, 2, "").await.expect("asked");
    assert_eq!(refused(send_back(&workplace, "ada", &id, 3, " ").await.expect("asked")), Refusal::ReasonMissing);
    assert!(matches!(send_back(&workplace, "ada", &id, 3, "Sales work it.").await.expect("asked"), Acted::Done));
    let draft = workplace.store.rule_draft(&id).await.expect("read").expect("a draft");
    assert_eq!((draft.state, draft.note.as_str(), draft.proposed_by), (DraftState::Draft, "Sales work it.", None));
    propose(&workplace, "maria", &id, 4, "").await.expect("asked");
    assert!(matches!(withdraw(&workplace, "maria", &id, 5).await.expect("asked"), Acted::Done));
    assert!(matches!(discard(&workplace, "maria", &id, 6).await.expect("asked"), Acted::Done));
    assert!(workplace.store.open_rule_drafts().await.expect("read").is_empty());
}

#[tokio::test]
async fn nobody_overwrites_unseen_what_another_changed() {
    let (workplace, _folder) = place().await;
    let id = begun(&workplace).await;
    let text = Edition::compiled_in().file("routing.csv").expect("a table").to_owned();
    assert!(matches!(change(&workplace, "maria", &id, routed_first("finance"), Seen::File(&seen(&text))).await.expect("asked"), Acted::Done));
    assert!(matches!(change(&workplace, "sam", &id, routed_first("sales"), Seen::File(&seen(&text))).await.expect("asked"), Acted::Stale));
    let words = [("words.csv".to_owned(), "\u{feff}category;language;words\nshortage;en;short".to_owned())];
    assert!(matches!(change(&workplace, "sam", &id, words.clone().into(), Seen::Draft(1)).await.expect("asked"), Acted::Stale), "brought to an older version");
    assert!(matches!(put(&workplace, "sam", &id, words.into()).await, Acted::Done), "another file is another matter");
    let draft = read(&workplace, &id).await.expect("read").expect("a draft");
    assert_eq!(draft.edition.file("words.csv"), Some("category,language,words\nshortage,en,short\n"), "a spreadsheet's separator");
    assert_eq!(draft.row.editors, ["maria".to_owned(), "sam".to_owned()].into());
    assert!(matches!(restore(&workplace, "sam", &id, version(&workplace, &id).await, "words.csv").await.expect("asked"), Acted::Done));
    let quoted = text.lines().map(|line| format!("\"{}\"\r\n", line.replace(',', "\",\""))).collect::<String>();
    assert!(matches!(put(&workplace, "sam", &id, [("routing.csv".to_owned(), quoted)].into()).await, Acted::Done));
    let draft = read(&workplace, &id).await.expect("read").expect("a draft");
    assert!(draft.row.files.is_empty(), "quotes and line ends say nothing: {:?}", draft.row.files.keys());
}

#[tokio::test]
async fn a_book_that_changed_meanwhile_is_taken_over_before_publishing() {
    let (workplace, _folder) = place().await;
    let id = begun(&workplace).await;
    put(&workplace, "maria", &id, routed_first("finance")).await;
    propose(&workplace, "maria", &id, 2, "").await.expect("asked");
    let words = Edition::compiled_in().file("words.csv").expect("words").replace("cash discount|", "cash discount|quick pay|");
    let other = Edition::compiled_in().overlaid([("words.csv".to_owned(), words)]).0;
    rule_book::publish(&workplace, &other, "ada").await.expect("the command line publishes alone");
    assert_eq!(refused(publish(&workplace, "ada", &id, 3).await.expect("asked")), Refusal::BookChanged);
    withdraw(&workplace, "maria", &id, 3).await.expect("asked");
    let draft = read(&workplace, &id).await.expect("read").expect("a draft");
    let in_force = workplace.renew_rules().await.expect("read");
    assert!(changed_by_both(&draft, &in_force.edition).is_empty(), "each changed another file");
    assert!(matches!(renew(&workplace, "maria", &id, 4).await.expect("asked"), Acted::Done));
    propose(&workplace, "maria", &id, 5, "").await.expect("asked");
    assert!(matches!(publish(&workplace, "ada", &id, 6).await.expect("asked"), Acted::Done));
    let both = &workplace.rules().edition;
    assert!(both.file("words.csv").is_some_and(|text| text.contains("quick pay")) && both.file("routing.csv").is_some_and(|text| text.contains("US110")));
}

#[tokio::test]
async fn examples_alone_are_published_too() {
    let (workplace, _folder) = place().await;
    let own = Edition::compiled_in().overlaid(routed_first("finance")).0;
    let version = rule_book::publish(&workplace, &own, "ada").await.expect("published");
    let id = begun(&workplace).await;
    let other = own.file("examples/other.csv").expect("examples").replace("words that say nothing,", "words that say next to nothing,");
    put(&workplace, "maria", &id, [("examples/other.csv".to_owned(), other)].into()).await;
    propose(&workplace, "maria", &id, 2, "").await.expect("asked");
    assert!(matches!(publish(&workplace, "ada", &id, 3).await.expect("asked"), Acted::Done));
    assert!(workplace.rules().edition.file("examples/other.csv").is_some_and(|text| text.contains("next to nothing")));
    assert_eq!(workplace.rules().version, version, "examples decide nothing");
}

//! Acts on claims in a real database: one of many wins, sums hold, the log and the journal follow.

use std::sync::Arc;

use recoup_engine::allocation::Settlement;
use recoup_engine::calibration::Calibration;
use recoup_engine::claim::action::{Action, Decision, Outcome};
use recoup_engine::claim::authority::Limit;
use recoup_engine::claim::state::Wake;
use recoup_engine::claim::{Party, Refusal};
use recoup_engine::taxonomy::Queue;
use recoup_store::claims::{ClaimRecord, ClaimRow};
use recoup_store::people::UserRow;
use recoup_store::screens::figures::Sight;
use recoup_store::settlements::PaymentRow;

use super::bulk::Doing;
use super::{Resolved, act, bulk, merge, split, undo};
use crate::clock::now_text;
use crate::desk::overview;
use crate::desk::settle::posting;
use crate::desk::verify::verify;
use crate::vault::digest;
use crate::workplace::Workplace;

/// A workplace with claims of 10.00 EUR each, all of one customer and one payment.
pub(crate) async fn workplace(claims: usize) -> (Arc<Workplace>, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let workplace = Workplace::open(folder.path(), None).await.expect("a workplace");
    let mut work = workplace.store.begin().await.expect("work");
    let amount = i64::try_from(claims).expect("few") * -1_000;
    work.insert(
        "payments",
        &["payment_id", "sequence", "amount", "currency", "allocated", "on_account", "status", "reversed", "doubts", "customer_id", "payment_date"],
        vec![vec![
            "P-1".into(),
            1_i64.into(),
            amount.into(),
            "EUR".into(),
            0_i64.into(),
            0_i64.into(),
            "allocated".into(),
            false.into(),
            "[]".into(),
            "K".into(),
            crate::clock::today().to_string().into(),
        ]],
        "",
    )
    .await
    .expect("a payment");
    work.insert(
        "journal",
        &["entry_id", "line", "payment_id", "account", "amount", "currency"],
        vec![
            vec!["P-1".into(), 0_i64.into(), "P-1".into(), "cash".into(), amount.into(), "EUR".into()],
            vec!["P-1".into(), 1_i64.into(), "P-1".into(), "deductions".into(), (-amount).into(), "EUR".into()],
        ],
        "",
    )
    .await
    .expect("its entry");
    for number in 0..claims {
        let row = vec![
            format!("X-{number}").into(),
            1_i64.into(),
            i64::try_from(number).expect("few").into(),
            0_i64.into(),
            "P-1".into(),
            "stand_alone".into(),
            "K".into(),
            1_000_i64.into(),
            "EUR".into(),
            "customer".into(),
            false.into(),
            1_000_i64.into(),
            false.into(),
            false.into(),
            "shortage".into(),
            "unexpected".into(),
            // The evidence speaks against all but the first.
            (if number == 0 { "unknown" } else { "invalid" }).into(),
            "shortage.unproven".into(),
            900_i64.into(),
            "Their words.".into(),
            "test".into(),
            "owner".into(),
            "finance".into(),
            "Short.".into(),
            format!("[{{\"kind\":\"delivery\",\"reference\":\"D-{number}\",\"document\":null,\"place\":null,\"says\":\"signed\"}}]").into(),
            "open".into(),
            format!("C-{number}").into(),
            (if number == 3 { Some("AG-3".to_owned()) } else { None }).into(),
        ];
        let columns = [
            "deduction_id",
            "sequence",
            "line",
            "part",
            "payment_id",
            "shape",
            "customer_id",
            "amount",
            "currency",
            "code_list",
            "within_tolerance",
            "reading_confidence",
            "reversed",
            "needs_verdict",
            "category",
            "expectation",
            "validity",
            "rule",
            "confidence",
            "category_why",
            "book",
            "routing_rule",
            "queue",
            "explanation",
            "evidence",
            "status",
            "claim_id",
            "agreement_id",
        ];
        work.insert("deductions", &columns, vec![row], "").await.expect("a deduction");
        let claim = ClaimRow {
            claim_id: format!("C-{number}"),
            deduction_id: format!("X-{number}"),
            sequence: 1,
            customer_id: Some("K".to_owned()),
            category: "shortage".to_owned(),
            amount: 1_000,
            currency: "EUR".to_owned(),
            queue: "finance".to_owned(),
            priority: "normal".to_owned(),
            approval_level: 1,
            status: "open".to_owned(),
            assignee: None,
            opened_on: None,
            work_by: None,
            dispute_by: None,
            version: 1,
        };
        work.save_claims(&[claim]).await.expect("a claim");
    }
    for (login, amount) in [("mara", 500), ("jonas", 100_000)] {
        let user = UserRow {
            user_id: login.to_owned(),
            login: login.to_owned(),
            name: login.to_owned(),
            role: "analyst".to_owned(),
            password_hash: String::new(),
            active: true,
            language: None,
        };
        work.add_user(&user, &now_text()).await.expect("a person");
        for outcome in [Outcome::Accept, Outcome::WriteOff] {
            work.set_limit(&Limit { login: login.to_owned(), outcome, currency: "EUR".parse().expect("a currency"), amount }).await.expect("a limit");
        }
    }
    work.commit().await.expect("committed");
    (Arc::new(workplace), folder)
}

fn decide(outcome: Outcome) -> Action {
    Action::Decide(Decision { outcome, accepted: 0, reason: "signed in full".to_owned() })
}

fn done(resolved: Resolved) -> i64 {
    match resolved {
        Resolved::Done(now) => now.row.version,
        other => panic!("not done: {other:?}"),
    }
}

async fn holds(workplace: &Workplace) {
    for finding in verify(workplace).await.expect("verified") {
        assert_eq!(finding.broken, 0, "{}: {:?}", finding.invariant, finding.examples);
    }
}

/// Claims in many states: new, mine, waiting, parked, for approval, decided, split, merged.
pub(crate) async fn worked() -> (Arc<Workplace>, tempfile::TempDir) {
    let (workplace, folder) = workplace(10).await;
    let ask = |of| Action::AskBackup { of, note: "please".to_owned() };
    let acts = [
        ("C-1", Action::Assign(Some("mara".to_owned()))),
        ("C-2", ask(Party::Customer)),
        ("C-3", ask(Party::Sales)),
        ("C-4", Action::Hold { wake: Wake::WhenItRepeats, note: String::new() }),
        ("C-5", decide(Outcome::WriteOff)),
        ("C-6", decide(Outcome::Dispute)),
        ("C-7", Action::Transfer { to: Queue::Sales, note: "yours".to_owned() }),
    ];
    for (claim, action) in acts {
        done(act(&workplace, "mara", claim, 1, &action).await.expect("done"));
    }
    done(split(&workplace, "mara", "C-0", 1, &[600, 400]).await.expect("split"));
    done(merge(&workplace, "mara", "C-8", 1, "C-9").await.expect("merged"));
    (workplace, folder)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_people_decide_one_claim_and_one_wins() {
    let (workplace, _folder) = workplace(1).await;
    let barrier = Arc::new(tokio::sync::Barrier::new(10));
    let mut tries = Vec::new();
    for number in 0..10 {
        let (workplace, barrier) = (workplace.clone(), barrier.clone());
        tries.push(tokio::spawn(async move {
            barrier.wait().await;
            let outcome = if number % 2 == 0 { Outcome::Dispute } else { Outcome::WriteOff };
            act(&workplace, if number % 3 == 0 { "jonas" } else { "mara" }, "C-0", 1, &decide(outcome)).await.expect("an answer")
        }));
    }
    let (mut won, mut stale) = (0, 0);
    for attempt in tries {
        match attempt.await.expect("finished") {
            Resolved::Done(_) => won += 1,
            Resolved::Stale(now) => {
                assert_eq!(now.row.version, 2, "the loser sees the claim as it is now");
                stale += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((won, stale), (1, 9));
    assert_eq!(workplace.store.happened("C-0").await.expect("read").len(), 1);
    holds(&workplace).await;
}

#[tokio::test]
async fn above_a_limit_another_person_approves_and_taking_back_balances_the_books() {
    let (workplace, _folder) = workplace(1).await;
    let waiting = done(act(&workplace, "mara", "C-0", 1, &decide(Outcome::WriteOff)).await.expect("decided"));
    assert_eq!(workplace.store.claim("C-0").await.expect("read").expect("there").state, "awaiting_approval");
    assert!(matches!(act(&workplace, "mara", "C-0", waiting, &Action::Approve).await.expect("asked"), Resolved::Refused(Refusal::OwnDecision)));
    let approved = done(act(&workplace, "jonas", "C-0", waiting, &Action::Approve).await.expect("approved"));
    let claim = workplace.store.claim("C-0").await.expect("read").expect("there");
    assert_eq!((claim.state.as_str(), claim.written_off, claim.row.status.as_str()), ("written_off", 1_000, "decided"));
    holds(&workplace).await;
    let back = Action::TakeBack { reason: "they paid".to_owned() };
    assert!(matches!(act(&workplace, "mara", "C-0", approved, &back).await.expect("asked"), Resolved::Refused(Refusal::AboveLimit { .. })));
    done(act(&workplace, "jonas", "C-0", approved, &back).await.expect("taken back"));
    holds(&workplace).await;
    let journal = workplace.store.export_journal(&recoup_store::exports::Wanted::default()).await.expect("read");
    let written_off: Vec<i64> = journal.iter().filter(|line| line.account == "written_off_deductions").map(|line| line.amount).collect();
    assert_eq!(written_off, [1_000, -1_000], "counter-entries, nothing deleted");
}

#[tokio::test]
async fn how_sure_verdicts_were_is_held_against_what_people_decided() {
    let (workplace, _folder) = workplace(6).await;
    let measured = async || {
        let all = Sight::default();
        let figures = workplace.store.figures(&all, &["said"]).await.expect("figures");
        overview::calibration(&figures).await.expect("read")
    };
    assert_eq!(measured().await, Calibration::default());
    // All but the first are said to be owed nothing, with 0.9.
    for claim in ["C-0", "C-1", "C-2", "C-3"] {
        done(act(&workplace, "jonas", claim, 1, &decide(Outcome::Dispute)).await.expect("decided"));
    }
    done(act(&workplace, "jonas", "C-4", 1, &decide(Outcome::Accept)).await.expect("decided"));
    done(act(&workplace, "jonas", "C-5", 1, &decide(Outcome::WriteOff)).await.expect("decided"));
    let found = measured().await;
    assert_eq!(found, Calibration { cases: 4, sure: 4, sure_and_right: 3, error: Some(150) }, "said 0.9, right 3 of 4; a write-off says nothing");
    assert!(!found.holds());
    holds(&workplace).await;
}

#[tokio::test]
async fn parts_keep_the_sum_and_share_a_limit() {
    let (workplace, _folder) = workplace(1).await;
    let version = done(split(&workplace, "mara", "C-0", 1, &[600, 400]).await.expect("split"));
    holds(&workplace).await;
    done(act(&workplace, "mara", "C-0.1", 2, &decide(Outcome::WriteOff)).await.expect("within the limit"));
    assert_eq!(workplace.store.claim("C-0.1").await.expect("read").expect("there").state, "written_off");
    let parts = split(&workplace, "mara", "C-0", version, &[300, 300]).await.expect("split again");
    let version = done(parts);
    done(act(&workplace, "mara", "C-0", version, &decide(Outcome::WriteOff)).await.expect("decided"));
    let claim = workplace.store.claim("C-0").await.expect("read").expect("there");
    assert_eq!(claim.state, "awaiting_approval", "3.00 with the 4.00 of its sibling is above 5.00");
    holds(&workplace).await;
    let status = workplace.store.export_deductions(&recoup_store::exports::Wanted::default()).await.expect("read").remove(0).status;
    assert_eq!(status, "open", "the deduction follows its least finished part");
}

#[tokio::test]
async fn a_closed_part_goes_on_counting_against_the_limit() {
    let (workplace, _folder) = workplace(1).await;
    let version = done(split(&workplace, "mara", "C-0", 1, &[600, 400]).await.expect("split"));
    let accepted = done(act(&workplace, "mara", "C-0.1", 2, &decide(Outcome::Accept)).await.expect("within the limit"));
    done(act(&workplace, "mara", "C-0.1", accepted, &Action::Close { reason: "credited".to_owned() }).await.expect("closed"));
    let parts = done(split(&workplace, "mara", "C-0", version, &[400, 200]).await.expect("split again"));
    done(act(&workplace, "mara", "C-0", parts, &decide(Outcome::Accept)).await.expect("decided"));
    let claim = workplace.store.claim("C-0").await.expect("read").expect("there");
    assert_eq!((claim.state.as_str(), claim.accepted), ("awaiting_approval", 0), "4.00 with the 4.00 of its closed sibling is above 5.00");
    holds(&workplace).await;
}

#[tokio::test]
async fn a_merged_duplicate_hands_over_its_amount_and_its_evidence() {
    let (workplace, _folder) = workplace(2).await;
    assert!(matches!(merge(&workplace, "mara", "C-0", 1, "C-0").await.expect("asked"), Resolved::Refused(Refusal::MergeWithItself)));
    assert!(matches!(merge(&workplace, "mara", "C-0", 1, "C-9").await.expect("asked"), Resolved::Missing));
    done(merge(&workplace, "mara", "C-0", 1, "C-1").await.expect("merged"));
    let kept = workplace.store.claim("C-0").await.expect("read").expect("there");
    assert_eq!(kept.row.amount, 2_000);
    assert_eq!(workplace.store.deductions_of_claim("C-0").await.expect("read").len(), 2);
    assert_eq!(workplace.store.claim("C-1").await.expect("read").expect("there").state, "merged");
    holds(&workplace).await;
}

#[tokio::test]
async fn undo_restores_what_moved_no_money_and_nothing_else() {
    let (workplace, _folder) = workplace(1).await;
    let transfer = Action::Transfer { to: Queue::Sales, note: "their deal".to_owned() };
    let version = done(act(&workplace, "mara", "C-0", 1, &transfer).await.expect("moved"));
    assert!(matches!(undo(&workplace, "jonas", "C-0", version).await.expect("asked"), Resolved::Refused(Refusal::NothingToUndo)));
    let version = done(undo(&workplace, "mara", "C-0", version).await.expect("undone"));
    assert_eq!(workplace.store.claim("C-0").await.expect("read").expect("there").row.queue, "finance");
    let version = done(act(&workplace, "mara", "C-0", version, &decide(Outcome::Dispute)).await.expect("disputed"));
    assert!(matches!(undo(&workplace, "mara", "C-0", version).await.expect("asked"), Resolved::Refused(Refusal::NothingToUndo)));
    let detail = workplace.store.happened("C-0").await.expect("read").pop().expect("an entry").detail;
    assert!(detail.contains("delivery D-0"), "the decision names its evidence: {detail}");
    holds(&workplace).await;
}

/// Freezes a selection of mara's; returns its number.
async fn chosen(workplace: &Workplace, number: &str, action: &Action, claims: &[ClaimRecord]) -> String {
    let frozen: Vec<(&str, i64)> = claims.iter().map(|claim| (claim.row.claim_id.as_str(), claim.row.version)).collect();
    bulk::choose(workplace, "mara", number.to_owned(), &Doing::Act(action.clone()), &frozen).await.expect("chosen")
}

#[tokio::test]
async fn a_selection_leads_back_as_far_as_nobody_went_on() {
    for (action, came_back) in [(Action::Transfer { to: Queue::Sales, note: "yours".to_owned() }, "finance"), (decide(Outcome::Dispute), "in_review")] {
        let (workplace, _folder) = workplace(3).await;
        let store = &workplace.store;
        let claims = store.claims(&["C-0".to_owned(), "C-1".to_owned(), "C-2".to_owned()]).await.expect("read");
        let number = chosen(&workplace, "S-1", &action, &claims).await;
        let selection = store.selection(&number, "mara").await.expect("read").expect("there");
        bulk::run(&workplace, &selection).await.expect("run");
        let report = store.selection(&number, "mara").await.expect("read").expect("there").report.expect("a report");
        let lines: Vec<bulk::Line> = serde_json::from_str(&report).expect("lines");
        done(act(&workplace, "jonas", "C-1", 2, &Action::Comment { text: "mine".to_owned() }).await.expect("commented"));
        let (doing, _) = bulk::read(&selection).expect("read");
        let way_back = doing.way_back("wrong list").expect("there is one");
        let versions: Vec<(&str, i64)> = lines.iter().map(|line| (line.claim_id.as_str(), line.version.expect("done"))).collect();
        bulk::choose(&workplace, "mara", "S-2".to_owned(), &way_back, &versions).await.expect("chosen");
        let back = store.selection("S-2", "mara").await.expect("read").expect("there");
        bulk::run(&workplace, &back).await.expect("run");
        let now = store.claims(&["C-0".to_owned(), "C-1".to_owned(), "C-2".to_owned()]).await.expect("read");
        let returned = now.iter().map(|claim| claim.row.queue == came_back || claim.state == came_back).collect::<Vec<_>>();
        assert_eq!(returned, [true, false, true], "{action:?}: {now:?}");
        holds(&workplace).await;
    }
    assert_eq!(Doing::Act(Action::Comment { text: String::new() }).way_back(""), None, "a comment stays");
}

#[tokio::test]
async fn a_selection_is_rehearsed_frozen_and_run_once() {
    let (workplace, _folder) = workplace(3).await;
    let store = &workplace.store;
    let claims = store.claims(&["C-0".to_owned(), "C-1".to_owned(), "C-2".to_owned()]).await.expect("read");
    let number = chosen(&workplace, "S-1", &decide(Outcome::Dispute), &claims).await;
    let selection = store.selection(&number, "mara").await.expect("read").expect("there");
    assert!(store.selection(&number, "jonas").await.expect("read").is_none(), "a selection is its owner's");
    let rehearsed = bulk::rehearse(&workplace, &selection).await.expect("rehearsed");
    assert_eq!(rehearsed.iter().filter(|line| line.skipped.is_none()).count(), 3);
    assert_eq!(store.claim("C-0").await.expect("read").expect("there").state, "new", "a rehearsal changes nothing");
    let hold = Action::Hold { wake: Wake::WhenItRepeats, note: String::new() };
    done(act(&workplace, "jonas", "C-1", 1, &hold).await.expect("held"));
    bulk::run(&workplace, &selection).await.expect("run");
    bulk::run(&workplace, &selection).await.expect("run again");
    let report = store.selection(&number, "mara").await.expect("read").expect("there").report.expect("a report");
    let lines: Vec<bulk::Line> = serde_json::from_str(&report).expect("lines");
    assert_eq!(lines.iter().map(|line| line.skipped.is_some()).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(store.happened("C-0").await.expect("read").len(), 1, "done once");
    holds(&workplace).await;
}

#[tokio::test]
async fn a_selection_without_a_reason_takes_that_of_each_suggestion() {
    let (workplace, _folder) = workplace(2).await;
    let store = &workplace.store;
    let claims = store.claims(&["C-0".to_owned(), "C-1".to_owned()]).await.expect("read");
    let dispute = Action::Decide(Decision { outcome: Outcome::Dispute, accepted: 0, reason: " ".to_owned() });
    chosen(&workplace, "S-1", &dispute, &claims).await;
    let selection = store.selection("S-1", "mara").await.expect("read").expect("there");
    let rehearsed = bulk::rehearse(&workplace, &selection).await.expect("rehearsed");
    assert_eq!(rehearsed.iter().map(|line| line.suggested.as_deref()).collect::<Vec<_>>(), [None, Some("Short.")]);
    assert!(rehearsed[0].skipped.as_deref().is_some_and(|why| why.starts_with("A reason is missing")), "undecided evidence suggests nothing: {rehearsed:?}");
    bulk::run(&workplace, &selection).await.expect("run");
    assert_eq!(store.claim("C-0").await.expect("read").expect("there").state, "new");
    let detail = store.happened("C-1").await.expect("read").pop().expect("an entry").detail;
    assert!(detail.contains("\"reason\":\"Short.\""), "{detail}");
    let accept = Action::Decide(Decision { outcome: Outcome::Accept, accepted: 0, reason: String::new() });
    chosen(&workplace, "S-2", &accept, &claims).await;
    let against = store.selection("S-2", "mara").await.expect("read").expect("there");
    let rehearsed = bulk::rehearse(&workplace, &against).await.expect("rehearsed");
    assert!(rehearsed.iter().all(|line| line.skipped.is_some()), "nothing is accepted by the words that speak against it: {rehearsed:?}");
    holds(&workplace).await;
}

#[tokio::test]
async fn a_selection_that_is_run_twice_at_once_is_done_once() {
    let (workplace, _folder) = workplace(3).await;
    let store = &workplace.store;
    let ids = ["C-0".to_owned(), "C-1".to_owned(), "C-2".to_owned()];
    for (number, action) in [("S-1", Action::Comment { text: "called".to_owned() }), ("S-2", decide(Outcome::Dispute))] {
        let claims = store.claims(&ids).await.expect("read");
        let before = store.happened("C-0").await.expect("read").len();
        chosen(&workplace, number, &action, &claims).await;
        let selection = store.selection(number, "mara").await.expect("read").expect("there");
        let (one, other) = tokio::join!(bulk::run(&workplace, &selection), bulk::run(&workplace, &selection));
        one.and(other).expect("run");
        let report = store.selection(number, "mara").await.expect("read").expect("there").report.expect("a report");
        let lines: Vec<bulk::Line> = serde_json::from_str(&report).expect("lines");
        assert!(lines.iter().all(|line| line.skipped.is_none() && line.state.is_some()), "{lines:?}");
        assert_eq!(store.happened("C-0").await.expect("read").len(), before + 1, "{number} is done once");
    }
    assert_eq!(store.claim("C-2").await.expect("read").expect("there").state, "disputed");
    holds(&workplace).await;
}

#[tokio::test]
async fn nobody_unknown_is_given_a_claim_alone_or_in_bulk() {
    let (workplace, _folder) = workplace(1).await;
    let assign = Action::Assign(Some("nobody".to_owned()));
    let alone = act(&workplace, "mara", "C-0", 1, &assign).await.expect("asked");
    assert!(matches!(alone, Resolved::Refused(Refusal::NobodyHere(login)) if login == "nobody"));
    let claims = workplace.store.claims(&["C-0".to_owned()]).await.expect("read");
    chosen(&workplace, "S-1", &assign, &claims).await;
    let selection = workplace.store.selection("S-1", "mara").await.expect("read").expect("there");
    let line = bulk::rehearse(&workplace, &selection).await.expect("rehearsed").remove(0);
    assert!(line.skipped.expect("skipped").contains("nobody"));
}

/// Puts a deduction under a payment of its own.
async fn on_its_own_payment(workplace: &Workplace, deduction: &str) {
    let mut work = workplace.store.begin().await.expect("work");
    let payment = PaymentRow {
        payment_id: "P-2".to_owned(),
        sequence: 2,
        document_id: None,
        bank_payment_id: None,
        payer_name: None,
        customer_id: Some("K".to_owned()),
        customer_why: None,
        payment_date: None,
        amount: -1_000,
        currency: "EUR".to_owned(),
        reference: None,
        allocated: 0,
        on_account: 0,
        status: "allocated".to_owned(),
        reversed: false,
        doubts: "[]".to_owned(),
    };
    let settlement = Settlement { on_account: -1_000, ..Settlement::default() };
    work.post_payment(&payment, &settlement, "P-2", digest).await.expect("posted");
    for sql in [
        "update journal set account = 'deductions' where payment_id = 'P-2' and account = 'on_account'",
        "update payments set amount = amount + 1000 where payment_id = 'P-1'",
        "update journal set amount = amount + 1000 where payment_id = 'P-1' and account = 'cash'",
        "update journal set amount = amount - 1000 where payment_id = 'P-1' and account = 'deductions'",
    ] {
        work.execute(sql, vec![]).await.expect(sql);
    }
    work.execute("update deductions set payment_id = 'P-2' where deduction_id = $1", vec![deduction.into()]).await.expect("moved");
    work.rebuild_summaries().await.expect("summed anew");
    work.commit().await.expect("committed");
}

#[tokio::test]
async fn taking_one_payment_back_leaves_what_stands_on_another() {
    for (lost, kept) in [("P-1", "X-1"), ("P-2", "X-0")] {
        let (workplace, _folder) = workplace(2).await;
        on_its_own_payment(&workplace, "X-1").await;
        holds(&workplace).await;
        let merged = done(merge(&workplace, "jonas", "C-0", 1, "C-1").await.expect("merged"));
        done(act(&workplace, "jonas", "C-0", merged, &decide(Outcome::Accept)).await.expect("accepted"));
        holds(&workplace).await;
        let mut work = workplace.store.begin().await.expect("work");
        posting::take_back(&mut work, lost, &serde_json::json!({ "replaced_by": "a later version" })).await.expect("taken back");
        work.commit().await.expect("committed");
        let claim: ClaimRecord = workplace.store.claim("C-0").await.expect("read").expect("there");
        let found = (claim.state.as_str(), claim.row.amount, claim.accepted, claim.row.deduction_id.as_str());
        assert_eq!(found, ("in_review", 1_000, 0, kept), "without {lost}");
        assert_eq!(workplace.store.happened("C-0").await.expect("read").last().expect("an entry").action, "payment_taken_back");
        holds(&workplace).await;
    }
}

#[tokio::test]
async fn a_comment_is_no_proof_of_a_decision_and_each_account_is_checked() {
    let (workplace, _folder) = workplace(2).await;
    done(act(&workplace, "jonas", "C-0", 1, &Action::Comment { text: "called".to_owned() }).await.expect("kept"));
    done(act(&workplace, "jonas", "C-1", 1, &decide(Outcome::Accept)).await.expect("accepted"));
    holds(&workplace).await;
    let mut work = workplace.store.begin().await.expect("work");
    work.execute("update claims set status = 'decided', state = 'disputed', disputed = amount, decided_by = 'jonas' where claim_id = 'C-0'", vec![])
        .await
        .expect("forged");
    work.execute("update claims set accepted = 0, written_off = amount where claim_id = 'C-1'", vec![]).await.expect("forged");
    work.execute("update deductions set validity = 'invalid', evidence = '[]' where deduction_id = 'X-0'", vec![]).await.expect("forged");
    work.commit().await.expect("committed");
    let findings = verify(&workplace).await.expect("verified");
    let broken = |invariant: &str| findings.iter().find(|finding| finding.invariant == invariant).expect("checked").examples.clone();
    assert_eq!([broken("claims_decided"), broken("claims_booked"), broken("evidence")], [["C-0"], ["C-1"], ["X-0"]]);
}

#[tokio::test]
async fn a_stale_act_is_refused_but_a_comment_is_kept() {
    let (workplace, _folder) = workplace(1).await;
    let ask = Action::AskBackup { of: Party::Customer, note: "the signed note, please".to_owned() };
    done(act(&workplace, "mara", "C-0", 1, &ask).await.expect("asked"));
    assert!(matches!(act(&workplace, "jonas", "C-0", 1, &decide(Outcome::Accept)).await.expect("asked"), Resolved::Stale(_)));
    done(act(&workplace, "jonas", "C-0", 1, &Action::Comment { text: "they called".to_owned() }).await.expect("kept"));
    assert!(matches!(act(&workplace, "jonas", "C-7", 1, &decide(Outcome::Accept)).await.expect("asked"), Resolved::Missing));
}

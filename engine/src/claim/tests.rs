//! The steps of a claim as a table, and limits as another.

use jiff::civil::{Date, date};

use super::action::{Action, Actor, Decision, Outcome};
use super::authority::{Authority, Delegation, Limit, Standing};
use super::state::{Party, State, StateWord, Wake};
use super::{Amounts, Claim, DEDUCTIONS, Movement, RECOVERED, Refusal};
use crate::money::Currency;
use crate::taxonomy::Queue;

const TODAY: Date = date(2026, 11, 22);
const FREE: Standing = Standing { limit: i64::MAX, siblings: 0 };
const NONE: Standing = Standing { limit: 0, siblings: 0 };

fn euro() -> Currency {
    "EUR".parse().expect("a currency")
}

fn actor(login: &str) -> Actor<'_> {
    Actor { login, today: TODAY }
}

fn claim(claimed: i64) -> Claim {
    Claim { state: State::New, queue: Queue::Finance, assignee: None, amounts: Amounts::of(claimed), amount_changed_by: None }
}

fn decide(outcome: Outcome, accepted: i64) -> Action {
    Action::Decide(Decision { outcome, accepted, reason: "signed in full".to_owned() })
}

fn actions() -> Vec<(&'static str, Action)> {
    let reason = "because".to_owned();
    vec![
        ("assign", Action::Assign(Some("mara".to_owned()))),
        ("transfer", Action::Transfer { to: Queue::Sales, note: reason.clone() }),
        ("hold", Action::Hold { wake: Wake::On(date(2026, 12, 1)), note: String::new() }),
        ("ask", Action::AskBackup { of: Party::Customer, note: reason.clone() }),
        ("resume", Action::Resume),
        ("comment", Action::Comment { text: reason.clone() }),
        ("accept", decide(Outcome::Accept, 0)),
        ("dispute", decide(Outcome::Dispute, 0)),
        ("write_off", decide(Outcome::WriteOff, 0)),
        ("partly", decide(Outcome::PartlyAccept, 400)),
        ("approve", Action::Approve),
        ("send_back", Action::SendBack { reason: reason.clone() }),
        ("recover", Action::Recover { minor: 100, note: reason.clone() }),
        ("close", Action::Close { reason: reason.clone() }),
        ("take_back", Action::TakeBack { reason: reason.clone() }),
        ("take_back_recovery", Action::TakeBackRecovery { reason }),
    ]
}

fn step(claim: &Claim, action: &Action, login: &str, standing: &Standing) -> Result<Claim, Refusal> {
    claim.act(action, &actor(login), standing, euro()).map(|step| {
        assert!(step.claim.amounts.hold(), "{:?} after {action:?}", step.claim.amounts);
        assert_eq!(step.claim.amounts.claimed, claim.amounts.claimed);
        assert_eq!(step.movements.iter().map(|movement| movement.minor).sum::<i64>(), 0, "{action:?}");
        step.claim
    })
}

/// A claim of 10.00 in every state that can be reached by acting.
fn reached(word: StateWord) -> Claim {
    let named = |name: &str| actions().into_iter().find(|(known, _)| *known == name).map(|(_, action)| action).expect("an action");
    let path: &[&str] = match word {
        StateWord::New | StateWord::Merged | StateWord::Withdrawn => &[],
        StateWord::InReview => &["assign"],
        StateWord::Waiting => &["ask"],
        StateWord::Parked => &["hold"],
        StateWord::AwaitingApproval | StateWord::Accepted => &["accept"],
        StateWord::Disputed => &["dispute"],
        StateWord::PartlyAccepted => &["partly"],
        StateWord::WrittenOff => &["write_off"],
        StateWord::Recovered => &["dispute"],
        StateWord::Closed => &["accept", "close"],
    };
    let standing = if word == StateWord::AwaitingApproval { NONE } else { FREE };
    let mut claim = path.iter().fold(claim(1_000), |claim, name| step(&claim, &named(name), "ann", &standing).expect("a legal path"));
    if word == StateWord::Recovered {
        claim = step(&claim, &Action::Recover { minor: 1_000, note: "credit note".to_owned() }, "ann", &FREE).expect("recovered");
    }
    if word == StateWord::Merged {
        claim = self::claim(1_000).merge("C-1", &claim, &actor("ann")).expect("merged").1;
    }
    if word == StateWord::Withdrawn {
        claim.state = State::Withdrawn;
    }
    assert_eq!(claim.state.word(), word);
    claim
}

/// Every state (rows) against every action (columns, as in [`actions`]): the state that follows, or the code of the refusal.
const TABLE: &str = "
new               in_review new parked waiting not_waiting new accepted disputed written_off partly_accepted not_awaiting not_awaiting not_decided not_decided not_decided nothing_recovered
in_review         same_assignee new parked waiting not_waiting in_review accepted disputed written_off partly_accepted not_awaiting not_awaiting not_decided not_decided not_decided nothing_recovered
waiting           waiting new parked waiting in_review waiting accepted disputed written_off partly_accepted not_awaiting not_awaiting not_decided not_decided not_decided nothing_recovered
parked            parked new parked waiting in_review parked accepted disputed written_off partly_accepted not_awaiting not_awaiting not_decided not_decided not_decided nothing_recovered
awaiting_approval awaiting_approval awaits_approval awaits_approval awaits_approval not_waiting awaiting_approval awaits_approval awaits_approval awaits_approval awaits_approval accepted in_review awaits_approval not_decided awaits_approval awaits_approval
disputed          disputed decided decided decided not_waiting disputed accepted decided written_off partly_accepted not_awaiting not_awaiting disputed still_disputed in_review nothing_recovered
accepted          accepted decided decided decided not_waiting accepted decided decided decided decided not_awaiting not_awaiting not_disputed closed in_review nothing_recovered
partly_accepted   partly_accepted decided decided decided not_waiting partly_accepted accepted decided partly_accepted partly_accepted not_awaiting not_awaiting partly_accepted still_disputed in_review nothing_recovered
written_off       written_off decided decided decided not_waiting written_off decided decided decided decided not_awaiting not_awaiting not_disputed closed in_review nothing_recovered
recovered         recovered decided decided decided not_waiting recovered decided decided decided decided not_awaiting not_awaiting not_disputed closed in_review disputed
merged            merged merged merged merged merged merged merged merged merged merged merged merged merged merged merged merged
withdrawn         withdrawn withdrawn withdrawn withdrawn withdrawn withdrawn withdrawn withdrawn withdrawn withdrawn withdrawn withdrawn withdrawn withdrawn withdrawn withdrawn
closed            closed closed closed closed closed closed closed closed closed closed closed closed closed closed closed closed
";

#[test]
fn every_state_answers_every_action() {
    let mut rows = 0;
    for row in TABLE.trim().lines() {
        let mut words = row.split_whitespace();
        let word: StateWord = words.next().expect("a state").parse().expect("a state");
        let from = reached(word);
        let expected: Vec<&str> = words.collect();
        assert_eq!(expected.len(), actions().len(), "{word}");
        for ((name, action), expected) in actions().into_iter().zip(expected) {
            let found = match step(&from, &action, "mara", &FREE) {
                Ok(claim) => claim.state.word().word(),
                Err(refusal) => refusal.code(),
            };
            assert_eq!(found, expected, "{word} {name}");
        }
        rows += 1;
    }
    assert_eq!(rows, StateWord::ALL.len(), "every state has its row");
}

#[test]
fn a_decision_names_a_reason_and_a_part_lies_inside_the_whole() {
    let without = Action::Decide(Decision { outcome: Outcome::Dispute, accepted: 0, reason: "  ".to_owned() });
    assert_eq!(step(&claim(1_000), &without, "mara", &FREE), Err(Refusal::ReasonMissing));
    for (claimed, accepted, fits) in
        [(1_000, 1, true), (1_000, 0, false), (1_000, 1_000, false), (1_000, -5, false), (-1_000, -400, true), (-1_000, 400, false)]
    {
        assert_eq!(step(&claim(claimed), &decide(Outcome::PartlyAccept, accepted), "mara", &FREE).is_ok(), fits, "{accepted} of {claimed}");
    }
    let yesterday = Action::Hold { wake: Wake::On(date(2026, 11, 21)), note: String::new() };
    assert_eq!(step(&claim(1_000), &yesterday, "mara", &FREE), Err(Refusal::DayNotAhead(date(2026, 11, 21))));
}

#[test]
fn a_lost_dispute_is_decided_again_and_taking_back_restores_the_open_amount() {
    let disputed = reached(StateWord::Disputed);
    let lost = step(&disputed, &decide(Outcome::PartlyAccept, 300), "mara", &FREE).expect("decided again");
    assert_eq!(lost.amounts, Amounts { claimed: 1_000, accepted: 300, disputed: 700, written_off: 0, recovered: 0 });
    let back = step(&lost, &Action::Recover { minor: 200, note: "their credit".to_owned() }, "mara", &FREE).expect("recovered in part");
    assert_eq!((back.amounts.disputed, back.amounts.recovered), (500, 200));
    let taken = step(&back, &Action::TakeBack { reason: "wrong customer".to_owned() }, "mara", &FREE).expect("taken back");
    assert_eq!(taken.amounts, Amounts { recovered: 200, ..Amounts::of(1_000) }, "what came back stays");
}

#[test]
fn what_is_above_the_limit_waits_for_somebody_else() {
    let waits = step(&claim(1_000), &decide(Outcome::WriteOff, 0), "mara", &Standing { limit: 999, siblings: 0 }).expect("waits");
    assert_eq!((waits.state.word(), waits.amounts.open()), (StateWord::AwaitingApproval, 1_000));
    assert_eq!(step(&waits, &Action::Approve, "mara", &FREE), Err(Refusal::OwnDecision));
    assert!(matches!(step(&waits, &Action::Approve, "jonas", &Standing { limit: 999, siblings: 0 }), Err(Refusal::AboveLimit { .. })));
    let approved = step(&waits, &Action::Approve, "jonas", &Standing { limit: 1_000, siblings: 0 }).expect("approved");
    let decided = approved.state.decided().expect("decided");
    assert_eq!((decided.by.as_str(), decided.approved_by.as_deref(), approved.amounts.written_off), ("mara", Some("jonas"), 1_000));
    let edited = Claim { amount_changed_by: Some("jonas".to_owned()), ..waits };
    assert_eq!(step(&edited, &Action::Approve, "jonas", &FREE), Err(Refusal::OwnAmount));
    let dispute = step(&claim(1_000), &decide(Outcome::Dispute, 0), "mara", &NONE).expect("a dispute gives nothing away");
    assert_eq!(dispute.state.word(), StateWord::Disputed);
}

#[test]
fn limits_are_own_or_borrowed_and_siblings_count_together() {
    let limit = |login: &str, outcome, code: &str, amount| Limit { login: login.to_owned(), outcome, currency: code.parse().expect("a currency"), amount };
    let lent = |from: &str, to: &str, starts_on, ends_on| Delegation { from_login: from.to_owned(), to_login: to.to_owned(), starts_on, ends_on };
    let authority = Authority {
        limits: vec![limit("mara", Outcome::Accept, "EUR", 500), limit("mara", Outcome::WriteOff, "EUR", 50), limit("jonas", Outcome::Accept, "EUR", 90_000)],
        delegations: vec![lent("jonas", "mara", date(2026, 11, 20), date(2026, 11, 22)), lent("mara", "sam", date(2026, 1, 1), date(2026, 12, 31))],
    };
    let may = |login: &str, outcome, code: &str, day, not_from: &[&str]| {
        authority.standing(login, outcome, code.parse().expect("a currency"), day, 0, not_from).limit
    };
    for (login, outcome, code, day, not_from, expected) in [
        ("mara", Outcome::Accept, "EUR", date(2026, 11, 19), [].as_slice(), 500),
        ("mara", Outcome::Accept, "EUR", date(2026, 11, 22), &[], 90_000),
        ("mara", Outcome::Accept, "EUR", date(2026, 11, 23), &[], 500),
        ("mara", Outcome::PartlyAccept, "EUR", date(2026, 11, 23), &[], 500),
        ("mara", Outcome::WriteOff, "EUR", TODAY, &[], 50),
        ("mara", Outcome::Accept, "USD", TODAY, &[], 0),
        // A borrowed limit can't approve what its owner decided, and is not lent on.
        ("mara", Outcome::Accept, "EUR", TODAY, &["jonas"], 500),
        ("sam", Outcome::Accept, "EUR", TODAY, &[], 500),
        ("nobody", Outcome::Accept, "EUR", TODAY, &[], 0),
    ] {
        assert_eq!(may(login, outcome, code, day, not_from), expected, "{login} {outcome} {code} {day}");
    }
    assert!(Standing { limit: 500, siblings: 300 }.settle(201, euro()).is_err());
    assert!(Standing { limit: 500, siblings: 300 }.settle(200, euro()).is_ok());
    assert!(authority.makes_a_loop(&lent("mara", "jonas", TODAY, TODAY)));
    assert!(!authority.makes_a_loop(&lent("mara", "jonas", date(2027, 1, 1), date(2027, 1, 2))));
    assert!(authority.makes_a_loop(&lent("mara", "mara", TODAY, TODAY)));
}

#[test]
fn splitting_and_merging_keep_the_sum() {
    let whole = claim(1_000);
    for (parts, expected) in [
        (vec![1_000], Some("too_few_parts")),
        (vec![600, 300], Some("parts_dont_sum")),
        (vec![1_200, -200], Some("part_out_of_range")),
        (vec![600, 300, 100], None),
    ] {
        let made = whole.split(&parts, &actor("mara"), euro());
        assert_eq!(made.as_ref().err().map(Refusal::code), expected, "{parts:?}");
        if let Ok(made) = made {
            assert_eq!(made.iter().map(|part| part.amounts.claimed).sum::<i64>(), 1_000);
            assert!(made.iter().all(|part| part.amount_changed_by.as_deref() == Some("mara")));
        }
    }
    let (kept, gone) = whole.merge("C-1", &claim(250), &actor("mara")).expect("merged");
    assert_eq!((kept.amounts.claimed, gone.amounts.claimed, gone.state.word()), (1_250, 0, StateWord::Merged));
    assert_eq!(whole.merge("C-1", &reached(StateWord::Accepted), &actor("mara")), Err(Refusal::Decided));
}

#[test]
fn cash_that_came_back_is_never_forgotten() {
    let recover = |minor| Action::Recover { minor, note: "credit note".to_owned() };
    let disputed = step(&claim(200), &decide(Outcome::Dispute, 0), "mara", &FREE).expect("disputed");
    // Nothing moves under a decision that waits.
    let waits = step(&disputed, &decide(Outcome::PartlyAccept, 150), "mara", &NONE).expect("waits");
    assert_eq!(step(&waits, &recover(120), "mara", &FREE), Err(Refusal::AwaitsApproval));
    // A decision from before that no longer fits is refused, not carried out.
    let short = Claim { amounts: Amounts { disputed: 80, recovered: 120, ..Amounts::of(200) }, ..waits };
    assert!(matches!(step(&short, &Action::Approve, "jonas", &FREE), Err(Refusal::PartOutOfRange(_))));
    let back = Action::TakeBack { reason: "a mistake".to_owned() };
    let partly = step(&disputed, &recover(120), "mara", &FREE).expect("120 came back");
    let open = step(&partly, &back, "mara", &FREE).expect("taken back");
    assert_eq!((open.amounts.recovered, open.amounts.disputed, open.amounts.open()), (120, 0, 80));
    let parts = open.split(&[50, 30], &actor("mara"), euro()).expect("the open 80 are split");
    assert_eq!(parts.iter().map(|part| (part.amounts.claimed, part.amounts.recovered, part.amounts.open())).collect::<Vec<_>>(), [(170, 120, 50), (30, 0, 30)]);
    assert_eq!(open.split(&[150, 50], &actor("mara"), euro()).expect_err("more than is open").code(), "parts_dont_sum");
    assert_eq!(claim(10).merge("C-1", &open, &actor("mara")), Err(Refusal::PartlySettled));
    assert_eq!(open.merge("C-1", &claim(10), &actor("mara")), Err(Refusal::PartlySettled));
}

#[test]
fn a_mistyped_recovery_is_taken_back_and_booked_again() {
    let recover = |minor| Action::Recover { minor, note: "credit note".to_owned() };
    let mistyped = Action::TakeBackRecovery { reason: "120 was meant".to_owned() };
    assert_eq!(step(&reached(StateWord::Recovered), &Action::TakeBackRecovery { reason: " ".to_owned() }, "mara", &FREE), Err(Refusal::ReasonMissing));
    let disputed = step(&claim(200), &decide(Outcome::Dispute, 0), "mara", &FREE).expect("disputed");
    let partly = step(&disputed, &recover(12), "mara", &FREE).expect("booked");
    let undone = partly.act(&mistyped, &actor("mara"), &NONE, euro()).expect("nothing is given away, so no limit is asked");
    assert_eq!(undone.claim, disputed, "the decision and its reason stand");
    assert_eq!(undone.movements, [Movement { account: RECOVERED, minor: -12 }, Movement { account: DEDUCTIONS, minor: 12 }]);
    assert_eq!(step(&undone.claim, &recover(120), "mara", &FREE).map(|claim| claim.amounts.recovered), Ok(120));
    // All of it was booked, beside a part that is accepted, and before anything is decided.
    let all = step(&step(&disputed, &recover(200), "mara", &FREE).expect("all came back"), &mistyped, "jonas", &FREE).expect("undone");
    assert_eq!((all.state.word(), all.amounts.disputed), (StateWord::Disputed, 200));
    let beside = step(&step(&reached(StateWord::PartlyAccepted), &recover(600), "mara", &FREE).expect("the rest came back"), &mistyped, "mara", &FREE);
    assert_eq!(beside.map(|claim| (claim.state.word(), claim.amounts.accepted, claim.amounts.disputed)), Ok((StateWord::PartlyAccepted, 400, 600)));
    let open = step(&partly, &Action::TakeBack { reason: "wrong customer".to_owned() }, "mara", &FREE).expect("taken back");
    assert_eq!(step(&open, &mistyped, "mara", &FREE).map(|claim| (claim.state.word(), claim.amounts.open())), Ok((StateWord::InReview, 200)));
}

#[test]
fn the_lost_rest_of_a_partly_accepted_claim_is_settled_and_closed() {
    let close = Action::Close { reason: "done".to_owned() };
    for (outcome, word, accepted, written_off) in [(Outcome::Accept, StateWord::Accepted, 1_000, 0), (Outcome::WriteOff, StateWord::PartlyAccepted, 400, 600)] {
        let partly = reached(StateWord::PartlyAccepted);
        assert_eq!(step(&partly, &close, "mara", &FREE), Err(Refusal::StillDisputed));
        let ended = step(&partly, &decide(outcome, 0), "mara", &FREE).expect("the rest is lost");
        assert_eq!((ended.state.word(), ended.amounts.accepted, ended.amounts.written_off, ended.amounts.disputed), (word, accepted, written_off, 0));
        assert_eq!(step(&ended, &close, "mara", &FREE).map(|claim| claim.state.word()), Ok(StateWord::Closed));
        // What was accepted before counts: a limit is not passed in steps.
        let short = step(&partly, &decide(outcome, 0), "mara", &Standing { limit: 999, siblings: 0 }).expect("waits");
        assert_eq!((short.state.word(), short.amounts), (StateWord::AwaitingApproval, partly.amounts));
    }
}

#[test]
fn closing_keeps_what_was_decided() {
    let closed = reached(StateWord::Closed);
    assert_eq!(closed.state.decided().map(|decided| (decided.by.as_str(), decided.on)), Some(("ann", TODAY)));
}

//! What people did to a made-up claim: legal acts of the engine, one after the other.

use anyhow::{Result, anyhow};
use jiff::ToSpan;
use jiff::civil::Date;
use recoup_engine::claim::action::{Act, Actor};
use recoup_engine::claim::authority::Standing;
use recoup_engine::claim::state::Wake;
use recoup_engine::claim::{Action, Claim, Decision, Movement, Outcome, Party};
use recoup_store::claims::ClaimRecord;

use super::chance::Chance;
use super::seeding::{Size, login};
use crate::desk::resolve::Logged;

/// What becomes of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Untouched,
    Taken,
    AwaitsCustomer,
    AwaitsSales,
    OnHold,
    AwaitsApproval,
    Accepted,
    Disputed,
    Recovered,
    WrittenOff,
    Closed,
}

impl Fate {
    /// The claims that came in last are open, but for one in ten.
    pub(super) fn of(claim: usize, size: Size) -> Self {
        let mut chance = Chance::of(claim + 17);
        let is_open = claim + size.open * 10 / 9 >= size.claims && claim % 10 != 9;
        let fates: &[(usize, Self)] = if is_open {
            &[(55, Self::Untouched), (25, Self::Taken), (10, Self::AwaitsCustomer), (4, Self::AwaitsSales), (4, Self::OnHold), (2, Self::AwaitsApproval)]
        } else {
            &[(44, Self::Accepted), (12, Self::Disputed), (20, Self::Recovered), (18, Self::WrittenOff), (6, Self::Closed)]
        };
        chance.one_of(fates).unwrap_or(Self::Untouched)
    }
}

/// A claim after its acts.
pub(super) struct Life {
    pub claim: Claim,
    /// Everything that the acts moved.
    pub movements: Vec<Movement>,
    /// Time, actor, action and detail of the entry of each act.
    pub entries: Vec<(String, String, Act, String)>,
}

/// Lets a person act on a new claim until it has met its fate.
pub(super) fn live(record: &ClaimRecord, fate: Fate, opened: Date, today: Date, people: usize) -> Result<Life> {
    let mut life = Life { claim: record.claim()?, movements: Vec::new(), entries: Vec::new() };
    let mut chance = Chance::of(record.row.claim_id.bytes().fold(0, |sum: usize, byte| sum.wrapping_mul(31).wrapping_add(byte.into())));
    let person = login(chance.below(people));
    // Whoever has no limit asks for approval.
    let standing = Standing { limit: if fate == Fate::AwaitsApproval { 0 } else { i64::MAX }, siblings: 0 };
    let mut day = opened;
    for (position, action) in acts(fate, &person, record.row.amount, today).iter().enumerate() {
        day = day.saturating_add(i64::try_from(2 + chance.below(25))?.days()).min(today);
        let actor = Actor { login: &person, today: day };
        let step = life.claim.act(action, &actor, &standing, record.row.currency.parse()?).map_err(|refusal| anyhow!("{fate:?}: {refusal}"))?;
        let logged = Logged {
            version: i64::try_from(position)? + 2,
            action: serde_json::to_value(action)?,
            before: life.claim,
            after: step.claim.clone(),
            evidence: Vec::new(),
        };
        life.entries.push((format!("{day}T09:00:00Z"), person.clone(), action.act(), serde_json::to_string(&logged)?));
        life.movements.extend(step.movements);
        life.claim = step.claim;
    }
    Ok(life)
}

fn acts(fate: Fate, person: &str, amount: i64, today: Date) -> Vec<Action> {
    let take = Action::Assign(Some(person.to_owned()));
    let decide = |outcome: Outcome| Action::Decide(Decision { outcome, accepted: 0, reason: "As the evidence says.".to_owned() });
    let note = || "Please send the signed note.".to_owned();
    match fate {
        Fate::Untouched => vec![],
        Fate::Taken => vec![take],
        Fate::AwaitsCustomer => vec![take, Action::AskBackup { of: Party::Customer, note: note() }],
        Fate::AwaitsSales => vec![take, Action::AskBackup { of: Party::Sales, note: note() }],
        Fate::OnHold => vec![take, Action::Hold { wake: Wake::On(today.saturating_add(20.days())), note: note() }],
        Fate::AwaitsApproval | Fate::Accepted => vec![take, decide(Outcome::Accept)],
        Fate::Disputed => vec![take, decide(Outcome::Dispute)],
        Fate::Recovered => vec![take, decide(Outcome::Dispute), Action::Recover { minor: amount, note: "Paid back.".to_owned() }],
        Fate::WrittenOff => vec![take, decide(Outcome::WriteOff)],
        Fate::Closed => vec![take, decide(Outcome::Accept), Action::Close { reason: "Settled.".to_owned() }],
    }
}

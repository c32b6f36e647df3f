//! What happened to a claim, as sentences: who did what, when, with which words, and what it changed.

use std::collections::BTreeMap;

use recoup_engine::claim::State;
use recoup_engine::claim::action::{Action, Outcome};
use recoup_engine::claim::state::Wake;
use recoup_store::screens::claim::Happened;
use serde_json::Value as Json;

use super::language::text;
use super::show;
use crate::desk::resolve::Logged;

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The version of the claim that it made; 0 when the log says none.
    pub version: i64,
    pub at: String,
    pub who: String,
    /// `disputed it`
    pub what: String,
    /// The person's own words.
    pub words: String,
    /// What it changed, when money or the desk changed.
    pub change: String,
}

/// The log of a claim as sentences, oldest first. `names` are people by login.
pub fn entries(happened: Vec<Happened>, names: &BTreeMap<String, String>, currency: &str) -> Vec<Entry> {
    happened.into_iter().map(|row| entry(row, names, currency)).collect()
}

/// What of the log the customer may read: decisions in force with their reasons, and what came back. Everything else is ours.
pub fn told_outside(happened: Vec<Happened>, names: &BTreeMap<String, String>, currency: &str) -> Vec<Entry> {
    let outside = |row: Happened| {
        let logged: Logged = serde_json::from_str(&row.detail).ok()?;
        let in_force = !matches!(logged.after.state, State::AwaitingApproval { .. });
        let keeps_words = match serde_json::from_value::<Action>(logged.action).ok()? {
            Action::Decide(decision) if in_force && decision.outcome != Outcome::WriteOff => true,
            Action::Recover { .. } | Action::TakeBack { .. } | Action::TakeBackRecovery { .. } => false,
            _ => return None,
        };
        let entry = entry(row, names, currency);
        Some(if keeps_words { entry } else { Entry { words: String::new(), ..entry } })
    };
    happened.into_iter().filter_map(outside).collect()
}

/// One entry of the log of a claim.
pub fn entry(row: Happened, names: &BTreeMap<String, String>, currency: &str) -> Entry {
    let who = names.get(&row.actor).cloned().unwrap_or(row.actor);
    let at = show::minutes(&row.at);
    let Ok(logged) = serde_json::from_str::<Logged>(&row.detail) else {
        return Entry { version: 0, at, who, what: show::inside(&row.action), words: String::new(), change: String::new() };
    };
    let (what, words) = said(&row.action, &logged, names, currency);
    Entry { version: logged.version, at, who, what, words, change: change(&logged, currency) }
}

fn said(act: &str, logged: &Logged, names: &BTreeMap<String, String>, currency: &str) -> (String, String) {
    let named = |login: &str| names.get(login).cloned().unwrap_or_else(|| login.to_owned());
    let Ok(action) = serde_json::from_value::<Action>(logged.action.clone()) else { return (divided(act, &logged.action), String::new()) };
    let (what, words) = match action {
        Action::Assign(Some(login)) => (text("gave it to {0}").with(named(&login)), String::new()),
        Action::Assign(None) => (text("gave it back to the queue"), String::new()),
        Action::Transfer { to, note } => (text("moved it to {0}").with(show::plain(to.word())), note),
        Action::Hold { wake: Wake::On(day), note } => (text("put it on hold until {0}").with(show::day(&day.to_string())), note),
        Action::Hold { wake: Wake::WhenItRepeats, note } => (text("put it on hold until it happens again"), note),
        Action::AskBackup { of, note } => (text("asked {0} for backup").with(show::inside(of.word())), note),
        Action::Resume => (text("took it up again"), String::new()),
        Action::Comment { text } => (self::text("commented"), text),
        Action::Decide(decision) => {
            let waits = matches!(logged.after.state, State::AwaitingApproval { .. });
            // A dispute that is given up is decided again.
            let before = logged.before.amounts;
            let decided = before.open() + if decision.outcome == Outcome::Dispute { 0 } else { before.disputed };
            let (all, part) = (show::money(decided, currency), show::money(decision.accepted, currency));
            let what = match decision.outcome {
                Outcome::Accept => text("accepted {0}").with(all),
                Outcome::Dispute => text("disputed {0}").with(all),
                Outcome::WriteOff => text("wrote off {0}").with(all),
                Outcome::PartlyAccept => text("accepted {0} and disputed the rest, {1}").with(part).with(show::money(decided - decision.accepted, currency)),
            };
            (if waits { text("{0}; it waits for approval").with(what) } else { what }, decision.reason)
        }
        Action::Approve => (text("approved the decision"), String::new()),
        Action::SendBack { reason } => (text("sent the decision back"), reason),
        Action::Recover { minor, note } => (text("booked {0} as recovered").with(show::money(minor, currency)), note),
        Action::Close { reason } => (text("closed it"), reason),
        Action::TakeBackRecovery { reason } => (text("took back the recovery of {0}").with(show::money(logged.before.amounts.recovered, currency)), reason),
        Action::TakeBack { reason } => (text("took the decision back"), reason),
    };
    (what.to_string(), words)
}

fn divided(act: &str, action: &Json) -> String {
    let named = |pointer: &str| action.pointer(pointer).and_then(Json::as_str).unwrap_or_default().to_owned();
    match act {
        "split" => {
            let into: Vec<&str> = action.pointer("/split/into").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).collect();
            text("split it: {0} came of it").with(into.join(", ")).to_string()
        }
        "merge" => text("merged {0} into {1}").with(named("/merge/from")).with(named("/merge/into")).to_string(),
        "categorise" => text("said that it claims {0}").with(show::inside(&named("/categorise/category"))).to_string(),
        "undo" => text("undid “{0}”").with(show::inside(&named("/undo"))).to_string(),
        other => show::inside(other),
    }
}

fn change(logged: &Logged, currency: &str) -> String {
    let (before, after) = (logged.before.amounts, logged.after.amounts);
    let parts = [
        ("Claimed", before.claimed, after.claimed),
        ("Accepted", before.accepted, after.accepted),
        ("Disputed", before.disputed, after.disputed),
        ("Written off", before.written_off, after.written_off),
        ("Recovered", before.recovered, after.recovered),
        ("Open", before.open(), after.open()),
    ];
    let changed = parts.iter().filter(|(_, before, after)| before != after);
    let said: Vec<String> = changed
        .map(|(name, before, after)| format!("{} {} → {}", show::inside(name), show::amount(*before, currency), show::amount(*after, currency)))
        .collect();
    said.join(", ")
}

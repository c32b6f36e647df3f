//! What happened to a claim, as sentences: who did what, when, with which words, and what it changed.

use std::collections::BTreeMap;

use recoup_engine::claim::State;
use recoup_engine::claim::action::{Action, Outcome};
use recoup_engine::claim::state::Wake;
use recoup_store::screens::claim::Happened;
use serde_json::Value as Json;

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

/// One entry of the log of a claim.
pub fn entry(row: Happened, names: &BTreeMap<String, String>, currency: &str) -> Entry {
    let who = names.get(&row.actor).cloned().unwrap_or(row.actor);
    let at = show::minutes(&row.at);
    let Ok(logged) = serde_json::from_str::<Logged>(&row.detail) else {
        return Entry { version: 0, at, who, what: row.action.replace('_', " "), words: String::new(), change: String::new() };
    };
    let (what, words) = said(&row.action, &logged, names, currency);
    Entry { version: logged.version, at, who, what, words, change: change(&logged, currency) }
}

fn said(act: &str, logged: &Logged, names: &BTreeMap<String, String>, currency: &str) -> (String, String) {
    let named = |login: &str| names.get(login).cloned().unwrap_or_else(|| login.to_owned());
    let Ok(action) = serde_json::from_value::<Action>(logged.action.clone()) else { return (divided(act, &logged.action), String::new()) };
    let plain = |what: &str| what.to_owned();
    match action {
        Action::Assign(Some(login)) => (format!("gave it to {}", named(&login)), String::new()),
        Action::Assign(None) => (plain("gave it back to the queue"), String::new()),
        Action::Transfer { to, note } => (format!("moved it to {}", show::plain(to.word())), note),
        Action::Hold { wake: Wake::On(day), note } => (format!("put it on hold until {day}"), note),
        Action::Hold { wake: Wake::WhenItRepeats, note } => (plain("parked it until it happens again"), note),
        Action::AskBackup { of, note } => (format!("asked {} for backup", show::plain(of.word()).to_lowercase()), note),
        Action::Resume => (plain("took it up again"), String::new()),
        Action::Comment { text } => (plain("commented"), text),
        Action::Decide(decision) => {
            let waits = matches!(logged.after.state, State::AwaitingApproval { .. });
            // A dispute that is given up is decided again.
            let before = logged.before.amounts;
            let decided = before.open() + if decision.outcome == Outcome::Dispute { 0 } else { before.disputed };
            let (all, part) = (show::money(decided, currency), show::money(decision.accepted, currency));
            let what = match decision.outcome {
                Outcome::Accept => format!("accepted {all}"),
                Outcome::Dispute => format!("disputed {all}"),
                Outcome::WriteOff => format!("wrote off {all}"),
                Outcome::PartlyAccept => format!("accepted {part} and disputed the rest, {}", show::money(decided - decision.accepted, currency)),
            };
            (if waits { format!("{what}; it waits for approval") } else { what }, decision.reason)
        }
        Action::Approve => (plain("approved the decision"), String::new()),
        Action::SendBack { reason } => (plain("sent the decision back"), reason),
        Action::Recover { minor, note } => (format!("booked {} as recovered", show::money(minor, currency)), note),
        Action::Close { reason } => (plain("closed it"), reason),
        Action::TakeBackRecovery { reason } => (format!("took back the recovery of {}", show::money(logged.before.amounts.recovered, currency)), reason),
        Action::TakeBack { reason } => (plain("took the decision back"), reason),
    }
}

fn divided(act: &str, action: &Json) -> String {
    let text = |pointer: &str| action.pointer(pointer).and_then(Json::as_str).unwrap_or_default().to_owned();
    match act {
        "split" => {
            let into: Vec<&str> = action.pointer("/split/into").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).collect();
            format!("split it: {} came of it", into.join(", "))
        }
        "merge" => format!("merged {} into {}", text("/merge/from"), text("/merge/into")),
        "categorise" => format!("said that it claims {}", text("/categorise/category").replace('_', " ")),
        "undo" => format!("undid “{}”", text("/undo").replace('_', " ")),
        other => other.replace('_', " "),
    }
}

fn change(logged: &Logged, currency: &str) -> String {
    let (before, after) = (logged.before.amounts, logged.after.amounts);
    let parts = [
        ("claimed", before.claimed, after.claimed),
        ("accepted", before.accepted, after.accepted),
        ("disputed", before.disputed, after.disputed),
        ("written off", before.written_off, after.written_off),
        ("recovered", before.recovered, after.recovered),
        ("open", before.open(), after.open()),
    ];
    let changed = parts.iter().filter(|(_, before, after)| before != after);
    let said: Vec<String> =
        changed.map(|(name, before, after)| format!("{name} {} → {}", show::amount(*before, currency), show::amount(*after, currency))).collect();
    said.join(", ")
}

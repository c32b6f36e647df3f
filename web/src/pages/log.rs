//! The log: who did what to what, as sentences with amounts and reasons, narrowed and paged by its number.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use recoup_store::audit::AuditEntry;
use recoup_store::screens::claim::Happened;
use recoup_store::screens::oversight::LogFilter;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::errors::{PageError, html};
use super::frame::Frame;
use super::language::{key, text};
use super::{Desk, filters, show, timeline};
use crate::pages::given::Query;

/// Entries of a page.
const ENTRIES: usize = 100;

/// An entry as people read it.
struct Line {
    sequence: i64,
    at: String,
    /// A person's name, or which part of the program it was.
    who: String,
    login: String,
    /// The whole act in a sentence.
    what: String,
    /// The person's own words.
    words: String,
    change: String,
    subject: String,
    /// Where the subject is looked at; empty without a page of its own.
    href: String,
    detail: String,
}

#[derive(Template)]
#[template(path = "audit.html")]
struct LogPage {
    frame: Frame,
    lines: Vec<Line>,
    actor: String,
    action: String,
    subject: String,
    next: Option<String>,
}

#[derive(Default, Deserialize)]
pub struct Narrowed {
    #[serde(default)]
    actor: String,
    #[serde(default)]
    action: String,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    before: String,
}

/// People by login and by number: entries name them by either.
struct Names {
    by_login: BTreeMap<String, String>,
    by_number: BTreeMap<String, String>,
}

/// GET /audit
pub async fn show(State(desk): State<Desk>, frame: Frame, Query(narrowed): Query<Narrowed>) -> Result<Response, PageError> {
    let store = &desk.workplace.store;
    let given = |value: &str| Some(value.trim().to_owned()).filter(|value| !value.is_empty());
    let filter =
        LogFilter { actor: given(&narrowed.actor), action: given(&narrowed.action), subject: given(&narrowed.subject), before: narrowed.before.parse().ok() };
    let mut entries = store.log_page(&filter, ENTRIES as i64 + 1).await?;
    let more = entries.len() > ENTRIES;
    entries.truncate(ENTRIES);
    let next = entries.last().filter(|_| more).map(|last| {
        let before = last.sequence.to_string();
        let pairs = [("actor", &narrowed.actor), ("action", &narrowed.action), ("subject", &narrowed.subject), ("before", &before)];
        let set: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        format!("/audit?{}", serde_urlencoded::to_string(set).unwrap_or_default())
    });
    let subjects: Vec<String> = entries.iter().filter(|entry| entry.subject.starts_with("C-")).map(|entry| entry.subject.clone()).collect();
    let currencies: BTreeMap<String, String> = store.claims(&subjects).await?.into_iter().map(|claim| (claim.row.claim_id, claim.row.currency)).collect();
    let users = store.users().await?;
    let by_number = users.iter().map(|user| (user.user_id.clone(), user.name.clone())).collect();
    let names = Names { by_login: show::names_of(&users), by_number };
    let lines = entries.into_iter().map(|entry| line(entry, &currencies, &names)).collect();
    html(&LogPage { frame, lines, actor: narrowed.actor, action: narrowed.action, subject: narrowed.subject, next })
}

fn line(entry: AuditEntry, currencies: &BTreeMap<String, String>, names: &Names) -> Line {
    let who = names.by_login.get(&entry.actor).unwrap_or(&entry.actor).clone();
    let (what, words, change) = match currencies.get(&entry.subject) {
        Some(currency) => {
            let row = Happened {
                sequence: entry.sequence,
                at: entry.at.clone(),
                actor: entry.actor.clone(),
                action: entry.action.clone(),
                detail: entry.detail.clone(),
            };
            let told = timeline::entry(row, &names.by_login, currency);
            (capital(&told.what), told.words, told.change)
        }
        None => (show::plain(&entry.action), String::new(), serde_json::from_str(&entry.detail).map(|detail| facts(&detail)).unwrap_or_default()),
    };
    let person = names.by_number.get(&entry.subject).or_else(|| names.by_login.get(&entry.subject));
    let href = match entry.subject.as_str() {
        claim if currencies.contains_key(claim) => format!("/claims/{claim}"),
        deduction if deduction.starts_with("X-") => format!("/claims/{deduction}"),
        document if document.starts_with("D-") => format!("/documents/{document}"),
        draft if draft.starts_with("R-") => format!("/rules/drafts/{draft}"),
        _ => String::new(),
    };
    Line {
        sequence: entry.sequence,
        at: show::minutes(&entry.at),
        who,
        login: entry.actor,
        what,
        words,
        change,
        subject: person.unwrap_or(&entry.subject).clone(),
        href,
        detail: if entry.detail.len() > 2 { entry.detail } else { String::new() },
    }
}

/// A sentence that stands alone begins with a capital.
fn capital(sentence: &str) -> String {
    let mut characters = sentence.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// What an entry holds, in a line: plain values by name, and what changed between `before` and `after`.
fn facts(detail: &Json) -> String {
    let Some(object) = detail.as_object() else { return String::new() };
    let (Some(after), before) = (object.get("after").and_then(Json::as_object), object.get("before").and_then(Json::as_object)) else {
        return values(object).into_iter().map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ");
    };
    let former: BTreeMap<String, String> = before.map(values).unwrap_or_default().into_iter().collect();
    let changed = values(after).into_iter().filter(|(name, value)| former.get(name) != Some(value));
    let said = changed.map(|(name, value)| match former.get(&name) {
        Some(former) => format!("{name} {former} → {value}"),
        None => format!("{name} {value}"),
    });
    said.collect::<Vec<_>>().join(", ")
}

/// The plain values of an object; an amount is shown in its currency.
fn values(object: &Map<String, Json>) -> Vec<(String, String)> {
    let currency = object.get("currency").and_then(Json::as_str);
    let mut found = Vec::new();
    for (name, value) in object {
        let shown = match (name.as_str(), value) {
            ("currency", _) if object.contains_key("amount") => continue,
            ("amount", Json::Number(minor)) => match (minor.as_i64(), currency) {
                (Some(minor), Some(currency)) => show::money(minor, currency),
                _ => minor.to_string(),
            },
            // Words of our vocabularies are plain words here; what people wrote stays as they wrote it.
            (_, Json::String(word)) if !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') => show::inside(word),
            (_, Json::String(words)) if !words.is_empty() => words.clone(),
            (_, Json::Number(number)) => number.to_string(),
            (_, Json::Bool(yes)) => text(if *yes { key("yes") } else { key("no") }).to_string(),
            _ => continue,
        };
        found.push((show::inside(name), shown));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_entry_holds_is_told_in_a_line() {
        let told = |text: &str| facts(&serde_json::from_str(text).expect("JSON"));
        let limit = r#"{"before":{"amount":5000,"currency":"EUR","outcome":"accept"},"after":{"amount":25000,"currency":"EUR","outcome":"accept"}}"#;
        assert_eq!(told(limit), "amount 50.00 EUR → 250.00 EUR");
        assert_eq!(told(r#"{"before":null,"after":{"amount":25000,"currency":"EUR"}}"#), "amount 250.00 EUR");
        assert_eq!(told(r#"{"role":"analyst","note":"","parts":[1]}"#), "role analyst");
        assert_eq!(told("{}"), "");
    }
}

//! Everything that ever arrived, its state and what became of it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use recoup_engine::reading::DocumentKind;
use recoup_engine::taxonomy::DocumentStatus;
use recoup_store::documents::DocumentRow;
use recoup_store::screens::documents::Inbox;

use super::became::{Became, became};
use super::errors::{PageError, html};
use super::frame::Frame;
use super::list::Ignored;
use super::whose::{self, Offered};
use super::{Desk, filters, show};
use crate::pages::given::Query;

const PAGE: usize = 50;
const KNOWN: [&str; 5] = ["status", "kind", "customer", "q", "before"];

/// A status with how many documents have it.
struct Tab {
    word: String,
    label: String,
    href: String,
    count: i64,
    is_current: bool,
}

struct Choice {
    word: &'static str,
    label: String,
    is_chosen: bool,
}

/// A document in the inbox.
struct Row {
    id: String,
    name: String,
    arrived: String,
    kind: String,
    format: String,
    customer: String,
    number: String,
    total: String,
    status: String,
    problem: String,
    linked: Vec<String>,
}

#[derive(Template)]
#[template(path = "documents.html")]
struct DocumentsPage {
    frame: Frame,
    tabs: Vec<Tab>,
    kinds: Vec<Choice>,
    rows: Vec<Row>,
    ignored: Vec<Ignored>,
    status: String,
    q: String,
    /// The customer of the filter by name.
    customer: String,
    customers: Offered,
    none_exist: bool,
    next: Option<String>,
    /// The document that was confirmed just now, and what became of it.
    after: Option<Became>,
    /// The files that were just taken in, with what became of each, and those that were not.
    taken: Vec<Taken>,
    refused: Vec<String>,
}

/// A file that was taken in.
struct Taken {
    id: String,
    became: Became,
}

/// What became of the files whose numbers stand in an address.
async fn taken(desk: &Desk, query: &mut Vec<(String, String)>) -> Result<Vec<Taken>, PageError> {
    let mut taken = Vec::new();
    for (_, id) in query.extract_if(.., |(name, _)| name == "taken").collect::<Vec<_>>() {
        taken.extend(became(desk, &id).await?.map(|became| Taken { id, became }));
    }
    Ok(taken)
}

/// GET /documents
pub async fn show(State(desk): State<Desk>, frame: Frame, Query(mut query): Query<Vec<(String, String)>>) -> Result<Response, PageError> {
    let store = &desk.workplace.store;
    let after = match query.iter().position(|(name, _)| name == "after") {
        Some(at) => became(&desk, &query.remove(at).1).await?,
        None => None,
    };
    let taken = taken(&desk, &mut query).await?;
    let refused = query.extract_if(.., |(name, _)| name == "refused").map(|(_, name)| name).collect();
    let (mut inbox, mut ignored, mut pairs) = (Inbox::default(), Vec::new(), Vec::new());
    for (name, value) in query.into_iter().filter(|(_, value)| !value.trim().is_empty()) {
        let taken = match name.as_str() {
            "status" if DocumentStatus::WORDS.contains(&value.as_str()) => inbox.status.replace(value.clone()).is_none(),
            "kind" if DocumentKind::WORDS.contains(&value.as_str()) => inbox.kind.replace(value.clone()).is_none(),
            "customer" => inbox.customer.replace(value.clone()).is_none(),
            "q" => inbox.words.replace(value.clone()).is_none(),
            "before" => value.parse().is_ok_and(|before| inbox.before.replace(before).is_none()),
            _ => false,
        };
        if taken {
            pairs.push((name, value));
        } else {
            let is_known = KNOWN.contains(&name.as_str());
            ignored.push(Ignored::new(name, value, is_known));
        }
    }
    let customers = whose::offered(store).await?;
    let (customer, unclear) = whose::said(store, inbox.customer.as_deref().unwrap_or_default(), &customers).await?;
    ignored.extend(unclear);
    let counts = store.document_counts().await?;
    let mut found = store.inbox(&inbox, PAGE as i64 + 1).await?;
    let next = (found.len() > PAGE).then(|| address(&pairs, "before", &found[PAGE - 1].sequence.to_string()));
    found.truncate(PAGE);
    let all = counts.iter().map(|count| count.count).sum::<i64>();
    let mut tabs = vec![Tab { word: String::new(), label: String::new(), href: address(&pairs, "status", ""), count: all, is_current: inbox.status.is_none() }];
    tabs.extend(DocumentStatus::WORDS.iter().filter_map(|word| {
        let count = counts.iter().find(|count| count.status == *word).map_or(0, |count| count.count);
        let is_current = inbox.status.as_deref() == Some(word);
        (count > 0 || is_current).then(|| Tab { word: (*word).to_owned(), label: show::plain(word), href: address(&pairs, "status", word), count, is_current })
    }));
    let page = DocumentsPage {
        frame,
        tabs,
        kinds: DocumentKind::WORDS.iter().map(|word| Choice { word, label: show::plain(word), is_chosen: inbox.kind.as_deref() == Some(word) }).collect(),
        rows: found.into_iter().map(row).collect(),
        ignored,
        status: inbox.status.unwrap_or_default(),
        q: inbox.words.unwrap_or_default(),
        customer,
        customers,
        none_exist: all == 0,
        next,
        after,
        taken,
        refused,
    };
    html(&page)
}

/// The inbox with one parameter changed; another filter begins at the newest.
fn address(pairs: &[(String, String)], name: &str, value: &str) -> String {
    let kept = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).filter(|(known, _)| *known != name && *known != "before");
    let changed: Vec<(&str, &str)> = kept.chain((!value.is_empty()).then_some((name, value))).collect();
    if changed.is_empty() { "/documents".to_owned() } else { format!("/documents?{}", serde_urlencoded::to_string(changed).unwrap_or_default()) }
}

fn row(document: DocumentRow) -> Row {
    Row {
        arrived: document.received_at.get(..10).unwrap_or_default().to_owned(),
        kind: show::plain(&document.kind),
        format: document.format,
        customer: document.customer_id.unwrap_or_default(),
        number: document.number.unwrap_or_default(),
        total: document.total.map(|total| show::written(&total, document.currency.as_deref())).unwrap_or_default(),
        status: document.status,
        problem: document.problem.as_deref().map(show::reasons).unwrap_or_default(),
        linked: document.linked_to.unwrap_or_default().split('|').filter(|link| !link.is_empty()).map(str::to_owned).collect(),
        id: document.document_id,
        name: document.name,
    }
}

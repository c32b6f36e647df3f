//! Root causes and recovery: a line for each category, customer or carrier; every number opens its list.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use recoup_engine::taxonomy::Queue;

use super::errors::{PageError, html};
use super::frame::Frame;
use super::language::key;
use super::sight::{Sighted, WEEKS};
use super::{Desk, filters, show};
use crate::clock::today;
use crate::desk::causes::{self, Cause, Subject};
use crate::pages::given::Query;

/// What the page can be told apart by: word of the address, heading.
const SUBJECTS: [(&str, &str, Subject); 3] =
    [("category", key("Category"), Subject::Category), ("customer", key("Customer"), Subject::Customer), ("carrier", key("Carrier"), Subject::Carrier)];
/// The measures in the order of the columns, by how whole deductions were judged (the overview adds up the part of each that is not owed): heading, what the list behind is narrowed by, and whether it is a list of deductions.
const MEASURES: [(&str, &str, (&str, &str)); 9] = [
    ("taken", key("Taken"), ("view", "deductions")),
    ("unexpected", key("Unexpected"), ("expectation", "unexpected")),
    ("valid", key("Valid"), ("validity", "valid")),
    ("partial", key("Partly valid"), ("validity", "partial")),
    ("invalid", key("Invalid"), ("validity", "invalid")),
    ("unknown", key("Undecided"), ("validity", "unknown")),
    ("accepted", key("Accepted"), ("became", "accepted")),
    ("written_off", key("Written off"), ("became", "written_off")),
    ("recovered", key("Recovered"), ("became", "recovered")),
];

/// A number with its money.
struct Cell {
    count: i64,
    amount: String,
    href: String,
}

struct Line {
    name: String,
    href: String,
    currency: String,
    cells: Vec<Cell>,
    /// The part of what ended in money that brought some back.
    won: Option<String>,
    won_href: String,
}

/// A way to tell causes apart.
struct Tab {
    label: &'static str,
    href: String,
    is_current: bool,
}

#[derive(Template)]
#[template(path = "causes.html")]
struct CausesPage {
    frame: Frame,
    sighted: Sighted,
    by: &'static str,
    heading: &'static str,
    tabs: Vec<Tab>,
    queue_choices: Vec<(&'static str, String)>,
    week_choices: [i64; 4],
    headings: Vec<&'static str>,
    lines: Vec<Line>,
    since: String,
}

/// GET /causes
pub async fn show(State(desk): State<Desk>, frame: Frame, Query(mut query): Query<Vec<(String, String)>>) -> Result<Response, PageError> {
    let wanted = query.iter().position(|(name, _)| name == "by").map(|index| query.remove(index).1).unwrap_or_default();
    let (by, heading, subject) = SUBJECTS.into_iter().find(|(word, ..)| *word == wanted).unwrap_or(SUBJECTS[0]);
    let narrowed: Vec<(String, String)> = query.clone();
    let sighted = Sighted::named(query, &desk.workplace.store).await?;
    let since = causes::since(today(), sighted.weeks);
    let rows = causes::causes(&desk.workplace.store, subject, &sighted.sight, since).await?;
    let tab = |(word, label, _): (&'static str, &'static str, Subject)| {
        let pairs: Vec<(&str, &str)> = [("by", word)].into_iter().chain(narrowed.iter().map(|(name, value)| (name.as_str(), value.as_str()))).collect();
        Tab { label, href: format!("/causes?{}", serde_urlencoded::to_string(pairs).unwrap_or_default()), is_current: word == by }
    };
    let page = CausesPage {
        by,
        heading,
        tabs: SUBJECTS.into_iter().map(tab).collect(),
        queue_choices: Queue::WORDS.iter().map(|word| (*word, show::plain(word))).collect(),
        week_choices: WEEKS,
        headings: MEASURES.iter().map(|(_, heading, _)| *heading).collect(),
        lines: rows.iter().map(|cause| line(cause, subject, by, &since.to_string(), &sighted)).collect(),
        since: since.to_string(),
        sighted,
        frame,
    };
    html(&page)
}

fn line(cause: &Cause, subject: Subject, by: &str, since: &str, sighted: &Sighted) -> Line {
    let list = |narrowed: (&str, &str)| {
        let mut pairs = vec![(by, cause.key.as_str()), ("currency", cause.currency.as_str())];
        if narrowed.0 != "became" {
            pairs.push(("view", "deductions"));
        }
        if narrowed.0 != "view" {
            pairs.push(narrowed);
        }
        if subject == Subject::Carrier {
            pairs.push(("since", since));
        }
        sighted.claims(&pairs)
    };
    let cell = |(measure, _, narrowed): &(&str, &str, (&str, &str))| {
        let (count, minor) = cause.of(measure);
        Cell { count, amount: show::amount(minor, &cause.currency), href: list(*narrowed) }
    };
    let (won, ended) = cause.won();
    Line {
        name: if subject == Subject::Category { show::plain(&cause.key) } else { cause.name.clone() },
        href: list(("view", "deductions")),
        currency: cause.currency.clone(),
        cells: MEASURES.iter().map(cell).collect(),
        won: show::part(won, ended),
        won_href: list(("became", "recovered")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::resolve::tests::worked;
    use crate::pages::list::List;

    #[tokio::test]
    async fn every_number_opens_its_list() {
        let (workplace, _folder) = worked().await;
        let mut work = workplace.store.begin().await.expect("work");
        let rows = ["X-0", "X-1", "X-2"].map(|id| vec![id.into(), "h".into(), id.into(), "INV-1".into(), "S".into(), "1".into(), "Haul & Co".into()]);
        let columns = ["record_key", "row_hash", "shipment_id", "invoice_number", "sku", "shipped_quantity", "carrier"];
        work.insert("shipments", &columns, rows.to_vec(), "").await.expect("shipped");
        work.execute("update deductions set invoice_number = 'INV-1' where deduction_id in ('X-0', 'X-3', 'X-4')", vec![]).await.expect("named");
        work.commit().await.expect("committed");
        let sighted = Sighted::read(Vec::new());
        let since = causes::since(today(), 13);
        let mut numbers = 0;
        for (by, _, subject) in SUBJECTS {
            let rows = causes::causes(&workplace.store, subject, &sighted.sight, since).await.expect("read");
            assert!(!rows.is_empty(), "{by}");
            for cause in rows {
                for (cell, (measure, ..)) in line(&cause, subject, by, &since.to_string(), &sighted).cells.into_iter().zip(MEASURES) {
                    let query = cell.href.split_once('?').expect("a query").1;
                    let list = List::read(serde_urlencoded::from_str(query).expect("a query"), "jonas", today());
                    assert!(list.ignored.is_empty(), "{query}: {:?}", list.ignored);
                    let sums = workplace.store.worklist_sums(&list.filter).await.expect("summed");
                    assert_eq!(show::count(&sums), cell.count, "{by} {measure}: {query}");
                    numbers += usize::from(cell.count > 0);
                }
            }
        }
        assert!(numbers >= 9, "{numbers} numbers");
    }
}

//! Who has how much to do: people and queues, with the claims of a cell moved to somebody else through the preview of the bulk acts.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use recoup_engine::taxonomy::Queue;

use super::errors::{PageError, html};
use super::frame::Frame;
use super::language::text;
use super::show::{self, Total};
use super::sight::Sighted;
use super::{Desk, filters};
use crate::clock::today;
use crate::desk::resolve::bulk::MOST;
use crate::desk::workload::{self, FACETS, Person};
use crate::pages::given::Query;

/// A person's row, with a cell for each queue.
struct Line {
    name: String,
    href: String,
    open: i64,
    late: i64,
    late_href: String,
    cells: Vec<Option<Shown>>,
}

/// The claims of one person in one queue.
struct Shown {
    href: String,
    /// The query of its list, by which its claims are chosen.
    query: String,
    label: String,
    count: i64,
    totals: Vec<Total>,
    late: i64,
    late_href: String,
    oldest: Option<String>,
}

#[derive(Template)]
#[template(path = "workload.html")]
struct WorkloadPage {
    frame: Frame,
    sighted: Sighted,
    queues: Vec<String>,
    lines: Vec<Line>,
    people: Vec<(String, String)>,
    most: usize,
    is_empty: bool,
}

/// GET /workload
pub async fn show(State(desk): State<Desk>, frame: Frame, Query(query): Query<Vec<(String, String)>>) -> Result<Response, PageError> {
    let sighted = Sighted::read(query);
    let store = &desk.workplace.store;
    let people = workload::workload(store, &store.figures(&sighted.sight, FACETS).await?, today()).await?;
    let page = WorkloadPage {
        queues: Queue::WORDS.iter().map(|word| show::plain(word)).collect(),
        is_empty: people.iter().all(|person| person.open() == 0),
        lines: people.iter().map(|person| line(person, &sighted)).collect(),
        people: store.users().await?.into_iter().filter(|user| user.active && user.role != "auditor").map(|user| (user.login, user.name)).collect(),
        most: MOST,
        sighted,
        frame,
    };
    html(&page)
}

fn line(person: &Person, sighted: &Sighted) -> Line {
    let assignee = person.login.as_deref().unwrap_or("nobody");
    let name = person.name.clone().unwrap_or_else(|| text("Nobody yet").into());
    let cell = |queue: &&str| {
        let cell = person.cells.iter().find(|cell| cell.queue == **queue)?;
        let pairs = [("status", "unfinished"), ("assignee", assignee), ("queue", queue)];
        let href = sighted.claims(&pairs);
        Some(Shown {
            query: href.split_once('?').map_or_else(String::new, |(_, query)| format!("?{query}")),
            late_href: sighted.claims(&[pairs[1], pairs[2], ("late", "yes")]),
            label: text("Move the claims of {0}, {1}").with(&name).with(show::inside(queue)).into(),
            count: cell.count(),
            totals: show::totals(&cell.open),
            late: cell.late,
            oldest: cell.oldest.clone(),
            href,
        })
    };
    Line {
        href: sighted.claims(&[("status", "unfinished"), ("assignee", assignee)]),
        late_href: sighted.claims(&[("assignee", assignee), ("late", "yes")]),
        open: person.open(),
        late: person.late(),
        cells: Queue::WORDS.iter().map(cell).collect(),
        name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::resolve::tests::worked;
    use crate::pages::list::List;

    #[tokio::test]
    async fn a_cell_chooses_exactly_its_claims() {
        let (workplace, _folder) = worked().await;
        let sighted = Sighted::read(Vec::new());
        let mut cells = 0;
        for person in workload::workload(&workplace.store, &workplace.store.figures(&sighted.sight, FACETS).await.expect("read"), today()).await.expect("read")
        {
            let line = line(&person, &sighted);
            assert_eq!(line.open, line.cells.iter().flatten().map(|cell| cell.count).sum::<i64>());
            for cell in line.cells.into_iter().flatten() {
                let list = List::read(serde_urlencoded::from_str(cell.query.trim_start_matches('?')).expect("a query"), "jonas", today());
                assert!(list.ignored.is_empty(), "{:?}", list.ignored);
                let claims = workplace.store.worklist_claims(&list.filter, list.sort, 100).await.expect("read");
                assert_eq!(i64::try_from(claims.len()).expect("few"), cell.count, "{}", cell.query);
                cells += 1;
            }
        }
        assert!(cells >= 2, "{cells} cells");
    }
}

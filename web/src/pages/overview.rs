//! The overview: upcoming, running, finished; every number leads to its list. Money is per currency, never across.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use recoup_engine::taxonomy::Queue;
use recoup_store::screens::overview::{AgeRow, QueueRow};
use recoup_store::screens::worklist::{Filter, Scope, Sum};

use super::chart::{Bar, HEIGHT, height};
use super::errors::{PageError, html};
use super::flow::{self, Cause, Flow, Load, Outstanding};
use super::frame::Frame;
use super::list::List;
use super::show::{self, Total};
use super::{Desk, filters};
use crate::clock::today;

/// Widths of the ageing chart.
const GROUP: i64 = 120;
const BAR: i64 = 24;
const MOST_CUSTOMERS: i64 = 8;
const MOST_CAUSES: i64 = 10;
const AGES: [&str; 4] = ["0-30", "31-60", "61-90", "91"];

/// A number with its money and the list behind it.
struct Figure {
    count: i64,
    href: String,
    totals: Vec<Total>,
}

/// A queue in one currency.
struct QueueLine {
    word: String,
    label: String,
    currency: String,
    amount: String,
    row: QueueRow,
    is_first: bool,
}

struct AgeLine {
    label: &'static str,
    href: String,
    cells: Vec<AgeCell>,
}

struct AgeCell {
    amount: String,
    count: i64,
    href: String,
}

struct CustomerLine {
    id: String,
    name: String,
    currency: String,
    amount: String,
    count: i64,
}

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    frame: Frame,
    waiting: i64,
    review: i64,
    processed: i64,
    open: Figure,
    closed: Figure,
    expiring_soon: Figure,
    expiring_later: Figure,
    late: Figure,
    touchless: Option<String>,
    judged: i64,
    queues: Vec<QueueLine>,
    currencies: Vec<String>,
    ages: Vec<AgeLine>,
    bars: Vec<Bar>,
    chart_width: i64,
    plot: i64,
    customers: Vec<CustomerLine>,
    decided: i64,
    approvals: i64,
    flow: Flow,
    outstanding: Vec<Outstanding>,
    results: Vec<flow::Result>,
    queue_names: Vec<String>,
    loads: Vec<Load>,
    causes: Vec<Cause>,
}

/// GET /
pub async fn show(State(desk): State<Desk>, frame: Frame) -> Result<Response, PageError> {
    let store = &desk.workplace.store;
    let day = today();
    let documents = store.document_counts().await?;
    let of = |status: &str| documents.iter().find(|count| count.status == status).map_or(0, |count| count.count);
    let open = store.worklist_sums(&Filter { unfinished: true, ..Filter::default() }).await?;
    let closed = store.worklist_sums(&Filter { scope: Scope::ClosedByRule, ..Filter::default() }).await?;
    let incurred = store.incurred(&flow::incurred_since(day).to_string()).await?;
    let judged = incurred.iter().map(|row| row.judged).sum();
    let ago = [30, 60, 90].map(|days: i64| day.saturating_sub(jiff::ToSpan::days(days)).to_string());
    let ages = store.claim_ages([&ago[0], &ago[1], &ago[2]]).await?;
    let mut currencies: Vec<(i64, String)> = open.iter().map(|sum| (-sum.count, sum.currency.clone())).collect();
    currencies.sort();
    let currencies: Vec<String> = currencies.into_iter().map(|(_, currency)| currency).collect();
    let bars = bars(&ages, &currencies);
    let queues = store.queue_totals(&day.to_string()).await?;
    let customers = store.customers_with_most_open(MOST_CUSTOMERS).await?;
    let since = flow::since(day).to_string();
    let opened = store.claims_opened(&since).await?;
    let decided = store.claims_decided(&since).await?;
    let results = store.claim_results().await?;
    let names = store.users().await?.into_iter().map(|user| (user.login, user.name)).collect();
    let page = OverviewPage {
        decided: results.iter().map(|row| row.decided).sum(),
        approvals: i64::try_from(store.claims_awaiting_approval().await?.len()).unwrap_or(i64::MAX),
        flow: flow::flow(&opened, &decided, day),
        outstanding: flow::outstanding(&open, &incurred, day),
        results: flow::results(&results),
        queue_names: Queue::WORDS.iter().map(|word| show::plain(word)).collect(),
        loads: flow::loads(&store.workload(&day.to_string()).await?, &names),
        causes: flow::causes(store.causes(MOST_CAUSES).await?),
        waiting: of("pending"),
        review: of("needs_review"),
        processed: of("processed"),
        touchless: show::part(show::count(&closed), judged),
        judged,
        closed: figure(&closed, "/claims?view=closed_by_rule".to_owned()),
        open: figure(&open, "/claims?status=unfinished".to_owned()),
        expiring_soon: listed(&desk, &frame, "due", "14").await?,
        expiring_later: listed(&desk, &frame, "due", "30").await?,
        late: listed(&desk, &frame, "late", "yes").await?,
        queues: queue_lines(queues),
        ages: age_lines(&ages, &currencies),
        bars,
        chart_width: GROUP * 4,
        plot: HEIGHT,
        customers: customers
            .into_iter()
            .map(|row| CustomerLine {
                amount: show::amount(row.amount, &row.currency),
                id: row.customer_id,
                name: row.name,
                currency: row.currency,
                count: row.count,
            })
            .collect(),
        currencies,
        frame,
    };
    html(&page)
}

fn figure(sums: &[Sum], href: String) -> Figure {
    Figure { count: show::count(sums), href, totals: show::totals(sums) }
}

/// The list behind one parameter, counted.
async fn listed(desk: &Desk, frame: &Frame, name: &str, value: &str) -> Result<Figure, PageError> {
    let list = List::read(vec![(name.to_owned(), value.to_owned())], &frame.login, today());
    let sums = desk.workplace.store.worklist_sums(&list.filter).await?;
    Ok(figure(&sums, format!("/claims{}", list.query())))
}

fn queue_lines(rows: Vec<QueueRow>) -> Vec<QueueLine> {
    let mut lines: Vec<QueueLine> = Vec::new();
    for queue in Queue::WORDS {
        for row in rows.iter().filter(|row| row.queue == *queue) {
            let is_first = lines.last().is_none_or(|line| line.word != *queue);
            lines.push(QueueLine {
                word: (*queue).to_owned(),
                label: show::plain(queue),
                currency: row.currency.clone(),
                amount: show::amount(row.amount, &row.currency),
                row: row.clone(),
                is_first,
            });
        }
    }
    lines
}

fn age_lines(rows: &[AgeRow], currencies: &[String]) -> Vec<AgeLine> {
    (0..)
        .zip(AGES)
        .map(|(bucket, word)| AgeLine {
            label: word,
            href: format!("/claims?age={word}"),
            cells: currencies
                .iter()
                .map(|currency| {
                    let row = rows.iter().find(|row| row.bucket == bucket && row.currency == *currency);
                    AgeCell {
                        amount: row.map(|row| show::amount(row.amount, currency)).unwrap_or_default(),
                        count: row.map_or(0, |row| row.count),
                        href: format!("/claims?currency={currency}&age={word}"),
                    }
                })
                .collect(),
        })
        .collect()
}

/// Bars of claims by age and currency: they count claims, because money of several currencies has no common scale.
fn bars(rows: &[AgeRow], currencies: &[String]) -> Vec<Bar> {
    let largest = rows.iter().map(|row| row.count).max().unwrap_or(0);
    let mut bars = Vec::new();
    for row in rows {
        let Some(series) = currencies.iter().position(|currency| *currency == row.currency).filter(|series| *series < 4) else { continue };
        let tall = height(row.count, largest);
        let age = usize::try_from(row.bucket).ok().and_then(|bucket| AGES.get(bucket)).copied().unwrap_or_default();
        bars.push(Bar {
            x: row.bucket * GROUP + 6 + i64::try_from(series).unwrap_or(0) * (BAR + 3),
            y: HEIGHT - tall,
            width: BAR,
            height: tall,
            label: format!("{age} {}", row.currency),
            value: row.count.to_string(),
            href: format!("/claims?currency={}&age={age}", row.currency),
            series,
        });
    }
    bars
}

#[cfg(test)]
mod tests {
    use recoup_store::screens::worklist::Sum;

    use super::*;
    use crate::desk::resolve::tests::worked;

    /// Rows and money of the list behind an address.
    async fn behind(workplace: &crate::workplace::Workplace, href: &str) -> (i64, i64) {
        let query = href.split_once('?').map_or("", |(_, query)| query);
        let list = List::read(serde_urlencoded::from_str(query).expect("a query"), "mara", today());
        assert!(list.ignored.is_empty(), "{href}: {:?}", list.ignored);
        let sums: Vec<Sum> = workplace.store.worklist_sums(&list.filter).await.expect("summed");
        (show::count(&sums), sums.iter().map(|sum| sum.amount).sum())
    }

    #[tokio::test]
    async fn a_number_opens_exactly_its_list() {
        let (workplace, _folder) = worked().await;
        let store = &workplace.store;
        for row in store.causes(MOST_CAUSES).await.expect("read") {
            let expected = (row.count, row.amount);
            let cause = flow::causes(vec![row]).remove(0);
            assert_eq!(behind(&workplace, &cause.href).await, expected, "{}", cause.href);
        }
        assert_eq!(behind(&workplace, "/claims?view=deductions").await, (10, 10_000), "merged, split or decided: each deduction once");
        for row in store.queue_totals(&today().to_string()).await.expect("read") {
            let href = format!("/claims?status=unfinished&queue={}&currency={}", row.queue, row.currency);
            assert_eq!(behind(&workplace, &href).await, (row.count, row.amount), "{href}");
        }
        let names = std::collections::BTreeMap::new();
        for load in flow::loads(&store.workload(&today().to_string()).await.expect("read"), &names) {
            assert_eq!(behind(&workplace, &load.href).await.0, load.total, "{}", load.href);
            for cell in load.cells.iter().filter(|cell| cell.count > 0) {
                assert_eq!(behind(&workplace, &cell.href).await.0, cell.count, "{}", cell.href);
            }
        }
        for age in age_lines(&store.claim_ages([&today().to_string(), "2000-01-01", "1999-01-01"]).await.expect("read"), &["EUR".to_owned()]) {
            for cell in age.cells.iter().filter(|cell| cell.count > 0) {
                let (count, amount) = behind(&workplace, &cell.href).await;
                assert_eq!(
                    (count, show::amount(amount, "EUR")),
                    (cell.count, cell.amount.clone()),
                    "{}: split claims in their parts, merged ones once",
                    cell.href
                );
            }
        }
        let result = store.claim_results().await.expect("read").remove(0);
        assert_eq!(behind(&workplace, "/claims?became=disputed&currency=EUR").await, (1, result.disputed));
        assert_eq!(behind(&workplace, "/claims?became=recovered&currency=EUR").await, (0, 0));
    }
}

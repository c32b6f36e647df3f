//! The overview: upcoming, running, finished; every number leads to its list. Money is per currency, never across.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use recoup_engine::taxonomy::Queue;
use recoup_store::screens::figures::CustomerFigure;

use super::chart::{Bar, HEIGHT};
use super::errors::{PageError, html};
use super::flow::{self, AgeLine, Deducted, Flow, Outstanding};
use super::frame::Frame;
use super::sight::{Figure, Sighted, WEEKS};
use super::{Desk, filters, show};
use crate::clock::today;
use crate::desk::overview::{self, EXPIRING_DAYS, PersonOpen, QueueFigures};
use crate::pages::given::Query;

/// A queue in one currency.
struct QueueLine {
    label: String,
    href: String,
    list: String,
    late_href: String,
    currency: String,
    amount: String,
    row: QueueFigures,
    is_first: bool,
}

struct CustomerLine {
    id: String,
    name: String,
    href: String,
    currency: String,
    amount: String,
    count: i64,
}

/// How much one person has to do.
struct PersonLine {
    name: String,
    href: String,
    open: i64,
}

/// A share with the numbers that make it.
struct Rate {
    share: Option<String>,
    part: i64,
    whole: i64,
    href: String,
}

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    frame: Frame,
    sighted: Sighted,
    customer_name: String,
    queue_choices: Vec<(&'static str, String)>,
    week_choices: [i64; 4],
    waiting: i64,
    review: i64,
    processed: i64,
    open: Figure,
    closed: Figure,
    expiring: [Figure; 2],
    passed: Figure,
    late: Figure,
    approvals: i64,
    decided: Figure,
    touchless: Rate,
    checked: Rate,
    /// Of what was said with 0.9 or more, the part that people decided so.
    sure: Rate,
    sure_holds: bool,
    calibration_error: String,
    bunched: Figure,
    won: Rate,
    lost_href: String,
    queues: Vec<QueueLine>,
    currencies: Vec<String>,
    ages: Vec<AgeLine>,
    bars: Vec<Bar>,
    chart_width: i64,
    plot: i64,
    customers: Vec<CustomerLine>,
    flow: Flow,
    outstanding: Vec<Outstanding>,
    results: Vec<flow::Result>,
    people: Vec<PersonLine>,
    deducted: Vec<Deducted>,
}

/// GET /
pub async fn show(State(desk): State<Desk>, frame: Frame, Query(query): Query<Vec<(String, String)>>) -> Result<Response, PageError> {
    let store = &desk.workplace.store;
    let sighted = Sighted::named(query, &desk.workplace.store).await?;
    let documents = store.document_counts().await?;
    let of = |status: &str| documents.iter().find(|count| count.status == status).map_or(0, |count| count.count);
    let figures = overview::overview(store, &sighted.sight, sighted.weeks, today()).await?;
    let customer_name = match &sighted.sight.customer {
        Some(id) => store.customer_name(id).await?.unwrap_or_else(|| id.clone()),
        None => String::new(),
    };
    let people = people(figures.people, &sighted);
    let mut currencies: Vec<(i64, String)> = figures.open.iter().map(|sum| (-sum.count, sum.currency.clone())).collect();
    currencies.sort();
    let currencies: Vec<String> = currencies.into_iter().map(|(_, currency)| currency).collect();
    let due = EXPIRING_DAYS.map(|days| days.to_string());
    let closed = sighted.figure(&figures.closed_by_rule, &[("view", "closed_by_rule")]);
    let (checked, ended, calibration) = (figures.checked, figures.ended, figures.calibration);
    let page = OverviewPage {
        customer_name,
        queue_choices: Queue::WORDS.iter().map(|word| (*word, show::plain(word))).collect(),
        week_choices: WEEKS,
        waiting: of("pending"),
        review: of("needs_review"),
        processed: of("processed"),
        open: sighted.figure(&figures.open, &[("status", "unfinished")]),
        expiring: [0, 1].map(|index| sighted.figure(&figures.expiring[index], &[("due", &due[index])])),
        passed: sighted.figure(&figures.passed, &[("passed", "yes")]),
        late: sighted.figure(&figures.late, &[("late", "yes")]),
        approvals: figures.awaiting_approval,
        decided: Figure { count: figures.decided, href: sighted.claims(&[("status", "decided")]), totals: Vec::new() },
        touchless: rate(closed.count, figures.judged, closed.href.clone()),
        checked: rate(checked.wrong, checked.finished, sighted.claims(&[("checked", "yes")])),
        sure: rate(calibration.sure_and_right, calibration.sure, sighted.claims(&[("status", "decided")])),
        sure_holds: calibration.holds(),
        calibration_error: calibration.error.map(show::share).unwrap_or_default(),
        bunched: sighted.figure(&figures.bunched, &[("bunched", "yes")]),
        won: rate(ended.won, ended.won + ended.lost, sighted.claims(&[("became", "recovered")])),
        lost_href: sighted.claims(&[("became", "lost")]),
        closed,
        queues: queue_lines(figures.queues, &sighted),
        ages: flow::age_lines(&figures.ages, &currencies, &sighted),
        bars: flow::age_bars(&figures.ages, &currencies),
        chart_width: flow::AGE_GROUP * 4,
        plot: HEIGHT,
        customers: figures.customers.into_iter().map(|row| customer_line(row, &sighted)).collect(),
        flow: flow::flow(figures.weeks, &sighted),
        outstanding: flow::outstanding(figures.outstanding, &sighted),
        results: flow::results(&figures.results, &sighted),
        people,
        deducted: flow::deducted(figures.deducted, &sighted),
        currencies,
        sighted,
        frame,
    };
    html(&page)
}

fn rate(part: i64, whole: i64, href: String) -> Rate {
    Rate { share: show::part(part, whole), part, whole, href }
}

fn customer_line(row: CustomerFigure, sighted: &Sighted) -> CustomerLine {
    CustomerLine {
        href: sighted.claims(&[("status", "unfinished"), ("customer", &row.customer_id), ("currency", &row.currency)]),
        amount: show::amount(row.amount, &row.currency),
        id: row.customer_id,
        name: row.name,
        currency: row.currency,
        count: row.count,
    }
}

fn people(rows: Vec<PersonOpen>, sighted: &Sighted) -> Vec<PersonLine> {
    let shown = |person: PersonOpen| PersonLine {
        href: sighted.claims(&[("status", "unfinished"), ("assignee", person.login.as_deref().unwrap_or("nobody"))]),
        open: person.open,
        name: if person.login.is_some() { person.name } else { super::language::text("Nobody yet").into() },
    };
    rows.into_iter().map(shown).collect()
}

fn queue_lines(rows: Vec<QueueFigures>, sighted: &Sighted) -> Vec<QueueLine> {
    let mut lines: Vec<QueueLine> = Vec::new();
    for row in rows {
        let label = show::plain(&row.queue);
        let pairs = [("status", "unfinished"), ("queue", row.queue.as_str()), ("currency", row.sum.currency.as_str())];
        lines.push(QueueLine {
            is_first: lines.last().is_none_or(|line| line.label != label),
            list: sighted.claims(&pairs[..2]),
            href: sighted.claims(&pairs),
            late_href: sighted.claims(&[pairs[1], pairs[2], ("late", "yes")]),
            currency: row.sum.currency.clone(),
            amount: show::amount(row.sum.amount, &row.sum.currency),
            label,
            row,
        });
    }
    lines
}

#[cfg(test)]
mod tests {
    use recoup_store::screens::worklist::Sum;

    use super::*;
    use crate::desk::resolve::tests::worked;
    use crate::pages::list::List;

    /// Rows and money of the list behind an address.
    async fn behind(workplace: &crate::workplace::Workplace, href: &str) -> (i64, i64) {
        let query = href.split_once('?').map_or("", |(_, query)| query);
        let list = List::read(serde_urlencoded::from_str(query).expect("a query"), "mara", today());
        assert!(list.ignored.is_empty(), "{href}: {:?}", list.ignored);
        let sums: Vec<Sum> = workplace.store.worklist_sums(&list.filter).await.expect("summed");
        (show::count(&sums), sums.iter().map(|sum| sum.amount).sum())
    }

    async fn opens_its_list(workplace: &crate::workplace::Workplace, sums: &[Sum], href: &str) {
        assert_eq!(behind(workplace, href).await, (show::count(sums), sums.iter().map(|sum| sum.amount).sum()), "{href}");
    }

    #[tokio::test]
    async fn a_number_opens_exactly_its_list() {
        let (workplace, _folder) = worked().await;
        for query in ["", "queue=finance", "customer=K", "queue=finance&customer=K", "customer=NOBODY"] {
            let sighted = Sighted::read(serde_urlencoded::from_str(query).expect("a query"));
            let figures = overview::overview(&workplace.store, &sighted.sight, 13, today()).await.expect("read");
            let lists: [(&[Sum], &[(&str, &str)]); 6] = [
                (&figures.open, &[("status", "unfinished")]),
                (&figures.late, &[("late", "yes")]),
                (&figures.expiring[0], &[("due", "14")]),
                (&figures.expiring[1], &[("due", "30")]),
                (&figures.passed, &[("passed", "yes")]),
                (&figures.closed_by_rule, &[("view", "closed_by_rule")]),
            ];
            for (sums, pairs) in lists {
                opens_its_list(&workplace, sums, &sighted.claims(pairs)).await;
            }
            for (age, word) in figures.ages.iter().zip(flow::AGES) {
                opens_its_list(&workplace, age, &sighted.claims(&[("age", word)])).await;
            }
            for week in &figures.weeks {
                opens_its_list(&workplace, &week.opened, &sighted.claims(&[("paid", &week.first.to_string())])).await;
                opens_its_list(&workplace, &week.decided, &sighted.claims(&[("decided", &week.first.to_string())])).await;
            }
            for (line, row) in flow::deducted(figures.deducted.clone(), &sighted).iter().zip(&figures.deducted) {
                opens_its_list(&workplace, std::slice::from_ref(&row.taken), &line.href).await;
            }
            for (line, row) in flow::results(&figures.results, &sighted).iter().zip(&figures.results) {
                let parts = [row.accepted, row.disputed, row.written_off, row.recovered];
                for ((_, href), minor) in line.amounts.iter().zip(parts) {
                    assert_eq!(behind(&workplace, href).await.1, minor, "{href}");
                }
            }
            assert_eq!(behind(&workplace, &sighted.claims(&[("became", "recovered")])).await.0, figures.ended.won);
            assert_eq!(behind(&workplace, &sighted.claims(&[("became", "lost")])).await.0, figures.ended.lost);
            assert_eq!(behind(&workplace, &sighted.claims(&[("status", "decided")])).await.0, figures.decided);
            assert_eq!(query.contains("NOBODY"), figures.open.is_empty(), "{query}");
        }
        assert_eq!(behind(&workplace, "/claims?view=deductions").await, (10, 10_000), "merged, split or decided: each deduction once");
    }
}

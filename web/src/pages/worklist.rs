//! The worklist: views and queues on the left, a dense table, filters in the address.

use askama::Template;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use recoup_engine::claim::state::{Party, StateWord};
use recoup_engine::money::format_minor;
use recoup_engine::taxonomy::{Category, Expectation, Queue, Validity};
use recoup_store::screens::worklist::{Filter, Scope, WorklistRow};
use serde_json::Value as Json;

use super::errors::{PageError, html};
use super::frame::Frame;
use super::language::text;
use super::list::{List, SORTS, VIEWS, deadline};
use super::show::{self, Total};
use super::whose::{self, Offered};
use super::{Desk, filters};
use crate::clock::today;
use crate::desk::export::{CLAIMS, Format, Table, write};
use crate::pages::given::Query;

/// Rows of a page.
const PAGE: usize = 50;
/// Most rows that one export writes.
const LARGEST_EXPORT: i64 = 100_000;
/// A deadline nearer than this is urgent.
const URGENT_DAYS: i64 = 3;
const SOON_DAYS: i64 = 14;

/// A view or queue on the left.
struct Tab {
    word: &'static str,
    href: String,
    count: i64,
    is_current: bool,
}

/// A list under a name.
struct Saved {
    id: String,
    name: String,
    href: String,
    is_team: bool,
    is_current: bool,
}

/// A filter's choice.
struct Choice {
    word: &'static str,
    label: String,
    is_chosen: bool,
}

/// A row as the table shows it.
pub struct Row {
    pub id: String,
    pub href: String,
    pub customer: String,
    pub category: String,
    pub expectation: String,
    pub code: String,
    pub words: String,
    pub amount: String,
    pub currency: String,
    pub invoice: String,
    pub paid: String,
    pub age: Option<i64>,
    pub dispute_by: String,
    pub dispute_days: Option<i64>,
    /// As [`pressure`] says it.
    pub pressure: &'static str,
    pub validity: String,
    pub confidence: String,
    pub status: String,
    pub assignee: String,
    /// The state of the claim's life, in words.
    pub state: String,
    pub why: String,
    pub pieces: i64,
    pub minor: i64,
    /// Digits behind the point of its currency.
    pub digits: u32,
}

#[derive(Template)]
#[template(path = "worklist.html")]
struct WorklistPage {
    frame: Frame,
    list: List,
    /// Where the whole list is written, up to the name of the format.
    export: String,
    views: Vec<Tab>,
    queues: Vec<Tab>,
    /// Lists under a name, with whether they are the team's.
    saved: Vec<Saved>,
    people: Vec<(String, String)>,
    parties: Vec<(&'static str, String)>,
    operators: &'static str,
    customers: Offered,
    /// The customer of the filter by name.
    customer: String,
    categories: Vec<Choice>,
    expectations: Vec<Choice>,
    validities: Vec<Choice>,
    states: Vec<Choice>,
    sorts: Vec<Choice>,
    rows: Vec<Row>,
    /// Which amount of each claim the list shows and adds.
    amount_label: String,
    /// Of all rows; empty where not all were counted.
    totals: Vec<Total>,
    count: String,
    /// Rows are claims, which people work, not deductions.
    is_of_claims: bool,
    /// Nothing exists at all, as against nothing that matches.
    none_exist: bool,
    /// One of the filters that are folded away is set.
    has_more: bool,
    next: Option<String>,
    first: Option<String>,
}

/// GET /claims
pub async fn show(State(desk): State<Desk>, frame: Frame, Query(query): Query<Vec<(String, String)>>) -> Result<Response, PageError> {
    let store = &desk.workplace.store;
    let mut list = List::read(query, &frame.login, today());
    let customers = whose::offered(store).await?;
    let (customer, unclear) = whose::said(store, list.filter.customer.as_deref().unwrap_or_default(), &customers).await?;
    list.ignored.extend(unclear);
    let mut found = store.worklist(&list.filter, list.sort, list.after.as_ref(), PAGE as i64 + 1).await?;
    let next = (found.len() > PAGE).then(|| list.page_after(&found[PAGE - 1]));
    found.truncate(PAGE);
    let size = store.worklist_size(&list.filter).await?;
    let none_exist = size.count() == 0 && store.worklist_size(&Filter { scope: list.filter.scope, ..Filter::default() }).await?.count() == 0;
    let (views, queues) = tabs(&desk, &list, &frame.login).await?;
    let saved = store.saved_views(&frame.login).await?;
    let here = list.with(&[("after", ""), ("e", "")]);
    let saved = saved
        .into_iter()
        .map(|view| Saved {
            is_current: view.query == here,
            href: format!("/claims{}", view.query),
            is_team: view.owner.is_none(),
            id: view.view_id,
            name: view.name,
        })
        .collect();
    let people = store.users().await?.into_iter().filter(|user| user.active).map(|user| (user.login, user.name)).collect();
    let query = list.query();
    let all = list.with(&[("after", ""), ("e", "")]);
    let rows = found.iter().map(|row| shown(row, &query)).collect();
    let page = WorklistPage {
        views,
        queues,
        saved,
        people,
        parties: Party::WORDS.iter().map(|word| (*word, show::plain(word))).collect(),
        operators: super::query::OPERATORS,
        customer: if list.get("customer").is_empty() { String::new() } else { customer },
        customers,
        categories: choices(Category::WORDS, list.get("category")),
        expectations: choices(Expectation::WORDS, list.get("expectation")),
        validities: choices(Validity::WORDS, list.get("validity")),
        states: choices(StateWord::WORDS, list.get("state")),
        sorts: choices(&SORTS, list.get("sort")),
        rows,
        amount_label: match list.get("became") {
            "" => text("Amount").into(),
            "disputed" => text("Still in dispute").into(),
            "lost" => show::plain("written_off"),
            became => show::plain(became),
        },
        totals: if size.is_more { Vec::new() } else { show::totals(&size.sums) },
        count: show::length(&size),
        none_exist,
        is_of_claims: list.filter.scope == Scope::Claims,
        has_more: ["expectation", "state", "customer", "min", "max"].iter().any(|name| !list.get(name).is_empty()),
        next,
        export: format!("/claims/export{}", if all.is_empty() { "?".to_owned() } else { format!("{all}&") }),
        first: list.after.is_some().then(|| list.with(&[("after", "")])),
        frame,
        list,
    };
    html(&page)
}

/// The views and the queues with how many rows stand behind each.
async fn tabs(desk: &Desk, list: &List, login: &str) -> Result<(Vec<Tab>, Vec<Tab>), PageError> {
    let store = &desk.workplace.store;
    let day = today().to_string();
    let counts = store.worklist_counts(&day, &deadline(today()), login).await?;
    let views = VIEWS.map(|word| Tab {
        word,
        href: format!("/claims?view={word}"),
        count: counts.of(word),
        is_current: list.get("view") == word || (word == "everything" && list.query().is_empty()),
    });
    let queues = Queue::WORDS.iter().map(|word| Tab {
        word,
        href: format!("/claims?queue={word}&status=unfinished"),
        count: counts.of(word),
        is_current: list.get("queue") == *word,
    });
    Ok((views.into_iter().collect(), queues.collect()))
}

fn choices(words: &[&'static str], chosen: &str) -> Vec<Choice> {
    words.iter().map(|word| Choice { word, label: show::plain(word), is_chosen: *word == chosen }).collect()
}

/// A row of the store as the table shows it; `query` goes along, so that the claim can walk the list.
pub fn shown(row: &WorklistRow, query: &str) -> Row {
    let today = today();
    let id = row.row_id.clone();
    let dispute_days = row.dispute_by.as_deref().and_then(|day| show::days_between(day, today)).map(|days| -days);
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    Row {
        // A deduction leads to the claim that is its work; without one it is shown itself.
        href: format!("/claims/{}{query}", row.claim_id.as_ref().unwrap_or(&id)),
        customer: row.customer_name.clone().or_else(|| row.customer_id.clone()).unwrap_or_default(),
        category: show::plain(row.category.as_deref().unwrap_or_default()),
        expectation: text(&row.expectation),
        code: text(&row.code),
        words: text(&row.words),
        amount: show::amount(row.part, &row.currency),
        currency: row.currency.clone(),
        invoice: row.invoice_number.clone().or_else(|| row.debit_note_number.clone()).unwrap_or_default(),
        paid: text(&row.payment_date),
        age: row.payment_date.as_deref().and_then(|day| show::days_between(day, today)),
        dispute_by: text(&row.dispute_by),
        dispute_days,
        pressure: pressure(dispute_days, ["open", "waiting"].contains(&row.status.as_str())),
        validity: text(&row.validity),
        // How sure it is that nothing could be said tells nobody anything.
        confidence: row.confidence.filter(|_| row.validity.as_deref() != Some("unknown")).map(show::share).unwrap_or_default(),
        status: row.status.clone(),
        assignee: text(&row.assignee),
        state: state(row),
        why: text(&row.explanation),
        pieces: row.pieces.unwrap_or(0),
        minor: row.amount,
        digits: show::digits(&row.currency),
        id,
    }
}

/// How a last day to dispute presses, so many days before it. What is finished is pressed by nothing.
pub fn pressure(days: Option<i64>, is_unfinished: bool) -> &'static str {
    match days {
        Some(_) if !is_unfinished => "over",
        Some(days) if days < 0 => "passed",
        Some(days) if days <= URGENT_DAYS => "urgent",
        Some(days) if days <= SOON_DAYS => "soon",
        _ => "",
    }
}

/// `Waiting for sales`, `On hold until 2026-12-01`: the state with the fact that matters in a list.
fn state(row: &WorklistRow) -> String {
    match (row.state.as_deref(), row.waiting_on.as_deref(), row.wake_on.as_deref()) {
        (Some("waiting"), Some(party), _) => text("Waiting for {0}").with(show::inside(party)).into(),
        (Some("parked"), _, Some(day)) => text("On hold until {0}").with(show::day(day)).into(),
        (Some(state), ..) => show::plain(state),
        (None, ..) => text("Closed by rule").into(),
    }
}

/// GET /claims/export: the rows of the filter, all pages.
pub async fn export(State(desk): State<Desk>, frame: Frame, Query(mut query): Query<Vec<(String, String)>>) -> Result<Response, PageError> {
    let format = query.iter().position(|(name, _)| name == "format").map(|index| query.remove(index).1);
    let (format, kind, file) = match format.as_deref() {
        Some("xlsx") => (Format::Xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "claims.xlsx"),
        _ => (Format::Csv, "text/csv; charset=utf-8", "claims.csv"),
    };
    let list = List::read(query, &frame.login, today());
    let rows = desk.workplace.store.worklist(&list.filter, list.sort, None, LARGEST_EXPORT).await?;
    let mut body = Vec::new();
    write(&table(&rows), format, &mut body)?;
    Ok(([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, &*format!("attachment; filename=\"{file}\""))], body).into_response())
}

/// The rows under the columns of the export.
pub fn table(rows: &[WorklistRow]) -> Table {
    // The columns of `recoup export claims` first, under the same names; then what the list shows beside them.
    let mut columns = CLAIMS.to_vec();
    columns.extend([
        "deduction_id",
        "customer_name",
        "expectation",
        "validity",
        "customer_reason_code",
        "reason_text",
        "invoice_number",
        "debit_note_number",
        "payment_date",
        "confidence",
        "explanation",
        "rule",
    ]);
    let text = |value: &Option<String>| value.clone().map_or(Json::Null, Json::String);
    let money = |minor: Option<i64>, currency: &str| {
        minor.map_or(Json::Null, |minor| currency.parse().map_or_else(|_| minor.to_string(), |currency| format_minor(minor, currency)).into())
    };
    let rows = rows
        .iter()
        .map(|row| {
            vec![
                text(&row.claim_id),
                text(&row.customer_id),
                text(&row.category),
                money(Some(row.amount), &row.currency),
                row.currency.clone().into(),
                text(&row.queue),
                text(&row.priority),
                row.status.clone().into(),
                text(&row.assignee),
                text(&row.opened_on),
                text(&row.work_by),
                text(&row.dispute_by),
                text(&row.state),
                money(row.accepted, &row.currency),
                money(row.disputed, &row.currency),
                money(row.written_off, &row.currency),
                money(row.recovered, &row.currency),
                text(&row.decided_by),
                text(&row.decided_on),
                row.deduction_id.clone().into(),
                text(&row.customer_name),
                text(&row.expectation),
                text(&row.validity),
                text(&row.code),
                text(&row.words),
                text(&row.invoice_number),
                text(&row.debit_note_number),
                text(&row.payment_date),
                row.confidence.map_or(Json::Null, |confidence| format!("{}.{:03}", confidence / 1000, confidence % 1000).into()),
                text(&row.explanation),
                text(&row.rule),
            ]
        })
        .collect();
    Table { columns, rows }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::resolve::tests::worked;

    #[tokio::test]
    async fn what_stands_beside_a_view_is_the_length_of_its_list() {
        let (workplace, _folder) = worked().await;
        let store = &workplace.store;
        let day = today();
        let counts = store.worklist_counts(&day.to_string(), &deadline(day), "mara").await.expect("counted");
        let mut seen = 0;
        for view in VIEWS {
            let list = List::read(vec![("view".to_owned(), view.to_owned())], "mara", day);
            assert_eq!(counts.of(view), show::count(&store.worklist_sums(&list.filter).await.expect("summed")), "{view}");
            seen += counts.of(view);
        }
        for queue in Queue::WORDS {
            let unfinished = Filter { today: day.to_string(), unfinished: true, queue: Some((*queue).to_owned()), ..Filter::default() };
            assert_eq!(counts.of(queue), show::count(&store.worklist_sums(&unfinished).await.expect("summed")), "{queue}");
        }
        assert!(seen >= 6, "the views are not all empty: {counts:?}");
    }

    #[tokio::test]
    async fn a_list_is_as_long_as_its_summary_says_and_is_walked_in_one_order() {
        let (workplace, _folder) = worked().await;
        let store = &workplace.store;
        let today = today();
        let mut lists: Vec<String> = VIEWS.iter().map(|view| format!("view={view}")).collect();
        for narrowed in ["", "&queue=finance", "&queue=sales", "&assignee=mara", "&assignee=nobody", "&currency=EUR", "&customer=K", "&category=shortage"] {
            for base in [
                "status=unfinished",
                "late=yes",
                "age=0-30",
                "passed=yes",
                "due=30",
                "state=disputed",
                "state=parked",
                "state=waiting",
                "waiting=customer",
                "status=closed",
                "q=short",
            ] {
                lists.push(format!("{base}{narrowed}"));
            }
        }
        let mut kept = 0;
        for query in lists {
            let list = List::read(serde_urlencoded::from_str(&query).expect("a query"), "mara", today);
            assert!(list.ignored.is_empty(), "{query}: {:?}", list.ignored);
            let size = store.worklist_size(&list.filter).await.expect("read");
            let sums = store.worklist_sums(&list.filter).await.expect("counted");
            assert_eq!(size.sums, sums, "{query}");
            kept += usize::from(size.count() > 0);
            for sort in SORTS {
                let list = List::read(serde_urlencoded::from_str(&format!("{query}&sort={sort}")).expect("a query"), "mara", today);
                let all = store.worklist(&list.filter, list.sort, None, 100).await.expect("read");
                assert_eq!(i64::try_from(all.len()).expect("few"), size.count(), "{query} by {sort}");
                for (position, row) in (0_usize..).zip(&all) {
                    let at = row.place();
                    let (before, behind) = store.worklist_neighbours(&list.filter, list.sort, &at).await.expect("read");
                    let id = |row: Option<&WorklistRow>| row.map(|row| row.row_id.clone());
                    assert_eq!(id(before.as_ref()), position.checked_sub(1).and_then(|index| id(all.get(index))), "{query} by {sort}, before {position}");
                    assert_eq!(id(behind.as_ref()), id(all.get(position + 1)), "{query} by {sort}, behind {position}");
                    let place = store.worklist_position(&list.filter, list.sort, &at).await.expect("counted");
                    assert_eq!(place, i64::try_from(position + 1).ok(), "{query} by {sort}");
                    assert_eq!(store.worklist_row(&list.filter, list.sort, &row.row_id).await.expect("read").as_ref(), Some(row));
                }
            }
        }
        assert!(kept > 20, "{kept} lists hold something");
    }
}

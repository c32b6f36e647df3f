//! One customer: terms, what is open, what was taken and what was owed, agreements.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use recoup_engine::party::Customer;
use recoup_store::screens::customers::{AgreementUse, CategoryRow, MonthRow};
use recoup_store::screens::worklist::{Filter, Sort};

use super::chart::{Bar, HEIGHT};
use super::errors::{PageError, html};
use super::frame::Frame;
use super::language::text;
use super::worklist::{self, Row};
use super::{Desk, filters, show};
use crate::clock::today;

const LATEST: i64 = 8;
const GROUP: i64 = 56;
const BAR: i64 = 20;

/// Open invoices in one currency, by days after their due date.
struct Balance {
    currency: String,
    count: usize,
    open: String,
    ages: [String; 5],
}

/// The months of one currency.
struct Months {
    currency: String,
    bars: Vec<Bar>,
    rows: Vec<Month>,
    width: i64,
}

struct Month {
    month: String,
    taken: String,
    owed: String,
    count: i64,
}

struct CategoryLine {
    word: String,
    label: String,
    currency: String,
    amount: String,
    count: i64,
    /// Shares of the amount.
    owed: String,
    not_owed: String,
    undecided: String,
    /// Of a bar of 100.
    owed_part: i64,
    not_owed_part: i64,
}

struct AgreementLine {
    id: String,
    kind: String,
    description: String,
    reference: String,
    window: String,
    rate: String,
    status: String,
    consumed: String,
    claimed: String,
    cap: String,
    deductions: i64,
    is_running: bool,
}

struct PaymentLine {
    id: String,
    date: String,
    amount: String,
    status: String,
    document_id: Option<String>,
}

#[derive(Template)]
#[template(path = "customer.html")]
struct CustomerPage {
    frame: Frame,
    customer: Customer,
    parent: Option<String>,
    balances: Vec<Balance>,
    months: Vec<Months>,
    categories: Vec<CategoryLine>,
    agreements: Vec<AgreementLine>,
    payments: Vec<PaymentLine>,
    claims: Vec<Row>,
    plot: i64,
}

/// GET /customers/{id}
pub async fn show(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>) -> Result<Response, PageError> {
    let store = &desk.workplace.store;
    let customers = store.customers().await?;
    let customer = customers.iter().find(|customer| customer.customer_id == id).cloned().ok_or(PageError::NotFound)?;
    let parent =
        customer.parent_customer_id.as_ref().and_then(|parent| customers.iter().find(|other| other.customer_id == *parent)).map(|parent| parent.name.clone());
    let filter = Filter { today: today().to_string(), customer: Some(id.clone()), unfinished: true, ..Filter::default() };
    let query = format!("?customer={id}");
    let claims = store.worklist(&filter, Sort::DisputeBy, None, LATEST).await?;
    let page = CustomerPage {
        balances: balances(&desk, &id).await?,
        months: months(&store.customer_months(&id).await?),
        categories: categories(&desk, &id).await?,
        agreements: store.customer_agreements(&id).await?.into_iter().map(agreement).collect(),
        payments: store
            .payments_of_customer(&id, LATEST)
            .await?
            .into_iter()
            .map(|payment| PaymentLine {
                status: payment.state().to_owned(),
                date: payment.payment_date.unwrap_or_default(),
                amount: show::money(payment.amount, &payment.currency),
                document_id: payment.document_id,
                id: payment.payment_id,
            })
            .collect(),
        claims: claims.iter().map(|row| worklist::shown(row, &query)).collect(),
        plot: HEIGHT,
        parent,
        customer,
        frame,
    };
    html(&page)
}

/// Open items by how long they are overdue: not yet, then 30, 60, 90 days and more.
async fn balances(desk: &Desk, id: &str) -> Result<Vec<Balance>, PageError> {
    let items = desk.workplace.store.open_items_of(&[id.to_owned()]).await?;
    let mut sums: BTreeMap<&'static str, (usize, i64, [i64; 5])> = BTreeMap::new();
    for item in items.iter().filter(|item| item.open != 0) {
        let overdue = item.due_date.and_then(|due| show::days_between(&due.to_string(), today())).unwrap_or(0);
        let bucket = match overdue {
            ..=0 => 0,
            1..=30 => 1,
            31..=60 => 2,
            61..=90 => 3,
            _ => 4,
        };
        let sum = sums.entry(item.currency.code()).or_default();
        sum.0 += 1;
        sum.1 += item.open;
        sum.2[bucket] += item.open;
    }
    let shown = |(currency, (count, open, ages)): (&str, (usize, i64, [i64; 5]))| Balance {
        currency: currency.to_owned(),
        count,
        open: show::amount(open, currency),
        ages: ages.map(|minor| if minor == 0 { "–".to_owned() } else { show::amount(minor, currency) }),
    };
    Ok(sums.into_iter().map(shown).collect())
}

/// Bars of taken beside owed, one chart a currency.
fn months(rows: &[MonthRow]) -> Vec<Months> {
    let mut by_currency: BTreeMap<&str, Vec<&MonthRow>> = BTreeMap::new();
    for row in rows {
        by_currency.entry(&row.currency).or_default().push(row);
    }
    let charts = by_currency.into_iter().map(|(currency, rows)| {
        let largest = rows.iter().flat_map(|row| [row.taken, row.owed.unwrap_or(0)]).max().unwrap_or(0);
        let mut bars = Vec::new();
        for (position, row) in (0_i64..).zip(&rows) {
            for (series, value) in [row.taken, row.owed.unwrap_or(0)].into_iter().enumerate() {
                bars.push(
                    Bar::standing(value, largest, position * GROUP + 6 + i64::try_from(series).unwrap_or(0) * (BAR + 2), BAR, series)
                        .saying(row.month.clone(), show::money(value, currency)),
                );
            }
        }
        let width = GROUP * i64::try_from(rows.len()).unwrap_or(1).max(10);
        let rows = rows
            .into_iter()
            .map(|row| Month {
                month: row.month.clone(),
                taken: show::amount(row.taken, currency),
                owed: row.owed.map_or_else(not_decided, |owed| show::amount(owed, currency)),
                count: row.count,
            })
            .collect();
        Months { currency: currency.to_owned(), bars, rows, width }
    });
    charts.collect()
}

/// A share of what is decided; nothing is said of a category of which nothing is.
fn decided(row: &CategoryRow, part: i64) -> String {
    show::part(part, row.amount).filter(|_| row.undecided != row.amount).unwrap_or_default()
}

/// Nothing owed and nothing decided are two things.
fn not_decided() -> String {
    text("not decided").into()
}

/// Categories with the shares of their amounts: money is held against money, never against a count.
async fn categories(desk: &Desk, id: &str) -> Result<Vec<CategoryLine>, PageError> {
    let rows = desk.workplace.store.customer_categories(id).await?;
    let lines = rows.into_iter().map(|row| CategoryLine {
        label: show::plain(&row.category),
        amount: show::amount(row.amount, &row.currency),
        owed: decided(&row, row.owed),
        not_owed: decided(&row, row.not_owed),
        undecided: if row.undecided == 0 { String::new() } else { show::part(row.undecided, row.amount).unwrap_or_default() },
        owed_part: show::hundredths(row.owed, row.amount),
        not_owed_part: show::hundredths(row.not_owed, row.amount),
        count: row.count,
        currency: row.currency,
        word: row.category,
    });
    Ok(lines.collect())
}

fn agreement(used: AgreementUse) -> AgreementLine {
    let AgreementUse { agreement, consumed, claimed, deductions } = used;
    let currency = agreement.currency.code();
    let word = |value: serde_json::Value| value.as_str().map(show::plain).unwrap_or_default();
    AgreementLine {
        kind: word(serde_json::json!(agreement.kind)),
        status: serde_json::json!(agreement.status).as_str().unwrap_or_default().to_owned(),
        rate: format!("{} {}", show::group(&agreement.rate.normalize().to_string()), show::inside(agreement.rate_type.word())),
        window: [agreement.starts_on, agreement.ends_on].map(|day| show::day(&day.to_string())).join(" – "),
        is_running: agreement.covers_day(today()),
        cap: agreement.cap_amount.map(|cap| show::money(cap, currency)).unwrap_or_default(),
        consumed: consumed.map_or_else(not_decided, |owed| show::money(owed, currency)),
        claimed: show::money(claimed, currency),
        description: agreement.description.unwrap_or_default(),
        reference: agreement.customer_reference.unwrap_or_default(),
        id: agreement.agreement_id,
        deductions,
    }
}

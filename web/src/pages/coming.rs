//! Deductions to come: the next weeks with an interval, the last quarter's forecast against what came, what agreements owe and nobody claimed yet.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use recoup_engine::forecast::Forecast;
use recoup_engine::taxonomy::Queue;

use super::chart::{Bar, HEIGHT};
use super::errors::{PageError, html};
use super::frame::Frame;
use super::sight::Sighted;
use super::{Desk, filters, show};
use crate::clock::today;
use crate::desk::coming::{self, Accrued, Customer, Habit, QUARTER, WEEKS};
use crate::pages::given::Query;

const GROUP: i64 = 21;
const BAR: i64 = 14;

/// A forecast as it is read: amounts with their currency.
struct Expected {
    expected: String,
    low: String,
    high: String,
    runs: usize,
}

/// A forecast that was held against what came.
struct Compared {
    expected: Expected,
    actual: String,
    is_inside: bool,
}

struct CurrencyCard {
    currency: String,
    next: Option<Expected>,
    last: Option<Compared>,
    bars: Vec<Bar>,
    weeks: Vec<(String, String)>,
}

struct CustomerLine {
    name: String,
    id: String,
    href: String,
    taken: String,
    next: Option<Expected>,
}

struct AgreementLine {
    id: String,
    customer: String,
    kind: String,
    window: String,
    accrued: String,
    claimed: String,
    unclaimed: String,
    claimed_href: String,
    is_over: bool,
}

#[derive(Template)]
#[template(path = "coming.html")]
struct ComingPage {
    frame: Frame,
    sighted: Sighted,
    queue_choices: Vec<(&'static str, String)>,
    horizon: usize,
    quarter: usize,
    currencies: Vec<CurrencyCard>,
    customers: Vec<CustomerLine>,
    agreements: Vec<AgreementLine>,
    not_added_up: i64,
    claimed_for_years: u8,
    width: i64,
    plot: i64,
}

/// GET /coming
pub async fn show(State(desk): State<Desk>, frame: Frame, Query(query): Query<Vec<(String, String)>>) -> Result<Response, PageError> {
    let sighted = Sighted::named(query, &desk.workplace.store).await?;
    let claimed_for_years = desk.workplace.renew_rules().await?.book.settings.agreements.claimed_for_years;
    let coming = coming::coming(&desk.workplace.store, &sighted.sight, claimed_for_years, today()).await?;
    let page = ComingPage {
        queue_choices: Queue::WORDS.iter().map(|word| (*word, show::plain(word))).collect(),
        horizon: WEEKS,
        quarter: QUARTER,
        currencies: coming.currencies.into_iter().map(card).collect(),
        customers: coming.customers.into_iter().map(|row| customer(row, &sighted)).collect(),
        agreements: coming.accrued.into_iter().map(agreement).collect(),
        not_added_up: coming.not_added_up,
        claimed_for_years,
        width: GROUP * 2 * i64::try_from(QUARTER).unwrap_or(1),
        plot: HEIGHT,
        sighted,
        frame,
    };
    html(&page)
}

fn expected(forecast: &Forecast, currency: &str) -> Expected {
    Expected {
        expected: show::money(forecast.expected, currency),
        low: show::amount(forecast.low, currency),
        high: show::amount(forecast.high, currency),
        runs: forecast.runs,
    }
}

fn card(habit: Habit) -> CurrencyCard {
    let currency = habit.currency;
    let largest = habit.weeks.iter().map(|(_, minor)| *minor).max().unwrap_or(0);
    let bar = |(position, (first, minor)): (i64, &(jiff::civil::Date, i64))| {
        Bar::standing(*minor, largest, position * GROUP + (GROUP - BAR) / 2, BAR, 0).saying(show::day(&first.to_string()), show::money(*minor, &currency))
    };
    CurrencyCard {
        next: habit.next.map(|next| expected(&next, &currency)),
        last: habit.last.map(|(last, actual)| Compared {
            is_inside: last.holds(actual),
            expected: expected(&last, &currency),
            actual: show::money(actual, &currency),
        }),
        bars: (0_i64..).zip(&habit.weeks).map(bar).collect(),
        weeks: habit.weeks.iter().map(|(first, minor)| (first.to_string(), show::amount(*minor, &currency))).collect(),
        currency,
    }
}

fn customer(row: Customer, sighted: &Sighted) -> CustomerLine {
    let Customer { customer, next } = row;
    CustomerLine {
        href: sighted.claims(&[("view", "deductions"), ("customer", &customer.customer_id), ("currency", &customer.currency)]),
        taken: show::money(customer.amount, &customer.currency),
        next: next.map(|next| expected(&next, &customer.currency)),
        id: customer.customer_id,
        name: customer.name,
    }
}

fn agreement(row: Accrued) -> AgreementLine {
    let Accrued { agreement: row, accrued, unclaimed } = row;
    let agreement = row.agreement;
    let currency = agreement.currency.code();
    AgreementLine {
        customer: row.customer_name.unwrap_or(agreement.customer_id),
        kind: show::plain(agreement.kind.word()),
        window: [agreement.starts_on, agreement.ends_on].map(|day| show::day(&day.to_string())).join(" – "),
        accrued: show::money(accrued, currency),
        claimed: show::money(row.claimed, currency),
        unclaimed: show::money(unclaimed, currency),
        claimed_href: format!("/claims?view=deductions&{}", serde_urlencoded::to_string([("agreement", &agreement.agreement_id)]).unwrap_or_default()),
        is_over: agreement.ends_on < today(),
        id: agreement.agreement_id,
    }
}

//! Payments that are not fully explained: held, matched with nothing, or in part on account.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use recoup_engine::reading::Doubt;
use recoup_store::screens::payments::UnexplainedPayment;

use super::errors::{PageError, html};
use super::frame::Frame;
use super::language::text;
use super::list::Ignored;
use super::{Desk, filters, show};
use crate::pages::given::Query;

const PAGE: usize = 50;
const STATES: [&str; 3] = ["on_account", "partly_on_account", "held"];

/// A state with how many payments have it, and how much is left of them by currency.
struct Tab {
    label: String,
    href: String,
    count: i64,
    sums: Vec<String>,
    is_current: bool,
}

struct Row {
    id: String,
    payer: String,
    customer: String,
    date: String,
    amount: String,
    left: String,
    /// `held`, `on_account` or `partly_on_account`.
    state: String,
    /// Why it is not explained.
    why: String,
    document: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "payments.html")]
struct PaymentsPage {
    frame: Frame,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    ignored: Vec<Ignored>,
    none_exist: bool,
    next: Option<String>,
}

/// GET /payments
pub async fn list(State(desk): State<Desk>, frame: Frame, Query(query): Query<Vec<(String, String)>>) -> Result<Response, PageError> {
    let store = &desk.workplace.store;
    let (mut state, mut behind, mut ignored) = (None, 0, Vec::new());
    for (name, value) in query.into_iter().filter(|(_, value)| !value.is_empty()) {
        match (name.as_str(), STATES.iter().find(|state| **state == value), value.parse::<i64>()) {
            ("state", Some(known), _) => state = Some(*known),
            ("behind", _, Ok(sequence)) => behind = sequence,
            _ => {
                let is_known = ["state", "behind"].contains(&name.as_str());
                ignored.push(Ignored::new(name, value, is_known));
            }
        }
    }
    let mut tabs = Vec::with_capacity(STATES.len() + 1);
    for word in std::iter::once(None).chain(STATES.map(Some)) {
        let sums = store.unexplained_sums(word).await?;
        tabs.push(Tab {
            label: word.map_or_else(|| text("All").into(), show::plain),
            href: word.map_or_else(|| "/payments".to_owned(), |word| format!("/payments?state={word}")),
            count: show::count(&sums),
            sums: sums.iter().map(|sum| show::money(sum.amount, &sum.currency)).collect(),
            is_current: word == state,
        });
    }
    let mut found = store.unexplained_payments(state, behind, PAGE as i64 + 1).await?;
    let next = (found.len() > PAGE).then(|| format!("/payments?state={}&behind={}", state.unwrap_or_default(), found[PAGE - 1].sequence));
    found.truncate(PAGE);
    html(&PaymentsPage { frame, none_exist: tabs[0].count == 0, tabs, rows: found.into_iter().map(row).collect::<Result<_, _>>()?, ignored, next })
}

fn row(payment: UnexplainedPayment) -> Result<Row, PageError> {
    let doubts: Vec<Doubt> = serde_json::from_str(&payment.doubts)?;
    let why = doubts.into_iter().next().map(|doubt| doubt.says).or(payment.words).unwrap_or_default();
    Ok(Row {
        payer: payment.payer_name.unwrap_or_default(),
        customer: payment.customer_name.unwrap_or_default(),
        date: payment.payment_date.unwrap_or_default(),
        amount: show::money(payment.amount, &payment.currency),
        left: show::money(payment.on_account, &payment.currency),
        state: payment.state,
        why,
        document: payment.document_id.zip(payment.document_name),
        id: payment.payment_id,
    })
}

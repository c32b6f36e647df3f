//! The list of customers.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use recoup_store::screens::customers::CustomerRow;

use super::errors::{PageError, html};
use super::frame::Frame;
use super::list::Ignored;
use super::{Desk, filters};
use crate::pages::given::Query;

/// Customers of the page; more are found by their names.
const MOST: usize = 1_000;

#[derive(Template)]
#[template(path = "customers.html")]
struct CustomersPage {
    frame: Frame,
    rows: Vec<CustomerRow>,
    q: String,
    ignored: Vec<Ignored>,
}

/// GET /customers
pub async fn show(State(desk): State<Desk>, frame: Frame, Query(query): Query<Vec<(String, String)>>) -> Result<Response, PageError> {
    let q = query.iter().find(|(name, _)| name == "q").map(|(_, value)| value.trim().to_owned()).unwrap_or_default();
    let ignored = query.into_iter().filter(|(name, _)| name != "q").map(|(name, value)| Ignored::new(name, value, false)).collect();
    let rows = desk.workplace.store.customer_list(Some(q.as_str()).filter(|q| !q.is_empty()), MOST).await?;
    html(&CustomersPage { frame, rows, q, ignored })
}

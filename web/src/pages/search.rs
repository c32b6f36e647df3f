//! One search over claims (closed ones too), documents, customers and agreements; operators narrow the claims.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use recoup_store::documents::DocumentRow;
use recoup_store::screens::customers::CustomerRow;
use recoup_store::screens::documents::Inbox;
use recoup_store::screens::worklist::{Filter, Size, Sort};
use serde::Deserialize;

use super::agreements::{Line, line};
use super::errors::{PageError, html};
use super::frame::Frame;
use super::list::{Ignored, List};
use super::show::{self, Total};
use super::worklist::{self, Row};
use super::{Desk, filters, query};
use crate::clock::today;

/// Rows of each kind that are shown; the list behind has the rest.
const SHOWN: usize = 12;

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    frame: Frame,
    q: String,
    ignored: Vec<Ignored>,
    claims: Vec<Row>,
    count: String,
    totals: Vec<Total>,
    all_claims: String,
    closed: Vec<Row>,
    closed_count: String,
    all_closed: String,
    documents: Vec<DocumentRow>,
    customers: Vec<CustomerRow>,
    agreements: Vec<Line>,
    operators: &'static str,
    found: bool,
}

#[derive(Default, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    q: String,
}

/// GET /search
pub async fn show(State(desk): State<Desk>, frame: Frame, Query(wanted): Query<Wanted>) -> Result<Response, PageError> {
    let store = &desk.workplace.store;
    let q = wanted.q.trim().to_owned();
    // The number of a claim leads straight to it.
    if let Some(claim) = store.claim(&q).await? {
        return Ok(Redirect::to(&format!("/claims/{}", claim.row.claim_id)).into_response());
    }
    let list = List::read(vec![("q".to_owned(), q.clone())], &frame.login, today());
    let closed_list = List::read(vec![("view".to_owned(), "closed_by_rule".to_owned()), ("q".to_owned(), q.clone())], &frame.login, today());
    let rows = async |list: &List| -> Result<(Vec<Row>, Filter), PageError> {
        let found = if q.is_empty() { Vec::new() } else { store.worklist(&list.filter, Sort::DisputeBy, None, SHOWN as i64).await? };
        Ok((found.iter().map(|row| worklist::shown(row, &list.query())).collect(), list.filter.clone()))
    };
    let (claims, filter) = rows(&list).await?;
    let (closed, closed_filter) = rows(&closed_list).await?;
    let size = if claims.is_empty() { Size::default() } else { store.worklist_size(&filter).await? };
    let closed_size = if closed.is_empty() { Size::default() } else { store.worklist_size(&closed_filter).await? };
    // Documents, customers and agreements have no operators: they are found by the words alone.
    let words: Vec<&str> = filter.words.iter().map(|word| word.text.as_str()).collect();
    let words = words.join(" ");
    let (mut documents, mut customers, mut agreements) = (Vec::new(), Vec::new(), Vec::new());
    if !words.is_empty() {
        documents = store.inbox(&Inbox { words: Some(words.clone()), ..Inbox::default() }, SHOWN as i64).await?;
        customers = store.customer_list(Some(&words)).await?;
        agreements = store.agreement_rows(None, Some(&words)).await?.iter().map(line).collect();
    }
    customers.truncate(SHOWN);
    agreements.truncate(SHOWN);
    html(&SearchPage {
        found: !(claims.is_empty() && closed.is_empty() && documents.is_empty() && customers.is_empty() && agreements.is_empty()),
        count: show::length(&size),
        totals: if size.is_more { Vec::new() } else { show::totals(&size.sums) },
        all_claims: format!("/claims{}", list.query()),
        closed_count: show::length(&closed_size),
        all_closed: format!("/claims{}", closed_list.query()),
        ignored: list.ignored,
        claims,
        closed,
        documents,
        customers,
        agreements,
        operators: query::OPERATORS,
        frame,
        q,
    })
}

//! One search over claims (closed ones too), documents, customers and agreements; operators narrow the claims.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use recoup_store::documents::DocumentRow;
use recoup_store::screens::customers::CustomerRow;
use recoup_store::screens::documents::Inbox;
use recoup_store::screens::worklist::{Filter, Named, Size, Sort};
use serde::Deserialize;

use super::agreements::{Line, line};
use super::errors::{PageError, html};
use super::frame::Frame;
use super::list::{Ignored, List};
use super::show::{self, Total};
use super::worklist::{self, Row};
use super::{Desk, filters, query};
use crate::clock::today;
use crate::pages::given::Query;
use crate::search::{tokens, tokens_of};

/// Rows of each kind that are shown; the list behind has the rest.
const SHOWN: usize = 12;
/// Words of an excerpt on either side.
const AROUND: usize = 9;

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
    documents: Vec<Found>,
    /// The words without operators, for what leads into documents.
    words: String,
    customers: Vec<CustomerRow>,
    agreements: Vec<Line>,
    operators: &'static str,
    /// Only numbers and names were looked at.
    is_quick: bool,
    found: bool,
}

/// A document that was found, and its words around what was looked for.
struct Found {
    row: DocumentRow,
    before: String,
    hit: String,
    behind: String,
}

#[derive(Default, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    q: String,
}

/// Documents and mails with these words: from the index, or from the database while the index is renewed.
async fn found_documents(desk: &Desk, words: &str) -> Result<Vec<Found>, PageError> {
    let store = &desk.workplace.store;
    let indexed = match desk.search.documents(&desk.workplace, words, SHOWN).await {
        Ok(indexed) => indexed,
        Err(error) => {
            tracing::warn!("the search index does not answer: {error:#}; the database does");
            None
        }
    };
    let rows = match indexed {
        Some(ids) => store.documents_in_order(&ids).await?,
        None => store.inbox(&Inbox { words: Some(words.to_owned()), ..Inbox::default() }, SHOWN as i64).await?,
    };
    let looked_for = tokens(words);
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let text = store.reading(&row.document_id).await?.map(|reading| reading.text).unwrap_or_default();
        let (before, hit, behind) = excerpt(&text, &looked_for);
        found.push(Found { row, before, hit, behind });
    }
    Ok(found)
}

/// The first word of a text that begins with one that is looked for, with some words around it; empty without one.
fn excerpt(text: &str, looked_for: &[String]) -> (String, String, String) {
    let words: Vec<&str> = text.split_whitespace().collect();
    let begins = |word: &&str| tokens_of(word).iter().any(|token| looked_for.iter().any(|wanted| token.starts_with(wanted.as_str())));
    let Some(at) = words.iter().position(begins) else { return Default::default() };
    let join = |words: &[&str]| words.join(" ");
    (join(&words[at.saturating_sub(AROUND)..at]), words[at].to_owned(), join(&words[at + 1..words.len().min(at + 1 + AROUND)]))
}

/// With more deductions on file, words are looked for in numbers and names first; reading every word of all of them is a list of its own.
const READ_IN_A_BLINK: i64 = 50_000;

/// The filter as the page searches with it, and whether only numbers and names were looked at.
async fn quick(desk: &Desk, filter: Filter, named: &Named) -> Result<(Filter, bool), PageError> {
    let store = &desk.workplace.store;
    if filter.words.is_empty() || !store.has_more_deductions_than(READ_IN_A_BLINK).await? {
        return Ok((filter, false));
    }
    let among = store.found_at_once(&filter.words, named).await?;
    Ok((Filter { among: Some(among), words: Vec::new(), ..filter }, true))
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
    // Documents, customers and agreements have no operators: they are found by the words alone.
    let words: Vec<&str> = list.filter.words.iter().map(|word| word.text.as_str()).collect();
    let words = words.join(" ");
    let (mut documents, mut customers, mut agreed) = (Vec::new(), Vec::new(), Vec::new());
    if !words.is_empty() {
        documents = found_documents(&desk, &words).await?;
        customers = store.customer_list(Some(&words), SHOWN).await?;
        agreed = store.agreement_rows(None, Some(&words)).await?;
    }
    agreed.truncate(SHOWN);
    let named = Named {
        customers: customers.iter().map(|row: &CustomerRow| row.customer_id.clone()).collect(),
        agreements: agreed.iter().map(|row| row.agreement.agreement_id.clone()).collect(),
        documents: documents.iter().map(|found: &Found| found.row.document_id.clone()).collect(),
    };
    let (filter, is_quick) = quick(&desk, list.filter.clone(), &named).await?;
    let closed_filter = Filter { among: filter.among.clone(), words: filter.words.clone(), ..closed_list.filter.clone() };
    let rows = async |filter: &Filter, list: &List| -> Result<Vec<Row>, PageError> {
        let found = if q.is_empty() { Vec::new() } else { store.worklist(filter, Sort::DisputeBy, None, SHOWN as i64).await? };
        Ok(found.iter().map(|row| worklist::shown(row, &list.query())).collect())
    };
    let claims = rows(&filter, &list).await?;
    let closed = rows(&closed_filter, &closed_list).await?;
    let size = if claims.is_empty() { Size::default() } else { store.worklist_size(&filter).await? };
    let closed_size = if closed.is_empty() { Size::default() } else { store.worklist_size(&closed_filter).await? };
    let agreements: Vec<Line> = agreed.iter().map(line).collect();
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
        words,
        customers,
        agreements,
        operators: query::OPERATORS,
        is_quick,
        frame,
        q,
    })
}

#[cfg(test)]
mod tests {
    use recoup_store::screens::worklist::Word;

    use super::*;
    use crate::desk::resolve::tests::workplace;

    #[tokio::test]
    async fn a_payer_is_found_by_any_part_of_its_name_whatever_its_accents() {
        let (workplace, _folder) = workplace(2).await;
        let mut work = workplace.store.begin().await.expect("work");
        work.execute("update payments set payer_name = 'ÉPICERIE du Sud'", vec![]).await.expect("named");
        work.fold_payer_names().await.expect("folded");
        work.commit().await.expect("committed");
        let found = async |q: &str| {
            let words: Vec<Word> = List::read(vec![("q".to_owned(), q.to_owned())], "mara", today()).filter.words;
            workplace.store.found_at_once(&words, &Named::default()).await.expect("searched").len()
        };
        assert_eq!((found("épicerie").await, found("epicerie du").await, found("SUD").await, found("nord").await), (2, 2, 2, 0));
        let file = workplace.data.join("customers.csv");
        std::fs::write(&file, "customer_id,name,currency\nK,Krämer Märkte,EUR\n").expect("written");
        crate::desk::import::import(&workplace, &[file]).await.expect("imported");
        let customers = workplace.store.customer_list(Some("KRAMER marke"), 10).await.expect("listed");
        assert_eq!(customers.len(), 0, "all of it is looked for");
        let customers = workplace.store.customer_list(Some("kramer MÄRKTE"), 10).await.expect("listed");
        assert_eq!(customers.iter().map(|row| (row.deductions, row.open_claims)).collect::<Vec<_>>(), [(2, 2)]);
    }
}

//! Customers by what people call them: a name or a number wherever one is asked for. Addresses carry the number.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use recoup_engine::matching::payer::Payers;
use recoup_engine::remittance::PartyNamed;
use recoup_store::Store;
use recoup_store::screens::customers::CustomerName;

use super::Desk;
use super::errors::PageError;
use super::language::text;
use super::list::Ignored;

/// Customers that a field offers; whoever has more types a part of the name.
const MOST_OFFERED: i64 = 200;
/// Customers that are named where a text means several.
const MOST_MEANT: i64 = 6;
/// Names that are offered for one that nobody has.
const MOST_NEAR: usize = 3;

/// The customers that a field offers, with what it takes for each: the name, or the number where two share one.
#[derive(Clone, Debug, Default)]
pub struct Offered(pub Vec<(String, String)>);

/// What a text means.
pub enum Meant {
    One(CustomerName),
    /// None, or several, in a sentence.
    Unclear(String),
}

/// The customers of a field.
pub async fn offered(store: &Store) -> Result<Offered, PageError> {
    let known = store.customer_names(MOST_OFFERED).await?;
    let is_only = |name: &str| known.iter().filter(|other| other.name == name).count() == 1;
    let value = |customer: &CustomerName| if is_only(&customer.name) { customer.name.clone() } else { customer.customer_id.clone() };
    Ok(Offered(known.iter().map(|customer| (value(customer), customer.customer_id.clone())).collect()))
}

/// Whom a text means: a number, a whole name, or a part that only one name holds.
pub async fn meant(store: &Store, said: &str) -> Result<Meant, PageError> {
    let found = store.customers_called(said, MOST_MEANT).await?;
    let of_number = found.iter().position(|customer| customer.customer_id == said);
    let of_name = found.iter().filter(|customer| customer.name.to_lowercase() == said.to_lowercase()).count();
    Ok(match (of_number, of_name, found.len()) {
        (Some(at), ..) => Meant::One(found[at].clone()),
        (None, 1, _) | (None, _, 1) => Meant::One(found[0].clone()),
        (None, _, 0) => Meant::Unclear(text("No customer is called “{0}”.").with(said).into()),
        _ => {
            let names: Vec<&str> = found.iter().map(|customer| customer.name.as_str()).collect();
            Meant::Unclear(text("“{0}” may mean several customers: {1}. Write more of the name, or the number.").with(said).with(names.join(", ")).into())
        }
    })
}

/// The name by which settling knows the customer that a person wrote for the payer of a paper; a sentence where it means nobody, or several.
pub async fn payer(store: &Store, said: &str) -> Result<Result<String, String>, PageError> {
    match meant(store, said).await? {
        Meant::One(known) => {
            let called = store.customers_called(&known.name, MOST_MEANT).await?;
            let is_only = called.iter().filter(|other| other.name == known.name).count() == 1;
            return Ok(Ok(if is_only { known.name } else { known.customer_id }));
        }
        Meant::Unclear(says) if !store.customers_called(said, 1).await?.is_empty() => return Ok(Err(says)),
        Meant::Unclear(_) => {}
    }
    let customers = store.customers().await?;
    let payers = Payers::new(&customers);
    if payers.recognise(&PartyNamed { name: Some(said.to_owned()), ..PartyNamed::default() }).is_some() {
        return Ok(Ok(said.to_owned()));
    }
    let near = payers.near(said, MOST_NEAR).into_iter().filter_map(|id| customers.iter().find(|customer| customer.customer_id == id));
    let near: Vec<&str> = near.map(|customer| customer.name.as_str()).collect();
    Ok(Err(match near.is_empty() {
        true => text("No customer is called “{0}”: write a part of the name, or the number.").with(said).into(),
        false => text("No customer is called “{0}”. Did you mean {1}?").with(said).with(near.join(", ")).into(),
    }))
}

/// What the field of a page says of the customer in its address, and a remark where that is none.
pub async fn said(store: &Store, customer: &str, offered: &Offered) -> Result<(String, Option<Ignored>), PageError> {
    if let Some((value, _)) = offered.0.iter().find(|(_, id)| id == customer) {
        return Ok((value.clone(), None));
    }
    if customer.is_empty() {
        return Ok((String::new(), None));
    }
    Ok(match meant(store, customer).await? {
        Meant::One(known) => (known.name, None),
        Meant::Unclear(says) => (customer.to_owned(), Some(Ignored { says, ..Ignored::new("customer".to_owned(), customer.to_owned(), true) })),
    })
}

/// A page that is asked for with the name of a customer is answered with its address by number.
pub async fn by_number(State(desk): State<Desk>, request: Request, next: Next) -> Result<Response, PageError> {
    let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
    if request.method() == "GET" && query.contains("customer=") && !path.starts_with("/api/") {
        let mut pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
        if let Some(asked) = pairs.iter_mut().find(|(name, value)| name == "customer" && !value.trim().is_empty())
            && let Meant::One(known) = meant(&desk.workplace.store, asked.1.trim()).await?
            && known.customer_id != asked.1
        {
            asked.1 = known.customer_id;
            pairs.retain(|(_, value)| !value.is_empty());
            let query = serde_urlencoded::to_string(pairs).map_err(anyhow::Error::from)?;
            return Ok(Redirect::to(&format!("{path}?{query}")).into_response());
        }
    }
    Ok(next.run(request).await)
}

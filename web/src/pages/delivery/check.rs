//! What a person reads from the paper of a delivery: a form beside the paper, and what stands of it.

use std::collections::BTreeMap;
use std::str::FromStr;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use recoup_store::Store;
use recoup_store::delivery_checks::DeliveryCheck;
use rust_decimal::Decimal;

use super::super::errors::PageError;
use super::super::frame::Frame;
use super::super::goods::{self, GoodsLine};
use super::super::language::text;
use super::super::{Desk, show};
use super::Wanted;
use crate::desk::check_delivery::{NotNoted, Read, note, take_back};
use crate::pages::given::{Form, Query};

/// The quantities of a line, as the form names them.
const PARTS: [&str; 3] = ["received", "refused", "damaged"];

/// A line of the form.
pub struct CheckLine {
    pub sku: String,
    pub description: String,
    pub invoiced: String,
    pub version: i64,
    /// Field and value of what was received, refused and damaged.
    pub fields: [(String, String); 3],
    /// What stands: in words who noted it, and when.
    pub noted: Option<String>,
}

/// What was typed: fields of the form, and why it was not taken.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    pub fields: BTreeMap<String, String>,
    pub problem: String,
    is_stale: bool,
}

/// The lines that a person may note: those of which no record of ours tells.
pub async fn lines(store: &Store, invoice_number: &str, goods: &[GoodsLine], typed: &Typed) -> Result<Vec<CheckLine>, PageError> {
    let history = store.delivery_check_history(invoice_number).await?;
    let names: BTreeMap<String, String> = store.users().await?.into_iter().map(|user| (user.login, user.name)).collect();
    let mut lines: Vec<CheckLine> = Vec::new();
    for line in goods.iter().filter(|line| !line.sku.is_empty()) {
        let of_line: Vec<&DeliveryCheck> = history.iter().filter(|check| check.sku == line.sku).collect();
        let standing = of_line.iter().find(|check| !check.withdrawn);
        let is_recorded = !line.received.is_empty() && standing.is_none();
        if is_recorded || lines.iter().any(|known| known.sku == line.sku) {
            continue;
        }
        let noted = |check: &&&DeliveryCheck| {
            let who = names.get(&check.noted_by).unwrap_or(&check.noted_by);
            let what = [check.received_quantity, check.refused_quantity, check.damaged_quantity].map(|part| goods::quantity(part, check.unit.as_deref()));
            let [received, refused, damaged] = what;
            let said = text("{0} read on {1}: {2} received, {3} refused, {4} damaged.");
            said.with(who).with(show::day(check.noted_at.get(..10).unwrap_or_default())).with(received).with(refused).with(damaged).to_string()
        };
        let field = |part: &str| {
            let name = format!("{part}.{}", line.sku);
            let value = typed.fields.get(&name).cloned().unwrap_or_default();
            (name, value)
        };
        lines.push(CheckLine {
            version: of_line.iter().map(|check| check.version).max().unwrap_or(0),
            fields: PARTS.map(field),
            noted: standing.as_ref().map(noted),
            sku: line.sku.clone(),
            description: line.description.clone(),
            invoiced: line.invoiced.clone(),
        });
    }
    Ok(lines)
}

/// POST /deliveries/checks?invoice=: notes what the paper proves of the lines that were filled, or takes back what was noted of one.
pub async fn post(
    State(desk): State<Desk>,
    frame: Frame,
    Query(Wanted { invoice: number, .. }): Query<Wanted>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let invoice = desk.workplace.store.invoice_detail(&number).await?.ok_or(PageError::NotFound)?;
    let fields: BTreeMap<String, String> = pairs.into_iter().map(|(name, value)| (name, value.trim().to_owned())).collect();
    let taken_back = fields.get("take_back").filter(|sku| !sku.is_empty());
    let done = match (taken_back, read(&fields)) {
        (Some(sku), _) => take_back(&desk.workplace, &number, sku, version(&fields, sku), &frame.login).await?.map_err(|why| said(&why)),
        (None, Err(problem)) => Err((problem, false)),
        (None, Ok(read)) if read.is_empty() => Err((text("Nothing was filled in: write what the paper says was received of a line.").into(), false)),
        (None, Ok(read)) => {
            let paper = fields.get("paper").map(String::as_str).filter(|paper| !paper.is_empty());
            note(&desk.workplace, &number, paper, &read, &frame.login).await?.map_err(|why| said(&why))
        }
    };
    match done {
        Ok(()) => {
            let here = serde_urlencoded::to_string(Wanted { invoice: number, ..Wanted::default() }).map_err(anyhow::Error::from)?;
            Ok(Redirect::to(&format!("/deliveries?{here}#proven")).into_response())
        }
        Err((problem, is_stale)) => {
            let typed = Typed { fields, problem, is_stale };
            let status = if typed.is_stale { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            Ok((status, super::page(&desk, frame, invoice, "", typed).await?).into_response())
        }
    }
}

fn version(fields: &BTreeMap<String, String>, sku: &str) -> i64 {
    fields.get(&format!("version.{sku}")).and_then(|version| version.parse().ok()).unwrap_or(-1)
}

/// The lines that were filled; what is refused or damaged may stay empty.
fn read(fields: &BTreeMap<String, String>) -> Result<Vec<Read>, String> {
    let mut read = Vec::new();
    for sku in fields.keys().filter_map(|name| name.strip_prefix("received.")) {
        let quantity = |part: &str| match fields.get(&format!("{part}.{sku}")).map(String::as_str) {
            None | Some("") => Ok(None),
            Some(typed) => match Decimal::from_str(&typed.replace(',', ".")) {
                Ok(quantity) => Ok(Some(quantity)),
                Err(_) => Err(text("“{0}” is no quantity.").with(typed).to_string()),
            },
        };
        let [received, refused, damaged] = PARTS.map(quantity);
        let (received, refused, damaged) = (received?, refused?, damaged?);
        if received.or(refused).or(damaged).is_some() {
            let Some(received) = received else { return Err(text("{0}: write how much was received, 0 where nothing was.").with(sku).into()) };
            let version = version(fields, sku);
            read.push(Read { sku: sku.to_owned(), version, received, refused: refused.unwrap_or_default(), damaged: damaged.unwrap_or_default() });
        }
    }
    Ok(read)
}

/// Why nothing was noted, and whether somebody else was faster.
fn said(why: &NotNoted) -> (String, bool) {
    let sentence = match why {
        NotNoted::Stale(sku) => text("{0} was checked by somebody else meanwhile: compare what stands now.").with(sku),
        NotNoted::UnknownArticle(sku) => text("{0} is no article of this invoice.").with(sku),
        NotNoted::MoreThanBilled(sku, billed) => text("{0}: received and refused make more than the {1} that were billed.").with(sku).with(billed),
        NotNoted::MoreDamaged(sku) => text("{0}: more is damaged than was received and refused.").with(sku),
        NotNoted::Negative(sku) => text("{0}: a quantity is less than nothing.").with(sku),
    };
    (sentence.into(), matches!(why, NotNoted::Stale(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_that_were_filled_are_noted_and_what_is_no_quantity_is_said() {
        let fields = |pairs: &[(&str, &str)]| pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<BTreeMap<_, _>>();
        let filled =
            read(&fields(&[("received.A1", "17,5"), ("refused.A1", ""), ("version.A1", "2"), ("received.B2", ""), ("version.B2", "0")])).expect("read");
        assert_eq!(filled.len(), 1);
        assert_eq!((filled[0].received, filled[0].refused, filled[0].version), (Decimal::new(175, 1), Decimal::ZERO, 2));
        assert!(read(&fields(&[("received.A1", "many")])).expect_err("refused").contains("many"));
        assert!(read(&fields(&[("received.A1", ""), ("refused.A1", "2")])).expect_err("refused").contains("A1"));
    }
}

//! Matching one payment: what it says on the left, open items on the right, and what is left to explain before anything is posted.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use recoup_engine::allocation::{Allocation, Deduction, Strategy};
use recoup_engine::by_hand::{Part, left_to_explain};
use recoup_engine::matching::OpenItem;
use recoup_engine::reading::Doubt;
use recoup_store::settlements::BankPayment;
use serde::Deserialize;

use super::errors::PageError;
use super::frame::Frame;
use super::language::{key, text};
use super::whose::{self, Meant, Offered};
use super::{Desk, amount, filters, refused, show};
use crate::desk::payer::name_payer;
use crate::desk::process::finish_behind;
use crate::desk::refuse::refuse_match;
use crate::desk::settle::by_hand::{Matching, Put, matching, put_by_hand};
use crate::pages::given::{Form, Query};

/// The orders in which open items are filled: word of the address, label, what it means.
const STRATEGIES: [(&str, &str, Strategy); 3] = [
    ("oldest", key("Oldest first"), Strategy::OldestFirst),
    ("overdue", key("Most overdue first"), Strategy::MostOverdueFirst),
    ("largest", key("Largest first"), Strategy::LargestFirst),
];

/// Open items that are shown, the oldest first, beside those that something is put on: a form has its limits.
const MOST_ITEMS: usize = 400;

/// An open item with what is put on it.
struct ItemView {
    number: String,
    customer: String,
    issued: String,
    due: String,
    open: String,
    paid: String,
    claims_rest: bool,
}

/// What is posted of the payment already.
struct PostedView {
    number: String,
    gross: String,
    discount: String,
    deducted: String,
    paid: String,
    method: String,
}

#[derive(Template)]
#[template(path = "matching.html")]
struct MatchingPage {
    frame: Frame,
    id: String,
    payer: String,
    customer: Option<String>,
    /// Whom it may be from, where nobody knows and a person may say.
    customers: Offered,
    may_name: bool,
    named: String,
    customer_why: String,
    date: String,
    reference: String,
    words: String,
    amount: String,
    currency: String,
    document: Option<(String, String)>,
    doubts: Vec<String>,
    posted: Vec<PostedView>,
    /// Deductions that stand alone, as amounts.
    alone: Vec<(String, String)>,
    items: Vec<ItemView>,
    /// Open items beyond the most that are shown.
    more_items: usize,
    strategies: Vec<(&'static str, &'static str, bool)>,
    /// Left to explain: before anything is put, and with what is put now.
    left_minor: i64,
    digits: u32,
    left: String,
    left_now: String,
    is_explained: bool,
    is_too_much: bool,
    stays: bool,
    may_refuse: bool,
    reason: String,
    is_reversed: bool,
    /// The posting that this one took the place of.
    after: String,
    problem: String,
}

/// What was typed.
#[derive(Clone, Debug, Default)]
struct Typed {
    paid: BTreeMap<String, String>,
    claims_rest: Vec<String>,
    stays: bool,
    only_counts: bool,
    reason: String,
    /// Whose payment it is said to be.
    customer: String,
    problem: String,
}

impl Typed {
    fn new(pairs: Vec<(String, String)>) -> Self {
        let mut typed = Self::default();
        for (name, value) in pairs {
            let value = value.trim().to_owned();
            match (name.as_str(), name.split_once('.')) {
                ("stays", _) => typed.stays = true,
                ("then", _) => typed.only_counts = value == "count",
                (_, Some(("paid", number))) if !value.is_empty() => drop(typed.paid.insert(number.to_owned(), value)),
                (_, Some(("rest", number))) if value == "claim" => typed.claims_rest.push(number.to_owned()),
                _ => {}
            }
        }
        typed
    }

    /// The amounts put on items, or a sentence about one that can't be read.
    fn parts(&self, matching: &Matching) -> Result<Vec<Part>, String> {
        let part = |(number, typed): (&String, &String)| {
            let paid = amount::read(typed, matching.currency).map_err(|why| format!("{number}: {why}"))?;
            Ok(Part { invoice_number: number.clone(), paid, claims_rest: self.claims_rest.contains(number) })
        };
        self.paid.iter().map(part).collect()
    }

    fn filled(matching: &Matching, strategy: Strategy) -> Self {
        let paid = matching.filled(strategy).into_iter().map(|part| (part.invoice_number, show::typed(part.paid, matching.currency)));
        Self { paid: paid.collect(), ..Self::default() }
    }
}

#[derive(Default, Deserialize)]
pub struct Shown {
    #[serde(default)]
    fill: String,
    #[serde(default)]
    after: String,
}

/// GET /payments/{id}; `fill=oldest` writes what a strategy would put on the items.
pub async fn show(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>, Query(shown): Query<Shown>) -> Result<Response, PageError> {
    let found = matching(&desk.workplace, &id).await?.ok_or(PageError::NotFound)?;
    let strategy = STRATEGIES.iter().find(|(word, ..)| *word == shown.fill);
    let typed = strategy.map_or_else(Typed::default, |(.., strategy)| Typed::filled(&found, *strategy));
    page(&desk, frame, found, typed, &shown, StatusCode::OK).await
}

/// POST /payments/{id}: posts what was put on the items, or only counts it.
pub async fn post(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response, PageError> {
    let found = matching(&desk.workplace, &id).await?.ok_or(PageError::NotFound)?;
    let mut typed = Typed::new(pairs);
    let parts = match typed.parts(&found) {
        Ok(parts) => parts,
        Err(problem) => {
            typed.problem = problem;
            return page(&desk, frame, found, typed, &Shown::default(), StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    if typed.only_counts {
        return page(&desk, frame, found, typed, &Shown::default(), StatusCode::OK).await;
    }
    let status = match put_by_hand(&desk.workplace, &frame.login, &id, &parts, typed.stays).await? {
        Put::Done(payment) => return Ok(Redirect::to(&came_from(&payment.payment_id, &id)).into_response()),
        Put::Missing => return Err(PageError::NotFound),
        Put::Stale => {
            let put: Vec<String> = typed.paid.iter().map(|(number, amount)| format!("{number}: {amount}")).collect();
            typed.problem = text("Somebody posted this payment anew after you opened it. You wrote {0}.").with(put.join(", ")).into();
            StatusCode::CONFLICT
        }
        Put::Refused(why) => {
            typed.problem = refused::not_put(&why);
            StatusCode::UNPROCESSABLE_ENTITY
        }
    };
    page(&desk, frame, found, typed, &Shown::default(), status).await
}

#[derive(Deserialize)]
pub struct Refusing {
    #[serde(default)]
    reason: String,
}

/// POST /payments/{id}/refuse: it does not pay these items, and never will be matched so again.
pub async fn refuse(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>, Form(form): Form<Refusing>) -> Result<Response, PageError> {
    let found = matching(&desk.workplace, &id).await?.ok_or(PageError::NotFound)?;
    let reason = form.reason.trim().to_owned();
    let problem = if reason.is_empty() {
        text("A reason is missing: say in a few words why, for whoever reads this in a year.").into()
    } else {
        match refuse_match(&desk.workplace, &id, &frame.login, &reason).await? {
            Ok(_) => {
                finish_behind(&desk.workplace).await;
                let bank = bank_line(&desk, &found).await?;
                let onward = bank.and_then(|bank| bank.taken_by).map_or_else(|| "/payments".to_owned(), |now| came_from(&now, &id));
                return Ok(Redirect::to(&onward).into_response());
            }
            Err(why) => refused::not_refused(&why),
        }
    };
    let typed = Typed { reason, problem, ..Typed::default() };
    page(&desk, frame, found, typed, &Shown::default(), StatusCode::UNPROCESSABLE_ENTITY).await
}

#[derive(Deserialize)]
pub struct Naming {
    #[serde(default)]
    customer: String,
}

/// POST /payments/{id}/customer: whose money it is, by number or name; what waits is settled by it.
pub async fn name_customer(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>, Form(form): Form<Naming>) -> Result<Response, PageError> {
    let found = matching(&desk.workplace, &id).await?.ok_or(PageError::NotFound)?;
    let customer = form.customer.trim();
    let problem = match whose::meant(&desk.workplace.store, customer).await? {
        _ if customer.is_empty() => text("Choose the customer whose payment this is.").into(),
        Meant::Unclear(says) => says,
        Meant::One(known) => match name_payer(&desk.workplace, &id, &known.customer_id, &frame.login).await? {
            Ok(Some(now)) => return Ok(Redirect::to(&came_from(&now.payment_id, &id)).into_response()),
            Ok(None) => return Ok(Redirect::to("/payments").into_response()),
            Err(why) => refused::not_named(why),
        },
    };
    let typed = Typed { customer: customer.to_owned(), problem, ..Typed::default() };
    page(&desk, frame, found, typed, &Shown::default(), StatusCode::UNPROCESSABLE_ENTITY).await
}

/// The page of a payment. Numbers of payments are free text of the bank's file.
fn address(payment_id: &str) -> String {
    format!("/payments/{}", askama::filters::urlencode_strict(payment_id).map(|encoded| encoded.to_string()).unwrap_or_default())
}

/// The page of a payment that took the place of another.
fn came_from(payment_id: &str, former: &str) -> String {
    format!("{}?{}", address(payment_id), serde_urlencoded::to_string([("after", former)]).unwrap_or_default())
}

async fn bank_line(desk: &Desk, found: &Matching) -> Result<Option<BankPayment>, PageError> {
    Ok(match &found.payment.bank_payment_id {
        Some(bank_payment_id) => desk.workplace.store.bank_payment(bank_payment_id).await?,
        None => None,
    })
}

async fn page(desk: &Desk, mut frame: Frame, found: Matching, typed: Typed, shown: &Shown, status: StatusCode) -> Result<Response, PageError> {
    let store = &desk.workplace.store;
    let code = found.payment.currency.clone();
    let bank = bank_line(desk, &found).await?;
    let document = match &found.payment.document_id {
        Some(id) => store.document(id).await?.map(|document| (document.document_id, document.name)),
        None => None,
    };
    let after = match store.payment(&shown.after).await?.filter(|former| former.reversed) {
        Some(former) => former.payment_id,
        None => String::new(),
    };
    let doubts: Vec<Doubt> = serde_json::from_str(&found.payment.doubts).map_err(PageError::from)?;
    let left = found.standing.on_account;
    let left_now = typed.parts(&found).map_or(left, |parts| left_to_explain(left, &parts));
    let may_refuse = !found.standing.allocations.is_empty() && !found.payment.reversed && store.was_found_without_advice(&found.payment.payment_id).await?;
    let may_name = frame.may_post && found.payment.customer_id.is_none() && found.payment.bank_payment_id.is_some() && !found.payment.reversed;
    frame.here = address(&found.payment.payment_id);
    let items = item_views(&found, &typed);
    let page = MatchingPage {
        id: found.payment.payment_id.clone(),
        payer: found.payment.payer_name.clone().unwrap_or_default(),
        customer: found.payment.customer_id.clone(),
        customers: if may_name { whose::offered(store).await? } else { Offered::default() },
        may_name,
        named: typed.customer,
        customer_why: found.payment.customer_why.clone().unwrap_or_default(),
        date: found.payment.payment_date.clone().unwrap_or_default(),
        reference: found.payment.reference.clone().unwrap_or_default(),
        words: bank.and_then(|bank| bank.words).unwrap_or_default(),
        amount: show::money(found.payment.amount, &code),
        document,
        doubts: doubts.into_iter().map(|doubt| doubt.says).collect(),
        posted: posted_views(&found),
        alone: alone_views(&found),
        more_items: found.items.items.len().saturating_sub(items.len()),
        items,
        strategies: STRATEGIES.iter().map(|(word, label, _)| (*word, *label, *word == shown.fill)).collect(),
        left_minor: left,
        digits: found.currency.minor_digits(),
        left: show::money(left, &code),
        left_now: show::money(left_now, &code),
        is_explained: left_now == 0,
        is_too_much: left_now < 0,
        stays: typed.stays,
        may_refuse,
        reason: typed.reason,
        is_reversed: found.payment.reversed,
        after,
        problem: typed.problem,
        currency: code.clone(),
        frame,
    };
    Ok((status, Html(page.render()?)).into_response())
}

fn posted_views(found: &Matching) -> Vec<PostedView> {
    let shown = |minor: i64| show::amount(minor, &found.payment.currency);
    let view = |line: &Allocation| PostedView {
        number: line.invoice_number.clone(),
        gross: shown(line.gross),
        discount: shown(line.discount),
        deducted: shown(line.deducted),
        paid: shown(line.paid),
        method: show::plain(line.method.word()),
    };
    found.standing.allocations.iter().map(view).collect()
}

/// Deductions that stand alone: what they are called, and their amount.
fn alone_views(found: &Matching) -> Vec<(String, String)> {
    let alone = found.standing.deductions.iter().filter(|deduction| deduction.allocation.is_none());
    let called = |deduction: &Deduction| deduction.debit_note_number.clone().or_else(|| deduction.text.clone()).unwrap_or_default();
    alone.map(|deduction| (called(deduction), show::amount(deduction.amount, &found.payment.currency))).collect()
}

fn item_views(found: &Matching, typed: &Typed) -> Vec<ItemView> {
    let shown = found.items.items.iter().enumerate().filter(|(index, item)| *index < MOST_ITEMS || typed.paid.contains_key(&item.invoice_number));
    let view = |(_, item): (usize, &OpenItem)| ItemView {
        customer: item.customer_id.clone(),
        issued: item.issue_date.to_string(),
        due: item.due_date.map(|day| day.to_string()).unwrap_or_default(),
        open: show::amount(item.open, &found.payment.currency),
        paid: typed.paid.get(&item.invoice_number).cloned().unwrap_or_default(),
        claims_rest: typed.claims_rest.contains(&item.invoice_number),
        number: item.invoice_number.clone(),
    };
    shown.map(view).collect()
}

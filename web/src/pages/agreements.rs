//! Agreements: what was agreed, what is claimed under it, what is left of it; sales confirm, refuse or correct it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use recoup_engine::agreement::AgreementStatus;
use recoup_engine::money::Currency;
use recoup_store::agreements::{AgreementRow, AnswerRow};
use recoup_store::screens::worklist::{Filter, Sort};
use serde::Deserialize;

use super::errors::{PageError, html};
use super::frame::Frame;
use super::session::{origin, random_text};
use super::worklist::{self, Row};
use super::{Desk, filters, language, show};
use crate::clock::today;
use crate::desk::confirm::{self, Answer};
use crate::pages::given::{Form, Query};

/// Claims of an agreement that its page shows; the list has the rest.
const CLAIMS: i64 = 20;

/// An agreement as its list and its page show it.
pub struct Line {
    pub id: String,
    pub customer: String,
    pub customer_id: String,
    pub kind: String,
    pub description: String,
    pub reference: String,
    pub window: String,
    pub starts_on: String,
    pub ends_on: String,
    /// The mechanics in words: `2 % of the invoiced lines`.
    pub mechanics: String,
    pub rate: String,
    pub articles: String,
    pub needs: String,
    pub status: String,
    pub claimed: String,
    pub owed: String,
    pub cap: String,
    pub remaining: String,
    /// Used up of a bar of 100; absent without a cap.
    pub used: Option<i64>,
    pub deductions: i64,
    pub open_claims: i64,
    pub open_amount: String,
    pub is_running: bool,
}

#[derive(Template)]
#[template(path = "agreements.html")]
struct AgreementsPage {
    frame: Frame,
    lines: Vec<Line>,
    status: String,
    q: String,
    statuses: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "agreement.html")]
struct AgreementPage {
    frame: Frame,
    line: Line,
    answers: Vec<AnswerRow>,
    claims: Vec<Row>,
    /// Where the answers go.
    action: String,
    link: String,
    contact: String,
    /// Why nothing was done, and what was typed.
    problem: String,
    typed: AnswerForm,
}

#[derive(Default, Deserialize)]
pub struct Narrowed {
    #[serde(default)]
    status: String,
    #[serde(default)]
    q: String,
}

/// What sales answer, from either page.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct AnswerForm {
    pub answer: String,
    #[serde(default)]
    pub words: String,
    #[serde(default)]
    pub rate: String,
    #[serde(default)]
    pub starts_on: String,
    #[serde(default)]
    pub ends_on: String,
}

impl AnswerForm {
    /// Reads the answer, or says in a sentence what is missing.
    pub fn answer(&self) -> Result<Answer, String> {
        let day = |text: &str| text.parse().map_err(|_| language::text("“{0}” is no day: write it as 2026-12-31.").with(text).to_string());
        match self.answer.as_str() {
            "confirmed" => Ok(Answer::Confirmed),
            "not_ours" => Ok(Answer::NotOurs),
            "different" => Ok(Answer::Different {
                rate: recoup_engine::money::parse_decimal(&self.rate.replace(',', "."))
                    .map_err(|_| language::text("“{0}” is no rate.").with(&self.rate).to_string())?,
                starts_on: day(&self.starts_on)?,
                ends_on: day(&self.ends_on)?,
            }),
            _ => Err(language::text("Choose one of the answers.").into()),
        }
    }
}

/// GET /agreements
pub async fn list(State(desk): State<Desk>, frame: Frame, Query(narrowed): Query<Narrowed>) -> Result<Response, PageError> {
    let status = Some(narrowed.status.as_str()).filter(|status| AgreementStatus::WORDS.contains(status));
    let words = Some(narrowed.q.trim()).filter(|words| !words.is_empty());
    let rows = desk.workplace.store.agreement_rows(status, words).await?;
    html(&AgreementsPage {
        frame,
        lines: rows.iter().map(line).collect(),
        status: status.unwrap_or_default().to_owned(),
        q: narrowed.q.clone(),
        statuses: AgreementStatus::WORDS.iter().map(|word| (*word, show::plain(word))).collect(),
    })
}

/// GET /agreements/{id}
pub async fn show(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>) -> Result<Response, PageError> {
    page(&desk, frame, &id, String::new(), String::new(), AnswerForm::default()).await
}

async fn page(desk: &Desk, frame: Frame, id: &str, link: String, problem: String, typed: AnswerForm) -> Result<Response, PageError> {
    let status = if problem.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let store = &desk.workplace.store;
    let row = store.agreement_row(id).await?.ok_or(PageError::NotFound)?;
    let filter = Filter { agreement: Some(id.to_owned()), today: today().to_string(), ..Filter::default() };
    let claims = store.worklist(&filter, Sort::Largest, None, CLAIMS).await?;
    let query = format!("?{}", serde_urlencoded::to_string([("agreement", id)]).unwrap_or_default());
    let names: BTreeMap<String, String> = store.users().await?.into_iter().map(|user| (user.login, user.name)).collect();
    let mut answers = store.answers_of(id).await?;
    for answer in &mut answers {
        if let Some(name) = names.get(&answer.answered_by) {
            answer.answered_by.clone_from(name);
        }
    }
    let page = AgreementPage {
        contact: row.agreement.contact_email.clone().unwrap_or_default(),
        action: format!("/agreements/{id}/answer"),
        line: line(&row),
        answers,
        claims: claims.iter().map(|row| worklist::shown(row, &query)).collect(),
        link,
        problem,
        typed,
        frame,
    };
    Ok((status, Html(page.render()?)).into_response())
}

/// POST /agreements/{id}/answer: somebody with an account answers.
pub async fn answer(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>, Form(form): Form<AnswerForm>) -> Result<Response, PageError> {
    desk.workplace.store.agreement_row(&id).await?.ok_or(PageError::NotFound)?;
    let problem = match form.answer() {
        Ok(answer) => match confirm::answer(&desk.workplace, &frame.login, &id, &answer, &form.words).await {
            Ok(_) => return Ok(Redirect::to(&format!("/agreements/{id}")).into_response()),
            Err(error) => format!("{error:#}"),
        },
        Err(sentence) => sentence,
    };
    page(&desk, frame, &id, String::new(), problem, form).await
}

/// POST /agreements/{id}/link: a link that asks somebody without an account. It is shown once; only its hash is kept.
pub async fn link(State(desk): State<Desk>, frame: Frame, headers: HeaderMap, Path(id): Path<String>) -> Result<Response, PageError> {
    desk.workplace.store.agreement_row(&id).await?.ok_or(PageError::NotFound)?;
    let token = random_text(24);
    match confirm::make_link(&desk.workplace, &frame.login, &id, &token).await {
        Ok(()) => page(&desk, frame, &id, format!("{}/confirm/{token}", origin(&headers)), String::new(), AnswerForm::default()).await,
        Err(error) => page(&desk, frame, &id, String::new(), format!("{error:#}"), AnswerForm::default()).await,
    }
}

/// A row of the store as pages show it.
pub fn line(row: &AgreementRow) -> Line {
    let agreement = &row.agreement;
    let currency = agreement.currency.code();
    let money = |minor: i64| show::money(minor, currency);
    let day = today();
    Line {
        id: agreement.agreement_id.clone(),
        customer: row.customer_name.clone().unwrap_or_else(|| agreement.customer_id.clone()),
        customer_id: agreement.customer_id.clone(),
        kind: show::plain(agreement.kind.word()),
        description: agreement.description.clone().unwrap_or_default(),
        reference: agreement.customer_reference.clone().unwrap_or_default(),
        window: {
            let [first, last] = [agreement.starts_on, agreement.ends_on].map(|day| show::day(&day.to_string()));
            language::text("{0} to {1}").with(first).with(last).into()
        },
        starts_on: agreement.starts_on.to_string(),
        ends_on: agreement.ends_on.to_string(),
        mechanics: mechanics(row),
        rate: language::decimal(&agreement.rate.normalize().to_string()),
        articles: agreement.skus.join(", "),
        needs: agreement.performance_required.clone().unwrap_or_default(),
        status: agreement.status.word().to_owned(),
        claimed: money(row.claimed),
        owed: row.owed.map_or_else(|| language::text("not decided").into(), money),
        cap: agreement.cap_amount.map(money).unwrap_or_default(),
        remaining: agreement.cap_amount.map(|cap| money(cap - row.owed.unwrap_or(0))).unwrap_or_default(),
        used: agreement.cap_amount.filter(|cap| *cap > 0).map(|cap| (row.owed.unwrap_or(0).saturating_mul(100) / cap).clamp(0, 100)),
        deductions: row.deductions,
        open_claims: row.open_claims,
        open_amount: money(row.open_amount),
        is_running: agreement.covers_day(day),
    }
}

fn mechanics(row: &AgreementRow) -> String {
    use recoup_engine::agreement::RateType;
    let agreement = &row.agreement;
    let currency: Currency = agreement.currency;
    let rate = agreement.rate.normalize().to_string();
    let percent = show::percent(&show::group(&rate));
    let money = show::written(&rate, Some(currency.code()));
    let said = match agreement.rate_type {
        RateType::Percent if agreement.kind.is_periodic() => language::text("{0} of the net sales in its window").with(percent),
        RateType::Percent => language::text("{0} of the invoiced lines").with(percent),
        RateType::PerUnit => language::text("{0} a unit").with(money),
        RateType::PerCase => language::text("{0} a case").with(money),
        RateType::PerStore => match agreement.committed_stores {
            Some(stores) => language::counted(stores, "{1} a store, {0} store", "{1} a store, {0} stores").with(money),
            None => language::text("{0} a store").with(money),
        },
        RateType::Amount => language::text("{0} each time").with(money),
    };
    said.to_string()
}

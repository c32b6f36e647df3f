//! Administration of people: asking somebody in by a link that works once, roles with what does not go together, limits, and to whom they are lent.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use recoup_engine::claim::Outcome;
use recoup_engine::claim::authority::{Authority, Delegation, Limit};
use recoup_store::people::UserRow;
use serde::Deserialize;

use super::administration::conflicts;
use super::errors::{PageError, html};
use super::frame::Frame;
use super::language::{key, text};
use super::session::{origin, random_text};
use super::{Desk, amount, assets, filters, frame, show};
use crate::desk::people::{Change, ROLES, change};
use crate::desk::{authority, invitations};
use crate::pages::given::Form;

/// What each role is for, in the order of [`ROLES`].
const PURPOSES: [&str; ROLES.len()] = [
    key("Works claims and decides what the limits allow."),
    key("Works and approves, sees workload and log."),
    key("Answers for agreements and works what is asked of sales."),
    key("Checks deliveries and works shortages and damage."),
    key("Works what customers ask."),
    key("Sees everything and changes nothing."),
    key("Sets people, roles and limits."),
];

/// A role that can be chosen.
struct Role {
    word: &'static str,
    label: String,
    purpose: &'static str,
    is_theirs: bool,
    /// What would not go together, said before it is saved.
    conflicts: Vec<&'static str>,
}

struct Lent {
    to: String,
    from: String,
    until: String,
}

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    frame: Frame,
    user: UserRow,
    roles: Vec<Role>,
    limits: Vec<String>,
    lent: Vec<Lent>,
    others: Vec<(String, String)>,
    currencies: [&'static str; 3],
    /// Why nothing was done.
    problem: String,
    /// A link, shown once.
    link: String,
    days: i64,
}

#[derive(Template)]
#[template(path = "invited.html")]
struct InvitedPage {
    frame: Frame,
    name: String,
    link: String,
    problem: String,
    days: i64,
}

/// GET /administration/people/{id}
pub async fn show(State(desk): State<Desk>, frame: Frame, Path(login): Path<String>) -> Result<Response, PageError> {
    page(&desk, frame, &login, String::new(), String::new()).await
}

async fn page(desk: &Desk, frame: Frame, login: &str, problem: String, link: String) -> Result<Response, PageError> {
    let store = &desk.workplace.store;
    let users = store.users().await?;
    let user = users.iter().find(|user| user.login == login).cloned().ok_or(PageError::NotFound)?;
    let Authority { limits, delegations } = store.authority().await?;
    let own: Vec<&Limit> = limits.iter().filter(|limit| limit.login == login && limit.amount > 0).collect();
    let role = |(word, purpose): (&'static str, &'static str)| Role {
        label: show::plain(word),
        is_theirs: word == user.role,
        conflicts: conflicts(word, !own.is_empty()),
        word,
        purpose,
    };
    let limited =
        |limit: &&Limit| text("{0} up to {1}").with(show::inside(limit.outcome.word())).with(show::money(limit.amount, limit.currency.code())).to_string();
    let names = show::names_of(&users);
    let lent = |lent: &Delegation| Lent {
        to: names.get(&lent.to_login).unwrap_or(&lent.to_login).clone(),
        from: lent.starts_on.to_string(),
        until: lent.ends_on.to_string(),
    };
    let status = if problem.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = PersonPage {
        roles: ROLES.into_iter().zip(PURPOSES).map(role).collect(),
        limits: own.iter().map(limited).collect(),
        lent: delegations.iter().filter(|lent| lent.from_login == login).map(lent).collect(),
        others: users.iter().filter(|other| other.active && other.login != login).map(|other| (other.login.clone(), other.name.clone())).collect(),
        currencies: ["EUR", "GBP", "USD"],
        days: invitations::DAYS,
        user,
        problem,
        link,
        frame,
    };
    Ok((status, Html(page.render()?)).into_response())
}

/// What an administrator changes of a person.
#[derive(Default, Deserialize)]
pub struct PersonForm {
    act: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    currency: String,
    #[serde(default)]
    amount: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    from_day: String,
    #[serde(default)]
    until_day: String,
}

/// POST /administration/people/{id}
pub async fn save(
    State(desk): State<Desk>,
    frame: Frame,
    headers: HeaderMap,
    Path(login): Path<String>,
    Form(form): Form<PersonForm>,
) -> Result<Response, PageError> {
    let user = desk.workplace.store.user_by_login(&login).await?.ok_or(PageError::NotFound)?;
    if form.act == "link" {
        let token = random_text(24);
        return match invitations::invite(&desk.workplace, &frame.login, &token, &user.login, &user.name, &user.role).await {
            Ok(()) => page(&desk, frame, &user.login, String::new(), format!("{}/join/{token}", origin(&headers))).await,
            Err(error) => page(&desk, frame, &user.login, format!("{error:#}"), String::new()).await,
        };
    }
    let login = user.login;
    match apply(&desk, &frame.login, &login, &form).await {
        Ok(()) => Ok(Redirect::to(&format!("/administration/people/{login}")).into_response()),
        Err(why) => page(&desk, frame, &login, why, String::new()).await,
    }
}

/// Does what the form asks, or says in a sentence why not.
async fn apply(desk: &Desk, actor: &str, login: &str, form: &PersonForm) -> Result<(), String> {
    let said = |error: anyhow::Error| format!("{error:#}.");
    match form.act.as_str() {
        "role" => match ROLES.into_iter().find(|role| *role == form.role) {
            Some(role) => change(&desk.workplace, actor, login, Change::Role(role)).await.map_err(said),
            None => Err(text("Choose a role.").into()),
        },
        "disable" => change(&desk.workplace, actor, login, Change::Disable).await.map_err(said),
        "enable" => change(&desk.workplace, actor, login, Change::Enable).await.map_err(said),
        "limit" => {
            let currency = form.currency.trim().to_uppercase().parse().map_err(|_| text("“{0}” is no currency.").with(&form.currency).to_string())?;
            let limited = [Outcome::Accept, Outcome::WriteOff].into_iter().find(|outcome| outcome.word() == form.outcome);
            let outcome = limited.ok_or_else(|| text("Choose whether the limit is for accepting or for writing off.").to_string())?;
            let limit = Limit { login: login.to_owned(), outcome, currency, amount: amount::read(&form.amount, currency)? };
            authority::set_limit(&desk.workplace, actor, limit).await.map_err(said)
        }
        "lend" => {
            let day = |day: &str| day.parse().map_err(|_| text("“{0}” is no day: write it as 2026-12-31.").with(day).to_string());
            let lent = Delegation { from_login: login.to_owned(), to_login: form.to.clone(), starts_on: day(&form.from_day)?, ends_on: day(&form.until_day)? };
            authority::lend(&desk.workplace, actor, lent).await.map_err(said)
        }
        other => Err(text("“{0}” is nothing that can be done with a person.").with(other).into()),
    }
}

#[derive(Deserialize)]
pub struct InviteForm {
    login: String,
    #[serde(default)]
    name: String,
    role: String,
}

/// POST /administration/invitations: makes a link that is shown once; only its hash is kept.
pub async fn invite(State(desk): State<Desk>, frame: Frame, headers: HeaderMap, Form(form): Form<InviteForm>) -> Result<Response, PageError> {
    let token = random_text(24);
    let is_known = desk.workplace.store.user_by_login(form.login.trim()).await?.is_some();
    let made = if is_known {
        Err(text("“{0}” is here already: open the person to make a link for a new password.").with(form.login.trim()).to_string())
    } else {
        invitations::invite(&desk.workplace, &frame.login, &token, &form.login, &form.name, &form.role).await.map_err(|error| format!("{error:#}."))
    };
    let (link, problem) = match made {
        Ok(()) => (format!("{}/join/{token}", origin(&headers)), String::new()),
        Err(problem) => (String::new(), problem),
    };
    let name = if form.name.trim().is_empty() { form.login } else { form.name };
    html(&InvitedPage { frame, name, link, problem, days: invitations::DAYS })
}

#[derive(Deserialize)]
pub struct WithdrawForm {
    login: String,
}

/// POST /administration/invitations/withdraw: ends a link; one that ended already is as wished.
pub async fn withdraw(State(desk): State<Desk>, frame: Frame, Form(form): Form<WithdrawForm>) -> Result<Response, PageError> {
    invitations::withdraw(&desk.workplace, &frame.login, &form.login).await?;
    Ok(Redirect::to("/administration").into_response())
}

#[derive(Template)]
#[template(path = "join.html")]
struct JoinPage {
    css: String,
    theme: String,
    action: String,
    name: String,
    login: String,
    problem: String,
}

/// GET /join/{token}
pub async fn join(State(desk): State<Desk>, headers: HeaderMap, Path(token): Path<String>) -> Result<Response, PageError> {
    join_page(&desk, &headers, &token, String::new()).await
}

async fn join_page(desk: &Desk, headers: &HeaderMap, token: &str, problem: String) -> Result<Response, PageError> {
    let asked = invitations::asked_in(&desk.workplace, token).await?.ok_or(PageError::NotFound)?;
    let status = if problem.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let action = format!("/join/{token}");
    let page = JoinPage { css: assets::url("recoup.css"), theme: frame::theme(headers), action, name: asked.name, login: asked.login, problem };
    Ok((status, Html(page.render()?)).into_response())
}

#[derive(Deserialize)]
pub struct JoinForm {
    #[serde(default)]
    password: String,
}

/// POST /join/{token}: sets the password; the link ends with it.
pub async fn accept(State(desk): State<Desk>, headers: HeaderMap, Path(token): Path<String>, Form(form): Form<JoinForm>) -> Result<Response, PageError> {
    if crate::desk::people::check_password(&form.password).is_err() {
        return join_page(&desk, &headers, &token, text("A password has at least 8 characters (15 or more are advised).").into()).await;
    }
    invitations::asked_in(&desk.workplace, &token).await?.ok_or(PageError::NotFound)?;
    invitations::accept(&desk.workplace, &token, &form.password).await?;
    Ok(Redirect::to("/login").into_response())
}

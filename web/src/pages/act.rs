//! One act on one claim, from a form: done and said in a toast, or not done with the reason, the other's change and the visitor's own words kept on the claim itself.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use recoup_engine::claim::action::{Action, Decision, Outcome};
use recoup_engine::claim::state::{Party, Wake};
use recoup_engine::money::Currency;
use recoup_engine::taxonomy::{Category, Queue};
use serde::Deserialize;

use super::errors::PageError;
use super::frame::Frame;
use super::language::text;
use super::list::List;
use super::not_done::NotDone;
use super::session::own_path;
use super::{Desk, amount, claim, toast};
use crate::clock::today;
use crate::desk::categorise::categorise_claim;
use crate::desk::resolve::{self, Resolved};
use crate::pages::given::{Form, Query};

/// What the form of an act holds; every act uses some of it.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ActForm {
    pub act: String,
    #[serde(default)]
    pub version: i64,
    /// Reason, question or comment.
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub amount: String,
    /// A person, a queue, whom to ask, the claim to merge, or the category.
    #[serde(default)]
    pub to: String,
    #[serde(default)]
    pub until: String,
    /// `next` goes on to the next claim of the list, `approvals` and the check of a delivery lead back there.
    #[serde(default)]
    pub then: String,
}

/// What a form asks for.
#[derive(Debug)]
pub enum Wanted {
    Action(Action),
    /// So many minor units become a claim of their own.
    Split(i64),
    Merge(String),
    /// It claims this.
    Categorise(Category),
    Undo,
}

impl ActForm {
    /// Reads the form, or says in a sentence what is missing.
    pub fn wanted(&self, login: &str, currency: Currency) -> Result<Wanted, String> {
        let note = self.note.trim().to_owned();
        let minor = || amount::read(&self.amount, currency);
        let decide = |outcome, accepted| Wanted::Action(Action::Decide(Decision { outcome, accepted, reason: note.clone() }));
        Ok(match self.act.as_str() {
            "accept" => decide(Outcome::Accept, 0),
            "dispute" => decide(Outcome::Dispute, 0),
            "write_off" => decide(Outcome::WriteOff, 0),
            "partly_accept" => decide(Outcome::PartlyAccept, minor()?),
            "assign" => Wanted::Action(Action::Assign(match self.to.trim() {
                "" => None,
                "me" => Some(login.to_owned()),
                other => Some(other.to_lowercase()),
            })),
            "transfer" => {
                let to: Queue = self.to.parse().map_err(|_| text("Choose the queue it goes to.").to_string())?;
                Wanted::Action(Action::Transfer { to, note })
            }
            "hold" => Wanted::Action(Action::Hold { wake: self.wake()?, note }),
            "ask_backup" => {
                let of: Party = self.to.parse().map_err(|_| text("Choose whom to ask.").to_string())?;
                Wanted::Action(Action::AskBackup { of, note })
            }
            "resume" => Wanted::Action(Action::Resume),
            "comment" => Wanted::Action(Action::Comment { text: note }),
            "approve" => Wanted::Action(Action::Approve),
            "send_back" => Wanted::Action(Action::SendBack { reason: note }),
            "recover" => Wanted::Action(Action::Recover { minor: minor()?, note }),
            "close" => Wanted::Action(Action::Close { reason: note }),
            "take_back_recovery" => Wanted::Action(Action::TakeBackRecovery { reason: note }),
            "take_back" => Wanted::Action(Action::TakeBack { reason: note }),
            "split" => Wanted::Split(minor()?),
            "merge" if !self.to.trim().is_empty() => Wanted::Merge(self.to.trim().to_owned()),
            "merge" => return Err(text("Name the claim that repeats this one.").into()),
            "categorise" => match self.to.parse() {
                Ok(Category::Unknown) | Err(_) => return Err(text("Choose what is claimed.").into()),
                Ok(category) => Wanted::Categorise(category),
            },
            "undo" => Wanted::Undo,
            other => return Err(text("“{0}” is nothing that can be done with a claim.").with(other).into()),
        })
    }

    fn wake(&self) -> Result<Wake, String> {
        if self.to == "repeats" {
            return Ok(Wake::WhenItRepeats);
        }
        self.until.parse().map(Wake::On).map_err(|_| text("Give the day until which it is held, as 2026-12-31.").to_string())
    }
}

/// POST /claims/{id}/act
pub async fn post(
    State(desk): State<Desk>,
    frame: Frame,
    Path(id): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
    Form(form): Form<ActForm>,
) -> Result<Response, PageError> {
    let list = List::read(query, &frame.login, today());
    let store = &desk.workplace.store;
    let record = store.claim(&id).await?.ok_or(PageError::NotFound)?;
    let currency: Currency = record.row.currency.parse().map_err(anyhow::Error::from)?;
    let wanted = match form.wanted(&frame.login, currency) {
        Ok(wanted) => wanted,
        Err(sentence) => return not_done(&desk, frame, list, &id, NotDone::unread(form, sentence)).await,
    };
    // The next claim is looked up first: the act may take this one out of the list.
    let next = if form.then == "next" { claim::next_of(&desk, &list, &record).await? } else { None };
    let (login, version) = (frame.login.as_str(), form.version);
    let resolved = match wanted {
        Wanted::Action(action) => resolve::act(&desk.workplace, login, &id, version, &action).await?,
        Wanted::Split(part) => resolve::split(&desk.workplace, login, &id, version, &[record.amounts().open().saturating_sub(part), part]).await?,
        Wanted::Merge(duplicate) => resolve::merge(&desk.workplace, login, &id, version, &duplicate).await?,
        Wanted::Categorise(category) => categorise_claim(&desk.workplace, login, &id, version, category).await?,
        Wanted::Undo => resolve::undo(&desk.workplace, login, &id, version).await?,
    };
    match resolved {
        Resolved::Done(now) => {
            let onward = match (next, form.then.as_str()) {
                (Some(next), _) => next,
                (None, "next") => format!("/claims{}", list.query()),
                (None, then) if then.starts_with("/deliveries?") => own_path(then).to_owned(),
                (None, "approvals") => "/approvals".to_owned(),
                (None, _) => format!("/claims/{id}{}", list.with(&[])),
            };
            Ok((toast::remember(&form.act, &now), Redirect::to(&onward)).into_response())
        }
        Resolved::Stale(now) => {
            let stale = NotDone::stale(&desk, form, &now).await?;
            not_done(&desk, frame, list, &id, stale).await
        }
        Resolved::Refused(refusal) => {
            let refused = NotDone::refused(&desk, form, &frame.login, &record, &refusal).await?;
            not_done(&desk, frame, list, &id, refused).await
        }
        Resolved::Missing => Err(PageError::NotFound),
    }
}

/// The claim as it is now with why the act was not done: nobody is led away from the work.
async fn not_done(desk: &Desk, mut frame: Frame, list: List, id: &str, why: NotDone) -> Result<Response, PageError> {
    frame.here = format!("/claims/{id}{}", list.with(&[]));
    // What was done before is no longer the news.
    frame.toast = None;
    let status = if why.is_stale { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = claim::page(desk, frame, list, id, Some(why)).await?;
    Ok((status, page).into_response())
}

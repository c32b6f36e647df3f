//! Why an act on a claim was not done, beside the form it came from: what was typed is kept, and the way on is offered.

use recoup_engine::claim::action::Outcome;
use recoup_engine::claim::{Refusal, State};
use recoup_engine::money::Money;
use recoup_store::claims::ClaimRecord;

use super::access::{self, Needs};
use super::act::ActForm;
use super::errors::PageError;
use super::language::text;
use super::timeline::{self, Entry};
use super::{Desk, refused, show};
use crate::clock::today;

/// An act that was not done.
#[derive(Debug, Default)]
pub struct NotDone {
    /// What was typed.
    pub form: ActForm,
    /// `dispute`, as it stands in a sentence.
    pub verb: String,
    /// Why it was not done.
    pub sentence: String,
    /// What can be done instead.
    pub way_on: String,
    /// Another claim that the work goes on with.
    pub elsewhere: Option<String>,
    /// What others did since the visitor read the claim.
    pub theirs: Vec<Entry>,
    pub is_stale: bool,
}

impl NotDone {
    /// The form itself can't be read.
    pub fn unread(form: ActForm, sentence: String) -> Self {
        Self { verb: show::inside(&form.act), form, sentence, ..Self::default() }
    }

    /// Somebody changed the claim after the visitor opened it.
    pub async fn stale(desk: &Desk, form: ActForm, now: &ClaimRecord) -> Result<Self, PageError> {
        let names = show::names_of(&desk.workplace.store.users().await?);
        let happened = desk.workplace.store.happened(&now.row.claim_id).await?;
        let theirs = timeline::entries(happened, &names, &now.row.currency).into_iter().filter(|entry| entry.version > form.version).collect();
        let sentence = text("Somebody changed this claim after you opened it, so your act was not done. Nothing you wrote is lost.").to_string();
        Ok(Self { theirs, is_stale: true, ..Self::unread(form, sentence) })
    }

    /// The rules of the house refuse it.
    pub async fn refused(desk: &Desk, form: ActForm, login: &str, record: &ClaimRecord, refusal: &Refusal) -> Result<Self, PageError> {
        let (way_on, elsewhere) = match refusal {
            Refusal::AboveLimit { total, .. } => (above_limit(desk, login, record, *total).await?, None),
            Refusal::OwnDecision | Refusal::OwnAmount => (text("It stays among the approvals until somebody else looks at it.").into(), None),
            Refusal::Merged(into) => (String::new(), Some(into.clone())),
            Refusal::Closed | Refusal::Withdrawn => (text("Go on with the list.").into(), None),
            Refusal::AwaitsApproval | Refusal::Decided | Refusal::NotDecided | Refusal::NotAwaiting | Refusal::NotWaiting | Refusal::NotDisputed => {
                (text("What can be done with it now is offered here.").into(), None)
            }
            _ => (String::new(), None),
        };
        Ok(Self { way_on, elsewhere, ..Self::unread(form, refused::sentence(refusal)) })
    }

    /// Whether the form of an act is the one that was sent.
    pub fn is_of(&self, act: &str) -> bool {
        self.form.act == act
    }
}

/// Who may do what is above the visitor's limit.
async fn above_limit(desk: &Desk, login: &str, record: &ClaimRecord, total: Money) -> Result<String, PageError> {
    let claim = record.claim()?;
    let (outcome, decider) = match &claim.state {
        State::AwaitingApproval { decision, by, .. } => (decision.outcome, Some(by.as_str())),
        _ if claim.amounts.written_off != 0 => (Outcome::WriteOff, None),
        _ => (Outcome::Accept, None),
    };
    let not_from: Vec<&str> = [decider, claim.amount_changed_by.as_deref().filter(|_| decider.is_some()), Some(login)].into_iter().flatten().collect();
    let authority = desk.workplace.store.authority().await?;
    let may = |other: &str| authority.standing(other, outcome, total.currency, today(), 0, &not_from).limit >= total.minor;
    let users = desk.workplace.store.users().await?;
    let who: Vec<String> = users
        .into_iter()
        .filter(|user| user.active && access::may(&user.role, Needs::Writer) && !not_from.contains(&user.login.as_str()) && may(&user.login))
        .map(|user| user.name)
        .collect();
    Ok(match who.as_slice() {
        [] => text("Nobody else here may settle that much either: an administrator can raise a limit.").into(),
        who => text("Nothing was changed. {0} may do it.").with(who.join(&format!(" {} ", text("or")))).into(),
    })
}

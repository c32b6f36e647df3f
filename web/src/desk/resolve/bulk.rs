//! One act on many claims: chosen and frozen with the versions that were seen, rehearsed to the cent, then run; what was skipped says why.
//!
//! A decision without a reason of its own takes the reason of each claim's suggestion, as the form of a single claim does, where the suggestion is this
//! decision.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use recoup_engine::claim::action::Act;
use recoup_engine::claim::{Action, Decision, Outcome, State};
use recoup_store::Work;
use recoup_store::claims::{ClaimRecord, SuggestionRow};
use recoup_store::screens::claim::Happened;
use recoup_store::selections::SelectionRow;
use serde::{Deserialize, Serialize};

use super::undo::undo_within;
use super::{Resolved, act_within};
use crate::clock::now_text;
use crate::workplace::Workplace;

/// Most claims of one selection.
pub const MOST: usize = 5_000;

/// What the act does, or did, to one claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub claim_id: String,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    pub customer_id: Option<String>,
    /// The state that follows; absent when the claim is skipped.
    pub state: Option<String>,
    /// Why it is skipped.
    pub skipped: Option<String>,
    /// The suggestion whose words are the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggested: Option<String>,
    /// The version that the act made: the way back leads from there only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// What a selection does to each of its claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Doing {
    Act(Action),
    Undo(LastAct),
}

/// The act that an undo is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LastAct {
    Undo,
}

impl Doing {
    /// The word of the act.
    pub fn act(&self) -> Act {
        match self {
            Self::Act(action) => action.act(),
            Self::Undo(_) => Act::Undo,
        }
    }

    /// What leads back from it: nothing from a comment. A decision is taken back for a reason.
    pub fn way_back(&self, reason: &str) -> Option<Self> {
        match self.act() {
            Act::Decide => Some(Self::Act(Action::TakeBack { reason: reason.to_owned() })),
            act if act.can_be_undone() => Some(Self::Undo(LastAct::Undo)),
            _ => None,
        }
    }
}

/// Freezes a selection; returns its number.
pub async fn choose(workplace: &Workplace, login: &str, selection_id: String, action: &Doing, frozen: &[(&str, i64)]) -> Result<String> {
    let frozen = &frozen[..frozen.len().min(MOST)];
    let selection = SelectionRow {
        selection_id,
        login: login.to_owned(),
        action: serde_json::to_string(action)?,
        claims: serde_json::to_string(frozen)?,
        created_at: now_text(),
        report: None,
    };
    let mut work = workplace.store.begin().await?;
    work.add_selection(&selection).await?;
    work.commit().await?;
    Ok(selection.selection_id)
}

/// What running a selection would do: every act is done in one unit of work that is thrown away.
pub async fn rehearse(workplace: &Workplace, selection: &SelectionRow) -> Result<Vec<Line>> {
    let (action, claims) = prepared(workplace, selection).await?;
    let mut work = workplace.store.begin().await?;
    through(&mut work, selection, &action, claims).await
}

/// Runs a selection, once: all its acts and its report in one unit of work, so that a run that is cut off has done nothing and a second one waits for
/// the first.
pub async fn run(workplace: &Workplace, selection: &SelectionRow) -> Result<()> {
    let (action, claims) = prepared(workplace, selection).await?;
    let mut work = workplace.store.begin().await?;
    if !work.take_selection(&selection.selection_id).await? {
        return Ok(());
    }
    let lines = through(&mut work, selection, &action, claims).await?;
    work.finish_selection(&selection.selection_id, &serde_json::to_string(&lines)?).await?;
    work.commit().await?;
    Ok(())
}

/// A claim of a selection: its number, the version that was seen, and how it stands now with what is suggested for it.
struct Chosen {
    claim_id: String,
    version: i64,
    record: Option<ClaimRecord>,
    suggestion: Option<SuggestionRow>,
    /// What happened to it last, where that is undone.
    last: Option<Happened>,
}

async fn prepared(workplace: &Workplace, selection: &SelectionRow) -> Result<(Doing, Vec<Chosen>)> {
    let (action, frozen) = read(selection)?;
    let ids: Vec<String> = frozen.iter().map(|(id, _)| id.clone()).collect();
    let mut records: BTreeMap<String, ClaimRecord> = workplace.store.claims(&ids).await?.into_iter().map(|claim| (claim.row.claim_id.clone(), claim)).collect();
    let mut suggestions: BTreeMap<String, SuggestionRow> =
        workplace.store.suggestions(&ids).await?.into_iter().map(|row| (row.claim_id.clone(), row)).collect();
    let mut last = if action == Doing::Undo(LastAct::Undo) { workplace.store.last_happened(&ids).await? } else { HashMap::new() };
    let mut chosen = Vec::with_capacity(frozen.len());
    for (claim_id, version) in frozen {
        let (record, suggestion, last) = (records.remove(&claim_id), suggestions.remove(&claim_id), last.remove(&claim_id));
        chosen.push(Chosen { record, suggestion, claim_id, version, last });
    }
    Ok((action, chosen))
}

async fn through(work: &mut Work, selection: &SelectionRow, doing: &Doing, claims: Vec<Chosen>) -> Result<Vec<Line>> {
    let authority = work.authority().await?;
    let mut lines = Vec::with_capacity(claims.len());
    for Chosen { claim_id, version, record, suggestion, last } in claims {
        let (resolved, suggested) = match doing {
            Doing::Act(action) => {
                let (action, suggested) = reasoned(action, suggestion.as_ref());
                (act_within(work, &authority, &selection.login, &claim_id, version, &action).await?, suggested)
            }
            Doing::Undo(_) => (undo_within(work, &selection.login, &claim_id, version, last.as_ref()).await?, None),
        };
        lines.push(line(&claim_id, record.as_ref(), resolved, suggested));
    }
    Ok(lines)
}

/// What a selection does, and its claims with their versions.
pub fn read(selection: &SelectionRow) -> Result<(Doing, Vec<(String, i64)>)> {
    Ok((serde_json::from_str(&selection.action)?, serde_json::from_str(&selection.claims)?))
}

/// The act on one claim, and the suggestion that gave its reason.
fn reasoned(action: &Action, suggestion: Option<&SuggestionRow>) -> (Action, Option<String>) {
    let why = match (action, suggestion) {
        (Action::Decide(decision), Some(row)) if decision.reason.trim().is_empty() => {
            let points_to = row.validity.and_then(Outcome::suggested_by);
            row.explanation.clone().filter(|_| points_to == Some(decision.outcome))
        }
        _ => None,
    };
    match (action, &why) {
        (Action::Decide(decision), Some(why)) => (Action::Decide(Decision { reason: why.clone(), ..decision.clone() }), Some(why.clone())),
        (action, _) => (action.clone(), None),
    }
}

fn line(claim_id: &str, record: Option<&ClaimRecord>, resolved: Resolved, suggested: Option<String>) -> Line {
    let (state, version, skipped) = match resolved {
        Resolved::Done(now) => (Some(now.state), Some(now.row.version), None),
        Resolved::Stale(now) => (None, None, Some(stale(&now))),
        Resolved::Refused(refusal) => (None, None, Some(refusal.to_string())),
        Resolved::Missing => (None, None, Some("This claim is gone: new evidence closed it.".to_owned())),
    };
    Line {
        claim_id: claim_id.to_owned(),
        amount: record.map_or(0, |record| record.row.amount),
        currency: record.map(|record| record.row.currency.clone()).unwrap_or_default(),
        customer_id: record.and_then(|record| record.row.customer_id.clone()),
        state,
        suggested: suggested.filter(|_| skipped.is_none()),
        version,
        skipped,
    }
}

fn stale(now: &ClaimRecord) -> String {
    let by = now.claim().ok().and_then(|claim| match claim.state {
        State::AwaitingApproval { by, .. } => Some(by),
        state => state.decided().map(|decided| decided.by.clone()),
    });
    match by {
        Some(by) => format!("{by} changed it since you chose it: it is {} now.", now.state.replace('_', " ")),
        None => "Somebody changed it since you chose it.".to_owned(),
    }
}

//! The legal steps of a claim. Each step is total: it returns the next claim or says why not.

use super::action::{Action, Actor, Decision, Outcome};
use super::authority::Standing;
use super::state::{Decided, State, Wake};
use super::{ACCEPTED, Claim, DEDUCTIONS, Movement, RECOVERED, Refusal, WRITTEN_OFF};
use crate::money::{Currency, Money};

/// A claim after a step, with the money that the step moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub claim: Claim,
    /// They sum to zero.
    pub movements: Vec<Movement>,
}

impl Claim {
    /// Does one action. `standing` says what the actor may settle alone; see [`super::authority`].
    pub fn act(&self, action: &Action, actor: &Actor<'_>, standing: &Standing, currency: Currency) -> Result<Step, Refusal> {
        self.refuse_finished()?;
        let step = self.step(action, actor, standing, currency)?;
        if step.claim.amounts != self.amounts && !step.claim.amounts.hold() {
            return Err(Refusal::AmountsDontHold);
        }
        Ok(step)
    }

    fn step(&self, action: &Action, actor: &Actor<'_>, standing: &Standing, currency: Currency) -> Result<Step, Refusal> {
        let mut next = self.clone();
        match action {
            Action::Assign(to) => next.assign(to.as_deref())?,
            Action::Transfer { to, note } => {
                next.refuse_decided()?;
                if next.queue == *to {
                    return Err(Refusal::SameQueue);
                }
                said(note)?;
                // Whoever had it does not work in that queue.
                (next.queue, next.assignee, next.state) = (*to, None, State::New);
            }
            Action::Hold { wake, note } => {
                next.refuse_decided()?;
                if let Wake::On(day) = wake
                    && *day <= actor.today
                {
                    return Err(Refusal::DayNotAhead(*day));
                }
                next.state = State::Parked { by: actor.login.to_owned(), wake: wake.clone(), note: note.clone() };
            }
            Action::AskBackup { of, note } => {
                next.refuse_decided()?;
                said(note)?;
                next.state = State::Waiting { on: *of, asked_by: actor.login.to_owned(), since: actor.today, note: note.clone() };
            }
            Action::Resume => {
                if !matches!(self.state, State::Waiting { .. } | State::Parked { .. }) {
                    return Err(Refusal::NotWaiting);
                }
                next.state = State::InReview;
            }
            Action::Comment { text } => said(text)?,
            Action::Decide(decision) => return self.decide(decision, actor, standing, currency),
            Action::Approve => return self.approve(actor, standing, currency),
            Action::SendBack { reason } => {
                let State::AwaitingApproval { by, .. } = &self.state else { return Err(Refusal::NotAwaiting) };
                said(reason)?;
                (next.assignee, next.state) = (Some(by.clone()), State::InReview);
                // A dispute that its decider wanted to end is open again.
                next.amounts.disputed = 0;
            }
            Action::Recover { minor, note } => return self.recover(*minor, note, actor, currency),
            Action::Close { reason } => {
                let decided = self.state.decided().ok_or(Refusal::NotDecided)?;
                if self.amounts.disputed != 0 {
                    return Err(Refusal::StillDisputed);
                }
                said(reason)?;
                next.state = State::Closed { by: actor.login.to_owned(), on: actor.today, reason: reason.clone(), decided: Some(decided.clone()) };
            }
            Action::TakeBack { reason } => return self.take_back(reason, actor, standing, currency),
            Action::TakeBackRecovery { reason } => return self.take_back_recovery(reason, actor),
        }
        Ok(Step { claim: next, movements: Vec::new() })
    }

    fn refuse_finished(&self) -> Result<(), Refusal> {
        match &self.state {
            State::Closed { .. } => Err(Refusal::Closed),
            State::Merged { into, .. } => Err(Refusal::Merged(into.clone())),
            State::Withdrawn => Err(Refusal::Withdrawn),
            _ => Ok(()),
        }
    }

    /// Refuses unless the claim can still be worked.
    ///
    /// # Errors
    /// Why it can't: it is finished, decided, or waits for approval.
    pub fn refuse_decided(&self) -> Result<(), Refusal> {
        self.refuse_finished()?;
        match &self.state {
            State::AwaitingApproval { .. } => Err(Refusal::AwaitsApproval),
            state if state.is_undecided() => Ok(()),
            _ => Err(Refusal::Decided),
        }
    }

    fn assign(&mut self, to: Option<&str>) -> Result<(), Refusal> {
        if self.assignee.as_deref() == to {
            return Err(Refusal::SameAssignee);
        }
        self.assignee = to.map(str::to_owned);
        self.state = match (&self.state, to) {
            (State::New, Some(_)) => State::InReview,
            (State::InReview, None) => State::New,
            (state, _) => state.clone(),
        };
        Ok(())
    }

    /// A dispute that was lost, of a whole claim or of the rest of one, is decided again: accepted or written off. What was accepted stays.
    fn decide(&self, decision: &Decision, actor: &Actor<'_>, standing: &Standing, currency: Currency) -> Result<Step, Refusal> {
        let is_disputed = self.state.decided().is_some() && self.amounts.disputed != 0;
        let lost_dispute = is_disputed && decision.outcome != Outcome::Dispute;
        if !lost_dispute {
            self.refuse_decided()?;
        }
        said(&decision.reason)?;
        let mut undecided = self.clone();
        if lost_dispute {
            undecided.amounts.disputed = 0;
        }
        undecided.refuse_no_part(decision, currency)?;
        if decision.outcome == Outcome::PartlyAccept {
            undecided.amount_changed_by = Some(actor.login.to_owned());
        }
        if standing.settle(undecided.would_give_away(decision), currency).is_err() {
            let mut claim = undecided;
            claim.amounts = self.amounts;
            claim.state = State::AwaitingApproval { decision: decision.clone(), by: actor.login.to_owned(), on: actor.today };
            return Ok(Step { claim, movements: Vec::new() });
        }
        let decided = Decided { by: actor.login.to_owned(), on: actor.today, reason: decision.reason.clone(), approved_by: None };
        Ok(undecided.settle(decision, decided))
    }

    fn approve(&self, actor: &Actor<'_>, standing: &Standing, currency: Currency) -> Result<Step, Refusal> {
        let State::AwaitingApproval { decision, by, .. } = &self.state else { return Err(Refusal::NotAwaiting) };
        if by == actor.login {
            return Err(Refusal::OwnDecision);
        }
        if self.amount_changed_by.as_deref() == Some(actor.login) {
            return Err(Refusal::OwnAmount);
        }
        let mut undecided = self.clone();
        undecided.amounts.disputed = 0;
        undecided.refuse_no_part(decision, currency)?;
        standing.settle(undecided.would_give_away(decision), currency)?;
        let decided = Decided { by: by.clone(), on: actor.today, reason: decision.reason.clone(), approved_by: Some(actor.login.to_owned()) };
        Ok(undecided.settle(decision, decided))
    }

    /// Refuses a part that is not within the open amount.
    fn refuse_no_part(&self, decision: &Decision, currency: Currency) -> Result<(), Refusal> {
        let (open, part) = (self.amounts.open(), decision.accepted);
        let is_part = part != 0 && part.signum() == open.signum() && part.unsigned_abs() < open.unsigned_abs();
        if decision.outcome == Outcome::PartlyAccept && !is_part {
            return Err(Refusal::PartOutOfRange(Money::new(open, currency)));
        }
        Ok(())
    }

    /// What a decision gives away, with what was given away of this claim before: a limit can't be passed in steps.
    const fn would_give_away(&self, decision: &Decision) -> i64 {
        match decision.given_away(self.amounts.open()) {
            0 => 0,
            minor => minor + self.amounts.given_away(),
        }
    }

    /// Carries a decision out on the open amount.
    fn settle(&self, decision: &Decision, decided: Decided) -> Step {
        let mut claim = self.clone();
        let open = self.amounts.open();
        let amounts = &mut claim.amounts;
        claim.state = match decision.outcome {
            Outcome::Accept => {
                amounts.accepted += open;
                State::Accepted(decided)
            }
            Outcome::Dispute => {
                amounts.disputed += open;
                State::Disputed(decided)
            }
            Outcome::WriteOff => {
                amounts.written_off += open;
                if amounts.accepted == 0 { State::WrittenOff(decided) } else { State::PartlyAccepted(decided) }
            }
            Outcome::PartlyAccept => {
                amounts.accepted += decision.accepted;
                amounts.disputed += open - decision.accepted;
                State::PartlyAccepted(decided)
            }
        };
        let movements = movements(self, &claim);
        Step { claim, movements }
    }

    fn recover(&self, minor: i64, note: &str, actor: &Actor<'_>, currency: Currency) -> Result<Step, Refusal> {
        if matches!(self.state, State::AwaitingApproval { .. }) {
            return Err(Refusal::AwaitsApproval);
        }
        let disputed = self.amounts.disputed;
        if disputed == 0 {
            return Err(if self.state.decided().is_some() { Refusal::NotDisputed } else { Refusal::NotDecided });
        }
        if minor == 0 || minor.signum() != disputed.signum() || minor.unsigned_abs() > disputed.unsigned_abs() {
            return Err(Refusal::AmountOutOfRange(Money::new(disputed, currency)));
        }
        said(note)?;
        let mut claim = self.clone();
        claim.amounts.disputed -= minor;
        claim.amounts.recovered += minor;
        if claim.amounts.disputed == 0 && claim.amounts.accepted == 0 {
            claim.state = State::Recovered(Decided { by: actor.login.to_owned(), on: actor.today, reason: note.to_owned(), approved_by: None });
        }
        let movements = movements(self, &claim);
        Ok(Step { claim, movements })
    }

    /// Takes back everything that was booked as recovered: it is asked back again, or open where nothing is decided. The right amount is then booked anew.
    fn take_back_recovery(&self, reason: &str, actor: &Actor<'_>) -> Result<Step, Refusal> {
        if matches!(self.state, State::AwaitingApproval { .. }) {
            return Err(Refusal::AwaitsApproval);
        }
        let recovered = self.amounts.recovered;
        if recovered == 0 {
            return Err(Refusal::NothingRecovered);
        }
        said(reason)?;
        let mut claim = self.clone();
        claim.amounts.recovered = 0;
        if let Some(decided) = self.state.decided() {
            claim.amounts.disputed += recovered;
            let decided = match self.state {
                // The note of the recovery would be a false reason from now on.
                State::Recovered(_) => Decided { by: actor.login.to_owned(), on: actor.today, reason: reason.to_owned(), approved_by: None },
                _ => decided.clone(),
            };
            claim.state = if claim.amounts.accepted == 0 { State::Disputed(decided) } else { State::PartlyAccepted(decided) };
        }
        let movements = movements(self, &claim);
        Ok(Step { claim, movements })
    }

    /// Takes a decision back by counter-entries; whoever does it could have decided it alone. Money that came back stays, unless all of it did: then
    /// that is what is taken back.
    fn take_back(&self, reason: &str, actor: &Actor<'_>, standing: &Standing, currency: Currency) -> Result<Step, Refusal> {
        if let State::AwaitingApproval { by, .. } = &self.state {
            if by != actor.login {
                return Err(Refusal::AwaitsApproval);
            }
        } else if self.state.decided().is_none() {
            return Err(Refusal::NotDecided);
        }
        said(reason)?;
        standing.settle(self.amounts.given_away(), currency)?;
        let mut claim = self.clone();
        let recovered = if matches!(self.state, State::Recovered(_)) { 0 } else { self.amounts.recovered };
        claim.amounts = super::Amounts { recovered, ..super::Amounts::of(self.amounts.claimed) };
        claim.state = State::InReview;
        claim.assignee = Some(actor.login.to_owned());
        let movements = movements(self, &claim);
        Ok(Step { claim, movements })
    }
}

/// What left the account of unsettled deductions and where it went. A dispute moves nothing: the money is still held back.
pub(super) fn movements(before: &Claim, after: &Claim) -> Vec<Movement> {
    let (before, after) = (before.amounts, after.amounts);
    let settled =
        [(ACCEPTED, after.accepted - before.accepted), (WRITTEN_OFF, after.written_off - before.written_off), (RECOVERED, after.recovered - before.recovered)];
    let sum: i64 = settled.iter().map(|(_, minor)| minor).sum();
    let settled = settled.into_iter().map(|(account, minor)| Movement { account, minor });
    settled.chain([Movement { account: DEDUCTIONS, minor: -sum }]).filter(|movement| movement.minor != 0).collect()
}

/// A reason that says nothing is no reason.
fn said(text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() { Err(Refusal::ReasonMissing) } else { Ok(()) }
}

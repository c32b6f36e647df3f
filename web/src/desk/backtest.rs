//! What a draft of the rules would have changed: every past deduction decided by the book in force and by the draft, on the facts of today.

use std::collections::BTreeMap;

use anyhow::Result;
use recoup_rules::book::Book;
use recoup_rules::decide::{Decision, Policy, decide};
use recoup_store::verdicts::PendingDeduction;
use serde::Serialize;

use super::Progress;
use super::triage::earlier::Earlier;
use super::triage::group::{Group, Shared};
use crate::workplace::Workplace;

/// What a book says of one deduction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    pub category: String,
    pub expectation: String,
    pub validity: String,
    /// Minor units; `None` when unknown.
    pub owed: Option<i64>,
    pub queue: String,
    pub priority: String,
    pub approval_level: u8,
    /// Settled by the rule.
    pub closes: bool,
    pub routing_rule: String,
}

impl Outcome {
    fn of(decision: &Decision) -> Self {
        Self {
            category: decision.verdict.category.word().to_owned(),
            expectation: decision.verdict.expectation.word().to_owned(),
            validity: decision.verdict.validity.word().to_owned(),
            owed: decision.verdict.valid_minor,
            queue: decision.routed.queue.word().to_owned(),
            priority: decision.routed.priority.clone(),
            approval_level: decision.routed.approval_level,
            closes: decision.closes,
            routing_rule: decision.routed.rule.clone(),
        }
    }
}

/// A deduction that the draft decides otherwise.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    pub deduction_id: String,
    pub customer_id: String,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    pub before: Outcome,
    pub after: Outcome,
}

impl Change {
    /// Minor units whose fate differs: what is owed more or less, else the whole amount when its verdict or desk changes.
    pub fn moved(&self) -> i64 {
        match (self.before.owed, self.after.owed) {
            (Some(before), Some(after)) if before != after => (after - before).abs(),
            _ => self.amount.abs(),
        }
    }
}

/// What a draft would have changed.
#[derive(Clone, Debug, Serialize)]
pub struct Backtest {
    pub decided: usize,
    /// The most money first.
    pub changes: Vec<Change>,
}

/// Number of changes and minor units moved, by a word of the change and the currency.
pub type Totals = BTreeMap<(String, String), (usize, i64)>;

impl Backtest {
    pub fn totals(&self, word: impl Fn(&Change) -> &str) -> Totals {
        let mut totals = Totals::new();
        for change in &self.changes {
            let (count, moved) = totals.entry((word(change).to_owned(), change.currency.clone())).or_default();
            *count += 1;
            *moved += change.moved();
        }
        totals
    }
}

/// Decides every standing deduction by both books; writes nothing.
pub async fn run(workplace: &Workplace, draft: &Book) -> Result<Backtest> {
    let deductions = workplace.store.standing_deductions().await?;
    let decided = deductions.len();
    let progress = Progress::new("backtesting", decided as u64);
    let shared = Shared::read(workplace).await?;
    let rules = workplace.renew_rules().await?;
    let of_now = shared.policy(&rules);
    let mut changes = Vec::new();
    for deductions in shared.by_group(deductions) {
        let group = Group::read(workplace, &shared, &deductions).await?;
        // Each book remembers what it decided itself.
        let (mut by_book, mut by_draft) = (Earlier::new(Vec::new(), Vec::new()), Earlier::new(Vec::new(), Vec::new()));
        for deduction in &deductions {
            let before = one(of_now, &group, &mut by_book, deduction)?;
            let after = one(Policy { book: draft, ..of_now }, &group, &mut by_draft, deduction)?;
            if before != after {
                changes.push(Change {
                    deduction_id: deduction.deduction_id.clone(),
                    customer_id: deduction.customer_id.clone().unwrap_or_default(),
                    amount: deduction.amount,
                    currency: deduction.currency.clone(),
                    before,
                    after,
                });
            }
        }
        progress.advance(deductions.len() as u64);
    }
    progress.finish();
    changes.sort_by(|left, right| right.moved().cmp(&left.moved()).then_with(|| left.deduction_id.cmp(&right.deduction_id)));
    Ok(Backtest { decided, changes })
}

fn one(policy: Policy<'_>, group: &Group, earlier: &mut Earlier, deduction: &PendingDeduction) -> Result<Outcome> {
    let decision = decide(group.held_back(deduction)?, policy, &group.facts, earlier.before(deduction))?;
    earlier.remember(deduction, &decision);
    Ok(Outcome::of(&decision))
}

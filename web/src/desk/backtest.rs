//! What a draft of the rules would have changed: every past deduction decided by the book in force and by the draft, on the facts of today.

pub mod kept;

use std::collections::BTreeMap;

use anyhow::Result;
use recoup_rules::book::Book;
use recoup_rules::decide::{Decision, Policy, decide};
use recoup_store::verdicts::PendingDeduction;
use serde::{Deserialize, Serialize};

use super::Progress;
use super::runs::Course;
use super::triage::earlier::Earlier;
use super::triage::group::{Group, Shared};
use crate::workplace::Workplace;

/// What a book says of one deduction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub category: String,
    pub expectation: String,
    pub validity: String,
    /// Minor units; `None` when unknown.
    pub owed: Option<i64>,
    pub queue: String,
    pub priority: String,
    pub approval_level: u8,
    /// In which somebody should have decided; `None` in results that were kept before it was compared.
    #[serde(default)]
    pub days: Option<u16>,
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
            days: Some(decision.routed.days),
            closes: decision.closes,
            routing_rule: decision.routed.rule.clone(),
        }
    }
}

/// What two outcomes may differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aspect {
    Category,
    Expectation,
    Validity,
    Owed,
    Desk,
    Priority,
    Approval,
    /// The days in which somebody should have decided.
    Days,
    /// A rule settles what a person worked.
    Closes,
    /// A person works what a rule settled.
    Opens,
    Row,
}

impl Aspect {
    /// In the order in which a decision is made.
    pub const ALL: [Self; 11] = [
        Self::Category,
        Self::Expectation,
        Self::Validity,
        Self::Owed,
        Self::Desk,
        Self::Priority,
        Self::Approval,
        Self::Days,
        Self::Closes,
        Self::Opens,
        Self::Row,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Expectation => "expectation",
            Self::Validity => "validity",
            Self::Owed => "owed",
            Self::Desk => "desk",
            Self::Priority => "priority",
            Self::Approval => "approval",
            Self::Days => "days",
            Self::Closes => "closes",
            Self::Opens => "opens",
            Self::Row => "row",
        }
    }

    fn differs(self, before: &Outcome, after: &Outcome) -> bool {
        match self {
            Self::Category => before.category != after.category,
            Self::Expectation => before.expectation != after.expectation,
            Self::Validity => before.validity != after.validity,
            Self::Owed => before.owed != after.owed,
            Self::Desk => before.queue != after.queue,
            Self::Priority => before.priority != after.priority,
            Self::Approval => before.approval_level != after.approval_level,
            Self::Days => before.days != after.days,
            Self::Closes => !before.closes && after.closes,
            Self::Opens => before.closes && !after.closes,
            Self::Row => before.routing_rule != after.routing_rule,
        }
    }
}

/// In what two outcomes differ.
pub fn aspects(before: &Outcome, after: &Outcome) -> impl Iterator<Item = Aspect> {
    Aspect::ALL.into_iter().filter(|aspect| aspect.differs(before, after))
}

/// Deductions between two looks at whether the run is still wanted; whoever else wants the processor gets it then.
const STRIDE: usize = 100;

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
    /// Minor units whose fate differs: what is owed more or less, else the whole amount when its verdict or desk changes. Another row, priority, level or
    /// day moves no money.
    pub fn moved(&self) -> i64 {
        const MOVING: [Aspect; 6] = [Aspect::Category, Aspect::Validity, Aspect::Owed, Aspect::Desk, Aspect::Closes, Aspect::Opens];
        match (self.before.owed, self.after.owed) {
            (Some(before), Some(after)) if before != after => (after - before).abs(),
            _ if MOVING.iter().any(|aspect| aspect.differs(&self.before, &self.after)) => self.amount.abs(),
            _ => 0,
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

/// Decides every standing deduction by both books; writes nothing. `None` when it was stopped.
pub async fn run(workplace: &Workplace, draft: &Book, course: &Course) -> Result<Option<Backtest>> {
    let deductions = workplace.store.standing_deductions().await?;
    let decided = deductions.len();
    course.expect(decided as u64);
    let progress = Progress::new("backtesting", decided as u64);
    let shared = Shared::read(workplace).await?;
    let rules = workplace.renew_rules().await?;
    let of_now = shared.policy(&rules);
    let mut changes = Vec::new();
    for deductions in shared.by_group(deductions) {
        let group = Group::read(workplace, &shared, &deductions).await?;
        // Each book remembers what it decided itself.
        let (mut by_book, mut by_draft) = (Earlier::new(Vec::new(), Vec::new()), Earlier::new(Vec::new(), Vec::new()));
        for part in deductions.chunks(STRIDE) {
            if course.is_stopped() {
                return Ok(None);
            }
            // Neither book knows of the other: each is asked on a core of its own.
            let (before, after) = std::thread::scope(|scope| {
                let after = scope.spawn(|| all(Policy { book: draft, ..of_now }, &group, &mut by_draft, part));
                (all(of_now, &group, &mut by_book, part), after.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            });
            let outcomes = before?.into_iter().zip(after?);
            changes.extend(
                part.iter().zip(outcomes).filter(|(_, (before, after))| before != after).map(|(deduction, (before, after))| change(deduction, before, after)),
            );
            course.advance(part.len() as u64);
            progress.advance(part.len() as u64);
            tokio::task::yield_now().await;
        }
    }
    progress.finish();
    changes.sort_by(|left, right| right.moved().cmp(&left.moved()).then_with(|| left.deduction_id.cmp(&right.deduction_id)));
    Ok(Some(Backtest { decided, changes }))
}

fn change(deduction: &PendingDeduction, before: Outcome, after: Outcome) -> Change {
    Change {
        deduction_id: deduction.deduction_id.clone(),
        customer_id: deduction.customer_id.clone().unwrap_or_default(),
        amount: deduction.amount,
        currency: deduction.currency.clone(),
        before,
        after,
    }
}

fn all(policy: Policy<'_>, group: &Group, earlier: &mut Earlier, deductions: &[PendingDeduction]) -> Result<Vec<Outcome>> {
    let decided = deductions.iter().map(|deduction| {
        let decision = decide(group.held_back(deduction)?, policy, &group.facts, earlier.before(deduction))?;
        earlier.remember(deduction, &decision);
        Ok(Outcome::of(&decision))
    });
    decided.collect()
}

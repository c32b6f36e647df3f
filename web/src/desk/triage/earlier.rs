//! What came before a deduction in order of arrival: judging one again must not see what came after it.

use anyhow::Result;
use recoup_engine::history::{EarlierDeduction, History, LetGo, month_of};
use recoup_engine::taxonomy::Category;
use recoup_rules::decide::Decision;
use recoup_rules::small_claims::LET_GO;
use recoup_store::verdicts::PendingDeduction;

use super::group::payment_date;
use crate::workplace::Workplace;

/// The history of a group, taken in up to the deduction at hand.
pub(crate) struct Earlier {
    history: History,
    /// Judged before this run, in order; what the history has not taken in yet.
    waiting: std::iter::Peekable<std::vec::IntoIter<EarlierDeduction>>,
    /// Let go before this run, in order; what the history has not taken in yet.
    small: std::iter::Peekable<std::vec::IntoIter<LetGo>>,
}

impl Earlier {
    pub fn new(judged: Vec<EarlierDeduction>, small: Vec<LetGo>) -> Self {
        Self { history: History::default(), waiting: judged.into_iter().peekable(), small: small.into_iter().peekable() }
    }

    /// What was judged before of a group of customers.
    pub async fn read(workplace: &Workplace, members: &[String]) -> Result<Self> {
        Ok(Self::new(workplace.store.earlier_deductions(members).await?, workplace.store.let_go(LET_GO, members).await?.into_iter().map(LetGo::from).collect()))
    }

    /// Everything judged before this deduction.
    pub fn before(&mut self, deduction: &PendingDeduction) -> &History {
        let position = position(deduction);
        while let Some(earlier) = self.waiting.next_if(|earlier| earlier.position < position) {
            self.history.remember(earlier);
        }
        while let Some(small) = self.small.next_if(|small| small.position < position) {
            self.history.let_go(small);
        }
        &self.history
    }

    /// Takes in what was just decided, so that the next ones see it. What was let go or is unexplained is nothing that could be taken twice.
    pub fn remember(&mut self, deduction: &PendingDeduction, decision: &Decision) {
        if let Some(given_up) = decision.let_go {
            self.history.let_go(LetGo {
                position: position(deduction),
                customer_id: decision.customer_id.clone(),
                category: decision.verdict.category,
                currency: given_up.currency,
                month: payment_date(deduction).map(month_of),
                amount: given_up.minor,
            });
        }
        if deduction.within_tolerance || decision.verdict.category == Category::Unknown {
            return;
        }
        self.history.remember(EarlierDeduction {
            deduction_id: deduction.deduction_id.clone(),
            position: position(deduction),
            customer_id: decision.customer_id.clone(),
            reference: deduction.debit_note_number.clone(),
            invoice_number: decision.invoice_number.clone(),
            agreement_id: decision.verdict.agreement_id.clone(),
            category: decision.verdict.category,
            amount: deduction.amount,
            valid_amount: decision.verdict.valid_minor.unwrap_or(0),
            took: decision.verdict.consumes.clone(),
            text: decision.words.clone(),
        });
    }
}

fn position(deduction: &PendingDeduction) -> (i64, i64, i64) {
    (deduction.sequence, deduction.line, deduction.part)
}

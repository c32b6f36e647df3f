//! Nothing is paid twice: the same reference, or the same claim on the same invoice, already credited, settled or taken.

use super::{Case, Verdict};
use crate::evidence::Evidence;
use crate::history::EarlierDeduction;
use crate::invoice::SettledDeduction;
use crate::reference::normalise;
use crate::taxonomy::Category;

/// The verdict when history already holds this very claim.
pub(super) fn already_settled(case: Case<'_>) -> Option<Verdict> {
    let claim = case.claim;
    if matches!(claim.category, Category::Offset | Category::PostAudit | Category::EarlyPaymentDiscount | Category::Unknown) {
        return None;
    }
    let group = case.facts.group(&claim.customer_id);
    let settled = group.iter().filter_map(|member| case.facts.settled.get(member)).flatten().find(|settled| is_same_claim(case, settled));
    if let Some(settled) = settled {
        let reference = settled.reference.clone().or_else(|| settled.invoice_number.clone()).unwrap_or_default();
        let outcome = settled.outcome.as_deref().unwrap_or("settled").replace('_', " ");
        let evidence = Evidence::record("settlement", &reference, format!("{} {outcome} on {}.", case.amount(settled.amount), settled.settled_on));
        let says = format!("Already {outcome} on {} under {reference} ({}).", settled.settled_on, case.amount(settled.amount));
        let mut verdict = Verdict::not_owed(claim, "never_twice.settled", says).with(evidence);
        verdict.agreement_id = settled.agreement_id.clone();
        return Some(verdict);
    }
    let same_number = claim.debit_note_number.as_deref().into_iter().flat_map(|number| case.earlier.with_reference(number));
    let same_invoice = claim.invoice.into_iter().flat_map(|invoice| case.earlier.on_invoice(&invoice.invoice_number));
    let mut earlier = same_number.chain(same_invoice).filter(|earlier| group.contains(&earlier.customer_id) && is_taken_before(case, earlier));
    earlier.next().map(|earlier| {
        let reference = earlier.reference.clone().unwrap_or_else(|| earlier.deduction_id.clone());
        let evidence = Evidence::record("deduction", &earlier.deduction_id, format!("The same claim, {} under {reference}.", case.amount(earlier.amount)));
        let mut verdict =
            Verdict::not_owed(claim, "never_twice.taken", format!("The same claim was deducted before under {reference} ({}).", case.amount(earlier.amount)))
                .with(evidence);
        verdict.agreement_id = earlier.agreement_id.clone();
        verdict
    })
}

/// A settled deduction is the same claim when it bears the same number, or concerns the same invoice, family and amount.
fn is_same_claim(case: Case<'_>, settled: &SettledDeduction) -> bool {
    let claim = case.claim;
    if settled.currency != claim.amount.currency {
        return false;
    }
    let reference = settled.reference.as_deref().map(normalise).filter(|reference| !reference.is_empty());
    if let Some(reference) = reference {
        let own = claim.debit_note_number.as_deref().map(normalise);
        let named = claim.wording.returns.iter().chain(&claim.wording.other_references).any(|token| normalise(token) == reference);
        if own.as_deref() == Some(reference.as_str()) || named {
            return true;
        }
    }
    let same_invoice = settled.invoice_number.is_some() && settled.invoice_number.as_deref() == claim.invoice.map(|invoice| invoice.invoice_number.as_str());
    let same_family = settled.category == Some(claim.category);
    let same_agreement =
        settled.agreement_id.as_ref().is_none_or(|agreement| claim.wording.agreements.is_empty() || claim.wording.agreements.contains(agreement));
    same_invoice && same_family && same_agreement && settled.amount == claim.amount.minor
}

/// An earlier deduction of this system is the same claim when it bears the same debit note number and amount, or the same words on the same invoice.
fn is_taken_before(case: Case<'_>, earlier: &EarlierDeduction) -> bool {
    let claim = case.claim;
    if earlier.amount != claim.amount.minor || earlier.deduction_id == claim.deduction_id {
        return false;
    }
    let invoice = claim.invoice.map(|invoice| invoice.invoice_number.as_str());
    match (&earlier.reference, &claim.debit_note_number) {
        (Some(earlier), Some(own)) => normalise(earlier) == normalise(own),
        (None, None) => {
            invoice.is_some()
                && earlier.invoice_number.as_deref() == invoice
                && earlier.category == claim.category
                && !earlier.text.is_empty()
                && earlier.text == claim.wording.text
        }
        _ => false,
    }
}

//! Early-payment discount: paid by the discount day plus grace, and taken at no more than the rate on the base.

use super::{Case, Verdict};
use crate::calendar::PaymentTerms;
use crate::evidence::Evidence;
use crate::invoice::Invoice;
use crate::sentence::counted;
use crate::taxonomy::{Category, Expectation, Validity};

/// What a discount may be on the day of payment.
pub(super) struct Earned {
    /// Minor units; 0 when no tier is open.
    pub minor: i64,
    pub says: String,
    pub rule: &'static str,
    pub evidence: Vec<Evidence>,
}

pub(super) fn judge(case: Case<'_>) -> Verdict {
    let claim = case.claim;
    let Some(invoice) = claim.invoice else {
        return Verdict::undecided(
            claim,
            "discount.no_invoice",
            Expectation::Unexpected,
            "The discount names no invoice, so its terms and date can't be tested; ask which invoice it is for.".to_owned(),
        );
    };
    let earned = earned(case, invoice);
    if earned.minor == 0 {
        return Verdict::not_owed(claim, earned.rule, earned.says).with_all(earned.evidence);
    }
    // Taken with the payment and claimed again on a line of its own.
    let taken: i64 = case
        .earlier
        .on_invoice(&invoice.invoice_number)
        .filter(|earlier| earlier.category == Category::EarlyPaymentDiscount)
        .map(|earlier| earlier.valid_amount)
        .sum();
    if claim.settled_gross.is_none() && taken > 0 {
        return Verdict::not_owed(
            claim,
            "never_twice.discount",
            format!("The discount of invoice {} was taken before ({}).", invoice.invoice_number, case.amount(taken)),
        )
        .with_all(earned.evidence);
    }
    let mut verdict = Verdict::owed_up_to(claim, earned.rule, Expectation::Expected, earned.minor, case.tolerances, earned.says);
    if verdict.validity == Validity::Partial {
        verdict.rule = "discount.above_rate";
        verdict.explanation = format!("{} Only the {} above that is not earned.", verdict.explanation, case.amount(claim.amount.minor - earned.minor));
    }
    verdict.with_all(earned.evidence)
}

/// The terms of an invoice as they are written: its own, else its customer's.
fn written_terms<'facts>(case: Case<'facts>, invoice: &'facts Invoice) -> Option<&'facts str> {
    let customer = case.facts.customers.get(&invoice.customer_id);
    invoice.payment_terms.as_deref().or_else(|| customer.and_then(|customer| customer.payment_terms.as_deref()))
}

/// The terms of an invoice, when they give a discount.
pub(super) fn terms_of(case: Case<'_>, invoice: &Invoice) -> Option<PaymentTerms> {
    PaymentTerms::parse(written_terms(case, invoice)?).filter(|terms| !terms.tiers.is_empty())
}

/// The discount that the terms give on the day of payment.
pub(super) fn earned(case: Case<'_>, invoice: &Invoice) -> Earned {
    let customer = case.facts.customers.get(&invoice.customer_id);
    let grace = customer.and_then(|customer| customer.discount_grace_days).unwrap_or(0);
    let named = written_terms(case, invoice).unwrap_or("none on file");
    let terms_evidence =
        Evidence::record("terms", named, format!("Terms of invoice {}: {named}, {} of grace.", invoice.invoice_number, counted(grace, "day", "days")));
    let Some(terms) = terms_of(case, invoice) else {
        return Earned {
            minor: 0,
            says: format!("The terms of invoice {} ({named}) give no early-payment discount.", invoice.invoice_number),
            rule: "discount.no_terms",
            evidence: vec![terms_evidence],
        };
    };
    let paid = case.claim.payment_date;
    let Some(tier) = terms.open_tier(invoice.issue_date, paid, grace) else {
        let last = terms.tiers.iter().map(|tier| PaymentTerms::last_discount_day(*tier, invoice.issue_date, grace)).max().unwrap_or(invoice.issue_date);
        let days = last.until(paid).map_or(0, |span| span.get_days());
        return Earned {
            minor: 0,
            says: format!("Paid on {paid}, {} after the last discount day {last} (terms {named}, grace included).", counted(days, "day", "days")),
            rule: "discount.late",
            evidence: vec![terms_evidence],
        };
    };
    let memos = case.facts.credited_before(invoice, paid);
    let credited: i64 = memos.iter().map(|memo| memo.amount).sum();
    let settled = case.claim.settled_gross.unwrap_or(invoice.total_amount);
    let base = (settled - credited).max(0);
    let minor = crate::money::Money::new(base, invoice.currency).percent(tier.rate).map_or(0, |money| money.minor);
    let less = if credited > 0 { format!(" less credit {}", case.amount(credited)) } else { String::new() };
    let mut evidence = vec![terms_evidence];
    evidence.extend(memos.iter().map(|memo| {
        Evidence::record(
            "credit_memo",
            &memo.credit_memo_number,
            format!("Credit of {} given on {} for this invoice.", case.amount(memo.amount), memo.issue_date),
        )
    }));
    Earned {
        minor,
        says: format!(
            "Paid on {paid}, within {} of {} (grace included): {} % of {}{less} is {}.",
            counted(tier.days + grace, "day", "days"),
            invoice.issue_date,
            tier.rate.normalize(),
            case.amount(settled),
            case.amount(minor)
        ),
        rule: if credited > 0 { "discount.base_credited" } else { "discount.earned" },
        evidence,
    }
}

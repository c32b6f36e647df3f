//! Goods sent back: owed when the return was authorised, the goods were received, and nothing was credited for them yet.

use rust_decimal::Decimal;

use super::billed::value_per_base_unit;
use super::{Case, Verdict};
use crate::evidence::Evidence;
use crate::reference::shape;
use crate::shipment::ReturnAuthorisation;
use crate::taxonomy::Expectation;

/// A number in the words that is written like our return numbers but stands on none.
fn named_but_missing(case: Case<'_>, returns: &[&ReturnAuthorisation]) -> Option<String> {
    case.claim
        .wording
        .other_references
        .iter()
        .find(|token| token.chars().any(char::is_alphabetic) && returns.iter().any(|known| shape(&known.return_id) == shape(token)))
        .cloned()
}

/// The credit that was given for a return: a memo that names it, else the amount on its own record.
fn credit_of(case: Case<'_>, authorised: &ReturnAuthorisation) -> Option<Evidence> {
    let id = &authorised.return_id;
    let memo = case.facts.credit_memos.values().flatten().filter(|memo| memo.reference.as_deref() == Some(id)).min_by_key(|memo| &memo.credit_memo_number);
    if let Some(memo) = memo {
        let says = format!("Return {id} was credited with {} ({}) on {}.", memo.credit_memo_number, case.amount(memo.amount), memo.issue_date);
        return Some(Evidence::record("credit_memo", &memo.credit_memo_number, says));
    }
    let credited = authorised.credit_amount.filter(|credited| *credited > 0)?;
    Some(Evidence::record("return", id, format!("Return {id} was already credited with {}.", case.amount(credited))))
}

pub(super) fn judge(case: Case<'_>) -> Verdict {
    let claim = case.claim;
    let group = case.facts.group(&claim.customer_id);
    let all: Vec<&ReturnAuthorisation> = group.iter().filter_map(|member| case.facts.returns.get(member)).flatten().collect();
    let named: Vec<&ReturnAuthorisation> = all.iter().copied().filter(|authorised| claim.wording.returns.contains(&authorised.return_id)).collect();
    let on_invoice = || {
        let mut fitting: Vec<&ReturnAuthorisation> = all
            .iter()
            .copied()
            .filter(|authorised| claim.invoice.is_some_and(|invoice| authorised.invoice_number.as_deref() == Some(invoice.invoice_number.as_str())))
            .collect();
        let articles = &claim.wording.articles;
        if !articles.is_empty() {
            fitting.retain(|authorised| articles.iter().any(|article| article.sku == authorised.sku));
        }
        fitting
    };
    let authorised = if named.is_empty() { on_invoice() } else { named };
    // A return that was asked for but not granted has no day of authorisation.
    let authorised: Vec<&ReturnAuthorisation> = authorised.into_iter().filter(|authorised| authorised.authorised_on.is_some()).collect();
    if let Some(other) = authorised.first().filter(|_| claim.wording.returns.is_empty()).and_then(|_| named_but_missing(case, &all)) {
        return Verdict::undecided(
            claim,
            "return.other_number",
            Expectation::Unexpected,
            format!("The claim names return {other}, which is not on file; another return of the same invoice is. Ask which one is meant."),
        )
        .certain(700);
    }
    if authorised.is_empty() {
        return Verdict::not_owed(
            claim,
            "return.not_authorised",
            format!(
                "No return authorisation for {} is on file.",
                claim.invoice.map_or("this claim".to_owned(), |invoice| format!("invoice {}", invoice.invoice_number))
            ),
        );
    }
    let evidence: Vec<Evidence> = authorised
        .iter()
        .map(|authorised| {
            let received = authorised.received_on.map_or("not received yet".to_owned(), |day| format!("received on {day}"));
            Evidence::record(
                "return",
                &authorised.return_id,
                format!("{} {} of {}, {received}.", authorised.quantity.normalize(), authorised.unit.as_deref().unwrap_or("units"), authorised.sku),
            )
        })
        .collect();
    // What was credited already is owed no more; the other returns that the claim names still are.
    let credited: Vec<(&ReturnAuthorisation, Evidence)> = authorised.iter().filter_map(|one| Some((*one, credit_of(case, one)?))).collect();
    let authorised: Vec<&ReturnAuthorisation> =
        authorised.into_iter().filter(|one| !credited.iter().any(|(known, _)| known.return_id == one.return_id)).collect();
    let evidence = evidence.into_iter().chain(credited.iter().map(|(_, evidence)| evidence.clone()));
    let Some(first) = authorised.first() else {
        let says: Vec<&str> = credited.iter().map(|(_, evidence)| evidence.says.as_str()).collect();
        return Verdict::not_owed(claim, "never_twice.credited", says.join(" ")).with_all(evidence);
    };
    if authorised.iter().any(|authorised| authorised.received_on.is_none()) {
        return Verdict::undecided(
            claim,
            "return.not_received",
            Expectation::Expected,
            format!("Return {} is authorised, but the goods are not booked as received.", first.return_id),
        )
        .with_all(evidence);
    }
    let value = |authorised: &ReturnAuthorisation| -> Option<Decimal> {
        let invoice_number = authorised.invoice_number.as_deref().or(claim.invoice.map(|invoice| invoice.invoice_number.as_str()))?;
        let line = case.facts.lines_of(invoice_number).iter().find(|line| line.sku.as_deref() == Some(&authorised.sku))?;
        let product = case.facts.products.get(&authorised.sku)?;
        Some(value_per_base_unit(case, line)? * product.to_base(authorised.quantity, authorised.unit.as_deref())?)
    };
    let Some(allowed) = authorised.iter().map(|authorised| value(authorised)).sum::<Option<Decimal>>() else {
        return Verdict::undecided(
            claim,
            "return.no_value",
            Expectation::Expected,
            format!("Return {} is authorised and received, but the invoice line that gives its value is not on file.", first.return_id),
        )
        .with_all(evidence);
    };
    let allowed = case.minor(allowed);
    Verdict::owed_up_to(
        claim,
        "return.authorised",
        Expectation::Expected,
        allowed,
        case.tolerances,
        format!("Return {} is authorised and received; the goods are worth {} with tax.", first.return_id, case.amount(allowed)),
    )
    .with_all(evidence)
}

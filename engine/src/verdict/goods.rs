//! Claims about goods: shortage, damage, wrong articles. Quantities compare in base units over every delivery of the invoice.

use rust_decimal::Decimal;

use super::billed::value_per_base_unit;
use super::receipts::{Receipts, receipts};
use super::{Case, Verdict};
use crate::evidence::Evidence;
use crate::invoice::Invoice;
use crate::reference::fold;
use crate::taxonomy::{Expectation, Validity};

pub(super) fn shortage(case: Case<'_>) -> Verdict {
    let claim = case.claim;
    let Some(invoice) = claim.invoice else {
        return Verdict::undecided(
            claim,
            "shortage.no_invoice",
            Expectation::Unexpected,
            "The shortage names no invoice or delivery; ask which one it is for.".to_owned(),
        );
    };
    let Receipts { articles, evidence } = receipts(case, invoice);
    if let Some(credit) = credit_for_goods(case, invoice, "short") {
        return credit.with_all(evidence);
    }
    if let Some(says) = contradicting_dates(case, invoice) {
        return Verdict::undecided(claim, "shortage.contradicting_dates", Expectation::Unexpected, says).with_all(evidence);
    }
    let missing_records: Vec<&str> = articles.iter().filter(|receipt| receipt.received.is_none()).map(|receipt| receipt.sku).collect();
    let mut allowed = Decimal::ZERO;
    let mut says = Vec::new();
    for receipt in &articles {
        let (Some(received), sku) = (receipt.received, receipt.sku) else { continue };
        let short = (receipt.billed - received).max(Decimal::ZERO);
        let counted = claim.wording.claimed_units(sku).map_or(short, |claimed| claimed.min(short));
        allowed += counted * receipt.value;
        if !short.is_zero() || !claim.wording.articles.is_empty() {
            says.push(format!(
                "article {sku}: billed {}, received {}, short {}",
                receipt.counted(receipt.billed),
                receipt.counted(received),
                receipt.counted_both_ways(short)
            ));
        }
    }
    let allowed = case.minor(allowed);
    let covered = claim.amount.minor <= allowed + case.tolerances.rounding_minor;
    if articles.is_empty() || (!missing_records.is_empty() && !covered) {
        let what = if articles.is_empty() {
            format!("the lines of invoice {}", invoice.invoice_number)
        } else {
            format!("a signed proof of delivery for {} of invoice {}", missing_records.join(", "), invoice.invoice_number)
        };
        return Verdict::undecided(claim, "shortage.no_proof", Expectation::Unexpected, format!("Missing: {what}; without it the shortage can't be tested."))
            .with_all(evidence);
    }
    if allowed <= 0 && rests_on_unsigned_paper(case, invoice) {
        let says = format!("The proof of delivery for invoice {} shows all of it, but nobody signed it; ask for the signed copy.", invoice.invoice_number);
        return Verdict::undecided(claim, "shortage.unsigned", Expectation::Unexpected, says).with_all(evidence);
    }
    if allowed <= 0 {
        let says = format!("Everything billed on invoice {} was received{}.", invoice.invoice_number, signed_suffix(case, invoice));
        return Verdict::not_owed(claim, "shortage.full_receipt", says).with_all(evidence);
    }
    let mut verdict = Verdict::owed_up_to(
        claim,
        "shortage.received_less",
        Expectation::Unexpected,
        allowed,
        case.tolerances,
        format!("{}; what is missing is worth {} with tax.", capitalised(&says.join("; ")), case.amount(allowed)),
    );
    if verdict.validity == Validity::Partial {
        verdict.rule = "shortage.less_than_claimed";
    }
    verdict.with_all(evidence)
}

/// A delivery dated before its shipment proves neither.
fn contradicting_dates(case: Case<'_>, invoice: &Invoice) -> Option<String> {
    let shipped = case.facts.shipments.get(&invoice.invoice_number).into_iter().flatten().filter_map(|shipment| shipment.shipped_on).min()?;
    let delivered = case.facts.deliveries.get(&invoice.invoice_number).into_iter().flatten().map(|delivery| delivery.delivered_on).min()?;
    (delivered < shipped).then(|| {
        format!("The delivery of invoice {} is dated {delivered}, before its shipment of {shipped}; one of the dates is wrong.", invoice.invoice_number)
    })
}

/// No record tells of the delivery, and no paper of it bears a name.
fn rests_on_unsigned_paper(case: Case<'_>, invoice: &Invoice) -> bool {
    let papers = case.facts.papers_for(invoice);
    !case.facts.deliveries.contains_key(&invoice.invoice_number) && !papers.is_empty() && papers.iter().all(|paper| paper.delivery.signed_by.is_none())
}

fn signed_suffix(case: Case<'_>, invoice: &Invoice) -> String {
    let signers = case.facts.deliveries.get(&invoice.invoice_number).into_iter().flatten().filter_map(|delivery| delivery.signed_by.clone());
    let on_paper = case.facts.papers_for(invoice).into_iter().filter_map(|paper| paper.delivery.signed_by.clone());
    signers.chain(on_paper).next().map_or(String::new(), |name| format!(" and signed for by {name}"))
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or(String::new(), |first| first.to_uppercase().chain(characters).collect())
}

pub(super) fn damage(case: Case<'_>) -> Verdict {
    let claim = case.claim;
    let Some(invoice) = claim.invoice else {
        return Verdict::undecided(
            claim,
            "damage.no_invoice",
            Expectation::Unexpected,
            "The damage claim names no invoice or delivery; ask which one it is for.".to_owned(),
        );
    };
    let Receipts { articles, evidence } = receipts(case, invoice);
    if let Some(credit) = credit_for_goods(case, invoice, "damage") {
        return credit.with_all(evidence);
    }
    let noted: Decimal = articles
        .iter()
        .map(|receipt| {
            let claimed = claim.wording.claimed_units(receipt.sku);
            claimed.map_or(receipt.damaged, |claimed| claimed.min(receipt.damaged)) * receipt.value
        })
        .sum();
    let allowed = case.minor(noted);
    let unknown = articles.is_empty() || articles.iter().any(|receipt| receipt.received.is_none());
    if unknown && claim.amount.minor > allowed + case.tolerances.rounding_minor {
        return Verdict::undecided(
            claim,
            "damage.no_proof",
            Expectation::Unexpected,
            format!("No proof of delivery on file tells whether damage was noted on invoice {}.", invoice.invoice_number),
        )
        .with_all(evidence);
    }
    if allowed <= 0 {
        return Verdict::not_owed(
            claim,
            "damage.not_noted",
            format!("No damage was noted when the goods of invoice {} were received.", invoice.invoice_number),
        )
        .with_all(evidence);
    }
    let mut verdict = Verdict::owed_up_to(
        claim,
        "damage.noted",
        Expectation::Unexpected,
        allowed,
        case.tolerances,
        format!("The damage noted at delivery of invoice {} is worth {} with tax.", invoice.invoice_number, case.amount(allowed)),
    );
    if verdict.validity == Validity::Partial {
        verdict.rule = "damage.less_than_claimed";
    }
    verdict.with_all(evidence)
}

/// A credit memo of ours that names the invoice and gives the claimed amount for the same reason.
fn credit_for_goods(case: Case<'_>, invoice: &Invoice, reason: &str) -> Option<Verdict> {
    let memos = case.facts.credited_before(invoice, case.claim.payment_date);
    let memo =
        memos.into_iter().find(|memo| memo.amount == case.claim.amount.minor && memo.reason.as_deref().is_some_and(|said| fold(said).contains(reason)))?;
    Some(
        Verdict::not_owed(
            case.claim,
            "never_twice.credited",
            format!("Already credited with {} of {} on {}.", memo.credit_memo_number, case.amount(memo.amount), memo.issue_date),
        )
        .with(Evidence::record(
            "credit_memo",
            &memo.credit_memo_number,
            format!("{} for invoice {}.", case.amount(memo.amount), invoice.invoice_number),
        )),
    )
}

pub(super) fn wrong_item(case: Case<'_>) -> Verdict {
    let claim = case.claim;
    let ordered = claim.invoice.and_then(|invoice| invoice.purchase_order.as_ref()).and_then(|order| case.facts.orders.get(order));
    let shipped = claim.invoice.and_then(|invoice| case.facts.shipments.get(&invoice.invoice_number));
    let (Some(invoice), Some(ordered), Some(shipped)) = (claim.invoice, ordered, shipped) else {
        return Verdict::undecided(
            claim,
            "wrong_item.no_records",
            Expectation::Unexpected,
            "The order and the shipment are not both on file, so they can't be compared.".to_owned(),
        );
    };
    let accepted = |sku: &str| {
        case.facts.deliveries.get(&invoice.invoice_number).into_iter().flatten().any(|delivery| delivery.sku == sku && delivery.substituted_for_sku.is_some())
    };
    let mut evidence = Vec::new();
    let mut allowed = Decimal::ZERO;
    let mut billed_wrong = false;
    for shipment in shipped {
        let product = case.facts.products.get(&shipment.sku);
        let base = |quantity: Decimal, unit: Option<&str>| product.map_or(Some(quantity), |product| product.to_base(quantity, unit));
        let wanted: Decimal = ordered.iter().filter(|line| line.sku == shipment.sku).filter_map(|line| base(line.quantity, line.unit.as_deref())).sum();
        let Some(sent) = base(shipment.shipped_quantity, shipment.unit.as_deref()) else { continue };
        if sent <= wanted || accepted(&shipment.sku) {
            continue;
        }
        billed_wrong = true;
        evidence.push(Evidence::record(
            "shipment",
            &shipment.shipment_id,
            format!("{} of {} shipped, {} ordered (base units).", sent.normalize(), shipment.sku, wanted.normalize()),
        ));
        let line = case.facts.lines_of(&invoice.invoice_number).iter().find(|line| line.sku.as_deref() == Some(&shipment.sku));
        allowed += line.and_then(|line| value_per_base_unit(case, line)).unwrap_or_default() * (sent - wanted);
    }
    if !billed_wrong {
        return Verdict::not_owed(claim, "wrong_item.as_ordered", format!("Invoice {} was shipped as ordered.", invoice.invoice_number));
    }
    let allowed = case.minor(allowed);
    Verdict::owed_up_to(
        claim,
        "wrong_item.differs",
        Expectation::Unexpected,
        allowed,
        case.tolerances,
        format!("Articles were shipped that were not ordered, worth {} with tax.", case.amount(allowed)),
    )
    .with_all(evidence)
}

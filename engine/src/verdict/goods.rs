//! Claims about goods: shortage, damage, wrong articles, returns. Quantities compare in base units over every delivery of the invoice.

use rust_decimal::Decimal;

use super::price::{relevant_lines, value_per_base_unit};
use super::{Case, Verdict};
use crate::evidence::Evidence;
use crate::facts::DeliveryOnPaper;
use crate::invoice::{Invoice, InvoiceLine};
use crate::reference::{fold, shape};
use crate::shipment::ReturnAuthorisation;
use crate::taxonomy::{Expectation, Validity};
use crate::wording::Wording;

/// What became of one invoice line, in base units.
struct Receipt<'facts> {
    line: &'facts InvoiceLine,
    billed: Decimal,
    /// `None` when no record or paper tells.
    received: Option<Decimal>,
    damaged: Decimal,
    value: Decimal,
}

/// The receipts of the lines a claim is about, and where they are written.
struct Receipts<'facts> {
    lines: Vec<Receipt<'facts>>,
    evidence: Vec<Evidence>,
}

fn receipts<'facts>(case: Case<'facts>, invoice: &Invoice) -> Receipts<'facts> {
    let mut evidence = Vec::new();
    let papers = case.facts.papers_for(invoice);
    let relevant = relevant_lines(case, invoice);
    // An article billed on two lines is one article: deliveries don't say which line they fill.
    let mut seen = std::collections::HashSet::new();
    let lines = relevant
        .iter()
        .copied()
        .filter(|line| seen.insert(line.sku.as_deref()))
        .filter_map(|line| {
            let sku = line.sku.as_deref()?;
            let product = case.facts.products.get(sku);
            let to_base = |quantity: Decimal, unit: Option<&str>| product.map_or(Some(quantity), |product| product.to_base(quantity, unit));
            let same = relevant.iter().filter(|other| other.sku.as_deref() == Some(sku));
            let Some(billed) = same.map(|other| to_base(other.quantity, other.unit.as_deref())).sum::<Option<Decimal>>() else {
                // A unit that does not convert: nothing can be said about this article.
                return Some(Receipt { line, billed: Decimal::ZERO, received: None, damaged: Decimal::ZERO, value: Decimal::ZERO });
            };
            let value = value_per_base_unit(case, line)?;
            let (mut received, mut damaged) = (None, Decimal::ZERO);
            for delivery in case.facts.deliveries.get(&invoice.invoice_number).into_iter().flatten() {
                let stands_for = delivery.substituted_for_sku.as_deref().unwrap_or(&delivery.sku);
                if stands_for != sku {
                    continue;
                }
                // A substitute is counted in its own packing.
                let own = case.facts.products.get(&delivery.sku);
                let base = |quantity: Decimal| own.map_or(Some(quantity), |product| product.to_base(quantity, delivery.unit.as_deref()));
                let Some(quantity) = base(delivery.received_quantity) else { continue };
                received = Some(received.unwrap_or(Decimal::ZERO) + quantity);
                damaged += delivery.damaged_quantity.and_then(base).unwrap_or_default();
                let reference = delivery.pod_reference.clone().unwrap_or_else(|| delivery.delivery_id.clone());
                let instead = delivery.substituted_for_sku.as_deref().map_or(String::new(), |other| format!(" as accepted substitute for {other}"));
                let signed = delivery.signed_by.as_deref().map_or(String::new(), |name| format!(", signed by {name}"));
                evidence.push(Evidence::record(
                    "delivery",
                    reference,
                    format!(
                        "{}: {} {} of {}{instead} received{signed}{}.",
                        delivery.delivered_on,
                        delivery.received_quantity.normalize(),
                        delivery.unit.as_deref().unwrap_or("units"),
                        delivery.sku,
                        delivery
                            .damaged_quantity
                            .filter(|quantity| !quantity.is_zero())
                            .map_or(String::new(), |quantity| format!(", {} damaged", quantity.normalize()))
                    ),
                ));
            }
            if received.is_none() {
                (received, damaged) = on_paper(case, invoice, sku, &papers, &mut evidence);
            }
            Some(Receipt { line, billed, received, damaged, value })
        })
        .collect();
    Receipts { lines, evidence }
}

/// Received and damaged base units of an article on the papers of a delivery.
fn on_paper(case: Case<'_>, invoice: &Invoice, sku: &str, papers: &[&DeliveryOnPaper], evidence: &mut Vec<Evidence>) -> (Option<Decimal>, Decimal) {
    let (mut received, mut damaged) = (None, Decimal::ZERO);
    for paper in papers {
        let reference = paper.delivery.number.clone().unwrap_or_else(|| paper.document.clone());
        for line in &paper.delivery.lines {
            let Some(product) =
                line.article.as_deref().and_then(|article| case.facts.article(&invoice.customer_id, article)).filter(|product| product.sku == sku)
            else {
                continue;
            };
            // A receipt without a count: what was shipped, less what the remarks say is missing.
            let remarked = || {
                let remarks = paper.delivery.remarks.as_deref().filter(|remarks| says_missing(remarks))?;
                Some(product.to_base(line.shipped?, line.unit.as_deref())? - remarked_units(case, invoice, sku, remarks)?)
            };
            let Some(quantity) = line.received.and_then(|quantity| product.to_base(quantity, line.unit.as_deref())).or_else(remarked) else { continue };
            received = Some(received.unwrap_or(Decimal::ZERO) + quantity);
            damaged += line.damaged.and_then(|quantity| product.to_base(quantity, line.unit.as_deref())).unwrap_or_default();
            evidence.push(
                Evidence::record(
                    "proof_of_delivery",
                    &reference,
                    match line.received {
                        Some(received) => format!("{} {} of {sku} received.", received.normalize(), line.unit.as_deref().unwrap_or("units")),
                        None => format!("{} base units of {sku} received, by the remarks.", quantity.normalize()),
                    },
                )
                .in_document(&paper.document, line.place),
            );
        }
        if let Some(remarks) = paper.delivery.remarks.as_deref().filter(|_| received.is_some()) {
            if damaged.is_zero() && says_damage(remarks) {
                damaged = remarked_units(case, invoice, sku, remarks).unwrap_or_default();
            }
            evidence.push(
                Evidence::record("proof_of_delivery", &reference, format!("Remark: {remarks}")).in_document(&paper.document, paper.delivery.remarks_place),
            );
        }
    }
    (received, damaged)
}

/// The base units that a remark gives for an article: named by number, or by a word of its description.
fn remarked_units(case: Case<'_>, invoice: &Invoice, sku: &str, remarks: &str) -> Option<Decimal> {
    let said = Wording::read(&[remarks], &[], case.facts, &invoice.customer_id, case.claim.payment_date);
    if !said.articles.is_empty() {
        return said.claimed_units(sku);
    }
    let product = case.facts.products.get(sku)?;
    let described = fold(&product.description);
    let folded = fold(remarks);
    let words: Vec<&str> = folded.split(|character: char| !character.is_alphanumeric()).filter(|word| word.len() >= 4).collect();
    let is_named = described.split(|character: char| !character.is_alphanumeric()).any(|word| word.len() >= 4 && words.contains(&word));
    let quantity = said.quantity?;
    is_named.then(|| quantity.quantity.checked_mul(product.base_units(quantity.measure?)?)).flatten()
}

fn says_missing(remarks: &str) -> bool {
    let folded = fold(remarks);
    ["short", "missing", "manqu", "manco", "fehl", "tekort", "ontbre", "not received", "non recu"].iter().any(|word| folded.contains(word))
}

fn says_damage(remarks: &str) -> bool {
    let folded = fold(remarks);
    ["damag", "crush", "broken", "avari", "casse", "abim", "endommag", "beschadig", "schade", "breuk", "defekt", "bruch", "beschad", "kapot"]
        .iter()
        .any(|word| folded.contains(word))
}

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
    let Receipts { lines, evidence } = receipts(case, invoice);
    if let Some(credit) = credit_for_goods(case, invoice, "short") {
        return credit.with_all(evidence);
    }
    let missing_records: Vec<&str> = lines.iter().filter(|receipt| receipt.received.is_none()).filter_map(|receipt| receipt.line.sku.as_deref()).collect();
    let mut allowed = Decimal::ZERO;
    let mut says = Vec::new();
    for receipt in &lines {
        let (Some(received), Some(sku)) = (receipt.received, receipt.line.sku.as_deref()) else { continue };
        let short = (receipt.billed - received).max(Decimal::ZERO);
        let counted = claim.wording.claimed_units(sku).map_or(short, |claimed| claimed.min(short));
        allowed += counted * receipt.value;
        if !short.is_zero() || !claim.wording.articles.is_empty() {
            says.push(format!(
                "article {sku}: billed {}, received {}, short {} (base units)",
                receipt.billed.normalize(),
                received.normalize(),
                short.normalize()
            ));
        }
    }
    let allowed = case.minor(allowed);
    let covered = claim.amount.minor <= allowed + case.tolerances.rounding_minor;
    if lines.is_empty() || (!missing_records.is_empty() && !covered) {
        let what = if lines.is_empty() {
            format!("the lines of invoice {}", invoice.invoice_number)
        } else {
            format!("a signed proof of delivery for {} of invoice {}", missing_records.join(", "), invoice.invoice_number)
        };
        return Verdict::undecided(claim, "shortage.no_proof", Expectation::Unexpected, format!("Missing: {what}; without it the shortage can't be tested."))
            .with_all(evidence);
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
    let Receipts { lines, evidence } = receipts(case, invoice);
    if let Some(credit) = credit_for_goods(case, invoice, "damage") {
        return credit.with_all(evidence);
    }
    let noted: Decimal = lines
        .iter()
        .map(|receipt| {
            let claimed = receipt.line.sku.as_deref().and_then(|sku| claim.wording.claimed_units(sku));
            claimed.map_or(receipt.damaged, |claimed| claimed.min(receipt.damaged)) * receipt.value
        })
        .sum();
    let allowed = case.minor(noted);
    let unknown = lines.is_empty() || lines.iter().any(|receipt| receipt.received.is_none());
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

/// A number in the words that is written like our return numbers but stands on none.
fn named_but_missing(case: Case<'_>, returns: &[&ReturnAuthorisation]) -> Option<String> {
    case.claim
        .wording
        .other_references
        .iter()
        .find(|token| token.chars().any(char::is_alphabetic) && returns.iter().any(|known| shape(&known.return_id) == shape(token)))
        .cloned()
}

pub(super) fn returned(case: Case<'_>) -> Verdict {
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
    let Some(first) = authorised.first() else {
        return Verdict::not_owed(
            claim,
            "return.not_authorised",
            format!(
                "No return authorisation for {} is on file.",
                claim.invoice.map_or("this claim".to_owned(), |invoice| format!("invoice {}", invoice.invoice_number))
            ),
        );
    };
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
    let memo = case
        .facts
        .credit_memos
        .values()
        .flatten()
        .filter(|memo| memo.reference.as_deref().is_some_and(|reference| authorised.iter().any(|one| one.return_id == reference)))
        .min_by_key(|memo| &memo.credit_memo_number);
    if let Some(memo) = memo {
        return Verdict::not_owed(
            claim,
            "never_twice.credited",
            format!("Return {} was credited with {} on {}.", first.return_id, memo.credit_memo_number, memo.issue_date),
        )
        .with(Evidence::record("credit_memo", &memo.credit_memo_number, format!("{} for return {}.", case.amount(memo.amount), first.return_id)))
        .with_all(evidence);
    }
    if let Some(credited) = first.credit_amount.filter(|credited| *credited > 0) {
        return Verdict::not_owed(claim, "never_twice.credited", format!("Return {} was already credited with {}.", first.return_id, case.amount(credited)))
            .with_all(evidence);
    }
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

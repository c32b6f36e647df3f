//! Penalties and fines: owed only up to the tariff of a program in force, never by deduction of a French customer.

use super::{Case, Verdict};
use crate::agreement::{Agreement, AgreementKind, RateType};
use crate::evidence::Evidence;
use crate::reference::fold;
use crate::taxonomy::{Category, Expectation, Validity};

/// Words that tell programs for late delivery from programs for labels, notices and pallets.
const DELIVERY_WORDS: [&str; 18] = [
    "otif",
    "late",
    "delivery",
    "on time",
    "in full",
    "fill rate",
    "retard",
    "livraison",
    "taux de service",
    "te late",
    "levering",
    "leverprogramma",
    "lieferverzug",
    "lieferprogramm",
    "liefer",
    "logistique",
    "punctual",
    "termin",
];
const COMPLIANCE_WORDS: [&str; 20] = [
    "asn",
    "label",
    "routing",
    "pallet",
    "packing",
    "edi",
    "compliance",
    "vendor",
    "conformite",
    "etiquet",
    "desadv",
    "palettisation",
    "palletnorm",
    "pakbon",
    "etikett",
    "avis fehlt",
    "palettier",
    "barcode",
    "sscc",
    "verpack",
];

pub(super) fn judge(case: Case<'_>) -> Verdict {
    let claim = case.claim;
    let day = claim.invoice.map_or(claim.payment_date, |invoice| case.facts.delivery_day(invoice));
    let program = program(case, day);
    let named = program.map(|program| {
        Evidence::record(
            "agreement",
            &program.agreement_id,
            format!(
                "{}: {} per event, {} to {}.",
                program.description.as_deref().unwrap_or("compliance program"),
                program.rate.normalize(),
                program.starts_on,
                program.ends_on
            ),
        )
    });
    let french = case.facts.customers.get(&claim.customer_id).and_then(|customer| customer.country.as_deref()) == Some("FR");
    if french {
        return Verdict::not_owed(
            claim,
            "penalty.french_law",
            "A French customer may not take penalties by deduction (Code de commerce, article L441-17); it has to invoice them with proof.".to_owned(),
        )
        .with_all(named);
    }
    let Some(program) = program else {
        return Verdict::not_owed(claim, "penalty.no_program", format!("No program with {} allows this {}.", case.customer_name(), claim.category.plain()));
    };
    let mut evidence: Vec<Evidence> = named.into_iter().collect();
    if claim.category == Category::DeliveryPenalty {
        match lateness(case) {
            Lateness::Late { says, record } => {
                evidence.push(record);
                return tariff(case, program, says).with_all(evidence);
            }
            Lateness::OnTime { says, record } => return Verdict::not_owed(claim, "penalty.on_time", says).with(record).with_all(evidence),
            Lateness::NotKnown(says) => {
                return Verdict::undecided(claim, "penalty.no_delivery_record", Expectation::Unexpected, says).with_all(evidence);
            }
        }
    }
    tariff(case, program, "The program was in force on that day".to_owned()).with_all(evidence)
}

fn tariff(case: Case<'_>, program: &Agreement, because: String) -> Verdict {
    let claim = case.claim;
    if program.currency != case.currency() && program.compares_amounts() {
        let says =
            format!("The tariff of {} is in {}, the claim in {}; they are never converted silently.", program.named(), program.currency, case.currency());
        return Verdict::undecided(claim, "penalty.currency", Expectation::Unexpected, says).under(&program.agreement_id);
    }
    let allowed = match program.rate_type {
        RateType::Percent => {
            let base: i64 = claim.invoice.map_or(0, |invoice| case.facts.lines_of(&invoice.invoice_number).iter().map(|line| line.line_amount).sum());
            crate::money::Money::new(base, case.currency()).percent(program.rate).map_or(0, |money| money.minor)
        }
        _ => case.minor(program.rate),
    };
    let allowed = program.cap_amount.map_or(allowed, |cap| allowed.min(cap));
    let says = format!("{because}; the tariff of {} is {}.", program.named(), case.amount(allowed));
    let mut verdict = Verdict::owed_up_to(claim, "penalty.within_tariff", Expectation::Unexpected, allowed, case.tolerances, says).under(&program.agreement_id);
    if verdict.validity == Validity::Partial {
        verdict.rule = "penalty.above_tariff";
    }
    verdict
}

/// The program in force on the day that fits the claim: by reference, else the only one of its family.
fn program<'facts>(case: Case<'facts>, day: jiff::civil::Date) -> Option<&'facts Agreement> {
    let words: &[&str] = if case.claim.category == Category::DeliveryPenalty { &DELIVERY_WORDS } else { &COMPLIANCE_WORDS };
    let others: &[&str] = if case.claim.category == Category::DeliveryPenalty { &COMPLIANCE_WORDS } else { &DELIVERY_WORDS };
    let facts = case.facts;
    let mut programs: Vec<&Agreement> = facts
        .agreements_for(&case.claim.customer_id)
        .filter(|agreement| {
            agreement.kind == AgreementKind::ComplianceProgram
                && agreement.covers_day(day)
                && matches!(agreement.status, crate::agreement::AgreementStatus::Confirmed | crate::agreement::AgreementStatus::Expired)
        })
        .collect();
    if let Some(named) = programs.iter().find(|program| case.claim.wording.agreements.contains(&program.agreement_id)) {
        return Some(named);
    }
    let score = |agreement: &Agreement| {
        let description = fold(agreement.description.as_deref().unwrap_or_default());
        let hits = |list: &[&str]| list.iter().filter(|word| description.contains(**word)).count();
        (hits(words), hits(others))
    };
    programs.retain(|program| {
        let (own, other) = score(program);
        own > 0 || other == 0
    });
    programs.retain(|program| {
        let (own, other) = score(program);
        own >= other
    });
    programs.first().copied()
}

enum Lateness {
    Late { says: String, record: Evidence },
    OnTime { says: String, record: Evidence },
    NotKnown(String),
}

/// Compares the last delivery of the invoice with the date its order asked for.
fn lateness(case: Case<'_>) -> Lateness {
    let Some(invoice) = case.claim.invoice else {
        return Lateness::NotKnown("The penalty names no invoice or order, so the delivery date can't be checked; ask which delivery was late.".to_owned());
    };
    let requested = invoice
        .purchase_order
        .as_ref()
        .and_then(|order| case.facts.orders.get(order))
        .and_then(|lines| lines.iter().filter_map(|line| line.requested_delivery_date).min());
    let delivered = case.facts.deliveries.get(&invoice.invoice_number).and_then(|deliveries| deliveries.iter().map(|delivery| delivery.delivered_on).max());
    let delivered = delivered.or_else(|| case.facts.papers_for(invoice).iter().filter_map(|paper| paper.delivery.date).max());
    let (Some(requested), Some(delivered)) = (requested, delivered) else {
        return Lateness::NotKnown(format!(
            "No {} on file for invoice {}.",
            if requested.is_none() { "requested date" } else { "delivery date" },
            invoice.invoice_number
        ));
    };
    let record = Evidence::record("delivery", &invoice.invoice_number, format!("Requested for {requested}, delivered on {delivered}."));
    if delivered > requested {
        Lateness::Late { says: format!("Delivered on {delivered}, requested for {requested}"), record }
    } else {
        Lateness::OnTime { says: format!("Delivered on {delivered}, requested for {requested}: the delivery was on time."), record }
    }
}

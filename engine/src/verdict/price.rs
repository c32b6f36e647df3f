//! Price differences and wrong invoices: what the price list or the order says against what was billed.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::billed::{relevant_lines, with_tax};
use super::{Case, Verdict};
use crate::evidence::Evidence;
use crate::invoice::{Invoice, InvoiceLine};
use crate::reference::fold;
use crate::sentence::counted;
use crate::taxonomy::{Expectation, Validity};

/// A line that was billed above the agreed price.
pub(super) struct Overcharge {
    pub sku: String,
    /// Tax included, for the whole line, in minor units.
    pub minor: i64,
    /// Tax included, per base unit.
    pub per_base_unit: Decimal,
    /// Base units of the line.
    pub units: Decimal,
    pub says: String,
}

pub(super) fn judge(case: Case<'_>) -> Verdict {
    let claim = case.claim;
    let Some(invoice) = claim.invoice else {
        return Verdict::undecided(claim, "price.no_invoice", Expectation::Unexpected, "The price claim names no invoice; ask which one it is for.".to_owned());
    };
    let lines = relevant_lines(case, invoice);
    if lines.is_empty() {
        return Verdict::undecided(
            claim,
            "price.no_lines",
            Expectation::Unexpected,
            format!("The lines of invoice {} are not on file.", invoice.invoice_number),
        );
    }
    let compared: Vec<(&InvoiceLine, Option<Overcharge>)> = lines.iter().map(|line| (*line, overcharge(case, invoice, line))).collect();
    if compared.iter().all(|(_, overcharge)| overcharge.is_none()) {
        return Verdict::undecided(
            claim,
            "price.no_price_on_file",
            Expectation::Unexpected,
            format!("No agreed price is on file for the articles of invoice {}.", invoice.invoice_number),
        );
    }
    let overcharges: Vec<&Overcharge> = compared.iter().filter_map(|(_, overcharge)| overcharge.as_ref()).collect();
    let evidence: Vec<Evidence> = overcharges.iter().map(|overcharge| Evidence::record("price", &overcharge.sku, &*overcharge.says)).collect();
    let mut by_article: BTreeMap<&str, Vec<&Overcharge>> = BTreeMap::new();
    for overcharge in overcharges.iter().copied() {
        by_article.entry(&overcharge.sku).or_default().push(overcharge);
    }
    let allowed: i64 = by_article.iter().map(|(sku, lines)| overcharged(case, lines, claim.wording.claimed_units(sku))).sum();
    if allowed <= 0 {
        return Verdict::not_owed(claim, "price.as_agreed", format!("Invoice {} was billed at the agreed prices.", invoice.invoice_number)).with_all(evidence);
    }
    let charged: Vec<&str> = overcharges.iter().filter(|overcharge| overcharge.minor > 0).map(|overcharge| overcharge.says.as_str()).collect();
    let says = format!("{} The overcharge is {}.", charged.join(" "), case.amount(allowed));
    let mut verdict = Verdict::owed_up_to(claim, "price.overcharged", Expectation::Unexpected, allowed, case.tolerances, says);
    if verdict.validity == Validity::Partial {
        verdict.rule = "price.partly_overcharged";
    }
    verdict.with_all(evidence)
}

/// What an article was overcharged for the claimed base units, the dearest lines first; for all it was billed when the claim gives no number.
fn overcharged(case: Case<'_>, lines: &[&Overcharge], claimed: Option<Decimal>) -> i64 {
    let Some(mut left) = claimed else { return lines.iter().map(|line| line.minor).sum() };
    let mut lines = lines.to_vec();
    lines.sort_by_key(|line| std::cmp::Reverse(line.per_base_unit));
    let mut minor = 0;
    for line in lines {
        let counted = left.min(line.units);
        minor += case.minor(line.per_base_unit * counted).clamp(0, line.minor);
        left -= counted;
    }
    minor
}

/// Whether billed extensions and totals are what quantity and price give.
pub(super) fn invoice_error(case: Case<'_>) -> Verdict {
    let claim = case.claim;
    let Some(invoice) = claim.invoice else {
        return Verdict::undecided(
            claim,
            "invoice_error.no_invoice",
            Expectation::Unexpected,
            "The claim names no invoice; ask which one is wrong.".to_owned(),
        );
    };
    let lines = case.facts.lines_of(&invoice.invoice_number);
    if lines.is_empty() {
        return Verdict::undecided(
            claim,
            "invoice_error.no_lines",
            Expectation::Unexpected,
            format!("The lines of invoice {} are not on file.", invoice.invoice_number),
        );
    }
    let mut wrong = 0_i64;
    let mut evidence = Vec::new();
    for line in lines {
        let extension = case.minor(line.quantity * line.unit_price);
        if (line.line_amount - extension).abs() > case.tolerances.rounding_minor {
            wrong += with_tax(case, line, line.line_amount - extension);
            evidence.push(Evidence::record(
                "invoice",
                &invoice.invoice_number,
                format!(
                    "Line {}: {} x {} is {}, billed {}.",
                    line.line_number,
                    line.quantity.normalize(),
                    line.unit_price.normalize(),
                    case.amount(extension),
                    case.amount(line.line_amount)
                ),
            ));
        }
    }
    if wrong > 0 {
        return Verdict::owed_up_to(
            claim,
            "invoice_error.extension",
            Expectation::Unexpected,
            wrong,
            case.tolerances,
            format!("The extensions of invoice {} are {} too high.", invoice.invoice_number, case.amount(wrong)),
        )
        .with_all(evidence);
    }
    let billed: i64 = lines.iter().map(|line| with_tax(case, line, line.line_amount)).sum();
    let total = Evidence::record(
        "invoice",
        &invoice.invoice_number,
        format!("{} with tax give {}, billed {}.", counted(lines.len(), "line", "lines"), case.amount(billed), case.amount(invoice.total_amount)),
    );
    // Tax is rounded once a line or once an invoice: a cent a line is no error.
    let too_much = invoice.total_amount - billed;
    if too_much > i64::try_from(lines.len()).unwrap_or(i64::MAX) {
        return Verdict::owed_up_to(
            claim,
            "invoice_error.total",
            Expectation::Unexpected,
            too_much,
            case.tolerances,
            format!("The total of invoice {} is {} above its lines with tax.", invoice.invoice_number, case.amount(too_much)),
        )
        .with(total);
    }
    let folded = fold(&claim.wording.text);
    if ["po ", "order", "commande", "bestell", "bestel", "address", "adresse", "data", "party"].iter().any(|word| folded.contains(word)) {
        return Verdict::undecided(
            claim,
            "invoice_error.other_data",
            Expectation::Unexpected,
            format!("The sums of invoice {} are right; whether its order or party data are wrong can't be told from what is on file.", invoice.invoice_number),
        )
        .with(total);
    }
    Verdict::not_owed(claim, "invoice_error.recomputed", format!("The extensions, tax and total of invoice {} are right.", invoice.invoice_number)).with(total)
}

/// Compares a line with the price in force on the order day (else the invoice day); `None` when no price is on file.
pub(super) fn overcharge(case: Case<'_>, invoice: &Invoice, line: &InvoiceLine) -> Option<Overcharge> {
    let sku = line.sku.as_deref()?;
    let product = case.facts.products.get(sku);
    let order_lines = invoice.purchase_order.as_ref().and_then(|order| case.facts.orders.get(order));
    let ordered = order_lines.and_then(|lines| lines.iter().find(|ordered| ordered.sku == sku));
    let day = ordered.map_or(invoice.issue_date, |ordered| ordered.order_date);
    let line_unit = line.unit.as_deref();
    let base_per_line_unit = match product {
        Some(product) => product.to_base(Decimal::ONE, line_unit)?,
        None => Decimal::ONE,
    };
    let family = case.facts.family(&invoice.customer_id);
    let in_force = case.facts.prices.get(sku).into_iter().flatten().filter(|price| {
        price.currency == invoice.currency
            && price.valid_from <= day
            && price.valid_to.is_none_or(|last| day <= last)
            && price.customer_id.as_ref().is_none_or(|customer| family.contains(customer))
    });
    // The customer's own price before the general one, then the latest.
    let listed = in_force.max_by_key(|price| (price.customer_id.is_some(), price.valid_from));
    let (agreed_per_base, source) = match (listed, ordered.and_then(|ordered| ordered.unit_price.map(|price| (ordered, price)))) {
        (Some(price), _) => {
            let base = product.map_or(Some(Decimal::ONE), |product| product.to_base(Decimal::ONE, price.unit.as_deref()))?;
            (price.unit_price / base, format!("price list from {}", price.valid_from))
        }
        (None, Some((ordered, price))) => {
            let base = product.map_or(Some(Decimal::ONE), |product| product.to_base(Decimal::ONE, ordered.unit.as_deref()))?;
            (price / base, format!("order {}", ordered.purchase_order))
        }
        (None, None) => return None,
    };
    let agreed = agreed_per_base * base_per_line_unit;
    let difference = line.unit_price - agreed;
    // Less than a tenth of a cent per unit is the rounding of a case price into pieces.
    let difference = if difference.abs() < Decimal::new(1, 3) { Decimal::ZERO } else { difference };
    let taxed = Decimal::ONE + line.tax_rate.unwrap_or_default() / Decimal::ONE_HUNDRED;
    Some(Overcharge {
        sku: sku.to_owned(),
        minor: case.minor(difference * line.quantity * taxed).max(0),
        per_base_unit: difference * taxed / base_per_line_unit,
        units: line.quantity * base_per_line_unit,
        says: format!(
            "Article {sku}: billed {} per {}, agreed {} ({source}), quantity {}.",
            line.unit_price.normalize(),
            line_unit.or(product.map(|product| product.unit.as_str())).unwrap_or("unit"),
            agreed.round_dp(4).normalize(),
            line.quantity.normalize()
        ),
    })
}

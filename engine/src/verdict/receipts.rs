//! What was received of an invoice, by the records of its deliveries, else by their papers.

use rust_decimal::Decimal;

use super::Case;
use super::billed::{billed_articles, value_per_base_unit};
use crate::evidence::Evidence;
use crate::facts::DeliveryOnPaper;
use crate::invoice::Invoice;
use crate::reference::fold;
use crate::sentence::{counted, quantity as in_unit};
use crate::shipment::Delivery;
use crate::supporting::DeliveryLine;
use crate::units::Product;
use crate::wording::Wording;

/// What became of one billed article, in base units.
pub(super) struct Receipt<'facts> {
    pub sku: &'facts str,
    pub billed: Decimal,
    /// `None` when no record or paper tells, or a unit does not convert.
    pub received: Option<Decimal>,
    pub damaged: Decimal,
    /// Of one base unit, tax included.
    pub value: Decimal,
    /// Base units in a case, where the article comes in cases.
    case_pack: Option<Decimal>,
}

impl Receipt<'_> {
    /// A quantity of the article as papers count it: in cases where it fills them, else in base units.
    pub fn counted(&self, units: Decimal) -> String {
        match self.cases(units) {
            Some(cases) => counted(cases, "case", "cases"),
            None => counted(units.normalize(), "base unit", "base units"),
        }
    }

    /// The same with the base units beside the cases.
    pub fn counted_both_ways(&self, units: Decimal) -> String {
        let units_said = counted(units.normalize(), "base unit", "base units");
        if self.cases(units).is_some_and(|cases| !cases.is_zero()) { format!("{} ({units_said})", self.counted(units)) } else { self.counted(units) }
    }

    fn cases(&self, units: Decimal) -> Option<Decimal> {
        let pack = self.case_pack.filter(|pack| *pack > Decimal::ONE)?;
        (units % pack).is_zero().then(|| (units / pack).normalize())
    }
}

/// The receipts of the articles a claim is about, and where they are written.
pub(super) struct Receipts<'facts> {
    pub articles: Vec<Receipt<'facts>>,
    pub evidence: Vec<Evidence>,
}

pub(super) fn receipts<'facts>(case: Case<'facts>, invoice: &Invoice) -> Receipts<'facts> {
    let mut evidence = Vec::new();
    let papers = case.facts.papers_for(invoice);
    let articles = billed_articles(case, invoice)
        .into_iter()
        .map(|article| {
            let sku = article.sku;
            let case_pack = case.facts.products.get(sku).and_then(|product| product.case_pack);
            let value = article.lines.first().and_then(|line| value_per_base_unit(case, line));
            let (Some(billed), Some(value)) = (article.units, value) else {
                return Receipt { sku, billed: Decimal::ZERO, received: None, damaged: Decimal::ZERO, value: Decimal::ZERO, case_pack };
            };
            let (received, damaged) = on_record(case, invoice, sku, &mut evidence).unwrap_or_else(|| on_paper(case, invoice, sku, &papers, &mut evidence));
            Receipt { sku, billed, received, damaged, value, case_pack }
        })
        .collect();
    Receipts { articles, evidence }
}

/// Received and damaged base units of an article by the records of deliveries; `None` without a record. One record whose unit does not convert
/// leaves the whole unknown.
fn on_record(case: Case<'_>, invoice: &Invoice, sku: &str, evidence: &mut Vec<Evidence>) -> Option<(Option<Decimal>, Decimal)> {
    let deliveries = case.facts.deliveries.get(&invoice.invoice_number).into_iter().flatten();
    let of_article: Vec<&Delivery> = deliveries.filter(|delivery| delivery.substituted_for_sku.as_deref().unwrap_or(&delivery.sku) == sku).collect();
    if of_article.is_empty() {
        return None;
    }
    let (mut received, mut damaged) = (Some(Decimal::ZERO), Decimal::ZERO);
    for delivery in of_article {
        // A substitute is counted in its own packing.
        let own = case.facts.products.get(&delivery.sku);
        let base = |quantity: Decimal| own.map_or(Some(quantity), |product| product.to_base(quantity, delivery.unit.as_deref()));
        received = received.zip(base(delivery.received_quantity)).map(|(received, more)| received + more);
        damaged += delivery.damaged_quantity.and_then(base).unwrap_or_default();
        let reference = delivery.pod_reference.as_ref().unwrap_or(&delivery.delivery_id);
        evidence.push(Evidence::record("delivery", reference, told(delivery)));
    }
    Some((received, damaged))
}

fn told(delivery: &Delivery) -> String {
    let instead = delivery.substituted_for_sku.as_deref().map_or(String::new(), |other| format!(" as accepted substitute for {other}"));
    let signed = delivery.signed_by.as_deref().map_or(String::new(), |name| format!(", signed by {name}"));
    let noted = delivery.note.as_deref().map_or(String::new(), |note| format!(", {note}"));
    let damaged = delivery.damaged_quantity.filter(|quantity| !quantity.is_zero());
    let damaged = damaged.map_or(String::new(), |quantity| format!(", {} damaged", quantity.normalize()));
    format!(
        "{}: {} of {}{instead} received{signed}{damaged}{noted}.",
        delivery.delivered_on,
        in_unit(delivery.received_quantity, delivery.unit.as_deref()),
        delivery.sku
    )
}

/// Received and damaged base units of an article on the papers of a delivery.
fn on_paper(case: Case<'_>, invoice: &Invoice, sku: &str, papers: &[&DeliveryOnPaper], evidence: &mut Vec<Evidence>) -> (Option<Decimal>, Decimal) {
    let (mut received, mut damaged) = (None, Decimal::ZERO);
    for paper in papers {
        let reference = paper.delivery.number.clone().unwrap_or_else(|| paper.document.clone());
        for line in &paper.delivery.lines {
            let Some(product) = delivered_article(case, invoice, line).filter(|product| product.sku == sku) else { continue };
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
                        Some(received) => format!("{} of {sku} received.", in_unit(received, line.unit.as_deref())),
                        None => format!("{} of {sku} received, by the remarks.", counted(quantity.normalize(), "base unit", "base units")),
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

/// The article of a paper's line: by its number, else the one article of the invoice whose description shares the most words with the line's.
fn delivered_article<'facts>(case: Case<'facts>, invoice: &Invoice, line: &DeliveryLine) -> Option<&'facts Product> {
    if let Some(article) = line.article.as_deref() {
        return case.facts.article(&invoice.customer_id, article);
    }
    let words = described(line.description.as_deref()?);
    let mut shared: Vec<(usize, &Product)> = case
        .facts
        .lines_of(&invoice.invoice_number)
        .iter()
        .filter_map(|line| case.facts.products.get(line.sku.as_deref()?))
        .map(|product| (described(&product.description).iter().filter(|word| words.contains(word)).count(), product))
        .filter(|(count, _)| *count > 0)
        .collect();
    shared.sort_by_key(|(count, product)| (std::cmp::Reverse(*count), &product.sku));
    shared.dedup_by_key(|(_, product)| &product.sku);
    match shared.as_slice() {
        [(most, _), (next, _), ..] if most == next => None,
        [(_, product), ..] => Some(product),
        [] => None,
    }
}

/// The words of a description that tell articles apart.
fn described(description: &str) -> Vec<String> {
    let folded = fold(description);
    folded.split(|character: char| !character.is_alphanumeric()).filter(|word| word.len() >= 4).map(str::to_owned).collect()
}

/// The base units that a remark gives for an article: named by number, or by a word of its description.
fn remarked_units(case: Case<'_>, invoice: &Invoice, sku: &str, remarks: &str) -> Option<Decimal> {
    let said = Wording::read(&[remarks], &[], case.facts, &invoice.customer_id, case.claim.payment_date);
    if !said.articles.is_empty() {
        return said.claimed_units(sku);
    }
    let product = case.facts.products.get(sku)?;
    let words = described(remarks);
    let is_named = described(&product.description).iter().any(|word| words.contains(word));
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

//! What an invoice bills of each article, over all its lines: deliveries and claims don't say which line they mean.

use rust_decimal::Decimal;

use super::Case;
use crate::invoice::{Invoice, InvoiceLine};
use crate::units::{Measure, Product};

/// One article of an invoice.
pub(super) struct BilledArticle<'facts> {
    pub sku: &'facts str,
    pub product: Option<&'facts Product>,
    pub lines: Vec<&'facts InvoiceLine>,
    /// Base units over all its lines; `None` when a unit does not convert by the master data.
    pub units: Option<Decimal>,
    /// Before tax, in minor units.
    pub net: i64,
}

/// The articles a claim is about, in the order of the invoice: those it names, else all. Lines without an article are left out.
pub(super) fn billed_articles<'facts>(case: Case<'facts>, invoice: &Invoice) -> Vec<BilledArticle<'facts>> {
    let mut articles: Vec<BilledArticle<'facts>> = Vec::new();
    for line in relevant_lines(case, invoice) {
        let Some(sku) = line.sku.as_deref() else { continue };
        let product = case.facts.products.get(sku);
        let units = product.map_or(Some(line.quantity), |product| product.to_base(line.quantity, line.unit.as_deref()));
        match articles.iter_mut().find(|known| known.sku == sku) {
            Some(known) => {
                known.units = known.units.zip(units).map(|(known, more)| known + more);
                known.net += line.line_amount;
                known.lines.push(line);
            }
            None => articles.push(BilledArticle { sku, product, lines: vec![line], units, net: line.line_amount }),
        }
    }
    articles
}

/// The lines a claim is about: of the articles it names, else all.
pub(super) fn relevant_lines<'facts>(case: Case<'facts>, invoice: &Invoice) -> Vec<&'facts InvoiceLine> {
    let named = &case.claim.wording.articles;
    let is_named = |line: &&InvoiceLine| line.sku.as_ref().is_some_and(|sku| named.iter().any(|article| &article.sku == sku));
    // An article that the invoice doesn't bill leaves nothing to compare.
    case.facts.lines_of(&invoice.invoice_number).iter().filter(|line| named.is_empty() || is_named(line)).collect()
}

/// A net amount of a line with the line's tax on it.
pub(super) fn with_tax(case: Case<'_>, line: &InvoiceLine, net_minor: i64) -> i64 {
    let rate = line.tax_rate.unwrap_or_default();
    net_minor + crate::money::Money::new(net_minor, case.currency()).percent(rate).map_or(0, |tax| tax.minor)
}

/// The value with tax of one base unit of a line.
pub(super) fn value_per_base_unit(case: Case<'_>, line: &InvoiceLine) -> Option<Decimal> {
    let base = match line.sku.as_ref().and_then(|sku| case.facts.products.get(sku)) {
        Some(product) => product.to_base(Decimal::ONE, line.unit.as_deref())?,
        None if line.unit.as_deref().is_none_or(|unit| Measure::from_word(unit) == Some(Measure::Base)) => Decimal::ONE,
        None => return None,
    };
    Some(line.unit_price / base * (Decimal::ONE + line.tax_rate.unwrap_or_default() / Decimal::ONE_HUNDRED))
}

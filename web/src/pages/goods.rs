//! The variance of goods line by line: invoiced, shipped, received, and the price on file.

use recoup_engine::invoice::InvoiceLine;
use recoup_engine::shipment::{Delivery, Price, Shipment};
use recoup_engine::units::Product;
use recoup_store::Store;
use recoup_store::screens::claim::Goods;
use rust_decimal::Decimal;

use super::errors::PageError;
use super::language::{counted, text};
use super::show;

/// Categories that goods or their price decide.
pub const CATEGORIES: [&str; 7] = ["shortage", "damage", "wrong_item", "quality", "return", "price_difference", "invoice_error"];

/// One line of the table; empty means not on file.
#[derive(Debug)]
pub struct GoodsLine {
    pub line: String,
    pub sku: String,
    pub description: String,
    pub invoiced: String,
    pub shipped: String,
    pub received: String,
    pub damaged: String,
    /// Received less than invoiced, in cases where it fills them and in base units.
    pub short: String,
    pub price: String,
    pub listed: String,
    pub price_differs: bool,
    pub amount: String,
}

/// The lines of an invoice beside what was shipped, received and agreed.
pub async fn lines(store: &Store, invoice_number: &str, customer_id: Option<&str>) -> Result<Vec<GoodsLine>, PageError> {
    let goods = store.goods_of(invoice_number).await?;
    Ok(goods.lines.iter().map(|line| line_of(line, &goods, customer_id)).collect())
}

fn line_of(line: &InvoiceLine, goods: &Goods, customer_id: Option<&str>) -> GoodsLine {
    let sku = line.sku.as_deref().unwrap_or_default();
    let product = goods.products.iter().find(|product| product.sku == sku);
    let deliveries: Vec<&Delivery> = goods.deliveries.iter().filter(|delivery| delivery.sku == sku).collect();
    let shipments: Vec<&Shipment> = goods.shipments.iter().filter(|shipment| shipment.sku == sku).collect();
    let received: Vec<(Decimal, Option<&str>)> = deliveries.iter().map(|delivery| (delivery.received_quantity, delivery.unit.as_deref())).collect();
    let damaged: Vec<(Decimal, Option<&str>)> = deliveries.iter().filter_map(|delivery| Some((delivery.damaged_quantity?, delivery.unit.as_deref()))).collect();
    let shipped: Vec<(Decimal, Option<&str>)> = shipments.iter().map(|shipment| (shipment.shipped_quantity, shipment.unit.as_deref())).collect();
    let listed = listed(goods, line, customer_id);
    GoodsLine {
        line: line.line_number.clone(),
        sku: sku.to_owned(),
        description: line.description.clone().or_else(|| product.map(|product| product.description.clone())).unwrap_or_default(),
        invoiced: quantity(line.quantity, line.unit.as_deref()),
        shipped: quantities(&shipped),
        received: quantities(&received),
        damaged: quantities(&damaged.into_iter().filter(|(quantity, _)| !quantity.is_zero()).collect::<Vec<_>>()),
        short: product.and_then(|product| short(product, line, &received).map(|short| both_ways(product, short))).unwrap_or_default(),
        price: price(line.unit_price, line.unit.as_deref()),
        price_differs: listed.is_some_and(|listed| listed.unit_price != line.unit_price && listed.unit == line.unit),
        listed: listed.map(|listed| price(listed.unit_price, listed.unit.as_deref())).unwrap_or_default(),
        amount: show::amount(line.line_amount, &goods.currency),
    }
}

/// How much of a line did not arrive, in base units; `None` when nothing is missing or units can't be compared.
fn short(product: &Product, line: &InvoiceLine, received: &[(Decimal, Option<&str>)]) -> Option<Decimal> {
    if received.is_empty() {
        return None;
    }
    let invoiced = product.to_base(line.quantity, line.unit.as_deref())?;
    let arrived = received.iter().map(|(quantity, unit)| product.to_base(*quantity, *unit)).sum::<Option<Decimal>>()?;
    Some(invoiced - arrived).filter(|short| *short > Decimal::ZERO)
}

/// A quantity in base units, after the cases that papers count where it fills them.
fn both_ways(product: &Product, units: Decimal) -> String {
    let said = quantity(units, Some(&product.unit));
    match product.case_pack.filter(|pack| *pack > Decimal::ONE && (units % pack).is_zero()) {
        Some(pack) => format!("{} ({said})", quantity(units / pack, Some("case"))),
        None => said,
    }
}

/// The price in force on the day of the invoice, in its currency: the customer's own before everybody's, for the unit billed before others.
fn listed<'goods>(goods: &'goods Goods, line: &InvoiceLine, customer_id: Option<&str>) -> Option<&'goods Price> {
    let day = goods.issue_date.as_str();
    goods
        .prices
        .iter()
        .filter(|price| Some(&price.sku) == line.sku.as_ref() && price.currency.code() == goods.currency)
        .filter(|price| price.valid_from.to_string().as_str() <= day && price.valid_to.is_none_or(|last| last.to_string().as_str() >= day))
        .filter(|price| price.customer_id.is_none() || price.customer_id.as_deref() == customer_id)
        .max_by_key(|price| (price.customer_id.is_some(), price.unit == line.unit, price.valid_from))
}

/// A price with two decimals at least: `17.60 per case`.
fn price(unit_price: Decimal, unit: Option<&str>) -> String {
    let mut shown = unit_price.normalize();
    if shown.scale() < 2 {
        shown.rescale(2);
    }
    let shown = show::group(&shown.to_string());
    unit.map_or_else(|| shown.clone(), |unit| text("{0} per {1}").with(&shown).with(unit).into())
}

/// `12 cases` in the language of the page.
pub fn quantity(quantity: Decimal, unit: Option<&str>) -> String {
    let number = show::group(&quantity.normalize().to_string());
    match unit.unwrap_or_default() {
        "case" => counted(number, "{0} case", "{0} cases").into(),
        "pallet" => counted(number, "{0} pallet", "{0} pallets").into(),
        "each" => counted(number, "{0} piece", "{0} pieces").into(),
        other => format!("{number} {other}").trim().to_owned(),
    }
}

fn quantities(parts: &[(Decimal, Option<&str>)]) -> String {
    parts.iter().map(|(amount, unit)| quantity(*amount, *unit)).collect::<Vec<_>>().join(" + ")
}

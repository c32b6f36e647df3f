//! Everything on file that a verdict may need, read once before judging.

use std::collections::{BTreeMap, HashMap};

use crate::agreement::{Agreement, ScanWeek};
use crate::invoice::{CreditMemo, Invoice, InvoiceLine, SettledDeduction};
use crate::party::Customer;
use crate::reading::Place;
use crate::reference::normalise;
use crate::shipment::{Delivery, OrderLine, Price, ReturnAuthorisation, Shipment};
use crate::supporting::DeliveryDocument;
use crate::taxonomy::Category;
use crate::units::Product;

/// A delivery that is known only from a document.
#[derive(Clone, Debug)]
pub struct DeliveryOnPaper {
    pub document: String,
    pub place: Option<Place>,
    pub delivery: DeliveryDocument,
}

/// A deduction that was judged or settled before the one at hand.
#[derive(Clone, Debug)]
pub struct EarlierDeduction {
    pub deduction_id: String,
    pub customer_id: String,
    pub reference: Option<String>,
    pub invoice_number: Option<String>,
    pub agreement_id: Option<String>,
    pub category: Category,
    /// Minor units.
    pub amount: i64,
    /// Minor units that were found owed.
    pub valid_amount: i64,
    pub text: String,
}

/// The records, indexed by what a deduction refers to. Lists are in a fixed order, so that the same facts give the same verdicts.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub customers: HashMap<String, Customer>,
    pub products: HashMap<String, Product>,
    pub invoices: HashMap<String, Invoice>,
    pub invoice_lines: HashMap<String, Vec<InvoiceLine>>,
    pub deliveries: HashMap<String, Vec<Delivery>>,
    pub shipments: HashMap<String, Vec<Shipment>>,
    /// By purchase order.
    pub orders: HashMap<String, Vec<OrderLine>>,
    /// By customer.
    pub agreements: BTreeMap<String, Vec<Agreement>>,
    pub scans: HashMap<String, Vec<ScanWeek>>,
    pub returns: HashMap<String, Vec<ReturnAuthorisation>>,
    pub credit_memos: HashMap<String, Vec<CreditMemo>>,
    pub settled: HashMap<String, Vec<SettledDeduction>>,
    /// By article.
    pub prices: HashMap<String, Vec<Price>>,
    /// Net invoiced amounts inside the window of each periodic agreement, in minor units.
    pub period_sales: HashMap<String, i64>,
    /// By normalised invoice number, purchase order and delivery note.
    pub deliveries_on_paper: HashMap<String, Vec<DeliveryOnPaper>>,
}

impl Facts {
    /// The customer and everyone above and below it: whose agreements and credits count for it.
    pub fn family(&self, customer_id: &str) -> Vec<String> {
        let mut family = vec![customer_id.to_owned()];
        let mut current = customer_id;
        // A cycle of parents ends at the first customer seen twice.
        while let Some(parent) = self.customers.get(current).and_then(|customer| customer.parent_customer_id.as_deref()) {
            if family.iter().any(|known| known == parent) {
                break;
            }
            family.push(parent.to_owned());
            current = parent;
        }
        family
    }

    /// The whole group a customer belongs to: same top, in a fixed order.
    pub fn group(&self, customer_id: &str) -> Vec<String> {
        let top = self.family(customer_id).pop().unwrap_or_else(|| customer_id.to_owned());
        let mut group: Vec<String> = self.customers.keys().filter(|other| self.family(other).last() == Some(&top)).cloned().collect();
        group.sort();
        group
    }

    /// Agreements of the customer and its parents, nearest first.
    pub fn agreements_for<'facts>(&'facts self, customer_id: &str) -> impl Iterator<Item = &'facts Agreement> {
        self.family(customer_id).into_iter().filter_map(|member| self.agreements.get(&member)).flatten()
    }

    /// An article by our number or by this customer's; case and punctuation don't matter.
    pub fn article(&self, customer_id: &str, written: &str) -> Option<&Product> {
        let wanted = normalise(written);
        if let Some(product) = self.products.get(written.trim()).or_else(|| self.products.get(&wanted)) {
            return Some(product);
        }
        let family = self.family(customer_id);
        let mut found: Vec<&Product> = self
            .products
            .values()
            .filter(|product| {
                product.gtin.as_deref().is_some_and(|gtin| gtin == wanted)
                    || family.iter().any(|member| product.customer_sku(member).is_some_and(|theirs| normalise(theirs) == wanted))
            })
            .collect();
        found.sort_by(|left, right| left.sku.cmp(&right.sku));
        match found.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// The day that decides whether a promotion's window covers an invoice: delivery, else shipment, else issue.
    pub fn delivery_day(&self, invoice: &Invoice) -> jiff::civil::Date {
        let delivered = self.deliveries.get(&invoice.invoice_number).and_then(|deliveries| deliveries.iter().map(|delivery| delivery.delivered_on).max());
        let shipped = || self.shipments.get(&invoice.invoice_number).and_then(|shipments| shipments.iter().filter_map(|shipment| shipment.shipped_on).max());
        delivered.or_else(shipped).unwrap_or(invoice.issue_date)
    }

    pub fn lines_of(&self, invoice_number: &str) -> &[InvoiceLine] {
        self.invoice_lines.get(invoice_number).map_or(&[], Vec::as_slice)
    }

    /// Credits of ours that name this invoice and were given by this day, in minor units.
    pub fn credited_before(&self, invoice: &Invoice, day: jiff::civil::Date) -> Vec<&CreditMemo> {
        let mut memos: Vec<&CreditMemo> = self
            .credit_memos
            .values()
            .flatten()
            .filter(|memo| {
                memo.invoice_number.as_deref() == Some(invoice.invoice_number.as_str()) && memo.issue_date <= day && memo.currency == invoice.currency
            })
            .collect();
        memos.sort_by(|left, right| left.credit_memo_number.cmp(&right.credit_memo_number));
        memos
    }

    /// Papers of a delivery that name this invoice, its order or its delivery note.
    pub fn papers_for(&self, invoice: &Invoice) -> Vec<&DeliveryOnPaper> {
        let mut papers: Vec<&DeliveryOnPaper> = Vec::new();
        let keys = [Some(invoice.invoice_number.as_str()), invoice.delivery_note.as_deref(), invoice.purchase_order.as_deref()];
        for key in keys.into_iter().flatten() {
            for paper in self.deliveries_on_paper.get(&normalise(key)).into_iter().flatten() {
                if !papers.iter().any(|known| known.document == paper.document) {
                    papers.push(paper);
                }
            }
        }
        papers
    }
}

//! Everything on file that a verdict may need, read once before judging.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use crate::agreement::{Agreement, ScanWeek};
use crate::invoice::{CreditMemo, Invoice, InvoiceLine, SettledDeduction};
use crate::party::Customer;
use crate::reading::Place;
use crate::reference::{confusable_form, normalise};
use crate::shipment::{Delivery, OrderLine, Price, ReturnAuthorisation, Shipment};
use crate::supporting::DeliveryDocument;
use crate::units::Product;

/// A delivery that is known only from a document.
#[derive(Clone, Debug)]
pub struct DeliveryOnPaper {
    pub document: String,
    pub place: Option<Place>,
    pub delivery: DeliveryDocument,
}

/// The records, indexed by what a deduction refers to. Lists are in a fixed order, so that the same facts give the same verdicts.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub customers: HashMap<String, Customer>,
    pub products: HashMap<String, Product>,
    pub invoices: HashMap<String, Invoice>,
    /// Our numbers by how customers wrote them, where that differs: without prefix or separators, or with letters that recognition confused.
    pub written_otherwise: HashMap<String, String>,
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
    /// By the confusable form of invoice number, purchase order and delivery note: scanned papers mix letters and digits up.
    pub deliveries_on_paper: HashMap<String, Vec<DeliveryOnPaper>>,
    /// Everyone with the same head, by customer; made at first use, when the customers are complete.
    groups: OnceLock<HashMap<String, Arc<Vec<String>>>>,
    /// Our numbers by normalised GTIN and customers' article numbers, with the customer that uses them.
    articles: OnceLock<HashMap<String, Vec<(Option<String>, String)>>>,
    /// Records by the confusable form of their numbers.
    named: OnceLock<HashMap<String, Vec<NamedRecord>>>,
}

/// A record that words may name by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedRecord {
    pub customer_id: String,
    /// The number as it is on file: the customer's reference of an agreement, or its id.
    pub number: String,
    pub kind: NamedKind,
}

/// What kind of record a number names, with its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamedKind {
    Agreement(String),
    Return(String),
    CreditMemo(String),
}

impl Facts {
    /// Facts that know the customers and nothing else yet.
    pub fn of_customers(customers: impl IntoIterator<Item = Customer>) -> Self {
        Self { customers: customers.into_iter().map(|customer| (customer.customer_id.clone(), customer)).collect(), ..Self::default() }
    }

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

    /// The whole group a customer belongs to: same head, in a fixed order.
    pub fn group(&self, customer_id: &str) -> Arc<Vec<String>> {
        let groups = self.groups.get_or_init(|| {
            let mut by_head: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for customer in self.customers.keys() {
                by_head.entry(self.family(customer).pop().unwrap_or_default()).or_default().push(customer.clone());
            }
            let mut groups = HashMap::new();
            for mut members in by_head.into_values() {
                members.sort();
                let members = Arc::new(members);
                groups.extend(members.iter().map(|member| (member.clone(), Arc::clone(&members))));
            }
            groups
        });
        groups.get(customer_id).cloned().unwrap_or_else(|| Arc::new(vec![customer_id.to_owned()]))
    }

    /// The records of this customer's group that a number names; a digit misread as a letter (or the reverse) is the same number.
    pub fn named(&self, customer_id: &str, number: &str) -> Vec<&NamedRecord> {
        let named = self.named.get_or_init(|| {
            let mut named: HashMap<String, Vec<NamedRecord>> = HashMap::new();
            let mut add = |customer_id: &String, number: &str, kind: NamedKind| {
                named.entry(confusable_form(number)).or_default().push(NamedRecord { customer_id: customer_id.clone(), number: number.to_owned(), kind });
            };
            for agreement in self.agreements.values().flatten() {
                for number in [Some(&agreement.agreement_id), agreement.customer_reference.as_ref()].into_iter().flatten() {
                    add(&agreement.customer_id, number, NamedKind::Agreement(agreement.agreement_id.clone()));
                }
            }
            for authorised in self.returns.values().flatten() {
                add(&authorised.customer_id, &authorised.return_id, NamedKind::Return(authorised.return_id.clone()));
            }
            for memo in self.credit_memos.values().flatten() {
                add(&memo.customer_id, &memo.credit_memo_number, NamedKind::CreditMemo(memo.credit_memo_number.clone()));
            }
            named
        });
        let wanted = normalise(number);
        let group = self.group(customer_id);
        let fits = |record: &&NamedRecord| group.contains(&record.customer_id) && (wanted.len() >= 5 || normalise(&record.number) == wanted);
        named.get(&confusable_form(number)).into_iter().flatten().filter(fits).collect()
    }

    /// Agreements of the customer and its parents, nearest first.
    pub fn agreements_for<'facts>(&'facts self, customer_id: &str) -> impl Iterator<Item = &'facts Agreement> {
        self.family(customer_id).into_iter().filter_map(|member| self.agreements.get(&member)).flatten()
    }

    /// An article by our number, its GTIN or this customer's number; case and punctuation don't matter, ties are no article.
    pub fn article(&self, customer_id: &str, written: &str) -> Option<&Product> {
        let wanted = normalise(written);
        if let Some(product) = self.products.get(written.trim()).or_else(|| self.products.get(&wanted)) {
            return Some(product);
        }
        let articles = self.articles.get_or_init(|| {
            let mut articles: HashMap<String, Vec<(Option<String>, String)>> = HashMap::new();
            for product in self.products.values() {
                if let Some(gtin) = &product.gtin {
                    articles.entry(normalise(gtin)).or_default().push((None, product.sku.clone()));
                }
                for (customer, theirs) in product.customer_skus.iter().filter_map(|pair| pair.split_once(':')) {
                    articles.entry(normalise(theirs)).or_default().push((Some(customer.to_owned()), product.sku.clone()));
                }
            }
            articles
        });
        let family = self.family(customer_id);
        let mut skus: Vec<&String> = articles
            .get(&wanted)?
            .iter()
            .filter(|(customer, _)| customer.as_ref().is_none_or(|customer| family.contains(customer)))
            .map(|(_, sku)| sku)
            .collect();
        skus.sort();
        skus.dedup();
        match skus.as_slice() {
            [only] => self.products.get(*only),
            _ => None,
        }
    }

    /// The day that decides whether a promotion's window covers an invoice: delivery, else shipment, else issue.
    pub fn delivery_day(&self, invoice: &Invoice) -> jiff::civil::Date {
        let delivered = self.deliveries.get(&invoice.invoice_number).and_then(|deliveries| deliveries.iter().map(|delivery| delivery.delivered_on).max());
        let shipped = || self.shipments.get(&invoice.invoice_number).and_then(|shipments| shipments.iter().filter_map(|shipment| shipment.shipped_on).max());
        delivered.or_else(shipped).unwrap_or(invoice.issue_date)
    }

    /// The invoice a customer means by a number, as it is written.
    pub fn invoice(&self, written: &str) -> Option<&Invoice> {
        self.invoices.get(written).or_else(|| self.invoices.get(self.written_otherwise.get(written)?))
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
            for paper in self.deliveries_on_paper.get(&confusable_form(key)).into_iter().flatten() {
                if !papers.iter().any(|known| known.document == paper.document) {
                    papers.push(paper);
                }
            }
        }
        papers
    }
}

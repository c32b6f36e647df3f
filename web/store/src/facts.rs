//! Reads what verdicts need, once, for the customers and invoices at hand: the cost follows what is referenced, not what is on file.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use jiff::civil::Date;
use recoup_engine::agreement::{Agreement, ScanWeek};
use recoup_engine::facts::Facts;
use recoup_engine::invoice::{CreditMemo, DisputeWindow, Invoice, InvoiceLine, SettledDeduction};
use recoup_engine::matching::OpenItem;
use recoup_engine::numbering::Numbering;
use recoup_engine::party::{Customer, LegalEntity, ReasonCode};
use recoup_engine::shipment::{Delivery, OrderLine, Price, ReturnAuthorisation, Shipment};
use recoup_engine::units::Product;
use serde::Deserialize;

use crate::delivery_checks::beside_records;
use crate::{Result, Store, Value};

/// An invoice with what payments of this system have settled of it.
#[derive(Deserialize)]
struct OpenRow {
    #[serde(flatten)]
    invoice: Invoice,
    allocated: i64,
}

/// Agreements whose sales are summed in one query.
const AGREEMENTS_AT_ONCE: usize = 1_000;

const OPEN: &str = "select i.*, cast(coalesce((select sum(a.gross) from allocations a where a.invoice_number = i.invoice_number and a.reversed = false), 0) as bigint) as allocated from invoices i";

impl From<OpenRow> for OpenItem {
    fn from(row: OpenRow) -> Self {
        let Invoice {
            invoice_number,
            customer_id,
            currency,
            issue_date,
            due_date,
            total_amount,
            paid_amount,
            payment_terms,
            purchase_order,
            delivery_note,
            ..
        } = row.invoice;
        Self {
            invoice_number,
            customer_id,
            currency,
            issue_date,
            due_date,
            payment_terms,
            purchase_order,
            delivery_note,
            total: total_amount,
            open: total_amount - paid_amount.unwrap_or(0) - row.allocated,
        }
    }
}

fn grouped<K: Hash + Eq, T>(rows: Vec<T>, key: impl Fn(&T) -> Option<K>) -> HashMap<K, Vec<T>> {
    let mut groups: HashMap<K, Vec<T>> = HashMap::new();
    for row in rows {
        if let Some(key) = key(&row) {
            groups.entry(key).or_default().push(row);
        }
    }
    groups
}

impl Store {
    pub async fn customers(&self) -> Result<Vec<Customer>> {
        self.rows("select * from customers order by customer_id", vec![]).await
    }

    pub async fn legal_entities(&self) -> Result<Vec<LegalEntity>> {
        self.rows("select * from company order by legal_entity", vec![]).await
    }

    /// The series that our invoices are numbered in.
    pub async fn numbering(&self) -> Result<Numbering> {
        #[derive(Deserialize)]
        struct Series {
            series: String,
        }
        let rows: Vec<Series> = self.rows("select series from own_number_series order by series", vec![]).await?;
        Ok(Numbering::of_series(rows.into_iter().map(|row| row.series)))
    }

    pub async fn reason_codes(&self) -> Result<Vec<ReasonCode>> {
        self.rows("select * from reason_codes order by record_key", vec![]).await
    }

    pub async fn dispute_windows(&self) -> Result<Vec<DisputeWindow>> {
        self.rows("select * from dispute_windows order by record_key", vec![]).await
    }

    /// Every open item of some customers, in the order of their numbers.
    pub async fn open_items_of(&self, customers: &[String]) -> Result<Vec<OpenItem>> {
        let rows: Vec<OpenRow> = self.rows_for(&format!("{OPEN} where i.customer_id in ({{keys}}) order by i.invoice_number"), customers).await?;
        Ok(rows.into_iter().map(OpenItem::from).collect())
    }

    /// What a standing payment settles of each invoice, in minor units.
    pub async fn settled_by(&self, payment_id: &str) -> Result<HashMap<String, i64>> {
        #[derive(Deserialize)]
        struct Row {
            invoice_number: String,
            gross: i64,
        }
        let rows: Vec<Row> = self
            .rows("select invoice_number, cast(sum(gross) as bigint) as gross from allocations where payment_id = $1 and reversed = false group by invoice_number order by invoice_number", vec![payment_id.into()])
            .await?;
        Ok(rows.into_iter().map(|row| (row.invoice_number, row.gross)).collect())
    }

    /// Items by their literal numbers.
    pub async fn items_by_number(&self, numbers: &[String]) -> Result<Vec<OpenItem>> {
        let rows: Vec<OpenRow> = self.rows_for(&format!("{OPEN} where i.record_key in ({{keys}}) order by i.invoice_number"), numbers).await?;
        Ok(rows.into_iter().map(OpenItem::from).collect())
    }

    /// The items of these whole amounts in minor units, in the order of their numbers.
    pub async fn items_of_amounts(&self, totals: &[i64], currency: &str) -> Result<Vec<OpenItem>> {
        let mut items = Vec::new();
        for total in totals {
            let rows: Vec<OpenRow> = self
                .rows(&format!("{OPEN} where i.total_amount = $1 and i.currency = $2 order by i.invoice_number"), vec![(*total).into(), currency.into()])
                .await?;
            items.extend(rows.into_iter().map(OpenItem::from));
        }
        Ok(items)
    }

    /// Invoices of these purchase orders or delivery notes: what a paper of a delivery is about that names no invoice.
    pub async fn invoices_delivered_under(&self, numbers: &[String]) -> Result<Vec<String>> {
        #[derive(Deserialize)]
        struct Row {
            invoice_number: String,
        }
        let mut invoices = BTreeSet::new();
        for column in ["purchase_order", "delivery_note"] {
            let rows: Vec<Row> =
                self.rows_for(&format!("select invoice_number from invoices where {column} in ({{keys}}) order by invoice_number"), numbers).await?;
            invoices.extend(rows.into_iter().map(|row| row.invoice_number));
        }
        Ok(invoices.into_iter().collect())
    }

    /// Facts of whole customer groups: parties, agreements, credits, returns, settlements, scans, articles. `supposed` stands in for the agreement of
    /// its number.
    pub async fn customer_facts(&self, customers: Vec<Customer>, customer_ids: &[String], supposed: Option<&Agreement>) -> Result<Facts> {
        let mut agreements: Vec<Agreement> =
            self.rows_for("select * from agreements where customer_id in ({keys}) order by agreement_id", customer_ids).await?;
        if let Some(supposed) = supposed {
            agreements.iter_mut().filter(|agreement| agreement.agreement_id == supposed.agreement_id).for_each(|agreement| agreement.clone_from(supposed));
        }
        let scans: Vec<ScanWeek> = self.rows_for("select * from scan_data where customer_id in ({keys}) order by record_key", customer_ids).await?;
        let returns: Vec<ReturnAuthorisation> = self.rows_for("select * from returns where customer_id in ({keys}) order by record_key", customer_ids).await?;
        let credit_memos: Vec<CreditMemo> = self.rows_for("select * from credit_memos where customer_id in ({keys}) order by record_key", customer_ids).await?;
        let settled: Vec<SettledDeduction> =
            self.rows_for("select * from settled_deductions where customer_id in ({keys}) order by settled_on, record_key", customer_ids).await?;
        let mut facts = self.article_facts(customers).await?;
        facts.agreements = grouped(agreements, |agreement| Some(agreement.customer_id.clone())).into_iter().collect();
        facts.scans = grouped(scans, |week| Some(week.customer_id.clone()));
        facts.returns = grouped(returns, |authorised| Some(authorised.customer_id.clone()));
        facts.credit_memos = grouped(credit_memos, |memo| Some(memo.customer_id.clone()));
        facts.settled = grouped(settled, |settled| Some(settled.customer_id.clone()));
        facts.period_sales = self.period_sales(&facts).await?;
        Ok(facts)
    }

    /// The customers and our articles, to tell which article a customer means.
    pub async fn article_facts(&self, customers: Vec<Customer>) -> Result<Facts> {
        let products: Vec<Product> = self.rows("select * from products order by sku", vec![]).await?;
        let mut facts = Facts::of_customers(customers);
        facts.products = products.into_iter().map(|product| (product.sku.clone(), product)).collect();
        Ok(facts)
    }

    /// What was invoiced net inside the window of each periodic percentage agreement; credits are not taken off.
    async fn period_sales(&self, facts: &Facts) -> Result<HashMap<String, i64>> {
        self.sales_under(facts.agreements.values().flatten().filter(|agreement| agreement.kind.is_periodic()), Date::MAX).await
    }

    /// What was invoiced net to a customer and those below it inside the window of each agreement, up to a day, by agreement; minor units.
    pub async fn sales_under(&self, agreements: impl Iterator<Item = &Agreement>, until: Date) -> Result<HashMap<String, i64>> {
        #[derive(Deserialize)]
        struct Sales {
            agreement_id: String,
            sku: Option<String>,
            net: i64,
        }
        let agreements: Vec<&Agreement> = agreements.collect();
        let mut sales = HashMap::new();
        for part in agreements.chunks(AGREEMENTS_AT_ONCE) {
            let mut values: Vec<Value> = Vec::with_capacity(part.len() * 5);
            let mut windows = Vec::with_capacity(part.len());
            for agreement in part {
                windows.push(format!("({})", self.placeholders(values.len() + 1, 5)));
                values.extend([
                    agreement.agreement_id.as_str().into(),
                    agreement.customer_id.as_str().into(),
                    agreement.starts_on.to_string().into(),
                    agreement.ends_on.min(until).to_string().into(),
                    agreement.currency.code().into(),
                ]);
            }
            // The windows are given, not read: a supposed agreement has another one than that on file.
            let sql = format!(
                "with windows (agreement_id, customer_id, starts_on, ends_on, currency) as (values {}), \
                 buyers as (select agreement_id, customer_id, starts_on, ends_on, currency from windows \
                 union select w.agreement_id, c.customer_id, w.starts_on, w.ends_on, w.currency from windows w join customers c on c.parent_customer_id = w.customer_id) \
                 select b.agreement_id, l.sku, cast(sum(l.line_amount) as bigint) as net from buyers b \
                 join invoices i on i.customer_id = b.customer_id and i.issue_date >= b.starts_on and i.issue_date <= b.ends_on and i.currency = b.currency \
                 join invoice_lines l on l.invoice_number = i.invoice_number group by b.agreement_id, l.sku",
                windows.join(", ")
            );
            let mut net_of: HashMap<String, Vec<Sales>> = grouped(self.rows(&sql, values).await?, |row: &Sales| Some(row.agreement_id.clone()));
            for agreement in part {
                let rows = net_of.remove(&agreement.agreement_id).unwrap_or_default();
                let covered = |row: &&Sales| row.sku.as_deref().map_or(agreement.skus.is_empty(), |sku| agreement.covers_sku(sku));
                sales.insert(agreement.agreement_id.clone(), rows.iter().filter(covered).map(|row| row.net).sum());
            }
        }
        Ok(sales)
    }

    /// Adds what is on file about some invoices: lines, deliveries, shipments, orders, prices of their articles.
    pub async fn add_invoice_facts(&self, facts: &mut Facts, numbers: &[String]) -> Result<()> {
        let invoices: Vec<Invoice> = self.rows_for("select * from invoices where record_key in ({keys}) order by invoice_number", numbers).await?;
        let lines: Vec<InvoiceLine> = self.rows_for("select * from invoice_lines where invoice_number in ({keys}) order by record_key", numbers).await?;
        let mut deliveries: Vec<Delivery> = self.rows_for("select * from deliveries where invoice_number in ({keys}) order by record_key", numbers).await?;
        deliveries = beside_records(deliveries, &self.delivery_checks(numbers).await?);
        let mut shipments: Vec<Shipment> = self.rows_for("select * from shipments where invoice_number in ({keys}) order by record_key", numbers).await?;
        let ordered: BTreeSet<String> = invoices.iter().filter_map(|invoice| invoice.purchase_order.clone()).collect();
        let ordered: Vec<String> = ordered.into_iter().collect();
        let orders: Vec<OrderLine> = self.rows_for("select * from orders where purchase_order in ({keys}) order by record_key", &ordered).await?;
        // Records that name the order only belong to its invoice where it has but one.
        let billed = self.only_invoice_of(&ordered).await?;
        let of_order = |order: &Option<String>| order.as_ref().and_then(|order| billed.get(order)).cloned();
        let unnamed: Vec<Delivery> =
            self.rows_for("select * from deliveries where purchase_order in ({keys}) and invoice_number is null order by record_key", &ordered).await?;
        deliveries.extend(unnamed.into_iter().map(|delivery| Delivery { invoice_number: of_order(&delivery.purchase_order), ..delivery }));
        let unnamed: Vec<Shipment> =
            self.rows_for("select * from shipments where purchase_order in ({keys}) and invoice_number is null order by record_key", &ordered).await?;
        shipments.extend(unnamed.into_iter().map(|shipment| Shipment { invoice_number: of_order(&shipment.purchase_order), ..shipment }));
        let skus: BTreeSet<String> = lines.iter().filter_map(|line| line.sku.clone()).filter(|sku| !facts.prices.contains_key(sku)).collect();
        let prices: Vec<Price> =
            self.rows_for("select * from price_list where sku in ({keys}) order by record_key", &skus.into_iter().collect::<Vec<_>>()).await?;
        facts.invoices.extend(invoices.into_iter().map(|invoice| (invoice.invoice_number.clone(), invoice)));
        facts.invoice_lines.extend(grouped(lines, |line| Some(line.invoice_number.clone())));
        facts.deliveries.extend(grouped(deliveries, |delivery| delivery.invoice_number.clone()));
        facts.shipments.extend(grouped(shipments, |shipment| shipment.invoice_number.clone()));
        facts.orders.extend(grouped(orders, |line| Some(line.purchase_order.clone())));
        facts.prices.extend(grouped(prices, |price| Some(price.sku.clone())));
        Ok(())
    }

    /// The invoice of each purchase order that was billed by one invoice only.
    async fn only_invoice_of(&self, orders: &[String]) -> Result<HashMap<String, String>> {
        #[derive(Deserialize)]
        struct Row {
            purchase_order: String,
            invoice_number: String,
        }
        let rows: Vec<Row> = self
            .rows_for(
                "select purchase_order, min(invoice_number) as invoice_number from invoices where purchase_order in ({keys}) group by purchase_order having count(*) = 1 order by purchase_order",
                orders,
            )
            .await?;
        Ok(rows.into_iter().map(|row| (row.purchase_order, row.invoice_number)).collect())
    }

    /// Numbers of other invoices of these customers with the same totals, so that duplicates can be seen.
    pub async fn twins_of(&self, numbers: &[String]) -> Result<Vec<String>> {
        #[derive(Deserialize)]
        struct Twin {
            invoice_number: String,
        }
        let rows: Vec<Twin> = self
            .rows_for(
                "select distinct t.invoice_number from invoices i join invoices t on t.customer_id = i.customer_id and t.total_amount = i.total_amount and t.invoice_number <> i.invoice_number \
                 where i.record_key in ({keys}) order by t.invoice_number",
                numbers,
            )
            .await?;
        Ok(rows.into_iter().map(|row| row.invoice_number).collect())
    }
}

//! A delivery as the desk that checks it sees it: the invoices on the same truck, the claims about their goods, what was ordered.

use recoup_engine::shipment::OrderLine;
use serde::Deserialize;

use crate::{Result, Store};

/// A claim about the goods of an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct GoodsClaim {
    pub claim_id: String,
    pub invoice_number: String,
    pub category: String,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    /// What the customer wrote.
    pub words: Option<String>,
    pub validity: Option<String>,
    pub explanation: Option<String>,
    pub state: String,
    pub status: String,
    pub version: i64,
    /// Minor units that are owed, as judged.
    pub valid_amount: Option<i64>,
}

#[derive(Deserialize)]
struct Number {
    invoice_number: String,
}

impl Store {
    /// The invoices whose goods travelled with those of an invoice, itself first: of the same shipment or under the same bill of lading.
    pub async fn on_the_truck_of(&self, invoice_number: &str) -> Result<Vec<String>> {
        let rows: Vec<Number> = self
            .rows(
                // Two selects, because no engine finds by the one index or the other.
                "select o.invoice_number from shipments s join shipments o on o.shipment_id = s.shipment_id \
                 where s.invoice_number = $1 and o.invoice_number is not null and o.invoice_number <> $1 \
                 union select o.invoice_number from shipments s join shipments o on o.bill_of_lading = s.bill_of_lading \
                 where s.invoice_number = $1 and o.invoice_number is not null and o.invoice_number <> $1 order by 1",
                vec![invoice_number.into()],
            )
            .await?;
        Ok(std::iter::once(invoice_number.to_owned()).chain(rows.into_iter().map(|row| row.invoice_number)).collect())
    }

    /// The claims of some categories about these invoices, those that can be decided first.
    pub async fn goods_claims(&self, invoices: &[String], categories: &[&str]) -> Result<Vec<GoodsClaim>> {
        let rows: Vec<GoodsClaim> = self
            .rows_for(
                "select c.claim_id, d.invoice_number, c.category, c.amount, c.currency, d.words, d.validity, d.explanation, c.state, c.status, c.version, d.valid_amount \
                 from claims c join deductions d on d.deduction_id = c.deduction_id where d.invoice_number in ({keys}) and d.reversed = false and c.state <> 'merged' \
                 order by case when c.status in ('open', 'waiting') then 0 else 1 end, c.claim_id",
                invoices,
            )
            .await?;
        Ok(rows.into_iter().filter(|row| categories.contains(&row.category.as_str())).collect())
    }

    /// The lines of an order.
    pub async fn order_lines(&self, purchase_order: &str) -> Result<Vec<OrderLine>> {
        self.rows("select * from orders where purchase_order = $1 order by record_key", vec![purchase_order.into()]).await
    }
}

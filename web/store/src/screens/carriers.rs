//! What carriers cost: deductions and claims on invoices that a carrier brought, since a day. Shipments come and go with imports, so nothing is kept.

use super::figures::{Figure, Sight};
use crate::summaries::{Rows, measured};
use crate::{Result, Store, Value};

const HELD: &str = "select distinct s.carrier as key, d.deduction_id, d.currency, d.amount, coalesce(d.valid_amount, 0) as owed, d.expectation, coalesce(d.validity, '') as validity, 1 as judged \
     from payments p join deductions d on d.payment_id = p.payment_id join shipments s on s.invoice_number = d.invoice_number \
     where p.payment_date >= $1 and d.reversed = false and d.category is not null and s.carrier is not null \
     and (cast($2 as text) is null or d.queue = $2) and (cast($3 as text) is null or d.customer_id = $3)";
const WORKED: &str = "select distinct s.carrier as key, c.claim_id, c.currency, c.amount, c.accepted, c.disputed, c.written_off, c.recovered, \
     case when c.status in ('open', 'waiting') then 1 else 0 end as unfinished \
     from payments p join deductions d on d.payment_id = p.payment_id join claims c on c.deduction_id = d.deduction_id join shipments s on s.invoice_number = d.invoice_number \
     where c.opened_on >= $1 and p.payment_date >= $1 and c.state not in ('merged', 'withdrawn') and s.carrier is not null \
     and (cast($2 as text) is null or c.queue = $2) and (cast($3 as text) is null or c.customer_id = $3)";
impl Store {
    /// Figures by carrier (the key) and measure (the detail), as the kept summaries have them by category.
    pub async fn carrier_figures(&self, sight: &Sight, since: &str) -> Result<Vec<Figure>> {
        let values = || -> Vec<Value> { vec![since.into(), sight.queue.clone().into(), sight.customer.clone().into()] };
        let mut figures = Vec::new();
        for (of, rows) in [(Rows::Deductions, HELD), (Rows::Claims, WORKED)] {
            figures.extend(self.rows::<Figure>(&measured(of, rows), values()).await?);
        }
        Ok(figures)
    }
}

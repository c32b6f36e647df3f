//! What carriers cost: deductions and claims on invoices that a carrier brought, since a day. Shipments come and go with imports, so nothing is kept.

use super::figures::{Figure, Sight};
use crate::{Result, Store, Value};

const HELD: &str = "select distinct s.carrier as key, d.deduction_id, d.currency, d.amount, coalesce(d.valid_amount, 0) as owed, d.expectation, d.validity \
     from payments p join deductions d on d.payment_id = p.payment_id join shipments s on s.invoice_number = d.invoice_number \
     where p.payment_date >= $1 and d.reversed = false and d.category is not null and s.carrier is not null \
     and (cast($2 as text) is null or d.queue = $2) and (cast($3 as text) is null or d.customer_id = $3)";
const WORKED: &str = "select distinct s.carrier as key, c.claim_id, c.currency, c.amount, c.accepted, c.written_off, c.recovered \
     from payments p join deductions d on d.payment_id = p.payment_id join claims c on c.deduction_id = d.deduction_id join shipments s on s.invoice_number = d.invoice_number \
     where c.opened_on >= $1 and p.payment_date >= $1 and c.state not in ('merged', 'withdrawn') and s.carrier is not null \
     and (cast($2 as text) is null or c.queue = $2) and (cast($3 as text) is null or c.customer_id = $3)";
/// Of deductions and of claims: what it is called, what is summed, of which rows.
const MEASURES: [[(&str, &str, &str); 4]; 2] = [
    [
        ("'taken'", "amount", "1 = 1"),
        ("'unexpected'", "amount", "expectation = 'unexpected'"),
        ("validity", "amount", "validity is not null"),
        ("'not_owed'", "amount - owed", "validity in ('invalid', 'partial')"),
    ],
    [
        ("'accepted'", "accepted", "accepted <> 0"),
        ("'written_off'", "written_off", "written_off <> 0"),
        ("'recovered'", "recovered", "recovered <> 0"),
        ("'lost'", "amount", "recovered = 0 and written_off <> 0"),
    ],
];

impl Store {
    /// Figures by carrier (the key) and measure (the detail), as the kept summaries have them by category.
    pub async fn carrier_figures(&self, sight: &Sight, since: &str) -> Result<Vec<Figure>> {
        let values = || -> Vec<Value> { vec![since.into(), sight.queue.clone().into(), sight.customer.clone().into()] };
        let mut figures = Vec::new();
        for (rows, measures) in [HELD, WORKED].into_iter().zip(MEASURES) {
            let parts = measures.map(|(detail, amount, when)| {
                format!(
                    "select key, '' as queue, {detail} as detail, currency, count(*) as count, cast(sum({amount}) as bigint) as amount, cast(null as text) as first_key \
                     from chosen where {when} group by 1, 3, 4"
                )
            });
            figures.extend(self.rows::<Figure>(&format!("with chosen as ({rows}) {}", parts.join(" union all ")), values()).await?);
        }
        Ok(figures)
    }
}

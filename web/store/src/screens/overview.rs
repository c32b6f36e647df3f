//! Totals of the overview. Every sum is per currency, never across.

use serde::Deserialize;

use crate::{Result, Store};

/// Documents of one status.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct StatusCount {
    pub status: String,
    pub count: i64,
}

/// Unfinished claims of one queue in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct QueueRow {
    pub queue: String,
    pub currency: String,
    pub count: i64,
    /// Minor units.
    pub amount: i64,
    pub late: i64,
    pub oldest: Option<String>,
    pub next_dispute_by: Option<String>,
}

/// Unfinished claims of one age in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AgeRow {
    /// 0 to 3: up to 30, 60, 90 days, more.
    pub bucket: i64,
    pub currency: String,
    pub count: i64,
    pub amount: i64,
}

/// Deductions of one currency: those held back since a day, and all that were judged.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct IncurredRow {
    pub currency: String,
    pub judged: i64,
    pub count: i64,
    /// Minor units.
    pub amount: i64,
    /// The first day on which one was held back.
    pub first_day: Option<String>,
}

/// Unfinished claims of a customer in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CustomerOpen {
    pub customer_id: String,
    pub name: String,
    pub currency: String,
    pub count: i64,
    pub amount: i64,
}

impl Store {
    pub async fn document_counts(&self) -> Result<Vec<StatusCount>> {
        self.rows("select status, count(*) as count from documents group by status order by status", vec![]).await
    }

    /// Unfinished claims by queue.
    pub async fn queue_totals(&self, today: &str) -> Result<Vec<QueueRow>> {
        self.rows(
            "select c.queue, c.currency, count(*) as count, cast(sum(c.amount) as bigint) as amount, cast(sum(case when c.work_by > '1000' and c.work_by < $1 then 1 else 0 end) as bigint) as late, \
             min(case when c.opened_on > '1000' then c.opened_on end) as oldest, min(case when c.dispute_by >= $1 then c.dispute_by end) as next_dispute_by \
             from claims c where c.status in ('open', 'waiting') group by c.queue, c.currency order by c.queue, c.currency",
            vec![today.into()],
        )
        .await
    }

    /// Unfinished claims by age: `days` are the days 30, 60 and 90 days ago.
    pub async fn claim_ages(&self, days: [&str; 3]) -> Result<Vec<AgeRow>> {
        self.rows(
            "select cast(case when p.payment_date >= $1 then 0 when p.payment_date >= $2 then 1 when p.payment_date >= $3 then 2 else 3 end as bigint) as bucket, d.currency, count(*) as count, \
             cast(sum(c.amount) as bigint) as amount from claims c join deductions d on d.deduction_id = c.deduction_id join payments p on p.payment_id = d.payment_id \
             where c.status in ('open', 'waiting') and d.reversed = false and p.payment_date is not null group by 1, d.currency order by 1, d.currency",
            days.iter().map(|day| (*day).into()).collect(),
        )
        .await
    }

    /// What was held back on or after a day, and everything that was judged, whoever closed it: one pass for both.
    pub async fn incurred(&self, since: &str) -> Result<Vec<IncurredRow>> {
        self.rows(
            "select d.currency, cast(sum(case when d.needs_verdict = false then 1 else 0 end) as bigint) as judged, \
             cast(sum(case when p.payment_date >= $1 then 1 else 0 end) as bigint) as count, cast(sum(case when p.payment_date >= $1 then d.amount else 0 end) as bigint) as amount, \
             min(case when p.payment_date >= $1 then p.payment_date end) as first_day \
             from deductions d join payments p on p.payment_id = d.payment_id where d.reversed = false group by d.currency order by d.currency",
            vec![since.into()],
        )
        .await
    }

    /// Customers with most unfinished claims.
    pub async fn customers_with_most_open(&self, limit: i64) -> Result<Vec<CustomerOpen>> {
        self.rows(
            "select c.customer_id, k.name, c.currency, count(*) as count, cast(sum(c.amount) as bigint) as amount from claims c join customers k on k.customer_id = c.customer_id \
             where c.status in ('open', 'waiting') group by c.customer_id, k.name, c.currency order by amount desc, c.customer_id limit $1",
            vec![limit.into()],
        )
        .await
    }
}

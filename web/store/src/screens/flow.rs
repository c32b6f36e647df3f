//! How claims flow: what came in and what was decided day by day, what became of the money, who has how much to do.

use serde::Deserialize;

use crate::{Result, Store};

/// Claims of a day in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DayRow {
    /// ISO day.
    pub day: String,
    pub currency: String,
    pub count: i64,
    /// Minor units.
    pub amount: i64,
}

/// What became of all claims in one currency, in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ResultRow {
    pub currency: String,
    pub accepted: i64,
    pub disputed: i64,
    pub written_off: i64,
    pub recovered: i64,
    pub decided: i64,
}

/// Unfinished claims of a person in a queue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LoadRow {
    /// Absent for claims that nobody has.
    pub assignee: Option<String>,
    pub queue: String,
    pub count: i64,
    pub late: i64,
}

/// What causes deductions: a category in one currency, with how it was judged.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CauseRow {
    pub category: String,
    pub currency: String,
    pub count: i64,
    pub amount: i64,
    pub owed: i64,
    pub invalid: i64,
}

impl Store {
    /// Claims that came in on or after a day.
    pub async fn claims_opened(&self, since: &str) -> Result<Vec<DayRow>> {
        self.rows(
            "select opened_on as day, currency, count(*) as count, cast(sum(amount) as bigint) as amount from claims where opened_on >= $1 and state not in ('merged', 'withdrawn') \
             group by opened_on, currency order by opened_on, currency",
            vec![since.into()],
        )
        .await
    }

    /// Claims that were decided on or after a day.
    pub async fn claims_decided(&self, since: &str) -> Result<Vec<DayRow>> {
        self.rows(
            "select decided_on as day, currency, count(*) as count, cast(sum(amount) as bigint) as amount from claims where decided_on >= $1 group by decided_on, currency order by decided_on, currency",
            vec![since.into()],
        )
        .await
    }

    /// What became of the money.
    pub async fn claim_results(&self) -> Result<Vec<ResultRow>> {
        self.rows(
            "select currency, cast(sum(accepted) as bigint) as accepted, cast(sum(disputed) as bigint) as disputed, cast(sum(written_off) as bigint) as written_off, cast(sum(recovered) as bigint) as recovered, \
             cast(sum(case when status = 'decided' then 1 else 0 end) as bigint) as decided from claims group by currency order by currency",
            vec![],
        )
        .await
    }

    /// Unfinished claims by person and queue; `today` tells which are late.
    pub async fn workload(&self, today: &str) -> Result<Vec<LoadRow>> {
        self.rows(
            "select assignee, queue, count(*) as count, cast(sum(case when work_by > '1000' and work_by < $1 then 1 else 0 end) as bigint) as late from claims where status in ('open', 'waiting') \
             group by assignee, queue order by assignee, queue",
            vec![today.into()],
        )
        .await
    }

    /// What deductions are claimed for, the largest first.
    pub async fn causes(&self, limit: i64) -> Result<Vec<CauseRow>> {
        self.rows(
            "select category, currency, count(*) as count, cast(sum(amount) as bigint) as amount, cast(sum(coalesce(valid_amount, 0)) as bigint) as owed, \
             cast(sum(case when validity in ('invalid', 'partial') then amount - coalesce(valid_amount, 0) else 0 end) as bigint) as invalid \
             from deductions where reversed = false and category is not null group by category, currency order by sum(amount) desc, category, currency limit $1",
            vec![limit.into()],
        )
        .await
    }
}

//! How earlier claims ended, and what was let go: what the chances of the next claim rest on.

use std::collections::HashMap;

use recoup_engine::history::{LetGo, month_of};
use recoup_engine::money::Currency;
use recoup_engine::recovery::{TrackRecord, TrackRecords};
use recoup_engine::taxonomy::Category;
use serde::Deserialize;

use crate::{Result, Store};

/// Cases of one customer and category.
#[derive(Deserialize)]
struct Ended {
    customer_id: String,
    category: Category,
    owed: u32,
    not_owed: u32,
    won: u32,
    lost: u32,
}

impl Store {
    /// How claims ended that people decided, and deductions that were settled before this system. What only a test decided counts nothing here: it would
    /// confirm itself.
    pub async fn track_records(&self) -> Result<TrackRecords> {
        let decided: Vec<Ended> = self
            .rows(
                "select customer_id, category, cast(sum(case when accepted = amount then 1 else 0 end) as bigint) as owed, cast(sum(case when accepted = amount then 0 else 1 end) as bigint) as not_owed, \
                 cast(sum(case when recovered <> 0 then 1 else 0 end) as bigint) as won, \
                 cast(sum(case when recovered = 0 and (written_off <> 0 or (state = 'closed' and disputed <> 0)) then 1 else 0 end) as bigint) as lost \
                 from claims where decided_by is not null and customer_id is not null group by customer_id, category order by customer_id, category",
                vec![],
            )
            .await?;
        let settled: Vec<Ended> = self
            .rows(
                "select customer_id, category, cast(sum(case when outcome = 'credited' then 1 else 0 end) as bigint) as owed, cast(sum(case when outcome = 'credited' then 0 else 1 end) as bigint) as not_owed, \
                 cast(sum(case when outcome = 'recovered' then 1 else 0 end) as bigint) as won, cast(sum(case when outcome = 'written_off' then 1 else 0 end) as bigint) as lost \
                 from settled_deductions where category is not null and outcome is not null group by customer_id, category order by customer_id, category",
                vec![],
            )
            .await?;
        let mut records: HashMap<(String, Category), TrackRecord> = HashMap::new();
        for ended in decided.into_iter().chain(settled) {
            let record = records.entry((ended.customer_id, ended.category)).or_default();
            record.owed += ended.owed;
            record.not_owed += ended.not_owed;
            record.won += ended.won;
            record.lost += ended.lost;
        }
        Ok(TrackRecords(records))
    }

    /// The small claims of these customers that were let go by `rule` and stand, in order of arrival.
    pub async fn let_go(&self, rule: &str, customer_ids: &[String]) -> Result<Vec<LetGo>> {
        #[derive(Deserialize)]
        struct Row {
            sequence: i64,
            line: i64,
            part: i64,
            customer_id: String,
            category: Category,
            currency: Currency,
            payment_date: Option<jiff::civil::Date>,
            amount: i64,
            valid_amount: Option<i64>,
            routing_rule: String,
        }
        let rows: Vec<Row> = self
            .rows_for(
                "select d.sequence, d.line, d.part, d.customer_id, d.category, d.currency, p.payment_date, d.amount, d.valid_amount, d.routing_rule from deductions d \
                 join payments p on p.payment_id = d.payment_id where d.customer_id in ({keys}) and d.routing_rule is not null and d.status = 'closed' and d.needs_verdict = false \
                 and d.reversed = false and d.category is not null order by d.sequence, d.line, d.part",
                customer_ids,
            )
            .await?;
        let small = |row: Row| LetGo {
            position: (row.sequence, row.line, row.part),
            customer_id: row.customer_id,
            category: row.category,
            currency: row.currency,
            month: row.payment_date.map(month_of),
            amount: row.amount - row.valid_amount.unwrap_or(0),
        };
        Ok(rows.into_iter().filter(|row| row.routing_rule == rule).map(small).collect())
    }
}

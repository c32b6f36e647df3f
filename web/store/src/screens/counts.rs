//! How many rows stand behind each view and queue of the worklist: one pass over the unfinished claims instead of a query a view.

use serde::Deserialize;

use super::worklist::Filter;
use crate::{Result, Store};

/// Rows of each view and queue; the words are those of the views and of the queues.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Counts {
    pub new_ones: i64,
    pub mine: i64,
    pub deadline: i64,
    pub waiting_customer: i64,
    pub waiting_sales: i64,
    pub approval: i64,
    pub parked: i64,
    pub finance: i64,
    pub sales: i64,
    pub supply_chain: i64,
    pub customer_service: i64,
}

impl Counts {
    /// The rows of a view or a queue by its word.
    pub fn of(&self, word: &str) -> i64 {
        match word {
            "new" => self.new_ones,
            "mine" => self.mine,
            "deadline" => self.deadline,
            "waiting_customer" => self.waiting_customer,
            "waiting_sales" => self.waiting_sales,
            "approval" => self.approval,
            "parked" => self.parked,
            "finance" => self.finance,
            "sales" => self.sales,
            "supply_chain" => self.supply_chain,
            _ => self.customer_service,
        }
    }
}

impl Store {
    /// Counts of the views and queues that unfinished claims alone tell. `soon` is the last day of the view of deadlines.
    pub async fn worklist_counts(&self, today: &str, soon: &str, login: &str) -> Result<Counts> {
        const AWAKE: &str = "(state <> 'parked' or wake_on <= $1)";
        let counted = [
            ("new_ones", "assignee is null and (status = 'open' or (state = 'parked' and wake_on <= $1))".to_owned()),
            ("mine", format!("assignee = $3 and {AWAKE}")),
            ("deadline", "dispute_by >= $1 and dispute_by <= $2".to_owned()),
            ("waiting_customer", "waiting_on = 'customer'".to_owned()),
            ("waiting_sales", "waiting_on = 'sales'".to_owned()),
            ("approval", "state = 'awaiting_approval'".to_owned()),
            ("parked", "state = 'parked'".to_owned()),
            ("finance", "queue = 'finance'".to_owned()),
            ("sales", "queue = 'sales'".to_owned()),
            ("supply_chain", "queue = 'supply_chain'".to_owned()),
            ("customer_service", "queue = 'customer_service'".to_owned()),
        ];
        let sums = counted.map(|(name, condition)| format!("cast(coalesce(sum(case when {condition} then 1 else 0 end), 0) as bigint) as {name}"));
        let sql = format!("select {} from claims where status in ('open', 'waiting') and state not in ('merged', 'withdrawn')", sums.join(", "));
        Ok(self.row(&sql, vec![today.into(), soon.into(), login.into()]).await?.unwrap_or_default())
    }

    /// Everything that people ever had to work.
    pub async fn claims_of_all_time(&self) -> Result<i64> {
        self.count("select count(*) as value from claims where state not in ('merged', 'withdrawn')", vec![]).await
    }

    /// Deductions that a rule closed.
    pub async fn deductions_closed_by_rule(&self) -> Result<i64> {
        self.count("select count(*) as value from deductions where claim_id is null and needs_verdict = false and reversed = false", vec![]).await
    }

    /// Unfinished claims that nothing but the customer's own line speaks for or against.
    pub async fn claims_without_evidence(&self, today: &str) -> Result<i64> {
        let filter = Filter { today: today.to_owned(), unfinished: true, without_evidence: true, ..Filter::default() };
        Ok(self.worklist_sums(&filter).await?.iter().map(|sum| sum.count).sum())
    }
}

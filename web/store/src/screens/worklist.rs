//! The worklist: deductions with their claims, filtered, sorted and paged by key.

use serde::Deserialize;

use super::{Conditions, pattern};
use crate::{Result, Store, Value};

/// A day that is not known was written as year 0 by payments without a date: it is no date.
const DISPUTE_BY: &str = "case when d.dispute_by > '1000' then d.dispute_by end";
const WORK_BY: &str = "case when d.work_by > '1000' then d.work_by end";
/// The status and the assignee of a person's work stand on the claim; a deduction that a rule closed has none.
const STATUS: &str = "coalesce(c.status, d.status)";
const FROM: &str = "from deductions d join payments p on p.payment_id = d.payment_id left join claims c on c.claim_id = d.claim_id left join customers k on k.customer_id = d.customer_id";
/// Pieces of evidence: the quoted key can't occur inside a JSON string, where quotes are escaped.
const PIECES: &str = "(length(d.evidence) - length(replace(d.evidence, '\"kind\":\"', ''))) / 8";

/// What narrows the list; `None` is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The day of the visitor, which tells deadlines that passed from those to come.
    pub today: String,
    /// Deductions that a rule closed instead of claims.
    pub closed_by_rule: bool,
    /// Open, waiting: not yet decided.
    pub unfinished: bool,
    pub unassigned: bool,
    pub assignee: Option<String>,
    /// Nothing but the customer's own line speaks for or against it.
    pub without_evidence: bool,
    pub queue: Option<String>,
    pub category: Option<String>,
    pub expectation: Option<String>,
    pub validity: Option<String>,
    pub customer: Option<String>,
    pub status: Option<String>,
    pub currency: Option<String>,
    pub agreement: Option<String>,
    /// Minor units.
    pub least: Option<i64>,
    pub most: Option<i64>,
    /// First and last day to dispute.
    pub dispute_from: Option<String>,
    pub dispute_until: Option<String>,
    /// The payment arrived on or before, and on or after, a day.
    pub paid_until: Option<String>,
    pub paid_from: Option<String>,
    /// To be worked before this day.
    pub work_before: Option<String>,
    pub words: Option<String>,
}

/// The order of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Money that expires first.
    #[default]
    DisputeBy,
    Largest,
    Oldest,
    Customer,
}

/// One row of the list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct WorklistRow {
    pub deduction_id: String,
    pub claim_id: Option<String>,
    pub customer_id: Option<String>,
    pub customer_name: Option<String>,
    pub category: Option<String>,
    pub expectation: Option<String>,
    pub validity: Option<String>,
    pub code: Option<String>,
    pub words: Option<String>,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    pub invoice_number: Option<String>,
    pub debit_note_number: Option<String>,
    pub payment_date: Option<String>,
    pub dispute_by: Option<String>,
    pub work_by: Option<String>,
    /// Thousandths.
    pub confidence: Option<i64>,
    pub queue: Option<String>,
    pub priority: Option<String>,
    pub status: String,
    pub assignee: Option<String>,
    pub explanation: Option<String>,
    pub rule: Option<String>,
    pub pieces: Option<i64>,
    /// The value that the order compares, for the next page.
    pub sort_text: Option<String>,
    pub sort_number: Option<i64>,
}

/// Where a page begins: after this row in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    pub key: Value,
    pub deduction_id: String,
}

/// How many rows and how much money, per currency.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Sum {
    pub currency: String,
    pub count: i64,
    /// Minor units.
    pub amount: i64,
}

impl Sort {
    /// What the order compares. Deadlines to come stand first; what passed can wait, and what has none waits longest.
    fn key(self, conditions: &mut Conditions, today: &str) -> String {
        match self {
            Self::DisputeBy => {
                let today = conditions.bind(today);
                format!("case when d.dispute_by >= {today} then '1 ' || d.dispute_by when d.dispute_by > '1000' then '2 ' || d.dispute_by else '3' end")
            }
            Self::Largest => "-d.amount".to_owned(),
            Self::Oldest => "coalesce(p.payment_date, '9999')".to_owned(),
            Self::Customer => "coalesce(k.name, '')".to_owned(),
        }
    }

    /// Whether the key is a number.
    pub fn is_number(self) -> bool {
        self == Self::Largest
    }
}

impl Filter {
    fn conditions(&self) -> Conditions {
        let mut conditions = Conditions::default();
        conditions.add("d.reversed = false");
        conditions.add(if self.closed_by_rule { "d.claim_id is null and d.needs_verdict = false" } else { "d.claim_id is not null" });
        if self.unfinished {
            conditions.add("c.status in ('open', 'waiting')");
        }
        if self.unassigned {
            conditions.add("c.assignee is null");
        }
        if self.without_evidence {
            conditions.add(&format!("coalesce({PIECES}, 0) <= 1"));
        }
        let texts = [
            ("c.assignee = $", &self.assignee),
            ("d.queue = $", &self.queue),
            ("d.category = $", &self.category),
            ("d.expectation = $", &self.expectation),
            ("d.validity = $", &self.validity),
            ("d.customer_id = $", &self.customer),
            ("coalesce(c.status, d.status) = $", &self.status),
            ("d.currency = $", &self.currency),
            ("d.agreement_id = $", &self.agreement),
            ("d.dispute_by >= $", &self.dispute_from),
            ("d.dispute_by <= $", &self.dispute_until),
            ("p.payment_date <= $", &self.paid_until),
            ("p.payment_date >= $", &self.paid_from),
            ("d.work_by > '1000' and d.work_by < $", &self.work_before),
        ];
        for (text, value) in texts {
            if let Some(value) = value {
                conditions.with(text, value.as_str());
            }
        }
        if let Some(least) = self.least {
            conditions.with("d.amount >= $", least);
        }
        if let Some(most) = self.most {
            conditions.with("d.amount <= $", most);
        }
        if let Some(words) = &self.words {
            conditions.with(
                "(lower(d.deduction_id) like $ or lower(d.claim_id) like $ or lower(k.name) like $ or lower(d.words) like $ or lower(d.invoice_number) like $ or lower(d.debit_note_number) like $ \
                 or lower(d.code) like $ or lower(d.explanation) like $ or lower(d.agreement_id) like $)",
                pattern(words),
            );
        }
        conditions
    }
}

impl Store {
    /// A page of the list.
    pub async fn worklist(&self, filter: &Filter, sort: Sort, after: Option<&After>, limit: i64) -> Result<Vec<WorklistRow>> {
        let mut conditions = filter.conditions();
        step(&mut conditions, sort, &filter.today, after, ">");
        self.worklist_rows(conditions, sort, &filter.today, "asc", limit).await
    }

    /// One row as the list holds it, if it does.
    pub async fn worklist_row(&self, filter: &Filter, sort: Sort, deduction_id: &str) -> Result<Option<WorklistRow>> {
        let mut conditions = filter.conditions();
        conditions.with("d.deduction_id = $", deduction_id);
        Ok(self.worklist_rows(conditions, sort, &filter.today, "asc", 1).await?.pop())
    }

    /// The row before and the row after one, for walking the list.
    pub async fn worklist_neighbours(&self, filter: &Filter, sort: Sort, at: &After) -> Result<(Option<WorklistRow>, Option<WorklistRow>)> {
        let mut before = filter.conditions();
        step(&mut before, sort, &filter.today, Some(at), "<");
        let mut behind = filter.conditions();
        step(&mut behind, sort, &filter.today, Some(at), ">");
        Ok((self.worklist_rows(before, sort, &filter.today, "desc", 1).await?.pop(), self.worklist_rows(behind, sort, &filter.today, "asc", 1).await?.pop()))
    }

    /// How many rows stand up to and including one.
    pub async fn worklist_position(&self, filter: &Filter, sort: Sort, at: &After) -> Result<i64> {
        let mut conditions = filter.conditions();
        step(&mut conditions, sort, &filter.today, Some(at), "<");
        Ok(self.counted(conditions).await?.iter().map(|sum| sum.count).sum::<i64>() + 1)
    }

    /// Rows and money of the whole list, per currency.
    pub async fn worklist_sums(&self, filter: &Filter) -> Result<Vec<Sum>> {
        self.counted(filter.conditions()).await
    }

    async fn counted(&self, conditions: Conditions) -> Result<Vec<Sum>> {
        let sql = format!(
            "select d.currency, count(*) as count, cast(sum(d.amount) as bigint) as amount {FROM} {} group by d.currency order by d.currency",
            conditions.clause()
        );
        self.rows(&sql, conditions.values).await
    }

    async fn worklist_rows(&self, mut conditions: Conditions, sort: Sort, today: &str, direction: &str, limit: i64) -> Result<Vec<WorklistRow>> {
        let clause = conditions.clause();
        let key = &sort.key(&mut conditions, today);
        let (text, number) = if sort.is_number() { ("cast(null as text)", key.as_str()) } else { (key.as_str(), "cast(null as bigint)") };
        let limit = conditions.bind(limit);
        let sql = format!(
            "select d.deduction_id, d.claim_id, d.customer_id, k.name as customer_name, d.category, d.expectation, d.validity, d.code, d.words, d.amount, d.currency, d.invoice_number, d.debit_note_number, \
             p.payment_date, {DISPUTE_BY} as dispute_by, {WORK_BY} as work_by, d.confidence, d.queue, d.priority, {STATUS} as status, c.assignee, d.explanation, d.rule, {PIECES} as pieces, \
             {text} as sort_text, {number} as sort_number {FROM} {clause} order by {key} {direction}, d.deduction_id {direction} limit {limit}"
        );
        self.rows(&sql, conditions.values).await
    }
}

/// Rows on one side of a place in the order.
fn step(conditions: &mut Conditions, sort: Sort, today: &str, at: Option<&After>, side: &str) {
    let Some(at) = at else { return };
    let key = conditions.bind(at.key.clone());
    let id = conditions.bind(at.deduction_id.as_str());
    let column = sort.key(conditions, today);
    conditions.add(&format!("({column} {side} {key} or ({column} = {key} and d.deduction_id {side} {id}))"));
}

impl WorklistRow {
    /// The place of this row in its list.
    pub fn place(&self) -> After {
        let key = match (&self.sort_text, self.sort_number) {
            (_, Some(number)) => Value::Integer(number),
            (text, None) => Value::Text(text.clone().unwrap_or_default()),
        };
        After { key, deduction_id: self.deduction_id.clone() }
    }
}

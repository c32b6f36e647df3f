//! The worklist: deductions with their claims, filtered, sorted and paged by key.

use serde::Deserialize;

use super::{Conditions, pattern};
use crate::{Result, Store, Value};

/// A day that is not known was written as year 0 by payments without a date: it is no date.
const DISPUTE_BY: &str = "case when d.dispute_by > '1000' then d.dispute_by end";
const WORK_BY: &str = "case when d.work_by > '1000' then d.work_by end";
/// What a person's work changes stands on the claim; a deduction that a rule closed has none.
const STATUS: &str = "coalesce(c.status, d.status)";
const QUEUE: &str = "coalesce(c.queue, d.queue)";
const OF_CLAIMS: &str = "from claims c join deductions d on d.deduction_id = c.deduction_id join payments p on p.payment_id = d.payment_id left join customers k on k.customer_id = d.customer_id";
const OF_DEDUCTIONS: &str = "from deductions d join payments p on p.payment_id = d.payment_id left join claims c on c.claim_id = d.claim_id left join customers k on k.customer_id = d.customer_id";
/// Pieces of evidence: the quoted key can't occur inside a JSON string, where quotes are escaped.
const PIECES: &str = "(length(d.evidence) - length(replace(d.evidence, '\"kind\":\"', ''))) / 8";

/// What a row of the list is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// A claim: the work that people have.
    #[default]
    Claims,
    /// A deduction that a rule closed.
    ClosedByRule,
    /// A deduction, whoever worked it or closed it: what was held back, once.
    Deductions,
}

/// What narrows the list; `None` is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The day of the visitor, which tells deadlines that passed from those to come.
    pub today: String,
    pub scope: Scope,
    /// Open, waiting: not yet decided.
    pub unfinished: bool,
    /// Not parked, or its day has come.
    pub awake: bool,
    /// Nobody is waited for: it can be worked now.
    pub to_do: bool,
    /// One of the states of a claim's life.
    pub state: Option<String>,
    /// Whose answer it waits for.
    pub waiting_on: Option<String>,
    /// Decided on or after, and on or before, a day.
    pub decided_from: Option<String>,
    pub decided_until: Option<String>,
    /// Part of it was accepted, disputed, written off or recovered.
    pub became: Option<Became>,
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
    /// The rule that routed it.
    pub routed_by: Option<String>,
    /// To be worked before this day.
    pub work_before: Option<String>,
    /// Each of them stands somewhere in the claim or beside it.
    pub words: Vec<Word>,
    /// Kinds of evidence that it has.
    pub has: Vec<String>,
}

/// What becomes of money: one of the amounts of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    Accepted,
    Disputed,
    WrittenOff,
    Recovered,
    /// Written off, and nothing came back.
    Lost,
}

/// A word that is looked for; one that reads as an amount also finds that amount, in minor units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    pub amount: Option<i64>,
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
    /// The claim, or the deduction without one: one row a number.
    pub row_id: String,
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
    pub state: Option<String>,
    pub waiting_on: Option<String>,
    pub wake_on: Option<String>,
    pub version: Option<i64>,
    pub opened_on: Option<String>,
    pub accepted: Option<i64>,
    pub disputed: Option<i64>,
    pub written_off: Option<i64>,
    pub recovered: Option<i64>,
    pub decided_by: Option<String>,
    pub decided_on: Option<String>,
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
    pub row_id: String,
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
    fn key(self, conditions: &mut Conditions, filter: &Filter) -> String {
        match self {
            Self::DisputeBy => {
                let today = conditions.bind(filter.today.as_str());
                format!("case when d.dispute_by >= {today} then '1 ' || d.dispute_by when d.dispute_by > '1000' then '2 ' || d.dispute_by else '3' end")
            }
            Self::Largest => format!("-{}", filter.amount()),
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
    const fn from(&self) -> &'static str {
        match self.scope {
            Scope::Claims => OF_CLAIMS,
            Scope::ClosedByRule | Scope::Deductions => OF_DEDUCTIONS,
        }
    }

    /// What names a row of the list.
    const fn row_id(&self) -> &'static str {
        match self.scope {
            Scope::Claims => "c.claim_id",
            Scope::ClosedByRule | Scope::Deductions => "d.deduction_id",
        }
    }

    /// The amount of a row: a claim may stand on several deductions or on a part of one.
    const fn amount(&self) -> &'static str {
        match self.scope {
            Scope::Claims => "c.amount",
            Scope::ClosedByRule | Scope::Deductions => "d.amount",
        }
    }

    const fn queue_column(&self) -> &'static str {
        match self.scope {
            Scope::Claims => "c.queue = $",
            Scope::ClosedByRule | Scope::Deductions => "d.queue = $",
        }
    }

    fn conditions(&self) -> Conditions {
        let mut conditions = Conditions::default();
        conditions.add("d.reversed = false");
        match self.scope {
            Scope::ClosedByRule => conditions.add("d.claim_id is null and d.category is not null"),
            Scope::Deductions => conditions.add("d.category is not null"),
            Scope::Claims if self.state.is_none() => conditions.add("c.state <> 'merged'"),
            Scope::Claims => {}
        }
        if let Some(became) = self.became {
            conditions.add(match became {
                Became::Accepted => "c.accepted <> 0",
                Became::Disputed => "c.disputed <> 0",
                Became::WrittenOff => "c.written_off <> 0",
                Became::Recovered => "c.recovered <> 0",
                Became::Lost => "c.recovered = 0 and c.written_off <> 0",
            });
        }
        if self.to_do {
            conditions.with("(c.status = 'open' or (c.state = 'parked' and c.wake_on <= $))", self.today.as_str());
        }
        if self.awake {
            conditions.with("(c.state <> 'parked' or c.wake_on <= $)", self.today.as_str());
        }
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
            (self.queue_column(), &self.queue),
            ("d.category = $", &self.category),
            ("d.expectation = $", &self.expectation),
            ("d.validity = $", &self.validity),
            ("d.customer_id = $", &self.customer),
            ("coalesce(c.status, d.status) = $", &self.status),
            ("c.state = $", &self.state),
            ("c.waiting_on = $", &self.waiting_on),
            ("c.decided_on >= $", &self.decided_from),
            ("c.decided_on <= $", &self.decided_until),
            ("d.currency = $", &self.currency),
            ("d.agreement_id = $", &self.agreement),
            ("d.routing_rule = $", &self.routed_by),
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
            conditions.with(&format!("{} >= $", self.amount()), least);
        }
        if let Some(most) = self.most {
            conditions.with(&format!("{} <= $", self.amount()), most);
        }
        for kind in &self.has {
            conditions.with("d.evidence like $", format!("%\"kind\":\"{kind}\"%"));
        }
        for word in &self.words {
            look_for(&mut conditions, word, self.amount());
        }
        conditions
    }
}

/// A row that holds a word: in its numbers and words, its customer, its payment, its documents, its agreement.
fn look_for(conditions: &mut Conditions, word: &Word, row_amount: &str) {
    const TEXTS: &str = "lower(d.deduction_id) like $ or lower(c.claim_id) like $ or lower(k.name) like $ or lower(k.customer_id) like $ or lower(d.words) like $ or lower(d.invoice_number) like $ \
                         or lower(d.debit_note_number) like $ or lower(d.code) like $ or lower(d.explanation) like $ or d.category like $ or lower(d.agreement_id) like $ or lower(p.payment_id) like $ \
                         or lower(p.reference) like $ or lower(p.payer_name) like $ or d.document_id in (select f.document_id from documents f where lower(f.name) like $) \
                         or d.agreement_id in (select g.agreement_id from agreements g where lower(g.description) like $ or lower(g.customer_reference) like $)";
    let text = conditions.bind(pattern(&word.text));
    let texts = TEXTS.replace('$', &text);
    let amounts = word.amount.map_or_else(String::new, |amount| {
        let amount = conditions.bind(amount);
        format!(" or {row_amount} = {amount} or d.amount = {amount} or p.amount = {amount}")
    });
    conditions.add(&format!("({texts}{amounts})"));
}

impl Store {
    /// A page of the list.
    pub async fn worklist(&self, filter: &Filter, sort: Sort, after: Option<&After>, limit: i64) -> Result<Vec<WorklistRow>> {
        let mut conditions = filter.conditions();
        step(&mut conditions, sort, filter, after, ">");
        self.worklist_rows(conditions, sort, filter, "asc", limit).await
    }

    /// One row as the list holds it, if it does.
    pub async fn worklist_row(&self, filter: &Filter, sort: Sort, row_id: &str) -> Result<Option<WorklistRow>> {
        let mut conditions = filter.conditions();
        conditions.with(&format!("{} = $", filter.row_id()), row_id);
        Ok(self.worklist_rows(conditions, sort, filter, "asc", 1).await?.pop())
    }

    /// The row before and the row after one, for walking the list.
    pub async fn worklist_neighbours(&self, filter: &Filter, sort: Sort, at: &After) -> Result<(Option<WorklistRow>, Option<WorklistRow>)> {
        let mut before = filter.conditions();
        step(&mut before, sort, filter, Some(at), "<");
        let mut behind = filter.conditions();
        step(&mut behind, sort, filter, Some(at), ">");
        Ok((self.worklist_rows(before, sort, filter, "desc", 1).await?.pop(), self.worklist_rows(behind, sort, filter, "asc", 1).await?.pop()))
    }

    /// How many rows stand up to and including one.
    pub async fn worklist_position(&self, filter: &Filter, sort: Sort, at: &After) -> Result<i64> {
        let mut conditions = filter.conditions();
        step(&mut conditions, sort, filter, Some(at), "<");
        Ok(self.counted(conditions, filter).await?.iter().map(|sum| sum.count).sum::<i64>() + 1)
    }

    /// Rows and money of the whole list, per currency.
    pub async fn worklist_sums(&self, filter: &Filter) -> Result<Vec<Sum>> {
        self.counted(filter.conditions(), filter).await
    }

    /// The numbers of all claims that match, at most so many, in order.
    pub async fn worklist_claims(&self, filter: &Filter, sort: Sort, limit: i64) -> Result<Vec<String>> {
        Ok(self.worklist(filter, sort, None, limit).await?.into_iter().filter_map(|row| row.claim_id).collect())
    }

    async fn counted(&self, conditions: Conditions, filter: &Filter) -> Result<Vec<Sum>> {
        let sql = format!(
            "select d.currency, count(*) as count, cast(sum({}) as bigint) as amount {} {} group by d.currency order by d.currency",
            filter.amount(),
            filter.from(),
            conditions.clause()
        );
        self.rows(&sql, conditions.values).await
    }

    async fn worklist_rows(&self, mut conditions: Conditions, sort: Sort, filter: &Filter, direction: &str, limit: i64) -> Result<Vec<WorklistRow>> {
        let clause = conditions.clause();
        let key = &sort.key(&mut conditions, filter);
        let (from, row_id, amount) = (filter.from(), filter.row_id(), filter.amount());
        let (text, number) = if sort.is_number() { ("cast(null as text)", key.as_str()) } else { (key.as_str(), "cast(null as bigint)") };
        let limit = conditions.bind(limit);
        let sql = format!(
            "select {row_id} as row_id, d.deduction_id, c.claim_id, d.customer_id, k.name as customer_name, d.category, d.expectation, d.validity, d.code, d.words, {amount} as amount, d.currency, d.invoice_number, d.debit_note_number, \
             p.payment_date, {DISPUTE_BY} as dispute_by, {WORK_BY} as work_by, d.confidence, {QUEUE} as queue, d.priority, {STATUS} as status, c.state, c.waiting_on, c.wake_on, c.version, c.opened_on, c.accepted, c.disputed, c.written_off, c.recovered, c.decided_by, c.decided_on, c.assignee, d.explanation, d.rule, {PIECES} as pieces, \
             {text} as sort_text, {number} as sort_number {from} {clause} order by {key} {direction}, {row_id} {direction} limit {limit}"
        );
        self.rows(&sql, conditions.values).await
    }
}

/// Rows on one side of a place in the order.
fn step(conditions: &mut Conditions, sort: Sort, filter: &Filter, at: Option<&After>, side: &str) {
    let Some(at) = at else { return };
    let key = conditions.bind(at.key.clone());
    let id = conditions.bind(at.row_id.as_str());
    let (column, row_id) = (sort.key(conditions, filter), filter.row_id());
    conditions.add(&format!("({column} {side} {key} or ({column} = {key} and {row_id} {side} {id}))"));
}

impl WorklistRow {
    /// The place of this row in its list.
    pub fn place(&self) -> After {
        let key = match (&self.sort_text, self.sort_number) {
            (_, Some(number)) => Value::Integer(number),
            (text, None) => Value::Text(text.clone().unwrap_or_default()),
        };
        After { key, row_id: self.row_id.clone() }
    }
}

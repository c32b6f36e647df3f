//! The worklist: deductions with their claims, filtered, sorted and paged by key.

use serde::Deserialize;

use super::{Conditions, pattern};
use crate::{Result, Store, Value};

mod order;
mod quick;
mod size;

use order::{Segment, segments};
pub use quick::Named;
pub use size::Size;

/// What a person's work changes stands on the claim; a deduction that a rule closed has none.
const STATUS: &str = "coalesce(c.status, d.status)";
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
    /// Who brought the goods of its invoice, as shipments on file say.
    pub carrier: Option<String>,
    /// The rule that routed it.
    pub routed_by: Option<String>,
    /// To be worked before this day.
    pub work_before: Option<String>,
    /// Each of them stands somewhere in the claim or beside it.
    pub words: Vec<Word>,
    /// It stands on one of these deductions.
    pub among: Option<Vec<String>>,
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

impl Became {
    /// The column of the amount that is meant.
    const fn amount(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Disputed => "disputed",
            Self::WrittenOff | Self::Lost => "written_off",
            Self::Recovered => "recovered",
        }
    }
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
    /// What the list adds: the amount, or the part of it that became what the filter asks for.
    pub part: i64,
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
    /// Whether the key is a number.
    pub fn is_number(self) -> bool {
        self == Self::Largest
    }
}

impl Filter {
    /// A column of the claim, or of the deduction where rows are deductions. A claim may stand on several deductions or on a part of one, so it has its own.
    fn column(&self, name: &str) -> String {
        match self.scope {
            // A list of what became of money is about that part of each claim.
            Scope::Claims if name == "amount" => format!("c.{}", self.became.map_or("amount", Became::amount)),
            Scope::Claims => format!("c.{name}"),
            Scope::ClosedByRule | Scope::Deductions => format!("d.{name}"),
        }
    }

    /// What names a row of the list.
    const fn row_id(&self) -> &'static str {
        match self.scope {
            Scope::Claims => "c.claim_id",
            Scope::ClosedByRule | Scope::Deductions => "d.deduction_id",
        }
    }

    /// The day on which it came in.
    const fn came_in(&self) -> &'static str {
        match self.scope {
            Scope::Claims => "c.opened_on",
            Scope::ClosedByRule | Scope::Deductions => "p.payment_date",
        }
    }

    /// The tables of the rows, and of everything else that these texts speak of.
    fn from(&self, texts: &[&str]) -> String {
        let speaks_of = |table: &str| texts.iter().any(|text| text.contains(table));
        let (needs_p, needs_k, needs_c) = (speaks_of("p."), speaks_of("k."), speaks_of("c."));
        let mut from = match self.scope {
            Scope::Claims if speaks_of("d.") || needs_p => "from claims c join deductions d on d.deduction_id = c.deduction_id".to_owned(),
            Scope::Claims => "from claims c".to_owned(),
            Scope::ClosedByRule | Scope::Deductions if needs_c => "from deductions d left join claims c on c.claim_id = d.claim_id".to_owned(),
            Scope::ClosedByRule | Scope::Deductions => "from deductions d".to_owned(),
        };
        if needs_p {
            from += " join payments p on p.payment_id = d.payment_id";
        }
        if needs_k {
            from += &format!(" left join customers k on k.customer_id = {}", self.column("customer_id"));
        }
        from
    }

    fn conditions(&self) -> Conditions {
        let mut conditions = Conditions::default();
        match self.scope {
            Scope::ClosedByRule => conditions.add("d.claim_id is null and d.category is not null and d.reversed = false"),
            Scope::Deductions => conditions.add("d.category is not null and d.reversed = false"),
            // What is unfinished is neither.
            Scope::Claims if self.state.is_none() && !self.unfinished => conditions.add("c.state not in ('merged', 'withdrawn')"),
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
            ("c.assignee", "=", &self.assignee),
            (&*self.column("queue"), "=", &self.queue),
            (&*self.column("category"), "=", &self.category),
            ("d.expectation", "=", &self.expectation),
            ("d.validity", "=", &self.validity),
            (&*self.column("customer_id"), "=", &self.customer),
            (if self.scope == Scope::Claims { "c.status" } else { STATUS }, "=", &self.status),
            ("c.state", "=", &self.state),
            ("c.waiting_on", "=", &self.waiting_on),
            ("c.decided_on", ">=", &self.decided_from),
            ("c.decided_on", "<=", &self.decided_until),
            (&*self.column("currency"), "=", &self.currency),
            ("d.agreement_id", "=", &self.agreement),
            ("d.routing_rule", "=", &self.routed_by),
            (&*self.column("dispute_by"), ">=", &self.dispute_from),
            (&*self.column("dispute_by"), "<=", &self.dispute_until),
            (self.came_in(), "<=", &self.paid_until),
            (self.came_in(), ">=", &self.paid_from),
            (&*self.column("work_by"), "<", &self.work_before),
        ];
        for (column, compares, value) in texts {
            if let Some(value) = value {
                conditions.with(&format!("{column} {compares} $"), value.as_str());
            }
        }
        // A day that is not known was written as year 0 by payments without a date: it is no date.
        if self.work_before.is_some() {
            conditions.add(&format!("{} > '1000'", self.column("work_by")));
        }
        if let Some(carrier) = &self.carrier {
            conditions.with("d.invoice_number in (select s.invoice_number from shipments s where s.carrier = $)", carrier.as_str());
        }
        if let Some(least) = self.least {
            conditions.with(&format!("{} >= $", self.column("amount")), least);
        }
        if let Some(most) = self.most {
            conditions.with(&format!("{} <= $", self.column("amount")), most);
        }
        for kind in &self.has {
            conditions.with("d.evidence like $", format!("%\"kind\":\"{kind}\"%"));
        }
        if let Some(among) = &self.among {
            let ids: Vec<String> = among.iter().map(|id| conditions.bind(id.as_str())).collect();
            // Nothing is among nothing.
            conditions.add(&if ids.is_empty() { "1 = 0".to_owned() } else { format!("{} in ({})", self.column("deduction_id"), ids.join(", ")) });
        }
        for word in &self.words {
            look_for(&mut conditions, word, &self.column("amount"));
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
        self.walk(filter, sort, after, "asc", limit).await
    }

    /// One row as the list holds it, if it does.
    pub async fn worklist_row(&self, filter: &Filter, sort: Sort, row_id: &str) -> Result<Option<WorklistRow>> {
        for segment in segments(filter, sort, None, "asc") {
            let mut conditions = filter.conditions();
            conditions.with(&format!("{} = $", filter.row_id()), row_id);
            if let Some(row) = self.worklist_rows(conditions, &segment, filter, "asc", 1).await?.pop() {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// The row before and the row after one, for walking the list.
    pub async fn worklist_neighbours(&self, filter: &Filter, sort: Sort, at: &After) -> Result<(Option<WorklistRow>, Option<WorklistRow>)> {
        Ok((self.walk(filter, sort, Some(at), "desc", 1).await?.pop(), self.walk(filter, sort, Some(at), "asc", 1).await?.pop()))
    }

    /// The numbers of all claims that match, at most so many, in order.
    pub async fn worklist_claims(&self, filter: &Filter, sort: Sort, limit: i64) -> Result<Vec<String>> {
        Ok(self.worklist(filter, sort, None, limit).await?.into_iter().filter_map(|row| row.claim_id).collect())
    }

    /// Rows from a place on, one segment of the order after the other.
    async fn walk(&self, filter: &Filter, sort: Sort, at: Option<&After>, direction: &str, limit: i64) -> Result<Vec<WorklistRow>> {
        let mut rows: Vec<WorklistRow> = Vec::new();
        for segment in segments(filter, sort, at, direction) {
            let left = limit - i64::try_from(rows.len()).unwrap_or(limit);
            if left <= 0 {
                break;
            }
            rows.extend(self.worklist_rows(filter.conditions(), &segment, filter, direction, left).await?);
        }
        Ok(rows)
    }

    /// The rows of a segment: first which ones, from what the order and the conditions speak of, then all that is shown of these few.
    async fn worklist_rows(&self, mut conditions: Conditions, segment: &Segment, filter: &Filter, direction: &str, limit: i64) -> Result<Vec<WorklistRow>> {
        segment.narrow(&mut conditions, filter);
        let (row_id, column) = (filter.row_id(), &segment.column);
        let clause = conditions.clause();
        let from = filter.from(&[&clause, column]);
        let limit = conditions.bind(limit);
        let (text, number) =
            if segment.is_number { ("cast(null as text)".to_owned(), "key") } else { (format!("'{}' || key", segment.tag), "cast(null as bigint)") };
        let (status, queue, part) = (if filter.scope == Scope::Claims { "c.status" } else { STATUS }, filter.column("queue"), filter.column("amount"));
        let amount = if filter.scope == Scope::Claims { "c.amount" } else { "d.amount" };
        let (dispute_by, work_by, category, customer) =
            (filter.column("dispute_by"), filter.column("work_by"), filter.column("category"), filter.column("customer_id"));
        let all = filter.from(&["c. d. p. k."]);
        let sql = format!(
            "select {row_id} as row_id, d.deduction_id, c.claim_id, {customer} as customer_id, k.name as customer_name, {category} as category, d.expectation, d.validity, d.code, d.words, {amount} as amount, {part} as part, d.currency, d.invoice_number, d.debit_note_number, \
             p.payment_date, case when {dispute_by} > '1000' then {dispute_by} end as dispute_by, case when {work_by} > '1000' then {work_by} end as work_by, d.confidence, {queue} as queue, d.priority, {status} as status, c.state, c.waiting_on, c.wake_on, c.version, c.opened_on, c.accepted, c.disputed, c.written_off, c.recovered, c.decided_by, c.decided_on, c.assignee, d.explanation, d.rule, {PIECES} as pieces, \
             {text} as sort_text, {number} as sort_number {all} join (select {row_id} as id, {column} as key {from} {clause} order by {column} {direction}, {row_id} {direction} limit {limit}) as page on page.id = {row_id} \
             order by key {direction}, {row_id} {direction}"
        );
        self.rows(&sql, conditions.values).await
    }
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

//! The figures of managers' screens and of the views beside the worklist: read from the kept summaries, whatever the number of claims.
//!
//! For one customer the same sums are made of that customer's rows: a customer has few, and a company has many customers.

use serde::Deserialize;

use super::Conditions;
use super::worklist::Sum;
use crate::summaries::of_one_customer;
use crate::{Result, Store};

/// What a manager looks at; `None` is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    pub queue: Option<String>,
    pub customer: Option<String>,
}

/// What a sum is made for each of, beside the currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Key,
    Queue,
    Detail,
}

/// Which sums of a facet: see `crate::summaries` for what their keys and details are.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    facet: &'static str,
    by: &'a [By],
    detail: Option<&'a str>,
    from: Option<String>,
    until: Option<String>,
}

impl<'a> Asked<'a> {
    pub const fn of(facet: &'static str) -> Self {
        Self { facet, by: &[], detail: None, from: None, until: None }
    }

    pub fn by(self, by: &'a [By]) -> Self {
        Self { by, ..self }
    }

    /// Of one person, or of one measure.
    pub fn only(self, detail: &'a str) -> Self {
        Self { detail: Some(detail), ..self }
    }

    /// Keys from here on, as days are ordered.
    pub fn from(self, key: impl ToString) -> Self {
        Self { from: Some(key.to_string()), ..self }
    }

    /// Keys up to here; what has none is left out.
    pub fn until(self, key: impl ToString) -> Self {
        Self { until: Some(key.to_string()), ..self }
    }
}

/// A sum in one currency; what it was not asked by is blank.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Figure {
    pub key: String,
    pub queue: String,
    pub detail: String,
    pub currency: String,
    pub count: i64,
    /// Minor units.
    pub amount: i64,
    /// The first day among the keys.
    pub first_key: Option<String>,
}

impl Figure {
    pub fn sum(&self) -> Sum {
        Sum { currency: self.currency.clone(), count: self.count, amount: self.amount }
    }
}

impl Store {
    /// The sums of a facet, in the order of what they were asked by.
    pub async fn figures(&self, sight: &Sight, asked: &Asked<'_>) -> Result<Vec<Figure>> {
        let mut conditions = Conditions::default();
        // The customer is the first value, as the sums of one customer bind it.
        let source = match &sight.customer {
            Some(customer) => {
                conditions.bind(customer.as_str());
                format!("({}) as summaries", of_one_customer(asked.facet))
            }
            None => "summaries".to_owned(),
        };
        conditions.with("facet = $", asked.facet);
        if let Some(queue) = &sight.queue {
            conditions.with("queue = $", queue.as_str());
        }
        if let Some(detail) = asked.detail {
            conditions.with("detail = $", detail);
        }
        if let Some(from) = &asked.from {
            conditions.with("key >= $", from.as_str());
        }
        if let Some(until) = &asked.until {
            conditions.with("key <= $ and key <> ''", until.as_str());
        }
        let column = |by: By, name: &str| if asked.by.contains(&by) { name.to_owned() } else { "''".to_owned() };
        let named: String = [(By::Key, "key"), (By::Queue, "queue"), (By::Detail, "detail")]
            .into_iter()
            .filter(|(by, _)| asked.by.contains(by))
            .map(|(_, name)| format!("{name}, "))
            .collect();
        let sql = format!(
            "select {} as key, {} as queue, {} as detail, currency, cast(sum(members) as bigint) as count, cast(sum(amount) as bigint) as amount, min(case when key <> '' then key end) as first_key \
             from {source} {} group by {named}currency order by {named}currency",
            column(By::Key, "key"),
            column(By::Queue, "queue"),
            column(By::Detail, "detail"),
            conditions.clause()
        );
        self.rows(&sql, conditions.values).await
    }

    /// The customers with most money behind one measure, the largest first.
    pub async fn customers_with_most(&self, sight: &Sight, measure: &str, limit: i64) -> Result<Vec<CustomerFigure>> {
        let mut conditions = Conditions::default();
        conditions.add("s.facet = 'customer'");
        conditions.with("s.detail = $", measure);
        if let Some(queue) = &sight.queue {
            conditions.with("s.queue = $", queue.as_str());
        }
        if let Some(customer) = &sight.customer {
            conditions.with("s.key = $", customer.as_str());
        }
        let limit = conditions.bind(limit);
        let sql = format!(
            "select s.key as customer_id, coalesce(k.name, s.key) as name, s.currency, cast(sum(s.members) as bigint) as count, cast(sum(s.amount) as bigint) as amount \
             from summaries s left join customers k on k.customer_id = s.key {} group by s.key, k.name, s.currency order by amount desc, customer_id limit {limit}",
            conditions.clause()
        );
        self.rows(&sql, conditions.values).await
    }
}

/// What one measure comes to for a customer in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CustomerFigure {
    pub customer_id: String,
    pub name: String,
    pub currency: String,
    pub count: i64,
    /// Minor units.
    pub amount: i64,
}

/// How many rows stand behind each view and queue of the worklist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(std::collections::BTreeMap<&'static str, i64>);

impl Counts {
    /// The rows of a view or a queue by its word.
    pub fn of(&self, word: &str) -> i64 {
        self.0.get(word).copied().unwrap_or(0)
    }
}

/// Stages in which a claim is new or in review.
const TO_WORK: [&str; 2] = ["new", "in_review"];
/// Stages that end a claim.
const FINISHED: [&str; 7] = ["disputed", "accepted", "partly_accepted", "written_off", "recovered", "withdrawn", "closed"];

/// Whether a claim of this stage is neither decided nor closed.
pub fn is_unfinished(stage: &str) -> bool {
    !FINISHED.contains(&stage)
}

impl Store {
    /// Counts of the views and queues. `soon` is the last day of the view of deadlines.
    pub async fn worklist_counts(&self, today: &str, soon: &str, login: &str) -> Result<Counts> {
        let all = Sight::default();
        let stages = self.figures(&all, &Asked::of("stage").by(&[By::Key, By::Queue])).await?;
        let counted = |which: &dyn Fn(&Figure) -> bool| stages.iter().filter(|figure| which(figure)).map(|figure| figure.count).sum::<i64>();
        let total = |figures: Vec<Figure>| figures.iter().map(|figure| figure.count).sum::<i64>();
        let free = self.figures(&all, &Asked::of("stage").only("").by(&[By::Key])).await?;
        let own = self.figures(&all, &Asked::of("stage").only(login).by(&[By::Key])).await?;
        let free_awake = total(self.figures(&all, &Asked::of("parked").only("").until(today)).await?);
        let own_awake = total(self.figures(&all, &Asked::of("parked").only(login).until(today)).await?);
        let of = |figures: &[Figure], which: &dyn Fn(&str) -> bool| figures.iter().filter(|figure| which(&figure.key)).map(|figure| figure.count).sum::<i64>();
        let mut counts = std::collections::BTreeMap::from([
            ("new", of(&free, &|stage| TO_WORK.contains(&stage)) + free_awake),
            ("mine", of(&own, &|stage| is_unfinished(stage) && stage != "parked") + own_awake),
            ("deadline", total(self.figures(&all, &Asked::of("due").from(today).until(soon)).await?)),
            ("no_evidence", total(self.figures(&all, &Asked::of("bare")).await?)),
            ("closed_by_rule", total(self.figures(&all, &Asked::of("judged").only("rule")).await?)),
            ("everything", counted(&|_| true)),
            ("waiting_customer", counted(&|figure| figure.key == "waiting_customer")),
            ("waiting_sales", counted(&|figure| figure.key == "waiting_sales")),
            ("approval", counted(&|figure| figure.key == "awaiting_approval")),
            ("parked", counted(&|figure| figure.key == "parked")),
        ]);
        for queue in recoup_engine::taxonomy::Queue::WORDS {
            counts.insert(queue, counted(&|figure| figure.queue == *queue && is_unfinished(&figure.key)));
        }
        Ok(Counts(counts))
    }
}

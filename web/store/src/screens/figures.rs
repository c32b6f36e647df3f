//! The figures of managers' screens and of the views beside the worklist: read from the kept summaries, whatever the number of claims.
//!
//! For one customer the same sums are made of that customer's rows: a customer has few, and a company has many customers.

use std::collections::BTreeMap;

use recoup_engine::claim::state::StateWord;
use recoup_engine::taxonomy::DeductionStatus;
use serde::Deserialize;

use super::Conditions;
use super::worklist::Sum;
use crate::summaries::SumRow;
use crate::{Result, Store, StoreError};

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
    among: Option<&'a [String]>,
}

impl<'a> Asked<'a> {
    pub const fn of(facet: &'static str) -> Self {
        Self { facet, by: &[], detail: None, from: None, until: None, among: None }
    }

    pub fn by(self, by: &'a [By]) -> Self {
        Self { by, ..self }
    }

    /// Of one person, or of one measure.
    pub fn only(self, detail: &'a str) -> Self {
        Self { detail: Some(detail), ..self }
    }

    /// These keys only.
    pub fn among(self, keys: &'a [String]) -> Self {
        Self { among: Some(keys), ..self }
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

/// The sums of what a manager looks at.
#[derive(Debug)]
pub struct Figures<'a> {
    store: &'a Store,
    queue: Option<&'a str>,
    /// The sums of the one customer that is looked at, of these facets.
    own: Option<Vec<SumRow>>,
    facets: &'a [&'a str],
}

impl Figures<'_> {
    /// The sums of a facet, in the order of what they were asked by.
    pub async fn of(&self, asked: &Asked<'_>) -> Result<Vec<Figure>> {
        match &self.own {
            Some(_) if !self.facets.contains(&asked.facet) => Err(StoreError::Refused(format!("`{}` was not read", asked.facet))),
            Some(rows) => Ok(gathered(rows, self.queue, asked)),
            None => self.store.kept_figures(self.queue, asked).await,
        }
    }
}

/// The same as `kept_figures` of sums that were made of rows.
fn gathered(rows: &[SumRow], queue: Option<&str>, asked: &Asked<'_>) -> Vec<Figure> {
    let is_asked = |row: &&SumRow| {
        row.facet == asked.facet
            && queue.is_none_or(|queue| row.queue == queue)
            && asked.detail.is_none_or(|detail| row.detail == detail)
            && asked.among.is_none_or(|keys| keys.contains(&row.key))
            && asked.from.as_ref().is_none_or(|from| row.key >= *from)
            && asked.until.as_ref().is_none_or(|until| row.key <= *until && !row.key.is_empty())
    };
    let mut figures: BTreeMap<[&str; 4], Figure> = BTreeMap::new();
    for row in rows.iter().filter(is_asked) {
        let part = |by: By, text| if asked.by.contains(&by) { text } else { "" };
        let name = [part(By::Key, &*row.key), part(By::Queue, &row.queue), part(By::Detail, &row.detail), &row.currency];
        let [key, queue, detail, currency] = name.map(str::to_owned);
        let figure = figures.entry(name).or_insert_with(|| Figure { key, queue, detail, currency, ..Figure::default() });
        (figure.count, figure.amount) = (figure.count + row.members, figure.amount + row.amount);
        if !row.key.is_empty() && figure.first_key.as_ref().is_none_or(|first| row.key < *first) {
            figure.first_key = Some(row.key.clone());
        }
    }
    figures.into_values().collect()
}

impl Store {
    /// Reads what figures of these facets are made of for a customer, once; for all customers they are kept.
    pub async fn figures<'a>(&'a self, sight: &'a Sight, facets: &'a [&'a str]) -> Result<Figures<'a>> {
        let own = match &sight.customer {
            Some(customer) => Some(self.sums_of_customer(customer, facets).await?),
            None => None,
        };
        Ok(Figures { store: self, queue: sight.queue.as_deref(), own, facets })
    }

    pub(super) async fn kept_figures(&self, queue: Option<&str>, asked: &Asked<'_>) -> Result<Vec<Figure>> {
        let mut conditions = Conditions::default();
        conditions.with("facet = $", asked.facet);
        if let Some(queue) = queue {
            conditions.with("queue = $", queue);
        }
        if let Some(detail) = asked.detail {
            conditions.with("detail = $", detail);
        }
        if let Some(keys) = asked.among {
            let keys: Vec<String> = keys.iter().map(|key| conditions.bind(key.as_str())).collect();
            // Nothing is among nothing.
            conditions.add(&if keys.is_empty() { "1 = 0".to_owned() } else { format!("key in ({})", keys.join(", ")) });
        }
        if let Some(from) = &asked.from {
            conditions.with("key >= $", from.as_str());
        }
        if let Some(until) = &asked.until {
            conditions.with("key <= $ and key <> ''", until.as_str());
        }
        let named: String = [(By::Key, "key, "), (By::Queue, "queue, "), (By::Detail, "detail, ")]
            .into_iter()
            .filter(|(by, _)| asked.by.contains(by))
            .map(|(_, name)| name)
            .collect();
        let column = |by: By, name: &'static str| if asked.by.contains(&by) { name } else { "''" };
        let sql = format!(
            "select {} as key, {} as queue, {} as detail, currency, cast(sum(members) as bigint) as count, cast(sum(amount) as bigint) as amount, min(case when key <> '' then key end) as first_key \
             from summaries {} group by {named}currency order by {named}currency",
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
        // Who could not be told is no customer: it has no name and no page.
        conditions.add("s.facet = 'customer' and s.key <> ''");
        conditions.with("s.detail = $", measure);
        if let Some(queue) = &sight.queue {
            conditions.with("s.queue = $", queue.as_str());
        }
        if let Some(customer) = &sight.customer {
            conditions.with("s.key = $", customer.as_str());
        }
        let limit = conditions.bind(limit);
        let sql = format!(
            "select m.customer_id, coalesce(k.name, m.customer_id) as name, m.currency, m.count, m.amount from (select s.key as customer_id, s.currency, cast(sum(s.members) as bigint) as count, \
             cast(sum(s.amount) as bigint) as amount from summaries s {} group by s.key, s.currency order by 4 desc, 1 limit {limit}) as m left join customers k on k.customer_id = m.customer_id \
             order by m.amount desc, m.customer_id",
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
pub struct Counts(BTreeMap<&'static str, i64>);

impl Counts {
    /// The rows of a view or a queue by its word.
    pub fn of(&self, word: &str) -> i64 {
        self.0.get(word).copied().unwrap_or(0)
    }
}

/// The status of claims of a stage, a key of the facet `stage`: a state, but those that wait are told apart by whom they wait for.
pub fn status_of(stage: &str) -> DeductionStatus {
    stage.parse::<StateWord>().map_or(DeductionStatus::Waiting, StateWord::status)
}

/// Whether a claim of this stage is neither decided nor closed.
pub fn is_unfinished(stage: &str) -> bool {
    matches!(status_of(stage), DeductionStatus::Open | DeductionStatus::Waiting)
}

impl Store {
    /// Counts of the views and queues. `soon` is the last day of the view of deadlines.
    pub async fn worklist_counts(&self, today: &str, soon: &str, login: &str) -> Result<Counts> {
        let stages = self.kept_figures(None, &Asked::of("stage").by(&[By::Key, By::Queue])).await?;
        let counted = |which: &dyn Fn(&Figure) -> bool| stages.iter().filter(|figure| which(figure)).map(|figure| figure.count).sum::<i64>();
        let total = |figures: Vec<Figure>| figures.iter().map(|figure| figure.count).sum::<i64>();
        let free = self.kept_figures(None, &Asked::of("stage").only("").by(&[By::Key])).await?;
        let own = self.kept_figures(None, &Asked::of("stage").only(login).by(&[By::Key])).await?;
        let free_awake = total(self.kept_figures(None, &Asked::of("parked").only("").until(today)).await?);
        let own_awake = total(self.kept_figures(None, &Asked::of("parked").only(login).until(today)).await?);
        let of = |figures: &[Figure], which: &dyn Fn(&str) -> bool| figures.iter().filter(|figure| which(&figure.key)).map(|figure| figure.count).sum::<i64>();
        let awake = total(self.kept_figures(None, &Asked::of("parked").until(today)).await?);
        let mut counts = BTreeMap::from([
            ("open", counted(&|figure| is_unfinished(&figure.key) && figure.key != "parked") + awake),
            ("new", of(&free, &|stage| status_of(stage) == DeductionStatus::Open) + free_awake),
            ("mine", of(&own, &|stage| is_unfinished(stage) && stage != "parked") + own_awake),
            ("deadline", total(self.kept_figures(None, &Asked::of("due").from(today).until(soon)).await?)),
            ("no_evidence", total(self.kept_figures(None, &Asked::of("bare")).await?)),
            ("closed_by_rule", total(self.kept_figures(None, &Asked::of("judged").only("rule")).await?)),
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

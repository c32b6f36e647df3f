//! How long a list is: from the kept summaries where these say it, else counted up to a limit.

use recoup_engine::taxonomy::DeductionStatus;

use super::{After, Filter, Scope, Sort, Sum, segments};
use crate::screens::Conditions;
use crate::screens::figures::{Asked, By, Figure, is_unfinished, status_of};
use crate::{Result, Store};

/// A list that no summary holds is counted so far: nobody reads on, and counting a million rows takes a second.
const FARTHEST: i64 = 1_000;

/// Rows and money of a list, per currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Size {
    pub sums: Vec<Sum>,
    /// There are more, which were not counted: what the sums say of money is not all.
    pub is_more: bool,
}

impl Size {
    pub fn count(&self) -> i64 {
        self.sums.iter().map(|sum| sum.count).sum()
    }
}

impl Store {
    /// How long the list is, as its page says it.
    pub async fn worklist_size(&self, filter: &Filter) -> Result<Size> {
        if let Some(sums) = self.kept_size(filter).await? {
            return Ok(Size { sums, is_more: false });
        }
        let conditions = filter.conditions();
        let sums = self.counted(conditions, filter, Some(FARTHEST + 1)).await?;
        let is_more = sums.iter().map(|sum| sum.count).sum::<i64>() > FARTHEST;
        Ok(Size { sums, is_more })
    }

    /// Rows and money of the whole list, per currency, however many.
    pub async fn worklist_sums(&self, filter: &Filter) -> Result<Vec<Sum>> {
        self.counted(filter.conditions(), filter, None).await
    }

    /// How many rows stand up to and including one; `None` when it stands far behind.
    pub async fn worklist_position(&self, filter: &Filter, sort: Sort, at: &After) -> Result<Option<i64>> {
        let mut before = 0;
        for segment in segments(filter, sort, Some(at), "desc") {
            let mut conditions = filter.conditions();
            segment.narrow(&mut conditions, filter);
            let clause = conditions.clause();
            let limit = conditions.bind(FARTHEST - before);
            let sql = format!("select count(*) as value from (select 1 as one {} {clause} limit {limit}) as before", filter.from(&[&clause]));
            before += self.count(&sql, conditions.values).await?;
            if before >= FARTHEST {
                return Ok(None);
            }
        }
        Ok(Some(before + 1))
    }

    async fn counted(&self, mut conditions: Conditions, filter: &Filter, most: Option<i64>) -> Result<Vec<Sum>> {
        let clause = conditions.clause();
        let (currency, amount) = (filter.column("currency"), filter.column("amount"));
        let from = filter.from(&[&clause]);
        let limit = most.map_or_else(String::new, |most| format!("limit {}", conditions.bind(most)));
        let sql = format!(
            "select currency, count(*) as count, cast(sum(amount) as bigint) as amount from (select {currency} as currency, {amount} as amount {from} {clause} {limit}) as counted \
             group by currency order by currency"
        );
        self.rows(&sql, conditions.values).await
    }

    /// What the summaries say of a list; `None` when its filter asks for something that they don't tell apart.
    async fn kept_size(&self, filter: &Filter) -> Result<Option<Vec<Sum>>> {
        let queue = filter.queue.as_deref();
        let person = if filter.unassigned { Some("") } else { filter.assignee.as_deref() };
        let has_person = filter.unassigned || filter.assignee.is_some();
        let mut rest = filter.clone();
        (rest.today, rest.queue, rest.currency) = (String::new(), None, None);
        (rest.unassigned, rest.assignee) = (false, None);
        let is_only = |own: Filter| rest == own;
        let unfinished = || Filter { unfinished: true, ..Filter::default() };
        let of_person = |asked: Asked<'static>| -> Asked<'_> { if let Some(person) = person { asked.only(person) } else { asked } };
        let figures: Vec<Figure> = if is_only(unfinished()) {
            let stages = self.kept_figures(queue, &of_person(Asked::of("stage").by(&[By::Key]))).await?;
            stages.into_iter().filter(|figure| is_unfinished(&figure.key)).collect()
        } else if is_only(Filter { work_before: rest.work_before.clone(), ..unfinished() }) && rest.work_before.is_some() {
            let Some(until) = rest.work_before.as_deref().and_then(day_before) else { return Ok(None) };
            self.kept_figures(queue, &of_person(Asked::of(if has_person { "late" } else { "overdue" }).until(until))).await?
        } else if is_only(Filter { awake: true, ..unfinished() }) || is_only(Filter { to_do: true, ..unfinished() }) {
            let stages = self.kept_figures(queue, &of_person(Asked::of("stage").by(&[By::Key]))).await?;
            let is_awake = |stage: &str| if rest.to_do { status_of(stage) == DeductionStatus::Open } else { is_unfinished(stage) && stage != "parked" };
            let woken = self.kept_figures(queue, &of_person(Asked::of("parked").until(&filter.today))).await?;
            stages.into_iter().filter(|figure| is_awake(&figure.key)).chain(woken).collect()
        } else if is_only(Filter { state: rest.state.clone(), unfinished: rest.unfinished, ..Filter::default() }) && !is_odd_state(rest.state.as_deref()) {
            let stages = self.kept_figures(queue, &of_person(Asked::of("stage").by(&[By::Key]))).await?;
            stages.into_iter().filter(|figure| rest.state.as_ref().is_none_or(|state| figure.key == *state)).collect()
        } else if has_person {
            return Ok(None);
        } else if is_only(Filter { scope: Scope::ClosedByRule, ..Filter::default() }) {
            self.kept_figures(queue, &Asked::of("judged").only("rule")).await?
        } else if is_only(Filter { dispute_from: rest.dispute_from.clone(), dispute_until: rest.dispute_until.clone(), ..unfinished() }) {
            let (Some(from), Some(until)) = (&rest.dispute_from, &rest.dispute_until) else { return Ok(None) };
            self.kept_figures(queue, &Asked::of("due").from(from).until(until)).await?
        } else if is_only(Filter { waiting_on: rest.waiting_on.clone(), ..unfinished() }) {
            let stage = format!("waiting_{}", rest.waiting_on.as_deref().unwrap_or_default());
            self.kept_figures(queue, &Asked::of("stage").from(&stage).until(&stage)).await?
        } else if is_only(Filter { customer: rest.customer.clone(), ..unfinished() }) {
            let customer = rest.customer.as_deref().unwrap_or_default();
            self.kept_figures(queue, &Asked::of("customer").only("open").from(customer).until(customer)).await?
        } else if is_only(Filter { category: rest.category.clone(), ..unfinished() }) {
            let category = rest.category.as_deref().unwrap_or_default();
            self.kept_figures(queue, &Asked::of("category").only("open").from(category).until(category)).await?
        } else if is_only(Filter { without_evidence: true, ..unfinished() }) {
            self.kept_figures(queue, &Asked::of("bare")).await?
        } else {
            return Ok(None);
        };
        Ok(Some(per_currency(figures, filter.currency.as_deref())))
    }
}

/// States that the summaries leave out or keep by whom they wait for.
fn is_odd_state(state: Option<&str>) -> bool {
    state.is_some_and(|state| ["waiting", "merged", "withdrawn"].contains(&state))
}

fn day_before(day: &str) -> Option<String> {
    use std::str::FromStr;
    let day = jiff::civil::Date::from_str(day).ok()?;
    day.yesterday().ok().map(|day| day.to_string())
}

fn per_currency(figures: Vec<Figure>, only: Option<&str>) -> Vec<Sum> {
    let mut sums: Vec<Sum> = Vec::new();
    for figure in figures.into_iter().filter(|figure| only.is_none_or(|only| figure.currency == only)) {
        match sums.iter_mut().find(|sum| sum.currency == figure.currency) {
            Some(sum) => (sum.count, sum.amount) = (sum.count + figure.count, sum.amount + figure.amount),
            None => sums.push(figure.sum()),
        }
    }
    sums.sort_by(|one, other| one.currency.cmp(&other.currency));
    sums
}

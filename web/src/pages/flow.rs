//! The manager's figures of the overview: 13 weeks of inflow and decisions, days outstanding, what became of the money, who has how much to do.
//!
//! Claims are counted across currencies; money never is.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use recoup_engine::taxonomy::Queue;
use recoup_store::screens::flow::{CauseRow, DayRow, LoadRow, ResultRow};
use recoup_store::screens::overview::IncurredRow;
use recoup_store::screens::worklist::Sum;

use super::chart::{Bar, HEIGHT, height};
use super::language::text;
use super::show;

pub const WEEKS: i64 = 13;
/// What is held back on an average day is taken of so many days: a whole year, because deductions come in seasons.
const AVERAGE_DAYS: i64 = 365;
const GROUP: i64 = 42;
const BAR: i64 = 16;

/// A week of the chart and its table.
#[derive(Debug)]
pub struct Week {
    /// The first day, a Monday.
    pub first: String,
    /// The first day without its year.
    pub label: String,
    pub opened: i64,
    pub decided: i64,
    pub decided_href: String,
}

/// The chart of 13 weeks.
#[derive(Debug)]
pub struct Flow {
    pub weeks: Vec<Week>,
    pub bars: Vec<Bar>,
    pub width: i64,
    pub opened: i64,
    pub decided: i64,
}

/// Days deductions outstanding: what is open over what is held back on an average day.
#[derive(Debug)]
pub struct Outstanding {
    /// `by count` or a currency.
    pub of: String,
    pub days: String,
    /// The first day of the average.
    pub since: String,
    pub href: String,
}

/// What became of the money of one currency.
#[derive(Debug)]
pub struct Result {
    pub currency: String,
    pub accepted: String,
    pub disputed: String,
    pub written_off: String,
    pub recovered: String,
    /// Of what was recovered or given up, the part that came back.
    pub rate: Option<String>,
}

/// A person's row of the workload matrix; one cell a queue.
#[derive(Debug)]
pub struct Load {
    pub name: String,
    pub href: String,
    pub cells: Vec<Cell>,
    pub total: i64,
    pub late: i64,
}

#[derive(Debug)]
pub struct Cell {
    pub count: i64,
    pub href: String,
}

/// A root cause.
#[derive(Debug)]
pub struct Cause {
    pub label: String,
    pub href: String,
    pub currency: String,
    pub count: i64,
    pub amount: String,
    /// Not owed, as judged.
    pub invalid: String,
    pub invalid_part: i64,
}

/// The weeks up to today, oldest first.
pub fn flow(opened: &[DayRow], decided: &[DayRow], today: Date) -> Flow {
    let this_week = today.saturating_sub(i64::from(today.weekday().to_monday_zero_offset()).days());
    let first_of = |week: i64| this_week.saturating_sub(((WEEKS - 1 - week) * 7).days());
    let count = |rows: &[DayRow], first: Date| -> i64 {
        let last = first.saturating_add(6.days()).to_string();
        let first = first.to_string();
        rows.iter().filter(|row| row.day >= first && row.day <= last).map(|row| row.count).sum()
    };
    let weeks: Vec<Week> = (0..WEEKS)
        .map(|week| {
            let first = first_of(week);
            Week {
                opened: count(opened, first),
                decided: count(decided, first),
                decided_href: format!("/claims?decided={first}"),
                label: first.strftime("%m-%d").to_string(),
                first: first.to_string(),
            }
        })
        .collect();
    let largest = weeks.iter().map(|week| week.opened.max(week.decided)).max().unwrap_or(0);
    let mut bars = Vec::new();
    for (position, week) in (0_i64..).zip(&weeks) {
        for (series, value, what) in [(0, week.opened, text("{0} came in")), (1, week.decided, text("{0} decided"))] {
            let tall = height(value, largest);
            bars.push(Bar {
                x: position * GROUP + 4 + i64::try_from(series).unwrap_or(0) * (BAR + 1),
                y: HEIGHT - tall,
                width: BAR,
                height: tall,
                label: show::day(&week.first),
                value: what.with(value).into(),
                href: String::new(),
                series,
            });
        }
    }
    Flow { opened: weeks.iter().map(|week| week.opened).sum(), decided: weeks.iter().map(|week| week.decided).sum(), bars, width: GROUP * WEEKS, weeks }
}

/// The first day whose claims the chart needs.
pub fn since(today: Date) -> Date {
    today.saturating_sub((WEEKS * 7).days())
}

/// The first day of what the average day is taken of.
pub fn incurred_since(today: Date) -> Date {
    today.saturating_sub((AVERAGE_DAYS - 1).days())
}

/// Days outstanding by count and by each currency. The average day is one since the first deduction that is known, within the last year: a young
/// company of ten days has ten days to divide by. Nothing was held back: there is no average day to hold it against.
pub fn outstanding(open: &[Sum], incurred: &[IncurredRow], today: Date) -> Vec<Outstanding> {
    let first = |rows: &[&IncurredRow]| rows.iter().filter_map(|row| row.first_day.clone()).min();
    let figure = |of: &str, open: i64, incoming: i64, rows: &[&IncurredRow], href: String| {
        let since = first(rows)?;
        let window = show::days_between(&since, today)?.max(0) + 1;
        let days = (incoming > 0).then(|| (i128::from(open) * i128::from(window) + i128::from(incoming) / 2) / i128::from(incoming))?;
        Some(Outstanding { of: of.to_owned(), days: days.to_string(), since, href })
    };
    let all: Vec<&IncurredRow> = incurred.iter().collect();
    let count = incurred.iter().map(|row| row.count).sum();
    let by_count = figure(&text("by count").to_string(), show::count(open), count, &all, "/claims?status=unfinished".to_owned());
    let by_amount = open.iter().filter_map(|sum| {
        let row = incurred.iter().find(|row| row.currency == sum.currency)?;
        figure(&sum.currency, sum.amount, row.amount, &[row], format!("/claims?status=unfinished&currency={}", sum.currency))
    });
    by_count.into_iter().chain(by_amount).collect()
}

pub fn results(rows: &[ResultRow]) -> Vec<Result> {
    let moved = |row: &&ResultRow| row.accepted != 0 || row.disputed != 0 || row.written_off != 0 || row.recovered != 0;
    rows.iter()
        .filter(moved)
        .map(|row| Result {
            accepted: show::amount(row.accepted, &row.currency),
            disputed: show::amount(row.disputed, &row.currency),
            written_off: show::amount(row.written_off, &row.currency),
            recovered: show::amount(row.recovered, &row.currency),
            rate: show::part(row.recovered, row.recovered + row.written_off),
            currency: row.currency.clone(),
        })
        .collect()
}

/// The matrix of people and queues; claims that nobody has come first.
pub fn loads(rows: &[LoadRow], names: &BTreeMap<String, String>) -> Vec<Load> {
    let mut people: Vec<Option<&String>> = rows.iter().map(|row| row.assignee.as_ref()).collect();
    people.sort();
    people.dedup();
    let href = |login: Option<&String>, queue: &str| {
        let mut pairs = match login {
            Some(login) => vec![("status", "unfinished"), ("assignee", login.as_str())],
            None => vec![("status", "unfinished"), ("assignee", "nobody")],
        };
        if !queue.is_empty() {
            pairs.push(("queue", queue));
        }
        format!("/claims?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
    };
    people
        .into_iter()
        .map(|login| {
            let own: Vec<&LoadRow> = rows.iter().filter(|row| row.assignee.as_ref() == login).collect();
            let cells = Queue::WORDS
                .iter()
                .map(|queue| Cell { count: own.iter().filter(|row| row.queue == *queue).map(|row| row.count).sum(), href: href(login, queue) })
                .collect();
            Load {
                name: login.map_or_else(|| text("Nobody yet").into(), |login| names.get(login).unwrap_or(login).clone()),
                href: href(login, ""),
                cells,
                total: own.iter().map(|row| row.count).sum(),
                late: own.iter().map(|row| row.late).sum(),
            }
        })
        .collect()
}

pub fn causes(rows: Vec<CauseRow>) -> Vec<Cause> {
    rows.into_iter()
        .map(|row| Cause {
            label: show::plain(&row.category),
            href: format!("/claims?view=deductions&category={}&currency={}", row.category, row.currency),
            amount: show::amount(row.amount, &row.currency),
            invalid: show::amount(row.invalid, &row.currency),
            invalid_part: if row.amount > 0 { (row.invalid.saturating_mul(100) / row.amount).clamp(0, 100) } else { 0 },
            count: row.count,
            currency: row.currency,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: &str, currency: &str, count: i64, amount: i64) -> DayRow {
        DayRow { day: day.to_owned(), currency: currency.to_owned(), count, amount }
    }

    #[test]
    fn weeks_begin_on_monday_and_end_with_this_one() {
        let today: Date = "2026-11-22".parse().expect("a day");
        let flow =
            flow(&[day("2026-11-16", "EUR", 2, 10), day("2026-11-22", "USD", 1, 5), day("2026-08-24", "EUR", 4, 1)], &[day("2026-11-15", "EUR", 3, 9)], today);
        assert_eq!(flow.weeks.len(), 13);
        assert_eq!((flow.weeks[0].first.as_str(), flow.weeks[0].opened), ("2026-08-24", 4));
        assert_eq!((flow.weeks[12].opened, flow.weeks[12].decided, flow.weeks[11].decided), (3, 0, 3));
        assert_eq!((flow.opened, flow.decided), (7, 3));
    }

    #[test]
    fn days_outstanding_are_what_is_open_over_an_average_day() {
        let today: Date = "2026-11-22".parse().expect("a day");
        let open = [Sum { currency: "EUR".to_owned(), count: 10, amount: 900 }];
        let incurred = |first: &str| IncurredRow { currency: "EUR".to_owned(), judged: 0, count: 45, amount: 1_800, first_day: Some(first.to_owned()) };
        let days = |first: &str| outstanding(&open, &[incurred(first)], today).into_iter().map(|figure| figure.days).collect::<Vec<_>>();
        // 90 days with today; 10 of 45 and 9.00 of 18.00 are open.
        assert_eq!(days("2026-08-25"), ["20", "45"]);
        // The same in ten days: nothing that is open can be older than the first deduction.
        assert_eq!(days("2026-11-13"), ["2", "5"]);
        assert_eq!(incurred_since(today).to_string(), "2025-11-23");
        assert!(outstanding(&open, &[], today).is_empty(), "nothing came in: there is no average day");
    }
}

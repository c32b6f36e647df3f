//! The lines and charts of the overview: weeks of inflow and decisions, days outstanding, what became of the money, causes, ageing.

use recoup_store::screens::worklist::Sum;

use super::chart::Bar;
use super::language::text;
use super::show::{self, Total};
use super::sight::Sighted;
use crate::desk::overview;

/// Widths of the chart of weeks, in the units of its view box.
const FLOW_WIDTH: i64 = 546;
/// Widths of the ageing chart.
pub const AGE_GROUP: i64 = 120;
const AGE_BAR: i64 = 24;
/// Words of the ages, as the list knows them.
pub const AGES: [&str; 4] = ["0-30", "31-60", "61-90", "91"];

/// A week of the chart and its table.
#[derive(Debug)]
pub struct Week {
    /// The first day, a Monday.
    pub first: String,
    /// The first day without its year, where the chart has room for it.
    pub label: Option<String>,
    pub middle: i64,
    pub opened: i64,
    pub opened_href: String,
    pub opened_totals: Vec<Total>,
    pub decided: i64,
    pub decided_href: String,
    pub decided_totals: Vec<Total>,
}

/// The chart of the weeks.
#[derive(Debug)]
pub struct Flow {
    pub weeks: Vec<Week>,
    pub bars: Vec<Bar>,
    pub width: i64,
    pub opened: i64,
    pub decided: i64,
}

/// Days outstanding, by count or of one currency.
#[derive(Debug)]
pub struct Outstanding {
    pub of: String,
    pub days: i64,
    pub since: String,
    pub href: String,
}

/// What became of the money of one currency.
#[derive(Debug)]
pub struct Result {
    pub currency: String,
    /// Accepted, disputed, written off, recovered: amount and list.
    pub amounts: [(String, String); 4],
    /// Of what was recovered or given up, the part that came back.
    pub rate: Option<String>,
}

/// A root cause.
#[derive(Debug)]
pub struct Deducted {
    pub label: String,
    pub href: String,
    pub currency: String,
    pub count: i64,
    pub amount: String,
    /// What of it is not owed, as judged: all of an invalid deduction, the rest of a partly valid one.
    pub not_owed: String,
    pub not_owed_part: i64,
}

/// Open claims of one age.
pub struct AgeLine {
    pub label: &'static str,
    pub href: String,
    pub cells: Vec<AgeCell>,
}

/// Of one currency.
pub struct AgeCell {
    pub amount: String,
    pub count: i64,
    pub href: String,
}

/// The chart with a bar of inflow and a bar of decisions for each week.
pub fn flow(weeks: Vec<overview::Week>, sighted: &Sighted) -> Flow {
    let number = i64::try_from(weeks.len()).unwrap_or(1).max(1);
    let (group, every) = (FLOW_WIDTH / number, (number + 3) / 4);
    let bar = (group * 2 / 5).max(3);
    let weeks: Vec<Week> = (0_i64..)
        .zip(weeks)
        .map(|(position, week)| {
            let first = week.first.to_string();
            Week {
                label: (position % every == 0).then(|| week.first.strftime("%m-%d").to_string()),
                middle: position * group + group / 2,
                opened: show::count(&week.opened),
                opened_href: sighted.claims(&[("paid", &first)]),
                opened_totals: show::totals(&week.opened),
                decided: show::count(&week.decided),
                decided_href: sighted.claims(&[("decided", &first)]),
                decided_totals: show::totals(&week.decided),
                first,
            }
        })
        .collect();
    let largest = weeks.iter().map(|week| week.opened.max(week.decided)).max().unwrap_or(0);
    let mut bars = Vec::new();
    for week in &weeks {
        for (series, value, what) in [(0, week.opened, text("{0} came in")), (1, week.decided, text("{0} decided"))] {
            bars.push(
                Bar::standing(value, largest, week.middle - bar + i64::try_from(series).unwrap_or(0) * (bar + 1), bar, series)
                    .saying(show::day(&week.first), what.with(value)),
            );
        }
    }
    Flow { opened: weeks.iter().map(|week| week.opened).sum(), decided: weeks.iter().map(|week| week.decided).sum(), bars, width: group * number, weeks }
}

pub fn outstanding(rows: Vec<overview::Outstanding>, sighted: &Sighted) -> Vec<Outstanding> {
    let shown = |row: overview::Outstanding| Outstanding {
        href: match &row.currency {
            Some(currency) => sighted.claims(&[("status", "unfinished"), ("currency", currency)]),
            None => sighted.claims(&[("status", "unfinished")]),
        },
        of: row.currency.unwrap_or_else(|| text("by count").into()),
        days: row.days,
        since: row.since,
    };
    rows.into_iter().map(shown).collect()
}

pub fn results(rows: &[overview::Results], sighted: &Sighted) -> Vec<Result> {
    let shown = |row: &overview::Results| {
        let amounts = [("accepted", row.accepted), ("disputed", row.disputed), ("written_off", row.written_off), ("recovered", row.recovered)];
        Result {
            amounts: amounts.map(|(became, minor)| (show::amount(minor, &row.currency), sighted.claims(&[("became", became), ("currency", &row.currency)]))),
            rate: show::part(row.recovered, row.recovered + row.written_off),
            currency: row.currency.clone(),
        }
    };
    rows.iter().map(shown).collect()
}

pub fn deducted(rows: Vec<overview::Deducted>, sighted: &Sighted) -> Vec<Deducted> {
    rows.into_iter()
        .map(|row| Deducted {
            label: show::plain(&row.category),
            href: sighted.claims(&[("view", "deductions"), ("category", &row.category), ("currency", &row.taken.currency)]),
            amount: show::amount(row.taken.amount, &row.taken.currency),
            not_owed: show::amount(row.not_owed, &row.taken.currency),
            not_owed_part: show::hundredths(row.not_owed, row.taken.amount),
            count: row.taken.count,
            currency: row.taken.currency,
        })
        .collect()
}

pub fn age_lines(ages: &[Vec<Sum>; 4], currencies: &[String], sighted: &Sighted) -> Vec<AgeLine> {
    let line = |(word, sums): (&'static str, &Vec<Sum>)| AgeLine {
        label: word,
        href: sighted.claims(&[("age", word)]),
        cells: currencies
            .iter()
            .map(|currency| {
                let sum = sums.iter().find(|sum| sum.currency == *currency);
                AgeCell {
                    amount: sum.map(|sum| show::amount(sum.amount, currency)).unwrap_or_default(),
                    count: sum.map_or(0, |sum| sum.count),
                    href: sighted.claims(&[("currency", currency), ("age", word)]),
                }
            })
            .collect(),
    };
    AGES.into_iter().zip(ages).map(line).collect()
}

/// Bars of claims by age and currency: they count claims, because money of several currencies has no common scale.
pub fn age_bars(ages: &[Vec<Sum>; 4], currencies: &[String]) -> Vec<Bar> {
    let largest = ages.iter().flatten().map(|sum| sum.count).max().unwrap_or(0);
    let mut bars = Vec::new();
    for (bucket, (age, sums)) in (0_i64..).zip(AGES.into_iter().zip(ages)) {
        for (series, currency) in currencies.iter().take(4).enumerate() {
            let Some(sum) = sums.iter().find(|sum| sum.currency == *currency) else { continue };
            bars.push(
                Bar::standing(sum.count, largest, bucket * AGE_GROUP + 6 + i64::try_from(series).unwrap_or(0) * (AGE_BAR + 3), AGE_BAR, series)
                    .saying(format!("{age} {currency}"), sum.count.to_string()),
            );
        }
    }
    bars
}

//! The figures of the overview: what is open, late, about to expire, came in, was decided and came back, for all or for one queue or customer.
//!
//! All of them come from the kept summaries. Claims are counted across currencies; money never is.

use std::collections::BTreeMap;

use anyhow::Result;
use jiff::ToSpan;
use jiff::civil::Date;
use recoup_engine::calibration::{Band, Calibration};
use recoup_engine::taxonomy::DeductionStatus;
use recoup_store::Store;
use recoup_store::screens::figures::{Asked, By, CustomerFigure, Figure, Figures, Sight, is_unfinished, status_of};
use recoup_store::screens::worklist::Sum;

/// What is held back on an average day is taken of so many days: a whole year, because deductions come in seasons.
const AVERAGE_DAYS: i64 = 365;
/// Days in which money is about to expire, and soon after.
pub const EXPIRING_DAYS: [i64; 2] = [14, 30];
/// Ages of open claims: first and last day ago.
pub const AGES: [(i64, Option<i64>); 4] = [(0, Some(30)), (31, Some(60)), (61, Some(90)), (91, None)];
/// What is summed for the page.
const FACETS: &[&str] = &["stage", "age", "due", "overdue", "incurred", "opened", "decided", "category", "judged", "checked", "results", "said", "bunched"];
const MOST_CUSTOMERS: i64 = 8;
const MOST_CATEGORIES: usize = 10;

/// Everything that the overview shows of claims and deductions.
#[derive(Debug)]
pub struct Overview {
    pub open: Vec<Sum>,
    pub late: Vec<Sum>,
    /// Can be disputed within [`EXPIRING_DAYS`].
    pub expiring: [Vec<Sum>; 2],
    /// The last day to dispute is over and nothing is decided.
    pub passed: Vec<Sum>,
    pub awaiting_approval: i64,
    pub decided: i64,
    pub closed_by_rule: Vec<Sum>,
    /// Deductions with a verdict, whoever closed them.
    pub judged: i64,
    pub checked: Checked,
    /// Verdicts beside what people decided.
    pub calibration: Calibration,
    /// Stand right under the limit of small claims, more than chance puts there.
    pub bunched: Vec<Sum>,
    pub queues: Vec<QueueFigures>,
    pub people: Vec<PersonOpen>,
    /// One for each of [`AGES`].
    pub ages: [Vec<Sum>; 4],
    pub weeks: Vec<Week>,
    pub outstanding: Vec<Outstanding>,
    pub results: Vec<Results>,
    pub ended: Ended,
    pub customers: Vec<CustomerFigure>,
    pub deducted: Vec<Deducted>,
}

/// Claims that would have been let go and were drawn to be checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    pub finished: i64,
    /// Money came back: letting go would have been wrong.
    pub wrong: i64,
}

/// Claims that ended in money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// Something came back.
    pub won: i64,
    /// Written off, and nothing came back.
    pub lost: i64,
}

/// Unfinished claims of a person.
#[derive(Debug)]
pub struct PersonOpen {
    /// `None` for claims that nobody has.
    pub login: Option<String>,
    pub name: String,
    pub open: i64,
}

/// Unfinished claims of a queue in one currency.
#[derive(Debug)]
pub struct QueueFigures {
    pub queue: String,
    pub sum: Sum,
    pub late: i64,
    /// Days; `None` where no claim has one.
    pub oldest: Option<String>,
    pub next_dispute_by: Option<String>,
}

/// A week that begins on Monday.
#[derive(Debug)]
pub struct Week {
    pub first: Date,
    pub opened: Vec<Sum>,
    pub decided: Vec<Sum>,
}

/// Days deductions outstanding: what is open over what is held back on an average day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outstanding {
    /// `None` counts claims.
    pub currency: Option<String>,
    pub days: i64,
    /// The first day of the average.
    pub since: String,
}

/// What became of the money of one currency, in minor units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Results {
    pub currency: String,
    pub accepted: i64,
    pub disputed: i64,
    pub written_off: i64,
    pub recovered: i64,
}

/// What causes deductions: a category in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deducted {
    pub category: String,
    pub taken: Sum,
    /// Minor units that are not owed, as judged.
    pub not_owed: i64,
}

/// How sure verdicts were, and how many of them people decided so.
pub async fn calibration(read: &Figures<'_>) -> Result<Calibration> {
    let figures = read.of(&Asked::of("said").by(&[By::Key, By::Detail])).await?;
    let bands = figures.iter().map(|figure| {
        let right = if figure.detail == "right" { figure.count } else { 0 };
        Ok(Band { tenths: figure.key.parse()?, said: figure.amount, right, of: figure.count })
    });
    Ok(Calibration::of(&bands.collect::<Result<Vec<_>>>()?))
}

/// Reads the overview of so many weeks up to today.
pub async fn overview(store: &Store, sight: &Sight, weeks: i64, today: Date) -> Result<Overview> {
    let read = store.figures(sight, FACETS).await?;
    let figures = async |asked: Asked<'_>| read.of(&asked).await;
    let stages = figures(Asked::of("stage").by(&[By::Key])).await?;
    let count_of = |which: &dyn Fn(&str) -> bool| stages.iter().filter(|figure| which(&figure.key)).map(|figure| figure.count).sum();
    let open = sums(figures(Asked::of("age")).await?);
    let due = async |from: i64, until: i64| figures(Asked::of("due").from(day(today, from)).until(day(today, until))).await.map(sums);
    let incurred = figures(Asked::of("incurred").from(day(today, 1 - AVERAGE_DAYS))).await?;
    let first = this_week(today).saturating_sub(((weeks - 1) * 7).days());
    let opened = figures(Asked::of("opened").by(&[By::Key]).from(first)).await?;
    let decided = figures(Asked::of("decided").by(&[By::Key]).from(first)).await?;
    let categories = figures(Asked::of("category").by(&[By::Key, By::Detail])).await?;
    let mut ages: [Vec<Sum>; 4] = Default::default();
    for (age, (from, until)) in ages.iter_mut().zip(AGES) {
        let asked = Asked::of("age").until(day(today, -from));
        *age = sums(figures(if let Some(until) = until { asked.from(day(today, -until)) } else { asked }).await?);
    }
    let (checked, ended) = (figures(Asked::of("checked").by(&[By::Detail])).await?, figures(Asked::of("results").by(&[By::Detail])).await?);
    Ok(Overview {
        late: sums(figures(Asked::of("overdue").until(day(today, -1))).await?),
        expiring: [due(0, EXPIRING_DAYS[0]).await?, due(0, EXPIRING_DAYS[1]).await?],
        passed: sums(figures(Asked::of("due").until(day(today, -1))).await?),
        awaiting_approval: count_of(&|stage| stage == "awaiting_approval"),
        decided: count_of(&|stage| status_of(stage) == DeductionStatus::Decided),
        closed_by_rule: sums(figures(Asked::of("judged").only("rule")).await?),
        judged: count(&figures(Asked::of("judged")).await?, ""),
        calibration: calibration(&read).await?,
        bunched: sums(figures(Asked::of("bunched")).await?),
        checked: Checked { finished: count(&checked, "right") + count(&checked, "wrong"), wrong: count(&checked, "wrong") },
        queues: queues(&read, today).await?,
        people: people(store, &read).await?,
        ages,
        weeks: (0..weeks).map(|week| in_week(first.saturating_add((week * 7).days()), &opened, &decided)).collect(),
        outstanding: outstanding(&open, &incurred, today),
        results: results(&categories),
        ended: Ended { won: count(&ended, "won"), lost: count(&ended, "lost") },
        customers: store.customers_with_most(sight, "open", MOST_CUSTOMERS).await?,
        deducted: deducted(&categories),
        open,
    })
}

fn day(today: Date, days: i64) -> Date {
    today.saturating_add(days.days())
}

fn this_week(today: Date) -> Date {
    today.saturating_sub(i64::from(today.weekday().to_monday_zero_offset()).days())
}

fn sums(figures: Vec<Figure>) -> Vec<Sum> {
    figures.iter().map(Figure::sum).collect()
}

fn count(figures: &[Figure], detail: &str) -> i64 {
    figures.iter().filter(|figure| figure.detail == detail).map(|figure| figure.count).sum()
}

/// Who has open claims; nobody comes first.
async fn people(store: &Store, read: &Figures<'_>) -> Result<Vec<PersonOpen>> {
    let users = store.users().await?;
    let mut open: BTreeMap<String, i64> = BTreeMap::new();
    for figure in read.of(&Asked::of("stage").by(&[By::Key, By::Detail])).await?.into_iter().filter(|figure| is_unfinished(&figure.key)) {
        *open.entry(figure.detail).or_default() += figure.count;
    }
    let named = |(login, open): (String, i64)| PersonOpen {
        name: users.iter().find(|user| user.login == login).map_or_else(|| login.clone(), |user| user.name.clone()),
        login: (!login.is_empty()).then_some(login),
        open,
    };
    Ok(open.into_iter().map(named).collect())
}

async fn queues(read: &Figures<'_>, today: Date) -> Result<Vec<QueueFigures>> {
    let by = &[By::Queue];
    let open = read.of(&Asked::of("age").by(by)).await?;
    let late = read.of(&Asked::of("overdue").by(by).until(day(today, -1))).await?;
    let due = read.of(&Asked::of("due").by(by).from(today)).await?;
    let beside = |figures: &[Figure], figure: &Figure| figures.iter().find(|other| other.queue == figure.queue && other.currency == figure.currency).cloned();
    Ok(open
        .into_iter()
        .map(|figure| QueueFigures {
            late: beside(&late, &figure).map_or(0, |late| late.count),
            next_dispute_by: beside(&due, &figure).and_then(|due| due.first_key),
            sum: figure.sum(),
            oldest: figure.first_key,
            queue: figure.queue,
        })
        .collect())
}

fn in_week(first: Date, opened: &[Figure], decided: &[Figure]) -> Week {
    let days = first.to_string()..=first.saturating_add(6.days()).to_string();
    let within = |figures: &[Figure]| {
        let mut sums: Vec<Sum> = Vec::new();
        for figure in figures.iter().filter(|figure| days.contains(&figure.key)) {
            match sums.iter_mut().find(|sum| sum.currency == figure.currency) {
                Some(sum) => (sum.count, sum.amount) = (sum.count + figure.count, sum.amount + figure.amount),
                None => sums.push(figure.sum()),
            }
        }
        sums
    };
    Week { first, opened: within(opened), decided: within(decided) }
}

/// Days outstanding by count and by each currency. The average day is one since the first deduction that is known, within the last year: a young
/// company of ten days has ten days to divide by. Nothing was held back: there is no average day to hold it against.
fn outstanding(open: &[Sum], incurred: &[Figure], today: Date) -> Vec<Outstanding> {
    let figure = |currency: Option<String>, open: i64, incoming: i64, since: Option<String>| {
        let since = since?;
        let window = i64::from(since.parse::<Date>().ok()?.until(today).ok()?.get_days()).max(0) + 1;
        let days = (incoming > 0).then(|| (i128::from(open) * i128::from(window) + i128::from(incoming) / 2) / i128::from(incoming))?;
        Some(Outstanding { currency, days: i64::try_from(days).unwrap_or(i64::MAX), since })
    };
    let count = |sums: &mut dyn Iterator<Item = i64>| sums.sum::<i64>();
    let first = incurred.iter().filter_map(|figure| figure.first_key.clone()).min();
    let by_count = figure(None, count(&mut open.iter().map(|sum| sum.count)), count(&mut incurred.iter().map(|figure| figure.count)), first);
    let by_amount = open.iter().filter_map(|sum| {
        let incurred = incurred.iter().find(|figure| figure.currency == sum.currency)?;
        figure(Some(sum.currency.clone()), sum.amount, incurred.amount, incurred.first_key.clone())
    });
    by_count.into_iter().chain(by_amount).collect()
}

fn results(categories: &[Figure]) -> Vec<Results> {
    let mut currencies: Vec<&str> = categories.iter().map(|figure| figure.currency.as_str()).collect();
    currencies.sort_unstable();
    currencies.dedup();
    let of = |currency: &str, measure: &str| {
        categories.iter().filter(|figure| figure.currency == currency && figure.detail == measure).map(|figure| figure.amount).sum::<i64>()
    };
    currencies
        .into_iter()
        .map(|currency| Results {
            currency: currency.to_owned(),
            accepted: of(currency, "accepted"),
            disputed: of(currency, "disputed"),
            written_off: of(currency, "written_off"),
            recovered: of(currency, "recovered"),
        })
        .filter(|results| [results.accepted, results.disputed, results.written_off, results.recovered] != [0; 4])
        .collect()
}

/// The categories with most taken.
fn deducted(categories: &[Figure]) -> Vec<Deducted> {
    let mut deducted: Vec<Deducted> = categories
        .iter()
        .filter(|figure| figure.detail == "taken")
        .map(|taken| {
            let not_owed = categories.iter().find(|other| other.detail == "not_owed" && other.key == taken.key && other.currency == taken.currency);
            Deducted { category: taken.key.clone(), taken: taken.sum(), not_owed: not_owed.map_or(0, |figure| figure.amount) }
        })
        .collect();
    deducted.sort_by_key(|one| std::cmp::Reverse(one.taken.amount));
    deducted.truncate(MOST_CATEGORIES);
    deducted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(key: &str, currency: &str, count: i64, amount: i64) -> Figure {
        Figure { key: key.to_owned(), currency: currency.to_owned(), count, amount, ..Figure::default() }
    }

    #[test]
    fn weeks_begin_on_monday_and_end_with_this_one() {
        let today: Date = "2026-11-22".parse().expect("a day");
        assert_eq!(this_week(today).to_string(), "2026-11-16");
        let opened = [figure("2026-11-16", "EUR", 2, 10), figure("2026-11-22", "USD", 1, 5), figure("2026-11-18", "EUR", 1, 7)];
        let week = in_week(this_week(today), &opened, &[figure("2026-11-15", "EUR", 3, 9)]);
        let sum = |currency: &str, count, amount| Sum { currency: currency.to_owned(), count, amount };
        assert_eq!((week.opened, week.decided), (vec![sum("EUR", 3, 17), sum("USD", 1, 5)], vec![]));
    }

    #[test]
    fn days_outstanding_are_what_is_open_over_an_average_day() {
        let today: Date = "2026-11-22".parse().expect("a day");
        let open = [Sum { currency: "EUR".to_owned(), count: 10, amount: 900 }];
        let incurred = |first: &str| Figure { first_key: Some(first.to_owned()), ..figure("", "EUR", 45, 1_800) };
        let days = |first: &str| outstanding(&open, &[incurred(first)], today).into_iter().map(|figure| figure.days).collect::<Vec<_>>();
        // 90 days with today; 10 of 45 and 9.00 of 18.00 are open.
        assert_eq!(days("2026-08-25"), [20, 45]);
        // The same in ten days: nothing that is open can be older than the first deduction.
        assert_eq!(days("2026-11-13"), [2, 5]);
        assert!(outstanding(&open, &[], today).is_empty(), "nothing came in: there is no average day");
    }
}

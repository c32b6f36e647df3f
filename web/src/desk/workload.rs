//! Who has how much to do in which queue: open, late, since when.

use std::collections::BTreeMap;

use anyhow::Result;
use jiff::ToSpan;
use jiff::civil::Date;
use recoup_store::Store;
use recoup_store::screens::figures::{Asked, By, Figure, Figures};
use recoup_store::screens::worklist::Sum;

/// What is summed for the page.
pub const FACETS: &[&str] = &["since", "late"];

/// What one person has to do; one cell for each queue with open claims.
#[derive(Debug)]
pub struct Person {
    /// `None` for claims that nobody has.
    pub login: Option<String>,
    /// `None` as well; a login that is gone stands for itself.
    pub name: Option<String>,
    pub cells: Vec<Cell>,
}

/// A person's unfinished claims of one queue.
#[derive(Debug)]
pub struct Cell {
    pub queue: String,
    pub open: Vec<Sum>,
    pub late: i64,
    /// The day on which the oldest came in.
    pub oldest: Option<String>,
}

impl Cell {
    pub fn count(&self) -> i64 {
        self.open.iter().map(|sum| sum.count).sum()
    }
}

impl Person {
    pub fn open(&self) -> i64 {
        self.cells.iter().map(Cell::count).sum()
    }

    pub fn late(&self) -> i64 {
        self.cells.iter().map(|cell| cell.late).sum()
    }
}

/// Everybody who can have claims or has some; claims that nobody has come first.
pub async fn workload(store: &Store, read: &Figures<'_>, today: Date) -> Result<Vec<Person>> {
    let by = &[By::Queue, By::Detail];
    let open = read.of(&Asked::of("since").by(by)).await?;
    let late = read.of(&Asked::of("late").by(by).until(today.saturating_sub(1.days()))).await?;
    let users = store.users().await?;
    let names: BTreeMap<&str, &str> = users.iter().map(|user| (user.login.as_str(), user.name.as_str())).collect();
    let works = |role: &str| role == "analyst" || role == "manager";
    let mut logins: Vec<&str> = users.iter().filter(|user| user.active && works(&user.role)).map(|user| user.login.as_str()).collect();
    logins.extend(open.iter().map(|figure| figure.detail.as_str()));
    logins.sort_unstable();
    logins.dedup();
    let person = |login: &str| Person {
        login: (!login.is_empty()).then(|| login.to_owned()),
        name: (!login.is_empty()).then(|| (*names.get(login).unwrap_or(&login)).to_owned()),
        cells: cells(login, &open, &late),
    };
    Ok(logins.into_iter().map(person).collect())
}

fn cells(login: &str, open: &[Figure], late: &[Figure]) -> Vec<Cell> {
    let mut queues: Vec<&str> = open.iter().filter(|figure| figure.detail == login).map(|figure| figure.queue.as_str()).collect();
    queues.sort_unstable();
    queues.dedup();
    let cell = |queue: &str| {
        let own = || open.iter().filter(|figure| figure.detail == login && figure.queue == queue);
        Cell {
            queue: queue.to_owned(),
            open: own().map(Figure::sum).collect(),
            late: late.iter().filter(|figure| figure.detail == login && figure.queue == queue).map(|figure| figure.count).sum(),
            oldest: own().filter_map(|figure| figure.first_key.clone()).min(),
        }
    };
    queues.into_iter().map(cell).collect()
}

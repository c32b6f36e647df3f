//! What a user does: lists, claims out of them, searches, figures, decisions; each request timed from its first byte sent to its last byte read.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::chance::Chance;
use super::connection::{Answer, Connection};
use super::seeding::{CUSTOMERS, customer_id};

/// What is asked for; each has its promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    List,
    Claim,
    Search,
    Dashboard,
    Decide,
}

impl Kind {
    pub(super) const ALL: [Self; 5] = [Self::List, Self::Claim, Self::Search, Self::Dashboard, Self::Decide];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Claim => "claim",
            Self::Search => "search",
            Self::Dashboard => "dashboard",
            Self::Decide => "decide",
        }
    }

    /// The promised 95th percentile in milliseconds, with 1,000,000 claims and 30 users on two cores.
    pub(super) const fn promise(self) -> f64 {
        match self {
            Self::List => 60.0,
            Self::Claim | Self::Decide => 80.0,
            Self::Search => 150.0,
            Self::Dashboard => 120.0,
        }
    }
}

/// How long every request of a kind took, in milliseconds, and what went wrong.
#[derive(Debug, Default)]
pub(super) struct Timings {
    pub milliseconds: BTreeMap<Kind, Vec<f64>>,
    /// Paths that took longest.
    pub slowest: BTreeMap<Kind, (f64, String)>,
    /// Decisions on a claim that somebody else had changed meanwhile.
    pub conflicts: usize,
    pub failures: Vec<String>,
}

impl Timings {
    fn note(&mut self, kind: Kind, milliseconds: f64, path: &str) {
        self.milliseconds.entry(kind).or_default().push(milliseconds);
        let slowest = self.slowest.entry(kind).or_default();
        if milliseconds > slowest.0 {
            *slowest = (milliseconds, path.to_owned());
        }
    }

    pub(super) fn join(&mut self, other: Self) {
        for (kind, more) in other.milliseconds {
            self.milliseconds.entry(kind).or_default().extend(more);
        }
        for (kind, (milliseconds, path)) in other.slowest {
            let slowest = self.slowest.entry(kind).or_default();
            if milliseconds > slowest.0 {
                *slowest = (milliseconds, path);
            }
        }
        self.conflicts += other.conflicts;
        self.failures.extend(other.failures);
    }
}

/// A user with what is on the screen.
pub(super) struct User {
    connection: Connection,
    chance: Chance,
    timings: Timings,
    /// Claims of the last list, and its next page.
    claims: Vec<String>,
    next: Option<String>,
}

/// What comes next, in hundredths.
const MIX: [(usize, Kind); 5] = [(35, Kind::List), (30, Kind::Claim), (10, Kind::Search), (10, Kind::Dashboard), (15, Kind::Decide)];

impl User {
    pub(super) fn new(connection: Connection, number: usize) -> Self {
        Self { connection, chance: Chance::of(number), timings: Timings::default(), claims: Vec::new(), next: None }
    }

    /// Works until the time is over, with a pause for reading before each request; returns how long everything took.
    pub(super) async fn work(mut self, until: Instant, pause: Duration) -> Timings {
        while Instant::now() < until {
            let share = 50 + u32::try_from(self.chance.below(100)).unwrap_or(0);
            tokio::time::sleep(pause * share / 100).await;
            let kind = self.chance.one_of(&MIX).unwrap_or(Kind::List);
            if let Err(problem) = self.step(kind).await {
                self.timings.failures.push(format!("{}: {problem:#}", kind.word()));
                break;
            }
        }
        self.timings
    }

    async fn step(&mut self, kind: Kind) -> Result<()> {
        match kind {
            Kind::Claim | Kind::Decide if self.claims.is_empty() => self.list().await,
            Kind::List => self.list().await,
            Kind::Claim => self.claim().await.map(drop),
            Kind::Search => {
                let path = self.search();
                self.get(kind, &path).await.map(drop)
            }
            Kind::Dashboard => {
                let path = self.dashboard();
                self.get(kind, &path).await.map(drop)
            }
            Kind::Decide => self.decide().await,
        }
    }

    async fn get(&mut self, kind: Kind, path: &str) -> Result<Answer> {
        let started = Instant::now();
        let answer = self.connection.ask("GET", path, None).await?;
        self.timings.note(kind, started.elapsed().as_secs_f64() * 1000.0, path);
        if answer.status != 200 {
            self.timings.failures.push(format!("{path}: status {}", answer.status));
        }
        Ok(answer)
    }

    async fn list(&mut self) -> Result<()> {
        let path = match self.next.take().filter(|_| self.chance.below(3) == 0) {
            Some(next) => next,
            None => self.list_path(),
        };
        let answer = self.get(Kind::List, &path).await?;
        let between = |from: &str| -> Vec<String> {
            answer.body.split(from).skip(1).filter_map(|rest| rest.split('"').next()).map(|path| path.replace("&#38;", "&")).collect()
        };
        self.claims = between("<td class=\"lead\"><a href=\"").into_iter().filter(|path| path.starts_with("/claims/C-")).collect();
        self.next = between("<a class=\"button\" href=\"").into_iter().find(|path| path.contains("after="));
        Ok(())
    }

    fn list_path(&mut self) -> String {
        const VIEWS: [&str; 8] = [
            "view=new",
            "view=mine",
            "view=deadline",
            "view=everything",
            "status=unfinished&queue=supply_chain",
            "status=unfinished&queue=sales&sort=largest",
            "late=yes&queue=finance",
            "status=unfinished&category=shortage&validity=invalid",
        ];
        let customer = customer_id(self.chance.below(CUSTOMERS));
        match self.chance.below(10) {
            0 => format!("/claims?customer={customer}"),
            1 => format!("/claims?status=unfinished&customer={customer}&sort=oldest"),
            view => format!("/claims?{}", VIEWS[view - 2]),
        }
    }

    async fn claim(&mut self) -> Result<Option<(String, String)>> {
        let path = self.claims[self.chance.below(self.claims.len())].clone();
        let answer = self.get(Kind::Claim, &path).await?;
        let version = answer.body.split("name=\"version\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let can_be_disputed = answer.body.contains("name=\"act\" value=\"dispute\"");
        Ok(version.filter(|_| can_be_disputed).map(|version| (path, version.to_owned())))
    }

    /// Opens a claim and disputes it, where that is legal.
    async fn decide(&mut self) -> Result<()> {
        let Some((path, version)) = self.claim().await? else { return Ok(()) };
        let form = serde_urlencoded::to_string([("act", "dispute"), ("version", &version), ("note", "Signed for in full.")])?;
        let (id, query) = path.split_once('?').unwrap_or((&path, ""));
        let path = format!("{id}/act?{query}");
        let started = Instant::now();
        let answer = self.connection.ask("POST", &path, Some(&form)).await?;
        self.timings.note(Kind::Decide, started.elapsed().as_secs_f64() * 1000.0, &path);
        match answer.status {
            303 => {}
            409 => self.timings.conflicts += 1,
            status => self.timings.failures.push(format!("{path}: status {status}")),
        }
        Ok(())
    }

    fn search(&mut self) -> String {
        let customer = self.chance.below(CUSTOMERS);
        let words = match self.chance.below(5) {
            0 => format!("BN{:05}{:03}", self.chance.below(100), self.chance.below(100)),
            1 => format!("customer:{} amount:>100", customer_id(customer)),
            2 => format!("Bench Retail {customer}"),
            3 => "category:shortage queue:supply_chain due:<14d".to_owned(),
            _ => "pallet".to_owned(),
        };
        format!("/search?{}", serde_urlencoded::to_string([("q", words)]).unwrap_or_default())
    }

    fn dashboard(&mut self) -> String {
        match self.chance.below(10) {
            0 => "/workload".to_owned(),
            1 => "/causes?by=customer".to_owned(),
            2 => "/coming".to_owned(),
            3 => format!("/?customer={}", customer_id(self.chance.below(CUSTOMERS))),
            4 | 5 => "/?queue=sales&weeks=26".to_owned(),
            _ => "/".to_owned(),
        }
    }
}

//! What a manager looks at, as the address says it: a queue, a customer, so many weeks; and the lists behind the figures.

use recoup_engine::taxonomy::Queue;
use recoup_store::Store;
use recoup_store::screens::figures::Sight;
use recoup_store::screens::worklist::Sum;

use super::errors::PageError;
use super::list::Ignored;
use super::show::{self, Total};
use super::whose::{self, Offered};

/// Weeks that can be looked at; the second is the usual one.
pub const WEEKS: [i64; 4] = [4, 13, 26, 52];

/// The address of a manager's page.
#[derive(Debug)]
pub struct Sighted {
    pub sight: Sight,
    pub weeks: i64,
    pub ignored: Vec<Ignored>,
    /// The customer that is looked at by name, and those that may be.
    pub customer_name: String,
    pub offered: Offered,
}

/// A number with its money and the list behind it.
pub struct Figure {
    pub count: i64,
    pub href: String,
    pub totals: Vec<Total>,
}

impl Sighted {
    /// Reads a query; what it doesn't know is set aside, never refused.
    pub fn read(query: Vec<(String, String)>) -> Self {
        let mut read = Self { sight: Sight::default(), weeks: WEEKS[1], ignored: Vec::new(), customer_name: String::new(), offered: Offered::default() };
        for (name, value) in query {
            let value = value.trim().to_owned();
            match name.as_str() {
                _ if value.is_empty() => {}
                "queue" if Queue::WORDS.contains(&value.as_str()) => read.sight.queue = Some(value),
                "customer" => read.sight.customer = Some(value),
                "weeks" if WEEKS.iter().any(|weeks| weeks.to_string() == value) => read.weeks = value.parse().unwrap_or(WEEKS[1]),
                "queue" | "weeks" => read.ignored.push(Ignored::new(name, value, true)),
                _ => read.ignored.push(Ignored::new(name, value, false)),
            }
        }
        read
    }

    /// The same, with the names of customers.
    pub async fn named(query: Vec<(String, String)>, store: &Store) -> Result<Self, PageError> {
        let mut read = Self::read(query);
        read.offered = whose::offered(store).await?;
        let (name, unclear) = whose::said(store, read.customer(), &read.offered).await?;
        read.customer_name = name;
        read.ignored.extend(unclear);
        Ok(read)
    }

    pub fn queue(&self) -> &str {
        self.sight.queue.as_deref().unwrap_or_default()
    }

    pub fn customer(&self) -> &str {
        self.sight.customer.as_deref().unwrap_or_default()
    }

    pub fn is_narrowed(&self) -> bool {
        self.sight != Sight::default()
    }

    /// The address of a list of claims, narrowed as this page is.
    pub fn claims(&self, pairs: &[(&str, &str)]) -> String {
        let narrowed = [("queue", self.queue()), ("customer", self.customer())];
        let own = narrowed.into_iter().filter(|(name, value)| !value.is_empty() && !pairs.iter().any(|(given, _)| given == name));
        let pairs: Vec<(&str, &str)> = pairs.iter().copied().chain(own).collect();
        format!("/claims?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
    }

    pub fn figure(&self, sums: &[Sum], pairs: &[(&str, &str)]) -> Figure {
        Figure { count: show::count(sums), href: self.claims(pairs), totals: show::totals(sums) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sighted(query: &str) -> Sighted {
        Sighted::read(serde_urlencoded::from_str(query).expect("a query"))
    }

    #[test]
    fn lists_are_narrowed_as_the_page_is() {
        let page = sighted("queue=sales&customer=B+%26+C&weeks=26");
        assert_eq!((page.weeks, page.is_narrowed()), (26, true));
        assert_eq!(page.claims(&[("age", "0-30")]), "/claims?age=0-30&queue=sales&customer=B+%26+C");
        assert_eq!(page.claims(&[("queue", "finance")]), "/claims?queue=finance&customer=B+%26+C");
        assert_eq!(sighted("").claims(&[("late", "yes")]), "/claims?late=yes");
    }

    #[test]
    fn what_is_not_understood_is_set_aside() {
        let page = sighted("queue=cellar&weeks=7&colour=red&customer=");
        assert_eq!((page.weeks, page.is_narrowed()), (13, false));
        assert_eq!(page.ignored.iter().map(|one| (one.name.as_str(), one.is_known)).collect::<Vec<_>>(), [("queue", true), ("weeks", true), ("colour", false)]);
    }
}

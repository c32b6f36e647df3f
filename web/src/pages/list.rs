//! The worklist's address: every filter, the order and the page stand in the query, and a copied address shows the same list.

use jiff::ToSpan;
use jiff::civil::Date;
use recoup_engine::claim::state::{Party, StateWord};
use recoup_engine::money::Currency;
use recoup_engine::taxonomy::{Category, DeductionStatus, Expectation, Queue, Validity};
use recoup_rules::small_claims::{BUNCHED, CHECKED};
use recoup_store::Value;
use recoup_store::screens::worklist::{After, Became, Filter, Scope, Sort, WorklistRow};

use super::query;

/// Parameters that the list knows, in the order in which addresses write them.
pub const KNOWN: [&str; 29] = [
    "view",
    "queue",
    "category",
    "expectation",
    "validity",
    "customer",
    "status",
    "state",
    "waiting",
    "assignee",
    "paid",
    "decided",
    "became",
    "checked",
    "bunched",
    "currency",
    "agreement",
    "carrier",
    "since",
    "min",
    "max",
    "late",
    "due",
    "passed",
    "age",
    "q",
    "sort",
    "after",
    "e",
];
/// Views that every person has. Beside them, `deductions` lists what was held back, whoever worked or closed it: where the figures of the overview lead.
pub const VIEWS: [&str; 11] =
    ["open", "new", "mine", "deadline", "no_evidence", "waiting_customer", "waiting_sales", "approval", "parked", "everything", "closed_by_rule"];
/// Words of `sort`.
pub const SORTS: [&str; 4] = ["dispute_by", "largest", "oldest", "customer"];
/// Words of `became`: the amounts of a claim.
const BECAME: [(&str, Became); 5] = [
    ("accepted", Became::Accepted),
    ("disputed", Became::Disputed),
    ("written_off", Became::WrittenOff),
    ("recovered", Became::Recovered),
    ("lost", Became::Lost),
];
/// Words of `age`, with their first and last day ago.
const AGES: [(&str, i64, Option<i64>); 4] = [("0-30", 0, Some(30)), ("31-60", 31, Some(60)), ("61-90", 61, Some(90)), ("91", 91, None)];
/// Days that `due` may ask for are bounded so that a date can hold them.
const MOST_DUE_DAYS: i64 = 3_650;
/// Days before were never written by people: a day that was not known.
const FIRST_KNOWN_DAY: &str = "1001-01-01";
/// The view `deadline`.
const DEADLINE_DAYS: i64 = 14;

/// A parameter that was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    pub name: String,
    pub value: String,
    /// The parameter exists, its value doesn't.
    pub is_known: bool,
    /// A sentence that says more; empty for the usual one.
    pub says: String,
}

impl Ignored {
    pub fn new(name: String, value: String, is_known: bool) -> Self {
        Self { name, value, is_known, says: String::new() }
    }
}

/// The list as its address describes it.
#[derive(Clone, Debug, Default)]
pub struct List {
    pairs: Vec<(String, String)>,
    pub ignored: Vec<Ignored>,
    pub filter: Filter,
    pub sort: Sort,
    pub after: Option<After>,
}

impl List {
    /// Reads a query; what it doesn't know is set aside, never refused.
    pub fn read(query: Vec<(String, String)>, login: &str, today: Date) -> Self {
        let mut list = Self { filter: Filter { today: today.to_string(), ..Filter::default() }, ..Self::default() };
        for (name, value) in query {
            let value = value.trim().to_owned();
            if value.is_empty() {
                continue;
            }
            let is_known = KNOWN.contains(&name.as_str());
            if is_known && list.get(&name).is_empty() && list.apply(&name, &value, login, today) {
                list.pairs.push((name, value));
            } else {
                list.ignored.push(Ignored::new(name, value, is_known));
            }
        }
        list.apply_amounts();
        if let Some(after) = list.pairs.iter().find(|(name, _)| name == "after").map(|(_, value)| value.clone()) {
            list.after = place(&after, list.sort);
            if list.after.is_none() {
                list.pairs.retain(|(name, _)| name != "after");
                list.ignored.push(Ignored::new("after".to_owned(), after, true));
            }
        }
        list
    }

    /// The value of a parameter, empty without it.
    pub fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    /// Whether anything narrows the list beside the view and the queue.
    pub fn is_filtered(&self) -> bool {
        self.pairs.iter().any(|(name, _)| !["view", "sort", "after", "e"].contains(&name.as_str()))
    }

    /// The query with some parameters set (or taken out with an empty value), in a fixed order. A changed list begins at its first page.
    pub fn with(&self, changes: &[(&str, &str)]) -> String {
        let keeps_page = changes.iter().all(|(name, _)| ["after", "e"].contains(name));
        let value = |name: &str| match changes.iter().find(|(changed, _)| *changed == name) {
            Some((_, value)) => *value,
            None if name == "after" && !keeps_page => "",
            None => self.get(name),
        };
        let pairs: Vec<(&str, &str)> = KNOWN.iter().map(|name| (*name, value(name))).filter(|(_, value)| !value.is_empty()).collect();
        if pairs.is_empty() { String::new() } else { format!("?{}", serde_urlencoded::to_string(pairs).unwrap_or_default()) }
    }

    /// The address of the list itself, as rows carry it.
    pub fn query(&self) -> String {
        self.with(&[("e", "")])
    }

    /// The page behind a row.
    pub fn page_after(&self, row: &WorklistRow) -> String {
        let key = row.sort_number.map_or_else(|| row.sort_text.clone().unwrap_or_default(), |number| number.to_string());
        self.with(&[("after", &format!("{key}~{}", row.row_id)), ("e", "")])
    }

    fn apply(&mut self, name: &str, value: &str, login: &str, today: Date) -> bool {
        let text = Some(value.to_owned());
        let filter = &mut self.filter;
        match name {
            "view" => return self.apply_view(value, login, today),
            "queue" if is_word(Queue::WORDS, value) => filter.queue = text,
            "category" if is_word(Category::WORDS, value) => filter.category = text,
            "expectation" if is_word(Expectation::WORDS, value) => filter.expectation = text,
            "validity" if is_word(Validity::WORDS, value) => filter.validity = text,
            "status" if value == "unfinished" => filter.unfinished = true,
            "status" if is_word(DeductionStatus::WORDS, value) => filter.status = text,
            "state" if is_word(StateWord::WORDS, value) => filter.state = text,
            "waiting" if is_word(Party::WORDS, value) => filter.waiting_on = text,
            "assignee" if value == "nobody" => filter.unassigned = true,
            "assignee" => filter.assignee = text,
            "decided" => {
                // A week of decisions, from its first day: as the charts of the overview count them.
                let Ok(first) = value.parse::<Date>() else { return false };
                filter.decided_from = Some(first.to_string());
                filter.decided_until = Some(first.saturating_add(6.days()).to_string());
            }
            "paid" => {
                // A week of payments: what came in with them.
                let Ok(first) = value.parse::<Date>() else { return false };
                filter.paid_from = Some(first.to_string());
                filter.paid_until = Some(first.saturating_add(6.days()).to_string());
            }
            "checked" if value == "yes" => filter.routed_by = Some(CHECKED.to_owned()),
            "bunched" if value == "yes" => {
                filter.unfinished = true;
                filter.routed_by = Some(BUNCHED.to_owned());
            }
            "passed" if value == "yes" => {
                filter.unfinished = true;
                filter.dispute_from = Some(FIRST_KNOWN_DAY.to_owned());
                filter.dispute_until = Some(today.saturating_sub(1.days()).to_string());
            }
            "became" => {
                let Some((_, became)) = BECAME.iter().find(|(word, _)| *word == value) else { return false };
                filter.became = Some(*became);
            }
            "customer" => filter.customer = text,
            "agreement" => filter.agreement = text,
            "carrier" => filter.carrier = text,
            "since" if value.parse::<Date>().is_ok() => filter.paid_from = text,
            "currency" if value.parse::<Currency>().is_ok() => filter.currency = text,
            // Amounts wait for the currency that says how many digits they have.
            "min" | "max" => return query::one_amount(value, None).is_ok(),
            "late" if value == "yes" => {
                filter.work_before = Some(today.to_string());
                filter.unfinished = true;
            }
            "due" => return value.parse().is_ok_and(|days: i64| (0..=MOST_DUE_DAYS).contains(&days) && self.apply_due(days, today)),
            "age" => {
                let Some((_, from, until)) = AGES.iter().find(|(word, ..)| *word == value) else { return false };
                filter.unfinished = true;
                filter.paid_until = Some(today.saturating_sub(from.days()).to_string());
                filter.paid_from = until.map(|until| today.saturating_sub(until.days()).to_string());
            }
            "q" => {
                let mut due = Vec::new();
                let odd = query::narrow(value, filter, |_, days| {
                    due.push(days);
                    (0..=MOST_DUE_DAYS).contains(&days)
                });
                self.ignored.extend(odd.into_iter().map(|(token, says)| Ignored { says, ..Ignored::new("q".to_owned(), token, true) }));
                if let Some(days) = due.into_iter().rev().find(|days| (0..=MOST_DUE_DAYS).contains(days)) {
                    self.apply_due(days, today);
                }
            }
            "sort" if SORTS.contains(&value) => {
                self.sort = match value {
                    "largest" => Sort::Largest,
                    "oldest" => Sort::Oldest,
                    "customer" => Sort::Customer,
                    _ => Sort::DisputeBy,
                }
            }
            "after" | "e" => {}
            _ => return false,
        }
        true
    }

    fn apply_view(&mut self, view: &str, login: &str, today: Date) -> bool {
        match view {
            "everything" => return true,
            "open" => self.filter.awake = true,
            "new" => (self.filter.unassigned, self.filter.to_do) = (true, true),
            "mine" => (self.filter.assignee, self.filter.awake) = (Some(login.to_owned()), true),
            "waiting_customer" => self.filter.waiting_on = Some(Party::Customer.word().to_owned()),
            "waiting_sales" => self.filter.waiting_on = Some(Party::Sales.word().to_owned()),
            "approval" => self.filter.state = Some(StateWord::AwaitingApproval.word().to_owned()),
            "parked" => self.filter.state = Some(StateWord::Parked.word().to_owned()),
            "no_evidence" => self.filter.without_evidence = true,
            "deadline" => return self.apply_due(DEADLINE_DAYS, today),
            "closed_by_rule" => {
                self.filter.scope = Scope::ClosedByRule;
                return true;
            }
            "deductions" => {
                self.filter.scope = Scope::Deductions;
                return true;
            }
            _ => return false,
        }
        self.filter.unfinished = true;
        true
    }

    fn apply_due(&mut self, days: i64, today: Date) -> bool {
        self.filter.unfinished = true;
        self.filter.dispute_from = Some(today.to_string());
        self.filter.dispute_until = Some(today.saturating_add(days.days()).to_string());
        true
    }

    /// Amounts are read in the currency of the filter, or one with two digits.
    fn apply_amounts(&mut self) {
        let minor = |text: &str| query::one_amount(text, self.filter.currency.as_deref()).ok();
        let (least, most) = (minor(self.get("min")), minor(self.get("max")));
        (self.filter.least, self.filter.most) = (least.or(self.filter.least), most.or(self.filter.most));
    }
}

/// The last day of the view of deadlines.
pub fn deadline(today: Date) -> String {
    today.saturating_add(DEADLINE_DAYS.days()).to_string()
}

fn is_word(words: &[&str], value: &str) -> bool {
    words.contains(&value)
}

/// `2026-07-01~X-12` as a place in the order.
fn place(text: &str, sort: Sort) -> Option<After> {
    let (key, row_id) = text.rsplit_once('~')?;
    let key = if sort.is_number() { Value::Integer(key.parse().ok()?) } else { Value::Text(key.to_owned()) };
    Some(After { key, row_id: row_id.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(query: &str) -> List {
        List::read(serde_urlencoded::from_str(query).expect("a query"), "mara", "2026-11-22".parse().expect("a day"))
    }

    #[test]
    fn an_address_reads_back_as_itself() {
        for query in [
            "?view=mine&queue=sales&validity=invalid&currency=EUR&min=10.50&q=INV-1+%C3%A9&sort=largest",
            "?due=14&sort=customer&after=B+%26+C%7EX-1",
            "?view=closed_by_rule",
            "?view=deductions&category=shortage&became=written_off&min=1.234%2C50",
            "",
        ] {
            assert_eq!(list(query.trim_start_matches('?')).query(), query);
        }
    }

    #[test]
    fn what_is_not_understood_is_set_aside() {
        let list = list("queue=cellar&colour=red&min=1e9&after=nonsense&category=shortage&due=999999999999");
        assert_eq!(list.query(), "?category=shortage");
        assert_eq!(
            list.ignored.iter().map(|ignored| (ignored.name.as_str(), ignored.is_known)).collect::<Vec<_>>(),
            [("queue", true), ("colour", false), ("min", true), ("due", true), ("after", true)]
        );
    }

    #[test]
    fn amounts_have_the_digits_of_their_currency() {
        assert_eq!(list("min=10.5&max=20").filter.least, Some(1_050));
        assert_eq!(list("min=10&currency=JPY").filter.least, Some(10));
        assert_eq!((list("min=1.234,50").filter.least, list("min=1,234.50").filter.least), (Some(123_450), Some(123_450)));
        assert_eq!(list("min=1.234").filter.least, None, "what can be read in two ways is asked, not guessed");
    }

    #[test]
    fn another_filter_begins_at_the_first_page() {
        assert_eq!(list("queue=sales&after=2026-01-01%7EX-1").with(&[("queue", "finance")]), "?queue=finance");
    }
}

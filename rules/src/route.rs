//! The desk, priority and deadline of a judged deduction, by the routing table.

use recoup_engine::taxonomy::{Category, Expectation, Queue, Validity};
use rust_decimal::Decimal;

use crate::table::{Cell, RuleError, records};

/// What the routing table looks at.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'claim> {
    pub category: Category,
    /// Closed by the tolerance, whatever its category.
    pub within_tolerance: bool,
    /// Whole units of the currency.
    pub amount: Decimal,
    pub expectation: Expectation,
    pub validity: Validity,
    pub customer_id: &'claim str,
    /// The desk that owns the category.
    pub owner: Queue,
}

/// Where a deduction goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routed {
    pub queue: Queue,
    pub priority: String,
    /// 0 settles without anyone; 1 and up name the level that approves.
    pub approval_level: u8,
    /// Days until someone should have decided.
    pub days: u16,
    /// Settled by the rule: no claim is opened.
    pub closes: bool,
    /// The name of the row that hit.
    pub rule: String,
}

#[derive(Debug)]
struct Row {
    line: usize,
    rule: String,
    category: Cell,
    amount: Cell,
    expectation: Cell,
    validity: Cell,
    customer: Cell,
    /// `None` is the owner of the category.
    queue: Option<Queue>,
    priority: String,
    approval_level: u8,
    days: u16,
    closes: bool,
}

/// The routing table of a book.
#[derive(Debug)]
pub struct Routing {
    rows: Vec<Row>,
}

pub(crate) const COLUMNS: [&str; 11] =
    ["rule", "category", "amount", "expectation", "validity", "customer", "queue", "priority", "approval_level", "days", "action"];

/// From what can wait to what can't.
pub(crate) const PRIORITIES: [&str; 4] = ["low", "normal", "high", "urgent"];

impl Routing {
    pub fn load(text: &str) -> Result<Self, RuleError> {
        let mut rows = Vec::new();
        for (line, [rule, category, amount, expectation, validity, customer, queue, priority, approval_level, days, action]) in
            records("routing.csv", text, COLUMNS)?
        {
            let fault = |column: &str, problem: String| fault(line, column, problem);
            let cell = |column: &str, text: &str| Cell::parse(text).map_err(|problem| fault(column, problem));
            let words = |column: &str, text: &str, known: &[&str]| {
                let cell = cell(column, text)?;
                match &cell {
                    Cell::OneOf(words) => match words.iter().find(|word| !known.contains(&word.as_str())) {
                        Some(word) => Err(fault(column, format!("`{word}` is none of {}", known.join(", ")))),
                        None => Ok(cell),
                    },
                    Cell::Any => Ok(cell),
                    Cell::Range { .. } => Err(fault(column, format!("`{text}` compares numbers where words stand"))),
                }
            };
            let categories: Vec<&str> = Category::ALL.iter().map(|category| category.word()).chain(["tolerance"]).collect();
            let number = |column: &str, text: &str| text.parse::<u16>().map_err(|_| fault(column, format!("`{text}` is not a whole number")));
            let amount = cell("amount", &amount)?;
            if matches!(amount, Cell::OneOf(_)) {
                return Err(fault("amount", "an amount is compared, as in `>= 5000`".to_owned()));
            }
            rows.push(Row {
                line,
                category: words("category", &category, &categories)?,
                amount,
                expectation: words("expectation", &expectation, &Expectation::ALL.iter().map(|word| word.word()).collect::<Vec<_>>())?,
                validity: words("validity", &validity, &Validity::ALL.iter().map(|word| word.word()).collect::<Vec<_>>())?,
                customer: cell("customer", &customer)?,
                queue: if queue == "owner" {
                    None
                } else {
                    Some(queue.parse().map_err(|error: recoup_engine::reading::UnknownWord| fault("queue", error.to_string()))?)
                },
                priority: if PRIORITIES.contains(&priority.as_str()) {
                    priority
                } else {
                    return Err(fault("priority", format!("`{priority}` is none of {}", PRIORITIES.join(", "))));
                },
                approval_level: u8::try_from(number("approval_level", &approval_level)?).map_err(|_| fault("approval_level", "at most 255".to_owned()))?,
                days: number("days", &days)?,
                closes: match action.as_str() {
                    "close" => true,
                    "open" => false,
                    other => return Err(fault("action", format!("`{other}` is neither open nor close"))),
                },
                rule,
            });
        }
        Ok(Self { rows })
    }

    /// The first row that fits; without one the owner works it, and the rule says so.
    pub fn route(&self, judged: Judged<'_>) -> Routed {
        match self.hit(judged) {
            Some(row) => Routed {
                queue: row.queue.unwrap_or(judged.owner),
                priority: row.priority.clone(),
                approval_level: row.approval_level,
                days: row.days,
                closes: row.closes,
                rule: row.rule.clone(),
            },
            None => Routed { queue: judged.owner, priority: "normal".to_owned(), approval_level: 1, days: 14, closes: false, rule: "no row fits".to_owned() },
        }
    }
}

impl Row {
    fn conditions(&self) -> [&Cell; 5] {
        [&self.category, &self.amount, &self.expectation, &self.validity, &self.customer]
    }
}

impl Routing {
    /// Rows that an earlier row leaves nothing for.
    pub fn unreachable(&self) -> Vec<RuleError> {
        let covers = |earlier: &&Row, row: &Row| earlier.conditions().iter().zip(row.conditions()).all(|(wide, narrow)| wide.covers(narrow));
        let mut found = Vec::new();
        for (position, row) in self.rows.iter().enumerate() {
            if let Some(earlier) = self.rows[..position].iter().find(|earlier| covers(earlier, row)) {
                let says = format!("`{}` never hits: `{}` on line {} takes everything it would", row.rule, earlier.rule, earlier.line);
                found.push(fault(row.line, "rule", says));
            }
        }
        found
    }

    /// What no row fits, for customers that no row names: such a deduction goes to the owner of its category by default.
    pub fn gaps(&self) -> Vec<RuleError> {
        let mut ends: Vec<Decimal> = self.rows.iter().flat_map(|row| row.amount.ends()).collect();
        ends.sort();
        ends.dedup();
        let mut found = Vec::new();
        for category in Category::ALL {
            for expectation in Expectation::ALL {
                for validity in Validity::ALL {
                    found.extend(self.gap(*category, *expectation, *validity, &ends).map(|says| fault(1, "category", says)));
                }
            }
        }
        found
    }

    /// The first amounts between two ends of ranges that no row fits, in words.
    fn gap(&self, category: Category, expectation: Expectation, validity: Validity, ends: &[Decimal]) -> Option<String> {
        let fits = |amount: Decimal| {
            let judged = Judged { category, within_tolerance: false, amount, expectation, validity, customer_id: "", owner: Queue::Finance };
            self.hit(judged).is_some()
        };
        let kind = format!("an {expectation}, {validity} {category}");
        let Some((lowest, highest)) = ends.first().zip(ends.last()) else {
            return (!fits(Decimal::ONE)).then(|| format!("no row fits {kind}"));
        };
        if !fits(lowest - Decimal::new(1, 3)) {
            return Some(format!("no row fits {kind} below {lowest}"));
        }
        if let Some(end) = ends.iter().find(|end| !fits(**end)) {
            return Some(format!("no row fits {kind} of {end}"));
        }
        let between = ends.windows(2).find(|pair| !fits((pair[0] + pair[1]) / Decimal::TWO));
        let between = between.map(|pair| format!("no row fits {kind} between {} and {}", pair[0], pair[1]));
        between.or_else(|| (!fits(highest + Decimal::ONE)).then(|| format!("no row fits {kind} above {highest}")))
    }

    fn hit(&self, judged: Judged<'_>) -> Option<&Row> {
        let category = if judged.within_tolerance { "tolerance" } else { judged.category.word() };
        self.rows.iter().find(|row| {
            row.category.fits_word(category)
                && row.amount.fits_amount(judged.amount)
                && row.expectation.fits_word(judged.expectation.word())
                && row.validity.fits_word(judged.validity.word())
                && row.customer.fits_word(judged.customer_id)
        })
    }
}

fn fault(line: usize, column: &str, problem: String) -> RuleError {
    RuleError { file: "routing.csv".to_owned(), line, column: column.to_owned(), problem }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::{Book, DEFAULT, Texts};

    fn routed(category: Category, amount: i64, expectation: Expectation, validity: Validity) -> Routed {
        let book = Book::load(DEFAULT).expect("the default book");
        book.routing.route(Judged {
            category,
            within_tolerance: false,
            amount: Decimal::from(amount),
            expectation,
            validity,
            customer_id: "C1",
            owner: book.owner(category),
        })
    }

    #[test]
    fn the_first_row_that_fits_wins_and_is_named() {
        for (category, amount, expectation, validity, queue, rule, closes) in [
            (Category::EarlyPaymentDiscount, 10, Expectation::Expected, Validity::Valid, Queue::Finance, "settled-by-agreement", true),
            (Category::Shortage, 10, Expectation::Unexpected, Validity::Invalid, Queue::SupplyChain, "invalid", false),
            (Category::Shortage, 9000, Expectation::Unexpected, Validity::Invalid, Queue::SupplyChain, "large-invalid", false),
            (Category::PromotionAllowance, 10, Expectation::Expected, Validity::Unknown, Queue::Sales, "proposed-agreement", false),
            (Category::TaxOrBank, 5, Expectation::Unexpected, Validity::Valid, Queue::Finance, "small-bank-fee", true),
        ] {
            let routed = routed(category, amount, expectation, validity);
            assert_eq!((routed.queue, routed.rule.as_str(), routed.closes), (queue, rule, closes));
        }
    }

    #[test]
    fn a_bad_routing_cell_is_named() {
        let routing = "rule,category,amount,expectation,validity,customer,queue,priority,approval_level,days,action\nx,,many,,,,owner,low,0,0,open\n";
        let error = Book::load(Texts { routing, ..DEFAULT }).unwrap_err();
        assert_eq!((error.line, error.column.as_str()), (2, "amount"));
    }
}

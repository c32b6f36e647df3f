//! When a claim is worth its work: what it costs to look into and to dispute, how often it is not owed and comes back. Below that it is let go, unless it
//! is drawn for the audit sample, the month's cap is used up, or claims bunch right under the limit.

use recoup_engine::evidence::Evidence;
use recoup_engine::history::SmallClaims as LetGoBefore;
use recoup_engine::money::{Money, MoneyError};
use recoup_engine::recovery::{Chance, Odds, Prior, TrackRecord};
use recoup_engine::sentence::counted;
use recoup_engine::taxonomy::{Category, Validity};
use rust_decimal::Decimal;

use crate::table::{Cell, RuleError, records_with};

/// The rule that routes what is let go.
pub const LET_GO: &str = "small-claim";
/// The rule that routes what would have been let go and was drawn to be checked.
pub const CHECKED: &str = "small-claim-checked";
/// The rule that routes what would have been let go and stands among others right under the limit.
pub const BUNCHED: &str = "small-claims-bunched";
/// The rule that routes equal small claims that are worked as one.
pub const BATCHED: &str = "small-claims-together";

/// A row of the table. Amounts are whole units of the currency at hand.
#[derive(Debug)]
pub struct Economics {
    line: usize,
    pub rule: String,
    customer: Cell,
    category: Cell,
    /// Claims below the limit are let go; otherwise all are worked, and the figures only serve what can be expected back.
    pub lets_go: bool,
    cost_of_research: Decimal,
    cost_of_dispute: Decimal,
    invalid: Prior,
    win: Prior,
    /// Let go in one month of one customer at most.
    monthly_cap: Decimal,
    /// Of what is let go, opened all the same.
    audit_share: Decimal,
    /// Claims right under the limit that raise the alarm.
    alarm_cases: u32,
    /// Where the costs and chances come from.
    pub source: String,
}

/// The table of a book.
#[derive(Debug)]
pub struct SmallClaims {
    rows: Vec<Economics>,
}

/// A claim as the table looks at it.
#[derive(Clone, Copy, Debug)]
pub struct Small<'claim> {
    /// Derived from content: draws the sample.
    pub deduction_id: &'claim str,
    /// What is not owed, or may not be.
    pub at_stake: Money,
    pub validity: Validity,
    pub record: TrackRecord,
    /// What was let go before of the same customer: in this month, and of this category.
    pub before: &'claim LetGoBefore,
}

/// Whether a small claim is worked, with the reason in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weighed {
    pub fate: Fate,
    pub says: String,
}

/// What becomes of a claim that is not worth its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    LetGo,
    /// Worked, because the month's cap is used up.
    AboveCap,
    /// Worked, because the customer's claims stand right under the limit: somebody has to look at them.
    Bunched,
    /// Worked only to learn what letting go costs.
    Drawn,
}

impl Weighed {
    pub fn evidence(&self, rule: &str) -> Evidence {
        Evidence::record("small_claim", rule, self.says.clone())
    }
}

const FILE: &str = "small_claims.csv";
pub(crate) const COLUMNS: [&str; 12] = [
    "rule",
    "customer",
    "category",
    "work",
    "cost_of_research",
    "cost_of_dispute",
    "p_invalid",
    "p_win",
    "prior_cases",
    "monthly_cap",
    "audit_share",
    "alarm_cases",
];
/// Where the figures of a row come from; a table without it rests on assumptions.
pub(crate) const SOURCE: &str = "source";
/// What a blank source says.
const ASSUMPTION: &str = "assumption";

/// Right under the limit is its last fifth; as wide a band below it is what it is compared with.
const BAND: Decimal = Decimal::from_parts(2, 0, 0, false, 1);
/// How many times as many claims stand in the last fifth as in the one below when they bunch.
const DENSER: u32 = 3;

impl SmallClaims {
    /// # Errors
    /// The first cell that can't be read.
    pub fn load(text: &str) -> Result<Self, RuleError> {
        let rows = records_with(FILE, text, COLUMNS, Some(SOURCE))?.into_iter();
        Ok(Self { rows: rows.map(|(line, cells, source)| Economics::read(line, cells, source)).collect::<Result<_, _>>()? })
    }

    /// Whether any row lets claims go.
    pub fn lets_go(&self) -> bool {
        self.rows.iter().any(|row| row.lets_go)
    }

    /// The first row that fits.
    pub fn row(&self, customer_id: &str, category: Category) -> Option<&Economics> {
        self.rows.iter().find(|row| row.customer.fits_word(customer_id) && row.category.fits_word(category.word()))
    }

    /// Rows that an earlier row leaves nothing for.
    pub fn unreachable(&self) -> Vec<RuleError> {
        let covers = |earlier: &&Economics, row: &Economics| earlier.customer.covers(&row.customer) && earlier.category.covers(&row.category);
        let hidden = self.rows.iter().enumerate().filter_map(|(position, row)| Some((row, self.rows[..position].iter().find(|earlier| covers(earlier, row))?)));
        hidden
            .map(|(row, earlier)| {
                let says = format!("`{}` never hits: `{}` on line {} takes everything it would", row.rule, earlier.rule, earlier.line);
                fault(row.line, "rule", says)
            })
            .collect()
    }

    /// Categories that no row fits, for customers that no row names: nothing can be expected back of them.
    pub fn gaps(&self) -> Vec<RuleError> {
        let missing = Category::ALL.iter().filter(|category| self.row("", **category).is_none());
        missing.map(|category| fault(1, "category", format!("no row fits {category} of a customer that is not named"))).collect()
    }
}

impl Economics {
    fn read(line: usize, cells: [String; 12], source: String) -> Result<Self, RuleError> {
        let [rule, customer, category, work, research, dispute, p_invalid, p_win, prior_cases, monthly_cap, audit_share, alarm_cases] = cells;
        let cell = |column: &str, text: &str| Cell::parse(text).map_err(|problem| fault(line, column, problem));
        let number = |column: &str, text: &str| {
            let number = text.parse::<Decimal>().map_err(|_| fault(line, column, format!("`{text}` is not a number")))?;
            if number.is_sign_negative() { Err(fault(line, column, format!("`{text}` is below zero"))) } else { Ok(number) }
        };
        let share = |column: &str, text: &str| {
            let share = number(column, text)?;
            if share > Decimal::ONE { Err(fault(line, column, format!("`{text}` is no share from 0 to 1"))) } else { Ok(share) }
        };
        let category = cell("category", &category)?;
        if let Cell::OneOf(words) = &category
            && let Some(word) = words.iter().find(|word| word.parse::<Category>().is_err())
        {
            return Err(fault(line, "category", format!("`{word}` is no category")));
        }
        for (column, text) in [("p_invalid", &p_invalid), ("p_win", &p_win)] {
            if share(column, text)?.is_zero() {
                return Err(fault(line, column, "with no chance at all nothing would ever be worked".to_owned()));
            }
        }
        let cases = number("prior_cases", &prior_cases)?;
        Ok(Self {
            line,
            rule,
            customer: cell("customer", &customer)?,
            category,
            lets_go: match work.as_str() {
                "all" => false,
                "worthwhile" => true,
                other => return Err(fault(line, "work", format!("`{other}` is neither all nor worthwhile"))),
            },
            cost_of_research: number("cost_of_research", &research)?,
            cost_of_dispute: number("cost_of_dispute", &dispute)?,
            invalid: Prior { share: share("p_invalid", &p_invalid)?, cases },
            win: Prior { share: share("p_win", &p_win)?, cases },
            monthly_cap: number("monthly_cap", &monthly_cap)?,
            audit_share: share("audit_share", &audit_share)?,
            alarm_cases: alarm_cases.parse().map_err(|_| fault(line, "alarm_cases", format!("`{alarm_cases}` is not a whole number")))?,
            source: if source.is_empty() { ASSUMPTION.to_owned() } else { source },
        })
    }

    /// The chances of a claim, by the priors of the row and how earlier ones ended.
    pub fn odds(&self, validity: Validity, record: TrackRecord) -> Odds {
        let invalid = if validity == Validity::Unknown { self.invalid.after(record.not_owed, record.owed) } else { Chance::CERTAIN };
        Odds { invalid, win: self.win.after(record.won, record.lost) }
    }

    /// The amount above which a claim is worth its work: (cost of research + p(invalid) x cost of dispute) / (p(invalid) x p(win)). `None` where nothing
    /// ever came back.
    pub fn limit(&self, odds: Odds) -> Option<Decimal> {
        let won = odds.invalid.share * odds.win.share;
        let cost = self.cost_of_research + odds.invalid.share * self.cost_of_dispute;
        cost.checked_div(won).map(|limit| limit.round_dp(2))
    }

    /// Whether a claim is let go. `None` when it is worth its work, or when the row lets nothing go.
    ///
    /// # Errors
    /// When the cap does not fit the currency.
    pub fn weigh(&self, small: Small<'_>) -> Result<Option<Weighed>, MoneyError> {
        let odds = self.odds(small.validity, small.record);
        let limit = self.limit(odds);
        let Money { currency, .. } = small.at_stake;
        let at_stake = small.at_stake.to_decimal();
        if !self.lets_go || small.validity == Validity::Valid || !at_stake.is_sign_positive() || limit.is_some_and(|limit| at_stake > limit) {
            return Ok(None);
        }
        let told = limit.map_or("no amount, because nothing ever came back".to_owned(), |limit| format!("{limit} {currency}"));
        let why = format!(
            "{} {currency} at stake is not worth its work below {told}: research costs {}, a dispute {}, {} of 1 are not owed ({} own cases) and {} of those come back ({} own cases); source of these figures: {}",
            small.at_stake,
            self.cost_of_research,
            self.cost_of_dispute,
            odds.invalid.share.normalize(),
            odds.invalid.cases,
            odds.win.share.normalize(),
            odds.win.cases,
            self.source,
        );
        let cap = Money::from_decimal_rounded(self.monthly_cap, currency)?;
        let worked = |fate, because: String| Weighed { fate, says: format!("{why}; worked all the same, {because}.") };
        Ok(Some(if small.before.in_month + small.at_stake.minor > cap.minor {
            worked(Fate::AboveCap, format!("since {} of at most {cap} {currency} were let go this month", Money::new(small.before.in_month, currency)))
        } else if let Some(bunched) = self.bunched(limit, at_stake, small.before, currency) {
            worked(Fate::Bunched, bunched)
        } else if drawn(small.deduction_id, self.audit_share) {
            worked(Fate::Drawn, format!("drawn as one of the {} of 1 that are checked", self.audit_share.normalize()))
        } else {
            Weighed { fate: Fate::LetGo, says: format!("Let go: {why}.") }
        }))
    }

    /// Whether the customer's small claims stand right under the limit, where chance would spread them evenly.
    fn bunched(&self, limit: Option<Decimal>, at_stake: Decimal, before: &LetGoBefore, currency: recoup_engine::money::Currency) -> Option<String> {
        let limit = limit?;
        let (near, below) = (limit * (Decimal::ONE - BAND), limit * (Decimal::ONE - BAND - BAND));
        let amounts = before.of_category.iter().map(|minor| Money::new(*minor, currency).to_decimal()).chain([at_stake]);
        let (mut right_under, mut farther) = (0_u32, 0_u32);
        for amount in amounts.filter(|amount| *amount > below && *amount <= limit) {
            if amount > near { right_under += 1 } else { farther += 1 }
        }
        let alarms = self.alarm_cases > 0 && at_stake > near && right_under >= self.alarm_cases && right_under >= DENSER * farther.max(1);
        alarms.then(|| {
            format!(
                "because {} right under the limit and {farther} a little farther below",
                counted(right_under, "claim of this customer stands", "claims of this customer stand")
            )
        })
    }
}

/// The same claims are drawn at every run and on every machine: the identifier is derived from content, and this spreads its letters evenly (FNV-1a).
fn drawn(deduction_id: &str, share: Decimal) -> bool {
    let mixed = deduction_id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    Decimal::from((mixed >> 20) % 10_000) < share * Decimal::from(10_000)
}

fn fault(line: usize, column: &str, problem: String) -> RuleError {
    RuleError { file: FILE.to_owned(), line, column: column.to_owned(), problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "rule,customer,category,work,cost_of_research,cost_of_dispute,p_invalid,p_win,prior_cases,monthly_cap,audit_share,alarm_cases";

    fn table(row: &str) -> SmallClaims {
        SmallClaims::load(&format!("{HEAD}\n{row}\n")).expect("a table of the test")
    }

    fn weighed(table: &SmallClaims, id: &str, minor: i64, before: &LetGoBefore) -> Option<bool> {
        let at_stake = Money::new(minor, "EUR".parse().expect("a currency of the test"));
        let small = Small { deduction_id: id, at_stake, validity: Validity::Unknown, record: TrackRecord::default(), before };
        table.row("C1", Category::Shortage).expect("a row").weigh(small).expect("weighed").map(|weighed| weighed.fate == Fate::LetGo)
    }

    #[test]
    fn figures_name_their_source_and_are_assumptions_without_one() {
        let with =
            SmallClaims::load(&format!("{HEAD},source\nown,C1,,all,15,25,0.5,0.5,10,300,0,5,time sheets of 2025\nrest,,,all,15,25,0.5,0.5,10,300,0,5,\n"));
        let with = with.expect("a table of the test");
        let source = |table: &SmallClaims, customer: &str| table.row(customer, Category::Shortage).map(|row| row.source.clone());
        assert_eq!((source(&with, "C1").as_deref(), source(&with, "C2").as_deref()), (Some("time sheets of 2025"), Some("assumption")));
        assert_eq!(source(&table("general,,,all,15,25,0.5,0.5,10,300,0,5"), "C1").as_deref(), Some("assumption"), "books of before have no such column");
    }

    #[test]
    fn below_the_limit_it_is_let_go_up_to_the_cap() {
        // (15 + 0.5 x 25) / (0.5 x 0.5) = 110
        let table = table("general,,,worthwhile,15,25,0.5,0.5,10,300,0,5");
        let before = |in_month| LetGoBefore { in_month, of_category: Vec::new() };
        assert_eq!(weighed(&table, "X-1", 11_001, &before(0)), None);
        assert_eq!(weighed(&table, "X-1", 11_000, &before(0)), Some(true));
        assert_eq!(weighed(&table, "X-1", 11_000, &before(19_000)), Some(true));
        assert_eq!(weighed(&table, "X-1", 11_000, &before(19_001)), Some(false));
    }

    #[test]
    fn claims_that_bunch_right_under_the_limit_are_worked() {
        let table = table("general,,,worthwhile,15,25,0.5,0.5,10,9000,0,5");
        let before = |amounts: &[i64]| LetGoBefore { in_month: 0, of_category: amounts.to_vec() };
        assert_eq!(weighed(&table, "X-1", 10_500, &before(&[10_000, 10_900, 10_400, 10_800])), Some(false));
        assert_eq!(weighed(&table, "X-1", 10_500, &before(&[10_000, 10_900, 10_400])), Some(true), "four are no alarm");
        assert_eq!(weighed(&table, "X-1", 10_500, &before(&[10_000, 10_900, 10_400, 10_800, 7_000, 8_000])), Some(true), "they are spread");
        assert_eq!(weighed(&table, "X-1", 3_000, &before(&[10_000, 10_900, 10_400, 10_800, 10_850])), Some(true), "this one is far below");
    }

    #[test]
    fn the_audit_sample_is_drawn_by_content() {
        let table = table("general,,,worthwhile,15,25,0.5,0.5,10,9000,0.1,5");
        let ids: Vec<String> = (0..5_000).map(|number| format!("X-{:012x}", number * 2_654_435_761_u64)).collect();
        let drawn = |table| ids.iter().filter(|id| weighed(table, id, 5_000, &LetGoBefore::default()) == Some(false)).count();
        let count = drawn(&table);
        assert!((400..600).contains(&count), "{count} of 5000 at a tenth");
        assert_eq!(drawn(&table), count);
    }

    #[test]
    fn the_switch_is_one_cell_and_bad_cells_are_named() {
        let off = table("general,,,all,15,25,0.5,0.5,10,300,0,5");
        assert_eq!(weighed(&off, "X-1", 100, &LetGoBefore::default()), None);
        for (row, column) in [
            ("x,,,some,15,25,0.5,0.5,10,300,0,5", "work"),
            ("x,,shortag,all,15,25,0.5,0.5,10,300,0,5", "category"),
            ("x,,,all,15,25,1.5,0.5,10,300,0,5", "p_invalid"),
            ("x,,,all,15,25,0.5,0,10,300,0,5", "p_win"),
            ("x,,,all,-1,25,0.5,0.5,10,300,0,5", "cost_of_research"),
        ] {
            let error = SmallClaims::load(&format!("{HEAD}\n{row}\n")).unwrap_err();
            assert_eq!((error.line, error.column.as_str()), (2, column), "{error}");
        }
    }
}

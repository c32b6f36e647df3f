//! What the law of the customer's country says of a deduction, as advice to a person: dated, with its citation, the computed maximum beside it.
//!
//! The notes are evidence beside a verdict, they decide nothing.

use jiff::civil::Date;
use recoup_engine::evidence::Evidence;
use recoup_engine::money::Money;
use recoup_engine::sentence::counted;
use recoup_engine::taxonomy::Category;
use rust_decimal::Decimal;

use crate::table::{RuleError, records};

/// What a law does to a deduction.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Effect {
    Advises,
    /// Of the value of the products concerned.
    CeilingPercent(Decimal),
    /// Counted back from the payment.
    LookBackDays(i64),
}

#[derive(Debug)]
struct Law {
    country: String,
    categories: Vec<Category>,
    in_force_from: Date,
    effect: Effect,
    citation: String,
    says: String,
}

/// The laws of a book.
#[derive(Debug)]
pub struct Laws {
    laws: Vec<Law>,
}

/// What a note looks at.
#[derive(Clone, Copy, Debug)]
pub struct Concerned<'claim> {
    /// ISO 3166 two letters.
    pub country: Option<&'claim str>,
    pub category: Category,
    pub amount: Money,
    pub paid_on: Date,
    /// The day of the breach, as near as it is known.
    pub event_on: Date,
    /// Value before tax of the products concerned, in minor units; 0 when unknown.
    pub goods: i64,
}

pub(crate) const COLUMNS: [&str; 10] = ["law", "country", "categories", "in_force_from", "effect", "figure", "citation", "says", "source", "verified_on"];

impl Laws {
    pub fn load(text: &str) -> Result<Self, RuleError> {
        let mut laws = Vec::new();
        for (line, [_, country, categories, in_force_from, effect, figure, citation, says, source, verified_on]) in records("legal.csv", text, COLUMNS)? {
            let fault = |column: &str, problem: String| RuleError { file: "legal.csv".to_owned(), line, column: column.to_owned(), problem };
            let day = |column: &str, text: &str| text.parse::<Date>().map_err(|_| fault(column, format!("`{text}` is no date")));
            let verified = if verified_on.is_empty() { None } else { Some(day("verified_on", &verified_on)?) };
            for (column, cell) in [("citation", &citation), ("source", &source), ("says", &says)] {
                if cell.is_empty() {
                    return Err(fault(column, "a law without it is hearsay".to_owned()));
                }
            }
            let effect = match effect.as_str() {
                "advises" => Effect::Advises,
                "ceiling_percent" => Effect::CeilingPercent(figure.parse().map_err(|_| fault("figure", format!("`{figure}` is no number")))?),
                "look_back_days" => Effect::LookBackDays(figure.parse().map_err(|_| fault("figure", format!("`{figure}` is no number of days")))?),
                other => return Err(fault("effect", format!("`{other}` is none of advises, ceiling_percent, look_back_days"))),
            };
            let categories = categories.split('|').map(str::parse).collect::<Result<_, recoup_engine::reading::UnknownWord>>();
            laws.push(Law {
                country,
                categories: categories.map_err(|error| fault("categories", error.to_string()))?,
                in_force_from: day("in_force_from", &in_force_from)?,
                effect,
                citation,
                says: if verified.is_some() { says } else { format!("{says} (Not verified by counsel yet.)") },
            });
        }
        Ok(Self { laws })
    }

    /// The notes on a deduction, in the order of the book.
    pub fn notes(&self, concerned: Concerned<'_>) -> Vec<Evidence> {
        let holds = |law: &&Law| {
            Some(law.country.as_str()) == concerned.country && law.categories.contains(&concerned.category) && law.in_force_from <= concerned.paid_on
        };
        let note = |law: &Law| Some(Evidence::record("law", &law.citation, format!("{}{}", law.says, computed(&law.effect, concerned)?)));
        self.laws.iter().filter(holds).filter_map(note).collect()
    }
}

/// What the law comes to here; `None` when it has nothing to say of this deduction.
fn computed(effect: &Effect, concerned: Concerned<'_>) -> Option<String> {
    match effect {
        Effect::Advises => Some(String::new()),
        Effect::CeilingPercent(rate) => {
            let goods = Money::new(concerned.goods, concerned.amount.currency);
            let most = goods.percent(*rate).ok().filter(|_| concerned.goods > 0);
            Some(most.map_or(String::new(), |most| format!(" Here at most {most} {} of {goods}.", most.currency)))
        }
        Effect::LookBackDays(days) => {
            let age = i64::from(concerned.event_on.until(concerned.paid_on).ok()?.get_days());
            (age > *days).then(|| format!(" The event of {} was {} before the payment.", concerned.event_on, counted(age, "day", "days")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notes(country: &str, category: Category, event_on: &str, goods: i64) -> Vec<String> {
        let laws = Laws::load(crate::book::DEFAULT.legal).expect("the default laws");
        let amount = Money::new(50_000, "EUR".parse().expect("a currency of the test"));
        let day = |text: &str| text.parse().expect("a date of the test");
        let concerned = Concerned { country: Some(country), category, amount, paid_on: day("2026-04-10"), event_on: day(event_on), goods };
        laws.notes(concerned).into_iter().map(|note| format!("{}: {}", note.reference, note.says)).collect()
    }

    #[test]
    fn french_penalties_have_a_ceiling_that_is_computed() {
        let said = notes("FR", Category::DeliveryPenalty, "2026-03-05", 1_000_000);
        assert!(said.iter().any(|note| note.contains("at most 200.00 EUR of 10000.00")), "{said:?}");
        assert!(!said.iter().any(|note| note.contains("more than a year old")), "{said:?}");
        assert!(notes("FR", Category::DeliveryPenalty, "2025-03-05", 0).iter().any(|note| note.contains("was 401 days before the payment")));
    }

    #[test]
    fn a_law_holds_in_its_country_and_for_its_categories() {
        assert_eq!(notes("US", Category::DeliveryPenalty, "2026-03-05", 1_000_000), Vec::<String>::new());
        assert_eq!(notes("FR", Category::Shortage, "2026-03-05", 1_000_000), Vec::<String>::new());
        assert_eq!(notes("NL", Category::Slotting, "2026-03-05", 0).len(), 1);
    }

    #[test]
    fn a_law_without_its_citation_is_refused() {
        let text = "law,country,categories,in_force_from,effect,figure,citation,says,source,verified_on\nx,FR,shortage,2020-01-01,advises,,,Something.,somewhere,2026-01-01\n";
        assert_eq!(Laws::load(text).unwrap_err().column, "citation");
    }
}

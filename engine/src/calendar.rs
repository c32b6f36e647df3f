//! Payment terms: due dates and early-payment discount windows, in calendar days.

use std::sync::LazyLock;

use jiff::Span;
use jiff::civil::Date;
use regex::Regex;
use rust_decimal::Decimal;

use crate::reference::fold;

/// One early-payment offer: `rate` percent when paid within `days` of the invoice date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiscountTier {
    /// Percent.
    pub rate: Decimal,
    pub days: i64,
}

/// Terms of payment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaymentTerms {
    /// Ordered by days; usually the rate falls as the days grow.
    pub tiers: Vec<DiscountTier>,
    pub net_days: Option<i64>,
}

static SLASHED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(\d+(?:[.,]\d+)?)\s*%?\s*/\s*(\d+)").expect("a constant expression"));
static DAYS_THEN_RATE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(\d+)\s*(?:tagen?|days?|jours?|dagen)\D{0,20}?(\d+(?:[.,]\d+)?)\s*%").expect("a constant expression"));
static RATE_THEN_DAYS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(\d+(?:[.,]\d+)?)\s*%\D{0,30}?(\d+)\s*(?:tagen?|days?|jours?|dagen)").expect("a constant expression"));
static NET: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:net|netto|n)\s*/?\s*(\d+)|(\d+)\s*(?:tagen?|days?|jours?|dagen)(?:\s*(?:netto|net))?").expect("a constant expression"));

/// So many days later; terms of absurd length end with the calendar.
fn after(day: Date, days: i64) -> Date {
    Span::new().try_days(days).map_or(Date::MAX, |span| day.saturating_add(span))
}

impl PaymentTerms {
    /// Reads the trade's notations: `2/10 net 30`, `3/15 2/30 net 60`, `net 30 eom`, `45 jours fin de mois`, `14 Tage 2 % Skonto, 30 Tage netto`.
    ///
    /// `None` when nothing of it is understood.
    pub fn parse(text: &str) -> Option<Self> {
        let folded = fold(text);
        let mut terms = Self::default();
        let mut rest = folded.clone();
        let mut take = |expression: &Regex, rate_first: bool, rest: &mut String| {
            for found in expression.captures_iter(&rest.clone()) {
                let (rate, days) = if rate_first { (&found[1], &found[2]) } else { (&found[2], &found[1]) };
                if let (Ok(rate), Ok(days)) = (rate.replace(',', ".").parse::<Decimal>(), days.parse::<i64>()) {
                    terms.tiers.push(DiscountTier { rate, days });
                    *rest = rest.replacen(&found[0], " ", 1);
                }
            }
        };
        take(&SLASHED, true, &mut rest);
        take(&DAYS_THEN_RATE, false, &mut rest);
        take(&RATE_THEN_DAYS, true, &mut rest);
        terms.tiers.sort_by_key(|tier| tier.days);
        terms.net_days = NET.captures_iter(&rest).filter_map(|found| found.get(1).or_else(|| found.get(2)).and_then(|days| days.as_str().parse().ok())).last();
        (terms.net_days.is_some() || !terms.tiers.is_empty()).then_some(terms)
    }

    /// The last day on which a tier's discount may be taken; grace days count.
    pub fn last_discount_day(tier: DiscountTier, issued: Date, grace_days: i64) -> Date {
        after(issued, tier.days.saturating_add(grace_days))
    }

    /// The best rate still open on the day of payment.
    pub fn open_tier(&self, issued: Date, paid: Date, grace_days: i64) -> Option<DiscountTier> {
        self.tiers.iter().filter(|tier| paid <= Self::last_discount_day(**tier, issued, grace_days)).max_by_key(|tier| tier.rate).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tiers(text: &str) -> Vec<(String, i64)> {
        PaymentTerms::parse(text).map(|terms| terms.tiers.iter().map(|tier| (tier.rate.to_string(), tier.days)).collect()).unwrap_or_default()
    }

    #[test]
    fn notations_of_the_trade_are_read() {
        for (text, expected, net) in [
            ("2/10 net 30", vec![("2", 10)], Some(30)),
            ("2.5/14 net 45", vec![("2.5", 14)], Some(45)),
            ("3/15 2/30 net 60", vec![("3", 15), ("2", 30)], Some(60)),
            ("net 45", vec![], Some(45)),
            ("net 30 eom", vec![], Some(30)),
            ("45 jours fin de mois", vec![], Some(45)),
            ("14 Tage 2 % Skonto, 30 Tage netto", vec![("2", 14)], Some(30)),
            ("2% 10 days, net 30", vec![("2", 10)], Some(30)),
            ("2 % escompte à 10 jours, 30 jours net", vec![("2", 10)], Some(30)),
        ] {
            let terms = PaymentTerms::parse(text).unwrap_or_else(|| panic!("{text}"));
            let expected: Vec<(String, i64)> = expected.into_iter().map(|(rate, days): (&str, i64)| (rate.to_owned(), days)).collect();
            assert_eq!(tiers(text), expected, "{text}");
            assert_eq!(terms.net_days, net, "{text}");
        }
        assert_eq!(PaymentTerms::parse("by agreement"), None);
    }

    #[test]
    fn the_last_day_counts_grace_and_two_tiers_give_the_best_open() {
        let terms = PaymentTerms::parse("3/15 2/30 net 60").expect("terms");
        let issued: Date = "2026-03-01".parse().expect("date");
        let rate_on = |day: &str, grace| terms.open_tier(issued, day.parse().expect("date"), grace).map(|tier| tier.rate.to_string());
        assert_eq!(rate_on("2026-03-16", 0).as_deref(), Some("3"));
        assert_eq!(rate_on("2026-03-17", 0).as_deref(), Some("2"));
        assert_eq!(rate_on("2026-03-17", 1).as_deref(), Some("3"));
        assert_eq!(rate_on("2026-04-01", 0), None);
    }
}

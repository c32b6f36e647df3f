//! Deductions to come: what the past year lets expect of the next weeks, how such a forecast did last time, and what agreements already owe.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use jiff::ToSpan;
use jiff::civil::Date;
use recoup_engine::agreement::{Agreement, AgreementKind, AgreementStatus, RateType};
use recoup_engine::forecast::{Forecast, PAST_WEEKS, forecast};
use recoup_engine::money::Money;
use recoup_store::Store;
use recoup_store::agreements::AgreementRow;
use recoup_store::screens::figures::{Asked, By, CustomerFigure, Figure, Sight};
use rust_decimal::Decimal;

/// Weeks that are forecast.
pub const WEEKS: usize = 8;
/// Weeks of the forecast that is held against what came: a quarter.
pub const QUARTER: usize = 13;
const MOST_CUSTOMERS: i64 = 5;
/// The page's figures.
#[derive(Debug)]
pub struct Coming {
    pub currencies: Vec<Habit>,
    pub customers: Vec<Customer>,
    pub accrued: Vec<Accrued>,
    /// Confirmed agreements that are running or over and can't be added up from what is on file.
    pub not_added_up: i64,
}

/// What one currency came to and may come to.
#[derive(Debug)]
pub struct Habit {
    pub currency: String,
    /// `None` when the past is too short.
    pub next: Option<Forecast>,
    /// What the same method would have said a quarter ago, and what came, in minor units.
    pub last: Option<(Forecast, i64)>,
    /// The last weeks, oldest first: first day and minor units.
    pub weeks: Vec<(Date, i64)>,
}

/// A customer's habit in one currency.
#[derive(Debug)]
pub struct Customer {
    pub customer: CustomerFigure,
    pub next: Option<Forecast>,
}

/// An agreement under which more is owed than was claimed.
#[derive(Debug)]
pub struct Accrued {
    pub agreement: AgreementRow,
    /// Minor units, up to today or the end of the agreement.
    pub accrued: i64,
    pub unclaimed: i64,
}

/// Reads the habit of the past and what agreements owe, so many years after their end.
pub async fn coming(store: &Store, sight: &Sight, claimed_for_years: u8, today: Date) -> Result<Coming> {
    let this_week = today.saturating_sub(i64::from(today.weekday().to_monday_zero_offset()).days());
    let first = this_week.saturating_sub(i64::try_from((PAST_WEEKS + QUARTER) * 7)?.days());
    let asked = || Asked::of("incurred").by(&[By::Key]).from(first).until(this_week.saturating_sub(1.days()));
    let currencies = by_currency(&store.figures(sight, &["incurred"]).await?.of(&asked()).await?, first);
    let customers = if sight.customer.is_none() { habits(store, sight, first, &asked()).await? } else { Vec::new() };
    let (accrued, not_added_up) = accrued(store, sight, claimed_for_years, today).await?;
    Ok(Coming { currencies: currencies.into_iter().map(|(currency, weeks)| habit(currency, &weeks, first)).collect(), customers, accrued, not_added_up })
}

/// What the customers who take most may take next: of each the same sums as the page of that customer shows.
async fn habits(store: &Store, sight: &Sight, first: Date, asked: &Asked<'_>) -> Result<Vec<Customer>> {
    let mut habits = Vec::new();
    for customer in store.customers_with_most(sight, "taken", MOST_CUSTOMERS).await? {
        let own = Sight { customer: Some(customer.customer_id.clone()), ..sight.clone() };
        let mut weeks = by_currency(&store.figures(&own, &["incurred"]).await?.of(asked).await?, first);
        let next = weeks.remove(&customer.currency).and_then(|weeks| forecast(&weeks, WEEKS));
        habits.push(Customer { customer, next });
    }
    Ok(habits)
}

/// Minor units of each complete week, oldest first.
fn by_currency(days: &[Figure], first: Date) -> BTreeMap<String, Vec<i64>> {
    let mut currencies: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for figure in days {
        let Some(day) = figure.key.parse::<Date>().ok().and_then(|day| first.until(day).ok()) else { continue };
        let weeks = currencies.entry(figure.currency.clone()).or_insert_with(|| vec![0; PAST_WEEKS + QUARTER]);
        if let Some(week) = usize::try_from(day.get_days() / 7).ok().and_then(|week| weeks.get_mut(week)) {
            *week += figure.amount;
        }
    }
    currencies
}

fn habit(currency: String, weeks: &[i64], first: Date) -> Habit {
    let (before, last) = weeks.split_at(PAST_WEEKS);
    let shown = weeks.len() - 2 * QUARTER;
    let day = |week: usize| first.saturating_add(i64::try_from(week * 7).unwrap_or(0).days());
    Habit {
        next: forecast(weeks, WEEKS),
        last: forecast(before, QUARTER).map(|forecast| (forecast, last.iter().sum())),
        weeks: weeks.iter().enumerate().skip(shown).map(|(week, amount)| (day(week), *amount)).collect(),
        currency,
    }
}

/// Confirmed agreements that began, can still be claimed under and under which less was claimed than is owed, most unclaimed first; and how many could not
/// be added up.
async fn accrued(store: &Store, sight: &Sight, claimed_for_years: u8, today: Date) -> Result<(Vec<Accrued>, i64)> {
    let agreements: Vec<AgreementRow> = store
        .agreement_rows(Some("confirmed"), None)
        .await?
        .into_iter()
        .filter(|row| row.agreement.status == AgreementStatus::Confirmed && can_still_be_claimed(&row.agreement, claimed_for_years, today))
        .filter(|row| sight.customer.as_ref().is_none_or(|customer| row.agreement.customer_id == *customer))
        .collect();
    let periodic: Vec<&Agreement> = agreements.iter().map(|row| &row.agreement).filter(|agreement| agreement.rate_type == RateType::Percent).collect();
    let sales = store.sales_under(periodic.into_iter(), today).await?;
    let (mut accrued, mut not_added_up) = (Vec::new(), 0);
    for row in agreements {
        let Some(minor) = owed_so_far(&row.agreement, &sales)? else {
            not_added_up += 1;
            continue;
        };
        let unclaimed = minor - row.claimed;
        if unclaimed > 0 {
            accrued.push(Accrued { agreement: row, accrued: minor, unclaimed });
        }
    }
    accrued.sort_by_key(|one| std::cmp::Reverse(one.unclaimed));
    Ok((accrued, not_added_up))
}

fn can_still_be_claimed(agreement: &Agreement, claimed_for_years: u8, today: Date) -> bool {
    let last_day = agreement.ends_on.saturating_add(i64::from(claimed_for_years).years());
    agreement.starts_on <= today && today <= last_day && is_claimed_later(agreement.kind)
}

/// What stands on the invoice already is never claimed, and a fine is owed for what went wrong, not for time that passed.
const fn is_claimed_later(kind: AgreementKind) -> bool {
    !matches!(kind, AgreementKind::OffInvoice | AgreementKind::ComplianceProgram)
}

/// What an agreement comes to so far, within its cap; `None` where that takes more than sales: pieces sold, performance shown.
fn owed_so_far(agreement: &Agreement, sales: &HashMap<String, i64>) -> Result<Option<i64>> {
    let minor = match agreement.rate_type {
        RateType::Percent => match sales.get(&agreement.agreement_id) {
            Some(net) => Money::new(*net, agreement.currency).percent(agreement.rate)?.minor,
            None => return Ok(None),
        },
        RateType::Amount => Money::from_decimal_rounded(agreement.rate, agreement.currency)?.minor,
        RateType::PerStore => match agreement.committed_stores {
            Some(stores) => Money::from_decimal_rounded(agreement.rate * Decimal::from(stores), agreement.currency)?.minor,
            None => return Ok(None),
        },
        RateType::PerUnit | RateType::PerCase => return Ok(None),
    };
    Ok(Some(agreement.cap_amount.map_or(minor, |cap| minor.min(cap))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    #[test]
    fn days_are_put_into_their_weeks_and_the_last_quarter_is_held_against_the_year_before() {
        let first = day("2025-08-25");
        let figure = |key: &str, amount| Figure { key: key.to_owned(), currency: "EUR".to_owned(), amount, ..Figure::default() };
        let weeks = by_currency(&[figure("2025-08-25", 1), figure("2025-08-31", 2), figure("2025-09-01", 4), figure("2030-01-01", 9)], first);
        assert_eq!(weeks["EUR"][..3], [3, 4, 0]);
        let steady: Vec<i64> = vec![100; PAST_WEEKS + QUARTER];
        let habit = habit("EUR".to_owned(), &steady, first);
        assert_eq!(habit.last.map(|(forecast, actual)| (forecast.expected, actual)), Some((1_300, 1_300)));
        assert_eq!(habit.next.map(|next| next.expected), Some(800));
        assert_eq!((habit.weeks.len(), habit.weeks[0].0), (26, day("2026-05-25")));
    }

    #[test]
    fn an_agreement_accrues_by_its_rate_up_to_its_cap() {
        let mut agreement = Agreement {
            agreement_id: "A".to_owned(),
            customer_id: "K".to_owned(),
            kind: AgreementKind::VolumeRebate,
            description: None,
            customer_reference: None,
            skus: Vec::new(),
            starts_on: day("2026-01-01"),
            ends_on: day("2026-12-31"),
            rate_type: RateType::Percent,
            rate: Decimal::from(3),
            committed_stores: None,
            cap_amount: None,
            currency: "EUR".parse().expect("a currency"),
            status: AgreementStatus::Confirmed,
            performance_required: None,
            contact_email: None,
        };
        assert!(can_still_be_claimed(&agreement, 2, day("2028-12-31")), "two years after its end");
        assert!(!can_still_be_claimed(&agreement, 2, day("2029-01-01")));
        assert!(!can_still_be_claimed(&agreement, 2, day("2025-12-31")), "it has not begun");
        let sales = HashMap::from([("A".to_owned(), 100_000)]);
        assert_eq!(owed_so_far(&agreement, &sales).expect("summed"), Some(3_000));
        agreement.cap_amount = Some(2_000);
        assert_eq!(owed_so_far(&agreement, &sales).expect("summed"), Some(2_000));
        (agreement.rate_type, agreement.cap_amount) = (RateType::PerStore, None);
        assert_eq!(owed_so_far(&agreement, &sales).expect("summed"), None, "nobody said how many stores");
        agreement.committed_stores = Some(4);
        assert_eq!(owed_so_far(&agreement, &sales).expect("summed"), Some(1_200));
        agreement.rate_type = RateType::PerCase;
        assert_eq!(owed_so_far(&agreement, &sales).expect("summed"), None);
    }
}

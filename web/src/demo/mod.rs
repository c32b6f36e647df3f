//! A made-up company and its last three quarters, made anew for the day at hand: reference data and documents that the real pipeline reads and judges,
//! week by week, and people who work what it finds. The last quarter is what the pages show; the two before it are what forecasts rest on.
//!
//! Everything follows from the day: the same day gives the same files, byte by byte.

pub mod acts;
pub(crate) mod chance;
mod loose_ends;
mod papers;
mod stories;
mod world;

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

pub use world::{LIMITS, PEOPLE};

use self::chance::Chance;
use self::stories::{Stories, Told};
use self::world::CUSTOMERS;

/// The columns of `payments.csv` that the bank fills.
const PAYMENTS: &str = "payment_id,received_on,payer_name,amount,currency,reference\n";
/// Weeks of history: the forecast of a whole quarter is held against what came, and a forecast takes ten runs of weeks before it.
pub const WEEKS: i64 = 38;
/// Customers pay every so many weeks, some in one and the others in the next.
const EVERY: i64 = 2;

/// The files of the history.
#[derive(Debug, Default)]
pub struct History {
    /// Reference files by name, as CSV.
    pub reference: BTreeMap<&'static str, String>,
    /// Oldest first.
    pub weeks: Vec<Week>,
}

/// What arrived in a week.
#[derive(Debug)]
pub struct Week {
    pub monday: Date,
    /// What the bank booked, as `payments.csv`.
    pub payments: String,
    /// Name and bytes of each document, in order of arrival.
    pub documents: Vec<(String, Vec<u8>)>,
}

/// The history that ends on a day: every customer pays every two weeks and holds something back, and in the last week some things need a person.
pub fn history(day: Date) -> History {
    let monday = day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days());
    let mut stories = Stories::new(monday);
    let mut weeks = Vec::new();
    let mut advised = BTreeMap::new();
    for week in (0..WEEKS).rev() {
        let monday = monday.saturating_sub((week * 7).days());
        let mut documents = Vec::new();
        let mut payments = PAYMENTS.to_owned();
        for (index, customer) in (0_i64..).zip(&CUSTOMERS).filter(|(index, _)| (index + week) % EVERY == 0) {
            // Payments are spread over the week, and none lies in the future.
            let paid_on = monday.saturating_add((index / EVERY % 4).days()).min(day);
            let mut chance = Chance::of(&[customer.id, &monday.to_string()]);
            let Told { remittance, papers } = stories.remittance(customer, paid_on, &mut chance);
            payments.push_str(&papers::separated(&Stories::money(customer, &remittance)));
            documents.extend(papers);
            documents.push(papers::remittance(customer, &remittance));
            advised.insert(customer.id, remittance);
        }
        if week == 0 {
            let found = loose_ends::of_last_week(&mut stories, monday, &advised);
            payments.extend(found.payments.iter().map(|cells| papers::separated(cells)));
            documents.extend(found.documents);
        }
        weeks.push(Week { monday, payments, documents });
    }
    History { reference: stories.reference(), weeks }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_gives_one_history_and_another_day_another() {
        let day: Date = "2026-11-20".parse().expect("a day");
        let [one, again, later] = [day, day, day.saturating_add(7.days())].map(history);
        assert_eq!(one.reference, again.reference);
        assert!(one.weeks.iter().zip(&again.weeks).all(|(one, again)| one.documents == again.documents));
        assert_ne!(one.reference["invoices.csv"], later.reference["invoices.csv"]);
        assert_eq!(one.weeks.len(), 38);
        assert!(one.weeks.iter().all(|week| week.documents.len() >= CUSTOMERS.len() / 2 && week.monday <= day));
    }
}

//! A made-up company and its last quarter, made anew for the day at hand: reference data and documents that the real pipeline reads and judges, week by
//! week, and people who work what it finds.
//!
//! Everything follows from the day: the same day gives the same files, byte by byte.

pub mod acts;
mod chance;
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
/// Weeks of history, as the charts show them.
pub const WEEKS: i64 = 13;

/// The files of one quarter.
#[derive(Debug, Default)]
pub struct Quarter {
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

/// The quarter that ends on a day: every customer pays once a week and holds something back.
pub fn quarter(day: Date) -> Quarter {
    let monday = day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days());
    let mut stories = Stories::new(monday);
    let mut weeks = Vec::new();
    for week in (0..WEEKS).rev() {
        let monday = monday.saturating_sub((week * 7).days());
        let mut documents = Vec::new();
        let mut payments = PAYMENTS.to_owned();
        for (index, customer) in CUSTOMERS.iter().enumerate() {
            // Payments are spread over the week, and none lies in the future.
            let paid_on = monday.saturating_add(i64::try_from(index % 4).unwrap_or(0).days()).min(day);
            let mut chance = Chance::of(&[customer.id, &monday.to_string()]);
            let Told { remittance, papers } = stories.remittance(customer, paid_on, &mut chance);
            payments.push_str(&papers::separated(&Stories::money(customer, &remittance)));
            documents.extend(papers);
            documents.push(papers::remittance(customer, &remittance));
        }
        if week == 0 {
            // Somebody has to find out whose money this is.
            let rest = ["BANK-4471", &monday.to_string(), "T STORES PLC REGIONAL", "1482.60", "GBP", "goods autumn"].map(str::to_owned);
            payments.push_str(&papers::separated(&rest));
            documents.push(papers::doubtful(monday));
        }
        weeks.push(Week { monday, payments, documents });
    }
    Quarter { reference: stories.reference(), weeks }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_gives_one_quarter_and_another_day_another() {
        let day: Date = "2026-11-20".parse().expect("a day");
        let [one, again, later] = [day, day, day.saturating_add(7.days())].map(quarter);
        assert_eq!(one.reference, again.reference);
        assert!(one.weeks.iter().zip(&again.weeks).all(|(one, again)| one.documents == again.documents));
        assert_ne!(one.reference["invoices.csv"], later.reference["invoices.csv"]);
        assert_eq!(one.weeks.len(), 13);
        assert!(one.weeks.iter().all(|week| week.documents.len() >= CUSTOMERS.len() && week.monday <= day));
    }
}

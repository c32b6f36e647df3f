//! What only a person can bring to an end: money that nobody explains and papers that leave a question, all of the last week.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::chance::Chance;
use super::papers::{self, Typed};
use super::stories::{Remittance, Stories, decimal};
use super::world::{CUSTOMERS, Customer};

/// What arrives beside the remittances.
#[derive(Debug, Default)]
pub struct Found {
    /// Rows of `payments.csv`.
    pub payments: Vec<[String; 6]>,
    /// Name and bytes.
    pub documents: Vec<(String, Vec<u8>)>,
}

/// Three payments to match by hand, three documents to review, and the unpaid invoices that they are about; `advised` is each customer's last advice.
pub fn of_last_week(stories: &mut Stories, monday: Date, advised: &BTreeMap<&str, Remittance>) -> Found {
    let mut chance = Chance::of(&["loose ends", &monday.to_string()]);
    let mut unpaid = |id: &str, weeks: &[i64]| -> Vec<(String, i64)> {
        let Some(customer) = CUSTOMERS.iter().find(|customer| customer.id == id) else { return Vec::new() };
        weeks.iter().map(|week| stories.unpaid(customer, monday.saturating_sub((week * 7).days()), &mut chance)).collect()
    };
    let [thistledown, marlow, duinrand] = [unpaid("GB10", &[1, 2, 3, 4]), unpaid("GB20", &[0, 1, 2, 3]), unpaid("NL10", &[0, 1, 2])];
    let sum = |items: &[(String, i64)]| items.iter().map(|(_, open)| open).sum::<i64>();
    let mut found = Found::default();

    // A branch pays from an account of its own, and its name says little: somebody who knows chooses the customer.
    found.pay("BANK-4471", monday, "T STORES REGIONAL 0417", sum(&thistledown[..2]), "GBP", "goods autumn");
    // Two invoices less what was broken, without a word.
    found.pay("BANK-4472", monday, name_of("NL10"), sum(&duinrand[..2]) - 8_640, "EUR", "payment on account");
    // Rounded by hand in their books.
    found.pay("BANK-4473", monday, name_of("GB20"), sum(&marlow[2..]) / 10_000 * 10_000, "GBP", "as agreed by telephone");

    let lines = |items: &[(String, i64)]| items.iter().map(|(number, open)| (number.clone(), *open, 0, *open)).collect();
    // Its lines pay more than its total: which of the two holds?
    let advice = Typed {
        sender: name_of("GB10"),
        number: "TS-88120",
        on: monday,
        currency: "GBP",
        total: sum(&thistledown[2..]) - 6_000,
        lines: lines(&thistledown[2..]),
    };
    found.documents.push(("remittance_TS-88120.pdf".to_owned(), papers::typed(&advice)));
    // Nobody is known by this name, and it drops the letters of our numbers.
    let bare = |items: &[(String, i64)]| {
        lines(items).into_iter().map(|(number, gross, off, net)| (number.trim_start_matches("BM").to_owned(), gross, off, net)).collect()
    };
    let advice =
        Typed { sender: "Cornerhouse Convenience", number: "CC-2207", on: monday, currency: "GBP", total: sum(&marlow[..2]), lines: bare(&marlow[..2]) };
    found.documents.push(("remittance_CC-2207.pdf".to_owned(), papers::typed(&advice)));
    // The number of a payment that was advised before, with fewer lines: a correction or another payment?
    if let Some(before) = advised.get("IE10") {
        let lines = before.lines[1..].iter().map(|line| (line.invoice.clone(), line.gross, line.discount, line.gross - line.discount));
        let lines: Vec<_> = lines.collect();
        let total = lines.iter().map(|(_, _, _, net)| net).sum();
        let advice = Typed { sender: name_of("IE10"), number: &before.number, on: before.paid_on, currency: "EUR", total, lines };
        found.documents.push((format!("remittance_{}_again.pdf", before.number), papers::typed(&advice)));
    }
    found
}

impl Found {
    fn pay(&mut self, number: &str, on: Date, payer: &str, minor: i64, currency: &str, words: &str) {
        self.payments.push([number, &on.to_string(), payer, &decimal(minor), currency, words].map(str::to_owned));
    }
}

fn name_of(id: &str) -> &'static str {
    CUSTOMERS.iter().find(|customer: &&Customer| customer.id == id).map_or("", |customer| customer.name)
}

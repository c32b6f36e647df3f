//! Practice for newcomers: a dozen open claims, one of each kind that there is, each with a sentence about what to look for.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use recoup_engine::taxonomy::{Category, Validity};
use recoup_store::screens::worklist::{Filter, Sort};

use super::errors::{PageError, html};
use super::frame::Frame;
use super::language::{key, text};
use super::worklist::{self, Row};
use super::{Desk, filters};
use crate::clock::today;

/// The kinds of claims in the order in which they are learnt, with what to look for.
const LESSONS: [(Category, Validity, &str); 14] = [
    (Category::Shortage, Validity::Invalid, key("Look for the signature on the proof of delivery: who signed for everything can't be short. Dispute it.")),
    (Category::Shortage, Validity::Valid, key("The delivery shows fewer cases than the invoice: they are right. Accept it.")),
    (Category::Shortage, Validity::Partial, key("They claim more than was missing. Compare received with invoiced, and accept that part only.")),
    (Category::Shortage, Validity::Unknown, key("No delivery is on file. Ask for backup before anything is decided.")),
    (Category::Damage, Validity::Valid, key("The damage was noted at the dock: it is owed.")),
    (Category::Damage, Validity::Invalid, key("Nothing was noted when the goods were signed for. Damage that shows up later is theirs.")),
    (Category::PriceDifference, Validity::Invalid, key("The price list of that day agrees with the invoice. See both prices in the table of goods.")),
    (Category::PriceDifference, Validity::Valid, key("We billed another price than we had agreed to. The price list decides.")),
    (Category::PromotionAllowance, Validity::Partial, key("The agreement gives less than they took. Its rate stands in the evidence.")),
    (Category::PromotionAllowance, Validity::Unknown, key("The agreement is only proposed: sales have to confirm it first.")),
    (Category::ComplianceFine, Validity::Partial, key("The program has a tariff, and the fine is above it.")),
    (Category::EarlyPaymentDiscount, Validity::Invalid, key("Count the days from the invoice to the payment: the discount was no longer earned.")),
    (Category::Return, Validity::Invalid, key("Goods that nobody allowed to come back are not credited.")),
    (Category::Unknown, Validity::Unknown, key("No reason was given. Say what it claims if you can tell, else ask the customer.")),
];
/// Ten minutes hold so many.
const MOST: usize = 12;

struct Lesson {
    row: Row,
    says: String,
}

#[derive(Template)]
#[template(path = "practice.html")]
struct PracticePage {
    frame: Frame,
    lessons: Vec<Lesson>,
}

/// GET /practice: the claim of each kind whose deadline comes first; one that is decided makes room for the next.
pub async fn show(State(desk): State<Desk>, frame: Frame) -> Result<Response, PageError> {
    let mut lessons = Vec::new();
    for (category, validity, says) in LESSONS {
        let (category, validity) = (category.word(), validity.word());
        let filter = Filter {
            today: today().to_string(),
            to_do: true,
            unassigned: true,
            category: Some(category.to_owned()),
            validity: Some(validity.to_owned()),
            ..Filter::default()
        };
        let query = format!("?view=new&category={category}&validity={validity}");
        let found = desk.workplace.store.worklist(&filter, Sort::DisputeBy, None, 1).await?;
        lessons.extend(found.first().map(|row| Lesson { row: worklist::shown(row, &query), says: text(says).into() }));
    }
    lessons.truncate(MOST);
    html(&PracticePage { frame, lessons })
}

//! What the review says about values and sums, in the language of the page.

use recoup_engine::reading::Confidence;
use rust_decimal::Decimal;

use crate::desk::layouts::NotConfirmed;
use crate::desk::review::Why;
use crate::desk::sums::Sum;
use crate::pages::language::{Text, counted, text};
use crate::pages::show;

/// Why a value stands as it does. What the reader doubts is in its own words, which are English.
pub fn why(why: &Why) -> String {
    match why {
        Why::ByItself(None) => text("Read by itself.").into(),
        Why::ByItself(Some(sure)) => text("Read by itself, sure {0}.").with(share(*sure)).into(),
        Why::Person => text("A person said so.").into(),
        Why::HardToRead(sure) => text("It was hard to read: sure {0}.").with(share(*sure)).into(),
        Why::NotFound => text("It was not found on the paper.").into(),
        Why::PayerUnknown => text("No customer is known by this name: write the name or the number of the customer.").into(),
        Why::NumberTaken => text("Another payment carries this number.").into(),
        Why::Sum(broken) => sum(broken),
        Why::Doubt(says) => says.clone(),
    }
}

pub fn sum(sum: &Sum) -> String {
    let said = match sum {
        Sum::Total { lines, stated, .. } if sum.holds() => {
            let said = counted(lines, "The line makes the stated total, {1}.", "The {0} lines make the stated total, {1}.");
            said.with(amount(*stated))
        }
        Sum::Total { lines, made, stated } => {
            let said = counted(lines, "The line makes {1}, the stated total is {2}: {3} apart.", "The {0} lines make {1}, the stated total is {2}: {3} apart.");
            said.with(amount(*made)).with(amount(*stated)).with(amount(sum.apart()))
        }
        Sum::Line { number, gross, discount, deduction, made, net } => {
            let said = text("Line {0}: gross {1} - discount {2} - deduction {3} makes {4}, the net says {5}: {6} apart.").with(number);
            [*gross, *discount, *deduction, *made, *net, sum.apart()].into_iter().fold(said, |said, part| said.with(amount(part)))
        }
        Sum::EveryLine(count) => text("Gross - discount - deduction = net on all {0} lines that show them.").with(count),
    };
    said.to_string()
}

/// Why a document can't be confirmed so; whether the words are English in every language.
pub fn not_confirmed(why: &NotConfirmed) -> (String, bool) {
    let said: Text = match why {
        NotConfirmed::Busy => text("Documents are being processed at this moment. Nothing was changed; try again shortly."),
        NotConfirmed::NoPayment(name) => text("There is nothing to confirm on {0}: no payment was read from it.").with(name),
        NotConfirmed::NotInForce(name, status) => {
            text("{0} is “{1}”: another document stands in its place, and confirming it would count the same payment again.")
                .with(name)
                .with(show::plain(status))
        }
        NotConfirmed::Worked(claim) => text("People work on {0}, which stands on what was read before: decide or take back that work first.").with(claim),
        NotConfirmed::PutByHand(payment) => text("{0} was put on open items by hand: refuse that match first.").with(payment),
        NotConfirmed::BrokenSums(broken) => {
            let broken: Vec<String> = broken.iter().map(sum).collect();
            text("{0} Correct it, or say that the paper itself says so.").with(broken.join(" "))
        }
        NotConfirmed::Unfit(why) => return (format!("{why}."), true),
    };
    (said.into(), false)
}

fn amount(amount: Decimal) -> String {
    show::group(&amount.to_string())
}

/// `99 %`; nearly sure is not sure.
fn share(confidence: Confidence) -> String {
    let thousandths = confidence.thousandths();
    show::percent(&(if thousandths < 1000 { thousandths / 10 } else { 100 }).to_string())
}

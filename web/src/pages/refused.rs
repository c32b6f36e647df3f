//! The refusals of acts on claims and of payments put by hand, in the language of the page.

use recoup_engine::by_hand::NotPut;
use recoup_engine::claim::Refusal;
use recoup_engine::money::Money;

use super::language::text;
use super::show;
use crate::desk::payer::NotNamed;
use crate::desk::refuse::NotRefused;
use crate::desk::settle::by_hand::CantPut;

/// Why an act is refused, in a sentence.
pub fn sentence(refusal: &Refusal) -> String {
    let money = |money: &Money| show::money(money.minor, money.currency.code());
    let said = match refusal {
        Refusal::Merged(into) => text("This claim was merged into {0}; work goes on there.").with(into),
        Refusal::DayNotAhead(day) => text("{0} is not ahead: choose a later day.").with(show::day(&day.to_string())),
        Refusal::NobodyHere(login) => text("Nobody here has the login “{0}”.").with(login),
        Refusal::PartOutOfRange(whole) => text("The amount must be more than nothing and less than {0}.").with(money(whole)),
        Refusal::AmountOutOfRange(most) => text("The amount must be more than nothing and at most {0}.").with(money(most)),
        Refusal::PartsDontSum { made, open } => text("The parts make {0}, the claim has {1} open.").with(money(made)).with(money(open)),
        Refusal::AboveLimit { limit, total } => {
            text("You may settle {0} alone and this makes {1} with its sibling claims of the last 30 days.").with(money(limit)).with(money(total))
        }
        // The others hold no values: their sentence is the key.
        plain => text(&plain.to_string()),
    };
    said.to_string()
}

/// Why the customer of a payment can't be named, in a sentence.
pub fn not_named(why: NotNamed) -> String {
    let said = match why {
        NotNamed::Busy => text("Payments are being posted by another process at this moment. Nothing was changed; try again shortly."),
        NotNamed::Stale => text("This payment was posted anew since it was looked at."),
        NotNamed::Known => text("Whose payment this is was known already."),
        NotNamed::OfADocument => text("It was announced by a document: say on the document whose it is."),
    };
    said.to_string()
}

/// Why a match stays, in a sentence.
pub fn not_refused(why: &NotRefused) -> String {
    let said = match why {
        NotRefused::Busy => text("Payments are being posted by another process at this moment. Nothing was changed; try again shortly."),
        NotRefused::NotStanding(payment) => text("{0} is no standing payment.").with(payment),
        NotRefused::NoMoney(payment) => text("{0} is not money of the bank: correct the advice that announced it.").with(payment),
        NotRefused::MatchedWithNothing(payment) => text("{0} is matched with nothing.").with(payment),
        NotRefused::AsAdvised(payment) => text("{0} is matched as its advice says: correct how the advice was read.").with(payment),
        NotRefused::Worked(claim) => text("People work on {0}, which stands on this payment: decide or take back that work first.").with(claim),
    };
    said.to_string()
}

/// Why a payment can't be put on items so, in a sentence.
pub fn not_put(refusal: &CantPut) -> String {
    let money = |money: &Money| show::money(money.minor, money.currency.code());
    let said = match refusal {
        CantPut::Busy => text("Payments are being posted by another process at this moment. Nothing was changed; try again shortly."),
        CantPut::PayerUnknown => text("Whose payment this is isn't known yet: give the customer this name or account in customers.csv and import it."),
        CantPut::Worked(claim) => {
            text("People work on {0}, which stands on this payment as it is posted. Posting it anew would take that work back.").with(claim)
        }
        CantPut::NotPut(not_put) => match not_put {
            NotPut::Nothing => text("Nothing was put on any item yet: write an amount beside one, or let a strategy fill them."),
            NotPut::UnknownItem(item) => text("{0} is no open item of this customer or its group.").with(item),
            NotPut::Twice(item) => text("{0} is named twice: give it one amount.").with(item),
            NotPut::OtherCurrency { invoice_number, item, payment } => text("{0} is in {1}, the payment in {2}.").with(invoice_number).with(item).with(payment),
            NotPut::NotPositive(item) => text("The amount on {0} must be more than nothing.").with(item),
            NotPut::AboveOpen { invoice_number, open } => {
                text("{0} has {1} open, which is less than what was put on it.").with(invoice_number).with(money(open))
            }
            NotPut::MoreThanReceived(more) => text("{0} more was put on items than is left of the payment.").with(money(more)),
            NotPut::LeftToExplain(left) => text("{0} is left to explain: put it on an item, or say that it stays on account.").with(money(left)),
        },
    };
    said.to_string()
}

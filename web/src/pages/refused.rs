//! The refusals of the engine in the language of the page.

use recoup_engine::claim::Refusal;
use recoup_engine::money::Money;

use super::language::text;
use super::show;

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

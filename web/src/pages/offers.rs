//! The decision bar: which acts a claim allows in its state, in the order in which people reach for them, with what stands in their fields already.

use recoup_engine::claim::action::{Act, Outcome};
use recoup_engine::claim::{Amounts, State};
use recoup_engine::taxonomy::Validity;

use super::act::ActForm;
use super::language::key;

/// An act that is offered.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The word of the form.
    pub act: &'static str,
    pub label: &'static str,
    pub key: &'static str,
    /// What its text field asks for; empty without one.
    pub asks: &'static str,
    /// The text may stay empty.
    pub optional: bool,
    /// What stands in the text field already.
    pub note: String,
    /// What its amount field asks for; empty without one.
    pub amount_label: &'static str,
    /// What stands in the amount field already.
    pub amount: String,
    /// What follows for what the amount leaves; empty when nothing does.
    pub rest: &'static str,
    /// The act that the suggestion points to.
    pub is_suggested: bool,
    /// One of the acts that stand first.
    pub is_main: bool,
    /// Its form stands open.
    pub is_open: bool,
}

/// What the judgement suggests for a claim.
#[derive(Clone, Copy, Debug)]
pub struct Suggested<'verdict> {
    pub validity: Option<Validity>,
    /// How far the category is settled.
    pub category: Settled,
    pub explanation: &'verdict str,
    /// The owed part as people type it.
    pub owed: &'verdict str,
}

/// Who says what a claim is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Nobody.
    Not,
    /// Past decisions, and somebody should agree.
    Proposed,
    /// A person, who may have been wrong.
    Said,
    /// Code, words or tests.
    ByRule,
}

const fn offer(act: &'static str, label: &'static str, key: &'static str, asks: &'static str) -> Offer {
    Offer {
        act,
        label,
        key,
        asks,
        optional: false,
        note: String::new(),
        amount_label: "",
        amount: String::new(),
        rest: "",
        is_suggested: false,
        is_main: false,
        is_open: false,
    }
}

/// The acts of a claim in its state. `is_mine` tells that the visitor decided what waits for approval.
pub fn of(state: &State, amounts: Amounts, suggested: Suggested<'_>, is_mine: bool) -> Vec<Offer> {
    let comment = offer("comment", key("Comment"), "c", key("Comment"));
    let take_back = offer("take_back", key("Take back"), "", key("Why is it taken back?"));
    let recovered =
        (amounts.recovered != 0).then(|| offer("take_back_recovery", key("Recovery was wrong"), "", key("What was wrong? All of it is asked back again.")));
    match state {
        State::Merged { .. } | State::Withdrawn | State::Closed { .. } => Vec::new(),
        State::AwaitingApproval { .. } => {
            let main = |offer| Offer { is_main: true, ..offer };
            let mut offers = if is_mine {
                vec![main(take_back)]
            } else {
                vec![main(offer("approve", key("Approve"), "v", "")), main(offer("send_back", key("Send back"), "d", key("Why is it sent back?")))]
            };
            offers.push(comment);
            offers
        }
        state if state.is_undecided() => {
            let mut offers = undecided(state, suggested, comment);
            offers.extend(recovered);
            offers
        }
        _ => {
            let mut offers = Vec::new();
            if amounts.disputed != 0 {
                offers.push(Offer {
                    amount_label: key("Amount that came back"),
                    rest: key("What is still missing stays disputed."),
                    is_main: true,
                    ..offer("recover", key("Recovered"), "r", key("How did it come back?"))
                });
                offers.push(Offer { is_main: true, ..offer("accept", key("Accept after all"), "v", key("Why is it owed?")) });
                offers.push(Offer { is_main: true, ..offer("write_off", key("Write off"), "w", key("Why is it given up?")) });
            }
            offers.extend(recovered);
            offers.push(take_back);
            if amounts.disputed == 0 {
                offers.push(offer("close", key("Close"), "", key("What is left to say?")));
            }
            offers.push(comment);
            offers
        }
    }
}

fn undecided(state: &State, suggested: Suggested<'_>, comment: Offer) -> Vec<Offer> {
    let outcome = suggested.validity.and_then(Outcome::suggested_by);
    let decision = |outcome_of: Outcome, offer: Offer| {
        let is_suggested = outcome == Some(outcome_of);
        // The reason of the suggestion is the reason of the decision until a person says another.
        let note = if is_suggested { suggested.explanation.to_owned() } else { String::new() };
        Offer { is_suggested, is_open: is_suggested, note, is_main: true, ..offer }
    };
    let is_proposed = suggested.category == Settled::Proposed;
    let category = Offer {
        is_main: suggested.category != Settled::Said,
        is_suggested: is_proposed,
        is_open: is_proposed,
        ..offer("categorise", key("Say the category"), "", "")
    };
    let mut offers = vec![
        decision(Outcome::Accept, offer("accept", key("Valid: accept"), "v", key("Why is it owed?"))),
        decision(Outcome::Dispute, offer("dispute", key("Dispute"), "d", key("Why is it not owed?"))),
        decision(
            Outcome::PartlyAccept,
            Offer {
                amount_label: key("Owed part"),
                amount: suggested.owed.to_owned(),
                rest: key("The rest is disputed: it is asked back from the customer."),
                ..offer("partly_accept", key("Accept a part"), "f", key("Why is only a part owed?"))
            },
        ),
        decision(Outcome::WriteOff, offer("write_off", key("Write off"), "w", key("Why is it given up?"))),
        offer("ask_backup", key("Ask for backup"), "b", key("What is asked for?")),
        offer("transfer", key("Transfer"), "t", key("What should they know?")),
        Offer { optional: true, ..offer("hold", key("Hold"), "h", key("Why is it held?")) },
        Offer {
            amount_label: key("Amount of the part that is split off"),
            rest: key("The rest stays with this claim."),
            ..offer("split", key("Split"), "s", "")
        },
        offer("merge", key("Merge"), "m", ""),
        offer("assign", key("Assign"), "a", ""),
    ];
    if suggested.category != Settled::ByRule {
        offers.push(category);
    }
    if matches!(state, State::Waiting { .. } | State::Parked { .. }) {
        offers.push(offer("resume", key("Take up again"), "u", ""));
    }
    offers.push(comment);
    offers
}

/// Opens the form of an act that was not done with what was typed in it.
pub fn reopen(offers: &mut [Offer], typed: &ActForm) {
    if !offers.iter().any(|offer| offer.act == typed.act) {
        return;
    }
    for offer in offers {
        offer.is_open = offer.act == typed.act;
        if offer.is_open {
            (offer.note, offer.amount) = (typed.note.clone(), typed.amount.clone());
        }
    }
}

impl Offer {
    /// Whether the act can be done by pressing its key alone, because its form asks nothing.
    pub fn is_bare(&self) -> bool {
        self.asks.is_empty() && self.amount_label.is_empty() && matches!(self.act.parse(), Ok(Act::Approve | Act::Resume))
    }
}

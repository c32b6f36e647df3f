//! Which bank line brought the money of which advice: one rule, whichever of the two arrives first.

use jiff::civil::Date;
use recoup_engine::matching::payer::Recognised;
use recoup_engine::reference::normalise;
use recoup_store::settlements::BankPayment;

/// The same amount of the same payer belongs together when its days are no further apart.
const DAYS_APART_AT_MOST: i32 = 10;

/// Why a bank line may have brought what an advice announces; the earlier, the surer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// It names the number and has the amount.
    Numbered,
    /// The same payer and the same amount, so many days apart.
    SamePayer { days: i32 },
    /// It names the number, of the same payer, with another amount.
    OtherAmount,
}

/// What an advice announces.
pub(super) struct Announced<'one> {
    pub reference: Option<&'one str>,
    /// Minor units.
    pub amount: i64,
    pub currency: &'one str,
    pub day: Option<Date>,
    /// The customers that pay for each other.
    pub group: &'one [String],
}

impl Announced<'_> {
    /// Why this bank line, whose payer was recognised so, may be its money.
    pub fn likeness(&self, bank: &BankPayment, payer: Option<&Recognised>) -> Option<Likeness> {
        if bank.currency != self.currency || bank.amount <= 0 {
            return None;
        }
        let number = self.reference.map(normalise).filter(|number| number.len() >= 4);
        let named = number.is_some_and(|number| [&bank.reference, &bank.words].into_iter().flatten().any(|text| normalise(text).contains(&number)));
        let same_payer = payer.is_some_and(|payer| self.group.contains(&payer.customer_id));
        match (named, same_payer, bank.amount == self.amount) {
            (true, _, true) => Some(Likeness::Numbered),
            (false, true, true) => self.days_to(bank).map(|days| Likeness::SamePayer { days }),
            (true, true, false) => Some(Likeness::OtherAmount),
            _ => None,
        }
    }

    /// Days between the two; as far as may be when one of them is not known, and none when they are too far apart.
    fn days_to(&self, bank: &BankPayment) -> Option<i32> {
        let (Some(announced), Ok(received)) = (self.day, bank.received_on.parse::<Date>()) else { return Some(DAYS_APART_AT_MOST) };
        let days = announced.until(received).ok()?.get_days().abs();
        (days <= DAYS_APART_AT_MOST).then_some(days)
    }
}

/// The likest of some candidates, the first of those that are named; two of one payer that are equally near are left to a person.
pub(super) fn likest<T>(candidates: impl Iterator<Item = (Likeness, T)>) -> Option<T> {
    let mut best: Option<(Likeness, T)> = None;
    let mut tied = false;
    for (likeness, candidate) in candidates {
        match &best {
            Some((known, _)) if *known < likeness => {}
            Some((known, _)) if *known == likeness => tied = true,
            _ => (best, tied) = (Some((likeness, candidate)), false),
        }
    }
    best.filter(|(likeness, _)| !tied || !matches!(likeness, Likeness::SamePayer { .. })).map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bank(amount: i64, received_on: &str, words: &str) -> BankPayment {
        BankPayment {
            payment_id: "B-1".to_owned(),
            received_on: received_on.to_owned(),
            amount,
            currency: "EUR".to_owned(),
            words: Some(words.to_owned()),
            ..BankPayment::default()
        }
    }

    fn likeness(bank: &BankPayment, payer: Option<&str>) -> Option<Likeness> {
        let group = ["C1".to_owned(), "C2".to_owned()];
        let announced = Announced { reference: Some("ZA-4711"), amount: 10_000, currency: "EUR", day: "2026-03-10".parse().ok(), group: &group };
        announced.likeness(bank, payer.map(|customer_id| Recognised { customer_id: customer_id.to_owned(), why: String::new() }).as_ref())
    }

    #[test]
    fn number_payer_amount_and_day_say_whose_money_it_is() {
        for (amount, day, words, payer, expected) in [
            (10_000, "2026-06-30", "Avis ZA4711", None, Some(Likeness::Numbered)),
            (10_000, "2026-03-12", "Sammler", Some("C2"), Some(Likeness::SamePayer { days: 2 })),
            (10_000, "2026-03-21", "Sammler", Some("C2"), None),
            (9_850, "2026-03-12", "ZA 4711", Some("C1"), Some(Likeness::OtherAmount)),
            (9_850, "2026-03-12", "ZA 4711", Some("C9"), None),
            (-10_000, "2026-03-12", "ZA 4711", Some("C1"), None),
        ] {
            assert_eq!(likeness(&bank(amount, day, words), payer), expected, "{amount} {day} {words}");
        }
    }

    #[test]
    fn the_nearest_day_decides_and_a_tie_does_not() {
        let near = |days| Likeness::SamePayer { days };
        assert_eq!(likest([(near(3), 'a'), (near(1), 'b'), (Likeness::OtherAmount, 'c')].into_iter()), Some('b'));
        assert_eq!(likest([(near(1), 'a'), (near(1), 'b')].into_iter()), None);
        assert_eq!(likest([(near(1), 'a'), (near(1), 'b'), (Likeness::Numbered, 'c'), (Likeness::Numbered, 'd')].into_iter()), Some('c'));
    }
}

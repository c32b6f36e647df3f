//! The amounts of a claim: what was decided adds up to what is claimed, beside what was judged and what may come back.

use recoup_engine::money::Money;
use recoup_engine::recovery::{Chance, Standing};
use recoup_store::claims::ClaimRecord;
use recoup_store::screens::claim::DeductionDetail;
use rust_decimal::Decimal;

use super::super::errors::PageError;
use super::super::language::{counted, key, text};
use super::super::{Desk, show};
use crate::desk::recovery::{Expected, Prospects};

/// Amounts that must add up.
pub struct Amounts {
    pub claimed: String,
    /// What became of it: accepted, disputed, written off, recovered, open.
    pub parts: Vec<(&'static str, String, bool)>,
    pub owed: Option<String>,
    pub not_owed: Option<String>,
    /// Why the judgement and the decision speak of different amounts.
    pub notes: Vec<String>,
    /// What may come back, and what the chance rests on.
    pub expected: Option<(String, String)>,
    pub currency: String,
}

/// The amounts of a claim, or of a deduction that a rule closed.
pub async fn of(desk: &Desk, record: Option<&ClaimRecord>, deduction: &DeductionDetail) -> Result<Amounts, PageError> {
    let currency = deduction.currency.as_str();
    Ok(Amounts {
        claimed: show::amount(record.map_or(deduction.amount, |record| record.row.amount), currency),
        parts: record.map(parts).unwrap_or_default(),
        owed: deduction.valid_amount.map(|owed| show::amount(owed, currency)),
        not_owed: deduction.valid_amount.map(|owed| show::amount(deduction.amount - owed, currency)),
        notes: record.map(|record| apart(record, deduction)).unwrap_or_default(),
        expected: match record {
            Some(record) => expected_recovery(desk, record, deduction).await?,
            None => None,
        },
        currency: currency.to_owned(),
    })
}

fn parts(record: &ClaimRecord) -> Vec<(&'static str, String, bool)> {
    let amounts = record.amounts();
    [
        (key("Accepted"), amounts.accepted),
        (key("Disputed"), amounts.disputed),
        (key("Written off"), amounts.written_off),
        (key("Recovered"), amounts.recovered),
        (key("Open"), amounts.open()),
    ]
    .map(|(name, minor)| (name, show::amount(minor, &record.row.currency), minor == 0))
    .to_vec()
}

/// Why the amounts that were judged differ from those that were decided, in sentences; none when they agree.
fn apart(record: &ClaimRecord, deduction: &DeductionDetail) -> Vec<String> {
    let (amounts, currency) = (record.amounts(), record.row.currency.as_str());
    let mut notes = Vec::new();
    if amounts.claimed != deduction.amount {
        let sentence = text("The judgement is about the deduction of {0}; this claim was split or merged and is about {1}.");
        notes.push(sentence.with(show::money(deduction.amount, currency)).with(show::money(amounts.claimed, currency)).into());
    } else if let Some(owed) = deduction.valid_amount.filter(|owed| amounts.open() == 0 && *owed != amounts.accepted) {
        let sentence = text("The decision differs from the judgement: {0} accepted, {1} judged as owed.");
        notes.push(sentence.with(show::money(amounts.accepted, currency)).with(show::money(owed, currency)).into());
    }
    notes
}

/// "27.60" and "60 % of what is not owed comes back, from 7 own cases".
async fn expected_recovery(desk: &Desk, record: &ClaimRecord, deduction: &DeductionDetail) -> Result<Option<(String, String)>, PageError> {
    let amounts = record.amounts();
    let (Some(customer), Some(validity)) = (&record.row.customer_id, deduction.validity.as_deref().and_then(|word| word.parse().ok())) else { return Ok(None) };
    let standing = Standing {
        claimed: Money::new(record.row.amount, record.row.currency.parse().map_err(anyhow::Error::from)?),
        outstanding: amounts.open() + amounts.disputed,
        disputed: amounts.disputed,
        validity,
        owed: deduction.valid_amount,
    };
    let category = record.row.category.parse().map_err(anyhow::Error::from)?;
    let expected = Prospects::of_customer(&desk.workplace, customer).await?.of(&desk.workplace.rules().book, customer, category, standing)?;
    Ok(expected.map(|expected| (show::amount(expected.recovery.minor, &record.row.currency), why(&expected, &record.row.currency))))
}

/// The whole product that an expectation is, and what its last factor rests on.
fn why(expected: &Expected, currency: &str) -> String {
    let share = |chance: &Chance| show::percent(&(chance.share * Decimal::ONE_HUNDRED).normalize().to_string());
    let at_stake = show::money(expected.at_stake, currency);
    let product = match &expected.not_owed {
        Some(not_owed) => {
            text("Of {0}, {1} is not owed, as earlier claims went, and {2} of that comes back.").with(at_stake).with(share(not_owed)).with(share(&expected.win))
        }
        None => text("Of {0} that is not owed, {1} comes back.").with(at_stake).with(share(&expected.win)),
    };
    let rests_on = counted(
        expected.win.cases,
        "The last share rests on {0} own case and the rule book's figure",
        "The last share rests on {0} own cases and the rule book's figure",
    );
    format!("{product} {rests_on} ({}).", expected.source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_says_every_factor_of_what_is_expected() {
        let chance = |share: &str, cases| Chance { share: share.parse().expect("a share"), cases };
        let mut expected = Expected {
            recovery: Money::new(29_523, "EUR".parse().expect("a currency")),
            at_stake: 119_058,
            not_owed: Some(chance("0.455", 2)),
            win: chance("0.545", 1),
            source: "assumption".to_owned(),
        };
        let says = why(&expected, "EUR");
        assert!(says.starts_with("Of 1,190.58 EUR, 45.5 % is not owed, as earlier claims went, and 54.5 % of that comes back."), "{says}");
        assert!(says.ends_with("rests on 1 own case and the rule book's figure (assumption)."), "{says}");
        expected.not_owed = None;
        assert!(why(&expected, "EUR").starts_with("Of 1,190.58 EUR that is not owed, 54.5 % comes back."));
    }
}

//! Splitting a claim and merging duplicates. The sum of the claims concerned is the same before and after.

use super::action::Actor;
use super::state::State;
use super::{Amounts, Claim, Refusal};
use crate::money::{Currency, Money};

impl Claim {
    /// Splits the open amount of an undecided claim: the first part stays with this claim and with what was settled of it, each further part is a
    /// claim of its own. Amounts are minor units.
    pub fn split(&self, parts: &[i64], actor: &Actor<'_>, currency: Currency) -> Result<Vec<Self>, Refusal> {
        self.refuse_decided()?;
        let open = self.amounts.open();
        if parts.len() < 2 {
            return Err(Refusal::TooFewParts);
        }
        if parts.iter().any(|part| *part == 0 || part.signum() != open.signum()) {
            return Err(Refusal::PartOutOfRange(Money::new(open, currency)));
        }
        let made = parts.iter().try_fold(0_i64, |sum, part| sum.checked_add(*part)).unwrap_or(i64::MAX);
        if made != open {
            return Err(Refusal::PartsDontSum { made: Money::new(made, currency), open: Money::new(open, currency) });
        }
        let settled = Amounts { claimed: self.amounts.claimed - open, ..self.amounts };
        let amounts = parts.iter().enumerate().map(|(at, part)| match at {
            0 => Amounts { claimed: settled.claimed + part, ..settled },
            _ => Amounts::of(*part),
        });
        Ok(amounts.map(|amounts| Self { amounts, amount_changed_by: Some(actor.login.to_owned()), ..self.clone() }).collect())
    }

    /// Merges a duplicate into this claim, which takes over its amount; returns this claim and what is left of the other.
    pub fn merge(&self, own_id: &str, duplicate: &Self, actor: &Actor<'_>) -> Result<(Self, Self), Refusal> {
        self.refuse_decided()?;
        duplicate.refuse_decided()?;
        if [self, duplicate].iter().any(|claim| claim.amounts.open() != claim.amounts.claimed) {
            return Err(Refusal::PartlySettled);
        }
        let mut merged = self.clone();
        merged.amounts.claimed += duplicate.amounts.claimed;
        merged.amount_changed_by = Some(actor.login.to_owned());
        let state = State::Merged { into: own_id.to_owned(), by: actor.login.to_owned() };
        Ok((merged, Self { state, amounts: Amounts::of(0), ..duplicate.clone() }))
    }
}

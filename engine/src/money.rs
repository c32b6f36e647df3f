//! Exact money: whole minor units together with their currency.
//!
//! Amounts are never binary floats. Rates and unit prices are [`Decimal`]; whatever multiplies them rounds half to even, once, in
//! [`Money::from_decimal_rounded`].

use std::fmt;
use std::str::FromStr;

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// An ISO 4217 currency that is in use today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

/// Currencies that ISO 4217 has withdrawn but that old papers still name: money in them is refused, not taken for its successor.
const OBSOLETE: [&str; 14] = ["ATS", "BEF", "DEM", "ESP", "FIM", "FRF", "GRD", "HRK", "IEP", "ITL", "LUF", "NLG", "PTE", "SIT"];

impl Currency {
    /// The three letters, for example `EUR`.
    pub fn code(&self) -> &'static str {
        self.0.code()
    }

    /// How many digits stand behind the decimal point: 2 for EUR, 0 for JPY, 3 for KWD.
    pub fn minor_digits(&self) -> u32 {
        self.0.exponent().map_or(2, u32::from)
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let code = text.trim();
        if OBSOLETE.contains(&code) {
            return Err(MoneyError::Currency(code.to_owned()));
        }
        iso_currency::Currency::from_code(code).map(Self).ok_or_else(|| MoneyError::Currency(code.to_owned()))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

impl PartialOrd for Currency {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Currency {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.code().cmp(other.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        code.parse().map_err(serde::de::Error::custom)
    }
}

/// Why an amount can't be held. The texts name the value and are shown to people.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum MoneyError {
    #[error("`{0}` is not an ISO 4217 currency in use")]
    Currency(String),
    #[error("`{0}` is not an amount: write digits with a point, as in 1234.56")]
    Format(String),
    #[error("`{amount}` has more decimals than {currency} has minor units")]
    MinorUnits { amount: Decimal, currency: Currency },
    #[error("`{0}` is larger than any amount that can be held")]
    Range(Decimal),
}

impl MoneyError {
    /// The stable code of this refusal, as rejects list it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Currency(_) => "currency",
            Self::Format(_) => "amount_format",
            Self::MinorUnits { .. } => "minor_units",
            Self::Range(_) => "amount_range",
        }
    }
}

/// A signed amount in minor units (cents) of one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units: 1234 is 12.34 in a currency with two digits.
    pub minor: i64,
    pub currency: Currency,
}

/// The largest stated amount that is believed, in minor units: a hundred billion in a currency with cents. What is larger was misread or is meant to
/// harm, and hundreds of thousands of such amounts still add up without overflow.
const LARGEST_STATED: u64 = 10_000_000_000_000;

impl Money {
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// A stated amount exactly; refuses digits beyond the currency's minor unit, and amounts that nobody owes.
    pub fn from_decimal(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let minor = amount.checked_mul(scale(currency)).ok_or(MoneyError::Range(amount))?;
        if !minor.fract().is_zero() {
            return Err(MoneyError::MinorUnits { amount, currency });
        }
        let believed = minor.to_i64().filter(|minor| minor.unsigned_abs() <= LARGEST_STATED);
        believed.map(|minor| Self { minor, currency }).ok_or(MoneyError::Range(amount))
    }

    /// The amount rounded half to even to the minor unit, for computed values such as 2 % of something.
    pub fn from_decimal_rounded(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let minor = amount.checked_mul(scale(currency)).ok_or(MoneyError::Range(amount))?;
        minor.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven).to_i64().map(|minor| Self { minor, currency }).ok_or(MoneyError::Range(amount))
    }

    /// Reads the contract's notation: digits, at most one point, an optional leading minus.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        Self::from_decimal(parse_decimal(text)?, currency)
    }

    pub fn to_decimal(self) -> Decimal {
        Decimal::from_i128_with_scale(i128::from(self.minor), self.currency.minor_digits())
    }

    /// `rate` percent of this amount, rounded half to even.
    pub fn percent(self, rate: Decimal) -> Result<Self, MoneyError> {
        Self::from_decimal_rounded(self.to_decimal() * rate / Decimal::ONE_HUNDRED, self.currency)
    }
}

impl fmt::Display for Money {
    /// The contract's notation without the currency: `1234.56`, `-0.05`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&format_minor(self.minor, self.currency))
    }
}

/// Minor units in the contract's notation, `123456` EUR as `1234.56`.
pub fn format_minor(minor: i64, currency: Currency) -> String {
    Decimal::from_i128_with_scale(i128::from(minor), currency.minor_digits()).to_string()
}

/// Reads digits with an optional point and sign and nothing else: no exponent, no thousands sign.
pub fn parse_decimal(text: &str) -> Result<Decimal, MoneyError> {
    let trimmed = text.trim();
    let digits = trimmed.strip_prefix('-').unwrap_or(trimmed);
    let well_formed = !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.bytes().filter(|byte| *byte == b'.').count() <= 1
        && digits.bytes().any(|byte| byte.is_ascii_digit());
    if !well_formed {
        return Err(MoneyError::Format(text.to_owned()));
    }
    Decimal::from_str(trimmed).map_err(|_| MoneyError::Format(text.to_owned()))
}

fn scale(currency: Currency) -> Decimal {
    Decimal::from(10_i64.pow(currency.minor_digits()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        code.parse().expect("a currency of the test")
    }

    #[test]
    fn amounts_respect_the_minor_unit_of_their_currency() {
        assert_eq!(Money::parse("1234.56", currency("EUR")).map(|money| money.minor), Ok(123_456));
        assert_eq!(Money::parse("1234", currency("JPY")).map(|money| money.minor), Ok(1234));
        assert_eq!(Money::parse("1.234", currency("KWD")).map(|money| money.to_string()), Ok("1.234".to_owned()));
        assert_eq!(Money::parse("12.5", currency("JPY")).unwrap_err().code(), "minor_units");
        assert_eq!(Money::parse("0.005", currency("EUR")).unwrap_err().code(), "minor_units");
    }

    #[test]
    fn what_is_no_amount_is_refused_by_name() {
        for bad in ["1e9", "NaN", "Infinity", "", ".", "1.2.3", "1,234", "--1", "12 34"] {
            assert_eq!(Money::parse(bad, currency("EUR")).unwrap_err().code(), "amount_format", "{bad}");
        }
        assert_eq!(Money::parse("99999999999999999999", currency("EUR")).unwrap_err().code(), "amount_range");
        assert_eq!("DEM".parse::<Currency>().unwrap_err().code(), "currency");
    }

    #[test]
    fn percentages_round_half_to_even() {
        assert_eq!(Money::new(250, currency("EUR")).percent(Decimal::ONE).map(|money| money.minor), Ok(2));
        assert_eq!(Money::new(350, currency("EUR")).percent(Decimal::ONE).map(|money| money.minor), Ok(4));
    }
}

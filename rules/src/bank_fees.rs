//! What banks typically keep of a transfer: an amount that is short without a word and equals one of these was perhaps never held back by the customer.

use recoup_engine::money::{Currency, Money};
use rust_decimal::Decimal;

use crate::table::{Cell, RuleError, records};

/// A row of the table.
#[derive(Debug)]
pub struct TypicalFee {
    pub rule: String,
    /// Of the customer.
    country: Cell,
    fee: Money,
    /// Who says so, or that it is an assumption.
    pub source: String,
}

/// The table of a book.
#[derive(Debug)]
pub struct BankFees {
    rows: Vec<TypicalFee>,
}

const FILE: &str = "bank_fees.csv";
pub(crate) const COLUMNS: [&str; 5] = ["rule", "country", "currency", "fee", "source"];

impl BankFees {
    /// # Errors
    /// The first cell that can't be read.
    pub fn load(text: &str) -> Result<Self, RuleError> {
        Ok(Self { rows: records(FILE, text, COLUMNS)?.into_iter().map(|(line, cells)| TypicalFee::read(line, cells)).collect::<Result<_, _>>()? })
    }

    /// The first row that gives this very amount for a customer of this country.
    pub fn typical(&self, country: Option<&str>, amount: Money) -> Option<&TypicalFee> {
        self.rows.iter().find(|row| row.fee == amount && row.country.fits_word(country.unwrap_or_default()))
    }
}

impl TypicalFee {
    fn read(line: usize, [rule, country, currency, fee, source]: [String; 5]) -> Result<Self, RuleError> {
        let fault = |column: &str, problem: String| RuleError { file: FILE.to_owned(), line, column: column.to_owned(), problem };
        let currency: Currency = currency.parse().map_err(|_| fault("currency", format!("`{currency}` is no currency")))?;
        let amount: Decimal = fee.parse().map_err(|_| fault("fee", format!("`{fee}` is not a number")))?;
        let fee = Money::from_decimal(amount, currency).map_err(|error| fault("fee", error.to_string()))?;
        if fee.minor <= 0 {
            return Err(fault("fee", "a fee is more than nothing".to_owned()));
        }
        if source.is_empty() {
            return Err(fault("source", "say where it is from, or that it is an `assumption`".to_owned()));
        }
        Ok(Self { rule, country: Cell::parse(&country).map_err(|problem| fault("country", problem))?, fee, source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fee_is_found_by_amount_currency_and_country() {
        let fees = BankFees::load("rule,country,currency,fee,source\nuk,GB|IE,GBP,6,the bank\nall,,USD,15,assumption\n").expect("a table");
        let rule = |country, minor, currency: &str| {
            let amount = Money::new(minor, currency.parse().expect("a currency"));
            fees.typical(country, amount).map(|row| row.rule.as_str())
        };
        assert_eq!([rule(Some("GB"), 600, "GBP"), rule(Some("FR"), 600, "GBP"), rule(None, 1_500, "USD")], [Some("uk"), None, Some("all")]);
        assert_eq!([rule(None, 1_501, "USD"), rule(None, 1_500, "EUR")], [None, None]);
    }

    #[test]
    fn a_bad_cell_is_named() {
        let column = |row: &str| BankFees::load(&format!("rule,country,currency,fee,source\n{row}\n")).unwrap_err().column;
        assert_eq!(["a,,XXY,5,x", "a,,EUR,many,x", "a,,EUR,0.005,x", "a,,EUR,0,x", "a,,EUR,5,"].map(column), ["currency", "fee", "fee", "fee", "source"]);
    }
}

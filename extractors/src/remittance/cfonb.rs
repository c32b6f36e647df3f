//! CFONB120 statements of French banks: records of 120 characters, with or without line breaks.

use recoup_engine::money::Currency;
use recoup_engine::reading::{DocumentFormat, Doubt, Reading};
use recoup_engine::remittance::{BankEntry, BankStatement, PartyNamed};
use rust_decimal::Decimal;

use crate::language::parse_date;
use crate::structured;

const RECORD: usize = 120;

/// Reads every record into one statement.
pub fn read(text: &str) -> Reading {
    let mut statement = BankStatement::default();
    let mut doubts = Vec::new();
    let mut sum = Decimal::ZERO;
    for record in records(text) {
        let field = |from: usize, to: usize| record.get(from..to.min(record.len())).map(|letters| letters.iter().collect::<String>()).unwrap_or_default();
        let date = |from: usize| {
            let day = field(from, from + 6);
            parse_date(&format!("20{}{}{}", day.get(4..6)?, day.get(2..4)?, day.get(..2)?), None).map(|parsed| parsed.date)
        };
        match field(0, 2).as_str() {
            "01" => {
                statement.account = Some(field(21, 32).trim().to_owned());
                statement.currency = field(16, 19).parse::<Currency>().ok();
                statement.opening_balance = amount(&field(90, 104), &field(19, 20));
                sum = Decimal::ZERO;
            }
            "04" => match amount(&field(90, 104), &field(19, 20)) {
                Some(value) => {
                    sum += value;
                    let code = field(32, 34);
                    statement.entries.push(BankEntry {
                        value_date: date(42).or_else(|| date(34)),
                        amount: value,
                        currency: field(16, 19).parse().ok(),
                        reference: Some(field(81, 88).trim().to_owned()).filter(|text| !text.is_empty()),
                        text: field(48, 79).trim().to_owned(),
                        // Codes of transfers, cheques and bills received; charges and interest are none.
                        is_customer_payment: value.is_sign_positive()
                            && !matches!(code.as_str(), "60" | "61" | "62" | "63" | "64" | "65" | "66" | "67" | "68" | "69" | "80" | "81"),
                        ..BankEntry::default()
                    });
                }
                None => doubts.push(Doubt::note("entry_unreadable", format!("The amount `{}` of a movement can't be read.", field(90, 104)))),
            },
            "05" => {
                let (qualifier, words) = (field(45, 48), field(48, 118).trim().to_owned());
                if let Some(entry) = statement.entries.last_mut() {
                    match qualifier.as_str() {
                        "NPY" => entry.payer = PartyNamed { name: Some(words), ..PartyNamed::default() },
                        "RCN" | "REF" => {
                            entry.reference = Some(words.split("  ").next().unwrap_or("").to_owned()).filter(|text| !text.is_empty()).or(entry.reference.take())
                        }
                        "LCC" | "LC2" | "LCS" | "LIB" => {
                            entry.text.push(' ');
                            entry.text.push_str(&words);
                        }
                        _ => {}
                    }
                }
            }
            "07" => {
                // Each account of a file closes by itself.
                statement.closing_balance = amount(&field(90, 104), &field(19, 20));
                doubts.extend(gap(&statement, sum));
            }
            _ => {}
        }
    }
    structured::statement(DocumentFormat::Cfonb120, statement, doubts, text.to_owned())
}

/// Opening balance and entries must reach the closing balance.
fn gap(statement: &BankStatement, sum: Decimal) -> Option<Doubt> {
    let (opening, closing) = (statement.opening_balance?, statement.closing_balance?);
    let says = || format!("Opening balance {opening} and entries {sum} don't reach the closing balance {closing}.");
    (opening + sum != closing).then(|| Doubt::note("statement_gap", says()))
}

/// Records by line, or by length when there are no lines.
fn records(text: &str) -> Vec<Vec<char>> {
    let mut records = Vec::new();
    for line in text.lines() {
        let letters: Vec<char> = line.chars().collect();
        records.extend(letters.chunks(RECORD).map(<[char]>::to_vec));
    }
    records
}

/// Fourteen signs whose last one carries the sign too: `{` and A to I add, `}` and J to R take.
fn amount(text: &str, decimals: &str) -> Option<Decimal> {
    let text = text.trim();
    let last = text.chars().last()?;
    let (digit, negative) = match last {
        '{' => (0, false),
        'A'..='I' => (u32::from(last) - u32::from('A') + 1, false),
        '}' => (0, true),
        'J'..='R' => (u32::from(last) - u32::from('J') + 1, true),
        '0'..='9' => (last.to_digit(10)?, false),
        _ => return None,
    };
    let digits: i64 = format!("{}{digit}", &text[..text.len() - last.len_utf8()]).parse().ok()?;
    Some(Decimal::new(if negative { -digits } else { digits }, decimals.trim().parse().unwrap_or(2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_sign_of_an_amount_carries_its_sign() {
        assert_eq!(amount("0000000084126E", "2"), Some(Decimal::new(841265, 2)));
        assert_eq!(amount("0000000000150}", "2"), Some(Decimal::new(-1500, 2)));
        assert_eq!(amount("000000000A150}", "2"), None);
    }
}

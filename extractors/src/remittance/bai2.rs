//! BAI2 cash reports of American banks.

use recoup_engine::money::Currency;
use recoup_engine::reading::{DocumentFormat, Doubt, Reading};
use recoup_engine::remittance::{BankEntry, BankStatement, PartyNamed};
use rust_decimal::Decimal;

use crate::language::parse_date;
use crate::structured;

/// Reads every account of a file into one list of entries.
pub fn read(text: &str) -> Reading {
    let mut statement = BankStatement::default();
    let mut doubts = Vec::new();
    let mut as_of = None;
    for record in records(text) {
        let fields: Vec<&str> = record.split(',').map(str::trim).collect();
        let field = |index: usize| fields.get(index).copied().unwrap_or("");
        match field(0) {
            "02" => {
                as_of = parse_date(&format!("20{}", field(4)), None).map(|parsed| parsed.date);
                statement.currency = field(6).parse().ok().or(statement.currency);
            }
            "03" => {
                statement.account = statement.account.take().or(Some(field(1).to_owned()));
                statement.currency = field(2).parse().ok().or(statement.currency);
                for (index, code) in fields.iter().enumerate() {
                    let minor = || field(index + 1).parse::<i64>().ok().map(|minor| Decimal::new(minor, digits(statement.currency)));
                    match *code {
                        "010" => statement.opening_balance = minor(),
                        "015" => statement.closing_balance = minor(),
                        _ => {}
                    }
                }
            }
            "16" => match entry(&record, &fields, digits(statement.currency)) {
                Some(entry) => statement.entries.push(BankEntry { value_date: entry.value_date.or(as_of), currency: statement.currency, ..entry }),
                None => doubts.push(Doubt::note("entry_unreadable", format!("The record `{record}` can't be read."))),
            },
            _ => {}
        }
    }
    let currency = statement.currency.or_else(|| "USD".parse().ok());
    statement.currency = currency;
    statement.entries.iter_mut().for_each(|entry| entry.currency = entry.currency.or(currency));
    structured::statement(DocumentFormat::Bai2, statement, doubts, text.to_owned())
}

/// Amounts have no point: their currency says how many digits are decimals. Without a currency the format means US dollars.
fn digits(currency: Option<Currency>) -> u32 {
    currency.map_or(2, |currency| currency.minor_digits())
}

/// Records with their continuations: text goes on with a blank, numbers with a comma.
fn records(text: &str) -> Vec<String> {
    let mut records: Vec<String> = Vec::new();
    for line in text.lines() {
        let line = line.trim().trim_end_matches('/');
        match (line.strip_prefix("88,"), records.last_mut()) {
            (Some(rest), Some(record)) => {
                record.push(if record.starts_with("16,") { '\n' } else { ',' });
                record.push_str(rest);
            }
            _ if line.is_empty() => {}
            _ => records.push(line.to_owned()),
        }
    }
    records
}

/// 16, type, amount without a point, funds and what follows of it, bank reference, customer reference, text.
fn entry(record: &str, fields: &[&str], digits: u32) -> Option<BankEntry> {
    let kind: u32 = fields.get(1)?.parse().ok()?;
    let minor: i64 = fields.get(2)?.parse().ok()?;
    let mut at = 3;
    let mut value_date = None;
    match fields.get(3).copied().unwrap_or("") {
        "V" => {
            value_date = fields.get(4).and_then(|day| parse_date(&format!("20{day}"), None)).map(|parsed| parsed.date);
            at += 3;
        }
        "S" => at += 4,
        "D" => at += 1 + 2 * fields.get(4).and_then(|count| count.parse::<usize>().ok()).unwrap_or(0) + 1,
        _ => at += 1,
    }
    let reference = |index: usize| fields.get(index).map(|text| (*text).to_owned()).filter(|text| !text.is_empty());
    // Text holds commas of its own: everything after the references, with its continuations.
    let text = record.splitn(at + 3, ',').nth(at + 2).unwrap_or("");
    let mut lines = text.lines();
    let first = lines.next().unwrap_or("").trim();
    let rest: Vec<&str> = lines.map(str::trim).collect();
    let credit = (100..=399).contains(&kind);
    const FEES: std::ops::RangeInclusive<u32> = 690..=699;
    // Banks name the sender after the means: "WIRE IN NORTH FOODS".
    let name = ["WIRE IN ", "ACH CREDIT ", "ACH IN ", "LOCKBOX ", "INCOMING WIRE ", "PREAUTHORIZED ACH FROM ", "ORIG:", "ORG="]
        .iter()
        .find_map(|means| first.strip_prefix(means))
        .map(str::trim);
    Some(BankEntry {
        value_date,
        amount: Decimal::new(if credit { minor } else { -minor }, digits),
        payer: PartyNamed { name: name.map(str::to_owned), ..PartyNamed::default() },
        bank_reference: reference(at),
        reference: reference(at + 1),
        text: std::iter::once(first).chain(rest).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "),
        is_customer_payment: credit && !FEES.contains(&kind) && !matches!(kind, 275 | 354 | 355 | 387 | 398),
        ..BankEntry::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use recoup_engine::reading::Content;

    #[test]
    fn cents_dates_and_continuations_are_read() {
        let reading = read(
            "01,021,B,260810,0600,4,,,2/\n02,B,021,1,260810,0600,USD,2/\n03,0210,USD,010,5760895,,/\n16,195,357739,V,260608,,900040,1,WIRE IN COBBLE HILL\n88,INV-1, INV-2\n16,698,1500,0,990004,,ANALYSIS FEE\n49,1,7/\n",
        );
        let Content::Statement(statement) = reading.content else { panic!() };
        let [wire, fee] = &statement.entries[..] else { panic!() };
        assert_eq!(
            (wire.amount, wire.payer.name.as_deref(), wire.text.as_str()),
            (Decimal::new(357739, 2), Some("COBBLE HILL"), "WIRE IN COBBLE HILL INV-1, INV-2")
        );
        assert_eq!(wire.value_date.map(|date| date.to_string()).as_deref(), Some("2026-06-08"));
        assert_eq!((fee.amount, fee.is_customer_payment, fee.text.as_str()), (Decimal::new(-1500, 2), false, "ANALYSIS FEE"));
        assert_eq!(statement.opening_balance, Some(Decimal::new(5760895, 2)));
    }
}

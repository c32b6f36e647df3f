//! SWIFT MT940 and MT942 statements, with the habits of many banks.

use jiff::civil::Date;
use recoup_engine::reading::{DocumentFormat, Doubt, Reading};
use recoup_engine::remittance::{BankEntry, BankStatement};
use rust_decimal::Decimal;

use crate::language::{exact_number, parse_date};
use crate::structured;

/// Reads every statement of a file into one list of entries.
pub fn read(text: &str) -> Reading {
    let mut statement = BankStatement::default();
    let mut doubts = Vec::new();
    // What the balance must be after the entries so far; each statement of a file is checked on its own.
    let mut expected = None;
    for (tag, value) in fields(text) {
        match tag.as_str() {
            "25" | "25P" => statement.account = statement.account.take().or(Some(value.lines().next().unwrap_or("").trim().to_owned())),
            "28" | "28C" => {
                let number = value.lines().next().map(|number| number.trim().to_owned());
                statement.last_number = number.clone().filter(|_| statement.number.is_some());
                statement.number = statement.number.take().or(number);
            }
            "60F" | "60M" => {
                let (amount, currency) = balance(&value);
                expected = amount;
                statement.opening_balance = statement.opening_balance.or(amount);
                statement.currency = currency.or(statement.currency);
            }
            "62F" | "62M" => {
                let closing = balance(&value).0;
                if let (Some(expected), Some(closing)) = (expected.take(), closing)
                    && expected != closing
                {
                    doubts.push(Doubt::note("statement_gap", format!("The entries of a statement lead to {expected}, it closes at {closing}.")));
                }
                statement.closing_balance = closing;
            }
            "61" => match entry(&value) {
                Some(entry) => {
                    expected = expected.map(|balance: Decimal| balance + entry.amount);
                    statement.entries.push(BankEntry { currency: statement.currency, ..entry });
                }
                None => doubts.push(Doubt::note("entry_unreadable", format!("The entry `{}` can't be read.", value.lines().next().unwrap_or("")))),
            },
            "86" => {
                if let Some(entry) = statement.entries.last_mut().filter(|entry| entry.text.is_empty()) {
                    details(&value, entry);
                }
            }
            _ => {}
        }
    }
    structured::statement(DocumentFormat::Mt940, statement, doubts, text.to_owned())
}

/// `:61:…` and the lines that continue it.
fn fields(text: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        let line = line.trim_end_matches(['\r', '\u{1a}']);
        let tagged = line
            .trim_start()
            .strip_prefix(':')
            .and_then(|rest| rest.split_once(':'))
            .filter(|(tag, _)| matches!(tag.len(), 2 | 3) && tag.bytes().take(2).all(|byte| byte.is_ascii_digit()));
        match (tagged, fields.last_mut()) {
            (Some((tag, value)), _) => fields.push((tag.to_owned(), value.to_owned())),
            (None, Some((_, value))) if !line.is_empty() && line != "-" && !line.starts_with("-}") => {
                value.push('\n');
                value.push_str(line);
            }
            _ => {}
        }
    }
    fields
}

fn decimal(text: &str) -> Option<Decimal> {
    exact_number(&text.trim().trim_end_matches(',').replace(',', "."))
}

/// `C260804GBP15200,40`
fn balance(value: &str) -> (Option<Decimal>, Option<recoup_engine::money::Currency>) {
    let value = value.trim();
    let (Some(mark), Some(currency), Some(amount)) = (value.get(..1), value.get(7..10), value.get(10..)) else { return (None, None) };
    let amount = decimal(amount.lines().next().unwrap_or("")).map(|amount| if mark == "D" { -amount } else { amount });
    (amount, currency.parse().ok())
}

/// `2608040804C3883,75NTRFNONREF//B0002000`
fn entry(value: &str) -> Option<BankEntry> {
    let (first, supplement) = value.split_once('\n').unwrap_or((value, ""));
    let first = first.trim();
    let value_date = yymmdd(first.get(..6)?)?;
    let mut rest = first.get(6..)?;
    if rest.get(..4).is_some_and(|day| day.bytes().all(|byte| byte.is_ascii_digit())) {
        rest = &rest[4..];
    }
    // A reversal of a credit takes money away, one of a debit gives it back.
    let (mark, negative) =
        [("RC", true), ("RD", false), ("EC", false), ("ED", true), ("C", false), ("D", true)].into_iter().find(|(mark, _)| rest.starts_with(mark))?;
    rest = &rest[mark.len()..];
    let reversal = mark.starts_with('R');
    rest = rest.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    let end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != ',' && letter != '.').unwrap_or(rest.len());
    let amount = decimal(&rest[..end])?;
    let rest = &rest[end..];
    let kind = rest.get(1..4).unwrap_or("");
    let (reference, bank) = rest.get(4..).unwrap_or("").split_once("//").unwrap_or((rest.get(4..).unwrap_or(""), ""));
    let is_fee = matches!(kind, "CHG" | "COM" | "INT" | "TAX");
    Some(BankEntry {
        value_date: Some(value_date),
        amount: if negative { -amount } else { amount },
        reference: Some(reference.trim().to_owned()).filter(|reference| !reference.is_empty() && reference != "NONREF"),
        bank_reference: Some(bank.trim().to_owned()).filter(|bank| !bank.is_empty()),
        is_customer_payment: !negative && !reversal && !is_fee,
        text: String::new(),
        payer: recoup_engine::remittance::PartyNamed {
            name: Some(supplement.trim().to_owned()).filter(|name| !name.is_empty() && !name.starts_with('/')),
            ..Default::default()
        },
        ..BankEntry::default()
    })
}

fn yymmdd(text: &str) -> Option<Date> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| parse_date(&format!("20{text}"), None)).flatten().map(|parsed| parsed.date)
}

/// The field 86: German `?20` parts, Dutch `/REMI/` words, or free text.
fn details(value: &str, entry: &mut BankEntry) {
    let joined: String = value.lines().collect();
    if let Some(at) = joined.find('?').filter(|at| joined.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit)) {
        let (mut text, mut name) = (String::new(), String::new());
        for part in joined[at + 1..].split('?') {
            let (Some(code), Some(words)) = (part.get(..2), part.get(2..)) else { continue };
            match code.parse().unwrap_or(0_u8) {
                20..=29 | 60..=63 => text.push_str(words),
                32 | 33 => name.push_str(words),
                31 | 38 if entry.payer.account.is_none() => entry.payer.account = Some(words.trim().to_owned()),
                _ => {}
            }
        }
        // SEPA words lead the parts: the purpose follows SVWZ+.
        if let Some((before, purpose)) = text.split_once("SVWZ+") {
            if let Some((_, reference)) = before.split_once("EREF+") {
                let reference = reference.split(['+', ' ']).next().unwrap_or("").trim_end_matches("KREF").trim_end_matches("MREF").trim();
                entry.reference = entry.reference.take().or(Some(reference.to_owned()).filter(|reference| !reference.is_empty() && reference != "NOTPROVIDED"));
            }
            text = purpose.to_owned();
        }
        entry.text = text.trim().to_owned();
        if !name.trim().is_empty() {
            entry.payer.name = Some(name.trim().to_owned());
        }
        return;
    }
    let coded = |word: &str| {
        let from = joined.find(&format!("/{word}/"))? + word.len() + 2;
        let rest = &joined[from..];
        const WORDS: &[&str] = &[
            "/TRTP/", "/NAME/", "/REMI/", "/EREF/", "/IBAN/", "/BIC/", "/ORDP/", "/BENM/", "/CNTP/", "/MARF/", "/CSID/", "/RTRN/", "/ISDT/", "/PREF/",
            "/PURP/", "/KREF/", "/SVCL/", "/OCMT/",
        ];
        let end = WORDS.iter().filter_map(|word| rest.find(word)).min().unwrap_or(rest.len());
        Some(rest[..end].trim().trim_end_matches('/').to_owned()).filter(|text| !text.is_empty())
    };
    if let Some(purpose) = coded("REMI") {
        entry.text = purpose.strip_prefix("USTD//").or_else(|| purpose.strip_prefix("STRD//")).unwrap_or(&purpose).to_owned();
        entry.payer.name = coded("NAME").or_else(|| coded("CNTP")).or_else(|| entry.payer.name.take());
        entry.payer.account = coded("IBAN");
        entry.reference = entry.reference.take().or_else(|| coded("EREF").filter(|reference| reference != "NOTPROVIDED"));
        return;
    }
    entry.payer.name = coded("NAME").or_else(|| entry.payer.name.take());
    entry.text = value.lines().map(str::trim).collect::<Vec<_>>().join(" ");
}

#[cfg(test)]
mod tests {
    use super::*;
    use recoup_engine::reading::Content;

    #[test]
    fn entries_of_three_habits_are_read() {
        let text = ":20:S\r\n:25:NL01\r\n:28C:5/1\r\n:60F:C260804EUR100,\r\n:61:2608040804C30,5NTRFNONREF//B1\r\n:86:/TRTP/SEPA/NAME/NORTH/REMI/INV 7 IN\r\nV 8/EREF/NOTPR\r\nOVIDED\r\n\
            :61:260805RC10,00NTRFX\r\n:86:166?00GUTSCHRIFT?20EREF+E1 ?21SVWZ+RE-1 RE-?222?32SUED KG\r\n:61:2608050805D9,NCHGNONREF\r\n:86:FEES\r\n:62F:C260805EUR111,50\r\n-";
        let reading = read(text);
        assert_eq!(reading.doubts, []);
        let Content::Statement(statement) = reading.content else { panic!() };
        let [first, second, third] = &statement.entries[..] else { panic!() };
        assert_eq!(
            (first.amount, first.text.as_str(), first.payer.name.as_deref(), first.reference.as_deref()),
            (Decimal::new(305, 1), "INV 7 INV 8", Some("NORTH"), None)
        );
        assert_eq!(
            (second.amount, second.text.as_str(), second.payer.name.as_deref(), second.is_customer_payment),
            (Decimal::new(-1000, 2), "RE-1 RE-2", Some("SUED KG"), false)
        );
        assert_eq!((third.amount, third.is_customer_payment), (Decimal::from(-9), false));
    }
}

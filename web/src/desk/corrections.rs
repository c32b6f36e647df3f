//! What a person set right on a reading, put in the place of what was read, now and whenever the document is read again.
//!
//! A fact has a name: `reference`, `payment_date`, `total_amount`, `payer_name`, or `line_3.gross` for a part of the third line.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow, bail};
use recoup_engine::money::{Currency, Money};
use recoup_engine::reading::{Confidence, Content, Doubt, Field, Reading};
use recoup_engine::remittance::{Adjustment, AdviceLine, PartyNamed, RemittanceAdvice};
use recoup_store::intake::CorrectionRow;
use rust_decimal::Decimal;

/// Facts of an advice that a person may set right.
pub const FIELDS: [&str; 4] = ["reference", "payment_date", "total_amount", "payer_name"];
/// Parts of a line that a person may set right.
pub const LINE_PARTS: [&str; 7] = ["document", "gross", "discount", "deduction", "net", "code", "text"];
/// The parts of a line that are amounts.
pub const AMOUNTS: [&str; 4] = ["gross", "discount", "deduction", "net"];
/// The fact that a person compared the paper with what was read.
pub const COMPARED: &str = "compared";
/// The fact of what the paper is beside another one of the same payment: see [`super::which_holds`].
pub const VERSION: &str = "version";
/// Facts that change no value of a reading.
const BESIDE_VALUES: [&str; 2] = [COMPARED, VERSION];
/// Doubts that ask for nothing but this comparison.
const SETTLED_BY_COMPARING: [&str; 2] = ["ambiguous_amount", "text_image_mismatch"];
/// Doubts that ask which amounts are paid; compared amounts that make the payment answer it.
const SETTLED_BY_SUMS: [&str; 1] = ["columns_unproven"];

/// What a reader says of sums that corrected amounts may make again.
const SAYS_SUMS_FAIL: [&str; 2] = ["unbalanced", "no_total"];

/// Puts a correction on file in the place of what was read again. One that does not fit any more is a question for a person: it stops this document and
/// no other.
pub fn correct_again(reading: &mut Reading, on_file: &CorrectionRow) {
    let facts = serde_json::from_str(&on_file.facts).context("the correction on file can't be read");
    match facts.and_then(|facts| applied(reading, &facts)) {
        Ok(corrected) => *reading = corrected,
        Err(error) => reading.doubts.push(Doubt::blocking("correction_refused", format!("What a person corrected can't be put in place: {error:#}."))),
    }
}

/// A reading with corrected facts in the place of those read.
///
/// # Errors
/// Names the field and the value that is none, or says that the document announces no payment to correct.
pub fn applied(reading: &Reading, facts: &BTreeMap<String, String>) -> Result<Reading> {
    let mut reading = reading.clone();
    let Content::Advices(advices) = &mut reading.content else { bail!("it announces no payment whose fields could be corrected") };
    let advice = advices.first_mut().context("it announces no payment whose fields could be corrected")?;
    for (name, value) in facts.iter().filter(|(name, _)| !BESIDE_VALUES.contains(&name.as_str())) {
        if let Some((number, part)) = line_part(name) {
            correct_line(advice, number, part, value.trim()).with_context(|| name.clone())?;
            continue;
        }
        if value.trim().is_empty() {
            bail!("{name}: the value is blank");
        }
        match name.as_str() {
            "reference" => {
                advice.reference = Some(value.clone());
                reading.number = Some(value.clone());
            }
            "payment_date" => {
                let date = value.parse().map_err(|_| anyhow!("payment_date: `{value}` is no date; write 2026-03-31"))?;
                advice.payment_date = Some(date);
                reading.date = Some(date);
            }
            "total_amount" => {
                let total = amount(value, advice.currency).context("total_amount")?;
                advice.total = Some(total);
                reading.total = Some(total);
            }
            "payer_name" => {
                // Another name than the paper's: its numbers and accounts are those of whom it isn't. The number of a customer says it as well.
                if advice.payer.name.as_ref() != Some(value) {
                    advice.payer = PartyNamed { name: Some(value.clone()), identifiers: vec![value.clone()], ..PartyNamed::default() };
                }
            }
            other => bail!("`{other}` can't be corrected; reference, payment_date, total_amount, payer_name and parts of lines can"),
        }
        let place = reading.fields.iter().find(|field| field.name == *name).and_then(|field| field.place);
        reading.fields.retain(|field| field.name != *name);
        reading.fields.push(Field { name: name.clone(), value: value.clone(), place, confidence: Confidence::CERTAIN });
    }
    let adds_up = matches!(&reading.content, Content::Advices(advices) if advices.iter().all(|advice| advice.total == Some(advice.paid_by_lines())));
    if adds_up {
        reading.doubts.retain(|doubt| !SAYS_SUMS_FAIL.contains(&doubt.code.as_str()));
    }
    if facts.contains_key(COMPARED) {
        let settled = |code: &str| SETTLED_BY_COMPARING.contains(&code) || adds_up && SETTLED_BY_SUMS.contains(&code);
        for doubt in reading.doubts.iter_mut().filter(|doubt| settled(&doubt.code)) {
            doubt.blocking = false;
        }
    }
    Ok(reading)
}

/// Whether a reading says anything else than these facts.
pub fn differs(reading: &Reading, facts: &BTreeMap<String, String>) -> bool {
    let Content::Advices(advices) = &reading.content else { return !facts.is_empty() };
    let Some(advice) = advices.first() else { return !facts.is_empty() };
    let mut stated = facts.iter().filter(|(name, _)| !BESIDE_VALUES.contains(&name.as_str()));
    stated.any(|(name, value)| match line_part(name) {
        Some((number, part)) => number.checked_sub(1).and_then(|index| advice.lines.get(index)).is_none_or(|line| part_of(line, part) != *value),
        None => said(advice, name) != *value,
    })
}

/// What an advice says of a field now, in the notation of facts; blank when it says nothing.
pub fn said(advice: &RemittanceAdvice, name: &str) -> String {
    let said = match name {
        "reference" => advice.reference.clone(),
        "payment_date" => advice.payment_date.map(|day| day.to_string()),
        "total_amount" => advice.total.map(|total| total.to_string()),
        _ => advice.payer.name.clone(),
    };
    said.unwrap_or_default()
}

/// `line_3.gross`: the third line, its gross amount.
pub fn line_part(name: &str) -> Option<(usize, &str)> {
    let (number, part) = name.strip_prefix("line_")?.split_once('.')?;
    Some((number.parse().ok()?, part))
}

/// What a part of a line says now, in the notation of facts; blank when it says nothing.
pub fn part_of(line: &AdviceLine, part: &str) -> String {
    let shown = |amount: Option<Decimal>| amount.map(|amount| amount.to_string()).unwrap_or_default();
    match part {
        "document" => line.reference.clone().unwrap_or_default(),
        "gross" => shown(line.gross),
        "discount" => shown(line.discount),
        "deduction" if line.adjustments.is_empty() => String::new(),
        "deduction" => shown(Some(-line.adjustments.iter().map(|adjustment| adjustment.amount).sum::<Decimal>())),
        "net" => shown(line.net),
        "code" => line.code.clone().unwrap_or_default(),
        _ => line.text.clone().unwrap_or_default(),
    }
}

/// Sets a part of a line right; a blank value takes it away.
fn correct_line(advice: &mut RemittanceAdvice, number: usize, part: &str, value: &str) -> Result<()> {
    let currency = advice.currency;
    let lines = advice.lines.len();
    let line = number.checked_sub(1).and_then(|index| advice.lines.get_mut(index)).with_context(|| format!("it has {lines} lines, no line {number}"))?;
    let words = (!value.is_empty()).then(|| value.to_owned());
    let money = || words.as_deref().map(|value| amount(value, currency)).transpose();
    match part {
        "document" => line.reference = words,
        "gross" => line.gross = money()?,
        "discount" => line.discount = money()?,
        "net" => line.net = money()?,
        "code" => line.code = words,
        "text" => line.text = words,
        "deduction" => correct_deduction(line, money()?)?,
        other => bail!("`{other}` is no part of a line"),
    }
    line.confidence = Some(Confidence::CERTAIN);
    Ok(())
}

fn correct_deduction(line: &mut AdviceLine, amount: Option<Decimal>) -> Result<()> {
    match (line.adjustments.as_mut_slice(), amount) {
        ([_, _, ..], _) => bail!("this line holds several deductions, which stand on lines of their own in the paper"),
        (_, None) => line.adjustments.clear(),
        ([only], Some(amount)) => only.amount = -amount,
        ([], Some(amount)) => line.adjustments.push(Adjustment { amount: -amount, ..Adjustment::default() }),
    }
    Ok(())
}

/// An amount that the currency of the payment can hold.
fn amount(value: &str, currency: Option<Currency>) -> Result<Decimal> {
    let amount: Decimal = value.parse().map_err(|_| anyhow!("`{value}` is no amount; write 1234.56"))?;
    if let Some(currency) = currency {
        Money::from_decimal(amount, currency).map_err(|error| anyhow!("`{value}`: {error}"))?;
    }
    Ok(amount)
}

#[cfg(test)]
mod tests {
    use recoup_engine::reading::DocumentFormat;

    use super::*;

    fn read(advice: RemittanceAdvice) -> Reading {
        Reading { content: Content::Advices(vec![advice]), ..Reading::not_understood(DocumentFormat::Pdf, Doubt::note("", "")) }
    }

    fn fact(name: &str, value: &str) -> BTreeMap<String, String> {
        BTreeMap::from([(name.to_owned(), value.to_owned())])
    }

    #[test]
    fn a_correction_that_does_not_fit_names_its_value_and_stops_its_document_only() {
        let read = read(RemittanceAdvice::default());
        let refused = |name, value| format!("{:#}", applied(&read, &fact(name, value)).expect_err("refused"));
        assert_eq!(refused("payment_date", "31.03.2026"), "payment_date: `31.03.2026` is no date; write 2026-03-31");
        assert!(refused("total_amount", "1.234,50").contains("`1.234,50` is no amount"));
        assert!(refused("payer_name", " ").contains("blank"));
        assert!(refused("colour", "blue").contains("`colour` can't be corrected"));
        assert!(refused("line_1.gross", "5").contains("no line 1"));
        assert_eq!(applied(&read, &fact("payment_date", "2026-03-31")).expect("a date").date, Some(jiff::civil::date(2026, 3, 31)));
        let on_file =
            |facts: &str| CorrectionRow { document_id: String::new(), facts: facts.to_owned(), corrected_at: String::new(), corrected_by: String::new() };
        for stale in [r#"{"payment_date":"31.03.2026"}"#, "{"] {
            let mut again = read.clone();
            correct_again(&mut again, &on_file(stale));
            assert!(again.doubts.iter().any(|doubt| doubt.blocking && doubt.code == "correction_refused"), "{:?}", again.doubts);
            assert_eq!(again.content, read.content);
        }
    }

    #[test]
    fn parts_of_lines_are_set_right_and_read_back() {
        let adjusted = |amounts: &[i64]| AdviceLine {
            adjustments: amounts.iter().map(|amount| Adjustment { amount: Decimal::from(*amount), ..Adjustment::default() }).collect(),
            ..AdviceLine::default()
        };
        let read = read(RemittanceAdvice { lines: vec![adjusted(&[]), adjusted(&[-5]), adjusted(&[-5, -6])], ..RemittanceAdvice::default() });
        for (name, value) in
            [("line_1.gross", "10.50"), ("line_1.deduction", "2"), ("line_2.deduction", "7.00"), ("line_2.document", "R-1"), ("line_2.deduction", "")]
        {
            let Content::Advices(advices) = applied(&read, &fact(name, value)).expect(name).content else { panic!("advices") };
            let (number, part) = line_part(name).expect("a part of a line");
            assert_eq!(part_of(&advices[0].lines[number - 1], part), value, "{name}");
        }
        assert!(format!("{:#}", applied(&read, &fact("line_3.deduction", "1")).expect_err("refused")).contains("several deductions"));
        let Content::Advices(advices) = &read.content else { panic!("advices") };
        assert_eq!(part_of(&advices[0].lines[2], "deduction"), "11");
    }

    #[test]
    fn comparing_settles_the_doubts_that_ask_for_nothing_else() {
        let mut read = read(RemittanceAdvice::default());
        read.doubts = vec![Doubt::blocking("text_image_mismatch", "Compare both."), Doubt::blocking("no_amount", "No amount.")];
        let blocking: Vec<bool> = applied(&read, &fact(COMPARED, "mara")).expect("applied").doubts.iter().map(|doubt| doubt.blocking).collect();
        assert_eq!(blocking, [false, true]);
    }

    #[test]
    fn corrected_amounts_that_make_the_total_take_back_what_was_said_of_the_sums() {
        let line = |net: i64| AdviceLine { net: Some(Decimal::from(net)), ..AdviceLine::default() };
        let mut read = read(RemittanceAdvice { total: Some(Decimal::from(130)), lines: vec![line(90), line(50)], ..RemittanceAdvice::default() });
        read.doubts = vec![Doubt::note("unbalanced", "They differ by -10."), Doubt::note("date_far", "Check the year.")];
        let left =
            |name: &str, value: &str| applied(&read, &fact(name, value)).expect("applied").doubts.iter().map(|doubt| doubt.code.clone()).collect::<Vec<_>>();
        assert_eq!(left("line_1.net", "80.00"), ["date_far"]);
        assert_eq!(left("line_1.net", "85.00"), ["unbalanced", "date_far"]);
    }
}

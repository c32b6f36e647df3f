//! What a reading rests on: the tables found and the sums that were checked.

use recoup_engine::reading::{Content, Reading, TextSource};
use recoup_engine::remittance::{AdviceLine, BankStatement, RemittanceAdvice};
use rust_decimal::Decimal;

/// One line for each table and each sum.
pub(super) fn checks(reading: &Reading) -> Vec<String> {
    let mut lines = Vec::new();
    if reading.text_source == TextSource::Ocr {
        let of_fields = reading.fields.iter().filter(|field| field.place.is_some()).map(|field| u32::from(field.confidence.thousandths()));
        let (count, sum) = of_fields.fold((0, 0), |(count, sum), value| (count + 1, sum + value));
        lines.push(match sum.checked_div(count) {
            Some(mean) => format!("quality    recognised by Tesseract, its words sure {}.{:03} on average", mean / 1000, mean % 1000),
            None => "quality    recognised by Tesseract".to_owned(),
        });
    }
    for (number, table) in (1..).zip(reading.layout.iter().flat_map(|layout| &layout.tables)) {
        let columns: Vec<String> = table
            .headings
            .iter()
            .zip(&table.meanings)
            .map(|(heading, meaning)| format!("{} = {}", if heading.is_empty() { "(no heading)" } else { heading }, meaning.replace('_', " ")))
            .collect();
        lines.push(format!("table {number}    {}", columns.join(", ")));
    }
    match &reading.content {
        Content::Advices(advices) => lines.extend(advices.iter().flat_map(of_advice)),
        Content::Statement(statement) => lines.extend(of_statement(statement)),
        _ => {}
    }
    lines
}

fn of_advice(advice: &RemittanceAdvice) -> Vec<String> {
    let sum = advice.paid_by_lines();
    let checked: Vec<bool> = advice.lines.iter().filter_map(AdviceLine::adds_up).collect();
    let even = checked.iter().filter(|even| **even).count();
    let total = match advice.total {
        Some(total) if total == sum => format!("sum        the {} lines make the stated total {total}", advice.lines.len()),
        Some(total) => format!("sum        the {} lines make {sum}, the stated total is {total}: {} apart", advice.lines.len(), total - sum),
        None => format!("sum        the {} lines make {sum}; no total is stated", advice.lines.len()),
    };
    vec![total, format!("sum        gross - discount - deductions = net on {even} of {} lines that show them", checked.len())]
}

fn of_statement(statement: &BankStatement) -> Option<String> {
    let (opening, closing) = statement.opening_balance.zip(statement.closing_balance)?;
    let moved: Decimal = statement.entries.iter().map(|entry| entry.amount).sum();
    let holds = if opening + moved == closing { "holds" } else { "does not hold" };
    Some(format!("sum        opening {opening} + {} entries {moved} = closing {closing}: {holds}", statement.entries.len()))
}

//! The control sum of an advice: what its lines pay against what it says was paid.

use recoup_engine::reading::Doubt;
use recoup_engine::remittance::RemittanceAdvice;
use rust_decimal::Decimal;

/// What the lines add up to.
pub fn sum_of_lines(advice: &RemittanceAdvice) -> Decimal {
    advice.lines.iter().filter_map(|line| line.net).sum()
}

/// Notes the difference when the lines don't add up to the stated total. Never a reason to reject.
pub fn check(advice: &RemittanceAdvice, doubts: &mut Vec<Doubt>) {
    let Some(total) = advice.total else { return };
    let sum = sum_of_lines(advice);
    if sum != total && !advice.lines.is_empty() {
        let name = advice.reference.as_deref().unwrap_or("without number");
        doubts.push(Doubt::note(
            "unbalanced",
            format!("Payment {name}: the lines add up to {sum}, the stated total is {total}, the difference is {}.", total - sum),
        ));
    }
}

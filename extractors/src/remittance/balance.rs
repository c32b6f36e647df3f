//! The control sum of an advice: what its lines pay against what it says was paid.

use recoup_engine::reading::Doubt;
use recoup_engine::remittance::RemittanceAdvice;

/// Notes the difference when the lines don't add up to the stated total. Never a reason to reject.
pub fn check(advice: &RemittanceAdvice, doubts: &mut Vec<Doubt>) {
    let (Some(total), Some(apart)) = (advice.total, advice.apart()) else { return };
    if apart.is_zero() {
        return;
    }
    let (name, paid) = (advice.reference.as_deref().unwrap_or("without number"), advice.paid_by_lines());
    let says = format!("Payment {name}: the lines add up to {paid}, the stated total is {total}, the difference is {apart}.");
    doubts.push(Doubt::note("unbalanced", says));
}

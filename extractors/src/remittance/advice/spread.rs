//! A discount that stands once, under the sum: a share of every line, as the discount of each.

use recoup_engine::money::Currency;
use recoup_engine::remittance::AdviceLine;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::language::discounts::names_discount;

/// Early-payment discounts lie between these, in percent.
const LEAST: Decimal = Decimal::from_parts(25, 0, 0, false, 2);
const MOST: Decimal = Decimal::from_parts(8, 0, 0, false, 0);

/// Puts "Skonto 3 % … 94,52" of the whole payment on its lines, when it is the same share of each; what was paid stays the same.
pub(in crate::remittance) fn discount(lines: &mut Vec<AdviceLine>, currency: Option<Currency>) {
    let Some(position) = lines.iter().position(names_a_discount) else { return };
    let amount = -lines[position].paid();
    let bears = |line: &AdviceLine| line.reference.is_some() && line.discount.is_none() && line.adjusted().is_zero() && line.paid().is_sign_positive();
    let base: Decimal = lines.iter().filter(|line| bears(line)).map(AdviceLine::paid).sum();
    if base.is_zero() || lines.iter().any(|line| line.discount.is_some()) {
        return;
    }
    // Rates are printed with two digits at most.
    let percent = (amount * Decimal::ONE_HUNDRED / base).round_dp(2);
    let digits = currency.map_or(2, |currency| currency.minor_digits());
    let share = |line: &AdviceLine| (line.paid() * percent / Decimal::ONE_HUNDRED).round_dp_with_strategy(digits, RoundingStrategy::MidpointNearestEven);
    let total: Decimal = lines.iter().filter(|line| bears(line)).map(share).sum();
    let cent = Decimal::new(1, digits);
    let count = Decimal::from(lines.iter().filter(|line| bears(line)).count());
    if !(LEAST..=MOST).contains(&percent) || (total - amount).abs() > cent * count {
        return;
    }
    lines.remove(position);
    // What rounding leaves goes to the largest line.
    let largest = (0..lines.len()).filter(|index| bears(&lines[*index])).max_by_key(|index| lines[*index].paid());
    for (index, line) in lines.iter_mut().enumerate().filter(|(_, line)| bears(line)) {
        let part = share(line) + if Some(index) == largest { amount - total } else { Decimal::ZERO };
        let whole = line.paid();
        (line.gross, line.discount, line.net) = (Some(whole), Some(part), Some(whole - part));
    }
}

/// A line of its own that takes off and says that it is a discount.
fn names_a_discount(line: &AdviceLine) -> bool {
    line.reference.is_none() && line.invoice_named.is_none() && line.paid().is_sign_negative() && line.text.as_deref().is_some_and(names_discount)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(reference: Option<&str>, net: &str, text: Option<&str>) -> AdviceLine {
        AdviceLine { reference: reference.map(str::to_owned), net: net.parse().ok(), text: text.map(str::to_owned), ..AdviceLine::default() }
    }

    #[test]
    fn one_discount_for_all_becomes_that_of_each() {
        let mut lines = vec![line(Some("R-1"), "1100.00", None), line(Some("R-2"), "2050.50", None), line(None, "-94.52", Some("3 % Skonto"))];
        discount(&mut lines, "EUR".parse().ok());
        let read: Vec<_> = lines.iter().map(|line| (line.gross, line.discount, line.net)).collect();
        let money = |text: &str| text.parse::<Decimal>().ok();
        assert_eq!(read, [(money("1100.00"), money("33.00"), money("1067.00")), (money("2050.50"), money("61.52"), money("1988.98"))]);
    }

    #[test]
    fn what_is_no_share_of_the_lines_stays_as_it_is() {
        for (amount, text) in [("-500.00", "Skonto"), ("-94.52", "Werbekostenzuschuss")] {
            let mut lines = vec![line(Some("R-1"), "1100.00", None), line(Some("R-2"), "2050.50", None), line(None, amount, Some(text))];
            let before = lines.clone();
            discount(&mut lines, None);
            assert_eq!(lines, before);
        }
    }
}

//! Digits that recognition misread, set right only where the sums of the row and of the page prove exactly one correction.

use recoup_engine::remittance::AdviceLine;
use rust_decimal::Decimal;

/// Repairs single digits so that all lines add up to the total; returns whether they do. Changes nothing otherwise.
pub(super) fn prove(lines: &mut [AdviceLine], total: Decimal) -> bool {
    let mut repaired = lines.to_vec();
    for line in &mut repaired {
        let (Some(expected), Some(net)) = (line.made(), line.net) else { continue };
        // A net amount that differs from its parts by one digit was misread, or one of the parts was; the total decides below.
        if expected != net && one_edit(net, expected) {
            line.net = Some(expected);
        }
    }
    let parts_win: Decimal = repaired.iter().map(AdviceLine::paid).sum();
    if parts_win == total {
        lines.clone_from_slice(&repaired);
        return true;
    }
    let missing = total - lines.iter().map(AdviceLine::paid).sum::<Decimal>();
    let fits = |line: &AdviceLine| {
        let net = line.paid();
        one_edit(net, net + missing) && line.made().is_none_or(|parts| parts == net + missing || parts == net || one_edit(parts, net + missing))
    };
    let proven: Vec<usize> = (0..lines.len()).filter(|index| fits(&lines[*index])).collect();
    // The row's own sum outweighs mere possibility: a line whose parts already say the missing amount is the one, next one whose parts say another.
    let says = |index: &usize, wanted: &dyn Fn(Decimal) -> bool| lines[*index].made().is_some_and(wanted);
    let by_parts = proven.iter().copied().filter(|index| says(index, &|parts| parts == lines[*index].paid() + missing)).collect();
    let unbalanced = proven.iter().copied().filter(|index| says(index, &|parts| parts != lines[*index].paid())).collect();
    let tiers: [Vec<usize>; 3] = [by_parts, unbalanced, proven];
    let Some(only) = tiers.into_iter().find_map(|found| if let [only] = found[..] { Some(only) } else { None }) else { return false };
    let line = &mut lines[only];
    let corrected = line.paid() + missing;
    // An amount printed twice and misread twice is one amount all the same.
    if line.gross.is_some() && line.discount.is_none() && line.adjustments.is_empty() {
        line.gross = Some(corrected);
    }
    line.net = Some(corrected);
    true
}

/// Whether two amounts differ by one digit that was misread, lost or added.
fn one_edit(one: Decimal, other: Decimal) -> bool {
    if one.is_sign_negative() != other.is_sign_negative() {
        return one == -other;
    }
    let digits = |value: Decimal| {
        let mut value = value.abs();
        value.rescale(2);
        value.mantissa().to_string().into_bytes()
    };
    let (one, other) = (digits(one), digits(other));
    if one.len() == other.len() {
        return one.iter().zip(&other).filter(|(left, right)| left != right).count() == 1;
    }
    let (short, long) = if one.len() < other.len() { (&one, &other) } else { (&other, &one) };
    long.len() == short.len() + 1
        && (0..long.len()).any(|skip| long.iter().enumerate().filter(|(index, _)| *index != skip).map(|(_, digit)| digit).eq(short.iter()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(gross: Option<i64>, net: i64) -> AdviceLine {
        AdviceLine { gross: gross.map(|cents| Decimal::new(cents, 2)), net: Some(Decimal::new(net, 2)), ..AdviceLine::default() }
    }

    #[test]
    fn a_misread_digit_is_set_right_when_row_and_total_prove_it() {
        let mut lines = [line(Some(123_456), 123_450), line(Some(500), 500)];
        assert!(prove(&mut lines, Decimal::new(123_956, 2)));
        assert_eq!(lines[0].net, Some(Decimal::new(123_456, 2)));
    }

    #[test]
    fn an_amount_misread_in_both_its_columns_is_the_one_that_the_total_misses() {
        let mut lines = [line(Some(146_068), 146_068), line(Some(-15_008), -15_900)];
        assert!(prove(&mut lines, Decimal::new(131_068, 2)));
        assert_eq!(
            (lines[0].net, lines[1].gross, lines[1].net),
            (Some(Decimal::new(146_068, 2)), Some(Decimal::new(-15_000, 2)), Some(Decimal::new(-15_000, 2)))
        );
    }

    #[test]
    fn two_possible_corrections_prove_nothing() {
        let mut lines = [line(None, 1_100), line(None, 2_100)];
        let before = lines.clone();
        assert!(!prove(&mut lines, Decimal::new(3_300, 2)));
        assert_eq!(lines, before);
    }
}

//! The sums of an advice: whether its lines make the stated total, and the parts of each line its net.

use std::fmt;

use recoup_engine::remittance::{AdviceLine, RemittanceAdvice};
use rust_decimal::Decimal;

/// A sum that was checked. Amounts are in the currency of the advice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sum {
    /// What so many lines make, beside the stated total.
    Total { lines: usize, made: Decimal, stated: Decimal },
    /// Gross less discount and deduction of the line with this number, beside its net.
    Line { number: usize, gross: Decimal, discount: Decimal, deduction: Decimal, made: Decimal, net: Decimal },
    /// So many lines show their parts, and each of them makes its net.
    EveryLine(usize),
}

impl Sum {
    pub fn holds(&self) -> bool {
        self.apart().is_zero()
    }

    /// The difference, without a sign.
    pub fn apart(&self) -> Decimal {
        match self {
            Self::Total { made, stated, .. } => (stated - made).abs(),
            Self::Line { made, net, .. } => (made - net).abs(),
            Self::EveryLine(_) => Decimal::ZERO,
        }
    }
}

/// In English, for the command line.
impl fmt::Display for Sum {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let apart = self.apart();
        match self {
            Self::Total { lines, made, stated } => {
                let lines = if *lines == 1 { "The line makes".to_owned() } else { format!("The {lines} lines make") };
                if self.holds() {
                    write!(formatter, "{lines} the stated total, {stated}.")
                } else {
                    write!(formatter, "{lines} {made}, the stated total is {stated}: {apart} apart.")
                }
            }
            Self::Line { number, gross, discount, deduction, made, net } => {
                write!(formatter, "Line {number}: gross {gross} - discount {discount} - deduction {deduction} makes {made}, the net says {net}: {apart} apart.")
            }
            Self::EveryLine(count) => write!(formatter, "Gross - discount - deduction = net on all {count} lines that show them."),
        }
    }
}

/// What the lines make beside the stated total; `None` when none is stated or no line is there.
pub fn total(advice: &RemittanceAdvice) -> Option<Sum> {
    let stated = advice.total.filter(|_| !advice.lines.is_empty())?;
    Some(Sum::Total { lines: advice.lines.len(), made: advice.paid_by_lines(), stated })
}

/// Every line whose parts don't make its net, or one sum that says that all do.
pub fn lines(advice: &RemittanceAdvice) -> Vec<Sum> {
    let checked: Vec<Sum> = (1..).zip(&advice.lines).filter_map(|(number, one)| line(number, one)).collect();
    let count = checked.len();
    let broken: Vec<Sum> = checked.into_iter().filter(|sum| !sum.holds()).collect();
    if broken.is_empty() && count > 0 { vec![Sum::EveryLine(count)] } else { broken }
}

/// What gross, discount and deductions of a line make beside its net; `None` when it doesn't show them.
pub fn line(number: usize, line: &AdviceLine) -> Option<Sum> {
    let (made, net) = line.made().zip(line.net)?;
    let (gross, discount, deduction) = (line.gross.unwrap_or_default(), line.discount.unwrap_or_default(), -line.adjusted());
    Some(Sum::Line { number, gross, discount, deduction, made, net })
}

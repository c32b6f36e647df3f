//! Whether a confidence means what it says: verdicts beside what people decided afterwards.

/// Verdicts of about the same confidence that people decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Band {
    /// Tenths: 9 holds 0.900 to 0.999, 10 what was certain.
    pub tenths: i64,
    /// Thousandths, summed over the cases.
    pub said: i64,
    pub right: i64,
    pub of: i64,
}

/// How far what was said is from what turned out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Calibration {
    pub cases: i64,
    /// Of those said with 0.9 or more.
    pub sure: i64,
    pub sure_and_right: i64,
    /// The expected calibration error in thousandths: the gap between said and right, over all bands by their cases. `None` without a case.
    pub error: Option<i64>,
}

impl Calibration {
    pub fn of(bands: &[Band]) -> Self {
        let cases: i64 = bands.iter().map(|band| band.of).sum();
        let sure = || bands.iter().filter(|band| band.tenths >= 9);
        let tenths = |wanted: i64| bands.iter().filter(move |band| band.tenths == wanted);
        let gap = |wanted| tenths(wanted).map(|band| band.said - 1000 * band.right).sum::<i64>().abs();
        Self {
            cases,
            sure: sure().map(|band| band.of).sum(),
            sure_and_right: sure().map(|band| band.right).sum(),
            error: (0..=10).map(gap).sum::<i64>().checked_div(cases),
        }
    }

    /// Whether of what is said with 0.9 at least 0.9 is right.
    pub fn holds(&self) -> bool {
        self.sure_and_right * 10 >= self.sure * 9
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_weighs_each_band_by_its_cases() {
        // 0.95 said ten times and right nine times; 0.5 said ten times and right five times.
        let bands = [Band { tenths: 9, said: 9_500, right: 9, of: 10 }, Band { tenths: 5, said: 5_000, right: 5, of: 10 }];
        let calibration = Calibration::of(&bands);
        assert_eq!(calibration, Calibration { cases: 20, sure: 10, sure_and_right: 9, error: Some(25) });
        assert!(calibration.holds());
        assert!(!Calibration::of(&[Band { tenths: 10, said: 20_000, right: 17, of: 20 }]).holds());
        // Two currencies of one band are one band: their gaps may cancel.
        let halves = [Band { tenths: 9, said: 1_900, right: 2, of: 2 }, Band { tenths: 9, said: 1_900, right: 1, of: 2 }];
        assert_eq!(Calibration::of(&halves).error, Some(200));
        assert_eq!(Calibration::of(&[]), Calibration::default());
    }
}

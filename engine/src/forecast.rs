//! What may be deducted in the weeks to come: the amounts that so many weeks in a row came to before, their middle and where four in five of them lie.
//!
//! No curve is fitted and no season is assumed: the past year says how much so many weeks can come to, and a young past says nothing.

/// Weeks of the past that count: a year, so that every season is in it once.
pub const PAST_WEEKS: usize = 52;
/// With fewer runs of weeks to look at, a tenth of them is nothing.
const LEAST_RUNS: usize = 10;

/// What so many weeks may come to, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// Half of the past runs of weeks came to less, half to more.
    pub expected: i64,
    /// One run in ten came to less than this.
    pub low: i64,
    /// One run in ten came to more than this.
    pub high: i64,
    /// Runs that it rests on.
    pub runs: usize,
}

impl Forecast {
    /// Whether an amount lies in the interval.
    pub const fn holds(&self, amount: i64) -> bool {
        self.low <= amount && amount <= self.high
    }
}

/// The forecast for the next `horizon` weeks from what each past week came to, oldest first; weeks before the first deduction are no history. `None` when
/// the past is too short.
pub fn forecast(weeks: &[i64], horizon: usize) -> Option<Forecast> {
    let begun = weeks.iter().position(|week| *week != 0)?;
    let past = &weeks[begun.max(weeks.len().saturating_sub(PAST_WEEKS))..];
    let mut runs: Vec<i64> = past.windows(horizon.max(1)).map(|run| run.iter().sum()).collect();
    if runs.len() < LEAST_RUNS {
        return None;
    }
    runs.sort_unstable();
    Some(Forecast { expected: quantile(&runs, 50), low: quantile(&runs, 10), high: quantile(&runs, 90), runs: runs.len() })
}

/// The smallest value that is not exceeded by so many hundredths of the sorted values.
fn quantile(sorted: &[i64], hundredths: usize) -> i64 {
    sorted[(sorted.len() * hundredths).div_ceil(100).clamp(1, sorted.len()) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_and_four_in_five_of_the_past_runs() {
        // 20 runs of one week: 1 to 20.
        let weeks: Vec<i64> = (1..=20).collect();
        let of_one = forecast(&weeks, 1).expect("enough");
        assert_eq!(of_one, Forecast { expected: 10, low: 2, high: 18, runs: 20 });
        assert_eq!(weeks.iter().filter(|week| of_one.holds(**week)).count(), 17);
        // Runs of 8 weeks: from 1 + … + 8 = 36 in steps of 8.
        assert_eq!(forecast(&weeks, 8), Some(Forecast { expected: 84, low: 44, high: 124, runs: 13 }));
    }

    #[test]
    fn a_steady_past_leaves_no_doubt() {
        assert_eq!(forecast(&[500; 60], 8), Some(Forecast { expected: 4_000, low: 4_000, high: 4_000, runs: 45 }));
    }

    #[test]
    fn a_short_past_says_nothing_and_weeks_before_the_first_deduction_are_none() {
        assert_eq!(forecast(&[], 8), None);
        assert_eq!(forecast(&[0; 52], 8), None);
        let mut young = vec![0; 40];
        young.extend([100; 16]);
        assert_eq!(forecast(&young, 8), None, "nine runs");
        young.push(100);
        assert_eq!(forecast(&young, 8), Some(Forecast { expected: 800, low: 800, high: 800, runs: 10 }));
        assert_eq!(forecast(&[7; 5], 0).map(|none| none.runs), None);
    }

    #[test]
    fn only_the_last_year_counts() {
        let mut weeks = vec![1_000_000; 30];
        weeks.extend([100; PAST_WEEKS]);
        assert_eq!(forecast(&weeks, 8).map(|forecast| forecast.high), Some(800));
    }
}

//! Geometry of the small bar charts: whole numbers of a view box; the template draws them, and a table stands behind each.

/// A bar in the units of its view box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub height: i64,
    pub label: String,
    pub value: String,
    /// Which colour: 0, 1, 2, 3.
    pub series: usize,
}

impl Bar {
    /// The bar of a value beside the largest of its chart.
    pub fn standing(value: i64, largest: i64, x: i64, width: i64, series: usize) -> Self {
        let height = height(value, largest);
        Self { x, y: HEIGHT - height, width, height, label: String::new(), value: String::new(), series }
    }

    /// What it is of, and what it comes to.
    pub fn saying(self, label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), ..self }
    }
}

/// Height of the plot.
pub const HEIGHT: i64 = 120;

/// The height of a value beside the largest; what is more than nothing is seen.
fn height(value: i64, largest: i64) -> i64 {
    if value <= 0 || largest <= 0 {
        return 0;
    }
    let scaled = i128::from(value) * i128::from(HEIGHT) / i128::from(largest);
    i64::try_from(scaled).unwrap_or(HEIGHT).clamp(2, HEIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stay_in_their_plot() {
        assert_eq!(height(50, 100), HEIGHT / 2);
        assert_eq!(height(1, 1_000_000), 2);
        assert_eq!(height(0, 100), 0);
        assert_eq!(height(i64::MAX, i64::MAX), HEIGHT);
    }
}

//! The only place that asks what time it is.

use jiff::Timestamp;

tokio::task_local! {
    static GIVEN: Timestamp;
}

/// Does something as of a moment that is given instead of asked: the demo tells its past so.
pub async fn at<F: Future>(moment: Timestamp, doing: F) -> F::Output {
    GIVEN.scope(moment, doing).await
}

fn now() -> Timestamp {
    GIVEN.try_with(|moment| *moment).unwrap_or_else(|_| Timestamp::now())
}

/// Now in UTC to the second, ISO 8601: a label on receipts and log entries, never an order and never a business date.
pub fn now_text() -> String {
    let now = now();
    now.round(jiff::Unit::Second).unwrap_or(now).to_string()
}

/// Nanoseconds since 1970: tells two runs of the same second apart.
pub fn now_nanoseconds() -> i128 {
    Timestamp::now().as_nanosecond()
}

/// Seconds since 1970, for the limits of sessions.
pub fn now_seconds() -> i64 {
    now().as_second()
}

/// Today's date in UTC.
pub fn today() -> jiff::civil::Date {
    now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_given_moment_holds_for_what_is_done_in_it_and_no_longer() {
        let moment: Timestamp = "2020-02-29T10:00:00Z".parse().expect("a moment");
        let (day, text) = at(moment, async { (today().to_string(), now_text()) }).await;
        assert_eq!((day.as_str(), text.as_str()), ("2020-02-29", "2020-02-29T10:00:00Z"));
        assert!(today().to_string().as_str() > "2020-02-29");
    }
}

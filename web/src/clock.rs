//! The only place that asks what time it is.

use jiff::Timestamp;

/// Now in UTC to the second, ISO 8601: a label on receipts and log entries, never an order and never a business date.
pub fn now_text() -> String {
    Timestamp::now().round(jiff::Unit::Second).unwrap_or_else(|_| Timestamp::now()).to_string()
}

/// Nanoseconds since 1970: tells two runs of the same second apart.
pub fn now_nanoseconds() -> i128 {
    Timestamp::now().as_nanosecond()
}

/// Seconds since 1970, for the limits of sessions.
pub fn now_seconds() -> i64 {
    Timestamp::now().as_second()
}

/// Today's date in UTC.
pub fn today() -> jiff::civil::Date {
    Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

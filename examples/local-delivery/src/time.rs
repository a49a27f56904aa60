//! The current time, and the formats of times in requests and responses.

use std::time::SystemTime;

use chrono::DateTime;

/// Returns the current time in Unix seconds.
pub(crate) fn now() -> i64 {
    let elapsed = SystemTime::UNIX_EPOCH.elapsed();
    i64::try_from(elapsed.unwrap_or_default().as_secs()).unwrap_or(i64::MAX)
}

/// Formats Unix seconds as `2026-11-26T13:40:12Z`.
pub(crate) fn rfc3339(seconds: i64) -> String {
    format(seconds, "%Y-%m-%dT%H:%M:%SZ")
}

/// Formats Unix seconds as `2026-11-26T13:40:12+00:00`.
pub(crate) fn rfc3339_with_offset(seconds: i64) -> String {
    format(seconds, "%Y-%m-%dT%H:%M:%S+00:00")
}

/// Formats Unix seconds as `2015-06-20 12:59:41 +0000`.
pub(crate) fn reported(seconds: i64) -> String {
    format(seconds, "%Y-%m-%d %H:%M:%S +0000")
}

fn format(seconds: i64, format: &str) -> String {
    let time = DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    time.format(format).to_string()
}

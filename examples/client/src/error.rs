//! Sync errors and the delay before a retry.

use std::io;
use std::time::Duration;

use anyhow::anyhow;
use rusqlite::ErrorCode;

/// The delay after the first failure, before randomization.
const FIRST_DELAY: Duration = Duration::from_millis(500);

/// The maximum delay that the client chooses.
const MAX_DELAY: Duration = Duration::from_mins(1);

/// The maximum delay that a host can request.
const MAX_RETRY_AFTER: Duration = Duration::from_hours(1);

/// The maximum length of a text of the host in an error message, in bytes.
const PRINTED: usize = 400;

/// A failed attempt to sync the copy.
#[derive(Debug)]
pub(crate) enum SyncError {
    /// The next attempt may succeed.
    Transient {
        error: anyhow::Error,
        /// The delay that the host requests.
        retry_after: Option<Duration>,
    },
    /// Another attempt in this sync is no use, but a later sync may succeed.
    Rejected(anyhow::Error),
    /// The next sync will fail as well.
    Permanent(anyhow::Error),
}

impl SyncError {
    pub(crate) fn transient(error: impl Into<anyhow::Error>) -> Self {
        Self::Transient {
            error: error.into(),
            retry_after: None,
        }
    }

    pub(crate) fn into_error(self) -> anyhow::Error {
        match self {
            Self::Transient { error, .. } | Self::Rejected(error) | Self::Permanent(error) => error,
        }
    }

    /// Adds the place of the error.
    pub(crate) fn context(self, place: String) -> Self {
        match self {
            Self::Transient { error, retry_after } => Self::Transient {
                error: error.context(place),
                retry_after,
            },
            Self::Rejected(error) => Self::Rejected(error.context(place)),
            Self::Permanent(error) => Self::Permanent(error.context(place)),
        }
    }
}

impl From<rusqlite::Error> for SyncError {
    fn from(error: rusqlite::Error) -> Self {
        let code = error.sqlite_error_code();
        let error = database_error(error).context("cannot update the copy");
        match code {
            // Another client is writing to the copy.
            Some(ErrorCode::DatabaseBusy) => Self::transient(error),
            Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure) => Self::Rejected(error),
            _ => Self::Permanent(error),
        }
    }
}

impl From<io::Error> for SyncError {
    fn from(error: io::Error) -> Self {
        Self::Permanent(anyhow::Error::new(error).context("cannot write standard output"))
    }
}

/// Converts an error of `rusqlite` without its source, which repeats the message, and
/// without the statement, which has several lines.
pub(crate) fn database_error(error: rusqlite::Error) -> anyhow::Error {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => anyhow!(msg),
        error => anyhow!("{error}"),
    }
}

/// Returns whether another client has locked the database.
pub(crate) fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

/// Returns a text of the host for an error message: escaped and of limited length.
pub(crate) fn printable(text: &str) -> String {
    let mut printable = String::new();
    for letter in text.chars() {
        if printable.len() >= PRINTED {
            printable.push_str("...");
            break;
        }
        if letter == '\\' || letter == '"' || letter == '\'' {
            printable.push(letter);
        } else {
            printable.extend(letter.escape_debug());
        }
    }
    printable
}

/// Returns the delay before the next attempt.
///
/// The delay doubles with each failure. It is randomized, so that many clients
/// do not retry at the same time, and is at least the delay that the host
/// requests.
pub(crate) fn retry_delay(failures: u32, retry_after: Option<Duration>) -> Duration {
    let delay = FIRST_DELAY
        .saturating_mul(1_u32.checked_shl(failures).unwrap_or(u32::MAX))
        .min(MAX_DELAY)
        .mul_f64(0.5 + fastrand::f64() / 2.0);
    let retry_after = retry_after.unwrap_or_default().min(MAX_RETRY_AFTER);
    delay.max(retry_after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_a_minute() {
        for (failures, full) in [(0, 0.5), (1, 1.0), (5, 16.0), (7, 60.0), (40, 60.0)] {
            for _ in 0..100 {
                let delay = retry_delay(failures, None).as_secs_f64();
                assert!((full / 2.0..=full).contains(&delay), "{failures}: {delay}");
            }
        }
    }

    #[test]
    fn retry_after_is_respected_up_to_an_hour() {
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(retry_delay(0, seconds(7)), Duration::from_secs(7));
        assert!(retry_delay(7, seconds(7)) >= Duration::from_secs(30));
        assert_eq!(retry_delay(0, seconds(u64::MAX)), MAX_RETRY_AFTER);
    }
}

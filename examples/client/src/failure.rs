//! What may go wrong, and when to try again.

use std::time::Duration;

use rusqlite::ErrorCode;

/// The wait after the first failure, before it is made random.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// The longest wait of our own accord.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// The longest wait that a host can ask for.
const LONGEST_RETRY_AFTER: Duration = Duration::from_hours(1);

/// Why the copy was not brought up to date.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The next try may succeed.
    Passing {
        error: anyhow::Error,
        /// What the host asks to wait.
        retry_after: Option<Duration>,
    },
    /// It won't.
    Lasting(anyhow::Error),
}

impl Failure {
    pub(crate) fn passing(error: impl Into<anyhow::Error>) -> Self {
        Self::Passing {
            error: error.into(),
            retry_after: None,
        }
    }

    pub(crate) fn into_error(self) -> anyhow::Error {
        match self {
            Self::Passing { error, .. } | Self::Lasting(error) => error,
        }
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        let busy = error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy);
        let error = anyhow::Error::new(error).context("the copy");
        if busy {
            // Another client is at it.
            Self::passing(error)
        } else {
            Self::Lasting(error)
        }
    }
}

/// How long to wait after so many failures before: twice as long each time,
/// at random so that many clients don't come back at once, and never less than
/// the host asks for.
pub(crate) fn wait(failed: u32, retry_after: Option<Duration>) -> Duration {
    let wait = FIRST_WAIT
        .saturating_mul(1_u32.checked_shl(failed).unwrap_or(u32::MAX))
        .min(LONGEST_WAIT)
        .mul_f64(0.5 + fastrand::f64() / 2.0);
    let retry_after = retry_after.unwrap_or_default().min(LONGEST_RETRY_AFTER);
    wait.max(retry_after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_get_longer_up_to_a_minute() {
        for (failed, full) in [(0, 0.5), (1, 1.0), (5, 16.0), (7, 60.0), (40, 60.0)] {
            for _ in 0..100 {
                let wait = wait(failed, None).as_secs_f64();
                assert!((full / 2.0..=full).contains(&wait), "{failed}: {wait}");
            }
        }
    }

    #[test]
    fn a_host_is_given_the_time_it_asks_for_but_no_more_than_an_hour() {
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(wait(0, seconds(7)), Duration::from_secs(7));
        assert!(wait(7, seconds(7)) >= Duration::from_secs(30));
        assert_eq!(wait(0, seconds(u64::MAX)), LONGEST_RETRY_AFTER);
    }
}

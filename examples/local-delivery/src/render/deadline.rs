//! The limit of time.

use std::time::Instant;

use super::error::RenderError;

/// The end of the time that a transformation may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline(Instant);

impl Deadline {
    pub(super) const fn new(instant: Instant) -> Self {
        Self(instant)
    }

    pub(super) const fn instant(self) -> Instant {
        self.0
    }

    /// Fails after the deadline.
    pub(super) fn check(self) -> Result<(), RenderError> {
        if Instant::now() >= self.0 {
            return Err(RenderError::TimedOut);
        }
        Ok(())
    }
}

//! The progress of an attempt to receive a payload, and its limits.

use std::cell::{Cell, RefCell};
use std::io::{self, Read};
use std::time::{Duration, Instant};

use anyhow::anyhow;

use crate::error::SyncError;
use crate::limits::Limits;

/// The maximum number of bytes in one image.
const IMAGE_BYTES: u64 = 16 * 1024 * 1024;

/// The time limit of a sync, for all its attempts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    at: Instant,
    timeout: Duration,
}

impl Deadline {
    pub(crate) fn new(limits: &Limits) -> Self {
        let timeout = limits.sync_timeout();
        Self {
            at: Instant::now() + timeout,
            timeout,
        }
    }

    /// Returns the remaining time.
    pub(crate) fn remaining(&self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }

    /// Checks that time remains.
    ///
    /// # Errors
    ///
    /// - The deadline has passed.
    pub(crate) fn check(&self) -> Result<(), SyncError> {
        if self.remaining().is_zero() {
            return Err(SyncError::Rejected(anyhow!(
                "the sync took longer than {} s (`--sync-timeout`)",
                self.timeout.as_secs()
            )));
        }
        Ok(())
    }
}

/// Counts the bytes and images of a payload, and fails when a limit is exceeded.
pub(crate) struct Progress<'a> {
    limits: &'a Limits,
    deadline: Deadline,
    /// The time of the last image, or the start.
    last_image: Cell<Instant>,
    /// The bytes that the current image may still have.
    image_bytes: Cell<u64>,
    images: Cell<u64>,
    invalid: Cell<u64>,
    /// The first error of a reader.
    exceeded: RefCell<Option<SyncError>>,
}

impl<'a> Progress<'a> {
    pub(crate) fn new(limits: &'a Limits, deadline: Deadline) -> Self {
        Self {
            limits,
            deadline,
            last_image: Cell::new(Instant::now()),
            image_bytes: Cell::new(IMAGE_BYTES),
            images: Cell::new(0),
            invalid: Cell::new(0),
            exceeded: RefCell::new(None),
        }
    }

    /// Returns a reader that fails if the next image takes too long or `reader`
    /// returns too many bytes.
    pub(crate) fn received<R: Read>(&self, reader: R) -> Received<'_, 'a, R> {
        Received {
            reader,
            bytes: 0,
            progress: self,
        }
    }

    /// Returns a reader that fails if an image or the payload has too many bytes.
    pub(crate) fn decoded<R: Read>(&self, reader: R) -> Decoded<'_, 'a, R> {
        Decoded {
            reader,
            bytes: 0,
            progress: self,
        }
    }

    /// Counts an image.
    ///
    /// # Errors
    ///
    /// - The payload has too many images.
    pub(crate) fn image(&self) -> Result<(), SyncError> {
        self.image_bytes.set(IMAGE_BYTES);
        self.last_image.set(Instant::now());
        let max = self.limits.max_images;
        if self.images.replace(self.images.get() + 1) >= max {
            return Err(SyncError::Rejected(anyhow!(
                "the payload has more than {max} images (`--max-images`)"
            )));
        }
        Ok(())
    }

    /// Counts an invalid image.
    ///
    /// # Errors
    ///
    /// - The payload has too many invalid images.
    pub(crate) fn invalid(&self, first_error: &str) -> Result<(), SyncError> {
        let max = self.limits.max_invalid;
        if self.invalid.replace(self.invalid.get() + 1) >= max {
            return Err(SyncError::Rejected(anyhow!(
                "more than {max} images of the payload are invalid (`--max-invalid`); the first error: {first_error}"
            )));
        }
        Ok(())
    }

    /// Returns the limit that a reader exceeded.
    pub(crate) fn exceeded(&self) -> Option<SyncError> {
        self.exceeded.take()
    }

    fn check_time(&self) -> Result<(), SyncError> {
        self.deadline.check()?;
        let timeout = self.limits.image_timeout();
        if self.last_image.get().elapsed() >= timeout {
            return Err(SyncError::transient(anyhow!(
                "no image was received for {} s (`--image-timeout`)",
                timeout.as_secs()
            )));
        }
        Ok(())
    }

    fn check_bytes(&self, bytes: u64) -> Result<(), SyncError> {
        let max = self.limits.max_bytes;
        if bytes > max {
            return Err(SyncError::Rejected(anyhow!(
                "the payload is longer than {max} bytes (`--max-bytes`)"
            )));
        }
        Ok(())
    }

    fn check_image_bytes(&self, read: u64) -> Result<(), SyncError> {
        let left = self.image_bytes.get().checked_sub(read);
        self.image_bytes.set(left.ok_or_else(|| {
            SyncError::Rejected(anyhow!("an image is longer than {IMAGE_BYTES} bytes"))
        })?);
        Ok(())
    }

    /// Keeps the error for [`exceeded`](Self::exceeded).
    fn io(&self, checked: Result<(), SyncError>) -> io::Result<()> {
        checked.map_err(|error| {
            self.exceeded.borrow_mut().get_or_insert(error);
            io::Error::other("a limit was exceeded")
        })
    }
}

/// A reader of the body as received.
pub(crate) struct Received<'p, 'a, R> {
    reader: R,
    bytes: u64,
    progress: &'p Progress<'a>,
}

impl<R: Read> Read for Received<'_, '_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer);
        // A read that failed because of its time limit may have exceeded another one.
        self.progress.io(self.progress.check_time())?;
        let read = read?;
        self.bytes += read as u64;
        self.progress.io(self.progress.check_bytes(self.bytes))?;
        Ok(read)
    }
}

/// A reader of the decompressed body.
pub(crate) struct Decoded<'p, 'a, R> {
    reader: R,
    bytes: u64,
    progress: &'p Progress<'a>,
}

impl<R: Read> Read for Decoded<'_, '_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.bytes += read as u64;
        let checked = self.progress.check_bytes(self.bytes);
        self.progress.io(checked)?;
        self.progress
            .io(self.progress.check_image_bytes(read as u64))?;
        Ok(read)
    }
}

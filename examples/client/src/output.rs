//! Standard output, which a reader may close early.

use std::io::{self, ErrorKind, Write};

/// A writer that ignores everything after its reader has closed the pipe, as `head`
/// does.
pub(crate) struct Output<W> {
    writer: W,
    closed: bool,
}

impl<W: Write> Output<W> {
    pub(crate) const fn new(writer: W) -> Self {
        Self {
            writer,
            closed: false,
        }
    }

    /// Returns whether the reader has closed the pipe.
    pub(crate) const fn is_closed(&self) -> bool {
        self.closed
    }

    /// Returns the result of a write, or `ignored` if the pipe is closed.
    fn unless_closed<T>(&mut self, written: io::Result<T>, ignored: T) -> io::Result<T> {
        match written {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(ignored)
            }
            written => written,
        }
    }
}

impl<W: Write> Write for Output<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.closed {
            return Ok(bytes.len());
        }
        let written = self.writer.write(bytes);
        self.unless_closed(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        let flushed = self.writer.flush();
        self.unless_closed(flushed, ())
    }
}

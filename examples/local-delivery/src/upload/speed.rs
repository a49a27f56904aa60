//! The minimum speed of uploads.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use http::StatusCode;
use hyper::body::{Frame, SizeHint};
use tokio::time::sleep;

use crate::response::Problem;

/// The minimum number of bytes per second.
const BYTES_PER_SECOND: usize = 16 * 1_024;

/// The number of seconds over which the speed is measured.
const SECONDS: usize = 10;

/// A counter of the bytes of a body.
#[derive(Clone, Debug, Default)]
pub(super) struct Speed {
    received: Arc<AtomicUsize>,
}

/// A body whose bytes are counted.
struct CountedBody {
    body: Body,
    speed: Speed,
}

impl Speed {
    /// Counts the bytes of a body while they are received.
    pub(super) fn count(&self, body: Body) -> Body {
        Body::new(CountedBody {
            body,
            speed: self.clone(),
        })
    }

    fn add(&self, bytes: usize) {
        self.received.fetch_add(bytes, Ordering::Relaxed);
    }

    fn received(&self) -> usize {
        self.received.load(Ordering::Relaxed)
    }

    /// Waits until the body is received too slowly. A client that sends a large part fast
    /// and then waits is slow, too.
    pub(super) async fn too_slow(&self) -> Problem {
        let seconds = u64::try_from(SECONDS).unwrap_or_default();
        let mut before = self.received();
        loop {
            sleep(Duration::from_secs(seconds)).await;
            let received = self.received();
            if is_slow(received - before) {
                break;
            }
            before = received;
        }
        Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            format!("The form is received too slowly; send {BYTES_PER_SECOND} bytes per second"),
        )
    }
}

/// Returns whether a number of bytes in [`SECONDS`] is too small.
const fn is_slow(bytes: usize) -> bool {
    bytes < BYTES_PER_SECOND * SECONDS
}

impl HttpBody for CountedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if let Some(Ok(frame)) = &frame
            && let Some(bytes) = frame.data_ref()
        {
            self.speed.add(bytes.len());
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_bytes_in_a_period_are_slow() {
        // 10 seconds with 16 KiB each.
        assert!(is_slow(0));
        assert!(is_slow(163_839));
        assert!(!is_slow(163_840));
    }

    #[tokio::test]
    async fn bytes_of_a_body_are_counted() {
        let speed = Speed::default();
        let body = speed.count(Body::from("12345"));
        assert_eq!(speed.received(), 0);
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        assert_eq!(bytes, "12345");
        assert_eq!(speed.received(), 5);
    }
}

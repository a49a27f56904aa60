//! A stream of records that follows a script, and a task that polls it.

#![allow(dead_code, reason = "not every file uses every item")]

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::Stream;
use image_model::{Crop, Image, Rotation, Unsigned};
use sync_payload::{ImageSigner, PayloadEncoder, PayloadRecord, WireStyle};
use url_signer::cloudinary::Asset;

use crate::support::recorded_images;

pub(crate) type Record = (Image<Unsigned>, Option<Asset>);

/// The recorded images: plain, edited and pending.
pub(crate) fn records() -> Vec<Record> {
    let recorded = recorded_images();
    let crop = Crop::new(1.0, 2.5, 30.0, 40.0).unwrap();
    let edited = recorded.clone().into_iter().map(|(image, asset)| {
        let mut image = Image {
            rotation: Rotation::new(-90).unwrap(),
            title: Some("a \"title\" & <more>\u{2028}".to_owned()),
            ..image
        };
        image.set_crop(crop);
        (image, Some(asset))
    });
    let plain = recorded.iter().cloned();
    let plain = plain.map(|(image, asset)| (image, Some(asset)));
    let pending = recorded
        .iter()
        .take(2)
        .map(|(image, _)| (image.clone(), None));
    plain.chain(edited).chain(pending).collect()
}

/// Encodes a payload in one buffer.
pub(crate) fn buffered(signer: &ImageSigner, records: &[Record], style: WireStyle) -> Vec<u8> {
    let mut encoder = PayloadEncoder::new(style);
    for record in records {
        record.push_to(&mut encoder, signer);
    }
    encoder.finish()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Failure(pub(crate) usize);

#[allow(clippy::large_enum_variant, reason = "most steps are records")]
pub(crate) enum Step {
    Record(Record),
    Failure(Failure),
    /// Nothing is available until the task is woken.
    Pending,
}

/// Panics if it is polled after its end or after a failure.
pub(crate) struct Scripted {
    steps: VecDeque<Step>,
    ended: bool,
    /// The number of records that were read. Its other owners see whether the stream
    /// still exists.
    pub(crate) read: Arc<AtomicUsize>,
}

impl Scripted {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            steps: steps.into_iter().collect(),
            ended: false,
            read: Arc::default(),
        }
    }

    pub(crate) fn of(records: &[Record]) -> Self {
        Self::new(records.iter().cloned().map(Step::Record))
    }
}

impl Stream for Scripted {
    type Item = Result<Record, Failure>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Record, Failure>>> {
        assert!(!self.ended, "polled after the end");
        match self.steps.pop_front() {
            Some(Step::Record(record)) => {
                self.read.fetch_add(1, Ordering::Relaxed);
                Poll::Ready(Some(Ok(record)))
            }
            Some(Step::Failure(failure)) => {
                self.ended = true;
                Poll::Ready(Some(Err(failure)))
            }
            Some(Step::Pending) => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            None => {
                self.ended = true;
                Poll::Ready(None)
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let steps = self.steps.iter();
        let items = steps.filter(|step| !matches!(step, Step::Pending)).count();
        (items, Some(items))
    }
}

/// A task that counts how often it is woken.
#[derive(Default)]
pub(crate) struct Task {
    pub(crate) woken: AtomicUsize,
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        self.woken.fetch_add(1, Ordering::Relaxed);
    }
}

/// Polls until an item is ready. Panics if the task is not woken after `Pending`.
/// Returns the item and the number of times that none was ready.
pub(crate) fn wait<T>(mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>) -> (T, usize) {
    let task = Arc::new(Task::default());
    let waker = Waker::from(Arc::clone(&task));
    let mut context = Context::from_waker(&waker);
    let mut pending = 0;
    loop {
        match poll(&mut context) {
            Poll::Ready(item) => return (item, pending),
            Poll::Pending => pending += 1,
        }
        assert_eq!(task.woken.load(Ordering::Relaxed), pending, "woken");
    }
}

//! Streamed payloads, compared with buffered ones.

#![cfg(feature = "stream")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

#[path = "support/scripted.rs"]
mod scripted;
mod support;

use std::cell::Cell;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Waker};

use futures_util::stream::{self, BoxStream, FusedStream};
use futures_util::{Stream, StreamExt};
use image_model::{Image, Unsigned};
use scripted::{Failure, Record, Scripted, Step, buffered, records, wait};
use support::{recorded_images, reference_signer};
use sync_payload::{PayloadStream, WireStyle};
use url_signer::cloudinary::Asset;

type Chunk = Result<Vec<u8>, Failure>;

/// Returns all items until the end, and checks that the stream stays ended and that its
/// size hints are true.
fn drain<B: AsRef<[u8]>>(
    mut stream: impl FusedStream<Item = Result<B, Failure>> + Unpin,
) -> Vec<Chunk> {
    let (mut items, mut hints) = (Vec::new(), Vec::new());
    loop {
        hints.push(stream.size_hint());
        assert_eq!(stream.is_terminated(), stream.size_hint() == (0, Some(0)));
        let (item, _) = wait(|context| stream.poll_next_unpin(context));
        match item {
            Some(item) => items.push(item.map(|chunk| chunk.as_ref().to_vec())),
            None => break,
        }
    }
    for (before, (lower, upper)) in hints.into_iter().enumerate() {
        let left = items.len() - before;
        assert!(lower <= left && upper.is_none_or(|upper| left <= upper));
    }
    for _ in 0..3 {
        assert!(stream.is_terminated());
        let (item, _) = wait(|context| stream.poll_next_unpin(context));
        assert!(item.is_none());
    }
    items
}

fn concat(chunks: Vec<Chunk>) -> Vec<u8> {
    let chunks: Result<Vec<_>, _> = chunks.into_iter().collect();
    chunks.unwrap().concat()
}

#[test]
fn every_chunk_size_gives_the_buffered_bytes() {
    let (signer, records) = (reference_signer(), records());
    let whole = buffered(&signer, &records, WireStyle::Rails);
    // An image has about 3,000 bytes, so other sizes give the chunks of one of these.
    let sizes = (0..=whole.len() + 2)
        .step_by(97)
        .chain([1, whole.len() - 1, whole.len()]);
    for size in sizes.chain([usize::MAX]) {
        let stream = PayloadStream::new(&signer, Scripted::of(&records)).with_chunk_size(size);
        let chunks = drain(stream);
        let (last, full) = chunks.split_last().unwrap();
        assert!(!last.as_ref().unwrap().is_empty());
        for chunk in full.iter().map(|chunk| chunk.as_ref().unwrap()) {
            let size = size.max(1);
            assert!(
                (size..size + 8192).contains(&chunk.len()),
                "{size}: {}",
                chunk.len()
            );
        }
        assert_eq!(concat(chunks), whole, "{size}");
    }
}

#[test]
fn a_payload_without_images_is_an_empty_list() {
    let stream = PayloadStream::new(reference_signer(), Scripted::of(&[]));
    assert_eq!(drain(stream), [Ok(b"[]".to_vec())]);
}

#[test]
fn the_style_is_that_of_the_buffered_payload() {
    let (signer, records) = (reference_signer(), records());
    for style in [WireStyle::Rails, WireStyle::Plain] {
        let stream = PayloadStream::new(&signer, Scripted::of(&records)).with_style(style);
        assert_eq!(concat(drain(stream)), buffered(&signer, &records, style));
    }
    assert_ne!(
        buffered(&signer, &records, WireStyle::Rails),
        buffered(&signer, &records, WireStyle::Plain)
    );
}

#[test]
fn an_error_at_any_position_ends_the_stream() {
    let (signer, records) = (reference_signer(), records());
    let whole = buffered(&signer, &records, WireStyle::Rails);
    for at in 0..=records.len() {
        for size in [0, 4_096, 32 * 1024] {
            let (before, after) = records.split_at(at);
            let steps = before.iter().cloned().map(Step::Record);
            let steps = steps.chain([Step::Failure(Failure(at))]);
            let steps = steps.chain(after.iter().cloned().map(Step::Record));
            let source = Scripted::new(steps);
            let read = Arc::clone(&source.read);
            let reported = Cell::new(Vec::new());
            let stream = PayloadStream::new(&signer, source)
                .on_error(|failure: &Failure| reported.set(vec![*failure]))
                .with_chunk_size(size);
            let mut chunks = drain(stream);
            assert_eq!(chunks.pop(), Some(Err(Failure(at))));
            assert_eq!(reported.take(), [Failure(at)]);
            assert_eq!(read.load(Ordering::Relaxed), at);
            let sent = concat(chunks);
            assert!(whole.starts_with(&sent) && sent.len() < whole.len());
            if size == 0 {
                let complete = buffered(&signer, before, WireStyle::Rails);
                assert_eq!(
                    sent,
                    if at == 0 {
                        b""
                    } else {
                        &complete[..complete.len() - 1]
                    }
                );
            }
        }
    }
}

#[test]
fn a_payload_is_not_completed_after_a_panic() {
    let (signer, records) = (reference_signer(), records());
    let whole = buffered(&signer, &records, WireStyle::Rails);
    for size in [0, 4_096, usize::MAX] {
        let mut polls = 0;
        let source = stream::poll_fn(|_| {
            polls += 1;
            assert_ne!(polls, 3, "a bug of the host");
            let record = records.get(polls - 1).cloned();
            Poll::Ready(record.map(Ok::<_, Failure>))
        });
        let mut stream = PayloadStream::new(&signer, source).with_chunk_size(size);
        let (mut sent, mut panics) = (Vec::new(), 0);
        for _ in 0..records.len() + 2 {
            let mut poll = || stream.poll_next_unpin(&mut Context::from_waker(Waker::noop()));
            match catch_unwind(AssertUnwindSafe(&mut poll)) {
                Ok(Poll::Ready(Some(chunk))) => sent.extend(chunk.unwrap()),
                Ok(Poll::Ready(None)) => assert!(panics > 0),
                Ok(Poll::Pending) => panic!("pending"),
                Err(_) => panics += 1,
            }
        }
        assert_eq!(panics, 1);
        assert!(stream.is_terminated());
        assert!(whole.starts_with(&sent) && sent.len() < whole.len());
        assert!(image_model::from_slice::<String>(&sent).is_err());
    }
}

#[test]
fn a_complete_payload_reports_no_error() {
    let source = Scripted::of(&records());
    let stream =
        PayloadStream::new(reference_signer(), source).on_error(|failure| panic!("{failure:?}"));
    assert!(drain(stream).iter().all(Result::is_ok));
}

#[test]
fn a_pending_record_wakes_the_task() {
    let (signer, records) = (reference_signer(), records());
    let steps = records
        .iter()
        .cloned()
        .flat_map(|record| [Step::Pending, Step::Record(record), Step::Pending]);
    let mut stream = PayloadStream::new(&signer, Scripted::new(steps)).with_chunk_size(4_096);
    let (mut sent, mut waits) = (Vec::new(), 0);
    loop {
        let (chunk, pending) = wait(|context| stream.poll_next_unpin(context));
        waits += pending;
        match chunk {
            Some(chunk) => sent.extend(chunk.unwrap()),
            None => break,
        }
    }
    assert_eq!(waits, 2 * records.len());
    assert_eq!(sent, buffered(&signer, &records, WireStyle::Rails));
}

/// The task that polled last is the one that is woken.
#[test]
fn a_stream_moves_to_another_task() {
    let steps = records()
        .into_iter()
        .flat_map(|record| [Step::Pending, Step::Record(record)]);
    let mut stream = PayloadStream::new(reference_signer(), Scripted::new(steps));
    let mut sent = Vec::new();
    while !stream.is_terminated() {
        // Each poll is a new future, which is dropped while nothing is ready.
        let task = Arc::new(scripted::Task::default());
        let waker = Waker::from(Arc::clone(&task));
        match stream.poll_next_unpin(&mut Context::from_waker(&waker)) {
            Poll::Ready(chunk) => sent.extend(chunk.unwrap().unwrap()),
            Poll::Pending => assert_eq!(task.woken.load(Ordering::Relaxed), 1),
        }
    }
    assert_eq!(
        sent,
        buffered(&reference_signer(), &records(), WireStyle::Rails)
    );
}

#[test]
fn records_are_read_only_for_the_polled_chunk() {
    let source = Scripted::of(&records());
    let read = Arc::clone(&source.read);
    let mut stream = PayloadStream::new(reference_signer(), source).with_chunk_size(0);
    for chunks in 0..3 {
        assert_eq!(read.load(Ordering::Relaxed), chunks);
        let (chunk, _) = wait(|context| stream.poll_next_unpin(context));
        assert!(chunk.unwrap().is_ok());
    }
}

#[test]
fn the_records_are_dropped_with_the_stream_or_earlier() {
    let records = records();
    for chunks in 0..records.len() {
        let source = Scripted::of(&records);
        let read = Arc::clone(&source.read);
        let mut stream = PayloadStream::new(reference_signer(), source).with_chunk_size(0);
        for _ in 0..chunks {
            let (chunk, _) = wait(|context| stream.poll_next_unpin(context));
            assert!(chunk.unwrap().is_ok());
        }
        assert_eq!(Arc::strong_count(&read), 2);
        drop(stream);
        assert_eq!(Arc::strong_count(&read), 1);
    }
    for (steps, ok) in [(vec![], true), (vec![Step::Failure(Failure(0))], false)] {
        let source = Scripted::new(steps);
        let read = Arc::clone(&source.read);
        let mut stream = PayloadStream::new(reference_signer(), source);
        let (chunk, _) = wait(|context| stream.poll_next_unpin(context));
        assert_eq!(chunk.unwrap().is_ok(), ok);
        assert_eq!(Arc::strong_count(&read), 1);
    }
}

#[test]
fn start_keeps_the_first_chunk() {
    let (signer, records) = (reference_signer(), records());
    let whole = buffered(&signer, &records, WireStyle::Rails);
    for (size, first) in [(0, 1), (4_096, 2), (usize::MAX, records.len())] {
        let steps = records
            .iter()
            .cloned()
            .flat_map(|record| [Step::Pending, Step::Record(record)]);
        let source = Scripted::new(steps);
        let read = Arc::clone(&source.read);
        let stream = PayloadStream::new(&signer, source).with_chunk_size(size);
        let mut started = pin!(async { stream.start().await?.start().await });
        let (stream, _) = wait(|context| started.as_mut().poll(context));
        assert_eq!(read.load(Ordering::Relaxed), first);
        assert_eq!(concat(drain(stream.unwrap())), whole);
    }
}

#[test]
fn start_returns_an_early_error() {
    let record = records().remove(0);
    let source = Scripted::new([Step::Record(record), Step::Failure(Failure(1))]);
    let stream = PayloadStream::new(reference_signer(), source);
    let stream = stream.on_error(|failure| panic!("{failure:?}"));
    let mut started = pin!(stream.start());
    let (error, _) = wait(|context| started.as_mut().poll(context));
    assert_eq!(error.unwrap_err(), Failure(1));
}

#[test]
fn start_after_the_end_changes_nothing() {
    let mut stream = PayloadStream::new(reference_signer(), Scripted::of(&[]));
    let (chunk, _) = wait(|context| stream.poll_next_unpin(context));
    assert_eq!(chunk.unwrap().unwrap(), "[]");
    let mut started = pin!(stream.start());
    let (stream, _) = wait(|context| started.as_mut().poll(context));
    assert_eq!(drain(stream.unwrap()), []);
}

#[test]
fn signers_and_records_are_owned_or_shared() {
    fn collect<S, R, F>(stream: PayloadStream<S, R, F>) -> Vec<u8>
    where
        PayloadStream<S, R, F>: FusedStream<Item = Result<bytes::Bytes, Failure>>,
    {
        concat(drain(stream))
    }

    let signer = reference_signer();
    let expected = recorded_images();
    let shared: Arc<[(Image<Unsigned>, Asset)]> = expected.clone().into();
    let with_options: Vec<Record> = expected
        .iter()
        .cloned()
        .map(|(image, asset)| (image, Some(asset)))
        .collect();
    let whole = buffered(&signer, &with_options, WireStyle::Rails);

    let owned = stream::iter(expected.clone().into_iter().map(Ok));
    assert_eq!(collect(PayloadStream::new(signer.clone(), owned)), whole);
    let borrowed = stream::iter(expected.iter().map(Ok));
    assert_eq!(collect(PayloadStream::new(&signer, borrowed)), whole);
    let arcs = stream::iter((0..shared.len()).map(|index| Ok(Arc::new(shared[index].clone()))));
    assert_eq!(
        collect(PayloadStream::new(Arc::new(signer.clone()), arcs)),
        whole
    );
    let options = stream::iter(with_options.iter().map(Ok));
    assert_eq!(
        collect(PayloadStream::new(Box::new(signer), options)),
        whole
    );
}

#[test]
fn a_stream_of_boxed_records_is_send_and_unpin() {
    fn check<T: Send + Unpin + 'static>(_: &T) {}
    let records: BoxStream<'static, Result<Record, Failure>> = Scripted::of(&[]).boxed();
    let stream = PayloadStream::new(Arc::new(reference_signer()), records);
    check(&stream.on_error(|_| ()));
}

/// Records that cannot be moved, such as those of a generator.
#[test]
fn records_need_not_be_unpin() {
    let unpinned = stream::unfold(recorded_images().into_iter(), |mut images| async {
        let record = images.next()?;
        // Held across an await, so that the future is not `Unpin`.
        let borrowed = &record;
        std::future::ready(()).await;
        let record = borrowed.clone();
        Some((Ok::<_, Failure>(record), images))
    });
    let mut stream = PayloadStream::new(reference_signer(), unpinned);
    let (chunk, _) = wait(|context| Pin::new(&mut stream).poll_next(context));
    assert!(chunk.unwrap().is_ok());
}

#[test]
fn debug_shows_no_payload() {
    let record = records().remove(0);
    let encoded = buffered(
        &reference_signer(),
        std::slice::from_ref(&record),
        WireStyle::Rails,
    );
    // Without the end of the list.
    let length = encoded.len() - 1;
    let source = Scripted::new([Step::Record(record), Step::Pending]);
    let mut stream = PayloadStream::new(reference_signer(), source);
    let chunk = stream.poll_next_unpin(&mut Context::from_waker(Waker::noop()));
    assert!(chunk.is_pending());
    assert_eq!(
        format!("{stream:?}"),
        format!(
            "PayloadStream {{ chunk_size: 32768, encoder: Some(PayloadEncoder {{ style: Rails, \
             pretty: false, images: 1, buffered_bytes: {length}, .. }}), .. }}"
        )
    );
}

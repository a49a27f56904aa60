//! Payloads that are decoded from an asynchronous stream.

#![cfg(feature = "stream")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::convert::Infallible;
use std::error::Error;
use std::io;

use bytes::Bytes;
use futures_util::stream::{self, FusedStream};
use futures_util::{FutureExt, Stream, StreamExt};
use image_model::{
    DecodeError, DecodeErrorKind, Image, ImageStream, PayloadDecoder, from_str, stream_images,
};

const RECORDED: &str = include_str!("data/response_body.wire.json");

fn pieces(json: &str, length: usize) -> impl Stream<Item = Result<Bytes, Infallible>> {
    let pieces: Vec<_> = json
        .as_bytes()
        .chunks(length)
        .map(Bytes::copy_from_slice)
        .collect();
    stream::iter(pieces).map(Ok)
}

/// Polls a stream that is always ready.
fn collect(
    images: impl Stream<Item = Result<Image, DecodeError>>,
) -> Vec<Result<Image, DecodeError>> {
    images.collect().now_or_never().unwrap()
}

#[test]
fn a_stream_is_decoded_in_any_pieces() {
    let images = from_str::<String>(RECORDED).unwrap();
    for length in [1, 100, 4096, RECORDED.len()] {
        let decoded = collect(stream_images(pieces(RECORDED, length)));
        let decoded: Vec<_> = decoded.into_iter().map(Result::unwrap).collect();
        assert_eq!(decoded, images);
    }
    let vectors = stream::iter([Ok::<_, io::Error>(RECORDED.as_bytes().to_vec())]);
    assert_eq!(collect(stream_images(vectors)).len(), 4);
}

#[test]
fn errors_end_a_stream_or_one_image() {
    for (json, kinds, is_retryable) in [
        (
            "[5,{}",
            &[
                DecodeErrorKind::Value,
                DecodeErrorKind::Value,
                DecodeErrorKind::Truncated,
            ][..],
            true,
        ),
        (
            "[5,{}] x",
            &[
                DecodeErrorKind::Value,
                DecodeErrorKind::Value,
                DecodeErrorKind::TrailingData,
            ],
            false,
        ),
        ("{}", &[DecodeErrorKind::NotAList], false),
        ("", &[DecodeErrorKind::Truncated], true),
    ] {
        let mut images = stream_images::<String>(pieces(json, 2));
        let results = collect(&mut images);
        let errors: Vec<_> = results
            .iter()
            .map(|image| image.as_ref().unwrap_err())
            .collect();
        assert_eq!(
            errors.iter().map(|error| error.kind()).collect::<Vec<_>>(),
            kinds
        );
        let last = errors[errors.len() - 1];
        assert!(last.is_final() && last.is_retryable() == is_retryable);
        assert!(images.is_terminated());
        assert!(images.next().now_or_never().unwrap().is_none());
    }
}

#[test]
fn an_error_of_the_stream_ends_the_images() {
    let pieces = [
        Ok("[5,"),
        Err(io::Error::other("connection reset")),
        Ok("5]"),
    ];
    let mut images = stream_images::<String>(stream::iter(pieces));
    let results = collect(&mut images);
    assert_eq!(results.len(), 2);
    let error = results[1].as_ref().unwrap_err();
    assert_eq!(
        (error.path(), error.kind()),
        ("images[1]", DecodeErrorKind::Read)
    );
    let source = error.source().unwrap().downcast_ref::<io::Error>();
    assert_eq!(source.unwrap().to_string(), "connection reset");
    assert!(images.is_terminated());
}

#[test]
fn a_pending_stream_is_polled_again() {
    let (sender, receiver) = queue();
    let mut images = stream_images::<String>(receiver);
    assert!(!images.is_terminated());
    assert!(images.next().now_or_never().is_none());
    for piece in RECORDED.as_bytes().chunks(5000) {
        sender.borrow_mut().push_back(piece.to_vec());
    }
    // A dropped future loses no data.
    let mut count = 0;
    while let Some(image) = images.next().now_or_never() {
        assert!(image.unwrap().is_ok());
        assert!(images.raw_image().starts_with(b"{\"id\":"));
        count += 1;
    }
    assert_eq!(count, 4);
    assert!(!images.is_terminated());
}

type Queue = std::rc::Rc<std::cell::RefCell<std::collections::VecDeque<Vec<u8>>>>;

/// A queue, and a stream that is pending while the queue is empty.
fn queue() -> (Queue, impl Stream<Item = Result<Vec<u8>, Infallible>>) {
    let queue = Queue::default();
    let receiver = queue.clone();
    let stream = stream::poll_fn(move |_| match receiver.borrow_mut().pop_front() {
        Some(piece) => std::task::Poll::Ready(Some(Ok(piece))),
        None => std::task::Poll::Pending,
    });
    (queue, stream)
}

#[test]
fn limits_and_send_are_those_of_the_parts() {
    fn is_send<T: Send + Unpin>(value: T) -> T {
        value
    }
    let decoder = PayloadDecoder::new().with_max_image_bytes(10);
    let images = is_send(ImageStream::new(pieces(RECORDED, 99), decoder));
    let kinds: Vec<_> = collect(images)
        .into_iter()
        .map(|image| image.unwrap_err().kind())
        .collect();
    assert_eq!(kinds, [DecodeErrorKind::TooLong; 4]);
}

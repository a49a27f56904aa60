//! Payloads as bodies of `http-body`.

#![cfg(feature = "http-body")]
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "support/scripted.rs"]
mod scripted;
mod support;

use std::cell::Cell;
use std::future::Future;
use std::pin::{Pin, pin};

use http_body::Body;
use scripted::{Failure, Scripted, Step, buffered, records, wait};
use support::reference_signer;
use sync_payload::{PayloadBody, PayloadStream, WireStyle};

/// Returns the data and the error of a body. Checks that the hints are true, and that
/// the body stays ended.
fn drain<B>(mut body: B) -> (Vec<u8>, Option<Failure>)
where
    B: Body<Data = bytes::Bytes, Error = Failure> + Unpin,
{
    let (mut sent, mut hints, mut failure) = (Vec::new(), Vec::new(), None);
    loop {
        hints.push((sent.len(), body.size_hint()));
        let ended = body.is_end_stream();
        let (frame, _) = wait(|context| Pin::new(&mut body).poll_frame(context));
        assert_eq!(ended, frame.is_none());
        match frame {
            Some(Ok(frame)) => sent.extend(frame.into_data().unwrap()),
            Some(Err(error)) => failure = Some(error),
            None => break,
        }
    }
    for (before, hint) in hints {
        let left = (sent.len() - before) as u64;
        assert!(failure.is_some() || hint.lower() <= left, "{hint:?}");
        assert!(hint.upper().is_none_or(|upper| left <= upper), "{hint:?}");
    }
    assert!(body.is_end_stream());
    assert_eq!(body.size_hint().exact(), Some(0));
    for _ in 0..3 {
        let (frame, _) = wait(|context| Pin::new(&mut body).poll_frame(context));
        assert!(frame.is_none());
    }
    (sent, failure)
}

#[test]
fn a_body_has_the_buffered_bytes() {
    let (signer, records) = (reference_signer(), records());
    for style in [WireStyle::Rails, WireStyle::Plain] {
        for size in [0, 1, 4_096, 20_000, usize::MAX] {
            let body = PayloadBody::new(&signer, Scripted::of(&records))
                .with_chunk_size(size)
                .with_style(style)
                .on_error(|failure| panic!("{failure:?}"));
            assert_eq!(drain(body), (buffered(&signer, &records, style), None));
        }
    }
    let stream = PayloadStream::new(&signer, Scripted::of(&[]));
    assert_eq!(drain(PayloadBody::from(stream)), (b"[]".to_vec(), None));
}

#[test]
fn an_error_is_the_last_frame() {
    let (signer, records) = (reference_signer(), records());
    let whole = buffered(&signer, &records, WireStyle::Rails);
    for at in 0..=records.len() {
        let steps = records.iter().take(at).cloned().map(Step::Record);
        let source = Scripted::new(steps.chain([Step::Failure(Failure(at))]));
        let reported = Cell::new(None);
        let body = PayloadBody::new(&signer, source)
            .on_error(|failure| reported.set(Some(*failure)))
            .with_chunk_size(0);
        let (sent, failure) = drain(body);
        assert_eq!(failure, Some(Failure(at)));
        assert_eq!(reported.get(), failure);
        assert!(whole.starts_with(&sent) && sent.len() < whole.len());
    }
}

#[test]
fn the_size_is_exact_once_all_records_are_read() {
    let (signer, records) = (reference_signer(), records());
    let length = buffered(&signer, &records, WireStyle::Rails).len() as u64;
    for (size, exact) in [(usize::MAX, Some(length)), (4_096, None)] {
        let body = PayloadBody::new(&signer, Scripted::of(&records)).with_chunk_size(size);
        assert_eq!(body.size_hint().lower(), 2);
        assert_eq!(body.size_hint().upper(), None);
        let mut started = pin!(body.start());
        let (body, _) = wait(|context| started.as_mut().poll(context));
        let body = body.unwrap();
        assert_eq!(body.size_hint().exact(), exact);
        assert!(!body.is_end_stream());
        let (sent, _) = drain(body);
        assert_eq!(sent.len() as u64, length);
    }
}

#[test]
fn start_returns_an_early_error() {
    let source = Scripted::new([Step::Pending, Step::Failure(Failure(0))]);
    let mut started = pin!(PayloadBody::new(reference_signer(), source).start());
    let (body, pending) = wait(|context| started.as_mut().poll(context));
    assert_eq!(body.unwrap_err(), Failure(0));
    assert_eq!(pending, 1);
}

//! Streams of arbitrary records, errors and waits.

#![cfg(feature = "stream")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

#[path = "support/scripted.rs"]
mod scripted;
mod support;

use std::cell::RefCell;
use std::pin::pin;

use futures_util::StreamExt;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use scripted::{Failure, Scripted, Step, buffered, records, wait};
use support::reference_signer;
use sync_payload::{PayloadEncoder, PayloadRecord, PayloadStream, WireStyle};

#[derive(Clone, Debug)]
enum Plan {
    Record(Index),
    Failure,
    Pending,
}

fn plan() -> impl Strategy<Value = Plan> {
    prop_oneof![
        12 => any::<Index>().prop_map(Plan::Record),
        1 => Just(Plan::Failure),
        4 => Just(Plan::Pending),
    ]
}

fn chunk_size() -> impl Strategy<Value = usize> {
    prop_oneof![0..4_usize, 0..20_000_usize, any::<usize>()]
}

proptest! {
    #[test]
    fn a_stream_is_the_buffered_payload_or_an_error(
        plans in vec(plan(), 0..24),
        size in chunk_size(),
        plain in any::<bool>(),
        started in any::<bool>(),
    ) {
        let (signer, known) = (reference_signer(), records());
        let style = if plain { WireStyle::Plain } else { WireStyle::Rails };
        let step = |(at, plan): (usize, &Plan)| match plan {
            Plan::Record(index) => Step::Record(index.get(&known).clone()),
            Plan::Failure => Step::Failure(Failure(at)),
            Plan::Pending => Step::Pending,
        };
        let failure = plans.iter().position(|plan| matches!(plan, Plan::Failure)).map(Failure);
        let mut sent_records = Vec::new();
        for plan in &plans {
            match plan {
                Plan::Record(index) => sent_records.push(index.get(&known).clone()),
                Plan::Failure => break,
                Plan::Pending => {}
            }
        }
        let whole = buffered(&signer, &sent_records, style);

        let reported = RefCell::new(Vec::new());
        let mut stream = PayloadStream::new(&signer, Scripted::new(plans.iter().enumerate().map(step)))
            .with_chunk_size(size)
            .with_style(style)
            .on_error(|failure| reported.borrow_mut().push(*failure));
        if started {
            let mut start = pin!(stream.start());
            match wait(|context| start.as_mut().poll(context)).0 {
                Ok(started) => stream = started,
                Err(error) => {
                    prop_assert_eq!(Some(error), failure);
                    prop_assert!(reported.borrow().is_empty());
                    return Ok(());
                }
            }
        }
        let (mut sent, mut error) = (Vec::new(), None);
        while let Some(chunk) = wait(|context| stream.poll_next_unpin(context)).0 {
            prop_assert!(error.is_none());
            match chunk {
                Ok(chunk) => {
                    prop_assert!(!chunk.is_empty());
                    sent.extend(chunk);
                }
                Err(failure) => error = Some(failure),
            }
        }
        prop_assert_eq!(error, failure);
        prop_assert_eq!(&*reported.borrow(), failure.as_slice());
        if failure.is_none() {
            prop_assert_eq!(sent, whole);
        } else {
            prop_assert!(whole.starts_with(&sent) && sent.len() < whole.len());
            prop_assert!(image_model::from_slice::<String>(&sent).is_err());
        }
    }

    #[test]
    fn ready_splits_a_payload_into_chunks(
        indices in vec(any::<Index>(), 0..24),
        limit in chunk_size(),
    ) {
        let (signer, known) = (reference_signer(), records());
        let chosen: Vec<_> = indices.iter().map(|index| index.get(&known).clone()).collect();
        let (mut encoder, mut sent) = (PayloadEncoder::new(WireStyle::Rails), Vec::new());
        for record in &chosen {
            record.push_to(&mut encoder, &signer);
            let length = encoder.as_bytes().len();
            let ready = encoder.ready(limit).map(<[u8]>::to_vec);
            prop_assert_eq!(ready.is_some(), length >= limit);
            if let Some(chunk) = ready {
                prop_assert!(!chunk.is_empty());
                sent.extend(chunk);
                encoder.clear();
                prop_assert_eq!(encoder.ready(limit), None);
            }
        }
        sent.extend(encoder.finish());
        prop_assert_eq!(sent, buffered(&signer, &chosen, WireStyle::Rails));
    }
}

//! Payloads that are decoded in pieces:
//!
//! - Decoding never panics.
//! - Any split into pieces has the same results as one piece, for any limits.
//! - Without limits, the results are those of `from_slice` where it succeeds. If it fails,
//!   the decoder fails, too.
//! - The JSON of the images is a part of the payload, in the order of the images.
//!
//! ```text
//! cargo fuzz run -s none payload_decoder
//! ```

#![no_main]

use std::error::Error;

use arbitrary::Arbitrary;
use image_model::{DecodeError, DecodeErrorKind, Image, PayloadDecoder, Unsigned, from_slice};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    max_bytes: u16,
    max_depth: u8,
    /// The lengths of the pieces, in turn.
    lengths: [u8; 5],
    json: &'a [u8],
}

/// An image, or the parts of an error that can be compared.
type Outcome = Result<Image<Unsigned>, (String, String, DecodeErrorKind, bool)>;

/// An outcome and the JSON of the image.
type RawOutcome = (Vec<u8>, Outcome);

fn outcome(result: Result<Image<Unsigned>, DecodeError>) -> Outcome {
    result.map_err(|error| {
        let cause = error.source().unwrap().to_string();
        (
            error.path().to_owned(),
            cause,
            error.kind(),
            error.is_final(),
        )
    })
}

fn decode(
    mut decoder: PayloadDecoder<Unsigned>,
    json: &[u8],
    lengths: &[usize],
) -> Vec<RawOutcome> {
    let mut outcomes = Vec::new();
    let mut rest = json;
    for length in lengths.iter().cycle() {
        let (piece, after) = rest.split_at(rest.len().min(*length));
        decoder.push(piece);
        while let Some(image) = decoder.next_image() {
            outcomes.push((decoder.raw_image().to_vec(), outcome(image)));
        }
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    outcomes.extend(
        decoder
            .finish()
            .err()
            .map(|error| (Vec::new(), outcome(Err(error)))),
    );
    outcomes
}

fuzz_target!(|input: Input| {
    let json = input.json;
    let all = [json.len().max(1)];
    // An empty piece, too, but not only empty pieces.
    let mut lengths = input.lengths.map(usize::from).to_vec();
    lengths.push(1 + usize::from(input.lengths[0]));

    let unlimited = || PayloadDecoder::new().with_max_depth(usize::MAX);
    let outcomes = decode(unlimited(), json, &all);
    assert_eq!(decode(unlimited(), json, &lengths), outcomes);
    assert_eq!(decode(unlimited(), json, &[1]), outcomes);
    let mut rest = json;
    for (raw, _) in outcomes.iter().filter(|(raw, _)| !raw.is_empty()) {
        let at = rest.windows(raw.len()).position(|part| part == &**raw);
        rest = &rest[at.unwrap() + raw.len()..];
    }
    let outcomes: Vec<_> = outcomes.into_iter().map(|(_, outcome)| outcome).collect();
    let finals = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Err((.., true))));
    // A final error is returned by `next_image` and by `finish`.
    assert!(finals.count() <= 2);
    match from_slice::<Unsigned>(json) {
        Ok(images) => assert_eq!(outcomes, images.into_iter().map(Ok).collect::<Vec<_>>()),
        Err(_) => assert!(outcomes.iter().any(Result::is_err)),
    }

    let limited = || {
        PayloadDecoder::new()
            .with_max_image_bytes(usize::from(input.max_bytes))
            .with_max_depth(usize::from(input.max_depth))
    };
    let outcomes = decode(limited(), json, &all);
    assert_eq!(decode(limited(), json, &lengths), outcomes);
    assert_eq!(decode(limited(), json, &[1]), outcomes);
});

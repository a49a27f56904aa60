//! Properties of decoding in pieces, for payloads that are valid, damaged or random.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::error::Error;

use image_model::{DecodeError, DecodeErrorKind, Image, PayloadDecoder, from_slice};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

const RECORDED: &str = include_str!("data/response_body.wire.json");

/// Pieces of payloads. Sequences of them are almost valid.
const WORDS: &[&str] = &[
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "\"",
    "\\",
    "\\\"",
    "\\\\",
    " ",
    "\n",
    "0",
    "-1.5e3",
    "nul",
    "null",
    "\"a\"",
    "\"infos\":",
    "\"gps\":[98,2]",
    "{\"id\":5}",
    "{}",
    "[[",
    "]]",
    "é",
    "\u{feff}",
    "\0",
    "\\u0026",
    "tru",
    "\"]\"",
    "\"}\"",
    "{\"a\":\"\\\\\"}",
];

/// The recorded images, as JSON.
fn images() -> Vec<String> {
    let images: Vec<serde_json::Value> = serde_json::from_str(RECORDED).unwrap();
    images.iter().map(ToString::to_string).collect()
}

/// A result without the parts that cannot be compared.
type Outcome = Result<Image, (String, String, DecodeErrorKind, bool)>;

fn outcome(result: Result<Image, DecodeError>) -> Outcome {
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

fn decode(decoder: PayloadDecoder, json: &[u8], ends: &[Index]) -> Vec<Outcome> {
    let mut ends: Vec<_> = ends.iter().map(|end| end.index(json.len() + 1)).collect();
    ends.push(json.len());
    ends.sort_unstable();
    let mut decoder = decoder;
    let mut outcomes = Vec::new();
    let mut start = 0;
    for end in ends {
        decoder.push(&json[start..end]);
        start = end;
        while let Some(image) = decoder.next_image() {
            outcomes.push(outcome(image));
        }
    }
    outcomes.extend(decoder.finish().err().map(|error| outcome(Err(error))));
    outcomes
}

/// Checks that the split does not matter and that `from_slice` agrees.
fn check(json: &[u8], ends: &[Index]) {
    let unlimited = || PayloadDecoder::new().with_max_depth(usize::MAX);
    let at_once = decode(unlimited(), json, &[]);
    assert_eq!(decode(unlimited(), json, ends), at_once);
    assert_eq!(decode(unlimited(), json, &[ends, ends].concat()), at_once);
    match from_slice::<String>(json) {
        Ok(images) => {
            let decoded: Vec<_> = at_once.into_iter().map(Result::unwrap).collect();
            assert_eq!(decoded, images);
        }
        Err(error) => {
            let first = at_once.iter().find_map(|outcome| outcome.as_ref().err());
            let (path, cause, kind, _) = first.unwrap();
            // The decoder looks only at the first byte of another value than a list, and
            // at the structure of an element before its values.
            let is_structure = cause.starts_with("mismatched bracket")
                || (*kind == DecodeErrorKind::Truncated && error.kind() == DecodeErrorKind::Value);
            // The parser reads four bytes after `\u`, even if the payload has fewer.
            let is_escape =
                cause.starts_with("invalid escape") && error.kind() == DecodeErrorKind::Truncated;
            let differs = [DecodeErrorKind::NotAList, DecodeErrorKind::ByteOrderMark];
            if !differs.contains(kind) && !is_structure && !is_escape {
                assert_eq!(
                    (path.as_str(), cause.as_str()),
                    (error.path(), &*error.source().unwrap().to_string())
                );
            }
            if !is_structure && !is_escape {
                assert_eq!(*kind, error.kind());
            }
        }
    }
    for (bytes, depth) in [(1, 1), (10, 3), (2900, 2), (usize::MAX, 3)] {
        let limited = || {
            PayloadDecoder::new()
                .with_max_image_bytes(bytes)
                .with_max_depth(depth)
        };
        assert_eq!(decode(limited(), json, ends), decode(limited(), json, &[]));
    }
}

#[test]
fn incomplete_escapes_at_the_end_are_invalid() {
    for json in ["[\"\\u\"]", "[\"\\u1\"]", "[{\"title\":\"\\u\"}]"] {
        check(json.as_bytes(), &[]);
        let outcomes = decode(PayloadDecoder::new(), json.as_bytes(), &[]);
        let (_, cause, kind, is_final) = outcomes[0].clone().unwrap_err();
        assert!(cause.starts_with("invalid escape"), "{cause}");
        assert_eq!((kind, is_final), (DecodeErrorKind::Syntax, false));
    }
}

fn ends() -> impl Strategy<Value = Vec<Index>> {
    vec(any::<Index>(), 0..20)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn valid_payloads_are_decoded_in_any_pieces(
        spaces in vec(select(&["", " ", "\n", "\r\n\t "][..]), 0..8),
        ends in ends(),
    ) {
        let images = images();
        let list: Vec<_> = spaces
            .iter()
            .zip(images.iter().cycle())
            .map(|(space, image)| format!("{space}{image}{space}"))
            .collect();
        let json = format!("{0}[{1}]{0}", spaces.first().unwrap_or(&""), list.join(","));
        prop_assert_eq!(from_slice::<String>(json.as_bytes()).unwrap().len(), list.len());
        check(json.as_bytes(), &ends);
    }

    #[test]
    fn damaged_payloads_give_the_same_errors(
        edits in vec((any::<Index>(), 0_usize..30, select(WORDS)), 1..4),
        ends in ends(),
    ) {
        let mut json = RECORDED.as_bytes().to_vec();
        for (at, length, word) in edits {
            let start = at.index(json.len());
            let end = json.len().min(start + length);
            json.splice(start..end, word.bytes());
        }
        check(&json, &ends);
    }

    #[test]
    fn lists_of_words_give_the_same_errors(
        words in vec(select(WORDS), 0..25),
        is_list: bool,
        ends in ends(),
    ) {
        let words = words.concat();
        let json = if is_list { format!("[{words}]") } else { words };
        check(json.as_bytes(), &ends);
    }

    #[test]
    fn images_and_words_give_the_same_errors(
        words in vec(prop_oneof![select(images()), select(WORDS).prop_map(str::to_owned)], 0..9),
        ends in ends(),
    ) {
        check(format!("[{}]", words.join(",")).as_bytes(), &ends);
        check(format!("[{}]", words.concat()).as_bytes(), &ends);
    }

    #[test]
    fn random_bytes_give_the_same_errors(
        bytes in vec(any::<u8>(), 0..100),
        ends in ends(),
    ) {
        check(&bytes, &ends);
        check(&[b"[{\"a\":", &*bytes].concat(), &ends);
        check(&[b"[\"", &*bytes, b"\"]"].concat(), &ends);
    }
}

//! Payloads that are decoded image by image.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests"
)]

use std::error::Error;
use std::io::{self, BufReader, Read};

use image_model::{
    DecodeError, DecodeErrorKind, Image, Images, PayloadDecoder, Unsigned, from_slice, from_str,
    read_images,
};
use serde_json::json;

const RECORDED: &str = include_str!("data/response_body.wire.json");

/// Decodes pieces and returns the images and errors. The last error is that of `finish`.
fn decode<'a>(
    mut decoder: PayloadDecoder,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Vec<Result<Image, DecodeError>> {
    let mut results = Vec::new();
    for piece in pieces {
        decoder.push(piece);
        while let Some(image) = decoder.next_image() {
            results.push(image);
        }
    }
    results.extend(decoder.finish().err().map(Err));
    results
}

fn errors(json: &str) -> Vec<DecodeError> {
    decode(PayloadDecoder::new(), [json.as_bytes()])
        .into_iter()
        .filter_map(Result::err)
        .collect()
}

/// Returns the printed chain of an error.
fn chain(error: &DecodeError) -> String {
    let source = error.source().unwrap();
    assert!(source.source().is_none());
    format!("{error}: {source}")
}

/// Returns an image of the recorded payload as JSON.
fn image() -> &'static str {
    let (image, _) = RECORDED.split_once("},{\"id\":").unwrap();
    Box::leak(format!("{}}}", &image[1..]).into_boxed_str())
}

#[test]
fn the_recorded_payload_is_decoded_in_any_pieces() {
    let images = from_str::<String>(RECORDED).unwrap();
    let pretty: serde_json::Value = serde_json::from_str(RECORDED).unwrap();
    let pretty = serde_json::to_string_pretty(&pretty).unwrap();
    for json in [RECORDED, &pretty] {
        for length in [1, 2, 3, 7, 64, 1000, 4096, json.len()] {
            let decoded = decode(PayloadDecoder::new(), json.as_bytes().chunks(length));
            let decoded: Vec<_> = decoded.into_iter().map(Result::unwrap).collect();
            assert_eq!(decoded, images, "{length}");
        }
    }
}

#[test]
fn lists_may_be_empty_and_padded() {
    for json in ["[]", " \t\r\n[ \t\r\n] \t\r\n"] {
        for length in 1..=json.len() {
            let decoded = decode(PayloadDecoder::new(), json.as_bytes().chunks(length));
            assert!(decoded.is_empty(), "{json:?}: {decoded:?}");
        }
    }
}

#[test]
fn an_invalid_image_does_not_end_the_payload() {
    let image = image();
    let cases = [
        (
            "5",
            "[1]",
            "invalid type: integer `5`, expected an image object",
        ),
        ("nul", "[1]", "expected ident"),
        ("<html>", "[1]", "expected value"),
        (
            "\"a\\\"]}\"",
            "[1]",
            "invalid type: string \"a\\\"]}\", expected an image object",
        ),
        (
            "[{}]",
            "[1]",
            "invalid type: sequence, expected an image object",
        ),
        ("{}", "[1]", "missing field `id`"),
        (
            "{\"gps\":[98.86,2.35]}",
            "[1].gps[0]",
            "latitude 98.86 is not within -90 to 90 degrees",
        ),
        ("{\"gps\":[NaN,0]}", "[1].gps[0]", "expected value"),
        ("{\"title\" 1}", "[1]", "expected `:`"),
        ("{\"title\":\"\\x\"}", "[1].title", "invalid escape"),
        ("{\"title\":\"\\u1\"}", "[1].title", "invalid escape"),
        ("{\"title\":\"\\ud83d\\u\"}", "[1].title", "invalid escape"),
        ("\"\\u\"", "[1]", "invalid escape"),
        (
            "{\"title\":\"\n\"}",
            "[1].title",
            "control character (\\u0000-\\u001F) found while parsing a string",
        ),
        (
            "{\"infos\":{\"bytes\":1.5}}",
            "[1].infos.bytes",
            "invalid type: floating point `1.5`, expected a non-negative integer, or a string of at most 20 digits",
        ),
    ];
    for (invalid, path, text) in cases {
        let json = format!("[{image},{invalid},{image} , {invalid}\n]");
        let results = decode(PayloadDecoder::new(), [json.as_bytes()]);
        assert_eq!(results.len(), 4, "{invalid}: {results:?}");
        assert!(results[0].is_ok() && results[2].is_ok());
        let error = results[1].as_ref().unwrap_err();
        assert!(!error.is_final() && !error.is_retryable());
        assert_eq!(error.path(), format!("images{path}"));
        let expected = format!("failed to decode images{path}: {text} at line ");
        assert!(chain(error).starts_with(&expected), "{}", chain(error));
        // The path and the position in the payload are those of `from_slice`.
        let whole = from_str::<String>(&json).unwrap_err();
        assert_eq!(chain(error), chain(&whole));
        assert_eq!(error.kind(), whole.kind());
        let last = results[3].as_ref().unwrap_err();
        assert_eq!(last.path(), error.path().replacen("[1]", "[3]", 1));
    }
}

#[test]
fn invalid_utf_8_does_not_end_the_payload() {
    let mut json = RECORDED.as_bytes().to_vec();
    json[RECORDED.find("Super Image").unwrap()] = 0xff;
    let results = decode(PayloadDecoder::new(), [&*json]);
    let error = results[0].as_ref().unwrap_err();
    assert_eq!(
        chain(error),
        chain(&from_slice::<String>(&json).unwrap_err())
    );
    assert_eq!(error.kind(), DecodeErrorKind::Syntax);
    assert_eq!(results.iter().filter(|image| image.is_ok()).count(), 3);
}

#[test]
fn invalid_lists_are_rejected() {
    use DecodeErrorKind::{ByteOrderMark, NotAList, Syntax, TrailingData};

    let image = image();
    let cases = [
        (
            "{}",
            NotAList,
            "images: invalid type: map, expected a sequence",
        ),
        (
            "  {\"error\":",
            NotAList,
            "images: invalid type: map, expected a sequence",
        ),
        ("null", NotAList, "images: expected an array of images"),
        ("\u{c}[]", NotAList, "images: expected an array of images"),
        ("\"\"", NotAList, "images: expected an array of images"),
        ("<html>", NotAList, "images: expected an array of images"),
        ("]", NotAList, "images: expected an array of images"),
        ("\0", NotAList, "images: expected an array of images"),
        (
            "\u{feff}[]",
            ByteOrderMark,
            "images: JSON must not start with a byte order mark",
        ),
        ("[,", Syntax, "images[0]: expected value"),
        ("[}", Syntax, "images[0]: expected value"),
        ("[IMAGE,]", Syntax, "images: trailing comma"),
        ("[IMAGE,,IMAGE]", Syntax, "images[1]: expected value"),
        ("[IMAGE IMAGE]", Syntax, "images: expected `,` or `]`"),
        ("[IMAGE}", Syntax, "images: expected `,` or `]`"),
        ("[{]", Syntax, "images[0]: key must be a string"),
        (
            "[IMAGE,{\"infos\":[}",
            Syntax,
            "images[1]: mismatched bracket",
        ),
        ("[]]", TrailingData, "images: trailing characters"),
        ("[] []", TrailingData, "images: trailing characters"),
        ("[IMAGE]\n\0", TrailingData, "images: trailing characters"),
        ("[]\u{feff}", TrailingData, "images: trailing characters"),
    ];
    for (json, kind, text) in cases {
        let json = json.replace("IMAGE", image);
        for length in [1, 2, 3, json.len()] {
            let mut decoder = PayloadDecoder::<String>::new();
            let mut error = None;
            for piece in json.as_bytes().chunks(length) {
                decoder.push(piece);
                while let Some(image) = decoder.next_image() {
                    assert!(error.is_none());
                    error = image.err();
                }
            }
            let error = error.unwrap();
            assert_eq!(error.kind(), kind, "{json}");
            assert!(error.is_final() && !error.is_retryable());
            let expected = format!("failed to decode {text}");
            assert!(
                chain(&error).starts_with(&expected),
                "{json}: {}",
                chain(&error)
            );
            // Bytes after the error do not matter.
            decoder.push(b"[]");
            assert!(decoder.next_image().is_none());
            let last = decoder.finish().unwrap_err();
            assert_eq!(chain(&last), chain(&error));
            assert_eq!(last.kind(), kind);
        }
        // `from_slice` finds the invalid type before the mismatched bracket.
        if !text.ends_with("mismatched bracket") {
            let error = from_str::<String>(&json).unwrap_err();
            assert_eq!(error.kind(), kind, "{json}");
        }
    }
    for mark in [&b"\xfe\xff\0["[..], b"\xff\xfe[\0"] {
        let results = decode(PayloadDecoder::new(), mark.chunks(1));
        assert_eq!(results[0].as_ref().unwrap_err().kind(), ByteOrderMark);
        assert_eq!(
            from_slice::<String>(mark).unwrap_err().kind(),
            ByteOrderMark
        );
    }
}

#[test]
fn a_truncated_payload_can_be_retried() {
    for end in (0..RECORDED.len()).step_by(11) {
        let json = &RECORDED[..end];
        let mut results = decode(PayloadDecoder::new(), [json.as_bytes()]);
        let error = results.pop().unwrap().unwrap_err();
        assert!(results.iter().all(Result::is_ok));
        assert_eq!(error.kind(), DecodeErrorKind::Truncated);
        assert!(error.is_final() && error.is_retryable());
        let whole = from_str::<String>(json).unwrap_err();
        // A number that ends with the input may be complete.
        if whole.kind() == DecodeErrorKind::Truncated {
            assert_eq!(chain(&error), chain(&whole), "{end}");
        }
    }
    for (json, path) in [
        ("[1", "images[0]"),
        ("[{\"id\":5", "images[0]"),
        ("[5", "images[0]"),
    ] {
        let error = errors(json).pop().unwrap();
        assert_eq!(
            (error.path(), error.kind()),
            (path, DecodeErrorKind::Truncated)
        );
    }
}

#[test]
fn invalid_json_is_not_a_truncated_payload() {
    let image = image();
    for invalid in [
        // The quote after `5` ends the string, so the last string has no end.
        image.replacen("Super Image", "5\" disc", 1),
        image.replacen("\"title\":", "\"title\":NaN,\"[\":[", 1),
        "{\"title\":\"\\x\"".to_owned(),
        "<html".to_owned(),
        "{'id'".to_owned(),
    ] {
        let json = format!("[{image},{invalid}");
        for json in [json.clone(), format!("{json},{image}]")] {
            let whole = from_str::<String>(&json).unwrap_err();
            assert_eq!(whole.kind(), DecodeErrorKind::Syntax);
            for length in [1, 1000, json.len()] {
                let results = decode(PayloadDecoder::new(), json.as_bytes().chunks(length));
                assert!(results[0].is_ok());
                let error = results[1].as_ref().unwrap_err();
                assert_eq!(error.kind(), DecodeErrorKind::Syntax);
                assert!(!error.is_retryable());
                assert_eq!(chain(error), chain(&whole));
            }
        }
    }
    // An invalid value says nothing about the end.
    assert_eq!(
        errors("[{\"gps\":[98,2],\"title\":\"a")[0].kind(),
        DecodeErrorKind::Truncated
    );
}

#[test]
fn errors_say_whether_a_retry_makes_sense() {
    for (json, is_retryable) in [
        ("", true),
        ("[", true),
        ("[{\"id\":\"a", true),
        ("[5]", false),
        ("{}", false),
        ("[NaN]", false),
        ("[] x", false),
        ("\u{feff}[]", false),
    ] {
        assert_eq!(
            from_str::<String>(json).unwrap_err().is_retryable(),
            is_retryable
        );
        assert_eq!(errors(json)[0].is_retryable(), is_retryable, "{json}");
    }
}

#[test]
fn the_bytes_of_an_image_are_limited() {
    let image = image();
    let long = image.replacen("Super Image", "Super Image \\\\\\\" ]}", 1);
    let json = format!("[{image}, {long},{image}]");
    for length in [1, 100, json.len()] {
        let decoder = PayloadDecoder::new().with_max_image_bytes(image.len());
        let results = decode(decoder, json.as_bytes().chunks(length));
        assert_eq!(results.len(), 3);
        assert!(results[0].is_ok() && results[2].is_ok());
        let error = results[1].as_ref().unwrap_err();
        assert_eq!(error.kind(), DecodeErrorKind::TooLong);
        assert!(!error.is_final() && !error.is_retryable());
        let text = format!("images[1]: an image is longer than {} bytes", image.len());
        assert_eq!(chain(error), format!("failed to decode {text}"));
    }
    // A number of the maximum length is found at its delimiter.
    for (json, kind) in [
        ("[12345]", DecodeErrorKind::Value),
        ("[123456]", DecodeErrorKind::TooLong),
        ("[\"123\"]", DecodeErrorKind::Value),
        ("[\"1234\"]", DecodeErrorKind::TooLong),
    ] {
        for length in 1..=json.len() {
            let decoder = PayloadDecoder::new().with_max_image_bytes(5);
            let results = decode(decoder, json.as_bytes().chunks(length));
            assert_eq!(results.len(), 1);
            assert_eq!(results[0].as_ref().unwrap_err().kind(), kind, "{json}");
        }
    }
}

#[test]
fn the_depth_of_an_image_is_limited() {
    let nested = |depth: usize| {
        let infos = format!(
            "{{\"a\":{}{}}}",
            "[".repeat(depth - 2),
            "]".repeat(depth - 2)
        );
        let mut image: serde_json::Value = serde_json::from_str(image()).unwrap();
        image["infos"] = json!(0);
        image
            .to_string()
            .replacen("\"infos\":0", &format!("\"infos\":{infos}"), 1)
    };
    let kinds = |decoder, depth| {
        let json = format!("[{},{}]", nested(depth), nested(3));
        let results = decode(decoder, json.as_bytes().chunks(100));
        assert_eq!(results.len(), 2);
        assert!(results[1].is_ok());
        (
            results[0].as_ref().map_err(DecodeError::kind).err(),
            from_str::<String>(&json).is_ok(),
        )
    };
    let too_deep = Some(DecodeErrorKind::TooDeep);
    assert_eq!(kinds(PayloadDecoder::new(), 126), (None, true));
    assert_eq!(kinds(PayloadDecoder::new(), 127), (too_deep, false));
    assert_eq!(kinds(PayloadDecoder::new(), 100_000), (too_deep, false));
    assert_eq!(
        kinds(PayloadDecoder::new().with_max_depth(5), 5),
        (None, true)
    );
    assert_eq!(
        kinds(PayloadDecoder::new().with_max_depth(5), 6),
        (too_deep, true)
    );
    // The parser has a limit of its own.
    let unlimited = || PayloadDecoder::new().with_max_depth(usize::MAX);
    assert_eq!(
        kinds(unlimited(), 100_000),
        (Some(DecodeErrorKind::Syntax), false)
    );
    // Unknown keys are ignored at any depth.
    let json = image().replacen(
        '{',
        &format!("{{\"x\":{}{},", "[".repeat(500), "]".repeat(500)),
        1,
    );
    assert!(decode(unlimited(), [format!("[{json}]").as_bytes()])[0].is_ok());
}

#[test]
fn the_json_of_each_image_is_available() {
    let invalid = "{\"id\":5}";
    let json = format!("[{},\n{invalid}, 5 ]", image());
    let mut decoder = PayloadDecoder::<Unsigned>::new();
    decoder.push(json.as_bytes());
    assert!(decoder.raw_image().is_empty());
    assert!(decoder.next_image().unwrap().is_ok());
    assert_eq!(decoder.raw_image(), image().as_bytes());
    assert!(decoder.next_image().unwrap().is_err());
    assert_eq!(decoder.raw_image(), invalid.as_bytes());
    assert!(decoder.next_image().unwrap().is_err());
    assert_eq!(decoder.raw_image(), b"5");
    assert!(decoder.next_image().is_none());
    assert!(decoder.raw_image().is_empty());
    let mut images = Images::new(RECORDED.as_bytes(), PayloadDecoder::<String>::new());
    let mut raw = Vec::new();
    while images.next().is_some() {
        raw.push(String::from_utf8(images.raw_image().to_vec()).unwrap());
    }
    assert_eq!(format!("[{}]", raw.join(",")), RECORDED);
}

#[test]
fn finish_checks_images_that_were_not_taken() {
    let finish = |json: &str| {
        let mut decoder = PayloadDecoder::<String>::new();
        decoder.push(json.as_bytes());
        decoder.finish()
    };
    assert!(finish(RECORDED).is_ok());
    assert_eq!(finish("[5").unwrap_err().kind(), DecodeErrorKind::Truncated);
    assert_eq!(finish("[5]").unwrap_err().path(), "images[0]");
    // The missing images matter more than the invalid one.
    let truncated = finish("[5,6,").unwrap_err();
    assert_eq!(truncated.kind(), DecodeErrorKind::Truncated);
    assert!(truncated.is_final());
    let trailing = finish("[5,6] x").unwrap_err();
    assert_eq!(trailing.kind(), DecodeErrorKind::TrailingData);
    let invalid = finish("[5,{}]").unwrap_err();
    assert_eq!((invalid.path(), invalid.is_final()), ("images[0]", true));
    assert_eq!(
        finish("[] x").unwrap_err().kind(),
        DecodeErrorKind::TrailingData
    );
}

#[test]
fn each_error_of_finish_is_final() {
    for (json, path) in [
        ("", "images"),
        ("[5]", "images[0]"),
        ("[{},5]", "images[0]"),
        ("[5", "images"),
        ("[] x", "images"),
        ("[[[]]]", "images[0]"),
    ] {
        let mut decoder = PayloadDecoder::<String>::new().with_max_depth(1);
        decoder.push(json.as_bytes());
        let error = decoder.finish().unwrap_err();
        assert!(error.is_final(), "{json}");
        assert!(error.path().starts_with(path), "{json}: {}", error.path());
        // The error of an image that is taken ends only this image.
        let mut decoder = PayloadDecoder::<String>::new().with_max_depth(1);
        decoder.push(json.as_bytes());
        if let Some(taken) = decoder.next_image() {
            let is_final = taken.unwrap_err().is_final();
            assert_eq!(is_final, !json.ends_with(']'), "{json}");
        }
    }
}

#[test]
fn debug_shows_no_urls() {
    let mut decoder = PayloadDecoder::<String>::new();
    decoder.push(RECORDED.as_bytes());
    assert_eq!(format!("{decoder:?}"), "PayloadDecoder { .. }");
}

#[test]
fn a_reader_is_read_to_its_end() {
    let images = from_str::<String>(RECORDED).unwrap();
    for capacity in [1, 100, 8192] {
        let reader = BufReader::with_capacity(capacity, RECORDED.as_bytes());
        let read: Result<Vec<_>, _> = read_images::<String>(reader).collect();
        assert_eq!(read.unwrap(), images);
    }
    let mut truncated = read_images::<String>(&RECORDED.as_bytes()[..6000]);
    let results: Vec<_> = truncated.by_ref().collect();
    assert!(results[0].is_ok());
    let error = results.last().unwrap().as_ref().unwrap_err();
    assert!(error.is_final() && error.is_retryable());
    assert!(truncated.next().is_none());
    let trailing: Vec<_> = read_images::<String>(&b"[5] x"[..]).collect();
    assert_eq!(trailing.len(), 2);
    assert!(trailing[1].as_ref().unwrap_err().is_final());
}

/// A reader that is interrupted, returns bytes, and then fails.
struct Failing<'a> {
    bytes: &'a [u8],
    is_interrupted: bool,
}

impl Read for Failing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.is_interrupted {
            self.is_interrupted = true;
            return Err(io::ErrorKind::Interrupted.into());
        }
        match self.bytes.read(buffer)? {
            0 => Err(io::Error::other("connection reset")),
            length => Ok(length),
        }
    }
}

#[test]
fn an_error_of_the_reader_ends_the_images() {
    for (json, count, path) in [
        ("", 0, "images"),
        ("[", 0, "images[0]"),
        ("[5,", 1, "images[1]"),
        ("[5", 0, "images[0]"),
        ("[5 ", 1, "images[1]"),
        ("[5]", 1, "images"),
    ] {
        let reader = Failing {
            bytes: json.as_bytes(),
            is_interrupted: false,
        };
        let mut images = read_images::<String>(BufReader::new(reader));
        let results: Vec<_> = images.by_ref().collect();
        assert_eq!(results.len(), count + 1, "{json}");
        let error = results[count].as_ref().unwrap_err();
        assert_eq!(error.kind(), DecodeErrorKind::Read);
        assert!(error.is_final() && error.is_retryable());
        assert_eq!(
            chain(error),
            format!("failed to decode {path}: connection reset")
        );
        assert!(
            error
                .source()
                .unwrap()
                .downcast_ref::<io::Error>()
                .is_some()
        );
        assert!(images.next().is_none());
    }
}

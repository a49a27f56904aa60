//! Stored images: their text, and the payloads that are encoded from it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "tests"
)]

mod support;

use image_model::{Crop, Image, Rotation, Unsigned};
use regex::Regex;
use serde_json::{Value, json};
use support::{RECORDED, masked, recorded_images, reference_signer};
use sync_payload::{ImageSigner, PayloadEncoder, StoredImage, WireStyle};
use url_signer::cloudinary::Asset;

/// The bytes before the facts: the key, 34 digits, and the quotation marks.
const MARK: &str = r#"^\{"stored":"([0-9a-f]{2})([0-9a-f]{8})([0-9a-f]{24})","#;

/// CRC-32 as defined by ISO 3309 and zlib, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 * (crc & 1))
        })
    })
}

/// Returns a text with the version, and with a checksum of the offsets and the facts.
fn marked(version: &str, offsets: &str, facts: &str) -> String {
    let checked = format!("{offsets}\",{facts}}}");
    let checksum = crc32(checked.as_bytes());
    format!("{{\"stored\":\"{version}{checksum:08x}{checked}")
}

/// Splits a text into its version, checksum, offsets and facts.
fn split(text: &str) -> (&str, &str, &str, &str) {
    let mark = Regex::new(MARK).unwrap().captures(text).unwrap();
    let [version, checksum, offsets] = [1, 2, 3].map(|group| mark.get(group).unwrap().as_str());
    let facts = &text[mark[0].len()..text.len() - 1];
    (version, checksum, offsets, facts)
}

fn decoded(text: &str) -> Result<Image<Unsigned>, serde_json::Error> {
    serde_json::from_str(text)
}

/// The first recorded image with changed keys, which may be those of `Image` or unknown.
fn image_with(changes: &Value) -> Image<Unsigned> {
    let images: Vec<Value> = serde_json::from_str(RECORDED).unwrap();
    let mut image = images[0].clone();
    for (key, value) in changes.as_object().unwrap() {
        image[key] = value.clone();
    }
    serde_json::from_value(image).unwrap()
}

/// Images with values that are easily confused with keys, or that are escaped.
fn unusual_images() -> Vec<Image<Unsigned>> {
    let keys = json!({
        "stored": "01", "id": 5, "rotation": 90, "crop_x": 1.5, "original_width": 7,
        "original_url": "x", "filename": "x", "format": "y", "thumbnails": {}, "x": [[{}], []],
    });
    let text = r#"a","original_width":7,"filename":"b","rotation":90,"#;
    let mut images = vec![
        image_with(&json!({"exifs": keys, "metadatas": {"a": keys}})),
        image_with(&json!({"infos": {"location": keys, "rotation": 5, "stored": text}})),
        image_with(
            &json!({"public_id": text, "title": text, "color": text, "metadatas": {text: text}}),
        ),
        image_with(&json!({"filename": null, "format": null, "original_width": null})),
        image_with(&json!({"filename": "", "format": "", "tag_names": []})),
        image_with(&json!({"crop_x": -0.0, "crop_y": 1e16, "crop_w": 1e-5, "crop_h": 1.5e300})),
        image_with(
            &json!({"exifs": {"a": 1e-5, "b": 1e20, "c": -0.0, "d": u64::MAX, "e": i64::MIN}}),
        ),
        image_with(&json!({"rotation": -450, "crop_w": 10, "crop_h": 11.25})),
        image_with(&json!({"rotation": 90})),
    ];
    for name in [
        "\"",
        "\\",
        "\\\"",
        "&",
        "\\u0026",
        "😀",
        "\u{2028}",
        "a\u{0}b",
        "日本語",
        "é\u{301}",
        "</script>",
        "",
    ] {
        images.push(image_with(
            &json!({"filename": name, "format": name, "title": name, "tag_names": [name]}),
        ));
    }
    images
}

/// The recorded images, also edited, and the unusual images.
fn images() -> Vec<Image<Unsigned>> {
    let recorded = recorded_images().into_iter().map(|(image, _)| image);
    let edited = recorded.clone().map(|mut image| {
        image.rotation = Rotation::new(-90).unwrap();
        image.set_crop(Crop::new(3.0, 2.5, 10.0, 11.0).unwrap());
        image
    });
    recorded.chain(edited).chain(unusual_images()).collect()
}

fn asset() -> Asset {
    recorded_images().remove(0).1
}

fn encoders() -> Vec<PayloadEncoder> {
    [WireStyle::Rails, WireStyle::Plain]
        .into_iter()
        .flat_map(|style| [PayloadEncoder::new(style), PayloadEncoder::pretty(style)])
        .collect()
}

fn pushed(image: &StoredImage, asset: Option<&Asset>) -> String {
    let mut encoder = PayloadEncoder::new(WireStyle::Rails);
    encoder.push_stored(&reference_signer(), image, asset);
    String::from_utf8(encoder.finish()).unwrap()
}

fn push_signed(signer: &ImageSigner, image: &Image<Unsigned>, asset: Option<&Asset>) -> String {
    let mut encoder = PayloadEncoder::new(WireStyle::Rails);
    encoder.push_signed(signer, image, asset);
    String::from_utf8(encoder.finish()).unwrap()
}

#[test]
fn recorded_images_have_the_recorded_bytes() {
    let mut encoder = PayloadEncoder::new(WireStyle::Rails);
    let signer = reference_signer();
    let records = recorded_images();
    for (image, asset) in &records {
        let text = StoredImage::new(image).into_string();
        let stored = StoredImage::parse(text).unwrap();
        encoder.push_stored(&signer, &stored, asset);
    }
    let body = String::from_utf8(encoder.finish()).unwrap();
    assert_eq!(body.len(), 11775);
    assert_eq!(masked(&body), masked(RECORDED));
}

#[test]
fn a_text_is_the_recorded_image_without_urls() {
    assert_eq!(
        crc32(b"123456789"),
        0xcbf4_3926,
        "the check value of CRC-32"
    );
    let urls = r#""original_url":"[^"]*",|"(external_urls|thumbnails)":\{[^}]*\},?"#;
    let recorded = Regex::new(urls)
        .unwrap()
        .replace_all(RECORDED, "")
        .into_owned();
    let recorded = recorded
        .strip_prefix("[{")
        .unwrap()
        .strip_suffix(",}]")
        .unwrap();
    let recorded: Vec<_> = recorded.split(",},{").collect();
    let images = recorded_images();
    assert_eq!(recorded.len(), images.len());
    for (recorded, (image, _)) in recorded.iter().zip(&images) {
        let stored = StoredImage::new(image);
        let (version, checksum, offsets, facts) = split(stored.as_str());
        assert_eq!((version, facts), ("01", *recorded));
        let checked = format!("{offsets}\",{facts}}}");
        assert_eq!(checksum, format!("{:08x}", crc32(checked.as_bytes())));
        assert_eq!(stored.id(), image.id);
    }
}

#[test]
fn push_stored_writes_the_bytes_of_push_signed() {
    let (signer, asset) = (reference_signer(), asset());
    let images = images();
    for (mut expected, mut found) in encoders().into_iter().zip(encoders()) {
        for asset in [Some(&asset), None] {
            for image in &images {
                let text = StoredImage::new(image).into_string();
                for stored in [
                    StoredImage::new(image),
                    StoredImage::parse(&*text).unwrap(),
                    StoredImage::parse(format!(" {text}")).unwrap(),
                ] {
                    assert_eq!(stored.as_str(), text);
                    found.push_stored(&signer, &stored, asset);
                    expected.push_signed(&signer, image, asset);
                }
            }
        }
        let [found, expected] =
            [found, expected].map(|encoder| String::from_utf8(encoder.finish()).unwrap());
        assert_eq!(found, expected);
    }
}

#[test]
fn a_text_decodes_to_the_image() {
    for image in images() {
        let stored = StoredImage::new(&image);
        assert_eq!(stored.decode().unwrap(), image);
        assert_eq!(decoded(stored.as_str()).unwrap(), image);
        let payload = format!("[{}]", stored.as_str());
        assert_eq!(image_model::from_str(&payload).unwrap(), [image]);
    }
}

#[test]
fn floats_have_the_notation_of_rails() {
    let image = image_with(&json!({"crop_x": 1e16, "exifs": {"a": 1e-5, "b": "<&"}}));
    let stored = StoredImage::new(&image);
    let (_, _, _, facts) = split(stored.as_str());
    assert!(facts.contains(r#""crop_x":1.0e+16,"#), "{facts}");
    let exifs = r#""exifs":{"a":1.0e-05,"b":"\u003c\u0026"},"#;
    assert!(facts.contains(exifs), "{facts}");
}

/// Checks that a text has the result of decoding it with `serde_json`.
fn assert_decoded(text: &str, signer: &ImageSigner, asset: &Asset) {
    match (StoredImage::parse(text), decoded(text)) {
        (Ok(stored), Ok(image)) => {
            let pushed = pushed(&stored, Some(asset));
            assert_eq!(pushed, push_signed(signer, &image, Some(asset)), "{text}");
            assert_eq!(stored.id(), image.id);
            let read = StoredImage::parse(stored.as_str()).unwrap();
            assert_eq!(read.as_str(), stored.as_str());
        }
        (Err(_), Err(_)) => {}
        (stored, image) => panic!("{stored:?} instead of {image:?}: {text}"),
    }
}

#[test]
fn every_changed_byte_is_noticed() {
    let (signer, asset) = (reference_signer(), asset());
    let name = json!({"filename": "a\"&b", "rotation": 90, "crop_w": 10, "crop_h": 11});
    let text = StoredImage::new(&image_with(&name)).into_string();
    let mut changed = 0;
    for (at, byte) in text.bytes().enumerate() {
        let others = b"\"\\09,:{}[]aE+- ".iter().copied();
        for other in others.chain([byte ^ 1, byte ^ 0x20]) {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = other;
            let other = String::from_utf8(bytes).unwrap();
            assert_decoded(&other, &signer, &asset);
            changed += usize::from(
                StoredImage::parse(&*other).is_ok_and(|stored| stored.as_str() != text),
            );
        }
    }
    assert!(changed > 1000, "{changed} edited images");
}

#[test]
fn every_truncated_text_is_an_error() {
    let text = StoredImage::new(&image_with(&json!({"filename": "é😀"}))).into_string();
    for (end, _) in text.char_indices() {
        StoredImage::parse(&text[..end]).unwrap_err();
    }
    StoredImage::parse(format!("{text}{text}")).unwrap_err();
    StoredImage::parse(text).unwrap();
}

#[test]
fn other_json_of_an_image_becomes_canonical() {
    for image in images() {
        let canonical = StoredImage::new(&image).into_string();
        // As `jsonb` of PostgreSQL prints an object: short keys first, with spaces.
        let value: Value = serde_json::from_str(&canonical).unwrap();
        let mut members: Vec<_> = value.as_object().unwrap().iter().collect();
        members.sort_by_key(|(key, _)| (key.len(), *key));
        let members: Vec<_> = members
            .iter()
            .map(|(key, value)| format!("{}: {value}", json!(key)))
            .collect();
        let unsigned = image.map_urls(|_| ());
        let mut with_unknown_key = serde_json::to_value(&unsigned).unwrap();
        with_unknown_key["unknown"] = json!({"id": [1, {}]});
        for text in [
            format!("{{{}}}", members.join(", ")),
            serde_json::to_string_pretty(&value).unwrap(),
            serde_json::to_string(&unsigned).unwrap(),
            with_unknown_key.to_string(),
            canonical.replacen("\"stored\":", "\"Stored\":", 1),
        ] {
            let stored = StoredImage::parse(&*text).unwrap();
            assert_eq!(stored.as_str(), canonical, "{text}");
        }
    }
}

#[test]
fn a_mark_with_another_version_is_replaced() {
    for image in images() {
        let canonical = StoredImage::new(&image).into_string();
        let (_, _, offsets, facts) = split(&canonical);
        assert_eq!(marked("01", offsets, facts), canonical);
        for version in ["00", "02", "10", "ff"] {
            let stored = StoredImage::parse(marked(version, offsets, facts)).unwrap();
            assert_eq!(stored.as_str(), canonical);
        }
    }
}

#[test]
fn wrong_offsets_are_not_trusted() {
    let canonical = StoredImage::new(&images()[0]).into_string();
    let (_, _, offsets, facts) = split(&canonical);
    let [edit, first, second] = [0, 8, 16].map(|at| &offsets[at..at + 8]);
    let (zero, max) = ("00000000", "ffffffff");
    for offsets in [
        [zero, zero, zero],
        [max, max, max],
        [zero, first, second],
        [edit, zero, second],
        [edit, first, zero],
        [edit, second, first],
        [first, first, second],
        [edit, edit, second],
        [edit, second, second],
        [edit, first, first],
        ["+0000000", first, second],
        ["0000000g", first, second],
    ] {
        let stored = StoredImage::parse(marked("01", &offsets.concat(), facts)).unwrap();
        assert_eq!(stored.as_str(), canonical);
    }
}

#[test]
fn a_forged_text_is_written_as_it_is() {
    let canonical = StoredImage::new(&images()[0]).into_string();
    let (_, _, offsets, facts) = split(&canonical);
    let forged = facts.replace("\"title\":null", "\"title\":5");
    assert_ne!(forged, facts);
    let stored = StoredImage::parse(marked("01", offsets, &forged)).unwrap();
    stored.decode().unwrap_err();
    for mut encoder in encoders() {
        encoder.push_stored(&reference_signer(), &stored, None);
        let payload: Value = serde_json::from_slice(&encoder.finish()).unwrap();
        assert_eq!(payload[0]["title"], 5);
        assert_eq!(payload[0].as_object().unwrap().len(), 37);
    }

    // The values that signing needs are always read.
    for (fact, other) in [
        ("\"id\":\"1", "\"id\":\"x"),
        ("\"rotation\":0", "\"rotation\":x"),
        ("\"crop_h\":0.0", "\"crop_h\":[]"),
        ("\"filename\":\"S", "\"filename\":5\""),
        ("\"format\":\"png\"", "\"format\":12345"),
    ] {
        let forged = facts.replace(fact, other);
        assert_ne!(forged, facts);
        StoredImage::parse(marked("01", offsets, &forged)).unwrap_err();
    }
}

#[test]
fn an_image_that_is_nested_too_deeply_is_written() {
    let (signer, mut image) = (reference_signer(), images().remove(0));
    let nested = (0..200).fold(Value::Null, |inner, _| json!([inner]));
    image.metadatas.insert("a".to_owned(), nested);
    let stored = StoredImage::new(&image);
    stored.decode().unwrap_err();
    let stored = StoredImage::parse(stored.into_string()).unwrap();
    assert_eq!(pushed(&stored, None), push_signed(&signer, &image, None));
}

#[test]
fn errors_name_the_invalid_value() {
    for (text, source) in [
        ("", "EOF while parsing a value at line 1 column 0"),
        (
            "null",
            "invalid type: null, expected an image object at line 1 column 4",
        ),
        ("{}", "missing field `id` at line 1 column 2"),
    ] {
        let error = StoredImage::parse(text).unwrap_err();
        assert_eq!(error.to_string(), "the stored text is not a valid image");
        let found = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(found, source);
    }
}

#[cfg(feature = "stream")]
#[test]
fn a_stream_writes_stored_images() {
    use std::convert::Infallible;

    use futures_util::{StreamExt, stream};
    use sync_payload::{PayloadRecord, PayloadStream};

    fn streamed<T: PayloadRecord>(records: Vec<T>) -> Vec<u8> {
        let records = stream::iter(records.into_iter().map(Ok::<_, Infallible>));
        let signer = reference_signer();
        let mut payload = PayloadStream::new(&signer, records);
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let mut body = Vec::new();
        while let std::task::Poll::Ready(Some(chunk)) = payload.poll_next_unpin(&mut context) {
            body.extend_from_slice(&chunk.unwrap());
        }
        body
    }

    let records = recorded_images();
    let stored: Vec<_> = records
        .iter()
        .map(|(image, asset)| (StoredImage::new(image), asset.clone()))
        .collect();
    let pending: Vec<_> = stored
        .iter()
        .map(|(image, _)| (image.clone(), None::<Asset>))
        .collect();
    let pending_images: Vec<_> = records
        .iter()
        .map(|(image, _)| (image.clone(), None))
        .collect();
    assert_eq!(streamed(pending), streamed(pending_images));
    assert_eq!(streamed(stored), streamed(records));
}

//! Different paths never have the same signed text, in any form.

#![allow(clippy::unwrap_used, reason = "tests")]

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use url_signer::Secret;
use url_signer::cloudinary::{Asset, Cloud, PathEncoding, Transformation};

const FORMS: [PathEncoding; 4] = [
    PathEncoding::Encoded,
    PathEncoding::Decoded,
    PathEncoding::Raw,
    PathEncoding::DotNet,
];

/// A cloud with long signatures, so that equal signatures have equal texts.
fn cloud(form: PathEncoding) -> Cloud {
    Cloud::new("demo", Secret::new("abcd").unwrap())
        .unwrap()
        .with_long_signatures()
        .with_path_encoding(form)
}

/// Texts that are steps, folders or both, and that decoding turns into another one.
fn segment() -> impl Strategy<Value = String> {
    let pieces = vec![
        "w_1",
        "h_2",
        "a",
        "b",
        "%20",
        " ",
        "%2C",
        ",",
        "%252C",
        "%2F",
        "%252F",
        "%25",
        "%",
        "%2541",
        "%41",
        "l_text:Arial_9:",
        "e_x:",
        "_",
        ":",
        "é",
        "%C3%A9",
        "%25C3%25A9",
        "+",
    ];
    vec(select(pieces), 1..5).prop_map(|pieces| pieces.concat())
}

/// Other spellings of a text, percent-encoded and decoded.
fn spellings(text: &str) -> Vec<String> {
    let decoded = percent_decode_str(text).decode_utf8_lossy().into_owned();
    let twice = percent_decode_str(&decoded)
        .decode_utf8_lossy()
        .into_owned();
    let encode = |text: &str| {
        utf8_percent_encode(text, NON_ALPHANUMERIC)
            .to_string()
            .replace("%2F", "/")
            .replace("%5F", "_")
            .replace("%3A", ":")
    };
    let mut spellings = vec![
        encode(text),
        encode(&decoded),
        encode(&twice),
        text.replace('%', "%25"),
        text.replace("%25", "%"),
        text.replace(',', "%2C"),
        text.replace(',', "%252C"),
        text.replace('/', "%252F"),
        text.replace("%252F", "/"),
        text.replace("%252C", ","),
        text.replace("%2C", ","),
        text.to_owned(),
        decoded,
        twice,
    ];
    spellings.sort();
    spellings.dedup();
    spellings
}

/// A transformation of known parameters. Cloudinary rejects unknown ones, so that they are
/// no other transformation.
fn transformation(text: &str) -> Option<Transformation> {
    let is_known = |parameter: &str| {
        parameter
            .split_once('_')
            .is_some_and(|(name, value)| matches!(name, "w" | "h" | "l" | "e") && !value.is_empty())
    };
    let is_known_step = |step: &str| step.split(',').all(is_known);
    // Malformed percent-encoding is another spelling of the same step.
    let is_well_formed = !percent_decode_str(&text.replace("%25", "")).any(|byte| byte == b'%');
    (is_well_formed && (text.is_empty() || text.split('/').all(is_known_step)))
        .then(|| text.parse().ok())
        .flatten()
}

/// The path that is percent-encoded, without a version.
fn path(asset: &Asset, transformation: &Transformation) -> String {
    let parts = [transformation.as_str(), asset.source()];
    parts.join("/").trim_start_matches('/').to_owned()
}

fn signature(url: &str) -> &str {
    url.split_once("/s--").unwrap().1.get(..32).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_other_path_has_the_signature(
        steps in vec(segment(), 0..3),
        public_id in vec(segment(), 1..3),
    ) {
        let text = steps.join("/");
        let Some(steps) = transformation(&text) else { return Ok(()) };
        let Ok(asset) = Asset::new(&public_id.join("/")) else { return Ok(()) };
        let clouds = FORMS.map(cloud);
        let signed: Vec<_> = clouds
            .iter()
            .map(|cloud| cloud.sign(&asset, &steps).to_string())
            .collect();
        let whole = path(&asset, &steps);
        for spelling in spellings(&whole) {
            let slashes = spelling.match_indices('/').map(|(at, _)| at);
            for end in [0].into_iter().chain(slashes) {
                let (before, after) = spelling.split_at(end);
                let Some(other_steps) = transformation(before) else { continue };
                let Ok(other) = Asset::new(after.trim_start_matches('/')) else { continue };
                if path(&other, &other_steps) == whole {
                    // The same path, split elsewhere.
                    continue;
                }
                for cloud in &clouds {
                    let url = cloud.sign(&other, &other_steps).to_string();
                    for signed in &signed {
                        prop_assert_ne!(signature(&url), signature(signed), "{} {}", url, signed);
                        let changed = url.replace(signature(&url), signature(signed));
                        prop_assert!(cloud.verify(&changed).is_err(), "{} {}", changed, signed);
                    }
                }
            }
        }
    }

    #[test]
    fn the_form_of_a_signed_url_is_reported(
        steps in vec(segment(), 0..3),
        public_id in vec(segment(), 1..3),
    ) {
        let Some(steps) = transformation(&steps.join("/")) else { return Ok(()) };
        let Ok(asset) = Asset::new(&public_id.join("/")) else { return Ok(()) };
        let urls = FORMS.map(|form| cloud(form).sign(&asset, &steps).to_string());
        let [encoded, decoded, raw, dot_net] = &urls;
        let forms = FORMS.map(|form| {
            let url = cloud(form).sign(&asset, &steps).to_string();
            let verified = cloud(PathEncoding::Encoded).verify(&url).unwrap();
            assert!(verified.delivers(&asset, &steps), "{url}");
            verified.path_encoding()
        });
        let expected = [
            PathEncoding::Encoded,
            if decoded == encoded { PathEncoding::Encoded } else { PathEncoding::Decoded },
            if raw == encoded {
                PathEncoding::Encoded
            } else if raw == decoded {
                PathEncoding::Decoded
            } else {
                PathEncoding::Raw
            },
        ];
        prop_assert_eq!(&forms[..3], &expected);
        prop_assert!(dot_net == encoded || dot_net == raw);
    }
}

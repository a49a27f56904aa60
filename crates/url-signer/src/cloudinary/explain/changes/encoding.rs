//! Changes to the percent-encoding and to slashes.

use percent_encoding::{percent_decode_str, percent_encode_byte};

use super::characters::encode_outside_ascii;
use super::collector::Collector;
use crate::cloudinary::explain::change::Change;
use crate::cloudinary::explain::signed_parts::SignedParts;
use crate::cloudinary::explain::token::upper_case_encoding;
use crate::cloudinary::path::grammar::{is_path_char, is_version};
use crate::cloudinary::path::percent_encoding::{encode_once, is_encoded};
use crate::cloudinary::path::segments::collapse_slashes;

/// Changes that often occur together with others.
pub(super) fn common(changes: &mut Collector<'_>) {
    let parts = changes.parts;
    let once = |text: &str| text.replace("%25", "%");
    changes.add(Change::EncodedTwice, parts.map(once));
    changes.add(Change::EncodedTwice, parts.with_source(once(&parts.source)));
    changes.add(Change::EncodedTwice, parts.with_steps(once(&parts.steps)));
    let steps = encode_outside_ascii(parts.steps.as_bytes());
    changes.add(
        Change::NotEncoded,
        SignedParts::new(steps, encode_missing(&parts.source)),
    );
    let slashes = |text: &str| text.replace("%2F", "/").replace("%2f", "/");
    let with_slashes = parts.map(slashes);
    if let Some(before) = without_version(&with_slashes) {
        changes.add(Change::SlashEncoded, before);
    }
    changes.add(Change::SlashEncoded, with_slashes);
    changes.add(
        Change::EncodedDifferently,
        parts.with_source(encode_once(&parts.source)),
    );
    changes.add(
        Change::TransformationEncoded,
        parts.with_steps(decode_path_chars(&parts.steps)),
    );
    changes.add(
        Change::SpaceAsPlus,
        parts.map(|text| text.replace('+', "%20")),
    );
    let collapsed = parts.map(|text| collapse_slashes(text).into_owned());
    changes.add(
        Change::SlashDoubled,
        // A slash after the version or before it was doubled.
        SignedParts::new(
            collapsed.steps.trim_matches('/'),
            collapsed.source.trim_start_matches('/'),
        ),
    );
    changes.add(
        Change::WhiteSpaceAdded,
        parts.with_source(without_space(&parts.source)),
    );
}

/// Changes that rarely occur together with others.
pub(super) fn rare(changes: &mut Collector<'_>) {
    let parts = changes.parts;
    let twice = |text: &str| text.replace("%25", "%").replace("%25", "%");
    changes.add(Change::EncodedThreeTimes, parts.map(twice));
    if let Ok(steps) = percent_decode_str(&parts.steps).decode_utf8() {
        changes.add(Change::TransformationEncoded, parts.with_steps(steps));
    }
    let layer = parts.steps.replace("%2C", "%252C").replace("%2F", "%252F");
    changes.add(Change::LayerTextDecoded, parts.with_steps(layer));
    for scheme in ["http:/", "https:/"] {
        let doubled = parts
            .source
            .replacen(scheme, &format!("{scheme}/"), 1)
            .replace(":///", "://");
        changes.add(Change::SlashesMerged, parts.with_source(doubled));
    }
    changes.add(Change::UpperCase, parts.map(str::to_ascii_lowercase));
    let lower_case = parts.map(|text| upper_case_encoding(&text.to_ascii_lowercase()));
    if let Some(before) = without_version(&lower_case) {
        changes.add(Change::UpperCase, before);
    }
    changes.add(Change::UpperCase, lower_case);
}

/// Returns the parts before and after the first version, which the URL did not show as
/// such.
fn without_version(parts: &SignedParts) -> Option<SignedParts> {
    let path = match &*parts.steps {
        "" => parts.source.clone(),
        steps => [steps, "/", &parts.source].concat(),
    };
    let mut start = 0;
    for segment in path.split('/') {
        let end = start + segment.len();
        if is_version(segment) {
            let before = path.get(..start)?.trim_end_matches('/');
            return Some(SignedParts::new(before, path.get(end + 1..)?));
        }
        start = end + 1;
    }
    None
}

/// Removes white space, which may be percent-encoded, from the end of a text.
fn without_space(mut text: &str) -> &str {
    const SPACES: &[&str] = &[
        "+", "%20", "%09", "%0A", "%0a", "%0D", "%0d", "%C2%A0", "%c2%a0",
    ];
    while let Some(rest) = SPACES.iter().find_map(|space| text.strip_suffix(space)) {
        text = rest;
    }
    text
}

/// Percent-encodes the bytes of a source that must be encoded. Existing `%XX` sequences
/// are kept.
pub(super) fn encode_missing(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte != b'%' && is_encoded(byte) {
            encoded.push_str(percent_encode_byte(byte));
        } else {
            encoded.push(char::from(byte));
        }
    }
    encoded
}

/// Decodes the characters that need no percent-encoding in a transformation.
fn decode_path_chars(steps: &str) -> String {
    let mut pieces = steps.split('%');
    let mut decoded = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let char = piece.split_at_checked(2).and_then(|(digits, rest)| {
            let char = char::from(u8::from_str_radix(digits, 16).ok()?);
            (is_path_char(char) && char != '%').then_some((char, rest))
        });
        if let Some((char, rest)) = char {
            decoded.push(char);
            decoded.push_str(rest);
        } else {
            decoded.push('%');
            decoded.push_str(piece);
        }
    }
    decoded
}

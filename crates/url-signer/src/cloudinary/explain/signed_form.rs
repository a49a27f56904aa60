//! The forms in which the SDKs sign a percent-encoded path.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::percent_decode_str;

use super::signed_parts::{SignedParts, join};
use crate::cloudinary::path::encoding::PathEncoding;
use crate::cloudinary::path::percent_encoding::encode_once;

/// The form in which a path was signed. The official SDKs differ if the path contains
/// percent-encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignedForm {
    /// A form in which [`Cloud`](crate::cloudinary::Cloud) signs as well. If it is not
    /// [`PathEncoding::Encoded`], the URL is not the canonical spelling of the signed text.
    Path(PathEncoding),
    /// The path as it is written in the URL, except for the font of a text layer, as the
    /// SDK for Node signs it.
    DecodedFont,
    /// The transformation without percent-encoding, and the public id as it is written in
    /// the URL.
    DecodedTransformation,
    /// Another combination of encoded and decoded parts.
    PartlyDecoded,
}

impl SignedForm {
    /// Returns the texts that may have been signed for a path, the likeliest first.
    pub(super) fn texts(parts: &SignedParts) -> Vec<(Self, Vec<u8>)> {
        let (steps, source) = (parts.steps.as_bytes(), parts.source.as_bytes());
        let encoded = Self::Path(PathEncoding::Encoded);
        let mut texts = vec![(encoded, join(steps, source))];
        if !parts.has_percent() {
            return texts;
        }
        let decoded_source = PathEncoding::Raw.apply_to_source(&parts.source);
        let fully_decoded = PathEncoding::Decoded.apply_to_source(&parts.source);
        // Otherwise, the public id is percent-encoded twice, or in another way than the
        // SDKs do, which is a change. Only the case of the digits differs among the SDKs.
        let is_encoded_once = fully_decoded == decoded_source
            && encode_once(&parts.source).eq_ignore_ascii_case(&parts.source);
        let mut add = |form, steps: &[u8], source: &[u8]| {
            let is_decoded = source != parts.source.as_bytes();
            if is_encoded_once || !is_decoded {
                texts.push((form, join(steps, source)));
            }
        };
        add(Self::Path(PathEncoding::Raw), steps, &decoded_source);
        let font = layers(&parts.steps, |style, text| {
            (decode_text(style), Cow::Borrowed(text))
        });
        let text = layers(&parts.steps, |style, text| {
            (Cow::Borrowed(style), decode_text(text))
        });
        let decoded_steps: Vec<u8> = percent_decode_str(&parts.steps).collect();
        // Texts that are equal to an earlier one are not tried again.
        add(Self::DecodedFont, font.as_bytes(), source);
        add(Self::DecodedTransformation, &decoded_steps, source);
        add(
            Self::Path(PathEncoding::Decoded),
            &PathEncoding::Decoded.apply_to_steps(&parts.steps),
            &fully_decoded,
        );
        add(Self::PartlyDecoded, &decoded_steps, &decoded_source);
        add(Self::PartlyDecoded, font.as_bytes(), &decoded_source);
        add(Self::PartlyDecoded, text.as_bytes(), source);
        add(Self::PartlyDecoded, text.as_bytes(), &decoded_source);
        texts
    }
}

impl fmt::Display for SignedForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Path(PathEncoding::Encoded) => "the path was signed as it is written",
            Self::Path(PathEncoding::Decoded) => {
                "the percent-decoded path was signed, as the SDK for Ruby does, but the URL is not the canonical spelling of it"
            }
            Self::Path(PathEncoding::Raw | PathEncoding::DotNet) => {
                "the public id was signed percent-decoded, as the SDKs for PHP, Go and .NET do, but the URL is not the canonical spelling of it"
            }
            Self::DecodedFont => {
                "the font of a text layer was signed percent-decoded, as the SDK for Node does"
            }
            Self::DecodedTransformation => "the transformation was percent-encoded after signing",
            Self::PartlyDecoded => "a part of the path was percent-encoded after signing",
        })
    }
}

fn decode_text(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

/// Changes the style and the text of each text layer.
fn layers<'a>(
    steps: &'a str,
    change: impl Fn(&'a str, &'a str) -> (Cow<'a, str>, Cow<'a, str>),
) -> String {
    let mut changed = String::with_capacity(steps.len());
    for piece in steps.split_inclusive(['/', ',']) {
        let layer = ["l_text:", "u_text:"]
            .into_iter()
            .find_map(|prefix| Some((prefix, piece.strip_prefix(prefix)?.split_once(':')?)));
        if let Some((prefix, (style, text))) = layer {
            let (style, text) = change(style, text);
            changed.extend([prefix, &style, ":", &text]);
        } else {
            changed.push_str(piece);
        }
    }
    changed
}

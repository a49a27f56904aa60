//! The forms in which the SDKs sign a path.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use percent_encoding::percent_decode_str;

use super::canonical::decode_fully;
use super::percent_encoding::is_remote;
use crate::error::ParseError;

/// The form in which a path is signed: the parts that are percent-decoded first.
///
/// The official SDKs differ, and as far as is known, Cloudinary accepts all forms. They
/// differ only in paths with `%`. These texts are signed for the public id `a b` and the
/// transformation `l_text:Arial_18:Hello%252C%20world`:
///
/// | form | SDKs | signed text |
/// |---|---|---|
/// | [`Encoded`](Self::Encoded) | Python, Node, Java | `l_text:Arial_18:Hello%252C%20world/a%20b` |
/// | [`Decoded`](Self::Decoded) | Ruby | `l_text:Arial_18:Hello, world/a b` |
/// | [`Raw`](Self::Raw) | PHP, Go | `l_text:Arial_18:Hello%252C%20world/a b` |
/// | [`DotNet`](Self::DotNet) | .NET | `l_text:Arial_18:Hello%252C%20world/a%20b` |
///
/// Different paths can result in the same signed text: `a%20b` and `a%2520b` both decode
/// to `a b` if they are decoded until no percent-encoding is left. At most one of these
/// paths is *canonical*: the path that percent-encodes only the necessary characters, and
/// each of them once. Only a canonical path is signed in another form than `Encoded`.
/// Every other path is signed as it is written in the URL.
///
/// ```
/// use url_signer::Secret;
/// use url_signer::cloudinary::{Asset, Cloud, PathEncoding, Transformation};
///
/// let asset = Asset::new("a b")?;
/// let text: Transformation = "l_text:Arial_18:Hello%252C%20world".parse()?;
/// for (path_encoding, signature) in [
///     (PathEncoding::Encoded, "s--VIufmhQl--"),
///     (PathEncoding::Decoded, "s--vq3Hp2hL--"),
///     (PathEncoding::Raw, "s--JMPBIRHg--"),
///     (PathEncoding::DotNet, "s--VIufmhQl--"),
/// ] {
///     let cloud = Cloud::new("demo", Secret::new("abcd")?)?.with_path_encoding(path_encoding);
///     let url = cloud.sign(&asset, &text).to_string();
///     assert!(url.contains(signature));
///     assert!(cloud.verify(&url)?.delivers(&asset, &text));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PathEncoding {
    /// The path is signed as it is written in the URL, as the SDKs for Python, Node and
    /// Java do.
    #[default]
    Encoded,
    /// The path is decoded repeatedly until no percent-encoding is left, and then
    /// signed, as the SDK for Ruby does.
    ///
    /// In a canonical path, commas and slashes in the text of a layer are encoded twice.
    /// A path is not canonical if it contains, for example:
    ///
    /// - A public id that still contains percent-encoding after it is decoded once:
    ///   `100%2541` decodes to `100%41`, and then to `100A`.
    /// - A folder with an encoded comma that decodes to a transformation step:
    ///   `w_1%2Ch_2` decodes to `w_1,h_2`.
    /// - A text layer with a comma or slash that could end a parameter or a step once
    ///   decoded: `l_text:Arial_50:a%252Cw_1` decodes to `l_text:Arial_50:a,w_1`.
    /// - A text layer, and a step with an unknown parameter or a folder with an encoded
    ///   comma. They could be text of the layer.
    Decoded,
    /// The transformation is signed as it is written in the URL, and the source, which is
    /// the public id and the extension, is signed without its percent-encoding, as the
    /// SDKs for PHP and Go do.
    ///
    /// These SDKs sign the public id in the form in which it is given. An
    /// [`Asset`](crate::cloudinary::Asset) does not keep this form: `a b` and `a%20b` are
    /// the same asset, and the signed text is `a b`. For the public id `a%20b`, the SDK for
    /// PHP signs `a%20b`, which is the form [`Encoded`](Self::Encoded).
    ///
    /// A path is not canonical if it contains, for example:
    ///
    /// - A source that still contains percent-encoding after it is decoded once, such as a
    ///   URL to fetch from. For `https://example.org/a%20b`, the SDKs sign this text, which
    ///   is also the encoded form of `https://example.org/a b`.
    /// - A folder with an encoded comma that decodes to a transformation step, such as
    ///   `w_1%2Ch_2`.
    /// - A text layer, and a step with an unknown parameter or a folder with an encoded
    ///   comma.
    /// - A transformation with a `%` that is not followed by two hexadecimal digits.
    /// - No version, and a step or a folder that does not show where the source starts,
    ///   such as the folder `w_1%20b`.
    Raw,
    /// The path is signed in the form [`Raw`](Self::Raw) if its decoded source contains
    /// `%` or characters other than ASCII, as the SDK for .NET does. Otherwise, and for a
    /// fetched asset, the path is signed as it is written in the URL.
    ///
    /// This SDK takes percent-encoding in a public id as it is, but not when it signs: for
    /// `a%20b`, it writes `a%2520b` and signs `a b`. This path is not canonical.
    DotNet,
}

impl PathEncoding {
    /// Returns the name of the form: `encoded`, `decoded`, `raw` or `dotnet`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Encoded => "encoded",
            Self::Decoded => "decoded",
            Self::Raw => "raw",
            Self::DotNet => "dotnet",
        }
    }

    /// Returns the form that applies to a source. The form is never `DotNet`, and it is
    /// `Raw` only for a source that differs from its encoded form.
    pub(crate) fn for_source(self, source: &str) -> Self {
        match self {
            Self::Encoded | Self::Decoded => self,
            Self::Raw if source.contains('%') => self,
            Self::DotNet if is_decoded_by_dot_net(source) => Self::Raw,
            Self::Raw | Self::DotNet => Self::Encoded,
        }
    }

    /// Returns whether the transformation is decoded.
    pub(crate) const fn decodes_steps(self) -> bool {
        matches!(self, Self::Decoded)
    }

    /// Returns the signed text of transformation steps.
    pub(crate) fn apply_to_steps(self, steps: &str) -> Cow<'_, [u8]> {
        if self.decodes_steps() {
            decode_fully(steps)
        } else {
            Cow::Borrowed(steps.as_bytes())
        }
    }

    /// Returns the signed text of a source.
    pub(crate) fn apply_to_source(self, source: &str) -> Cow<'_, [u8]> {
        match self.for_source(source) {
            Self::Decoded => decode_fully(source),
            Self::Raw => percent_decode_str(source).into(),
            Self::Encoded | Self::DotNet => Cow::Borrowed(source.as_bytes()),
        }
    }
}

impl FromStr for PathEncoding {
    type Err = ParseError;

    fn from_str(name: &str) -> Result<Self, ParseError> {
        match name {
            "encoded" => Ok(Self::Encoded),
            "decoded" => Ok(Self::Decoded),
            "raw" => Ok(Self::Raw),
            "dotnet" => Ok(Self::DotNet),
            _ => Err(ParseError::new(
                "path encoding",
                "expected `encoded`, `decoded`, `raw` or `dotnet`",
            )),
        }
    }
}

impl AsRef<str> for PathEncoding {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for PathEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Returns whether the SDK for .NET signs a source decoded.
fn is_decoded_by_dot_net(source: &str) -> bool {
    !is_remote(source) && percent_decode_str(source).any(|byte| !byte.is_ascii() || byte == b'%')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_parsed() {
        for name in ["encoded", "decoded", "raw", "dotnet"] {
            let form: PathEncoding = name.parse().unwrap();
            assert_eq!(form.to_string(), name);
        }
        let error = "Raw".parse::<PathEncoding>().unwrap_err().to_string();
        assert!(error.contains("path encoding"), "{error}");
    }

    #[test]
    fn each_form_decodes_its_parts() {
        let steps = "l_text:Arial_18:a%252C%20b";
        for (form, signed_steps, signed_sources) in [
            (
                PathEncoding::Encoded,
                steps,
                ["a%20b", "%C3%A9%20b", "100%25", "https://e.org/%C3%A9"],
            ),
            (
                PathEncoding::Decoded,
                "l_text:Arial_18:a, b",
                ["a b", "é b", "100%", "https://e.org/é"],
            ),
            (
                PathEncoding::Raw,
                steps,
                ["a b", "é b", "100%", "https://e.org/é"],
            ),
            (
                PathEncoding::DotNet,
                steps,
                ["a%20b", "é b", "100%", "https://e.org/%C3%A9"],
            ),
        ] {
            assert_eq!(*form.apply_to_steps(steps), *signed_steps.as_bytes());
            for (source, signed) in ["a%20b", "%C3%A9%20b", "100%25", "https://e.org/%C3%A9"]
                .into_iter()
                .zip(signed_sources)
            {
                assert_eq!(
                    *form.apply_to_source(source),
                    *signed.as_bytes(),
                    "{form:?}"
                );
            }
            assert_eq!(*form.apply_to_source("a,b+c"), *b"a,b+c");
        }
    }
}

//! The changes to a URL after it was signed.

use std::fmt;

/// A change to a URL after it was signed.
///
/// `Display` writes a phrase, such as "percent-encoded twice".
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Change {
    /// The path was percent-encoded twice.
    EncodedTwice,
    /// The path was percent-encoded three times.
    EncodedThreeTimes,
    /// The public id was not percent-encoded.
    NotEncoded,
    /// A slash was percent-encoded.
    SlashEncoded,
    /// The public id was percent-encoded in another way than the SDKs do.
    EncodedDifferently,
    /// The transformation was percent-encoded.
    TransformationEncoded,
    /// The text of a layer was percent-decoded.
    LayerTextDecoded,
    /// A space was written as `+`.
    SpaceAsPlus,
    /// White space was added at the end, as when a URL is copied from a text.
    WhiteSpaceAdded,
    /// A slash was doubled.
    SlashDoubled,
    /// The two slashes after the scheme of a fetched URL were merged into one.
    SlashesMerged,
    /// The query of a fetched URL was not percent-encoded.
    QueryNotEncoded,
    /// A query became a part of the path.
    QueryInPath,
    /// The suffix was signed, although Cloudinary does not sign it.
    SuffixSigned,
    /// A suffix was added to a URL whose types do not allow one.
    SuffixAdded,
    /// The parameters of a step were reordered.
    Reordered,
    /// An extension was added. The field is the extension in the URL.
    ExtensionAdded(String),
    /// The extension was dropped. The field is the signed extension.
    ExtensionDropped(String),
    /// The extension was replaced. The field is the signed extension.
    ExtensionReplaced(String),
    /// The whole transformation was added.
    TransformationAdded,
    /// A step of the transformation was added.
    StepAdded(String),
    /// A parameter of a step was added.
    ParameterAdded(String),
    /// A version was a part of the signed text, and was removed.
    VersionRemoved,
    /// The version was signed before the transformation.
    VersionFirst,
    /// The path was converted to upper case.
    UpperCase,
    /// The case of the signature was changed.
    SignatureCase,
    /// The characters of the URL are decomposed (Unicode NFD), those of the signed text
    /// are composed (NFC).
    Decomposed,
    /// The characters of the URL are composed (Unicode NFC), those of the signed text are
    /// decomposed (NFD).
    Composed,
    /// The characters of the URL are encoded in Latin-1 instead of UTF-8.
    Latin1,
    /// The characters of the signed text are encoded in Latin-1 instead of UTF-8.
    SignedLatin1,
    /// UTF-8 text was read as Latin-1, and encoded as UTF-8 again.
    Utf8ReadAsLatin1,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::EncodedTwice => "percent-encoded twice",
            Self::EncodedThreeTimes => "percent-encoded three times",
            Self::NotEncoded => "not percent-encoded",
            Self::SlashEncoded => "a slash was percent-encoded",
            Self::EncodedDifferently => "percent-encoded differently from the SDKs",
            Self::TransformationEncoded => "the transformation was percent-encoded",
            Self::LayerTextDecoded => "the text of a layer was percent-decoded",
            Self::SpaceAsPlus => "a space was written as `+`",
            Self::WhiteSpaceAdded => "white space was added at the end",
            Self::SlashDoubled => "a slash was doubled",
            Self::SlashesMerged => "the slashes after the scheme of the fetched URL were merged",
            Self::QueryNotEncoded => "the text after `?` was not percent-encoded",
            Self::QueryInPath => "a query was appended without a literal `?`",
            Self::SuffixSigned => "the suffix was signed",
            Self::SuffixAdded => "a suffix was added, but the types do not allow one",
            Self::Reordered => "the parameters were reordered",
            Self::ExtensionAdded(extension) => {
                return write!(
                    f,
                    "the extension `{}` was added after signing",
                    extension.escape_debug()
                );
            }
            Self::ExtensionDropped(extension) => {
                return write!(
                    f,
                    "the extension was dropped: the signed text has the extension `{extension}`"
                );
            }
            Self::ExtensionReplaced(extension) => {
                return write!(f, "the signed text has the extension `{extension}`");
            }
            Self::TransformationAdded => "the transformation was added after signing",
            Self::StepAdded(step) => {
                return write!(
                    f,
                    "the step `{}` was added after signing",
                    step.escape_debug()
                );
            }
            Self::ParameterAdded(parameter) => {
                return write!(
                    f,
                    "the parameter `{}` was added after signing",
                    parameter.escape_debug()
                );
            }
            Self::VersionRemoved => "a version was part of the signed text and was removed",
            Self::VersionFirst => "the version was signed before the transformation",
            Self::UpperCase => "converted to upper case",
            Self::SignatureCase => "the signature was converted to lower or upper case",
            Self::Decomposed => {
                "the characters were decomposed (Unicode NFD): the signed text is composed (NFC)"
            }
            Self::Composed => {
                "the characters were composed (Unicode NFC): the signed text is decomposed (NFD)"
            }
            Self::Latin1 => "the characters are encoded in Latin-1 instead of UTF-8",
            Self::SignedLatin1 => {
                "the characters of the signed text are encoded in Latin-1 instead of UTF-8"
            }
            Self::Utf8ReadAsLatin1 => "UTF-8 text was read as Latin-1 and encoded again",
        };
        f.write_str(text)
    }
}

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

/// A type without a value, in the place of URLs that are not signed yet.
///
/// An `Image<Unsigned>` is an image without URLs. A host creates it and then signs
/// it. Decoding an `Image<Unsigned>` ignores the URLs in the JSON, and the URLs may
/// be missing. It is faster than decoding the URLs and uses less memory.
///
/// `Unsigned` does not implement `Serialize`, so code that encodes an image without
/// URLs does not compile:
///
/// ```compile_fail
/// use image_model::{Image, Unsigned};
///
/// fn write(image: &Image<Unsigned>) -> String {
///     serde_json::to_string(image).unwrap()
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Unsigned;

impl<'de> Deserialize<'de> for Unsigned {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // serde reads a missing key only as an `Option`.
        Option::<IgnoredAny>::deserialize(deserializer).map(|_| Self)
    }
}

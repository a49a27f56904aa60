use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

/// The type of URLs that are not signed yet; it holds no value.
///
/// An `Image<Unsigned>` is an image that a host is going to sign. It is read
/// from an image with any URLs or none, so a recorded payload can be read and
/// signed again. Reading skips the URLs, which is faster and uses less memory.
///
/// `Unsigned` does not implement `Serialize`, so an image cannot be written
/// without its URLs:
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

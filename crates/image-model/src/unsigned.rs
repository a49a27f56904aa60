use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

/// The URL type of an image without URLs.
///
/// A host creates an `Image<Unsigned>` and then signs it. Decoding an
/// `Image<Unsigned>` ignores the URLs in the JSON, and the URLs may be missing.
/// Ignoring the URLs is faster than decoding them and uses less memory.
///
/// `Unsigned` does not implement `Serialize`, so code that encodes an image without
/// URLs does not compile. The compiler reports ``the trait bound `Unsigned: Serialize` is
/// not satisfied``: sign the image first, or call `PayloadEncoder::push_signed` of the
/// crate `sync-payload`.
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

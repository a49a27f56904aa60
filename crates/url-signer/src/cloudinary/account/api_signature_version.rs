/// The version of the text that is signed for an API request.
///
/// Cloudinary accepts both versions. The SDKs call this option `signature_version`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ApiSignatureVersion {
    /// Version 1: parameters are signed as they are. A value that contains `&` can have
    /// the signature of several parameters.
    V1,
    /// Version 2, the default: `&` in a parameter is signed as `%26`, so that a value
    /// never has the signature of several parameters.
    #[default]
    V2,
}

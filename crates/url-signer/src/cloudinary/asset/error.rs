use thiserror::Error;

/// An error creating an [`Asset`](super::Asset).
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum AssetError {
    /// An empty public id.
    #[error("public id is empty")]
    EmptyPublicId,
    /// A control character in the public id. The field is its byte position.
    #[error("unexpected control character at byte {0} of the public id")]
    ControlCharacter(usize),
    /// A dot segment, or a `/` at the start or the end. The text names the problem.
    #[error("invalid public id: {0}")]
    InvalidPublicId(&'static str),
    /// A folder named `v` and digits.
    #[error(
        "folder `{folder}` at byte {position} of the public id is reserved for versions; set the version separately"
    )]
    VersionFolder {
        /// Name of the folder, percent-decoded.
        folder: String,
        /// Byte offset of the folder.
        position: usize,
    },
    /// A public id that is a URL, with a delivery type other than `fetch`.
    #[error("public id is a URL; only the delivery type `fetch` allows one")]
    UnexpectedUrl,
    /// The delivery type `fetch`, with a public id that is not a URL.
    #[error("delivery type `fetch` requires a URL that starts with `http://` or `https://`")]
    NotUrl,
    /// An extension for a fetched file.
    #[error("a fetched file has no extension; use the transformation step `f_<format>`")]
    FetchedExtension,
    /// A version with leading zeros or more than 64 bits.
    #[error("invalid version {0}: it has leading zeros or more than 64 bits")]
    Version(String),
    /// An empty extension, or one with an invalid character.
    #[error("invalid extension `{}`: expected letters, digits, `_` and `-`, and `.` after the first character", .0.escape_debug())]
    Extension(String),
}

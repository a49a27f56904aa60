use std::io;

use thiserror::Error;

/// An error encoding a payload.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// A URL of an image failed to serialize.
    #[error("images[{index}] cannot be serialized")]
    #[non_exhaustive]
    Image {
        /// The position of the image in the payload, from 0.
        index: u64,
        /// The error of serializing the URL.
        source: serde_json::Error,
    },
    /// The writer returned an error.
    #[error("the payload cannot be written")]
    Write(#[from] io::Error),
}

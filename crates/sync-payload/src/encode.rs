use std::borrow::Borrow;
use std::io;

use image_model::Image;
use serde::Serialize;

use crate::encode_error::EncodeError;
use crate::encoder::PayloadEncoder;
use crate::wire_style::WireStyle;

/// Bytes that [`to_writer`] collects before it writes them.
const CHUNK: usize = 64 * 1024;

/// Encodes the payload of images that already have URLs.
///
/// To sign and encode images, use [`PayloadEncoder::push_signed`].
///
/// ```
/// use sync_payload::{WireStyle, to_vec};
///
/// let json = include_str!("../tests/data/response_body.wire.json");
/// let images = image_model::from_str::<String>(json)?;
/// assert_eq!(to_vec(&images, WireStyle::Rails)?, json.as_bytes());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// - A URL fails to serialize.
pub fn to_vec<I, U>(images: I, style: WireStyle) -> Result<Vec<u8>, EncodeError>
where
    I: IntoIterator<Item: Borrow<Image<U>>>,
    U: Serialize,
{
    let mut encoder = PayloadEncoder::new(style);
    for image in images {
        encoder.push(image.borrow())?;
    }
    Ok(encoder.finish())
}

/// Encodes the payload of images that already have URLs into a writer.
///
/// The payload is written in chunks of at least 64 KiB, except the last one.
///
/// ```
/// use sync_payload::{WireStyle, to_writer};
///
/// let json = include_str!("../tests/data/response_body.wire.json");
/// let images = image_model::from_str::<String>(json)?;
/// let mut file = Vec::new(); // Any `std::io::Write`.
/// to_writer(&mut file, &images, WireStyle::Rails)?;
/// assert_eq!(file, json.as_bytes());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// - A URL fails to serialize.
/// - The writer returns an error.
///
/// After an error, the payload in the writer is incomplete.
pub fn to_writer<I, U>(
    mut writer: impl io::Write,
    images: I,
    style: WireStyle,
) -> Result<(), EncodeError>
where
    I: IntoIterator<Item: Borrow<Image<U>>>,
    U: Serialize,
{
    let mut encoder = PayloadEncoder::new(style);
    for image in images {
        encoder.push(image.borrow())?;
        if let Some(chunk) = encoder.ready(CHUNK) {
            writer.write_all(chunk)?;
            encoder.clear();
        }
    }
    writer.write_all(&encoder.finish())?;
    writer.flush()?;
    Ok(())
}

use serde::Deserialize;

use crate::decode_error::{DecodeError, DecodeErrorKind};
use crate::decoder::is_space;
use crate::image::Image;

/// Decodes the images of a payload.
///
/// `U` is the type of the URLs:
///
/// - `String`
/// - [`BorrowedUrl`](crate::BorrowedUrl), if `json` outlives the images
/// - [`Unsigned`](crate::Unsigned), if the URLs are not needed
/// - any other type that implements `Deserialize`
///
/// A [`PayloadDecoder`](crate::PayloadDecoder) decodes a payload image by image, so that
/// the whole payload is never in memory. `serde_json` can decode a `Vec<Image<U>>`
/// directly, but its errors do not name the image and the key.
///
/// ```
/// use image_model::Image;
///
/// let images: Vec<Image> = image_model::from_slice(b"[]")?;
/// assert!(images.is_empty());
///
/// let error = image_model::from_slice::<String>(br#"[{"id":5}]"#).unwrap_err();
/// assert_eq!(error.path(), "images[0].id");
/// # Ok::<(), image_model::DecodeError>(())
/// ```
///
/// # Errors
///
/// - The input is not valid JSON, or other text follows the JSON.
/// - The JSON is not an array of objects.
/// - A required key is missing.
/// - A value is invalid for its field in [`Image`]: the value has the wrong type or is
///   out of range, or a text is not a valid id or timestamp.
pub fn from_slice<'json, U>(json: &'json [u8]) -> Result<Vec<Image<U>>, DecodeError>
where
    U: Deserialize<'json>,
{
    // Tracking the path costs time at every key, so a payload is read without it
    // first, and read again only to find the path of an error.
    serde_json::from_slice(json).or_else(|_| {
        let mut deserializer = serde_json::Deserializer::from_slice(json);
        let images = serde_path_to_error::deserialize(&mut deserializer)
            .map_err(|error| of_list(json, DecodeError::new("images", error)))?;
        deserializer.end().map_err(|source| {
            DecodeError::with_kind(DecodeErrorKind::TrailingData, "images".to_owned(), source)
        })?;
        Ok(images)
    })
}

/// Sets the kind of an error if the payload is not an array.
fn of_list(json: &[u8], error: DecodeError) -> DecodeError {
    let first = json.iter().find(|byte| !is_space(**byte));
    match json {
        [0xef, 0xbb, 0xbf, ..] | [0xfe, 0xff, ..] | [0xff, 0xfe, ..] => {
            error.of_kind(DecodeErrorKind::ByteOrderMark)
        }
        _ if first.is_some_and(|first| *first != b'[') => error.of_kind(DecodeErrorKind::NotAList),
        _ => error,
    }
}

/// Decodes the images of a payload from a string; see [`from_slice`].
///
/// ```
/// let json = include_str!("../tests/data/response_body.wire.json");
/// let images = image_model::from_str::<String>(json)?;
/// assert_eq!(images[0].filename.as_deref(), Some("Super Image"));
/// # Ok::<(), image_model::DecodeError>(())
/// ```
///
/// # Errors
///
/// See [`from_slice`].
pub fn from_str<'json, U>(json: &'json str) -> Result<Vec<Image<U>>, DecodeError>
where
    U: Deserialize<'json>,
{
    from_slice(json.as_bytes())
}

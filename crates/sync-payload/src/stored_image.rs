use std::fmt;

use image_model::{Crop, Image, Rotation, Unsigned};
use serde::Deserialize;
use thiserror::Error;
use uuid::Uuid;

use crate::direct::image::write_stored_facts;
use crate::direct::place::Place;
use crate::url_facts::UrlFacts;

/// The text before the checksum: the format has version 1.
const START: &str = r#"{"stored":"01"#;

/// Hexadecimal digits of the checksum and of each offset.
const DIGITS: usize = 8;

/// The facts of an image as JSON text for a database, which is encoded without being
/// decoded.
///
/// A host stores this text instead of other JSON of the image.
/// [`PayloadEncoder::push_stored`](crate::PayloadEncoder::push_stored) copies the facts
/// from the text into a payload, and signs only the eleven URLs.
///
/// ```
/// use image_model::{Image, Unsigned};
/// use sync_payload::{StoredImage, StoredImageError};
///
/// /// Returns the text for the database.
/// fn column(image: &Image<Unsigned>) -> String {
///     StoredImage::new(image).into_string()
/// }
///
/// /// Changes a stored image.
/// fn set_title(stored: &str, title: &str) -> Result<String, StoredImageError> {
///     let mut image = StoredImage::parse(stored)?.decode()?;
///     image.title = Some(title.to_owned());
///     Ok(column(&image))
/// }
///
/// # let json = include_str!("../tests/data/response_body.wire.json");
/// # let image = image_model::from_str(json)?.remove(0);
/// let changed = set_title(&column(&image), "Beach")?;
/// let changed: Image<Unsigned> = serde_json::from_str(&changed)?;
/// assert_eq!(changed.title.as_deref(), Some("Beach"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Format
///
/// The text is a JSON object. Its keys are `stored` and the keys of [`Image`], without
/// those of the eleven URLs. Any JSON parser can read it, and `image_model` decodes it as
/// an `Image<Unsigned>`.
///
/// The value of `stored` is a *mark*. It contains the version of the format, a CRC-32
/// checksum of the text, and the positions that the encoder needs. If the mark matches the
/// text, the text was written by this crate and is unchanged. Otherwise, for example if a
/// database has changed the order of the keys, [`parse`](Self::parse) decodes
/// and validates the text.
///
/// The checksum detects accidental changes. It does not protect against a writer who
/// computes the mark of a different text: `push_stored` copies such a text unchecked. Do
/// not pass a text from a client to `parse`. Decode it as an `Image<Unsigned>` first,
/// and pass the image to [`new`](Self::new).
#[derive(Clone)]
pub struct StoredImage {
    text: String,
    /// Where `original_url` belongs in the facts.
    original_url: usize,
    /// Where `external_urls` belongs in the facts.
    external_urls: usize,
    id: Uuid,
    rotation: Rotation,
    crop: Crop,
    filename: Option<String>,
    format: Option<String>,
}

impl StoredImage {
    /// Encodes the facts of an image.
    #[must_use]
    pub fn new(image: &Image<Unsigned>) -> Self {
        let mut facts = Vec::new();
        let (mut edit, mut original_url, mut external_urls) = (0, 0, 0);
        write_stored_facts(&mut facts, image, |place, at| match place {
            Place::Edit => edit = at,
            Place::OriginalUrl => original_url = at,
            Place::ExternalUrls => external_urls = at,
            Place::Thumbnails => {}
        });
        let facts = String::from_utf8_lossy(&facts);
        // An offset beyond 4 GiB does not match, and such a text is decoded.
        let [e, o, x] =
            [edit, original_url, external_urls].map(|at| u32::try_from(at).unwrap_or(u32::MAX));
        let checked = format!("{e:08x}{o:08x}{x:08x}\"{facts}}}");
        let checksum = crc32fast::hash(checked.as_bytes());
        Self {
            text: format!("{START}{checksum:08x}{checked}"),
            original_url,
            external_urls,
            id: image.id,
            rotation: image.rotation,
            crop: image.crop(),
            filename: image.filename.clone(),
            format: image.format.clone(),
        }
    }

    /// Reads the text of [`as_str`](Self::as_str), or any other JSON of an image.
    ///
    /// The text of `as_str` is not decoded: only its checksum and the values that signing
    /// needs are read. Other JSON is decoded, and its URLs are ignored. The result is that
    /// of [`new`](Self::new) for the decoded image.
    ///
    /// # Errors
    ///
    /// - The text is not the JSON of an image, as defined by
    ///   [`image_model::from_slice`](image_model::from_slice#errors).
    pub fn parse(text: impl Into<String>) -> Result<Self, StoredImageError> {
        let text = text.into();
        match Self::read(&text) {
            Some(read) => Ok(Self { text, ..read }),
            None => Ok(Self::new(&decode(&text)?)),
        }
    }

    /// Reads a text that this crate wrote. Returns `None` for any other text.
    ///
    /// The text of the returned image is empty.
    fn read(text: &str) -> Option<Self> {
        let (checksum, checked) = text.strip_prefix(START)?.split_at_checked(DIGITS)?;
        if u32::from_str_radix(checksum, 16) != Ok(crc32fast::hash(checked.as_bytes())) {
            return None;
        }
        let (edit, rest) = offset(checked)?;
        let (original_url, rest) = offset(rest)?;
        let (external_urls, rest) = offset(rest)?;
        let facts = rest.strip_prefix('"')?.strip_suffix('}')?;

        let (id, _) = value(facts, ",\"id\":")?;
        let (rotation, rest) = value(facts.get(edit..original_url)?, ",\"rotation\":")?;
        let (x, rest) = value(rest, ",\"crop_x\":")?;
        let (y, rest) = value(rest, ",\"crop_y\":")?;
        let (w, rest) = value(rest, ",\"crop_w\":")?;
        let (h, _) = value(rest, ",\"crop_h\":")?;
        let sizes = facts.get(original_url..external_urls)?;
        sizes.strip_prefix(",\"original_width\":")?;
        let (filename, rest) = value(facts.get(external_urls..)?, ",\"filename\":")?;
        let (format, _) = value(rest, ",\"format\":")?;
        Some(Self {
            text: String::new(),
            original_url,
            external_urls,
            id,
            rotation,
            crop: Crop { x, y, w, h },
            filename,
            format,
        })
    }

    /// Returns the text to store.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the text to store.
    #[must_use]
    pub fn into_string(self) -> String {
        self.text
    }

    /// Returns the id of the image.
    #[must_use]
    pub const fn id(&self) -> Uuid {
        self.id
    }

    /// Decodes the image.
    ///
    /// # Errors
    ///
    /// - `exifs`, `infos` or `metadatas` of the image that was passed to
    ///   [`new`](Self::new) are nested deeper than a parser accepts: 127 arrays and objects.
    /// - The text was not written by this crate, but has a matching mark.
    pub fn decode(&self) -> Result<Image<Unsigned>, StoredImageError> {
        decode(&self.text)
    }

    pub(crate) fn url_facts(&self) -> UrlFacts<'_> {
        UrlFacts {
            id: self.id,
            rotation: self.rotation,
            crop: self.crop,
            filename: self.filename.as_deref().unwrap_or_default(),
            format: self.format.as_deref().unwrap_or_default(),
        }
    }

    /// Returns the facts before each of the three places where URLs belong.
    pub(crate) fn segments(&self) -> [(&str, Place); 3] {
        let before_facts = START.len() + 4 * DIGITS + 1;
        let facts = self.text.get(before_facts..).unwrap_or_default();
        let facts = facts.strip_suffix('}').unwrap_or_default();
        let segment = |range| facts.get(range).unwrap_or_default();
        let (first, second) = (self.original_url, self.external_urls);
        [
            (segment(0..first), Place::OriginalUrl),
            (segment(first..second), Place::ExternalUrls),
            (segment(second..facts.len()), Place::Thumbnails),
        ]
    }
}

fn decode(text: &str) -> Result<Image<Unsigned>, StoredImageError> {
    serde_json::from_str(text).map_err(StoredImageError)
}

/// Reads an offset of the mark. Returns the text after it as well.
fn offset(text: &str) -> Option<(usize, &str)> {
    let (digits, rest) = text.split_at_checked(DIGITS)?;
    let offset = u32::from_str_radix(digits, 16).ok()?;
    Some((usize::try_from(offset).ok()?, rest))
}

/// Reads the value after a key. Returns the text after the value as well.
fn value<'a, T: Deserialize<'a>>(text: &'a str, key: &str) -> Option<(T, &'a str)> {
    let text = text.strip_prefix(key)?;
    let mut values = serde_json::Deserializer::from_str(text).into_iter();
    let value = values.next()?.ok()?;
    Some((value, text.get(values.byte_offset()..)?))
}

/// Shows the id and the length of the text. Omits the text, because it may be long.
impl fmt::Debug for StoredImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredImage")
            .field("id", &self.id)
            .field("bytes", &self.text.len())
            .finish_non_exhaustive()
    }
}

/// An error reading a [`StoredImage`]: the text is not the JSON of an image.
#[derive(Debug, Error)]
#[error("the stored text is not a valid image")]
pub struct StoredImageError(#[source] serde_json::Error);

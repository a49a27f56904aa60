//! Facts about an uploaded image.

use std::io::Cursor;
use std::time::Instant;

use exif::{In, Tag};
use image::metadata::Orientation;
use image::{ImageDecoder, ImageFormat, ImageReader, RgbImage};
use serde_json::{Map, Value, json};
use url_signer::cloudinary::Transformation;

use super::fingerprint::{colors, perceptual_hash};
use crate::named::NamedTransformations;
use crate::render::{
    Choice, FileIdentity, Hints, Limits, Memo, OutputFormat, Plan, RenderError, decoder_limits,
    exchanges_sides, render,
};

/// The transformation that creates the copy from which colors are counted. It decodes the
/// whole file, so a damaged file is found.
const COPY: &str = "c_limit,h_100,w_100";

/// Facts about an image.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) format: OutputFormat,
    /// The width in pixels, upright.
    pub(super) width: u32,
    /// The height in pixels, upright.
    pub(super) height: u32,
    copy: RgbImage,
    exif: Option<Vec<u8>>,
}

impl Facts {
    /// Decodes an image. Uses the processor until it returns.
    pub(super) fn read(
        bytes: &[u8],
        deadline: Instant,
        limits: &Limits,
    ) -> Result<Self, RenderError> {
        let invalid = || RenderError::NotAnImage;
        let format = OutputFormat::of_content(bytes).ok_or_else(invalid)?;
        let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
        let mut reader = reader.map_err(|_| invalid())?;
        let image_format = reader.format().ok_or_else(invalid)?;
        reader.limits(decoder_limits(image_format, limits.decoder_bytes));
        let mut decoder = reader.into_decoder().map_err(|_| invalid())?;
        let (width, height) = decoder.dimensions();
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let exif = decoder.exif_metadata().ok().flatten();
        let (width, height) = if exchanges_sides(orientation) {
            (height, width)
        } else {
            (width, height)
        };
        Ok(Self {
            format,
            width,
            height,
            copy: copy(bytes, deadline, limits)?,
            exif,
        })
    }

    /// Returns the most frequent colors, each with its share in percent.
    pub(super) fn colors(&self) -> Value {
        colors(&self.copy)
    }

    /// Returns 16 hexadecimal digits that are similar for similar images.
    pub(super) fn phash(&self) -> String {
        format!("{:016x}", perceptual_hash(&self.copy))
    }

    /// Returns EXIF values under the names of `exiftool`.
    pub(super) fn metadata(&self) -> Value {
        let mut metadata = Map::new();
        let exif = self.exif.clone();
        let exif = exif.and_then(|exif| exif::Reader::new().read_raw(exif).ok());
        for (name, tag) in [
            ("Make", Tag::Make),
            ("Model", Tag::Model),
            ("Orientation", Tag::Orientation),
            ("DateTimeOriginal", Tag::DateTimeOriginal),
            ("ExposureTime", Tag::ExposureTime),
            ("FNumber", Tag::FNumber),
            ("ISO", Tag::PhotographicSensitivity),
            ("FocalLength", Tag::FocalLength),
            ("GPSLatitude", Tag::GPSLatitude),
            ("GPSLongitude", Tag::GPSLongitude),
        ] {
            let field = exif
                .as_ref()
                .and_then(|exif| exif.get_field(tag, In::PRIMARY));
            if let Some(value) = field.and_then(|field| text(tag, &field.value)) {
                metadata.insert(name.to_owned(), json!(value));
            }
        }
        metadata.insert("Colorspace".to_owned(), json!("RGB"));
        Value::Object(metadata)
    }
}

/// Returns a value as `exiftool` prints it.
fn text(tag: Tag, value: &exif::Value) -> Option<String> {
    if tag == Tag::Orientation {
        // The names of TIFF 6.0, as `exiftool` has them.
        let names = [
            "Horizontal (normal)",
            "Mirror horizontal",
            "Rotate 180",
            "Mirror vertical",
            "Mirror horizontal and rotate 270 CW",
            "Rotate 90 CW",
            "Mirror horizontal and rotate 90 CW",
            "Rotate 270 CW",
        ];
        let index = usize::try_from(value.get_uint(0)?).ok()?.checked_sub(1)?;
        return names.get(index).map(|name| (*name).to_owned());
    }
    if let exif::Value::Ascii(lines) = value {
        let text = String::from_utf8_lossy(lines.first()?);
        return Some(text.trim_end_matches([' ', '\0']).to_owned());
    }
    Some(value.display_as(tag).to_string())
}

/// Returns a copy with at most 100 × 100 pixels.
fn copy(bytes: &[u8], deadline: Instant, limits: &Limits) -> Result<RgbImage, RenderError> {
    let transformation = Transformation::verbatim(COPY).unwrap_or_default();
    let plan = Plan::new(
        &transformation,
        &NamedTransformations::default(),
        &Hints::default(),
        limits,
    )
    .map_err(|_| RenderError::NotAnImage)?;
    // The decoded image is not kept.
    let memo = Memo::new(0);
    let identity = FileIdentity::new("upload");
    let choice = Choice::Fixed(OutputFormat::Png);
    let copy = render(bytes, &identity, &plan, choice, &memo, deadline, limits)?;
    let copy = image::load_from_memory_with_format(&copy.bytes, ImageFormat::Png);
    Ok(copy.map_err(|_| RenderError::NotAnImage)?.into_rgb8())
}

//! Encoding of results.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ImageEncoder, Rgba};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::effects;
use super::error::RenderError;
use super::format::OutputFormat;
use super::pixels::Pixels;

/// The longest side of a WebP image.
const WEBP_SIDE: u32 = 16_383;

/// The quality of a JPEG or WebP file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Quality {
    /// From 1 to 100.
    pub(super) percent: u8,
    /// True if a JPEG file has a color for every pixel. `None` means that it has for a quality
    /// of at least 90.
    pub(super) full_chroma: Option<bool>,
}

impl Default for Quality {
    fn default() -> Self {
        Self {
            percent: 90,
            full_chroma: None,
        }
    }
}

/// Writes an image.
pub(super) fn encode(
    pixels: &Pixels,
    format: OutputFormat,
    quality: Quality,
) -> Result<Vec<u8>, RenderError> {
    match format {
        OutputFormat::Jpeg if pixels.has_alpha() => {
            let opaque = effects::with_background(pixels.clone(), Rgba([255; 4]));
            jpeg(&opaque, quality)
        }
        OutputFormat::Jpeg => jpeg(pixels, quality),
        OutputFormat::Png => png(pixels),
        OutputFormat::WebP => webp(pixels, quality),
    }
}

fn jpeg(pixels: &Pixels, quality: Quality) -> Result<Vec<u8>, RenderError> {
    let failed = |_| RenderError::Encode("JPEG");
    let size = pixels.size();
    let (Ok(width), Ok(height)) = (u16::try_from(size.width), u16::try_from(size.height)) else {
        return Err(RenderError::Encode("JPEG"));
    };
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, quality.percent);
    let is_full = quality.full_chroma.unwrap_or(quality.percent >= 90);
    encoder.set_sampling_factor(if is_full {
        SamplingFactor::R_4_4_4
    } else {
        SamplingFactor::R_4_2_0
    });
    if let Some(profile) = pixels.profile() {
        encoder.add_icc_profile(profile).map_err(failed)?;
    }
    let color = if pixels.has_alpha() {
        ColorType::Rgba
    } else {
        ColorType::Rgb
    };
    encoder
        .encode(pixels.bytes(), width, height, color)
        .map_err(failed)?;
    Ok(bytes)
}

fn png(pixels: &Pixels) -> Result<Vec<u8>, RenderError> {
    let failed = |_| RenderError::Encode("PNG");
    let mut bytes = Vec::new();
    let mut encoder =
        PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive);
    if let Some(profile) = pixels.profile() {
        encoder
            .set_icc_profile(profile.to_vec())
            .map_err(|_| RenderError::Encode("PNG"))?;
    }
    let size = pixels.size();
    let color = pixels.image().color().into();
    encoder
        .write_image(pixels.bytes(), size.width, size.height, color)
        .map_err(failed)?;
    Ok(bytes)
}

fn webp(pixels: &Pixels, quality: Quality) -> Result<Vec<u8>, RenderError> {
    let size = pixels.size();
    if size.width.max(size.height) > WEBP_SIDE {
        return Err(RenderError::Encode("WebP"));
    }
    let layout = if pixels.has_alpha() {
        webp::PixelLayout::Rgba
    } else {
        webp::PixelLayout::Rgb
    };
    webp::Encoder::new(pixels.bytes(), layout, size.width, size.height)
        .encode_simple(quality.percent == 100, f32::from(quality.percent))
        .map(|bytes| bytes.to_vec())
        .map_err(|_| RenderError::Encode("WebP"))
}

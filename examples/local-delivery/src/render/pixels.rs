//! Images in memory.

use std::fmt;
use std::sync::Arc;

use image::{DynamicImage, RgbImage, RgbaImage};

use super::geometry::Size;

/// An image with 8 bits per channel: RGB, or RGB with alpha that is not premultiplied.
#[derive(Clone)]
pub(super) struct Pixels {
    /// The variants `ImageRgb8` and `ImageRgba8` only.
    image: DynamicImage,
    /// An ICC profile for RGB colors. Images that are computed from this one share it.
    profile: Option<Arc<[u8]>>,
}

impl fmt::Debug for Pixels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pixels")
            .field("size", &self.size())
            .field("has_alpha", &self.has_alpha())
            .finish_non_exhaustive()
    }
}

impl From<RgbImage> for Pixels {
    fn from(image: RgbImage) -> Self {
        Self::from(DynamicImage::from(image))
    }
}

impl From<RgbaImage> for Pixels {
    fn from(image: RgbaImage) -> Self {
        Self::from(DynamicImage::from(image))
    }
}

impl From<DynamicImage> for Pixels {
    fn from(image: DynamicImage) -> Self {
        let image = match image {
            DynamicImage::ImageRgb8(_) | DynamicImage::ImageRgba8(_) => image,
            other if other.color().has_alpha() => other.into_rgba8().into(),
            other => other.into_rgb8().into(),
        };
        Self {
            image,
            profile: None,
        }
    }
}

impl Pixels {
    /// Creates an image from bytes in rows, with 3 or 4 channels. Returns `None` if the
    /// number of bytes does not match the size.
    pub(super) fn from_bytes(size: Size, has_alpha: bool, bytes: Vec<u8>) -> Option<Self> {
        let Size { width, height } = size;
        if has_alpha {
            RgbaImage::from_raw(width, height, bytes).map(Self::from)
        } else {
            RgbImage::from_raw(width, height, bytes).map(Self::from)
        }
    }

    /// Sets the ICC profile.
    pub(super) fn with_profile(mut self, profile: Option<Arc<[u8]>>) -> Self {
        self.profile = profile;
        self
    }

    pub(super) fn profile(&self) -> Option<&[u8]> {
        self.profile.as_deref()
    }

    /// Applies a function to the image, and keeps the ICC profile.
    pub(super) fn map(self, function: impl FnOnce(DynamicImage) -> DynamicImage) -> Self {
        Self::from(function(self.image)).with_profile(self.profile)
    }

    /// Returns other pixels with the ICC profile of this image.
    pub(super) fn replaced_by(&self, pixels: Self) -> Self {
        pixels.with_profile(self.profile.clone())
    }

    pub(super) fn size(&self) -> Size {
        Size::new(self.image.width(), self.image.height())
    }

    pub(super) fn has_alpha(&self) -> bool {
        self.image.color().has_alpha()
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.image.as_bytes()
    }

    /// Returns the bytes of the pixels and of the ICC profile.
    pub(super) fn memory(&self) -> usize {
        self.bytes().len() + self.profile().map_or(0, <[u8]>::len)
    }

    pub(super) fn image(&self) -> &DynamicImage {
        &self.image
    }

    /// Returns whether a pixel is not opaque.
    pub(super) fn is_transparent(&self) -> bool {
        self.image
            .as_rgba8()
            .is_some_and(|image| image.pixels().any(|pixel| pixel.0[3] != 255))
    }

    /// Adds an alpha channel if there is none.
    pub(super) fn into_rgba(self) -> (RgbaImage, Option<Arc<[u8]>>) {
        (self.image.into_rgba8(), self.profile)
    }

    /// Removes the alpha channel. The pixels must be opaque.
    pub(super) fn into_rgb(self) -> Self {
        self.map(|image| image.into_rgb8().into())
    }
}

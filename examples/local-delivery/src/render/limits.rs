//! Limits of sizes and counts.

use super::error::RenderError;

/// Limits of a transformation. The limit of time is an argument of
/// [`render`](super::render).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The number of steps, with the steps of named transformations.
    pub steps: usize,
    /// The number of parameters of a step.
    pub parameters: usize,
    /// The nesting of named transformations.
    pub named_depth: usize,
    /// Bytes of a stored file.
    pub source_bytes: usize,
    /// Pixels of a stored image.
    pub source_pixels: u64,
    /// Pixels of the result of a step.
    pub output_pixels: u64,
    /// Width and height of every image, in pixels.
    pub side: u32,
    /// Bytes that a decoder may allocate.
    pub decoder_bytes: u64,
    /// Scans of a JPEG file with [`source_pixels`](Self::source_pixels). A smaller image may
    /// have more scans in proportion.
    ///
    /// Each scan visits all pixels, so that a small file with many scans keeps a decoder busy,
    /// and the decoder does not check the time. Progressive files of libjpeg have 10 scans for
    /// `YCbCr` and 18 for CMYK. Those of mozjpeg have at most 16. Bytes after the image, for
    /// example the video of a motion photo, can look like scans.
    pub jpeg_scans: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            steps: 32,
            parameters: 32,
            named_depth: 5,
            source_bytes: 40_000_000,
            source_pixels: 50_000_000,
            output_pixels: 25_000_000,
            side: 16_384,
            decoder_bytes: 512 << 20,
            jpeg_scans: 20,
        }
    }
}

impl Limits {
    pub(super) fn check_source(&self, width: u32, height: u32) -> Result<(), RenderError> {
        self.check(width, height, self.source_pixels)
    }

    pub(super) fn check_output(&self, width: u32, height: u32) -> Result<(), RenderError> {
        self.check(width, height, self.output_pixels)
    }

    /// Returns the scans that a JPEG file of this size may have.
    pub(super) fn scans_of(&self, width: u32, height: u32) -> usize {
        let pixels = u64::from(width) * u64::from(height);
        let visits = u64::try_from(self.jpeg_scans)
            .unwrap_or(u64::MAX)
            .saturating_mul(self.source_pixels);
        usize::try_from(visits / pixels.max(1)).unwrap_or(usize::MAX)
    }

    fn check(&self, width: u32, height: u32, pixels: u64) -> Result<(), RenderError> {
        let (w, h) = (u64::from(width), u64::from(height));
        if width.max(height) > self.side || w * h > pixels {
            return Err(RenderError::TooLarge {
                width: w,
                height: h,
            });
        }
        Ok(())
    }
}

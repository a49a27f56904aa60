//! Decoding of stored files.

use std::io::{self, BufRead, Cursor, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::time::Instant;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader};

use super::deadline::Deadline;
use super::error::RenderError;
use super::format::OutputFormat;
use super::geometry::Size;
use super::limits::Limits;
use super::pixels::Pixels;

/// The longest ICC profile that is kept. Profiles of cameras and screens have some kilobytes,
/// profiles with tables up to about a megabyte.
const PROFILE_BYTES: usize = 1 << 20;

/// Bytes that the PNG decoder may allocate for metadata and a row. An ICC profile is
/// compressed, so that a small file can contain a huge one.
const PNG_METADATA_BYTES: u64 = 16 << 20;

/// A stored file.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    bytes: &'a [u8],
    ignore_orientation: bool,
}

impl<'a> Source<'a> {
    /// Creates a source. The image is rotated as its EXIF orientation says, unless
    /// `ignore_orientation` is set.
    pub(super) const fn new(bytes: &'a [u8], ignore_orientation: bool) -> Self {
        Self {
            bytes,
            ignore_orientation,
        }
    }

    pub(super) const fn ignores_orientation(self) -> bool {
        self.ignore_orientation
    }

    /// Returns the size of the upright image. Reads the header only.
    pub(super) fn size(self, deadline: Deadline, limits: &Limits) -> Result<Size, RenderError> {
        let mut decoder = self.decoder(deadline, limits)?;
        let (width, height) = decoder.dimensions();
        let size = Size::new(width, height);
        Ok(if exchanges_sides(self.orientation(&mut decoder)) {
            size.transposed()
        } else {
            size
        })
    }

    /// Decodes the image.
    pub(super) fn decode(self, deadline: Deadline, limits: &Limits) -> Result<Pixels, RenderError> {
        let mut decoder = self.decoder(deadline, limits)?;
        let orientation = self.orientation(&mut decoder);
        let profile = decoder
            .icc_profile()
            .ok()
            .flatten()
            .filter(|profile| profile.len() <= PROFILE_BYTES && is_rgb_profile(profile))
            .map(Arc::from);
        let image = DynamicImage::from_decoder(decoder).map_err(|error| failed(&error))?;
        deadline.check()?;
        let pixels = Pixels::from(image).with_profile(profile);
        Ok(pixels.map(|mut image| {
            image.apply_orientation(orientation);
            image
        }))
    }

    /// Opens the file. The size is checked before any pixel is decoded.
    fn decoder(
        self,
        deadline: Deadline,
        limits: &Limits,
    ) -> Result<impl ImageDecoder + 'a, RenderError> {
        if self.bytes.len() > limits.source_bytes {
            return Err(RenderError::FileTooLarge {
                bytes: self.bytes.len(),
                limit: limits.source_bytes,
            });
        }
        let format = match OutputFormat::of_content(self.bytes) {
            Some(OutputFormat::Jpeg) => ImageFormat::Jpeg,
            Some(OutputFormat::Png) => ImageFormat::Png,
            Some(OutputFormat::WebP) => ImageFormat::WebP,
            None => return Err(RenderError::NotAnImage),
        };
        let reader = TimedReader {
            inner: Cursor::new(self.bytes),
            end: deadline.instant(),
        };
        let mut reader = ImageReader::with_format(reader, format);
        reader.limits(decoder_limits(format, limits.decoder_bytes));
        let decoder = reader.into_decoder().map_err(|error| failed(&error))?;

        let (width, height) = decoder.dimensions();
        limits.check_source(width, height)?;
        if width == 0 || height == 0 {
            return Err(RenderError::NotAnImage);
        }
        if format == ImageFormat::Jpeg {
            check_scans(self.bytes, limits.scans_of(width, height))?;
        }
        if decoder.total_bytes() > limits.decoder_bytes {
            return Err(RenderError::TooLarge {
                width: width.into(),
                height: height.into(),
            });
        }
        Ok(decoder)
    }

    fn orientation(self, decoder: &mut impl ImageDecoder) -> Orientation {
        if self.ignore_orientation {
            return Orientation::NoTransforms;
        }
        // A damaged EXIF block does not make the image unusable.
        decoder.orientation().unwrap_or(Orientation::NoTransforms)
    }
}

/// Returns the width and the height in the header of a file.
pub(crate) fn dimensions(file: &[u8]) -> Option<(u32, u32)> {
    let reader = ImageReader::new(Cursor::new(file));
    let mut reader = reader.with_guessed_format().ok()?;
    reader.limits(decoder_limits(reader.format()?, PNG_METADATA_BYTES));
    reader.into_dimensions().ok()
}

/// Returns the limits of a decoder. The PNG decoder applies them to metadata and to a row
/// only, other decoders do not decompress metadata.
pub(crate) fn decoder_limits(format: ImageFormat, bytes: u64) -> image::Limits {
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(match format {
        ImageFormat::Png => bytes.min(PNG_METADATA_BYTES),
        _ => bytes,
    });
    limits
}

/// Returns whether an orientation exchanges width and height.
pub(crate) const fn exchanges_sides(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

fn failed(error: &ImageError) -> RenderError {
    match error {
        ImageError::IoError(error) if error.kind() == io::ErrorKind::TimedOut => {
            RenderError::TimedOut
        }
        _ => RenderError::NotAnImage,
    }
}

/// Returns whether an ICC profile describes RGB colors. A profile for CMYK or gray does
/// not match the decoded pixels.
fn is_rgb_profile(profile: &[u8]) -> bool {
    profile.get(16..20) == Some(b"RGB ")
}

/// Counts the scans of a JPEG file. In compressed data, a zero byte follows `0xFF`, so that
/// the marker `SOS` (`0xFF 0xDA`) cannot occur there.
fn check_scans(source: &[u8], limit: usize) -> Result<(), RenderError> {
    let is_start = |pair: &&[u8]| **pair == [0xFF, 0xDA];
    let scans = source.windows(2).filter(is_start).count();
    if scans > limit {
        return Err(RenderError::TooManyScans { scans, limit });
    }
    Ok(())
}

/// A reader that fails after an instant.
struct TimedReader<'a> {
    inner: Cursor<&'a [u8]>,
    end: Instant,
}

impl TimedReader<'_> {
    fn check(&self) -> io::Result<()> {
        if Instant::now() >= self.end {
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok(())
    }
}

impl Read for TimedReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.check()?;
        self.inner.read(buffer)
    }
}

impl BufRead for TimedReader<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.check()?;
        // Small parts: the time is checked before each of them.
        let buffer = self.inner.fill_buf()?;
        Ok(buffer.get(..buffer.len().min(64 << 10)).unwrap_or(buffer))
    }

    fn consume(&mut self, amount: usize) {
        self.inner.consume(amount);
    }
}

impl Seek for TimedReader<'_> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.inner.seek(position)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use image::codecs::png::PngEncoder;
    use image::{ExtendedColorType, ImageEncoder};

    use super::*;

    /// The PNG decoder does not decompress a profile that is longer than its limit.
    #[test]
    fn huge_profiles_are_not_decompressed() {
        for (bytes, expected) in [(2 << 20, Some(2 << 20)), (64 << 20, None)] {
            let mut file = Vec::new();
            let mut encoder = PngEncoder::new(&mut file);
            encoder.set_icc_profile(vec![0; bytes]).unwrap();
            encoder
                .write_image(&[9; 3], 1, 1, ExtendedColorType::Rgb8)
                .unwrap();
            assert!(file.len() < 1 << 20, "{}", file.len());

            let deadline = Deadline::new(Instant::now() + Duration::from_mins(10));
            let source = Source::new(&file, false);
            let mut decoder = source.decoder(deadline, &Limits::default()).unwrap();
            let profile = decoder.icc_profile().unwrap();
            assert_eq!(profile.map(|profile| profile.len()), expected);
            assert_eq!(dimensions(&file), Some((1, 1)));
        }
    }
}

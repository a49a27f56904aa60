//! File formats.

/// A format in which images are delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OutputFormat {
    /// JPEG, without transparency.
    Jpeg,
    /// PNG.
    Png,
    /// WebP, with loss unless the quality is 100.
    WebP,
}

impl OutputFormat {
    /// Returns the format with this file extension.
    #[must_use]
    pub fn from_extension(extension: &str) -> Option<Self> {
        [
            ("jpg", Self::Jpeg),
            ("jpeg", Self::Jpeg),
            ("png", Self::Png),
            ("webp", Self::WebP),
        ]
        .into_iter()
        .find_map(|(name, format)| name.eq_ignore_ascii_case(extension).then_some(format))
    }

    /// Returns the format of a file, from its first bytes.
    #[must_use]
    pub fn of_content(bytes: &[u8]) -> Option<Self> {
        match image::guess_format(bytes).ok()? {
            image::ImageFormat::Jpeg => Some(Self::Jpeg),
            image::ImageFormat::Png => Some(Self::Png),
            image::ImageFormat::WebP => Some(Self::WebP),
            _ => None,
        }
    }

    /// Returns the file extension.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
        }
    }

    /// Returns the media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }
}

/// The format that a transformation requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RequestedFormat {
    /// A format: `f_png`.
    Fixed(OutputFormat),
    /// The best format that the client accepts: `f_auto`.
    Auto,
}

/// The decision about the format of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Choice {
    /// This format.
    Fixed(OutputFormat),
    /// WebP if the client accepts it, else PNG for an image with transparent pixels, else
    /// JPEG.
    Auto {
        /// True if the client names `image/webp` in `Accept`.
        accepts_webp: bool,
    },
}

use super::macros::{from_numbers, open_set};
use super::value::Value;

open_set! {
    /// The quality of lossy compression: a number from 1 to 100, or a mode.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::{ChromaSubsampling, Quality};
    ///
    /// assert_eq!(Quality::from(70).with_chroma(ChromaSubsampling::QUARTER).as_str(), "70:420");
    /// assert_eq!(Quality::AUTO_ECO.as_str(), "auto:eco");
    /// ```
    Quality {
        AUTO = "auto", "Lets Cloudinary choose the quality that suits the image and the client";
        AUTO_BEST = "auto:best", "Chooses automatically and prefers high quality";
        AUTO_GOOD = "auto:good", "Chooses automatically and balances quality and size";
        AUTO_ECO = "auto:eco", "Chooses automatically and prefers small files";
        AUTO_LOW = "auto:low", "Chooses automatically and prefers the smallest files";
        JPEGMINI = "jpegmini", "Compresses with the JPEGmini add-on";
        JPEGMINI_BEST = "jpegmini:0", "Compresses with the JPEGmini add-on at its best quality";
        JPEGMINI_HIGH = "jpegmini:1", "Compresses with the JPEGmini add-on at high quality";
        JPEGMINI_MEDIUM = "jpegmini:2", "Compresses with the JPEGmini add-on at medium quality";
    }
}

impl Quality {
    /// Sets the chroma subsampling.
    #[must_use]
    pub fn with_chroma(self, chroma: impl Into<ChromaSubsampling>) -> Self {
        Self(Value::from_valid(format!("{self}:{}", chroma.into())))
    }
}

from_numbers! { Quality }

open_set! {
    /// The chroma subsampling of JPEG compression.
    ChromaSubsampling {
        FULL = "444", "Keeps the full resolution of the colors";
        QUARTER = "420", "Stores the colors at a quarter of the resolution";
    }
}

open_set! {
    /// The format of the delivered file.
    Format {
        AUTO = "auto", "Lets Cloudinary choose the format that suits the image and the client";
        AVIF = "avif", "Delivers AVIF";
        BMP = "bmp", "Delivers a Windows bitmap";
        GIF = "gif", "Delivers GIF";
        HEIC = "heic", "Delivers HEIC";
        ICO = "ico", "Delivers a Windows icon";
        JP2 = "jp2", "Delivers JPEG 2000";
        JPG = "jpg", "Delivers JPEG";
        JXL = "jxl", "Delivers JPEG XL";
        PDF = "pdf", "Delivers PDF";
        PNG = "png", "Delivers PNG";
        SVG = "svg", "Delivers SVG";
        TIFF = "tiff", "Delivers TIFF";
        WEBP = "webp", "Delivers WebP";
    }
}

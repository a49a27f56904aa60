use super::Value;
use super::macros::{keywords, numeric};

keywords! {
    /// How much of an image is kept when it is compressed: 1 to 100, or a mode.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::{Chroma, Quality};
    ///
    /// assert_eq!(Quality::from(70).with_chroma(Chroma::Quarter).as_str(), "70:420");
    /// assert_eq!(Quality::AutoEco.as_str(), "auto:eco");
    /// ```
    Quality {
        Auto = "auto", "as suits the image and the client";
        AutoBest = "auto:best", "as suits, rather of high quality";
        AutoGood = "auto:good", "as suits, between the two";
        AutoEco = "auto:eco", "as suits, rather of few bytes";
        AutoLow = "auto:low", "as suits, of fewest bytes";
        Jpegmini = "jpegmini", "by the add-on of that name";
        JpegminiBest = "jpegmini:0", "by that add-on, of the best quality";
        JpegminiHigh = "jpegmini:1", "by that add-on, of high quality";
        JpegminiMedium = "jpegmini:2", "by that add-on, of medium quality";
    }
}

impl Quality {
    /// The same with the colours of another resolution.
    #[must_use]
    pub fn with_chroma(self, chroma: impl Into<Chroma>) -> Self {
        Self::Other(Value::from_valid(format!("{self}:{}", chroma.into())))
    }
}

numeric! { Quality }

keywords! {
    /// The resolution of colours beside that of brightness.
    Chroma {
        Full = "444", "the same";
        Quarter = "420", "a quarter of it";
    }
}

keywords! {
    /// The format of what is delivered.
    Format {
        Auto = "auto", "as suits the image and the client";
        Avif = "avif", "AVIF";
        Bmp = "bmp", "a bitmap";
        Gif = "gif", "GIF";
        Heic = "heic", "HEIC";
        Ico = "ico", "an icon";
        Jp2 = "jp2", "JPEG 2000";
        Jpg = "jpg", "JPEG";
        Jxl = "jxl", "JPEG XL";
        Pdf = "pdf", "PDF";
        Png = "png", "PNG";
        Svg = "svg", "SVG";
        Tiff = "tiff", "TIFF";
        Webp = "webp", "WebP";
    }
}

use super::macros::keywords;
use super::{TransformationError, Value, encoding};

keywords! {
    /// A switch of the delivery.
    Flag {
        AnyFormat = "any_format", "in any format that suits, also a lossless one made lossy";
        Animated = "animated", "as an animation";
        Apng = "apng", "animated as PNG";
        Attachment = "attachment", "as a download";
        Awebp = "awebp", "animated as WebP";
        C2pa = "c2pa", "with a signed record of where it is from";
        Clip = "clip", "cut along the path in the file";
        ClipEvenOdd = "clip_evenodd", "cut along the path in the file, by the rule of even and odd";
        Cutter = "cutter", "cut to the shape of the layer";
        ForceIcc = "force_icc", "with the file's colour profile, whatever it is";
        ForceStrip = "force_strip", "without any metadata";
        GetInfo = "getinfo", "facts of the image in its place";
        Group4 = "group4", "compressed as faxes are";
        IgnoreAspectRatio = "ignore_aspect_ratio", "distorted where only one side is given";
        IgnoreMaskChannels = "ignore_mask_channels", "without the masks in the file";
        ImmutableCache = "immutable_cache", "to be cached for good";
        KeepAttribution = "keep_attribution", "with the file's attribution";
        KeepIptc = "keep_iptc", "with the file's metadata";
        LayerApply = "layer_apply", "with the layer placed now";
        Lossy = "lossy", "compressed with loss even where the format could do without";
        NoOverflow = "no_overflow", "with no part of the layer beyond the image";
        Original = "original", "the file as it was uploaded";
        Png8 = "png8", "as PNG of 8 bits";
        Png24 = "png24", "as PNG of 24 bits";
        Png32 = "png32", "as PNG of 32 bits";
        PreserveTransparency = "preserve_transparency", "in a format that can be seen through";
        Progressive = "progressive", "in several passes";
        Rasterize = "rasterize", "as pixels instead of shapes";
        RegionRelative = "region_relative", "measured by the part that gravity finds";
        Relative = "relative", "measured by the image";
        ReplaceImage = "replace_image", "the layer in the place of the image";
        Sanitize = "sanitize", "without scripts";
        StripProfile = "strip_profile", "without the file's colour profile";
        TextDisallowOverflow = "text_disallow_overflow", "an error if the text is too long";
        TextNoTrim = "text_no_trim", "with the space around the text";
        Tiff8Lzw = "tiff8_lzw", "as TIFF of 8 bits";
        Tiled = "tiled", "the layer side by side";
    }
}

impl Flag {
    /// As a download under this name, given without its extension.
    ///
    /// ```
    /// use url_signer::cloudinary::Flag;
    ///
    /// let flag = Flag::attachment_as("My photo")?;
    /// assert_eq!(flag.as_str(), "attachment:My%20photo");
    /// # Ok::<(), url_signer::cloudinary::TransformationError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - Nothing.
    /// - `.`, which would begin another flag, `,` and `/`, or a control
    ///   character.
    pub fn attachment_as(name: &str) -> Result<Self, TransformationError> {
        let stands = |char: char| !char.is_control() && !matches!(char, '.' | ',' | '/');
        TransformationError::check("file name", name, stands)?;
        let name = encoding::text(name);
        Ok(Self::Other(Value::from_valid(format!("attachment:{name}"))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_would_begin_another_flag_or_parameter_is_refused() {
        for (name, error) in [
            ("", "file name is empty"),
            (
                "a.jpg",
                "file name has '.' at byte 1, which cannot stand in it",
            ),
            (
                "a/b",
                "file name has '/' at byte 1, which cannot stand in it",
            ),
            (
                "a\n",
                "file name has '\\n' at byte 1, which cannot stand in it",
            ),
        ] {
            assert_eq!(Flag::attachment_as(name).unwrap_err().to_string(), error);
        }
    }
}

use super::encoding;
use super::error::TransformationError;
use super::macros::open_set;
use super::value::Value;

open_set! {
    /// A flag, which changes how Cloudinary processes or delivers an asset.
    ///
    /// ```
    /// use url_signer::cloudinary::{Flag, Transformation};
    ///
    /// let transformation = Transformation::new().flags(&[Flag::LOSSY, Flag::PROGRESSIVE]);
    /// assert_eq!(transformation.as_str(), "fl_lossy.progressive");
    /// assert_eq!("lossy".parse(), Ok(Flag::LOSSY));
    /// ```
    Flag {
        ANY_FORMAT = "any_format", "Lets automatic quality choose PNG8 if it is more efficient";
        ANIMATED = "animated", "Delivers an animation";
        APNG = "apng", "Delivers an animated PNG";
        ATTACHMENT = "attachment", "Delivers the file as a download";
        AWEBP = "awebp", "Delivers an animated WebP";
        C2PA = "c2pa", "Adds a signed C2PA record of the image's origin";
        CLIP = "clip", "Clips to the clipping path in the file";
        CLIP_EVEN_ODD = "clip_evenodd", "Clips to the clipping path in the file by the even-odd rule";
        CUTTER = "cutter", "Keeps only the part of the image under the shape of the layer";
        FORCE_ICC = "force_icc", "Adds an ICC profile to the image";
        FORCE_STRIP = "force_strip", "Removes all metadata";
        GET_INFO = "getinfo", "Returns information about the image as JSON";
        GROUP4 = "group4", "Applies Group 4 (fax) compression";
        IGNORE_ASPECT_RATIO = "ignore_aspect_ratio", "Changes only the dimension that is set and keeps the other one";
        IGNORE_MASK_CHANNELS = "ignore_mask_channels", "Ignores the mask channels in the file";
        IMMUTABLE_CACHE = "immutable_cache", "Allows clients to cache the image forever";
        KEEP_ATTRIBUTION = "keep_attribution", "Keeps only the copyright fields of the metadata";
        KEEP_IPTC = "keep_iptc", "Keeps all metadata, although the name mentions only IPTC";
        LAYER_APPLY = "layer_apply", "Ends the transformation of the layer and places the layer";
        LOSSY = "lossy", "Applies lossy compression, also to formats that are lossless by default";
        NO_OVERFLOW = "no_overflow", "Cuts off the parts of the layer outside the image";
        ORIGINAL = "original", "Delivers the original file";
        PNG8 = "png8", "Delivers an 8-bit PNG";
        PNG24 = "png24", "Delivers a 24-bit PNG";
        PNG32 = "png32", "Delivers a 32-bit PNG";
        PRESERVE_TRANSPARENCY = "preserve_transparency", "Delivers a format that supports transparency";
        PROGRESSIVE = "progressive", "Delivers a progressive image";
        RASTERIZE = "rasterize", "Converts vector graphics to pixels";
        REGION_RELATIVE = "region_relative", "Makes the size of the layer relative to the region that the gravity selects";
        RELATIVE = "relative", "Makes the size of the layer relative to the image, not to the original layer";
        REPLACE_IMAGE = "replace_image", "Replaces the first image in a PDF with the layer";
        SANITIZE = "sanitize", "Removes scripts from an SVG";
        STRIP_PROFILE = "strip_profile", "Removes the color profile";
        TEXT_DISALLOW_OVERFLOW = "text_disallow_overflow", "Fails if the text does not fit into the image";
        TEXT_NO_TRIM = "text_no_trim", "Keeps the space around a text";
        TIFF8_LZW = "tiff8_lzw", "Delivers an 8-bit TIFF with LZW compression";
        TILED = "tiled", "Repeats the layer as tiles";
    }
}

impl Flag {
    /// Creates a flag that delivers the file as a download with a file name. Pass the
    /// name without its extension.
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
    /// - An empty name.
    /// - `.`, which separates flags.
    /// - `,`, `/` or a control character.
    pub fn attachment_as(name: &str) -> Result<Self, TransformationError> {
        let is_allowed = |char: char| !char.is_control() && !matches!(char, '.' | ',' | '/');
        TransformationError::check("file name", name, is_allowed)?;
        let name = encoding::encode(name);
        Ok(Self(Value::from_valid(format!("attachment:{name}"))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_with_separators_are_rejected() {
        for (name, error) in [
            ("", "file name is empty"),
            ("a.jpg", "unexpected '.' at byte 1 of the file name"),
            ("a/b", "unexpected '/' at byte 1 of the file name"),
            ("a\n", "unexpected '\\n' at byte 1 of the file name"),
        ] {
            assert_eq!(Flag::attachment_as(name).unwrap_err().to_string(), error);
        }
    }
}

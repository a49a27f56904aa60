//! Crop modes.

/// The crop mode of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CropMode {
    /// `scale`: the exact size, with distortion.
    Scale,
    /// `fit`: within the size.
    Fit,
    /// `limit`: within the size, never enlarged.
    Limit,
    /// `mfit`: within the size, never reduced.
    MinimumFit,
    /// `fill`: the exact size, cropped.
    Fill,
    /// `lfill`: as `fill`, never enlarged.
    LimitFill,
    /// `pad`: the exact size, padded.
    Pad,
    /// `lpad`: as `pad`, never enlarged.
    LimitPad,
    /// `mpad`: as `pad`, never reduced.
    MinimumPad,
    /// `fill_pad`: cropped a little and padded for the rest.
    FillPad,
    /// `crop`: a rectangle, not scaled.
    Crop,
    /// `thumb`: as `fill`, because faces are not recognized.
    Thumb,
}

impl CropMode {
    /// Every mode with its name.
    pub const NAMES: [(&'static str, Self); 12] = [
        ("scale", Self::Scale),
        ("fit", Self::Fit),
        ("limit", Self::Limit),
        ("mfit", Self::MinimumFit),
        ("fill", Self::Fill),
        ("lfill", Self::LimitFill),
        ("pad", Self::Pad),
        ("lpad", Self::LimitPad),
        ("mpad", Self::MinimumPad),
        ("fill_pad", Self::FillPad),
        ("crop", Self::Crop),
        ("thumb", Self::Thumb),
    ];

    /// Returns whether the mode removes parts of the image.
    #[must_use]
    pub const fn crops(self) -> bool {
        matches!(
            self,
            Self::Fill | Self::LimitFill | Self::FillPad | Self::Crop | Self::Thumb
        )
    }

    /// Returns whether the mode adds space around the image.
    #[must_use]
    pub const fn pads(self) -> bool {
        matches!(self, Self::Pad | Self::LimitPad | Self::MinimumPad)
    }
}

use super::Value;
use super::macros::keywords;

keywords! {
    /// What of an image is kept in sight, or where a layer is placed.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::{Focus, Gravity};
    ///
    /// assert_eq!(Gravity::NorthEast.as_str(), "north_east");
    /// let gravity = Gravity::auto_on(&[Focus::Face, Focus::Classic]);
    /// assert_eq!(gravity.as_str(), "auto:face:classic");
    /// ```
    Gravity {
        NorthWest = "north_west", "the upper left corner";
        North = "north", "the middle of the upper edge";
        NorthEast = "north_east", "the upper right corner";
        West = "west", "the middle of the left edge";
        Center = "center", "the middle";
        East = "east", "the middle of the right edge";
        SouthWest = "south_west", "the lower left corner";
        South = "south", "the middle of the lower edge";
        SouthEast = "south_east", "the lower right corner";
        XyCenter = "xy_center", "the point given by `x` and `y`";
        Face = "face", "the largest face";
        FaceCenter = "face:center", "the largest face, or else the middle";
        FaceAuto = "face:auto", "the largest face, or else what is of interest";
        Faces = "faces", "all faces";
        FacesCenter = "faces:center", "all faces, or else the middle";
        FacesAuto = "faces:auto", "all faces, or else what is of interest";
        Body = "body", "the largest person";
        AdvancedFace = "adv_face", "the largest face, by the add-on for faces";
        AdvancedFaces = "adv_faces", "all faces, by the add-on for faces";
        AdvancedEyes = "adv_eyes", "all eyes, by the add-on for faces";
        OcrText = "ocr_text", "text, by the add-on for text";
        Custom = "custom", "the part that was set for the image";
        CustomFace = "custom:face", "the part that was set, or else the largest face";
        CustomFaces = "custom:faces", "the part that was set, or else all faces";
        CustomAdvancedFace = "custom:adv_face", "the part that was set, or else the largest face by the add-on";
        CustomAdvancedFaces = "custom:adv_faces", "the part that was set, or else all faces by the add-on";
        Auto = "auto", "what is of interest";
        Liquid = "liquid", "what is of interest, with the rest squeezed";
    }
}

impl Gravity {
    /// What is of interest, with a say in what that is; no focus is
    /// [`Gravity::Auto`].
    #[must_use]
    pub fn auto_on(focus: &[Focus]) -> Self {
        let parts = [Self::Auto.as_str()].into_iter();
        match Value::joined(":", parts.chain(focus.iter().map(Focus::as_str))) {
            Some(value) if !focus.is_empty() => Self::Other(value),
            _ => Self::Auto,
        }
    }
}

keywords! {
    /// What is of interest in an image. Objects go by their names: `cat`.
    Focus {
        Classic = "classic", "what stands out to the eye";
        Subject = "subject", "the subject, by a model";
        Face = "face", "the largest face";
        Faces = "faces", "all faces";
        NoFaces = "no_faces", "no preference for faces";
        AdvancedFace = "adv_face", "the largest face, by the add-on for faces";
        AdvancedFaces = "adv_faces", "all faces, by the add-on for faces";
        OcrText = "ocr_text", "text, by the add-on for text";
        CustomNoOverride = "custom_no_override", "no regard to a part that was set for the image";
        None = "none", "no regard to any object";
    }
}

impl Focus {
    /// The same, of a weight of up to 100.
    #[must_use]
    pub fn weighted(&self, weight: u8) -> Self {
        Self::Other(Value::from_valid(format!("{self}_{weight}")))
    }

    /// Rather what is not this.
    #[must_use]
    pub fn avoided(&self) -> Self {
        Self::Other(Value::from_valid(format!("{self}_avoid")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_focus_is_named_weighted_or_avoided() {
        let cat = Focus::Other(Value::verbatim("cat").unwrap());
        let gravity = Gravity::auto_on(&[cat.weighted(30), Focus::Faces.avoided()]);
        assert_eq!(gravity.as_str(), "auto:cat_30:faces_avoid");
        assert_eq!(Gravity::auto_on(&[]), Gravity::Auto);
    }
}

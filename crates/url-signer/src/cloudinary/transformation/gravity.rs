use super::macros::open_set;
use super::value::Value;

open_set! {
    /// The gravity: the part of an image that cropping keeps, or the position of
    /// a layer.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::{Focus, Gravity};
    ///
    /// assert_eq!(Gravity::NORTH_EAST.as_str(), "north_east");
    /// let gravity = Gravity::auto_on(&[Focus::FACE, Focus::CLASSIC]);
    /// assert_eq!(gravity.as_str(), "auto:face:classic");
    /// ```
    Gravity {
        NORTH_WEST = "north_west", "Selects the upper left corner";
        NORTH = "north", "Selects the center of the upper edge";
        NORTH_EAST = "north_east", "Selects the upper right corner";
        WEST = "west", "Selects the center of the left edge";
        CENTER = "center", "Selects the center";
        EAST = "east", "Selects the center of the right edge";
        SOUTH_WEST = "south_west", "Selects the lower left corner";
        SOUTH = "south", "Selects the center of the lower edge";
        SOUTH_EAST = "south_east", "Selects the lower right corner";
        XY_CENTER = "xy_center", "Selects the point given by `x` and `y`";
        FACE = "face", "Selects the largest face";
        FACE_CENTER = "face:center", "Selects the largest face, or the center if there is no face";
        FACE_AUTO = "face:auto", "Selects the largest face, or the most interesting part if there is no face";
        FACES = "faces", "Selects all faces";
        FACES_CENTER = "faces:center", "Selects all faces, or the center if there is no face";
        FACES_AUTO = "faces:auto", "Selects all faces, or the most interesting part if there is no face";
        BODY = "body", "Selects the largest person";
        ADVANCED_FACE = "adv_face", "Selects the largest face, found with the facial attributes add-on";
        ADVANCED_FACES = "adv_faces", "Selects all faces, found with the facial attributes add-on";
        ADVANCED_EYES = "adv_eyes", "Selects all eyes, found with the facial attributes add-on";
        OCR_TEXT = "ocr_text", "Selects text, found with the OCR add-on";
        CUSTOM = "custom", "Selects the custom coordinates of the asset";
        CUSTOM_FACE = "custom:face", "Selects the custom coordinates, or the largest face if the asset has none";
        CUSTOM_FACES = "custom:faces", "Selects the custom coordinates, or all faces if the asset has none";
        CUSTOM_ADVANCED_FACE = "custom:adv_face", "Selects the custom coordinates. If the asset has none, selects the largest face, found with the facial attributes add-on";
        CUSTOM_ADVANCED_FACES = "custom:adv_faces", "Selects the custom coordinates. If the asset has none, selects all faces, found with the facial attributes add-on";
        AUTO = "auto", "Selects the most interesting part";
        LIQUID = "liquid", "Rescales by seam carving, which preserves the most important parts";
    }
}

impl Gravity {
    /// Creates an automatic gravity that prefers or avoids parts of the image:
    /// `auto:…`. An empty list creates [`Gravity::AUTO`].
    #[must_use]
    pub fn auto_on(focus: &[Focus]) -> Self {
        let parts = [Self::AUTO];
        let parts = parts.iter().map(Self::as_str);
        Value::join(":", parts.chain(focus.iter().map(Focus::as_str))).map_or(Self::AUTO, Self)
    }
}

open_set! {
    /// A preference of an automatic gravity, which [`Gravity::auto_on`] creates.
    ///
    /// Most constants select a part of the image to prefer or avoid.
    /// [`Focus::NO_FACES`], [`Focus::CUSTOM_NO_OVERRIDE`] and [`Focus::NONE`] turn off
    /// a default preference. To prefer or avoid an object, parse its name:
    /// `"cat".parse()`.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::{Focus, Gravity};
    ///
    /// let cat: Focus = "cat".parse()?;
    /// let gravity = Gravity::auto_on(&[cat.weighted(30), Focus::FACES.avoided()]);
    /// assert_eq!(gravity.as_str(), "auto:cat_30:faces_avoid");
    /// # Ok::<(), url_signer::cloudinary::TransformationError>(())
    /// ```
    Focus {
        CLASSIC = "classic", "Prefers the visually most prominent part";
        SUBJECT = "subject", "Prefers the subject, found with AI";
        FACE = "face", "Prefers the largest face";
        FACES = "faces", "Prefers all faces";
        NO_FACES = "no_faces", "Does not prefer faces";
        ADVANCED_FACE = "adv_face", "Prefers the largest face, found with the facial attributes add-on";
        ADVANCED_FACES = "adv_faces", "Prefers all faces, found with the facial attributes add-on";
        OCR_TEXT = "ocr_text", "Prefers text, found with the OCR add-on";
        CUSTOM_NO_OVERRIDE = "custom_no_override", "Ignores the custom coordinates of the asset";
        NONE = "none", "Ignores all objects";
    }
}

impl Focus {
    /// Sets a weight of 0 to 100.
    #[must_use]
    pub fn weighted(&self, weight: u8) -> Self {
        Self(Value::from_valid(format!("{self}_{weight}")))
    }

    /// Avoids this part instead of preferring it.
    #[must_use]
    pub fn avoided(&self) -> Self {
        Self(Value::from_valid(format!("{self}_avoid")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn automatic_gravity_lists_its_preferences() {
        let cat: Focus = "cat".parse().unwrap();
        let gravity = Gravity::auto_on(&[cat.weighted(30), Focus::FACES.avoided()]);
        assert_eq!(gravity.as_str(), "auto:cat_30:faces_avoid");
        assert_eq!(Gravity::auto_on(&[]), Gravity::AUTO);
    }
}

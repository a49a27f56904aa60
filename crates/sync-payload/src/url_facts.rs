use image_model::{Crop, Image, Rotation};
use uuid::Uuid;

/// The values of an image that its URLs depend on.
pub(crate) struct UrlFacts<'a> {
    pub(crate) id: Uuid,
    pub(crate) rotation: Rotation,
    pub(crate) crop: Crop,
    /// Empty if unknown.
    pub(crate) filename: &'a str,
    /// Empty if unknown.
    pub(crate) format: &'a str,
}

impl<'a> UrlFacts<'a> {
    pub(crate) fn of<U>(image: &'a Image<U>) -> Self {
        Self {
            id: image.id,
            rotation: image.rotation,
            crop: image.crop(),
            filename: image.filename.as_deref().unwrap_or_default(),
            format: image.format.as_deref().unwrap_or_default(),
        }
    }
}

//! The name of an image.

use std::borrow::Cow;

use image_model::Image;

/// Returns the title, else the file name, else a text with the id.
pub(crate) fn name<U>(image: &Image<U>) -> Cow<'_, str> {
    [&image.title, &image.filename]
        .into_iter()
        .flatten()
        .map(|name| name.trim())
        .find(|name| !name.is_empty())
        .map_or_else(|| Cow::Owned(format!("Image {}", image.id)), Cow::Borrowed)
}

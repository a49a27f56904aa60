use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A URL that is borrowed from the JSON of the payload where possible.
///
/// A URL with escaped characters in the JSON is copied instead. In the recorded
/// payload, only the proxy URLs are copied, because their `&` is escaped.
///
/// Decoding an `Image<BorrowedUrl>` is faster than decoding an `Image<String>`, but
/// the JSON must outlive the images. The JSON must be a slice or a `str`, because
/// serde cannot borrow from a reader.
///
/// ```
/// use image_model::BorrowedUrl;
///
/// let json = include_str!("../tests/data/response_body.wire.json");
/// let images = image_model::from_str::<BorrowedUrl<'_>>(json)?;
/// let url = images[0].original_url.as_str();
/// assert!(url.starts_with("https://res.cloudinary.com/"));
/// let url = images[0].external_urls.mini.as_str();
/// assert!(url.contains("&url=localhost/images/"));
/// # Ok::<(), image_model::DecodeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BorrowedUrl<'a>(#[serde(borrow)] Cow<'a, str>);

impl BorrowedUrl<'_> {
    /// Returns the URL as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Converts the URL to a `String`, which may outlive the JSON.
    #[must_use]
    pub fn into_owned(self) -> String {
        self.0.into_owned()
    }
}

impl AsRef<str> for BorrowedUrl<'_> {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl From<BorrowedUrl<'_>> for String {
    fn from(url: BorrowedUrl<'_>) -> Self {
        url.into_owned()
    }
}

impl PartialEq<str> for BorrowedUrl<'_> {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for BorrowedUrl<'_> {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for BorrowedUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Image;

    const RECORDED: &str = include_str!("../tests/data/response_body.wire.json");

    #[test]
    fn borrowed_and_owned_urls_are_equal() {
        let borrowed = crate::from_str::<BorrowedUrl<'_>>(RECORDED).unwrap();
        let owned: Vec<Image> = borrowed
            .into_iter()
            .map(|image| image.map_urls(String::from))
            .collect();
        assert_eq!(owned, crate::from_str::<String>(RECORDED).unwrap());
    }

    #[test]
    fn only_escaped_urls_are_copied() {
        let payload = RECORDED.as_bytes().as_ptr_range();
        for image in crate::from_str::<BorrowedUrl<'_>>(RECORDED).unwrap() {
            image.map_urls(|url| {
                let is_borrowed = payload.contains(&url.as_str().as_ptr());
                assert_eq!(is_borrowed, !url.as_str().contains('&'), "{url}");
            });
        }
    }

    #[test]
    fn a_url_equals_only_its_text() {
        let images = crate::from_str::<BorrowedUrl<'_>>(RECORDED).unwrap();
        let mini = &images[0].external_urls.mini;
        let text = mini.to_string();
        assert!(*mini == *text && *mini == text.as_str());
        assert_eq!(AsRef::<str>::as_ref(mini), text);
        assert!(*mini != *images[0].original_url.as_str() && *mini != "https://");
    }

    #[test]
    fn borrowed_and_owned_urls_are_written_equally() {
        let images = crate::from_str::<BorrowedUrl<'_>>(RECORDED).unwrap();
        let owned = crate::from_str::<String>(RECORDED).unwrap();
        assert_eq!(
            serde_json::to_string(&images).unwrap(),
            serde_json::to_string(&owned).unwrap()
        );
    }
}

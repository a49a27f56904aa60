use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

/// A URL of a payload that is read, borrowed from the payload's text where it
/// stands there as it is. One with an escape in it, as those of the proxy in
/// the documented style, has memory of its own.
///
/// For who is done with the images before the payload goes: reading takes less
/// time than into `String`s. It is read from a slice or a `str`, not from a
/// reader, of which nothing can be borrowed.
///
/// ```
/// use image_model::BorrowedUrl;
///
/// let json = include_str!("../tests/data/response_body.wire.json");
/// let images = image_model::from_str::<BorrowedUrl<'_>>(json)?;
/// assert!(images[0].original_url.starts_with("https://res.cloudinary.com/"));
/// assert!(images[0].external_urls.mini.contains("&url=localhost/images/"));
/// # Ok::<(), image_model::DecodeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BorrowedUrl<'a>(#[serde(borrow)] Cow<'a, str>);

impl BorrowedUrl<'_> {
    /// The URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The URL with memory of its own, as it outlives the payload.
    #[must_use]
    pub fn into_owned(self) -> String {
        self.0.into_owned()
    }
}

impl Deref for BorrowedUrl<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for BorrowedUrl<'_> {
    fn as_ref(&self) -> &str {
        self
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
    use crate::Image;

    const RECORDED: &str = include_str!("../tests/data/response_body.wire.json");

    #[test]
    fn urls_are_the_same_borrowed_or_not() {
        let borrowed = crate::from_str::<BorrowedUrl<'_>>(RECORDED).unwrap();
        let owned = borrowed.into_iter().map(|image| {
            let urls = image.urls().map(|url| String::from(url.clone()));
            image.with_urls(urls)
        });
        let owned: Vec<Image> = owned.collect();
        assert_eq!(owned, crate::from_str::<String>(RECORDED).unwrap());
    }

    #[test]
    fn only_what_is_escaped_is_copied() {
        let payload = RECORDED.as_bytes().as_ptr_range();
        for image in crate::from_str::<BorrowedUrl<'_>>(RECORDED).unwrap() {
            image.urls().map(|url| {
                let is_borrowed = payload.contains(&url.as_str().as_ptr());
                assert_eq!(is_borrowed, !url.contains('&'), "{url}");
            });
        }
    }

    #[test]
    fn a_url_equals_its_text_and_no_other() {
        let images = crate::from_str::<BorrowedUrl<'_>>(RECORDED).unwrap();
        let mini = &images[0].external_urls.mini;
        let text = mini.to_string();
        assert!(*mini == *text && *mini == text.as_str());
        assert!(*mini != *images[0].original_url && *mini != "https://");
    }

    #[test]
    fn what_is_borrowed_is_written_as_it_was() {
        let images = crate::from_str::<BorrowedUrl<'_>>(RECORDED).unwrap();
        let owned = crate::from_str::<String>(RECORDED).unwrap();
        assert_eq!(
            serde_json::to_string(&images).unwrap(),
            serde_json::to_string(&owned).unwrap()
        );
    }
}

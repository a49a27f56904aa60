//! References to assets, stored transformations and pages.

use super::encoding;
use super::error::TransformationError;
use super::macros::{from_numbers, value_impls, value_type};
use super::value::Value;
use crate::cloudinary::path::percent_encoding::is_remote;

value_type! {
    /// The public id of an asset in a parameter. The `/` between folders is written
    /// as `:`.
    ///
    /// Like [`Asset::new`](crate::cloudinary::Asset::new), the constructor accepts a
    /// public id with or without percent-encoding.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::PublicId;
    ///
    /// assert_eq!(PublicId::new("brand/our logo")?.as_str(), "brand:our%20logo");
    /// assert_eq!(PublicId::new("brand/our%20logo")?.as_str(), "brand:our%20logo");
    /// # Ok::<(), url_signer::cloudinary::TransformationError>(())
    /// ```
    PublicId
}

impl PublicId {
    /// Creates a reference to an asset. The public id of a raw asset, such as a font,
    /// includes the extension.
    ///
    /// # Errors
    ///
    /// - An empty public id.
    /// - `,` or a control character, percent-encoded or not.
    /// - A URL, which begins with `http:/` or `https:/`. For a layer, use
    ///   [`Layer::fetch`](super::Layer::fetch).
    pub fn new(public_id: &str) -> Result<Self, TransformationError> {
        let id = encoding::encode_public_id("public id", public_id)?;
        if is_remote(public_id) {
            let reason = "it is a URL";
            return Err(TransformationError::invalid("public id", public_id, reason));
        }
        Ok(Self(Value::from_valid(id)))
    }
}

value_impls! { PublicId }

value_type! {
    /// One or more named transformations, which are stored at Cloudinary.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::NamedTransformation;
    ///
    /// let named = NamedTransformation::new("square")?.and(NamedTransformation::new("sepia")?);
    /// assert_eq!(named.as_str(), "square.sepia");
    /// # Ok::<(), url_signer::cloudinary::TransformationError>(())
    /// ```
    NamedTransformation
}

impl NamedTransformation {
    /// Creates a reference to a named transformation. A space is written `%20`.
    ///
    /// # Errors
    ///
    /// - A name that is invalid for [`Value::verbatim`].
    /// - `.`, which separates names.
    pub fn new(name: &str) -> Result<Self, TransformationError> {
        const PART: &str = "transformation name";
        TransformationError::check(PART, name, |char| char != '.')?;
        Value::checked(PART, name.to_owned().into()).map(Self)
    }

    /// Appends more named transformations.
    #[must_use]
    pub fn and(self, other: impl Into<Self>) -> Self {
        Self(Value::from_valid(format!("{self}.{}", other.into())))
    }
}

value_impls! { NamedTransformation }

value_type! {
    /// One or more pages of a document, frames of an animation or layers of a
    /// file.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::Page;
    ///
    /// assert_eq!(Page::from(2).as_str(), "2");
    /// assert_eq!(Page::range(1, 3).and(5).as_str(), "1-3;5");
    /// ```
    Page
}

impl Page {
    /// Creates a range from the first to the last page, inclusive and counted
    /// from 1.
    #[must_use]
    pub fn range(first: u32, last: u32) -> Self {
        Self(Value::from_valid(format!("{first}-{last}")))
    }

    /// Appends more pages.
    #[must_use]
    pub fn and(self, other: impl Into<Self>) -> Self {
        Self(Value::from_valid(format!("{self};{}", other.into())))
    }
}

value_impls! { Page }

from_numbers! { Page }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_ids_are_encoded_once() {
        for (id, text) in [
            ("a/b/c.png", "a:b:c.png"),
            ("a b", "a%20b"),
            ("a%20b%2Fc", "a%20b:c"),
            ("100%", "100%25"),
            ("é?#", "%C3%A9%3F%23"),
            ("%ff", "%FF"),
        ] {
            assert_eq!(PublicId::new(id).unwrap().as_str(), text);
        }
    }

    #[test]
    fn names_that_end_their_parameter_are_rejected() {
        for (id, error) in [
            ("", "public id is empty"),
            ("a,b", "unexpected ',' at byte 1 of the public id"),
            ("a%2cb", "unexpected ',' at byte 1 of the public id"),
            ("%0a", "unexpected '\\n' at byte 0 of the public id"),
            (
                "https://example.org/a",
                "invalid public id `https://example.org/a`: it is a URL",
            ),
        ] {
            assert_eq!(PublicId::new(id).unwrap_err().to_string(), error);
        }
        for (name, error) in [
            ("", "transformation name is empty"),
            ("a.b", "unexpected '.' at byte 1 of the transformation name"),
            (
                "a\tb",
                "unexpected '\\t' at byte 1 of the transformation name",
            ),
        ] {
            assert_eq!(
                NamedTransformation::new(name).unwrap_err().to_string(),
                error
            );
        }
    }
}

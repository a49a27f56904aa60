//! Things that are named: assets, pages and transformations that are stored.

use super::macros::{newtype, numeric};
use super::{TransformationError, Value, encoding};

newtype! {
    /// The public id of an asset, as it is written within a parameter: with `:`
    /// between its folders.
    ///
    /// Like [`Asset`](crate::cloudinary::Asset)'s, it is taken as it is, or
    /// escaped once already.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::PublicId;
    ///
    /// assert_eq!(PublicId::new("brand/our logo")?.as_str(), "brand:our%20logo");
    /// # Ok::<(), url_signer::cloudinary::TransformationError>(())
    /// ```
    PublicId
}

impl PublicId {
    /// An asset's public id, with its extension if it needs one.
    ///
    /// # Errors
    ///
    /// - Nothing.
    /// - `,` or a control character, escaped or not.
    pub fn new(public_id: &str) -> Result<Self, TransformationError> {
        encoding::public_id("public id", public_id).map(|id| Self(Value::from_valid(id)))
    }
}

newtype! {
    /// Transformations that are stored at the provider, by their names.
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
    /// One by its name.
    ///
    /// # Errors
    ///
    /// - A name that [`Value::verbatim`] refuses, or with `.` in it.
    pub fn new(name: &str) -> Result<Self, TransformationError> {
        TransformationError::check("name of a transformation", name, |char| char != '.')?;
        Value::checked("name of a transformation", name.to_owned().into()).map(Self)
    }

    /// These and more after them.
    #[must_use]
    pub fn and(self, other: impl Into<Self>) -> Self {
        Self(Value::from_valid(format!("{self}.{}", other.into())))
    }
}

newtype! {
    /// A page of a document, a frame of an animation or a layer of a file.
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
    /// All from the first to the last, counted from 1.
    #[must_use]
    pub fn range(first: u32, last: u32) -> Self {
        Self(Value::from_valid(format!("{first}-{last}")))
    }

    /// These and more.
    #[must_use]
    pub fn and(self, other: impl Into<Self>) -> Self {
        Self(Value::from_valid(format!("{self};{}", other.into())))
    }
}

numeric! { Page }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_id_is_escaped_once() {
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
    fn names_that_would_end_their_parameter_are_refused() {
        for (id, error) in [
            ("", "public id is empty"),
            (
                "a,b",
                "public id has ',' at byte 1, which cannot stand in it",
            ),
            (
                "a%2cb",
                "public id has ',' at byte 1, which cannot stand in it",
            ),
            (
                "%0a",
                "public id has '\\n' at byte 0, which cannot stand in it",
            ),
        ] {
            assert_eq!(PublicId::new(id).unwrap_err().to_string(), error);
        }
        for (name, error) in [
            ("", "name of a transformation is empty"),
            (
                "a.b",
                "name of a transformation has '.' at byte 1, which cannot stand in it",
            ),
            (
                "a b",
                "name of a transformation has ' ' at byte 1, which cannot stand in it",
            ),
        ] {
            assert_eq!(
                NamedTransformation::new(name).unwrap_err().to_string(),
                error
            );
        }
    }
}

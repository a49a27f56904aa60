use std::borrow::Cow;

use super::parse::DeliveryUrl;
use super::signed_path::{SignedForm, SignedPath};
use crate::cloudinary::account::signature_algorithm::SignatureAlgorithm;
use crate::cloudinary::asset::Asset;
use crate::cloudinary::path::encoding::PathEncoding;
use crate::cloudinary::transformation::Transformation;

/// A verified delivery URL, borrowed from its text.
///
/// Only [`Cloud::verify`](crate::cloudinary::Cloud::verify) and
/// [`Cloud::verify_at`](crate::cloudinary::Cloud::verify_at) create this type.
///
/// To authorize access to an asset, call [`delivers`](Self::delivers). Do not rely
/// on [`unsigned_parts`](Self::unsigned_parts): Cloudinary signs the transformation and
/// the source as one text, and does not sign where the source starts. It does not sign
/// the resource type, the delivery type, the suffix or the query. The version is usually
/// not signed either.
///
/// ```
/// use url_signer::Secret;
/// use url_signer::cloudinary::{Asset, Cloud, Size, Transformation};
///
/// let cloud = Cloud::new("demo", Secret::new("abcd")?)?;
/// let photo = Asset::new("albums/7/photo.jpg")?;
/// let card = Transformation::new().fit(Size::width(300));
/// let url = cloud.sign(&photo, &card).to_string();
///
/// let verified = cloud.verify(&url)?;
/// assert!(verified.delivers(&photo, &card));
/// assert_eq!(verified.signed_path(), "c_fit,w_300/albums/7/photo.jpg");
///
/// // Anybody can move the version. The signature stays valid, but the URL now
/// // delivers another asset.
/// let moved = url.replace("/v1/albums/7/", "/albums/7/v1/");
/// let verified = cloud.verify(&moved)?;
/// assert!(!verified.delivers(&photo, &card));
/// assert_eq!(verified.unsigned_parts().source(), "photo.jpg");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct VerifiedUrl<'a> {
    signed_path: SignedPath<'a>,
    algorithm: SignatureAlgorithm,
    signed_form: SignedForm,
    url: DeliveryUrl<'a>,
}

impl<'a> VerifiedUrl<'a> {
    pub(super) const fn new(
        signed_path: SignedPath<'a>,
        algorithm: SignatureAlgorithm,
        signed_form: SignedForm,
        url: DeliveryUrl<'a>,
    ) -> Self {
        Self {
            signed_path,
            algorithm,
            signed_form,
            url,
        }
    }

    /// Returns whether the URL delivers this asset with this transformation.
    ///
    /// The suffix is ignored. A signed version must equal the version of the asset. The
    /// value of an unsigned version is ignored.
    ///
    /// Returns `false` if the version was moved to another position in the URL. Also
    /// returns `false` if the URL has no version and the asset's first folder looks like
    /// a transformation step or a version.
    #[must_use]
    pub fn delivers(&self, asset: &Asset, transformation: &Transformation) -> bool {
        let signed_path = self.signed_path();
        let rest = if transformation.is_empty() {
            Some(&*signed_path)
        } else {
            signed_path
                .strip_prefix(transformation.as_str())
                .and_then(|rest| rest.strip_prefix('/'))
        };
        rest.is_some_and(|rest| self.is_delivered(rest, asset, transformation))
            && self.url.resource_type() == asset.resource_type()
            && self.url.delivery_type() == asset.delivery_type().as_str()
    }

    /// Returns whether the signed text after the transformation is the source of the asset,
    /// and Cloudinary reads it as such. A signed version may precede the source.
    fn is_delivered(&self, rest: &str, asset: &Asset, transformation: &Transformation) -> bool {
        let Some(version) = rest.strip_suffix(asset.source()) else {
            return false;
        };
        if !version.is_empty() {
            return self.url.version().is_none() && asset.is_version(version);
        }
        match self.url.version() {
            Some(_) => self.url.transformation() == transformation.as_str(),
            None => !asset.needs_separator(self.url.suffix().is_some()),
        }
    }

    /// Returns the signed text as it is written in the URL: the transformation, `/`
    /// and the source, without a suffix. A signed version precedes the source.
    #[must_use]
    pub fn signed_path(&self) -> Cow<'a, str> {
        self.signed_path.as_written()
    }

    /// Returns the hash algorithm of the signature.
    #[must_use]
    pub const fn signature_algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// Returns the form in which the path was signed.
    ///
    /// If the signed text is the same in several forms, the result is the first one of
    /// [`Encoded`](PathEncoding::Encoded), [`Decoded`](PathEncoding::Decoded) and
    /// [`Raw`](PathEncoding::Raw). A path without percent-encoding is always `Encoded`. The
    /// result is never [`DotNet`](PathEncoding::DotNet), whose texts are those of `Encoded`
    /// or `Raw`.
    #[must_use]
    pub const fn path_encoding(&self) -> PathEncoding {
        self.signed_form.path_encoding
    }

    /// Returns all parts of the URL, both signed and unsigned.
    ///
    /// Use the parts for logs and diagnosis, not for authorization.
    #[must_use]
    pub const fn unsigned_parts(&self) -> &DeliveryUrl<'a> {
        &self.url
    }

    /// The text that was hashed.
    #[cfg(feature = "explain")]
    pub(crate) fn signed_text(&self) -> Vec<u8> {
        self.signed_form.text(&self.signed_path())
    }
}

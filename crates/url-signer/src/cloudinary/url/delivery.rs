use std::borrow::Cow;
use std::fmt::{self, Write};

use thiserror::Error;
use url::Url;

use super::compiled::CompiledTransformation;
use super::signature::{MidstateDigest, Signature};
use super::signed::SignedUrl;
use crate::cloudinary::account::cloud::Cloud;
use crate::cloudinary::asset::Asset;
use crate::cloudinary::path::canonical::{PathEncoding, is_canonical};
use crate::cloudinary::path::grammar::{TypesLayout, is_suffix_char};
use crate::cloudinary::path::types::{DeliveryType, ResourceType, SHORT_SEGMENT, suffixed_segment};
use crate::cloudinary::token::{SignedToken, TokenClaims, TokenSigner};
use crate::cloudinary::transformation::Transformation;

/// The delivery of an asset through a transformation, not signed yet.
///
/// Made by [`Cloud::delivery`]. It prints the URL without a signature, for
/// assets that anybody may fetch; [`sign`](Self::sign) and
/// [`authorize`](Self::authorize) give the URL for the others. What can be
/// said of the one URL, beside the asset and the transformation, is said here.
///
/// ```
/// use url_signer::Secret;
/// use url_signer::cloudinary::{Asset, Cloud, Transformation};
///
/// let cloud = Cloud::new("demo", Secret::new("abcd")?)?;
/// let asset = Asset::new("folder/image")?.with_extension("jpg")?;
/// let delivery = cloud.delivery(Transformation::new(), &asset);
/// assert_eq!(
///     delivery.to_string(),
///     "https://res.cloudinary.com/demo/image/upload/v1/folder/image.jpg",
/// );
/// assert_eq!(
///     delivery.with_suffix("my-seo-name")?.to_string(),
///     "https://res.cloudinary.com/demo/images/v1/folder/image/my-seo-name.jpg",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Delivery<'a> {
    cloud: &'a Cloud,
    transformation: Cow<'a, Transformation>,
    asset: &'a Asset,
    suffix: Option<&'a str>,
    layout: TypesLayout,
    automatic_version: bool,
    signed_version: bool,
}

impl<'a> Delivery<'a> {
    pub(crate) fn new(
        cloud: &'a Cloud,
        transformation: Cow<'a, Transformation>,
        asset: &'a Asset,
    ) -> Self {
        let layout = match cloud.layout.root_path {
            true if is_public_image(asset) => TypesLayout::Root,
            _ if cloud.layout.short_types => TypesLayout::Short,
            _ => TypesLayout::Full,
        };
        Self {
            cloud,
            transformation,
            asset,
            suffix: None,
            layout,
            automatic_version: cloud.layout.automatic_version,
            signed_version: cloud.layout.signed_version,
        }
    }

    /// The same with a name before the extension, for readers and search
    /// engines. It is no part of what is signed: anybody can change it.
    ///
    /// # Errors
    ///
    /// - An asset of other types than image/upload, image/private,
    ///   image/authenticated, video/upload and raw/upload, or one that is fetched.
    /// - A suffix that is empty, or has `.`, `/`, `%`, or a character that can't
    ///   stand in the path of a URL as it is.
    pub fn with_suffix(self, suffix: &'a str) -> Result<Self, DeliveryError> {
        let (resource_type, delivery_type) = self.types();
        if suffixed_segment(resource_type, delivery_type.as_str()).is_none() {
            return Err(DeliveryError::SuffixTypes(
                resource_type,
                delivery_type.clone(),
            ));
        }
        if suffix.is_empty() {
            return Err(DeliveryError::EmptySuffix);
        }
        if let Some(char) = suffix.chars().find(|char| !is_suffix_char(*char)) {
            return Err(DeliveryError::Suffix(suffix.to_owned(), char));
        }
        Ok(Self {
            suffix: Some(suffix),
            ..self
        })
    }

    /// The same without the segments of the types: `demo/sample.jpg`.
    ///
    /// # Errors
    ///
    /// - An asset of other types than image/upload.
    pub fn with_root_path(self) -> Result<Self, DeliveryError> {
        if !is_public_image(self.asset) {
            let (resource_type, delivery_type) = self.types();
            return Err(DeliveryError::RootTypes(
                resource_type,
                delivery_type.clone(),
            ));
        }
        Ok(Self {
            layout: TypesLayout::Root,
            ..self
        })
    }

    /// The same with `iu` for `image/upload`. No other types have a short form,
    /// and neither has a URL with a suffix; those stay as they are.
    #[must_use]
    pub fn with_short_types(mut self) -> Self {
        if self.layout == TypesLayout::Full {
            self.layout = TypesLayout::Short;
        }
        self
    }

    /// The same without the `v1` that keeps a public id with folders apart from
    /// the transformation where the asset has no version, or with it again.
    #[must_use]
    pub fn with_automatic_version(self, automatic_version: bool) -> Self {
        Self {
            automatic_version,
            ..self
        }
    }

    /// The same with the version, if the URL has one, as part of what is
    /// signed, as only the SDK for Ruby can do.
    #[must_use]
    pub fn with_signed_version(self, signed_version: bool) -> Self {
        Self {
            signed_version,
            ..self
        }
    }

    /// Signs it with the cloud's signing key.
    #[must_use]
    pub fn sign(self) -> SignedUrl<'a> {
        let signature = self.signature(&self.transformation);
        SignedUrl::new(self, Some(signature), None)
    }

    /// The signature for another transformation than its own.
    pub(crate) fn signature(&self, transformation: &Transformation) -> Signature {
        let path_encoding = self.path_encoding(transformation);
        self.sign_begun(
            &self.cloud.begin(transformation, path_encoding),
            path_encoding,
        )
    }

    /// The same signature, from where the transformation is hashed already.
    pub(crate) fn compiled_signature(&self, compiled: &CompiledTransformation) -> Signature {
        let transformation = compiled.transformation();
        let path_encoding = self.path_encoding(transformation);
        match compiled.begun(self.cloud.form, path_encoding) {
            Some(begun) => self.sign_begun(begun, path_encoding),
            None => self.signature(transformation),
        }
    }

    fn sign_begun(&self, begun: &MidstateDigest, path_encoding: PathEncoding) -> Signature {
        let (version, source) = (self.signed_version(), path_encoding.of(self.asset.source()));
        let secret = self.cloud.keys.signing();
        let end = [version.as_bytes(), &source, secret.as_bytes()];
        begun.sign(end, self.cloud.form, || ())
    }

    /// Which text of it is signed: that of the cloud's choice, but never a
    /// decoded one that would be that of another path too.
    fn path_encoding(&self, transformation: &Transformation) -> PathEncoding {
        let only = || is_canonical(transformation.as_str(), self.asset.source());
        match self.cloud.path_encoding {
            PathEncoding::Decoded if only() => PathEncoding::Decoded,
            _ => PathEncoding::Encoded,
        }
    }

    /// The version as far as it is a part of what is signed.
    pub(crate) fn signed_version(&self) -> String {
        let mut version = String::new();
        if self.signed_version {
            // A `String` takes anything; the result is for other writers.
            let _ = self
                .asset
                .write_version(self.automatic_version, &mut version);
        }
        version
    }

    /// Lets whoever has the URL in until a token for just this URL expires,
    /// without a signature. [`SignedUrl::authorize`] gives a URL with both.
    #[must_use]
    pub fn authorize(self, signer: &TokenSigner, claims: &TokenClaims) -> SignedUrl<'a> {
        SignedUrl::new(self, None, None).authorize(signer, claims)
    }

    /// Adds a token that was made before, such as one for all of a folder.
    #[must_use]
    pub fn with_token(self, token: SignedToken) -> SignedUrl<'a> {
        SignedUrl::new(self, None, Some(token))
    }

    /// The path of the URL that it prints: all that comes after the host.
    #[must_use]
    pub fn path(&self) -> String {
        self.path_with(None)
    }

    pub(crate) fn path_with(&self, signature: Option<&Signature>) -> String {
        let mut path = "/".to_owned();
        // A `String` takes anything; the result is for other writers.
        let _ = self.write_path(signature, &mut path);
        path
    }

    fn types(&self) -> (ResourceType, &'a DeliveryType) {
        (self.asset.resource_type(), self.asset.delivery_type())
    }

    /// Writes the URL with a signature, or without one.
    pub(crate) fn write_url(
        &self,
        signature: Option<&Signature>,
        f: &mut impl Write,
    ) -> fmt::Result {
        self.write_host(f)?;
        self.write_path(signature, f)
    }

    /// Writes scheme and host, and the `/` after them.
    fn write_host(&self, f: &mut impl Write) -> fmt::Result {
        let hosts = &self.cloud.hosts;
        f.write_str(hosts.scheme())?;
        f.write_str("://")?;
        f.write_str(hosts.of(self.asset, self.suffix).as_str())?;
        f.write_char('/')
    }

    /// Writes all that comes after the host, without the `/` before it.
    fn write_path(&self, signature: Option<&Signature>, f: &mut impl Write) -> fmt::Result {
        self.write_front(f)?;
        if let Some(signature) = signature {
            write!(f, "s--{signature}--/")?;
        }
        if !self.transformation.is_empty() {
            f.write_str(self.transformation.as_str())?;
            f.write_char('/')?;
        }
        self.write_after_transformation(f)
    }

    /// Writes all that comes before the signature.
    pub(crate) fn write_before_signature(&self, f: &mut impl Write) -> fmt::Result {
        self.write_host(f)?;
        self.write_front(f)
    }

    /// Writes the account's name and the types, each with a `/` after it.
    fn write_front(&self, f: &mut impl Write) -> fmt::Result {
        let (resource_type, delivery_type) = self.types();
        let (resource_type, delivery_type) = (resource_type.as_str(), delivery_type.as_str());
        let types = match self.effective_layout() {
            TypesLayout::Root => [None, None],
            TypesLayout::Suffixed => [
                suffixed_segment(self.asset.resource_type(), delivery_type),
                None,
            ],
            TypesLayout::Short => [Some(SHORT_SEGMENT), None],
            TypesLayout::Full => [Some(resource_type), Some(delivery_type)],
        };
        let segments = [self.cloud.path_name()].into_iter().chain(types);
        segments.flatten().try_for_each(|segment| {
            f.write_str(segment)?;
            f.write_char('/')
        })
    }

    /// The layout of the types, given the suffix and the asset's types.
    fn effective_layout(&self) -> TypesLayout {
        match self.layout {
            TypesLayout::Root => TypesLayout::Root,
            _ if self.suffix.is_some() => TypesLayout::Suffixed,
            TypesLayout::Short if is_public_image(self.asset) => TypesLayout::Short,
            _ => TypesLayout::Full,
        }
    }

    /// Writes version and source.
    pub(crate) fn write_after_transformation(&self, f: &mut impl Write) -> fmt::Result {
        self.asset.write_version(self.automatic_version, f)?;
        self.asset
            .printed(self.suffix)
            .iter()
            .try_for_each(|piece| f.write_str(piece))
    }

    /// The URL of a URL library: from the parts, which can't fail.
    pub(crate) fn to_url(&self, path: &str) -> Url {
        let hosts = &self.cloud.hosts;
        let mut url = hosts.of(self.asset, self.suffix).base().clone();
        // Between these two schemes it can be changed.
        let _ = url.set_scheme(hosts.scheme());
        url.set_path(path);
        url
    }
}

fn is_public_image(asset: &Asset) -> bool {
    asset.resource_type() == ResourceType::Image && *asset.delivery_type() == DeliveryType::Upload
}

impl fmt::Display for Delivery<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_url(None, f)
    }
}

impl fmt::Debug for Delivery<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Delivery({self})")
    }
}

impl From<Delivery<'_>> for Url {
    fn from(delivery: Delivery<'_>) -> Self {
        delivery.to_url(&delivery.path())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Delivery<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Why a delivery can't be laid out so.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeliveryError {
    /// A suffix for types that have none.
    #[error(
        "url of {0}/{1} has a suffix, which only image/upload, image/private, image/authenticated, video/upload and raw/upload have"
    )]
    SuffixTypes(ResourceType, DeliveryType),
    /// A suffix without text.
    #[error("url suffix is empty")]
    EmptySuffix,
    /// A suffix with a character that can't stand in one.
    #[error("url suffix `{suffix}` has {char:?}", suffix = .0.escape_debug(), char = .1)]
    Suffix(String, char),
    /// A path without types for others than image/upload.
    #[error("url of {0}/{1} is at the root path, where only image/upload is")]
    RootTypes(ResourceType, DeliveryType),
}

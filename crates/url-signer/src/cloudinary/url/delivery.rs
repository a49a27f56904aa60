use std::borrow::Cow;
use std::fmt::{self, Write};

use thiserror::Error;
use url::Url;

use super::signature::Signature;
use crate::cloudinary::account::cloud::Cloud;
use crate::cloudinary::asset::Asset;
use crate::cloudinary::path::grammar::{TypesLayout, is_suffix_char};
use crate::cloudinary::path::types::{DeliveryType, ResourceType, SHORT_SEGMENT, suffixed_segment};
use crate::cloudinary::transformation::Transformation;
use crate::format;

/// An unsigned delivery: an asset, a transformation, and the options of one URL.
///
/// [`Cloud::delivery`] creates this type. `Display` writes the unsigned URL, for public
/// assets. [`sign`](Self::sign) and [`authorize`](Self::authorize) create the URLs of
/// restricted assets.
///
/// ```
/// use url_signer::Secret;
/// use url_signer::cloudinary::{Asset, Cloud, Transformation};
///
/// let cloud = Cloud::new("demo", Secret::new("abcd")?)?;
/// let asset = Asset::new("folder/image")?.with_extension("jpg")?;
/// let delivery = cloud.delivery(&asset, Transformation::NONE);
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
    pub(super) cloud: &'a Cloud,
    pub(super) asset: &'a Asset,
    pub(super) transformation: Cow<'a, Transformation>,
    suffix: Option<&'a str>,
    /// The requested layout; [`effective_layout`](Self::effective_layout) depends
    /// on the suffix and the types.
    layout: TypesLayout,
    automatic_version: bool,
    has_signed_version: bool,
}

impl<'a> Delivery<'a> {
    pub(super) fn new(
        cloud: &'a Cloud,
        asset: &'a Asset,
        transformation: Cow<'a, Transformation>,
    ) -> Self {
        let options = &cloud.path_options;
        let layout = match options.root_path {
            true if is_public_image(asset) => TypesLayout::Root,
            _ if options.short_types => TypesLayout::Short,
            _ => TypesLayout::Full,
        };
        Self {
            cloud,
            asset,
            transformation,
            suffix: None,
            layout,
            automatic_version: options.automatic_version,
            has_signed_version: options.signed_version,
        }
    }

    /// Adds a suffix: a readable name after the public id, for people and search
    /// engines.
    /// The suffix is not signed, so anybody can change it.
    ///
    /// # Errors
    ///
    /// - Types other than image/upload, image/private, image/authenticated,
    ///   video/upload and raw/upload.
    /// - An empty suffix.
    /// - A `.`, a `/`, or a character that is not allowed in a URL path.
    /// - A public id `v` and digits without a version: before a suffix, Cloudinary parses
    ///   it as a version.
    pub fn with_suffix(self, suffix: &'a str) -> Result<Self, DeliveryError> {
        let delivery = self.with_any_suffix(suffix)?;
        if delivery.asset.version().is_none() && delivery.asset.is_named_like_version() {
            let public_id = delivery.asset.source().to_owned();
            return Err(DeliveryError::VersionBeforeSuffix(public_id));
        }
        Ok(delivery)
    }

    /// [`with_suffix`](Self::with_suffix), but accepts a public id that is parsed as a
    /// version, as the SDKs do.
    pub(crate) fn with_any_suffix(self, suffix: &'a str) -> Result<Self, DeliveryError> {
        let (resource_type, delivery_type) = self.types();
        if suffixed_segment(resource_type, delivery_type.as_str()).is_none() {
            return Err(DeliveryError::SuffixUnsupported(
                resource_type,
                delivery_type.clone(),
            ));
        }
        if suffix.is_empty() {
            return Err(DeliveryError::EmptySuffix);
        }
        if let Some(char) = suffix.chars().find(|char| !is_suffix_char(*char)) {
            return Err(DeliveryError::SuffixChar {
                suffix: suffix.to_owned(),
                char,
            });
        }
        Ok(Self {
            suffix: Some(suffix),
            ..self
        })
    }

    /// Omits `image/upload` from the path, or `images` from the path of a URL with a
    /// suffix: `demo/sample.jpg`.
    ///
    /// The SDKs call a path without these segments the *root path*, and this option
    /// `use_root_path`.
    ///
    /// # Errors
    ///
    /// - Types other than image/upload.
    pub fn with_root_path(self) -> Result<Self, DeliveryError> {
        if !is_public_image(self.asset) {
            let (resource_type, delivery_type) = self.types();
            return Err(DeliveryError::RootPathUnsupported(
                resource_type,
                delivery_type.clone(),
            ));
        }
        Ok(Self {
            layout: TypesLayout::Root,
            ..self
        })
    }

    /// Shortens `image/upload` to `iu`. Other types, and URLs with a suffix, stay
    /// as they are.
    ///
    /// The SDKs call this option `shorten`.
    #[must_use]
    pub fn with_short_types(mut self) -> Self {
        if self.layout == TypesLayout::Full {
            self.layout = TypesLayout::Short;
        }
        self
    }

    /// Sets whether the URL contains `v1` if the asset has folders but no version. The
    /// version separates the folders from the transformation. The default is `true`.
    ///
    /// The SDKs call this option `force_version`.
    #[must_use]
    pub fn with_automatic_version(self, automatic_version: bool) -> Self {
        Self {
            automatic_version,
            ..self
        }
    }

    /// Sets whether the signature covers the version. The default is `false`.
    ///
    /// Only the SDK for Ruby has this option, and calls it `sign_version`.
    #[must_use]
    pub fn with_signed_version(self, signed_version: bool) -> Self {
        Self {
            has_signed_version: signed_version,
            ..self
        }
    }

    /// Returns the path of the unsigned URL, with its leading `/`.
    #[must_use]
    pub fn path(&self) -> String {
        self.path_with(None)
    }

    pub(super) fn path_with(&self, signature: Option<&Signature>) -> String {
        format::to_string(|f| {
            f.write_char('/')?;
            self.write_path(signature, f)
        })
    }

    /// Returns `v<version>/` if the version is signed.
    pub(super) fn signed_version(&self) -> String {
        if !self.has_signed_version {
            return String::new();
        }
        format::to_string(|f| self.asset.write_version(self.automatic_version, f))
    }

    fn types(&self) -> (ResourceType, &'a DeliveryType) {
        (self.asset.resource_type(), self.asset.delivery_type())
    }

    pub(super) fn effective_layout(&self) -> TypesLayout {
        match self.layout {
            TypesLayout::Root => TypesLayout::Root,
            _ if self.suffix.is_some() => TypesLayout::Suffixed,
            TypesLayout::Short if is_public_image(self.asset) => TypesLayout::Short,
            _ => TypesLayout::Full,
        }
    }

    /// Writes the URL, with or without a signature.
    pub(super) fn write_url(
        &self,
        signature: Option<&Signature>,
        f: &mut impl Write,
    ) -> fmt::Result {
        self.write_origin(f)?;
        f.write_char('/')?;
        self.write_path(signature, f)
    }

    /// Writes the scheme and the host.
    fn write_origin(&self, f: &mut impl Write) -> fmt::Result {
        let hosts = &self.cloud.hosts;
        f.write_str(hosts.scheme())?;
        f.write_str("://")?;
        f.write_str(hosts.for_asset(self.asset, self.suffix).as_str())
    }

    /// The scheme and the host.
    pub(super) fn origin(&self) -> String {
        format::to_string(|f| self.write_origin(f))
    }

    /// Writes the path without its leading `/`.
    fn write_path(&self, signature: Option<&Signature>, f: &mut impl Write) -> fmt::Result {
        self.write_path_prefix(f)?;
        if let Some(signature) = signature {
            write!(f, "s--{signature}--/")?;
        }
        if !self.transformation.is_empty() {
            f.write_str(self.transformation.as_str())?;
            f.write_char('/')?;
        }
        self.write_after_transformation(f)
    }

    /// Writes the URL up to the signature.
    pub(super) fn write_before_signature(&self, f: &mut impl Write) -> fmt::Result {
        self.write_origin(f)?;
        f.write_char('/')?;
        self.write_path_prefix(f)
    }

    /// Writes the cloud name and the types, each with a `/` after it.
    fn write_path_prefix(&self, f: &mut impl Write) -> fmt::Result {
        let (resource_type, delivery_type) = self.types();
        let delivery_type = delivery_type.as_str();
        let types = match self.effective_layout() {
            TypesLayout::Root => [None, None],
            TypesLayout::Suffixed => [suffixed_segment(resource_type, delivery_type), None],
            TypesLayout::Short => [Some(SHORT_SEGMENT), None],
            TypesLayout::Full => [Some(resource_type.as_str()), Some(delivery_type)],
        };
        let segments = [self.cloud.path_name()].into_iter().chain(types);
        segments.flatten().try_for_each(|segment| {
            f.write_str(segment)?;
            f.write_char('/')
        })
    }

    /// Writes the version and the source.
    pub(super) fn write_after_transformation(&self, f: &mut impl Write) -> fmt::Result {
        self.asset.write_version(self.automatic_version, f)?;
        self.asset
            .source_with_suffix(self.suffix)
            .iter()
            .try_for_each(|piece| f.write_str(piece))
    }

    /// `https://<host>/`, or with `http`. Parsing it is not necessary.
    pub(super) fn base_url(&self) -> Url {
        let hosts = &self.cloud.hosts;
        let mut url = hosts.for_asset(self.asset, self.suffix).base_url().clone();
        // Changing between `http` and `https` never fails.
        let _ = url.set_scheme(hosts.scheme());
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
        let mut url = delivery.base_url();
        url.set_path(&delivery.path());
        url
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Delivery<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// An error setting an option of a [`Delivery`].
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeliveryError {
    /// A suffix, for an asset whose resource type and delivery type do not support
    /// one.
    #[error(
        "{0}/{1} does not support a URL suffix; image/upload, image/private, image/authenticated, video/upload and raw/upload do"
    )]
    SuffixUnsupported(ResourceType, DeliveryType),
    /// An empty suffix.
    #[error("URL suffix is empty")]
    EmptySuffix,
    /// A suffix with an invalid character.
    #[error("unexpected {char:?} in URL suffix `{}`", suffix.escape_debug())]
    SuffixChar {
        /// The suffix.
        suffix: String,
        /// Its first invalid character.
        char: char,
    },
    /// A suffix for a public id `v` and digits without a version.
    #[error(
        "public id `{0}` before a URL suffix is parsed as a version; set the version of the asset"
    )]
    VersionBeforeSuffix(String),
    /// A [root path](Delivery::with_root_path), for an asset whose resource type and
    /// delivery type do not support it.
    #[error("{0}/{1} does not support the root path; only image/upload does")]
    RootPathUnsupported(ResourceType, DeliveryType),
}

use image_model::{Image, Urls};
use url_signer::cloudinary::{Asset, Cloud, SignedUrl, Transformation};
use url_signer::{ProxySigner, ThumbnailName, ThumbnailSigner};

use crate::direct::compiled::{CompiledDelivery, CompiledRendition, CompiledRenditions};
use crate::edit::Edit;
use crate::prefix::UrlPrefix;
use crate::renditions::{Rendition, reference_renditions};
use crate::url_facts::UrlFacts;

/// A signer for the eleven URLs of images.
///
/// Create one signer and reuse it: the constructor precomputes everything that does
/// not depend on the image. Signing cannot fail.
///
/// ```
/// use sync_payload::ImageSigner;
/// use url_signer::cloudinary::Asset;
/// use url_signer::{Authority, ProxySigner, Secret, ThumbnailSigner};
///
/// let signer = ImageSigner::new(
///     "cloudinary://key:abcd@demo".parse()?,
///     ProxySigner::new(
///         Authority::new("proxy.example.org")?,
///         Authority::new("app.example.org")?,
///         Secret::new("proxy key")?,
///     ),
///     ThumbnailSigner::new(Secret::new("thumbnail key")?),
/// );
///
/// // The first image of the recorded payload, and its asset.
/// let recorded = include_str!("../tests/data/response_body.wire.json");
/// let image = image_model::from_str(recorded)?.remove(0);
/// let asset = Asset::authenticated("0b7e148bbd7c")?
///     .with_version(123_123)
///     .with_extension("jpg")?;
/// assert_eq!(
///     signer.sign(image, &asset).original_url.to_string(),
///     "https://res.cloudinary.com/demo/image/authenticated/s--RZmY6pna--/fl_attachment/v123123/0b7e148bbd7c.jpg",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ImageSigner {
    pub(crate) cloud: Cloud,
    pub(crate) proxy: ProxySigner,
    pub(crate) thumbnails: ThumbnailSigner,
    pub(crate) prefix: UrlPrefix,
    pub(crate) placeholder: Asset,
    pub(crate) renditions: CompiledRenditions,
}

impl ImageSigner {
    /// Creates a signer with the [`reference_renditions`] and without a prefix.
    #[must_use]
    pub fn new(cloud: Cloud, proxy: ProxySigner, thumbnails: ThumbnailSigner) -> Self {
        Self {
            renditions: CompiledRenditions::new(&cloud, reference_renditions()),
            cloud,
            proxy,
            thumbnails,
            prefix: UrlPrefix::default(),
            placeholder: raw_placeholder(),
        }
    }

    /// Sets the prefix of delivery URLs.
    ///
    /// A delivery URL starts with the prefix if its rendition is
    /// [`prefixed`](crate::DeliveryRendition::prefixed). The URLs of the placeholder
    /// have no prefix.
    #[must_use]
    pub fn with_prefix(self, prefix: UrlPrefix) -> Self {
        Self { prefix, ..self }
    }

    /// Sets the renditions of the eleven URLs.
    #[must_use]
    pub fn with_renditions(mut self, renditions: Urls<Rendition>) -> Self {
        self.renditions = CompiledRenditions::new(&self.cloud, renditions);
        self
    }

    /// Sets the placeholder: the asset that the delivery URLs deliver while the file of
    /// an image is pending.
    ///
    /// The default is the recorded placeholder, the authenticated image
    /// `raw_placeholder.jpg`.
    #[must_use]
    pub fn with_placeholder(self, placeholder: Asset) -> Self {
        Self {
            placeholder,
            ..self
        }
    }

    /// Returns the delivery URL that a thumbnail request is redirected to.
    ///
    /// A proxy URL contains a second URL: the URL of the thumbnail at the host. A
    /// request for this second URL is a thumbnail request.
    /// [`ThumbnailRequest::parse`](url_signer::ThumbnailRequest::parse) parses the path
    /// of a thumbnail request.
    ///
    /// The returned URL has no prefix. If `asset` is `None`, the file is pending, and the
    /// URL delivers the placeholder. `name` selects the rendition, as in the table below.
    /// Returns `None` if this rendition is [`Rendition::Proxy`].
    ///
    /// | `name` | rendition |
    /// |---|---|
    /// | `Mini` | `thumbnails.mini` |
    /// | `Thumbnail` | `thumbnails.large` |
    /// | `Full` | `thumbnails.full` |
    /// | `Original` | `thumbnails.original` |
    ///
    /// ```
    /// use image_model::Image;
    /// use sync_payload::ImageSigner;
    /// use sync_payload::response::{Response, ResponseMeta};
    /// use url_signer::ThumbnailName;
    /// use url_signer::cloudinary::Asset;
    ///
    /// fn respond(
    ///     meta: ResponseMeta,
    ///     signer: &ImageSigner,
    ///     image: &Image,
    ///     asset: &Asset,
    ///     name: ThumbnailName,
    /// ) -> Response {
    ///     match signer.thumbnail(image, asset, name) {
    ///         Some(url) => Response::redirect(meta, &url),
    ///         None => Response::not_found(meta),
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn thumbnail<'a, U>(
        &'a self,
        image: &Image<U>,
        asset: impl Into<Option<&'a Asset>>,
        name: ThumbnailName,
    ) -> Option<SignedUrl<'a>> {
        let thumbnails = &self.renditions.urls().thumbnails;
        let rendition = match name {
            ThumbnailName::Mini => &thumbnails.mini,
            ThumbnailName::Thumbnail => &thumbnails.large,
            ThumbnailName::Full => &thumbnails.full,
            ThumbnailName::Original => &thumbnails.original,
        };
        match rendition {
            CompiledRendition::Delivery(compiled) => {
                let asset = asset.into().unwrap_or(&self.placeholder);
                Some(self.delivery(compiled, &Edit::of(&UrlFacts::of(image)), asset))
            }
            CompiledRendition::Proxy(_) => None,
        }
    }

    fn delivery<'a>(
        &'a self,
        compiled: &'a CompiledDelivery,
        edit: &Edit,
        asset: &'a Asset,
    ) -> SignedUrl<'a> {
        let steps = &compiled.delivery.steps;
        if edit.changes(steps) {
            let steps = edit.applied_to(steps, Transformation::new());
            self.cloud.sign(asset, steps)
        } else {
            self.cloud.sign_compiled(asset, &compiled.unedited)
        }
    }
}

/// Returns the asset that the recorded host delivers while a file is pending.
#[expect(
    clippy::expect_used,
    reason = "the arguments are constant, and the tests sign this asset"
)]
fn raw_placeholder() -> Asset {
    Asset::authenticated("raw_placeholder")
        .and_then(|asset| asset.with_extension("jpg"))
        .expect("a valid public id and extension")
}

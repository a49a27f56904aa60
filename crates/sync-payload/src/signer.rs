use image_model::{Image, Unsigned, Urls};
use url_signer::cloudinary::{Asset, Cloud, SignedUrl, Transformation};
use url_signer::{ProxyFileName, ProxySigner, ThumbnailName, ThumbnailSigner};

use crate::image_url::Kind;
use crate::prepared::{Prepared, PreparedDelivery, Table};
use crate::renditions::Edit;
use crate::{ImageUrl, Rendition, UrlPrefix, reference_renditions};

/// Signs the eleven URLs of images.
///
/// Made once, with all that can be prepared prepared, and used for every
/// image; signing can't fail.
///
/// ```
/// use sync_payload::{ImageSigner, UrlPrefix, WireStyle, to_vec};
/// use url_signer::cloudinary::{Asset, Cloud, DeliveryType};
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
/// let recorded = include_str!("../tests/data/response_body.wire.json");
/// let image = image_model::from_str(recorded)?.remove(0);
/// let asset = Asset::new("0b7e148bbd7c")?
///     .with_delivery_type(DeliveryType::Authenticated)?
///     .with_version(123_123)
///     .with_extension("jpg")?;
/// let signed = signer.sign(image, &asset);
/// assert_eq!(
///     signed.original_url.to_string(),
///     "https://res.cloudinary.com/demo/image/authenticated/s--RZmY6pna--/fl_attachment/v123123/0b7e148bbd7c.jpg",
/// );
/// let body = to_vec([signed], WireStyle::Rails)?;
/// assert!(body.starts_with(br#"[{"id":"14364f29-c30d-4bbb-992c-19e6031244f7","#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ImageSigner {
    pub(crate) cloud: Cloud,
    pub(crate) proxy: ProxySigner,
    pub(crate) thumbnails: ThumbnailSigner,
    pub(crate) prefix: UrlPrefix,
    pub(crate) placeholder: Asset,
    pub(crate) table: Table,
}

impl ImageSigner {
    /// A signer for the documented table, without a prefix.
    #[must_use]
    pub fn new(cloud: Cloud, proxy: ProxySigner, thumbnails: ThumbnailSigner) -> Self {
        Self {
            table: Table::new(&cloud, reference_renditions()),
            cloud,
            proxy,
            thumbnails,
            prefix: UrlPrefix::default(),
            placeholder: Asset::raw_placeholder(),
        }
    }

    /// The same signer with a prefix before the delivery URLs that take one,
    /// unless they are of the placeholder.
    #[must_use]
    pub fn with_prefix(self, prefix: UrlPrefix) -> Self {
        Self { prefix, ..self }
    }

    /// The same signer with another table of the eleven URLs.
    #[must_use]
    pub fn with_renditions(mut self, renditions: Urls<Rendition>) -> Self {
        self.table = Table::new(&self.cloud, renditions);
        self
    }

    /// The same signer with another asset to deliver while an image's own is
    /// not at the provider yet.
    #[must_use]
    pub fn with_placeholder(self, placeholder: Asset) -> Self {
        Self {
            placeholder,
            ..self
        }
    }

    /// Signs the eleven URLs of an image whose file is this asset, or `None`
    /// while its file is not at the provider yet.
    ///
    /// Crop and rotation are the image's own. The proxy URLs name the file by
    /// the image's `filename` and `format`: `image` and `jpg` where it has none.
    ///
    /// While there is no asset, the placeholder is delivered, without a prefix
    /// and through the same steps, and `original_url` is the proxy's URL of
    /// the thumbnail `original`.
    ///
    /// The URLs are printed when the image is written, and borrow the asset
    /// until then. A host that makes its assets one by one writes as it goes:
    ///
    /// ```
    /// # use image_model::{Image, Unsigned};
    /// # use sync_payload::{ImageSigner, PayloadEncoder, WireStyle};
    /// # use url_signer::cloudinary::{Asset, DeliveryType};
    /// fn body(
    ///     signer: &ImageSigner,
    ///     rows: Vec<(Image<Unsigned>, &str)>,
    /// ) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    ///     let mut encoder = PayloadEncoder::new(WireStyle::Rails);
    ///     for (image, file) in rows {
    ///         let asset = Asset::new(file)?.with_delivery_type(DeliveryType::Authenticated)?;
    ///         encoder.push(&signer.sign(image, &asset))?;
    ///     }
    ///     Ok(encoder.finish())
    /// }
    /// ```
    #[must_use]
    pub fn sign<'a>(
        &'a self,
        image: Image<Unsigned>,
        asset: impl Into<Option<&'a Asset>>,
    ) -> Image<ImageUrl<'a>> {
        let urls = self.urls(&image, asset.into());
        image.with_urls(urls)
    }

    /// The delivery URL to which a host redirects who asks for a thumbnail of
    /// an image, without a prefix; `None` if the table has no delivery URL for
    /// that thumbnail.
    ///
    /// `mini` and `full` are the `thumbnails` of these names, `thumbnail` is
    /// `large`, and `original` is `original`.
    #[must_use]
    pub fn thumbnail<'a, U>(
        &'a self,
        image: &Image<U>,
        asset: impl Into<Option<&'a Asset>>,
        name: ThumbnailName,
    ) -> Option<SignedUrl<'a>> {
        let thumbnails = &self.table.renditions().thumbnails;
        let rendition = match name {
            ThumbnailName::Mini => &thumbnails.mini,
            ThumbnailName::Thumbnail => &thumbnails.large,
            ThumbnailName::Full => &thumbnails.full,
            ThumbnailName::Original => &thumbnails.original,
        };
        match rendition {
            Prepared::Delivery(prepared) => {
                let asset = asset.into().unwrap_or(&self.placeholder);
                Some(self.delivery(prepared, &Edit::of(image), asset))
            }
            Prepared::Proxy(_) => None,
        }
    }

    fn urls<'a>(&'a self, image: &Image<Unsigned>, asset: Option<&'a Asset>) -> Urls<ImageUrl<'a>> {
        let edit = Edit::of(image);
        let (name, format) = file_name(image);
        let file_name = ProxyFileName::new(name, format);
        let proxy = |thumbnail| {
            let path = self.thumbnails.sign(image.id, thumbnail);
            Kind::Proxy(self.proxy.sign(file_name.clone(), path))
        };
        self.table.renditions().as_ref().map(|rendition| {
            ImageUrl(match rendition {
                Prepared::Proxy(thumbnail) => proxy(*thumbnail),
                Prepared::Delivery(prepared) => match prepared.pending_thumbnail(asset.is_none()) {
                    Some(thumbnail) => proxy(thumbnail),
                    None => Kind::Delivery {
                        prefix: match asset {
                            Some(_) if prepared.delivery.prefixed => self.prefix.as_str(),
                            _ => "",
                        },
                        url: self.delivery(prepared, &edit, asset.unwrap_or(&self.placeholder)),
                    },
                },
            })
        })
    }

    fn delivery<'a>(
        &'a self,
        prepared: &'a PreparedDelivery,
        edit: &Edit,
        asset: &'a Asset,
    ) -> SignedUrl<'a> {
        let steps = &prepared.delivery.steps;
        if edit.changes(steps) {
            let steps = edit.applied_to(steps, Transformation::new());
            self.cloud.sign(asset, steps)
        } else {
            self.cloud.sign_compiled(asset, &prepared.unedited)
        }
    }
}

/// The name and the format of an image's file, as far as it has any.
pub(crate) fn file_name(image: &Image<Unsigned>) -> (&str, &str) {
    (
        image.filename.as_deref().unwrap_or_default(),
        image.format.as_deref().unwrap_or_default(),
    )
}

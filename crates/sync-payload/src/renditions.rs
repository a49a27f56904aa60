use image_model::{ExternalUrls, Thumbnails, Urls};
use url_signer::ThumbnailName;
use url_signer::cloudinary::{Flag, Size, Transformation};

/// The definition of one of the eleven URLs: its kind and its transformation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rendition {
    /// Defines a delivery URL.
    Delivery(DeliveryRendition),
    /// Defines the proxy URL of a thumbnail.
    Proxy(ThumbnailName),
}

impl From<DeliveryRendition> for Rendition {
    fn from(delivery: DeliveryRendition) -> Self {
        Self::Delivery(delivery)
    }
}

/// The definition of a delivery URL.
///
/// While the file of the image is pending, that is, not uploaded yet, the URL delivers
/// a placeholder. If the rendition has a `pending_thumbnail`, a proxy URL replaces the
/// delivery URL instead.
///
/// ```
/// use sync_payload::{DeliveryRendition, EditStep, Rendition};
/// use url_signer::ThumbnailName;
/// use url_signer::cloudinary::{Size, Transformation};
///
/// let small = Transformation::new().fill(Size::new(100, 100));
/// let steps = [EditStep::Crop, EditStep::Rotate, EditStep::Fixed(small)];
/// let delivery = DeliveryRendition::new(steps)
///     .with_prefix()
///     .with_pending_thumbnail(ThumbnailName::Mini);
/// let rendition = Rendition::from(delivery);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeliveryRendition {
    /// The steps of the transformation, in the order in which they are applied.
    pub steps: Vec<EditStep>,
    /// True if the URL starts with the prefix of the signer. The URL of the
    /// placeholder never has a prefix.
    pub prefixed: bool,
    /// The thumbnail whose proxy URL replaces the delivery URL while the file is
    /// pending.
    ///
    /// If `None`, the delivery URL delivers the signer's placeholder instead of the
    /// file, transformed by `steps`.
    pub pending_thumbnail: Option<ThumbnailName>,
}

impl DeliveryRendition {
    /// Creates a rendition without a prefix and without a pending thumbnail.
    #[must_use]
    pub fn new(steps: impl Into<Vec<EditStep>>) -> Self {
        Self {
            steps: steps.into(),
            prefixed: false,
            pending_thumbnail: None,
        }
    }

    /// Starts the URL with the prefix of the signer.
    #[must_use]
    pub fn with_prefix(self) -> Self {
        Self {
            prefixed: true,
            ..self
        }
    }

    /// Uses the proxy URL of a thumbnail while the file is pending.
    #[must_use]
    pub fn with_pending_thumbnail(self, thumbnail: ThumbnailName) -> Self {
        Self {
            pending_thumbnail: Some(thumbnail),
            ..self
        }
    }
}

/// A step in the transformation of a [`DeliveryRendition`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EditStep {
    /// Applies the crop of the image. Omitted if the image is not cropped.
    Crop,
    /// Applies the rotation of the image. Omitted if the image is not rotated.
    Rotate,
    /// Applies this transformation, which does not depend on the image.
    Fixed(Transformation),
}

/// Returns the renditions of the recorded exchange.
///
/// To use different renditions, change some of the returned renditions or define all
/// eleven. Then pass them to
/// [`ImageSigner::with_renditions`](crate::ImageSigner::with_renditions).
///
/// ```
/// use sync_payload::{DeliveryRendition, EditStep, reference_renditions};
/// use url_signer::cloudinary::{Size, Transformation};
///
/// let mut renditions = reference_renditions();
/// let small = Transformation::new().fill(Size::new(100, 100));
/// let steps = [EditStep::Crop, EditStep::Rotate, EditStep::Fixed(small)];
/// renditions.external_urls.fill100 = DeliveryRendition::new(steps).with_prefix().into();
/// ```
#[must_use]
pub fn reference_renditions() -> Urls<Rendition> {
    let steps = Transformation::new;
    let fit_1920 = || steps().fit(Size::new(1920, 1920));
    let page = || steps().flags(&[Flag::ATTACHMENT]).automatic();
    let square = |pixels| steps().fill(Size::new(pixels, pixels)).then(&page());

    let attachment = EditStep::Fixed(steps().flags(&[Flag::ATTACHMENT]));
    Urls {
        original_url: DeliveryRendition::new([attachment])
            .with_pending_thumbnail(ThumbnailName::Original)
            .into(),
        external_urls: ExternalUrls {
            fill100: edited_before(steps().fit(Size::width(300))),
            fit2000: edited_before(steps().fit(Size::new(2000, 2000))),
            mini: Rendition::Proxy(ThumbnailName::Mini),
            large: Rendition::Proxy(ThumbnailName::Thumbnail),
            full: Rendition::Proxy(ThumbnailName::Full),
        },
        thumbnails: Thumbnails {
            original: prefixed([EditStep::Fixed(page())]),
            full_no_sharinpix: prefixed([EditStep::Fixed(fit_1920().then(&page()))]),
            full: rotated_between(fit_1920(), page()),
            large: rotated_between(fit_1920(), square(200)),
            mini: rotated_between(fit_1920(), square(100)),
        },
    }
}

fn edited_before(fixed: Transformation) -> Rendition {
    prefixed([EditStep::Crop, EditStep::Rotate, EditStep::Fixed(fixed)])
}

fn rotated_between(fit: Transformation, after: Transformation) -> Rendition {
    prefixed([
        EditStep::Crop,
        EditStep::Fixed(fit),
        EditStep::Rotate,
        EditStep::Fixed(after),
    ])
}

fn prefixed<const N: usize>(steps: [EditStep; N]) -> Rendition {
    DeliveryRendition::new(steps).with_prefix().into()
}

//! The table of the eleven URLs, as data.

use std::mem;

use image_model::{ExternalUrls, Image, Thumbnails, Urls};
use url_signer::ThumbnailName;
use url_signer::cloudinary::{Flag, Number, Size, Transformation};

/// How one of the eleven URLs is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rendition {
    /// A delivery URL of the provider.
    Delivery(Delivery),
    /// The proxy's URL of a thumbnail.
    Proxy(ThumbnailName),
}

/// A delivery URL through some steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// What is done to the image, in this order.
    pub steps: Vec<Step>,
    /// Whether the host's prefix stands before the URL, unless the URL is of
    /// the placeholder.
    pub prefixed: bool,
    /// While the file is not at the provider yet: the proxy's URL of this
    /// thumbnail, or if `None` the placeholder delivered through the same steps.
    pub pending_thumbnail: Option<ThumbnailName>,
}

/// A step of a [`Delivery`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The image's crop, if it is cropped.
    Crop,
    /// The image's rotation, if it is turned.
    Rotate,
    /// The same steps for every image.
    Fixed(Transformation),
}

/// The documented table.
///
/// A host with a table of its own starts from this one, or writes all eleven:
///
/// ```
/// use sync_payload::{Rendition, Step, reference_renditions};
/// use url_signer::cloudinary::{Size, Transformation};
///
/// let mut renditions = reference_renditions();
/// if let Rendition::Delivery(delivery) = &mut renditions.external_urls.fill100 {
///     let small = Transformation::new().fill(Size::new(100, 100));
///     delivery.steps = vec![Step::Crop, Step::Rotate, Step::Fixed(small)];
/// }
/// ```
#[must_use]
pub fn reference_renditions() -> Urls<Rendition> {
    let steps = Transformation::new;
    let fit_1920 = || steps().fit(Size::new(1920, 1920));
    let page = || steps().flags(&[Flag::ATTACHMENT]).automatic();
    let square = |pixels| steps().fill(Size::new(pixels, pixels)).then(&page());

    Urls {
        original_url: Rendition::Delivery(Delivery {
            steps: vec![Step::Fixed(steps().flags(&[Flag::ATTACHMENT]))],
            prefixed: false,
            pending_thumbnail: Some(ThumbnailName::Original),
        }),
        external_urls: ExternalUrls {
            fill100: edited_then(steps().fit(Size::width(300))),
            fit2000: edited_then(steps().fit(Size::new(2000, 2000))),
            mini: Rendition::Proxy(ThumbnailName::Mini),
            large: Rendition::Proxy(ThumbnailName::Thumbnail),
            full: Rendition::Proxy(ThumbnailName::Full),
        },
        thumbnails: Thumbnails {
            original: prefixed(vec![Step::Fixed(page())]),
            full_no_sharinpix: prefixed(vec![Step::Fixed(fit_1920().then(&page()))]),
            full: turned_within(fit_1920(), page()),
            large: turned_within(fit_1920(), square(200)),
            mini: turned_within(fit_1920(), square(100)),
        },
    }
}

fn edited_then(fixed: Transformation) -> Rendition {
    prefixed(vec![Step::Crop, Step::Rotate, Step::Fixed(fixed)])
}

fn turned_within(fit: Transformation, after: Transformation) -> Rendition {
    prefixed(vec![
        Step::Crop,
        Step::Fixed(fit),
        Step::Rotate,
        Step::Fixed(after),
    ])
}

fn prefixed(steps: Vec<Step>) -> Rendition {
    Rendition::Delivery(Delivery {
        steps,
        prefixed: true,
        pending_thumbnail: None,
    })
}

/// What was done to an image at the host, as steps.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edit {
    crop: Transformation,
    turn: Transformation,
}

impl Edit {
    pub(crate) fn of<U>(image: &Image<U>) -> Self {
        let mut edit = Self::default();
        edit.set(image);
        edit
    }

    /// The edit of another image, in the same memory.
    pub(crate) fn set<U>(&mut self, image: &Image<U>) {
        self.crop.clear();
        let crop = image.crop();
        if !crop.is_full() {
            let [x, y, w, h] =
                [crop.x, crop.y, crop.w, crop.h].map(|pixels| Number::clamped(pixels.get()));
            self.crop = mem::take(&mut self.crop).crop(x, y, w, h);
        }
        self.turn.clear();
        if !image.rotation.is_zero() {
            self.turn = mem::take(&mut self.turn).angle(image.rotation.degrees());
        }
    }

    pub(crate) const fn is_none(&self) -> bool {
        self.crop.is_empty() && self.turn.is_empty()
    }

    /// Whether any of the steps is about this edit.
    pub(crate) fn changes(&self, steps: &[Step]) -> bool {
        steps.iter().any(|step| match step {
            Step::Crop => !self.crop.is_empty(),
            Step::Rotate => !self.turn.is_empty(),
            Step::Fixed(_) => false,
        })
    }

    /// The steps with this edit in them, after those that are there.
    pub(crate) fn applied_to(&self, steps: &[Step], before: Transformation) -> Transformation {
        steps.iter().fold(before, |done, step| match step {
            Step::Crop => done.then(&self.crop),
            Step::Rotate => done.then(&self.turn),
            Step::Fixed(fixed) => done.then(fixed),
        })
    }
}

//! The eleven URLs of an image, each signed separately by `url_signer`.

use image_model::{Image, Unsigned, Urls};
use sync_payload::{DeliveryRendition, EditStep, ImageSigner, Rendition, UrlPrefix};
use url_signer::cloudinary::{Asset, Cloud, Number, Transformation};
use url_signer::{ProxyFileName, ProxySigner, ThumbnailSigner};

/// The settings of an `ImageSigner`.
pub(crate) struct Settings {
    pub(crate) cloud: Cloud,
    pub(crate) proxy: ProxySigner,
    pub(crate) thumbnails: ThumbnailSigner,
    pub(crate) prefix: String,
    pub(crate) placeholder: Asset,
    pub(crate) renditions: Urls<Rendition>,
}

impl Settings {
    pub(crate) fn signer(&self) -> ImageSigner {
        let (cloud, proxy) = (self.cloud.clone(), self.proxy.clone());
        ImageSigner::new(cloud, proxy, self.thumbnails.clone())
            .with_prefix(UrlPrefix::new(&*self.prefix).unwrap())
            .with_placeholder(self.placeholder.clone())
            .with_renditions(self.renditions.clone())
    }

    pub(crate) fn urls(&self, image: &Image<Unsigned>, asset: Option<&Asset>) -> Urls {
        let proxy = |name| {
            let file_name = ProxyFileName::new(
                image.filename.as_deref().unwrap_or(""),
                image.format.as_deref().unwrap_or(""),
            );
            let path = self.thumbnails.sign(image.id, name);
            self.proxy.sign(file_name, path).to_string()
        };
        self.renditions.as_ref().map(|rendition| match rendition {
            Rendition::Delivery(delivery) => match (asset, delivery.pending_thumbnail) {
                (Some(asset), _) => {
                    let prefix = if delivery.prefixed { &*self.prefix } else { "" };
                    let url = self.cloud.sign(asset, steps(delivery, image));
                    format!("{prefix}{url}")
                }
                (None, Some(name)) => proxy(name),
                (None, None) => self
                    .cloud
                    .sign(&self.placeholder, steps(delivery, image))
                    .to_string(),
            },
            Rendition::Proxy(name) => proxy(*name),
            other => panic!("unknown rendition {other:?}"),
        })
    }
}

fn steps(delivery: &DeliveryRendition, image: &Image<Unsigned>) -> Transformation {
    let crop = image.crop();
    let [x, y, w, h] = [crop.x, crop.y, crop.w, crop.h].map(|pixels| Number::clamped(pixels.get()));
    delivery
        .steps
        .iter()
        .fold(Transformation::new(), |steps, step| match step {
            EditStep::Crop if crop.is_full() => steps,
            EditStep::Crop => steps.crop(x, y, w, h),
            EditStep::Rotate if image.rotation.is_zero() => steps,
            EditStep::Rotate => steps.angle(image.rotation.degrees()),
            EditStep::Fixed(fixed) => steps.then(fixed),
            other => panic!("unknown step {other:?}"),
        })
}

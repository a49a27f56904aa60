//! The eleven pictures of an image.

use maud::{Markup, html};
use url_signer::cloudinary::{Asset, DeliveryUrl};

use crate::gallery::GallerySettings;
use crate::images::Entry;

/// One of the eleven URLs.
pub(crate) struct Picture {
    pub(crate) key: &'static str,
    pub(crate) url: String,
    is_proxy: bool,
    /// The transformation of the delivery URL. For a proxy URL, that of its redirect target.
    transformation: String,
}

impl Picture {
    /// Renders the picture. The script reads its status, which needs CORS.
    fn img(&self, name: &str) -> Markup {
        html! {
            img src=(self.url) alt={ (name) ", " (self.key) } crossorigin="anonymous" loading="lazy" decoding="async";
        }
    }
}

/// Returns the eleven URLs of an image, in the recorded order.
pub(crate) fn pictures(settings: &GallerySettings, entry: &Entry) -> Vec<Picture> {
    let signed = settings
        .signer
        .sign(entry.image.clone(), entry.asset.as_ref());
    let keys = image_model::Urls::paths();
    let mut pictures = Vec::with_capacity(11);
    let mut push = |key, url: String| {
        // The delivery URL to which a proxy URL redirects.
        let target = settings
            .thumbnail(&url)
            .and_then(|thumbnail| settings.delivery_url(entry, thumbnail.name));
        pictures.push(Picture {
            key,
            is_proxy: target.is_some(),
            transformation: transformation(
                target.as_deref().unwrap_or(&url),
                &settings.cloud_name,
                entry.asset.as_ref(),
            ),
            url,
        });
    };
    let (external, thumbnails) = (signed.external_urls, signed.thumbnails);
    push(keys.original_url, signed.original_url);
    push(keys.external_urls.fill100, external.fill100);
    push(keys.external_urls.fit2000, external.fit2000);
    push(keys.external_urls.mini, external.mini);
    push(keys.external_urls.large, external.large);
    push(keys.external_urls.full, external.full);
    push(keys.thumbnails.original, thumbnails.original);
    push(
        keys.thumbnails.full_no_sharinpix,
        thumbnails.full_no_sharinpix,
    );
    push(keys.thumbnails.full, thumbnails.full);
    push(keys.thumbnails.large, thumbnails.large);
    push(keys.thumbnails.mini, thumbnails.mini);
    pictures
}

fn transformation(url: &str, cloud: &str, asset: Option<&Asset>) -> String {
    let parsed = DeliveryUrl::parse(url).and_then(|url| url.with_cloud_name(cloud));
    let Ok(parsed) = parsed else {
        return String::new();
    };
    let delivery = asset
        .and_then(|asset| parsed.interpret_as(asset))
        .unwrap_or(parsed);
    delivery.transformation().to_owned()
}

/// Renders the pictures side by side.
pub(crate) fn section(entry: &Entry, pictures: &[Picture]) -> Markup {
    let name = entry.name();
    let is_pending = entry.asset.is_none();
    html! {
        section aria-labelledby="pictures" {
            h2 id="pictures" { "Pictures" }
            p.lead {
                "The eleven signed URLs of this image. A proxy URL redirects to a delivery URL."
            }
            ul.pictures {
                @for (number, picture) in pictures.iter().enumerate() {
                    li { (figure(&name, number, picture, is_pending)) }
                }
            }
        }
    }
}

fn figure(name: &str, number: usize, picture: &Picture, is_pending: bool) -> Markup {
    let id = format!("url-{}", number + 1);
    html! {
        figure.picture {
            div.frame {
                @if is_pending {
                    span.absent { "Not uploaded yet" }
                } @else {
                    (picture.img(name))
                }
            }
            figcaption {
                h3 { (picture.key) }
                p.kind {
                    @if picture.is_proxy { "Proxy URL" } @else { "Delivery URL" }
                    span data-size {}
                }
                p.steps {
                    span.hidden { "Transformation: " }
                    code {
                        @for part in picture.transformation.split_inclusive(['/', ',']) { (part) wbr; }
                    }
                }
                details {
                    summary { "URL" span.hidden { " of " (picture.key) } }
                    p.url { code id=(id) { (picture.url) } }
                }
                p.actions data-copy=(id) {
                    a.button href=(picture.url) {
                        "Open" span.hidden { " " (picture.key) }
                    }
                }
            }
        }
    }
}

//! The settings of the URLs on the pages and in the JSON.

use image_model::{Image, Timestamp};
use maud::{Markup, html};
use sync_payload::ImageSigner;
use url_signer::cloudinary::{Asset, DeliveryUrl};
use uuid::Uuid;

use crate::gallery::GallerySettings;

/// The settings that the URLs of a signer show.
struct UrlSettings {
    /// The scheme and the host of delivery URLs.
    delivery: String,
    /// The text before delivery URLs.
    prefix: String,
    /// The scheme and the host of proxy URLs.
    proxy: String,
}

impl UrlSettings {
    /// Reads the settings from the URLs of an image.
    fn of(signer: &ImageSigner) -> Option<Self> {
        let image = Image::new(Uuid::nil(), Timestamp::from_unix_seconds(0).ok()?);
        let asset = Asset::authenticated("id").ok()?.with_version(1);
        let image = signer.sign(image, &asset);
        let url = DeliveryUrl::parse(&image.original_url).ok()?;
        let scheme = if url.is_secure() { "https" } else { "http" };
        let delivery = format!("{scheme}://{}", url.authority());
        let (prefix, _) = image.thumbnails.original.rsplit_once(&delivery)?;
        let (scheme, rest) = image.external_urls.mini.split_once("://")?;
        let (host, _) = rest.split_once('/')?;
        Some(Self {
            prefix: prefix.to_owned(),
            proxy: format!("{scheme}://{host}"),
            delivery,
        })
    }

    fn rows(self) -> [(&'static str, String); 3] {
        [
            ("Delivery URLs", self.delivery),
            ("Prefix", self.prefix),
            ("Proxy URLs", self.proxy),
        ]
    }
}

/// Renders the settings of both signers.
pub(crate) fn section(settings: &GallerySettings) -> Markup {
    let signers = [&settings.signer, &settings.json_signer];
    let [page, json] = signers.map(|signer| UrlSettings::of(signer).map(UrlSettings::rows));
    html! {
        section.settings aria-labelledby="settings" {
            h2 id="settings" { "Settings of the URLs" }
            p { "All URLs are signed with the keys of the cloud " code { (settings.cloud_name) } "." }
            @if let Some((page, json)) = page.zip(json) {
                table {
                    thead {
                        tr {
                            td {}
                            th scope="col" { "On this page" }
                            th scope="col" { "In the JSON and the API" }
                        }
                    }
                    tbody {
                        @for ((name, page), (_, json)) in page.into_iter().zip(json) {
                            tr {
                                th scope="row" { (name) }
                                // A narrow page shows the name of the column in each cell.
                                td data-column="On this page" { (setting(&page)) }
                                td data-column="In the JSON and the API" { (setting(&json)) }
                            }
                        }
                    }
                }
            }
            @if let Some(note) = &settings.note { p { (note) } }
        }
    }
}

fn setting(value: &str) -> Markup {
    html! {
        @if value.is_empty() { "none" } @else { code { (value) } }
    }
}

//! The page of an image.

use maud::{Markup, html};
use sync_payload::{PayloadEncoder, WireStyle};

use crate::gallery::GallerySettings;
use crate::images::Entry;
use crate::{crop_overlay, facts, location, page, pictures};

/// Renders the page of an image.
pub(crate) fn render(settings: &GallerySettings, entry: &Entry) -> Markup {
    let image = &entry.image;
    let name = entry.name();
    let pictures = pictures::pictures(settings, entry);
    let content = html! {
        nav aria-label="Breadcrumb" { a.back href="/" { "All images" } }
        h1 { (name) }
        p.summary {
            @if let Some(format) = &image.format { (format.to_uppercase()) }
            @if let Some((width, height)) = image.width.zip(image.height) {
                " · " (width) " × " (height) " pixels"
            }
            @if let Some(size) = image.size { " · " (facts::grouped(size.get())) " bytes" }
        }
        section.tagged aria-labelledby="tags" {
            h2 id="tags" { "Tags" }
            @if image.tag_names.is_empty() {
                p.empty { "None." }
            } @else {
                ul.tags { @for tag in &image.tag_names { li.tag { (tag) } } }
            }
        }
        div.columns {
            div {
                (pictures::section(entry, &pictures))
                (crop_overlay::section(entry, &pictures))
                div.groups {
                    (location::section(image))
                    (facts::sections(entry))
                }
            }
            section.json aria-labelledby="json" {
                div.heading {
                    h2 id="json" { "JSON" }
                    p.actions data-copy="payload" {}
                }
                p.lead {
                    "The image as " code { "GET /api/v1/image_syncs" } " returns it now. "
                    "Its URLs have the settings of the API, and so they differ from those of the pictures."
                }
                pre tabindex="0" role="region" aria-label="Payload" { code id="payload" { (json(settings, entry)) } }
            }
        }
    };
    page::page(settings, &format!("{name} – Gallery"), &content)
}

/// Returns the payload of the image.
fn json(settings: &GallerySettings, entry: &Entry) -> String {
    let mut encoder = PayloadEncoder::pretty(WireStyle::Rails);
    encoder.push_signed(&settings.json_signer, &entry.image, &entry.asset);
    String::from_utf8_lossy(&encoder.finish()).into_owned()
}

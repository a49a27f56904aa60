//! The grid of the user's images.

use maud::{Markup, html};
use url_signer::cloudinary::api::UploadForm;

use crate::gallery::GallerySettings;
use crate::images::{Entry, Page};
use crate::{page, upload_form};

/// Renders a page of the grid.
pub(crate) fn render(
    settings: &GallerySettings,
    images: &Page,
    is_first: bool,
    is_uploaded: bool,
    form: Option<&UploadForm>,
) -> Markup {
    let content = html! {
        h1 { "Images" }
        @if is_uploaded {
            p.notice role="status" { "The upload is complete. The newest image is the first one." }
        }
        @if is_first {
            (upload_form::section(form))
        }
        @if images.entries.is_empty() {
            p.empty { "There are no images." }
        } @else {
            ul.grid {
                @for entry in &images.entries {
                    li { (card(settings, entry)) }
                }
            }
        }
        @if !is_first || images.next.is_some() {
            nav.pages aria-label="Pages" {
                @if !is_first { a.button href="/" { "First page" } }
                @if let Some(next) = images.next {
                    a.button rel="next" href={ "/?after=" (next) } { "Next" }
                }
            }
        }
    };
    page::page(settings, "Images", &content)
}

fn card(settings: &GallerySettings, entry: &Entry) -> Markup {
    let image = &entry.image;
    let name = entry.name();
    html! {
        a.card href={ "/gallery/images/" (image.id) } {
            @if let Some(asset) = &entry.asset {
                @let mini = settings.signer.sign(image.clone(), asset).thumbnails.mini;
                // The script reads the status of the picture, which needs CORS.
                img src=(mini) alt=(name) width="100" height="100" crossorigin="anonymous" loading="lazy" decoding="async";
            } @else {
                span.absent { "Not uploaded yet" }
            }
            span.text {
                span.name { (name) }
                span.meta {
                    @if let Some(format) = &image.format { (format.to_uppercase()) }
                    @if let Some((width, height)) = image.width.zip(image.height) {
                        " · " (width) " × " (height)
                    }
                }
                @if !image.tag_names.is_empty() {
                    span.tags { @for tag in &image.tag_names { span.tag { (tag) } } }
                }
            }
        }
    }
}

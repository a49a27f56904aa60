//! The JSON of the eleven URLs of an image.

use std::ops::Range;

use image_model::{ExternalUrls, Thumbnails, Urls};
use url_signer::ThumbnailName;
use url_signer::cloudinary::{Asset, Transformation};

use super::compiled::{CompiledDelivery, CompiledRendition};
use super::image::Place;
use super::urls::ImageUrls;
use super::writer::DirectWriter;
use crate::edit::Edit;
use crate::signer::ImageSigner;
use crate::url_facts::UrlFacts;
use crate::wire_style::WireStyle;

/// Memory that an encoder reuses for the edits of its images.
#[derive(Default)]
pub(crate) struct Scratch {
    edit: Edit,
    steps: Transformation,
}

/// Appends the signed URLs of one image to its JSON.
pub(super) struct UrlWriter<'a> {
    renditions: &'a Urls<CompiledRendition>,
    urls: ImageUrls<'a>,
    /// Reused memory for the steps of edited images.
    steps: &'a mut Transformation,
    /// The previous delivery URL in the buffer, if it was written without escaping.
    previous_delivery: Range<usize>,
}

/// Calls `write` with the writer of the URLs of an image.
pub(super) fn with_url_writer(
    scratch: &mut Scratch,
    signer: &ImageSigner,
    facts: &UrlFacts<'_>,
    asset: Option<&Asset>,
    write: impl FnOnce(UrlWriter<'_>),
) {
    let Scratch { edit, steps } = scratch;
    edit.set(facts);
    signer.with_image_urls(facts, asset, edit, |urls| {
        write(UrlWriter {
            renditions: signer.renditions.urls(),
            urls,
            steps,
            previous_delivery: 0..0,
        });
    });
}

/// Appends an object whose keys are the listed fields, in this order. All fields must
/// be listed.
macro_rules! urls {
    ($urls:ident, $writer:ident, $type:ident from $object:expr; $($field:ident,)+) => {{
        let $type { $($field,)+ } = $object;
        $writer.object(|writer| {
            $(
                writer.raw(concat!(",\"", stringify!($field), "\":"));
                $urls.rendition($field, writer);
            )+
        });
    }};
}

impl UrlWriter<'_> {
    /// Appends the URLs that belong to a place, with their keys, each after a comma.
    pub(super) fn write(&mut self, place: Place, writer: &mut DirectWriter<'_>) {
        let renditions = self.renditions;
        match place {
            Place::Edit => {}
            Place::OriginalUrl => {
                writer.raw(",\"original_url\":");
                self.rendition(&renditions.original_url, writer);
            }
            Place::ExternalUrls => {
                writer.raw(",\"external_urls\":");
                urls! { self, writer, ExternalUrls from &renditions.external_urls;
                    fill100, fit2000, mini, large, full,
                }
            }
            Place::Thumbnails => {
                writer.raw(",\"thumbnails\":");
                urls! { self, writer, Thumbnails from &renditions.thumbnails;
                    original, full_no_sharinpix, full, large, mini,
                }
            }
        }
    }

    fn rendition(&mut self, rendition: &CompiledRendition, writer: &mut DirectWriter<'_>) {
        match rendition {
            CompiledRendition::Proxy(thumbnail) => self.proxy(*thumbnail, writer),
            CompiledRendition::Delivery(delivery) => match self.urls.pending_thumbnail(delivery) {
                Some(thumbnail) => self.proxy(thumbnail, writer),
                None => self.delivery(delivery, writer),
            },
        }
    }

    fn proxy(&self, thumbnail: ThumbnailName, writer: &mut DirectWriter<'_>) {
        // The only character of a proxy URL that a style escapes.
        let ampersand = match writer.formatter.style() {
            WireStyle::Rails => "\\u0026",
            WireStyle::Plain => "&",
        };
        writer.out.push(b'"');
        self.urls.write_proxied(thumbnail, ampersand, writer.out);
        writer.out.push(b'"');
    }

    fn delivery(&mut self, delivery: &CompiledDelivery, writer: &mut DirectWriter<'_>) {
        let DirectWriter { out, .. } = writer;
        out.push(b'"');
        let start = out.len();
        if self.urls.repeats_previous(delivery) {
            out.extend_from_within(self.previous_delivery.clone());
        } else {
            self.urls.write_delivery(delivery, self.steps, out);
            if self.urls.needs_escape(delivery) {
                let url = out.split_off(start);
                out.pop();
                writer.serialized(&*String::from_utf8_lossy(&url));
                return;
            }
            self.previous_delivery = start..out.len();
        }
        out.push(b'"');
    }
}

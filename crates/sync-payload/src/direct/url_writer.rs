//! The JSON of the eleven URLs of an image.

use std::ops::Range;

use image_model::{ExternalUrls, Thumbnails, Urls};
use url_signer::cloudinary::{Asset, Transformation};

use super::compiled::CompiledRendition;
use super::place::Place;
use super::urls::ImageUrls;
use super::writer::DirectWriter;
use crate::edit::Edit;
use crate::signer::ImageSigner;
use crate::url_facts::UrlFacts;
use crate::wire_style::WireStyle;

/// Bytes that hold almost all URLs of an image.
const USUAL_BYTES: usize = 2048;

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
    /// The previous delivery URL in the buffer. It is not repeated if it needs escaping.
    previous_delivery: Range<usize>,
}

/// Calls `write` with the writer of the URLs of an image.
pub(super) fn with_url_writer<T>(
    scratch: &mut Scratch,
    signer: &ImageSigner,
    facts: &UrlFacts<'_>,
    asset: Option<&Asset>,
    write: impl FnOnce(UrlWriter<'_>) -> T,
) -> T {
    let Scratch { edit, steps } = scratch;
    edit.set(facts);
    signer.with_image_urls(facts, asset, edit, |urls| {
        write(UrlWriter {
            renditions: signer.renditions.urls(),
            urls,
            steps,
            previous_delivery: 0..0,
        })
    })
}

/// Signs the URLs of an image.
pub(crate) fn signed_urls(
    signer: &ImageSigner,
    facts: &UrlFacts<'_>,
    asset: Option<&Asset>,
) -> Urls<String> {
    with_url_writer(&mut Scratch::default(), signer, facts, asset, |mut urls| {
        let mut texts = Vec::with_capacity(USUAL_BYTES);
        let ranges = urls.renditions.as_ref().map(|rendition| {
            let start = texts.len();
            urls.text(rendition, "&", &mut texts);
            start..texts.len()
        });
        // Valid UTF-8, because all parts of a URL are texts.
        let texts = String::from_utf8(texts).unwrap_or_default();
        ranges.map(|range| texts.get(range).unwrap_or_default().to_owned())
    })
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

    /// Appends a URL as a string.
    fn rendition(&mut self, rendition: &CompiledRendition, writer: &mut DirectWriter<'_>) {
        // The only character of a proxy URL that a style escapes.
        let ampersand = match writer.formatter.style() {
            WireStyle::Rails => "\\u0026",
            WireStyle::Plain => "&",
        };
        writer.out.push(b'"');
        let start = writer.out.len();
        if self.text(rendition, ampersand, writer.out) {
            let url = writer.out.split_off(start);
            writer.out.pop();
            writer.serialized(&*String::from_utf8_lossy(&url));
        } else {
            writer.out.push(b'"');
        }
    }

    /// Appends the text of a URL. Returns whether a delivery URL needs escaping in JSON.
    fn text(&mut self, rendition: &CompiledRendition, ampersand: &str, out: &mut Vec<u8>) -> bool {
        let delivery = match rendition {
            CompiledRendition::Proxy(thumbnail) => Err(*thumbnail),
            CompiledRendition::Delivery(delivery) => self
                .urls
                .pending_thumbnail(delivery)
                .map_or(Ok(delivery), Err),
        };
        match delivery {
            Err(thumbnail) => {
                self.urls.write_proxied(thumbnail, ampersand, out);
                false
            }
            Ok(delivery) if self.urls.repeats_previous(delivery) => {
                out.extend_from_within(self.previous_delivery.clone());
                false
            }
            Ok(delivery) => {
                let start = out.len();
                self.urls.write_delivery(delivery, self.steps, out);
                self.previous_delivery = start..out.len();
                self.urls.needs_escape(delivery)
            }
        }
    }
}

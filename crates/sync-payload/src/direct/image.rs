//! The JSON of an image with signed URLs, and the JSON of its facts.

use image_model::{Image, Unsigned};
use serde::Serialize;
use url_signer::cloudinary::Asset;

use super::place::Place;
use super::prefetch::prefetch;
use super::url_writer::{Scratch, with_url_writer};
use super::writer::{DirectWriter, WriteJson};
use crate::formatter::WireFormatter;
use crate::signer::ImageSigner;
use crate::url_facts::UrlFacts;
use crate::wire_style::WireStyle;

/// Signs an image and appends its JSON on one line.
pub(crate) fn write_signed(
    out: &mut Vec<u8>,
    formatter: WireFormatter,
    scratch: &mut Scratch,
    signer: &ImageSigner,
    image: &Image<Unsigned>,
    asset: Option<&Asset>,
) {
    prefetch(image, asset);
    let mut writer = DirectWriter { out, formatter };
    with_url_writer(scratch, signer, &UrlFacts::of(image), asset, |mut urls| {
        writer.object(|writer| {
            write_facts(writer, image, |place, writer| urls.write(place, writer));
        });
    });
}

/// Signs an image whose facts are encoded and appends its JSON on one line. Each segment of
/// facts is followed by the URLs of a place.
pub(crate) fn write_stored(
    out: &mut Vec<u8>,
    formatter: WireFormatter,
    scratch: &mut Scratch,
    signer: &ImageSigner,
    facts: &UrlFacts<'_>,
    segments: [(&str, Place); 3],
    asset: Option<&Asset>,
) {
    let mut writer = DirectWriter { out, formatter };
    with_url_writer(scratch, signer, facts, asset, |mut urls| {
        writer.object(|writer| {
            for (segment, place) in segments {
                writer.raw(segment);
                urls.write(place, writer);
            }
        });
    });
}

/// Appends the JSON of an image that has URLs, on one line.
pub(crate) fn write_image<U: Serialize>(
    out: &mut Vec<u8>,
    formatter: WireFormatter,
    image: &Image<U>,
) -> serde_json::Result<()> {
    let mut writer = DirectWriter { out, formatter };
    let mut result = Ok(());
    writer.object(|writer| {
        write_facts(writer, image, |place, writer| {
            result = match (&result, place) {
                (Ok(()), Place::OriginalUrl) => {
                    writer.raw(",\"original_url\":");
                    writer.serialize(&image.original_url)
                }
                (Ok(()), Place::ExternalUrls) => {
                    writer.raw(",\"external_urls\":");
                    writer.serialize(&image.external_urls)
                }
                (Ok(()), Place::Thumbnails) => {
                    writer.raw(",\"thumbnails\":");
                    writer.serialize(&image.thumbnails)
                }
                _ => return,
            };
        });
    });
    result
}

/// Appends the facts of an image as members of an object, each after a comma, in the
/// style of Rails. Calls `place` with each place and its index in `out`.
pub(crate) fn write_stored_facts(
    out: &mut Vec<u8>,
    image: &Image<Unsigned>,
    mut place: impl FnMut(Place, usize),
) {
    let formatter = WireFormatter::new(WireStyle::Rails, false);
    let mut writer = DirectWriter { out, formatter };
    write_facts(&mut writer, image, |at, writer| place(at, writer.out.len()));
}

/// Appends the members of an object whose keys are the listed fields, and calls
/// `$at` with the place after each list. All facts must be listed.
macro_rules! facts {
    ($image:ident, $writer:ident, $at:ident; $([$($field:ident,)+] $place:ident)+) => {
        let Image {
            original_url: _,
            external_urls: _,
            thumbnails: _,
            $($($field,)+)+
        } = $image;
        $(
            $(
                $writer.raw(concat!(",\"", stringify!($field), "\":"));
                $field.write_json($writer);
            )+
            $at(Place::$place, $writer);
        )+
    };
}

/// Appends the facts of an image, each after a comma. `at` appends the URLs.
fn write_facts<U>(
    writer: &mut DirectWriter<'_>,
    image: &Image<U>,
    mut at: impl FnMut(Place, &mut DirectWriter<'_>),
) {
    facts! { image, writer, at;
        [
            id,
            public_id,
            infos,
            exifs,
            gps,
            gps_ip,
            gps_exifs,
            gps_html,
            created_at,
            updated_at,
            taken_at,
            width,
            height,
        ]
        Edit
        [
            rotation,
            crop_x,
            crop_y,
            crop_w,
            crop_h,
            metadatas,
        ]
        OriginalUrl
        [
            original_width,
            original_height,
        ]
        ExternalUrls
        [
            filename,
            format,
            title,
            description,
            page,
            group_id,
            color,
            size,
            processed,
            processing_error,
            album_id,
            tag_names,
            user_sfid,
        ]
        Thumbnails
    }
}

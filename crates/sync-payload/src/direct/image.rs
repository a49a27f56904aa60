//! The JSON of an image and of its eleven URLs.

use image_model::{ExternalUrls, Image, Thumbnails, Unsigned};
use url_signer::ThumbnailName;
use url_signer::cloudinary::{Asset, Transformation};

use super::compiled::{CompiledDelivery, CompiledRendition};
use super::prefetch::prefetch;
use super::writer::{DirectWriter, WriteJson};
use crate::edit::Edit;
use crate::formatter::WireFormatter;
use crate::signer::ImageSigner;
use crate::wire_style::WireStyle;

/// Memory that an encoder reuses for the edits of its images.
#[derive(Default)]
pub(crate) struct Scratch {
    edit: Edit,
    steps: Transformation,
}

/// Signs an image and appends its JSON on one line.
pub(crate) fn write_signed(
    out: &mut Vec<u8>,
    formatter: WireFormatter,
    scratch: &mut Scratch,
    signer: &ImageSigner,
    image: &Image<Unsigned>,
    asset: Option<&Asset>,
) {
    let Scratch { edit, steps } = scratch;
    prefetch(image, asset);
    edit.set(image);
    signer.with_image_urls(image, asset, edit, |urls| {
        let mut writer = DirectWriter {
            out,
            formatter,
            urls,
            steps,
            previous_delivery: 0..0,
        };
        writer.image(image, signer);
    });
}

/// Appends an object whose keys are the listed fields, in this order. Each value
/// is the field's, or the one given after `=`. All fields must be listed.
macro_rules! object {
    ($writer:ident, $type:ident from $object:expr; $($field:ident $(= $value:expr)?,)+) => {{
        let $type { $($field),+ } = $object;
        let start = $writer.out.len();
        $(
            $(
                let _ = $field;
                let $field = $value;
            )?
            $writer.raw(concat!(",\"", stringify!($field), "\":"));
            $field.write_json($writer);
        )+
        // In place of the comma before the first key.
        if let Some(first) = $writer.out.get_mut(start) {
            *first = b'{';
        }
        $writer.raw("}");
    }};
}

impl DirectWriter<'_> {
    fn image(&mut self, image: &Image<Unsigned>, signer: &ImageSigner) {
        let renditions = signer.renditions.urls();
        object! { self, Image from image;
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
            rotation,
            crop_x,
            crop_y,
            crop_w,
            crop_h,
            metadatas,
            original_url = &renditions.original_url,
            original_width,
            original_height,
            external_urls = &renditions.external_urls,
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
            thumbnails = &renditions.thumbnails,
        }
    }
}

impl WriteJson for ExternalUrls<CompiledRendition> {
    fn write_json(&self, writer: &mut DirectWriter<'_>) {
        object! { writer, ExternalUrls from self; fill100, fit2000, mini, large, full, }
    }
}

impl WriteJson for Thumbnails<CompiledRendition> {
    fn write_json(&self, writer: &mut DirectWriter<'_>) {
        object! { writer, Thumbnails from self; original, full_no_sharinpix, full, large, mini, }
    }
}

impl WriteJson for CompiledRendition {
    fn write_json(&self, writer: &mut DirectWriter<'_>) {
        match self {
            Self::Proxy(thumbnail) => thumbnail.write_json(writer),
            Self::Delivery(delivery) => match writer.urls.pending_thumbnail(delivery) {
                Some(thumbnail) => thumbnail.write_json(writer),
                None => delivery.write_json(writer),
            },
        }
    }
}

/// The proxy URL of the thumbnail.
impl WriteJson for ThumbnailName {
    fn write_json(&self, writer: &mut DirectWriter<'_>) {
        // The only character of a proxy URL that a style escapes.
        let ampersand = match writer.formatter.style() {
            WireStyle::Rails => "\\u0026",
            WireStyle::Plain => "&",
        };
        writer.out.push(b'"');
        writer.urls.write_proxied(*self, ampersand, writer.out);
        writer.out.push(b'"');
    }
}

impl WriteJson for CompiledDelivery {
    fn write_json(&self, writer: &mut DirectWriter<'_>) {
        let DirectWriter {
            out, urls, steps, ..
        } = writer;
        out.push(b'"');
        let start = out.len();
        if urls.repeats_previous(self) {
            out.extend_from_within(writer.previous_delivery.clone());
        } else {
            urls.write_delivery(self, steps, out);
            if urls.needs_escape(self) {
                let url = out.split_off(start);
                out.pop();
                writer.serialized(&*String::from_utf8_lossy(&url));
                return;
            }
            writer.previous_delivery = start..out.len();
        }
        out.push(b'"');
    }
}

//! Unsigned images straight to bytes, signed on the way.
//!
//! The way through [`ImageSigner::sign`] and a serializer makes an image with
//! eleven URLs in it first, prints each URL in its pieces, looks through every
//! character for what to escape, and asks the formatter at every turn: some
//! ten times what the hashes alone cost. Here what is fixed is copied, what
//! is signed is laid out in whole blocks, and only numbers and strings with
//! something to escape go through the serializer. The tests hold it against
//! that way.

use std::hint::black_box;
use std::ops::Range;

use image_model::{
    Count, ExternalUrls, Gps, Image, Infos, Object, Pixels, Rotation, Thumbnails, Timestamp,
    Unsigned,
};
use serde::Serialize;
use serde_json::{Serializer, Value};
use url_signer::ThumbnailName;
use url_signer::cloudinary::{Asset, Transformation};
use uuid::Uuid;

use crate::clean::is_clean;
use crate::direct_urls::ImageUrls;
use crate::json::WireFormatter;
use crate::prepared::{Prepared, PreparedDelivery};
use crate::{ImageSigner, WireStyle};

/// Writes one image.
pub(crate) struct DirectWriter<'a> {
    pub(crate) out: &'a mut Vec<u8>,
    pub(crate) formatter: WireFormatter,
    pub(crate) signer: &'a ImageSigner,
    pub(crate) urls: ImageUrls<'a>,
    /// Memory for the steps of edited images.
    pub(crate) steps: &'a mut Transformation,
    /// Where the delivery URL before is, if it could be written as it is.
    pub(crate) last_delivery: Range<usize>,
}

/// Reads a byte of each text of an image, so that those which are in no cache
/// yet come from memory side by side, and not one after the other as each is
/// about to be written. Of many images, a tenth of the time.
pub(crate) fn prefetch(image: &Image<Unsigned>, asset: Option<&Asset>) {
    let mut read = first_byte(Some(&image.public_id)) ^ first_byte(asset.map(Asset::source));
    for text in [
        &image.filename,
        &image.format,
        &image.title,
        &image.description,
        &image.color,
        &image.album_id,
    ] {
        read ^= first_byte(text.as_deref());
    }
    for text in &image.tag_names {
        read ^= first_byte(Some(text));
    }
    for object in [image.infos.as_object(), &image.exifs, &image.metadatas] {
        for (key, value) in object {
            read ^= first_byte(Some(key)) ^ first_byte(value.as_str());
        }
    }
    black_box(read);
}

fn first_byte(text: Option<&str>) -> u8 {
    text.and_then(|text| text.as_bytes().first().copied())
        .unwrap_or_default()
}

type Written = Result<(), serde_json::Error>;

/// Writes the keys of an object in this order, each with its field or with
/// another value. All fields must be there.
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
            $field.write($writer)?;
        )+
        // The comma before the first key.
        if let Some(first) = $writer.out.get_mut(start) {
            *first = b'{';
        }
        $writer.raw("}");
        Ok(())
    }};
}

impl DirectWriter<'_> {
    pub(crate) fn image(&mut self, image: &Image<Unsigned>) -> Written {
        let renditions = self.signer.table.renditions();
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

    fn raw(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn quoted(&mut self, clean: &[u8]) {
        self.out.push(b'"');
        self.out.extend_from_slice(clean);
        self.out.push(b'"');
    }

    fn serialized(&mut self, value: &(impl Serialize + ?Sized)) -> Written {
        value.serialize(&mut Serializer::with_formatter(
            &mut *self.out,
            self.formatter,
        ))
    }

    fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T) -> Written,
    ) -> Written {
        let mut first = true;
        for item in items {
            if !first {
                self.raw(",");
            }
            first = false;
            write(self, item)?;
        }
        Ok(())
    }
}

/// What stands in an image, written.
trait Write {
    fn write(&self, writer: &mut DirectWriter<'_>) -> Written;
}

macro_rules! serialized {
    ($($type:ty)+) => {$(
        impl Write for $type {
            fn write(&self, writer: &mut DirectWriter<'_>) -> Written {
                writer.serialized(self)
            }
        }
    )+};
}

serialized!(bool u32 f64 Count Rotation);

impl Write for Pixels {
    fn write(&self, writer: &mut DirectWriter<'_>) -> Written {
        self.get().write(writer)
    }
}

impl Write for Gps {
    fn write(&self, writer: &mut DirectWriter<'_>) -> Written {
        writer.raw("[");
        self.latitude().write(writer)?;
        writer.raw(",");
        self.longitude().write(writer)?;
        writer.raw("]");
        Ok(())
    }
}

impl<T: Write> Write for Option<T> {
    fn write(&self, writer: &mut DirectWriter<'_>) -> Written {
        if let Some(value) = self {
            return value.write(writer);
        }
        writer.raw("null");
        Ok(())
    }
}

impl Write for String {
    fn write(&self, writer: &mut DirectWriter<'_>) -> Written {
        if is_clean(self.as_bytes()) {
            writer.quoted(self.as_bytes());
            Ok(())
        } else {
            writer.serialized(self)
        }
    }
}

impl Write for Vec<String> {
    fn write(&self, writer: &mut DirectWriter<'_>) -> Written {
        writer.raw("[");
        writer.list(self, |writer, text| text.write(writer))?;
        writer.raw("]");
        Ok(())
    }
}

impl Write for Uuid {
    fn write(&self, writer: &mut DirectWriter<'_>) -> Written {
        let mut buffer = Uuid::encode_buffer();
        writer.quoted(self.hyphenated().encode_lower(&mut buffer).as_bytes());
        Ok(())
    }
}

impl Write for Timestamp {
    fn write(&self, writer: &mut DirectWriter<'_>) -> Written {
        writer.quoted(&self.to_ascii());
        Ok(())
    }
}

impl Write for Infos {
    fn write(&self, writer: &mut DirectWriter<'_>) -> Written {
        self.as_object().write(writer)
    }
}

impl Write for Object {
    fn write(&self, writer: &mut DirectWriter<'_>) -> Written {
        writer.raw("{");
        writer.list(self, |writer, (key, value)| {
            key.write(writer)?;
            writer.raw(":");
            value.write(writer)
        })?;
        writer.raw("}");
        Ok(())
    }
}

impl Write for Value {
    fn write(&self, writer: &mut DirectWriter<'_>) -> Written {
        match self {
            Self::String(text) => text.write(writer),
            Self::Object(object) => object.write(writer),
            Self::Array(values) => {
                writer.raw("[");
                writer.list(values, |writer, value| value.write(writer))?;
                writer.raw("]");
                Ok(())
            }
            Self::Null | Self::Bool(_) | Self::Number(_) => writer.serialized(self),
        }
    }
}

impl Write for ExternalUrls<Prepared> {
    fn write(&self, writer: &mut DirectWriter<'_>) -> Written {
        object! { writer, ExternalUrls from self; fill100, fit2000, mini, large, full, }
    }
}

impl Write for Thumbnails<Prepared> {
    fn write(&self, writer: &mut DirectWriter<'_>) -> Written {
        object! { writer, Thumbnails from self; original, full_no_sharinpix, full, large, mini, }
    }
}

impl Write for Prepared {
    fn write(&self, writer: &mut DirectWriter<'_>) -> Written {
        match self {
            Self::Proxy(thumbnail) => thumbnail.write(writer),
            Self::Delivery(prepared) => match writer.urls.proxied(prepared) {
                Some(thumbnail) => thumbnail.write(writer),
                None => prepared.write(writer),
            },
        }
    }
}

/// The proxy's URL of it.
impl Write for ThumbnailName {
    fn write(&self, writer: &mut DirectWriter<'_>) -> Written {
        // The one character in it that is ever escaped.
        let ampersand = match writer.formatter.style() {
            WireStyle::Rails => "\\u0026",
            WireStyle::Plain => "&",
        };
        writer.out.push(b'"');
        writer.urls.thumbnails.write(*self, ampersand, writer.out);
        writer.out.push(b'"');
        Ok(())
    }
}

impl Write for PreparedDelivery {
    fn write(&self, writer: &mut DirectWriter<'_>) -> Written {
        let DirectWriter {
            out, urls, steps, ..
        } = writer;
        out.push(b'"');
        let start = out.len();
        if urls.repeats(self) {
            out.extend_from_within(writer.last_delivery.clone());
        } else {
            urls.write_delivery(self, steps, out);
            if !urls.is_clean(self) {
                let url = out.split_off(start);
                out.pop();
                return writer.serialized(&*String::from_utf8_lossy(&url));
            }
            writer.last_delivery = start..out.len();
        }
        out.push(b'"');
        Ok(())
    }
}

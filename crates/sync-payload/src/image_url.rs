use std::fmt::{self, Write};

use serde::{Serialize, Serializer};
use url_signer::ProxyUrl;
use url_signer::cloudinary::SignedUrl;

/// Bytes that hold almost every URL.
const USUAL_BYTES: usize = 256;

/// One of the eleven signed URLs of an image.
///
/// [`ImageSigner::sign`](crate::ImageSigner::sign) creates it. `Display`, `to_string`
/// and `Serialize` format the text of the URL.
#[derive(Clone)]
pub struct ImageUrl<'a>(Inner<'a>);

#[derive(Clone)]
enum Inner<'a> {
    Delivery { prefix: &'a str, url: SignedUrl<'a> },
    Proxy(ProxyUrl<'a>),
}

impl<'a> ImageUrl<'a> {
    pub(crate) const fn delivery(prefix: &'a str, url: SignedUrl<'a>) -> Self {
        Self(Inner::Delivery { prefix, url })
    }

    pub(crate) const fn proxy(url: ProxyUrl<'a>) -> Self {
        Self(Inner::Proxy(url))
    }
}

impl fmt::Display for ImageUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Inner::Delivery { prefix, url } => write!(f, "{prefix}{url}"),
            Inner::Proxy(url) => url.fmt(f),
        }
    }
}

/// Shows no token: the signed URL leaves it out.
impl fmt::Debug for ImageUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Inner::Delivery { prefix, url } => f
                .debug_struct("ImageUrl")
                .field("prefix", prefix)
                .field("url", url)
                .finish(),
            Inner::Proxy(url) => f.debug_struct("ImageUrl").field("url", url).finish(),
        }
    }
}

impl Serialize for ImageUrl<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // In one piece: the serializer scans each piece for characters to escape,
        // and a URL is formatted in many.
        let mut text = String::with_capacity(USUAL_BYTES);
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{self}");
        serializer.serialize_str(&text)
    }
}

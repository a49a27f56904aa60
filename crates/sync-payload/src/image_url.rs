use std::fmt::{self, Write};

use serde::ser::Error;
use serde::{Serialize, Serializer};
use url_signer::ProxyUrl;
use url_signer::cloudinary::SignedUrl;

/// What nearly every URL fits in.
const USUAL_BYTES: usize = 256;

/// One of an image's eleven URLs, signed.
///
/// Made only by [`ImageSigner`](crate::ImageSigner), and printed when asked.
#[derive(Clone)]
pub struct ImageUrl<'a>(pub(crate) Kind<'a>);

#[derive(Clone)]
pub(crate) enum Kind<'a> {
    Delivery { prefix: &'a str, url: SignedUrl<'a> },
    Proxy(ProxyUrl<'a>),
}

impl fmt::Display for ImageUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Delivery { prefix, url } => write!(f, "{prefix}{url}"),
            Kind::Proxy(url) => url.fmt(f),
        }
    }
}

impl fmt::Debug for ImageUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ImageUrl({self})")
    }
}

impl Serialize for ImageUrl<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // In one piece: each piece is looked through for what to escape, and a
        // URL is printed in many.
        let mut text = String::with_capacity(USUAL_BYTES);
        write!(text, "{self}").map_err(S::Error::custom)?;
        serializer.serialize_str(&text)
    }
}

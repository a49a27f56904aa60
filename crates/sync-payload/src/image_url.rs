use std::fmt;

use serde::{Serialize, Serializer};
use url_signer::ProxyUrl;
use url_signer::cloudinary::SignedUrl;

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
        serializer.collect_str(self)
    }
}

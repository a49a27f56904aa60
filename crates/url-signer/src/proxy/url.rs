use std::fmt::{self, Write};
use std::sync::Arc;

use url::Url;

use super::file_name::ProxyFileName;
use super::thumbnail::ThumbnailPath;
use crate::authority::Authority;
use crate::digest::hex_signature::HexSignature;
use crate::format;

/// A signed proxy URL.
///
/// Only [`ProxySigner::sign`](crate::ProxySigner::sign) creates this type. `Display`,
/// `Url::from` and, with the feature `serde`, `Serialize` format the URL on demand.
///
/// The URL does not borrow from its signer, and contains no key.
///
/// ```
/// use url_signer::{ProxyFileName, ProxySigner, ProxyUrl, ThumbnailPath};
///
/// struct Download {
///     url: ProxyUrl,
/// }
///
/// fn download(signer: &ProxySigner, path: ThumbnailPath) -> Download {
///     let file_name = ProxyFileName::new("Super Image", "png");
///     Download { url: signer.sign(file_name, path) }
/// }
/// ```
#[derive(Clone)]
pub struct ProxyUrl {
    pub(super) hosts: Arc<ProxyHosts>,
    pub(super) file_name: ProxyFileName,
    pub(super) path: ThumbnailPath,
    pub(super) signature: HexSignature,
}

/// The proxy and the app host of a proxy URL.
#[derive(Debug)]
pub(super) struct ProxyHosts {
    /// `https://<proxy host>/` or `http://<proxy host>/`
    pub(super) base_url: Url,
    pub(super) app: Authority,
}

impl ProxyUrl {
    fn write_query(&self, f: &mut impl Write) -> fmt::Result {
        let app_host = &self.hosts.app;
        write!(f, "s={}&url={app_host}{}", self.signature, self.path)
    }
}

impl fmt::Display for ProxyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}?", self.hosts.base_url, self.file_name.as_str())?;
        self.write_query(f)
    }
}

/// Shows the whole URL, including the signature. The signature is not secret: it
/// authorizes one thumbnail, and is in every page that shows the thumbnail.
impl fmt::Debug for ProxyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProxyUrl({self})")
    }
}

impl From<ProxyUrl> for Url {
    fn from(proxy_url: ProxyUrl) -> Self {
        let mut url = proxy_url.hosts.base_url.clone();
        url.set_path(proxy_url.file_name.as_str());
        let query = format::to_string(|f| proxy_url.write_query(f));
        url.set_query(Some(&query));
        url
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for ProxyUrl {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

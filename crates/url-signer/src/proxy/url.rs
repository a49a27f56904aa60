use std::borrow::Cow;
use std::fmt::{self, Write};

use url::Url;

use super::file_name::ProxyFileName;
use super::thumbnail::ThumbnailPath;
use crate::authority::Authority;
use crate::digest::hmac::HexSignature;
use crate::format;

/// A signed proxy URL.
///
/// Only [`ProxySigner::sign`](crate::ProxySigner::sign) creates this type. `Display`
/// and the conversion into a [`Url`] format the URL on demand, and so does `Serialize`
/// with the feature `serde`.
#[derive(Clone)]
pub struct ProxyUrl<'a> {
    pub(super) proxy_host: Cow<'a, Authority>,
    pub(super) app_host: Cow<'a, Authority>,
    pub(super) file_name: ProxyFileName,
    pub(super) path: ThumbnailPath,
    pub(super) signature: HexSignature,
}

impl ProxyUrl<'_> {
    /// Detaches the URL from the signer, so that it can be stored or returned.
    ///
    /// ```
    /// use url_signer::{ProxyFileName, ProxySigner, ProxyUrl, ThumbnailPath};
    ///
    /// fn download(signer: &ProxySigner, path: ThumbnailPath) -> ProxyUrl<'static> {
    ///     let file_name = ProxyFileName::new("Super Image", "png");
    ///     signer.sign(file_name, path).into_owned()
    /// }
    /// ```
    #[must_use]
    pub fn into_owned(self) -> ProxyUrl<'static> {
        ProxyUrl {
            proxy_host: Cow::Owned(self.proxy_host.into_owned()),
            app_host: Cow::Owned(self.app_host.into_owned()),
            file_name: self.file_name,
            path: self.path,
            signature: self.signature,
        }
    }

    fn write_query(&self, f: &mut impl Write) -> fmt::Result {
        let app_host = &self.app_host;
        write!(f, "s={}&url={app_host}{}", self.signature, self.path)
    }
}

impl fmt::Display for ProxyUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let proxy_host = &self.proxy_host;
        write!(f, "https://{proxy_host}/{}?", self.file_name.as_str())?;
        self.write_query(f)
    }
}

/// Shows the whole URL. Its signature authorizes one thumbnail, and is part of
/// every page that shows it.
impl fmt::Debug for ProxyUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProxyUrl({self})")
    }
}

impl From<ProxyUrl<'_>> for Url {
    fn from(proxy_url: ProxyUrl<'_>) -> Self {
        let mut url = proxy_url.proxy_host.base_url().clone();
        url.set_path(proxy_url.file_name.as_str());
        let query = format::to_string(|f| proxy_url.write_query(f));
        url.set_query(Some(&query));
        url
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for ProxyUrl<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

use std::fmt::{self, Write};

use hmac::Mac;
use url::Url;

use super::file_name::ProxyFileName;
use super::request::{ProxyRequest, VerifiedProxyRequest};
use super::thumbnail::{ThumbnailPath, ThumbnailRequest};
use crate::digest::hmac::{HexSignature, HmacKeys, SignatureLength};
use crate::{Authority, KeyRing, VerifyError};

/// Signs and verifies the URLs of a proxy that stands before the host.
///
/// A proxy URL names the file as people would, and carries the thumbnail path
/// from which the proxy is to fetch it:
/// `https://<proxy host>/<slug>.<format>?s=<signature>&url=<app host>/images/…`.
/// The signature is an HMAC-SHA256 of the value of `url`, cut to a
/// [`SignatureLength`]. The file name is not signed.
///
/// ```
/// use url_signer::{Authority, ProxyFileName, ProxySigner, Secret, ThumbnailName, ThumbnailSigner};
/// use uuid::Uuid;
///
/// let proxy = ProxySigner::new(
///     Authority::new("proxy.example.org")?,
///     Authority::new("app.example.org")?,
///     Secret::new("proxy key")?,
/// );
/// let thumbnails = ThumbnailSigner::new(Secret::new("thumbnail key")?);
///
/// let path = thumbnails.sign(Uuid::nil(), ThumbnailName::Full);
/// let url = proxy.sign(ProxyFileName::new("Super Image", "png"), path).to_string();
/// assert!(url.starts_with("https://proxy.example.org/super-image.png?s="));
///
/// let request = proxy.verify(&url)?;
/// assert_eq!(request.path(), path.to_string());
/// assert!(proxy.verify(&url.replace("app.example.org", "evil.example.org")).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ProxySigner {
    pub(crate) proxy_host: Authority,
    pub(crate) app_host: Authority,
    pub(crate) keys: HmacKeys,
}

impl ProxySigner {
    /// A signer whose signatures have the documented width, 7 digits.
    ///
    /// `proxy_host` is where the URLs lead, `app_host` where the proxy fetches.
    pub fn new(proxy_host: Authority, app_host: Authority, keys: impl Into<KeyRing>) -> Self {
        Self {
            proxy_host,
            app_host,
            keys: HmacKeys::new(&keys.into(), SignatureLength::PROXY),
        }
    }

    /// The same signer with signatures of another width; it verifies no other.
    #[must_use]
    pub fn with_signature_length(self, width: SignatureLength) -> Self {
        Self {
            keys: self.keys.with_signature_length(width),
            ..self
        }
    }

    /// Signs the URL under which the proxy gives out what is at a path of the
    /// app host.
    #[must_use]
    pub fn sign(&self, file_name: ProxyFileName, path: ThumbnailPath) -> ProxyUrl<'_> {
        let signature = self.keys.sign(|mac| {
            mac.update(self.app_host.as_str().as_bytes());
            mac.update(path.to_string().as_bytes());
        });
        ProxyUrl {
            signer: self,
            file_name,
            path,
            signature,
        }
    }

    /// What a proxy is asked to fetch, if a key of the ring signed it and it
    /// is at the app host.
    ///
    /// Takes what [`ProxyRequest::parse`] takes. That the host is compared,
    /// exactly, is what keeps a proxy from fetching anything for anybody.
    ///
    /// # Errors
    ///
    /// - What [`ProxyRequest::parse`] refuses.
    /// - A signature of another width, `url` or key.
    /// - A `url` at another host, or that is no thumbnail path there.
    pub fn verify<'a>(&self, url: &'a str) -> Result<VerifiedProxyRequest<'a>, VerifyError> {
        let request = ProxyRequest::parse(url).map_err(|_| VerifyError)?;
        let signed = self
            .keys
            .verify(request.signature, |mac| mac.update(request.url.as_bytes()));
        // Only thumbnails are ever signed, so nothing else is fetched, even
        // for somebody who has guessed a signature.
        let path = request
            .url
            .strip_prefix(self.app_host.as_str())
            .filter(|path| ThumbnailRequest::parse(path).is_ok());
        match path {
            Some(path) if signed => Ok(VerifiedProxyRequest {
                url: request.url,
                path,
            }),
            _ => Err(VerifyError),
        }
    }
}

/// A signed URL of the proxy.
///
/// Made only by [`ProxySigner::sign`], and printed when asked.
#[derive(Clone)]
pub struct ProxyUrl<'a> {
    signer: &'a ProxySigner,
    file_name: ProxyFileName,
    path: ThumbnailPath,
    signature: HexSignature,
}

impl ProxyUrl<'_> {
    fn write_query(&self, f: &mut impl Write) -> fmt::Result {
        let app_host = &self.signer.app_host;
        write!(f, "s={}&url={app_host}{}", self.signature, self.path)
    }
}

impl fmt::Display for ProxyUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let proxy_host = &self.signer.proxy_host;
        write!(f, "https://{proxy_host}/{}?", self.file_name.as_str())?;
        self.write_query(f)
    }
}

impl fmt::Debug for ProxyUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProxyUrl({self})")
    }
}

impl From<ProxyUrl<'_>> for Url {
    fn from(url: ProxyUrl<'_>) -> Self {
        let mut parsed = url.signer.proxy_host.base().clone();
        parsed.set_path(url.file_name.as_str());
        let mut query = String::new();
        // A `String` takes anything; the result is for other writers.
        let _ = url.write_query(&mut query);
        parsed.set_query(Some(&query));
        parsed
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for ProxyUrl<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

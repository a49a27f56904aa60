use std::sync::Arc;

use hmac::Mac;

use super::file_name::ProxyFileName;
use super::request::{ProxyRequest, VerifiedProxyRequest};
use super::thumbnail::{ThumbnailPath, ThumbnailRequest};
use super::url::{ProxyHosts, ProxyUrl};
use crate::authority::Authority;
use crate::digest::hmac::HmacKeys;
use crate::digest::signature_length::SignatureLength;
use crate::error::VerifyError;
use crate::secret::KeyRing;

/// A signer and verifier of proxy URLs.
///
/// The proxy fetches thumbnails from the app host, and serves them under URLs with a
/// readable file name:
/// `https://<proxy host>/<slug>.<format>?s=<signature>&url=<app host>/images/…`.
/// The path after the app host is a [`ThumbnailPath`]. The signature is the
/// HMAC-SHA256 of the value of `url`, truncated to a [`SignatureLength`]. The file
/// name is not signed.
///
/// ```
/// use url_signer::{
///     Authority, ProxyFileName, ProxySigner, Secret, ThumbnailName, ThumbnailSigner,
/// };
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
    pub(super) hosts: Arc<ProxyHosts>,
    pub(super) keys: HmacKeys,
}

impl ProxySigner {
    /// Creates a signer with signatures of 7 digits, [`SignatureLength::PROXY`].
    ///
    /// URLs point to `proxy_host`. The proxy fetches from `app_host`.
    pub fn new(proxy_host: Authority, app_host: Authority, keys: impl Into<KeyRing>) -> Self {
        Self {
            hosts: Arc::new(ProxyHosts {
                base_url: proxy_host.into_base_url(),
                app: app_host,
            }),
            keys: HmacKeys::new(&keys.into(), SignatureLength::PROXY),
        }
    }

    /// Creates URLs with `http` instead of `https`, without encryption.
    ///
    /// This is for a proxy on the loopback interface, during development and in tests. The
    /// scheme is not signed: signatures do not change. [`verify`](Self::verify) then accepts
    /// URLs with `http` instead of `https`.
    ///
    /// ```
    /// use url_signer::{
    ///     Authority, ProxyFileName, ProxySigner, Secret, ThumbnailName, ThumbnailSigner,
    /// };
    /// use uuid::Uuid;
    ///
    /// let host = Authority::new("127.0.0.1:3000")?;
    /// let proxy = ProxySigner::new(host.clone(), host, Secret::new("proxy key")?);
    /// let proxy = proxy.with_plain_http();
    /// let thumbnails = ThumbnailSigner::new(Secret::new("thumbnail key")?);
    ///
    /// let path = thumbnails.sign(Uuid::nil(), ThumbnailName::Mini);
    /// let url = proxy.sign(ProxyFileName::new("Super Image", "png"), path).to_string();
    /// assert!(url.starts_with("http://127.0.0.1:3000/super-image.png?s="));
    /// assert_eq!(proxy.verify(&url)?.path(), path.to_string());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_plain_http(self) -> Self {
        let mut base_url = self.hosts.base_url.clone();
        // Cannot fail: both schemes are special schemes of the URL standard.
        let _ = base_url.set_scheme("http");
        let app = self.hosts.app.clone();
        Self {
            hosts: Arc::new(ProxyHosts { base_url, app }),
            ..self
        }
    }

    /// Sets the length of signatures. Signatures of any other length are rejected.
    #[must_use]
    pub fn with_signature_length(self, length: SignatureLength) -> Self {
        Self {
            keys: self.keys.with_signature_length(length),
            ..self
        }
    }

    /// Signs the proxy URL of a thumbnail.
    #[must_use]
    pub fn sign(&self, file_name: ProxyFileName, path: ThumbnailPath) -> ProxyUrl {
        let signature = self.keys.sign(|mac| {
            mac.update(self.hosts.app.as_str().as_bytes());
            mac.update(path.to_string().as_bytes());
        });
        ProxyUrl {
            hosts: Arc::clone(&self.hosts),
            file_name,
            path,
            signature,
        }
    }

    /// Verifies a proxy URL or a request target, and returns the host and path that
    /// the proxy may fetch.
    ///
    /// The host in the query parameter `url` must equal the app host. Without this check, an attacker who
    /// guesses a short signature could make the proxy fetch from any host.
    ///
    /// # Errors
    ///
    /// - A text that [`ProxyRequest::parse`] rejects. A signer
    ///   [with plain HTTP](Self::with_plain_http) accepts the scheme `http`, and rejects
    ///   `https`.
    /// - A signature whose length is not that of this signer.
    /// - A signature that no key of the ring creates for the value of `url`.
    /// - A host in `url` that is not the app host.
    /// - A path in `url` that [`ThumbnailRequest::parse`] rejects.
    pub fn verify<'a>(&self, url: &'a str) -> Result<VerifiedProxyRequest<'a>, VerifyError> {
        let request = match self.hosts.base_url.scheme() {
            "http" => ProxyRequest::parse_plain_http(url),
            _ => ProxyRequest::parse(url),
        }
        .map_err(|_| VerifyError)?;
        let is_signed = self
            .keys
            .verify(request.signature, |mac| mac.update(request.url.as_bytes()));
        // Only thumbnails are ever signed. Checking the path limits what a guessed
        // signature can fetch.
        let path = request
            .url
            .strip_prefix(self.hosts.app.as_str())
            .filter(|path| ThumbnailRequest::parse(path).is_ok());
        match path {
            Some(path) if is_signed => Ok(VerifiedProxyRequest {
                url: request.url,
                path,
            }),
            _ => Err(VerifyError),
        }
    }
}

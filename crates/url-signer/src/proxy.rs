use std::fmt::{self, Write};
use std::ops::DerefMut;
use std::sync::Arc;

use hmac::Mac;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::hex_signature::{HexKeys, HexSignature, is_hex_signature};
use crate::slug::write_slug;
use crate::{HexWidth, Host, KeyRing, ParseError, ThumbnailPath, ThumbnailRequest, VerifyError};

/// What may stand in a file name of a URL as it is: RFC 3986's unreserved.
const FILE_NAME: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Signs and verifies the URLs of a proxy that stands before the host.
///
/// A proxy URL names the file as people would, and carries the thumbnail path
/// from which the proxy is to fetch it:
/// `https://<proxy host>/<slug>.<format>?s=<signature>&url=<app host>/images/…`.
/// The signature is an HMAC-SHA256 of the value of `url`, cut to a
/// [`HexWidth`]. The file name is not signed.
///
/// ```
/// use url_signer::{Host, ProxyFileName, ProxySigner, Secret, ThumbnailName, ThumbnailSigner};
/// use uuid::Uuid;
///
/// let proxy = ProxySigner::new(
///     Host::new("proxy.example.org")?,
///     Host::new("app.example.org")?,
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
    pub(crate) proxy_host: Host,
    pub(crate) app_host: Host,
    pub(crate) keys: HexKeys,
}

impl ProxySigner {
    /// A signer whose signatures have the documented width, 7 digits.
    ///
    /// `proxy_host` is where the URLs lead, `app_host` where the proxy fetches.
    pub fn new(proxy_host: Host, app_host: Host, keys: impl Into<KeyRing>) -> Self {
        Self {
            proxy_host,
            app_host,
            keys: HexKeys::new(&keys.into(), HexWidth::PROXY),
        }
    }

    /// The same signer with signatures of another width; it verifies no other.
    #[must_use]
    pub fn with_width(self, width: HexWidth) -> Self {
        Self {
            keys: self.keys.with_width(width),
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

/// The file name in a proxy URL: `super-image.png`.
///
/// Cheap to clone: the proxy URLs of one image share it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProxyFileName(Arc<str>);

impl ProxyFileName {
    /// The [`slug`](crate::slug) of a name, `image` where that is empty, and a format as
    /// its extension, `jpg` where that is empty. Of the format, what can't
    /// stand in a URL is escaped.
    ///
    /// ```
    /// use url_signer::ProxyFileName;
    ///
    /// assert_eq!(ProxyFileName::new("Été à la mer", "jpg").as_str(), "ete-a-la-mer.jpg");
    /// assert_eq!(ProxyFileName::new("日本語", "jp g").as_str(), "image.jp%20g");
    /// assert_eq!(ProxyFileName::new("", "").as_str(), "image.jpg");
    /// ```
    #[must_use]
    pub fn new(name: &str, format: &str) -> Self {
        let mut file_name = String::with_capacity(name.len() + format.len() + 1);
        // A `String` takes anything; the result is for other writers.
        let _ = Self::write(name, format, &mut file_name);
        Self(file_name.into())
    }

    /// Writes a file name.
    pub(crate) fn write(
        name: &str,
        format: &str,
        f: &mut (impl Write + DerefMut<Target = str>),
    ) -> fmt::Result {
        let start = f.len();
        write_slug(name, f)?;
        if f.len() == start {
            f.write_str("image")?;
        }
        f.write_char('.')?;
        let format = if format.is_empty() { "jpg" } else { format };
        if format.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return f.write_str(format);
        }
        utf8_percent_encode(format, FILE_NAME).try_for_each(|piece| f.write_str(piece))
    }

    /// The file name as it stands in the URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
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

/// A proxy URL taken apart, not verified: anybody may have written it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ProxyRequest<'a> {
    /// Host of the proxy; `None` in the target of a request, which has none.
    pub proxy_host: Option<&'a str>,
    /// The file name, with its extension.
    pub file_name: &'a str,
    /// The hexadecimal digits that were sent as its signature.
    pub signature: &'a str,
    /// What the proxy is asked to fetch: host and path, without a scheme.
    pub url: &'a str,
}

impl<'a> ProxyRequest<'a> {
    /// Takes apart a whole URL, or the target of a request to the proxy: path
    /// and query, as they went over the wire.
    ///
    /// # Errors
    ///
    /// - White space, control characters, `#` or `\`.
    /// - Another scheme than `https`.
    /// - Another path than `/<slug>.<format>`.
    /// - Another query than `s=<signature>&url=<url>`, in this order.
    /// - A signature that is not 7 to 64 hexadecimal digits in lower case.
    /// - A `url` that is no host and path.
    pub fn parse(url: &'a str) -> Result<Self, ParseError> {
        let problem = |problem| ParseError::new("proxy url", problem);
        let stands =
            |char: char| !(char.is_whitespace() || char.is_control() || matches!(char, '#' | '\\'));
        if !url.chars().all(stands) {
            return Err(problem(
                "it has white space, a control character, `#` or `\\`",
            ));
        }
        let (proxy_host, path_and_query) = match url.strip_prefix("https://") {
            Some(rest) => rest
                .split_once('/')
                .filter(|(host, _)| !host.is_empty())
                .map(|(host, rest)| (Some(host), rest)),
            None => url.strip_prefix('/').map(|rest| (None, rest)),
        }
        .ok_or(problem("it begins with neither `https://<host>/` nor `/`"))?;
        let (file_name, query) = path_and_query
            .split_once('?')
            .ok_or(problem("it has no query"))?;
        // A slug has no dot, so the first one is before the format.
        let named = file_name
            .split_once('.')
            .is_some_and(|(slug, format)| !slug.is_empty() && !format.is_empty());
        if !named || file_name.contains('/') {
            return Err(problem("the path is not of the form `/<slug>.<format>`"));
        }
        let (signature, target) = query
            .strip_prefix("s=")
            .and_then(|query| query.split_once("&url="))
            .ok_or(problem("the query is not of the form `s=…&url=…`"))?;
        if !is_hex_signature(signature) {
            return Err(problem(
                "the signature is not 7 to 64 lower-case hex digits",
            ));
        }
        let located = target
            .split_once('/')
            .is_some_and(|(host, _)| !host.is_empty());
        if !located {
            return Err(problem("the value of `url` is no host and path"));
        }
        Ok(Self {
            proxy_host,
            file_name,
            signature,
            url: target,
        })
    }
}

/// What a proxy may fetch, borrowed from what was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VerifiedProxyRequest<'a> {
    url: &'a str,
    path: &'a str,
}

impl<'a> VerifiedProxyRequest<'a> {
    /// Host and path: `localhost/images/…`.
    #[must_use]
    pub const fn url(&self) -> &'a str {
        self.url
    }

    /// The path at the app host: `/images/…`.
    #[must_use]
    pub const fn path(&self) -> &'a str {
        self.path
    }
}

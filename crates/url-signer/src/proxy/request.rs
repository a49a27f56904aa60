use crate::digest::hex_signature::is_hex_signature;
use crate::error::ParseError;

/// The parts of a proxy URL. They are not verified: anybody may have written the URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ProxyRequest<'a> {
    /// The host of the proxy, or `None` for a request target, which has no host.
    pub proxy_host: Option<&'a str>,
    /// The file name with its extension.
    pub file_name: &'a str,
    /// The hexadecimal digits of the signature.
    pub signature: &'a str,
    /// The value of the query parameter `url`: the host and path that the proxy is asked
    /// to fetch, without a scheme.
    pub url: &'a str,
}

impl<'a> ProxyRequest<'a> {
    /// Parses an absolute URL, or a request target: the path and query that the proxy
    /// receives.
    ///
    /// ```
    /// use url_signer::ProxyRequest;
    ///
    /// let request = ProxyRequest::parse("/super-image.png?s=0123abc&url=localhost/images/1")?;
    /// assert_eq!(request.file_name, "super-image.png");
    /// assert_eq!(request.url, "localhost/images/1");
    /// # Ok::<(), url_signer::ParseError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - White space, control characters, `#` or `\`.
    /// - A scheme other than `https`.
    /// - A path other than `/<slug>.<format>`.
    /// - A query other than `s=<signature>&url=<url>`, in this order.
    /// - A signature other than 7 to 64 lower-case hexadecimal digits.
    /// - A query parameter `url` without a host or a path.
    pub fn parse(url: &'a str) -> Result<Self, ParseError> {
        let problem = "it starts with neither `https://<host>/` nor `/`";
        Self::parse_with_scheme(url, "https://", problem)
    }

    /// Parses a URL with the scheme `http`, or a request target.
    pub(super) fn parse_plain_http(url: &'a str) -> Result<Self, ParseError> {
        let problem = "it starts with neither `http://<host>/` nor `/`";
        Self::parse_with_scheme(url, "http://", problem)
    }

    fn parse_with_scheme(
        url: &'a str,
        scheme: &str,
        wrong_start: &'static str,
    ) -> Result<Self, ParseError> {
        let problem = |problem| ParseError::new("proxy url", problem);
        // Without an early exit, the compiler vectorizes this loop.
        let needs_check = url.bytes().fold(false, |found, byte| {
            found | !byte.is_ascii_graphic() | matches!(byte, b'#' | b'\\')
        });
        let is_invalid =
            |char: char| char.is_whitespace() || char.is_control() || matches!(char, '#' | '\\');
        if needs_check && url.contains(is_invalid) {
            return Err(problem(
                "unexpected white space, control character, `#` or `\\`",
            ));
        }
        let (proxy_host, path_and_query) = match url.strip_prefix(scheme) {
            Some(rest) => rest
                .split_once('/')
                .filter(|(host, _)| !host.is_empty())
                .map(|(host, rest)| (Some(host), rest)),
            None => url.strip_prefix('/').map(|rest| (None, rest)),
        }
        .ok_or(problem(wrong_start))?;
        let (file_name, query) = path_and_query
            .split_once('?')
            .ok_or(problem("missing query"))?;
        // A slug contains no dot: the first one precedes the format.
        let has_extension = file_name
            .split_once('.')
            .is_some_and(|(slug, format)| !slug.is_empty() && !format.is_empty());
        if !has_extension || file_name.contains('/') {
            return Err(problem("the path is not of the form `/<slug>.<format>`"));
        }
        let (signature, target) = query
            .strip_prefix("s=")
            .and_then(|query| query.split_once("&url="))
            .ok_or(problem("the query is not of the form `s=…&url=…`"))?;
        if !is_hex_signature(signature) {
            return Err(problem(
                "the signature is not 7 to 64 lower-case hexadecimal digits",
            ));
        }
        let has_path = target
            .split_once('/')
            .is_some_and(|(host, _)| !host.is_empty());
        if !has_path {
            return Err(problem("the value of `url` is not a host and a path"));
        }
        Ok(Self {
            proxy_host,
            file_name,
            signature,
            url: target,
        })
    }
}

/// A verified proxy request: the host and path that the proxy may fetch.
///
/// Only [`ProxySigner::verify`](crate::ProxySigner::verify) creates this type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VerifiedProxyRequest<'a> {
    pub(super) url: &'a str,
    pub(super) path: &'a str,
}

impl<'a> VerifiedProxyRequest<'a> {
    /// Returns the value of the query parameter `url`: the host and path to fetch,
    /// without a scheme, such as `localhost/images/…`.
    #[must_use]
    pub const fn url(&self) -> &'a str {
        self.url
    }

    /// Returns the path on the app host: `/images/…`.
    #[must_use]
    pub const fn path(&self) -> &'a str {
        self.path
    }
}

use crate::ParseError;
use crate::digest::hmac::is_hex_signature;

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
    pub(super) url: &'a str,
    pub(super) path: &'a str,
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

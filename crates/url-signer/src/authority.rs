use std::fmt;
use std::str::FromStr;

use thiserror::Error;
use url::Url;

/// A host name or address with an optional port: `localhost:3000`.
///
/// Exactly what stands between `https://` and the path, in the one way in
/// which URL libraries write it, so that comparing hosts is comparing text.
///
/// ```
/// use url_signer::Authority;
///
/// let host = Authority::new("images.example.org:8443")?;
/// assert_eq!(host.as_str(), "images.example.org:8443");
/// assert_eq!(
///     Authority::new("https://example.org").unwrap_err().to_string(),
///     "host `https://example.org` has a scheme",
/// );
/// # Ok::<(), url_signer::AuthorityError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Authority {
    text: String,
    /// `https://` and the host.
    base: Url,
}

impl Authority {
    /// A host, checked.
    ///
    /// # Errors
    ///
    /// - No host at all.
    /// - A scheme, a path, a query or a fragment: `https://…`, `…/x`, `…?x`, `…#x`.
    /// - A user: `user@…`.
    /// - What is no host name or address, or no port.
    /// - A host that URL libraries write in another way, such as one in upper case.
    pub fn new(host: &str) -> Result<Self, AuthorityError> {
        let refused = |reason| AuthorityError {
            host: host.to_owned(),
            reason,
        };
        if host.is_empty() {
            return Err(refused(Reason::Empty));
        }
        if host.contains("://") {
            return Err(refused(Reason::Scheme));
        }
        for (mark, reason) in [
            ('/', Reason::Path),
            ('\\', Reason::Path),
            ('?', Reason::Query),
            ('#', Reason::Fragment),
            ('@', Reason::User),
        ] {
            if host.contains(mark) {
                return Err(refused(reason));
            }
        }
        let base = Url::parse(&format!("https://{host}/"))
            .map_err(|error| refused(Reason::NoHost(error)))?;
        let written = match (base.host_str(), base.port()) {
            (Some(name), Some(port)) => format!("{name}:{port}"),
            (Some(name), None) => name.to_owned(),
            (None, _) => return Err(refused(Reason::NoHost(url::ParseError::EmptyHost))),
        };
        if let Some(url::Host::Domain(name)) = base.host()
            && !is_domain(name)
        {
            return Err(refused(Reason::NoHost(
                url::ParseError::InvalidDomainCharacter,
            )));
        }
        if written != host {
            return Err(refused(Reason::Written(written)));
        }
        Ok(Self {
            text: written,
            base,
        })
    }

    /// The host and, if it has one, the port.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `https://<host>/`.
    pub(crate) const fn base(&self) -> &Url {
        &self.base
    }
}

/// URL libraries let characters stand in a name that no name has.
fn is_domain(name: &str) -> bool {
    name.split('.').all(|label| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    })
}

impl FromStr for Authority {
    type Err = AuthorityError;

    fn from_str(host: &str) -> Result<Self, AuthorityError> {
        Self::new(host)
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Authority").field(&self.text).finish()
    }
}

/// Why a text is no [`Authority`].
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("host `{}` {reason}", .host.escape_debug())]
pub struct AuthorityError {
    host: String,
    reason: Reason,
}

#[derive(Clone, Debug, Error, PartialEq, Eq)]
enum Reason {
    #[error("is empty")]
    Empty,
    #[error("has a scheme")]
    Scheme,
    #[error("has a path")]
    Path,
    #[error("has a query")]
    Query,
    #[error("has a fragment")]
    Fragment,
    #[error("has a user")]
    User,
    #[error("is no host: {0}")]
    NoHost(url::ParseError),
    #[error("is to be written `{0}`")]
    Written(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_addresses_and_ports_are_hosts() {
        for host in [
            "localhost",
            "localhost:3000",
            "sharinpix-proxy-dev.herokuapp.com",
            "my_cloud-res.cloudinary.com",
            "127.0.0.1:80",
            "[::1]:3000",
            "xn--bcher-kva.example",
        ] {
            assert_eq!(Authority::new(host).unwrap().to_string(), host);
        }
    }

    #[test]
    fn what_is_more_or_less_than_a_host_is_refused() {
        let refusals = [
            ("", "host `` is empty"),
            (
                "https://example.org",
                "host `https://example.org` has a scheme",
            ),
            ("example.org/", "host `example.org/` has a path"),
            ("example.org\\x", "host `example.org\\\\x` has a path"),
            ("example.org?x", "host `example.org?x` has a query"),
            ("example.org#x", "host `example.org#x` has a fragment"),
            ("me@example.org", "host `me@example.org` has a user"),
            (
                "exa mple.org",
                "host `exa mple.org` is no host: invalid international domain name",
            ),
            (
                "a&url=evil",
                "host `a&url=evil` is no host: invalid domain character",
            ),
            ("a..b", "host `a..b` is no host: invalid domain character"),
            ("*.org", "host `*.org` is no host: invalid domain character"),
            (
                "example.org:99999",
                "host `example.org:99999` is no host: invalid port number",
            ),
            ("a\nb", "host `a\\nb` is to be written `ab`"),
            (
                "Example.org",
                "host `Example.org` is to be written `example.org`",
            ),
            (
                "bücher.example",
                "host `bücher.example` is to be written `xn--bcher-kva.example`",
            ),
            (
                "example.org:443",
                "host `example.org:443` is to be written `example.org`",
            ),
            ("127.1", "host `127.1` is to be written `127.0.0.1`"),
        ];
        for (host, text) in refusals {
            assert_eq!(Authority::new(host).unwrap_err().to_string(), text);
        }
    }
}

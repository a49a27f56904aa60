use std::fmt;
use std::str::FromStr;

use thiserror::Error;
use url::Url;

/// A host with an optional port: the authority of an `https` URL, without user
/// information.
///
/// Only the normalized form that the URL standard defines is accepted. Two authorities
/// are therefore equal if and only if their texts are equal.
///
/// ```
/// use url_signer::Authority;
///
/// let authority = Authority::new("images.example.org:8443")?;
/// assert_eq!(authority.as_str(), "images.example.org:8443");
///
/// let error = Authority::new("Example.org").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "invalid authority `Example.org`: not normalized; use `example.org`",
/// );
/// # Ok::<(), url_signer::AuthorityError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Authority {
    text: String,
    /// `https://<authority>/`
    base_url: Url,
}

impl Authority {
    /// Creates an authority from a host name or an IP address, with an optional port.
    ///
    /// # Errors
    ///
    /// - An empty text.
    /// - A scheme, user information, a path, a query or a fragment.
    /// - An invalid host name, IP address or port.
    /// - A host or port that is not normalized, such as `Example.org` or
    ///   `example.org:443`.
    pub fn new(authority: &str) -> Result<Self, AuthorityError> {
        let invalid = |reason| AuthorityError {
            authority: without_secrets(authority),
            reason,
        };
        if authority.is_empty() {
            return Err(invalid(Reason::Empty));
        }
        if authority.contains("://") {
            return Err(invalid(Reason::Component("scheme")));
        }
        for (delimiter, component) in [
            ('/', "path"),
            ('\\', "path"),
            ('?', "query"),
            ('#', "fragment"),
            ('@', "user"),
        ] {
            if authority.contains(delimiter) {
                return Err(invalid(Reason::Component(component)));
            }
        }
        let base_url = Url::parse(&format!("https://{authority}/"))
            .map_err(|error| invalid(Reason::Url(error)))?;
        let normalized = match (base_url.host_str(), base_url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (Some(host), None) => host.to_owned(),
            (None, _) => return Err(invalid(Reason::Url(url::ParseError::EmptyHost))),
        };
        if let Some(url::Host::Domain(name)) = base_url.host()
            && !is_domain_name(name)
        {
            return Err(invalid(Reason::Url(
                url::ParseError::InvalidDomainCharacter,
            )));
        }
        if normalized != authority {
            return Err(invalid(Reason::NotNormalized(normalized)));
        }
        Ok(Self {
            text: normalized,
            base_url,
        })
    }

    /// Returns the host and, if present, the port.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `https://<authority>/`
    pub(crate) const fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// `https://<authority>/`
    pub(crate) fn into_base_url(self) -> Url {
        self.base_url
    }
}

/// Replaces the user and the query, which may contain passwords and keys, and the secret
/// in the URL of a Cloudinary account.
fn without_secrets(authority: &str) -> String {
    if authority.starts_with("cloudinary:") {
        return "cloudinary:..".to_owned();
    }
    let (before, query) = authority
        .split_once('?')
        .map_or((authority, ""), |(before, _)| (before, "?.."));
    // The `@` may follow a `?` in a password.
    match (authority.contains('@'), before.rsplit_once('@')) {
        (true, Some((_, rest))) => format!("..@{rest}{query}"),
        (true, None) => "..".to_owned(),
        (false, _) => format!("{before}{query}"),
    }
}

/// The URL standard allows more characters in a domain than DNS names have.
fn is_domain_name(name: &str) -> bool {
    name.split('.').all(|label| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    })
}

impl FromStr for Authority {
    type Err = AuthorityError;

    fn from_str(authority: &str) -> Result<Self, AuthorityError> {
        Self::new(authority)
    }
}

impl TryFrom<&str> for Authority {
    type Error = AuthorityError;

    fn try_from(authority: &str) -> Result<Self, AuthorityError> {
        Self::new(authority)
    }
}

impl TryFrom<String> for Authority {
    type Error = AuthorityError;

    fn try_from(authority: String) -> Result<Self, AuthorityError> {
        Self::new(&authority)
    }
}

impl AsRef<str> for Authority {
    fn as_ref(&self) -> &str {
        self.as_str()
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

/// An error creating an [`Authority`].
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("invalid authority `{}`: {reason}", .authority.escape_debug())]
pub struct AuthorityError {
    authority: String,
    reason: Reason,
}

#[derive(Clone, Debug, Error, PartialEq, Eq)]
enum Reason {
    #[error("it is empty")]
    Empty,
    #[error("unexpected {0}")]
    Component(&'static str),
    #[error("{0}")]
    Url(url::ParseError),
    #[error("not normalized; use `{0}`")]
    NotNormalized(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_names_addresses_and_ports() {
        for authority in [
            "localhost",
            "localhost:3000",
            "sharinpix-proxy-dev.herokuapp.com",
            "my_cloud-res.cloudinary.com",
            "127.0.0.1:80",
            "[::1]:3000",
            "xn--bcher-kva.example",
        ] {
            assert_eq!(Authority::new(authority).unwrap().to_string(), authority);
        }
    }

    #[test]
    fn rejects_everything_else() {
        for (authority, reason) in [
            ("", "it is empty"),
            ("https://example.org", "unexpected scheme"),
            ("example.org/", "unexpected path"),
            ("example.org\\x", "unexpected path"),
            ("example.org#x", "unexpected fragment"),
            ("exa mple.org", "invalid international domain name"),
            ("a&url=evil", "invalid domain character"),
            ("a..b", "invalid domain character"),
            ("*.org", "invalid domain character"),
            ("example.org:99999", "invalid port number"),
            ("a\nb", "not normalized; use `ab`"),
            ("Example.org", "not normalized; use `example.org`"),
            (
                "bücher.example",
                "not normalized; use `xn--bcher-kva.example`",
            ),
            ("example.org:443", "not normalized; use `example.org`"),
            ("127.1", "not normalized; use `127.0.0.1`"),
        ] {
            assert_eq!(
                Authority::new(authority).unwrap_err().to_string(),
                format!("invalid authority `{}`: {reason}", authority.escape_debug())
            );
        }
    }

    #[test]
    fn errors_hide_passwords_and_keys() {
        for (authority, text) in [
            (
                "example.org?key=password",
                "invalid authority `example.org?..`: unexpected query",
            ),
            (
                "me:password?word@example.org",
                "invalid authority `..`: unexpected query",
            ),
            (
                "cloudinary://key:password",
                "invalid authority `cloudinary:..`: unexpected scheme",
            ),
            (
                "cloudinary://key:secret@demo?auth_token[key]=password",
                "invalid authority `cloudinary:..`: unexpected scheme",
            ),
            (
                "me:password@example.org",
                "invalid authority `..@example.org`: unexpected user",
            ),
            (
                "https://me:password@example.org/",
                "invalid authority `..@example.org/`: unexpected scheme",
            ),
        ] {
            let error = Authority::new(authority).unwrap_err();
            assert_eq!(error.to_string(), text);
            assert!(!format!("{error:?}").contains("password"));
        }
    }
}

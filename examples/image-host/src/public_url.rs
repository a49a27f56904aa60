//! The URL under which clients reach the host.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use thiserror::Error;
use url_signer::url::Url;

/// An `http` or `https` URL without a query, for example
/// `https://images.example.org`. It may have a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicUrl(Url);

#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(crate) enum PublicUrlError {
    #[error("expected an absolute URL such as https://images.example.org")]
    Invalid,
    #[error("expected the scheme https or http")]
    Scheme,
    #[error("a user name or password is not allowed")]
    Credentials,
    #[error("a query or fragment is not allowed")]
    Query,
}

impl PublicUrl {
    /// Returns the URL of the address that a host listens on, or `None` for
    /// `0.0.0.0` and `::`, which are not addresses of a host.
    pub(crate) fn of_listener(address: SocketAddr) -> Option<Self> {
        if address.ip().to_canonical().is_unspecified() {
            return None;
        }
        format!("http://{address}").parse().ok()
    }

    /// Returns the URL of a path of this host. The path starts with `/`.
    pub(crate) fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0.as_str().trim_end_matches('/'))
    }
}

impl FromStr for PublicUrl {
    type Err = PublicUrlError;

    fn from_str(text: &str) -> Result<Self, PublicUrlError> {
        let url: Url = text.parse().map_err(|_| PublicUrlError::Invalid)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(PublicUrlError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(PublicUrlError::Credentials);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(PublicUrlError::Query);
        }
        Ok(Self(url))
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.join(""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_appended() {
        for (url, joined) in [
            ("https://a.example", "https://a.example/b"),
            ("https://a.example/", "https://a.example/b"),
            ("http://[::1]:3000", "http://[::1]:3000/b"),
            ("https://a.example/images/", "https://a.example/images/b"),
        ] {
            let public_url: PublicUrl = url.parse().unwrap();
            assert_eq!(public_url.join("/b"), joined);
        }
    }

    #[test]
    fn other_urls_are_rejected() {
        for (url, error) in [
            ("", PublicUrlError::Invalid),
            ("a.example", PublicUrlError::Invalid),
            ("/path", PublicUrlError::Invalid),
            ("a.example:3000", PublicUrlError::Scheme),
            ("ftp://a.example", PublicUrlError::Scheme),
            ("https://user@a.example", PublicUrlError::Credentials),
            ("https://:secret@a.example", PublicUrlError::Credentials),
            ("https://a.example?", PublicUrlError::Query),
            ("https://a.example#b", PublicUrlError::Query),
        ] {
            assert_eq!(url.parse::<PublicUrl>(), Err(error), "{url}");
        }
    }

    #[test]
    fn an_unspecified_address_has_no_url() {
        for (address, url) in [
            ("127.0.0.1:3000", Some("http://127.0.0.1:3000")),
            ("[::1]:3000", Some("http://[::1]:3000")),
            ("0.0.0.0:3000", None),
            ("[::]:3000", None),
            ("[::ffff:0.0.0.0]:3000", None),
        ] {
            let public_url = PublicUrl::of_listener(address.parse().unwrap());
            let public_url = public_url.map(|url| url.to_string());
            assert_eq!(public_url.as_deref(), url);
        }
    }
}

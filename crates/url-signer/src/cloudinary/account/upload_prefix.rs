//! The start of the URLs of the API, which differs by region.

use std::fmt;

use url::Url;

use super::option_value::Expected;
use crate::authority::{Authority, AuthorityError};

const EXPECTED: Expected = "a URL such as `https://api-eu.cloudinary.com`";

/// The scheme and the host of the API, and an optional path.
#[derive(Clone)]
pub(crate) struct UploadPrefix(Url);

impl UploadPrefix {
    pub(crate) fn new(text: &str) -> Result<Self, Expected> {
        let url = Url::parse(text).map_err(|_| EXPECTED)?;
        let has_only_host_and_path = matches!(url.scheme(), "https" | "http")
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
            && !url.path().ends_with("//");
        if !has_only_host_and_path || without_slash(url.as_str()) != without_slash(text) {
            return Err(EXPECTED);
        }
        Ok(Self(url))
    }

    /// The prefix without the option `upload_prefix`.
    pub(crate) fn shared() -> Result<Self, AuthorityError> {
        let authority = Authority::new("api.cloudinary.com")?;
        Ok(Self(authority.base_url().clone()))
    }

    /// The URL of a path below the prefix.
    pub(crate) fn join(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!("{}/{path}", without_slash(self.0.path())));
        url
    }
}

impl fmt::Debug for UploadPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UploadPrefix({})", self.0)
    }
}

fn without_slash(text: &str) -> &str {
    text.strip_suffix('/').unwrap_or(text)
}

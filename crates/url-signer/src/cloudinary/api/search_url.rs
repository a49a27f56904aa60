//! Verification of search URLs:
//! `<delivery host and cloud>/search/<signature>/<ttl>/<query>[/<cursor>]`.

use std::fmt;

use base64::Engine;

use super::base64url::{BASE64, BASE64URL};
use crate::cloudinary::account::cloud::Cloud;
use crate::cloudinary::account::signature_algorithm::SignatureAlgorithm;
use crate::cloudinary::path::segments::split_segment;
use crate::error::VerifyError;

/// A verified search URL: its query, its time to live and its cursor.
///
/// Only [`Cloud::verify_search`] creates this type.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct VerifiedSearch<'a> {
    query: Vec<u8>,
    ttl: u64,
    cursor: Option<&'a str>,
}

impl<'a> VerifiedSearch<'a> {
    /// Returns the query, a JSON object. It is signed.
    #[must_use]
    pub fn query(&self) -> &[u8] {
        &self.query
    }

    /// Returns the number of seconds for which the result may be cached. It is signed.
    #[must_use]
    pub const fn ttl(&self) -> u64 {
        self.ttl
    }

    /// Returns the position at which the result continues. It is not signed: anybody can
    /// add, change or remove it.
    #[must_use]
    pub const fn cursor(&self) -> Option<&'a str> {
        self.cursor
    }
}

impl fmt::Debug for VerifiedSearch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedSearch")
            .field("query", &String::from_utf8_lossy(&self.query))
            .field("ttl", &self.ttl)
            .field("cursor", &self.cursor)
            .finish()
    }
}

/// The parts of a search URL after the signature.
struct Parts<'a> {
    signature: &'a str,
    ttl: &'a str,
    /// The query, and the cursor if there is one.
    rest: &'a str,
}

impl Cloud {
    /// Verifies the signature of a search URL.
    ///
    /// The URL must belong to this account: its host is one of Cloudinary's or a configured
    /// one, and its path starts with the cloud name where the host does not imply it.
    /// The signature is always SHA-256. The API secret and all retired secrets are accepted.
    ///
    /// The text of the query is signed, not its meaning. Queries of all official SDKs are
    /// therefore accepted, although their JSON and their base64 differ. JSON by the SDK for
    /// Node is not valid UTF-8 if the query contains characters other than ASCII.
    ///
    /// A search URL does not expire. Its time to live only limits how long the result is
    /// cached.
    ///
    /// ```
    /// use url_signer::Secret;
    /// use url_signer::cloudinary::Cloud;
    ///
    /// let cloud = Cloud::new("demo", Secret::new("abcd")?)?;
    /// let url = "https://res.cloudinary.com/demo/search/\
    ///     41547be44d99062fdfbcd1c3255afddaf7a6f5ba3e6f450d1de62297b92f3cd7/300/eyJleHByZXNzaW9uIjoidGFncz1raXR0ZW4ifQ==";
    /// let verified = cloud.verify_search(url)?;
    /// assert_eq!(verified.query(), br#"{"expression":"tags=kitten"}"#);
    /// assert_eq!(verified.ttl(), 300);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - A text that is not a search URL, or one with a query string or a fragment.
    /// - A host or cloud name that does not belong to this account.
    /// - A signature that no key of the cloud creates for this query and time to live.
    /// - A query that is not a JSON object in base64.
    /// - A cursor with characters other than ASCII letters, digits and `-._~+=`.
    pub fn verify_search<'a>(&self, url: &'a str) -> Result<VerifiedSearch<'a>, VerifyError> {
        let parts = self.search_parts(url).ok_or(VerifyError)?;
        // Base64 by the SDK for Node may contain `/`. The signature tells whether the last
        // segment belongs to the query.
        let with_cursor = parts.rest.rsplit_once('/');
        let with_cursor = with_cursor.map(|(query, cursor)| (query, Some(cursor)));
        [Some((parts.rest, None)), with_cursor]
            .into_iter()
            .flatten()
            .find_map(|(query, cursor)| self.verified_search(&parts, query, cursor))
            .ok_or(VerifyError)
    }

    fn verified_search<'a>(
        &self,
        parts: &Parts<'a>,
        query: &str,
        cursor: Option<&'a str>,
    ) -> Option<VerifiedSearch<'a>> {
        let message = [parts.ttl.as_bytes(), query.as_bytes()];
        let is_signed = self.is_signature_of(SignatureAlgorithm::Sha256, &message, parts.signature);
        if !bool::from(is_signed) || !cursor.is_none_or(is_cursor) {
            return None;
        }
        Some(VerifiedSearch {
            query: decoded_query(query)?,
            ttl: ttl(parts.ttl)?,
            cursor,
        })
    }

    /// Splits a search URL of this account.
    fn search_parts<'a>(&self, url: &'a str) -> Option<Parts<'a>> {
        let rest = url
            .strip_prefix("https://")
            .or_else(|| url.strip_prefix("http://"))?;
        let (host, path) = split_segment(rest)?;
        let named = path.strip_prefix(self.name()).and_then(|rest| {
            let parts = Parts::parse(rest.strip_prefix('/')?)?;
            Some((Some(self.name()), parts))
        });
        let (cloud_name, parts) = match named {
            Some(named) => named,
            None => (None, Parts::parse(path)?),
        };
        let is_own = self.hosts.belongs_to(self.name(), host, cloud_name);
        is_own.then_some(parts)
    }
}

impl<'a> Parts<'a> {
    /// Parses the path after the cloud name.
    fn parse(path: &'a str) -> Option<Self> {
        let (signature, rest) = split_segment(path.strip_prefix("search/")?)?;
        let (ttl, rest) = split_segment(rest)?;
        Some(Self {
            signature,
            ttl,
            rest,
        })
    }
}

/// Parses a time to live: digits without a leading zero.
fn ttl(text: &str) -> Option<u64> {
    let ttl: u64 = text.parse().ok()?;
    (itoa::Buffer::new().format(ttl) == text).then_some(ttl)
}

/// Decodes a query. The object's `{` makes the base64 start with `e`, so no digit of the
/// query can be moved to the time to live.
fn decoded_query(text: &str) -> Option<Vec<u8>> {
    let alphabet = if text.contains(['-', '_']) {
        BASE64URL
    } else {
        BASE64
    };
    let query = alphabet.decode(text).ok()?;
    (query.starts_with(b"{") && query.ends_with(b"}")).then_some(query)
}

/// Returns whether a text can be written as the last segment of a URL as it is.
pub(super) fn is_cursor(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+=".contains(&byte);
    text.bytes().all(is_allowed) && !matches!(text, "" | "." | "..")
}

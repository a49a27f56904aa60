//! Requests of clients: the ids in the query and the token.
//!
//! ```
//! use sync_payload::request::{RequestLimits, SyncRequest};
//!
//! let query = "ids[]=14364f29-c30d-4bbb-992c-19e6031244f7&ids%5B%5D=89d5c88f-bb34-4d95-babc-0f17d44e52db";
//! let authorization: &[u8] = br#"Token token="eyJ0eXAi.eyJleHAi.F7OWGJTp""#;
//! let request = SyncRequest::parse(Some(query), [authorization], &RequestLimits::new())?;
//! assert_eq!(request.ids.map(|ids| ids.len()), Some(2));
//! // The host verifies the token with its own JWT library.
//! assert_eq!(request.token.as_str(), "eyJ0eXAi.eyJleHAi.F7OWGJTp");
//! # Ok::<(), sync_payload::request::RequestError>(())
//! ```

mod authorization;
mod error;
mod ids;
mod limits;

use uuid::Uuid;

pub use self::authorization::RequestToken;
pub use self::error::RequestError;
pub use self::limits::RequestLimits;

/// A request for images.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SyncRequest<'a> {
    /// The ids of the requested images, each once, in the order of the query.
    /// `None` requests all images that the caller may see.
    ///
    /// The images of a response are in the order of the host, not of the ids.
    pub ids: Option<Vec<Uuid>>,
    /// The token of the caller, not verified.
    pub token: RequestToken<'a>,
}

impl<'a> SyncRequest<'a> {
    /// Parses the query of the target, without `?`, and the values of all
    /// `Authorization` headers. Both are as received.
    ///
    /// The ids are the values of `ids[]`, whose brackets may be percent-encoded.
    /// They are UUIDs with hyphens, in lower or upper case. `ids[]=` alone is an
    /// empty list, whose response is `[]`. Other keys are ignored.
    ///
    /// The token is parsed as Ruby on Rails does: the scheme is `Token` or
    /// `Bearer`, the parameters are separated by `,`, `;` or tabs, and the first
    /// one is the token. Its name `token=` and its quotes are optional.
    ///
    /// A framework without the types of the `http` crate passes its own values:
    ///
    /// ```
    /// use sync_payload::request::{RequestError, RequestLimits, SyncRequest};
    ///
    /// let headers = [("accept", "*/*"), ("authorization", "Token a.b.c")];
    /// let authorizations = headers
    ///     .iter()
    ///     .filter(|(name, _)| name.eq_ignore_ascii_case("authorization"))
    ///     .map(|(_, value)| value.as_bytes());
    /// let request = SyncRequest::parse(None, authorizations, &RequestLimits::new())?;
    /// assert_eq!(request.token.as_str(), "a.b.c");
    /// # Ok::<(), RequestError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - A query or an `Authorization` with more bytes than the limit.
    /// - More ids than the limit.
    /// - A value of `ids[]` that is not a UUID, or an empty one beside others.
    /// - No `Authorization`, more than one, one of another scheme, or one without
    ///   a token.
    /// - A token with a space, a control character or a character beyond ASCII.
    pub fn parse(
        query: Option<&str>,
        authorizations: impl IntoIterator<Item = &'a [u8]>,
        limits: &RequestLimits,
    ) -> Result<Self, RequestError> {
        let mut authorizations = authorizations.into_iter();
        let authorization = authorizations.next();
        if authorizations.next().is_some() {
            return Err(RequestError::MultipleAuthorizations);
        }
        let query = query.unwrap_or_default();
        if query.len() > limits.query_bytes {
            return Err(RequestError::QueryTooLong {
                limit: limits.query_bytes,
            });
        }
        let authorization = authorization.ok_or(RequestError::MissingAuthorization)?;
        if authorization.len() > limits.header_bytes {
            return Err(RequestError::AuthorizationTooLong {
                limit: limits.header_bytes,
            });
        }
        let token = RequestToken::parse(authorization)?;
        let ids = ids::parse(query, limits.ids)?;
        Ok(Self { ids, token })
    }

    /// Parses the head of a request with the types of the `http` crate.
    ///
    /// ```
    /// use sync_payload::request::{RequestError, RequestLimits, SyncRequest};
    ///
    /// fn token(parts: &http::request::Parts) -> Result<&str, RequestError> {
    ///     let request = SyncRequest::from_parts(parts, &RequestLimits::new())?;
    ///     Ok(request.token.as_str())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// - The inputs that fail [`parse`](Self::parse).
    #[cfg(feature = "http")]
    pub fn from_parts(
        parts: &'a http::request::Parts,
        limits: &RequestLimits,
    ) -> Result<Self, RequestError> {
        let authorizations = parts.headers.get_all(http::header::AUTHORIZATION);
        let authorizations = authorizations.iter().map(http::HeaderValue::as_bytes);
        Self::parse(parts.uri.query(), authorizations, limits)
    }
}

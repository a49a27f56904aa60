//! Parsing the requests of clients: the ids in the query, and the token.
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
mod keys;
mod limits;

use uuid::Uuid;

pub use self::authorization::RequestToken;
pub use self::error::RequestError;
pub use self::limits::RequestLimits;

/// A request for a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SyncRequest<'a> {
    /// The ids of the requested images, in the order of the query and without
    /// duplicates. `None` requests all images that the client is allowed to see.
    ///
    /// The host chooses the order of the images in the response.
    pub ids: Option<Vec<Uuid>>,
    /// The token of the client, not verified.
    pub token: RequestToken<'a>,
}

impl<'a> SyncRequest<'a> {
    /// Parses a request from its query and its `Authorization` headers.
    ///
    /// `query` is the query of the request target, without `?` and still
    /// percent-encoded. `authorizations` are the values of all `Authorization` headers.
    ///
    /// The ids are the values of the key `ids[]`, which may be percent-encoded. An id is
    /// a UUID with hyphens, in lower or upper case. A single `ids[]=` requests no images:
    /// the payload is `[]`. `ids=` and one id requests one image, and `ids=` alone
    /// requests none.
    ///
    /// Other keys are ignored, except filters by ids that are not supported. These are
    /// the keys in which `id` or `ids` is a word, in any case and encoded any number of
    /// times: `ids[0]`, `IDS[]`, `id`, `filter[ids]`. A word consists of letters, digits,
    /// `_` and `-`, so `page_id` is ignored. A key that is `id` or `ids` without its
    /// brackets and other characters, such as `i[d]`, is not supported either.
    ///
    /// The token is parsed as in Ruby on Rails:
    ///
    /// - The scheme is `Token` or `Bearer`. It is case-sensitive.
    /// - The parameters are separated by `,`, `;` or tabs. The first parameter is the
    ///   token.
    /// - The name `token=` and the quotes around the token are optional.
    ///
    /// With a framework that does not use the `http` crate, pass its values:
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
    /// - The query or the `Authorization` header is longer than its limit.
    /// - The query has more ids than the limit.
    /// - A value of `ids[]` or `ids` is not a UUID. The empty value is allowed if it is
    ///   the only value.
    /// - The query has `ids` more than once, or together with `ids[]`.
    /// - The query has a filter by ids that is not supported.
    /// - The `Authorization` header is missing or occurs more than once.
    /// - The scheme is neither `Token` nor `Bearer`, or the token is missing.
    /// - The token contains a space, a control character or a character that is not
    ///   ASCII.
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

    /// Parses a request from the types of the `http` crate.
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
    /// - [`parse`](Self::parse) fails for the query and the headers of the request.
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

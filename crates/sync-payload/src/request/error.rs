use thiserror::Error;

/// An error parsing a request.
///
/// [`Response::from_error`](crate::response::Response::from_error) creates the
/// response.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// A query that is too long: status 414.
    #[error("the query is longer than {limit} bytes")]
    QueryTooLong {
        /// The maximum number of bytes.
        limit: usize,
    },
    /// Too many ids: status 400.
    #[error("the query has more than {limit} ids")]
    TooManyIds {
        /// The maximum number of ids.
        limit: usize,
    },
    /// A value of `ids[]` that is not a UUID: status 400.
    #[error("ids[{index}] is not a UUID")]
    InvalidId {
        /// The position among the values of `ids[]`, from 0.
        index: usize,
    },
    /// A value of `ids` that is not a UUID: status 400.
    #[error("`ids` is not a UUID: for a list, use `ids[]` once for each id")]
    InvalidSingleId,
    /// More than one `ids`, or `ids` together with `ids[]`: status 400.
    #[error("`ids` is not the only filter: for a list, use `ids[]` once for each id")]
    AmbiguousIds,
    /// A key that looks like a filter by ids and is neither `ids[]` nor `ids`:
    /// status 400.
    ///
    /// If the key were ignored, the response would contain all images.
    #[error("unsupported key `{key}`: use `ids[]` once for each id")]
    UnsupportedKey {
        /// The key, percent-encoded and truncated, so that it is safe to print.
        key: Box<str>,
    },
    /// No `Authorization` header: status 401.
    #[error("the Authorization header is missing")]
    MissingAuthorization,
    /// More than one `Authorization` header: status 400.
    #[error("there is more than one Authorization header")]
    MultipleAuthorizations,
    /// An `Authorization` header that is too long: status 431.
    #[error("the Authorization header is longer than {limit} bytes")]
    AuthorizationTooLong {
        /// The maximum number of bytes.
        limit: usize,
    },
    /// An `Authorization` header that does not start with `Token` or `Bearer`,
    /// followed by white space: status 401.
    #[error("the Authorization scheme is not supported: use `Token`")]
    UnsupportedScheme,
    /// An `Authorization` header without a token: status 401.
    #[error("the Authorization header has no token")]
    MissingToken,
    /// A token with a space, a control character or a character that is not ASCII:
    /// status 401.
    #[error("invalid byte at {at} of the token")]
    InvalidToken {
        /// The position of the invalid byte in the token, from 0.
        at: usize,
    },
}

impl RequestError {
    /// Returns the status of the response.
    ///
    /// ```
    /// use sync_payload::request::RequestError;
    ///
    /// assert_eq!(RequestError::MissingAuthorization.status(), 401);
    /// ```
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::TooManyIds { .. }
            | Self::InvalidId { .. }
            | Self::InvalidSingleId
            | Self::AmbiguousIds
            | Self::UnsupportedKey { .. }
            | Self::MultipleAuthorizations => 400,
            Self::MissingAuthorization
            | Self::UnsupportedScheme
            | Self::MissingToken
            | Self::InvalidToken { .. } => 401,
            Self::QueryTooLong { .. } => 414,
            Self::AuthorizationTooLong { .. } => 431,
        }
    }
}

//! What a client asks for: the ids in the query, and the token that says who asks.
//!
//! ```
//! use sync_payload::request::{RequestLimits, SyncRequest};
//!
//! let request = SyncRequest::parse(
//!     Some("ids[]=14364f29-c30d-4bbb-992c-19e6031244f7&ids%5B%5D=89d5c88f-bb34-4d95-babc-0f17d44e52db"),
//!     Some(br#"Token token="eyJ0eXAi.eyJleHAi.F7OWGJTp""#),
//!     &RequestLimits::default(),
//! )?;
//! assert_eq!(request.ids.map(|ids| ids.len()), Some(2));
//! // Whether it holds is for the host's own JWT library to say.
//! assert_eq!(request.token.as_str(), "eyJ0eXAi.eyJleHAi.F7OWGJTp");
//! # Ok::<(), sync_payload::request::RequestError>(())
//! ```

mod authorization;
mod ids;

use thiserror::Error;
use uuid::Uuid;

pub use self::authorization::RequestToken;

/// How much a request may hold.
///
/// What is longer is refused before it is read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestLimits {
    query_bytes: usize,
    ids: usize,
    header_bytes: usize,
}

impl RequestLimits {
    /// The same limits with another length of the query, in bytes as sent.
    #[must_use]
    pub const fn with_query_bytes(self, query_bytes: usize) -> Self {
        Self {
            query_bytes,
            ..self
        }
    }

    /// The same limits with another number of ids; one that comes twice
    /// counts twice.
    #[must_use]
    pub const fn with_ids(self, ids: usize) -> Self {
        Self { ids, ..self }
    }

    /// The same limits with another length of the value of `Authorization`,
    /// in bytes.
    #[must_use]
    pub const fn with_header_bytes(self, header_bytes: usize) -> Self {
        Self {
            header_bytes,
            ..self
        }
    }
}

/// A query of 48 KiB, in it 1,000 ids, which fit however their keys are
/// written, and an `Authorization` of 8 KiB.
impl Default for RequestLimits {
    fn default() -> Self {
        Self {
            query_bytes: 48 * 1024,
            ids: 1_000,
            header_bytes: 8 * 1024,
        }
    }
}

/// A request for images.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SyncRequest<'a> {
    /// The images that are asked for, each once, in the order of the query;
    /// `None` for all that the caller may see.
    ///
    /// The answer is not in this order but in the host's.
    pub ids: Option<Vec<Uuid>>,
    /// Who asks, not verified.
    pub token: RequestToken<'a>,
}

impl<'a> SyncRequest<'a> {
    /// Reads the query string of the target, without its `?`, and the value of
    /// the header `Authorization`, both as they went over the wire.
    ///
    /// Ids are the values of `ids[]`, whose brackets may be percent-encoded;
    /// other keys are ignored. They are UUIDs with hyphens, in either case.
    /// `ids[]=` alone is an empty list, to be answered `[]`.
    ///
    /// The token is read as the documented host's framework does: after
    /// `Token` or `Bearer`, the first of the parameters (which `,`, `;` and
    /// tabs separate), whose name `token=` and quotes may be missing.
    ///
    /// # Errors
    ///
    /// - A query or an `Authorization` of more bytes than the limit, or more ids.
    /// - A value of `ids[]` that is no UUID, an empty one among others too.
    /// - No `Authorization`, one of another scheme, or one without a token.
    /// - A token with a space, a control character, or what is not ASCII.
    pub fn parse(
        query: Option<&str>,
        authorization: Option<&'a [u8]>,
        limits: &RequestLimits,
    ) -> Result<Self, RequestError> {
        let query = query.unwrap_or_default();
        if query.len() > limits.query_bytes {
            return Err(RequestError::QueryTooLong {
                limit: limits.query_bytes,
            });
        }
        let authorization = authorization.ok_or(RequestError::NoAuthorization)?;
        if authorization.len() > limits.header_bytes {
            return Err(RequestError::AuthorizationTooLong {
                limit: limits.header_bytes,
            });
        }
        let token = RequestToken::read(authorization)?;
        let ids = ids::read(query, limits.ids)?;
        Ok(Self { ids, token })
    }

    /// Reads the head of a request of the `http` crate.
    ///
    /// # Errors
    ///
    /// - Those of [`parse`](Self::parse).
    /// - More than one `Authorization`.
    #[cfg(feature = "http")]
    pub fn from_parts(
        parts: &'a http::request::Parts,
        limits: &RequestLimits,
    ) -> Result<Self, RequestError> {
        let mut values = parts.headers.get_all(http::header::AUTHORIZATION).iter();
        let authorization = values.next().map(http::HeaderValue::as_bytes);
        if values.next().is_some() {
            return Err(RequestError::ManyAuthorizations);
        }
        Self::parse(parts.uri.query(), authorization, limits)
    }
}

/// Why a request is refused.
///
/// [`status`](Self::status) is what to answer;
/// [`Response::refused`](crate::response::Response::refused) does.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// A query of too many bytes: 414.
    #[error("query is longer than {limit} bytes")]
    QueryTooLong {
        /// How many there may be.
        limit: usize,
    },
    /// Too many ids: 400.
    #[error("query has more than {limit} ids")]
    TooManyIds {
        /// How many there may be.
        limit: usize,
    },
    /// An id that is none: 400.
    #[error("ids[{index}] is no uuid")]
    NoUuid {
        /// Which value of `ids[]`, from 0.
        index: usize,
    },
    /// No header `Authorization`: 401.
    #[error("request has no authorization")]
    NoAuthorization,
    /// More than one header `Authorization`: 400.
    #[error("request has more than one authorization")]
    ManyAuthorizations,
    /// An `Authorization` of too many bytes: 431.
    #[error("authorization is longer than {limit} bytes")]
    AuthorizationTooLong {
        /// How many there may be.
        limit: usize,
    },
    /// An `Authorization` that begins with neither `Token` nor `Bearer`: 401.
    #[error("authorization is of another scheme than `Token`")]
    OtherScheme,
    /// An `Authorization` without a token: 401.
    #[error("authorization has no token")]
    NoToken,
    /// A token with a byte that can't be in one: 401.
    #[error("token has a byte that cannot be in one, at {at}")]
    TokenByte {
        /// Where in the token, from 0.
        at: usize,
    },
}

impl RequestError {
    /// The HTTP status that it maps to.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::TooManyIds { .. } | Self::NoUuid { .. } | Self::ManyAuthorizations => 400,
            Self::NoAuthorization | Self::OtherScheme | Self::NoToken | Self::TokenByte { .. } => {
                401
            }
            Self::QueryTooLong { .. } => 414,
            Self::AuthorizationTooLong { .. } => 431,
        }
    }
}

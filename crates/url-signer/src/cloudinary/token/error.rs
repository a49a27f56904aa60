use thiserror::Error;

/// Why a token can't be signed as asked.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenClaimsError {
    /// An expiry further away than seconds can be counted.
    #[error("token expiry, {seconds} seconds from {from}, is out of range")]
    Expiration {
        /// Start of the duration, in Unix seconds.
        from: i64,
        /// The duration.
        seconds: u64,
    },
    /// A start at which the token has expired already.
    #[error("token start {start} is not before its expiry {expiration}")]
    Start {
        /// In Unix seconds.
        start: i64,
        /// In Unix seconds.
        expiration: i64,
    },
    /// An address that is neither IPv4 nor IPv6.
    #[error("token ip `{}` is no ip address", .0.escape_debug())]
    Ip(String),
    /// An acl that lets nobody in.
    #[error("acl has no pattern")]
    NoPattern,
    /// A pattern, counted from one, without a character.
    #[error("acl pattern {0} is empty")]
    EmptyPattern(usize),
    /// A pattern, counted from one, with a control character.
    #[error("acl pattern {0} has {1:?}")]
    Pattern(usize, char),
    /// No name.
    #[error("token name is empty")]
    EmptyName,
    /// A name with a character that can't stand in one.
    #[error("token name `{name}` has {char:?}", name = .0.escape_debug(), char = .1)]
    Name(String, char),
}

/// Why a token does not let a request in.
///
/// All but the first are told of a token only once its signature has verified.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenError {
    /// It is no token, or none of that name, or not signed by a key of the
    /// ring; or it is for one URL, and this is another.
    #[error("token does not verify")]
    Signature,
    /// It comes too early.
    #[error("token is not valid before {start}")]
    NotYetValid {
        /// In Unix seconds.
        start: i64,
    },
    /// It comes too late.
    #[error("token expired at {expiration}")]
    Expired {
        /// In Unix seconds.
        expiration: i64,
    },
    /// It comes from another address, or from one that is not known.
    #[error("token is for another ip address")]
    WrongIp,
    /// None of its patterns matches the path.
    #[error("path is outside the acl of the token")]
    OutsideAcl,
}

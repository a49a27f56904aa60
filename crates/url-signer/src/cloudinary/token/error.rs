use thiserror::Error;

/// An error creating the claims, the acl or the name of a token.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenClaimsError {
    /// An expiration that does not fit into 64 bits.
    #[error("token expiration {seconds} seconds after {from} is out of range")]
    Expiration {
        /// The beginning of the duration, in Unix seconds.
        from: i64,
        /// The duration in seconds.
        seconds: u64,
    },
    /// A start that is not before the expiration.
    #[error("token start {start} is not before the expiration {expiration}")]
    Start {
        /// The start, in Unix seconds.
        start: i64,
        /// The expiration, in Unix seconds.
        expiration: i64,
    },
    /// A text that is neither an IPv4 nor an IPv6 address.
    #[error("invalid token IP address `{}`", .0.escape_debug())]
    Ip(String),
    /// An acl without patterns.
    #[error("acl has no pattern")]
    NoPattern,
    /// An empty pattern in an acl. The field is the position of the pattern, from 1.
    #[error("acl pattern {0} is empty")]
    EmptyPattern(usize),
    /// A control character in an acl. The fields are the position of the pattern, from 1,
    /// and the character.
    #[error("unexpected {1:?} in acl pattern {0}")]
    Pattern(usize, char),
    /// An empty token name.
    #[error("token name is empty")]
    EmptyName,
    /// A token name with a character that is not allowed in cookies and queries. The
    /// fields are the name and the character.
    #[error("unexpected {char:?} in token name `{name}`", name = .0.escape_debug(), char = .1)]
    Name(String, char),
}

/// An error verifying a token: the reason why it grants no access.
///
/// [`MissingSigner`](Self::MissingSigner) depends on the cloud only. All other reasons
/// except [`Signature`](Self::Signature) are reported only for a token with a valid
/// signature.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenError {
    /// An invalid signature, or a text that is not a token with the expected name.
    ///
    /// Without an acl, the signature covers the URL, so it is invalid for any other URL.
    ///
    /// [`Cloud::verify_at`](crate::cloudinary::Cloud::verify_at) also returns this
    /// reason if the signature of the URL is invalid.
    #[error("invalid signature")]
    Signature,
    /// A cloud without a token signer, which
    /// [`Cloud::with_token_signer`](crate::cloudinary::Cloud::with_token_signer) sets.
    #[error("the cloud has no token signer")]
    MissingSigner,
    /// A token whose start is in the future.
    #[error("token is not valid before {start}")]
    NotYetValid {
        /// The start, in Unix seconds.
        start: i64,
    },
    /// A token that has expired.
    #[error("token expired at {expiration}")]
    Expired {
        /// The expiration, in Unix seconds.
        expiration: i64,
    },
    /// A token for another IP address, or a client whose address is unknown.
    #[error("token is not valid for the IP address of the client")]
    WrongIp,
    /// A path that no pattern of the token's acl matches.
    #[error("acl of the token does not allow the path")]
    OutsideAcl,
}

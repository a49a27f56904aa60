//! The verdict on an access token.

use std::fmt;

use crate::ParseError;
use crate::cloudinary::token::TokenError;

/// The verdict on the access token of a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenVerdict {
    /// The URL has no access token.
    Missing,
    /// The token grants access. [`Cloud::explain`](crate::cloudinary::Cloud::explain)
    /// ignores the time and the address of the client.
    Valid,
    /// The token was not verified, because the cloud has no token signer.
    NotVerified,
    /// The token grants no access.
    Invalid(TokenProblem),
}

/// A cause why an access token grants no access.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenProblem {
    /// The URL has more than one token.
    Repeated,
    /// The text is not a token.
    NotParsed(ParseError),
    /// The token was rejected.
    Rejected(TokenError),
    /// The token was changed after signing.
    Changed {
        /// The changes, at most three.
        changes: Vec<TokenChange>,
        /// The reason why the unchanged token grants no access either.
        rejected: Option<TokenError>,
    },
}

/// A change to an access token after it was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenChange {
    /// The token was percent-encoded again.
    EncodedAgain,
    /// The percent-encoding has upper-case digits, such as `%2F`.
    UpperCaseEncoding,
    /// The acl is not percent-encoded.
    AclNotEncoded,
    /// The acl is percent-encoded in another way than the SDKs do.
    AclEncodedDifferently,
    /// The digits of the signature are in upper case.
    UpperCaseSignature,
    /// The acl or the path was signed with upper-case digits, such as `%2F`.
    SignedInUpperCase,
    /// The acl or the path was signed without percent-encoding.
    SignedWithoutEncoding,
    /// The acl was signed in another encoding than that of the SDKs.
    SignedDifferently,
    /// The token was signed for the percent-decoded path.
    PathDecoded,
    /// The token was signed for the path without the signature of the URL.
    PathWithoutSignature,
    /// The token was signed for the path without the cloud name.
    PathWithoutCloudName,
}

impl fmt::Display for TokenProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Repeated => f.write_str("the URL has more than one token"),
            Self::NotParsed(error) => error.fmt(f),
            Self::Rejected(error) => error.fmt(f),
            Self::Changed { changes, rejected } => {
                let changes: Vec<_> = changes.iter().map(ToString::to_string).collect();
                f.write_str(&changes.join(", and "))?;
                match rejected {
                    Some(TokenError::Signature) => {
                        f.write_str("; also, its signature is invalid for the key and the path")
                    }
                    Some(error) => write!(f, "; also, the {error}"),
                    None => Ok(()),
                }
            }
        }
    }
}

impl fmt::Display for TokenChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EncodedAgain => "the token was percent-encoded again",
            Self::UpperCaseEncoding => {
                "the token was percent-encoded in upper case: `%2F` instead of `%2f`"
            }
            Self::AclNotEncoded => "the acl of the token was not percent-encoded",
            Self::AclEncodedDifferently => {
                "the acl of the token was percent-encoded differently from the SDKs"
            }
            Self::UpperCaseSignature => "the signature of the token was converted to upper case",
            Self::SignedInUpperCase => {
                "the token was signed with percent-encoding in upper case: `%2F` instead of `%2f`"
            }
            Self::SignedWithoutEncoding => "the token was signed without percent-encoding",
            Self::SignedDifferently => {
                "the token was signed with another percent-encoding than that of the SDKs"
            }
            Self::PathDecoded => "the token was signed for the percent-decoded path",
            Self::PathWithoutSignature => {
                "the token was signed for the path without the signature of the URL"
            }
            Self::PathWithoutCloudName => {
                "the token was signed for the path without the cloud name"
            }
        })
    }
}

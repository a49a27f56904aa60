//! The causes of a rejection.

use std::fmt;

use super::change::Change;
use super::signed_form::SignedForm;
use super::token_change::TokenProblem;
use crate::ParseError;
use crate::cloudinary::account::signature_algorithm::{SignatureAlgorithm, SignatureFormat};
use crate::cloudinary::path::encoding::PathEncoding;
use crate::cloudinary::path::types::ResourceType;

/// A cause why a URL is rejected.
///
/// `Display` writes one line without signatures and tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The text is not a delivery URL.
    NotParsed(ParseError),
    /// The URL has no signature.
    MissingSignature,
    /// The URL has an access token and no signature, but the cloud has no token signer.
    MissingTokenKey,
    /// A segment of the path looks like a signature, but is not a valid one.
    MalformedSignature,
    /// The signature does not follow the types.
    MisplacedSignature {
        /// The resource type of the URL.
        resource_type: ResourceType,
        /// The delivery type of the URL.
        delivery_type: String,
    },
    /// The host or the cloud name belongs to another account. The field is the name of
    /// the account that explains.
    WrongAccount(String),
    /// The signature covers another text than that of the URL, or was created with other
    /// settings.
    Changed(ChangedUrl),
    /// No known change explains the signature: another secret signed the URL, or the URL
    /// was changed in an unknown way.
    Unknown,
    /// The path is longer than [`Explanation::MAX_PATH`](super::Explanation::MAX_PATH).
    TooLong,
    /// The access token grants no access.
    Token(TokenProblem),
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotParsed(error) => error.fmt(f),
            Self::MissingSignature => f.write_str("the URL has no signature"),
            Self::MissingTokenKey => f.write_str(
                "the URL has no signature, and the configuration has no `auth_token[key]` for its token",
            ),
            Self::MalformedSignature => f.write_str(
                "a segment that looks like a signature is not a valid signature: expected 8 or 32 letters, digits, `-` and `_` between `s--` and `--`",
            ),
            Self::MisplacedSignature {
                resource_type,
                delivery_type,
            } => write!(
                f,
                "the signature is in the wrong place: it must follow the types, such as `{resource_type}/{}`",
                delivery_type.escape_debug(),
            ),
            Self::WrongAccount(name) => {
                write!(f, "the URL does not belong to the account `{name}`")
            }
            Self::Changed(changed) => changed.fmt(f),
            Self::Unknown => {
                f.write_str("signed with another secret, or changed in an unknown way")
            }
            Self::TooLong => f.write_str("the URL is too long for a diagnosis"),
            Self::Token(problem) => write!(f, "access token: {problem}"),
        }
    }
}

/// A URL whose signature covers a known text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedUrl {
    pub(super) changes: Vec<Change>,
    pub(super) form: SignedForm,
    pub(super) signed_text: String,
    pub(super) format: SignatureFormat,
    pub(super) is_accepted: bool,
    pub(super) key: usize,
    /// The name of the account that explains, if the URL belongs to another one.
    pub(super) wrong_account: Option<String>,
}

impl ChangedUrl {
    /// Returns the changes after signing, at most three.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Returns the form in which the path was signed.
    #[must_use]
    pub const fn form(&self) -> SignedForm {
        self.form
    }

    /// Returns the text that the signature covers, redacted. Bytes that are not UTF-8 are
    /// replaced.
    #[must_use]
    pub fn signed_text(&self) -> &str {
        &self.signed_text
    }

    /// Returns the hash algorithm of the signature.
    #[must_use]
    pub const fn signature_algorithm(&self) -> SignatureAlgorithm {
        self.format.algorithm()
    }

    /// Returns whether the cloud accepts signatures of this algorithm and length.
    #[must_use]
    pub const fn is_algorithm_accepted(&self) -> bool {
        self.is_accepted
    }

    /// Returns the position of the key that created the signature: 0 for the signing key,
    /// 1 for the first retired key.
    #[must_use]
    pub const fn key(&self) -> usize {
        self.key
    }

    /// Returns whether the host or the cloud name belongs to another account.
    #[must_use]
    pub const fn is_wrong_account(&self) -> bool {
        self.wrong_account.is_some()
    }
}

impl fmt::Display for ChangedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut reasons: Vec<_> = self.changes.iter().map(ToString::to_string).collect();
        if self.form != SignedForm::Path(PathEncoding::Encoded) {
            reasons.push(self.form.to_string());
        }
        if !self.is_accepted {
            reasons.push(format!(
                "wrong digest: the URL was signed with {}, but the account is configured differently",
                describe(self.format),
            ));
        }
        if let Some(name) = &self.wrong_account {
            reasons.push(format!(
                "wrong host or account: the URL does not belong to `{name}`"
            ));
        }
        write!(
            f,
            "{}; the signed text is `{}`",
            reasons.join(", and "),
            self.signed_text.escape_debug()
        )
    }
}

/// Describes the algorithm and the length of a signature.
pub(super) fn describe(format: SignatureFormat) -> String {
    let algorithm = match format.algorithm() {
        SignatureAlgorithm::Sha1 => "SHA-1",
        SignatureAlgorithm::Sha256 => "SHA-256",
    };
    format!("{algorithm} and {} characters", format.characters())
}

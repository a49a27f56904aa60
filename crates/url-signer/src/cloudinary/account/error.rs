use thiserror::Error;

use crate::cloudinary::token::TokenClaimsError;
use crate::{AuthorityError, SecretError};

/// Why there is no [`Cloud`].
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum CloudError {
    /// No name.
    #[error("cloud name is empty")]
    EmptyName,
    /// A name with a character that can't stand in one.
    #[error("cloud name `{name}` has {char:?}", name = .0.escape_debug(), char = .1)]
    Name(String, char),
    /// A host that can't be.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// A configuration that is not text.
    #[error("cloudinary url is not utf-8")]
    NotUtf8,
    /// A configuration of another scheme, or of none.
    #[error("cloudinary url does not begin with `cloudinary://`")]
    Scheme,
    /// A configuration of which it can't be told where the secret ends.
    #[error(
        "cloudinary url has more than one `@`; such a secret goes into `CLOUDINARY_API_SECRET`"
    )]
    ManyAts,
    /// A configuration without a secret.
    #[error("configuration has no api secret")]
    MissingSecret,
    /// A configuration with a fragment, which means nothing.
    #[error("cloudinary url has a fragment")]
    Fragment,
    /// A configuration with a distribution that is no host.
    #[error("cloudinary url has a distribution that cannot be: {0}")]
    Distribution(AuthorityError),
    /// An option with a value that is no host.
    #[error("option `{0}`: {1}")]
    OptionHost(String, #[source] AuthorityError),
    /// A key of access tokens that is none.
    #[error("option `auth_token[key]`: {0}")]
    TokenKey(#[source] SecretError),
    /// A name or an acl of access tokens that can't be.
    #[error(transparent)]
    Token(#[from] TokenClaimsError),
    /// An option with a value that it does not take.
    #[error("option `{option}` is not {expected}")]
    OptionValue {
        /// Name of the option.
        option: String,
        /// What it takes.
        expected: &'static str,
    },
    /// An environment without a configuration in it.
    #[error("neither `CLOUDINARY_URL` nor `CLOUDINARY_CLOUD_NAME` is set")]
    NotConfigured,
}

/// What was found in a configuration and kept out of it.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigurationWarning {
    /// An option that is not known, such as one with a slip of the pen.
    #[error("option `{}` is not known and has no effect", .0.escape_debug())]
    UnknownOption(String),
    /// `CLOUDINARY_URL` beside `CLOUDINARY_CLOUD_NAME`, which goes before it.
    #[error("`CLOUDINARY_URL` has no effect, because `CLOUDINARY_CLOUD_NAME` is set")]
    UrlBesideCloudName,
    /// Options of access tokens and no key for them.
    #[error("`auth_token` has no effect without `auth_token[key]`")]
    TokenWithoutKey,
    /// A variable whose value is not UTF-8.
    #[error("environment variable `{}` is not utf-8 and has no effect", .0.escape_debug())]
    NotUtf8(String),
}

use thiserror::Error;

use crate::authority::AuthorityError;
use crate::cloudinary::token::TokenClaimsError;
use crate::secret::SecretError;
use crate::secret_warning::SecretWarning;

/// An error creating a [`Cloud`](super::cloud::Cloud). It never contains a secret.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum CloudError {
    /// An empty cloud name.
    #[error("cloud name is empty")]
    EmptyName,
    /// A cloud name with an invalid character.
    #[error("unexpected {char:?} in the cloud name")]
    InvalidName {
        /// The first invalid character. In a misspelled configuration URL, the text
        /// before and after it may be part of the secret.
        char: char,
    },
    /// An invalid host that results from the settings, such as
    /// `<cloud name>-res.cloudinary.com` or a CDN subdomain.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// Neither `CLOUDINARY_URL` nor `CLOUDINARY_CLOUD_NAME` is set.
    #[error("neither `CLOUDINARY_URL` nor `CLOUDINARY_CLOUD_NAME` is set")]
    NotConfigured,
    /// `CLOUDINARY_URL` is not valid UTF-8.
    #[error("`CLOUDINARY_URL` is not valid UTF-8")]
    NotUtf8,
    /// A configuration URL that does not start with `cloudinary://`.
    #[error("cloudinary url does not start with `cloudinary://`")]
    UrlScheme,
    /// A configuration URL with several `@`: the end of the secret is unknown.
    #[error(
        "cloudinary url has more than one `@`; pass a secret with `@` in `CLOUDINARY_API_SECRET` or to `Cloud::with_keys`"
    )]
    AmbiguousSecret,
    /// An empty API key.
    #[error("API key is empty")]
    EmptyApiKey,
    /// A configuration without a secret.
    #[error("configuration has no API secret")]
    MissingSecret,
    /// A configuration URL with a fragment.
    #[error("unexpected fragment in cloudinary url")]
    UrlFragment,
    /// An invalid secure distribution, the host in the path of a configuration URL.
    #[error(
        "invalid secure distribution in cloudinary url: expected a host like `img.example.org`"
    )]
    SecureDistribution,
    /// An option with an invalid host.
    #[error("invalid option `{option}`")]
    OptionAuthority {
        /// The name of the option.
        option: String,
        /// The reason why the host is invalid.
        source: AuthorityError,
    },
    /// An option with an invalid value.
    #[error("invalid option `{option}`: expected {expected}")]
    OptionValue {
        /// The name of the option.
        option: String,
        /// The expected values.
        expected: &'static str,
    },
    /// An invalid key for signing access tokens.
    #[error("invalid option `auth_token[key]`")]
    TokenKey(#[source] SecretError),
    /// Invalid options of access tokens, such as the name, the address or the acl.
    #[error(transparent)]
    TokenClaims(#[from] TokenClaimsError),
}

/// A warning about a configuration option that was ignored, or about an implausible
/// secret. It never contains a secret.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigurationWarning {
    /// An unknown option, such as a misspelled one.
    #[error("unknown option `{}` is ignored", .0.escape_debug())]
    UnknownOption(String),
    /// `CLOUDINARY_URL` is ignored, because `CLOUDINARY_CLOUD_NAME` is set too.
    #[error("`CLOUDINARY_URL` is ignored, because `CLOUDINARY_CLOUD_NAME` is set")]
    UrlIgnored,
    /// An environment variable of an option is ignored, because only `CLOUDINARY_URL` is set.
    #[error("environment variable `{}` is ignored, because `CLOUDINARY_CLOUD_NAME` is not set", .0.escape_debug())]
    VariableIgnored(String),
    /// An option `auth_token[…]` has no effect on a [`Cloud`](super::cloud::Cloud) or on its
    /// tokens.
    #[error("option `auth_token[{option}]` is ignored: {reason}")]
    TokenOptionIgnored {
        /// The name of the option in `auth_token`.
        option: &'static str,
        /// The reason why the option has no effect.
        reason: &'static str,
    },
    /// Options `auth_token[…]` are ignored, because `auth_token[key]` is not set.
    #[error("`auth_token` is ignored without `auth_token[key]`")]
    TokenWithoutKey,
    /// An API secret that is probably not the intended one.
    #[error("`{option}` is probably not the intended secret: {reason}")]
    ImplausibleSecret {
        /// Name of the option.
        option: &'static str,
        /// The reason.
        reason: SecretWarning,
    },
    /// An environment variable that is not UTF-8.
    #[error("environment variable `{}` is ignored, because it is not valid UTF-8", .0.escape_debug())]
    NotUtf8(String),
}

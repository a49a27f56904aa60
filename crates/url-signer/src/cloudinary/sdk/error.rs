use thiserror::Error;

use crate::cloudinary::account::error::{CloudError, ConfigurationWarning};
use crate::cloudinary::account::option_names::supported_name;
use crate::cloudinary::asset::AssetError;
use crate::cloudinary::token::TokenClaimsError;
use crate::cloudinary::transformation::error::TransformationError;
use crate::cloudinary::url::delivery::DeliveryError;

/// An error creating a URL, a transformation or a token from options.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SdkError {
    /// An invalid public id, version or format.
    #[error(transparent)]
    Asset(#[from] AssetError),
    /// The delivery type `upload` with a public id that is a URL and contains white
    /// space or a control character.
    #[error("unexpected white space or control character in the URL")]
    InvalidRemoteUrl,
    /// An invalid account setting.
    #[error(transparent)]
    Cloud(#[from] CloudError),
    /// `url_suffix` or `use_root_path` with a resource type and a delivery type that
    /// do not support it, or an invalid suffix.
    #[error(transparent)]
    Delivery(#[from] DeliveryError),
    /// An invalid transformation.
    #[error(transparent)]
    Transformation(#[from] TransformationError),
    /// An option whose text is invalid in a transformation, such as a width `a,b`.
    #[error("invalid option `{option}`", option = .option.escape_debug())]
    InvalidOption {
        /// Name of the option.
        option: String,
        /// The error of the value.
        source: TransformationError,
    },
    /// A layer or a default image whose text contains a `/`, which ends the step.
    #[error("invalid option `{option}`: unexpected '/' at byte {position}; write {suggestion}")]
    Folder {
        /// Name of the option.
        option: String,
        /// Byte offset of the `/`, which may be percent-encoded.
        position: usize,
        /// Description of the correct forms.
        suggestion: String,
    },
    /// Invalid claims of a token.
    #[error(transparent)]
    Token(#[from] TokenClaimsError),
    /// An option whose value has an unexpected type or form.
    #[error("invalid option `{option}`: expected {expected}", option = .option.escape_debug())]
    UnexpectedValue {
        /// Name of the option.
        option: String,
        /// Description of the expected values.
        expected: &'static str,
    },
    /// An unknown option of a token.
    #[error("unknown option `{}` of a token", .0.escape_debug())]
    UnknownTokenOption(String),
    /// A token without a key.
    #[error("token has no key")]
    TokenWithoutKey,
    /// A token with neither an expiration nor a duration, or with a duration but neither
    /// a start nor [`Sdk::with_now`](super::Sdk::with_now).
    #[error("token has no expiration; set `expiration`, or `duration` with a start")]
    TokenWithoutExpiration,
    /// A token with neither `acl` nor `url`.
    #[error("token has neither `acl` nor `url`")]
    TokenWithoutAclOrUrl,
}

impl SdkError {
    /// Adds the name of an option to an error of its value.
    pub(super) fn in_option(self, option: &str) -> Self {
        match self {
            Self::Transformation(source) => Self::InvalidOption {
                option: option.to_owned(),
                source,
            },
            other => other,
        }
    }
}

/// A warning about an option that the SDKs ignore as well, or about a URL that Cloudinary
/// rejects or parses as another asset.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SdkWarning {
    /// An unknown option, or an unknown key of a map, such as `overlay[publicId]`.
    #[error("unknown option `{}` is ignored", .0.escape_debug())]
    UnknownOption(String),
    /// An option or a key by a name that only some SDKs know, such as `fontFamily`.
    #[error("option `{}` is ignored; use `{supported}`", .option.escape_debug())]
    OtherName {
        /// Name of the option.
        option: String,
        /// The name that is supported.
        supported: String,
    },
    /// An option or a key that has no effect beside another one, such as `start_offset`
    /// beside `offset`.
    #[error("`{option}` is ignored, because `{by}` is set")]
    Overridden {
        /// Name of the option.
        option: String,
        /// Name of the option that is used.
        by: String,
    },
    /// A key that has no effect without another one, such as `video_codec[level]` without
    /// `video_codec[profile]`.
    #[error("`{option}` is ignored without `{missing}`")]
    IgnoredWithout {
        /// Name of the option.
        option: String,
        /// Name of the missing option.
        missing: String,
    },
    /// A warning about an account option of the call, such as an implausible secret.
    #[error(transparent)]
    Configuration(ConfigurationWarning),
    /// `auth_token` without `sign_url`. The URL has no token.
    #[error("`auth_token` is ignored without `sign_url`")]
    TokenWithoutSignUrl,
    /// `sign_url` with `auth_token`, but without `set_url_signature`. The URL has a token
    /// and no signature.
    #[error(
        "the URL has no signature, because `auth_token` replaces it; set `auth_token[set_url_signature]` to keep both"
    )]
    SignatureReplacedByToken,
    /// `sign_url` with the delivery type `upload` and a public id that is a URL. The URL
    /// is returned unchanged.
    #[error("`sign_url` is ignored for a URL of the type `upload`")]
    SignUrlIgnored,
    /// The delivery type `fetch` with a public id that is not a URL. No option is
    /// ignored.
    #[error("public id of the type `fetch` is not a URL")]
    FetchWithoutUrl,
    /// `format` with a public id that is a URL and a delivery type other than `fetch`
    /// and `upload`. The URL has no extension for the format.
    #[error("`format` is ignored for a URL")]
    FormatIgnored,
    /// A folder named `v` and digits, or a public id of this form before a suffix.
    /// Cloudinary allows no such folder, and may parse it as the version.
    #[error(
        "folder `{folder}` at byte {position} of the public id is reserved for versions; Cloudinary may deliver another asset"
    )]
    VersionFolder {
        /// Name of the folder, percent-decoded.
        folder: String,
        /// Byte offset of the folder in the public id.
        position: usize,
    },
    /// An empty parameter of the transformation, as in `w_1,,h_2`.
    #[error("empty parameter at byte {position} of the transformation; Cloudinary rejects the URL")]
    EmptyParameter {
        /// Byte offset of the empty parameter in the transformation of the URL.
        position: usize,
    },
}

impl SdkWarning {
    /// A warning about an unknown option, or an unknown key of the map `parent`.
    pub(super) fn unknown(
        parent: Option<&str>,
        option: &str,
        is_known: impl Fn(&str) -> bool,
    ) -> Self {
        let name = |name: &str| parent.map_or(name.to_owned(), |map| format!("{map}[{name}]"));
        match supported_name(option, is_known) {
            Some(supported) => Self::OtherName {
                option: name(option),
                supported: name(&supported),
            },
            None => Self::UnknownOption(name(option)),
        }
    }

    /// A warning about an option that has no effect beside another one.
    pub(super) fn overridden(option: &str, by: &str) -> Self {
        Self::Overridden {
            option: option.to_owned(),
            by: by.to_owned(),
        }
    }

    /// A warning about a key of a map that has no effect without another key.
    pub(super) fn ignored_without(map: &str, key: &str, missing: &str) -> Self {
        Self::IgnoredWithout {
            option: format!("{map}[{key}]"),
            missing: format!("{map}[{missing}]"),
        }
    }
}

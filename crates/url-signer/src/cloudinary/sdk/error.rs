use thiserror::Error;

use crate::cloudinary::{
    AssetError, CloudError, DeliveryError, TokenClaimsError, TransformationError,
};

/// Why there is no URL, or no token, for these options.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SdkError {
    /// A public id, a version or a format that can't be.
    #[error(transparent)]
    Asset(#[from] AssetError),
    /// A URL of the type `upload` that is none.
    #[error("public id is a url with white space or a control character")]
    Url,
    /// An option of the SDKs that is not supported here.
    #[error("option `{0}` is not supported; `raw_transformation` can say the same")]
    Unsupported(&'static str),
    /// An account or a setting of it that can't be.
    #[error(transparent)]
    Cloud(#[from] CloudError),
    /// A suffix or the root path where it can't be.
    #[error(transparent)]
    Delivery(#[from] DeliveryError),
    /// A transformation that can't be.
    #[error(transparent)]
    Transformation(#[from] TransformationError),
    /// An option with a value that would break its step.
    #[error("option `{option}`: {error}", option = .option.escape_debug())]
    OptionText {
        /// Name of the option.
        option: String,
        /// What is wrong with the value.
        #[source]
        error: TransformationError,
    },
    /// A token that can't be.
    #[error(transparent)]
    Token(#[from] TokenClaimsError),
    /// An option with a value that it does not take.
    #[error("option `{option}` is not {expected}", option = .option.escape_debug())]
    OptionValue {
        /// Name of the option.
        option: String,
        /// What it takes.
        expected: &'static str,
    },
    /// A token with an option that is not known.
    #[error("option `{}` of a token is not known", .0.escape_debug())]
    UnknownTokenOption(String),
    /// A token without a key.
    #[error("token has no key")]
    TokenWithoutKey,
    /// A token without an end.
    #[error("token has neither `expiration` nor `duration`, or `duration` without a start")]
    TokenWithoutExpiry,
    /// A token for nothing.
    #[error("token has neither `acl` nor `url`")]
    TokenWithoutScope,
}

/// What was asked for and the SDKs leave out without a word.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SdkWarning {
    /// An option that is not known.
    #[error("option `{}` is not known and has no effect", .0.escape_debug())]
    UnknownOption(String),
    /// A token without `sign_url`.
    #[error("`auth_token` has no effect without `sign_url`")]
    TokenWithoutSigning,
    /// A URL of the type `upload`, which is given back as it is.
    #[error("public id is a url, which is not signed for the type `upload`")]
    NotDelivered,
    /// The type `fetch` of what is no URL.
    #[error("public id is no url, which the type `fetch` asks for")]
    FetchOfNoUrl,
    /// A format of a URL.
    #[error("`format` has no effect on a public id that is a url")]
    FormatOfUrl,
}

impl SdkError {
    /// The same, of this option.
    pub(super) fn of_option(self, option: &str) -> Self {
        match self {
            Self::Transformation(error) => Self::OptionText {
                option: option.to_owned(),
                error,
            },
            other => other,
        }
    }
}

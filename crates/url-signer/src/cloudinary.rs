//! Cloudinary: delivery URLs, transformations, access tokens and signatures of the API.
//!
//! ```text
//! https://res.cloudinary.com/demo/image/authenticated/s--Wxz5KfuS--/c_fit,w_300/v123123/0b7e148bbd7c.jpg
//! └─ Cloud ────────────────┴────┘└─ Asset ──────────┘└─ signature ─┘└─ Transf. ┘└─ Asset ──────────────┘
//! ```
//!
//! To create URLs:
//!
//! - [`Cloud`]: the account, with its keys and hosts.
//! - [`Asset`]: a file that is stored at Cloudinary or fetched from a URL.
//! - [`Transformation`]: the changes to the file on delivery. Its typed parts are in
//!   [`transformation`].
//! - [`Delivery`]: an asset and a transformation, with the options of one URL.
//! - [`SignedUrl`]: the result.
//! - [`TokenSigner`]: access tokens, which authorize access until they expire.
//! - [`AssetSigner`]: a faster way to sign many transformations of one asset.
//! - [`api`]: upload forms, requests, download URLs and search URLs of the API.
//!
//! To verify and parse URLs:
//!
//! - [`Cloud::verify`]: verifies the signature of a URL. To authorize access, call
//!   [`delivers`](VerifiedUrl::delivers) on the result.
//! - [`DeliveryUrl`]: the parsed parts of a URL. Parsing does not verify the signature.
//! - [`Cloud::verify_webhook`]: verifies what Cloudinary reports after an upload.
#![cfg_attr(
    feature = "explain",
    doc = "- [`Cloud::explain`]: explains to an operator why a URL does not verify."
)]

mod account;
pub mod api;
mod asset;
#[cfg(feature = "explain")]
pub mod explain;
mod path;
#[cfg(feature = "sdk")]
pub mod sdk;
mod token;
pub mod transformation;
mod url;

pub use self::account::cloud::Cloud;
pub use self::account::error::{CloudError, ConfigurationWarning};
pub use self::account::signature_algorithm::SignatureAlgorithm;
pub use self::account::token_settings::TokenDefaults;
pub use self::asset::{Asset, AssetError};
pub use self::path::encoding::PathEncoding;
pub use self::path::types::{DeliveryType, DeliveryTypeName, ResourceType};
pub use self::token::{
    Acl, SignedToken, Token, TokenClaims, TokenClaimsError, TokenContext, TokenError, TokenScope,
    TokenSigner, VerifiedToken,
};
pub use self::transformation::chain::Transformation;
pub use self::transformation::error::TransformationError;
pub use self::transformation::flag::Flag;
pub use self::transformation::number::Number;
pub use self::transformation::size::Size;
pub use self::url::asset_signer::AssetSigner;
pub use self::url::compiled::CompiledTransformation;
pub use self::url::delivery::{Delivery, DeliveryError};
pub use self::url::parse::DeliveryUrl;
pub use self::url::signed::SignedUrl;
pub use self::url::verified::VerifiedUrl;

//! Cloudinary's delivery URLs.
//!
//! ```text
//! https://res.cloudinary.com/demo/image/authenticated/s--Wxz5KfuS--/c_fit,w_300/v123123/0b7e148bbd7c.jpg
//! └─ Cloud ────────────────┴────┘└─ Asset ──────────┘└─ signature ─┘└─ Transf. ┘└─ Asset ──────────────┘
//! ```
//!
//! - [`Cloud`]: the account, its keys and its hosts.
//! - [`Asset`]: one file, stored or fetched.
//! - [`Transformation`]: what is done to it on delivery; its typed parts are in
//!   [`transformation`].
//! - [`Delivery`]: the three together, to be laid out, signed or authorized.
//! - [`SignedUrl`]: signed; out it goes.
//! - [`AssetSigner`]: many of one asset, written at once.
//! - [`DeliveryUrl`]: a URL that came in, taken apart.
//! - [`VerifiedUrl`]: what of it was signed, by [`Cloud::verify`].
//! - [`TokenSigner`]: tokens that let in until they expire.

mod account;
mod asset;
mod path;
#[cfg(feature = "sdk")]
pub mod sdk;
mod token;
pub mod transformation;
mod url;

pub use self::account::cloud::Cloud;
pub use self::account::error::{CloudError, ConfigurationWarning};
pub use self::account::signature_algorithm::SignatureForm;
pub use self::account::token_settings::TokenDefaults;
pub use self::asset::{Asset, AssetError};
pub use self::path::canonical::PathEncoding;
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
pub use self::url::verify::VerifiedUrl;

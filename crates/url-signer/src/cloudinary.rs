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

pub mod transformation;

mod asset;
mod asset_signer;
mod cloud;
mod compiled;
mod configuration;
mod decoded;
mod delivery;
mod front;
mod hosts;
mod parse;
#[cfg(feature = "sdk")]
pub mod sdk;
mod settings;
mod signature;
mod signed_url;
mod slashes;
mod source;
mod split;
mod token;
mod token_settings;
mod types;
mod verify;

pub use self::asset::{Asset, AssetError};
pub use self::asset_signer::AssetSigner;
pub use self::cloud::{Cloud, CloudError};
pub use self::compiled::CompiledTransformation;
pub use self::configuration::ConfigurationWarning;
pub use self::decoded::SignedText;
pub use self::delivery::{Delivery, DeliveryError};
pub use self::parse::DeliveryUrl;
pub use self::signature::SignatureForm;
pub use self::signed_url::SignedUrl;
pub use self::token::{
    Acl, SignedToken, Token, TokenError, TokenInputError, TokenRequest, TokenScope, TokenSigner,
    TokenTerms, VerifiedToken,
};
pub use self::token_settings::TokenDefaults;
pub use self::transformation::{Flag, Number, Size, Transformation, TransformationError};
pub use self::types::{DeliveryType, DeliveryTypeName, ResourceType};
pub use self::verify::VerifiedUrl;

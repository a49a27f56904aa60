//! Cloudinary's delivery URLs.
//!
//! ```text
//! https://res.cloudinary.com/demo/image/authenticated/s--Wxz5KfuS--/c_fit,w_300/v123123/0b7e148bbd7c.jpg
//! └─ Cloud ────────────────┴────┘└─ Asset ──────────┘└─ signature ─┘└─ Transf. ┘└─ Asset ──────────────┘
//! ```
//!
//! - [`Cloud`]: the account, its keys and its hosts.
//! - [`Asset`]: one stored file.
//! - [`Transformation`]: what is done to it on delivery.
//! - [`SignedUrl`]: the three together, signed; out it goes.
//! - [`DeliveryUrl`]: a URL that came in, taken apart.
//! - [`VerifiedUrl`]: what of it was signed, by [`Cloud::verify`].
//! - [`TokenSigner`]: access tokens, which let somebody in for a time.

mod asset;
mod cloud;
mod compiled;
mod configuration;
mod delivery;
mod parameters;
mod parse;
mod signature;
mod slashes;
mod token;
mod transformation;
mod types;
mod verify;

pub use self::asset::{Asset, AssetError};
pub use self::cloud::{Cloud, CloudError};
pub use self::compiled::CompiledTransformation;
pub use self::delivery::SignedUrl;
pub use self::parameters::{Flag, Number, Size};
pub use self::parse::DeliveryUrl;
pub use self::signature::SignatureForm;
pub use self::token::{
    Acl, SignedToken, Token, TokenError, TokenInputError, TokenRequest, TokenScope, TokenSigner,
    TokenTerms, VerifiedToken,
};
pub use self::transformation::{Transformation, TransformationError};
pub use self::types::{DeliveryType, ResourceType};
pub use self::verify::VerifiedUrl;

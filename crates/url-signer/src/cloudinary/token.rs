//! Access tokens: `__cld_token__=ip=…~st=…~exp=…~acl=…~hmac=…`.
//!
//! A token is a bearer credential: it grants access to anyone who has it, until it
//! expires. `Debug` of every type in this module omits the signature.

mod acl;
mod claims;
pub(crate) mod encoding;
mod error;
mod parse;
mod sign;
mod verify;

pub use self::acl::{Acl, TokenScope};
pub use self::claims::TokenClaims;
pub use self::error::{TokenClaimsError, TokenError};
pub use self::parse::Token;
pub use self::sign::{SignedToken, TokenSigner};
pub use self::verify::{TokenContext, VerifiedToken};

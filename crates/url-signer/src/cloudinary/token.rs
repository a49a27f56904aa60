//! Access tokens: `__cld_token__=ip=…~st=…~exp=…~acl=…~hmac=…`.

mod acl;
mod claims;
mod encoding;
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

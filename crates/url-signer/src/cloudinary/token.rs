//! Access tokens: `__cld_token__=ip=…~st=…~exp=…~acl=…~hmac=…`.

mod acl;
mod error;
mod escape;
mod parse;
mod sign;
mod terms;
mod verify;

pub use self::acl::{Acl, TokenScope};
pub use self::error::{TokenError, TokenInputError};
pub use self::parse::Token;
pub use self::sign::{SignedToken, TokenSigner};
pub use self::terms::TokenTerms;
pub use self::verify::{TokenRequest, VerifiedToken};

use std::net::IpAddr;

use super::error::TokenError;
use super::parse::Token;
use super::sign::{TokenSigner, update_mac};

/// The request context in which a token is verified: the current time and the client's
/// address.
///
/// ```
/// use url_signer::cloudinary::TokenContext;
///
/// let context = TokenContext::new(1_700_000_000).with_ip([203, 0, 113, 7].into());
/// assert_eq!(context.now, 1_700_000_000);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct TokenContext {
    /// The current time, in Unix seconds.
    pub now: i64,
    /// The address of the client, if it is known. If it is `None`, a token that is
    /// restricted to an address is rejected.
    pub ip: Option<IpAddr>,
}

impl TokenContext {
    /// Creates a context with the current time, in Unix seconds, and an unknown
    /// address.
    #[must_use]
    pub const fn new(now: i64) -> Self {
        Self { now, ip: None }
    }

    /// Sets the address of the client.
    #[must_use]
    pub const fn with_ip(self, ip: IpAddr) -> Self {
        Self {
            ip: Some(ip),
            ..self
        }
    }
}

impl TokenSigner {
    /// Verifies a token and authorizes a request for a path.
    ///
    /// `token` is `<name>=<value>`, from a cookie or a query. `path` is the path of
    /// the request as received, without the query. For a token without an acl, `path` must
    /// equal the path of [`TokenScope::Path`](crate::cloudinary::TokenScope::Path).
    ///
    /// # Errors
    ///
    /// - [`TokenError::Signature`] for a text that [`Token::parse`] rejects, for a token
    ///   with a different name, and for a signature that no key of the ring creates for
    ///   this token and path. The error does not tell which.
    ///
    /// The other reasons are reported only after the signature is valid, in this
    /// order:
    ///
    /// - [`TokenError::NotYetValid`] before the start.
    /// - [`TokenError::Expired`] at or after the expiration.
    /// - [`TokenError::WrongIp`] for another or an unknown address, and for a token
    ///   whose `ip` is not an address.
    /// - [`TokenError::OutsideAcl`] for a path that the acl does not
    ///   [allow](crate::cloudinary::Acl::allows).
    pub fn verify<'a>(
        &self,
        token: &'a str,
        path: &str,
        context: &TokenContext,
    ) -> Result<VerifiedToken<'a>, TokenError> {
        let token = Token::parse(token).map_err(|_| TokenError::Signature)?;
        let url = token.acl().is_none().then_some(path);
        let is_signed = self
            .keys
            .verify(token.signature, |mac| update_mac(mac, token.signed, url));
        if !is_signed || token.name() != self.name() {
            return Err(TokenError::Signature);
        }
        if let Some(start) = token.start().filter(|start| context.now < *start) {
            return Err(TokenError::NotYetValid { start });
        }
        let expiration = token.expiration();
        if context.now >= expiration {
            return Err(TokenError::Expired { expiration });
        }
        if token.ip().is_some_and(|ip| !is_address(ip, context.ip)) {
            return Err(TokenError::WrongIp);
        }
        if token.acl().is_some_and(|acl| !acl.allows(path)) {
            return Err(TokenError::OutsideAcl);
        }
        Ok(VerifiedToken(token))
    }
}

/// Returns whether a text is the address of the client. A server that listens on IPv6 may
/// see an IPv4 client under its IPv4-mapped address.
fn is_address(text: &str, ip: Option<IpAddr>) -> bool {
    text.parse::<IpAddr>()
        .is_ok_and(|address| ip.is_some_and(|ip| address.to_canonical() == ip.to_canonical()))
}

/// A verified token, borrowed from its text.
///
/// Only [`TokenSigner::verify`] creates this type.
///
/// `Debug` omits the signature.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VerifiedToken<'a>(Token<'a>);

impl<'a> VerifiedToken<'a> {
    /// Returns the parts of the token.
    #[must_use]
    pub const fn token(&self) -> &Token<'a> {
        &self.0
    }
}

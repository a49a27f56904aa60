use std::net::IpAddr;

use super::sign::update_mac;
use super::{Token, TokenError, TokenSigner};

/// What is asked for with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TokenContext<'a> {
    /// Path of the request as it came, without the query; for a token that is
    /// for one URL, that URL as it was signed.
    pub path: &'a str,
    /// Address of the client, if it is known.
    pub ip: Option<IpAddr>,
    /// Time of day, in Unix seconds.
    pub now: i64,
}

impl TokenSigner {
    /// What a token says, if a key of the ring signed it, and it lets this
    /// request in.
    ///
    /// `token` is `<name>=<value>`, as a cookie or in a query.
    ///
    /// # Errors
    ///
    /// - What [`Token::parse`] refuses; another name or key; for a token
    ///   without an acl, another path. These can't be told apart.
    /// - After those, and in this order: a time before its start; its expiry,
    ///   or a time after it; another address than its own, or none, or a token
    ///   whose `ip` is no address; a path that its acl does not
    ///   [allow](super::Acl::allows).
    pub fn verify<'a>(
        &self,
        token: &'a str,
        request: &TokenContext<'_>,
    ) -> Result<VerifiedToken<'a>, TokenError> {
        let token = Token::parse(token).map_err(|_| TokenError::Signature)?;
        let url = token.acl().is_none().then_some(request.path);
        let signed = self
            .keys
            .verify(token.signature, |mac| update_mac(mac, token.signed, url));
        if !signed || token.name() != self.name() {
            return Err(TokenError::Signature);
        }
        if let Some(start) = token.start().filter(|start| request.now < *start) {
            return Err(TokenError::NotYetValid { start });
        }
        let expiration = token.expiration();
        if request.now >= expiration {
            return Err(TokenError::Expired { expiration });
        }
        if token.ip().is_some_and(|ip| !is_address(ip, request.ip)) {
            return Err(TokenError::WrongIp);
        }
        if token.acl().is_some_and(|acl| !acl.allows(request.path)) {
            return Err(TokenError::OutsideAcl);
        }
        Ok(VerifiedToken(token))
    }
}

/// Whether a text is this address. A server that listens on IPv6 may see IPv4
/// clients under addresses that map to theirs.
fn is_address(text: &str, ip: Option<IpAddr>) -> bool {
    text.parse::<IpAddr>()
        .is_ok_and(|address| ip.is_some_and(|ip| address.to_canonical() == ip.to_canonical()))
}

/// A token that was verified, borrowed from its text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VerifiedToken<'a>(Token<'a>);

impl<'a> VerifiedToken<'a> {
    /// What it says.
    #[must_use]
    pub const fn token(&self) -> &Token<'a> {
        &self.0
    }
}

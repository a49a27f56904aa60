use std::net::IpAddr;

use super::sign::feed;
use super::{Token, TokenError, TokenSigner};

/// What is asked for with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct TokenContext {
    /// Address of the client, if it is known.
    pub ip: Option<IpAddr>,
    /// Time of day, in Unix seconds.
    pub now: i64,
}

impl TokenContext {
    /// A request at this time.
    #[must_use]
    pub const fn new(now: i64) -> Self {
        Self { ip: None, now }
    }

    /// Adds the address of the client.
    #[must_use]
    pub const fn with_ip(self, ip: IpAddr) -> Self {
        Self {
            ip: Some(ip),
            ..self
        }
    }
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
        path: &str,
        request: &TokenContext,
    ) -> Result<VerifiedToken<'a>, TokenError> {
        let token = Token::parse(token).map_err(|_| TokenError::Signature)?;
        let url = token.acl().is_none().then_some(path);
        let signed = self
            .keys
            .verify(token.signature, |mac| feed(mac, token.signed, url));
        if !signed || token.name() != self.name() {
            return Err(TokenError::Signature);
        }
        if let Some(start) = token.start().filter(|start| request.now < *start) {
            return Err(TokenError::NotYetValid { start });
        }
        let expires = token.expires();
        if request.now >= expires {
            return Err(TokenError::Expired { expires });
        }
        if token.ip().is_some_and(|ip| !is_address(ip, request.ip)) {
            return Err(TokenError::WrongIp);
        }
        if token.acl().is_some_and(|acl| !acl.allows(path)) {
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

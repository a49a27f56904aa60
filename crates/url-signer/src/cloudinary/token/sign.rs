use std::fmt::{self, Write};

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::acl::TokenScope;
use super::claims::TokenClaims;
use super::encoding::Encoded;
use super::error::TokenClaimsError;
use crate::KeyRing;
use crate::digest::hmac::HmacKeys;
use crate::digest::signature_length::SignatureLength;

/// A signer and verifier of access tokens.
///
/// A token is sent as a cookie or as the query of a delivery URL. If its scope is
/// the path of the URL, it grants access to this URL only. The URL may have a
/// signature as well.
///
/// `Debug` shows the name of the tokens and no key.
///
/// ```
/// use url_signer::Secret;
/// use url_signer::cloudinary::{
///     Asset, Cloud, TokenClaims, TokenContext, TokenError, TokenScope, TokenSigner, Transformation,
/// };
///
/// let cloud = Cloud::new("demo", Secret::new("abcd")?)?;
/// let url = cloud.sign(&Asset::new("sample")?, Transformation::new()).to_string();
/// let path = url.strip_prefix("https://res.cloudinary.com").ok_or("another host")?;
///
/// let tokens = TokenSigner::new(Secret::from_hex("00112233FF99")?);
/// let now = 1_700_000_000;
/// let token = tokens.sign(&TokenClaims::expires_in(300, now)?, TokenScope::Path(path));
/// let url = format!("{url}?{token}");
///
/// let (_, token) = url.split_once('?').ok_or("no token")?;
/// let verified = tokens.verify(token, path, &TokenContext::new(now))?;
/// assert_eq!(verified.token().expiration(), now + 300);
/// assert_eq!(
///     tokens.verify(token, path, &TokenContext::new(now + 300)).unwrap_err(),
///     TokenError::Expired { expiration: now + 300 },
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct TokenSigner {
    name: String,
    pub(super) keys: HmacKeys,
}

impl TokenSigner {
    /// Cloudinary's default name of a token.
    pub const DEFAULT_NAME: &str = "__cld_token__";

    /// Creates a signer of tokens with the default name.
    ///
    /// The key is the token key of the account, not its API secret. It is
    /// hexadecimal: read it with [`Secret::from_hex`](crate::Secret::from_hex).
    pub fn new(keys: impl Into<KeyRing>) -> Self {
        Self {
            name: Self::DEFAULT_NAME.to_owned(),
            keys: HmacKeys::new(&keys.into(), SignatureLength::FULL),
        }
    }

    /// Sets the name of the tokens to sign and verify.
    ///
    /// # Errors
    ///
    /// - An empty name.
    /// - A character other than ASCII letters, digits, `-`, `.` and `_`. Only these
    ///   characters are allowed, because they are valid in cookies and in queries.
    pub fn with_name(self, name: impl Into<String>) -> Result<Self, TokenClaimsError> {
        let name = name.into();
        match name.chars().find(|char| !is_name_char(*char)) {
            Some(char) => Err(TokenClaimsError::Name(name, char)),
            None if name.is_empty() => Err(TokenClaimsError::EmptyName),
            None => Ok(Self { name, ..self }),
        }
    }

    /// Returns the name of the tokens.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    #[cfg(feature = "explain")]
    pub(crate) fn key_count(&self) -> usize {
        self.keys.count()
    }

    /// Returns whether a key signs a text as it is.
    #[cfg(feature = "explain")]
    pub(crate) fn signs(&self, text: &str, signature: &str) -> bool {
        self.keys
            .verify(signature, |mac| mac.update(text.as_bytes()))
    }

    /// Signs a token for a scope.
    #[must_use]
    pub fn sign(&self, claims: &TokenClaims, scope: TokenScope<'_>) -> SignedToken {
        let (signed, url) = match scope {
            TokenScope::Acl(acl) => (format!("{claims}~acl={}", Encoded(&acl.joined)), None),
            TokenScope::Path(url) => (claims.to_string(), Some(url)),
        };
        let signature = self.keys.sign(|mac| update_mac(mac, &signed, url));
        SignedToken(format!("{}={signed}{HMAC_SEPARATOR}{signature}", self.name))
    }
}

/// The separator between the signed parts and the signature.
pub(super) const HMAC_SEPARATOR: &str = "~hmac=";

fn is_name_char(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '-' | '.' | '_')
}

pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_name_char)
}

/// Updates an HMAC with the signed text: the parts of the token, and the URL,
/// which is not part of the token.
pub(super) fn update_mac(mac: &mut Hmac<Sha256>, signed: &str, url: Option<&str>) {
    mac.update(signed.as_bytes());
    if let Some(url) = url {
        mac.update(b"~url=");
        // Writing into an HMAC returns no error.
        let _ = write!(MacWriter(mac), "{}", Encoded(url));
    }
}

struct MacWriter<'a>(&'a mut Hmac<Sha256>);

impl Write for MacWriter<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

/// A signed token: `<name>=<value>`.
///
/// Only [`TokenSigner::sign`] creates this type.
///
/// `Display` writes the token, and so does `Serialize` with the feature `serde`. `Debug`
/// omits the signature, because a token in a log grants access to every reader of
/// the log.
///
/// ```
/// use url_signer::Secret;
/// use url_signer::cloudinary::{Acl, TokenClaims, TokenScope, TokenSigner};
///
/// let tokens = TokenSigner::new(Secret::from_hex("00112233FF99")?);
/// let acl = Acl::new("/image/*")?;
/// let token = tokens.sign(&TokenClaims::expires_at(1_111_111_411), TokenScope::Acl(&acl));
/// assert_eq!(
///     token.as_str(),
///     "__cld_token__=exp=1111111411~acl=%2fimage%2f*\
///         ~hmac=d28b3bbcfcac5e2ed622e90d6905dc208b3772c6fb655a47bd79074bea5de739",
/// );
/// let cookie = format!("{}; Secure; HttpOnly", token.as_str());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct SignedToken(String);

impl SignedToken {
    /// Returns `<name>=<value>`: a cookie, or the query of a URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the name, before the first `=`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.split_once('=').unwrap_or_default().0
    }

    /// Returns the value, after the first `=`.
    #[must_use]
    pub fn value(&self) -> &str {
        self.0.split_once('=').unwrap_or_default().1
    }
}

impl AsRef<str> for SignedToken {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for SignedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SignedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_redacted(f, "SignedToken", &self.0)
    }
}

/// Writes a token without its signature.
pub(super) fn write_redacted(f: &mut fmt::Formatter<'_>, name: &str, token: &str) -> fmt::Result {
    let (signed, _) = token.rsplit_once(HMAC_SEPARATOR).unwrap_or_default();
    write!(f, "{name}({signed}{HMAC_SEPARATOR}..)")
}

#[cfg(feature = "serde")]
impl serde::Serialize for SignedToken {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Secret;
    use crate::cloudinary::{Acl, Token, TokenContext, TokenError};

    /// The constructors create the claims of all other vectors.
    #[test]
    fn claims_with_an_empty_ip_match_the_sdk() {
        let line = include_str!("../../../tests/data/auth_token.jsonl")
            .lines()
            .find(|line| line.contains(r#""ip":"""#))
            .unwrap();
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let signer = TokenSigner::new(Secret::from_hex("00112233FF99").unwrap());
        let claims = TokenClaims {
            ip: Some(String::new()),
            start: None,
            expiration: 5,
        };
        let acl = Acl {
            joined: "/x".to_owned(),
        };
        let token = signer.sign(&claims, TokenScope::Acl(&acl));
        assert_eq!(token.as_str(), case["token"]);

        assert_eq!(Token::parse(token.as_str()).unwrap().ip(), Some(""));
        for ip in [None, "0.0.0.0".parse().ok(), "::".parse().ok()] {
            let mut context = TokenContext::new(4);
            context.ip = ip;
            let rejected = signer.verify(token.as_str(), "/x", &context);
            assert_eq!(rejected.unwrap_err(), TokenError::WrongIp);
        }
    }
}

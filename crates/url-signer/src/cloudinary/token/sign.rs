use std::fmt::{self, Write};

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::encoding::Encoded;
use super::{TokenClaims, TokenClaimsError, TokenScope};
use crate::KeyRing;
use crate::digest::hmac::{HmacKeys, SignatureLength};

/// Signs and verifies access tokens.
///
/// A token is sent as a cookie, or as the query of a delivery URL. With the
/// URL's path as its scope it lets nobody see anything else; the URL may carry
/// its own signature beside it.
///
/// ```
/// use url_signer::Secret;
/// use url_signer::cloudinary::{
///     Asset, Cloud, TokenError, TokenContext, TokenScope, TokenSigner, TokenClaims, Transformation,
/// };
///
/// let cloud = Cloud::new("demo", Secret::new("abcd")?)?;
/// let url = cloud.sign(Transformation::new(), &Asset::new("sample")?).to_string();
/// let path = url.strip_prefix("https://res.cloudinary.com").ok_or("another host")?;
///
/// let tokens = TokenSigner::new(Secret::from_hex("00112233FF99")?);
/// let now = 1_700_000_000;
/// let token = tokens.sign(&TokenClaims::expires_in(300, now)?, TokenScope::Url(path));
/// let url = format!("{url}?{token}");
///
/// let (_, token) = url.split_once('?').ok_or("no token")?;
/// let request = TokenContext { path, ip: None, now };
/// assert_eq!(tokens.verify(token, &request)?.token().expiration(), now + 300);
/// let later = TokenContext { now: now + 300, ..request };
/// assert_eq!(
///     tokens.verify(token, &later).unwrap_err(),
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
    /// The name that the provider expects unless told otherwise.
    pub const DEFAULT_NAME: &str = "__cld_token__";

    /// A signer of tokens of the default name. The key is that of the
    /// account's tokens, which [`Secret::from_hex`](crate::Secret::from_hex)
    /// reads, and not its API secret.
    pub fn new(keys: impl Into<KeyRing>) -> Self {
        Self {
            name: Self::DEFAULT_NAME.to_owned(),
            keys: HmacKeys::new(&keys.into(), SignatureLength::WHOLE),
        }
    }

    /// The same signer with tokens of another name; it verifies no other.
    ///
    /// # Errors
    ///
    /// - A name that is empty, or has other characters than ASCII letters,
    ///   digits, `-`, `.` and `_`, which stand in cookies and queries alike.
    pub fn with_name(self, name: impl Into<String>) -> Result<Self, TokenClaimsError> {
        let name = name.into();
        match name.chars().find(|char| !is_name_char(*char)) {
            Some(char) => Err(TokenClaimsError::Name(name, char)),
            None if name.is_empty() => Err(TokenClaimsError::EmptyName),
            None => Ok(Self { name, ..self }),
        }
    }

    /// Name of its tokens, as a cookie or in a query.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Signs a token.
    #[must_use]
    pub fn sign(&self, claims: &TokenClaims, scope: TokenScope<'_>) -> SignedToken {
        let (signed, url) = match scope {
            TokenScope::Acl(acl) => (format!("{claims}~acl={}", Encoded(&acl.joined)), None),
            TokenScope::Url(url) => (claims.to_string(), Some(url)),
        };
        let signature = self.keys.sign(|mac| update_mac(mac, &signed, url));
        SignedToken(format!("{}={signed}{HMAC_SEPARATOR}{signature}", self.name))
    }
}

/// What stands between the parts that are signed and their signature.
pub(super) const HMAC_SEPARATOR: &str = "~hmac=";

fn is_name_char(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '-' | '.' | '_')
}

pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_name_char)
}

/// Gives an HMAC what is signed: the parts that are sent, and the URL that is
/// not.
pub(super) fn update_mac(mac: &mut Hmac<Sha256>, signed: &str, url: Option<&str>) {
    mac.update(signed.as_bytes());
    if let Some(url) = url {
        mac.update(b"~url=");
        // An HMAC takes anything; the result is for other writers.
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
/// Made only by [`TokenSigner::sign`], and printed by `Display`, `to_string`,
/// and with the feature `serde` by `Serialize`. Until it expires it lets in
/// whoever has it, so `Debug` leaves its signature out.
///
/// ```
/// use url_signer::Secret;
/// use url_signer::cloudinary::{Acl, TokenScope, TokenSigner, TokenClaims};
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
    /// All of it, `<name>=<value>`: a cookie, or what follows the `?` of a URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is before the first `=`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.split_once('=').unwrap_or_default().0
    }

    /// What is after the first `=`.
    #[must_use]
    pub fn value(&self) -> &str {
        self.0.split_once('=').unwrap_or_default().1
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

/// Writes a token as nobody can use it.
pub(super) fn write_redacted(f: &mut fmt::Formatter<'_>, what: &str, token: &str) -> fmt::Result {
    let (signed, _) = token.rsplit_once(HMAC_SEPARATOR).unwrap_or_default();
    write!(f, "{what}({signed}{HMAC_SEPARATOR}..)")
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

    /// All other claims of the vectors can be had from the constructors.
    #[test]
    fn terms_that_are_refused_are_signed_as_the_sdks_do_where_they_are_made_by_hand() {
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
        let request = TokenContext {
            path: "/x",
            ip: None,
            now: 4,
        };
        for ip in [None, "0.0.0.0".parse().ok(), "::".parse().ok()] {
            assert_eq!(
                signer
                    .verify(token.as_str(), &TokenContext { ip, ..request })
                    .unwrap_err(),
                TokenError::WrongIp
            );
        }
    }
}

use std::fmt;

use super::acl::Acl;
use super::encoding::decode;
use super::sign::{HMAC_SEPARATOR, is_name, write_redacted};
use crate::ParseError;
use crate::digest::hex_signature::is_hex_signature;
use crate::digest::signature_length::SignatureLength;

/// A parsed token, borrowed from its text.
///
/// A parsed token is not verified: anybody may have written the text.
/// [`TokenSigner::verify`](crate::cloudinary::TokenSigner::verify) verifies the
/// signature and authorizes a request.
///
/// `Debug` omits the signature, because a token in a log grants access to every
/// reader of the log. `Display` writes the whole text.
///
/// ```
/// use url_signer::cloudinary::{Acl, Token};
///
/// let text = "__cld_token__=ip=10.0.0.1~st=0~exp=600~acl=%2fimage%2f*\
///     ~hmac=8cf7817e5dc3c1490bd31facfeb161c93da6c2aaed7f59bcaf929c232d0ff9d3";
/// let token = Token::parse(text)?;
/// assert_eq!((token.start(), token.expiration()), (Some(0), 600));
/// assert_eq!(token.acl(), Some(&Acl::new("/image/*")?));
/// assert_eq!(token.to_string(), text);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Token<'a> {
    text: &'a str,
    name: &'a str,
    /// The parts before the signature.
    pub(super) signed: &'a str,
    pub(super) signature: &'a str,
    ip: Option<&'a str>,
    start: Option<i64>,
    expiration: i64,
    acl: Option<Acl>,
}

impl<'a> Token<'a> {
    /// Parses a text of the form
    /// `<name>=[ip=<ip>~][st=<start>~]exp=<expiration>[~acl=<acl>]~hmac=<signature>`.
    /// The parts before the signature may be in any order.
    ///
    /// # Errors
    ///
    /// - A missing name.
    /// - A character of the name that is not an ASCII letter, a digit, `-`, `.` or
    ///   `_`.
    /// - A last part that is not `hmac` with 64 lower-case hexadecimal digits.
    /// - An unknown or duplicate part.
    /// - A missing expiration.
    /// - A time that is not a canonical 64-bit integer, such as `+1` or `01`.
    /// - An address with a character that is not visible ASCII. An empty address
    ///   is accepted because some SDKs sign it.
    /// - An acl with an empty pattern or a control character.
    /// - An acl whose percent-encoding differs from that of a
    ///   [`SignedToken`](crate::cloudinary::SignedToken), which writes `/` as `%2f`. For
    ///   example, `%2F` is rejected.
    pub fn parse(text: &'a str) -> Result<Self, ParseError> {
        let problem = |problem| ParseError::new("token", problem);
        let (name, value) = text
            .split_once('=')
            .filter(|(name, _)| is_name(name))
            .ok_or(problem("it does not begin with a name and `=`"))?;
        let (signed, signature) = value
            .rsplit_once(HMAC_SEPARATOR)
            .filter(|(_, digits)| {
                digits.len() == SignatureLength::FULL.get() && is_hex_signature(digits)
            })
            .ok_or(problem(
                "it does not end with `~hmac=` and 64 lower-case hex digits",
            ))?;
        let (mut ip, mut start, mut expiration, mut acl) = (None, None, None, None);
        for part in signed.split('~') {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            let integer = || parse_integer(value).ok_or(problem("a time is not an integer"));
            let is_duplicate = match key {
                "ip" if value.bytes().all(|byte| byte.is_ascii_graphic()) => {
                    ip.replace(value).is_some()
                }
                "ip" => return Err(problem("its `ip` is not visible ASCII")),
                "st" => start.replace(integer()?).is_some(),
                "exp" => expiration.replace(integer()?).is_some(),
                "acl" => {
                    let patterns = decode(value).and_then(|text| Acl::new(text).ok());
                    let patterns = patterns.ok_or(problem("its `acl` is invalid"))?;
                    acl.replace(patterns).is_some()
                }
                _ => return Err(problem("it has an unknown part")),
            };
            if is_duplicate {
                return Err(problem("it has a duplicate part"));
            }
        }
        Ok(Self {
            text,
            name,
            signed,
            signature,
            ip,
            start,
            expiration: expiration.ok_or(problem("it has no `exp`"))?,
            acl,
        })
    }

    /// Returns the text of the token, including its signature.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }

    /// Returns the name, before the first `=`.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// Returns the IP address of the client, as written.
    #[must_use]
    pub const fn ip(&self) -> Option<&'a str> {
        self.ip
    }

    /// Returns the start, in Unix seconds.
    #[must_use]
    pub const fn start(&self) -> Option<i64> {
        self.start
    }

    /// Returns the expiration, in Unix seconds.
    #[must_use]
    pub const fn expiration(&self) -> i64 {
        self.expiration
    }

    /// Returns the acl. A token without an acl authorizes one URL.
    #[must_use]
    pub const fn acl(&self) -> Option<&Acl> {
        self.acl.as_ref()
    }
}

/// Parses an integer in its canonical form, so that each number has one text.
fn parse_integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_canonical = text == "0" || !digits.starts_with(['0', '+']);
    text.parse().ok().filter(|_| is_canonical)
}

impl AsRef<str> for Token<'_> {
    fn as_ref(&self) -> &str {
        self.text
    }
}

impl fmt::Display for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

impl fmt::Debug for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_redacted(f, "Token", self.text)
    }
}

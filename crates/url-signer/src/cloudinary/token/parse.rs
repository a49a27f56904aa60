use std::fmt;

use super::Acl;
use super::encoding::decode;
use super::sign::{HMAC_SEPARATOR, is_name, write_redacted};
use crate::ParseError;
use crate::digest::hmac::{SignatureLength, is_hex_signature};

/// A token taken apart, borrowed from its text.
///
/// It is not verified: anybody may have written it.
/// [`TokenSigner::verify`](super::TokenSigner::verify) tells whether it was
/// signed, and lets a request in.
///
/// `Debug` leaves the signature out: with it, the token would let in whoever
/// reads the log. `Display` is the whole text.
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
    /// All parts before the signature.
    pub(super) signed: &'a str,
    pub(super) signature: &'a str,
    ip: Option<&'a str>,
    start: Option<i64>,
    expiration: i64,
    acl: Option<Acl>,
}

impl<'a> Token<'a> {
    /// Takes apart a text of the form
    /// `<name>=[ip=<ip>~][st=<start>~]exp=<expiry>[~acl=<acl>]~hmac=<signature>`,
    /// where the parts before the last may come in any order.
    ///
    /// # Errors
    ///
    /// - A name that is missing, or has other characters than ASCII letters,
    ///   digits, `-`, `.` and `_`.
    /// - A last part that is not `hmac` with 64 hexadecimal digits in lower
    ///   case.
    /// - A part that is not known, or there twice.
    /// - No expiry.
    /// - A time that is not written as a whole number of 64 bits is.
    /// - An address with other characters than visible ASCII. It may be empty,
    ///   since some SDKs sign one.
    /// - An acl with an empty pattern, a control character, or a character
    ///   that is not escaped as it is when signing.
    pub fn parse(text: &'a str) -> Result<Self, ParseError> {
        let problem = |problem| ParseError::new("token", problem);
        let (name, value) = text
            .split_once('=')
            .filter(|(name, _)| is_name(name))
            .ok_or(problem("it does not begin with a name and `=`"))?;
        let (signed, signature) = value
            .rsplit_once(HMAC_SEPARATOR)
            .filter(|(_, digits)| {
                digits.len() == SignatureLength::WHOLE.get() && is_hex_signature(digits)
            })
            .ok_or(problem(
                "it does not end with `~hmac=` and 64 lower-case hex digits",
            ))?;
        let (mut ip, mut start, mut expiration, mut acl) = (None, None, None, None);
        for part in signed.split('~') {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            let number = || number(value).ok_or(problem("a time is not a whole number"));
            let again = match key {
                "ip" if value.bytes().all(|byte| byte.is_ascii_graphic()) => {
                    ip.replace(value).is_some()
                }
                "ip" => return Err(problem("its `ip` is no visible ascii")),
                "st" => start.replace(number()?).is_some(),
                "exp" => expiration.replace(number()?).is_some(),
                "acl" => {
                    let patterns = decode(value).and_then(|text| Acl::new(text).ok());
                    let patterns = patterns.ok_or(problem("its `acl` is no escaped patterns"))?;
                    acl.replace(patterns).is_some()
                }
                _ => return Err(problem("it has a part that is not known")),
            };
            if again {
                return Err(problem("it has a part twice"));
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

    /// The name before the first `=`.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// The address that it is for, as it is written there.
    #[must_use]
    pub const fn ip(&self) -> Option<&'a str> {
        self.ip
    }

    /// From when on it is valid, in Unix seconds.
    #[must_use]
    pub const fn start(&self) -> Option<i64> {
        self.start
    }

    /// When it expires, in Unix seconds.
    #[must_use]
    pub const fn expiration(&self) -> i64 {
        self.expiration
    }

    /// The patterns that it is for; a token without is for one URL.
    #[must_use]
    pub const fn acl(&self) -> Option<&Acl> {
        self.acl.as_ref()
    }
}

/// A number as it is printed, so that no two texts are the same one.
fn number(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let as_printed = text == "0" || !digits.starts_with(['0', '+']);
    text.parse().ok().filter(|_| as_printed)
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

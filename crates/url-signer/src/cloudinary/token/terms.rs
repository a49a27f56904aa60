use std::fmt;
use std::net::IpAddr;

use super::TokenInputError;

/// When, and from where, a token lets somebody in.
///
/// All times are Unix seconds. There is no clock here: what needs the time of
/// day is given it.
///
/// ```
/// use url_signer::cloudinary::TokenTerms;
///
/// let now = 1_700_000_000;
/// let terms = TokenTerms::lasting(300, now)?.starting(now)?.for_ip("203.0.113.7")?;
/// assert_eq!(terms.expires(), 1_700_000_300);
/// # Ok::<(), url_signer::cloudinary::TokenInputError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenTerms {
    // Elsewhere in `cloudinary`, these may be what the constructors refuse.
    pub(in crate::cloudinary) ip: Option<String>,
    pub(in crate::cloudinary) start: Option<i64>,
    pub(in crate::cloudinary) expires: i64,
}

impl TokenTerms {
    /// From any time on, until just before `expires`.
    #[must_use]
    pub const fn until(expires: i64) -> Self {
        Self {
            ip: None,
            start: None,
            expires,
        }
    }

    /// Until `seconds` after `from`, which is the start or the time of day.
    ///
    /// It does not set a start; [`starting`](Self::starting) does.
    ///
    /// # Errors
    ///
    /// - An expiry that does not fit 64 bits.
    pub fn lasting(seconds: u64, from: i64) -> Result<Self, TokenInputError> {
        let expires = from
            .checked_add_unsigned(seconds)
            .ok_or(TokenInputError::Expiry { from, seconds })?;
        Ok(Self::until(expires))
    }

    /// The same terms, but not before `start`.
    ///
    /// # Errors
    ///
    /// - A start that is not before the expiry.
    pub fn starting(self, start: i64) -> Result<Self, TokenInputError> {
        let expires = self.expires;
        if start >= expires {
            return Err(TokenInputError::Start { start, expires });
        }
        Ok(Self {
            start: Some(start),
            ..self
        })
    }

    /// The same terms, but for one IPv4 or IPv6 address alone, which is signed
    /// and sent as it is written here.
    ///
    /// # Errors
    ///
    /// - What is no address.
    pub fn for_ip(self, ip: &str) -> Result<Self, TokenInputError> {
        if ip.parse::<IpAddr>().is_err() {
            return Err(TokenInputError::Ip(ip.to_owned()));
        }
        Ok(Self {
            ip: Some(ip.to_owned()),
            ..self
        })
    }

    /// When it expires, in Unix seconds.
    #[must_use]
    pub const fn expires(&self) -> i64 {
        self.expires
    }
}

/// As they stand in a token: `ip=…~st=…~exp=…`.
impl fmt::Display for TokenTerms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(ip) = &self.ip {
            write!(f, "ip={ip}~")?;
        }
        if let Some(start) = self.start {
            write!(f, "st={start}~")?;
        }
        write!(f, "exp={}", self.expires)
    }
}

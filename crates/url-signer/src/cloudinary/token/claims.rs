use std::fmt;
use std::net::IpAddr;

use super::TokenClaimsError;

/// When, and from where, a token lets somebody in.
///
/// All times are Unix seconds. There is no clock here: what needs the time of
/// day is given it.
///
/// ```
/// use url_signer::cloudinary::TokenClaims;
///
/// let now = 1_700_000_000;
/// let claims = TokenClaims::expires_in(300, now)?.not_before(now)?.with_ip("203.0.113.7")?;
/// assert_eq!(claims.expiration(), 1_700_000_300);
/// # Ok::<(), url_signer::cloudinary::TokenClaimsError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenClaims {
    // Elsewhere in `cloudinary`, these may be what the constructors refuse.
    pub(crate) ip: Option<String>,
    pub(crate) start: Option<i64>,
    pub(crate) expiration: i64,
}

impl TokenClaims {
    /// From any time on, until just before `expiration`.
    #[must_use]
    pub const fn expires_at(expiration: i64) -> Self {
        Self {
            ip: None,
            start: None,
            expiration,
        }
    }

    /// Until `seconds` after `from`, which is the start or the time of day.
    ///
    /// It does not set a start; [`not_before`](Self::not_before) does.
    ///
    /// # Errors
    ///
    /// - An expiry that does not fit 64 bits.
    pub fn expires_in(seconds: u64, from: i64) -> Result<Self, TokenClaimsError> {
        let expiration = from
            .checked_add_unsigned(seconds)
            .ok_or(TokenClaimsError::Expiration { from, seconds })?;
        Ok(Self::expires_at(expiration))
    }

    /// The same claims, but not before `start`.
    ///
    /// # Errors
    ///
    /// - A start that is not before the expiry.
    pub fn not_before(self, start: i64) -> Result<Self, TokenClaimsError> {
        let expiration = self.expiration;
        if start >= expiration {
            return Err(TokenClaimsError::Start { start, expiration });
        }
        Ok(Self {
            start: Some(start),
            ..self
        })
    }

    /// The same claims, but for one IPv4 or IPv6 address alone, which is signed
    /// and sent as it is written here.
    ///
    /// # Errors
    ///
    /// - What is no address.
    pub fn with_ip(self, ip: &str) -> Result<Self, TokenClaimsError> {
        if ip.parse::<IpAddr>().is_err() {
            return Err(TokenClaimsError::Ip(ip.to_owned()));
        }
        Ok(Self {
            ip: Some(ip.to_owned()),
            ..self
        })
    }

    /// When it expires, in Unix seconds.
    #[must_use]
    pub const fn expiration(&self) -> i64 {
        self.expiration
    }
}

/// As they stand in a token: `ip=…~st=…~exp=…`.
impl fmt::Display for TokenClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(ip) = &self.ip {
            write!(f, "ip={ip}~")?;
        }
        if let Some(start) = self.start {
            write!(f, "st={start}~")?;
        }
        write!(f, "exp={}", self.expiration)
    }
}

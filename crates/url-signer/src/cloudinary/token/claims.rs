use std::fmt;
use std::net::IpAddr;

use super::error::TokenClaimsError;

/// The claims of a token: when it is valid, and for which IP address.
///
/// All times are Unix seconds. No method reads a clock: the current time is an
/// argument.
///
/// ```
/// use url_signer::cloudinary::TokenClaims;
///
/// let now = 1_700_000_000;
/// let claims = TokenClaims::expires_in(300, now)?.not_before(now)?.with_ip("203.0.113.7")?;
/// assert_eq!(claims.expiration(), 1_700_000_300);
/// assert_eq!(claims.start(), Some(now));
/// assert_eq!(claims.ip(), Some("203.0.113.7"));
/// # Ok::<(), url_signer::cloudinary::TokenClaimsError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenClaims {
    // Other modules of `cloudinary` may store values that the constructors reject,
    // as the SDKs do.
    pub(crate) ip: Option<String>,
    pub(crate) start: Option<i64>,
    pub(crate) expiration: i64,
}

impl TokenClaims {
    /// Creates claims with an expiration in Unix seconds. The token is valid
    /// before this time.
    #[must_use]
    pub const fn expires_at(unix_seconds: i64) -> Self {
        Self {
            ip: None,
            start: None,
            expiration: unix_seconds,
        }
    }

    /// Creates claims that expire a number of seconds after the time `from`, which is
    /// usually the current time.
    ///
    /// This method does not set a start: call [`not_before`](Self::not_before) for that.
    ///
    /// # Errors
    ///
    /// - An expiration that does not fit into 64 bits.
    pub fn expires_in(seconds: u64, from: i64) -> Result<Self, TokenClaimsError> {
        let expiration = from
            .checked_add_unsigned(seconds)
            .ok_or(TokenClaimsError::Expiration { from, seconds })?;
        Ok(Self::expires_at(expiration))
    }

    /// Sets the start: the token is not valid before this time.
    ///
    /// # Errors
    ///
    /// - A start that is not before the expiration.
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

    /// Restricts the token to the client with an IPv4 or IPv6 address. The text of the
    /// address is signed and sent unchanged.
    ///
    /// # Errors
    ///
    /// - A text that is not an IP address.
    pub fn with_ip(self, ip: &str) -> Result<Self, TokenClaimsError> {
        if ip.parse::<IpAddr>().is_err() {
            return Err(TokenClaimsError::Ip(ip.to_owned()));
        }
        Ok(Self {
            ip: Some(ip.to_owned()),
            ..self
        })
    }

    /// Returns the expiration, in Unix seconds.
    #[must_use]
    pub const fn expiration(&self) -> i64 {
        self.expiration
    }

    /// Returns the start, in Unix seconds.
    #[must_use]
    pub const fn start(&self) -> Option<i64> {
        self.start
    }

    /// Returns the IP address of the client, as written.
    #[must_use]
    pub fn ip(&self) -> Option<&str> {
        self.ip.as_deref()
    }
}

/// Writes the claims as in a token: `ip=…~st=…~exp=…`.
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

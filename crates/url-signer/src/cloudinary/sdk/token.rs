//! Access tokens from the options of the SDKs.

use serde_json::{Map, Value};

use super::configuration::Sdk;
use super::error::SdkError;
use super::options::set_token_option;
use crate::cloudinary::token::TokenScope;

impl Sdk {
    /// Creates a signed token from the options of the SDKs' `generate_auth_token`:
    /// `key`, `acl`, `url`, `ip`, `start_time`, `expiration`, `duration`,
    /// `token_name`.
    ///
    /// ```
    /// use serde_json::json;
    /// use url_signer::cloudinary::sdk::Sdk;
    ///
    /// let options = json!({ "key": "00112233FF99", "acl": "/*/t_foobar", "start_time": 2_000_000_000, "duration": 600 });
    /// let token = Sdk::new().token(options.as_object().ok_or("no map")?)?;
    /// assert_eq!(
    ///     token,
    ///     "__cld_token__=st=2000000000~exp=2000000600~acl=%2f*%2ft_foobar~hmac=\
    ///      47c62eed4f954fa2440082fda3cd9b0cc7a8ea15752b3c554315ea945574a202",
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - An option with an invalid value, such as a key that is not hexadecimal.
    /// - An unknown option.
    /// - A missing key.
    /// - Neither an acl nor a URL.
    /// - Neither an expiration nor a duration.
    /// - A duration with neither a start nor [`with_now`](Self::with_now).
    pub fn token(&self, options: &Map<String, Value>) -> Result<String, SdkError> {
        let mut settings = self.settings.token.clone();
        for (key, value) in options {
            if !set_token_option(&mut settings, key, value)? {
                return Err(SdkError::UnknownTokenOption(key.clone()));
            }
        }
        let acl = settings.acl()?;
        let scope = match (&acl, &settings.url) {
            (Some(acl), _) => TokenScope::Acl(acl),
            (None, Some(url)) => TokenScope::Path(url),
            (None, None) => return Err(SdkError::TokenWithoutAclOrUrl),
        };
        let signer = settings.signer()?.ok_or(SdkError::TokenWithoutKey)?;
        let claims = settings
            .claims(self.now)
            .ok_or(SdkError::TokenWithoutExpiration)?;
        Ok(signer.sign(&claims, scope).to_string())
    }
}

//! Access tokens: JWTs with HS256 that contain the id of the user.

mod upload;

use std::fmt;
use std::time::{Duration, SystemTime, SystemTimeError, UNIX_EPOCH};

use anyhow::{Result, ensure};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

pub(crate) use self::upload::UploadTarget;

/// The minimum key length of HS256 (RFC 7518, section 3.2).
const KEY_BYTES: usize = 32;

/// The tolerated difference between the clocks of hosts, in seconds.
const LEEWAY: u64 = 30;

#[derive(Serialize, Deserialize)]
struct Claims {
    exp: u64,
    iat: u64,
    user_id: Uuid,
}

/// The claims that are read from a token. Another issuer may omit the rest.
#[derive(Deserialize)]
struct UserClaims {
    user_id: Uuid,
}

/// Issues and verifies tokens.
#[derive(Clone)]
pub(crate) struct TokenKey {
    encoding: EncodingKey,
    decoding: DecodingKey,
    access: Validation,
    upload: Validation,
}

/// An invalid token. The reason is not recorded, so that no response reveals it.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("invalid token")]
pub(crate) struct InvalidToken;

impl TokenKey {
    pub(crate) fn new(key: &[u8]) -> Result<Self> {
        ensure!(
            key.len() >= KEY_BYTES,
            "the token key has {} bytes; at least {KEY_BYTES} are required",
            key.len()
        );
        let mut access = Validation::new(Algorithm::HS256);
        access.set_required_spec_claims(&["exp"]);
        access.leeway = LEEWAY;
        access.validate_exp = true;
        access.validate_nbf = true;
        // An access token has no audience. A token with one has another purpose.
        access.validate_aud = true;
        Ok(Self {
            encoding: EncodingKey::from_secret(key),
            decoding: DecodingKey::from_secret(key),
            upload: upload::validation(&access),
            access,
        })
    }

    /// Issues a token for a user, valid from now for `ttl`.
    pub(crate) fn issue(&self, user_id: Uuid, ttl: Duration) -> Result<String> {
        let iat = seconds(SystemTime::now())?;
        self.encode(&Claims {
            exp: iat.saturating_add(ttl.as_secs()),
            iat,
            user_id,
        })
    }

    /// Returns the user of a valid token.
    pub(crate) fn verify(&self, token: &str) -> Result<Uuid, InvalidToken> {
        let claims: UserClaims = self.decode(token, &self.access)?;
        Ok(claims.user_id)
    }

    fn encode(&self, claims: &impl Serialize) -> Result<String> {
        let header = Header::new(Algorithm::HS256);
        Ok(jsonwebtoken::encode(&header, claims, &self.encoding)?)
    }

    fn decode<C: DeserializeOwned>(
        &self,
        token: &str,
        validation: &Validation,
    ) -> Result<C, InvalidToken> {
        let token = jsonwebtoken::decode::<C>(token, &self.decoding, validation)
            .map_err(|_| InvalidToken)?;
        // `crit` names extensions that a verifier must support; none is supported.
        if token.header.crit.is_some() {
            return Err(InvalidToken);
        }
        Ok(token.claims)
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenKey(..)")
    }
}

fn seconds(time: SystemTime) -> Result<u64, SystemTimeError> {
    Ok(time.duration_since(UNIX_EPOCH)?.as_secs())
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use hmac::{Hmac, KeyInit, Mac};
    use serde_json::{Value, json};
    use sha2::Sha256;

    use super::*;

    pub(super) const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";
    pub(super) const USER: &str = "40b7f36a-1e4b-4987-931f-88910a37c451";

    pub(super) fn now() -> u64 {
        seconds(SystemTime::now()).unwrap()
    }

    /// Encodes a token without the library that verifies it.
    pub(super) fn encoded(header: &Value, claims: &Value, key: &[u8]) -> String {
        let parts = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        let text = parts.join(".");
        mac.update(text.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
        format!("{text}.{signature}")
    }

    fn verified(header: &Value, claims: &Value) -> Result<Uuid, InvalidToken> {
        let key = TokenKey::new(KEY).unwrap();
        key.verify(&encoded(header, claims, KEY))
    }

    pub(super) fn hs256() -> Value {
        json!({ "typ": "JWT", "alg": "HS256" })
    }

    #[test]
    fn a_valid_token_returns_its_user() {
        let user = USER.parse().unwrap();
        let key = TokenKey::new(KEY).unwrap();
        let issued = key.issue(user, Duration::from_mins(1)).unwrap();
        assert_eq!(key.verify(&issued), Ok(user));
        let claims = json!({ "exp": now() + 60, "iat": now(), "user_id": USER });
        assert_eq!(verified(&hs256(), &claims), Ok(user));
        let claims = json!({ "exp": now() + 60, "nbf": now() - 60, "user_id": USER });
        assert_eq!(verified(&hs256(), &claims), Ok(user));
    }

    #[test]
    fn missing_or_invalid_claims_are_rejected() {
        for claims in [
            json!({ "user_id": USER }),
            json!({ "exp": now() - 60, "user_id": USER }),
            json!({ "exp": "soon", "user_id": USER }),
            json!({ "exp": now() + 60 }),
            json!({ "exp": now() + 60, "user_id": "admin" }),
            json!({ "exp": now() + 60, "nbf": now() + 90, "user_id": USER }),
            json!({ "exp": now() + 60, "user_id": USER, "aud": "image-host/uploads" }),
            json!({ "exp": now() + 60, "user_id": USER, "aud": ["image-host/uploads"] }),
            json!([]),
        ] {
            assert_eq!(verified(&hs256(), &claims), Err(InvalidToken), "{claims}");
        }
    }

    #[test]
    fn a_small_clock_difference_is_tolerated() {
        for claims in [
            json!({ "exp": now() - LEEWAY / 2, "user_id": USER }),
            json!({ "exp": now() + 60, "nbf": now() + LEEWAY / 2, "user_id": USER }),
        ] {
            assert!(verified(&hs256(), &claims).is_ok(), "{claims}");
        }
    }

    #[test]
    fn other_algorithms_and_extensions_are_rejected() {
        let claims = json!({ "exp": now() + 60, "user_id": USER });
        for header in [
            json!({ "alg": "none" }),
            json!({ "alg": "None" }),
            json!({ "alg": "HS384" }),
            json!({ "alg": "RS256" }),
            json!({ "typ": "JWT" }),
            json!({ "alg": "HS256", "crit": ["b64"], "b64": false }),
            json!({ "alg": "HS256", "crit": [] }),
        ] {
            assert_eq!(verified(&header, &claims), Err(InvalidToken), "{header}");
        }
        let unsigned = encoded(&json!({ "alg": "none" }), &claims, KEY);
        let (text, _) = unsigned.rsplit_once('.').unwrap();
        let key = TokenKey::new(KEY).unwrap();
        assert_eq!(key.verify(&format!("{text}.")), Err(InvalidToken));
        assert_eq!(key.verify(text), Err(InvalidToken));
    }

    #[test]
    fn other_keys_and_changed_tokens_are_rejected() {
        let key = TokenKey::new(KEY).unwrap();
        let claims = json!({ "exp": now() + 60, "user_id": USER });
        let forged = encoded(&hs256(), &claims, b"another key of thirty-two bytes!");
        assert_eq!(key.verify(&forged), Err(InvalidToken));
        let token = encoded(&hs256(), &claims, KEY);
        assert!(key.verify(&token).is_ok());
        let longer = format!("{token}A");
        for changed in ["", ".", "..", &longer, token.trim_start_matches("ey")] {
            assert_eq!(key.verify(changed), Err(InvalidToken), "{changed}");
        }
    }

    #[test]
    fn short_keys_are_rejected_and_debug_hides_the_key() {
        assert_eq!(
            TokenKey::new(&KEY[1..]).unwrap_err().to_string(),
            "the token key has 31 bytes; at least 32 are required"
        );
        assert_eq!(format!("{:?}", TokenKey::new(KEY).unwrap()), "TokenKey(..)");
    }
}

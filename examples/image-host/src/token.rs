//! The tokens that say who asks: JWTs, HS256.

use std::fmt;
use std::time::{Duration, SystemTime, SystemTimeError, UNIX_EPOCH};

use anyhow::{Result, ensure};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

/// What HS256 asks for at least: as many bytes as its hash has.
const KEY_BYTES: usize = 32;

/// By how many seconds the clocks of hosts may differ.
const LEEWAY: u64 = 30;

#[derive(Serialize, Deserialize)]
struct Claims {
    exp: u64,
    iat: u64,
    user_id: Uuid,
}

/// What is read of a token that others may have issued.
#[derive(Deserialize)]
struct User {
    user_id: Uuid,
}

/// Issues and verifies tokens.
#[derive(Clone)]
pub(crate) struct TokenKey {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

/// A token that lets nobody in; who sent it learns no more.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the token lets nobody in")]
pub(crate) struct TokenRefused;

impl TokenKey {
    pub(crate) fn new(key: &[u8]) -> Result<Self> {
        ensure!(
            key.len() >= KEY_BYTES,
            "the key of tokens has {} bytes, and {KEY_BYTES} are needed",
            key.len()
        );
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_required_spec_claims(&["exp"]);
        validation.leeway = LEEWAY;
        validation.validate_exp = true;
        validation.validate_nbf = true;
        Ok(Self {
            encoding: EncodingKey::from_secret(key),
            decoding: DecodingKey::from_secret(key),
            validation,
        })
    }

    /// A token for a user, from now on for so long.
    pub(crate) fn issue(&self, user_id: Uuid, ttl: Duration) -> Result<String> {
        let iat = seconds(SystemTime::now())?;
        let claims = Claims {
            exp: iat.saturating_add(ttl.as_secs()),
            iat,
            user_id,
        };
        Ok(jsonwebtoken::encode(
            &Header::new(Algorithm::HS256),
            &claims,
            &self.encoding,
        )?)
    }

    /// The user whom a token names, if it holds.
    pub(crate) fn verify(&self, token: &str) -> Result<Uuid, TokenRefused> {
        let token = jsonwebtoken::decode::<User>(token, &self.decoding, &self.validation)
            .map_err(|_| TokenRefused)?;
        // It names extensions that must be understood, and there are none here.
        if token.header.crit.is_some() {
            return Err(TokenRefused);
        }
        Ok(token.claims.user_id)
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

    const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";
    const USER: &str = "40b7f36a-1e4b-4987-931f-88910a37c451";

    fn now() -> u64 {
        seconds(SystemTime::now()).unwrap()
    }

    /// A token made without the library that verifies it.
    fn made(header: &Value, claims: &Value, key: &[u8]) -> String {
        let parts = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        let text = parts.join(".");
        mac.update(text.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
        format!("{text}.{signature}")
    }

    fn verified(header: &Value, claims: &Value) -> Result<Uuid, TokenRefused> {
        let key = TokenKey::new(KEY).unwrap();
        key.verify(&made(header, claims, KEY))
    }

    fn hs256() -> Value {
        json!({ "typ": "JWT", "alg": "HS256" })
    }

    #[test]
    fn a_token_names_its_user() {
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
    fn a_token_without_what_it_needs_is_refused() {
        for claims in [
            json!({ "user_id": USER }),
            json!({ "exp": now() - 60, "user_id": USER }),
            json!({ "exp": "soon", "user_id": USER }),
            json!({ "exp": now() + 60 }),
            json!({ "exp": now() + 60, "user_id": "admin" }),
            json!({ "exp": now() + 60, "nbf": now() + 90, "user_id": USER }),
            json!([]),
        ] {
            assert_eq!(verified(&hs256(), &claims), Err(TokenRefused), "{claims}");
        }
    }

    #[test]
    fn a_clock_may_be_somewhat_wrong() {
        for claims in [
            json!({ "exp": now() - LEEWAY / 2, "user_id": USER }),
            json!({ "exp": now() + 60, "nbf": now() + LEEWAY / 2, "user_id": USER }),
        ] {
            assert!(verified(&hs256(), &claims).is_ok(), "{claims}");
        }
    }

    #[test]
    fn another_algorithm_is_refused_and_so_is_what_must_be_understood() {
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
            assert_eq!(verified(&header, &claims), Err(TokenRefused), "{header}");
        }
        let unsigned = made(&json!({ "alg": "none" }), &claims, KEY);
        let (text, _) = unsigned.rsplit_once('.').unwrap();
        let key = TokenKey::new(KEY).unwrap();
        assert_eq!(key.verify(&format!("{text}.")), Err(TokenRefused));
        assert_eq!(key.verify(text), Err(TokenRefused));
    }

    #[test]
    fn another_key_or_a_changed_token_is_refused() {
        let key = TokenKey::new(KEY).unwrap();
        let claims = json!({ "exp": now() + 60, "user_id": USER });
        let forged = made(&hs256(), &claims, b"another key of thirty-two bytes!");
        assert_eq!(key.verify(&forged), Err(TokenRefused));
        let token = made(&hs256(), &claims, KEY);
        assert!(key.verify(&token).is_ok());
        let longer = format!("{token}A");
        for changed in ["", ".", "..", &longer, token.trim_start_matches("ey")] {
            assert_eq!(key.verify(changed), Err(TokenRefused), "{changed}");
        }
    }

    #[test]
    fn a_short_key_is_refused_and_none_is_shown() {
        assert_eq!(
            TokenKey::new(&KEY[1..]).unwrap_err().to_string(),
            "the key of tokens has 31 bytes, and 32 are needed"
        );
        assert_eq!(format!("{:?}", TokenKey::new(KEY).unwrap()), "TokenKey(..)");
    }
}

//! Upload tokens: the authorization in the URL that the provider notifies.
//!
//! An upload token has an audience. Access tokens have none, so that neither is valid
//! instead of the other.

use std::time::{Duration, SystemTime};

use anyhow::Result;
use jsonwebtoken::Validation;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{InvalidToken, TokenKey, seconds};

const AUDIENCE: &str = "image-host/uploads";

/// The lifetime of an upload token: a form is valid for one hour, an upload takes its
/// time, and the provider repeats a webhook that failed.
const TTL: Duration = Duration::from_hours(24);

/// The user who uploads a file, and the album of the new image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UploadTarget {
    pub(crate) user_id: Uuid,
    pub(crate) album_id: String,
}

#[derive(Serialize)]
struct UploadClaims<'a> {
    aud: &'static str,
    exp: u64,
    iat: u64,
    #[serde(flatten)]
    target: &'a UploadTarget,
}

/// Returns the rules for upload tokens, which are those for access tokens and the
/// audience.
pub(super) fn validation(access: &Validation) -> Validation {
    let mut validation = access.clone();
    validation.set_required_spec_claims(&["exp", "aud"]);
    validation.set_audience(&[AUDIENCE]);
    validation
}

impl TokenKey {
    /// Issues an upload token, valid from now for 24 hours.
    pub(crate) fn issue_upload(&self, target: &UploadTarget) -> Result<String> {
        let iat = seconds(SystemTime::now())?;
        self.encode(&UploadClaims {
            aud: AUDIENCE,
            exp: iat.saturating_add(TTL.as_secs()),
            iat,
            target,
        })
    }

    /// Returns the user and the album of a valid upload token.
    pub(crate) fn verify_upload(&self, token: &str) -> Result<UploadTarget, InvalidToken> {
        self.decode(token, &self.upload)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::tests::{KEY, USER, encoded, hs256, now};
    use super::*;

    fn verified(header: &Value, claims: &Value) -> Result<UploadTarget, InvalidToken> {
        let key = TokenKey::new(KEY).unwrap();
        key.verify_upload(&encoded(header, claims, KEY))
    }

    #[test]
    fn upload_and_access_tokens_are_not_exchangeable() {
        let key = TokenKey::new(KEY).unwrap();
        let target = UploadTarget {
            user_id: USER.parse().unwrap(),
            album_id: "an album, \u{e9}".to_owned(),
        };
        let upload = key.issue_upload(&target).unwrap();
        assert_eq!(key.verify_upload(&upload), Ok(target.clone()));
        assert_eq!(key.verify(&upload), Err(InvalidToken));
        let access = key.issue(target.user_id, TTL).unwrap();
        assert_eq!(key.verify_upload(&access), Err(InvalidToken));
    }

    #[test]
    fn an_upload_token_needs_each_claim() {
        let valid = json!({
            "aud": AUDIENCE, "exp": now() + 60, "user_id": USER, "album_id": "a"
        });
        assert!(verified(&hs256(), &valid).is_ok());
        for (claim, value) in [
            ("aud", json!(null)),
            ("aud", json!("image-host")),
            ("aud", json!(["other"])),
            ("aud", json!(5)),
            ("exp", json!(null)),
            ("exp", json!(now() - 60)),
            ("user_id", json!(null)),
            ("user_id", json!("admin")),
            ("album_id", json!(null)),
            ("album_id", json!(5)),
        ] {
            let mut claims = valid.clone();
            claims[claim] = value;
            assert_eq!(verified(&hs256(), &claims), Err(InvalidToken), "{claims}");
            claims.as_object_mut().unwrap().remove(claim);
            assert_eq!(verified(&hs256(), &claims), Err(InvalidToken), "{claims}");
        }
        let none = json!({ "alg": "none" });
        assert_eq!(verified(&none, &valid), Err(InvalidToken));
    }
}

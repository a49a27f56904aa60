//! Responses of the API.

use super::signature;
use crate::cloudinary::account::cloud::Cloud;
use crate::error::VerifyError;

impl Cloud {
    /// Verifies the signature of an API response, such as the response to an upload from a
    /// browser or an app.
    ///
    /// The arguments are the values of the keys `public_id`, `version` and `signature` of
    /// the response. Other keys of the response are not signed.
    ///
    /// ```
    /// use url_signer::Secret;
    /// use url_signer::cloudinary::Cloud;
    ///
    /// let cloud = Cloud::new("test123", Secret::new("X7qLTrsES31MzxxkxPPA-pAGGfU")?)?;
    /// let signature = "08d3107a5b2ad82e7d82c0b972218fbf20b5b1e0";
    /// assert!(cloud.verify_response("tests/logo.png", 1, signature).is_ok());
    /// assert!(cloud.verify_response("tests/logo.png", 2, signature).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// A response has no timestamp, so the signature does not expire. Cloudinary always
    /// signs responses with [version 1](crate::cloudinary::api::ApiSignatureVersion::V1).
    /// [`verify_webhook`](Self::verify_webhook) lists the accepted keys and algorithms.
    ///
    /// # Errors
    ///
    /// - An empty `public_id`.
    /// - A signature that no key of the cloud creates for this public id and version.
    pub fn verify_response(
        &self,
        public_id: &str,
        version: u64,
        signature: &str,
    ) -> Result<(), VerifyError> {
        let text = signed_text(public_id, version);
        if !public_id.is_empty() && self.is_api_signature(&[text.as_bytes()], signature) {
            Ok(())
        } else {
            Err(VerifyError)
        }
    }

    /// Signs an API response, as Cloudinary does.
    ///
    /// A server that replaces Cloudinary in development or tests calls this method.
    ///
    /// The arguments are the values of the keys `public_id` and `version` of the response.
    /// The result is the value of the key `signature`.
    ///
    /// ```
    /// use url_signer::Secret;
    /// use url_signer::cloudinary::Cloud;
    ///
    /// let cloud = Cloud::new("test123", Secret::new("X7qLTrsES31MzxxkxPPA-pAGGfU")?)?;
    /// let signature = cloud.sign_response("tests/logo.png", 1);
    /// assert_eq!(signature, "08d3107a5b2ad82e7d82c0b972218fbf20b5b1e0");
    /// assert!(cloud.verify_response("tests/logo.png", 1, &signature).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Before signing, reject a public id that is empty or contains `&`. Cloudinary does not
    /// allow them either. The signature of an empty public id does not verify. The signature
    /// of `a&timestamp=1` is also the signature of a request with the parameters
    /// `public_id=a`, `timestamp=1` and the version.
    #[must_use]
    pub fn sign_response(&self, public_id: &str, version: u64) -> String {
        let text = signed_text(public_id, version);
        signature::sign(self.algorithm, &[text.as_bytes()], self.keys.signing()).to_string()
    }
}

fn signed_text(public_id: &str, version: u64) -> String {
    format!("public_id={public_id}&version={version}")
}

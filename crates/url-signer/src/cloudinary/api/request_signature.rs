//! Signatures of requests to the API.

use super::parameters::ApiParameters;
use crate::cloudinary::account::cloud::Cloud;
use crate::error::VerifyError;

impl Cloud {
    /// Verifies the signature of an API request, such as an upload.
    ///
    /// A server that replaces Cloudinary in development or tests calls this method.
    ///
    /// `parameters` are the fields of the form or the pairs of the query. `signature` is the
    /// value of the parameter `signature`.
    ///
    /// ```
    /// use url_signer::cloudinary::Cloud;
    /// use url_signer::cloudinary::api::ApiParameters;
    ///
    /// let cloud: Cloud = "cloudinary://key:abcd@demo".parse()?;
    /// let fields = ApiParameters::from_pairs([
    ///     ("public_id", "sample"),
    ///     ("tags", "a,b"),
    ///     ("timestamp", "1700000000"),
    ///     ("api_key", "key"),
    /// ])?;
    /// let signature = "f3e7b9f80ec2321f04de2030ce293c1a81817895";
    /// assert!(cloud.verify_request(&fields, signature).is_ok());
    ///
    /// let changed = fields.with("tags", "c")?;
    /// assert!(cloud.verify_request(&changed, signature).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// The signature does not cover these parts of a request. A client can change them:
    ///
    /// - `file`, `cloud_name`, `resource_type` and `api_key`;
    /// - parameters with an empty value;
    /// - the type of a value: the list `["a", "b"]` has the signature of the text `"a,b"`.
    ///   Pass the fields `tags[]` as one parameter `tags`, with a list.
    ///
    /// The signature does not expire. Require a `timestamp`, and compare it with the current
    /// time. Cloudinary accepts a request for one hour.
    ///
    /// Only requests with the [signature version](Self::with_api_signature_version) of this
    /// cloud verify. In [version 1](crate::cloudinary::api::ApiSignatureVersion::V1),
    /// different parameters can have the same signature: the parameter `a` with the value
    /// `b&c=d`, and the parameters `a=b` and `c=d`.
    ///
    /// [`verify_webhook`](Self::verify_webhook) lists the accepted keys and algorithms.
    ///
    /// # Errors
    ///
    /// - A signature that no key of the cloud creates for these parameters.
    pub fn verify_request(
        &self,
        parameters: &ApiParameters,
        signature: &str,
    ) -> Result<(), VerifyError> {
        let text = parameters.signed_text(self.api_signature_version);
        if self.is_api_signature(&[text.as_bytes()], signature) {
            Ok(())
        } else {
            Err(VerifyError)
        }
    }
}

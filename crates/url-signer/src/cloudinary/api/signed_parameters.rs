use std::borrow::Cow;
use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::parameter_value::Repr;
use super::parameters::ApiParameters;
use super::signature;
use super::signer::ApiSigner;

/// The encoded characters of a query, as in Python. A space is written as `+`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The signed parameters of an API request, with the `signature` and the `api_key`.
///
/// Only [`ApiSigner`] and the builders that it returns create this type. `Display`
/// formats a query for a URL, [`pairs`](Self::pairs) lists the fields of a form, and with
/// the feature `serde`, `Serialize` writes a map.
///
/// Signed parameters are a credential: until the request expires, everyone who has them
/// can send the request. Debug shows only the names.
///
/// ```
/// use url_signer::cloudinary::Cloud;
/// use url_signer::cloudinary::api::ApiParameters;
///
/// let cloud: Cloud = "cloudinary://key:abcd@demo".parse()?;
/// let parameters = ApiParameters::new()
///     .with("public_ids", ["a b", "c"])?
///     .with("timestamp", 1_700_000_000)?;
/// let signed = cloud.api()?.sign(parameters);
/// assert_eq!(
///     signed.to_string(),
///     "public_ids%5B%5D=a+b&public_ids%5B%5D=c&timestamp=1700000000\
///      &signature=16f01f595137bfc93972dee8c3715be255f1c6e1&api_key=key",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct SignedParameters {
    parameters: ApiParameters,
    signature: String,
    api_key: String,
}

impl ApiSigner<'_> {
    /// Signs the parameters of a request.
    ///
    /// Empty values are removed. The parameters `file`, `cloud_name` and `resource_type`
    /// are not signed, but remain in the request. A given `api_key` or `signature` is
    /// replaced.
    ///
    /// The items of a list are joined with `,` in the signed text. The lists `["a,b"]`
    /// and `["a", "b"]` therefore have the same signature. In version 2, this is also
    /// true of the texts `&` and `%26`.
    ///
    /// Booleans are written as `true` and `false`, as in the SDK for Node. The function
    /// `sign_request` of the SDK for Python writes `1` and `0`.
    #[must_use]
    pub fn sign(self, parameters: ApiParameters) -> SignedParameters {
        let text = parameters.signed_text(self.cloud.api_signature_version);
        self.with_signature_of(&text, parameters)
    }

    /// Signs all parameters, also those that [`sign`](Self::sign) excludes.
    ///
    /// A given `api_key` or `signature` is signed as well, but replaced in the request.
    ///
    /// The function `api_sign_request` of the SDKs does the same. `false` and `0` are
    /// signed, as in the SDK for Node; the SDK for Python does not sign them. The login to
    /// Cloudinary's Media Library widget, for example, requires a signed `cloud_name`.
    ///
    /// ```
    /// use url_signer::cloudinary::Cloud;
    /// use url_signer::cloudinary::api::ApiParameters;
    ///
    /// let cloud: Cloud = "cloudinary://key:hdcixPpR2iKERPwqvH6sHdK9cyac@dn6ot3ged".parse()?;
    /// let login = ApiParameters::new()
    ///     .with("cloud_name", cloud.name())?
    ///     .with("timestamp", 1_568_810_420)?
    ///     .with("username", "user@cloudinary.com")?;
    /// let signed = cloud.api()?.sign_all(login);
    /// assert_eq!(signed.signature(), "14c00ba6d0dfdedbc86b316847d95b9e6cd46d94");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn sign_all(self, parameters: ApiParameters) -> SignedParameters {
        let text = parameters.text(self.cloud.api_signature_version);
        self.with_signature_of(&text, parameters)
    }

    fn with_signature_of(self, text: &str, parameters: ApiParameters) -> SignedParameters {
        let key = self.cloud.keys.signing();
        let signature = signature::sign(self.cloud.algorithm, &[text.as_bytes()], key);
        SignedParameters {
            parameters: parameters.without_empty_and_added(),
            signature: signature.to_string(),
            api_key: self.api_key.to_owned(),
        }
    }
}

impl SignedParameters {
    /// Returns the signature: 40 hexadecimal digits for SHA-1, 64 for SHA-256.
    #[must_use]
    pub fn signature(&self) -> &str {
        &self.signature
    }

    /// Returns the names and values to send, as the fields of a form or the pairs of a
    /// query. A list becomes several pairs, whose name ends with `[]`.
    ///
    /// ```
    /// use url_signer::cloudinary::Cloud;
    /// use url_signer::cloudinary::api::ApiParameters;
    ///
    /// let cloud: Cloud = "cloudinary://key:abcd@demo".parse()?;
    /// let parameters = ApiParameters::new().with("public_ids", ["a", "b"])?;
    /// let signed = cloud.api()?.sign(parameters);
    /// let names: Vec<_> = signed.pairs().map(|(name, _)| name).collect();
    /// assert_eq!(names, ["public_ids[]", "public_ids[]", "signature", "api_key"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn pairs(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        let parameters = self.parameters.iter().flat_map(|(name, value)| {
            let list: &[String] = match &value.0 {
                Repr::List(items) => items,
                _ => &[],
            };
            let single = match &value.0 {
                Repr::List(_) => None,
                _ => Some((Cow::Borrowed(name), value.text())),
            };
            let items = list.iter().map(move |item| {
                let name = if name.ends_with("[]") {
                    Cow::Borrowed(name)
                } else {
                    Cow::Owned(format!("{name}[]"))
                };
                (name, Cow::Borrowed(&**item))
            });
            items.chain(single)
        });
        parameters.chain(
            self.added()
                .map(|(name, value)| (Cow::Borrowed(name), Cow::Borrowed(value))),
        )
    }

    /// The pairs that a signature adds.
    fn added(&self) -> impl Iterator<Item = (&str, &str)> {
        [("signature", &*self.signature), ("api_key", &*self.api_key)].into_iter()
    }
}

/// Formats the query of a URL, without `?`.
impl fmt::Display for SignedParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, value)) in self.pairs().enumerate() {
            if index > 0 {
                f.write_str("&")?;
            }
            write_encoded(&name, f)?;
            f.write_str("=")?;
            write_encoded(&value, f)?;
        }
        Ok(())
    }
}

fn write_encoded(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            f.write_str("+")?;
        }
        fmt::Display::fmt(&utf8_percent_encode(word, ENCODED), f)?;
    }
    Ok(())
}

impl fmt::Debug for SignedParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.parameters.iter().map(|(name, _)| name);
        f.write_str("SignedParameters ")?;
        f.debug_set()
            .entries(names.chain(self.added().map(|(name, _)| name)))
            .finish()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for SignedParameters {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;

        let mut map = serializer.serialize_map(None)?;
        for (name, value) in self.parameters.iter() {
            map.serialize_entry(name, value)?;
        }
        for (name, value) in self.added() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

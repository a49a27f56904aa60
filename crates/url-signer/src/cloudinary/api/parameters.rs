use std::fmt;

use super::parameter_value::ParameterValue;
use crate::cloudinary::account::api_signature_version::ApiSignatureVersion;
use crate::error::ParseError;

/// The parameters of an API request, in the order of their insertion.
///
/// [`ApiSigner::sign`](super::ApiSigner::sign) signs them. The names are those of
/// Cloudinary's API reference.
///
/// ```
/// use url_signer::cloudinary::Cloud;
/// use url_signer::cloudinary::api::ApiParameters;
///
/// let cloud: Cloud = "cloudinary://key:abcd@demo".parse()?;
/// let parameters = ApiParameters::new()
///     .with("public_id", "sample")?
///     .with("tags", ["a", "b"])?
///     .with("timestamp", 1_700_000_000)?;
/// let signed = cloud.api()?.sign(parameters);
/// assert_eq!(signed.signature(), "f3e7b9f80ec2321f04de2030ce293c1a81817895");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Debug shows only the names: values such as a notification URL may contain
/// credentials.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ApiParameters {
    pairs: Vec<(String, ParameterValue)>,
}

/// The parameters that Cloudinary never includes in a signature, and the signature.
const UNSIGNED: &[&str] = &[
    "file",
    "cloud_name",
    "resource_type",
    "api_key",
    "signature",
];

impl ApiParameters {
    /// Creates an empty collection.
    #[must_use]
    pub const fn new() -> Self {
        Self { pairs: Vec::new() }
    }

    /// Creates a collection from names and values. Of several values with the same name,
    /// the last one is used.
    ///
    /// ```
    /// use url_signer::cloudinary::api::ApiParameters;
    ///
    /// let parameters = ApiParameters::from_pairs([("public_id", "a"), ("public_id", "b")])?;
    /// assert_eq!(parameters, ApiParameters::new().with("public_id", "b")?);
    /// assert!(ApiParameters::from_pairs([("public_id=a", "b")]).is_err());
    /// # Ok::<(), url_signer::ParseError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - A name that [`insert`](Self::insert) rejects.
    pub fn from_pairs<N: Into<String>, V: Into<ParameterValue>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, ParseError> {
        let mut parameters = Self::new();
        for (name, value) in pairs {
            parameters.insert(name, value)?;
        }
        Ok(parameters)
    }

    /// Sets a parameter.
    ///
    /// # Errors
    ///
    /// - A name that [`insert`](Self::insert) rejects.
    pub fn with(
        mut self,
        name: impl Into<String>,
        value: impl Into<ParameterValue>,
    ) -> Result<Self, ParseError> {
        self.insert(name, value)?;
        Ok(self)
    }

    /// Sets a parameter. A parameter of the same name is replaced in its place.
    ///
    /// # Errors
    ///
    /// - An empty name.
    /// - A name with `=`. The name `a=b` with the value `c` would have the signature of
    ///   the name `a` with the value `b=c`.
    pub fn insert(
        &mut self,
        name: impl Into<String>,
        value: impl Into<ParameterValue>,
    ) -> Result<(), ParseError> {
        let name = name.into();
        if name.is_empty() {
            return Err(ParseError::new("parameter name", "empty"));
        }
        if name.contains('=') {
            return Err(ParseError::new("parameter name", "`=` is not allowed"));
        }
        self.set(name, value);
        Ok(())
    }

    /// Sets a parameter that a signature covers.
    pub(super) fn insert_signed(
        &mut self,
        name: &str,
        value: impl Into<ParameterValue>,
    ) -> Result<(), ParseError> {
        if UNSIGNED.contains(&name) {
            return Err(ParseError::new(
                "parameter name",
                "a signature does not cover `file`, `cloud_name`, `resource_type`, `api_key` and \
                 `signature`",
            ));
        }
        self.insert(name, value)
    }

    /// Sets a parameter with a valid name.
    pub(super) fn set(&mut self, name: impl Into<String>, value: impl Into<ParameterValue>) {
        let (name, value) = (name.into(), value.into());
        match self.pairs.iter_mut().find(|(known, _)| *known == name) {
            Some(pair) => pair.1 = value,
            None => self.pairs.push((name, value)),
        }
    }

    /// Adds text to a parameter, after a separator.
    pub(super) fn append(&mut self, name: &'static str, separator: char, text: &str) {
        let before = self.pairs.iter().find(|(known, _)| known == name);
        match before {
            Some((_, before)) => {
                let text = format!("{}{separator}{text}", before.text());
                self.set(name, text);
            }
            None => self.set(name, text),
        }
    }

    /// Moves the parameters into the order of a list of names. Other parameters follow
    /// in their order.
    pub(super) fn sort_like(&mut self, names: &[&str]) {
        self.pairs.sort_by_key(|(name, _)| {
            let position = names.iter().position(|known| known == name);
            position.unwrap_or(names.len())
        });
    }

    pub(super) fn sort_by_name(&mut self) {
        self.pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &ParameterValue)> {
        self.pairs.iter().map(|(name, value)| (&**name, value))
    }

    /// Removes empty values, and the pairs that a signature adds.
    pub(super) fn without_empty_and_added(mut self) -> Self {
        self.pairs.retain(|(name, value)| {
            !value.is_empty() && !matches!(&**name, "api_key" | "signature")
        });
        self
    }

    /// Formats the text that is signed, for the parameters that a function selects.
    fn to_text(&self, version: ApiSignatureVersion, is_signed: impl Fn(&str) -> bool) -> String {
        let mut pairs: Vec<_> = self
            .iter()
            .filter(|(name, value)| !value.is_empty() && is_signed(name))
            .map(|(name, value)| {
                let pair = format!("{name}={}", value.text());
                match version {
                    ApiSignatureVersion::V1 => pair,
                    ApiSignatureVersion::V2 => pair.replace('&', "%26"),
                }
            })
            .collect();
        pairs.sort();
        pairs.join("&")
    }

    /// Returns the text that a signature of this version covers. It contains no secret.
    ///
    /// ```
    /// use url_signer::cloudinary::api::{ApiParameters, ApiSignatureVersion};
    ///
    /// let parameters = ApiParameters::from_pairs([("tags", "a&b"), ("api_key", "key")])?;
    /// assert_eq!(parameters.signed_text(ApiSignatureVersion::V1), "tags=a&b");
    /// assert_eq!(parameters.signed_text(ApiSignatureVersion::V2), "tags=a%26b");
    /// # Ok::<(), url_signer::ParseError>(())
    /// ```
    #[must_use]
    pub fn signed_text(&self, version: ApiSignatureVersion) -> String {
        self.to_text(version, |name| !UNSIGNED.contains(&name))
    }

    /// The text that is signed if no parameter is excluded.
    pub(super) fn text(&self, version: ApiSignatureVersion) -> String {
        self.to_text(version, |_| true)
    }
}

impl fmt::Debug for ApiParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiParameters ")?;
        f.debug_set()
            .entries(self.pairs.iter().map(|(name, _)| name))
            .finish()
    }
}

use std::fmt;

use url::Url;

use super::delivery::Delivery;
use super::signature::Signature;
use crate::cloudinary::token::{SignedToken, TokenClaims, TokenScope, TokenSigner};

/// A delivery URL with a signature, a token, or both.
///
/// Signed when made, which only a [`Cloud`](crate::cloudinary::Cloud) and a [`Delivery`]
/// do, and printed when asked: by `Display` and `to_string`, into a [`Url`],
/// and with the feature `serde` by `Serialize`. It holds the signature, never
/// the secret.
///
/// ```
/// use url_signer::Secret;
/// use url_signer::cloudinary::{Asset, Cloud, Transformation};
///
/// let cloud = Cloud::new("demo", Secret::new("abcd")?)?;
/// let asset = Asset::new("folder/test")?;
/// let url = cloud.sign(Transformation::new(), &asset);
/// assert_eq!(
///     url.to_string(),
///     "https://res.cloudinary.com/demo/image/upload/s--bm9rWEpn--/v1/folder/test",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct SignedUrl<'a> {
    delivery: Delivery<'a>,
    signature: Option<Signature>,
    token: Option<SignedToken>,
}

impl<'a> SignedUrl<'a> {
    pub(crate) const fn new(
        delivery: Delivery<'a>,
        signature: Option<Signature>,
        token: Option<SignedToken>,
    ) -> Self {
        Self {
            delivery,
            signature,
            token,
        }
    }

    /// The same URL with a token for just this URL, in place of one that it has.
    ///
    /// ```
    /// use url_signer::Secret;
    /// use url_signer::cloudinary::{Asset, Cloud, TokenSigner, TokenClaims, Transformation};
    ///
    /// let cloud = Cloud::new("demo", Secret::new("abcd")?)?;
    /// let tokens = TokenSigner::new(Secret::from_hex("00112233FF99")?);
    /// let asset = Asset::new("sample")?;
    /// let url = cloud.sign(Transformation::new(), &asset).authorize(&tokens, &TokenClaims::expires_at(2_000_000_000));
    /// assert!(url.to_string().contains("/s--y-tjJGJv--/sample?__cld_token__=exp=2000000000~hmac="));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn authorize(mut self, signer: &TokenSigner, claims: &TokenClaims) -> Self {
        let token = signer.sign(claims, TokenScope::Url(&self.path()));
        self.token = Some(token);
        self
    }

    /// The path of the URL, without a token: all between the host and the query.
    #[must_use]
    pub fn path(&self) -> String {
        self.delivery.path_with(self.signature.as_ref())
    }

    /// The same URL with a token that was made before, in place of one that it has.
    #[must_use]
    pub fn with_token(self, token: SignedToken) -> Self {
        Self {
            token: Some(token),
            ..self
        }
    }
}

impl fmt::Display for SignedUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.delivery.write_url(self.signature.as_ref(), f)?;
        match &self.token {
            Some(token) => write!(f, "?{token}"),
            None => Ok(()),
        }
    }
}

/// Shows the URL up to a token's: that one lets in whoever reads it.
impl fmt::Debug for SignedUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignedUrl(")?;
        self.delivery.write_url(self.signature.as_ref(), f)?;
        f.write_str(if self.token.is_some() { "?..)" } else { ")" })
    }
}

impl From<SignedUrl<'_>> for Url {
    fn from(url: SignedUrl<'_>) -> Self {
        let mut parsed = url.delivery.to_url(&url.path());
        if let Some(token) = &url.token {
            parsed.set_query(Some(&token.to_string()));
        }
        parsed
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for SignedUrl<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

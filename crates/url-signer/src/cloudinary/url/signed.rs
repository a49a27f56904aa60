use std::fmt;

use url::Url;

use super::delivery::Delivery;
use super::signature::Signature;
use crate::cloudinary::token::{SignedToken, TokenClaims, TokenScope, TokenSigner};

/// A delivery URL with a signature, an access token, or both.
///
/// Only [`Cloud`](crate::cloudinary::Cloud) and [`Delivery`] create this type.
/// `Display`, `Url::from` and, with the feature `serde`, `Serialize` format the URL on
/// demand.
///
/// ```
/// use url_signer::Secret;
/// use url_signer::cloudinary::{Asset, Cloud, Transformation};
///
/// let cloud = Cloud::new("demo", Secret::new("abcd")?)?;
/// let asset = Asset::new("folder/test")?;
/// let url = cloud.sign(&asset, Transformation::NONE);
/// assert_eq!(
///     url.to_string(),
///     "https://res.cloudinary.com/demo/image/upload/s--bm9rWEpn--/v1/folder/test",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct SignedUrl<'a> {
    url: SignedPart<'a>,
    token: Option<SignedToken>,
}

/// The URL without the token.
#[derive(Clone)]
enum SignedPart<'a> {
    Borrowed(Delivery<'a>, Option<Signature>),
    Owned(OwnedPart),
}

/// The text only: a clone of the cloud would hold keys.
#[derive(Clone)]
struct OwnedPart {
    /// Scheme and authority, as in the text of the URL.
    origin: String,
    base_url: Url,
    path: String,
}

impl<'a> SignedUrl<'a> {
    pub(crate) const fn new(
        delivery: Delivery<'a>,
        signature: Option<Signature>,
        token: Option<SignedToken>,
    ) -> Self {
        Self {
            url: SignedPart::Borrowed(delivery, signature),
            token,
        }
    }

    /// Detaches the URL from the cloud and the asset, so that it can be stored or
    /// returned.
    ///
    /// ```
    /// use url_signer::cloudinary::{Asset, AssetError, Cloud, SignedUrl, Transformation};
    ///
    /// struct Card {
    ///     url: SignedUrl<'static>,
    /// }
    ///
    /// fn card(cloud: &Cloud, public_id: &str) -> Result<Card, AssetError> {
    ///     let asset = Asset::private(public_id)?;
    ///     let url = cloud.sign(&asset, Transformation::NONE).into_owned();
    ///     Ok(Card { url })
    /// }
    /// ```
    #[must_use]
    pub fn into_owned(self) -> SignedUrl<'static> {
        let url = match self.url {
            SignedPart::Borrowed(delivery, signature) => OwnedPart {
                origin: delivery.origin(),
                base_url: delivery.base_url(),
                path: delivery.path_with(signature.as_ref()),
            },
            SignedPart::Owned(owned) => owned,
        };
        SignedUrl {
            url: SignedPart::Owned(url),
            token: self.token,
        }
    }

    /// Adds an access token that is valid for this URL only, or replaces the token that the
    /// URL has.
    ///
    /// ```
    /// use url_signer::Secret;
    /// use url_signer::cloudinary::{Asset, Cloud, TokenClaims, TokenSigner, Transformation};
    ///
    /// let cloud = Cloud::new("demo", Secret::new("abcd")?)?;
    /// let tokens = TokenSigner::new(Secret::from_hex("00112233FF99")?);
    /// let asset = Asset::new("sample")?;
    /// let claims = TokenClaims::expires_at(2_000_000_000);
    /// let url = cloud.sign(&asset, Transformation::NONE).authorize(&tokens, &claims);
    /// assert!(url.to_string().contains("/s--y-tjJGJv--/sample?__cld_token__=exp=2000000000~hmac="));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn authorize(mut self, signer: &TokenSigner, claims: &TokenClaims) -> Self {
        let token = signer.sign(claims, TokenScope::Path(&self.path()));
        self.token = Some(token);
        self
    }

    /// Adds a given access token, such as one for a whole folder, or replaces the token
    /// that the URL has.
    #[must_use]
    pub fn with_token(self, token: SignedToken) -> Self {
        Self {
            token: Some(token),
            ..self
        }
    }

    /// Returns the path of the URL, without the query that holds a token.
    #[must_use]
    pub fn path(&self) -> String {
        match &self.url {
            SignedPart::Borrowed(delivery, signature) => delivery.path_with(signature.as_ref()),
            SignedPart::Owned(owned) => owned.path.clone(),
        }
    }
}

impl fmt::Display for SignedPart<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Borrowed(delivery, signature) => delivery.write_url(signature.as_ref(), f),
            Self::Owned(owned) => {
                f.write_str(&owned.origin)?;
                f.write_str(&owned.path)
            }
        }
    }
}

impl fmt::Display for SignedUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.url.fmt(f)?;
        match &self.token {
            Some(token) => write!(f, "?{token}"),
            None => Ok(()),
        }
    }
}

/// Omits the access token, because every reader of a log could use it.
impl fmt::Debug for SignedUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let token = if self.token.is_some() { "?.." } else { "" };
        write!(f, "SignedUrl({}{token})", self.url)
    }
}

impl From<SignedUrl<'_>> for Url {
    fn from(signed: SignedUrl<'_>) -> Self {
        let path = signed.path();
        let mut url = match signed.url {
            SignedPart::Borrowed(delivery, _) => delivery.base_url(),
            SignedPart::Owned(owned) => owned.base_url,
        };
        url.set_path(&path);
        if let Some(token) = &signed.token {
            url.set_query(Some(token.as_str()));
        }
        url
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for SignedUrl<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

use std::borrow::Cow;

use subtle::Choice;

use super::signature::DigestState;
use super::{Asset, Cloud, DeliveryUrl, Transformation};
use crate::VerifyError;

impl Cloud {
    /// What a key of this cloud's ring has signed of a delivery URL.
    ///
    /// Host and account of the URL are those of this cloud.
    ///
    /// # Errors
    ///
    /// - What [`DeliveryUrl::parse`] refuses.
    /// - Another host or account than this cloud signs for.
    /// - No signature, or one of another form, path or key.
    pub fn verify<'a>(&self, url: &'a str) -> Result<VerifiedUrl<'a>, VerifyError> {
        let parsed = DeliveryUrl::parse(url).map_err(|_| VerifyError)?;
        let signature = parsed.signature().ok_or(VerifyError)?;
        if !url.starts_with("https://")
            || parsed.host() != self.host().as_str()
            || parsed.cloud_name() != self.path_name()
        {
            return Err(VerifyError);
        }
        let mut verified = None;
        for (signed, url) in parsed.readings() {
            if bool::from(self.has_signed(signed, signature)) {
                verified.get_or_insert(VerifiedUrl { signed, url });
            }
        }
        verified.ok_or(VerifyError)
    }

    /// Whether one of the keys gave a text, which comes in pieces, this
    /// signature. All keys are tried in any case.
    fn has_signed(&self, text: [&str; 2], signature: &str) -> Choice {
        let mut digest = DigestState::new(self.form);
        for piece in text {
            digest.update(piece);
        }
        let mut found = Choice::from(0);
        for key in self.keys.iter() {
            found |= digest.clone().finish(key, self.form).matches(signature);
        }
        found
    }
}

/// A delivery URL that was verified, borrowed from its text.
///
/// What the provider's scheme signs is [`signed`](Self::signed): the
/// transformation and the source as one text. Where in that text the one ends
/// and the other begins is not signed, and neither are resource type, delivery
/// type, version (nor where it stands) and query. So whoever lets a caller
/// have what the caller's URL names asks [`delivers`](Self::delivers), and
/// does not go by the parts of [`url`](Self::url).
///
/// ```
/// use url_signer::Secret;
/// use url_signer::cloudinary::{Asset, Cloud, Size, Transformation};
///
/// let cloud = Cloud::new("demo", Secret::new("abcd")?)?;
/// let asset = Asset::new("albums/7/photo.jpg")?;
/// let card = Transformation::new().fit(Size::width(300));
/// let url = cloud.sign(&card, &asset).to_string();
///
/// let verified = cloud.verify(&url)?;
/// assert_eq!(verified.signed(), "c_fit,w_300/albums/7/photo.jpg");
/// assert!(verified.delivers(&card, &asset));
///
/// // Anybody can move the version, and with it what looks like the source.
/// let moved = url.replace("/v1/albums/7/", "/albums/7/v1/");
/// let verified = cloud.verify(&moved)?;
/// assert_eq!(verified.url().source(), "photo.jpg");
/// assert_eq!(verified.signed(), "c_fit,w_300/albums/7/photo.jpg");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct VerifiedUrl<'a> {
    signed: [&'a str; 2],
    url: DeliveryUrl<'a>,
}

impl<'a> VerifiedUrl<'a> {
    /// The text that was signed: transformation, `/` and source.
    #[must_use]
    pub fn signed(&self) -> Cow<'a, str> {
        match self.signed {
            [whole, ""] | ["", whole] => Cow::Borrowed(whole),
            [before, after] => Cow::Owned([before, after].concat()),
        }
    }

    /// Whether it is a URL of this asset through this transformation, and of
    /// the asset's types; in any version.
    #[must_use]
    pub fn delivers(&self, transformation: &Transformation, asset: &Asset) -> bool {
        let signed = self.signed();
        let source = if transformation.is_empty() {
            Some(&*signed)
        } else {
            signed
                .strip_prefix(transformation.as_str())
                .and_then(|signed| signed.strip_prefix('/'))
        };
        source == Some(asset.source())
            && self.url.resource_type() == asset.resource_type()
            && self.url.delivery_type() == asset.delivery_type()
    }

    /// The URL with all of its parts, as far as it can be read.
    #[must_use]
    pub const fn url(&self) -> &DeliveryUrl<'a> {
        &self.url
    }
}

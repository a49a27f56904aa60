use std::borrow::Cow;

use subtle::Choice;

use super::parse::DeliveryUrl;
use super::signature::MidstateDigest;
use crate::VerifyError;
use crate::cloudinary::account::cloud::Cloud;
use crate::cloudinary::account::signature_algorithm::SignatureForm;
use crate::cloudinary::asset::Asset;
use crate::cloudinary::path::canonical::{
    PathEncoding, fully_decoded, is_canonical, is_canonical_path,
};
use crate::cloudinary::transformation::Transformation;

/// The forms that have a digest of their own at their length, and the long one.
const FORMS: [SignatureForm; 3] = [
    SignatureForm::Sha1,
    SignatureForm::Sha256,
    SignatureForm::Sha256Long,
];

impl Cloud {
    /// What a key of this cloud's ring has signed of a delivery URL.
    ///
    /// The URL leads to this account: to the provider's hosts for it or to
    /// those that are set for it, in any shard, over `http` or `https`. Its
    /// signature is of the form that this cloud signs with, of the long one, or
    /// of one that [`with_accepted_form`](Self::with_accepted_form) adds; with
    /// the version as part of what is signed or not; of the path as it is
    /// escaped, or as it is decoded.
    ///
    /// Decoded text is the same for `%2520`, `%20` and a space. So a path is
    /// only held against a signature of it decoded if it is the one way to
    /// write that text: escaped in its public id what has to be, and that
    /// once; in its steps nothing that can stand there as it is, but for `,`
    /// and `/` in the text of a layer (see [`PathEncoding::Decoded`]).
    ///
    /// # Errors
    ///
    /// - What [`DeliveryUrl::parse`] refuses.
    /// - Another host or account.
    /// - No signature, or one of another form, path or key.
    pub fn verify<'a>(&self, url: &'a str) -> Result<VerifiedUrl<'a>, VerifyError> {
        let parsed = DeliveryUrl::parse(url).map_err(|_| VerifyError)?;
        let parsed = self.own_reading(parsed).ok_or(VerifyError)?;
        let signature = parsed.signature().ok_or(VerifyError)?;
        // That it ends sooner where a signature is right tells no more than
        // the answer.
        parsed
            .candidates()
            .find_map(|(signed, url)| {
                let is_versioned = url.version().is_some();
                let (form, path_encoding) = self.has_signed(signed, is_versioned, signature)?;
                Some(VerifiedUrl {
                    signed,
                    form,
                    path_encoding,
                    url,
                })
            })
            .ok_or(VerifyError)
    }

    /// Whether a URL leads to this account, signed or not: to the provider's
    /// hosts for it or to those that are set for it, and not to another
    /// account's path there.
    #[must_use]
    pub fn owns(&self, url: &DeliveryUrl<'_>) -> bool {
        self.hosts
            .belongs_to(self.name(), url.host(), url.cloud_name())
    }

    /// The reading in which a URL leads to this account and is signed: a path
    /// alone does not always say whether it begins with the account's name.
    fn own_reading<'a>(&self, parsed: DeliveryUrl<'a>) -> Option<DeliveryUrl<'a>> {
        let is_own = |url: &DeliveryUrl<'_>| url.signature().is_some() && self.owns(url);
        if is_own(&parsed) {
            return Some(parsed);
        }
        [self.name(), ""]
            .into_iter()
            .filter_map(|name| parsed.with_cloud_name(name).ok())
            .find(is_own)
    }

    /// In which form and of which text one of the keys gave a text, which comes
    /// in pieces, this signature. All keys are tried in any case.
    fn has_signed(
        &self,
        text: [&str; 3],
        is_versioned: bool,
        signature: &str,
    ) -> Option<(SignatureForm, PathEncoding)> {
        let decoded = text.iter().any(|piece| piece.as_bytes().contains(&b'%')) && {
            let [before, public_id, extension] = text;
            let source = [public_id, extension].concat();
            if is_versioned {
                // The version stood between the steps and the source.
                is_canonical(before.strip_suffix('/').unwrap_or(before), &source)
            } else {
                is_canonical_path(&[before, &source].concat())
            }
        };
        let mut found = None;
        for form in FORMS {
            if signature.len() != form.characters() || !self.accepts(form) {
                continue;
            }
            if self.any_key_gave(form, &text.map(str::as_bytes), signature) {
                found = Some((form, PathEncoding::Encoded));
            }
            if decoded && self.any_key_gave(form, &text.map(fully_decoded), signature) {
                found = found.or(Some((form, PathEncoding::Decoded)));
            }
        }
        found
    }

    fn accepts(&self, form: SignatureForm) -> bool {
        form == SignatureForm::Sha256Long || form == self.form || self.accepted.contains(&form)
    }

    fn any_key_gave(
        &self,
        form: SignatureForm,
        text: &[impl AsRef<[u8]>],
        signature: &str,
    ) -> bool {
        let begun = MidstateDigest::new(form, text);
        let mut found = Choice::from(0);
        for key in self.keys.iter() {
            found |= begun.sign([key.as_bytes()], form, || ()).matches(signature);
        }
        found.into()
    }
}

/// A delivery URL that was verified, borrowed from its text.
///
/// What the provider's scheme signs is [`signed`](Self::signed): the
/// transformation and the source, less a suffix, as one text. Where in that
/// text the one ends and the other begins is not signed, and neither are
/// resource type, delivery type, version (nor where it stands) and query. So whoever lets a caller
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
/// assert!(!verified.delivers(&card, &asset));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct VerifiedUrl<'a> {
    signed: [&'a str; 3],
    form: SignatureForm,
    path_encoding: PathEncoding,
    url: DeliveryUrl<'a>,
}

impl<'a> VerifiedUrl<'a> {
    /// The text that was signed, as it stands in the URL: transformation, `/`
    /// and source, less the suffix. A signed version stands before the source.
    #[must_use]
    pub fn signed(&self) -> Cow<'a, str> {
        match self.signed {
            ["", whole, ""] => Cow::Borrowed(whole),
            pieces => Cow::Owned(pieces.concat()),
        }
    }

    /// The form of its signature.
    #[must_use]
    pub const fn signature_form(&self) -> SignatureForm {
        self.form
    }

    /// Whether its path was signed as it is escaped, or decoded. Where there is
    /// nothing to decode, these are the same, and it is
    /// [`Escaped`](PathEncoding::Encoded).
    #[must_use]
    pub const fn path_encoding(&self) -> PathEncoding {
        self.path_encoding
    }

    /// Whether it is a URL of this asset through this transformation, and of
    /// the asset's types, and reads as one; in any version, with any suffix.
    ///
    /// It does not read as one if its version was moved, or if it has none and
    /// the asset's first folder reads as a step: then it delivers another asset.
    #[must_use]
    pub fn delivers(&self, transformation: &Transformation, asset: &Asset) -> bool {
        let signed = self.signed();
        let rest = if transformation.is_empty() {
            Some(&*signed)
        } else {
            signed
                .strip_prefix(transformation.as_str())
                .and_then(|signed| signed.strip_prefix('/'))
        };
        rest.is_some_and(|rest| self.reads_as(rest, transformation, asset))
            && self.url.resource_type() == asset.resource_type()
            && self.url.delivery_type() == asset.delivery_type().as_str()
    }

    /// Whether what is signed after a transformation is an asset's source, in a
    /// place where it is read as that; or its version, signed too, and its source.
    fn reads_as(&self, rest: &str, transformation: &Transformation, asset: &Asset) -> bool {
        let Some(version) = rest.strip_suffix(asset.source()) else {
            return false;
        };
        if !version.is_empty() {
            return self.url.version().is_none() && asset.is_version(version);
        }
        match self.url.version() {
            Some(_) => self.url.transformation() == transformation.as_str(),
            None => !asset.begins_with_step(),
        }
    }

    /// The URL with all of its parts, as far as it can be read.
    #[must_use]
    pub const fn url(&self) -> &DeliveryUrl<'a> {
        &self.url
    }
}

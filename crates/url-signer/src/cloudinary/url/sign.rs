//! Signing: the methods of `Cloud` and `Delivery` that create signed URLs.

use std::borrow::Cow;
use std::fmt::Write;

use super::compiled::CompiledTransformation;
use super::delivery::Delivery;
use super::signature::{Signature, SignatureMidstate};
use super::signed::SignedUrl;
use super::signed_path::SignedPath;
use crate::cloudinary::account::cloud::Cloud;
use crate::cloudinary::asset::Asset;
use crate::cloudinary::path::canonical::{is_canonical, is_raw_canonical};
use crate::cloudinary::path::components::PathComponents;
use crate::cloudinary::path::encoding::PathEncoding;
use crate::cloudinary::path::types::DeliveryType;
use crate::cloudinary::token::{SignedToken, TokenClaims, TokenSigner};
use crate::cloudinary::transformation::Transformation;
use crate::format;

impl Cloud {
    /// Signs the delivery URL of an asset.
    ///
    /// ```
    /// use url_signer::Secret;
    /// use url_signer::cloudinary::{Asset, Cloud, Size, Transformation};
    ///
    /// let cloud = Cloud::new("demo", Secret::new("abcd")?)?;
    /// let photo = Asset::private("albums/7/photo")?.with_extension("jpg")?;
    /// let card = Transformation::new().fit(Size::width(300));
    /// assert_eq!(
    ///     cloud.sign(&photo, &card).to_string(),
    ///     "https://res.cloudinary.com/demo/image/private/s--9flXvVnV--/c_fit,w_300/v1/albums/7/photo.jpg",
    /// );
    /// let original = cloud.sign(&photo, Transformation::NONE);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// The URL borrows the cloud, the asset and the transformation. To store it or to
    /// return it from a function, call [`SignedUrl::into_owned`].
    #[must_use]
    pub fn sign<'a>(
        &'a self,
        asset: &'a Asset,
        transformation: impl Into<Cow<'a, Transformation>>,
    ) -> SignedUrl<'a> {
        self.delivery(asset, transformation).sign()
    }

    /// Signs the delivery URL of an asset, with a transformation from
    /// [`compile`](Self::compile).
    ///
    /// The URL equals that of [`sign`](Self::sign). Signing is faster, except if a cloud
    /// with different signature settings compiled the transformation. In that case, this
    /// method hashes the transformation again.
    ///
    /// The URL borrows its inputs; [`SignedUrl::into_owned`] detaches it.
    #[must_use]
    pub fn sign_compiled<'a>(
        &'a self,
        asset: &'a Asset,
        compiled: &'a CompiledTransformation,
    ) -> SignedUrl<'a> {
        let delivery = self.delivery(asset, compiled.transformation());
        let signature = delivery.compiled_signature(compiled);
        SignedUrl::new(delivery, Some(signature), None)
    }

    /// Creates an unsigned delivery, to set the options of one URL.
    #[must_use]
    pub fn delivery<'a>(
        &'a self,
        asset: &'a Asset,
        transformation: impl Into<Cow<'a, Transformation>>,
    ) -> Delivery<'a> {
        Delivery::new(self, asset, transformation.into())
    }

    /// Compiles a transformation: hashes it in advance, to sign many assets with it.
    #[must_use]
    pub fn compile(&self, transformation: Transformation) -> CompiledTransformation {
        let midstate = self.midstate(&transformation, self.path_encoding);
        CompiledTransformation::new(transformation, midstate, self.path_encoding)
    }

    /// The midstate after a transformation and its `/`.
    pub(super) fn midstate(
        &self,
        transformation: &Transformation,
        path_encoding: PathEncoding,
    ) -> SignatureMidstate {
        let steps = path_encoding.apply_to_steps(transformation.as_str());
        let slash: &[u8] = if transformation.is_empty() { b"" } else { b"/" };
        SignatureMidstate::new(self.signature_format().algorithm(), &[&*steps, slash])
    }
}

impl<'a> Delivery<'a> {
    /// Signs the delivery with the signing key of the cloud.
    #[must_use]
    pub fn sign(self) -> SignedUrl<'a> {
        let signature = self.signature(&self.transformation);
        SignedUrl::new(self, Some(signature), None)
    }

    /// Adds an access token for this URL only, and no signature.
    ///
    /// For a URL with both, call [`sign`](Self::sign) and then [`SignedUrl::authorize`].
    #[must_use]
    pub fn authorize(self, signer: &TokenSigner, claims: &TokenClaims) -> SignedUrl<'a> {
        SignedUrl::new(self, None, None).authorize(signer, claims)
    }

    /// Adds a given access token, such as one for a whole folder, and no signature.
    #[must_use]
    pub fn with_token(self, token: SignedToken) -> SignedUrl<'a> {
        SignedUrl::new(self, None, Some(token))
    }

    /// The signature with a given transformation in place of the delivery's own.
    fn signature(&self, transformation: &Transformation) -> Signature {
        let path_encoding = self.path_encoding(transformation);
        let midstate = self.cloud.midstate(transformation, path_encoding);
        self.sign_after(&midstate, path_encoding)
    }

    /// The signature with a compiled transformation.
    fn compiled_signature(&self, compiled: &CompiledTransformation) -> Signature {
        let transformation = compiled.transformation();
        let path_encoding = self.path_encoding(transformation);
        let algorithm = self.cloud.signature_format().algorithm();
        match compiled.midstate(algorithm, path_encoding) {
            Some(midstate) => self.sign_after(midstate, path_encoding),
            None => self.signature(transformation),
        }
    }

    fn sign_after(&self, midstate: &SignatureMidstate, path_encoding: PathEncoding) -> Signature {
        let version = self.signed_version();
        let source = path_encoding.apply_to_source(self.asset.source());
        let secret = self.cloud.keys.signing();
        let end = [version.as_bytes(), &source, secret.as_bytes()];
        midstate.sign(end, self.cloud.signature_format(), || ())
    }

    /// The form that the cloud prefers, unless another path has the same signed text, or
    /// verification cannot tell where a decoded source starts.
    fn path_encoding(&self, transformation: &Transformation) -> PathEncoding {
        let (steps, source) = (transformation.as_str(), self.asset.source());
        match self.cloud.path_encoding.for_source(source) {
            PathEncoding::Decoded if is_canonical(steps, source) => PathEncoding::Decoded,
            PathEncoding::Raw if is_raw_canonical(steps, source) && self.is_raw_readable(steps) => {
                PathEncoding::Raw
            }
            _ => PathEncoding::Encoded,
        }
    }

    /// Returns whether verification finds the text that is signed in the form `Raw`.
    fn is_raw_readable(&self, steps: &str) -> bool {
        let slash = if steps.is_empty() { "" } else { "/" };
        let path = format::to_string(|f| {
            write!(f, "{steps}{slash}")?;
            self.write_after_transformation(f)
        });
        let version = self.signed_version();
        let source = PathEncoding::Raw.apply_to_source(self.asset.source());
        let text = [format!("{steps}{slash}{version}").as_bytes(), &*source].concat();
        let is_fetched = *self.asset.delivery_type() == DeliveryType::Fetch;
        let layout = self.effective_layout();
        PathComponents::guess(&path, is_fetched, layout)
            .candidates(&path, layout)
            .flat_map(|(pieces, components)| SignedPath::new(pieces, components).decoded_texts())
            .any(|(_, candidate)| candidate == text)
    }
}

use std::borrow::Cow;

use super::compiled::CompiledTransformation;
use super::delivery::Delivery;
use super::signature::MidstateDigest;
use super::signed::SignedUrl;
use crate::cloudinary::account::cloud::Cloud;
use crate::cloudinary::asset::Asset;
use crate::cloudinary::path::canonical::PathEncoding;
use crate::cloudinary::transformation::Transformation;

impl Cloud {
    /// Prepares a transformation that many assets will be signed with.
    #[must_use]
    pub fn compile(&self, transformation: Transformation) -> CompiledTransformation {
        let begun = self.begin(&transformation, self.path_encoding);
        CompiledTransformation::new(transformation, begun, self.path_encoding)
    }

    /// The delivery of an asset through a transformation, to be laid out in
    /// other ways, to go out without a signature, or with a token.
    #[must_use]
    pub fn delivery<'a>(
        &'a self,
        transformation: impl Into<Cow<'a, Transformation>>,
        asset: &'a Asset,
    ) -> Delivery<'a> {
        Delivery::new(self, transformation.into(), asset)
    }

    /// Signs the delivery of an asset through a transformation.
    #[must_use]
    pub fn sign<'a>(
        &'a self,
        transformation: impl Into<Cow<'a, Transformation>>,
        asset: &'a Asset,
    ) -> SignedUrl<'a> {
        self.delivery(transformation, asset).sign()
    }

    /// Signs the delivery of an asset through a prepared transformation.
    ///
    /// One that another cloud prepared gives the same URL, if more slowly.
    #[must_use]
    pub fn sign_compiled<'a>(
        &'a self,
        compiled: &'a CompiledTransformation,
        asset: &'a Asset,
    ) -> SignedUrl<'a> {
        let delivery = self.delivery(compiled.transformation(), asset);
        let signature = delivery.compiled_signature(compiled);
        SignedUrl::new(delivery, Some(signature), None)
    }

    /// A digest that has taken in a transformation and the `/` after it.
    pub(crate) fn begin(
        &self,
        transformation: &Transformation,
        path_encoding: PathEncoding,
    ) -> MidstateDigest {
        let steps = path_encoding.of(transformation.as_str());
        let slash: &[u8] = if transformation.is_empty() { b"" } else { b"/" };
        MidstateDigest::new(self.form, &[&*steps, slash])
    }
}

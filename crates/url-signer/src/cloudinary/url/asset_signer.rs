use std::fmt::{self, Write};
use std::io;

use arrayvec::ArrayString;

use super::compiled::{CompiledTransformation, after_signature};
use super::signature::MidstateDigest;
use super::signed::SignedUrl;
use crate::cloudinary::account::cloud::Cloud;
use crate::cloudinary::account::signature_algorithm::SignatureForm;
use crate::cloudinary::asset::Asset;
use crate::cloudinary::path::canonical::PathEncoding;
use crate::cloudinary::transformation::Transformation;

/// Bytes before the signature and after the transformation that are kept
/// without memory of their own.
const SHORT: usize = 160;

/// Signs one asset through many transformations, and writes the URLs at once.
///
/// The same URLs as by [`Cloud::sign`] and [`Cloud::sign_compiled`], in a
/// fraction of the time: what they have in common is laid out once. Made by
/// [`Cloud::asset_signer`].
#[derive(Clone)]
pub struct AssetSigner<'a> {
    cloud: &'a Cloud,
    asset: &'a Asset,
    /// `v123123/`, if the version is signed.
    signed_version: String,
    /// Whether what follows here could be laid out.
    is_laid_out: bool,
    /// `https://res.cloudinary.com/demo/image/upload/s--`
    before: ArrayString<SHORT>,
    /// `v123123/0b7e148bbd7c.jpg`
    after: ArrayString<SHORT>,
}

impl Cloud {
    /// What signs an asset through many transformations.
    ///
    /// ```
    /// use url_signer::Secret;
    /// use url_signer::cloudinary::{Asset, Cloud, Size, Transformation};
    ///
    /// let cloud = Cloud::new("demo", Secret::new("abcd")?)?;
    /// let fill = |pixels| cloud.compile(Transformation::new().fill(Size::new(pixels, pixels)));
    /// let sizes = [fill(100), fill(200), fill(400)];
    ///
    /// let asset = Asset::new("folder/photo")?.with_extension("jpg")?;
    /// let signer = cloud.asset_signer(&asset);
    /// let mut page = Vec::new();
    /// for size in &sizes {
    ///     signer.write_compiled(size, &mut page);
    ///     page.push(b'\n');
    /// }
    /// assert!(page.starts_with(cloud.sign_compiled(&sizes[0], &asset).to_string().as_bytes()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn asset_signer<'a>(&'a self, asset: &'a Asset) -> AssetSigner<'a> {
        let mut signer = AssetSigner {
            cloud: self,
            asset,
            is_laid_out: false,
            signed_version: String::new(),
            before: ArrayString::new(),
            after: ArrayString::new(),
        };
        signer.is_laid_out = signer.lay_out().is_ok();
        signer
    }
}

impl AssetSigner<'_> {
    /// In place: all of it is too large to be moved about for each asset.
    fn lay_out(&mut self) -> fmt::Result {
        if self.cloud.path_encoding == PathEncoding::Decoded {
            // What is signed of the asset depends on the transformation then.
            return Err(fmt::Error);
        }
        let delivery = self.cloud.delivery(Transformation::new(), self.asset);
        self.signed_version = delivery.signed_version();
        delivery.write_before_signature(&mut self.before)?;
        self.before.write_str("s--")?;
        delivery.write_after_transformation(&mut self.after)
    }

    /// Appends the signed URL of the asset through a transformation.
    pub fn write(&self, transformation: &Transformation, out: &mut Vec<u8>) {
        if self.is_laid_out {
            let begun = self.cloud.begin(transformation, PathEncoding::Encoded);
            self.write_begun(&begun, after_signature(transformation), out);
        } else {
            print(&self.cloud.sign(transformation, self.asset), out);
        }
    }

    /// Appends the signed URL of the asset through a prepared transformation.
    pub fn write_compiled(&self, compiled: &CompiledTransformation, out: &mut Vec<u8>) {
        match compiled.begun(self.cloud.form, PathEncoding::Encoded) {
            Some(begun) if self.is_laid_out => {
                self.write_begun(begun, [compiled.after_signature()], out);
            }
            _ => print(&self.cloud.sign_compiled(compiled, self.asset), out),
        }
    }

    fn write_begun<const N: usize>(
        &self,
        begun: &MidstateDigest,
        after_signature: [&str; N],
        out: &mut Vec<u8>,
    ) {
        let form = self.cloud.form;
        let end = [
            self.signed_version.as_bytes(),
            self.asset.source().as_bytes(),
            self.cloud.keys.signing().as_bytes(),
        ];
        let mut free = 0..0;
        let signature = begun.sign(end, form, || {
            out.extend_from_slice(self.before.as_bytes());
            free.start = out.len();
            // Of a size that is known here, which `resize` would not be told.
            match form {
                SignatureForm::Sha1 | SignatureForm::Sha256 => out.extend_from_slice(&[0; 8]),
                SignatureForm::Sha256Long => out.extend_from_slice(&[0; 32]),
            }
            free.end = out.len();
            for piece in after_signature {
                out.extend_from_slice(piece.as_bytes());
            }
            out.extend_from_slice(self.after.as_bytes());
        });
        if let Some(free) = out.get_mut(free) {
            signature.write(free);
        }
    }
}

/// The way of what does not fit.
fn print(url: &SignedUrl<'_>, out: &mut Vec<u8>) {
    // A `Vec` takes anything; the result is for other writers.
    let _ = io::Write::write_fmt(out, format_args!("{url}"));
}

impl fmt::Debug for AssetSigner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AssetSigner")
            .field("cloud", &self.cloud.name())
            .field("asset", &self.asset)
            .finish_non_exhaustive()
    }
}

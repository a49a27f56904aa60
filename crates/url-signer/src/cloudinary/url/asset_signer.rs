use std::fmt::{self, Write};

use arrayvec::ArrayString;

use super::compiled::{CompiledTransformation, after_signature};
use super::signature::SignatureMidstate;
use crate::cloudinary::account::cloud::Cloud;
use crate::cloudinary::account::signature_algorithm::SignatureFormat;
use crate::cloudinary::asset::Asset;
use crate::cloudinary::path::encoding::PathEncoding;
use crate::cloudinary::transformation::Transformation;
use crate::format;

/// Bytes before the signature, and after the transformation, that need no
/// allocation.
const INLINE_BYTES: usize = 160;

/// A signer of many transformations of one asset, which appends the URLs to a buffer.
///
/// The URLs equal those of [`Cloud::sign`] and [`Cloud::sign_compiled`]. This signer is
/// faster, because it formats the common parts of the URLs only once.
#[derive(Clone)]
pub struct AssetSigner<'a> {
    cloud: &'a Cloud,
    asset: &'a Asset,
    /// `v123123/` if the version is signed.
    signed_version: String,
    /// True if the two fields below are filled.
    is_formatted: bool,
    /// `https://res.cloudinary.com/demo/image/upload/s--`
    before_signature: ArrayString<INLINE_BYTES>,
    /// `v123123/0b7e148bbd7c.jpg`
    after_transformation: ArrayString<INLINE_BYTES>,
}

impl Cloud {
    /// Creates a signer of many transformations of one asset.
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
    /// let first = cloud.sign_compiled(&asset, &sizes[0]).to_string();
    /// assert!(page.starts_with(first.as_bytes()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn asset_signer<'a>(&'a self, asset: &'a Asset) -> AssetSigner<'a> {
        let mut signer = AssetSigner {
            cloud: self,
            asset,
            signed_version: String::new(),
            is_formatted: false,
            before_signature: ArrayString::new(),
            after_transformation: ArrayString::new(),
        };
        signer.is_formatted = signer.format_common_parts().is_ok();
        signer
    }
}

impl AssetSigner<'_> {
    /// Fills the common parts in place, because moving the struct would be slow.
    fn format_common_parts(&mut self) -> fmt::Result {
        let path_encoding = self.cloud.path_encoding.for_source(self.asset.source());
        if path_encoding != PathEncoding::Encoded {
            // The signed text of the asset then depends on the transformation.
            return Err(fmt::Error);
        }
        let delivery = self.cloud.delivery(self.asset, Transformation::NONE);
        self.signed_version = delivery.signed_version();
        delivery.write_before_signature(&mut self.before_signature)?;
        self.before_signature.write_str("s--")?;
        delivery.write_after_transformation(&mut self.after_transformation)
    }

    /// Signs the asset with a transformation, and appends the URL to `out`.
    pub fn write(&self, transformation: &Transformation, out: &mut Vec<u8>) {
        if self.is_formatted {
            let midstate = self.cloud.midstate(transformation, PathEncoding::Encoded);
            self.write_after(&midstate, after_signature(transformation), out);
        } else {
            format::append_bytes(out, self.cloud.sign(self.asset, transformation));
        }
    }

    /// Signs the asset with a compiled transformation, and appends the URL to `out`.
    pub fn write_compiled(&self, compiled: &CompiledTransformation, out: &mut Vec<u8>) {
        let algorithm = self.cloud.signature_format().algorithm();
        match compiled.midstate(algorithm, PathEncoding::Encoded) {
            Some(midstate) if self.is_formatted => {
                self.write_after(midstate, [compiled.after_signature()], out);
            }
            _ => format::append_bytes(out, self.cloud.sign_compiled(self.asset, compiled)),
        }
    }

    fn write_after<const N: usize>(
        &self,
        midstate: &SignatureMidstate,
        after_signature: [&str; N],
        out: &mut Vec<u8>,
    ) {
        let format = self.cloud.signature_format();
        let end = [
            self.signed_version.as_bytes(),
            self.asset.source().as_bytes(),
            self.cloud.keys.signing().as_bytes(),
        ];
        let mut gap = 0..0;
        let signature = midstate.sign(end, format, || {
            out.extend_from_slice(self.before_signature.as_bytes());
            gap.start = out.len();
            // Slices of a constant length are faster than `resize`.
            match format {
                SignatureFormat::Sha1 | SignatureFormat::Sha256 => out.extend_from_slice(&[0; 8]),
                SignatureFormat::LongSha256 => out.extend_from_slice(&[0; 32]),
            }
            gap.end = out.len();
            for piece in after_signature {
                out.extend_from_slice(piece.as_bytes());
            }
            out.extend_from_slice(self.after_transformation.as_bytes());
        });
        if let Some(gap) = out.get_mut(gap) {
            signature.write(gap);
        }
    }
}

impl fmt::Debug for AssetSigner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AssetSigner")
            .field("cloud", &self.cloud.name())
            .field("asset", &self.asset)
            .finish_non_exhaustive()
    }
}

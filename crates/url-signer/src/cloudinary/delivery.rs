use std::borrow::Cow;
use std::fmt::{self, Write};

use url::Url;

use super::signature::{DigestState, Signature};
use super::{Asset, Cloud, Transformation};

/// A signed delivery URL.
///
/// Signed when made, which only a [`Cloud`] does, and printed when asked: by
/// `Display` and `to_string`, into a [`Url`], and with the feature `serde` by
/// `Serialize`. It holds the signature, never the secret.
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
    cloud: &'a Cloud,
    transformation: Cow<'a, Transformation>,
    asset: &'a Asset,
    signature: Signature,
}

impl<'a> SignedUrl<'a> {
    /// `digest` has taken in the transformation.
    pub(super) fn new(
        cloud: &'a Cloud,
        transformation: Cow<'a, Transformation>,
        mut digest: DigestState,
        asset: &'a Asset,
    ) -> Self {
        digest.update(asset.source());
        Self {
            signature: digest.finish(cloud.keys.signing(), cloud.form),
            cloud,
            transformation,
            asset,
        }
    }

    /// Writes all that comes after the host, without the `/` before it.
    fn write_path(&self, f: &mut impl Write) -> fmt::Result {
        if let Some(name) = self.cloud.path_name() {
            write!(f, "{name}/")?;
        }
        let Self {
            asset, signature, ..
        } = self;
        let (resource_type, delivery_type) = (asset.resource_type(), asset.delivery_type());
        write!(f, "{resource_type}/{delivery_type}/s--{signature}--/")?;
        if !self.transformation.is_empty() {
            write!(f, "{}/", self.transformation)?;
        }
        asset.write_version(f)?;
        f.write_str(asset.source())
    }
}

impl fmt::Display for SignedUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "https://{}/", self.cloud.host())?;
        self.write_path(f)
    }
}

impl fmt::Debug for SignedUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedUrl({self})")
    }
}

impl From<SignedUrl<'_>> for Url {
    fn from(url: SignedUrl<'_>) -> Self {
        let mut path = String::new();
        // A `String` takes anything; the result is for other writers.
        let _ = url.write_path(&mut path);
        let mut parsed = url.cloud.host().base().clone();
        parsed.set_path(&path);
        parsed
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for SignedUrl<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

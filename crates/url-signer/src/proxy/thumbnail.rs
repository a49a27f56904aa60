use std::fmt;
use std::str::FromStr;

use hmac::Mac;
use uuid::Uuid;

use crate::digest::hex_signature::{HexSignature, is_hex_signature};
use crate::digest::hmac::HmacKeys;
use crate::digest::signature_length::SignatureLength;
use crate::error::{ParseError, VerifyError};
use crate::secret::KeyRing;

pub(crate) const IMAGES: &str = "images/";
pub(crate) const THUMBNAILS: &str = "/thumbnails/";
pub(crate) const EXTENSION: &str = ".jpg";

/// The name of one of the four files that the app host serves for an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ThumbnailName {
    /// `mini`: resized and cropped to 100 by 100 pixels.
    Mini,
    /// `thumbnail`: resized and cropped to 200 by 200 pixels.
    Thumbnail,
    /// `full`: resized to fit into 1920 by 1920 pixels.
    Full,
    /// `original`: the stored file.
    Original,
}

impl ThumbnailName {
    /// All names.
    pub const ALL: [Self; 4] = [Self::Mini, Self::Thumbnail, Self::Full, Self::Original];

    /// Returns the name as it is written in a path.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mini => "mini",
            Self::Thumbnail => "thumbnail",
            Self::Full => "full",
            Self::Original => "original",
        }
    }
}

impl AsRef<str> for ThumbnailName {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for ThumbnailName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ThumbnailName {
    type Err = ParseError;

    fn from_str(name: &str) -> Result<Self, ParseError> {
        Self::ALL
            .into_iter()
            .find(|known| known.as_str() == name)
            .ok_or(ParseError::new("thumbnail name", "unknown name"))
    }
}

/// A signer and verifier of the paths under which an app host serves thumbnails.
///
/// An *app host* is a service that stores images and serves thumbnails of them.
///
/// The signature is the HMAC-SHA256 of `images/<id>/thumbnails/<name>`, truncated
/// to a [`SignatureLength`].
///
/// ```
/// use url_signer::{Secret, ThumbnailName, ThumbnailSigner};
/// use uuid::Uuid;
///
/// let signer = ThumbnailSigner::new(Secret::new("thumbnail key")?);
/// let id = Uuid::from_u128(0x14364f29_c30d_4bbb_992c_19e6031244f7);
/// let path = signer.sign(id, ThumbnailName::Mini).to_string();
/// assert!(path.starts_with("/images/14364f29-c30d-4bbb-992c-19e6031244f7/thumbnails/mini-"));
///
/// let thumbnail = signer.verify(&path)?;
/// assert_eq!((thumbnail.image_id, thumbnail.name), (id, ThumbnailName::Mini));
/// assert!(signer.verify(&path.replace("mini", "full")).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ThumbnailSigner {
    pub(super) keys: HmacKeys,
}

impl ThumbnailSigner {
    /// Creates a signer with signatures of 11 digits, [`SignatureLength::THUMBNAIL`].
    pub fn new(keys: impl Into<KeyRing>) -> Self {
        Self {
            keys: HmacKeys::new(&keys.into(), SignatureLength::THUMBNAIL),
        }
    }

    /// Sets the length of signatures. Signatures of any other length are rejected.
    #[must_use]
    pub fn with_signature_length(self, length: SignatureLength) -> Self {
        Self {
            keys: self.keys.with_signature_length(length),
        }
    }

    /// Signs the path of a thumbnail.
    #[must_use]
    pub fn sign(&self, image_id: Uuid, name: ThumbnailName) -> ThumbnailPath {
        ThumbnailPath {
            image_id,
            name,
            signature: self.keys.sign(|mac| feed(mac, image_id, name)),
        }
    }

    /// Verifies a path, and returns the image and the thumbnail that it names.
    ///
    /// # Errors
    ///
    /// - A path that [`ThumbnailRequest::parse`] rejects.
    /// - A signature whose length is not that of this signer.
    /// - A signature that no key of the ring creates for this path.
    pub fn verify(&self, path: &str) -> Result<VerifiedThumbnail, VerifyError> {
        let request = ThumbnailRequest::parse(path).map_err(|_| VerifyError)?;
        let ThumbnailRequest {
            image_id,
            name,
            signature,
        } = request;
        if self.keys.verify(signature, |mac| feed(mac, image_id, name)) {
            Ok(VerifiedThumbnail { image_id, name })
        } else {
            Err(VerifyError)
        }
    }
}

/// Passes the signed message to the HMAC: `images/<id>/thumbnails/<name>`.
fn feed(mac: &mut impl Mac, image_id: Uuid, name: ThumbnailName) {
    mac.update(IMAGES.as_bytes());
    let mut buffer = Uuid::encode_buffer();
    mac.update(image_id.hyphenated().encode_lower(&mut buffer).as_bytes());
    mac.update(THUMBNAILS.as_bytes());
    mac.update(name.as_str().as_bytes());
}

/// A signed thumbnail path: `/images/<id>/thumbnails/<name>-<signature>.jpg`.
///
/// Only [`ThumbnailSigner::sign`] creates this type. `Display` formats the path on
/// demand, and so does `Serialize` with the feature `serde`.
#[derive(Clone, Copy, Debug)]
pub struct ThumbnailPath {
    image_id: Uuid,
    name: ThumbnailName,
    signature: HexSignature,
}

impl fmt::Display for ThumbnailPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            image_id,
            name,
            signature,
        } = self;
        let mut buffer = Uuid::encode_buffer();
        let id = image_id.hyphenated().encode_lower(&mut buffer);
        write!(f, "/{IMAGES}{id}{THUMBNAILS}{name}-{signature}{EXTENSION}")
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for ThumbnailPath {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The parts of a thumbnail path. They are not verified: anybody may have written
/// the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ThumbnailRequest<'a> {
    /// The id of the image.
    pub image_id: Uuid,
    /// The name of the thumbnail.
    pub name: ThumbnailName,
    /// The hexadecimal digits of the signature.
    pub signature: &'a str,
}

impl<'a> ThumbnailRequest<'a> {
    /// Parses a path in exactly the form of a [`ThumbnailPath`].
    ///
    /// # Errors
    ///
    /// - A path other than `/images/<id>/thumbnails/<name>-<signature>.jpg`.
    /// - An id other than a lower-case UUID with hyphens.
    /// - A name that is not in [`ThumbnailName::ALL`].
    /// - A signature other than 7 to 64 lower-case hexadecimal digits.
    pub fn parse(path: &'a str) -> Result<Self, ParseError> {
        let problem = |problem| ParseError::new("thumbnail path", problem);
        let (id, rest) = path
            .strip_prefix('/')
            .and_then(|path| path.strip_prefix(IMAGES))
            .and_then(|path| path.split_once(THUMBNAILS))
            .ok_or(problem("not of the form `/images/…/thumbnails/…`"))?;
        let image_id = canonical_uuid(id).ok_or(problem(
            "the image id is not a lower-case uuid with hyphens",
        ))?;
        let (name, signature) = rest
            .strip_suffix(EXTENSION)
            .and_then(|rest| rest.split_once('-'))
            .ok_or(problem("the file name is not of the form `…-….jpg`"))?;
        let name = name
            .parse()
            .map_err(|_| problem("unknown thumbnail name"))?;
        if !is_hex_signature(signature) {
            return Err(problem(
                "the signature is not 7 to 64 lower-case hexadecimal digits",
            ));
        }
        Ok(Self {
            image_id,
            name,
            signature,
        })
    }
}

/// The image and the thumbnail that a verified path names.
///
/// Only [`ThumbnailSigner::verify`] creates this type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct VerifiedThumbnail {
    /// The id of the image.
    pub image_id: Uuid,
    /// The name of the thumbnail.
    pub name: ThumbnailName,
}

/// Parses a UUID in its canonical form only, so that each path has one spelling.
fn canonical_uuid(text: &str) -> Option<Uuid> {
    let id = Uuid::try_parse(text).ok()?;
    let mut buffer = Uuid::encode_buffer();
    (id.hyphenated().encode_lower(&mut buffer) == text).then_some(id)
}

use std::fmt;
use std::str::FromStr;

use hmac::Mac;
use uuid::Uuid;

use crate::digest::hmac::{HexSignature, HmacKeys, SignatureLength, is_hex_signature};
use crate::{KeyRing, ParseError, VerifyError};

pub(crate) const IMAGES: &str = "images/";
pub(crate) const THUMBNAILS: &str = "/thumbnails/";
pub(crate) const EXTENSION: &str = ".jpg";

/// The thumbnails that a host serves of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ThumbnailName {
    /// `mini`: filling 100 by 100 pixels.
    Mini,
    /// `thumbnail`: filling 200 by 200 pixels.
    Thumbnail,
    /// `full`: within 1920 by 1920 pixels.
    Full,
    /// `original`: the stored file.
    Original,
}

impl ThumbnailName {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Mini, Self::Thumbnail, Self::Full, Self::Original];

    /// The name as it stands in a path.
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
            .ok_or(ParseError::new("thumbnail name", "it is not known"))
    }
}

/// Signs and verifies the paths under which a host serves thumbnails.
///
/// The signature is an HMAC-SHA256 of `images/<id>/thumbnails/<name>`, cut to
/// a [`SignatureLength`].
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
    pub(crate) keys: HmacKeys,
}

impl ThumbnailSigner {
    /// A signer whose signatures have the documented width, 11 digits.
    pub fn new(keys: impl Into<KeyRing>) -> Self {
        Self {
            keys: HmacKeys::new(&keys.into(), SignatureLength::THUMBNAIL),
        }
    }

    /// The same signer with signatures of another width; it verifies no other.
    #[must_use]
    pub fn with_signature_length(self, width: SignatureLength) -> Self {
        Self {
            keys: self.keys.with_signature_length(width),
        }
    }

    /// Signs the path of one thumbnail of one image.
    #[must_use]
    pub fn sign(&self, image_id: Uuid, name: ThumbnailName) -> ThumbnailPath {
        ThumbnailPath {
            image_id,
            name,
            signature: self.keys.sign(|mac| feed(mac, image_id, name)),
        }
    }

    /// The image and the name in a path, if a key of the ring signed them.
    ///
    /// # Errors
    ///
    /// - What [`ThumbnailRequest::parse`] refuses.
    /// - A signature of another width, path or key.
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

/// The message that is signed: `images/<id>/thumbnails/<name>`.
fn feed(mac: &mut impl Mac, image_id: Uuid, name: ThumbnailName) {
    mac.update(IMAGES.as_bytes());
    let mut buffer = Uuid::encode_buffer();
    mac.update(image_id.hyphenated().encode_lower(&mut buffer).as_bytes());
    mac.update(THUMBNAILS.as_bytes());
    mac.update(name.as_str().as_bytes());
}

/// A signed path: `/images/<id>/thumbnails/<name>-<signature>.jpg`.
///
/// Made only by [`ThumbnailSigner::sign`], and printed when asked.
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
        let id = image_id.hyphenated();
        write!(f, "/{IMAGES}{id}{THUMBNAILS}{name}-{signature}{EXTENSION}")
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for ThumbnailPath {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A path taken apart, not verified: anybody may have written it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ThumbnailRequest<'a> {
    /// Image of which the thumbnail is.
    pub image_id: Uuid,
    /// Which of its thumbnails.
    pub name: ThumbnailName,
    /// The hexadecimal digits that were sent as its signature.
    pub signature: &'a str,
}

impl<'a> ThumbnailRequest<'a> {
    /// Takes apart a path of exactly the form that [`ThumbnailPath`] prints.
    ///
    /// # Errors
    ///
    /// - Another path than `/images/<id>/thumbnails/<name>-<signature>.jpg`.
    /// - An id that is no UUID in lower case with hyphens.
    /// - A name that is none of [`ThumbnailName::ALL`].
    /// - A signature that is not 7 to 64 hexadecimal digits in lower case.
    pub fn parse(path: &'a str) -> Result<Self, ParseError> {
        let problem = |problem| ParseError::new("thumbnail path", problem);
        let (id, rest) = path
            .strip_prefix('/')
            .and_then(|path| path.strip_prefix(IMAGES))
            .and_then(|path| path.split_once(THUMBNAILS))
            .ok_or(problem("it is not of the form `/images/…/thumbnails/…`"))?;
        let image_id = canonical_uuid(id).ok_or(problem(
            "the image id is no uuid in lower case with hyphens",
        ))?;
        let (name, signature) = rest
            .strip_suffix(EXTENSION)
            .and_then(|rest| rest.split_once('-'))
            .ok_or(problem("the file is not of the form `…-….jpg`"))?;
        let name = name
            .parse()
            .map_err(|_| problem("the thumbnail's name is not known"))?;
        if !is_hex_signature(signature) {
            return Err(problem(
                "the signature is not 7 to 64 lower-case hex digits",
            ));
        }
        Ok(Self {
            image_id,
            name,
            signature,
        })
    }
}

/// The image and thumbnail that a verified path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct VerifiedThumbnail {
    /// Image of which the thumbnail is.
    pub image_id: Uuid,
    /// Which of its thumbnails.
    pub name: ThumbnailName,
}

/// A UUID in the one form in which it is printed, so that a path that parses
/// is the path that was signed.
fn canonical_uuid(text: &str) -> Option<Uuid> {
    let id = Uuid::try_parse(text).ok()?;
    let mut buffer = Uuid::encode_buffer();
    (id.hyphenated().encode_lower(&mut buffer) == text).then_some(id)
}

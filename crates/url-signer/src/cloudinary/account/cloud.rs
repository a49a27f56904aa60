use super::api_signature_version::ApiSignatureVersion;
use super::error::{CloudError, ConfigurationWarning};
use super::hosts::{HostSettings, Hosts};
use super::signature_algorithm::{SignatureAlgorithm, SignatureFormat};
use super::token_settings::TokenDefaults;
use super::upload_prefix::UploadPrefix;
use crate::cloudinary::path::encoding::PathEncoding;
use crate::secret::KeyRing;

/// A Cloudinary account: its cloud name, keys, signature settings and hosts.
///
/// Cloudinary calls an account a *cloud*. The cloud name identifies it in URLs.
///
/// A signature in a URL is *short* or *long*. A short signature has 8 characters, and
/// is created with SHA-1 or SHA-256. A long signature has 32 characters, and is always
/// created with SHA-256.
///
/// The constructors validate all settings, so signing cannot fail.
///
/// ```
/// use url_signer::Secret;
/// use url_signer::cloudinary::{Asset, Cloud, Size, Transformation};
///
/// let cloud = Cloud::new("demo", Secret::new("abcd")?)?;
/// let photo = Asset::authenticated("sample")?;
/// let card = Transformation::new().fit(Size::width(300));
/// let url = cloud.sign(&photo, &card).to_string();
///
/// let verified = cloud.verify(&url)?;
/// assert!(verified.delivers(&photo, &card));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Cloud {
    pub(super) name: String,
    pub(crate) keys: KeyRing,
    pub(crate) api_key: Option<String>,
    pub(crate) api_signature_version: ApiSignatureVersion,
    pub(crate) upload_prefix: UploadPrefix,
    pub(crate) algorithm: SignatureAlgorithm,
    pub(super) has_long_signatures: bool,
    pub(crate) accepted_algorithms: Vec<SignatureAlgorithm>,
    pub(crate) path_encoding: PathEncoding,
    pub(crate) hosts: Hosts,
    pub(crate) path_options: PathOptions,
    pub(crate) token_defaults: Option<TokenDefaults>,
    pub(crate) warnings: Vec<ConfigurationWarning>,
}

/// The defaults of the options that a delivery can override.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent options")]
pub(crate) struct PathOptions {
    pub(crate) root_path: bool,
    pub(crate) short_types: bool,
    pub(crate) automatic_version: bool,
    pub(crate) signed_version: bool,
}

impl Default for PathOptions {
    fn default() -> Self {
        Self {
            root_path: false,
            short_types: false,
            automatic_version: true,
            signed_version: false,
        }
    }
}

impl Cloud {
    /// Creates an account with the default settings of Cloudinary: short SHA-1
    /// signatures, and the shared host `res.cloudinary.com` over `https`.
    ///
    /// `keys` is the API secret of the account, or a [`KeyRing`] with the API secret and
    /// retired ones. Only [API requests](Self::api) need the
    /// [API key](Self::with_api_key) too.
    ///
    /// [`from_env`](Self::from_env) reads an account from the environment.
    ///
    /// # Errors
    ///
    /// - An empty name.
    /// - A name with a character other than ASCII letters, digits, `-` and `_`.
    pub fn new(name: &str, keys: impl Into<KeyRing>) -> Result<Self, CloudError> {
        check_name(name)?;
        Ok(Self {
            name: name.to_owned(),
            keys: keys.into(),
            api_key: None,
            api_signature_version: ApiSignatureVersion::default(),
            upload_prefix: UploadPrefix::shared()?,
            algorithm: SignatureAlgorithm::default(),
            has_long_signatures: false,
            accepted_algorithms: Vec::new(),
            path_encoding: PathEncoding::default(),
            hosts: Hosts::new(name, HostSettings::default())?,
            path_options: PathOptions::default(),
            token_defaults: None,
            warnings: Vec::new(),
        })
    }

    /// The format of the signatures that this cloud creates.
    pub(crate) const fn signature_format(&self) -> SignatureFormat {
        SignatureFormat::new(self.algorithm, self.has_long_signatures)
    }

    /// Returns whether signatures of a format verify.
    pub(crate) fn accepts(&self, format: SignatureFormat) -> bool {
        format == SignatureFormat::LongSha256
            || format == self.signature_format()
            || self.accepted_algorithms.contains(&format.algorithm())
    }

    /// The cloud name as a segment of the path, unless the host implies it.
    pub(crate) fn path_name(&self) -> Option<&str> {
        self.hosts.has_named_path().then_some(&*self.name)
    }
}

pub(crate) fn check_name(name: &str) -> Result<(), CloudError> {
    let is_allowed = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_');
    if name.is_empty() {
        return Err(CloudError::EmptyName);
    }
    match name.chars().find(|char| !is_allowed(*char)) {
        Some(char) => Err(CloudError::InvalidName { char }),
        None => Ok(()),
    }
}

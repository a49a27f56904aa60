use super::error::{CloudError, ConfigurationWarning};
use super::hosts::{HostSettings, Hosts};
use super::signature_algorithm::{SignatureAlgorithm, SignatureFormat};
use super::token_settings::TokenDefaults;
use crate::authority::Authority;
use crate::cloudinary::path::canonical::PathEncoding;
use crate::cloudinary::token::TokenSigner;
use crate::secret::{KeyRing, Secret};

/// A Cloudinary account: its cloud name, keys, signature settings and hosts.
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
    name: String,
    pub(crate) keys: KeyRing,
    algorithm: SignatureAlgorithm,
    has_long_signatures: bool,
    accepted_algorithms: Vec<SignatureAlgorithm>,
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
    /// Creates an account with the default settings of Cloudinary: SHA-1
    /// signatures of 8 characters, and the shared host `res.cloudinary.com` over
    /// `https`.
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

    /// Replaces the keys.
    #[must_use]
    pub fn with_keys(self, keys: impl Into<KeyRing>) -> Self {
        Self {
            keys: keys.into(),
            ..self
        }
    }

    /// Adds a retired key, for verification only.
    ///
    /// ```no_run
    /// use url_signer::Secret;
    /// use url_signer::cloudinary::Cloud;
    ///
    /// let retired = Secret::from_env("CLOUDINARY_RETIRED_SECRET")?;
    /// let cloud = Cloud::from_env()?.with_retired_key(retired);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_retired_key(self, secret: Secret) -> Self {
        Self {
            keys: self.keys.with_retired(secret),
            ..self
        }
    }

    /// Sets the signer of access tokens, for [`verify_at`](Self::verify_at) and
    /// [`verify_token`](Self::verify_token).
    #[must_use]
    pub fn with_token_signer(self, signer: TokenSigner) -> Self {
        Self {
            token_defaults: Some(TokenDefaults::new(signer)),
            ..self
        }
    }

    /// Sets the hash algorithm of signatures.
    ///
    /// The SDKs call this option `signature_algorithm`.
    #[must_use]
    pub fn with_signature_algorithm(self, algorithm: SignatureAlgorithm) -> Self {
        Self { algorithm, ..self }
    }

    /// Signs with SHA-256, truncated to 32 characters. The
    /// [algorithm](Self::with_signature_algorithm) of short signatures has no effect
    /// on these signatures.
    ///
    /// The SDKs call this option `long_url_signature`.
    #[must_use]
    pub fn with_long_signatures(self) -> Self {
        Self {
            has_long_signatures: true,
            ..self
        }
    }

    /// Accepts short signatures of another algorithm in verification.
    ///
    /// Use this method after a change of the account's algorithm, while old URLs are
    /// in use. Signatures of the account's own algorithm and length are always
    /// accepted, and so are long signatures.
    #[must_use]
    pub fn with_accepted_algorithm(mut self, algorithm: SignatureAlgorithm) -> Self {
        self.accepted_algorithms.push(algorithm);
        self
    }

    /// Sets the form in which paths are signed. Verification accepts both forms.
    #[must_use]
    pub fn with_path_encoding(self, path_encoding: PathEncoding) -> Self {
        Self {
            path_encoding,
            ..self
        }
    }

    /// Delivers from the private CDN of the account, whose URLs omit the cloud name.
    ///
    /// The host is `<name>-res.cloudinary.com`, unless a
    /// [secure distribution](Self::with_secure_distribution) or, over `http`, a
    /// [cname](Self::with_cname) is set. The SDKs call this option `private_cdn`.
    ///
    /// # Errors
    ///
    /// - A cloud name that is not valid in a host name.
    pub fn with_private_cdn(self) -> Result<Self, CloudError> {
        self.with_hosts(|settings| settings.private_cdn = true)
    }

    /// Sets a custom host for `https`. It has no effect on `http`.
    ///
    /// The SDKs call this option `secure_distribution`.
    ///
    /// # Errors
    ///
    /// - A resulting host that [`Authority::new`] rejects.
    pub fn with_secure_distribution(self, host: Authority) -> Result<Self, CloudError> {
        self.with_hosts(|settings| settings.secure_distribution = Some(host))
    }

    /// Delivers over `http`, without encryption.
    ///
    /// The SDKs call this option `secure`, with the value `false`.
    ///
    /// # Errors
    ///
    /// - A private CDN is set without a cname, and the cloud name is not valid in a
    ///   host name.
    /// - CDN subdomains are enabled, and the cname is an IP address.
    pub fn with_plain_http(self) -> Result<Self, CloudError> {
        self.with_hosts(|settings| settings.plain_http = true)
    }

    /// Sets a custom host for `http`. It has no effect on `https`.
    ///
    /// The SDKs call this option `cname`.
    ///
    /// # Errors
    ///
    /// - Over `http` with CDN subdomains, an IP address.
    pub fn with_cname(self, host: Authority) -> Result<Self, CloudError> {
        self.with_hosts(|settings| settings.cname = Some(host))
    }

    /// Shards deliveries: distributes the assets over five CDN subdomains,
    /// `res-1.cloudinary.com` to `res-5.cloudinary.com`, or `a1.<cname>` to
    /// `a5.<cname>`. An asset is always delivered from the same subdomain.
    ///
    /// Over `https`, a host is sharded only if its name contains `res.cloudinary.com`
    /// and it is not the host of a private CDN.
    /// [`with_secure_cdn_subdomains`](Self::with_secure_cdn_subdomains) overrides
    /// this. The SDKs call this option `cdn_subdomain`.
    ///
    /// # Errors
    ///
    /// - Over `http`, a cname that is an IP address.
    pub fn with_cdn_subdomains(self) -> Result<Self, CloudError> {
        self.with_hosts(|settings| settings.cdn_subdomain = true)
    }

    /// Overrides CDN sharding for `https`: `true` also shards hosts of a private CDN,
    /// `false` disables sharding.
    ///
    /// A secure distribution without `res.cloudinary.com` in its name is never
    /// sharded. The SDKs call this option `secure_cdn_subdomain`.
    ///
    /// # Errors
    ///
    /// - A resulting host that [`Authority::new`] rejects.
    pub fn with_secure_cdn_subdomains(self, subdomains: bool) -> Result<Self, CloudError> {
        self.with_hosts(|settings| settings.secure_cdn_subdomain = Some(subdomains))
    }

    fn with_hosts(self, change: impl FnOnce(&mut HostSettings)) -> Result<Self, CloudError> {
        let mut settings = self.hosts.settings().clone();
        change(&mut settings);
        Ok(Self {
            hosts: Hosts::new(&self.name, settings)?,
            ..self
        })
    }

    pub(crate) fn with_host_settings(self, settings: HostSettings) -> Result<Self, CloudError> {
        self.with_hosts(|before| *before = settings)
    }

    /// Returns the cloud name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the hash algorithm of short signatures.
    #[must_use]
    pub const fn signature_algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// Returns whether signatures have 32 characters instead of 8.
    #[must_use]
    pub const fn has_long_signatures(&self) -> bool {
        self.has_long_signatures
    }

    /// Returns the host of delivery URLs, without the subdomain of a shard.
    #[must_use]
    pub const fn authority(&self) -> &Authority {
        self.hosts.base()
    }

    /// Returns warnings about configuration options that were ignored.
    ///
    /// ```
    /// use url_signer::cloudinary::Cloud;
    ///
    /// let cloud: Cloud = "cloudinary://key:abcd@demo?secrue=true".parse()?;
    /// let warnings: Vec<_> = cloud.warnings().iter().map(ToString::to_string).collect();
    /// assert_eq!(warnings, ["unknown option `secrue` is ignored"]);
    /// # Ok::<(), url_signer::cloudinary::CloudError>(())
    /// ```
    #[must_use]
    pub fn warnings(&self) -> &[ConfigurationWarning] {
        &self.warnings
    }

    /// Returns the settings of access tokens, if `auth_token[key]` or a
    /// [token signer](Self::with_token_signer) is set.
    #[must_use]
    pub const fn token_defaults(&self) -> Option<&TokenDefaults> {
        self.token_defaults.as_ref()
    }

    /// The format of the signatures that this cloud creates.
    pub(crate) const fn signature_format(&self) -> SignatureFormat {
        SignatureFormat::new(self.algorithm, self.has_long_signatures)
    }

    /// Whether signatures of a format verify.
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
        Some(char) => Err(CloudError::InvalidName {
            name: name.to_owned(),
            char,
        }),
        None => Ok(()),
    }
}

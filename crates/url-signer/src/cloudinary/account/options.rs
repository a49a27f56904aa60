//! The options of an account, after its creation.

use super::api_signature_version::ApiSignatureVersion;
use super::cloud::Cloud;
use super::error::{CloudError, ConfigurationWarning};
use super::hosts::{HostSettings, Hosts};
use super::signature_algorithm::SignatureAlgorithm;
use super::token_settings::TokenDefaults;
use super::upload_prefix::UploadPrefix;
use crate::authority::Authority;
use crate::cloudinary::path::encoding::PathEncoding;
use crate::cloudinary::token::TokenSigner;
use crate::secret::{KeyRing, Secret};

impl Cloud {
    /// Replaces all API secrets: the signing key and the retired keys.
    #[must_use]
    pub fn with_keys(self, keys: impl Into<KeyRing>) -> Self {
        Self {
            keys: keys.into(),
            ..self
        }
    }

    /// Adds a retired API secret, for verification only.
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

    /// Sets the API key of the account, which API requests contain. It is not a secret.
    ///
    /// # Errors
    ///
    /// - An empty key.
    pub fn with_api_key(self, key: &str) -> Result<Self, CloudError> {
        if key.is_empty() {
            return Err(CloudError::EmptyApiKey);
        }
        let api_key = Some(key.to_owned());
        Ok(Self { api_key, ..self })
    }

    /// Sets the version of API signatures.
    ///
    /// The SDKs call this option `signature_version`.
    #[must_use]
    pub fn with_api_signature_version(self, version: ApiSignatureVersion) -> Self {
        Self {
            api_signature_version: version,
            ..self
        }
    }

    /// Sets the start of the URLs of the API, for an account in another region. The
    /// default is `https://api.cloudinary.com`.
    ///
    /// The SDKs call this option `upload_prefix`.
    ///
    /// ```
    /// use url_signer::cloudinary::Cloud;
    ///
    /// let cloud: Cloud = "cloudinary://key:abcd@demo".parse()?;
    /// let cloud = cloud.with_upload_prefix("https://api-eu.cloudinary.com")?;
    /// let form = cloud.api()?.upload_form(1_700_000_000).sign();
    /// assert_eq!(form.url(), "https://api-eu.cloudinary.com/v1_1/demo/auto/upload");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - A text that is not an `https` or `http` URL.
    /// - A URL with user information, a query or a fragment.
    /// - A URL that is not normalized, such as `https://API.example.org`.
    pub fn with_upload_prefix(self, url: &str) -> Result<Self, CloudError> {
        let upload_prefix = UploadPrefix::new(url).map_err(|expected| CloudError::OptionValue {
            option: "upload_prefix".to_owned(),
            expected,
        })?;
        Ok(Self {
            upload_prefix,
            ..self
        })
    }

    /// Sets the signer of access tokens, for [`verify_at`](Self::verify_at) and
    /// [`verify_token`](Self::verify_token). Other options of tokens stay as they are.
    #[must_use]
    pub fn with_token_signer(self, signer: TokenSigner) -> Self {
        let token_defaults = match self.token_defaults {
            Some(defaults) => defaults.with_signer(signer),
            None => TokenDefaults::new(signer),
        };
        Self {
            token_defaults: Some(token_defaults),
            ..self
        }
    }

    /// Sets the hash algorithm of short signatures.
    ///
    /// The SDKs call this option `signature_algorithm`.
    #[must_use]
    pub fn with_signature_algorithm(self, algorithm: SignatureAlgorithm) -> Self {
        Self { algorithm, ..self }
    }

    /// Creates long signatures: SHA-256, truncated to 32 characters.
    /// [`with_signature_algorithm`](Self::with_signature_algorithm) has no effect on long
    /// signatures.
    ///
    /// The SDKs call this option `long_url_signature`.
    #[must_use]
    pub fn with_long_signatures(self) -> Self {
        Self {
            has_long_signatures: true,
            ..self
        }
    }

    /// Accepts short signatures of an additional algorithm in verification.
    ///
    /// Use this method while old URLs are in use: after a change of the algorithm, or
    /// after a change from short to long signatures. [`verify`](Self::verify) lists all
    /// accepted signatures.
    #[must_use]
    pub fn with_accepted_algorithm(mut self, algorithm: SignatureAlgorithm) -> Self {
        self.accepted_algorithms.push(algorithm);
        self
    }

    /// Sets the form in which paths are signed, which differs among the SDKs. The default
    /// is [`PathEncoding::Encoded`]. Verification accepts all forms.
    #[must_use]
    pub fn with_path_encoding(self, path_encoding: PathEncoding) -> Self {
        Self {
            path_encoding,
            ..self
        }
    }

    /// Delivers from the private CDN of the account, whose URLs omit the cloud name.
    ///
    /// The host is `<name>-res.cloudinary.com`. A
    /// [secure distribution](Self::with_secure_distribution) replaces it over `https`, and
    /// a [cname](Self::with_cname) replaces it over `http`. The SDKs call this option
    /// `private_cdn`.
    ///
    /// # Errors
    ///
    /// - A cloud name that is not valid in a host name.
    pub fn with_private_cdn(self) -> Result<Self, CloudError> {
        self.with_hosts(|settings| settings.private_cdn = true)
    }

    /// Sets a custom host for `https`. It has no effect on `http`.
    ///
    /// `cloudinary-a.akamaihd.net` is an old name of `res.cloudinary.com`. If it is set,
    /// URLs have the same host as without a custom host. The SDKs call this option
    /// `secure_distribution`.
    ///
    /// # Errors
    ///
    /// - A `host` whose CDN subdomain is not a valid host name.
    /// - The host `cloudinary-a.akamaihd.net`, if a private CDN is set and the cloud name
    ///   is not valid in a host name.
    pub fn with_secure_distribution(self, host: Authority) -> Result<Self, CloudError> {
        self.with_hosts(|settings| settings.secure_distribution = Some(host))
    }

    /// Delivers over `http`, without encryption.
    ///
    /// In the SDKs, this is the option `secure=false`.
    ///
    /// # Errors
    ///
    /// - A cloud name that is not valid in a host name, if a private CDN is set and no
    ///   cname is set.
    /// - A cname that is an IP address, if CDN subdomains are enabled.
    pub fn with_plain_http(self) -> Result<Self, CloudError> {
        self.with_hosts(|settings| settings.plain_http = true)
    }

    /// Sets a custom host for `http`. It has no effect on `https`.
    ///
    /// The SDKs call this option `cname`.
    ///
    /// # Errors
    ///
    /// - An IP address, if the account delivers over `http` with CDN subdomains.
    pub fn with_cname(self, host: Authority) -> Result<Self, CloudError> {
        self.with_hosts(|settings| settings.cname = Some(host))
    }

    /// Shards deliveries: distributes the assets over five CDN subdomains. An asset is
    /// always delivered from the same subdomain.
    ///
    /// The subdomains of a cname are `a1.<cname>` to `a5.<cname>`. In the name of any
    /// other host, `res-1.cloudinary.com` to `res-5.cloudinary.com` replace
    /// `res.cloudinary.com`. A host without `res.cloudinary.com` in its name is not sharded.
    ///
    /// Over `https`, the hosts of a private CDN are not sharded either.
    /// [`with_secure_cdn_subdomains`](Self::with_secure_cdn_subdomains) changes this.
    /// The SDKs call this option `cdn_subdomain`.
    ///
    /// # Errors
    ///
    /// - A cname that is an IP address, if the account delivers over `http`.
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
    /// - A resulting CDN subdomain that [`Authority::new`] rejects.
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

    /// Returns the API key of the account, if it is known.
    #[must_use]
    pub fn api_key(&self) -> Option<&str> {
        self.api_key.as_deref()
    }

    /// Returns the version of API signatures.
    #[must_use]
    pub const fn api_signature_version(&self) -> ApiSignatureVersion {
        self.api_signature_version
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

    /// Returns warnings about configuration options that were ignored, and about an
    /// implausible API secret, such as one in quotation marks.
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

    /// Returns the settings of access tokens. Returns `None` if neither the configuration
    /// option `auth_token[key]` nor a [token signer](Self::with_token_signer) is set.
    #[must_use]
    pub const fn token_defaults(&self) -> Option<&TokenDefaults> {
        self.token_defaults.as_ref()
    }
}

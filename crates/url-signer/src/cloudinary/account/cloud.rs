use super::error::{CloudError, ConfigurationWarning};
use super::hosts::{HostSettings, Hosts};
use super::signature_algorithm::SignatureForm;
use super::token_settings::TokenDefaults;
use crate::cloudinary::path::canonical::PathEncoding;
use crate::{Authority, KeyRing, Secret};

/// An account at the provider: its name, keys, signature form and hosts.
///
/// Everything that could be wrong is found when a `Cloud` is made; after
/// that, signing can't fail.
///
/// ```
/// use url_signer::Secret;
/// use url_signer::cloudinary::{Asset, Cloud, DeliveryType, Size, Transformation};
///
/// let cloud = Cloud::new("demo", Secret::new("abcd")?)?;
/// let asset = Asset::new("sample")?.with_delivery_type(DeliveryType::Authenticated)?;
/// let url = cloud.sign(Transformation::new().fit(Size::width(300)), &asset).to_string();
///
/// let verified = cloud.verify(&url)?;
/// assert_eq!(verified.signed(), "c_fit,w_300/sample");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Cloud {
    name: String,
    pub(crate) keys: KeyRing,
    pub(crate) form: SignatureForm,
    pub(crate) accepted: Vec<SignatureForm>,
    pub(crate) path_encoding: PathEncoding,
    pub(crate) hosts: Hosts,
    pub(crate) layout: Layout,
    pub(crate) tokens: Option<TokenDefaults>,
    pub(crate) warnings: Vec<ConfigurationWarning>,
}

/// How the paths of URLs are laid out, unless a [`Delivery`] says otherwise.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "switches with no rule among them"
)]
pub(crate) struct Layout {
    pub(crate) root_path: bool,
    pub(crate) short_types: bool,
    pub(crate) automatic_version: bool,
    pub(crate) signed_version: bool,
}

impl Default for Layout {
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
    /// An account on the provider's shared host over `https`, signing with SHA-1.
    ///
    /// # Errors
    ///
    /// - A name that is empty, or has other characters than ASCII letters,
    ///   digits, `-` and `_`.
    pub fn new(name: &str, keys: impl Into<KeyRing>) -> Result<Self, CloudError> {
        check_name(name)?;
        Ok(Self {
            name: name.to_owned(),
            keys: keys.into(),
            form: SignatureForm::default(),
            accepted: Vec::new(),
            path_encoding: PathEncoding::default(),
            hosts: Hosts::new(name, HostSettings::default())?,
            layout: Layout::default(),
            tokens: None,
            warnings: Vec::new(),
        })
    }

    /// The same account with other keys.
    #[must_use]
    pub fn with_keys(self, keys: impl Into<KeyRing>) -> Self {
        Self {
            keys: keys.into(),
            ..self
        }
    }

    /// The same account with one more key that only verifies, such as the one
    /// before the last change.
    ///
    /// ```no_run
    /// use url_signer::Secret;
    /// use url_signer::cloudinary::Cloud;
    ///
    /// let cloud = Cloud::from_env()?.with_retired_key(Secret::from_env("CLOUDINARY_RETIRED_SECRET")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_retired_key(self, secret: Secret) -> Self {
        Self {
            keys: self.keys.with_retired(secret),
            ..self
        }
    }

    /// The same account with signatures of another form.
    #[must_use]
    pub fn with_signature_form(self, form: SignatureForm) -> Self {
        Self { form, ..self }
    }

    /// The same account, which also verifies signatures of a form that it does
    /// not sign with, such as the one before a change of the account's setting.
    ///
    /// The form that it signs with and the long one always verify.
    #[must_use]
    pub fn with_accepted_form(mut self, form: SignatureForm) -> Self {
        self.accepted.push(form);
        self
    }

    /// The same account signing paths as they are escaped, or as they are decoded
    /// where that can be told. Both verify in either case.
    #[must_use]
    pub fn with_path_encoding(self, path_encoding: PathEncoding) -> Self {
        Self {
            path_encoding,
            ..self
        }
    }

    /// The same account with a host of its own: `<name>-res.cloudinary.com`,
    /// unless a distribution is set.
    ///
    /// # Errors
    ///
    /// - A name that can't be part of a host's.
    pub fn with_private_cdn(self) -> Result<Self, CloudError> {
        self.with_hosts(|settings| settings.private_cdn = true)
    }

    /// The same account delivered over `https` from a host that its owner has
    /// set up. No effect over `http`.
    ///
    /// # Errors
    ///
    /// - With CDN subdomains, a host that has none.
    pub fn with_secure_distribution(self, host: Authority) -> Result<Self, CloudError> {
        self.with_hosts(|settings| settings.secure_distribution = Some(host))
    }

    /// The same account delivered over `http`, without encryption.
    ///
    /// # Errors
    ///
    /// - With CDN subdomains, a host that has none.
    pub fn with_plain_http(self) -> Result<Self, CloudError> {
        self.with_hosts(|settings| settings.plain = true)
    }

    /// The same account delivered over `http` from a host that its owner has
    /// set up. No effect over `https`.
    ///
    /// # Errors
    ///
    /// - With CDN subdomains, an address, which has no subdomains.
    pub fn with_cname(self, host: Authority) -> Result<Self, CloudError> {
        self.with_hosts(|settings| settings.cname = Some(host))
    }

    /// The same account delivered from five hosts, of which each asset has one:
    /// `res-1.cloudinary.com`, …, or `a1.<cname>`, ….
    ///
    /// Over `https` only of the shared host, unless
    /// [`with_secure_cdn_subdomains`](Self::with_secure_cdn_subdomains) says otherwise.
    ///
    /// # Errors
    ///
    /// - A cname that is an address, which has no subdomains.
    pub fn with_cdn_subdomains(self) -> Result<Self, CloudError> {
        self.with_hosts(|settings| settings.cdn_subdomain = true)
    }

    /// The same account with five hosts over `https` also if it has a host of
    /// its own, or with one only also if it has the shared one.
    ///
    /// A secure distribution outside `res.cloudinary.com` stays one host.
    ///
    /// # Errors
    ///
    /// - A host that has no subdomains.
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

    /// Name of the account.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Form of its signatures.
    #[must_use]
    pub const fn signature_form(&self) -> SignatureForm {
        self.form
    }

    /// Host that its URLs lead to, without the number of a CDN subdomain.
    #[must_use]
    pub const fn host(&self) -> &Authority {
        self.hosts.base()
    }

    /// What was kept out of the configuration that it was read from.
    ///
    /// ```
    /// use url_signer::cloudinary::Cloud;
    ///
    /// let cloud: Cloud = "cloudinary://key:abcd@demo?secrue=true".parse()?;
    /// let warnings: Vec<_> = cloud.warnings().iter().map(ToString::to_string).collect();
    /// assert_eq!(warnings, ["option `secrue` is not known and has no effect"]);
    /// # Ok::<(), url_signer::cloudinary::CloudError>(())
    /// ```
    #[must_use]
    pub fn warnings(&self) -> &[ConfigurationWarning] {
        &self.warnings
    }

    /// The access tokens of the configuration that it was read from, if it has
    /// a key for them: `auth_token[key]`.
    #[must_use]
    pub const fn token_defaults(&self) -> Option<&TokenDefaults> {
        self.tokens.as_ref()
    }

    /// The account's segment of the path, where it has one.
    pub(crate) fn path_name(&self) -> Option<&str> {
        self.hosts.named().then_some(&*self.name)
    }
}

pub(crate) fn check_name(name: &str) -> Result<(), CloudError> {
    let stands = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_');
    if name.is_empty() {
        return Err(CloudError::EmptyName);
    }
    match name.chars().find(|char| !stands(*char)) {
        Some(char) => Err(CloudError::Name(name.to_owned(), char)),
        None => Ok(()),
    }
}

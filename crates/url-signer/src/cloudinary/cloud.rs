use std::borrow::Cow;

use thiserror::Error;

use super::decoded::SignedText;
use super::hosts::{HostSettings, Hosts};
use super::signature::BegunDigest;
use super::{
    Asset, CompiledTransformation, ConfigurationWarning, Delivery, SignatureForm, SignedUrl,
    TokenDefaults, TokenInputError, Transformation,
};
use crate::{Host, HostError, KeyRing, Secret, SecretError};

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
    pub(super) keys: KeyRing,
    pub(super) form: SignatureForm,
    pub(super) accepted: Vec<SignatureForm>,
    pub(super) signed_text: SignedText,
    pub(super) hosts: Hosts,
    pub(super) layout: Layout,
    pub(super) tokens: Option<TokenDefaults>,
    pub(super) warnings: Vec<ConfigurationWarning>,
}

/// How the paths of URLs are laid out, unless a [`Delivery`] says otherwise.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "switches with no rule among them"
)]
pub(super) struct Layout {
    pub(super) root_path: bool,
    pub(super) short_types: bool,
    pub(super) automatic_version: bool,
    pub(super) signed_version: bool,
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
            signed_text: SignedText::default(),
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
    pub fn with_signed_text(self, signed_text: SignedText) -> Self {
        Self {
            signed_text,
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
    pub fn with_secure_distribution(self, host: Host) -> Result<Self, CloudError> {
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
    pub fn with_cname(self, host: Host) -> Result<Self, CloudError> {
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

    pub(super) fn with_host_settings(self, settings: HostSettings) -> Result<Self, CloudError> {
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
    pub const fn host(&self) -> &Host {
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
    pub(super) fn path_name(&self) -> Option<&str> {
        self.hosts.named().then_some(&*self.name)
    }

    /// Prepares a transformation that many assets will be signed with.
    #[must_use]
    pub fn compile(&self, transformation: Transformation) -> CompiledTransformation {
        let begun = self.begin(&transformation, self.signed_text);
        CompiledTransformation::new(transformation, begun, self.signed_text)
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
    pub(super) fn begin(
        &self,
        transformation: &Transformation,
        signed_text: SignedText,
    ) -> BegunDigest {
        let steps = signed_text.of(transformation.as_str());
        let slash: &[u8] = if transformation.is_empty() { b"" } else { b"/" };
        BegunDigest::new(self.form, &[&*steps, slash])
    }
}

pub(super) fn check_name(name: &str) -> Result<(), CloudError> {
    let stands = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_');
    if name.is_empty() {
        return Err(CloudError::EmptyName);
    }
    match name.chars().find(|char| !stands(*char)) {
        Some(char) => Err(CloudError::Name(name.to_owned(), char)),
        None => Ok(()),
    }
}

/// Why there is no [`Cloud`].
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum CloudError {
    /// No name.
    #[error("cloud name is empty")]
    EmptyName,
    /// A name with a character that can't stand in one.
    #[error("cloud name `{name}` has {char:?}", name = .0.escape_debug(), char = .1)]
    Name(String, char),
    /// A host that can't be.
    #[error(transparent)]
    Host(#[from] HostError),
    /// A configuration that is not text.
    #[error("cloudinary url is not utf-8")]
    NotUtf8,
    /// A configuration of another scheme, or of none.
    #[error("cloudinary url does not begin with `cloudinary://`")]
    Scheme,
    /// A configuration of which it can't be told where the secret ends.
    #[error(
        "cloudinary url has more than one `@`; such a secret goes into `CLOUDINARY_API_SECRET`"
    )]
    ManyAts,
    /// A configuration without a secret.
    #[error("configuration has no api secret")]
    MissingSecret,
    /// A configuration with a fragment, which means nothing.
    #[error("cloudinary url has a fragment")]
    Fragment,
    /// A configuration with a distribution that is no host.
    #[error("cloudinary url has a distribution that cannot be: {0}")]
    Distribution(HostError),
    /// An option with a value that is no host.
    #[error("option `{0}`: {1}")]
    OptionHost(String, #[source] HostError),
    /// A key of access tokens that is none.
    #[error("option `auth_token[key]`: {0}")]
    TokenKey(#[source] SecretError),
    /// A name or an acl of access tokens that can't be.
    #[error(transparent)]
    Token(#[from] TokenInputError),
    /// An option with a value that it does not take.
    #[error("option `{option}` is not {expected}")]
    OptionValue {
        /// Name of the option.
        option: String,
        /// What it takes.
        expected: &'static str,
    },
    /// An environment without a configuration in it.
    #[error("neither `CLOUDINARY_URL` nor `CLOUDINARY_CLOUD_NAME` is set")]
    NotConfigured,
}

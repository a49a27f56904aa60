use std::borrow::Cow;

use thiserror::Error;

use super::delivery::SignedUrl;
use super::{Asset, CompiledTransformation, SignatureForm, Transformation};
use crate::{Host, HostError, KeyRing, Secret, SecretError};

const SHARED_HOST: &str = "res.cloudinary.com";

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
/// let asset = Asset::new("sample")?.with_delivery_type(DeliveryType::Authenticated);
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
    private_cdn: bool,
    has_distribution: bool,
    host: Host,
}

impl Cloud {
    /// An account on the provider's shared host, signing with SHA-1.
    ///
    /// # Errors
    ///
    /// - A name that is empty, or has other characters than ASCII letters,
    ///   digits, `-` and `_`.
    pub fn new(name: &str, keys: impl Into<KeyRing>) -> Result<Self, CloudError> {
        let stands = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_');
        if name.is_empty() {
            return Err(CloudError::EmptyName);
        }
        if let Some(char) = name.chars().find(|char| !stands(*char)) {
            return Err(CloudError::Name(name.to_owned(), char));
        }
        Ok(Self {
            name: name.to_owned(),
            keys: keys.into(),
            form: SignatureForm::default(),
            private_cdn: false,
            has_distribution: false,
            host: Host::new(SHARED_HOST)?,
        })
    }

    /// The same account with one more key that only verifies, such as the one
    /// before the last change.
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

    /// The same account with a host of its own: `<name>-res.cloudinary.com`,
    /// unless a distribution is set.
    ///
    /// # Errors
    ///
    /// - A name that can't be part of a host's.
    pub fn with_private_cdn(mut self) -> Result<Self, CloudError> {
        self.private_cdn = true;
        if !self.has_distribution {
            self.host = Host::new(&format!("{}-{SHARED_HOST}", self.name))?;
        }
        Ok(self)
    }

    /// The same account delivered from a host that its owner has set up.
    #[must_use]
    pub fn with_secure_distribution(self, host: Host) -> Self {
        Self {
            host,
            has_distribution: true,
            ..self
        }
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

    /// Host that its URLs lead to.
    #[must_use]
    pub const fn host(&self) -> &Host {
        &self.host
    }

    /// The account's segment of the path, where it has one.
    pub(super) fn path_name(&self) -> Option<&str> {
        let own_host = self.private_cdn && self.host.as_str() != SHARED_HOST;
        (!own_host).then_some(&*self.name)
    }

    /// Prepares a transformation that many assets will be signed with.
    #[must_use]
    pub fn compile(&self, transformation: Transformation) -> CompiledTransformation {
        CompiledTransformation::new(transformation, self.form)
    }

    /// Signs the delivery of an asset through a transformation.
    pub fn sign<'a>(
        &'a self,
        transformation: impl Into<Cow<'a, Transformation>>,
        asset: &'a Asset,
    ) -> SignedUrl<'a> {
        let transformation = transformation.into();
        let digest = transformation.digest(self.form);
        SignedUrl::new(self, transformation, digest, asset)
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
        let transformation = Cow::Borrowed(compiled.transformation());
        SignedUrl::new(self, transformation, compiled.digest(self.form), asset)
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
    #[error("cloudinary url has more than one `@`; in a secret it is written `%40`")]
    ManyAts,
    /// A configuration without a secret.
    #[error("cloudinary url has no api secret")]
    MissingSecret,
    /// A configuration with a fragment, which means nothing.
    #[error("cloudinary url has a fragment")]
    Fragment,
    /// A configuration with a distribution that is no host.
    #[error("cloudinary url has a distribution that cannot be: {0}")]
    Distribution(HostError),
    /// A configuration with an option that is not known.
    #[error("cloudinary url has the option `{}`, which is not known", .0.escape_debug())]
    UnknownOption(String),
    /// A configuration with a value that its option does not take.
    #[error("cloudinary url has an option `{option}` that is not {expected}")]
    OptionValue {
        /// Name of the option.
        option: String,
        /// What it takes.
        expected: &'static str,
    },
    /// An environment variable without a key in it.
    #[error(transparent)]
    Secret(#[from] SecretError),
}

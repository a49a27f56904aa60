//! URLs by the option names of the provider's SDKs, for those who port code.
//!
//! [`Sdk`] takes what `cloudinary_url` of the SDKs takes and gives the URL that
//! they give. Where the SDKs print a URL that does not do what was asked, it
//! comes with a [`SdkWarning`]; where they print a broken one, there is an
//! [`SdkError`] instead.
//!
//! The options, beside those of the account that [`Cloud`](super::Cloud) reads
//! from its configuration:
//!
//! - of the asset: `resource_type`, `type`, `version`, `format`, `url_suffix`;
//! - `auth_token` with `key`, `token_name`, `acl`, `url`, `ip`, `start_time`,
//!   `expiration`, `duration`, `set_url_signature`; `false` for none;
//! - of the transformation: `angle`, `aspect_ratio`, `audio_codec`,
//!   `audio_frequency`, `background`, `bit_rate`, `border`, `color`, `color_space`,
//!   `crop`, `default_image`, `delay`, `density`, `dpr`, `duration`, `effect`,
//!   `end_offset`, `fetch_format`, `flags`, `fps`, `gravity`, `height`, `if`,
//!   `keyframe_interval`, `opacity`, `overlay`, `page`, `prefix`, `quality`,
//!   `radius`, `raw_transformation`, `responsive_width`, `size`, `start_offset`,
//!   `streaming_profile`, `transformation`, `underlay`, `variables`,
//!   `video_codec`, `video_sampling`, `width`, `x`, `y`, `zoom`, and `$…`.

mod error;
mod layer;
mod options;
mod token;
mod transformation;

use std::fmt;

use serde_json::{Map, Value};

pub use self::error::{SdkError, SdkWarning};
use self::options::Options;
use super::{
    Asset, AssetError, CloudError, ConfigurationWarning, DeliveryError, DeliveryType, SignedUrl,
    Transformation,
};
use crate::Secret;
use crate::cloudinary::account::settings::Settings;
use crate::cloudinary::path::percent_encoding::{encode_again, encode_once, is_remote};
use crate::cloudinary::path::segments::collapse_slashes;
use crate::cloudinary::url::parse::with_query_hidden;

/// The provider's SDKs with their configuration.
///
/// ```
/// use serde_json::json;
/// use url_signer::cloudinary::sdk::Sdk;
///
/// let sdk: Sdk = "cloudinary://key:abcd@demo".parse()?;
/// let options = json!({ "type": "private", "sign_url": true, "format": "jpg" });
/// let url = sdk.url("folder/image", options.as_object().ok_or("no map")?)?;
/// assert_eq!(
///     url.as_str(),
///     "https://res.cloudinary.com/demo/image/private/s--tQx58J9W--/v1/folder/image.jpg",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Sdk {
    settings: Settings,
    now: Option<i64>,
}

/// A URL as the SDKs give it.
#[derive(Clone, PartialEq, Eq)]
pub struct SdkUrl {
    text: String,
    warnings: Vec<SdkWarning>,
}

impl SdkUrl {
    /// The URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What was asked for and is not in the URL.
    #[must_use]
    pub fn warnings(&self) -> &[SdkWarning] {
        &self.warnings
    }
}

impl fmt::Display for SdkUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

/// Shows the URL up to a token's: that one lets in whoever reads it.
impl fmt::Debug for SdkUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (url, query) = with_query_hidden(&self.text);
        f.debug_struct("SdkUrl")
            .field("text", &format_args!("{url}{query}"))
            .field("warnings", &self.warnings)
            .finish()
    }
}

impl From<SdkUrl> for String {
    fn from(url: SdkUrl) -> Self {
        url.text
    }
}

impl Sdk {
    /// The SDKs without any configuration: the options have to say everything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The SDKs configured by the environment, as
    /// [`Cloud::from_env`](super::Cloud::from_env) reads it. Options go before
    /// the configuration.
    ///
    /// # Errors
    ///
    /// - What [`Cloud::from_env`](super::Cloud::from_env) refuses, but for a missing secret.
    pub fn from_env() -> Result<Self, CloudError> {
        Ok(Self {
            settings: Settings::from_env()?,
            now: None,
        })
    }

    /// The SDKs configured by these variables, as
    /// [`Cloud::from_vars`](super::Cloud::from_vars) reads them.
    ///
    /// # Errors
    ///
    /// - What [`Cloud::from_vars`](super::Cloud::from_vars) refuses, but for a missing secret.
    pub fn from_vars<N: AsRef<str>, V: AsRef<str>>(
        vars: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, CloudError> {
        Ok(Self {
            settings: Settings::from_vars(vars)?,
            now: None,
        })
    }

    /// What was kept out of the configuration.
    #[must_use]
    pub fn warnings(&self) -> &[ConfigurationWarning] {
        &self.settings.warnings
    }

    /// The same at a time, in Unix seconds: the start of tokens that have a
    /// duration and no start of their own.
    #[must_use]
    pub fn at(self, now: i64) -> Self {
        Self {
            now: Some(now),
            ..self
        }
    }

    /// The URL of a public id with these options, those of the transformation
    /// among them.
    ///
    /// # Errors
    ///
    /// - What [`Asset::new`] and [`Asset::fetch`] refuse of the public id.
    /// - An option with a value that it does not take.
    /// - A transformation that can't stand in a URL.
    /// - A suffix or the root path for types that have none.
    /// - A signature without a secret; a token without a key or an end, or with
    ///   a duration and neither a start nor [`at`](Self::at).
    pub fn url(&self, public_id: &str, options: &Map<String, Value>) -> Result<SdkUrl, SdkError> {
        let read = Options::read(options, &self.settings)?;
        let transformation = match (&read.delivery_type, read.format) {
            // A parameter of the transformation there, unless it has one.
            (DeliveryType::Fetch, Some(format))
                if options.get("fetch_format").is_none_or(Value::is_null) =>
            {
                let mut options = options.clone();
                options.insert("fetch_format".to_owned(), format.into());
                Self::transformation(&options)?
            }
            _ => Self::transformation(options)?,
        };
        self.deliver(public_id, read, &transformation)
    }

    /// The transformation of these options, such as `width`, `crop`, `effect`,
    /// `overlay`, `transformation` and `raw_transformation`, in the SDKs' order.
    ///
    /// ```
    /// use serde_json::json;
    /// use url_signer::cloudinary::sdk::Sdk;
    ///
    /// let options = json!({ "transformation": [{ "angle": 90 }], "width": 300, "crop": "fit", "if": "width > 100" });
    /// let transformation = Sdk::transformation(options.as_object().ok_or("no map")?)?;
    /// assert_eq!(transformation.as_str(), "a_90/if_w_gt_100,c_fit,w_300");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - An option with a value that it does not take, or that would break its step.
    pub fn transformation(options: &Map<String, Value>) -> Result<Transformation, SdkError> {
        transformation::of_options(options)
    }

    /// The URL of a public id with these options through a transformation in
    /// its final form; what the options say of it is in it already. So is the
    /// `format` of what is fetched, unless the transformation has none.
    ///
    /// # Errors
    ///
    /// - What [`url`](Self::url) refuses.
    pub fn url_through(
        &self,
        transformation: &Transformation,
        public_id: &str,
        options: &Map<String, Value>,
    ) -> Result<SdkUrl, SdkError> {
        let options = Options::read(options, &self.settings)?;
        match (&options.delivery_type, options.format) {
            (DeliveryType::Fetch, Some(format)) if !has_format(transformation) => {
                let steps = transformation.as_str();
                let parameters = [("fetch_format", format), ("raw_transformation", steps)]
                    .into_iter()
                    .map(|(option, text)| (option.to_owned(), text.into()))
                    .collect();
                let transformation = Self::transformation(&parameters)?;
                self.deliver(public_id, options, &transformation)
            }
            _ => self.deliver(public_id, options, transformation),
        }
    }

    fn deliver(
        &self,
        public_id: &str,
        options: Options<'_>,
        transformation: &Transformation,
    ) -> Result<SdkUrl, SdkError> {
        let Options {
            settings,
            resource_type,
            delivery_type,
            version,
            mut format,
            url_suffix,
            mut warnings,
        } = options;
        let signs = settings.sign_url.unwrap_or(false);
        let is_upload = delivery_type == DeliveryType::Upload;
        if is_upload
            && ["http:", "https:"]
                .iter()
                .any(|scheme| public_id.starts_with(scheme))
        {
            if public_id.contains(|char: char| char.is_control() || char.is_whitespace()) {
                return Err(SdkError::Url);
            }
            if signs {
                warnings.push(SdkWarning::NotDelivered);
            }
            let text = public_id.to_owned();
            return Ok(SdkUrl { text, warnings });
        }

        let (source, remote) = source(public_id)?;
        if delivery_type == DeliveryType::Fetch {
            if !remote {
                warnings.push(SdkWarning::FetchOfNoUrl);
            }
            // It is in the transformation.
            format = None;
        } else if remote && format.take().is_some() {
            warnings.push(SdkWarning::FormatOfUrl);
        }
        let mut asset =
            Asset::from_source(source, delivery_type)?.with_resource_type(resource_type);
        if let Some(format) = format {
            asset = asset.with_extension(format)?;
        }
        if let Some(version) = version {
            asset = asset.with_version(version);
        }

        let token = (!settings.token.is_empty()).then_some(&settings.token);
        if token.is_some() && !signs {
            warnings.push(SdkWarning::TokenWithoutSigning);
        }
        let token = token.filter(|_| signs);
        let both = settings.token.set_url_signature.unwrap_or(false);
        let signature = signs && (token.is_none() || both);
        let secret = match settings.api_secret.clone() {
            Some(secret) => secret,
            None if signature => return Err(CloudError::MissingSecret.into()),
            // Nothing is signed with it.
            None => Secret::new("unsigned").map_err(|_| CloudError::MissingSecret)?,
        };
        let cloud = settings.to_cloud(secret)?;
        let mut delivery = cloud.delivery(&asset, transformation);
        if let Some(suffix) = url_suffix {
            if remote {
                let delivery_type = asset.delivery_type().clone();
                return Err(DeliveryError::SuffixTypes(resource_type, delivery_type).into());
            }
            delivery = delivery.with_suffix(suffix)?;
        }
        if settings.use_root_path.unwrap_or(false) {
            delivery = delivery.with_root_path()?;
        }
        let mut url = if signature {
            delivery.sign()
        } else {
            SignedUrl::new(delivery, None, None)
        };
        if let Some(token) = token {
            // The cloud has read the same settings.
            let tokens = cloud.token_defaults().ok_or(SdkError::TokenWithoutKey)?;
            let claims = token.claims(self.now).ok_or(SdkError::TokenWithoutExpiry)?;
            let path = url.path();
            url = url.with_token(tokens.signer().sign(&claims, tokens.scope(&path)));
        }
        let text = url.to_string();
        Ok(SdkUrl { text, warnings })
    }
}

impl std::str::FromStr for Sdk {
    type Err = CloudError;

    /// The SDKs configured by `cloudinary://…`, as
    /// [`Cloud`](super::Cloud#impl-FromStr-for-Cloud) reads it.
    fn from_str(text: &str) -> Result<Self, CloudError> {
        Ok(Self {
            settings: Settings::from_url(text)?,
            now: None,
        })
    }
}

fn has_format(transformation: &Transformation) -> bool {
    let mut parameters = transformation.as_str().split(['/', ',']);
    parameters.any(|parameter| parameter.starts_with("f_"))
}

/// The escaped source, and whether it is a URL to fetch from.
fn source(public_id: &str) -> Result<(String, bool), AssetError> {
    if public_id.is_empty() {
        return Err(AssetError::EmptyPublicId);
    }
    let public_id = collapse_slashes(public_id);
    let remote = is_remote(&public_id);
    let source = if remote {
        encode_again(&public_id)
    } else {
        encode_once(&public_id)
    };
    Ok((source, remote))
}

use std::fmt;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value as Json};

use super::configuration::Sdk;
use super::error::{SdkError, SdkWarning};
use super::options::Options;
use super::transformation::from_options;
use crate::Secret;
use crate::cloudinary::account::error::CloudError;
use crate::cloudinary::asset::{Asset, AssetError};
use crate::cloudinary::path::encoding::PathEncoding;
use crate::cloudinary::path::percent_encoding::{encode_again, encode_once, is_remote};
use crate::cloudinary::path::segments::{collapse_slashes, version_folder};
use crate::cloudinary::path::types::DeliveryType;
use crate::cloudinary::transformation::chain::Transformation;
use crate::cloudinary::transformation::empty_parameter::empty_parameter;
use crate::cloudinary::url::delivery::DeliveryError;
use crate::cloudinary::url::parse::with_query_hidden;
use crate::cloudinary::url::signed::SignedUrl;

/// A URL from the options of the SDKs, with warnings about ignored options.
///
/// ```
/// use serde_json::json;
/// use url_signer::cloudinary::sdk::Sdk;
///
/// let sdk: Sdk = "cloudinary://key:abcd@demo".parse()?;
/// let options = json!({ "width": 300, "crop": "fit", "hieght": 200 });
/// let url = sdk.url("sample", options.as_object().ok_or("no map")?)?;
/// assert_eq!(url.as_str(), "https://res.cloudinary.com/demo/image/upload/c_fit,w_300/sample");
/// assert_eq!(url.warnings()[0].to_string(), "unknown option `hieght` is ignored");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct SdkUrl {
    text: String,
    warnings: Vec<SdkWarning>,
}

impl SdkUrl {
    /// Returns the URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns warnings about options that were ignored.
    #[must_use]
    pub fn warnings(&self) -> &[SdkWarning] {
        &self.warnings
    }
}

impl AsRef<str> for SdkUrl {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for SdkUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

/// Omits the query. Otherwise, everyone who reads a log could use the token in the
/// query.
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
    /// Creates the URL of an asset from its public id and options. The options can
    /// set the account, the asset, the transformation and the access token.
    ///
    /// # Errors
    ///
    /// - A public id that is invalid for [`Asset::new`] or [`Asset::fetch`].
    /// - An option with an invalid value.
    /// - An option of the SDKs that is not supported.
    /// - A transformation that is invalid in a URL.
    /// - `url_suffix` or `use_root_path` for a resource type and a delivery type that
    ///   do not support it.
    /// - A signature without a secret.
    /// - A token without a key.
    /// - A token with neither an expiration nor a duration.
    /// - A token with a duration, but with neither a start nor
    ///   [`with_now`](Self::with_now).
    pub fn url(&self, public_id: &str, options: &Map<String, Json>) -> Result<SdkUrl, SdkError> {
        let parsed = Options::parse(options, &self.settings)?;
        let transformation = match (&parsed.delivery_type, parsed.format) {
            // The format of a fetched asset is a parameter of the transformation.
            (DeliveryType::Fetch, Some(format))
                if options.get("fetch_format").is_none_or(Json::is_null) =>
            {
                let mut options = options.clone();
                options.insert("fetch_format".to_owned(), format.into());
                from_options(&options)?
            }
            _ => from_options(options)?,
        };
        self.build_url(public_id, parsed, &transformation)
    }

    /// Creates the URL of an asset from its public id, a [`Transformation`] and
    /// options. Transformation options, such as `width`, are ignored without a
    /// warning.
    ///
    /// The `format` of a fetched asset is added to the transformation, unless the
    /// transformation already sets a format.
    ///
    /// # Errors
    ///
    /// - Inputs that are invalid for [`url`](Self::url).
    pub fn url_with_transformation(
        &self,
        public_id: &str,
        transformation: &Transformation,
        options: &Map<String, Json>,
    ) -> Result<SdkUrl, SdkError> {
        let options = Options::parse(options, &self.settings)?;
        match (&options.delivery_type, options.format) {
            (DeliveryType::Fetch, Some(format)) if !has_format(transformation) => {
                let steps = transformation.as_str();
                let parameters = [("fetch_format", format), ("raw_transformation", steps)]
                    .into_iter()
                    .map(|(option, text)| (option.to_owned(), text.into()))
                    .collect();
                let transformation = from_options(&parameters)?;
                self.build_url(public_id, options, &transformation)
            }
            _ => self.build_url(public_id, options, transformation),
        }
    }

    /// Creates the URL of an asset from its public id, a transformation as it is written
    /// in a URL, and options, like
    /// [`url_with_transformation`](Self::url_with_transformation).
    ///
    /// The SDKs do not check the parameters of a transformation. If the transformation
    /// has an empty parameter, the URL is created, and a warning names its position.
    ///
    /// ```
    /// use serde_json::json;
    /// use url_signer::cloudinary::sdk::Sdk;
    ///
    /// let sdk: Sdk = "cloudinary://key:abcd@demo".parse()?;
    /// let url = sdk.url_with_raw_transformation("sample", "l_banana,/fl_layer_apply", &Default::default())?;
    /// assert_eq!(
    ///     url.as_str(),
    ///     "https://res.cloudinary.com/demo/image/upload/l_banana,/fl_layer_apply/sample",
    /// );
    /// assert_eq!(
    ///     url.warnings()[0].to_string(),
    ///     "empty parameter at byte 9 of the transformation; Cloudinary rejects the URL",
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - Inputs that are invalid for [`url`](Self::url).
    pub fn url_with_raw_transformation(
        &self,
        public_id: &str,
        transformation: &str,
        options: &Map<String, Json>,
    ) -> Result<SdkUrl, SdkError> {
        let transformation = Transformation::with_empty_parameters(transformation)?;
        self.url_with_transformation(public_id, &transformation, options)
    }

    fn build_url(
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
                return Err(SdkError::InvalidRemoteUrl);
            }
            if signs {
                warnings.push(SdkWarning::SignUrlIgnored);
            }
            let text = public_id.to_owned();
            return Ok(SdkUrl { text, warnings });
        }

        if let Some(position) = empty_parameter(transformation.as_str()) {
            warnings.push(SdkWarning::EmptyParameter { position });
        }
        let (source, remote) = encode_source(public_id)?;
        if !remote && let Some((position, folder)) = version_folder(public_id) {
            let folder = folder.into_owned();
            warnings.push(SdkWarning::VersionFolder { folder, position });
        }
        if delivery_type == DeliveryType::Fetch {
            if !remote {
                warnings.push(SdkWarning::FetchWithoutUrl);
            }
            // The transformation contains the format.
            format = None;
        } else if remote && format.take().is_some() {
            warnings.push(SdkWarning::FormatIgnored);
        }
        let mut asset =
            Asset::from_encoded(source, delivery_type)?.with_resource_type(resource_type);
        if let Some(format) = format {
            asset = asset.with_extension(format)?;
        }
        if let Some(version) = version {
            asset = asset.with_version(version);
        }

        let token = (!settings.token.is_empty()).then_some(&settings.token);
        if token.is_some() && !signs {
            warnings.push(SdkWarning::TokenWithoutSignUrl);
        }
        let token = token.filter(|_| signs);
        let keeps_signature = settings.token.set_url_signature.unwrap_or(false);
        let has_signature = signs && (token.is_none() || keeps_signature);
        if signs && !has_signature {
            warnings.push(SdkWarning::SignatureReplacedByToken);
        }
        let secret = match settings.api_secret.clone() {
            Some(secret) => secret,
            None if has_signature => return Err(CloudError::MissingSecret.into()),
            // This secret signs nothing.
            None => Secret::new("unsigned").map_err(|_| CloudError::MissingSecret)?,
        };
        let cloud = settings
            .to_cloud(secret)?
            .with_path_encoding(self.path_encoding_of(public_id));
        let mut delivery = cloud.delivery(&asset, transformation);
        if let Some(suffix) = url_suffix {
            if remote {
                let delivery_type = asset.delivery_type().clone();
                return Err(DeliveryError::SuffixUnsupported(resource_type, delivery_type).into());
            }
            delivery = delivery.with_any_suffix(suffix)?;
            if version.is_none() && asset.is_named_like_version() {
                let folder = public_id.to_owned();
                let position = 0;
                warnings.push(SdkWarning::VersionFolder { folder, position });
            }
        }
        if settings.use_root_path.unwrap_or(false) {
            delivery = delivery.with_root_path()?;
        }
        let mut url = if has_signature {
            delivery.sign()
        } else {
            SignedUrl::new(delivery, None, None)
        };
        if let Some(token) = token {
            // The cloud was created from these settings.
            let tokens = cloud.token_defaults().ok_or(SdkError::TokenWithoutKey)?;
            let claims = token
                .claims(self.now)
                .ok_or(SdkError::TokenWithoutExpiration)?;
            let path = url.path();
            url = url.with_token(tokens.signer().sign(&claims, tokens.scope(&path)));
        }
        let text = url.to_string();
        Ok(SdkUrl { text, warnings })
    }
}

impl Sdk {
    /// The form in which the SDK signs the path of a public id. A public id that is given
    /// percent-encoded is its own raw form.
    fn path_encoding_of(&self, public_id: &str) -> PathEncoding {
        let is_encoded = || !percent_decode_str(public_id).eq(public_id.bytes());
        match self.path_encoding {
            PathEncoding::Raw if is_encoded() => PathEncoding::Encoded,
            path_encoding => path_encoding,
        }
    }
}

fn has_format(transformation: &Transformation) -> bool {
    let mut parameters = transformation.as_str().split(['/', ',']);
    parameters.any(|parameter| parameter.starts_with("f_"))
}

/// Returns the percent-encoded source, and whether it is a URL.
fn encode_source(public_id: &str) -> Result<(String, bool), AssetError> {
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

use std::fmt;

use url::Url;

use super::parameter_value::ParameterValue;
use super::parameters::ApiParameters;
use super::signed_parameters::SignedParameters;
use super::signer::ApiSigner;
use super::upload_pairs::pair;
use crate::cloudinary::path::types::{DeliveryType, ResourceType};
use crate::cloudinary::transformation::chain::Transformation;
use crate::error::ParseError;

/// The time for which Cloudinary accepts the signature of an upload.
const LIFETIME: i64 = 3600;

/// A builder of an [`UploadForm`], created by [`ApiSigner::upload_form`].
///
/// Debug shows only the names of the parameters.
#[derive(Clone, Debug)]
#[must_use = "call `sign` to create the form"]
pub struct UploadFormBuilder<'a> {
    signer: ApiSigner<'a>,
    resource_type: &'static str,
    now: i64,
    parameters: ApiParameters,
}

impl<'a> ApiSigner<'a> {
    /// Creates a form with which a browser or an app uploads one file directly to
    /// Cloudinary.
    ///
    /// `now` is the current time in Unix seconds. Cloudinary accepts the form for one
    /// hour, for any number of files.
    ///
    /// The signature covers the parameters, but not the URL. A client can send the form to
    /// the URL of another resource type. [`allowed_formats`] is signed.
    ///
    /// [`allowed_formats`]: UploadFormBuilder::allowed_formats
    ///
    /// ```
    /// use url_signer::cloudinary::{Cloud, DeliveryType, Size, Transformation};
    ///
    /// let cloud: Cloud = "cloudinary://key:abcd@demo".parse()?;
    /// let form = cloud
    ///     .api()?
    ///     .upload_form(1_700_000_000)
    ///     .delivery_type(DeliveryType::Authenticated)
    ///     .eager(&Transformation::new().fit(Size::width(300)))
    ///     .notification_url("https://example.org/api/v1/cloudinary")
    ///     .colors()
    ///     .sign();
    /// assert_eq!(form.url(), "https://api.cloudinary.com/v1_1/demo/auto/upload");
    /// assert_eq!(form.expires_at(), 1_700_003_600);
    /// for (name, value) in form.parameters().pairs() {
    ///     println!("{name}: {value}");
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn upload_form(self, now: i64) -> UploadFormBuilder<'a> {
        let mut parameters = ApiParameters::new();
        parameters.set("timestamp", now);
        UploadFormBuilder {
            signer: self,
            resource_type: "auto",
            now,
            parameters,
        }
    }
}

impl UploadFormBuilder<'_> {
    /// Sets the resource type. By default, Cloudinary detects it: `auto`.
    ///
    /// The resource type is part of the URL and not signed.
    pub fn resource_type(mut self, resource_type: ResourceType) -> Self {
        self.resource_type = resource_type.as_str();
        self
    }

    /// Sets the delivery type: `upload`, `private` or `authenticated`.
    pub fn delivery_type(self, delivery_type: DeliveryType) -> Self {
        self.set("type", delivery_type)
    }

    /// Sets the public id. By default, Cloudinary chooses one.
    pub fn public_id(self, public_id: &str) -> Self {
        self.set("public_id", public_id)
    }

    /// Sets the folder of the file.
    pub fn folder(self, folder: &str) -> Self {
        self.set("folder", folder)
    }

    /// Sets the upload preset, a set of parameters that is stored at Cloudinary.
    pub fn upload_preset(self, name: &str) -> Self {
        self.set("upload_preset", name)
    }

    /// Sets the URL of the webhook that reports the stored file.
    pub fn notification_url(self, url: &str) -> Self {
        self.set("notification_url", url)
    }

    /// Sets a transformation that Cloudinary applies before it stores the file.
    pub fn transformation(self, transformation: &Transformation) -> Self {
        self.set("transformation", transformation.as_str())
    }

    /// Adds a transformation that Cloudinary applies right after the upload, instead of
    /// on the first delivery.
    pub fn eager(mut self, transformation: &Transformation) -> Self {
        self.parameters
            .append("eager", '|', transformation.as_str());
        self
    }

    /// Adds an eager transformation to another format, such as `webp`.
    ///
    /// # Errors
    ///
    /// - A format with characters other than ASCII letters and digits.
    pub fn eager_as(
        mut self,
        transformation: &Transformation,
        format: &str,
    ) -> Result<Self, ParseError> {
        check_format(format)?;
        let eager = format!("{}/{format}", transformation.as_str());
        self.parameters.append("eager", '|', &eager);
        Ok(self)
    }

    /// Adds tags.
    ///
    /// # Errors
    ///
    /// - A tag with `,`, which separates tags.
    pub fn tags<T: AsRef<str>>(
        mut self,
        tags: impl IntoIterator<Item = T>,
    ) -> Result<Self, ParseError> {
        for tag in tags {
            let tag = tag.as_ref();
            if tag.contains(',') {
                return Err(ParseError::new("tag", "`,` is not allowed"));
            }
            self.parameters.append("tags", ',', tag);
        }
        Ok(self)
    }

    /// Adds formats that are accepted. By default, all formats are accepted.
    ///
    /// # Errors
    ///
    /// - A format with characters other than ASCII letters and digits.
    pub fn allowed_formats<T: AsRef<str>>(
        mut self,
        formats: impl IntoIterator<Item = T>,
    ) -> Result<Self, ParseError> {
        for format in formats {
            check_format(format.as_ref())?;
            self.parameters
                .append("allowed_formats", ',', format.as_ref());
        }
        Ok(self)
    }

    /// Adds a pair of contextual metadata, such as `alt` and `caption`.
    ///
    /// As in the SDKs, `=` and `|` in a value are escaped, and a list becomes a JSON
    /// array.
    ///
    /// ```
    /// use url_signer::cloudinary::Cloud;
    ///
    /// let cloud: Cloud = "cloudinary://key:abcd@demo".parse()?;
    /// let form = cloud
    ///     .api()?
    ///     .upload_form(1_700_000_000)
    ///     .context("alt", "1+1=2")?
    ///     .context("caption", "Sums")?
    ///     .sign();
    /// let (name, value) = form.parameters().pairs().next().ok_or("no context")?;
    /// assert_eq!((&*name, &*value), ("context", r"alt=1+1\=2|caption=Sums"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - An empty key, and a key with `=`, `|` or `\`.
    /// - A value with `\` before `=`, before `|`, or at the end. The SDKs do not escape
    ///   `\`, so that the end of the value would be ambiguous.
    pub fn context(
        mut self,
        key: &str,
        value: impl Into<ParameterValue>,
    ) -> Result<Self, ParseError> {
        let pair = pair("context", key, &value.into())?;
        self.parameters.append("context", '|', &pair);
        Ok(self)
    }

    /// Adds the value of a structured metadata field, by the external id of the field.
    ///
    /// # Errors
    ///
    /// - Keys and values that [`context`](Self::context) rejects.
    pub fn metadata(
        mut self,
        external_id: &str,
        value: impl Into<ParameterValue>,
    ) -> Result<Self, ParseError> {
        let pair = pair("metadata", external_id, &value.into())?;
        self.parameters.append("metadata", '|', &pair);
        Ok(self)
    }

    /// Requests the predominant colors.
    pub fn colors(self) -> Self {
        self.set("colors", 1)
    }

    /// Requests the coordinates of faces.
    pub fn faces(self) -> Self {
        self.set("faces", 1)
    }

    /// Requests the metadata of the file, such as EXIF.
    pub fn image_metadata(self) -> Self {
        self.set("image_metadata", 1)
    }

    /// Requests the perceptual hash.
    pub fn phash(self) -> Self {
        self.set("phash", 1)
    }

    /// Sets any other parameter of Cloudinary's upload API, or replaces one.
    ///
    /// # Errors
    ///
    /// - A name that [`ApiParameters::insert`] rejects.
    /// - A parameter that a signature does not cover: `file`, `cloud_name`,
    ///   `resource_type`, `api_key` and `signature`.
    /// - The name `timestamp`.
    pub fn parameter(
        mut self,
        name: &str,
        value: impl Into<ParameterValue>,
    ) -> Result<Self, ParseError> {
        if name == "timestamp" {
            return Err(ParseError::new(
                "parameter name",
                "`timestamp` is an argument of `upload_form`",
            ));
        }
        self.parameters.insert_signed(name, value)?;
        Ok(self)
    }

    fn set(mut self, name: &'static str, value: impl Into<ParameterValue>) -> Self {
        self.parameters.set(name, value);
        self
    }

    /// Signs the form. The parameters are sorted by name.
    #[must_use]
    pub fn sign(mut self) -> UploadForm {
        self.parameters.sort_by_name();
        UploadForm {
            url: self
                .signer
                .url(format_args!("{}/upload", self.resource_type)),
            expires_at: self.now.saturating_add(LIFETIME),
            parameters: self.signer.sign(self.parameters),
        }
    }
}

fn check_format(format: &str) -> Result<(), ParseError> {
    if format.is_empty() || !format.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(ParseError::new(
            "format",
            "expected ASCII letters and digits",
        ));
    }
    Ok(())
}

/// A signed upload form: the URL and the fields with which a browser or an app uploads
/// one file.
///
/// The client sends the [`parameters`](Self::parameters) and the `file` as
/// `multipart/form-data` in a `POST` request to the [`url`](Self::url). With the feature
/// `serde`, `Serialize` writes `{"url":…,"expires_at":…,"params":{…}}`.
///
/// The form is a credential for one hour. Debug does not show its values.
#[derive(Clone)]
pub struct UploadForm {
    url: Url,
    expires_at: i64,
    parameters: SignedParameters,
}

impl UploadForm {
    /// Returns the URL: `https://api.cloudinary.com/v1_1/<cloud>/<type>/upload`.
    #[must_use]
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Returns the fields of the form.
    #[must_use]
    pub const fn parameters(&self) -> &SignedParameters {
        &self.parameters
    }

    /// Returns the time, in Unix seconds, from which Cloudinary rejects the form: one
    /// hour after the `timestamp`.
    #[must_use]
    pub const fn expires_at(&self) -> i64 {
        self.expires_at
    }
}

impl fmt::Debug for UploadForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadForm")
            .field("url", &self.url())
            .field("expires_at", &self.expires_at)
            .field("parameters", &self.parameters)
            .finish()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for UploadForm {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;

        let mut form = serializer.serialize_struct("UploadForm", 3)?;
        form.serialize_field("url", self.url())?;
        form.serialize_field("expires_at", &self.expires_at)?;
        form.serialize_field("params", &self.parameters)?;
        form.end()
    }
}

use super::download_url::DownloadUrl;
use super::parameter_value::ParameterValue;
use super::parameters::ApiParameters;
use super::signer::ApiSigner;
use crate::cloudinary::path::types::{DeliveryType, ResourceType};

const ORDER: &[&str] = &[
    "timestamp",
    "public_id",
    "format",
    "type",
    "attachment",
    "expires_at",
];

/// A builder of the [`DownloadUrl`] of one file, created by
/// [`ApiSigner::download_private`].
#[derive(Clone, Debug)]
#[must_use = "call `sign` to create the URL"]
pub struct PrivateDownload<'a> {
    signer: ApiSigner<'a>,
    resource_type: ResourceType,
    parameters: ApiParameters,
}

impl<'a> ApiSigner<'a> {
    /// Creates a URL that downloads the original of a file, also of a private or an
    /// authenticated one.
    ///
    /// The public id is written as Cloudinary stores it, without percent-encoding. `now`
    /// is the current time in Unix seconds. Without
    /// [`expires_at`](PrivateDownload::expires_at), the URL is valid for one hour.
    ///
    /// ```
    /// use url_signer::cloudinary::{Cloud, DeliveryType};
    ///
    /// let cloud: Cloud = "cloudinary://key:abcd@demo".parse()?;
    /// let url = cloud
    ///     .api()?
    ///     .download_private("albums/7/photo", 1_700_000_000)
    ///     .format("jpg")
    ///     .delivery_type(DeliveryType::Private)
    ///     .expires_at(1_700_000_600)
    ///     .sign();
    /// assert!(url.to_string().starts_with(
    ///     "https://api.cloudinary.com/v1_1/demo/image/download?timestamp=1700000000\
    ///      &public_id=albums%2F7%2Fphoto&format=jpg&type=private&expires_at=1700000600"
    /// ));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn download_private(self, public_id: &str, now: i64) -> PrivateDownload<'a> {
        let mut parameters = ApiParameters::new();
        parameters.set("timestamp", now);
        parameters.set("public_id", public_id);
        PrivateDownload {
            signer: self,
            resource_type: ResourceType::Image,
            parameters,
        }
    }
}

impl PrivateDownload<'_> {
    /// Sets the resource type. The default is an image.
    pub fn resource_type(mut self, resource_type: ResourceType) -> Self {
        self.resource_type = resource_type;
        self
    }

    /// Sets the format, such as `jpg`. Files of the resource type `raw` have none.
    pub fn format(self, format: &str) -> Self {
        self.set("format", format)
    }

    /// Sets the delivery type. Without it, Cloudinary expects the type `upload`.
    pub fn delivery_type(self, delivery_type: DeliveryType) -> Self {
        self.set("type", delivery_type)
    }

    /// Saves the file instead of showing it in the browser. The value is `true`, or the
    /// name of the saved file.
    pub fn attachment(self, attachment: impl Into<ParameterValue>) -> Self {
        self.set("attachment", attachment)
    }

    /// Sets the time, in Unix seconds, from which the URL is invalid.
    pub fn expires_at(self, unix_seconds: i64) -> Self {
        self.set("expires_at", unix_seconds)
    }

    fn set(mut self, name: &'static str, value: impl Into<ParameterValue>) -> Self {
        self.parameters.set(name, value);
        self
    }

    /// Signs the URL.
    #[must_use]
    pub fn sign(self) -> DownloadUrl {
        let path = format_args!("{}/download", self.resource_type);
        DownloadUrl::new(self.signer, path, self.parameters, ORDER)
    }
}

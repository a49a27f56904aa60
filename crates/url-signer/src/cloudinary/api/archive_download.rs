use super::archive_type::{ArchiveFormat, ArchiveResourceType};
use super::download_url::DownloadUrl;
use super::parameter_value::ParameterValue;
use super::parameters::ApiParameters;
use super::signer::ApiSigner;
use crate::cloudinary::path::types::{DeliveryType, ResourceType};
use crate::cloudinary::transformation::chain::Transformation;
use crate::error::ParseError;

const ORDER: &[&str] = &[
    "allow_missing",
    "async",
    "batch_id",
    "expires_at",
    "flatten_folders",
    "flatten_transformations",
    "keep_derived",
    "mode",
    "notification_url",
    "phash",
    "prefixes",
    "public_ids",
    "fully_qualified_public_ids",
    "skip_transformation_name",
    "tags",
    "target_format",
    "target_asset_folder",
    "target_public_id",
    "target_tags",
    "timestamp",
    "transformations",
    "type",
    "use_original_filename",
];

/// A builder of the [`DownloadUrl`] of an archive, created by
/// [`ApiSigner::download_archive`] and [`ApiSigner::download_folder`].
#[derive(Clone, Debug)]
#[must_use = "call `sign` to create the URL"]
pub struct ArchiveDownload<'a> {
    signer: ApiSigner<'a>,
    resource_type: ArchiveResourceType,
    parameters: ApiParameters,
}

impl<'a> ApiSigner<'a> {
    /// Creates a URL that creates and downloads an archive of several files.
    ///
    /// Select the files by public ids, tags or prefixes. `now` is the current time in
    /// Unix seconds. Without [`expires_at`](ArchiveDownload::expires_at), the URL is
    /// valid for one hour.
    ///
    /// ```
    /// use url_signer::cloudinary::Cloud;
    /// use url_signer::cloudinary::api::ArchiveFormat;
    ///
    /// let cloud: Cloud = "cloudinary://key:abcd@demo".parse()?;
    /// let url = cloud
    ///     .api()?
    ///     .download_archive(1_700_000_000)
    ///     .public_ids(["a", "b"])
    ///     .format(ArchiveFormat::Tgz)
    ///     .sign();
    /// assert!(url.to_string().starts_with(
    ///     "https://api.cloudinary.com/v1_1/demo/image/generate_archive?mode=download\
    ///      &public_ids%5B%5D=a&public_ids%5B%5D=b&target_format=tgz&timestamp=1700000000"
    /// ));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn download_archive(self, now: i64) -> ArchiveDownload<'a> {
        let mut parameters = ApiParameters::new();
        parameters.set("timestamp", now);
        parameters.set("mode", "download");
        ArchiveDownload {
            signer: self,
            resource_type: ResourceType::Image.into(),
            parameters,
        }
    }

    /// Creates a URL that downloads a folder as an archive: all files whose public ids
    /// start with the path of the folder, of all resource types.
    ///
    /// End the path with `/`. Otherwise, it also selects the files of folders with longer
    /// names.
    pub fn download_folder(self, path: &str, now: i64) -> ArchiveDownload<'a> {
        self.download_archive(now)
            .prefixes([path])
            .resource_type(ArchiveResourceType::All)
    }
}

impl ArchiveDownload<'_> {
    /// Sets the resource type of the files. The default is images.
    pub fn resource_type(mut self, resource_type: impl Into<ArchiveResourceType>) -> Self {
        self.resource_type = resource_type.into();
        self
    }

    /// Sets the delivery type of the files.
    pub fn delivery_type(self, delivery_type: DeliveryType) -> Self {
        self.set("type", delivery_type)
    }

    /// Selects files by their public ids.
    pub fn public_ids<T: Into<String>>(self, ids: impl IntoIterator<Item = T>) -> Self {
        self.set_list("public_ids", ids)
    }

    /// Selects files of several types by `<resource type>/<delivery type>/<public id>`.
    /// This requires the resource type [`Auto`](ArchiveResourceType::Auto).
    pub fn fully_qualified_public_ids<T: Into<String>>(
        self,
        ids: impl IntoIterator<Item = T>,
    ) -> Self {
        self.set_list("fully_qualified_public_ids", ids)
    }

    /// Selects files by the starts of their public ids, such as folders.
    pub fn prefixes<T: Into<String>>(self, prefixes: impl IntoIterator<Item = T>) -> Self {
        self.set_list("prefixes", prefixes)
    }

    /// Selects files that have one of the tags.
    pub fn tags<T: Into<String>>(self, tags: impl IntoIterator<Item = T>) -> Self {
        self.set_list("tags", tags)
    }

    /// Adds a transformation. The archive contains the transformed files instead of the
    /// originals.
    pub fn transformation(mut self, transformation: &Transformation) -> Self {
        self.parameters
            .append("transformations", '|', transformation.as_str());
        self
    }

    /// Sets the format of the archive. The default is `zip`.
    pub fn format(self, format: ArchiveFormat) -> Self {
        self.set("target_format", format.as_str())
    }

    /// Sets the name of the archive.
    pub fn target_public_id(self, public_id: &str) -> Self {
        self.set("target_public_id", public_id)
    }

    /// Sets the time, in Unix seconds, from which the URL is invalid.
    pub fn expires_at(self, unix_seconds: i64) -> Self {
        self.set("expires_at", unix_seconds)
    }

    /// Stores all files in the root of the archive, without folders.
    pub fn flatten_folders(self) -> Self {
        self.set("flatten_folders", 1)
    }

    /// Stores transformed files in one folder, with the transformation in the file name.
    pub fn flatten_transformations(self) -> Self {
        self.set("flatten_transformations", 1)
    }

    /// Omits the transformation from the names of transformed files.
    pub fn skip_transformation_name(self) -> Self {
        self.set("skip_transformation_name", 1)
    }

    /// Names files as they were named on upload, instead of by their public ids.
    pub fn use_original_filename(self) -> Self {
        self.set("use_original_filename", 1)
    }

    /// Creates the archive even if some of the public ids do not exist.
    pub fn allow_missing(self) -> Self {
        self.set("allow_missing", 1)
    }

    /// Sets any other parameter of Cloudinary's archive API, or replaces one.
    ///
    /// # Errors
    ///
    /// - A name that [`ApiParameters::insert`] rejects.
    /// - A parameter that a signature does not cover: `file`, `cloud_name`,
    ///   `resource_type`, `api_key` and `signature`.
    /// - The names `timestamp` and `mode`, which the constructors set.
    pub fn parameter(
        mut self,
        name: &str,
        value: impl Into<ParameterValue>,
    ) -> Result<Self, ParseError> {
        if matches!(name, "timestamp" | "mode") {
            return Err(ParseError::new(
                "parameter name",
                "`timestamp` and `mode` are set by the constructor",
            ));
        }
        self.parameters.insert_signed(name, value)?;
        Ok(self)
    }

    fn set(mut self, name: &'static str, value: impl Into<ParameterValue>) -> Self {
        self.parameters.set(name, value);
        self
    }

    fn set_list<T: Into<String>>(
        self,
        name: &'static str,
        items: impl IntoIterator<Item = T>,
    ) -> Self {
        self.set(name, items.into_iter().collect::<ParameterValue>())
    }

    /// Signs the URL.
    #[must_use]
    pub fn sign(self) -> DownloadUrl {
        let path = format_args!("{}/generate_archive", self.resource_type);
        DownloadUrl::new(self.signer, path, self.parameters, ORDER)
    }
}

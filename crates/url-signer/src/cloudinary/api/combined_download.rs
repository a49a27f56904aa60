use super::download_url::DownloadUrl;
use super::parameter_value::ParameterValue;
use super::parameters::ApiParameters;
use super::signer::ApiSigner;
use crate::cloudinary::transformation::chain::Transformation;

const ORDER: &[&str] = &["mode", "timestamp", "tag", "urls", "transformation"];

/// The images that are combined into one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Images<'a> {
    /// All images with a tag.
    Tag(&'a str),
    /// The images at URLs.
    Urls(&'a [&'a str]),
}

/// A builder of the [`DownloadUrl`] of several images in one file, created by
/// [`ApiSigner::download_sprite`] and [`ApiSigner::download_multi`].
#[derive(Clone, Debug)]
#[must_use = "call `sign` to create the URL"]
pub struct CombinedDownload<'a> {
    signer: ApiSigner<'a>,
    action: &'static str,
    parameters: ApiParameters,
}

impl<'a> ApiSigner<'a> {
    /// Creates a URL that downloads images as one sprite. `now` is the current time in
    /// Unix seconds.
    ///
    /// ```
    /// use url_signer::cloudinary::api::Images;
    /// use url_signer::cloudinary::Cloud;
    ///
    /// let cloud: Cloud = "cloudinary://key:abcd@demo".parse()?;
    /// let url = cloud.api()?.download_sprite(Images::Tag("logo"), 1_700_000_000).sign();
    /// assert!(url.to_string().starts_with(
    ///     "https://api.cloudinary.com/v1_1/demo/image/sprite?mode=download\
    ///      &timestamp=1700000000&tag=logo"
    /// ));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn download_sprite(self, images: Images<'_>, now: i64) -> CombinedDownload<'a> {
        self.download_combined("sprite", images, now)
    }

    /// Creates a URL that downloads images as one animation, video or PDF. `now` is the
    /// current time in Unix seconds.
    pub fn download_multi(self, images: Images<'_>, now: i64) -> CombinedDownload<'a> {
        self.download_combined("multi", images, now)
    }

    fn download_combined(
        self,
        action: &'static str,
        images: Images<'_>,
        now: i64,
    ) -> CombinedDownload<'a> {
        let mut parameters = ApiParameters::new();
        parameters.set("mode", "download");
        parameters.set("timestamp", now);
        match images {
            Images::Tag(tag) => parameters.set("tag", tag),
            Images::Urls(urls) => parameters.set("urls", ParameterValue::from(urls)),
        }
        CombinedDownload {
            signer: self,
            action,
            parameters,
        }
    }
}

impl CombinedDownload<'_> {
    /// Sets the transformation of the images. A step `f_<format>` sets the format of the
    /// file.
    pub fn transformation(mut self, transformation: &Transformation) -> Self {
        self.parameters
            .set("transformation", transformation.as_str());
        self
    }

    /// Signs the URL.
    #[must_use]
    pub fn sign(self) -> DownloadUrl {
        let path = format_args!("image/{}", self.action);
        DownloadUrl::new(self.signer, path, self.parameters, ORDER)
    }
}

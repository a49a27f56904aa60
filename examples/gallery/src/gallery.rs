//! The settings of the gallery, and its redirects.

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode, header};
use sync_payload::ImageSigner;
use thiserror::Error;
use url_signer::{Authority, ProxySigner, ThumbnailName, ThumbnailSigner, VerifiedThumbnail};

use crate::images::{Entry, Images};

/// The settings of a [`Gallery`].
#[derive(Clone, Debug)]
pub struct GallerySettings {
    /// The name of the account.
    pub cloud_name: String,
    /// Signs the URLs of the pictures on the pages. It has no prefix.
    pub signer: ImageSigner,
    /// Signs the URLs in the JSON of an image, as the host does for its clients.
    pub json_signer: ImageSigner,
    /// Verifies the proxy URLs of `signer`.
    pub proxy: ProxySigner,
    /// Verifies the thumbnail paths in the proxy URLs.
    pub thumbnails: ThumbnailSigner,
    /// The host name and port of the pages.
    pub authority: Authority,
    /// The host name and port of the delivery network.
    pub delivery: Authority,
    /// A remark about the pictures, shown on each page.
    pub note: Option<String>,
}

impl GallerySettings {
    /// Verifies a proxy URL of the pages, and returns the thumbnail that it names.
    pub(crate) fn thumbnail(&self, url: &str) -> Option<VerifiedThumbnail> {
        let request = self.proxy.verify(url).ok()?;
        self.thumbnails.verify(request.path()).ok()
    }

    /// Returns the delivery URL of a thumbnail.
    pub(crate) fn delivery_url(&self, entry: &Entry, name: ThumbnailName) -> Option<String> {
        let url = self
            .signer
            .thumbnail(&entry.image, entry.asset.as_ref(), name)?;
        Some(url.to_string())
    }
}

/// An authority that cannot be a source of a content security policy.
#[derive(Clone, Debug, Error)]
#[error(
    "`{0}` cannot be a source of a content security policy; use an IPv4 address or a host name"
)]
pub struct SettingsError(String);

/// The pages of a user's images.
#[derive(Debug)]
pub struct Gallery<I> {
    pub(crate) settings: GallerySettings,
    pub(crate) images: I,
    /// The headers of each response.
    pub(crate) headers: [(HeaderName, HeaderValue); 7],
}

impl<I: Images> Gallery<I> {
    /// Creates the gallery.
    ///
    /// # Errors
    ///
    /// - An authority with an IPv6 address, which a content security policy cannot contain.
    pub fn new(settings: GallerySettings, images: I) -> Result<Arc<Self>, SettingsError> {
        let headers = headers(&settings)?;
        Ok(Arc::new(Self {
            settings,
            images,
            headers,
        }))
    }

    /// Returns the redirect of a proxy URL of this gallery to the delivery network, or
    /// `None` if it is not a valid proxy URL of an image.
    ///
    /// `target` is the path and the query of the request.
    pub async fn redirect_proxy_url(&self, target: &str) -> Option<Response> {
        let thumbnail = self.settings.thumbnail(target)?;
        let entry = match self.images.image(thumbnail.image_id).await {
            Ok(entry) => entry?,
            Err(error) => return Some(self.failed(&error)),
        };
        let url = self.settings.delivery_url(&entry, thumbnail.name)?;
        let location = HeaderValue::try_from(url).ok()?;
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::FOUND;
        let headers = response.headers_mut();
        headers.insert(header::LOCATION, location);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Some(response)
    }
}

fn headers(settings: &GallerySettings) -> Result<[(HeaderName, HeaderValue); 7], SettingsError> {
    for authority in [&settings.authority, &settings.delivery] {
        if authority.as_str().starts_with('[') {
            return Err(SettingsError(authority.as_str().to_owned()));
        }
    }
    // A proxy URL redirects a picture from one host to the other.
    let hosts = format!(
        "'self' http://{} http://{}",
        settings.authority.as_str(),
        settings.delivery.as_str()
    );
    let policy = format!(
        "default-src 'none'; img-src {hosts}; connect-src {hosts}; form-action {hosts}; \
         style-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    let policy = HeaderValue::try_from(&policy).map_err(|_| SettingsError(hosts))?;
    let fixed = HeaderValue::from_static;
    Ok([
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, fixed("no-store")),
        (header::REFERRER_POLICY, fixed("no-referrer")),
        (header::X_CONTENT_TYPE_OPTIONS, fixed("nosniff")),
        (header::X_FRAME_OPTIONS, fixed("DENY")),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            fixed("same-origin"),
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            fixed("same-origin"),
        ),
    ])
}
